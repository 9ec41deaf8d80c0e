"""Reads for the measures. The record works them out; each of these is one round trip.

Before it answers, the record works out what happened since somebody last asked (``cru.settle_measures()``), so
these write in their transaction and must be committed. A shift lead's login may ask for all, a viewer's for those
of the wall.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from math import isnan
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.clocks import in_words
from db.domain.measures import (
    Better,
    Dot,
    EndCount,
    Figure,
    GroupFigure,
    HourOfDay,
    Measure,
    PastFigure,
    Unit,
    WishCount,
    shown_groups,
)
from db.domain.periods import EVERYTHING, PAST, Cut, Period
from db.domain.rules import DEFAULTS, rules_of
from db.names_of import name_of

BY_GROUP = ("response", "never_met", "declined", "force")
"""Measures in which groups of people may fare differently, and a lead must see it."""
_ENDED: Final = frozenset({"closed", "declined", "cancelled"})
_DOT: Final = len(Dot._fields)
_AT_ONCE = 250
"""Rows that are made in a turn of the loop."""
# With the one number that a measure goes by and nobody measured.
_DEFINITIONS = (
    "SELECT m.*, {author} AS worded_by, r.value AS assumed, r.unit AS assumed_in, {assumed} AS assumed_by,"
    " r.dated AS assumed_on"
    " FROM cru.{of} m LEFT JOIN cru.rule r ON r.name = 'assumed_without' AND r.active WHERE m.active"
    " ORDER BY m.rank, m.key"
)
_ASSUMES: Final = "ems_given_back"
_FIGURES = text("SELECT * FROM cru.measure_figures(:starts, :ends, CAST(:cut AS jsonb))")
_SOME = text("SELECT * FROM cru.measure_some(:starts, :ends, CAST(:cut AS jsonb), :keys)")
_WALL = text("SELECT * FROM cru.wall_figures(:starts, :ends)")
# In the order of a dot's fields: of thousands that is half the time.
_BEHIND = text(
    "SELECT referral_id, reference, received_at, priority, source, area, van_id, value, out_of"
    " FROM cru.measure_behind(:key, :start, :stop, CAST(:cut AS jsonb))"
)
_RECEIVED = text("SELECT * FROM cru.measure_received(:start, :stop, CAST(:cut AS jsonb))")
_LABELS = text(
    """
SELECT e.state, e.code, coalesce(o.label, r.label, replace(e.code, '_', ' ')) AS label
FROM unnest(CAST(:states AS text[]), CAST(:codes AS text[])) AS e(state, code)
LEFT JOIN cru.outcome o ON e.state = 'closed' AND o.code = e.code
-- One act passes its reason on to what it ends, so a code may be of another kind.
LEFT JOIN LATERAL (SELECT label FROM cru.reason WHERE code = e.code
    ORDER BY kind <> CASE e.state WHEN 'declined' THEN 'decline' ELSE 'cancel' END LIMIT 1) r
    ON e.state <> 'closed'
"""
)
_HOURS = text("SELECT * FROM cru.measure_hours(:starts, :ends, CAST(:cut AS jsonb))")
_ENDS = text("SELECT * FROM cru.measure_ends(:start, :stop, CAST(:cut AS jsonb))")
_WISHES = text(
    """
