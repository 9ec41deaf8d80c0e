"""Statistical process control by the rules of NHS "Making Data Count": as usual, or has something changed?

An XmR chart: the centre is the mean, the limits lie 2.66 mean moving ranges from it, since the moving range tells
how much neighbours differ when nothing happens. Four rules find what chance seldom does. A baseline is a row that
a person wrote with a reason: nothing here moves one by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from math import isclose
from statistics import fmean
from typing import Final, Literal
from uuid import UUID

Side = Literal["high", "low"]

FEWEST_POINTS: Final = 13
"""With fewer the limits are a trial, and nothing is judged by them."""
_LIMIT: Final = 2.66
"""3 / 1.128: three standard deviations, told by the mean moving range of two neighbours."""
_RUN: Final = 7
_NEAR: Final = 2 / 3
_ROUNDING: Final = 1e-9


class SpcRule(StrEnum):
    """What chance alone seldom does."""

    OUTSIDE = "outside the limits"
    SHIFT = "seven or more on one side of the mean"
    TREND = "seven or more rising or falling"
    NEAR = "two of three near a limit"


@dataclass(frozen=True, slots=True)
class SpcPoint:
    """One period.

    Attributes:
        at: when it began, aware.
        value: the figure; None where there was nothing to work it out from, which no rule counts.
        n: from how many.
    """

    at: datetime
    value: float | None
    n: int = 0


@dataclass(frozen=True, slots=True)
class Baseline:
    """A person's decision about what is usual from a moment on: a row of the record.

    Attributes:
        since: the first period that it is about, aware.
        points: it is frozen on so many first points; None takes all there are.
        until: it is frozen on the periods that began before, aware; None takes all there are.
        id: of the row; None for one that is no row.
    """

    since: datetime
    points: int | None = None
    reason: str = ""
    author: str = ""
    until: datetime | None = None
    id: UUID | None = None

    def tells(self, part: Sequence["SpcPoint"]) -> list[float]:
        """The figures, of those since it began, by which it says what is usual."""
        told = (one for one in part if self.until is None or one.at < self.until)
        return [one.value for one in told if one.value is not None][: self.points]


@dataclass(frozen=True, slots=True)
class SpcLimits:
    """What is usual.

    Attributes:
        spread: from the mean to either limit; 0 where no point ever differed.
        worked_from: from how many points.
    """

    mean: float
    spread: float
    worked_from: int

    @property
    def upper(self) -> float:
        """Above it a point is no chance."""
        return self.mean + self.spread

    @property
    def lower(self) -> float:
        """Below it likewise."""
        return self.mean - self.spread

    @property
    def trial(self) -> bool:
        """Whether there are too few points to judge by."""
        return self.worked_from < FEWEST_POINTS

    def side(self, value: float) -> Side | None:
        """On which side of the mean; on it is neither."""
        if not _beyond(abs(value - self.mean), 0.0, self.mean):
            return None
        return "high" if value > self.mean else "low"

    def is_outside(self, value: float) -> bool:
        """Whether beyond a limit; a point on it is not."""
        return _beyond(abs(value - self.mean), self.spread, self.mean)

    def is_near(self, value: float) -> bool:
        """Whether beyond two thirds of the way to a limit; beyond the limit counts too."""
        return _beyond(abs(value - self.mean), self.spread * _NEAR, self.mean)


def _beyond(far: float, limit: float, size: float) -> bool:
    # The mean of figures that are all 0.1 is not quite 0.1: that alone must put no point outside.
    return far > limit and not isclose(far, limit, rel_tol=_ROUNDING, abs_tol=abs(size) * _ROUNDING)


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that a point is part of, and which way it points: a rising run is high wherever it lies."""

    rule: SpcRule
    side: Side


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """A point, what was usual for it, and what speaks against chance."""

    point: SpcPoint
    limits: SpcLimits | None
    signals: frozenset[Signal] = frozenset()
    baseline: Baseline | None = None

    @property
    def sides(self) -> tuple[Side, ...]:
        """High, low, or both: a rise below a lower mean is both."""
        found = {one.side for one in self.signals}
        return tuple(side for side in _SIDES if side in found)


_SIDES: Final[tuple[Side, ...]] = ("high", "low")


def judge(points: Sequence[SpcPoint], baselines: Iterable[Baseline] = ()) -> tuple[JudgedPoint, ...]:
    """Every point with its limits and signals, in order. No rule reaches over the beginning of a baseline.

    Args:
        points: oldest first.
        baselines: in any order; what lies before the first of them stands on all of its own points.
    """
    found: list[JudgedPoint] = []
    for baseline, part in _parts(points, sorted(baselines, key=lambda one: one.since)):
        found += _judged(part, baseline)
    return tuple(found)


def _parts(
    points: Sequence[SpcPoint], baselines: Sequence[Baseline]
) -> Iterator[tuple[Baseline | None, list[SpcPoint]]]:
    starts: list[Baseline | None] = [None, *baselines]
    for at, baseline in enumerate(starts):
        begin = baseline.since if baseline is not None else None
        after = starts[at + 1] if at + 1 < len(starts) else None
        part = [
            one for one in points if (begin is None or one.at >= begin) and (after is None or one.at < after.since)
        ]
        if part:
            yield baseline, part


def _judged(part: Sequence[SpcPoint], baseline: Baseline | None) -> list[JudgedPoint]:
    known = [one.value for one in part if one.value is not None]
    limits = limits_of(baseline.tells(part) if baseline is not None else known)
    if limits is None:
        return [JudgedPoint(one, None, baseline=baseline) for one in part]
    # A trial limit marks nothing: whoever sees a mark acts on it.
    signals = iter([frozenset()] * len(known) if limits.trial else signals_of(known, limits))
    return [
        JudgedPoint(one, limits, next(signals) if one.value is not None else frozenset(), baseline) for one in part
    ]


def limits_of(values: Sequence[float]) -> SpcLimits | None:
    """What is usual among these; None for no values at all."""
    if not values:
        return None
    ranges = [abs(after - before) for before, after in pairwise(values)]
    return SpcLimits(fmean(values), _LIMIT * fmean(ranges) if ranges else 0.0, len(values))


def signals_of(values: Sequence[float], limits: SpcLimits) -> list[frozenset[Signal]]:
    """What speaks against chance, value by value."""
    found: list[set[Signal]] = [set() for _ in values]
    sides = [limits.side(value) for value in values]
    for at, (value, side) in enumerate(zip(values, sides, strict=True)):
        if side is not None and limits.is_outside(value):
            found[at].add(Signal(SpcRule.OUTSIDE, side))
    for first in range(len(values) - _RUN + 1):
        part = range(first, first + _RUN)
        _mark(found, part, SpcRule.SHIFT, _one_side([sides[at] for at in part]))
        _mark(found, part, SpcRule.TREND, _trend([values[at] for at in part]))
    for first in range(len(values) - 2):
        three = range(first, first + 3)
        near = [at for at in three if limits.is_near(values[at])]
        if len(near) >= 2:
            _mark(found, near, SpcRule.NEAR, _one_side([sides[at] for at in three]))
    return [frozenset(one) for one in found]


def _mark(found: list[set[Signal]], where: Iterable[int], rule: SpcRule, side: Side | None) -> None:
    if side is not None:
        for at in where:
            found[at].add(Signal(rule, side))


def _one_side(sides: Sequence[Side | None]) -> Side | None:
    return sides[0] if len(set(sides)) == 1 else None


def _trend(values: Sequence[float]) -> Side | None:
    steps = list(pairwise(values))
    if all(after > before for before, after in steps):
        return "high"
    return "low" if all(after < before for before, after in steps) else None
