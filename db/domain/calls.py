"""When somebody who waits is called next, what was promised, silent holds. Pure; times are UTC.

The record has the same rules (``cru.next_call``, ``cru.agreed_to_wait``), and a test compares them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from db.domain.care import NO_ANSWER, PERSON, CallSchedule, Contact, FollowUp, HowItEnded
from db.domain.clocks import shifted, wall_time
from db.domain.records import Referral
from db.domain.reference import ReferenceData
from db.domain.situation import Facts, Situation, situation
from db.domain.states import AssignmentState


def last_heard(contacts: Sequence[Contact]) -> Contact | None:
    """The last word with the person, or with who cares for them."""
    return max((one for one in contacts if one.was_heard), key=_made, default=None)


def _made(one: Contact) -> tuple[datetime, UUID]:
    return one.made_at, one.id


def next_call(
    received: datetime, contacts: Sequence[Contact], schedule: CallSchedule, stood_down: datetime | None = None
) -> datetime:
    """When the next call is due: after the last word, not before what was agreed, a while after no answer.

    Whoever was to be visited and waits again is called soon, whatever they agreed to before that. ``stood_down``
    is when the last van for them was; None where none was.
    """
    heard = last_heard(contacts)
    tried = [
        one.made_at
        for one in contacts
        # An attempt before the last word was answered by it.
        if one.spoke_with == NO_ANSWER and (heard is None or one.made_at > heard.made_at)
    ]
    due = [shifted(heard.made_at, schedule.every) if heard is not None else shifted(received, schedule.first)]
    if heard is not None and heard.waits_until is not None:
        due.append(heard.waits_until)
    by = max(due)
    if stood_down is not None and (heard is None or stood_down > heard.made_at):
        by = min(by, shifted(stood_down, schedule.again))
    return max([by, *(shifted(one, schedule.again) for one in tried)])


def agreed_to_wait(contacts: Iterable[Contact], until: datetime) -> bool:
    """Whether the person themselves agreed to wait at least that long."""
    return any(
        one.spoke_with == PERSON and one.waits_until is not None and one.waits_until >= until for one in contacts
    )


def hold_is_silent(facts: Facts, due: datetime) -> bool:
    """Whether a hold passes the response due time without a word with the person; nobody calls the dead."""
    until = facts.referral.hold_until
    if not facts.referral.is_open or until is None or facts.died is not None:
        return False
    return until > due and not agreed_to_wait(facts.contacts, until)


def call_due(now_is: Situation, reference: ReferenceData) -> datetime | None:
    """When somebody who waits without a van is called next; None where no call is due, or they may be dead."""
    referral = now_is.facts.referral
    schedule = reference.schedules.get(referral.priority)
    if schedule is None or not now_is.needs_van or now_is.facts.died is not None:
        return None
    down = (
        job.times.get(AssignmentState.STOOD_DOWN)
        for job in now_is.facts.assignments
        if job.state is AssignmentState.STOOD_DOWN
    )
    stood_down = max(filter(None, down), default=None)
    return next_call(referral.received_at, now_is.facts.contacts, schedule, stood_down)


def call_words(heard: datetime | None, due: datetime) -> str:
    """For a row: ``called 03:10, next 04:05``."""
    if heard is None:
        return f"first call {wall_time(due)}"
    return f"called {wall_time(heard)}, next {wall_time(due)}"


# --- what is to be done, for a list ---


class Care(IntEnum):
    """What kind of thing is to be done for a person, the gravest first."""

    CALL = 0
    SILENT_HOLD = 1
    PROMISE = 2
    FOLLOW_UP = 3
    ENDING = 4


@dataclass(frozen=True, slots=True)
class CareDue:
    """One thing to be done: a call, a promise, a follow-up, an ending with nobody named.

    Attributes:
        due: when; for an ending, when the referral ended.
        about: the contact, follow-up or ending; None for a call and a hold.
        words: what it is.
        last: the last word with the person, where there was one.
    """

    kind: Care
    referral: Referral
    due: datetime
    words: str
    about: Contact | FollowUp | HowItEnded | None = None
    last: Contact | None = None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.due <= now


def calls_due(all_facts: Iterable[Facts], reference: ReferenceData) -> list[CareDue]:
    """Everything to be done for people who wait, or who are no longer with us, in the order in which it is due.

    The inbox and the room's list are both made of this.
    """
    found = [one for facts in all_facts for one in care_of(facts, reference)]
    # Endings last: they are due since they happened, and would stand before people who wait.
    return sorted(found, key=lambda one: (one.kind is Care.ENDING, one.due, one.kind, one.referral.reference))


def care_of(facts: Facts, reference: ReferenceData) -> list[CareDue]:
    """What is to be done for one person."""
    referral = facts.referral
    if referral.entered_in_error_at is not None:
        return []
    heard = last_heard(facts.contacts)
    found = [*_calls(facts, reference, heard)]
    found += [
        # One without a time is due at once: nobody else reminds of it.
        CareDue(Care.PROMISE, referral, one.promise_due_at or one.made_at, one.promised, one, heard)
        for one in facts.contacts
        if one.is_promise_open
    ]
    found += [
        CareDue(Care.FOLLOW_UP, referral, one.due_at, one.what_for, one, heard)
        for one in facts.follow_ups
        if one.is_open
    ]
    ending = facts.ending
    if ending is not None and not ending.is_answered and not referral.is_open:
        found.append(CareDue(Care.ENDING, referral, ending.ended_at, "; ".join(ending.not_said()), ending, heard))
    return found


def _calls(facts: Facts, reference: ReferenceData, heard: Contact | None) -> Iterable[CareDue]:
    referral = facts.referral
    if not referral.is_open:
        return
    now_is = situation(facts, reference)
    due = call_due(now_is, reference)
    if due is not None:
        yield CareDue(Care.CALL, referral, due, f"{referral.priority} waits without a van", None, heard)
    if hold_is_silent(facts, now_is.clock.due):
        words = f"{referral.priority}, on hold past the due time: speak to the person"
        yield CareDue(Care.SILENT_HOLD, referral, now_is.clock.due, words, None, heard)
