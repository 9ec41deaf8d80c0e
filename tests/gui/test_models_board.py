"""The board's list against what the board should show, fed with records straight through the store."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PySide6.QtTest import QAbstractItemModelTester

from console.live.alarm_watch import AlarmWatch, Tally
from console.live.store import Link, LinkState, Store
from console.models.referrals import ReferralModel
from db.domain.alarms import in_order, referral_alarms
from db.domain.board import Group, board_row, place
from db.domain.records import Location, Referral
from db.domain.situation import Facts
from db.domain.states import AssignmentState, ReferralState
from tests.unit.board_records import NOW, ago, job, position, reference, referral, van

if TYPE_CHECKING:
    from uuid import UUID

TOWNS = ["Kettering", "Corby", "Daventry", "Towcester"]


class Board(RuleBasedStateMachine):
    """Referrals come, change, rest, end and go while somebody filters, folds groups and time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.oracle: dict[UUID, Referral] = {}
        self.needle = ""
        self.open = {Group.OPEN}

    @initialize(numbers=st.integers(0, 90))
    def begin(self, numbers: int) -> None:
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        self._take([referral(500 + number, number) for number in range(numbers)])
        self.model = ReferralModel(self.store, lambda: self.now)
        self.watch, self.tally = AlarmWatch(self.store), Tally(self.store)
        self.store.changed.connect(self.watch.follow)
        self.store.changed.connect(self.tally.follow)
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)

    def _take(self, rows: list[Referral]) -> None:
        self.oracle |= {row.id: row for row in rows}
        self.store.put({"referral": rows})

    @rule(
        number=st.integers(1, 400),
        received=st.integers(0, 90),
        town=st.sampled_from(TOWNS),
        priority=st.sampled_from(["P1", "P2", "P3"]),
    )
    def comes(self, number: int, received: int, town: str, priority: str) -> None:
        if any(row.reference[-4:] == f"{number:04d}" for row in self.oracle.values()):
            return
        self._take([referral(number, received, location=Location(town), priority=priority)])

    @rule(
        data=st.data(),
        held=st.one_of(st.none(), st.integers(-5, 60)),
        state=st.sampled_from(ReferralState),
        error=st.booleans(),
    )
    def changes(self, data: st.DataObject, held: int | None, state: ReferralState, error: bool) -> None:
        if not self.oracle:
            return
        old = self.oracle[data.draw(st.sampled_from(sorted(self.oracle, key=str)))]
        until = None if held is None else self.now + timedelta(minutes=held)
        new = referral(
            int(old.reference[-4:]),
            id=old.id,
            version=old.version + 1,
            state=state,
            location=old.location,
            priority=old.priority,
            times=dict(old.times) | ({"closed": ago(1)} if state is ReferralState.CLOSED else {}),
            hold_until=until,
            entered_in_error_at=NOW if error else None,
        )
        self._take([new])

    @rule(data=st.data())
    def many_go(self, data: st.DataObject) -> None:
        keep = data.draw(st.sets(st.sampled_from(sorted(self.oracle, key=str)))) if self.oracle else set()
        self.oracle = {key: row for key, row in self.oracle.items() if key in keep}
        self.store.replace({"referral": list(self.oracle.values())})

    @rule(minutes=st.integers(0, 30))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.model.tick()

    @rule(text=st.sampled_from(["", "k", "ke", "kett", "CORBY", "05", "p1 dav", "accepted", "none of these"]))
    def filters(self, text: str) -> None:
        self.needle = text
        self.model.set_filter(text)

    @rule(group=st.sampled_from([Group.HELD, Group.CLOSED]))
    def folds(self, group: Group) -> None:
        self.open ^= {group}
        self.model.toggle(group)

    @invariant()
    def shows_what_it_should(self) -> None:
        rows = [board_row(Facts(row), self.store.reference) for row in self.oracle.values()]
        words = self.needle.lower().split()
        expected: list[object] = []
        for group in Group:
            inside = sorted((place(row, self.now), row) for row in rows if place(row, self.now)[0] == group)
            if inside and group is not Group.OPEN:
                expected.append(group)
                assert self.model.item(group).count == sum(row.counts for _, row in inside)
            if words or group in self.open:
                expected += [row.referral_id for _, row in inside if all(word in row.haystack for word in words)]
        assert list(self.model.ids()) == expected

    @invariant()
    def counts_and_alarms_agree(self) -> None:
        live = [row for row in self.oracle.values() if row.is_open]
        counts = self.tally.counts()
        assert counts.open == len(live)
        assert counts.first_waiting == sum(row.priority == "P1" for row in live)
        known = [one for row in live for one in referral_alarms(Facts(row), self.store.reference)]
        assert self.watch.sounding(self.now) == in_order([one for one in known if one.sounds(self.now)])


TestBoard = Board.TestCase
TestBoard.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_a_tick_moves_only_what_comes_back(qapp: object) -> None:
    clock: list[datetime] = [NOW]
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    model = ReferralModel(store, lambda: clock[0])
    late, early = referral(1, 50), referral(2, 10)
    held = referral(3, 30, hold_until=NOW + timedelta(minutes=5))
    store.put({"referral": [late, early, held]})
    signals: list[str] = []
    for name in ("rowsMoved", "rowsInserted", "rowsRemoved", "layoutChanged"):
        getattr(model, name).connect(lambda *_, name=name: signals.append(name))
    clock[0] += timedelta(minutes=4)
    model.tick()
    assert signals == []
    clock[0] += timedelta(minutes=1)
    model.tick()
    assert signals == ["rowsInserted", "rowsRemoved"]
    assert model.ids() == (late.id, held.id, early.id)


def test_sending_marks_and_unmarks_a_row(qapp: object) -> None:
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    model = ReferralModel(store, lambda: NOW)
    who = referral()
    store.put({"referral": [who]})
    model.set_sending([who.id])
    assert model.index(0).data().endswith("sending")
    model.set_sending([])
    assert "sending" not in model.index(0).data()


@pytest.mark.parametrize("wall", [True, False])
def test_the_wall_cannot_be_searched_by_place(qapp: object, wall: bool) -> None:
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    model = ReferralModel(store, lambda: NOW, wall=wall)
    store.put({"referral": [referral()]})
    model.set_filter("kettering")
    assert model.rowCount() == (0 if wall else 1)


def test_an_alarm_that_fixes_put_off_sounds_when_they_stop(qapp: object) -> None:
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    watch = AlarmWatch(store)
    store.changed.connect(watch.follow)
    two, who = van(), referral(received=1)
    sent = job(who.id, two.id, AssignmentState.MOBILE, allocated=1)
    fix = position(two.id, 0)
    store.put({"van": [two], "referral": [who], "assignment": [sent], "position": [fix]})
    minutes = [NOW + timedelta(minutes=number) for number in range(9)]
    store.put({"position": [replace(fix, version=2, fixed_at=minutes[2])]})
    assert [watch.sounding(moment) for moment in minutes[:7]] == [[]] * 7
    assert [alarm.van_id for alarm in watch.sounding(minutes[7])] == [two.id]
    store.set_link(Link(LinkState.LOST, minutes[8]))
    assert [alarm.key for alarm in watch.sounding(minutes[8])] == ["link lost"]
