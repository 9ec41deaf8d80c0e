"""What a van's row says, and what may be done with a van."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from db.domain.fleet import (
    VanAction,
    VanFacts,
    crew_words,
    fix_age,
    fix_words,
    free_staff,
    legal_actions,
    planned_for,
    rounded,
    status_words,
    task,
)
from db.domain.records import StaffMember, Van
from db.domain.roles import Role
from db.domain.rota import PlannedShift
from db.domain.states import AssignmentState, DutyStatus
from tests.unit.board_records import NOW, ago, job, position, reference, referral, shift, van

REFERENCE = reference()


def on_job() -> VanFacts:
    two, who = van(), referral()
    return VanFacts(two, shift(two.id), job(who.id, two.id, AssignmentState.ON_SCENE), who, position(two.id))


def test_a_job_says_what_it_is_and_an_emergency_lies_over_it() -> None:
    facts = on_job()
    assert status_words(facts) == "on scene"
    assert task(facts, REFERENCE, NOW).words == "0044 Kettering · NN16 8UZ"
    assert task(facts, REFERENCE, NOW, private=True).words == "0044"
    assert not facts.is_free
    alarmed = VanFacts(van(emergency_at=ago(1)), job=facts.job)
    assert status_words(alarmed) == "EMERGENCY"


def test_a_van_without_a_job() -> None:
    one = van()
    assert task(VanFacts(one, shift(one.id, 228)), REFERENCE, NOW).words == "Berrywood · ends 07:30"
    resting = van(status=DutyStatus.MEAL_BREAK)
    back = shift(resting.id, meal_until_at=NOW + timedelta(minutes=23))
    assert task(VanFacts(resting, back), REFERENCE, NOW).words == "until 04:05"
    assert task(VanFacts(resting, back), REFERENCE, NOW + timedelta(hours=1)).words == "was due back 04:05"
    broken = van(status=DutyStatus.OUT_OF_SERVICE, duty_reason="fault")
    assert task(VanFacts(broken), REFERENCE, NOW).words == "Vehicle fault"


@pytest.mark.parametrize(
    ("seconds", "age", "words"),
    [
        (4, "fresh", "fix 4 s"),
        (120, "fresh", "fix 2 min"),
        (190, "stale", "fix 3 min"),
        (380, "doubtful", "fix 6 min"),
    ],
)
def test_a_fix_ages(seconds: float, age: str, words: str) -> None:
    fix = position(uuid4(), seconds)
    assert (fix_age(fix, NOW), fix_words(fix, NOW)) == (age, words)


def test_no_fix_says_so() -> None:
    assert (fix_age(None, NOW), fix_words(None, NOW)) == ("none", "no fix")


@pytest.mark.hazard("H-044")
def test_who_rides_in_it() -> None:
    nurse = StaffMember(uuid4(), "Ann Example", "Nurse", "female", ("English", "Polish"))
    one = van()
    words = crew_words(VanFacts(one, shift(one.id, meal_due_at=ago(5)), crew=(nurse,)), NOW)
    assert words == "Ann Example (Nurse) · unmarked · 5 seats · English, Polish · meal overdue since 03:37"


def test_only_what_is_legal_is_offered() -> None:
    act = VanAction
    free = van()
    facts = VanFacts(free, shift(free.id))
    assert legal_actions(facts, Role.VIEWER) == ()
    assert legal_actions(facts, Role.DISPATCHER) == (act.ALLOCATE, act.MEAL, act.OUT, act.OFF_DUTY, act.EMERGENCY)
    there = (act.WELL, act.WELL_OTHERWISE, act.EMERGENCY)
    assert legal_actions(on_job(), Role.DISPATCHER) == there
    off = VanFacts(van(status=DutyStatus.OFF_DUTY))
    assert legal_actions(off, Role.DISPATCHER) == (act.ON_DUTY, act.OUT, act.EMERGENCY)
    crewless = VanFacts(van(status=DutyStatus.OUT_OF_SERVICE))
    assert legal_actions(crewless, Role.DISPATCHER) == (act.OFF_DUTY, act.EMERGENCY)
    alarmed = van(emergency_at=NOW)
    assert act.CLEAR_EMERGENCY not in legal_actions(VanFacts(alarmed, shift(alarmed.id)), Role.DISPATCHER)
    lead = legal_actions(VanFacts(alarmed, shift(alarmed.id)), Role.SHIFT_LEAD)
    assert lead[0] is act.CLEAR_EMERGENCY
    assert act.ALLOCATE not in lead


@pytest.mark.hazard("H-076")
def test_staff_ride_in_one_van_at_a_time() -> None:
    ann, ben = (StaffMember(uuid4(), name, "Nurse", "", ()) for name in ("Ann", "Ben"))
    known = reference({one.id: one for one in (ben, ann)})
    busy = shift(uuid4())
    assert free_staff(known, [busy]) == [ann, ben]
    assert free_staff(known, [type(busy)(uuid4(), 1, uuid4(), (ann.id,), NOW, NOW)]) == [ben]


def test_rounding_goes_to_the_next_quarter() -> None:
    assert rounded(NOW).strftime("%H:%M:%S") == "03:45:00"
    assert rounded(rounded(NOW)) == rounded(NOW)


def test_the_rota_has_a_van_s_shift_from_an_hour_before_until_its_end() -> None:
    one, other = van(), van("CRU3")
    plans = tuple(
        PlannedShift(uuid4(), 1, of.id, NOW + timedelta(hours=start), NOW + timedelta(hours=end))
        for of, start, end in ((one, 9, 12), (one, 2, 8), (other, 0, 20))
    )
    late, early, theirs = plans
    known = replace(reference(), plans=plans)

    def planned(hours: float, of: Van = one) -> PlannedShift | None:
        return planned_for(known, of.id, NOW + timedelta(hours=hours))

    assert [planned(hours) for hours in (0.99, 1, 7.99)] == [None, early, early]
    assert [planned(hours) for hours in (8, 11.9, 12)] == [late, late, None]
    assert planned(1, other) is theirs
    both = replace(known, plans=(replace(late, starts_at=early.ends_at), early))
    assert planned_for(both, one.id, early.ends_at - timedelta(minutes=9)) is early