SELECT w.*, t.label AS asked FROM cru.measure_wishes(:start, :stop, CAST(:cut AS jsonb)) w
JOIN cru.about_topic t ON t.key = w.topic
"""
)
_GROUPS = text("SELECT * FROM cru.measure_groups(:start, :stop, CAST(:cut AS jsonb), :keys)")


@dataclass(frozen=True, slots=True)
class Measured:
    """Every measure of one period.

    Attributes:
        measures: their definitions, in the order of the rows.
        figures: by key.
        groups: some of them by groups of people; those of few are None.
    """

    period: Period
    cut: Cut
    measures: tuple[Measure, ...]
    figures: Mapping[str, Figure]
    groups: tuple[GroupFigure, ...] = ()


async def measured(
    connection: AsyncConnection, period: Period, cut: Cut = EVERYTHING, *, past: int = PAST, groups: bool = False
) -> Measured:
    """Every measure of a period, with the same hours of so many past weeks."""
    known = await definitions(connection)
    found = await connection.execute(_FIGURES, _stretches(period, past) | _cut(cut))
    by_group = await _groups(connection, known, period, cut) if groups else ()
    known_from = await began(connection)
    return Measured(period, cut, known, _figures(found, known, period, past, known_from), tuple(by_group))


async def before(
    connection: AsyncConnection, keys: Sequence[str], stretches: Sequence[Period], cut: Cut = EVERYTHING
) -> dict[str, tuple[PastFigure, ...]]:
    """Some measures of stretches of time, by key, in their order, of those that the record knows whole."""
    known_from = await began(connection)
    known = [one for one in stretches if known_from is None or one.start >= known_from]
    if not known or not keys:
        return {}
    ends = {"starts": [one.start for one in known], "ends": [one.end for one in known]}
    found = await connection.execute(_SOME, ends | _cut(cut) | {"keys": list(keys)})
    came = {(row.key, row.ordinal): _counted(row) for row in found}
    return {
        key: tuple(PastFigure(period=one, **came[key, n]) for n, one in enumerate(known, 1) if (key, n) in came)
        for key in keys
    }


async def began(connection: AsyncConnection) -> datetime | None:
    """When the first referral of the record was received."""
    found: datetime | None = await connection.scalar(text("SELECT min(received_at) FROM cru.referral_times"))
    return found


async def on_wall(connection: AsyncConnection, period: Period, *, past: int = PAST) -> Measured:
    """The measures that a viewer may read, which name nobody."""
    known = await definitions(connection, of="measure_wall")
    found = await connection.execute(_WALL, _stretches(period, past))
    return Measured(period, EVERYTHING, known, _figures(found, known, period, past))


async def definitions(connection: AsyncConnection, of: str = "measure") -> tuple[Measure, ...]:
    """What is measured, in the order of the rows."""
    # A viewer reads no names, and a wall shows none.
    who = name_of if of == "measure" else str
    query = _DEFINITIONS.format(of=of, author=who("m.author"), assumed=who("r.author"))
    found = await connection.execute(text(query))
    return tuple(_definition(row) for row in found)


async def behind(connection: AsyncConnection, key: str, period: Period, cut: Cut = EVERYTHING) -> list[Dot]:
    """What stands behind a figure, by the time of receipt: each referral, or each job of a van, with its value.

    Raises:
        Invalid: there is no such measure.
    """
    found = await connection.execute(_BEHIND, {"key": key} | stretch_and_cut(period, cut))
    return [dot async for some in _bit_by_bit(found.all()) for dot in map(Dot._make, some)]


@dataclass(frozen=True, slots=True)
class Received:
    """Each referral of a stretch of time, by the time of receipt.

    Attributes:
        came: behind ``received``.
        waited: behind ``response``.
        ended: those that ended, by state (closed, declined, cancelled) and how that is called.
    """

    came: tuple[Dot, ...]
    waited: tuple[Dot, ...]
    ended: Mapping[tuple[str, str], tuple[UUID, ...]]


async def received(connection: AsyncConnection, period: Period, cut: Cut = EVERYTHING) -> Received:
    """What is asked of each referral, read once."""
    found = (await connection.execute(_RECEIVED, stretch_and_cut(period, cut))).all()
    came: list[Dot] = []
    waited: list[Dot] = []
    ended: defaultdict[tuple[str, str], list[UUID]] = defaultdict(list)
    async for some in _bit_by_bit(found):
        for row in some:
            dot = Dot._make(row[:_DOT])
            came.append(dot._replace(value=1.0))
            if dot.value is not None:
                waited.append(dot._replace(value=None) if isnan(dot.value) else dot)
            if row.state in _ENDED:
                ended[row.state, row.end_code].append(dot.referral_id)
    labels = await _labels(connection, list(ended))
    by_label: defaultdict[tuple[str, str], list[UUID]] = defaultdict(list)
    for (state, code), ids in ended.items():
        by_label[state, labels[state, code]] += ids
    return Received(tuple(came), tuple(waited), {key: tuple(by_label[key]) for key in sorted(by_label)})


async def _labels(connection: AsyncConnection, ends: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    given = {"states": [state for state, _ in ends], "codes": [code for _, code in ends]}
    return {(row.state, row.code): row.label for row in await connection.execute(_LABELS, given)}


async def _bit_by_bit(found: Sequence[Row[Any]]) -> AsyncIterator[Sequence[Row[Any]]]:
    """Thousands take longer than a window may stand still."""
    for begin in range(0, len(found), _AT_ONCE):
        yield found[begin : begin + _AT_ONCE]
        await asyncio.sleep(0)


async def by_hour(
    connection: AsyncConnection, period: Period, cut: Cut = EVERYTHING, *, past: int = PAST
) -> list[HourOfDay]:
    """Demand against vans by local hour, in the order of the period: a night begins with its first hour."""
    found = await connection.execute(_HOURS, _stretches(period, past) | _cut(cut))
    whole = _whole(period, past, await began(connection))
    here: dict[int, Row[Any]] = {}
    before: Counter[int] = Counter()
    for row in found:
        if row.ordinal == 1:
            here[row.hour] = row
        elif row.ordinal in whole:
            before[row.hour] += row.received
    return [_hour(row, before[row.hour] / len(whole) if whole else None) for row in _in_order(period, here)]


def _whole(period: Period, past: int, began: datetime | None) -> set[int]:
    """Which past stretches are known from their beginning on: of one in which the record began half is not."""
    return {n for n, then in enumerate(period.past(past), 2) if began is None or then.start >= began}


async def ends(connection: AsyncConnection, period: Period, cut: Cut = EVERYTHING) -> list[EndCount]:
    """How the referrals of a period ended, the most frequent first; those that have not are under ``open``."""
    found = (await connection.execute(_ENDS, stretch_and_cut(period, cut))).all()
    labels = await _labels(connection, [(row.state, row.code) for row in found])
    return [EndCount(row.state, row.code, labels[row.state, row.code], row.n, row.met) for row in found]


async def wishes(connection: AsyncConnection, period: Period, cut: Cut = EVERYTHING) -> list[WishCount]:
    """Whether wishes were kept, wish by wish, the most frequent first."""
    found = await connection.execute(_WISHES, stretch_and_cut(period, cut))
    return [WishCount(row.topic, row.wish or row.asked, row.kept, row.partly, row.said) for row in found]


async def areas(connection: AsyncConnection) -> list[str]:
    """The towns that a period may be cut by, by name."""
    return [row.town for row in await connection.execute(text("SELECT town FROM cru.measure_areas() ORDER BY 1"))]


def _stretches(period: Period, past: int) -> dict[str, Any]:
    every = (period, *period.past(past))
    return {"starts": [one.start for one in every], "ends": [one.end for one in every]}


def stretch_and_cut(period: Period, cut: Cut) -> dict[str, Any]:
    """What the record's functions are asked about one period, by the names of their arguments."""
    return {"start": period.start, "stop": period.end} | _cut(cut)


