"""The command line: a key press until the preview is painted, beside reading the line alone."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.live.etas import Etas
from console.live.geography import Geography
from console.start.key_card import shipped_words
from console.views.command.line import CommandLine
from console.views.command.world import Worlds
from db.domain.command_line import parse
from tests.bench.table import ms, percentile, row
from tests.bench.test_bench_board import desk_of, referrals
from tests.gui.desks import qt_loop, stage
from tests.unit.board_records import reference, van
from tests.unit.shipped_tools import first_tool

__all__ = ["qt_loop", "stage"]
pytestmark = pytest.mark.bench
MANY = 300
TYPED = ("alloc cru3 44 side door please", "v3 os 0331 at the gate", "hold 44 till 0415 call back", "44 cru3")


@pytest.mark.usefixtures("qt_loop")  # the ranking's tasks need one
def test_bench_key_press_to_preview(stage: QWidget, tmp_path: Path) -> None:
    desk = desk_of(referrals(MANY))
    desk.store.set_reference(replace(reference(), tools={1: first_tool()}, command_words=shipped_words()))
    desk.store.put({"van": [van(f"CRU{number}") for number in range(1, 9)]})
    geography = Geography(None, tmp_path, desk.clock)
    line = CommandLine(desk, Etas(desk.store, geography, desk.clock, stage), geography, lambda: None, stage)
    line.open()
    QApplication.processEvents()
    pressed, read, worlds = [], [], Worlds(desk, stage)
    worlds.now(None)
    for text in TYPED:
        line.edit.clear()
        for at, letter in enumerate(text):
            begun = time.perf_counter()
            QTest.keyClicks(line.edit, letter)
            QApplication.processEvents()
            pressed.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            parse(text[: at + 1], worlds.now(None))
            read.append(time.perf_counter() - begun)
    told = f"{ms(percentile(pressed, 50))}, 95th {ms(percentile(pressed, 95))}"
    row(f"key press to preview, {MANY} referrals live", told, "16 ms", f"reading alone {ms(percentile(read, 50))}")
    assert percentile(pressed, 50) < 0.016
