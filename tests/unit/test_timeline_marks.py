"""The moments of a lane: steps and who told them, what was read before, what is to be reached, holds."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from console.timeline.lanes import Lane as LaneRow
from console.timeline.lanes import Mark, Segment, cells, hint, in_window, lines, reach, things, told
from console.views.detail.story import StoryLine, story
from console.views.timeline.lanes import Around, foreseen_segment, lane_of
from console.views.timeline.marks import holds, is_step, marks_of, noted, shift_ends
from db.domain.holding import Band, PredictedRelease
from db.domain.records import Event, Referral
from db.domain.situation import Facts, Situation, situation
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, handover, job, reference, referral, shift, van

TWO = van("CRU2")


def stands(of: Referral, *jobs: Any, links: tuple[Any, ...] = ()) -> Situation:
    return situation(Facts(of, jobs, links, {TWO.id: "CRU2"}), reference())


def event(number: int, kind: str, minutes: float, **changed: Any) -> Event:
    given = {
        "referral_id": uuid4(),
        "van_id": TWO.id if kind.startswith("van ") else None,
        "recorded_at": ago(minutes),
        "recorded_by": "a.shah",
        "source": "user",
        "words": "",
        "detail": {},
    } | changed
    return Event(id=number, kind=kind, happened_at=ago(minutes), **given)


def lines_of(*events: Event) -> tuple[StoryLine, ...]:
    return story(events, reference(), lambda _: "CRU2").lines


MOBILE = job(UUID(int=1), TWO.id, AssignmentState.MOBILE, allocated=20, mobile=10)


def test_each_step_is_a_moment_and_those_that_matter_most_stand_out() -> None:
    of = referral(received=49, state=ReferralState.ALLOCATED, times={"accepted": ago(30)})
    link = handover(of.id, HandoverState.RELEASED, expected=49, accepted=8, released=5)
    found = marks_of(stands(of, MOBILE, links=(link,)))
    assert [(mark.label, mark.kind) for mark in found] == [
        ("aim: with patient within 45 min", "aim"),
        ("target: with patient within 60 min", "target"),
        ("received", "key"),
        ("Accepted", "step"),
        ("Allocated CRU2", "step"),
        ("CRU2 mobile", "step"),
        ("Handover expected", "step"),
        ("Handover accepted", "step"),
        ("EMAS A1187 released", "step"),
    ]
    assert [mark.at for mark in found[:2]] == [ago(4), ago(-11)]


@pytest.mark.parametrize(
    ("priority", "kinds"), [("P1", ["aim", "target"]), ("P2", ["target"]), ("P3", ["target"])]
)
def test_what_is_to_be_reached_is_what_the_priority_says(priority: str, kinds: list[str]) -> None:
    found = marks_of(stands(referral(priority=priority)))
    assert [mark.kind for mark in found if mark.kind in {"aim", "target"}] == kinds


def test_a_step_says_who_or_what_told_it() -> None:
    of = referral(state=ReferralState.ALLOCATED)
    steps = lines_of(
        event(1, "van allocated", 20),
        event(2, "van mobile", 10, source="geofence", recorded_at=ago(4), detail={"insisted": "its fix is old"}),
    )
    found = {mark.label: mark.note for mark in marks_of(stands(of, MOBILE), steps)}
    assert found["Allocated CRU2"] == "recorded by a.shah"
    assert found["CRU2 mobile"] == (
        "the geofence, recorded by a.shah, written down 03:38:17\nrecorded although its fix is old"
    )
    assert found["received"] == ""


@pytest.mark.hazard("H-089")
def test_an_amended_time_shows_both_readings() -> None:
    amended = event(
        3,
        "time amended",
        1,
        amends=2,
        recorded_by="t.okafor",
        reason="wrong minute",
        detail={"time": "van mobile", "from": ago(14).isoformat(), "to": ago(10).isoformat()},
    )
    steps = lines_of(event(2, "van mobile", 14), amended)
    found = marks_of(stands(referral(state=ReferralState.ALLOCATED), MOBILE), steps)
    now_read, was_read = (one for one in found if "mobile" in one.label)
    assert (now_read.at, now_read.kind) == (ago(10), "step")
    assert now_read.note == "recorded by a.shah\nwas Sun 22 Nov 03:28:17 until t.okafor amended it"
    assert (was_read.at, was_read.kind, was_read.label) == (ago(14), "was", "CRU2 mobile, as it was first")
    assert was_read.note == "t.okafor amended it to Sun 22 Nov 03:32:17"


def test_a_step_that_was_taken_back_stays_readable_and_its_reason_is_not_told_here() -> None:
    back = event(
        5, "van clear taken back", 1, amends=4, reason="it was Mrs Quillfeather's van", recorded_by="t.okafor"
    )
    note = (event(7, "note", 8, words="Mrs Quillfeather rang"), event(8, "note taken back", 7, amends=7))
    steps = lines_of(event(4, "van clear", 6), back, *note)
    (gone,) = [one for one in marks_of(stands(referral()), steps) if one.kind == "was"]
    assert (gone.at, gone.label, gone.note) == (ago(6), "CRU2 clear, taken back", "taken back by t.okafor")


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("van at destination", True),
        ("handover started", True),
        ("received", True),
        ("note", False),
        ("flag", False),
    ],
)
def test_only_steps_are_moments(kind: str, step: bool) -> None:
    (line,) = lines_of(event(1, kind, 5, words="she said so"))
    assert is_step(line) is step


def test_a_length_of_time_says_who_told_its_beginning_and_what_is_foreseen_says_from_what() -> None:
    held, ahead, due = (
        Segment(ago(10), None, "cru", "CRU"),
        Segment(NOW, ago(-5), "predicted", "crew free", note="of 9"),
        # Foreseen from the moment at which somebody told something else.
        Segment(ago(10), ago(-5), "predicted", "ETA 15 min"),
    )
    found = noted([held, ahead, due], lines_of(event(2, "van mobile", 10)))
    assert [one.note for one in found] == ["recorded by a.shah", "of 9", ""]


def test_holds_are_drawn_from_when_they_began_to_when_they_ended_or_will() -> None:
    of = referral(hold_until=ago(-40), hold_reason="call_back")
    steps = lines_of(
        event(1, "on hold", 30),
        event(2, "hold ended", 20),
        event(3, "on hold", 5),
    )
    assert [(one.start, one.end) for one in holds(stands(of), steps, NOW)] == [
        (ago(30), ago(20)),
        (ago(5), ago(-40)),
    ]
    # Until the events are read nobody knows since when.
    assert [(one.start, one.end) for one in holds(stands(of), (), NOW)] == [(NOW, ago(-40))]
    assert list(holds(stands(referral()), (), NOW)) == []


def test_the_end_of_the_shift_of_who_is_on_it_is_drawn() -> None:
    facts = stands(referral(state=ReferralState.ALLOCATED), MOBILE).facts
    ends = shift(TWO.id)
    assert [(one.at, one.label) for one in shift_ends(facts, {TWO.id: ends})] == [
        (ends.planned_end_at, "CRU2's shift is planned to end")
    ]
    assert list(shift_ends(facts, {})) == []


def test_what_is_foreseen_is_drawn_with_how_late_it_may_become() -> None:
    band = Band(ago(-6), ago(-16), 41, is_banded=True, of="handovers", right=41, told=50)
    found = foreseen_segment(PredictedRelease(ago(-9), "", band), NOW, NOW, "crew free")
    assert (found.start, found.end, found.until, found.label) == (NOW, ago(-9), ago(-16), "crew free about 03:51")
    assert found.note == (
        "about 03:51, 8 in 10 by 03:58, from 41 handovers\ntold like this, right 41 of the last 50"
    )
    few = foreseen_segment(PredictedRelease(ago(-9), "", None, 3), NOW, NOW, "crew free")
    assert (few.label, few.until) == ("crew free", None)
    assert few.note == "too few to say (3 so far); 03:51 by the service's target"


def test_one_on_hold_says_so_beside_its_number() -> None:
    of = referral(hold_until=ago(-40), hold_reason="call_back")
    found = lane_of(stands(of), Around(lambda _: None, NOW))
    assert (found.subtitle, found.subtitle_role) == ("on hold until 04:22", "warn")
    assert [one.kind for one in found.ground] == ["hold"]


# --- the same in words ---

LANE = LaneRow(
    "a",
    "0042",
    "CRU2",
    segments=(
        Segment(ago(41), ago(10), "ems", "EMAS on scene 31 min"),
        Segment(ago(10), None, "cru", "CRU 10 min", note="a\nb"),
    ),
    marks=(Mark(ago(10), "CRU2 mobile", "step", "recorded by a.shah"), Mark(ago(41), "received")),
    ground=(Segment(ago(30), ago(20), "hold"),),
)


def test_the_table_says_everything_that_is_drawn_in_the_order_of_time() -> None:
    assert [cells(line, NOW)[1:] for line in lines([LANE])] == [
        ("EMAS: EMAS on scene 31 min", "Sun 22 Nov 03:01:17", "Sun 22 Nov 03:32:17", "31 min", ""),
        ("received", "Sun 22 Nov 03:01:17", "", "", ""),
        ("on hold", "Sun 22 Nov 03:12:17", "Sun 22 Nov 03:22:17", "10 min", ""),
        ("CRU: CRU 10 min", "Sun 22 Nov 03:32:17", "runs on", "10 min", "a; b"),
        ("CRU2 mobile", "Sun 22 Nov 03:32:17", "", "", "recorded by a.shah"),
    ]
    assert {cells(line, NOW)[0] for line in lines([LANE])} == {"0042 CRU2"}
    assert len(things(LANE)) == 5


def test_the_doubled_hour_names_its_zone_in_the_table_too() -> None:
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    lane = LaneRow("a", "1", marks=(Mark(twice, "first"), Mark(twice + timedelta(hours=1), "second")))
    assert [cells(line, NOW)[2] for line in lines([lane])] == [
        "Sun 25 Oct 01:30:00 BST",
        "Sun 25 Oct 01:30:00 GMT",
    ]


def test_a_thing_is_told_with_who_told_it_and_the_lane_without_its_small_steps() -> None:
    assert hint(LANE.marks[0], NOW) == "CRU2 mobile\nSun 22 Nov 03:32:17\nrecorded by a.shah"
    assert hint(LANE.segments[1], NOW).endswith("to now\n10 min\na\nb")
    assert "mobile" not in told(LANE, NOW)
    assert "on hold" in told(LANE, NOW)


def test_which_lanes_were_in_a_window() -> None:
    over = LaneRow("b", "2", segments=(Segment(ago(90), ago(60), "ems"), Segment(ago(60), ago(-90), "predicted")))
    assert reach(over) == (ago(90), ago(60))
    assert reach(LaneRow("c", "3")) is None
    both = [LANE, over]
    assert [one.id for one in in_window(both, ago(80), ago(70))] == ["b"]
    assert [one.id for one in in_window(both, ago(5), ago(-60))] == ["a"]
    assert [one.id for one in in_window(both, ago(60), ago(41))] == ["a", "b"]
