"""Watches the mirror for what needs a hand, and counts what the status bar says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from uuid import UUID

from console.live.joins import referral_facts, touched_referrals, touched_vans, van_facts
from console.live.store import Delta, LinkState, Store
from console.running.faults import attempt
from db.domain.alarms import (
    Alarm,
    as_set,
    depends_on_link,
    in_order,
    is_first,
    link_alarm,
    referral_alarms,
    unreadable_alarm,
    van_alarms,
)
from db.domain.backup_alarms import backup_alarms
from db.domain.reference import Priority
from db.domain.request_alarms import request_alarms
from db.domain.seals import seal_alarms
from db.domain.situation import Phase, situation
from db.domain.states import DutyStatus


class AlarmWatch:
    """Alarms by the record that they come from. A tick costs what sounds, not what exists."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # All alarms that are known of a record, those of its future too; ``_on`` holds what has begun. Referrals
        # and vans share them, since no two ids are alike.
        self._of: dict[UUID, tuple[Alarm, ...]] = {}
        self._on: dict[UUID, tuple[Alarm, ...]] = {}
        # A heap of wakes. What was put off stays in it and is passed over; ``_wakes`` says which one holds.
        self._ahead: list[tuple[datetime, UUID]] = []
        self._wakes: dict[UUID, datetime] = {}
        # What no referral on the board and no van is about: the record itself, and what is asked of it.
        self._of_record: list[Alarm] = []
        self.read_all()

    def read_all(self) -> None:
        """Work out everything anew."""
        backups = attempt("the alarms of the record", self._of_backups) or []
        self._of_record = backups + (attempt("what is asked about records", self._of_requests) or [])
        self._read_referrals(referral.id for referral in self._store.referrals())
        self._read_vans(van.id for van in self._store.vans())

    def follow(self, delta: Delta) -> None:
        """Take what changed."""
        self._read_referrals(touched_referrals(delta, self._store))
        self._read_vans(touched_vans(delta, self._store))

    def sounding(self, now: datetime) -> list[Alarm]:
        """What sounds at a moment, the gravest first."""
        self._wake_up(now)
        found = [alarm for some in self._on.values() for alarm in some if alarm.sounds(now)]
        found += [alarm for alarm in (*self._of_record, *self._of_seal()) if alarm.sounds(now)]
        link = self._store.link
        if link.state is LinkState.LOST:
            # One alarm for the link, and not one for every fix that grows old behind it.
            found = [alarm for alarm in found if not depends_on_link(alarm)]
            found.append(link_alarm(link.since))
        return in_order(found)

    def _read_referrals(self, keys: Iterable[UUID]) -> None:
        for key in keys:
            found = attempt("the alarms of a referral", self._of_referral, key)
            self._take(key, self._unreadable_referral(key) if found is None else found)

    def _read_vans(self, keys: Iterable[UUID]) -> None:
        for key in keys:
            found = attempt("the alarms of a van", self._of_van, key)
            self._take(key, self._unreadable_van(key) if found is None else found)

    def _of_referral(self, key: UUID) -> list[Alarm]:
        facts = referral_facts(self._store, key)
        return self._ordered(referral_alarms(facts, self._store.reference)) if facts else []

    def _of_van(self, key: UUID) -> list[Alarm]:
        facts = van_facts(self._store, key)
        return self._ordered(van_alarms(facts, self._store.reference.rules)) if facts else []

    def _of_backups(self) -> list[Alarm]:
        reference = self._store.reference
        return as_set(backup_alarms(reference.backups, reference.rules), reference.alarm_kinds)

    def _of_requests(self) -> list[Alarm]:
        reference = self._store.reference
        return as_set(request_alarms(reference.requests), reference.alarm_kinds)

    def _of_seal(self) -> list[Alarm]:
        reference = self._store.reference
        return as_set(
            seal_alarms(self._store.seal.known(reference.seal_since), reference.rules), reference.alarm_kinds
        )

    def _ordered(self, alarms: list[Alarm]) -> list[Alarm]:
        """By when they begin; raises for one that cannot be told earlier or later than the record's own clock."""
        since = self._store.link.since
        return sorted(as_set(alarms, self._store.reference.alarm_kinds), key=lambda alarm: alarm.since - since)

    def _unreadable_referral(self, key: UUID) -> list[Alarm]:
        referral = self._store.referral(key)
        if referral is None or not referral.is_open:
            return []
        grave = 1 if is_first(referral.priority, self._store.reference) else 2
        return [unreadable_alarm(key, referral.reference, grave, self._store.link.since)]

    def _unreadable_van(self, key: UUID) -> list[Alarm]:
        van = self._store.van(key)
        if van is None:
            return []
        grave = 1 if van.emergency_at is not None else 2
        return [unreadable_alarm(key, van.callsign, grave, self._store.link.since, is_van=True)]

    def _take(self, key: UUID, alarms: list[Alarm]) -> None:
        """Watch these, which are in order."""
        self._on.pop(key, None)
        self._of.pop(key, None)
        if alarms:
            self._of[key] = tuple(alarms)
            self._wake_at(key, alarms[0].since)

    def _wake_at(self, key: UUID, at: datetime) -> None:
        # One wake a record is enough: a van's fixes put its alarm off every second.
        waking = self._wakes.get(key)
        if waking is None or at < waking:
            self._wakes[key] = at
            heappush(self._ahead, (at, key))

    def _wake_up(self, now: datetime) -> None:
        while self._ahead and self._ahead[0][0] <= now:
            at, key = heappop(self._ahead)
            if self._wakes.get(key) != at:
                continue
            del self._wakes[key]
            alarms = self._of.get(key, ())
            # All of them, also those that are not due: ``sounding`` asks each for its time.
            if any(alarm.since <= now for alarm in alarms):
                self._on[key] = alarms
            ahead = [alarm.since for alarm in alarms if alarm.since > now]
            if ahead:
                self._wake_at(key, min(ahead))


