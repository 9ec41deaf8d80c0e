"""Lanes that are kept: only what changed is worked out anew, a little at a time, and the end is the same."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QObject

from console.live.etas import Etas
from console.live.foresight import Foresight
from console.live.store import Link, LinkState, Store
from console.running.faults import faults
from console.views.timeline import book as book_of
from console.views.timeline.book import LaneBook
from console.views.timeline.lanes import lanes
from console.views.timeline.stories import Stories
from db.domain.records import Referral
from db.domain.situation import Facts
from db.domain.states import AssignmentState, ReferralState
from tests.unit.board_records import NOW, ago, job, reference, referral, van

TWO, FIVE = van("CRU2"), van("CRU5")


class Expected(Etas):
    """Arrivals as the test says."""

    def __init__(self) -> None:
        self.known: dict[UUID, datetime] = {}

    def of(self, assignment_id: UUID) -> datetime | None:
        return self.known.get(assignment_id)


async def nothing(_keys: Any) -> dict[UUID, Any]:
    return {}


@pytest.fixture
def owner() -> QObject:
    return QObject()


@pytest.fixture
def store() -> Store:
    made = Store(reference(), Link(LinkState.LIVE, NOW))
    made.put({"van": [TWO, FIVE], "referral": [referral(number, 10 + number) for number in range(8)]})
    return made


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The numbers of the lanes that were drawn, in their order."""
    found: list[str] = []
    lane_of = book_of.lane_of

    def counted(now_is: Any, around: Any) -> Any:
        found.append(now_is.facts.referral.reference[-4:])
        return lane_of(now_is, around)

    monkeypatch.setattr(book_of, "lane_of", counted)
    return found


def book(store: Store, owner: QObject, etas: Etas | None = None) -> LaneBook:
    return LaneBook(store, etas or Expected(), Foresight(), Stories(nothing, owner))


def number(store: Store, which: int) -> Referral:
    return next(one for one in store.referrals() if one.reference.endswith(f"{which:04}"))


def test_the_lanes_are_the_same_as_if_all_were_worked_out_at_once(store: Store, owner: QObject) -> None:
    kept = book(store, owner)
    store.changed.connect(kept.take)
    assert kept.work(NOW, 60)
    of = number(store, 3)
    sent = job(of.id, TWO.id, AssignmentState.MOBILE, allocated=5)
    was = referral(21, 60, state=ReferralState.CLOSED, times={"closed": ago(4)})
    over = job(was.id, FIVE.id, AssignmentState.CLEAR, allocated=50, on_scene=40, clear=6)
    for change in (
        {"referral": [was], "assignment": [over]},
        {"van": [replace(FIVE, callsign="CRU8", version=2)]},
        {"referral": [replace(of, version=2, state=ReferralState.ALLOCATED)], "assignment": [sent]},
        {"referral": [replace(number(store, 5), version=2, hold_until=ago(-9), hold_reason="call_back")]},
        {"referral": [replace(number(store, 6), version=2, entered_in_error_at=ago(1))]},
        {"van": [replace(TWO, callsign="CRU9", version=2)]},
        {"referral": [referral(20, 3, state=ReferralState.CLOSED, times={"closed": ago(2)})]},
    ):
        store.put(change)
        assert kept.work(NOW, 60)
        assert kept.live(NOW) == lanes(store, lambda _: None, NOW)
    store.put({}, gone={"referral": [of.id]})
    assert kept.work(NOW, 60)
    assert kept.live(NOW) == lanes(store, lambda _: None, NOW)


def test_only_what_changed_is_drawn_anew(store: Store, owner: QObject, drawn: list[str]) -> None:
    etas = Expected()
    kept = book(store, owner, etas)
    store.changed.connect(kept.take)
    of = number(store, 3)
    sent = job(of.id, TWO.id, AssignmentState.MOBILE, allocated=5)
    store.put({"referral": [replace(of, version=2, state=ReferralState.ALLOCATED)], "assignment": [sent]})
    kept.work(NOW, 60)
    assert len(drawn) == 8
    drawn.clear()
    store.put({"referral": [replace(number(store, 1), version=2, hold_reason="x")]})
    kept.work(NOW, 60)
    assert drawn == ["0001"]
    drawn.clear()
    store.put({"van": [replace(TWO, version=2, duty_reason="x")]})
    kept.work(NOW, 60)
    assert drawn == ["0003"]
    drawn.clear()
    etas.known[sent.id] = ago(-7)
    kept.draw_coming()
    kept.work(NOW, 60)
    assert drawn == ["0003"]
    assert any(part.label == "ETA 7 min" for lane in kept.live(NOW) for part in lane.segments)


def test_time_that_passes_draws_only_what_is_open(store: Store, owner: QObject, drawn: list[str]) -> None:
    store.put({"referral": [referral(20, 90, state=ReferralState.CLOSED, times={"closed": ago(2)})]})
    kept = book(store, owner)
    kept.work(NOW, 60)
    drawn.clear()
    later = NOW + timedelta(minutes=1)
    kept.draw_open()
    kept.work(later, 60)
    assert sorted(drawn) == [f"{one:04}" for one in range(8)]
    assert kept.live(later) == lanes(store, lambda _: None, later)


def test_it_is_worked_out_a_little_at_a_time_and_what_is_in_sight_first(
    store: Store, owner: QObject, drawn: list[str]
) -> None:
    kept = book(store, owner)
    turns = 1
    while not kept.is_ordered:
        assert not kept.work(NOW, 0)
        turns += 1
    assert turns >= 8
    # Each has its name and its place before any is drawn.
    bare = kept.live(NOW)
    assert len(bare) == 8
    assert not any(lane.segments for lane in bare)
    assert [lane.title for lane in bare] == [lane.title for lane in lanes(store, lambda _: None, NOW)]
    drawn.clear()
    assert kept.draw_now(bare[:2], NOW)
    assert drawn == [lane.title for lane in bare[:2]]
    assert not kept.draw_now(kept.live(NOW)[:2], NOW)
    assert kept.work(NOW, 60)
    assert len(drawn) == 8


def test_one_that_cannot_be_worked_out_costs_itself(store: Store, owner: QObject) -> None:
    # On top and in the order of their numbers, in whichever they came.
    store.put({"referral": [referral(which, 5, times={"received": "never"}) for which in (32, 30, 31)]})
    kept = book(store, owner)
    assert kept.work(NOW, 60)
    found = kept.live(NOW)
    assert len(found) == 11
    assert [(lane.title, lane.subtitle) for lane in found[:3]] == [
        (title, "cannot be shown") for title in ("0030", "0031", "0032")
    ]
    assert found == lanes(store, lambda _: None, NOW)
    faults.forget()


def test_the_past_stands_beside_the_mirror_and_goes_when_nobody_looks_back(store: Store, owner: QObject) -> None:
    kept = book(store, owner)
    kept.work(NOW, 60)
    old = referral(91, 3000, state=ReferralState.CLOSED, times={"closed": ago(2900)})
    known = number(store, 2)
    kept.take_past([Facts(old), Facts(replace(known, priority="P3"))])
    assert kept.work(NOW, 60)
    assert len(kept.all()) == 9
    assert len(kept.live(NOW)) == 8
    assert {one.referral.priority for one in kept.facts() if one.referral.id == known.id} == {"P1"}
    kept.take_past(())
    assert kept.work(NOW, 60)
    assert len(kept.all()) == 8
