"""Watches the process that draws the map: one that dies or hangs is ended, and the page is loaded anew.

The page is asked for a sign of life every two seconds. What counts is how many questions stay unanswered, not how
long: while this computer sleeps or the console itself is held up, nobody asks and nobody is late.
"""

import logging
import time
from enum import Enum, auto
from typing import Final

import psutil
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEnginePage

_log = logging.getLogger(__name__)

BEAT_MS: Final = 2000
MOST_MISSED: Final = 3
"""Beats without an answer after which a page that is seen hangs: six to eight seconds."""
MOST_MISSED_HIDDEN: Final = 15
"""The same for one that nobody sees, which the web engine gives less time."""
MOST_LOADING: Final = 15
"""Beats that a page may take to load."""
PAUSES_MS: Final = (250, 500, 1000, 2000, 5000)
"""Before each new load, by how many ends there were in a row."""
SLOW_MS: Final = 30_000
"""The same once it keeps ending."""
MOST_IN_A_ROW: Final = 5
"""Ends in a row after which it is tried slowly."""
WELL_AFTER: Final = 30.0
"""Seconds of drawing after which an end is no longer in a row with the one before."""
_WORLD: Final = 0
"""Qt's number for the page's own scripts."""


class _State(Enum):
    LOADING = auto()
    READY = auto()
    ENDING = auto()
    PAUSED = auto()


class Renderer(QObject):
    """The life of one page. Tell it ``loading`` and ``ready``; it asks for loads by ``load_wanted``."""

    load_wanted = Signal()
    """It is time to load the page."""
    ended = Signal(str, bool)
    """The page is gone: why, for the log, and whether it keeps ending, so that it is tried slowly from now on."""

    def __init__(self, page: QWebEnginePage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._state = _State.PAUSED
        self._beat = 0
        self._missed = 0
        self._asked_at = time.monotonic()
        self._ready_at = float("inf")
        self._in_a_row = 0
        self.hidden = False
        page.renderProcessTerminated.connect(self._on_terminated)
        self._pulse = QTimer(self, interval=BEAT_MS)
        self._pulse.timeout.connect(self._look)
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self.load_wanted)

    def loading(self) -> None:
        """The page was told to load."""
        self._enter(_State.LOADING)
        self._pulse.start()

    def ready(self) -> None:
        """The page said that it takes batches."""
        self._enter(_State.READY)
        self._ready_at = time.monotonic()

    def load_failed(self) -> None:
        """The page could not be loaded."""
        if self._state is _State.LOADING:
            self._end("it could not be loaded")

    def stop(self) -> None:
        """Watch no more."""
        self._page.renderProcessTerminated.disconnect(self._on_terminated)
        self._pulse.stop()
        self._pause.stop()

    def _enter(self, state: _State) -> None:
        self._state = state
        self._beat += 1  # an answer to an earlier question is no sign of life
        self._missed = 0

    def _look(self) -> None:
        now, before = time.monotonic(), self._asked_at
        self._asked_at = now
        if (now - before) * 1000 > 2 * BEAT_MS:
            # The console itself was held up: the page may have answered without anybody to hear it.
            self._missed = 0
        if self._state is _State.PAUSED:
            return
        # One question at a time: a page that hangs would have a heap of them to answer when it wakes.
        if self._state is _State.READY and self._missed == 0:
            self._ask()
        self._missed += 1
        if self._missed > self._most_missed():
            self._end_process()

    def _most_missed(self) -> int:
        if self._state is _State.LOADING:
            return MOST_LOADING
        return MOST_MISSED_HIDDEN if self.hidden and self._state is _State.READY else MOST_MISSED

    def _ask(self) -> None:
        beat = self._beat
        self._page.runJavaScript("1", _WORLD, lambda answer: self._answered(beat, answer))

    def _answered(self, beat: int, answer: object) -> None:
        # A page that goes answers too, with nothing.
        if beat == self._beat and answer == 1:
            self._missed = 0

    def _end_process(self) -> None:
        """What hangs cannot load another page: its process has to go first."""
        pid = self._page.renderProcessPid()
        if self._state is _State.ENDING or not pid:
            self._end("it hung")
            return
        _log.error("the map's process hangs: ending it")
        self._enter(_State.ENDING)
        try:
            psutil.Process(pid).kill()
        except psutil.Error as error:
            _log.warning("it could not be ended: %s", type(error).__name__)

    def _on_terminated(self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int) -> None:
        if self._state is not _State.PAUSED:
            self._end("it hung" if self._state is _State.ENDING else f"{status.name}, code {code}")

    def _end(self, why: str) -> None:
        if time.monotonic() - self._ready_at >= WELL_AFTER:
            self._in_a_row = 0
        self._in_a_row += 1
        # Not drawing: an end before it is ready again counts as one more in the row.
        self._ready_at = float("inf")
        self._enter(_State.PAUSED)
        slowly = self._in_a_row > MOST_IN_A_ROW
        self._pause.start(SLOW_MS if slowly else PAUSES_MS[min(self._in_a_row, len(PAUSES_MS)) - 1])
        _log.error("the map's page ended: %s", why)
        self.ended.emit(why, slowly)
