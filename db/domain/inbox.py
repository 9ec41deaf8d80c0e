"""Everything that needs a hand, gravest and oldest first: alarms, and what is due before any of them sounds.

Nothing of it goes away by being seen: a line goes when what it asks for is done. Pure; times are UTC.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.domain.alarms import Alarm, to_do
from db.domain.calls import Care, calls_due
from db.domain.care import Contact, FollowUp
from db.domain.clocks import shifted
from db.domain.fleet import VanFacts, well
from db.domain.handing_over import called
from db.domain.messages import Message
from db.domain.names import short_name
from db.domain.next_steps import Act
from db.domain.person_requests import WaitingRequest
from db.domain.reference import ReferenceData
from db.domain.request_alarms import REQUEST, key_of
from db.domain.ringing import whom_to_ring
from db.domain.shift_handover import ShiftHandover
from db.domain.situation import Facts, situation
from db.domain.states import ReferralState
from db.domain.texts import one_line, told
from db.domain.to_finish import unfinished

SOON: Final = timedelta(minutes=60)
"""How long before it is due something stands here."""
LATER: Final = 4
"""How grave what is no alarm is, after the three of alarms."""
_NOT_ACCEPTED: Final = ReferralState.RECEIVED
_ACTS: Final = {
    "danger": Act.SCREEN,
    "died": Act.CANCEL,
    "no_van": Act.ALLOCATE,
    "late": Act.CONTACT,
    "silent_hold": Act.CONTACT,
    "call": Act.CONTACT,
    "call_later": Act.CONTACT,
    "due_soon": Act.ALLOCATE,
    "follow_up": Act.DO_FOLLOW_UP,
    "promise": Act.PROMISE,
    "handover": Act.MOVE_HANDOVER,
}
"""By what the cause of an alarm is gone."""
_CARE: Final = {
    Care.CALL: ("call due", Act.CONTACT, "call", "call"),
    Care.SILENT_HOLD: ("rests past its time", Act.CONTACT, "silent_hold", "silent hold"),
    Care.PROMISE: ("promised", Act.PROMISE, "promise", "promise"),
    Care.FOLLOW_UP: ("follow-up", Act.DO_FOLLOW_UP, "follow_up", "follow-up"),
    Care.ENDING: ("ended", Act.NAME_NEXT, "", "ending"),
}
"""Its words, what resolves it, the kind of its alarm, and how its alarm's key begins."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing that needs a hand.

    Attributes:
        key: the same as long as it is the same thing.
        grave: 1 to 3 as alarms are; :data:`LATER` for what is none.
        words: what it is.
        why: what is to be done about it.
        since: from when it needs a hand.
        due: by when; None where it should have been done at once.
        act: what resolves it, where that is one step of a referral.
        alarm: that it is, where it is one.
        is_record: it is seen to where the whole record of the referral's person is.
    """

    key: str
    grave: int
    words: str
    why: str
    since: datetime
    due: datetime | None = None
    referral_id: UUID | None = None
    van_id: UUID | None = None
    act: Act | None = None
    alarm: Alarm | None = None
    is_room: bool = False
    message_id: UUID | None = None
    is_record: bool = False


def inbox(
    referrals: Sequence[Facts],
    vans: Sequence[VanFacts],
    alarms: Iterable[Alarm],
    room: ShiftHandover | None,
    reference: ReferenceData,
    now: datetime,
    messages: Iterable[Message] = (),
    requests: Iterable[WaitingRequest] = (),
) -> list[InboxItem]:
    """All of it at a moment.

    Args:
        referrals: those on the board.
        vans: those in use.
        alarms: what sounds or stands, and does not rest.
        room: the room that waits to be taken by whoever asks; None where there is none.
        reference: configured data.
        now: the moment.
        messages: those that wait for whoever asks.
        requests: what is asked about records and waits for whoever asks.
    """
    sounding = list(alarms)
    # No van is sent before the gate, and nothing is screened before somebody goes on with the call.
    first = {one.referral.id: Act.SCREEN for one in referrals if one.referral.state is _NOT_ACCEPTED}
    first |= {one.referral.id: Act.EDIT for one in referrals if one.open_call is not None}
    heard = {one.key for one in sounding}
    found = [
        *(_of_alarm(one, reference, now, first) for one in sounding),
        *_to_accept(referrals, reference, now),
        *_to_call_back(referrals, heard, reference, now),
        *_care(referrals, heard, reference, now),
        *_words_due(vans, reference, now),
        *_to_finish(referrals, now),
        *([_room(room, reference)] if room is not None else []),
        *(_message(one, reference) for one in messages),
        *_requests(requests, heard, reference, now),
    ]
    return sorted(found, key=lambda one: (one.grave, one.due or one.since, one.since, one.key))


def _of_alarm(alarm: Alarm, reference: ReferenceData, now: datetime, first: Mapping[UUID, Act]) -> InboxItem:
    before = first.get(alarm.referral_id) if alarm.referral_id is not None else None
    return InboxItem(
        alarm.key,
        alarm.priority,
        alarm.sentence(now),
        to_do(alarm, reference.alarm_kinds),
        alarm.since,
        referral_id=alarm.referral_id,
        van_id=alarm.van_id,
        act=before or _ACTS.get(alarm.kind),
        alarm=alarm,
        is_record=alarm.kind == REQUEST,
    )


def _to_accept(referrals: Iterable[Facts], reference: ReferenceData, now: datetime) -> Iterator[InboxItem]:
    """Who was referred, and is neither accepted nor declined."""
    for facts in referrals:
        one = facts.referral
        if one.state is not _NOT_ACCEPTED or one.entered_in_error_at is not None or facts.open_call is not None:
            continue
        # As grave as the priority that it came with, and never behind what can wait for the end of the shift.
        grave = min(LATER - 1, reference.standing(one.priority) + 2)
        due = situation(facts, reference).clock.due
        words = f"{called(one, now)} is neither accepted nor declined"
        why = "Screen it, then accept or decline."
        yield InboxItem(f"accept {one.id}", grave, words, why, one.received_at, due, one.id, act=Act.SCREEN)


def _to_call_back(
    referrals: Iterable[Facts], heard: set[str], reference: ReferenceData, now: datetime
) -> Iterator[InboxItem]:
    """Callers who hung up; once it is due, the alarm stands here instead."""
    for facts in referrals:
        call, key = facts.open_call, f"call back {facts.referral.id}"
        if call is None or call.call_back_at is None or key in heard:
            continue
        who = told(reference.who(call.taken_by))
        whom = whom_to_ring(facts.referral)
        words = f"{called(facts.referral, now)} · the caller hung up, {who} calls back: {whom}"
        due, why = call.call_back_at, _to_do("call_back", reference)
        yield InboxItem(key, LATER - 1, words, why, call.saved_at, due, facts.referral.id, act=Act.EDIT)


def _care(
    referrals: Sequence[Facts], heard: set[str], reference: ReferenceData, now: datetime
) -> Iterator[InboxItem]:
    for one in calls_due(referrals, reference):
        title, act, kind, called_so = _CARE[one.kind]
        of = one.about.id if isinstance(one.about, Contact | FollowUp) else one.referral.id
        key = f"{called_so} {of}"
        # Where its alarm sounds it stands here already.
        if key in heard or one.due > shifted(now, SOON):
            continue
        grave = LATER - 1 if one.is_overdue(now) else LATER
        said = "" if one.kind is Care.CALL else f": {told(one_line(one.words))}"
        words = f"{called(one.referral, now)} · {title}{said}"
        why = _to_do(kind, reference) if kind else "Say it, so that somebody has them."
        yield InboxItem(key, grave, words, why, min(one.due, now), one.due, one.referral.id, act=act)


def _to_do(kind: str, reference: ReferenceData) -> str:
    """What is to be done about something: the same before its alarm sounds as when it does."""
    known = reference.alarm_kinds.get(kind)
    return known.what_to_do if known is not None else ""


def _words_due(vans: Iterable[VanFacts], reference: ReferenceData, now: datetime) -> Iterator[InboxItem]:
    """Crews that are to be heard within a quarter of an hour; later their alarm sounds."""
    for facts in vans:
        found = well(facts, reference.rules)
        if found is None or not now < found.due_at <= shifted(now, SOON / 4):
            continue
        words = f"{told(facts.van.callsign)} · word from the crew"
        why = _to_do("crew_word", reference)
        yield InboxItem(
            f"word {facts.van.id}", LATER, words, why, found.heard_at, found.due_at, van_id=facts.van.id
        )


def _to_finish(referrals: Iterable[Facts], now: datetime) -> Iterator[InboxItem]:
    for facts in referrals:
        missing = [one.words for one in unfinished(facts)]
        if missing:
            one = facts.referral
            words = f"{called(one, now)} · to enter: {'; '.join(missing)}"
            since = one.times.get("closed", one.received_at)
            why = "Enter what is still known before the shift ends."
            yield InboxItem(f"finish {one.id}", LATER, words, why, since, None, one.id, act=Act.AMEND)


def _message(message: Message, reference: ReferenceData) -> InboxItem:
    words = f"{told(reference.who(message.written_by))}: {told(one_line(message.words))}"
    why = "Read it, and say that you saw it."
    key, at, about = f"message {message.id}", message.written_at, message.referral_id
    return InboxItem(key, LATER - 1, words, why, at, referral_id=about, message_id=message.id)


def _requests(
    requests: Iterable[WaitingRequest], heard: set[str], reference: ReferenceData, now: datetime
) -> Iterator[InboxItem]:
    """What is asked about records, from a week before its last day; then its alarm stands here instead."""
    for one in requests:
        key, due = key_of(one), one.due_at
        if key in heard or now < one.shown_from:
            continue
        grave = LATER - 1 if due <= now else LATER
        words, why = f"{short_name(one.reference, now)} · {one.words()} was asked for", _to_do(REQUEST, reference)
        yield InboxItem(key, grave, words, why, one.made_at, due, one.referral_id, is_record=True)


def _room(room: ShiftHandover, reference: ReferenceData) -> InboxItem:
    words = f"the room is offered by {told(reference.who(room.offered_by))}"
    why = "Sign each risk, and take the room."
    return InboxItem(f"room {room.id}", LATER - 1, words, why, room.offered_at, is_room=True)
