"""The tables of legal moves, and a walk through them that vans and a referral take together."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, precondition, rule

from db.domain.states import (
    ASSIGNMENT_MOVES,
    ASSIGNMENT_ORDER,
    AT_SCENE,
    DUTY_MOVES,
    HANDOVER_MOVES,
    OPEN_ASSIGNMENT,
    OPEN_REFERRAL,
    REFERRAL_MOVES,
    AssignmentState,
    DutyStatus,
    HandoverState,
    ReferralState,
    next_assignment_state,
)

COMING = OPEN_ASSIGNMENT - AT_SCENE


@pytest.mark.parametrize("moves", [REFERRAL_MOVES, ASSIGNMENT_MOVES, HANDOVER_MOVES, DUTY_MOVES])
def test_the_tables_are_whole(moves: dict[object, frozenset[object]]) -> None:
    (kind,) = {type(state) for state in moves}
    assert set(moves) == set(kind)  # type: ignore[call-overload] # an enumeration
    assert all(state not in to for state, to in moves.items())
    assert set().union(*moves.values()) <= set(moves)


def test_what_ends_stays_ended() -> None:
    assert {state for state, to in ASSIGNMENT_MOVES.items() if not to} == {"clear", "stood down"}
    # A shift lead takes up again what was closed, declined or cancelled, to where it stood.
    assert {state for state, to in REFERRAL_MOVES.items() if not to} == set()
    assert (
        REFERRAL_MOVES[ReferralState.DECLINED]
        == REFERRAL_MOVES[ReferralState.CANCELLED]
        == {"received", "accepted"}
    )
    assert {state for state, to in HANDOVER_MOVES.items() if not to} == {"released", "refused"}
    assert set(ReferralState) - OPEN_REFERRAL == {"closed", "declined", "cancelled"}


def test_a_van_goes_forward_only_and_stands_down_only_before_the_patient() -> None:
    for state, moves in ASSIGNMENT_MOVES.items():
        for to in moves - {AssignmentState.STOOD_DOWN}:
            assert ASSIGNMENT_ORDER.index(to) > ASSIGNMENT_ORDER.index(state)
    standing_down = {state for state, to in ASSIGNMENT_MOVES.items() if AssignmentState.STOOD_DOWN in to}
    assert standing_down == {"allocated", "acknowledged", "mobile", "at rendezvous", "on scene"}
    clearing = {state for state, to in ASSIGNMENT_MOVES.items() if AssignmentState.CLEAR in to}
    assert clearing == AT_SCENE


def test_the_next_step_is_a_legal_one() -> None:
    for state in AssignmentState:
        following = next_assignment_state(state)
        assert (following is None) == (state not in OPEN_ASSIGNMENT)
        assert following is None or following in ASSIGNMENT_MOVES[state]


def test_the_patient_changes_hands_before_the_crew_is_released() -> None:
    assert [state for state, to in HANDOVER_MOVES.items() if HandoverState.RELEASED in to] == ["accepted"]
    assert DutyStatus.MEAL_BREAK not in DUTY_MOVES[DutyStatus.OFF_DUTY]


class Job(RuleBasedStateMachine):
    """One referral and its vans. Whatever vans do legally, what follows for the referral is legal too."""

    vans = Bundle("vans")

    def __init__(self) -> None:
        super().__init__()
        self.referral = ReferralState.RECEIVED
        self.jobs: list[AssignmentState] = []

    def move(self, to: ReferralState) -> None:
        if to is not self.referral:
            assert to in REFERRAL_MOVES[self.referral], f"{self.referral} to {to}"
            self.referral = to

    def follow(self) -> None:
        """The referral after a van's step, as the record works it out."""
        if AT_SCENE & set(self.jobs):
            if self.referral is ReferralState.ACCEPTED:
                self.move(ReferralState.ALLOCATED)
            self.move(ReferralState.ATTENDING)
        elif COMING & set(self.jobs):
            self.move(ReferralState.ALLOCATED)
        elif self.referral is not ReferralState.ATTENDING:
            self.move(ReferralState.ACCEPTED)

    @rule()
    def time_passes(self) -> None:
        """A referral that has ended has no other rule."""

    @precondition(lambda self: self.referral is ReferralState.RECEIVED)
    @rule(to=st.sampled_from([ReferralState.ACCEPTED] * 4 + [ReferralState.DECLINED, ReferralState.CANCELLED]))
    def decide(self, to: ReferralState) -> None:
        self.move(to)

    @precondition(lambda self: self.referral in OPEN_REFERRAL - {ReferralState.RECEIVED} and len(self.jobs) < 4)
    @rule(target=vans)
    def allocate(self) -> int:
        self.jobs.append(AssignmentState.ALLOCATED)
        self.follow()
        return len(self.jobs) - 1

    @rule(van=vans, to=st.sampled_from(AssignmentState))
    def step(self, van: int, to: AssignmentState) -> None:
        alone = not (OPEN_ASSIGNMENT & {state for n, state in enumerate(self.jobs) if n != van})
        left_alone = to is AssignmentState.STOOD_DOWN and self.jobs[van] in AT_SCENE and alone
        if to in ASSIGNMENT_MOVES[self.jobs[van]] and not left_alone:
            self.jobs[van] = to
            self.follow()

    @precondition(lambda self: self.referral is ReferralState.ATTENDING)
    @rule()
    def close(self) -> None:
        if not OPEN_ASSIGNMENT & set(self.jobs):
            self.move(ReferralState.CLOSED)

    @precondition(lambda self: self.referral is ReferralState.CLOSED)
    @rule()
    def reopen(self) -> None:
        self.move(ReferralState.ACCEPTED)

    @precondition(lambda self: self.referral in {ReferralState.ACCEPTED, ReferralState.ALLOCATED})
    @rule(van=consumes(vans))
    def cancel(self, van: int) -> None:
        if self.jobs[van] in OPEN_ASSIGNMENT or self.referral is ReferralState.ALLOCATED:
            return
        self.move(ReferralState.CANCELLED)

    @invariant()
    def a_van_is_on_open_referrals_only(self) -> None:
        if OPEN_ASSIGNMENT & set(self.jobs):
            assert self.referral in {ReferralState.ALLOCATED, ReferralState.ATTENDING}
        else:
            assert self.referral is not ReferralState.ALLOCATED

    @invariant()
    def a_crew_at_the_scene_is_attending(self) -> None:
        if AT_SCENE & set(self.jobs):
            assert self.referral is ReferralState.ATTENDING


TestJob = Job.TestCase
TestJob.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
