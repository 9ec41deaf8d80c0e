"""Alarms: few, and each one needs an action. Worked out from records; pure, the time comes in as an argument.

An alarm is known before it sounds: it carries the moment at which it begins. So it is worked out when a record
changes, and a passing second costs nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from db.domain.backups import WHAT
from db.domain.calls import call_due, hold_is_silent
from db.domain.clocks import in_words, shifted
from db.domain.fleet import VanFacts, well
from db.domain.intake_call import IntakeCall
from db.domain.names import short_name
from db.domain.raised import AlarmKind
from db.domain.records import Handover
from db.domain.reference import ReferenceData
from db.domain.rules import DEFAULTS, Rules
from db.domain.situation import Facts, Phase, situation
from db.domain.states import AssignmentState, HandoverState
from db.domain.typed_form import as_typed, heard

LINK_LOST = "link lost"
PRIORITY: Final[Mapping[str, int]] = {
    "emergency": 1, "danger": 1, "died": 1, "no_van": 1, "unreadable_first": 1,
    "late": 2, "silent_hold": 2, "call": 2, "handover": 2, "lost_fix": 2, "unreadable": 2,
    "call_back": 2, "call_left": 2, "due_soon": 3, "call_later": 3, "promise": 3, "follow_up": 3, "shift_end": 3,
    "crew_lost": 1, "crew_silent": 2, "crew_word": 3,
    "backup": 2, "drill": 3, "seal": 3, "seal_broken": 2, "request": 3,
}  # fmt: skip
"""How grave each kind is where no trust has set it."""
LEADS_HEAR: Final = frozenset({*WHAT, "seal", "seal_broken", "request"})
"""Kinds that sound where a shift lead is signed in, and nowhere else."""
EMERGENCY: Final = "emergency"
"""A crew calls for help: of what is as grave it goes first, however long the rest has stood."""
OVER: Final = ": over, nobody has answered it"
"""Behind the words of what ended before anybody answered it."""
_FIX = "fix"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that needs a hand.

    Attributes:
        key: the same as long as it is the same alarm.
        priority: 1 (danger, or a P1 without a van) to 3.
        words: what it is; the age since ``counts_from`` follows it.
        since: when it begins to sound, UTC; may lie ahead.
        until: when something else takes its place, if that is known.
        referral_id: where to look.
        van_id: the same for a van.
        reference: of the referral, whose short name goes before the words.
        kind: by which a trust sets how grave it is (:class:`db.domain.raised.AlarmKind`); empty for what the
            record never holds, such as that it cannot be reached.
        unanswered: nobody has answered it for so long that it says so.
    """

    key: str
    priority: int
    words: str
    since: datetime
    until: datetime | None = None
    counts_from: datetime | None = None
    referral_id: UUID | None = None
    van_id: UUID | None = None
    reference: str = ""
    kind: str = ""
    unanswered: bool = False

    def sounds(self, now: datetime) -> bool:
        """Whether it is on at a moment."""
        return self.since <= now and (self.until is None or now < self.until)

    def sentence(self, now: datetime) -> str:
        """What it says at a moment: ``CRU-0044 P1, no van for 7 min``."""
        words = f"{short_name(self.reference, now)} {self.words}" if self.reference else self.words
        words = f"{words} {in_words(now - self.counts_from)}" if self.counts_from else words
        return f"{words} · nobody answers" if self.unanswered else words

    def short(self, now: datetime) -> str:
        """The same for a small screen: ``0044 P1, no van 7 min``; of several things the first."""
        over = self.words.endswith(OVER)
        first = self.words.removesuffix(OVER).partition(" · ")[0] if not self.counts_from else self.words
        said = replace(self, words=f"{first}: over" if over else first).sentence(now).removeprefix("CRU-")
        return said.replace(" for ", " ", 1) if self.counts_from else said

    @property
    def told(self) -> str:
        """What it says without its age."""
        words = self.words
        for end, instead in _WITHOUT_AGE:
            words = words.removesuffix(end) + instead if words.endswith(end) else words
        return words


