"""Reads the lead's page beside the window, follows the record, and can be stopped."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from console.live.again import Again
from console.live.desk import Desk
from console.live.store import Delta
from console.running.tasks import spawn
from console.running.ticks import Ticks
from console.views.lead.pictures import Pictures
from console.views.lead.ranges import RangeChoice
from db.domain.clocks import age_in_words, local_time
from db.domain.periods import EVERYTHING
from db.errors import RecordError

AGAIN_AFTER: Final = timedelta(seconds=30)
"""The page follows the record, but no quicker: charts that change under somebody's eye are not read."""
_COUNTED: Final = ("referral", "assignment", "handover", "shift")
"""Tables that figures are worked out from, of those that are live."""
UNREAD: Final = "nothing is read"
_SLOW: Final = 1.0
"""Seconds of reading after which it is said, with a way to stop."""


class LeadReading(QObject):
    """What is read: which days, which referrals, since when, and whether it is being read again."""

    read = Signal(object)
    """The :class:`Pictures` of what was read."""
    failed = Signal(object)
    """A :class:`db.errors.RecordError`: what was read before stays."""
    told = Signal()
    """It began to take long, it ended, or a second passed."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Read nothing yet.

        Args:
            desk: of the signed-in.
            window: it owns this, and while nobody can see it the record is not followed.
        """
        super().__init__(window)
        self._desk, self._window = desk, window
        self.choice, self.cut = RangeChoice(), EVERYTHING
        self.is_slow = False
        self._task: asyncio.Task[None] | None = None
        self._read_at: datetime | None = None
        self._changed = False
        self._again = Again(desk.store, self.start, self)
        desk.store.changed.connect(self._follow)
        desk.store.reference_changed.connect(self._note)
        self._ticks = Ticks(desk.supervisor, 1000, self)
        self._ticks.add("the lead's page", self.tick, "The lead's page could not be kept up to date.")

    @property
    def is_reading(self) -> bool:
        """Whether an answer is awaited."""
        return self._task is not None

    def start(self) -> None:
        """Read it anew, instead of what is being read."""
        self.stop()
        self._task = spawn(self._read(), "read the lead's page", self)
        asyncio.get_running_loop().call_later(_SLOW, self._say_slow, self._task)

    def stop(self) -> None:
        """Give up reading; what was read before stays."""
        if self._task is not None:
            self._task.cancel()
        self._end()

    def _end(self) -> None:
        self._task, self.is_slow = None, False
        self.told.emit()

    def _say_slow(self, task: asyncio.Task[None]) -> None:
        if task is self._task and not task.done():
            self.is_slow = True
            self.told.emit()

    async def _read(self) -> None:
        now = self._desk.clock.now()
        self._changed = False
        try:
            found = await self._desk.reads.lead_page(self.choice.period(now), self.cut)
        except RecordError as error:
            self._again.owe(error)
            self.failed.emit(error)
        else:
            self._read_at = now
            self.read.emit(Pictures.of(found, self._desk.store, now))
        self._end()

    def _follow(self, delta: Delta) -> None:
        # Vans that move change no figure.
        if any(delta.touched(table) for table in _COUNTED):
            self._note()

    def _note(self) -> None:
        self._changed = True

    def tick(self) -> None:
        """Read again when the record changed and the last reading is not of just now."""
        now, read_at = self._desk.clock.now(), self._read_at
        # A clock that was set back must not hold it up for ever.
        due = read_at is not None and not timedelta(0) <= now - read_at < AGAIN_AFTER
        follows = self.choice.goes_on and self._window.isVisible() and not self._window.isMinimized()
        if self._changed and due and follows and not self.is_reading:
            self.start()
        self.told.emit()

    def age(self) -> str:
        """How old what is shown is."""
        if self.is_slow:
            return "Reading…"
        if self._read_at is None:
            # Empty frames say nothing of why they are empty.
            return "" if self.is_reading else UNREAD
        now = self._desk.clock.now()
        return f"read {local_time(self._read_at, now, seconds=True)}, {age_in_words(now - self._read_at)} ago"

    def close(self) -> None:
        """Read no more."""
        self._ticks.stop()
        self.stop()
