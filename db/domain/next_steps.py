"""What may happen next to a referral: the legal steps and no others, the usual one first.

The record's triggers decide; this says beforehand what they will let through, for the role and for the states of
the vans and handovers. A step names what it acts on; views turn it into a command.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from db.domain.dangers import Dangers
from db.domain.party import Party
from db.domain.records import Assignment, Handover, Referral, Screening
from db.domain.reference import ScreeningTool
from db.domain.roles import Role, may_dispatch, may_lead
from db.domain.screening import DANGER_SCALE, may_accept, weighed
from db.domain.states import (
    ASSIGNMENT_MOVES,
    ASSIGNMENT_ORDER,
    AT_SCENE,
    HANDOVER_MOVES,
    ON_THE_WAY,
    WITH_PERSON,
    AssignmentState,
    HandoverState,
    ReferralState,
    next_assignment_state,
)
from db.domain.texts import told

Kind = Literal["primary", "secondary", "danger"]
PRIMARY_KEY = "Return"


class Act(StrEnum):
    """What a step does."""

    SCREEN = "screen"
    ACCEPT = "accept"
    DECLINE = "decline"
    OVERRIDE = "override"
    ADVISE_999 = "advise 999"
    LOOKED_AT = "looked at"
    ALLOCATE = "allocate"
    STEP = "step"
    CONVEY = "convey"
    STAND_DOWN = "stand down"
    MOVE_HANDOVER = "move handover"
    REFUSE_HANDOVER = "refuse handover"
    EXPECT_HANDOVER = "expect handover"
    CLOSE = "close"
    HUNG_UP = "hung up"
    END_CALL = "end call"
    HOLD = "hold"
    END_HOLD = "end hold"
    CANCEL = "cancel"
    REOPEN = "reopen"
    ENTERED_IN_ERROR = "entered in error"
    FEEDBACK = "feedback"
    FLAG = "flag"
    EDIT = "edit"
    AMEND = "amend"
    AMEND_END = "amend end"
    CONTACT = "contact"
    PROMISE = "promise"
    NAME_NEXT = "name responsible"
    PLAN_FOLLOW_UP = "plan follow-up"
    DO_FOLLOW_UP = "do follow-up"
    LINK_LATE = "link late"
    PLACES = "places free"
    NO_ERROR = "no error"
    TAKE_BACK = "take back"
    READ_BACK = "read back"
    ABOUT = "about me"
    TAKE_OVER = "take over"
    WHO_IS_IT = "who is it"
    INTERPRETER = "interpreter"
    LOOK_AT_FLAG = "look at flag"
    WISHES = "wishes"


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing that may be done now.

    Attributes:
        act: what it does.
        label: the words on its button.
        key: does it, the portable way; empty for a step that is only in the menu. Unique in a list.
        kind: one step of a list is primary, and Return does it as well as its own key.
        to: the state it leads to, for a van's step or a handover's move.
        target: the assignment, handover or screening it acts on; None for the referral itself.
        place: where to, when that is known already.
        in_menu: it is seldom needed and lives in the menu of more actions; its key works all the same.
    """

    act: Act
    label: str
    key: str = ""
    kind: Kind = "secondary"
    to: AssignmentState | HandoverState | None = None
    target: UUID | None = None
    place: str = ""
    in_menu: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A referral and what hangs on it.

    Attributes:
        tool: the version that the screening used, or the current one before any screening.
        assignments: as the vans were allocated; handovers first link first; callsigns by van id.
        dangers: what stands against the next step; None where the record did not say.
    """

    referral: Referral
    screening: Screening | None
    tool: ScreeningTool
    assignments: Sequence[Assignment]
    handovers: Sequence[Handover]
    callsigns: Mapping[UUID, str]
    dangers: Dangers | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether something stands against bringing a van to the person."""
        return self.dangers is not None and bool(self.dangers.seen_to)

    @property
    def jobs(self) -> list[Assignment]:
        """The open assignments, the van that is furthest on first."""
        order = list(AssignmentState)
        return sorted((job for job in self.assignments if job.is_open), key=lambda job: -order.index(job.state))

    def callsign(self, job: Assignment) -> str:
        """The van's name as people say it."""
        return told(self.callsigns.get(job.van_id, "The van"))


