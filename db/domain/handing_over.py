"""The handover of the room, which writes itself from what the console knows. Pure; times are UTC.

People first, then what was promised to them, then what stands in the way of the next shift. A line holds no name
of a person: it is read aloud, and printed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db.domain.alarms import Alarm
from db.domain.board_line import line, words
from db.domain.calls import Care, CareDue, calls_due
from db.domain.cautions import STAFF_SAFETY
from db.domain.clocks import local_time
from db.domain.fleet import VanFacts, fix_age, fix_words, status_words
from db.domain.names import number_today
from db.domain.raised import RaisedAlarm
from db.domain.records import Referral
from db.domain.reference import ReferenceData
from db.domain.shift_handover import KINDS, ToHandOver
from db.domain.shift_log import LogEntry, as_it_stands
from db.domain.situation import Facts, Phase, Situation, clock_words, situation
from db.domain.states import DutyStatus
from db.domain.texts import one_line, told
from db.domain.to_finish import unfinished
from db.domain.towns import whereabouts

AHEAD = timedelta(hours=24)
"""How far ahead something that is due is handed over."""
_MOST = 1000
_CARE = {
    Care.CALL: "call due",
    Care.SILENT_HOLD: "on hold past the due time",
    Care.PROMISE: "promised",
    Care.FOLLOW_UP: "follow-up",
}


@dataclass(frozen=True, slots=True)
class Room:
    """What the console knows of the room at a moment.

    Attributes:
        shelved: the alarms that rest, or did, by their name.
    """

    referrals: Sequence[Facts]
    vans: Sequence[VanFacts]
    alarms: Sequence[Alarm]
    entries: Sequence[LogEntry]
    shelved: Mapping[str, RaisedAlarm] = field(default_factory=dict)


def to_hand_over(room: Room, reference: ReferenceData, now: datetime) -> list[ToHandOver]:
    """All that the next shift must know, in the order in which it is read."""
    found = [
        *_people(room.referrals, reference, now),
        *_due(room.referrals, reference, now),
        *_safety(room, now),
        *_alarms(room, now),
        *_vans(room.vans, reference, now),
        *_to_finish(room.referrals, now),
        *_from_the_log(room.entries, now),
    ]
    return sorted(found, key=lambda one: KINDS.index(one.kind))[:_MOST]


def called(referral: Referral, now: datetime) -> str:
    """A referral without a name: ``0016 Corby P2``."""
    town = whereabouts(referral.location).town
    return " ".join(part for part in (number_today(referral.reference, now), town, referral.priority) if part)


def _people(all_facts: Iterable[Facts], reference: ReferenceData, now: datetime) -> Iterator[ToHandOver]:
    situations = [situation(facts, reference) for facts in all_facts if _counts(facts)]
    for one in sorted(situations, key=lambda one: (one.standing, one.clock.due)):
        yield ToHandOver(
            "person", _person(one, reference, now), one.facts.referral.id, due_at=one.clock.due, is_risk=True
        )


def _counts(facts: Facts) -> bool:
    return facts.referral.is_open and facts.referral.entered_in_error_at is None


def _person(now_is: Situation, reference: ReferenceData, now: datetime) -> str:
    referral = now_is.facts.referral
    clock = clock_words(now_is, now)
    if now_is.phase is Phase.WAITING and now_is.clock.share(now) < 1:
        clock = f"{clock} left"
    stands = words(line(now_is, reference).full, now)
    parts = [called(referral, now), stands, "" if clock in stands else clock]
    if referral.hold_until is not None:
        reason = told(reference.reason_label("hold", referral.hold_reason))
        parts.append(f"on hold until {local_time(referral.hold_until, now)}: {reason}")
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _due(all_facts: Iterable[Facts], reference: ReferenceData, now: datetime) -> Iterator[ToHandOver]:
    for one in calls_due(all_facts, reference):
        if one.kind is Care.ENDING:
            text = f"{called(one.referral, now)} · ended {local_time(one.due, now)}: {one.words}"
            yield ToHandOver("ending", text, one.referral.id, is_risk=True)
        elif one.due <= now + AHEAD:
            yield ToHandOver("call", _call(one, now), one.referral.id, due_at=one.due, is_risk=True)


def _call(one: CareDue, now: datetime) -> str:
    late = ", overdue" if one.is_overdue(now) else ""
    when = f"{_CARE[one.kind]} {local_time(one.due, now)}{late}"
    said = "" if one.kind is Care.CALL else told(one_line(one.words))
    last = f"last word {local_time(one.last.made_at, now)}" if one.last is not None else ""
    return " · ".join(part for part in (called(one.referral, now), when, said, last) if part)


def _safety(room: Room, now: datetime) -> Iterator[ToHandOver]:
    for facts in room.vans:
        if facts.van.emergency_at is not None:
            text = f"{told(facts.van.callsign)}: EMERGENCY since {local_time(facts.van.emergency_at, now)}"
            yield ToHandOver("safety", text, van_id=facts.van.id, is_risk=True)
    for facts_of in room.referrals:
        for flag in facts_of.flags if _counts(facts_of) else ():
            if flag.kind == STAFF_SAFETY and flag.is_active(now):
                text = f"{called(facts_of.referral, now)} · {told(one_line(flag.words))}"
                yield ToHandOver("safety", text, facts_of.referral.id, is_risk=True)


def _alarms(room: Room, now: datetime) -> Iterator[ToHandOver]:
    for alarm in room.alarms:
        words, row = told(alarm.sentence(now)), room.shelved.get(alarm.key)
        rests = row is not None and row.is_shelved(now)
        if row is not None and row.shelved_until is not None and rests:
            # Nobody hears it until then: whoever comes in would not know of it.
            words += f" · rests until {local_time(row.shelved_until, now)}: {told(one_line(row.shelved_reason))}"
        if alarm.sounds(now) and (alarm.van_id is None or rests):
            yield ToHandOver("alarm", words, alarm.referral_id, alarm.van_id, is_risk=True)


def _vans(vans: Iterable[VanFacts], reference: ReferenceData, now: datetime) -> Iterator[ToHandOver]:
    for facts in vans:
        van, shift = facts.van, facts.shift
        if van.duty_status is DutyStatus.OFF_DUTY:
            continue
        name = told(van.callsign)
        if van.duty_status is DutyStatus.OUT_OF_SERVICE:
            reason = reference.reason_label("out_of_service", van.duty_reason)
            yield ToHandOver("van", f"{name} · out of service · {told(reason)}", van_id=van.id, is_risk=True)
        elif fix_age(facts.position, now) != "fresh":
            yield ToHandOver("van", f"{name} · {fix_words(facts.position, now)}", van_id=van.id)
        if shift is not None:
            yield ToHandOver("crew", f"{name} · {_crew(facts, now)}", van_id=van.id, due_at=shift.planned_end_at)


def _crew(facts: VanFacts, now: datetime) -> str:
    shift, parts = facts.shift, [status_words(facts)]
    if facts.crew:
        parts.append(", ".join(told(one.name) for one in facts.crew))
    if shift is not None:
        over = ", past its end" if shift.planned_end_at < now else ""
        parts.append(f"shift ends {local_time(shift.planned_end_at, now)}{over}")
        if facts.van.duty_status is DutyStatus.MEAL_BREAK and shift.meal_until_at is not None:
            parts.append(f"meal until {local_time(shift.meal_until_at, now)}")
        elif shift.meal_due_at is not None:
            parts.append(f"meal due {local_time(shift.meal_due_at, now)}")
    return " · ".join(parts)


def _to_finish(all_facts: Iterable[Facts], now: datetime) -> Iterator[ToHandOver]:
    for facts in all_facts:
        missing = [one.words for one in unfinished(facts)]
        if missing:
            words = f"{called(facts.referral, now)} · to enter: {'; '.join(missing)}"
            yield ToHandOver("times", words, facts.referral.id)


def _from_the_log(entries: Iterable[LogEntry], now: datetime) -> Iterator[ToHandOver]:
    for entry in reversed(as_it_stands(entries)):
        if entry.pass_on:
            text = f"{local_time(entry.happened_at, now)} · {told(one_line(entry.words))}"
            yield ToHandOver("log", text, entry.referral_id, entry.van_id)
