"""Between which other times of a referral one has to lie, and how each is called."""

from typing import Any
from uuid import UUID

import pytest

from db.domain.party import Party
from db.domain.states import AssignmentState as Van
from db.domain.states import HandoverState as Link
from db.domain.states import ReferralState
from db.domain.time_order import KnownTime, belongs, between, known_times
from tests.unit.cases import handover, job, minutes, referral

CASE = referral(
    ReferralState.ATTENDING,
    times={
        "call_connected": minutes(-9),
        "acknowledged": minutes(1),
        "accepted": minutes(4),
        "closed": minutes(99),
    },
)
ONE, TWO = UUID(int=11), UUID(int=12)
FIRST = job(Van.CLEAR, {Van.ALLOCATED: 5, Van.MOBILE: 8, Van.ON_SCENE: 20, Van.CLEAR: 60}, ONE)
SECOND = job(Van.CLEAR, {Van.ALLOCATED: 6, Van.WITH_PATIENT: 30, Van.CLEAR: 70}, TWO)
CREW = handover({Link.EXPECTED: 2, Link.STARTED: 31, Link.ACCEPTED: 35, Link.RELEASED: 40})
POLICE = handover({Link.EXPECTED: 3, Link.ACCEPTED: 36}, ordinal=2, kinds=(Party.POLICE, Party.CRU))
TIMES = known_times(CASE, [FIRST, SECOND], [CREW, POLICE], {ONE: "CRU1"})


def one(row: UUID, field: str) -> KnownTime:
    return next(time for time in TIMES if (time.row_id, time.field) == (row, field))


def test_they_are_called_as_people_call_them_the_earliest_first() -> None:
    assert [time.at for time in TIMES] == sorted(time.at for time in TIMES)
    words = {(time.row_id, time.field): time.words for time in TIMES}
    assert words[FIRST.id, "on_scene"] == "CRU1 on scene"
    assert words[SECOND.id, "with_patient"] == "The van with patient"
    assert words[CREW.id, "accepted"] == "handover accepted"
    assert words[CASE.id, "accepted"] == "accepted"


@pytest.mark.parametrize(
    ("row", "field", "before", "after"),
    [
        (CASE, "call_connected", None, 0),
        (CASE, "received", -9, 1),
        (CASE, "accepted", 1, 5),
        (CASE, "closed", 70, None),
        # Each van goes its own way; both came after the referral was accepted.
        (FIRST, "allocated", 4, 8),
        (FIRST, "mobile", 5, 20),
        # The first that reached the scene binds the handovers.
        (FIRST, "on_scene", 8, 31),
        (SECOND, "with_patient", 6, 70),
        (FIRST, "clear", 20, 99),
        (CREW, "expected", 0, 31),
        (CREW, "started", 20, 35),
        (CREW, "accepted", 31, 40),
        (CREW, "released", 35, None),
        (POLICE, "accepted", 20, 99),
    ],
)
def test_a_time_lies_between_the_nearest_on_each_side(
    row: Any, field: str, before: float | None, after: float | None
) -> None:
    found = between(one(row.id, field), TIMES)
    near = [limit.at if limit else None for limit in (found.not_before, found.not_after)]
    assert near == [None if edge is None else minutes(edge) for edge in (before, after)]


def test_only_an_ambulance_gives_nobody_away_before_it_is_there() -> None:
    late = referral(ReferralState.ATTENDING, times={"ems_on_scene": minutes(33)})
    times = known_times(late, [FIRST], [CREW, POLICE], {})
    there = next(time for time in times if time.field == "ems_on_scene")
    found = between(there, times)
    # Not the police, who hand over at 36, nor what was before it already.
    assert (found.not_before, found.not_after and found.not_after.at) == (None, minutes(31))
    only_police = between(there, known_times(late, [FIRST], [POLICE], {}))
    assert (only_police.not_before, only_police.not_after) == (None, None)


def test_what_a_correction_belongs_to_says_whose_the_limits_are() -> None:
    this = one(FIRST.id, "on_scene")
    found = belongs(this, TIMES, minutes(100))
    assert (found.not_before and found.not_before.words, found.not_after and found.not_after.words) == (
        "CRU1 mobile",
        "handover started",
    )
    assert found.instead_of == this.at
    free = belongs(one(CREW.id, "released"), TIMES, minutes(100))
    assert free.not_after is None