def next_steps(case: Case, role: Role, now: datetime) -> tuple[NextStep, ...]:
    """The legal steps for a role at a moment (UTC): the primary one first, then the likelier ones."""
    lead = may_lead(role)
    if not may_dispatch(role):
        return ()
    if case.referral.entered_in_error_at is not None:
        return (_NOT_HAPPENED, _NO_ERROR) if lead else ()
    likely = [*_gate(case, lead=lead), *_with_patient(case), *_vans(case), *_ending(case, lead=lead)]
    if case.referral.on_hold(now):
        likely.insert(0, NextStep(Act.END_HOLD, "Bring back from hold", "U"))
    steps = [*likely, *_marks(case, lead=lead)]
    return _distinct_keys(_with_primary(steps))


def _with_primary(steps: list[NextStep]) -> list[NextStep]:
    place = next(
        (at for at, step in enumerate(steps) if not step.in_menu and step.act not in _NEVER_PRIMARY), None
    )
    if place is None:
        return sorted(steps, key=lambda step: step.in_menu)
    first = replace(steps[place], kind="primary")
    rest = [*steps[:place], *steps[place + 1 :]]
    return [first, *sorted(rest, key=lambda step: step.in_menu)]


# What ends a chain or needs a decision of its own is never one unthinking press away.
_NEVER_PRIMARY = frozenset(
    {Act.CANCEL, Act.REFUSE_HANDOVER, Act.STAND_DOWN, Act.HOLD, Act.OVERRIDE, Act.LOOKED_AT, Act.REOPEN}
)


def _distinct_keys(steps: list[NextStep]) -> tuple[NextStep, ...]:
    taken: set[str] = set()
    made = []
    for step in steps:
        made.append(replace(step, key="") if step.key in taken else step)
        taken.add(step.key)
    return tuple(made)


_NOT_HAPPENED = NextStep(Act.TAKE_BACK, "Did not happen …", in_menu=True)
_NO_ERROR = NextStep(Act.NO_ERROR, "No error: back on the board", "O", "danger", in_menu=True)
_ADVISE = '"999 / return to EMAS" was said'

# --- before a van ---


def _gate(case: Case, *, lead: bool) -> Iterator[NextStep]:
    state, stopped, asks = case.referral.state, case.is_stopped, bool(case.dangers and case.dangers.in_danger)
    if state is ReferralState.RECEIVED:
        yield from _screening(case, lead=lead)
    elif stopped and case.referral.is_open:
        yield NextStep(Act.SCREEN, "Screen again", "S", in_menu=not asks)
        yield NextStep(Act.ADVISE_999, _ADVISE, "Q", in_menu=not asks)
        yield from _decisions(case, lead=lead)
    if state is ReferralState.ACCEPTED:
        if not stopped:
            yield NextStep(Act.ALLOCATE, "Allocate a van", "V")
        label = "Decline, or return to EMAS" if stopped else "Decline"
        yield NextStep(Act.DECLINE, label, "D", "danger", in_menu=not asks)


def _screening(case: Case, *, lead: bool) -> Iterator[NextStep]:
    decline = NextStep(Act.DECLINE, "Decline", "D", "danger")
    again = NextStep(Act.SCREEN, "Screen again", "S", in_menu=True)
    may = _may_accept(case)
    if not _is_screened(case):
        yield from (NextStep(Act.SCREEN, "Screen", "S"), decline)
    elif may:
        yield from (NextStep(Act.ACCEPT, "Accept", "A"), decline, again)
    else:
        yield replace(decline, label="Decline, or return to EMAS")
        yield from _decisions(case, lead=lead)
        yield replace(again, in_menu=False)
    yield NextStep(Act.ADVISE_999, _ADVISE, "Q", in_menu=may or not _is_screened(case))


def _is_screened(case: Case) -> bool:
    """Whether every question has an answer."""
    if case.dangers is not None:
        return not any(one.kind in {"unscreened", "unanswered"} for one in case.dangers.stands)
    return case.screening is not None and weighed(case.tool, case.screening).is_complete


def _may_accept(case: Case) -> bool:
    if case.dangers is not None:
        return not case.is_stopped
    return case.referral.triage_scale != DANGER_SCALE and may_accept(case.tool, case.screening)


