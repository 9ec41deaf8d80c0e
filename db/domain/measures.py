"""Measures: what a figure is, how it is told, and what stands beside it. The figures come from the record.

What is measured are rows of the record (``measure``), each with its definition in plain words, its clock, its
target and the measure that balances it. The record works every figure out, each in one place
(``cru.referral_measures``, ``cru.job_measures``); this module knows what came and says it. A figure is never
alone: value, n, how many are missing, and the same hours of past weeks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import dropwhile
from statistics import fmean
from typing import Final, Literal, NamedTuple
from uuid import UUID

from db.domain.clocks import figure_in_words, hours_in_words
from db.domain.periods import Period

Care = Literal["needed and done", "needed and not done", "not needed", "unknown"]
"""Whether A&E was needed, and done."""
FEWEST: Final = 5
"""A group of fewer is not shown: its members could be told by name."""
NOT_RECORDED: Final = "not recorded"
_IN_NUMBERS_TO: Final = 20


class Unit(StrEnum):
    """What a figure counts in. ``TIME`` is minutes out of minutes, such as those on a job out of those on duty."""

    MINUTES = "minutes"
    SHARE = "share"
    COUNT = "count"
    HOURS = "hours"
    TIME = "time"


class Better(StrEnum):
    """Which way a figure is better; many are neither: what is good for one person may be bad for another."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A definition: a row of the record.

    Attributes:
        clock_start: from what it counts; empty for what is no time.
        unit: minutes are told by median, mean and 90th centile; a share is of n; a count and hours are sums.
        better: which way is better, or neither.
        target: what the service aims at, in the unit of the measure (a share: 0 to 1); None where nobody set one.
        within: for a share of those within so many minutes: how many; None for every other measure.
        balance: the key of the measure that is read beside it.
        source: where the definition comes from.
        dated: since when it is worded so, by ``author``.
        on_wall: whether a viewer's login may read it; it names nobody.
        assumes: what it goes by that nobody measured, and since when: ``94 min, 1 Apr 2026``; empty for nothing.
    """

    key: str
    title: str
    definition: str
    clock_start: str = ""
    clock_stop: str = ""
    unit: Unit
    better: Better = Better.NEITHER
    target: float | None = None
    within: float | None = None
    balance: str
    source: str
    author: str
    dated: date
    on_wall: bool = False
    assumes: str = ""

    def clock(self) -> str:
        """From what to what it counts; empty for what is no time."""
        return f"{self.clock_start} to {self.clock_stop}" if self.clock_stop else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What one stretch of time came to.

    Attributes:
        value: minutes: the median; a share, also of time: 0 to 1; a count or hours: the sum. None for none.
        n: of how many it is told.
        missing: of how many more it is not recorded.
        part: of a share, how many of n; of a share of time, how many minutes.
        total: of a share of time, out of how many minutes.
        mean: of minutes.
        ninth: of minutes, the 90th centile by the nearest rank: a wait that somebody had.
        longest: of minutes.
    """

    value: float | None
    n: int
    missing: int = 0
    part: float | None = None
    total: float | None = None
    mean: float | None = None
    ninth: float | None = None
    longest: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFigure(Amount):
    """The same of an earlier stretch of time."""

    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Amount):
    """One measure of one period, with the same hours of past weeks.

    Attributes:
        key: of the measure.
        past: oldest first; what a line of the past and a control chart are drawn from.
    """

    key: str
    unit: Unit
    past: tuple[PastFigure, ...] = ()

    def short(self) -> str:
        """The value alone: ``38 min``, ``13 of 14``, ``41 of 60 (68 %)``, ``11.4 h``, ``8 h 02 of 12 h 00``."""
        if self.value is None:
            return NOT_RECORDED if self.missing else "none"
        if self.unit is Unit.MINUTES:
            return minutes_in_words(self.value)
        if self.unit is Unit.SHARE:
            return share_in_words(round(self.part or 0), self.n)
        if self.unit is Unit.TIME:
            part, total = (minutes_in_words(one or 0) for one in (self.part, self.total))
            return f"{part} of {total} ({100 * self.value:.0f} %)"
        return hours_in_words(self.value) if self.unit is Unit.HOURS else f"{self.value:g}"

    def words(self) -> str:
        """The value; of minutes median, mean and 90th centile, which is what nine of ten do not exceed."""
        if self.unit is not Unit.MINUTES or self.value is None or self.mean is None or self.ninth is None:
            return self.short()
        told = (("median", self.value), ("mean", self.mean), ("90th centile", self.ninth))
        return " · ".join(f"{name} {minutes_in_words(minutes)}" for name, minutes in told)


