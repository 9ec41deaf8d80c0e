"""The legal next steps: what is offered, to whom, and what Return does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from db.domain.dangers import Danger, Dangers
from db.domain.next_steps import Act, Case, NextStep, next_steps
from db.domain.party import Party
from db.domain.records import Assignment, Handover, Referral, Screening
from db.domain.roles import Role
from db.domain.states import ASSIGNMENT_MOVES, HANDOVER_MOVES, AssignmentState, HandoverState, ReferralState
from tests.unit.cases import START, TOOL, handover, job, minutes, referral, screening

OUT = (Party.CRU, Party.DESTINATION)
LATER = START + timedelta(hours=1)


def steps(
    case: Referral,
    jobs: Sequence[Assignment] = (),
    links: Sequence[Handover] = (),
    found: Screening | None = None,
    role: Role = Role.SHIFT_LEAD,
    dangers: Dangers | None = None,
) -> tuple[NextStep, ...]:
    names = {one.van_id: f"CRU{place}" for place, one in enumerate(jobs, 1)}
    return next_steps(Case(case, found, TOOL, jobs, links, names, dangers), role, LATER)


def primary(*given: object, **named: object) -> NextStep:
    found = [step for step in steps(*given, **named) if step.kind == "primary"]  # type: ignore[arg-type] # as steps
    (only,) = found
    return only


def acts(offered: Sequence[NextStep]) -> set[Act]:
    return {step.act for step in offered}


EXPECTED = handover({HandoverState.EXPECTED: 0})
STARTED = handover({HandoverState.EXPECTED: 0, HandoverState.STARTED: 36})
ACCEPTED = handover({HandoverState.EXPECTED: 0, HandoverState.ACCEPTED: 40})
RELEASED = handover({HandoverState.EXPECTED: 0, HandoverState.ACCEPTED: 40, HandoverState.RELEASED: 45})


def test_the_usual_story_is_one_return_after_another() -> None:
    new, taken, sent, there = (
        referral(ReferralState.RECEIVED),
        referral(ReferralState.ACCEPTED),
        referral(ReferralState.ALLOCATED),
        referral(ReferralState.ATTENDING),
    )
    told = [
        primary(new, [], [EXPECTED]),
        primary(new, [], [EXPECTED], screening()),
        primary(taken, [], [EXPECTED], screening()),
        *(
            primary(sent, [job(state)], [EXPECTED])
            for state in (AssignmentState.ALLOCATED, AssignmentState.ACKNOWLEDGED, AssignmentState.MOBILE)
        ),
        primary(there, [job(AssignmentState.ON_SCENE)], [EXPECTED]),
        *(
            primary(there, [job(AssignmentState.WITH_PATIENT)], [link])
            for link in (EXPECTED, STARTED, ACCEPTED, RELEASED)
        ),
        primary(there, [job(AssignmentState.CLEAR)], [RELEASED]),
    ]
    assert [step.label for step in told] == [
        "Screen",
        "Accept",
        "Allocate a van",
        "CRU1 acknowledged",
        "CRU1 mobile",
        "CRU1 on scene",
        "CRU1 with patient",
        "Handover started",
        "Handover accepted",
        "EMAS crew released",
        "CRU1 clear",
        "Close with an outcome",
    ]


@pytest.mark.hazard("H-001")
def test_a_blocked_screening_cannot_be_accepted_by_anybody_and_only_a_lead_may_override() -> None:
    blocked = screening(overdose="yes")
    new = referral(ReferralState.RECEIVED)
    assert primary(new, [], [EXPECTED], blocked).act is Act.DECLINE
    for role, may in ((Role.SHIFT_LEAD, True), (Role.DISPATCHER, False)):
        offered = acts(steps(new, [], [EXPECTED], blocked, role))
        assert Act.ACCEPT not in offered
        assert (Act.OVERRIDE in offered) is may


def test_what_only_a_lead_may_do_is_absent_for_a_dispatcher_and_a_viewer_has_nothing() -> None:
    closed = referral(ReferralState.CLOSED, times={"closed": minutes(90)})
    leads = {Act.REOPEN, Act.AMEND, Act.ENTERED_IN_ERROR}
    assert leads <= acts(steps(closed))
    assert not leads & acts(steps(closed, role=Role.DISPATCHER))
    assert steps(closed, role=Role.VIEWER) == ()


def test_a_referral_entered_in_error_is_left_alone() -> None:
    marked = referral(ReferralState.ACCEPTED, entered_in_error_at=minutes(5))
    assert [step.act for step in steps(marked, role=Role.SHIFT_LEAD)] == [Act.TAKE_BACK, Act.NO_ERROR]
    assert steps(marked, role=Role.DISPATCHER) == ()


@pytest.mark.parametrize(
    ("state", "jobs"), list(product(ReferralState, [(), *((job(state),) for state in AssignmentState)]))
)
def test_no_step_is_offered_that_the_tables_forbid(state: ReferralState, jobs: tuple[Assignment, ...]) -> None:
    for link in (EXPECTED, STARTED, ACCEPTED, RELEASED):
        for step in steps(referral(state), jobs, [link], screening()):
            if step.act is Act.STEP:
                assert step.to in ASSIGNMENT_MOVES[jobs[0].state]
            if step.act is Act.MOVE_HANDOVER:
                assert step.to in HANDOVER_MOVES[link.state]
                assert state is ReferralState.ATTENDING or step.to is HandoverState.RELEASED
            if step.act is Act.CLOSE:
                assert state is ReferralState.ATTENDING
                assert not any(one.is_open for one in jobs)


@pytest.mark.parametrize(("state", "van_state"), list(product(ReferralState, [None, *AssignmentState])))
def test_every_list_has_one_primary_at_most_and_no_key_twice(
    state: ReferralState, van_state: AssignmentState | None
) -> None:
    jobs = [job(van_state), job(AssignmentState.MOBILE)] if van_state else []
    offered = steps(referral(state), jobs, [EXPECTED], screening())
    keys = [step.key for step in offered if step.key]
    assert len(keys) == len(set(keys))
    assert sum(step.kind == "primary" for step in offered) <= 1
    assert not any(step.in_menu for step in offered if step.kind == "primary")


def test_every_legal_step_of_a_van_can_be_reached() -> None:
    one = job(AssignmentState.ALLOCATED)
    offered = {step.to for step in steps(referral(ReferralState.ALLOCATED), [one]) if step.act is Act.STEP}
    by_sheet = {AssignmentState.CONVEYING, AssignmentState.STOOD_DOWN}
    assert offered == ASSIGNMENT_MOVES[one.state] - by_sheet
    assert {Act.CONVEY, Act.STAND_DOWN} <= acts(steps(referral(ReferralState.ALLOCATED), [one]))


def test_the_only_crew_at_the_person_is_not_stood_down() -> None:
    there = referral(ReferralState.ATTENDING)
    one, other = job(AssignmentState.ON_SCENE), job(AssignmentState.MOBILE)
    assert Act.STAND_DOWN not in acts(steps(there, [one]))
    down = [step.target for step in steps(there, [one, other]) if step.act is Act.STAND_DOWN]
    assert set(down) == {one.id, other.id}


@pytest.mark.hazard("H-002")
def test_a_refusal_for_a_physical_need_is_one_key_away_from_arrival_until_accepted() -> None:
    there = referral(ReferralState.ATTENDING)
    for link, offered in ((EXPECTED, True), (STARTED, True), (ACCEPTED, False)):
        found = [step for step in steps(there, [job(AssignmentState.ON_SCENE)], [link]) if step.key == "R"]
        assert [step.label for step in found] == (["Needs physical care first"] if offered else [])
        assert not any(step.in_menu for step in found)


def test_a_referral_on_hold_comes_back_first() -> None:
    held = referral(ReferralState.ACCEPTED, hold_until=LATER + timedelta(minutes=30))
    assert primary(held).act is Act.END_HOLD
    back = referral(ReferralState.ACCEPTED, hold_until=LATER - timedelta(minutes=1))
    assert primary(back).act is Act.ALLOCATE


def test_conveying_ends_with_a_handover_at_the_destination() -> None:
    there = referral(ReferralState.ATTENDING)
    onward = handover({HandoverState.EXPECTED: 60}, 2, ("CRU", "Crisis House"), OUT)
    taken = handover({HandoverState.EXPECTED: 60, HandoverState.ACCEPTED: 70}, 2, ("CRU", "Crisis House"), OUT)
    arrived = job(AssignmentState.AT_DESTINATION)
    arrived = type(arrived)(
        arrived.id,
        1,
        arrived.referral_id,
        arrived.van_id,
        arrived.state,
        arrived.times,
        destination="Crisis House",
    )
    told = [
        primary(there, [job(AssignmentState.CONVEYING)], [RELEASED]).label,
        primary(there, [arrived], [RELEASED]).label,
        primary(there, [arrived], [RELEASED, onward]).label,
        primary(there, [arrived], [RELEASED, taken]).label,
    ]
    assert told == [
        "CRU1 at destination",
        "Hand over to Crisis House",
        "Crisis House: handover started",
        "CRU1 clear",
    ]


def test_a_crew_can_be_released_after_the_referral_was_closed() -> None:
    closed = referral(ReferralState.CLOSED, times={"closed": minutes(90)})
    assert primary(closed, [job(AssignmentState.CLEAR)], [ACCEPTED]).label == "EMAS crew released"


def test_a_second_van_is_named_and_its_key_is_its_own() -> None:
    one, two = job(AssignmentState.ON_SCENE), job(AssignmentState.MOBILE)
    offered = steps(referral(ReferralState.ATTENDING), [one, two], [EXPECTED])
    assert [step.label for step in offered[:3]] == [
        "CRU1 with patient",
        "Needs physical care first",
        "CRU2 on scene",
    ]
    assert [step.key for step in offered[:3]] == ["P", "R", "G"]


MARKS = {Act.HOLD, Act.CANCEL, Act.EDIT, Act.FLAG, Act.AMEND, Act.ENTERED_IN_ERROR, Act.FEEDBACK, Act.REOPEN}
ALWAYS = {Act.EDIT, Act.FLAG, Act.AMEND}


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (ReferralState.RECEIVED, {Act.HOLD, Act.CANCEL, Act.ENTERED_IN_ERROR}),
        (ReferralState.ACCEPTED, {Act.HOLD, Act.CANCEL, Act.ENTERED_IN_ERROR}),
        (ReferralState.ALLOCATED, {Act.CANCEL}),
        (ReferralState.ATTENDING, {Act.FEEDBACK}),
        (ReferralState.CLOSED, {Act.ENTERED_IN_ERROR, Act.FEEDBACK, Act.REOPEN}),
        (ReferralState.DECLINED, {Act.ENTERED_IN_ERROR, Act.REOPEN}),
        (ReferralState.CANCELLED, {Act.ENTERED_IN_ERROR, Act.REOPEN}),
    ],
)
def test_what_may_be_marked_follows_from_the_state(state: ReferralState, offered: set[Act]) -> None:
    jobs = [job(AssignmentState.MOBILE)] if state is ReferralState.ALLOCATED else []
    jobs += [job(AssignmentState.ON_SCENE)] if state is ReferralState.ATTENDING else []
    lead, dispatcher = (
        {step.act for step in steps(referral(state), jobs, role=role) if step.act in MARKS}
        for role in (Role.SHIFT_LEAD, Role.DISPATCHER)
    )
    assert lead == offered | ALWAYS
    assert dispatcher == lead - {Act.AMEND, Act.ENTERED_IN_ERROR, Act.REOPEN}


@pytest.mark.parametrize(("jobs", "closes"), [([], True), ([job(AssignmentState.ON_SCENE)], False)])
def test_closing_waits_for_the_last_van(jobs: list[Assignment], closes: bool) -> None:
    attended = referral(ReferralState.ATTENDING)
    assert (Act.CLOSE in acts(steps(attended, jobs))) is closes


@pytest.mark.parametrize(
    ("found", "in_menu"),
    [
        (None, True),
        (screening(), True),
        (screening(overdose="yes"), False),  # it is what is likely to be done then
        (replace(screening(), answers={"breathing": "no"}), True),
    ],
)
def test_the_advice_to_ring_999_is_beside_the_rest_until_the_screening_stops(
    found: Screening | None, in_menu: bool
) -> None:
    offered = {step.act: step for step in steps(referral(ReferralState.RECEIVED), found=found)}
    assert offered[Act.ADVISE_999].in_menu is in_menu


@pytest.mark.parametrize(("scale", "accepts"), [("A", False), ("B", True), ("", True)])
def test_immediate_danger_by_the_scale_is_not_accepted_on_a_clear_screening(scale: str, accepts: bool) -> None:
    offered = acts(steps(referral(ReferralState.RECEIVED, triage_scale=scale), found=screening()))
    assert (Act.ACCEPT in offered) is accepts


def test_a_death_elsewhere_offers_the_end_and_neither_screening_nor_a_van() -> None:
    who = referral(ReferralState.ACCEPTED)
    gone, pills = Danger("died 7", "died", "", "died"), Danger("yes 1 pills", "yes", "pills", "pills")
    also = Danger("died 9", "died", "", "died")
    for stands, in_danger in (((gone,), False), ((gone, also), False), ((gone, also, pills), True)):
        offered = {one.act for one in steps(who, dangers=Dangers(who.id, 1, stands)) if not one.in_menu}
        assert Act.CANCEL in offered
        assert Act.ALLOCATE not in offered
        assert ({Act.SCREEN, Act.ADVISE_999} <= offered) is in_danger