def _cut(cut: Cut) -> dict[str, Any]:
    parts: dict[str, Iterable[object]] = {
        "priorities": sorted(cut.priorities),
        "sources": sorted(cut.sources),
        "areas": sorted(cut.areas),
        "hours": sorted(cut.hours),
        "vans": sorted(map(str, cut.vans)),
    }
    return {"cut": dumps({name: part for name, part in parts.items() if part})}


def _definition(row: Row[Any]) -> Measure:
    assumed, by = _assumed(row) if row.key == _ASSUMES else ("", "")
    return Measure(
        key=row.key,
        title=row.title,
        definition=f"{row.definition} Assumed: {assumed}, {by}." if assumed else row.definition,
        assumes=assumed,
        clock_start=row.clock_start,
        clock_stop=row.clock_stop,
        unit=Unit(row.unit),
        better=Better(row.better),
        target=row.target,
        within=row.within_limit,
        balance=row.balance,
        source=row.source,
        author=row.worded_by,
        dated=row.dated,
        on_wall=row.on_wall,
    )


def _assumed(row: Row[Any]) -> tuple[str, str]:
    """The assumption with its day, and its author; without a row what the record goes by then."""
    if row.assumed is None:
        return in_words(DEFAULTS.assumed_without), "which nobody has set"
    length = rules_of([("assumed_without", row.assumed, row.assumed_in)]).assumed_without
    return f"{in_words(length)}, {row.assumed_on.day} {row.assumed_on:%b %Y}", row.assumed_by


