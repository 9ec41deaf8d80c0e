"""Steps as commands or sheets: what a key of the pane comes to."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from uuid import UUID

from console.live.briefs import heads_up
from console.live.desk import Desk
from console.live.joins import open_jobs
from console.views.detail.care_orders import care_sheet, due_of, whom_to_ring_now
from console.views.detail.person_orders import asked_for, person_sheet
from console.views.sheets import Order, Sheet, calls, decide, make, voices
from console.views.sheets.row_layout import Row
from db import commands
from db.commands.base import Command
from db.domain.dangers import Danger
from db.domain.known import NOTHING_KNOWN, KnownHere
from db.domain.next_steps import Act, NextStep
from db.domain.records import Referral
from db.domain.states import AssignmentState, HandoverState
from db.domain.time_order import KnownTime, known_times, missed_times


def direct(referral: Referral, step: NextStep) -> Order | None:
    """The command of a step that needs nothing more to be asked; None for one that does."""
    command = _command(referral, step)
    return Order(command, f"{step.label} · {referral.reference}") if command is not None else None


def _command(referral: Referral, step: NextStep) -> Command | None:
    if step.act is Act.ACCEPT:
        return commands.Accept(referral_id=referral.id)
    if step.act is Act.ADVISE_999:
        return commands.Advise999(referral_id=referral.id)
    if step.act is Act.END_HOLD:
        return commands.EndHold(referral_id=referral.id)
    if step.act is Act.STEP and step.target is not None and isinstance(step.to, AssignmentState):
        return commands.Step(assignment_id=step.target, to=step.to)
    if step.act is Act.MOVE_HANDOVER and step.target is not None and isinstance(step.to, HandoverState):
        return commands.MoveHandover(handover_id=step.target, to=step.to)
    if step.act is Act.EXPECT_HANDOVER and step.place:
        return commands.ExpectHandover(referral_id=referral.id, from_party="CRU", to_party=step.place)
    return None


@cache
def _does() -> Mapping[Act, type[Command]]:
    return {
        Act.ACCEPT: commands.Accept,
        Act.ADVISE_999: commands.Advise999,
        Act.AMEND_END: commands.AmendEnd,
        Act.CANCEL: commands.Cancel,
        Act.CLOSE: commands.Close,
        Act.CONVEY: commands.Step,
        Act.DECLINE: commands.Decline,
        Act.END_HOLD: commands.EndHold,
        Act.ENTERED_IN_ERROR: commands.MarkEnteredInError,
        Act.EXPECT_HANDOVER: commands.ExpectHandover,
        Act.END_CALL: commands.EndCall,
        Act.HOLD: commands.Hold,
        Act.HUNG_UP: commands.CallerHungUp,
        Act.MOVE_HANDOVER: commands.MoveHandover,
        Act.CONTACT: commands.RecordContact,
        Act.DO_FOLLOW_UP: commands.DoFollowUp,
        Act.LINK_LATE: commands.LinkLate,
        Act.NAME_NEXT: commands.NameResponsible,
        Act.NO_ERROR: commands.UndoEnteredInError,
        Act.PLAN_FOLLOW_UP: commands.PlanFollowUp,
        Act.PROMISE: commands.ClosePromise,
        Act.LOOKED_AT: commands.LookedAt,
        Act.OVERRIDE: commands.LetOn,
        Act.REFUSE_HANDOVER: commands.RefuseHandover,
        Act.REOPEN: commands.Reopen,
        Act.STAND_DOWN: commands.StandDown,
        Act.STEP: commands.Step,
    }


# What a command may act on, by its fields: a step has one target, and every kind of command its own name for it.
_TARGETS = ("assignment_id", "handover_id", "screening_id", "contact_id", "follow_up_id")


def is_underway(step: NextStep, command: Command) -> bool:
    """Whether a command on the step's own referral is what the step does, whatever either is called."""
    if type(command) is not _does().get(step.act):
        return False
    to = AssignmentState.CONVEYING if step.act is Act.CONVEY else step.to
    said = {getattr(command, name, None) for name in _TARGETS}
    if step.act is Act.NAME_NEXT:
        return True  # one ending a referral
    # Several places may be offered at once: only the one that was sent to is on its way.
    same_place = not step.place or getattr(command, "to_party", step.place) == step.place
    return step.target in {*said, None} and getattr(command, "to", to) == to and same_place


