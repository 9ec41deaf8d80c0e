"""What a timeline shows: lanes of segments and marks. Pure records, and their telling in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final, Literal, NamedTuple

from console.look.palette import Tone
from console.timeline.scale import moment
from db.domain.clocks import LATEST, in_words

Kind = Literal[
    "ems",
    "police",
    "cru",
    "handover",
    "destination",
    "predicted",
    "wait",
    "travel",
    "duty",
    "meal",
    "hold",
]
MarkKind = Literal["key", "step", "was", "aim", "target", "end"]

SPOKEN: Final[dict[Kind, str]] = {
    "ems": "EMAS",
    "police": "police",
    "cru": "CRU",
    "handover": "handover",
    "destination": "destination",
    "predicted": "predicted",
    "wait": "waiting",
    "travel": "on the way",
    "duty": "shift",
    "meal": "meal",
    "hold": "on hold",
}
"""How each kind is named in the legend and to a screen reader."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A length of time in a lane.

    Attributes:
        start: aware UTC.
        end: aware UTC; ``None`` for one that is still running. An end before the start counts as the start.
        kind: who holds the patient, or what is happening.
        label: text inside, such as ``"EMAS on scene 41 min"``.
        late: past its target, or predicted to be.
        shorter: fewer words for less room, the longest first; without any the label is cut.
        until: for what is predicted, how late it may become; drawn behind it.
        note: who or what told it, or from what it is predicted.
        about: the id of what is chosen by it, where that is not its lane.
        loud: something has to be done about it now, which is not to say that it is late.
    """

    start: datetime
    end: datetime | None
    kind: Kind
    label: str = ""
    late: bool = False
    shorter: tuple[str, ...] = ()
    until: datetime | None = None
    note: str = ""
    about: str = ""
    loud: bool = False

    def stop(self, now: datetime) -> datetime:
        """Where the segment ends on the screen, aware UTC."""
        return max(self.start, now if self.end is None else self.end)


@dataclass(frozen=True, slots=True)
class Mark:
    """A single moment in a lane, such as ``with patient``.

    Attributes:
        at: aware UTC.
        kind: ``key`` is drawn above and below the words, ``step`` below them, ``was`` is a reading that no longer
            counts; ``aim`` and ``target`` are lines to be reached before, ``end`` is the end of a shift.
        note: who or what told it.
    """

    at: datetime
    label: str
    kind: MarkKind = "key"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One referral's line, or one van's.

    Attributes:
        id: what the view's signals carry.
        title: short reference, such as ``"0042"``.
        subtitle: who is on it, such as ``"CRU2"`` or ``"no van"``.
        subtitle_role: tone of the subtitle.
        segments: earliest first; may touch, should not overlap.
        marks: moments drawn over the segments.
        ground: what lies behind or below the segments: shifts, meals, holds.
    """

    id: str
    title: str
    subtitle: str = ""
    subtitle_role: Tone = "dim"
    segments: tuple[Segment, ...] = ()
    marks: tuple[Mark, ...] = ()
    ground: tuple[Segment, ...] = ()


Thing = Segment | Mark


def things(lane: Lane) -> list[Thing]:
    """Everything in a lane in the order of time: what the keyboard goes along, and the lines of the table."""
    return sorted((*lane.ground, *lane.segments, *lane.marks), key=starts)


def starts(thing: Thing) -> datetime:
    """When it begins, or happened."""
    return thing.at if isinstance(thing, Mark) else thing.start


def told(lane: Lane, now: datetime) -> str:
    """The lane in words for a screen reader: title, subtitle, each segment with its length, each mark."""
    parts = [f"{lane.title} {lane.subtitle}".strip()]
    parts += [_told_segment(segment, now) for segment in (*lane.ground, *lane.segments)]
    # The steps between are told one by one where the keyboard goes along them, and all in the table.
    parts += [f"{mark.label} {moment(mark.at)}" for mark in lane.marks if mark.kind in {"key", "was"}]
    return ". ".join(parts)


def _told_segment(segment: Segment, now: datetime) -> str:
    late = ", late" if segment.late else ""
    running = ", still running" if segment.end is None else ""
    return f"{_what(segment)}, {in_words(segment.stop(now) - segment.start)}{running}{late}"


def _what(segment: Segment) -> str:
    return f"{SPOKEN[segment.kind]}: {segment.label}" if segment.label else SPOKEN[segment.kind]


def hint(thing: Thing, now: datetime) -> str:
    """A tooltip: what it is, from when to when on a London clock, how long, and who or what told it."""
    if isinstance(thing, Mark):
        return "\n".join(part for part in (thing.label, moment(thing.at), thing.note) if part)
    until = "now" if thing.end is None else moment(thing.stop(now))
    took = in_words(thing.stop(now) - thing.start)
    late = "\nlate" if thing.late else ""
    note = f"\n{thing.note}" if thing.note else ""
    return f"{thing.label or SPOKEN[thing.kind]}\n{moment(thing.start)} to {until}\n{took}{late}{note}"


# --- the same as a table ---

COLUMNS: Final = ("Lane", "What", "From", "Until", "How long", "Told by")


class TableLine(NamedTuple):
    """One line of the table: a length of time, or a moment."""

    lane: Lane
    thing: Thing


def lines(lanes: Sequence[Lane]) -> list[TableLine]:
    """Every length and moment, lane by lane, in the order of time."""
    return [TableLine(lane, thing) for lane in lanes for thing in things(lane)]


def cells(line: TableLine, now: datetime) -> tuple[str, ...]:
    """A line in words, one a column; times name their day, and their zone in the hour that comes twice."""
    lane, thing = line
    name = f"{lane.title} {lane.subtitle}".strip()
    if isinstance(thing, Mark):
        return name, thing.label, moment(thing.at), "", "", _on_one_line(thing.note)
    until = "" if thing.end is None else moment(thing.stop(now))
    late = ", late" if thing.late else ""
    took = in_words(thing.stop(now) - thing.start)
    return name, f"{_what(thing)}{late}", moment(thing.start), until or "runs on", took, _on_one_line(thing.note)


def _on_one_line(note: str) -> str:
    return note.replace("\n", "; ")


def reach(lane: Lane) -> tuple[datetime, datetime | None] | None:
    """From when until when a lane has anything; None in place of its end while something runs on."""
    found = [one for one in (*lane.ground, *lane.segments) if one.kind != "predicted"]
    begun = [*map(attrgetter("start"), found), *(mark.at for mark in lane.marks if mark.kind == "key")]
    if not begun:
        return None
    ends = [one.end for one in found]
    last = None if None in ends else max((end for end in ends if end is not None), default=max(begun))
    return min(begun), last


def starts_at(lane: Lane) -> tuple[datetime, str]:
    """When a lane begins; its title settles what is equal. Only of lanes that have anything."""
    held = reach(lane)
    return (held[0] if held is not None else LATEST), lane.title


def in_window(lanes: Sequence[Lane], start: datetime, end: datetime) -> Iterator[Lane]:
    """The lanes that have anything between two moments."""
    for lane in lanes:
        held = reach(lane)
        if held is not None and held[0] <= end and (held[1] is None or held[1] >= start):
            yield lane