def _decisions(case: Case, *, lead: bool) -> Iterator[NextStep]:
    """Who may let it on: words were looked at by whoever looked; all else is a clinician's, kept by a lead."""
    stands = case.dangers.seen_to if case.dangers is not None else ()
    if any(one.kind == "words" for one in stands):
        yield NextStep(Act.LOOKED_AT, "Looked at: no danger, because …", "J")
    if lead and not any(one.hard for one in stands):
        yield NextStep(Act.OVERRIDE, "Decision by a clinician", "O")


# --- who holds the patient ---


def _with_patient(case: Case) -> Iterator[NextStep]:
    """Handover steps come before the van's own as soon as a crew has reached the person."""
    if case.referral.state is ReferralState.ATTENDING:
        met = any(job.state in WITH_PERSON for job in case.jobs) or not case.jobs
        for link in case.handovers:
            yield from _moves(link, in_menu=not met or not _is_due(link, case.jobs))
        yield from _to_destination(case)
        return
    for link in case.handovers:
        if _from_crew(link) and link.state is HandoverState.ACCEPTED:
            yield from _moves(link, in_menu=False)


def _is_due(link: Handover, jobs: Sequence[Assignment]) -> bool:
    if _from_crew(link):
        return True
    # A destination takes the patient over when the van is there; its own "released" is as good as "clear".
    on_the_way = any(job.state is AssignmentState.CONVEYING for job in jobs)
    return link.state is not HandoverState.ACCEPTED and not on_the_way


def _moves(link: Handover, *, in_menu: bool) -> Iterator[NextStep]:
    legal = HANDOVER_MOVES[link.state]
    for to in (HandoverState.STARTED, HandoverState.ACCEPTED, HandoverState.RELEASED):
        if to in legal:
            label = _handover_label(link, to)
            yield NextStep(Act.MOVE_HANDOVER, label, "H", to=to, target=link.id, in_menu=in_menu)
            in_menu = True
    if HandoverState.REFUSED in legal:
        label = "Needs physical care first" if _from_crew(link) else f"Refused by {told(link.to_party)}"
        hidden = link.state is HandoverState.EXPECTED and not _from_crew(link)
        yield NextStep(Act.REFUSE_HANDOVER, label, "R", target=link.id, in_menu=hidden)


def _handover_label(link: Handover, to: HandoverState) -> str:
    if to is HandoverState.RELEASED:
        return {Party.EMS: "EMAS crew released", Party.POLICE: "Police released"}.get(
            link.from_kind, f"{told(link.from_party)} released"
        )
    return f"Handover {to}" if _from_crew(link) else f"{told(link.to_party)}: handover {to}"


def _from_crew(link: Handover) -> bool:
    return link.from_kind is not Party.CRU


def _to_destination(case: Case) -> Iterator[NextStep]:
    open_link = any(_is_open(link) for link in case.handovers)
    gone = any(link.to_kind is Party.DESTINATION for link in case.handovers if _was_taken(link))
    if open_link or gone:
        return
    there = next((job for job in case.jobs if job.state is AssignmentState.AT_DESTINATION), None)
    if there is not None and there.destination:
        yield NextStep(
            Act.EXPECT_HANDOVER, f"Hand over to {told(there.destination)}", "N", place=there.destination
        )
    elif any(job.state in WITH_PERSON for job in case.jobs) or not case.jobs:
        yield NextStep(Act.EXPECT_HANDOVER, "Hand over to …", "N", in_menu=True)


def _is_open(link: Handover) -> bool:
    return link.state in {HandoverState.EXPECTED, HandoverState.STARTED}


def _was_taken(link: Handover) -> bool:
    return link.state in {HandoverState.ACCEPTED, HandoverState.RELEASED}


# --- vans ---

_KEYED = (*ASSIGNMENT_ORDER[1:6], *ASSIGNMENT_ORDER[7:])  # conveying has a step of its own
_STEP_KEYS: Mapping[AssignmentState, str] = dict(zip(_KEYED, "KMZGPTL", strict=True))


def _vans(case: Case) -> Iterator[NextStep]:
    for job in case.jobs:
        yield from (step for step in _usual(case, job) if not _is_held(case, job, step))
    for job in case.jobs:
        yield from (step for step in _others(case, job) if not _is_held(case, job, step))
    if case.referral.state in {ReferralState.ALLOCATED, ReferralState.ATTENDING} and not case.is_stopped:
        yield NextStep(Act.ALLOCATE, "Allocate another van", "V", in_menu=True)


