"""Time to pixel and back, and where the ticks of a local clock stand. Pure: no Qt, no clock of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from db.domain.clocks import LONDON, local, shifted, wall_time

SHORTEST: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(days=14)

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_STEPS: Final = (
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12)),
    *(timedelta(days=days) for days in (1, 2, 7)),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis.

    Attributes:
        at: the instant, aware UTC.
        label: the local time or, at midnight, the local date.
        major: midnight in London.
    """

    at: datetime
    label: str
    major: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A window of time laid over a width.

    Attributes:
        start: the instant at pixel 0, aware UTC.
        span: time from left to right; ``zoomed`` keeps it within ten minutes and fourteen days.
        width: pixels from left to right, above 0.
    """

    start: datetime
    span: timedelta
    width: float

    @property
    def end(self) -> datetime:
        """The instant at the right edge, aware UTC."""
        return shifted(self.start, self.span)

    @property
    def per_pixel(self) -> timedelta:
        """How long a pixel lasts, to the microsecond."""
        return self.span / self.width

    def x(self, at: datetime) -> float:
        """Where an instant stands, in pixels from the left; outside the window it is outside the width."""
        return (at - self.start) / self.span * self.width

    def at(self, x: float) -> datetime:
        """The instant that stands at a pixel, aware UTC, to the microsecond."""
        return shifted(self.start, self.span * (x / self.width))

    def zoomed(self, factor: float, x: float) -> "Scale":
        """Show ``factor`` times as much time, with the instant at pixel ``x`` staying where it is."""
        span = max(SHORTEST, min(LONGEST, self.span * factor))
        return replace(self, start=shifted(self.at(x), -span * (x / self.width)), span=span)

    def panned(self, pixels: float) -> "Scale":
        """Show what lies that many pixels later; earlier when negative."""
        return replace(self, start=self.at(pixels))

    def resized(self, width: float) -> "Scale":
        """The same window of time over another width, at least one pixel."""
        return replace(self, width=max(1.0, width))

    def showing(self, at: datetime, x: float) -> "Scale":
        """The same span with ``at`` standing at pixel ``x``."""
        return replace(self, start=shifted(at, -self.span * (x / self.width)))

    def step(self, least: float) -> timedelta:
        """The shortest sensible step of at least ``least`` pixels; a week when none is long enough."""
        wanted = self.per_pixel * least
        return next((step for step in _STEPS if step >= wanted), _STEPS[-1])

    def ticks(self, least: float = 80.0) -> tuple[Tick, ...]:
        """The ticks in the window, at least about ``least`` pixels apart, earliest first.

        Up to an hour they stand evenly in real time, so that the hour that comes twice in October has
        its ticks twice. Above, they stand at the same local times each day, whatever the clocks do.
        """
        step = self.step(least)
        found = self._even(step) if step <= _HOUR else self._local(step)
        return tuple(_tick(at) for at in found if self.start <= at <= self.end)

    def _even(self, step: timedelta) -> Iterator[datetime]:
        # Every step of up to an hour begins with the hour.
        at = self.start.replace(minute=0, second=0, microsecond=0)
        while at <= self.end:
            yield at
            at += step

    def _local(self, step: timedelta) -> Iterator[datetime]:
        days = max(1, step // _DAY)
        day = local(self.start).date()
        # Counted from one fixed day: ticks of several days keep theirs while the window moves.
        day -= timedelta(days=day.toordinal() % days)
        hours = range(0, 24, step // _HOUR) if step < _DAY else (0,)
        while (midnight := datetime.combine(day, time(), LONDON)) <= self.end:
            # No step has a tick at one, the only hour that London's clocks leave out or repeat.
            yield from (midnight.replace(hour=hour).astimezone(UTC) for hour in hours)
            day += timedelta(days=days)


def _tick(at: datetime) -> Tick:
    there = local(at)
    if there.time() == time():
        return Tick(at, f"{there:%a} {there.day} {there:%b}", major=True)
    return Tick(at, clock(at), major=False)


def corner(scale: Scale) -> str:
    """The day and the zone at the left edge: ``Sun 22 Nov, GMT``; where the clocks change within, both zones."""
    first, last = local(scale.start), local(scale.end)
    zones = f"{first:%Z}" if first.tzname() == last.tzname() else f"{first:%Z}, then {last:%Z}"
    return f"{first:%a} {first.day} {first:%b}, {zones}"


def clock(at: datetime, *, seconds: bool = False) -> str:
    """The time on a London clock, with BST or GMT after it in the hour that comes twice."""
    return wall_time(at, seconds=seconds)


def moment(at: datetime) -> str:
    """Day, month and London time to the second, for a tooltip."""
    there = local(at)
    return f"{there:%a} {there.day} {there:%b} {clock(at, seconds=True)}"
