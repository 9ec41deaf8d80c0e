"""States and the legal moves between them.

The tables here are the single source: the first migration seeds the database's own copy from the same moves
(frozen in the migration), and the sets of states are functions there (``cru.at_scene_states()`` and others). Its
triggers go by both, and a test compares the two.
"""

from collections.abc import Mapping
from enum import StrEnum


class ReferralState(StrEnum):
    """Where a referral stands. On hold and entered in error are marks, not states."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    ALLOCATED = "allocated"
    ATTENDING = "attending"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class AssignmentState(StrEnum):
    """Where one van stands on its way to, with and from one patient."""

    ALLOCATED = "allocated"
    ACKNOWLEDGED = "acknowledged"
    MOBILE = "mobile"
    AT_RENDEZVOUS = "at rendezvous"
    ON_SCENE = "on scene"
    WITH_PATIENT = "with patient"
    CONVEYING = "conveying"
    AT_DESTINATION = "at destination"
    CLEAR = "clear"
    STOOD_DOWN = "stood down"


class HandoverState(StrEnum):
    """One link in the chain of who holds the patient."""

    EXPECTED = "expected"
    STARTED = "started"
    ACCEPTED = "accepted"
    RELEASED = "released"
    REFUSED = "refused"


class DutyStatus(StrEnum):
    """What a van's crew said it is doing. *Committed* follows from a job and is never stored."""

    OFF_DUTY = "off duty"
    AVAILABLE = "available"
    MEAL_BREAK = "meal break"
    OUT_OF_SERVICE = "out of service"


OPEN_REFERRAL = frozenset(
    {ReferralState.RECEIVED, ReferralState.ACCEPTED, ReferralState.ALLOCATED, ReferralState.ATTENDING}
)

ASSIGNMENT_ORDER: tuple[AssignmentState, ...] = (
    AssignmentState.ALLOCATED,
    AssignmentState.ACKNOWLEDGED,
    AssignmentState.MOBILE,
    AssignmentState.AT_RENDEZVOUS,
    AssignmentState.ON_SCENE,
    AssignmentState.WITH_PATIENT,
    AssignmentState.CONVEYING,
    AssignmentState.AT_DESTINATION,
    AssignmentState.CLEAR,
)
# Cut out of the order: a state that is put into it lands in the sets on its side. The record's functions
# list the same.
_BEFORE_PATIENT = ASSIGNMENT_ORDER[:5]
ON_THE_WAY = frozenset(ASSIGNMENT_ORDER[:4])
AT_SCENE = frozenset(ASSIGNMENT_ORDER[4:8])
OPEN_ASSIGNMENT = ON_THE_WAY | AT_SCENE
WITH_PERSON = frozenset(ASSIGNMENT_ORDER[5:8])

HANDOVER_ORDER: tuple[HandoverState, ...] = (
    HandoverState.EXPECTED,
    HandoverState.STARTED,
    HandoverState.ACCEPTED,
    HandoverState.RELEASED,
)

REFERRAL_MOVES: Mapping[ReferralState, frozenset[ReferralState]] = {
    ReferralState.RECEIVED: frozenset({ReferralState.ACCEPTED, ReferralState.DECLINED, ReferralState.CANCELLED}),
    ReferralState.ACCEPTED: frozenset({ReferralState.ALLOCATED, ReferralState.DECLINED, ReferralState.CANCELLED}),
    ReferralState.ALLOCATED: frozenset({ReferralState.ATTENDING, ReferralState.ACCEPTED, ReferralState.CANCELLED}),
    ReferralState.ATTENDING: frozenset({ReferralState.CLOSED, ReferralState.ALLOCATED}),
    ReferralState.CLOSED: frozenset({ReferralState.ACCEPTED}),
    # Taken up again by a shift lead, to where it stood.
    ReferralState.DECLINED: frozenset({ReferralState.RECEIVED, ReferralState.ACCEPTED}),
    ReferralState.CANCELLED: frozenset({ReferralState.RECEIVED, ReferralState.ACCEPTED}),
}


def _assignment_moves() -> dict[AssignmentState, frozenset[AssignmentState]]:
    # A step may be skipped forward: the skipped times stay empty, they are not invented.
    moves = {state: frozenset(ASSIGNMENT_ORDER[place + 1 :]) for place, state in enumerate(ASSIGNMENT_ORDER)}
    for state in _BEFORE_PATIENT:
        moves[state] |= {AssignmentState.STOOD_DOWN}
    # A van that has nobody on board cannot clear before it reached the scene: that is a stand-down.
    for state in ON_THE_WAY:
        moves[state] -= {AssignmentState.CLEAR}
    moves[AssignmentState.STOOD_DOWN] = frozenset()
    return moves


ASSIGNMENT_MOVES: Mapping[AssignmentState, frozenset[AssignmentState]] = _assignment_moves()

HANDOVER_MOVES: Mapping[HandoverState, frozenset[HandoverState]] = {
    HandoverState.EXPECTED: frozenset({HandoverState.STARTED, HandoverState.ACCEPTED, HandoverState.REFUSED}),
    HandoverState.STARTED: frozenset({HandoverState.ACCEPTED, HandoverState.REFUSED}),
    HandoverState.ACCEPTED: frozenset({HandoverState.RELEASED}),
    HandoverState.RELEASED: frozenset(),
    HandoverState.REFUSED: frozenset(),
}

DUTY_MOVES: Mapping[DutyStatus, frozenset[DutyStatus]] = {
    DutyStatus.OFF_DUTY: frozenset({DutyStatus.AVAILABLE, DutyStatus.OUT_OF_SERVICE}),
    DutyStatus.AVAILABLE: frozenset({DutyStatus.MEAL_BREAK, DutyStatus.OUT_OF_SERVICE, DutyStatus.OFF_DUTY}),
    DutyStatus.MEAL_BREAK: frozenset({DutyStatus.AVAILABLE, DutyStatus.OUT_OF_SERVICE, DutyStatus.OFF_DUTY}),
    DutyStatus.OUT_OF_SERVICE: frozenset({DutyStatus.AVAILABLE, DutyStatus.OFF_DUTY}),
}


def next_assignment_state(state: AssignmentState) -> AssignmentState | None:
    """The usual next step: the rendezvous point and conveying are left out, since most jobs have neither."""
    usual = {
        AssignmentState.ALLOCATED: AssignmentState.ACKNOWLEDGED,
        AssignmentState.ACKNOWLEDGED: AssignmentState.MOBILE,
        AssignmentState.MOBILE: AssignmentState.ON_SCENE,
        AssignmentState.AT_RENDEZVOUS: AssignmentState.ON_SCENE,
        AssignmentState.ON_SCENE: AssignmentState.WITH_PATIENT,
        AssignmentState.WITH_PATIENT: AssignmentState.CLEAR,
        AssignmentState.CONVEYING: AssignmentState.AT_DESTINATION,
        AssignmentState.AT_DESTINATION: AssignmentState.CLEAR,
    }
    return usual.get(state)
