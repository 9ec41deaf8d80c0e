"""What is still to be entered about a job that is over: times that nobody reported, and answers that nobody gave.

A skipped step leaves its time empty, and a measure then counts it as missing. Whoever still knows it before the
shift ends can say it; a shift lead enters it, with a reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from db.domain.records import Assignment, Handover, YesNo
from db.domain.situation import Facts
from db.domain.states import ASSIGNMENT_ORDER, AssignmentState, HandoverState, ReferralState
from db.domain.texts import told

ALWAYS_REACHED = (AssignmentState.MOBILE, AssignmentState.ON_SCENE)
"""Steps that every crew took that was there. Whether it waited at a rendezvous nobody can tell from that."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Something about a job that is not in the record.

    Attributes:
        words: what: ``CRU2 on scene``, ``EMAS crew released``, ``A&E avoided: not answered``.
        entity: whose time it is; ``referral`` for an answer.
        id: the assignment's, the handover's or the referral's.
        step: the name of the time, as the record's steps are called; empty for an answer.
    """

    words: str
    entity: Literal["referral", "assignment", "handover"]
    id: UUID
    step: str = ""


def unfinished(facts: Facts) -> list[Unfinished]:
    """What is missing of one referral, in the order of the job. Nothing of what was entered in error."""
    if facts.referral.entered_in_error_at is not None:
        return []
    found = [one for job in facts.assignments for one in _of_van(facts, job)]
    found += [one for link in facts.handovers for one in _of_link(facts, link)]
    return [*found, *_answers(facts)]


def skipped(order: Sequence[AssignmentState], job: Assignment) -> Iterator[AssignmentState]:
    """The steps before the one a van has reached that have no time."""
    reached = ASSIGNMENT_ORDER.index(job.state) if job.state in ASSIGNMENT_ORDER else 0
    return (step for step in order if ASSIGNMENT_ORDER.index(step) < reached and step not in job.times)


def _of_van(facts: Facts, job: Assignment) -> Iterator[Unfinished]:
    if job.state is AssignmentState.CLEAR:
        # Who met nobody has no "with patient", and that is no gap.
        met = AssignmentState.CONVEYING in job.times or AssignmentState.AT_DESTINATION in job.times
        wanted = (*ALWAYS_REACHED, AssignmentState.WITH_PATIENT) if met else ALWAYS_REACHED
        for step in skipped(wanted, job):
            yield Unfinished(f"{facts.callsign(job)} {step.value}", "assignment", job.id, step.value)


def _of_link(facts: Facts, link: Handover) -> Iterator[Unfinished]:
    name = told(link.from_party)
    over = not facts.referral.is_open or link.state is HandoverState.RELEASED
    if link.state is HandoverState.ACCEPTED and over:
        yield Unfinished(f"{name} released", "handover", link.id, HandoverState.RELEASED.value)
    if link.state is HandoverState.RELEASED and HandoverState.STARTED not in link.times:
        yield Unfinished(f"handover from {name} started", "handover", link.id, HandoverState.STARTED.value)


def _answers(facts: Facts) -> Iterator[Unfinished]:
    referral = facts.referral
    if referral.state is not ReferralState.CLOSED:
        return
    asked = {
        "A&E avoided": referral.ae_avoided,
        "EMAS crew released": referral.ems_released,
        "police avoided": referral.police_avoided,
    }
    for name, said in asked.items():
        if said in {None, YesNo.UNKNOWN}:
            yield Unfinished(f"{name}: not answered", "referral", referral.id)
