"""Stretches of time that a shift lead looks at, the same hours of past weeks, and what is cut out of them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Final, Self
from uuid import UUID

from db.domain.clocks import LONDON, local

NIGHT_FROM: Final = time(19)
NIGHT_UNTIL: Final = time(7)
"""The night by the clock on the wall, whatever the rota of a week says: so a night can be laid beside others."""
PAST: Final = 12
"""How many past stretches stand beside one: thirteen with it, the fewest that a control chart judges by."""
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to before ``end``; aware, kept in UTC. What is counted are the referrals received in it."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Raises ValueError for times without a zone, or where it ends before it starts."""
        if self.start.tzinfo is None or self.end.tzinfo is None or self.end < self.start:
            raise ValueError(f"no stretch of time: {self.start} to {self.end}")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @classmethod
    def tonight(cls, now: datetime) -> Self:
        """The night that runs, until now; by day, the whole of the last one."""
        here = local(now)
        begun = here.date() if here.time() >= NIGHT_FROM else here.date() - timedelta(days=1)
        night = cls.hours(begun, NIGHT_FROM, NIGHT_UNTIL)
        return cls(night.start, min(now.astimezone(UTC), night.end))

    @classmethod
    def hours(cls, day: date, start: time, end: time) -> Self:
        """Hours of a day by the clock on the wall; they end on the next day where that is no later one."""
        return cls(_at(day, start), _at(day if end > start else day + timedelta(days=1), end))

    @classmethod
    def today(cls, now: datetime) -> Self:
        """From midnight in Northamptonshire until now."""
        return cls(_at(local(now).date(), time()), now)

    @classmethod
    def days(cls, count: int, now: datetime) -> Self:
        """Until now, from the same time of day so many days ago."""
        return cls(_earlier(now, count), now)

    @property
    def length(self) -> timedelta:
        """How long it is on a stopwatch."""
        return self.end - self.start

    @property
    def weeks_apart(self) -> int:
        """How many weeks the stretch before it lies back: the fewest so that the two do not overlap."""
        # By the wall clock: seven days are a week also where an hour more or less lies in them.
        return max(1, ceil((_wall(self.end) - _wall(self.start)) / _WEEK))

    @property
    def first_hour(self) -> int:
        """The local hour of the day in which it begins, 0 to 23."""
        return local(self.start).hour

    @property
    def days_apart(self) -> int:
        """The same in days."""
        return 7 * self.weeks_apart

    def past(self, count: int = PAST) -> tuple[Self, ...]:
        """The same hours of past weeks by the clock on the wall, oldest first."""
        return tuple(self._back(self.days_apart * n) for n in range(count, 0, -1))

    def _back(self, days: int) -> Self:
        start = _earlier(self.start, days)
        # In the hour that comes twice a later moment can have the earlier time of day.
        return type(self)(start, max(start, _earlier(self.end, days)))


@dataclass(frozen=True, slots=True)
class Cut:
    """Which referrals of a period count; what is empty cuts nothing away.

    Attributes:
        priorities: codes.
        sources: codes.
        areas: towns, as :func:`db.measures.areas` lists them; an empty text is those of which nobody knows it.
        hours: local hours of the day, 0 to 23, in which it was received.
        vans: whose crew was the first with the person; where none was, the one that came nearest to it.
    """

    priorities: frozenset[str] = field(default_factory=frozenset)
    sources: frozenset[str] = field(default_factory=frozenset)
    areas: frozenset[str] = field(default_factory=frozenset)
    hours: frozenset[int] = field(default_factory=frozenset)
    vans: frozenset[UUID] = field(default_factory=frozenset)


EVERYTHING: Final = Cut()


def _wall(moment: datetime) -> datetime:
    return local(moment).replace(tzinfo=None, fold=0)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def _earlier(moment: datetime, days: int) -> datetime:
    """The same time on the wall so many days before; in the missing hour of March, the hour after it."""
    here = local(moment)
    return (here - timedelta(days=days)).replace(fold=here.fold).astimezone(UTC)
