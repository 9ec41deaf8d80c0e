"""Garbage waits until the program is loaded, and what was loaded is not looked through again."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from console.start.garbage import GuiThreadCollector


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[GuiThreadCollector]:
    made = GuiThreadCollector(qapp)
    yield made
    made.stop()
    made.deleteLater()


def collections() -> int:
    return sum(int(generation["collections"]) for generation in gc.get_stats())


def test_nothing_is_collected_before_the_program_is_loaded_and_then_once(collector: GuiThreadCollector) -> None:
    before = collections()
    assert not collector._timer.isActive()
    kept = [[] for _ in range(5000)]  # more than any threshold
    assert collections() == before
    frozen = gc.get_freeze_count()
    collector.settle()
    # What is there stays, and is out of the way of every later look.
    assert gc.get_freeze_count() > frozen + len(kept)
    assert collections() == before + 1
    collector.settle()
    assert collections() == before + 1
    assert collector._timer.isActive()


def test_what_dies_later_is_collected(collector: GuiThreadCollector) -> None:
    collector.settle()
    before = collections()
    more = [[] for _ in range(5000)]
    collector.look()
    assert collections() == before + 1
    assert more


def test_everything_is_collected_again_after_the_end(qapp: QApplication) -> None:
    made = GuiThreadCollector(qapp)
    made.settle()
    made.stop()
    made.deleteLater()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    assert not made._timer.isActive()
