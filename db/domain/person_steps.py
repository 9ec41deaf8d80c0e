"""Steps about the person: what they say, who they are, flags, the brief, and what was kept of their wishes."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from db.domain.next_steps import Act, Case, NextStep
from db.domain.roles import Role, may_dispatch
from db.domain.states import AssignmentState, ReferralState

_BEFORE_IT_DRIVES = frozenset({AssignmentState.ALLOCATED, AssignmentState.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class AboutThem:
    """What is known about the person, as far as steps depend on it.

    Attributes:
        read_back: the assignments whose crews have read the brief back, as it stands.
        flags: whether there is a flag to look at.
        others: whether there is another referral that somebody may say is the same person, or is not.
        kept: whether something was kept from an earlier referral.
        said: whether anything was said that may be kept or not.
        interpreter: whether somebody speaks another language, or needs an interpreter.
    """

    read_back: Collection[UUID] = frozenset()
    flags: bool = False
    others: bool = False
    kept: bool = False
    said: bool = False
    interpreter: bool = False


def person_steps(case: Case, them: AboutThem, role: Role) -> tuple[NextStep, ...]:
    """The steps, those with a button first. Who may not dispatch has none, nor has what was entered in error."""
    if not may_dispatch(role) or case.referral.entered_in_error_at is not None:
        return ()
    steps = [*_brief(case, them), *_words(case, them)]
    return tuple(sorted(steps, key=lambda step: step.in_menu))


def _brief(case: Case, them: AboutThem) -> Iterator[NextStep]:
    for job in case.jobs:
        early = job.state in _BEFORE_IT_DRIVES and job.id not in them.read_back
        yield NextStep(
            Act.READ_BACK, f"{case.callsign(job)} read the brief back", "W", target=job.id, in_menu=not early
        )


def _words(case: Case, them: AboutThem) -> Iterator[NextStep]:
    if case.referral.is_open:
        if them.kept:
            yield NextStep(Act.TAKE_OVER, "Take over what was kept …", in_menu=True)
        if them.others:
            yield NextStep(Act.WHO_IS_IT, "The same person? …", in_menu=True)
        yield NextStep(Act.ABOUT, "About me: add …", "T", in_menu=True)
        if them.interpreter:
            yield NextStep(Act.INTERPRETER, "Interpreter booked …", in_menu=True)
    if them.flags:
        yield NextStep(Act.LOOK_AT_FLAG, "Withdraw a flag, or go on with it …", in_menu=True)
    if them.said and case.referral.state in {ReferralState.ATTENDING, ReferralState.CLOSED}:
        yield NextStep(Act.WISHES, "Wishes and promises: kept? …", in_menu=True)


def joined(steps: Sequence[NextStep], more: Sequence[NextStep]) -> tuple[NextStep, ...]:
    """Both lists as one: the usual step stays first, the menu stays behind the buttons, keys stay single."""
    taken = {step.key for step in steps if step.key}
    added = []
    for step in more:
        added.append(replace(step, key="") if step.key in taken else step)
        taken.add(step.key)
    shown = [*(one for one in steps if not one.in_menu), *(one for one in added if not one.in_menu)]
    return (*shown, *(one for one in steps if one.in_menu), *(one for one in added if one.in_menu))
