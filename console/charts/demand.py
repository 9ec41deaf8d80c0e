"""Demand by hour: referrals as bars, the usual as ticks, vans on duty as a step above them. Pure: no Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from console.charts import axes
from console.charts.axes import Axis
from console.charts.chart import (
    AxisTick,
    Box,
    Chart,
    ChartMark,
    ChartRoom,
    ChartTable,
    LegendEntry,
    Stroke,
    TableRow,
)

NAME: Final = "Demand by hour against vans on duty"
EMPTY: Final = "No referral was received in this time, and no van was on duty."
_BAR: Final = 0.66
"""Share of its hour that a bar takes."""
_LABEL: Final = 34
"""Pixels that the name of an hour needs, at the size of dots that a chart has at 100 % text (9 px)."""


@dataclass(frozen=True, slots=True)
class DemandHour:
    """One hour, or the same hour of several days.

    Attributes:
        label: ``23``; in the hour that comes twice with its zone: ``01 BST``.
        referrals: how many; over several days, on average.
        usual: on average at this hour of past weeks; None where nothing is known of them.
        vans: on duty, on average; None where nobody knows.
        ids: the referrals received in it.
    """

    label: str
    referrals: float
    usual: float | None = None
    vans: float | None = None
    ids: tuple[UUID, ...] = ()


def demand(hours: Sequence[DemandHour], room: ChartRoom, *, days: int = 1) -> Chart:
    """Lay the hours out, in their order.

    Args:
        hours: 23, 24 or 25 of a day, or as many as a shift has.
        room: of the plot.
        days: how many days stand behind each hour; above one, figures are told as those of an average day.
    """
    sentence = _sentence(hours, days)
    table = ChartTable.of(("Hour", "Referrals", "Usual", "Vans on duty"), _rows(hours))
    most = max((max(one.referrals, one.usual or 0, one.vans or 0) for one in hours), default=0)
    if not most:
        return Chart(NAME, sentence, table=table, empty=EMPTY)
    axis = axes.counts(most)
    return Chart(
        NAME,
        sentence,
        tuple(_bars(hours, axis, days)),
        (*_usual(hours, axis), *_vans(hours, axis)),
        tuple(_hour_ticks(hours, room)),
        axis.ticks(),
        table=table,
        legend=(
            LegendEntry("referrals", "cru"),
            *([LegendEntry("usual", "text", "line")] if any(one.usual is not None for one in hours) else []),
            LegendEntry("vans on duty", "good", "line"),
        ),
    )


def _bars(hours: Sequence[DemandHour], axis: Axis, days: int) -> Iterator[ChartMark]:
    for at, one in enumerate(hours):
        middle, half = (at + 0.5) / len(hours), _BAR / 2 / len(hours)
        box = Box(middle - half, 0.0, middle + half, axis.at(one.referrals))
        yield ChartMark(box, "bar", "cru", _told(one, days), ids=one.ids)


def _usual(hours: Sequence[DemandHour], axis: Axis) -> Iterator[Stroke]:
    for at, one in enumerate(hours):
        if one.usual is not None:
            level, left, right = axis.at(one.usual), (at + 0.1) / len(hours), (at + 0.9) / len(hours)
            yield Stroke(((left, level), (right, level)), "text", 1.8)


def _vans(hours: Sequence[DemandHour], axis: Axis) -> Iterator[Stroke]:
    """One line for each stretch of hours of which it is known."""
    points: list[tuple[float, float]] = []
    for at, one in enumerate(hours):
        if one.vans is None:
            if points:
                yield Stroke(tuple(points), "good", 2.4)
            points = []
        else:
            level = axis.at(one.vans)
            points += [(at / len(hours), level), ((at + 1) / len(hours), level)]
    if points:
        yield Stroke(tuple(points), "good", 2.4)


def _hour_ticks(hours: Sequence[DemandHour], room: ChartRoom) -> Iterator[AxisTick]:
    wide = max((len(one.label) for one in hours), default=2) / 2 * _LABEL * room.dot / 9
    every = next((n for n in (1, 2, 3, 4, 6, 12) if n * room.width / len(hours) >= wide), 24)
    for at, one in enumerate(hours):
        if at % every == 0:
            yield AxisTick((at + 0.5) / len(hours), one.label, ruled=False)


def told_number(value: float) -> str:
    """A count or an average: whole where it is whole, else with one place."""
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"


def _told(one: DemandHour, days: int) -> str:
    what = "referral" if one.referrals == 1 and days == 1 else "referrals"
    parts = [f"{one.label}: {told_number(one.referrals)} {what}{' a day' if days > 1 else ''}"]
    parts += [f"usual {told_number(one.usual)}"] if one.usual is not None else []
    parts += [f"{told_number(one.vans)} vans on duty"] if one.vans is not None else []
    return " · ".join(parts)


def _sentence(hours: Sequence[DemandHour], days: int) -> str:
    total = sum(one.referrals for one in hours)
    count = told_number(total * days)
    if not total:
        return "No referrals."
    most = max(one.referrals for one in hours)
    busiest = [one.label for one in hours if one.referrals == most]
    each = " a day on average" if days > 1 else ""
    what = "referral" if count == "1" else "referrals"
    said = f"{count} {what}, most at {_listed(busiest)} ({told_number(most)}{each})"
    known = [one.usual for one in hours if one.usual is not None]
    if len(known) == len(hours):
        said += f"; usual {told_number(sum(known) * days)}"
    over = [one.label for one in hours if one.vans is not None and one.referrals > one.vans]
    if over:
        return f"{said}; more referrals than vans at {_listed(over)}."
    return f"{said}."


def _listed(labels: Sequence[str]) -> str:
    if len(labels) > 4:
        return f"{len(labels)} of the hours"
    *first, last = labels
    return f"{', '.join(first)} and {last}" if first else last


def _rows(hours: Sequence[DemandHour]) -> Iterator[TableRow]:
    for one in hours:
        figures = (one.referrals, one.usual, one.vans)
        told = ("not known" if value is None else told_number(value) for value in figures)
        yield (one.label, *told), one.ids