@dataclass(frozen=True, slots=True)
class Counts:
    """What the status bar says about the room."""

    first_waiting: int
    first_code: str
    open: int
    free: int
    on_shift: int
    unnamed: int = 0

    def words(self) -> str:
        """The counts in words: ``2 P1 waiting · 5 open · 4 of 6 vans free``, and endings that name nobody."""
        waiting = f"{self.first_waiting} {self.first_code} waiting"
        unnamed = f" · {self.unnamed} ended, nobody named" if self.unnamed else ""
        return f"{waiting} · {self.open} open · {self.free} of {self.on_shift} vans free{unnamed}"

    def shorter(self) -> tuple[str, ...]:
        """The same in fewer words, and in fewer still."""
        waiting = f"{self.first_waiting} {self.first_code}"
        vans = f"{self.free} of {self.on_shift}"
        return f"{waiting} waiting · {self.open} open · {vans} free", f"{waiting} · {self.open} open · {vans} free"


class Tally:
    """Counts open referrals by what changed, never by going through them all again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: set[UUID] = set()
        self._unnamed: set[UUID] = set()
        self._first_waiting: set[UUID] = set()
        self.read_all()

    def read_all(self) -> None:
        """Count everything anew."""
        self._open.clear()
        self._unnamed.clear()
        self._first_waiting.clear()
        self._read(referral.id for referral in self._store.referrals())

    def follow(self, delta: Delta) -> None:
        """Take what changed."""
        self._read(touched_referrals(delta, self._store))

    def counts(self) -> Counts:
        """The counts as they stand."""
        vans = [
            facts for van in self._store.vans() if (facts := attempt("the counts", van_facts, self._store, van.id))
        ]
        on_shift = sum(facts.van.duty_status is not DutyStatus.OFF_DUTY for facts in vans)
        free = sum(facts.is_free for facts in vans)
        first = self._first()
        code, unnamed = first.code if first else "", len(self._unnamed)
        return Counts(len(self._first_waiting), code, len(self._open), free, on_shift, unnamed)

    def _first(self) -> Priority | None:
        return min(self._store.reference.priorities.values(), key=lambda one: one.rank, default=None)

    def _read(self, keys: Iterable[UUID]) -> None:
        reference = self._store.reference
        for key in keys:
            # Out of all three first: a referral that changed may belong to others now, or be gone.
            for known in (self._open, self._first_waiting, self._unnamed):
                known.discard(key)
            referral, ending = self._store.referral(key), self._store.ending_of(key)
            if ending is not None and not ending.is_named and referral is not None and not referral.is_open:
                self._unnamed.add(key)
            call = self._store.call_of(key)
            # What is still being said is no referral yet.
            if referral is None or not referral.is_open or (call is not None and call.is_open):
                continue
            self._open.add(key)
            if is_first(referral.priority, reference) and self._waits(key):
                self._first_waiting.add(key)

    def _waits(self, key: UUID) -> bool:
        """Whether nobody has reached the person; somebody that nothing is known of waits."""
        facts = attempt("the counts", referral_facts, self._store, key)
        now_is = attempt("the counts", situation, facts, self._store.reference) if facts else None
        return now_is is None or now_is.phase is Phase.WAITING
