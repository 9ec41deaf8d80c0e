"""The moments of a referral: its steps, what is to be reached, and readings that no longer count. Pure.

The rows of the record say when each step was; its events say who or what told it, what a time was before it was
amended, and what was taken back. Lanes are drawn from the rows at once; events add to them when they are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from console.timeline.lanes import Mark, Segment
from console.timeline.scale import moment
from console.views.detail.story import StoryLine
from db.domain.clocks import allowance_in_words, shifted, wall_time
from db.domain.records import Assignment, Handover, Shift
from db.domain.situation import Facts, Phase, Situation
from db.domain.states import AssignmentState, HandoverState

_SOURCES: Final = {
    "crew": "the crew's device",
    "device": "a tracker",
    "geofence": "the geofence",
    "message": "a message",
}
_OF_REFERRAL: Final = {
    "acknowledged": "Acknowledged",
    "accepted": "Accepted",
    "closed": "Closed",
    "ems_on_scene": "EMAS on scene",
}
_STEPS: Final = frozenset({"Allocated", "Handover", "Received", *_OF_REFERRAL.values()})


def marks_of(now_is: Situation, lines: Sequence[StoryLine] = ()) -> tuple[Mark, ...]:
    """Everything that is a moment in the lane of a referral, with who told it where ``lines`` say so."""
    facts = now_is.facts
    told = [
        Mark(facts.referral.received_at, "received"),
        *(Mark(at, str(Phase.REACHED)) for at, _ in now_is.stretches),
        *_steps(facts),
    ]
    return (*_limits(now_is), *(with_note(mark, lines) for mark in told), *before_amended(lines))


def _steps(facts: Facts) -> Iterator[Mark]:
    referral = facts.referral
    for name, words in _OF_REFERRAL.items():
        if (at := referral.times.get(name)) is not None:
            yield Mark(at, words, "step")
    for job in facts.assignments:
        yield from job_steps(job, facts.callsign(job))
    for link in facts.handovers:
        yield from _link_steps(link)


def job_steps(job: Assignment, callsign: str) -> Iterator[Mark]:
    """The steps of one van: ``Allocated CRU2``, ``CRU2 mobile``."""
    for state, at in job.times.items():
        words = f"Allocated {callsign}" if state is AssignmentState.ALLOCATED else f"{callsign} {state}"
        yield Mark(at, words, "step")


def _link_steps(link: Handover) -> Iterator[Mark]:
    for state, at in link.times.items():
        released = state is HandoverState.RELEASED
        yield Mark(at, f"{link.from_party} released" if released else f"Handover {state}", "step")


def _limits(now_is: Situation) -> Iterator[Mark]:
    """By when somebody is to be with the person: the aim, and the target."""
    referral, rule = now_is.facts.referral, now_is.priority
    if rule.aim_minutes is not None and rule.aim_minutes != rule.within_minutes:
        at = shifted(referral.received_at, timedelta(minutes=rule.aim_minutes))
        yield Mark(at, f"aim: with patient within {allowance_in_words(rule.aim_minutes)}", "aim")
    if rule.within_minutes > 0:
        yield Mark(
            now_is.clock.due, f"target: with patient within {allowance_in_words(rule.within_minutes)}", "target"
        )


def shift_ends(facts: Facts, shifts: Mapping[UUID, Shift]) -> Iterator[Mark]:
    """When the shifts of the crews that are committed to a referral are planned to end."""
    for job in facts.assignments:
        shift = shifts.get(job.van_id)
        if job.is_open and shift is not None and shift.ended_at is None:
            yield Mark(shift.planned_end_at, f"{facts.callsign(job)}'s shift is planned to end", "end")


# --- who told it ---


def with_note(mark: Mark, lines: Sequence[StoryLine]) -> Mark:
    """A moment with who or what told it, where the events say so."""
    note = note_at(mark.at, lines, mark.label)
    return replace(mark, note=note) if note else mark


def note_at(at: datetime, lines: Sequence[StoryLine], label: str = "") -> str:
    """Who or what told what happened at a moment; empty where no event is of that moment."""
    there = [line for line in lines if line.at == at and not line.undone]
    named = (line for line in there if line.what.casefold() == label.casefold())
    found = next(named, there[0] if there else None)
    return told_by(found) if found is not None else ""


def told_by(line: StoryLine) -> str:
    """Source and author of a step: ``the geofence, recorded by A. Shah``, and how it came to its time."""
    source = f"{_SOURCES.get(line.source, line.source)}, " if line.source else ""
    when = f", written down {wall_time(line.written_at, seconds=True)}" if line.written_at is not None else ""
    said = [f"{source}recorded by {line.who}{when}"]
    said += [f"was {moment(old.was)} until {old.who} amended it" for old in line.amended]
    if line.insisted:
        said.append(f"recorded although {line.insisted}")
    return "\n".join(said)


def noted(segments: Sequence[Segment], lines: Sequence[StoryLine]) -> tuple[Segment, ...]:
    """Lengths of time with who told their beginning; what is foreseen keeps its own note."""
    if not lines:
        return tuple(segments)
    return tuple(
        one if one.note or one.kind == "predicted" else replace(one, note=note_at(one.start, lines))
        for one in segments
    )


def before_amended(lines: Sequence[StoryLine]) -> Iterator[Mark]:
    """What was read once and no longer counts: a time before it was amended, and a step that was taken back."""
    for line in lines:
        for old in line.amended:
            yield Mark(
                old.was, f"{line.what}, as it was first", "was", f"{old.who} amended it to {moment(line.at)}"
            )
        if line.undone and is_step(line):
            # The reason may say something of the person; the pane tells it where that may be read.
            yield Mark(line.at, f"{line.what}, taken back", "was", line.undone.partition(":")[0])


def is_step(line: StoryLine) -> bool:
    """Whether a line of the story is a step of a referral, a van or a handover, and no words about the person."""
    if line.personal:
        return False
    first, _, rest = line.what.partition(" ")
    return line.what in _STEPS or first in _STEPS or rest in set(AssignmentState) or rest == "released"


# --- holds ---


def holds(now_is: Situation, lines: Sequence[StoryLine], now: datetime) -> Iterator[Segment]:
    """When it was on hold, and until when it is."""
    referral, begun = now_is.facts.referral, None
    for line in lines:
        if line.what == "On hold" and not line.undone:
            begun = line
        elif line.what == "Hold ended" and begun is not None and not line.undone:
            yield Segment(begun.at, line.at, "hold", note=told_by(begun))
            begun = None
    if begun is None:
        if referral.on_hold(now) and referral.hold_until is not None:
            # Since when is known only once the events are read.
            yield Segment(now, referral.hold_until, "hold", f"on hold until {wall_time(referral.hold_until)}")
        return
    until = referral.hold_until if referral.hold_until is not None else referral.times.get("closed")
    if until is not None and until > begun.at:
        yield Segment(begun.at, until, "hold", note=told_by(begun))