def sheet_for(
    desk: Desk, referral: Referral, step: NextStep, known: KnownHere = NOTHING_KNOWN
) -> Callable[[], Sheet] | None:
    """What makes the sheet of a step; None for one that has none. Allocation and the form are not asked here.

    Args:
        desk: the mirror, the clock, who is signed in.
        referral: what it is about.
        step: what is to be done.
        known: what is known of the person from before.
    """
    reference, now = desk.store.reference, desk.clock.now
    title = f"{step.label}: {referral.reference}"
    # Asked first of those who know the step; what nobody else wants is asked for in words.
    of_care = care_sheet(desk, referral, step)
    if of_care is not None:
        return of_care
    by_reason = _by_reason(step)
    if by_reason is not None:
        kind, go, command = by_reason
        return partial(make.reason, title, kind, go, reference, command)
    match step.act:
        case Act.CLOSE:
            asked = asked_for(desk, referral)
            return partial(make.close, referral, reference, now, asked, ems_released=_is_released(desk, referral))
        case Act.HOLD:
            return partial(make.hold, referral, reference, now, due_of(desk, referral))
        case Act.HUNG_UP:
            return partial(calls.hung_up, referral, now, partial(whom_to_ring_now, desk, referral))
        case Act.END_CALL:
            return partial(calls.no_referral, referral, reference)
        case Act.FEEDBACK:
            return partial(voices.feedback, referral, reference.themes)
        case Act.AMEND:
            return partial(make.amend, referral, partial(times_of, desk, referral.id), now)
        case Act.EXPECT_HANDOVER:
            return partial(make.next_handover, referral, reference, now)
        case _:
            return person_sheet(desk, referral, step, known) or _in_words(desk, referral, step)


def _by_reason(step: NextStep) -> tuple[str, str, Callable[[str], Command]] | None:
    target = step.target
    if step.act is Act.STAND_DOWN and target is not None:
        return "stand_down", "Stand down", lambda code: commands.StandDown(assignment_id=target, reason=code)
    if step.act is Act.REFUSE_HANDOVER and target is not None:
        return "refuse_handover", "Refuse", lambda code: commands.RefuseHandover(handover_id=target, reason=code)
    return None


def _in_words(desk: Desk, referral: Referral, step: NextStep) -> Callable[[], Sheet] | None:
    key, title = referral.id, f"{step.label}: {referral.reference}"
    if step.act is Act.REOPEN:
        command: Callable[[str], Command] = lambda why: commands.Reopen(referral_id=key, reason=why)  # noqa: E731 - one of two, in place
        return partial(make.words, title, "Why it is reopened", "Say why it is reopened.", "Reopen", command)
    if step.act is Act.ENTERED_IN_ERROR:
        command = lambda why: commands.MarkEnteredInError(referral_id=key, reason=why)  # noqa: E731 - as above
        return partial(make.words, title, "What was wrong", "Say what was wrong.", "Entered in error", command)
    if step.act is Act.NO_ERROR:
        command = lambda why: commands.UndoEnteredInError(referral_id=key, reason=why)  # noqa: E731 - as above
        return partial(make.words, title, "Why it was no error", "Say why it was no error.", "Back", command)
    if step.act in {Act.OVERRIDE, Act.LOOKED_AT}:
        sheet = decide.let_on if step.act is Act.OVERRIDE else decide.looked_at
        return partial(sheet, referral, partial(_standing, desk, key))
    if step.act is Act.CONVEY and step.target is not None:
        reference, now = desk.store.reference, desk.clock.now
        return partial(make.convey, referral, callsign_of(desk, step.target), step.target, reference, now)
    return None


def allocate_sheet(desk: Desk, referral: Referral, rows: Sequence[Row]) -> Sheet:
    """The ranked list, under what must be known of the person and the address."""
    told = heads_up(desk.store, referral.id, desk.clock.now())
    return make.allocate(referral, rows, told, lambda: open_jobs(desk.store, referral.id))


def _standing(desk: Desk, referral_id: UUID) -> tuple[Danger, ...]:
    dangers = desk.store.dangers_of(referral_id)
    return dangers.seen_to if dangers is not None else ()


def callsign_of(desk: Desk, assignment_id: UUID) -> str:
    """The name of the van on an assignment."""
    job = desk.store.assignment(assignment_id)
    van = desk.store.van(job.van_id) if job is not None else None
    return van.callsign if van is not None else "The van"


def _is_released(desk: Desk, referral: Referral) -> bool:
    return any(link.state is HandoverState.RELEASED for link in desk.store.handovers_of(referral.id))


def times_of(desk: Desk, referral_id: UUID) -> list[KnownTime]:
    """The times of a referral that may be amended, oldest first, and the steps that nobody reported."""
    referral = desk.store.referral(referral_id)
    if referral is None:
        return []
    callsigns = {van.id: van.callsign for van in desk.store.vans()}
    jobs, links = desk.store.assignments_of(referral.id), desk.store.handovers_of(referral.id)
    return [*known_times(referral, jobs, links, callsigns), *missed_times(jobs, links, callsigns)]


def menu_rows(steps: tuple[NextStep, ...]) -> list[Row]:
    """The steps of the menu, each with its own key beside it."""
    return [Row(str(place), step.label, key=step.key) for place, step in enumerate(steps)]
