"""Referrals as lanes: which are shown, in which order, by whose name, and from when to when."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from console.live.store import Link, LinkState, Store
from console.running.faults import faults
from console.timeline.lanes import Lane, cells, lines, told
from console.views.timeline.lanes import foreseen_segment, lanes
from db.domain.holding import Band, PredictedRelease
from db.domain.party import Party
from db.domain.records import Assignment, Handover, Referral
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, job, reference, referral, van

Etas = dict[UUID, datetime]
Row = tuple[str, float, float | None, str]


def shown(*records: Any, etas: Etas | None = None) -> list[Lane]:
    """The lanes of a store that holds these records."""
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    rows: dict[str, list[Any]] = {}
    for record in records:
        rows.setdefault(type(record).__name__.lower(), []).append(record)
    store.put(rows)
    return lanes(store, (etas or {}).get, NOW)


def segments(lane: Lane) -> list[Row]:
    """Kind, minutes ago of start and end (None while it runs), and label."""
    return [
        (part.kind, back(part.start), None if part.end is None else back(part.end), part.label)
        for part in lane.segments
    ]


def back(moment: datetime) -> float:
    return (NOW - moment) / timedelta(minutes=1)


def link(of: UUID, giver: str = "EMAS A1187", kind: Party = Party.EMS, **times: float) -> Handover:
    told = {HandoverState(name): ago(minutes) for name, minutes in times.items()}
    return Handover(uuid4(), 1, of, 1, giver, kind, "CRU", Party.CRU, list(told)[-1], told)


def ended(state: ReferralState, closed: float, **changed: Any) -> Referral:
    return referral(state=state, times={"closed": ago(closed)}, **changed)


@pytest.mark.parametrize(
    ("made", "is_shown"),
    [
        (referral(state=ReferralState.RECEIVED), True),
        (referral(hold_until=NOW + timedelta(minutes=1), hold_reason="call_back"), True),
        (referral(hold_until=ago(1), hold_reason="call_back"), True),
        (referral(entered_in_error_at=ago(3)), False),
        (ended(ReferralState.CLOSED, 179), True),
        (ended(ReferralState.CLOSED, 180), False),
        (ended(ReferralState.CANCELLED, 5), False),
        (ended(ReferralState.DECLINED, 5), False),
    ],
)
def test_who_has_a_lane(made: Referral, is_shown: bool) -> None:
    assert bool(shown(made)) is is_shown


@pytest.mark.parametrize(("closed", "is_shown"), [(5, True), (179, True), (180, False)])
def test_a_declined_person_has_a_lane_with_whoever_is_with_them(closed: float, is_shown: bool) -> None:
    made = ended(ReferralState.DECLINED, closed, received=closed + 40)
    waits = link(made.id, "Northants Police", Party.POLICE, expected=closed + 40, refused=closed)
    found = shown(made, waits)
    assert bool(found) is is_shown
    if found:
        assert [(part.kind, part.end) for part in found[0].segments] == [("police", None)]


def test_open_ones_stand_first_and_the_oldest_of_them_on_top() -> None:
    made = [
        referral(1, received=20),
        ended(ReferralState.CLOSED, 10, number=2, received=300),
        referral(3, received=40),
        ended(ReferralState.CLOSED, 20, number=4, received=400),
        referral(6, received=20),
    ]
    assert [lane.title for lane in shown(*made)] == ["0003", "0001", "0006", "0004", "0002"]


def test_who_waits_and_is_late_stands_before_who_is_cared_for() -> None:
    two, five = van("CRU2"), van("CRU5")
    cared = referral(1, received=190, state=ReferralState.ATTENDING)
    there = job(cared.id, two.id, AssignmentState.WITH_PATIENT, allocated=180, with_patient=150)
    foreseen = referral(2, received=5, priority="P1")
    coming = job(foreseen.id, five.id, AssignmentState.MOBILE, allocated=4)
    slow = referral(3, received=130, priority="P2")
    late = referral(4, received=66, priority="P1")
    soon = referral(5, received=58, priority="P1")
    made = (cared, there, foreseen, coming, slow, late, soon, two, five)
    titles = [lane.title for lane in shown(*made)]
    assert titles == ["0004", "0005", "0002", "0003", "0001"]
    far = shown(*made, etas={coming.id: NOW + timedelta(minutes=70)})
    assert [lane.title for lane in far] == ["0004", "0002", "0005", "0003", "0001"]


def test_a_lane_is_named_by_who_is_on_it() -> None:
    two, five = van("CRU2"), van("CRU5")
    of = referral()
    came = job(of.id, two.id, AssignmentState.MOBILE, allocated=20)
    left = job(of.id, five.id, AssignmentState.STOOD_DOWN, allocated=30)
    also = job(of.id, five.id, AssignmentState.ALLOCATED, allocated=10)
    assert shown(of, two, five, came, left)[0].subtitle == "CRU2"
    assert shown(of, two, five, came, also)[0].subtitle == "CRU2 CRU5"
    assert (shown(of)[0].subtitle, shown(of)[0].id) == ("no van", str(of.id))
    # A van that is not in the mirror has no name, and is on its way all the same.
    assert shown(of, two, came, also)[0].subtitle == "CRU2 van"


def test_an_ended_one_is_named_by_its_last_van() -> None:
    two, five = van("CRU2"), van("CRU5")
    of = ended(ReferralState.CLOSED, 10)
    jobs = [
        job(of.id, two.id, AssignmentState.STOOD_DOWN, allocated=40),
        job(of.id, five.id, AssignmentState.CLEAR, allocated=30, clear=12),
    ]
    assert shown(of, two, five, *jobs)[0].subtitle == "CRU5 closed"
    assert shown(of)[0].subtitle == "closed"


def test_before_anybody_has_the_person_the_lane_says_so() -> None:
    of = referral(received=50, source="hub", priority="P2")
    two = van("CRU2")
    lane = shown(of, two, job(of.id, two.id, AssignmentState.WITH_PATIENT, allocated=30, with_patient=12))[0]
    assert segments(lane)[:2] == [("wait", 50, 12, "no crew with the person"), ("cru", 12, None, "CRU 12 min")]
    alone = ended(ReferralState.CLOSED, 10, received=50, source="hub")
    assert segments(shown(alone)[0]) == [("wait", 50, 10, "no crew with the person")]


def test_the_chain_is_drawn_from_hand_to_hand() -> None:
    of = referral(received=50, state=ReferralState.ATTENDING, times={"ems_on_scene": ago(60)})
    two = van("CRU2")
    there = job(of.id, two.id, AssignmentState.WITH_PATIENT, allocated=40, on_scene=20, with_patient=15)
    first = link(of.id, started=16, accepted=15)
    lane = shown(of, two, there, first)[0]
    assert segments(lane) == [
        ("ems", 60, 16, "EMAS on scene 44 min"),
        ("handover", 16, 15, "handover"),
        ("cru", 15, None, "CRU 15 min"),
    ]
    assert [(mark.label, back(mark.at)) for mark in lane.marks if mark.kind == "key"] == [
        ("received", 50),
        ("with patient", 15),
    ]


@pytest.mark.parametrize(
    ("giver", "party", "kind", "label"),
    [
        ("EMAS A1187", Party.EMS, "ems", "EMAS on scene 49 min"),
        ("PC 12", Party.POLICE, "police", "Police waiting 49 min"),
        ("Crisis house", Party.DESTINATION, "destination", "Crisis house 49 min"),
        ("Emsley Street Chaplain", Party.OTHER, "wait", "Emsley Street Chaplain 49 min"),
    ],
)
def test_who_holds_the_person_now_is_drawn_in_their_colour(
    giver: str, party: Party, kind: str, label: str
) -> None:
    of = referral(received=49)
    assert segments(shown(of, link(of.id, giver, party, expected=49))[0])[0] == (kind, 49, None, label)


def test_a_handover_under_way_has_a_part_of_its_own() -> None:
    of = referral(received=49, state=ReferralState.ATTENDING)
    two = van("CRU2")
    there = job(of.id, two.id, AssignmentState.ON_SCENE, allocated=30, on_scene=6)
    lane = shown(of, two, there, link(of.id, expected=49, started=5))[0]
    assert segments(lane) == [
        ("ems", 49, 5, "EMAS on scene 44 min"),
        ("handover", 5, None, "handover"),
        # It began five minutes ago and is taken to last fifteen.
        ("predicted", 0, -10, "crew free"),
    ]


@pytest.mark.parametrize(
    ("ahead", "late"), [(timedelta(minutes=9), False), (timedelta(minutes=11, seconds=1), True)]
)
def test_a_van_on_its_way_is_drawn_ahead_and_late_past_the_clock(ahead: timedelta, late: bool) -> None:
    of, two = referral(received=49), van("CRU2")
    coming = job(of.id, two.id, AssignmentState.MOBILE, allocated=10)
    lane = shown(of, two, coming, link(of.id, expected=49), etas={coming.id: NOW + ahead})[0]
    found, free = lane.segments[-2:]
    assert (found.kind, found.start, found.end, found.late) == ("predicted", NOW, NOW + ahead, late)
    beyond = -((timedelta(minutes=11) - ahead) // timedelta(minutes=1))
    told = f", will be late by {beyond} min" if late else ""
    assert found.label == f"ETA {ahead // timedelta(minutes=1)} min{told}"
    assert (free.label, free.start, free.end) == ("crew free", NOW + ahead, NOW + ahead + timedelta(minutes=15))


def test_a_van_that_should_be_there_or_was_stood_down_is_not_drawn_ahead() -> None:
    of, two = referral(received=49), van("CRU2")
    coming = job(of.id, two.id, AssignmentState.MOBILE, allocated=10)
    lane = shown(of, two, coming, etas={coming.id: NOW})[0]
    assert not any(part.label.startswith("ETA") for part in lane.segments)
    gone = Assignment(coming.id, 2, of.id, two.id, AssignmentState.STOOD_DOWN, coming.times)
    lane = shown(of, two, gone, etas={coming.id: NOW + timedelta(minutes=5)})[0]
    assert not any(part.label.startswith("ETA") for part in lane.segments)


@pytest.mark.parametrize(
    ("priority", "received", "due"),
    [
        ("P1", 49, -11),
        ("P1", 61, None),
        ("P2", 0, None),
        ("P2", 1, -239),
        ("P3", 1300, -140),
        ("P3", 100, None),
    ],
)
def test_nobody_sent_is_drawn_until_due_if_that_is_near(priority: str, received: float, due: float | None) -> None:
    lane = shown(referral(received=received, priority=priority))[0]
    ahead = [(back(part.start), part.end and back(part.end)) for part in lane.segments if part.kind == "predicted"]
    assert ahead == ([] if due is None else [(0, due)])


def test_what_is_due_after_midnight_is_said_without_its_day_where_there_is_little_room() -> None:
    """The axis has the day; an outline of an hour without any words says nothing."""
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    evening = NOW.replace(hour=23, minute=40)
    of = replace(referral(), times={"received": evening - timedelta(minutes=20)})
    store.put({"referral": [of]})
    (due,) = (part for part in lanes(store, {}.get, evening)[0].segments if part.kind == "predicted")
    assert due.label.startswith("due 00:20 ")
    assert due.shorter == ("due 00:20", "00:20")
    band = Band(evening, evening + timedelta(minutes=90), 24, is_banded=True, of="handovers")
    release = PredictedRelease(evening + timedelta(minutes=40), "", band)
    free = foreseen_segment(release, evening, evening, "crew free")
    assert free.label.startswith("crew free about 00:20 ")
    assert {"crew free 00:20", "00:20"} < set(free.shorter)


def test_an_ended_one_has_nothing_ahead() -> None:
    of = ended(ReferralState.CLOSED, 10)
    assert not any(part.kind == "predicted" for part in shown(of, link(of.id, expected=49))[0].segments)


@pytest.mark.parametrize(("left", "met"), [(14, [30]), (20, [30, 15])])
def test_crews_that_met_the_person_are_marked_once_if_they_left_no_gap(left: float, met: list[float]) -> None:
    of, two, five = referral(state=ReferralState.ATTENDING), van("CRU2"), van("CRU5")
    jobs = [
        job(of.id, two.id, AssignmentState.CLEAR, allocated=40, with_patient=30, clear=left),
        job(of.id, five.id, AssignmentState.WITH_PATIENT, allocated=25, with_patient=15),
    ]
    marks = [(mark.label, back(mark.at)) for mark in shown(of, two, five, *jobs)[0].marks if mark.kind == "key"]
    assert marks == [("received", 49), *(("with patient", at) for at in met)]


def test_one_that_cannot_be_worked_out_stands_on_top_by_its_number() -> None:
    broken = referral(7, received=1, times={"received": "never"})
    found = shown(referral(1, received=90), broken)
    assert next((lane.title, lane.subtitle, lane.subtitle_role) for lane in found) == (
        "0007",
        "cannot be shown",
        "late",
    )
    faults.forget()


@pytest.mark.parametrize(("priority", "role", "loud"), [("P1", "late", True), ("P2", "warn", False)])
def test_nobody_sent_is_loud_for_the_first_priority_and_not_called_late(
    priority: str, role: str, loud: bool
) -> None:
    lane = shown(referral(received=49, priority=priority))[0]
    assert (lane.subtitle, lane.subtitle_role) == ("no van", role)
    (due,) = (part for part in lane.segments if part.kind == "predicted")
    assert (due.loud, due.late) == (loud, False)
    assert "late" not in told(lane, NOW)
    assert not any("late" in cells(line, NOW)[1] for line in lines([lane]))


def test_who_is_on_it_and_what_has_ended_are_quiet() -> None:
    of, two = referral(), van("CRU2")
    assert shown(of, two, job(of.id, two.id, AssignmentState.MOBILE))[0].subtitle_role == "dim"
    assert shown(ended(ReferralState.CLOSED, 10))[0].subtitle_role == "dim"
    clear = job(of.id, two.id, AssignmentState.CLEAR, allocated=30, with_patient=20, clear=5)
    lane = shown(replace(of, state=ReferralState.ATTENDING), two, clear)[0]
    assert (lane.subtitle_role, lane.subtitle != "no van") == ("dim", True)
