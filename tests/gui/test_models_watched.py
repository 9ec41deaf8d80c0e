"""Alarms, and what is on its way, as the mirror changes: against working all of it out anew."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.live.alarm_watch import AlarmWatch, Tally
from console.live.joins import referral_facts, touched_referrals, touched_vans, van_facts
from console.live.store import Delta, Link, LinkState, Store
from console.live.underway import referrals_underway, steps_underway, vans_underway
from console.running.faults import faults
from db import commands
from db.audit.checkpoint import Checkpoint, Signature, note_of
from db.domain.alarms import Alarm, depends_on_link, in_order, link_alarm, referral_alarms, van_alarms
from db.domain.backups import BACKUP, DRILL, Made
from db.domain.raised import AlarmKind
from db.domain.records import Position, StaffMember, Van
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, handover, job, position, reference, referral, shift, van

if TYPE_CHECKING:
    from console.live.actions import Action

ONE, TWO = van("CRU1"), van("CRU2")
WAITS, SECOND = referral(1, 4), referral(2, 30, priority="P2")
STEPS = (AssignmentState.ALLOCATED, AssignmentState.MOBILE, AssignmentState.ON_SCENE)


def mirror(*records: Any) -> Store:
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    put(store, *records)
    return store


def put(store: Store, *records: Any) -> None:
    rows: dict[str, list[Any]] = {}
    for record in records:
        rows.setdefault(type(record).__name__.lower(), []).append(record)
    store.put(rows)


def anew(store: Store, now: datetime) -> list[Alarm]:
    """What sounds, worked out record by record."""
    found: list[Alarm] = []
    for row in store.referrals():
        facts = referral_facts(store, row.id)
        found += referral_alarms(facts, store.reference) if facts else []
    for one in store.vans():
        known = van_facts(store, one.id)
        found += van_alarms(known, store.reference.rules) if known else []
    found = [alarm for alarm in found if alarm.sounds(now)]
    if store.link.state is LinkState.LOST:
        found = [*(one for one in found if not depends_on_link(one)), link_alarm(store.link.since)]
    return in_order(found)


class Room:
    """A mirror to which things happen one after the other, watched from the beginning."""

    def __init__(self) -> None:
        self.now = NOW
        self.version = 1
        self.store = mirror(ONE, TWO, WAITS, SECOND, shift(ONE.id, 20), shift(TWO.id, 300))
        self.watch = AlarmWatch(self.store)
        self.store.changed.connect(self.watch.follow)
        self.jobs = {one.id: job(WAITS.id, one.id, AssignmentState.ALLOCATED) for one in (ONE, TWO)}
        self.link = handover(WAITS.id)

    def happens(self, what: str, number: int) -> None:
        self.version += 1
        fresh = {"version": self.version}
        one, who = (ONE, TWO)[number % 2], (WAITS, SECOND)[number % 2]
        if what == "fix":
            put(self.store, replace(position(one.id), fixed_at=self.now, received_at=self.now, **fresh))
        elif what == "job":
            put(self.store, replace(self.jobs[one.id], state=STEPS[number % 3], **fresh))
        elif what == "job ends":
            self.store.put({}, gone={"assignment": [self.jobs[one.id].id]})
        elif what == "emergency":
            put(self.store, replace(one, emergency_at=self.now if number % 3 else None, **fresh))
        elif what == "referral":
            state = (ReferralState.ACCEPTED, ReferralState.CANCELLED, ReferralState.RECEIVED)[number % 3]
            held = self.now + timedelta(minutes=number) if number % 5 == 4 else None
            put(self.store, replace(who, state=state, hold_until=held, **fresh))
        elif what == "goes":
            self.store.put({}, gone={"referral": [who.id]} if number % 3 else {"van": [one.id]})
        elif what == "comes back":
            put(self.store, replace(who, **fresh), replace(one, **fresh))
        elif what == "handover":
            times = {HandoverState.STARTED: self.now - timedelta(minutes=number)}
            put(self.store, replace(self.link, state=HandoverState.STARTED, times=times, **fresh))
        elif what == "link":
            state = LinkState.LOST if number % 2 else LinkState.LIVE
            self.store.set_link(Link(state, self.now))
        else:
            self.now += timedelta(minutes=number)


happenings = st.sampled_from(
    ("fix", "job", "job ends", "emergency", "referral", "goes", "comes back", "handover", "link", "time", "time")
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(happenings, st.integers(0, 40)), min_size=3, max_size=25))
def test_what_sounds_is_what_would_be_worked_out_anew(steps: list[tuple[str, int]]) -> None:
    room = Room()
    for what, number in steps:
        room.happens(what, number)
        assert room.watch.sounding(room.now) == anew(room.store, room.now)
    assert AlarmWatch(room.store).sounding(room.now) == anew(room.store, room.now)
    room.watch.read_all()
    assert room.watch.sounding(room.now) == anew(room.store, room.now)


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_an_alarm_sounds_from_its_moment_and_not_before(looks: int) -> None:
    # Five minutes without a van, of which four have gone.
    watch, begins = AlarmWatch(mirror(WAITS)), NOW + timedelta(minutes=1)
    for before in range(looks):
        assert watch.sounding(begins - timedelta(seconds=30 - before)) == []
    assert watch.sounding(begins - timedelta(seconds=1)) == []
    assert [one.referral_id for one in watch.sounding(begins)] == [WAITS.id]


NO_TIME = cast("datetime", None)


@pytest.mark.parametrize(
    ("priority", "state", "gravity"),
    [
        ("P1", ReferralState.ACCEPTED, 1),
        ("P2", ReferralState.ACCEPTED, 2),
        ("P?", ReferralState.RECEIVED, 1),
        ("P1", ReferralState.CANCELLED, None),
        ("P1", ReferralState.CLOSED, None),
    ],
)
def test_a_referral_that_cannot_be_worked_out_sounds_while_it_is_open(
    priority: str, state: ReferralState, gravity: int | None
) -> None:
    lost = referral(7, priority=priority, state=state, times={"received": NO_TIME})
    lost = replace(lost, times={**lost.times, "received": cast("datetime", "yesterday")})
    store = mirror(lost)
    alarms = AlarmWatch(store).sounding(NOW)
    assert [(one.priority, one.referral_id, one.van_id) for one in alarms] == (
        [(gravity, lost.id, None)] if gravity else []
    )
    faults.forget()


@pytest.mark.parametrize(("emergency", "gravity"), [(None, 2), (ago(1), 1)])
def test_a_van_that_cannot_be_worked_out_sounds(emergency: datetime | None, gravity: int) -> None:
    two = van("CRU2", emergency_at=emergency)
    odd = replace(position(two.id), fixed_at=cast("datetime", "yesterday"))
    store = mirror(two, referral(1), odd)
    put(store, job(next(iter(store.referrals())).id, two.id, AssignmentState.MOBILE))
    watch = AlarmWatch(store)
    mine = [one for one in watch.sounding(NOW) if one.van_id == two.id]
    assert [(one.priority, one.referral_id, "CRU2" in one.sentence(NOW)) for one in mine] == [
        (gravity, None, True)
    ]
    store.changed.connect(watch.follow)
    store.put({}, gone={"van": [two.id]})
    assert [one for one in watch.sounding(NOW) if one.van_id] == []
    faults.forget()


def test_what_went_unheard_is_counted_no_more_when_all_is_counted_anew() -> None:
    store = mirror(WAITS, SECOND)
    tally = Tally(store)
    assert (tally.counts().open, tally.counts().first_waiting) == (2, 1)
    store.put({}, gone={"referral": [WAITS.id, SECOND.id]})
    assert tally.counts().open == 2
    tally.read_all()
    assert (tally.counts().open, tally.counts().first_waiting) == (0, 0)


def test_somebody_of_whom_nothing_is_known_waits() -> None:
    odd = replace(WAITS, times={"received": cast("datetime", "yesterday")})
    assert Tally(mirror(odd)).counts().first_waiting == 1
    faults.forget()


def test_a_van_that_cannot_be_worked_out_is_counted_with_the_others() -> None:
    counts = Tally(mirror(ONE, van("CRU9", DutyStatus.OFF_DUTY))).counts()
    assert (counts.on_shift, counts.free) == (1, 1)


JOB = job(WAITS.id, ONE.id, AssignmentState.MOBILE)
LINK = handover(SECOND.id)


def only(*ids: UUID) -> frozenset[UUID]:
    return frozenset(ids)


@pytest.mark.parametrize(
    ("delta", "referrals", "vans"),
    [
        (Delta(put={"referral": only(WAITS.id)}), {WAITS.id}, {ONE.id}),
        (Delta(gone={"referral": only(SECOND.id)}), {SECOND.id}, set()),
        (Delta(put={"van": only(ONE.id)}), {WAITS.id}, {ONE.id}),
        (Delta(gone={"van": only(TWO.id)}), set(), {TWO.id}),
        (Delta(put={"position": only(ONE.id)}), set(), {ONE.id}),
        (Delta(referrals=only(SECOND.id)), {SECOND.id}, set()),
        (Delta(vans=only(TWO.id)), set(), {TWO.id}),
        (Delta(put={"shift": only(uuid4())}), set(), set()),
    ],
)
def test_a_change_concerns_those_that_belong_together(delta: Delta, referrals: set[UUID], vans: set[UUID]) -> None:
    store = mirror(WAITS, SECOND, ONE, TWO, JOB, LINK)
    assert touched_referrals(delta, store) == referrals
    assert touched_vans(delta, store) == vans


def test_records_that_belong_together_are_put_together() -> None:
    amara = StaffMember(uuid4(), "Amara Example", "nurse", "female", ())
    store = Store(reference({amara.id: amara}), Link(LinkState.LIVE, NOW))
    crew, fix = replace(shift(ONE.id), staff_ids=(amara.id, uuid4())), position(ONE.id)
    put(store, WAITS, ONE, TWO, JOB, crew, fix, handover(WAITS.id))
    facts, of = van_facts(store, ONE.id), referral_facts(store, WAITS.id)
    assert facts is not None
    assert (facts.van, facts.shift, facts.job, facts.referral, facts.position) == (ONE, crew, JOB, WAITS, fix)
    assert facts.crew == (amara,)
    alone = van_facts(store, TWO.id)
    assert alone is not None
    assert (alone.shift, alone.job, alone.referral, alone.position, alone.crew) == (None, None, None, None, ())
    assert of is not None
    assert (of.referral, tuple(of.assignments), dict(of.callsigns)) == (WAITS, (JOB,), {ONE.id: "CRU1"})
    assert len(tuple(of.handovers)) == 1
    assert van_facts(store, uuid4()) is None
    assert referral_facts(store, uuid4()) is None
    # A van that the mirror does not know has no callsign.
    store.put({}, gone={"van": [ONE.id]})
    without = referral_facts(store, WAITS.id)
    assert without is not None
    assert dict(without.callsigns) == {}


class Asked:
    """As much of an action as is asked for here."""

    def __init__(self, command: commands.Command) -> None:
        self.command = command


def test_what_is_on_its_way_marks_its_referral_and_its_van() -> None:
    store = mirror(WAITS, SECOND, ONE, TWO, JOB)
    asked = [
        Asked(commands.Step(assignment_id=JOB.id, to=AssignmentState.ON_SCENE)),
        Asked(commands.AddNote(referral_id=SECOND.id, words="Rang back")),
        Asked(commands.GoOffDuty(van_id=TWO.id)),
        Asked(commands.Allocate(referral_id=SECOND.id, van_id=TWO.id)),
    ]
    pending = cast("list[Action]", asked)
    assert referrals_underway(pending, store) == {WAITS.id, SECOND.id}
    # That somebody looks at it says nothing on its row.
    looked = cast("list[Action]", [Asked(commands.OpenRecord(referral_id=WAITS.id))])
    assert referrals_underway(looked, store) == set()
    assert vans_underway(pending, store) == {ONE.id, TWO.id}
    assert steps_underway(pending, store, WAITS.id) == pending[:1]
    assert steps_underway(pending, store, SECOND.id) == pending[3:]
    assert steps_underway(pending, store, uuid4()) == []
    assert (referrals_underway([], store), vans_underway(pending[1:2], store)) == (set(), set())


def test_records_of_the_test_are_what_they_say() -> None:
    assert isinstance(ONE, Van)
    assert isinstance(position(ONE.id), Position)


def test_a_job_that_cannot_be_read_hides_no_other_change() -> None:
    store = mirror(WAITS, SECOND, ONE, TWO, replace(JOB, times={}))
    delta = Delta(put={"referral": only(WAITS.id)}, vans=only(TWO.id))
    assert touched_vans(delta, store) == {TWO.id}
    faults.forget()


def test_a_backup_that_is_missing_sounds_until_one_is_made() -> None:
    store = mirror(WAITS, ONE)
    alone = AlarmWatch(store).sounding(NOW)
    old, drilled = Made(BACKUP, ago(60 * 25), None, ago(9000)), Made(DRILL, ago(60), None, ago(9000))
    store.set_reference(replace(reference(), backups=(old, drilled)))
    watch = AlarmWatch(store)
    assert watch.sounding(NOW) == alone
    later = NOW + timedelta(hours=2)
    assert [one.kind for one in watch.sounding(later) if not one.referral_id] == ["backup"]
    store.set_reference(replace(reference(), backups=(replace(old, last_at=NOW), drilled)))
    watch.read_all()
    assert [one.kind for one in watch.sounding(later) if not one.referral_id] == []


def test_a_record_that_is_not_sealed_sounds_until_it_is_and_one_that_is_not_what_was_sealed_always() -> None:
    store = mirror(WAITS)
    store.set_reference(replace(reference(), seal_since=ago(31)))
    watch = AlarmWatch(store)

    def heard(at: datetime = NOW) -> list[str]:
        return [one.kind for one in watch.sounding(at) if not one.referral_id]

    assert heard() == ["seal"]
    made = Checkpoint("x", 1, bytes(32), 1, NOW)
    store.seal.see(note_of(made, Signature("x", b"key ", b"")))
    assert heard() == []
    assert heard(NOW + timedelta(minutes=30)) == ["seal"]
    store.seal.doubt(NOW)
    assert heard() == ["seal_broken"]


def test_a_trust_that_backs_up_otherwise_takes_the_alarm_out_of_service() -> None:
    store = mirror(WAITS)
    kind = AlarmKind("backup", "x", 2, timedelta(), 1, timedelta(), None, False, True, "x", active=False)
    backups = (Made(BACKUP, None, None, ago(90000)),)
    store.set_reference(replace(reference(), backups=backups, alarm_kinds={"backup": kind}))
    assert [one.kind for one in AlarmWatch(store).sounding(NOW) if not one.referral_id] == []
