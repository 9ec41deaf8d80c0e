"""How long people waited: a dot a referral, the median, and both targets. Pure: no Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final
from uuid import UUID

from console.charts import axes
from console.charts.axes import Axis
from console.charts.chart import (
    Box,
    Chart,
    ChartMark,
    ChartRoom,
    ChartTable,
    LegendEntry,
    Shape,
    Stroke,
    TableRow,
    lane_box,
)
from console.charts.swarm import swarm
from db.domain.clocks import figure_in_words, in_words
from db.domain.measures import share_in_words

NAME: Final = "Minutes from received to with patient"
EMPTY: Final = "Nobody was met by a crew in this time."
_HEADERS: Final = ("Group", "Referral", "Minutes", "Received")
_FARTHEST: Final = 3.0
"""An axis reaches at most so many times the target: one long wait must not squeeze all others together."""
_DOTS: Final = (1.0, 0.8, 0.6, 0.45)
"""Shares of the diameter that dots like to have; where there is no room for the last, columns stand instead."""
_COLUMNS: Final = 30


@dataclass(frozen=True, slots=True)
class WaitDot:
    """One referral: how many minutes, and what is known of it in a few words, such as its number and its van."""

    minutes: float
    id: UUID
    reference: str
    about: str = ""
    received: str = ""


@dataclass(frozen=True, slots=True)
class WaitGroup:
    """Referrals that are looked at side by side: ``P1 EMAS``; of ``missing`` nobody put the time down."""

    label: str
    dots: tuple[WaitDot, ...]
    missing: int = 0


@dataclass(frozen=True, slots=True)
class WaitTargets:
    """What is aimed at, and what must not be exceeded, in minutes; None for no such line."""

    limit: float | None
    aim: float | None = None


def distribution(groups: Sequence[WaitGroup], targets: WaitTargets, room: ChartRoom, who: str = "") -> Chart:
    """Lay the dots out; ``who`` says of what priority all of them are."""
    shown = [group for group in groups if group.dots]
    sentence = _sentence(groups, targets, who)
    table = ChartTable.of(_HEADERS, _rows(groups))
    if not shown:
        return Chart(NAME, sentence, table=table, empty=EMPTY)
    axis = _axis([dot.minutes for group in shown for dot in group.dots], targets)
    dot, marks = _marks(shown, targets, axis, room)
    medians = [_median(group, row, len(shown), axis) for row, group in enumerate(shown)]
    return Chart(
        NAME,
        sentence,
        tuple(marks),
        (*_target_lines(targets, axis), *medians),
        axis.ticks(),
        lanes=tuple(group.label for group in shown),
        table=table,
        legend=(LegendEntry("a referral", "cru", "dot"), LegendEntry("median", "text", "line")),
        dot=dot,
    )


def _axis(values: Sequence[float], targets: WaitTargets) -> Axis:
    wanted = max(values)
    if targets.limit is not None:
        wanted = min(max(wanted, targets.limit * 1.2), targets.limit * _FARTHEST)
    return axes.minutes(wanted)


def _marks(
    groups: Sequence[WaitGroup], targets: WaitTargets, axis: Axis, room: ChartRoom
) -> tuple[float, list[ChartMark]]:
    lane = room.height / len(groups)
    for share in _DOTS:
        wide = room.dot * share
        found = [
            swarm([_place(axis, dot, room) for dot in group.dots], wide, (lane * 0.76 - wide) / 2)
            for group in groups
        ]
        if all(one is not None for one in found):
            asides = [one for one in found if one is not None]
            return wide, list(_dots(groups, asides, targets, axis, room))
    return room.dot, list(_columns(groups, targets, axis))


def _place(axis: Axis, dot: WaitDot, room: ChartRoom) -> float:
    return min(1.0, axis.at(dot.minutes)) * room.width


def _dots(
    groups: Sequence[WaitGroup],
    asides: Sequence[Sequence[float]],
    targets: WaitTargets,
    axis: Axis,
    room: ChartRoom,
) -> Iterator[ChartMark]:
    for row, (group, aside) in enumerate(zip(groups, asides, strict=True)):
        low, high = lane_box(row, len(groups))
        for dot, off in zip(group.dots, aside, strict=True):
            place = Box.at(min(1.0, axis.at(dot.minutes)), (low + high) / 2 + off / room.height)
            late = _is_late(dot.minutes, targets)
            shape: Shape = "beyond" if dot.minutes > axis.most else "square" if late else "dot"
            # What lies outside the axis says where.
            label = in_words(timedelta(minutes=dot.minutes)) if shape == "beyond" else ""
            role = "late" if late else "cru"
            yield ChartMark(place, shape, role, _told(dot, targets), label=label, row=row, ids=(dot.id,))


def _columns(groups: Sequence[WaitGroup], targets: WaitTargets, axis: Axis) -> Iterator[ChartMark]:
    """Too many for dots: how many of each stretch of minutes, as high as they are many."""
    step = max(1.0, axis.most / _COLUMNS)
    most = max(len(dots) for group in groups for dots in _binned(group, axis, step).values())
    for row, group in enumerate(groups):
        low, high = lane_box(row, len(groups), 0.1)
        for at, dots in sorted(_binned(group, axis, step).items()):
            box = Box(
                axis.at(at * step), low, min(1.0, axis.at((at + 1) * step)), low + (high - low) * len(dots) / most
            )
            span = f"{_minutes(at * step)} to {_minutes((at + 1) * step)}"
            if (at + 1) * step >= axis.most:
                span = f"{_minutes(at * step)} and longer"
            late = targets.limit is not None and at * step >= targets.limit
            words = f"{group.label}, {span}: {len(dots)} referrals{', late' if late else ''}"
            role = "late" if late else "cru"
            yield ChartMark(box, "bar", role, words, row=row, ids=tuple(dot.id for dot in dots))


def _binned(group: WaitGroup, axis: Axis, step: float) -> dict[int, list[WaitDot]]:
    last = max(0, round(axis.most / step) - 1)
    found: dict[int, list[WaitDot]] = {}
    for dot in group.dots:
        found.setdefault(min(last, int(dot.minutes // step)), []).append(dot)
    return found


def _median(group: WaitGroup, row: int, lanes: int, axis: Axis) -> Stroke:
    middle = median(dot.minutes for dot in group.dots)
    at = min(1.0, axis.at(middle))
    low, high = lane_box(row, lanes, 0.12)
    return Stroke(((at, low), (at, high)), "text", 2.4, label=f"{int(middle)}")


def _target_lines(targets: WaitTargets, axis: Axis) -> Iterator[Stroke]:
    if targets.aim is not None and targets.aim <= axis.most:
        yield Stroke.upright(axis.at(targets.aim), "good", f"aim {targets.aim:.0f}")
    if targets.limit is not None and targets.limit <= axis.most:
        yield Stroke.upright(axis.at(targets.limit), "warn", f"{targets.limit:.0f}")


def _minutes(minutes: float) -> str:
    return figure_in_words(timedelta(minutes=minutes))


def _is_late(minutes: float, targets: WaitTargets) -> bool:
    return targets.limit is not None and minutes > targets.limit


def _told(dot: WaitDot, targets: WaitTargets) -> str:
    took = in_words(timedelta(minutes=dot.minutes))
    parts = (dot.reference, took, _late_words(dot.minutes, targets), dot.about)
    return " · ".join(part for part in parts if part)


def _late_words(minutes: float, targets: WaitTargets) -> str:
    if targets.limit is None or minutes <= targets.limit:
        return ""
    return f"late by {in_words(timedelta(minutes=minutes - targets.limit))}"


def _sentence(groups: Sequence[WaitGroup], targets: WaitTargets, who: str) -> str:
    values = [dot.minutes for group in groups for dot in group.dots]
    missing = sum(group.missing for group in groups)
    left_out = f"; of {missing} more the time is not recorded" if missing else ""
    of_whom = f" {who}" if who else ""
    if not values:
        return f"No response time{of_whom and f' of a{of_whom}'}{left_out}."
    middle = _minutes(median(values))
    within = ""
    if targets.limit is not None:
        kept = sum(not _is_late(value, targets) for value in values)
        within = f", {share_in_words(kept, len(values))} within {_minutes(targets.limit)}"
    longest = _minutes(max(values))
    return f"{len(values)}{of_whom} met: median {middle}{within}, longest {longest}{left_out}."


def _rows(groups: Sequence[WaitGroup]) -> Iterator[TableRow]:
    for group in groups:
        for dot in sorted(group.dots, key=lambda one: one.minutes):
            yield (group.label, dot.reference, f"{int(dot.minutes)}", dot.received), (dot.id,)
        if group.missing:
            yield (group.label, f"{group.missing} without a time", "not recorded", ""), ()