_TO_THE_PERSON = frozenset({AssignmentState.MOBILE, *AT_SCENE})


def _is_held(case: Case, job: Assignment, step: NextStep) -> bool:
    """Whether the record refuses the step while something stands against it: a van that would go to the person."""
    if not case.is_stopped or job.state not in ON_THE_WAY:
        return False
    return step.act is Act.CONVEY or step.to in _TO_THE_PERSON


def _usual(case: Case, job: Assignment) -> Iterator[NextStep]:
    # A crew that has yet to take the patient over does not usually leave, or drive off with them.
    early = job.state is AssignmentState.WITH_PATIENT and any(_is_open(link) for link in case.handovers)
    to = next_assignment_state(job.state)
    if to is not None:
        yield _step(case, job, to, in_menu=early)
    if job.state is AssignmentState.WITH_PATIENT:
        yield NextStep(Act.CONVEY, f"{case.callsign(job)} conveying", "C", target=job.id, in_menu=early)


def _others(case: Case, job: Assignment) -> Iterator[NextStep]:
    usual, legal = next_assignment_state(job.state), ASSIGNMENT_MOVES[job.state]
    for to in AssignmentState:
        if to is AssignmentState.CONVEYING and to in legal and job.state is not AssignmentState.WITH_PATIENT:
            label = f"{case.callsign(job)} conveying"
            yield NextStep(Act.CONVEY, label, "C", target=job.id, in_menu=True)
        elif to in legal - {usual, AssignmentState.CONVEYING, AssignmentState.STOOD_DOWN}:
            yield _step(case, job, to, in_menu=True)
    if AssignmentState.STOOD_DOWN in legal and _may_stand_down(case, job):
        label = f"Stand {case.callsign(job)} down"
        yield NextStep(Act.STAND_DOWN, label, "B", "danger", target=job.id, in_menu=True)


def _step(case: Case, job: Assignment, to: AssignmentState, *, in_menu: bool) -> NextStep:
    label = f"{case.callsign(job)} {to}"
    return NextStep(Act.STEP, label, _STEP_KEYS.get(to, ""), to=to, target=job.id, in_menu=in_menu)


def _may_stand_down(case: Case, job: Assignment) -> bool:
    """The only crew that reached the person cannot be taken away: that is *clear*, or another van first."""
    if case.referral.state is not ReferralState.ATTENDING:
        return True
    others = [other for other in case.assignments if other.id != job.id]
    return any(other.is_open or other.state is AssignmentState.CLEAR for other in others)


# --- the end, and marks ---


def _ending(case: Case, *, lead: bool) -> Iterator[NextStep]:
    state = case.referral.state
    if state is ReferralState.ATTENDING and not case.jobs:
        yield NextStep(Act.CLOSE, "Close with an outcome", "X")
    if state in {ReferralState.CLOSED, ReferralState.ATTENDING}:
        yield NextStep(Act.FEEDBACK, "Add feedback", "W", in_menu=state is ReferralState.ATTENDING)
    if state in {ReferralState.CLOSED, ReferralState.DECLINED, ReferralState.CANCELLED} and lead:
        yield NextStep(Act.REOPEN, "Reopen", "O", "danger")


def _marks(case: Case, *, lead: bool) -> Iterator[NextStep]:
    state, died = case.referral.state, case.dangers and case.dangers.died
    if state in {ReferralState.RECEIVED, ReferralState.ACCEPTED}:
        yield NextStep(Act.HOLD, "Hold until …", "U", in_menu=True)
    if state in {ReferralState.RECEIVED, ReferralState.ACCEPTED, ReferralState.ALLOCATED}:
        yield NextStep(Act.CANCEL, "Cancel the referral", "Delete", "danger", in_menu=not died)
    yield NextStep(Act.EDIT, "Edit details", "E", in_menu=True)
    yield NextStep(Act.FLAG, "Add a flag", "F", in_menu=True)
    if lead:
        yield NextStep(Act.AMEND, "Amend a time", "I", in_menu=True)
        yield _NOT_HAPPENED
        if state not in {ReferralState.ALLOCATED, ReferralState.ATTENDING}:
            yield NextStep(Act.ENTERED_IN_ERROR, "Entered in error", "", "danger", in_menu=True)
