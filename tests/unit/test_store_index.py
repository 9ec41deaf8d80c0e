"""What belongs to a referral or a van is found by it, as long as it is there and no longer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from console.live.store import Link, LinkState, Store
from db.domain.about import AboutItem, Said
from db.domain.cautions import Flag
from db.domain.read_back import Booking, ReadBack
from db.domain.records import Assignment, Screening
from db.domain.states import AssignmentState
from tests.unit.board_records import NOW, ago, handover, job, reference, referral, shift, van

ONE, TWO = referral(1), referral(2)
CRU1, CRU2 = van("CRU1"), van("CRU2")


def stored(**rows: list[Any]) -> Store:
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    store.put({"referral": [ONE, TWO], "van": [CRU1, CRU2], **rows})
    return store


def of(number: int, who: Any, what: Any, **times: float) -> Assignment:
    return job([ONE, TWO][number].id, who.id, what, **times)


@pytest.mark.parametrize("goes", [0, 1, 2])
def test_one_that_goes_takes_no_other_along(goes: int) -> None:
    jobs = [
        of(0, who, AssignmentState.MOBILE, allocated=30 - n) for n, who in enumerate((CRU1, CRU2, van("CRU3")))
    ]
    links = [replace(handover(ONE.id), ordinal=n + 1) for n in range(3)]
    store = stored(assignment=jobs, handover=links)
    assert store.assignments_of(ONE.id) == jobs
    assert store.handovers_of(ONE.id) == links
    store.put({}, gone={"assignment": {jobs[goes].id}, "handover": {links[goes].id}})
    assert store.assignments_of(ONE.id) == [one for one in jobs if one is not jobs[goes]]
    assert store.handovers_of(ONE.id) == [one for one in links if one is not links[goes]]
    assert [store.job_of(one.van_id) for one in jobs] == [
        None if number == goes else one for number, one in enumerate(jobs)
    ]


def test_one_that_moves_to_another_is_found_there_only() -> None:
    sent, on_duty = of(0, CRU1, AssignmentState.MOBILE, allocated=5), shift(CRU1.id)
    store = stored(assignment=[sent], shift=[on_duty])
    moved = replace(sent, version=2, referral_id=TWO.id, van_id=CRU2.id)
    store.put({"assignment": [moved], "shift": [replace(on_duty, version=2, van_id=CRU2.id)]})
    assert (store.assignments_of(ONE.id), store.assignments_of(TWO.id)) == ([], [moved])
    assert (store.job_of(CRU1.id), store.job_of(CRU2.id)) == (None, moved)
    assert store.shift_of(CRU1.id) is None
    assert store.shift_of(CRU2.id) is not None


def test_nothing_is_kept_of_what_is_gone() -> None:
    sent, link, on_duty = of(0, CRU1, AssignmentState.MOBILE, allocated=5), handover(ONE.id), shift(CRU1.id)
    store = stored(assignment=[sent], handover=[link], shift=[on_duty])
    store.put({}, gone={"assignment": {sent.id}, "handover": {link.id}, "shift": {on_duty.id}})
    kept = [*store._of_referral.values(), *store._of_van.values()]
    assert kept
    assert [index for index in kept if index] == []


def test_only_what_is_open_is_a_vans() -> None:
    old = of(0, CRU1, AssignmentState.CLEAR, allocated=50, on_scene=40)
    new = of(1, CRU1, AssignmentState.MOBILE, allocated=5)
    ended = replace(shift(CRU1.id), ended_at=NOW)
    running = shift(CRU1.id)
    store = stored(assignment=[old, new], shift=[ended, running])
    assert store.job_of(CRU1.id) == new
    assert store.shift_of(CRU1.id) == running
    store.put({}, gone={"assignment": {new.id}, "shift": {running.id}})
    assert store.job_of(CRU1.id) is None
    assert store.shift_of(CRU1.id) is None


def test_vans_stand_in_the_order_in_which_people_count() -> None:
    store = stored(van=[van(name) for name in ("CRU10", "CRU2", "CRU1", "AB1")])
    assert [one.callsign for one in store.vans()] == ["AB1", "CRU1", "CRU2", "CRU10"]


def _about(minutes: float) -> AboutItem:
    return AboutItem(uuid4(), 1, ONE.id, Said("helps", "", f"tea {minutes}"), "a.shah", ago(minutes))


def _read(minutes: float) -> ReadBack:
    return ReadBack(uuid4(), ONE.id, uuid4(), "Amara", "radio", "x", "a.shah", ago(minutes))


def _passed(minutes: float) -> Screening:
    return Screening(uuid4(), 1, ONE.id, 1, {}, "", ago(minutes), "a.shah")


def _booked(minutes: float) -> Booking:
    return Booking(uuid4(), ONE.id, "lit", "an agency", "", None, "a.shah", ago(minutes))


@pytest.mark.parametrize(
    ("table", "made", "of_it"),
    [
        ("about_me", _about, Store.about_of),
        ("read_back", _read, Store.read_backs_of),
        ("screening", _passed, Store.screenings_of),
    ],
)
def test_what_belongs_to_a_referral_stands_oldest_first(
    table: str, made: Callable[[float], Any], of_it: Callable[[Store, UUID], list[Any]]
) -> None:
    late, early, middle = made(1), made(9), made(4)
    store = stored(**{table: [late, early, middle]})
    assert of_it(store, ONE.id) == [early, middle, late]
    assert of_it(store, TWO.id) == []
    store.put({}, gone={table: {early.id}})
    assert of_it(store, ONE.id) == [middle, late]


def test_bookings_are_found_by_their_referral() -> None:
    booked = _booked(1)
    store = stored(interpreter=[booked])
    assert (store.bookings_of(ONE.id), store.bookings_of(TWO.id)) == ([booked], [])


def test_a_flag_is_found_at_each_referral_that_it_is_about_and_a_delta_says_so() -> None:
    told: list[Any] = []
    store = stored()
    store.changed.connect(told.append)
    flag = Flag(uuid4(), 1, ONE.id, "person", "pets", "a dog", ago(-900), "a.shah", ago(5), (ONE.id, TWO.id))
    store.put({"flag": [flag]})
    assert store.flags_of(ONE.id) == store.flags_of(TWO.id) == [flag]
    only = replace(flag, version=2, applies_to=(TWO.id,))
    store.put({"flag": [only]})
    assert (store.flags_of(ONE.id), store.flags_of(TWO.id)) == ([], [only])
    store.put({}, gone={"flag": {flag.id}})
    assert store.flags_of(TWO.id) == []
    assert not store._flags_of
    assert [one.referrals for one in told] == [{ONE.id, TWO.id}, {ONE.id, TWO.id}, {TWO.id}]
