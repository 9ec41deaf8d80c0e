"""What may be done beside the next steps: calls, promises, who is responsible next, follow-ups, late links."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from db.domain.calls import call_due, hold_is_silent
from db.domain.clocks import local_time
from db.domain.next_steps import Act, NextStep
from db.domain.reference import ReferenceData
from db.domain.roles import Role, may_dispatch, may_lead
from db.domain.situation import Phase, Situation


def with_care(
    steps: Sequence[NextStep], now_is: Situation, reference: ReferenceData, role: Role, now: datetime
) -> tuple[NextStep, ...]:
    """The legal steps with these among them: what is due now is a button, the rest is in the menu."""
    if not may_dispatch(role) or now_is.facts.referral.entered_in_error_at is not None:
        return tuple(steps)
    # A letter that a step of the referral has stays its own; what would have it too is pressed, or
    # found in the menu.
    taken = {step.key for step in steps}
    more = [*_calls(now_is, reference, now), *_promises(now_is, now), *_ending(now_is, role), *_later(now_is, now)]
    mine = []
    for step in more:
        mine.append(replace(step, key="") if step.key in taken else step)
        taken.add(step.key)
    shown = [step for step in steps if not step.in_menu]
    due = [step for step in mine if not step.in_menu]
    if due and (now_is.phase is Phase.ENDED or not any(step.kind == "primary" for step in shown)):
        # What is open of an end stands before what was said afterwards, and before that it may be reopened.
        others = [replace(step, kind="secondary") if step.kind == "primary" else step for step in shown]
        shown = [replace(due[0], kind="primary"), *due[1:], *others]
    else:
        shown += due
    return (*shown, *(step for step in (*steps, *mine) if step.in_menu))


def _calls(now_is: Situation, reference: ReferenceData, now: datetime) -> Iterator[NextStep]:
    facts, due = now_is.facts, call_due(now_is, reference)
    silent = hold_is_silent(facts, now_is.clock.due) and now_is.clock.due <= now
    urgent = silent or (due is not None and due <= now)
    yield NextStep(Act.CONTACT, "Record a call", "Y", in_menu=not urgent)


def _promises(now_is: Situation, now: datetime) -> Iterator[NextStep]:
    for one in now_is.facts.contacts:
        if one.is_promise_open:
            due = one.promise_due_at is not None and one.promise_due_at <= now
            yield NextStep(Act.PROMISE, "Promise kept?", "J", target=one.id, in_menu=not due)


def _ending(now_is: Situation, role: Role) -> Iterator[NextStep]:
    ending = now_is.facts.ending
    if now_is.phase is not Phase.ENDED or ending is None:
        return
    if not ending.is_named:
        label = "Say who looks for them" if ending.asks_search else "Say who is responsible"
    elif ending.is_answered or any(ending.untold()):
        label = "Say who was told"
    else:
        label = "Say what is open"
    yield NextStep(Act.NAME_NEXT, label, "N", target=ending.id, in_menu=ending.is_answered)
    if may_lead(role):
        yield NextStep(Act.AMEND_END, "Put right how it ended", in_menu=True)


def _later(now_is: Situation, now: datetime) -> Iterator[NextStep]:
    for one in now_is.facts.follow_ups:
        if one.is_open:
            label = f"Follow-up of {local_time(one.due_at, now)} done"
            yield NextStep(Act.DO_FOLLOW_UP, label, "Z", target=one.id, in_menu=one.due_at > now)
    yield NextStep(Act.PLAN_FOLLOW_UP, "Plan a follow-up", in_menu=True)
    yield NextStep(Act.LINK_LATE, "EMAS or police came later", in_menu=True)
    if now_is.facts.referral.is_open:
        yield NextStep(Act.PLACES, "Places free somewhere", in_menu=True)
