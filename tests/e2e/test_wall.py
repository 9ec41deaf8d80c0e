"""The wall as a process of its own: nothing about anybody reaches it, and no login but a viewer's opens it."""

import asyncio
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console.start import app as program
from console.start import wall_seat
from console.start.app import Console
from console.start.keeping import BEAT
from console.start.settings import Settings
from console.start.source import Preparation, ReadyRecord, Told
from console.views.desk.layout import LayoutMemory
from console.views.wall.page import WallPage
from console.views.window.waiting import WaitingPage
from db.errors import NotAllowed
from tests.cluster import LOGINS, Record, run
from tests.db.psql import psql_on
from tests.gui.desks import Runs, eventually, qt_loop

__all__ = ["qt_loop"]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 10.0
MARK = "Zq7marked"
"""Stands in everything that is about somebody."""
PERSONAL = (
    "patient_name",
    "location_text",
    "access_note",
    "caller",
    "call_back",
    "narrative",
    "ems_callsign",
    "nhs_number",
)
BESIDE = ("note", "log", "waiting_party", "to_party")


async def _somebody(record: Record) -> str:
    async with psql_on(record, tuple(LOGINS)) as psql:
        given = {column: f"{MARK} {column}" for column in PERSONAL}
        party = {"waiting_party": f"{MARK} waiting_party", "source": "professional"}
        made = await psql.take(**given, **party, postcode="NN189ND", priority="P1")
        await psql.shah.execute(
            "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party) VALUES ($1, 2, $2, $2)",
            made,
            f"{MARK} to_party",
        )
        await psql.shah.execute(
            "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', $2)", made, f"{MARK} note"
        )
        await psql.shah.execute(
            "INSERT INTO cru.shift_log (words, referral_id, pass_on) VALUES ($1, $2, true)", f"{MARK} log", made
        )
        reference: str = (await psql.read("referral", made))["reference"]
        return reference


@contextmanager
def opened(record: Record, login: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    url = record.url(login).render_as_string(hide_password=False)
    env = os.environ | {
        "CRU_DATABASE_URL": url,
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "CRU_SETTINGS_FILE": "",
    }
    command = [sys.executable, "main.py", "--data-dir", str(folder / "data"), "wall", "--once"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            process.kill()


def still_runs(process: subprocess.Popen[str], within: float = 1.0) -> bool:
    """Give it a moment; its memory tells nobody when it changes."""
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        return True
    return False


def holds(pid: int | str, *words: str) -> set[str]:
    """Which of some words stand anywhere in a process's memory, as it keeps its own text or as Qt does."""
    found: set[str] = set()
    wanted = {form: word for word in words for form in (word.encode(), word.encode("utf-16-le"))}
    pattern = re.compile(b"|".join(re.escape(form) for form in wanted))
    of = Path("/proc") / str(pid)
    with (of / "maps").open() as maps, (of / "mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(edge, 16) for edge in span.split("-"))
            with suppress(OSError, ValueError, OverflowError):
                memory.seek(start)
                found |= {wanted[hit] for hit in pattern.findall(memory.read(end - start))}
    return found


@pytest.mark.hazard("H-054")
def test_nothing_about_anybody_reaches_the_process_of_the_wall(record: Record, tmp_path: Path) -> None:
    if not Path("/proc/self/mem").exists():
        pytest.skip("no way to look into a process here")
    reference = run(_somebody(record))
    assert MARK in holds("self", MARK), "who looks sees it where it is"
    with opened(record, "w.wall", tmp_path) as process:
        end = time.monotonic() + 120
        while reference not in holds(process.pid, reference):
            assert still_runs(process), "the wall ended"
            assert time.monotonic() < end, "the wall never showed the referral"
        assert holds(process.pid, *(f"{MARK} {name}" for name in (*PERSONAL, *BESIDE))) == set()
        assert holds(process.pid, MARK) == set()
        assert process.stdout is not None
        assert process.stdout.readline() == "beat\n"


@pytest.mark.hazard("H-086")
def test_a_login_that_may_read_more_is_turned_away(record: Record, tmp_path: Path) -> None:
    reference = run(_somebody(record))
    with opened(record, "a.shah", tmp_path) as process:
        end = time.monotonic() + 120
        while "may read more than a wall shows" not in holds(process.pid, "may read more than a wall shows"):
            assert still_runs(process), "it says why, and stays to be read"
            assert time.monotonic() < end
        assert holds(process.pid, reference) == set()


@pytest.fixture
def console(qapp: QApplication, tmp_path: Path) -> Console:
    """The wall's program, in this process."""
    return Console(qapp, Settings(data_dir=tmp_path, wall=True), LayoutMemory(tmp_path))


def test_it_fills_the_screen_shows_that_it_lives_and_is_told_the_services_past(
    console: Console,
    record: Record,
    qt_loop: Runs,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(wall_seat, "BEAT_EACH", 0.05)
    left: list[str] = []

    async def close() -> None:
        left.append("in order")

    async def begin(_told: Told) -> ReadyRecord:
        return ReadyRecord(record.url("w.wall"), close=close)

    async def close_when_told() -> int:
        living = asyncio.ensure_future(console.live(None, Preparation("The wall", begin), time.monotonic() + 600))
        await eventually(lambda: isinstance(console.window.centralWidget(), WallPage))
        page = console.window.centralWidget()
        assert isinstance(page, WallPage)
        desk = page._desk
        await eventually(lambda: desk.foresight.known(desk.store, desk.clock.now()) is not None)
        assert console.window.isFullScreen()
        await eventually(lambda: BEAT in capsys.readouterr().out)
        console.window.close()
        return await living

    assert qt_loop(close_when_told()) == 0
    assert left == ["in order"]


@pytest.mark.hazard("H-086")
def test_whoever_may_read_more_is_told_so_and_it_tries_again_by_itself(
    console: Console,
    record: Record,
    qt_loop: Runs,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(program, "WALL_TRIES_EACH", 0.05)

    async def close_when_tried_again() -> int:
        living = asyncio.ensure_future(console.live(record.url("a.shah"), None, time.monotonic() + 600))
        await eventually(lambda: caplog.text.count("the wall tries again") >= 2)
        page = console.window.centralWidget()
        assert isinstance(page, WaitingPage)
        await eventually(page.failure)
        assert page.failure().startswith("This login may read more than a wall shows.")
        console.window.close()
        return await living

    with pytest.raises(NotAllowed, match="may read more"):
        qt_loop(close_when_tried_again())
