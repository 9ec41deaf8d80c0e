"""Numbers that people read easily along an axis. Pure: no Qt."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Final

from console.charts.chart import AxisTick

_STEPS: Final = (1.0, 2.0, 5.0, 10.0)
_MINUTES: Final = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440)
_WHOLE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``least`` to ``most``, with a tick at each ``step``."""

    least: float
    most: float
    step: float

    def at(self, value: float) -> float:
        """Where a value stands, 0 to 1; beyond the ends, less or more."""
        return (value - self.least) / (self.most - self.least)

    def values(self) -> tuple[float, ...]:
        """The numbers at the ticks."""
        first = ceil(self.least / self.step - _WHOLE)
        last = floor(self.most / self.step + _WHOLE)
        return tuple(n * self.step for n in range(first, last + 1))

    def ticks(self) -> tuple[AxisTick, ...]:
        """The ticks with their numbers."""
        return tuple(AxisTick(self.at(value), number(value, self.step)) for value in self.values())


def number(value: float, step: float = 1.0) -> str:
    """A number with as many places as its step has."""
    places = max(0, -floor(log10(step) + _WHOLE)) if step > 0 else 0
    return f"{value:.{places}f}"


def counts(most: float, ticks: int = 5) -> Axis:
    """An axis of things that are counted, from 0 up; every tick is a whole number."""
    top = most if isfinite(most) and most > 0 else 1.0
    step = max(1.0, _nice(top / max(1, ticks)))
    return Axis(0.0, step * ceil(top / step - _WHOLE), step)


def minutes(most: float, ticks: int = 7) -> Axis:
    """An axis of minutes from 0 up, in steps that a clock has."""
    top = max(1.0, most)
    step = float(next((one for one in _MINUTES if top / one <= ticks), _nice(top / ticks)))
    return Axis(0.0, step * ceil(top / step - _WHOLE), step)


def around(least: float, most: float, ticks: int = 4) -> Axis:
    """An axis around values, which need not begin at 0: for lines, where a length says nothing."""
    span = most - least
    if span <= _WHOLE * max(1.0, abs(most)):
        span = max(1.0, abs(most))
        least, most = least - span / 2, most + span / 2
    step = _nice(span / max(1, ticks))
    return Axis(step * floor(least / step + _WHOLE), step * ceil(most / step - _WHOLE), step)


def _nice(rough: float) -> float:
    ten = 10.0 ** floor(log10(rough))
    return next(ten * one for one in _STEPS if ten * one >= rough - ten * _WHOLE)
