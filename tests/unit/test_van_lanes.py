"""Vans as lanes: what each did and will do, from its allocation to clear, its shift and its meal."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from console.timeline.lanes import Lane
from console.views.timeline.van_lanes import VansShown, van_lanes
from db.domain.holding import Band, PredictedRelease
from db.domain.records import Assignment, Handover, Referral
from db.domain.rota import Duty, PlannedShift
from db.domain.situation import Facts
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, handover, job, referral, shift, van

TWO = van("CRU2")


def lane(*facts: Facts, **changed: Any) -> Lane:
    given = {
        "vans": [TWO],
        "facts": facts,
        "now": NOW,
        "eta_of": lambda _: None,
        "clear": lambda *_: None,
    } | changed
    return van_lanes(VansShown(**given))[0]


def on(of: Referral, *jobs: Assignment, links: tuple[Handover, ...] = ()) -> Facts:
    return Facts(of, jobs, links, {TWO.id: "CRU2"})


def parts(found: Lane) -> list[tuple[str, float, float | None, str]]:
    return [
        (one.kind, back(one.start), None if one.end is None else back(one.end), one.label)
        for one in found.segments
    ]


def back(moment: datetime) -> float:
    return (NOW - moment) / timedelta(minutes=1)


STEPS = {"allocated": 60, "mobile": 55, "on_scene": 40, "with_patient": 35}
WAY = ("travel", 60, 40, "0044")


@pytest.mark.parametrize(
    ("state", "times", "link", "drawn"),
    [
        (AssignmentState.MOBILE, {"allocated": 60, "mobile": 55}, {}, [("travel", 60, None, "0044")]),
        (AssignmentState.WITH_PATIENT, STEPS, {}, [WAY, ("cru", 40, None, "0044 40 min")]),
        (
            AssignmentState.WITH_PATIENT,
            STEPS,
            {"started": 38, "accepted": 30},
            [
                WAY,
                ("cru", 40, 38, "0044 on scene 2 min"),
                ("handover", 38, 30, "handover"),
                ("cru", 30, None, "0044 30 min"),
            ],
        ),
        (
            AssignmentState.ON_SCENE,
            {"allocated": 60, "on_scene": 40},
            {"started": 38},
            [WAY, ("cru", 40, 38, "0044 on scene 2 min"), ("handover", 38, None, "handover")],
        ),
        # Another van took the person over before this one came.
        (
            AssignmentState.WITH_PATIENT,
            STEPS,
            {"started": 59, "accepted": 50},
            [WAY, ("cru", 40, None, "0044 40 min")],
        ),
        (
            AssignmentState.CLEAR,
            STEPS | {"conveying": 20, "at_destination": 12, "clear": 2},
            {},
            [WAY, ("cru", 40, 12, "0044 28 min"), ("destination", 12, 2, "destination")],
        ),
        (
            AssignmentState.STOOD_DOWN,
            {"allocated": 60, "stood_down": 50},
            {},
            [("travel", 60, 50, "0044 stood down")],
        ),
    ],
)
def test_a_job_is_drawn_from_the_allocation_to_clear(
    state: AssignmentState, times: dict[str, float], link: dict[str, float], drawn: list[Any]
) -> None:
    of = referral(state=ReferralState.ATTENDING)
    links = (handover(of.id, HandoverState.STARTED, expected=70, **link),) if link else ()
    found = lane(on(of, job(of.id, TWO.id, state, **times), links=links))
    assert parts(found) == drawn
    assert {one.about for one in found.segments} == {str(of.id)}
    assert found.id == str(TWO.id)


def test_the_jobs_of_a_van_stand_one_after_the_other_and_a_job_known_twice_once() -> None:
    first, second = referral(1), referral(2)
    was = job(first.id, TWO.id, AssignmentState.CLEAR, allocated=200, on_scene=180, clear=100)
    now = job(second.id, TWO.id, AssignmentState.MOBILE, allocated=20)
    other = job(second.id, UUID(int=9), AssignmentState.MOBILE, allocated=20)
    found = lane(on(second, now, other), on(first, was), on(first, replace(was, version=2)))
    assert [(kind, start, label[:4]) for kind, start, _, label in parts(found)] == [
        ("travel", 200, "0001"),
        ("cru", 180, "0001"),
        ("travel", 20, "0002"),
    ]
    assert (found.subtitle, found.subtitle_role) == ("0002 mobile", "link")
    assert [mark.label for mark in found.marks][-1] == "Allocated CRU2"


def test_what_is_foreseen_of_a_job_is_its_arrival_and_when_it_is_clear() -> None:
    of = referral()
    coming = job(of.id, TWO.id, AssignmentState.MOBILE, allocated=20)
    band = Band(ago(-40), ago(-90), 23, is_banded=True, of="visits")
    found = lane(
        on(of, coming),
        eta_of={coming.id: ago(-9)}.get,
        clear=lambda one, eta: PredictedRelease(ago(-70), "", band) if (one, eta) == (coming, ago(-9)) else None,
    )
    eta, clear = found.segments[1:]
    assert (eta.kind, eta.end, eta.label) == ("predicted", ago(-9), "ETA 9 min")
    assert (clear.start, clear.end, clear.until, clear.label) == (ago(-9), ago(-70), ago(-90), "clear about 04:52")
    assert "from 23 visits" in clear.note


def test_the_shift_its_planned_end_and_the_meal_lie_behind_the_jobs() -> None:
    runs = shift(TWO.id, meal_due_at=ago(-30))
    found = lane(shifts={TWO.id: runs})
    assert [(one.kind, one.start, one.end, one.label) for one in found.ground] == [
        ("duty", runs.started_at, runs.planned_end_at, "shift, planned to end 07:02"),
        ("meal", ago(-30), ago(-60), "meal due"),
    ]
    assert [(mark.kind, mark.at) for mark in found.marks] == [("end", runs.planned_end_at)]
    taken = lane(shifts={TWO.id: replace(runs, meal_due_at=ago(25), meal_until_at=ago(-5))})
    assert [(one.start, one.end, one.label) for one in taken.ground[1:]] == [(ago(25), ago(-5), "meal break")]
    late = lane(shifts={TWO.id: replace(runs, meal_due_at=None, meal_until_at=ago(-5))})
    assert [(one.start, one.end) for one in late.ground[1:]] == [(ago(25), ago(-5))]


def test_shifts_that_were_and_those_that_are_planned_are_drawn_and_one_that_runs_only_once() -> None:
    runs = shift(TWO.id)
    was = Duty(uuid4(), TWO.id, ago(2000), ago(1300), ago(1290))
    plans = (
        PlannedShift(uuid4(), 1, TWO.id, ago(310), ago(-190)),
        PlannedShift(uuid4(), 1, TWO.id, ago(-1100), ago(-1800)),
        PlannedShift(uuid4(), 1, UUID(int=7), ago(-1100), ago(-1800)),
        PlannedShift(uuid4(), 1, TWO.id, ago(-1900), ago(-2000), cancelled_at=ago(5)),
    )
    still = Duty(runs.id, TWO.id, runs.started_at, runs.planned_end_at, None)
    found = lane(shifts={TWO.id: runs}, duties=(was, still), plans=plans)
    assert [(back(one.start), one.label) for one in found.ground] == [
        (2000, "shift"),
        (300, "shift, planned to end 07:02"),
        (-1100, "planned shift"),
    ]


def test_a_van_without_a_job_says_how_it_stands() -> None:
    assert lane().subtitle == "available"
    broken = replace(TWO, duty_status=DutyStatus.OUT_OF_SERVICE)
    found = lane(vans=[broken])
    assert (found.subtitle, found.subtitle_role) == ("out of service", "warn")
