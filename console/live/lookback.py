"""The past beyond what the console mirrors: read when somebody looks back at it, aside, and kept while they do."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.running.tasks import spawn
from db.domain.clocks import local_time, shifted
from db.errors import RecordError
from db.lookback import MOST, PastStretch

ReadPast = Callable[[datetime, datetime], Awaitable[PastStretch]]
_LEAST: Final = timedelta(hours=6)
"""What is read before the window, at least: panning on finds it there."""
_MOST_BESIDE: Final = timedelta(days=2)


class LookBack(QObject):
    """One stretch of the past at a time, around the window that is looked at."""

    changed = Signal()
    """The stretch, or how it stands with it, changed."""

    def __init__(self, read: ReadPast, mirrored: Callable[[], timedelta], parent: QObject) -> None:
        """Begin with nothing.

        Args:
            read: reads a stretch of the past.
            mirrored: how long the mirror keeps what has ended.
            parent: owner.
        """
        super().__init__(parent)
        self._read, self._mirrored = read, mirrored
        self._wanted: tuple[datetime, datetime] | None = None
        self.is_reading = False
        self._error = ""
        self.past: PastStretch | None = None

    def want(self, start: datetime, end: datetime, now: datetime) -> None:
        """Look from ``start`` to ``end`` (aware). What the console mirrors anyway is not read."""
        if start >= now - self._mirrored() or self._has(start, min(end, now)):
            return
        self._wanted = start, min(end, now)
        if not self.is_reading:
            self._error, self.is_reading = "", True
            spawn(self._work(), "read the past for the timelines", self)
            self.changed.emit()

    def _has(self, start: datetime, end: datetime) -> bool:
        past = self.past
        # One that was cut reaches as far as it can: reading the same again gives the same.
        return past is not None and (past.start <= start or past.is_cut) and start < past.end and end <= past.end

    def forget(self) -> None:
        """Nobody looks back any longer: what was read is let go, since it may change."""
        self._wanted, self._error = None, ""
        if self.past is not None:
            self.past = None
            self.changed.emit()

    def words(self, now: datetime) -> str:
        """How it stands: ``reading…``, how far the lanes reach where that is not all of it, or what is wrong."""
        if self._error:
            return self._error
        if self.is_reading and self._wanted is not None:
            return "reading…"
        past = self.past
        if past is None or not past.is_cut:
            return ""
        return f"the newest {MOST}, back to {local_time(past.start, now)}"

    async def _work(self) -> None:
        while (wanted := self._wanted) is not None:
            beside = max(_LEAST, min(_MOST_BESIDE, wanted[1] - wanted[0]))
            try:
                # Nothing beyond its end: where there is too much, the newest of the window are the ones to show.
                past = await self._read(shifted(wanted[0], -beside), wanted[1])
            except RecordError as error:
                self._error = f"the past cannot be read: {error.sentence}"
                break
            # Who went on meanwhile wants another stretch.
            if wanted == self._wanted:
                self.past, self._wanted = past, None
        self._wanted, self.is_reading = None, False
        self.changed.emit()
