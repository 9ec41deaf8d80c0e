"""A series over time with what is usual, and what speaks against chance. Also as a small line. Pure: no Qt."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
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
    Shape,
    Stroke,
    TableRow,
)
from db.domain.clocks import local
from db.domain.measures import Better
from db.domain.spc import JudgedPoint
from db.domain.spc_words import (
    Assurance,
    Change,
    SpcIcon,
    SpcTelling,
    assurance_of,
    by_chance,
    earlier_words,
    icons_of,
    sentence_of,
)

_ROLES: Final[dict[Change, str]] = {
    "common cause": "spc_common",
    "trial limits": "spc_common",
    "improving": "spc_improving",
    "concern": "spc_concern",
    "changed": "spc_changed",
}
_SHAPES: Final[dict[Change, Shape]] = {"concern": "square", "changed": "diamond"}
_ORDER: Final[tuple[Change, ...]] = ("concern", "improving", "changed", "common cause", "trial limits")
_LABEL: Final = 58
"""Pixels that a date needs, at the size of dots that a chart has at 100 % text (9 px)."""
_SPARK_DOT: Final = 0.6
_HEADERS: Final = ("Begins", "Figure", "n", "Mean", "Lower limit", "Upper limit", "Says", "Why")
_EMPTY: Final = "There is no figure in this time."


@dataclass(frozen=True, slots=True)
class ControlSeries:
    """What is drawn.

    Attributes:
        name: of the measure.
        judged: oldest first.
        better: which way is better, or neither.
        telling: how figures and periods are told.
        target: what is aimed at; None for none.
        number: a figure for an axis, without its unit.
        ids: the referrals behind a point, by when it begins.
    """

    name: str
    judged: tuple[JudgedPoint, ...]
    better: Better
    telling: SpcTelling
    target: float | None = None
    number: Callable[[float], str] = "{:.0f}".format
    ids: Callable[[datetime], tuple[UUID, ...]] = lambda _at: ()

    @property
    def known(self) -> tuple[JudgedPoint, ...]:
        """Points with a figure."""
        return tuple(one for one in self.judged if one.point.value is not None)

    def icons(self) -> tuple[SpcIcon, ...]:
        """What the last point says; empty where there is none."""
        return icons_of(self.known[-1], self.better) if self.known else ()

    def assurance(self) -> Assurance | None:
        """Whether the target is met whatever chance does; None without a target."""
        if self.target is None or not self.known:
            return None
        return assurance_of(self.known[-1], self.target, self.better)

    def sentence(self) -> str:
        """The last point, then what earlier ones said, then the target."""
        parts = [sentence_of(self.judged, self.telling), earlier_words(self.judged, self.better, self.telling)]
        said = self.assurance()
        if said is not None and self.target is not None:
            target = f"the target of {self.telling.value(self.target)}"
            parts.append(
                {"passes": f"It always meets {target}.", "fails": f"It never meets {target}."}.get(
                    said, f"By chance alone it may meet or miss {target}."
                )
            )
        return " ".join(part for part in parts if part)


def role_of(icon: SpcIcon) -> str:
    """Palette role of an icon."""
    return _ROLES[icon.change]


def control(series: ControlSeries, room: ChartRoom) -> Chart:
    """Lay the series out with its mean and limits."""
    known = series.known
    table = ChartTable.of(_HEADERS, _rows(series))
    if not known:
        return Chart(series.name, series.sentence(), table=table, empty=_EMPTY)
    axis = _axis(series)
    places = _places(series.judged)
    return Chart(
        series.name,
        series.sentence(),
        tuple(_marks(series, axis, places)),
        tuple(_strokes(series, axis, places)),
        tuple(_dates(series.judged, places, room)),
        tuple(_levels(series, axis)),
        table=table,
        legend=tuple(_legend(series)),
        dot=room.dot,
    )


def _legend(series: ControlSeries) -> Iterator[LegendEntry]:
    said = {icon.change for one in series.known for icon in icons_of(one, series.better)}
    for change in _ORDER:
        if change in said:
            yield LegendEntry(change, _ROLES[change], "dot")
    yield LegendEntry("limits", "spc_common", "dashed")


def _axis(series: ControlSeries) -> Axis:
    values = [one.point.value for one in series.known if one.point.value is not None]
    limits = [one.limits for one in series.known if one.limits is not None]
    edges = [edge for one in limits for edge in series.telling.within(one)]
    all_of = [*values, *edges, *([series.target] if series.target is not None else [])]
    axis = axes.around(min(all_of), max(all_of))
    return Axis(max(axis.least, series.telling.least), min(axis.most, series.telling.most), axis.step)


def _places(judged: Sequence[JudgedPoint]) -> list[float]:
    """Half a step from either side, so that no dot lies on an axis."""
    return [(at + 0.5) / len(judged) for at in range(len(judged))]


def _marks(series: ControlSeries, axis: Axis, places: Sequence[float]) -> Iterator[ChartMark]:
    for one, x in zip(series.judged, places, strict=True):
        if one.point.value is None:
            continue
        icons = icons_of(one, series.better)
        # Of two the concern is drawn; letters and words tell both.
        first = min(icons, key=lambda icon: _ORDER.index(icon.change))
        place = Box.at(x, axis.at(one.point.value))
        label = "/".join(icon.letter for icon in icons if icon.letter)
        shape = _SHAPES.get(first.change, "dot")
        words = _told(series, one, icons)
        yield ChartMark(place, shape, role_of(first), words, label=label, ids=series.ids(one.point.at))


def _told(series: ControlSeries, one: JudgedPoint, icons: Sequence[SpcIcon]) -> str:
    value = series.telling.value(one.point.value or 0.0)
    parts = [
        f"{series.telling.period} of {date_words(one.point.at)}",
        value,
        f"n {one.point.n}" if one.point.n else "",
    ]
    parts += [" and ".join(icon.words() for icon in icons), _why(one)]
    return " · ".join(part for part in parts if part)


def _why(one: JudgedPoint) -> str:
    return ", ".join(sorted({signal.rule.value for signal in one.signals}))


def date_words(at: datetime) -> str:
    """``5 Jan``, in London."""
    there = local(at)
    return f"{there.day} {there:%b}"


def _strokes(series: ControlSeries, axis: Axis, places: Sequence[float]) -> Iterator[Stroke]:
    half = 0.5 / len(places)
    pairs = list(zip(series.judged, places, strict=True))
    known = tuple((x, axis.at(one.point.value)) for one, x in pairs if one.point.value is not None)
    yield Stroke(known, "spc_common", 1.4, behind=True)
    for _, part in groupby(pairs, key=lambda pair: (pair[0].limits, pair[0].baseline)):
        those = list(part)
        limits, left, right = those[0][0].limits, those[0][1] - half, those[-1][1] + half
        if limits is None:
            continue
        yield Stroke(((left, axis.at(limits.mean)), (right, axis.at(limits.mean))), "spc_common", 1.6, behind=True)
        for edge in (limits.lower, limits.upper):
            # A limit that no figure of this kind can reach is no limit.
            if edge in series.telling.within(limits):
                level = axis.at(edge)
                yield Stroke(((left, level), (right, level)), "spc_common", 1.2, dashed=True, behind=True)
        baseline = those[0][0].baseline
        if baseline is not None and left > half:
            yield Stroke.upright(left, "edge", baseline.reason)
    if series.target is not None:
        level = axis.at(series.target)
        yield Stroke(((0.0, level), (1.0, level)), "warn", 1.6, dashed=True, label="target")


def _levels(series: ControlSeries, axis: Axis) -> Iterator[AxisTick]:
    """The upright axis names what the eye asks for: the mean and the limits in force."""
    limits = series.known[-1].limits
    if limits is None or not limits.spread:
        yield from axis.ticks()
        return
    low, high = series.telling.within(limits)
    levels = [limits.mean, *(edge for edge in (low, high) if edge in (limits.lower, limits.upper))]
    for level in levels:
        yield AxisTick(axis.at(level), series.number(level), ruled=False)


def _dates(judged: Sequence[JudgedPoint], places: Sequence[float], room: ChartRoom) -> Iterator[AxisTick]:
    wide = _LABEL * room.dot / 9
    every = max(1, -int(-wide * len(judged) // max(1.0, room.width)))
    last = len(judged) - 1
    for at, (one, x) in enumerate(zip(judged, places, strict=True)):
        # Counted from the last one: that is the one that is asked for.
        if (last - at) % every == 0:
            yield AxisTick(x, date_words(one.point.at), ruled=False)


def _rows(series: ControlSeries) -> Iterator[TableRow]:
    telling = series.telling
    for one in series.judged:
        begins, limits = date_words(one.point.at), one.limits
        if one.point.value is None or limits is None:
            yield (begins, "no figure", str(one.point.n), "", "", "", "", ""), ()
            continue
        edges = [
            telling.value(edge) if edge == limit else "none"
            for edge, limit in zip(telling.within(limits), (limits.lower, limits.upper), strict=True)
        ]
        says = " and ".join(icon.words() for icon in icons_of(one, series.better))
        figures = (telling.value(one.point.value), str(one.point.n), telling.value(limits.mean), *edges)
        yield (begins, *figures, says, _why(one)), series.ids(one.point.at)


def chance_words(series: ControlSeries) -> str:
    """How much of this chance would show by itself; for the help of a chart."""
    return by_chance(len(series.known))


def told_by_words(series: ControlSeries) -> str:
    """``limits from 13, since 3 Nov`` where somebody said what is usual; empty where they are from all."""
    last = series.known[-1] if series.known else None
    if last is None or last.limits is None or last.baseline is None:
        return ""
    return f"limits from {last.limits.worked_from}, since {date_words(last.baseline.since)}"


def spark(series: ControlSeries, room: ChartRoom) -> Chart:
    """The series as a small line, with a mark at its last point, and at each that says something."""
    known = [one for one in series.known if one.point.value is not None]
    sentence = series.sentence()
    if not known:
        return Chart(series.name, sentence, empty=" ")
    values = [one.point.value or 0.0 for one in known]
    axis = axes.around(min(values), max(values))
    places = _places(series.judged)
    marks = list(_marks(series, axis, places))
    told = tuple(replace(mark, label="") for mark in marks if mark.role != "spc_common" or mark is marks[-1])
    line = next(_strokes(series, axis, places))
    return Chart(series.name, sentence, told, (line,), dot=room.dot * _SPARK_DOT)
