"""The events of the referral that is shown, read off the screen's thread, and the note that somebody looked."""

from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from console.live.desk import Desk
from console.live.store import Link, LinkState
from console.running.tasks import spawn
from db import commands
from db.domain.known import NOTHING_KNOWN, KnownHere
from db.domain.records import Event
from db.domain.roles import may_dispatch
from db.errors import RecordError

DWELL_MS = 1000
"""Milliseconds on one referral that are a look; the arrow keys pass over others sooner."""
LOOK_AGAIN_AFTER = timedelta(minutes=15)
"""Of the record's clock, after which a further look at the same referral is noted."""
_KEEP = 50
"""Referrals whose events are kept, so that going back to one shows its story at once."""


class EventReader(QObject):
    """Reads a referral's events when it is shown and when they change. Old ones stay until new ones are there."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: UUID | None = None
        self._known: dict[UUID, list[Event]] = {}
        self._before: dict[UUID, KnownHere] = {}
        self._reading = False
        self._again = False
        desk.store.events_changed.connect(self._look)
        desk.store.link_changed.connect(self._follow_link)

    def show(self, referral_id: UUID | None) -> None:
        """Read the events of another referral; a viewer may not."""
        self._shown = referral_id
        self._read()

    def events(self) -> list[Event]:
        """What is known, oldest first."""
        return self._known.get(self._shown, []) if self._shown is not None else []

    def known(self) -> KnownHere:
        """What is known of the person from before, as last read."""
        return self._before.get(self._shown, NOTHING_KNOWN) if self._shown is not None else NOTHING_KNOWN

    def _look(self, ids: frozenset[UUID]) -> None:
        if self._shown in ids:
            self._read()

    def _follow_link(self, link: Link) -> None:
        # The word that a link has come back has no beat yet; each beat comes here too, and has a trip.
        if link.state is LinkState.LIVE and link.round_trip == 0.0:
            self._read()

    def _read(self) -> None:
        if self._shown is None or not may_dispatch(self._desk.me.role):
            return
        if self._reading:
            self._again = True
            return
        self._reading = True
        spawn(self._fetch(), "read events", self)

    async def _fetch(self) -> None:
        try:
            self._again = True
            while self._again and self._shown is not None:
                self._again = False
                await self._fetch_one(self._shown)
        finally:
            self._reading = False

    async def _fetch_one(self, referral_id: UUID) -> None:
        try:
            events = await self._desk.reads.events_of(referral_id)
            before = await self._desk.reads.known_here(referral_id)
        except RecordError:
            return  # the status bar says that the link is down; the return of the link reads again
        # Out and in again: the order of a dict is that of coming in, and the oldest go first.
        self._known.pop(referral_id, None)
        self._before.pop(referral_id, None)
        self._known[referral_id], self._before[referral_id] = events, before
        while len(self._known) > _KEEP:
            oldest = next(iter(self._known))
            del self._known[oldest], self._before[oldest]
        if referral_id == self._shown:
            self.changed.emit()


class LookLog(QObject):
    """Records that a patient's record was opened: once the eyes rest on it, and not again for a while."""

    def __init__(self, desk: Desk, pane: QWidget) -> None:
        super().__init__(pane)
        self._desk = desk
        self._pane = pane
        self._shown: UUID | None = None
        self._looked: dict[UUID, datetime] = {}
        self._dwell = QTimer(self, singleShot=True, interval=DWELL_MS)
        self._dwell.timeout.connect(self._record)

    def show(self, referral_id: UUID | None) -> None:
        """Begin to look at a referral, or at none."""
        self._shown = referral_id
        self._dwell.stop()
        if referral_id is not None and may_dispatch(self._desk.me.role):
            self._dwell.start()

    def _record(self) -> None:
        now = self._desk.clock.now()
        if self._shown is None or self._desk.store.referral(self._shown) is None or not self._pane.isVisible():
            return
        last = self._looked.get(self._shown)
        if last is None or now - last >= LOOK_AGAIN_AFTER:
            self._looked[self._shown] = now
            self._desk.actions.submit(commands.OpenRecord(referral_id=self._shown), "Record opened")