_WITHOUT_AGE = ((", for", ""), (" for", ""), (" late by", " late"), (" takes", " takes long"))


def as_set(alarms: Iterable[Alarm], kinds: Mapping[str, AlarmKind]) -> list[Alarm]:
    """Alarms as a trust has set their kinds: as grave, as late, and none that is out of service."""
    found = []
    for alarm in alarms:
        kind = kinds.get(alarm.kind)
        if kind is None:
            found.append(alarm)
        elif kind.active:
            since = shifted(alarm.since, kind.delay) if kind.delay else alarm.since
            found.append(replace(alarm, priority=kind.priority, since=since))
    return found


def in_order(alarms: Collection[Alarm]) -> list[Alarm]:
    """The gravest first, a crew's emergency before all that is as grave, and then the oldest."""
    # By the key at last, so that what began at once does not change places by itself.
    return sorted(alarms, key=lambda alarm: (alarm.priority, alarm.kind != EMERGENCY, alarm.since, alarm.key))


def first_out(alarms: Collection[Alarm], raised_at: Callable[[Alarm], datetime]) -> list[Alarm]:
    """In a flood: as they were raised, so that the list stands still; a crew's emergency alone goes before all.

    Source: first-out of ISA-18.2; that nothing buries an emergency is ours.
    """
    return sorted(alarms, key=lambda alarm: (alarm.kind != EMERGENCY, raised_at(alarm), alarm.since, alarm.key))


def to_do(alarm: Alarm, kinds: Mapping[str, AlarmKind]) -> str:
    """What is done about an alarm: as a trust has set it, but for what no record can tell."""
    if alarm.key == LINK_LOST:
        return "Work on by telephone and on paper. What is asked for here waits, and goes when the link is back."
    kind = kinds.get(alarm.kind)
    return kind.what_to_do if kind is not None else ""


def link_alarm(lost_since: datetime) -> Alarm:
    """The record cannot be reached."""
    return Alarm(LINK_LOST, 1, "Link to the record lost for", lost_since, counts_from=lost_since)


def depends_on_link(alarm: Alarm) -> bool:
    """Whether it says nothing while the link is down: every fix grows old then."""
    return alarm.key.startswith(f"{_FIX} ")


def unreadable_alarm(key: UUID, name: str, priority: int, since: datetime, *, is_van: bool = False) -> Alarm:
    """The alarms of one record cannot be worked out: that is said, since silence would mean that all is well."""
    words, alarm_key = "cannot be read: its alarms are not known", f"unreadable {key}"
    kind = "unreadable_first" if priority == 1 else "unreadable"
    if is_van:
        return Alarm(alarm_key, priority, f"{name} {words}", since, van_id=key, kind=kind)
    return Alarm(alarm_key, priority, words, since, referral_id=key, reference=name, kind=kind)


def referral_alarms(facts: Facts, reference: ReferenceData) -> list[Alarm]:
    """What may sound for one referral, now or later, as things stand."""
    referral = facts.referral
    if not referral.is_open:
        return [*_later(facts)]
    if facts.open_call is not None:
        return [*_of_call(facts, facts.open_call, reference)]
    found = [*_danger(facts), *_clock_alarms(facts, reference), *_unheard(facts, reference), *_later(facts)]
    late = (_late_handover(facts, link, reference.rules) for link in facts.handovers)
    return found + [alarm for alarm in late if alarm is not None]


def _of(
    facts: Facts,
    key: str,
    kind: str,
    words: str,
    since: datetime,
    *,
    until: datetime | None = None,
    counts_from: datetime | None = None,
) -> Alarm:
    referral = facts.referral
    return Alarm(
        key, PRIORITY[kind], words, since, until, counts_from, referral.id, reference=referral.reference, kind=kind
    )


def _of_van(
    facts: VanFacts, key: str, kind: str, words: str, since: datetime, counts_from: datetime | None = None
) -> Alarm:
    van = facts.van.id
    return Alarm(key, PRIORITY[kind], words, since, counts_from=counts_from, van_id=van, kind=kind)