def _figures(
    found: Iterable[Row[Any]],
    known: Sequence[Measure],
    period: Period,
    past: int,
    began: datetime | None = None,
) -> dict[str, Figure]:
    came = {(row.ordinal, row.key): row for row in found}
    stretches = list(enumerate(period.past(past), 2))
    whole = _whole(period, past, began)
    return {
        one.key: Figure(
            key=one.key,
            unit=one.unit,
            **_counted(came[1, one.key]),
            past=tuple(
                PastFigure(period=then, **(_counted(came[n, one.key]) if n in whole else _NOT_KNOWN))
                for n, then in stretches
            ),
        )
        for one in known
        if (1, one.key) in came
    }


_COUNTED: Final = ("value", "n", "missing", "part", "total", "mean", "ninth", "longest")
_NOT_KNOWN: Final[dict[str, Any]] = dict.fromkeys(_COUNTED) | {"n": 0, "missing": 0}


def _counted(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _COUNTED}


def _in_order(period: Period, hours: Mapping[int, Row[Any]]) -> Iterator[Row[Any]]:
    first = period.first_hour
    for hour in (*range(first, 24), *range(first)):
        if hour in hours:
            yield hours[hour]


def _hour(row: Row[Any], usual: float | None) -> HourOfDay:
    return HourOfDay(
        hour=row.hour,
        received=row.received,
        usual=usual,
        staffed=row.staffed / row.minutes,
        committed=row.committed / row.minutes,
        days=row.minutes / 60,
    )


async def _groups(
    connection: AsyncConnection, known: Sequence[Measure], period: Period, cut: Cut
) -> Iterator[GroupFigure]:
    found = (await connection.execute(_GROUPS, stretch_and_cut(period, cut) | {"keys": list(BY_GROUP)})).all()
    return _shown(found, {one.key: one.unit for one in known})


def _shown(found: Sequence[Row[Any]], units: Mapping[str, Unit]) -> Iterator[GroupFigure]:
    dimensions = dict.fromkeys(row.dimension for row in found)
    for key in (key for key in BY_GROUP if key in units):
        for dimension in dimensions:
            rows = [row for row in found if (row.key, row.dimension) == (key, dimension)]
            figures = {row.grouped: _of_sums(key, units[key], row.sums) for row in rows}
            for group, figure in shown_groups(figures).items():
                yield GroupFigure(key=key, dimension=dimension, group=group, figure=figure)


def _of_sums(key: str, unit: Unit, sums: Sequence[float | None]) -> Figure:
    told: list[float | None] = [*sums, *[None] * (8 - len(sums))]
    value, n, missing, part, total, mean, ninth, longest = told
    many = int(n or 0)
    share = (part or 0) / many if many else None
    return Figure(
        key=key,
        unit=unit,
        value=share if unit is Unit.SHARE else value,
        n=many,
        missing=int(missing or 0),
        part=part,
        total=total,
        mean=mean,
        ninth=ninth,
        longest=longest,
    )
