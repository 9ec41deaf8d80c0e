"""What the lead's page shows of one stretch of time, read in one transaction: one picture of the record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from db.baselines import Baselines, baselines
from db.domain.adding_up import added_up, adds_up, made_of
from db.domain.measures import Amount, Dot, Figure, HourOfDay, PastFigure, VanDay
from db.domain.periods import PAST, Cut, Period
from db.domain.spc import FEWEST_POINTS, Baseline
from db.measures import Measured, areas, before, began, by_hour, measured, received
from db.van_days import van_days

WEEKS = 26
"""Weeks that a control chart shows; 13 of them may be its baseline."""
DAYS = 28
"""Days that it shows while fewer weeks are known than it takes to judge by."""
_WEEK = 7
LANES_OF = timedelta(days=1)
"""The part of a period, up to its end, that lanes of vans show: of more days they cannot be read."""


@dataclass(frozen=True, slots=True)
class EndedSo:
    """Referrals that ended in one way; the label says of a declined or cancelled one that it was."""

    label: str
    ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class DayByDay(Period):
    """A stretch beside which the days before it stand, and not the weeks."""

    @property
    def days_apart(self) -> int:
        """One."""
        return 1


@dataclass(frozen=True, slots=True)
class LeadRead:
    """The page, as it was read.

    Attributes:
        measured: every measure of the period, with the same hours of the twelve weeks before it.
        weeks: every measure of the last seven days, with 25 weeks before them.
        days: where too few of those weeks are known to judge by, the last day with 27 before it; else None.
        received: each referral of the period.
        waits: each referral that a crew met, with its minutes.
        areas: the towns that it may be cut by.
        baselines: from when on something else is usual of a measure, as somebody said it.
        before: of the measures whose usual began before what is shown over time: the stretches from then on.
    """

    measured: Measured
    weeks: Measured
    days: Measured | None
    received: tuple[Dot, ...]
    waits: tuple[Dot, ...]
    hours: tuple[HourOfDay, ...]
    ends: tuple[EndedSo, ...]
    vans: tuple[VanDay, ...]
    areas: tuple[str, ...]
    baselines: Baselines
    before: Mapping[str, tuple[PastFigure, ...]]


async def lead_page(
    connection: AsyncConnection, period: Period, cut: Cut, vans_of: timedelta | None = None
) -> LeadRead:
    """Read it; for a shift lead. The weeks are those up to the period's end.

    Args:
        connection: of a shift lead.
        period: what is shown.
        cut: which referrals count.
        vans_of: how much of the period, up to its end, the vans' jobs are read of; all of it where left out.
    """
    those = await received(connection, period, cut)
    weeks = await measured(connection, Period.days(_WEEK, period.end), cut, past=WEEKS - 1)
    day = DayByDay.days(1, period.end)
    lanes = period if vans_of is None else Period(max(period.start, period.end - vans_of), period.end)
    usual = await baselines(connection)
    days = None if _is_known(weeks) else await measured(connection, day, cut, past=DAYS - 1)
    return LeadRead(
        await _of_period(connection, period, cut, weeks),
        weeks,
        days,
        those.came,
        those.waited,
        tuple(await by_hour(connection, period, cut, past=past_of(period))),
        tuple(EndedSo(_ended_words(state, label), ids) for (state, label), ids in those.ended.items()),
        tuple(await van_days(connection, lanes, cut)),
        tuple(await areas(connection)),
        usual,
        await _told_before(connection, days or weeks, usual, cut),
    )


async def _told_before(
    connection: AsyncConnection, shown: Measured, usual: Baselines, cut: Cut
) -> dict[str, tuple[PastFigure, ...]]:
    """Without them what somebody froze would move on as its weeks leave what is shown, and nobody would say so."""
    known = max((len(figure.past) for figure in shown.figures.values()), default=0)
    first = shown.period.past(known)[0].start if known else shown.period.start
    since = {key: day for key, those in usual.items() if (day := _in_force(those, first)) is not None}
    if not since:
        return {}
    more = (first - min(since.values())) // timedelta(days=shown.period.days_apart) + 1
    found = await before(connection, sorted(since), shown.period.past(known + more)[:more], cut)
    return {key: tuple(one for one in those if one.period.start >= since[key]) for key, those in found.items()}


def _in_force(those: Sequence[Baseline], at: datetime) -> datetime | None:
    """Since when what was usual at a moment is: no rule reaches over its beginning."""
    return max((one.since for one in those if one.since < at), default=None)


def past_of(period: Period) -> int:
    """How many stretches stand beside one: those of the same twelve weeks, however long each is."""
    return max(1, PAST // period.weeks_apart)


async def _of_period(connection: AsyncConnection, period: Period, cut: Cut, weeks: Measured) -> Measured:
    """Its figures, with the stretches before it; what the weeks say already is not read twice."""
    if period == weeks.period:
        figures = {key: replace(figure, past=figure.past[-PAST:]) for key, figure in weeks.figures.items()}
        return replace(weeks, figures=figures)
    stretches = (*period.past(past_of(period)), period)
    parts = [made_of(one, (*weeks.period.past(WEEKS - 1), weeks.period)) for one in stretches]
    known_from = await began(connection)
    # Of what began before the record did, nobody knows the weeks.
    if not all(parts) or known_from is None or known_from > stretches[0].start:
        return await measured(connection, period, cut, past=past_of(period))
    again = [key for key, figure in weeks.figures.items() if not adds_up(figure.unit)]
    read = await before(connection, again, stretches, cut)
    amounts = {
        key: read[key] if key in read else tuple(_together(figure, stretches, parts))
        for key, figure in weeks.figures.items()
    }
    return replace(
        weeks, period=period, figures={key: _figure(weeks.figures[key], those) for key, those in amounts.items()}
    )


def _together(week: Figure, stretches: Sequence[Period], parts: Sequence[range | None]) -> Iterator[PastFigure]:
    weeks = (*week.past, week)
    for one, part in zip(stretches, parts, strict=True):
        yield PastFigure(period=one, **added_up([weeks[at] for at in part or ()], week.unit))


def _figure(week: Figure, those: Sequence[PastFigure]) -> Figure:
    *past, last = those
    found = {one.name: getattr(last, one.name) for one in fields(Amount)}
    return Figure(key=week.key, unit=week.unit, past=tuple(past), **found)


def _is_known(weeks: Measured) -> bool:
    """Whether referrals were received in as many weeks as it takes to judge by."""
    received = weeks.figures.get("received")
    return received is None or sum(one.n > 0 for one in (received, *received.past)) >= FEWEST_POINTS


def _ended_words(state: str, label: str) -> str:
    return label if state == "closed" else f"{state}: {label}"