def _clock_alarms(facts: Facts, reference: ReferenceData) -> Iterable[Alarm]:
    now_is = situation(facts, reference)
    # Who is said to have died has one alarm, which asks whether that is so.
    if now_is.phase is not Phase.WAITING or facts.died is not None:
        return
    referral, clock = facts.referral, now_is.clock
    key, code = referral.id, referral.priority
    # What rests on purpose is quiet until it comes back.
    rests = referral.hold_until or clock.started
    soon = clock.started + (clock.due - clock.started) * reference.rules.due_soon
    no_van = now_is.needs_van and now_is.standing == 0
    # Without a van the graver alarm asks for the same action already.
    if rests < clock.due and not no_van:
        begins = max(soon, rests)
        yield _of(facts, f"due soon {key}", "due_soon", f"{code} due soon", begins, until=clock.due)
    # It sounds when the rest is over, and counts from when it was due: the person waited all the while.
    late, due = max(clock.due, rests), clock.due
    yield _of(facts, f"late {key}", "late", f"{code} late by", late, counts_from=due)
    if no_van:
        since, words = max(shifted(clock.started, reference.rules.no_van), rests), f"{code}, no van for"
        began = clock.started
        yield _of(facts, f"no van {key}", "no_van", words, since, counts_from=began)


def _of_call(facts: Facts, call: IntakeCall, reference: ReferenceData) -> Iterable[Alarm]:
    """While somebody is on the telephone: the danger that was heard already, and a call that nobody goes on with.

    No clock is late yet: how urgent it is, and whether it is a referral at all, is still being said.
    """
    key, found = facts.referral.id, heard(as_typed(call.typed), reference.current_tool)
    if found:
        more = f" · {len(found) - 1} more" if len(found) > 1 else ""
        words = f"on the telephone now · {found[0]}{more}"
        yield _of(facts, f"danger {key} heard", "danger", words, call.saved_at)
    if call.call_back_at is not None:
        due = call.call_back_at
        yield _of(facts, f"call back {key}", "call_back", "caller to be called back, for", due, counts_from=due)
    else:
        # How long nothing may be typed is the delay of its kind, which a trust sets.
        since = max(call.saved_at, call.taken_since)
        yield _of(facts, f"call left {key}", "call_left", "call left lying for", since, counts_from=since)


def _unheard(facts: Facts, reference: ReferenceData) -> Iterable[Alarm]:
    """Nobody waits unheard: a call that is due, and a hold that passes the due time without a word."""
    now_is = situation(facts, reference)
    referral, due = facts.referral, call_due(now_is, reference)
    key, code = referral.id, referral.priority
    if hold_is_silent(facts, now_is.clock.due):
        past = now_is.clock.due
        words = f"{code} rests past its time and nobody spoke to them, for"
        yield _of(facts, f"silent hold {key}", "silent_hold", words, past, counts_from=past)
    if due is not None:
        kind = "call" if now_is.standing <= 1 else "call_later"
        yield _of(facts, f"call {key}", kind, f"{code}, call overdue for", due, counts_from=due)


def _later(facts: Facts) -> Iterable[Alarm]:
    """What was promised, and what is to be done later, also after the end."""
    if facts.referral.entered_in_error_at is not None:
        return
    for one in facts.contacts:
        if one.is_promise_open and one.promise_due_at is not None:
            yield _overdue(facts, "promise", one.id, "promise due for", one.promise_due_at)
    for item in facts.follow_ups:
        if item.is_open:
            yield _overdue(facts, "follow-up", item.id, "follow-up overdue for", item.due_at)


def _overdue(facts: Facts, what: str, key: UUID, words: str, due: datetime) -> Alarm:
    # No name of a person: alarms are read aloud, and stand where others can see them.
    return _of(facts, f"{what} {key}", what.replace("-", "_"), words, due, counts_from=due)


