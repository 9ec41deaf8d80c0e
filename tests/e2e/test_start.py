"""A start that fails, hangs or is given up: the window and ``--run-for`` tell the truth, and in time."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from console.live.store import LinkState
from console.start.app import Console
from console.start.settings import Settings
from console.start.source import Preparation, ReadyRecord, Told
from console.views.desk.layout import LayoutMemory
from console.views.desk.note import QuietNote
from console.views.desk.page import DeskPage
from console.views.window.waiting import WaitingPage
from db.addresses import read_url
from db.errors import Conflict, RecordError, Unavailable
from tests.cluster import Record
from tests.gui.desks import Runs, eventually, qt_loop
from tests.sampled import some

__all__ = ["qt_loop"]
ROOT = Path(__file__).resolve().parents[2]
PROMPTLY = 1.5
LOADED_MACHINE = 20.0
"""Seconds that Python, Qt and the end of both may take beside other work."""
LONG = 600


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def console(qapp: QApplication, tmp_path: Path) -> Console:
    return Console(qapp, Settings(data_dir=tmp_path), LayoutMemory(tmp_path))


def practise(port: int, folder: Path, *more: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """What a practice shift beside the server on a port ends with, and after how many seconds."""
    server = f"postgresql://owner:secret@127.0.0.1:{port}/cru"
    command = [sys.executable, "main.py", "--data-dir", str(folder), "exercise", "--server", server, *more]
    begun = time.monotonic()
    # In these words Qt's offscreen plugin passes for a screen that somebody looks at.
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen:"}
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    return ended, time.monotonic() - begun


@pytest.mark.parametrize(("seconds", "more"), [(4, ()), (2, ("--no-window",))], ids=["window", "no window"])
@pytest.mark.parametrize("server", some(["deaf", "silent"], 2))
def test_a_shift_that_never_begins_ends_in_time_with_a_code_that_tells(
    server: str, seconds: int, more: tuple[str, ...], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    ended, took = practise(request.getfixturevalue(server), tmp_path, "--run-for", str(seconds), *more)
    assert ended.returncode in {1, 2}
    assert took < seconds + LOADED_MACHINE
    assert "Traceback" not in ended.stderr
    assert more or "tries again" not in ended.stderr
    said = ended.stderr.strip().splitlines()[-1]
    assert said.endswith(".")
    if server == "silent":
        assert "when the time was over" in said


def test_closing_while_connecting_does_not_wait_for_the_answer(
    console: Console, silent: int, qt_loop: Runs
) -> None:
    async def close_early() -> float:
        living = asyncio.ensure_future(console.live(read_url(f"postgresql://a:b@127.0.0.1:{silent}/cru"), None))
        await eventually(console.window.isVisible)
        console.window.close()
        closed = time.monotonic()
        assert await living == 0
        return time.monotonic() - closed

    assert qt_loop(close_early()) < PROMPTLY


def test_the_time_is_over_while_it_still_connects(console: Console, silent: int, qt_loop: Runs) -> None:
    url = read_url(f"postgresql://a:b@127.0.0.1:{silent}/cru")
    with pytest.raises(Unavailable, match="not live when the time was over"):
        qt_loop(console.live(url, None, time.monotonic() + 0.5))


def test_a_time_that_was_over_before_the_window_came_is_over(console: Console, silent: int, qt_loop: Runs) -> None:
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        qt_loop(console.live(read_url(f"postgresql://a:b@127.0.0.1:{silent}/cru"), None, begun - 1))
    assert time.monotonic() - begun < PROMPTLY


def test_closed_at_the_sign_in_page_it_ends_with_the_reason(
    console: Console, record: Record, qt_loop: Runs
) -> None:
    def is_told() -> bool:
        return any(
            "password" in label.text() and label.isVisible() for label in console.window.findChildren(QLabel)
        )

    async def close_when_told() -> int:
        wrong = record.url("a.shah").set(password="wrong")
        living = asyncio.ensure_future(console.live(wrong, None, time.monotonic() + LONG))
        await eventually(is_told)
        console.window.close()
        return await living

    with pytest.raises(RecordError, match="password"):
        qt_loop(close_when_told())


# What the sound looks for on a machine that has no sound.
@pytest.mark.qt_log_ignore("Couldn't (load|resolve) ", "PulseAudioService", extend=True)
def test_a_board_that_was_live_ends_with_zero_and_what_follows_it_came(
    console: Console, record: Record, qt_loop: Runs, caplog: pytest.LogCaptureFixture
) -> None:
    def is_live() -> bool:
        page = console.window.centralWidget()
        return isinstance(page, DeskPage) and page.desk.store.link.state is LinkState.LIVE

    async def close_when_live() -> int:
        living = asyncio.ensure_future(console.live(record.url("a.shah"), None, time.monotonic() + LONG))
        await eventually(is_live)
        page = console.window.centralWidget()
        assert isinstance(page, DeskPage)
        await eventually(lambda: page.geography.places_ready)
        console.window.close()
        return await living

    assert qt_loop(close_when_live()) == 0
    # The form made ready, the sound, the windows of later: what failed of it would be said here alone.
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def shown(console: Console, kind: type[QWidget]) -> bool:
    return isinstance(console.window.centralWidget(), kind)


@pytest.mark.qt_log_ignore("Couldn't (load|resolve) ", "PulseAudioService", extend=True)
def test_while_a_shift_is_prepared_there_is_no_form_and_then_it_is_said_what_is_watched(
    console: Console, record: Record, qt_loop: Runs
) -> None:
    pages: list[tuple[QWidget, list[QLineEdit]]] = []

    async def begin(told: Told) -> ReadyRecord:
        told("Laying the table")
        page = console.window.centralWidget()
        pages.append((page, page.findChildren(QLineEdit)))
        return ReadyRecord(record.url("a.shah"), watched="You are watching paint dry.")

    async def practise_twice() -> int:
        living = asyncio.ensure_future(console.live(None, Preparation("Practice", begin), time.monotonic() + LONG))
        for note in ("You are watching paint dry.", ""):
            await eventually(lambda: shown(console, DeskPage))
            page = console.window.centralWidget()
            assert isinstance(page, DeskPage)
            assert page.findChild(QuietNote).text() == note
            await eventually(lambda page=page: page.desk.store.link.state is LinkState.LIVE)
            assert page.message.text() != note or not note
            if note:
                page.sign_out_wanted.emit()
                await eventually(lambda page=page: console.window.centralWidget() is not page)
        console.window.close()
        return await living

    assert qt_loop(practise_twice()) == 0
    assert len(pages) == 2
    assert all(fields == [] for _, fields in pages)


def test_a_preparation_that_fails_says_so_where_it_is_and_is_tried_again(console: Console, qt_loop: Runs) -> None:
    tried: list[str] = []

    async def begin(told: Told) -> ReadyRecord:
        told("Laying the table")
        tried.append("once more")
        raise Conflict("The table is taken.", "Ask for another.")

    async def try_twice() -> int:
        living = asyncio.ensure_future(console.live(None, Preparation("Practice", begin)))
        for count in (1, 2):
            await eventually(lambda count=count: len(tried) == count)
            page = console.window.centralWidget()
            assert isinstance(page, WaitingPage)
            await eventually(page.failure)
            assert page.failure() == "The table is taken. Ask for another."
            assert console.window.isVisible()
            if count == 1:
                page.wanted_again.emit()
        page.given_up.emit()
        return await living

    assert qt_loop(try_twice()) == 0


def test_a_preparation_that_is_given_up_ends_at_once(console: Console, qt_loop: Runs) -> None:
    ended: list[bool] = []

    async def begin(told: Told) -> ReadyRecord:
        told("Waiting for ever")
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append(True)
        raise AssertionError

    async def give_up() -> int:
        living = asyncio.ensure_future(console.live(None, Preparation("Practice", begin)))
        await eventually(lambda: shown(console, WaitingPage))
        page = console.window.centralWidget()
        assert isinstance(page, WaitingPage)
        await eventually(page.steps)
        page.given_up.emit()
        return await living

    assert qt_loop(give_up()) == 0
    assert ended == [True]


def test_the_window_comes_before_what_the_desk_needs() -> None:
    """The first page must not wait for libraries that take longer to load than itself."""
    script = (
        "import sys, main; main.read(['exercise']); import console.start.exercise;"
        "print(*({'sqlalchemy', 'alembic', 'asyncpg', 'numpy', 'scipy', 'phonenumbers'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_what_a_warm_start_needs_leaves_out_what_builds_a_record_writes_to_it_and_finds_places() -> None:
    """The map without a pack, too, is shown as it was drawn before, and not by what draws it."""
    script = (
        "import sys, db.local, console.start.seat, console.map.sources, db.geo.schematic.kept;"
        "rest = {'alembic', 'numpy', 'scipy', 'phonenumbers', 'PySide6.QtMultimedia', 'db.commands.whole'};"
        "rest |= {f'db.tables.{name}' for name in ('whole', 'configured', 'crew', 'person', 'rota')};"
        "print(*(rest & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
