"""The alarms of the whole room: what is watched change by change is what would be worked out anew."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.live.alarm_watch import AlarmWatch, Counts, Tally
from console.live.joins import referral_facts, van_facts
from console.live.store import Link, LinkState, Store
from console.running.faults import faults
from db.domain.alarms import Alarm, in_order, link_alarm, referral_alarms, van_alarms
from db.domain.care import HowItEnded
from db.domain.party import Party
from db.domain.states import AssignmentState, DutyStatus, ReferralState
from tests.unit.board_records import NOW, job, position, reference, referral, van

MINUTE = timedelta(minutes=1)


def watched(*records: Any) -> tuple[Store, AlarmWatch]:
    """A store, and what watches it."""
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    watch = AlarmWatch(store)
    store.changed.connect(watch.follow)
    for record in records:
        put(store, record)
    return store, watch


def put(store: Store, record: Any) -> None:
    store.put({type(record).__name__.lower(): [record]})


def anew(store: Store, now: datetime) -> list[Alarm]:
    """What sounds, worked out from everything there is."""
    facts = [referral_facts(store, one.id) for one in store.referrals()]
    found = [alarm for one in facts if one for alarm in referral_alarms(one, store.reference)]
    vans = [van_facts(store, one.id) for one in store.vans()]
    found += [alarm for one in vans if one for alarm in van_alarms(one, store.reference.rules)]
    if store.link.state is LinkState.LOST:
        found = [alarm for alarm in found if not alarm.key.startswith("fix ")] + [link_alarm(store.link.since)]
    return in_order([alarm for alarm in found if alarm.sounds(now)])


VANS = [van(f"CRU{number}", DutyStatus.AVAILABLE) for number in range(1, 4)]
REFERRALS = [referral(number, 10) for number in range(1, 5)]
changes = st.one_of(
    st.tuples(st.just("referral"), st.integers(0, 3), st.integers(-40, 90), st.sampled_from(["P1", "P2", "P9"])),
    st.tuples(st.just("end"), st.integers(0, 3), st.just(0), st.just("")),
    st.tuples(st.just("hold"), st.integers(0, 3), st.integers(-5, 90), st.just("")),
    st.tuples(st.just("job"), st.integers(0, 3), st.integers(0, 2), st.sampled_from(["mobile", "with patient"])),
    st.tuples(st.just("stood"), st.integers(0, 3), st.integers(0, 2), st.just("")),
    st.tuples(st.just("fix"), st.integers(0, 2), st.integers(-10, 10), st.just("")),
    st.tuples(st.just("emergency"), st.integers(0, 2), st.integers(-5, 5), st.just("")),
    st.tuples(st.just("clear"), st.integers(0, 2), st.just(0), st.just("")),
    st.tuples(st.just("gone"), st.integers(0, 3), st.just(0), st.just("")),
    st.tuples(st.just("link"), st.integers(0, 1), st.just(0), st.just("")),
    st.tuples(st.just("time"), st.integers(0, 45), st.just(0), st.just("")),
)


class Room:
    """Changes of a record, one after another, and the time that passes."""

    def __init__(self) -> None:
        self.store, self.watch = watched(*VANS, *REFERRALS)
        self.now, self.version = NOW, 1
        self.jobs: dict[tuple[int, int], Any] = {}

    def do(self, what: str, first: int, second: int, word: str) -> None:
        self.version += 1
        getattr(self, what)(first, second, word)

    def _referral(self, number: int, **changed: Any) -> None:
        known = self.store.referral(REFERRALS[number].id) or REFERRALS[number]
        put(self.store, replace(known, version=self.version, **changed))

    def _van(self, number: int, **changed: Any) -> None:
        known = self.store.van(VANS[number].id) or VANS[number]
        put(self.store, replace(known, version=self.version, **changed))

    def referral(self, number: int, minutes: int, priority: str) -> None:
        received = {"received": self.now - minutes * MINUTE}
        self._referral(number, times=received, priority=priority, state=ReferralState.ACCEPTED)

    def end(self, number: int, _: int, __: str) -> None:
        self._referral(number, state=ReferralState.CANCELLED)

    def hold(self, number: int, minutes: int, _: str) -> None:
        self._referral(number, hold_until=self.now + minutes * MINUTE, hold_reason="x")

    def job(self, number: int, who: int, state: str) -> None:
        made = self.jobs.get((number, who)) or job(
            REFERRALS[number].id, VANS[who].id, AssignmentState.ALLOCATED, allocated=1
        )
        self.jobs[number, who] = made
        times = made.times | {AssignmentState(state): self.now}
        put(self.store, replace(made, version=self.version, state=AssignmentState(state), times=times))

    def stood(self, number: int, who: int, _: str) -> None:
        if made := self.jobs.get((number, who)):
            put(self.store, replace(made, version=self.version, state=AssignmentState.STOOD_DOWN))

    def fix(self, who: int, minutes: int, _: str) -> None:
        at = self.now - minutes * MINUTE
        put(self.store, replace(position(VANS[who].id, 0), version=self.version, fixed_at=at, received_at=at))

    def emergency(self, who: int, minutes: int, _: str) -> None:
        self._van(who, emergency_at=self.now - minutes * MINUTE)

    def clear(self, who: int, _: int, __: str) -> None:
        self._van(who, emergency_at=None)

    def gone(self, number: int, _: int, __: str) -> None:
        self.store.put({}, gone={"referral": {REFERRALS[number].id}})

    def link(self, up: int, _: int, __: str) -> None:
        self.store.set_link(Link(LinkState.LIVE if up else LinkState.LOST, self.now))

    def time(self, minutes: int, _: int, __: str) -> None:
        self.now += minutes * MINUTE


@settings(max_examples=60)
@given(st.lists(changes, max_size=30))
def test_what_is_watched_is_what_is_worked_out_anew(made: list[tuple[str, int, int, str]]) -> None:
    room = Room()
    for change in made:
        room.do(*change)
        assert room.watch.sounding(room.now) == anew(room.store, room.now)
    later = AlarmWatch(room.store)
    for minutes in range(0, 120, 7):
        at = room.now + minutes * MINUTE
        assert room.watch.sounding(at) == later.sounding(at) == anew(room.store, at)


def test_everything_is_read_anew_when_the_rules_have_changed() -> None:
    who, two = referral(received=4), VANS[0]
    store, watch = watched(who, two, job(referral(5).id, two.id, AssignmentState.MOBILE, allocated=4))
    assert watch.sounding(NOW) == []
    rules = replace(store.reference.rules, no_van=MINUTE, lost_fix=MINUTE)
    store.set_reference(replace(store.reference, rules=rules))
    watch.read_all()
    found = watch.sounding(NOW)
    assert {alarm.referral_id or alarm.van_id for alarm in found} == {who.id, two.id}


def test_a_link_that_is_lost_sounds_and_hides_what_follows_from_it() -> None:
    who, two = referral(received=1), VANS[0]
    store, watch = watched(who, two, job(who.id, two.id, AssignmentState.MOBILE, allocated=30))
    assert [alarm.key for alarm in watch.sounding(NOW)] == [f"fix {two.id}"]
    store.set_link(Link(LinkState.LOST, NOW))
    assert [alarm.key for alarm in watch.sounding(NOW)] == ["link lost"]
    store.set_link(Link(LinkState.CONNECTING, NOW))
    assert [alarm.key for alarm in watch.sounding(NOW)] == [f"fix {two.id}"]


def test_a_fix_a_second_leaves_one_wake_a_van() -> None:
    who, two = referral(received=1), VANS[0]
    store, watch = watched(who, two, job(who.id, two.id, AssignmentState.MOBILE, allocated=1))
    for second in range(100):
        at = NOW + timedelta(seconds=second)
        put(store, replace(position(two.id, 0), version=second + 2, fixed_at=at, received_at=at))
        watch.sounding(at)
    assert len(watch._ahead) == len(watch._wakes) <= 2
    # Nothing is kept of what has ended.
    put(store, replace(who, version=9, state=ReferralState.CANCELLED))
    assert who.id not in watch._of
    assert who.id not in watch._on


ODD = NOW.replace(tzinfo=None)


@pytest.mark.hazard("H-051")
@pytest.mark.parametrize(("priority", "grave"), [("P1", 1), ("P2", 2), ("P9", 1)])
def test_a_referral_that_cannot_be_read_is_said_to_be(priority: str, grave: int) -> None:
    odd = replace(referral(7), times={"received": ODD}, priority=priority)
    store, watch = watched(odd)
    (alarm,) = watch.sounding(NOW)
    assert (alarm.referral_id, alarm.priority, alarm.reference, alarm.since) == (odd.id, grave, odd.reference, NOW)
    # One that has ended needs no hand.
    put(store, replace(odd, version=2, state=ReferralState.CLOSED))
    assert watch.sounding(NOW) == []
    put(store, replace(odd, version=3))
    assert watch.sounding(NOW)
    store.put({}, gone={"referral": {odd.id}})
    assert watch.sounding(NOW) == []
    faults.forget()


@pytest.mark.parametrize(("emergency", "grave"), [(ODD, 1), (None, 2)])
def test_a_van_that_cannot_be_read_is_said_to_be(emergency: datetime | None, grave: int) -> None:
    who, two = referral(received=1), replace(VANS[0], emergency_at=emergency)
    sent = job(who.id, two.id, AssignmentState.MOBILE, allocated=1)
    odd_fix = replace(position(two.id, 0), fixed_at=ODD)
    store, watch = watched(who, two, sent, odd_fix)
    (alarm,) = watch.sounding(NOW)
    assert (alarm.van_id, alarm.priority, alarm.since) == (two.id, grave, NOW)
    assert alarm.words.startswith("CRU1 cannot be read")
    store.put({}, gone={"van": {two.id}})
    assert watch.sounding(NOW) == []
    faults.forget()


def test_one_that_has_ended_needs_no_hand_though_its_vans_cannot_be_read() -> None:
    who = referral(7)
    plain = job(who.id, VANS[0].id, AssignmentState.CLEAR, allocated=5)
    odd = replace(job(who.id, VANS[1].id, AssignmentState.CLEAR), times={AssignmentState.ALLOCATED: ODD})
    store, watch = watched(who, plain, odd)
    assert [alarm.words for alarm in watch.sounding(NOW)] == ["cannot be read: its alarms are not known"]
    put(store, replace(who, version=2, state=ReferralState.CLOSED))
    assert watch.sounding(NOW) == []
    faults.forget()


def test_what_is_gone_is_counted_no_more() -> None:
    store, _ = watched(*REFERRALS)
    tally = Tally(store)
    store.changed.connect(tally.follow)
    assert (tally.counts().open, tally.counts().first_waiting) == (4, 4)
    store.put({}, gone={"referral": {REFERRALS[0].id, UUID(int=9)}})
    assert (tally.counts().open, tally.counts().first_waiting) == (3, 3)
    # Counted anew, nothing of before is left.
    store._tables["referral"].clear()
    tally.read_all()
    assert (tally.counts().open, tally.counts().first_waiting) == (0, 0)


def test_nothing_is_known_of_what_is_not_there() -> None:
    store, watch = watched()
    watch._read_referrals([UUID(int=5)])
    watch._read_vans([UUID(int=5)])
    assert watch._unreadable_referral(UUID(int=5)) == watch._unreadable_van(UUID(int=5)) == []
    assert watch.sounding(NOW) == []
    assert store.referrals() == []


def test_the_counts_in_words_and_in_fewer() -> None:
    counts = Counts(first_waiting=2, first_code="P1", open=5, free=4, on_shift=6)
    assert counts.words() == "2 P1 waiting · 5 open · 4 of 6 vans free"
    assert replace(counts, unnamed=3).words().endswith(" · 3 ended, nobody named")
    assert counts.shorter() == ("2 P1 waiting · 5 open · 4 of 6 free", "2 P1 · 5 open · 4 of 6 free")


def test_endings_that_name_nobody_are_counted_until_somebody_does() -> None:
    over, going = referral(1, state=ReferralState.DECLINED), referral(2)
    endings = [HowItEnded(one.id, 1, one.id, "declined", "x", NOW) for one in (over, going)]
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    store.put({"referral": [over, going], "ending": endings})
    tally = Tally(store)
    assert tally.counts().unnamed == 1, "whoever is still here has not ended"
    store.changed.connect(tally.follow)
    named = replace(endings[0], version=2, holder_kind=Party.OTHER, holder_name="Bram")
    store.put({"ending": [named]})
    assert tally.counts().unnamed == 0
    store.put({"ending": [replace(endings[0], version=3)]})
    assert tally.counts().unnamed == 1
    store.put({}, gone={"referral": {over.id}, "ending": {over.id}})
    assert tally.counts().unnamed == 0
