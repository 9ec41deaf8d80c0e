"""What each view says and what a press in it does, against the pages that are kept in ``said/pages``.

A page is made anew by ``python -m tests.said``; what changed in it is a line in a diff, for a person to judge.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QToolTip

from console.look import style
from console.map.view import MapView
from tests.gui.desks import Runs, qt_loop
from tests.gui.map_tools import ENGINE_NOISE
from tests.gui.said.pages import WRITE, difference, kept, page_of
from tests.gui.said.still import Still
from tests.gui.said.timers import Timers
from tests.gui.said.views import VIEWS

__all__ = ["qt_loop"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


class _Sits:
    """A desk at a time."""

    def __init__(self, runs: Runs, folder: Path, timers: Timers, heard: list[str]) -> None:
        self._runs, self._folder, self._timers, self._heard = runs, folder, timers, heard
        self._still: Still | None = None

    def __call__(self) -> Still:
        self.leave()
        self._still = Still(self._runs, self._folder, self._timers, self._heard)
        return self._still

    def leave(self) -> None:
        if self._still is not None:
            self._still.leave()
        self._still = None


@pytest.fixture
def sits(qt_loop: Runs, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Sits]:
    style.apply(qapp, "dark", 100)
    # The system's window for files lies over ours, and has tests of its own.
    monkeypatch.setattr(QFileDialog, "open", QFileDialog.deleteLater)
    # The web engine takes its time; what it would draw is known before.
    monkeypatch.setattr(MapView, "load", lambda _view: None)
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(_heard(event)))
    monkeypatch.setattr(QToolTip, "showText", lambda _at, words, *_: words and heard.append(f"tip {words!r}"))
    made = _Sits(qt_loop, tmp_path, Timers(monkeypatch), heard)
    yield made
    made.leave()
    style.apply(qapp, "dark", 100)


def _heard(event: QAccessibleEvent) -> str:
    """What a screen reader is told to say."""
    return repr(event.message()) if isinstance(event, QAccessibleAnnouncementEvent) else event.type().name


@pytest.mark.parametrize("view", VIEWS)
def test_what_it_says_and_does(sits: _Sits, view: str, caplog: pytest.LogCaptureFixture) -> None:
    # Whoever only asks whether anything differs need not wait for the rest.
    until = kept(view) if os.environ.get("CRU_TESTS_SHRINK") == "no" else None
    page = page_of(VIEWS[view](sits), sits, until)
    sits.leave()
    assert not [one.getMessage() for one in caplog.records if one.levelname in {"WARNING", "ERROR"}]
    if os.environ.get(WRITE) == "write":
        kept(view).write_text(page, "utf-8")
    assert not (told := difference(kept(view), page)), told


def test_every_page_is_of_a_view() -> None:
    assert {file.stem for file in Path(kept("")).parent.glob("*.txt")} == set(VIEWS)
