"""The counts of the status bar: who waits, what is open, how many vans are free."""

from dataclasses import replace
from typing import Any

import pytest

from console.live.alarm_watch import Counts, Tally
from console.live.store import Link, LinkState, Store
from db.domain.reference import Priority, ReferenceData
from db.domain.states import AssignmentState, DutyStatus, ReferralState
from tests.unit.board_records import NOW, job, reference, referral, van

FREE, OFF = DutyStatus.AVAILABLE, DutyStatus.OFF_DUTY


def counted(*records: Any, known: ReferenceData | None = None) -> Counts:
    """The counts of a store to which the records came one by one."""
    store = Store(known or reference(), Link(LinkState.LIVE, NOW))
    tally = Tally(store)
    store.changed.connect(tally.follow)
    for record in records:
        store.put({type(record).__name__.lower(): [record]})
    anew = Tally(store)
    assert anew.counts() == tally.counts(), "what was followed is what is counted anew"
    return tally.counts()


@pytest.mark.parametrize(
    ("state", "priority", "waiting", "is_open"),
    [
        (ReferralState.RECEIVED, "P1", 1, 1),
        (ReferralState.ALLOCATED, "P1", 1, 1),
        (ReferralState.ACCEPTED, "P2", 0, 1),
        (ReferralState.CLOSED, "P1", 0, 0),
        (ReferralState.CANCELLED, "P1", 0, 0),
    ],
)
def test_who_waits_and_what_is_open(state: ReferralState, priority: str, waiting: int, is_open: int) -> None:
    counts = counted(referral(state=state, priority=priority))
    assert (counts.first_waiting, counts.open) == (waiting, is_open)


@pytest.mark.parametrize(("step", "waiting"), [("mobile", 1), ("on scene", 1), ("with patient", 0), ("clear", 0)])
def test_whoever_was_reached_waits_no_more(step: str, waiting: int) -> None:
    of, two = referral(state=ReferralState.ATTENDING), van()
    met = {"with_patient": 9} if not waiting else {}
    times = {"allocated": 20, **met, step.replace(" ", "_"): 5}
    counts = counted(of, two, job(of.id, two.id, AssignmentState(step), **times))
    assert (counts.first_waiting, counts.open) == (waiting, 1)


def test_one_that_ends_is_counted_no_more() -> None:
    of = referral()
    assert counted(of, replace(of, state=ReferralState.CANCELLED)).open == 0
    assert counted(of, replace(of, priority="P2")).first_waiting == 0


def test_vans_on_shift_and_free() -> None:
    of, busy = referral(), van("CRU2", FREE)
    counts = counted(
        of,
        van("CRU1", FREE),
        busy,
        van("CRU3", DutyStatus.MEAL_BREAK),
        van("CRU4", FREE, emergency_at=NOW),
        van("CRU5", OFF),
        job(of.id, busy.id, AssignmentState.MOBILE),
    )
    assert (counts.free, counts.on_shift) == (1, 4)
    assert counts.words() == "1 P1 waiting · 1 open · 1 of 4 vans free"


def test_the_first_priority_is_the_one_that_the_service_ranks_first() -> None:
    ranked = {"LOW": Priority("LOW", "", 60, None, 5, ""), "TOP": Priority("TOP", "", 60, None, 1, "")}
    known = replace(reference(), priorities=ranked)
    counts = counted(referral(priority="TOP"), referral(2, priority="LOW"), known=known)
    assert (counts.first_code, counts.first_waiting) == ("TOP", 1)
    none = counted(referral(), known=replace(reference(), priorities={}))
    # One that nobody has configured counts as the tightest.
    assert (none.first_code, none.first_waiting, none.open) == ("", 1, 1)