def minutes_in_words(minutes: float) -> str:
    """As every length of time is told; a mean of 37.99999999 is 38."""
    return figure_in_words(timedelta(seconds=round(60 * minutes, 3)))


def share_in_words(part: int, n: int) -> str:
    """``3 of 12``; beyond twenty with the percentage."""
    told = f"{part} of {n}"
    return told if n <= _IN_NUMBERS_TO else f"{told} ({_per_cent(part, n)})"


def _per_cent(part: int, n: int) -> str:
    # A few are not none, and nearly all are not all.
    if 0 < part < n / 200:
        return "under 1 %"
    return "over 99 %" if n - n / 200 < part < n else f"{100 * part / n:.0f} %"


class Dot(NamedTuple):
    """One referral, or one job of a van, behind a figure. A tuple: of thousands that is a fifth of the time.

    Attributes:
        reference: readable aloud; it names nobody.
        group: its priority.
        source: who referred, by code.
        van_id: whose crew; None where none was sent.
        value: minutes, hours given back, or how often; of a share, how often it holds. None where it is missing.
        of: of a share, out of how many (one, mostly).
    """

    referral_id: UUID
    reference: str
    received_at: datetime
    group: str
    source: str
    area: str
    van_id: UUID | None
    value: float | None
    of: int = 1

    @property
    def missing(self) -> bool:
        """Whether it counts as missing."""
        return self.value is None

    @property
    def minutes(self) -> float | None:
        """The value, where it is a time."""
        return self.value


@dataclass(frozen=True, slots=True)
class HourOfDay:
    """An hour by the clock on the wall, over all days of a period.

    Attributes:
        hour: 0 to 23.
        received: how many referrals came in it.
        usual: how many came in the same hours of past weeks, the mean of one stretch; None without a past.
        staffed: vans on duty, the mean over that hour of each day.
        committed: vans on a job, the same.
        days: how many days of the period have that hour, parts of it counted as parts.
    """

    hour: int
    received: int
    usual: float | None
    staffed: float
    committed: float
    days: float


@dataclass(frozen=True, slots=True)
class VanJob:
    """One job in the day of a van. Times are UTC; a step that nobody recorded is not in ``steps``.

    Attributes:
        steps: by the name of the state that began, in the order of an assignment's states.
        until: when it was over; None while it runs.
        handed_over: from when until when the person was handed over to this service; either may be None.
    """

    referral_id: UUID
    reference: str
    steps: Mapping[str, datetime]
    until: datetime | None
    stood_down: bool
    handed_over: tuple[datetime | None, datetime | None] = (None, None)


@dataclass(frozen=True, slots=True)
class VanDay:
    """What a van did in a period.

    Attributes:
        duties: from when until when it was on duty; None while it is.
        meals: breaks, the same.
    """

    van_id: UUID
    callsign: str
    duties: tuple[tuple[datetime, datetime | None], ...]
    meals: tuple[tuple[datetime, datetime | None], ...]
    jobs: tuple[VanJob, ...]


@dataclass(frozen=True, slots=True)
class EndCount:
    """How many referrals ended in one way.

    Attributes:
        state: closed, declined or cancelled; ``open`` for those that have not ended.
        code: the outcome or the reason.
        met: how many of them a crew met; the others are demand that was not met.
    """

    state: str
    code: str
    label: str
    n: int
    met: int


@dataclass(frozen=True, slots=True)
class WishCount:
    """Of one wish, or of a kind of them that stand in no list: how often it was kept, partly, out of how often."""

    topic: str
    wish: str
    kept: int
    partly: int
    said: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigure:
    """A measure for one group of people; ``figure`` is None where too few stand behind it."""

    key: str
    dimension: str
    group: str
    figure: Figure | None


def shown_groups(figures: Mapping[str, Figure]) -> dict[str, Figure | None]:
    """The figures of the groups of one dimension, without those of few.

    Where one group alone is left out it could be told from the whole, so the next smallest goes with it.
    """
    hidden = {group for group, figure in figures.items() if figure.n < FEWEST}
    if len(hidden) == 1 and len(figures) > 1:
        hidden.add(min(figures.keys() - hidden, key=lambda group: (figures[group].n, group)))
    return {group: None if group in hidden else figure for group, figure in sorted(figures.items())}


def known_past(figure: Figure) -> list[PastFigure]:
    """Past stretches from the first of which anything is known: before it was no record, and that is no 0."""
    return list(dropwhile(lambda one: not one.n, figure.past))


def usual_of(figure: Figure) -> float | None:
    """The mean of past stretches, in the figure's own unit; None where nothing is known of them."""
    known = [one.value for one in known_past(figure) if one.value is not None]
    return fmean(known) if known else None
