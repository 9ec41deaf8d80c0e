"""Looks from outside whether the mirror is still followed, so that a board never says "live" by habit."""

import logging

from PySide6.QtCore import QObject, QTimer

from console.live.store import Link, LinkState, Store
from console.live.sync import Sync
from db.clock import Clocks, Jump, RecordClock

LOOK_EVERY_MS = 500
LATE_AFTER = 2.0
"""Seconds of silence after which the status bar says how long it has been."""
LOST_AFTER = 4.0
"""Seconds: twice what the reader gives itself, so this speaks only where the reader cannot."""
_HELD_UP = 1.5
"""Seconds between two looks, three times the interval, after which the thread of the screen stood still itself."""
log = logging.getLogger(__name__)


class LiveWatch(QObject):
    """Says *lost* when no beat came back, whatever became of the task that should have noticed."""

    def __init__(self, store: Store, sync: Sync, clock: RecordClock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._sync = sync
        self._clock = clock
        self._looked = Clocks.here()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """One look; the timer does it by itself."""
        before, self._looked = self._looked, Clocks.here()
        jump, seconds = self._looked.since(before)
        if jump is not Jump.NONE:
            # Slept, or the clock was set: nobody here knows which, and reading everything cures both.
            log.warning("this computer's clocks left each other by %+.1f s", seconds)
            self._sync.read_everything()
        if self._looked.monotonic - before.monotonic > _HELD_UP:
            return  # this program itself was held up: what came meanwhile is taken first
        if self._store.silence > LOST_AFTER and self._store.link.state is LinkState.LIVE:
            sentence = "Nothing has been heard from the record. The console tries again by itself."
            self._store.set_link(Link(LinkState.LOST, self._clock.now(), 0.0, sentence))

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
