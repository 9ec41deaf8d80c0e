"""The vans' day: a lane a van, with travel, handover, time with the person, and meals. Pure: no Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from console.charts.chart import (
    FEWEST_LANES,
    AxisTick,
    Box,
    Chart,
    ChartMark,
    ChartRoom,
    ChartTable,
    LegendEntry,
    Stroke,
    TableRow,
    lane_box,
)
from console.timeline.scale import Scale
from db.domain.clocks import figure_in_words, in_words, span_allowed, wall_time

NAME: Final = "The vans' day"
EMPTY: Final = "No van was on duty in this time."
SpanKind = Literal["duty", "travel", "handover", "with patient", "meal"]
_ROLES: Final[dict[SpanKind, str]] = {"travel": "travel", "meal": "edge"}
_TICK: Final = 62
"""Pixels between two times, at the size of dots that a chart has at 100 % text (9 px)."""


@dataclass(frozen=True, slots=True)
class VanSpan:
    """What a van did from when until when, aware UTC.

    Attributes:
        label: the referral's short number.
        about: more of it in words.
    """

    start: datetime
    end: datetime
    kind: SpanKind
    label: str = ""
    id: UUID | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class VanLane:
    """One van's lane."""

    callsign: str
    spans: tuple[VanSpan, ...]


def van_day(vans: Sequence[VanLane], start: datetime, end: datetime, room: ChartRoom) -> Chart:
    """Lay the lanes out between two moments, aware UTC; what reaches beyond is cut there."""
    scale = Scale(start, max(end - start, timedelta(minutes=1)), max(1.0, room.width))
    shown = [van for van in vans if any(_cut(span, scale) for span in van.spans)]
    table = ChartTable.of(("Van", "What", "From", "Until", "Length", "Referral"), _rows(shown, scale))
    if not shown:
        return Chart(NAME, "No van was on duty.", table=table, empty=EMPTY)
    lanes = max(FEWEST_LANES, len(shown))
    return Chart(
        NAME,
        _sentence(shown, scale),
        tuple(mark for row, van in enumerate(shown) for mark in _marks(van, row, lanes, scale)),
        tuple(stroke for row, van in enumerate(shown) for stroke in _duties(van, row, lanes, scale)),
        tuple(AxisTick(scale.x(tick.at) / scale.width, tick.label) for tick in scale.ticks(_TICK * room.dot / 9)),
        lanes=(*(van.callsign for van in shown), *[""] * (lanes - len(shown))),
        named_lanes=True,
        table=table,
        legend=(
            LegendEntry("travel", "travel"),
            LegendEntry("handover", "cru", "hatched"),
            LegendEntry("with patient", "cru"),
            LegendEntry("meal", "edge", "dashed"),
            LegendEntry("on duty", "edge", "line"),
        ),
    )


def _cut(span: VanSpan, scale: Scale) -> tuple[float, float] | None:
    """From and to in unit coordinates; None for what lies outside."""
    left, right = (scale.x(at) / scale.width for at in (span.start, span.end))
    if right <= 0 or left >= 1 or right <= left:
        return None
    return max(0.0, left), min(1.0, right)


def _marks(van: VanLane, row: int, lanes: int, scale: Scale) -> Iterator[ChartMark]:
    for span in sorted(van.spans, key=lambda one: one.start):
        place = _cut(span, scale)
        if place is None or span.kind == "duty":
            continue
        # Travel is thinner: it is told from time with the person without colour.
        low, high = lane_box(row, lanes, 0.3 if span.kind == "travel" else 0.14)
        yield ChartMark(
            Box(place[0], low, place[1], high),
            "bar",
            _ROLES.get(span.kind, "cru"),
            _told(van, span),
            label=span.label if span.kind == "with patient" else "",
            row=row,
            ids=(span.id,) if span.id is not None else (),
            dashed=span.kind == "meal",
            hatched=span.kind == "handover",
        )


def _duties(van: VanLane, row: int, lanes: int, scale: Scale) -> Iterator[Stroke]:
    """A line where it was on duty: without it nobody sees whether it was idle or away."""
    low, _ = lane_box(row, lanes, 0.06)
    for span in van.spans:
        place = _cut(span, scale)
        if place is not None and span.kind == "duty":
            yield Stroke(((place[0], low), (place[1], low)), "edge", 2.0, behind=True)


def _told(van: VanLane, span: VanSpan) -> str:
    when = f"{wall_time(span.start)} to {wall_time(span.end)}"
    parts = (f"{van.callsign} {span.kind}", span.label, when, in_words(span.end - span.start), span.about)
    return " · ".join(part for part in parts if part)


def _within(span: VanSpan, scale: Scale) -> timedelta:
    return max(timedelta(0), min(span.end, scale.end) - max(span.start, scale.start))


def _sentence(vans: Sequence[VanLane], scale: Scale) -> str:
    duty = sum((_within(one, scale) for van in vans for one in van.spans if one.kind == "duty"), timedelta(0))
    busy = sum(
        (_within(one, scale) for van in vans for one in van.spans if one.kind not in {"duty", "meal"}),
        timedelta(0),
    )
    jobs = len({one.id for van in vans for one in van.spans if one.id is not None and _cut(one, scale)})
    said = f"{_count(len(vans), 'van')}, {_count(jobs, 'referral')}"
    if not duty:
        return f"{said}, {figure_in_words(busy)} on them."
    hours = span_allowed(timedelta(hours=round(duty / timedelta(hours=1))))
    return f"{said}: {100 * (busy / duty):.0f} % of {hours} on duty spent on them."


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _rows(vans: Sequence[VanLane], scale: Scale) -> Iterator[TableRow]:
    for van in vans:
        for span in sorted(van.spans, key=lambda one: one.start):
            if _cut(span, scale) is not None:
                what = "on duty" if span.kind == "duty" else span.kind
                times = (wall_time(span.start), wall_time(span.end), in_words(span.end - span.start))
                yield (van.callsign, what, *times, span.label), (span.id,) if span.id is not None else ()
