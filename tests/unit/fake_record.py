"""A record that a test plays: transactions that commit in any order, lives that end, connections that fail."""

import asyncio
import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from console.live.store import TABLES
from db.clock import ClockReading
from db.domain.records import Assignment, Location, Record, Referral, Van
from db.domain.states import AssignmentState, DutyStatus, ReferralState
from db.errors import Unavailable
from db.follow import Beat, Changes, Place
from db.mirror import Found

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
FAILURES: tuple[Callable[[], Exception], ...] = (
    ConnectionResetError,
    TimeoutError,
    lambda: Unavailable("The record cannot be reached."),
)
Rows = dict[tuple[str, UUID], Record]


@dataclass
class Transaction:
    """Not committed yet: rows put and taken away."""

    number: int
    put: Rows = field(default_factory=dict)
    gone: set[tuple[str, UUID]] = field(default_factory=set)


@dataclass
class FakeRecord:
    """What the record holds, and everything that may go wrong on the way to it."""

    rows: Rows = field(default_factory=dict)
    entries: list[tuple[int, str, UUID]] = field(default_factory=list)
    running: dict[int, Transaction] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(100))
    last: int = 99
    beats: set[int] = field(default_factory=set)
    life: str = "first"
    hears: bool = True
    fails: list[str] = field(default_factory=list)
    failure: Callable[[], Exception] = ConnectionResetError
    gate: asyncio.Event | None = None
    woken: list["FakeSource"] = field(default_factory=list)
    unreadable: set[UUID] = field(default_factory=set)
    opened: int = 0

    # --- what a test does ---

    def begin(self) -> int:
        self.last = next(self.numbers)
        self.running[self.last] = Transaction(self.last)
        return self.last

    def commit(self, number: int) -> None:
        done = self.running.pop(number)
        self.rows |= done.put
        for key in done.gone:
            self.rows.pop(key, None)
        self.entries += [(number, *key) for key in {*done.put, *done.gone}]
        self.wake(frozenset(name for name, _ in {*done.put, *done.gone}))

    def wake(self, hints: frozenset[str]) -> None:
        for source in self.woken if self.hears else ():
            source.notice(hints)

    def restore(self, life: str, rows: Rows) -> None:
        """Another life: a failover that lost the last commits, or a backup. Numbers begin anew."""
        self.life, self.rows, self.running, self.entries = life, rows, {}, []
        self.numbers, self.last, self.beats = itertools.count(100), 99, set()
        for source in list(self.woken):
            source.broken = True
            source.notice(frozenset())

    def place(self) -> Place:
        return Place(self.last + 1, tuple(sorted(self.running)))

    def picture(self) -> dict[str, dict[UUID, Record]]:
        """What a mirror must hold at rest."""
        tables: dict[str, dict[UUID, Record]] = {name: {} for name in TABLES}
        for (name, key), row in self.rows.items():
            if self.is_shown(row):
                tables[name][key] = row
        return tables

    def is_shown(self, row: Record) -> bool:
        """Readable; and a part only with its referral, as the record's own reads have it."""
        alone = isinstance(row, Assignment) and ("referral", row.referral_id) not in self.rows
        return row.id not in self.unreadable and not alone

    async def open(self) -> "FakeSource":
        await self.step("open")
        self.opened += 1
        return FakeSource(self)

    async def step(self, name: str) -> None:
        """Every answer takes a moment, may have to wait at the gate, and may fail."""
        await asyncio.sleep(0)
        if self.gate is not None:
            await self.gate.wait()
        if name in self.fails:
            self.fails.remove(name)
            raise self.failure()


class FakeSource:
    """One connection to it."""

    def __init__(self, record: FakeRecord) -> None:
        self._record = record
        self._woken = asyncio.Event()
        self._hints: set[str] = set()
        self.broken = False
        record.woken.append(self)

    @property
    def hears(self) -> bool:
        return self._record.hears

    def notice(self, hints: frozenset[str]) -> None:
        self._hints |= hints
        self._woken.set()

    def _unbroken(self) -> None:
        if self.broken:
            raise ConnectionResetError

    async def heard(self, seconds: float) -> frozenset[str]:
        try:
            async with asyncio.timeout(max(seconds, 0.0005)):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._unbroken()
        await self._record.step("heard")
        self._woken.clear()
        hints, self._hints = frozenset(self._hints), set()
        return hints

    async def beat(self) -> Beat:
        await self._record.step("beat")
        self._unbroken()
        record = self._record
        record.last = next(record.numbers)
        record.beats.add(record.last)
        return Beat(ClockReading(NOW, 1.0), datetime.now(UTC), record.life, "0001", "0001")

    async def say_here(self, console: UUID, referral_id: UUID | None, *, typing: bool) -> bool:  # noqa: ARG002 - a feed's
        await self._record.step("here")
        self._unbroken()
        return True

    async def changes(self, since: Place) -> Changes:
        record = self._record
        await record.step("changes")
        self._unbroken()
        found = Changes(record.place())
        for number, name, key in record.entries:
            if number >= since.after or number in since.running:
                found.add(name, {key})
        if any(number >= since.after for number in record.beats):
            found.add("beat", None)
        await record.step("changes sent")
        return found

    async def rows(self, changes: Changes, known: Collection[UUID]) -> Found:
        record, found = self._record, Found()
        await record.step("rows")
        self._unbroken()
        asked = {(name, key) for name, keys in changes.ids.items() for key in keys or ()}
        came = {key for name, key in asked if name == "referral" and key not in known}
        parts = {
            ("assignment", row.id)
            for row in record.rows.values()
            if isinstance(row, Assignment) and row.referral_id in came
        }
        for name, key in asked | parts:
            self._take(found, name, key, named=(name, key) in asked)
        await record.step("rows sent")
        return found

    def _take(self, found: Found, name: str, key: UUID, *, named: bool) -> None:
        row = self._record.rows.get((name, key))
        if isinstance(row, Assignment) and ("referral", row.referral_id) not in self._record.rows:
            row = None
        if row is None:
            if named:
                found.gone.setdefault(name, set()).add(key)
        elif key in self._record.unreadable:
            found.unreadable.setdefault(name, set()).add(key)
        else:
            found.records.setdefault(name, []).append(row)

    async def whole(self) -> tuple[Found, Place]:
        record, found = self._record, Found()
        await record.step("whole")
        self._unbroken()
        place = record.place()
        for name, key in list(record.rows):
            self._take(found, name, key, named=True)
        await record.step("whole sent")
        return found, place

    def close(self) -> None:
        self.broken = True
        if self in self._record.woken:
            self._record.woken.remove(self)


def van(key: UUID, version: int) -> Van:
    return Van(key, version, "CRU1", "X1", "Base", "unmarked", 5, (), DutyStatus.AVAILABLE, "", NOW)


def referral(key: UUID, version: int) -> Referral:
    place = Location("Abington Street", "NN1 4LP")
    made = Referral(
        key, version, "CRU-20261122-0001", "hub", ReferralState.RECEIVED, "P2", "", place, {"received": NOW}
    )
    return replace(made, caller=f"caller {version}")


def assignment(key: UUID, version: int, of: UUID, van_id: UUID) -> Assignment:
    at = NOW + timedelta(minutes=version)
    return Assignment(
        key,
        version,
        of,
        van_id,
        AssignmentState.ALLOCATED,
        {AssignmentState.ALLOCATED: at},
        destination=str(version),
    )