def _danger(facts: Facts) -> Iterable[Alarm]:
    """Danger that was told after the referral was accepted. What is told later sounds anew."""
    told, dangers, died = facts.told_since, facts.dangers, facts.died
    if not told or dangers is None or dangers.since is None:
        return
    if died is not None:
        yield _of(facts, f"{died.what} {facts.referral.id}", "died", died.words, dangers.since)
        told = tuple(one for one in told if not one.is_death)
        if not told:
            return
    more = f" · {len(told) - 1} more" if len(told) > 1 else ""
    # It ends by itself only where every part of it does.
    ends = [one.until for one in told if one.until is not None]
    until = max(ends) if len(ends) == len(told) else None
    name = f"danger {facts.referral.id} {dangers.since.isoformat()}"
    called = "danger" if died is not None else dangers.called
    words = f"{called} · {told[0].words}{more}"
    yield _of(facts, name, "danger", words, dangers.since, until=until)


def is_first(code: str, reference: ReferenceData) -> bool:
    """Whether a priority is the most urgent one; one that nobody configured is taken to be."""
    return reference.standing(code) == 0


def _late_handover(facts: Facts, link: Handover, rules: Rules) -> Alarm | None:
    started = link.times.get(HandoverState.STARTED)
    if link.state is not HandoverState.STARTED or started is None:
        return None
    words = f"handover from {link.from_party} takes"
    since = shifted(started, rules.long_handover)
    return _of(facts, f"handover {link.id}", "handover", words, since, counts_from=started)


def van_alarms(facts: VanFacts, rules: Rules = DEFAULTS) -> list[Alarm]:
    """What may sound for one van, now or later, as things stand."""
    found = []
    van = facts.van
    if van.emergency_at is not None:
        words = f"EMERGENCY {van.callsign}, for"
        pressed = van.emergency_at
        found.append(_of_van(facts, f"emergency {van.id}", EMERGENCY, words, pressed, pressed))
    if facts.job is not None:
        found += [_stale_fix(facts, rules), *_overrun(facts, rules), *_silent_crew(facts, rules)]
    return found


def _silent_crew(facts: VanFacts, rules: Rules) -> Iterable[Alarm]:
    """A crew that was to be heard. What is graver takes the place of what went before."""
    found = well(facts, rules)
    if found is None or facts.job is None:
        return
    name, heard = facts.van.callsign, found.heard_at
    # By when they were heard last: who falls silent again sounds anew.
    told = f"{facts.job.id} {heard.isoformat()}"
    words, due = f"{name}, word from the crew due for", found.due_at
    yield replace(_of_van(facts, f"crew word {told}", "crew_word", words, due, due), until=found.silent_at)
    words, since = f"{name}, crew silent for", found.silent_at
    yield replace(_of_van(facts, f"crew silent {told}", "crew_silent", words, since, heard), until=found.lost_at)
    words, since = f"{name}, CREW NOT HEARD FROM, for", found.lost_at
    yield _of_van(facts, f"crew lost {told}", "crew_lost", words, since, heard)


def _stale_fix(facts: VanFacts, rules: Rules) -> Alarm:
    """A committed van of which nobody knows the place; one that never had a fix counts from its job."""
    # Not from the start of the shift where there is a job: it would sound at once for a van that was just sent.
    allocated = facts.job.times.get(AssignmentState.ALLOCATED) if facts.job else None
    seen = facts.position.fixed_at if facts.position else allocated or facts.van.duty_since
    words = f"{facts.van.callsign} on a job, no fix for"
    key = f"{_FIX} {facts.van.id}"
    return _of_van(facts, key, "lost_fix", words, shifted(seen, rules.lost_fix), seen)


def _overrun(facts: VanFacts, rules: Rules) -> Iterable[Alarm]:
    """A simple prediction: a van that is on a job shortly before its shift ends will not be clear in time."""
    if facts.shift is not None:
        ends = facts.shift.planned_end_at
        words = f"{facts.van.callsign} on a job, its shift ends within {in_words(rules.shift_end)}"
        key = f"shift end {facts.van.id}"
        yield _of_van(facts, key, "shift_end", words, shifted(ends, -rules.shift_end))
