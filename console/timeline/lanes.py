"""What a timeline shows: lanes of segments and marks. Pure records, and their telling in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from console.look.palette import Tone
from console.timeline.scale import moment
from db.domain.clocks import in_words

Kind = Literal["ems", "police", "cru", "handover", "destination", "predicted", "wait"]

SPOKEN: Final[dict[Kind, str]] = {
    "ems": "EMAS",
    "police": "police",
    "cru": "CRU",
    "handover": "handover",
    "destination": "destination",
    "predicted": "predicted",
    "wait": "waiting",
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
    """

    start: datetime
    end: datetime | None
    kind: Kind
    label: str = ""
    late: bool = False
    shorter: tuple[str, ...] = ()

    def stop(self, now: datetime) -> datetime:
        """Where the segment ends on the screen, aware UTC."""
        return max(self.start, now if self.end is None else self.end)


@dataclass(frozen=True, slots=True)
class Mark:
    """A single moment in a lane, such as ``with patient``; ``at`` is aware UTC."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One referral's line.

    Attributes:
        id: what the view's signals carry.
        title: short reference, such as ``"0042"``.
        subtitle: who is on it, such as ``"CRU2"`` or ``"no van"``.
        subtitle_role: tone of the subtitle.
        segments: earliest first; may touch, should not overlap.
        marks: moments drawn over the segments.
    """

    id: str
    title: str
    subtitle: str = ""
    subtitle_role: Tone = "dim"
    segments: tuple[Segment, ...] = ()
    marks: tuple[Mark, ...] = ()


def told(lane: Lane, now: datetime) -> str:
    """The lane in words for a screen reader: title, subtitle, each segment with its length, each mark."""
    parts = [f"{lane.title} {lane.subtitle}".strip()]
    parts += [_told_segment(segment, now) for segment in lane.segments]
    parts += [f"{mark.label} {moment(mark.at)}" for mark in lane.marks]
    return ". ".join(parts)


def _told_segment(segment: Segment, now: datetime) -> str:
    late = ", late" if segment.late else ""
    running = ", still running" if segment.end is None else ""
    what = f"{SPOKEN[segment.kind]}: {segment.label}" if segment.label else SPOKEN[segment.kind]
    return f"{what}, {in_words(segment.stop(now) - segment.start)}{running}{late}"


def hint(segment: Segment, now: datetime) -> str:
    """A tooltip: what it is, from when to when on a London clock, and how long."""
    until = "now" if segment.end is None else moment(segment.stop(now))
    took = in_words(segment.stop(now) - segment.start)
    late = "\nlate" if segment.late else ""
    return f"{segment.label or SPOKEN[segment.kind]}\n{moment(segment.start)} to {until}\n{took}{late}"
