"""A start that fails, hangs or is given up: the window and ``--run-for`` tell the truth, and in time."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from console.live.store import LinkState
from console.start.app import Console
from console.start.settings import Settings
from console.views.desk.layout import LayoutMemory
from console.views.desk.page import DeskPage
from db.addresses import read_url
from db.errors import RecordError, Unavailable
from tests.cluster import Record
from tests.gui.desks import Runs, eventually, qt_loop

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
@pytest.mark.parametrize("server", ["deaf", "silent"])
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
def test_a_board_that_was_live_ends_with_zero(console: Console, record: Record, qt_loop: Runs) -> None:
    def is_live() -> bool:
        page = console.window.centralWidget()
        return isinstance(page, DeskPage) and page.desk.store.link.state is LinkState.LIVE

    async def close_when_live() -> int:
        living = asyncio.ensure_future(console.live(record.url("a.shah"), None, time.monotonic() + LONG))
        await eventually(is_live)
        console.window.close()
        return await living

    assert qt_loop(close_when_live()) == 0
