"""Ranking of vans: minutes first, reasons beside them, and vans left out with the reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.about import Said
from db.domain.clocks import ResponseClock
from db.domain.holding import PredictedRelease
from db.domain.languages import Language, Languages
from db.domain.ranking import Candidate, RankedVan, Trip, predicted_clear, rank
from db.domain.reasons import Reason, ReasonTone
from db.domain.states import AssignmentState, DutyStatus
from db.domain.suiting import Asked
from tests.unit.cases import START, clinician, fix, job, minutes, shift, van


def candidate(callsign: str, travel: float | None, **changed: Any) -> Candidate:
    given_van = {key: changed.pop(key) for key in list(changed) if key in VAN_FIELDS}
    trip = Trip(travel, "road") if travel is not None else None
    known = {"shift": shift(), "crew": (clinician(),), "position": fix(), "trip": trip} | changed
    return Candidate(van(callsign, **given_van), **known)


VAN_FIELDS = {"livery", "duty_status", "duty_reason", "emergency_at", "equipment", "base"}


def order(*candidates: Candidate, asked: Asked | None = None) -> list[str]:
    return [one.callsign for one in rank(asked or Asked(), candidates, START)]


def case() -> Asked:
    return Asked()


def only(one: Candidate, asked: Asked | None = None) -> RankedVan:
    found = {ranked.callsign: ranked for ranked in rank(asked or Asked(), [one, candidate("CRU9", 99)], START)}
    return found[one.van.callsign]


def texts(ranked: RankedVan, tone: ReasonTone) -> list[str]:
    return [reason.text for reason in ranked.reasons if reason.tone is tone]


def test_the_nearest_goes_first() -> None:
    assert order(candidate("CRU1", 24), candidate("CRU3", 9), candidate("CRU2", 12)) == ["CRU3", "CRU2", "CRU1"]


def test_equal_vans_keep_the_order_of_their_callsigns() -> None:
    assert order(candidate("CRU10", 9), candidate("CRU2", 9)) == ["CRU2", "CRU10"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"duty_status": DutyStatus.OFF_DUTY}, "off duty"),
        (
            {"duty_status": DutyStatus.MEAL_BREAK, "shift": shift(meal_until_at=minutes(25))},
            "meal break until 03:25",
        ),
        ({"duty_status": DutyStatus.OUT_OF_SERVICE, "duty_reason": "fault"}, "out of service: fault"),
        (
            {"duty_status": DutyStatus.OUT_OF_SERVICE, "duty_reason": "crew_welfare"},
            "out of service: crew welfare",
        ),
        ({"emergency_at": START}, "emergency"),
        (
            {
                "job": job(AssignmentState.MOBILE),
                "job_reference": "0043",
                "clear": PredictedRelease(minutes(40), ""),
            },
            "on 0043, mobile, free about 03:40 (assumed)",
        ),
    ],
)
def test_a_van_that_cannot_go_is_listed_last_with_the_reason(changed: dict[str, Any], why: str) -> None:
    ranked = rank(case(), [candidate("CRU1", 2, **changed), candidate("CRU2", 50)], START)
    assert [(one.callsign, one.excluded) for one in ranked] == [("CRU2", ""), ("CRU1", why)]


def test_an_old_fix_is_flagged_and_still_ranked() -> None:
    stale = only(candidate("CRU5", 9, position=fix(age=14)))
    assert not stale.excluded
    assert "fix 14 min old" in texts(stale, ReasonTone.WARN)
    assert order(candidate("CRU5", 9, position=fix(age=14)), candidate("CRU1", 13)) == ["CRU1", "CRU5"]


def test_without_a_fix_the_base_is_taken_and_said() -> None:
    lost = only(candidate("CRU5", None, position=None, trip=Trip(9, "estimate", from_base=True)))
    assert (lost.minutes, lost.method) == (9, "estimate")
    assert "no fix, from its base Berrywood" in texts(lost, ReasonTone.WARN)


def test_a_van_of_which_nothing_is_known_comes_after_all_that_are_somewhere() -> None:
    assert order(candidate("CRU1", None, position=None), candidate("CRU2", 120)) == ["CRU2", "CRU1"]


@pytest.mark.hazard("H-043")
def test_what_the_person_asked_for_is_weighed_and_named() -> None:
    said = Said("wish", "", "unmarked van"), Said("safer_with", "woman"), Said("language", "pol")
    asked = Asked(said, languages=Languages.of([Language("pol", "Polish")]))
    right = candidate("CRU2", 12, crew=(clinician("female", "English", "Polish"),))
    wrong = candidate("CRU4", 9, livery="marked", crew=(clinician("male"),))
    assert order(wrong, right, asked=asked) == ["CRU2", "CRU4"]
    assert set(texts(only(right, asked), ReasonTone.GOOD)) == {
        "unmarked, as asked",
        "a woman on the crew, as asked",
        "speaks Polish",
    }
    assert set(texts(only(wrong, asked), ReasonTone.WARN)) == {
        "marked, unmarked was asked for",
        "no woman on the crew: would feel safer with one",
        "nobody speaks Polish, no interpreter booked",
    }


@pytest.mark.hazard("H-046")
def test_a_crew_near_the_end_of_its_shift_or_due_a_break_says_so() -> None:
    tired = only(candidate("CRU1", 9, shift=shift(ends=40, meal_due_at=minutes(10))))
    assert texts(tired, ReasonTone.WARN) == ["shift ends in 40 min", "meal break due 03:10"]


@pytest.mark.hazard("H-081")
def test_the_cover_left_behind_is_told_in_minutes() -> None:
    assert "if CRU3 goes, Berrywood waits 31 min" in texts(only(candidate("CRU3", 9, cover=31)), ReasonTone.WARN)
    (alone,) = rank(case(), [candidate("CRU3", 9)], START)
    assert "last free van" in texts(alone, ReasonTone.WARN)


def test_the_minutes_shown_are_the_travel_time_and_not_the_score() -> None:
    stale = only(candidate("CRU5", 9, position=fix(age=14)))
    assert stale.minutes == 9
    assert stale.effective > 9


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_vans_alike_but_for_their_minutes_are_in_order_of_minutes(travels: list[float]) -> None:
    ranked = rank(case(), [candidate(f"CRU{place}", travel) for place, travel in enumerate(travels)], START)
    assert [one.minutes for one in ranked] == sorted(travels)


def test_a_warning_stands_before_what_is_good_and_what_is_neutral() -> None:
    reasons = only(candidate("CRU1", 9, position=fix(age=14)), Asked((Said("safer_with", "woman"),))).reasons
    assert [reason.tone for reason in reasons] == [ReasonTone.WARN, ReasonTone.GOOD, ReasonTone.NEUTRAL]
    assert isinstance(reasons[0], Reason)


@pytest.mark.parametrize(
    ("times", "eta", "clear"),
    [
        ({}, None, None),
        ({}, 20, 80),
        ({AssignmentState.ON_SCENE: 10}, None, 70),
        ({AssignmentState.ON_SCENE: 10, AssignmentState.WITH_PATIENT: 15}, None, 75),
        ({AssignmentState.WITH_PATIENT: -90}, None, 0),
    ],
)
def test_a_van_on_a_job_is_predicted_clear_an_hour_after_arrival(
    times: dict[AssignmentState, float], eta: float | None, clear: float | None
) -> None:
    found = predicted_clear(job(AssignmentState.MOBILE, times), minutes(eta) if eta is not None else None, START)
    assert found == (minutes(clear) if clear is not None else None)


@pytest.mark.hazard("H-017")
@pytest.mark.parametrize(
    ("travel", "told"),
    [(9.0, None), (20.0, None), (20.5, "1 min"), (21.0, "1 min"), (27.2, "8 min"), (150.0, "2 h 10")],
)
def test_a_van_that_would_miss_the_time_allowed_says_by_how_much(travel: float, told: str | None) -> None:
    clock = ResponseClock(START - timedelta(minutes=40), START + timedelta(minutes=20))
    there, never = candidate("CRU1", travel), candidate("CRU2", None)
    found = {one.callsign: one for one in rank(case(), [there, never], START, clock=clock)}
    late = [reason.text for reason in found["CRU1"].reasons if "late" in reason.text]
    assert late == ([f"will be late by {told}"] if told else [])
    assert not [reason for reason in found["CRU2"].reasons if "late" in reason.text]
    stopped = replace(clock, stopped=START)
    assert "late" not in str(rank(case(), [there], START, clock=stopped)[0].reasons)
    assert "late" not in str(rank(case(), [there], START)[0].reasons)


def test_being_late_does_not_change_the_order() -> None:
    clock = ResponseClock(START - timedelta(minutes=60), START)
    vans = [candidate("CRU1", 30), candidate("CRU2", 12), candidate("CRU3", None)]
    timed, plain = rank(case(), vans, START, clock=clock), rank(case(), vans, START)
    assert [one.callsign for one in timed] == [one.callsign for one in plain]
    assert timed[0].reasons[0] == Reason("will be late by 12 min", ReasonTone.WARN)


@pytest.mark.parametrize(
    ("left", "told"),
    [(0, ["shift is over"]), (-9, ["shift is over"]), (1, ["shift ends in 1 min"]), (480, []), (None, [])],
)
def test_how_much_of_a_shift_is_left_is_told(left: float | None, told: list[str]) -> None:
    found = only(candidate("CRU1", 9, shift=shift(ends=left) if left is not None else None))
    assert [text for text in texts(found, ReasonTone.WARN) if "shift" in text] == told
