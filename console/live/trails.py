"""Where the chosen van has been in the last half hour: read once, then drawn on by what comes in."""

import asyncio
from collections import deque
from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.desk import Desk
from console.live.store import Delta, Link, LinkState
from console.running.tasks import spawn
from db.domain.fixes import TrailPoint
from db.domain.roles import may_dispatch
from db.errors import Unavailable
from db.geo.earth import metres

TRAIL_FOR = timedelta(minutes=30)
STEP_M = 12.0
"""Metres from the last point, below which a fix adds none: a van that stands draws no knot."""
MOST = 600
"""Points of a trail: what the map draws at ease."""


class Trails(QObject):
    """The trail of one van at a time. A van that stands adds nothing to it."""

    changed = Signal(str, list)
    """A van's id and its trail as (lat, lon), oldest first; no points takes the trail away."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._van_id: UUID | None = None
        self._points: deque[TrailPoint] = deque(maxlen=MOST)
        self._may_read = may_dispatch(desk.me.role)
        self._missing = False
        self._reading: asyncio.Task[None] | None = None
        desk.store.changed.connect(self._follow)
        desk.store.link_changed.connect(self._follow_link)

    def choose(self, van_id: UUID | None) -> None:
        """Show another van's trail, or none."""
        if van_id == self._van_id:
            return
        if self._van_id is not None:
            self.changed.emit(str(self._van_id), [])
        self._van_id = van_id
        self._points.clear()
        self._read_anew()

    def _read_anew(self) -> None:
        if self._van_id is not None and self._may_read:
            self._missing = True
            self._reading = spawn(self._read(self._van_id), "read a trail", self)

    def _read_missing(self) -> bool:
        """Whether a read that came to nothing was begun again."""
        wanted = self._missing and self._reading is not None and self._reading.done()
        if wanted:
            self._read_anew()
        return wanted

    async def _read(self, van_id: UUID) -> None:
        now = self._desk.clock.now()
        try:
            found = await self._desk.reads.trail(van_id, now - TRAIL_FOR, now)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 the trail grows from here, and is read again on the next need
            self._say_missing(error)
            return
        if van_id == self._van_id:
            self._missing = False
            self._points.clear()
            for point in found:
                self._append(point)
            # The mirror's fix may be newer than the end of what was read.
            self._extend()
            self._tell()

    def _say_missing(self, error: BaseException) -> None:
        if isinstance(error, Unavailable) and self._desk.store.link.state is LinkState.LOST:
            return  # the status bar says that already
        sentence = "Where the van was could not be read; it is read again with its next position."
        self._desk.supervisor.note("trails", error, sentence)

    def _follow_link(self, link: Link) -> None:
        if link.state is LinkState.LIVE:
            self._read_missing()

    def _follow(self, delta: Delta) -> None:
        if self._van_id is None or self._van_id not in delta.touched("position"):
            return
        # What was driven meanwhile came to no mirror; only the record has it.
        if delta.after_loss:
            self._read_anew()
        elif not self._read_missing() and self._extend():
            self._tell()

    def _extend(self) -> bool:
        position = self._desk.store.position(self._van_id) if self._van_id is not None else None
        return position is not None and self._append(TrailPoint(position.fixed_at, position.lat, position.lon))

    def _append(self, point: TrailPoint) -> bool:
        last = self._points[-1] if self._points else None
        if last is not None and (
            point.at <= last.at or metres((last.lat, last.lon), (point.lat, point.lon)) < STEP_M
        ):
            return False
        while self._points and self._points[0].at <= point.at - TRAIL_FOR:
            self._points.popleft()
        self._points.append(point)
        return True

    def _tell(self) -> None:
        self.changed.emit(str(self._van_id), [(point.lat, point.lon) for point in self._points])
