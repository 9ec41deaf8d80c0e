"""Moves through a past day and keeps a mirror of its own as the board was."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from console.live.desk import Desk
from console.live.foresight import Foresight
from console.live.store import Link, LinkState, Store
from console.running.faults import attempt
from console.running.tasks import spawn
from db.clock import ClockReading, RecordClock
from db.domain.clocks import LONDON
from db.domain.names import number_today
from db.domain.records import Event, Position, Record
from db.domain.reference import ReferenceData
from db.domain.replay import Past, Renumbered, board_at, by_referral, stood_at
from db.domain.roles import Role
from db.errors import RecordError

TICK_MS = 250
"""Milliseconds between two pictures while it plays."""
SPEEDS = (1, 10, 30, 60)
"""Seconds of the past in one of the room."""


def local_day(day: date) -> tuple[datetime, datetime]:
    """The first moment of a local day and of the next one, UTC. Days are 23 to 25 hours long."""
    first = datetime.combine(day, time(), LONDON)
    return first.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


class Player(QObject):
    """A scrubber over one local day. ``desk`` looks like a live desk on which nobody may act."""

    moved = Signal(object)
    """The moment shown, an aware datetime in UTC."""
    loaded = Signal()
    """Another day was read."""
    failed = Signal(object)
    """A :class:`db.errors.RecordError`: the day could not be read."""

    def __init__(self, live: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._clock = RecordClock()
        now = live.clock.now()
        store = Store(live.store.reference, Link(LinkState.CONNECTING, now), self)
        # Somebody who sees everything and may do nothing: the owner's role neither dispatches nor leads.
        onlooker = dataclasses.replace(live.me, role=Role.OWNER)
        # Nothing may be foreseen from what came later: the past is told by the rules.
        told = Foresight()
        self.desk = dataclasses.replace(live, store=store, clock=self._clock, me=onlooker, foresight=told)
        self.speed = 0
        self.start, self.end = local_day(now.astimezone(LONDON).date())
        self.moment = self.start
        self._past: Past | None = None
        self._positions: list[Position] = []
        self._asking = False
        self._numbers = Renumbered()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def events(self) -> list[Event]:
        """What happened that day to somebody or a van, oldest first; a number that was set shows nowhere here."""
        if self._past is None:
            return []
        of_day = (event for event in self._past.events if self.start <= event.happened_at <= self.end)
        return [event for event in of_day if event.referral_id is not None or event.van_id is not None]

    def reference_of(self, event: Event) -> str:
        """The short reference, or the callsign, that an event is about."""
        if self._past is None:
            return ""
        for referral in self._past.referrals:
            if referral.id == event.referral_id:
                return number_today(referral.reference, self.end)
        return self.callsign(event.van_id) if event.van_id is not None else ""

    def callsign(self, van_id: UUID) -> str:
        """The name of a van."""
        vans = self._past.vans if self._past is not None else ()
        return next((van.callsign for van in vans if van.id == van_id), "")

    async def load(self, day: date, moment: datetime | None = None) -> None:
        """Read a day and show a moment of it: the given one, or its first event."""
        start, end = local_day(day)
        try:
            past = await self._live.reads.past(start, end)
        except RecordError as error:
            self.failed.emit(error)
            return
        # Today has been only until now.
        self._past, self.start, self.end = past, start, min(end, self._live.clock.now())
        self.desk.store.set_reference(_named_then(self._live.store.reference, past.names))
        self.loaded.emit()
        first = next((event.happened_at for event in self.events if event.kind == "received"), start)
        await self.show(moment or first)
        self.desk.store.set_link(Link(LinkState.LIVE, self.end))

    async def show(self, moment: datetime) -> None:
        """Show one moment, with the vans where the map had them."""
        self._set(moment)
        try:
            self._positions = await self._live.reads.positions_at(self.moment)
        except RecordError as error:
            self.failed.emit(error)
        self._mirror()

    def seek(self, moment: datetime) -> None:
        """Go to a moment: the board at once, the vans as soon as they are read."""
        self._set(moment)
        self._mirror()
        self._ask()

    def play(self, speed: int) -> None:
        """Run at 1 to 60 times; 0 stands still."""
        self.speed = speed
        self._clock.set(ClockReading(self.moment, float(speed)))
        if speed:
            self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Stand still for good."""
        self._timer.stop()

    def _tick(self) -> None:
        # By the clock and not by a step: a picture that is late skips, and the day keeps its speed.
        self.seek(self._clock.now())
        if self.moment >= self.end:
            self.play(0)

    def _set(self, moment: datetime) -> None:
        self.moment = max(self.start, min(moment, self.end))
        self._clock.set(ClockReading(self.moment, float(self.speed)))
        self.moved.emit(self.moment)

    def _ask(self) -> None:
        if not self._asking:
            self._asking = True
            spawn(self._read_positions(), "read past positions", self)

    async def _read_positions(self) -> None:
        try:
            asked = None
            while asked != self.moment:
                # The scrubber may have moved on while the record answered: only the last place counts.
                asked = self.moment
                self._positions = await self._live.reads.positions_at(asked)
                self._mirror()
                # While it plays the next picture asks for its own moment; chasing this one would never end.
                if self._timer.isActive():
                    break
        except RecordError as error:
            self.failed.emit(error)
        finally:
            self._asking = False

    def _mirror(self) -> None:
        if self._past is None:
            return
        frame = attempt("a past day", self._frame, self._past) or self._piecewise(self._past)
        frame["position"] = list(self._positions)
        self.desk.store.replace(self._numbers.number(frame))

    def _frame(self, past: Past) -> dict[str, list[Record]]:
        frame = board_at(past, self.moment)
        frame["danger"] = stood_at(past, frame, self._live.store.reference, self.moment)
        return frame

    def _piecewise(self, past: Past) -> dict[str, list[Record]]:
        """The board without the referrals that cannot be read."""
        frame: dict[str, list[Record]] = {}
        for part in by_referral(past):
            for table, rows in (attempt("a referral of a past day", self._frame, part) or {}).items():
                frame.setdefault(table, []).extend(rows)
        return frame


def _named_then(reference: ReferenceData, names: Mapping[UUID, str]) -> ReferenceData:
    """Whoever was called otherwise on that day is called so again."""
    staff = {key: dataclasses.replace(one, name=names.get(key, one.name)) for key, one in reference.staff.items()}
    return dataclasses.replace(reference, staff=staff)
