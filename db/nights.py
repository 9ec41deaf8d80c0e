"""Past nights as they can be replayed: who was referred and met a van, and the vans on duty by the hour."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from statistics import fmean
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.clocks import local
from db.domain.periods import Period
from db.domain.what_if import Called, Compared, Night, VansAt, compare
from db.domain.what_if_asked import WhatIf
from db.measures import began

USUAL_TAKEN: Final = 6.0
USUAL_TRAVEL: Final = 25.0
USUAL_JOB: Final = 90.0
"""Minutes, where the record has no single one to draw from."""
SEED: Final = 20261126
"""One for all: the same question asked twice has the same answer."""
_AFTER: Final = 6
"""Hours after a night in which the vans of then still come to whoever waits."""
_HOUR: Final = timedelta(hours=1)
# Of the first van that came to the person: who was declined, or whose van was stood down, took none. An array a
# night, so that a year of them is a few hundred rows.
_CALLED = text(
    """
SELECT w.n, array_agg(extract(epoch FROM r.received_at - w.start)::float8 / 60 ORDER BY r.received_at, r.id) AS at,
    array_agg(p.rank ORDER BY r.received_at, r.id) AS standing,
    array_agg(p.within_minutes ORDER BY r.received_at, r.id) AS within,
    array_agg(r.priority = :counted ORDER BY r.received_at, r.id) AS counts,
    array_agg(extract(epoch FROM r.accepted_at - r.received_at)::float8 / 60
        ORDER BY r.received_at, r.id) AS taken,
    array_agg(extract(epoch FROM a.there - a.allocated_at)::float8 / 60 ORDER BY r.received_at, r.id) AS travel,
    array_agg(extract(epoch FROM a.clear_at - a.there)::float8 / 60 ORDER BY r.received_at, r.id) AS job,
    array_agg(extract(epoch FROM a.with_patient_at - r.received_at)::float8 / 60
        ORDER BY r.received_at, r.id) AS waited
FROM unnest(CAST(:starts AS timestamptz[]), CAST(:stops AS timestamptz[])) WITH ORDINALITY AS w(start, stop, n)
JOIN cru.referral_times r ON r.received_at >= w.start AND r.received_at < w.stop AND r.entered_in_error_at IS NULL
JOIN cru.priority p ON p.code = r.priority
CROSS JOIN LATERAL (SELECT allocated_at, mobile_at, clear_at, with_patient_at,
        coalesce(with_patient_at, on_scene_at) AS there
    FROM cru.assignment WHERE referral_id = r.id AND taken_back_at IS NULL
        AND coalesce(on_scene_at, with_patient_at) IS NOT NULL
    ORDER BY coalesce(on_scene_at, with_patient_at) LIMIT 1) a
GROUP BY w.n ORDER BY w.n
"""
)
_ON_DUTY = text(
    """
SELECT coalesce(array_agg(extract(epoch FROM started_at)::float8 ORDER BY started_at), '{}') AS started,
    coalesce(array_agg(extract(epoch FROM least(coalesce(ended_at, planned_end_at), :stop))::float8
        ORDER BY least(coalesce(ended_at, planned_end_at), :stop)), '{}') AS ended
FROM cru.shift WHERE taken_back_at IS NULL AND started_at < :stop AND coalesce(ended_at, planned_end_at) > :start
    -- No shift is longer, so an index on its start finds them all.
    AND started_at > CAST(:start AS timestamptz) - interval '400 days'
"""
)


@dataclass(frozen=True, slots=True)
class PastNights:
    """Nights, the oldest first.

    Attributes:
        nights: who was referred in each.
        vans: beside each, how many vans were on duty in each of its hours, counted from its start, and in the
            hours after it.
        hours: beside each, its hours by the clock on the wall, in order; a night of a clock change has one more or
            one less.
    """

    nights: tuple[Night, ...]
    vans: tuple[VansAt, ...]
    hours: tuple[tuple[int, ...], ...]

    def usual(self) -> dict[int, float]:
        """How many vans were on duty on average, by the hour on the wall."""
        found: dict[int, list[int]] = {}
        for vans, hours in zip(self.vans, self.hours, strict=True):
            for nth, hour in enumerate(hours):
                found.setdefault(hour, []).append(vans[nth])
        return {hour: fmean(many) for hour, many in found.items()}

    def answer(self, question: WhatIf, told: Callable[[int], object]) -> Compared | None:
        """Replay them as they were staffed and as it is asked. Blocks; ``told`` as :func:`compare` has it."""
        instead = [question.instead(*one) for one in zip(self.vans, self.hours, strict=True)]
        return compare(self.nights, self.vans, instead, told)


async def past_nights(connection: AsyncConnection, periods: Sequence[Period], counted: str) -> PastNights:
    """Read what can be replayed of some stretches of time that do not overlap, such as the nights of 26 weeks.

    Args:
        connection: of a shift lead.
        periods: oldest first.
        counted: the code of the priority that an answer is about; the others take vans all the same.

    Returns:
        Those of them that began after the record did: before it nobody knows who called.
    """
    known_from = await began(connection)
    periods = [one for one in periods if known_from is not None and one.start >= known_from]
    if not periods:
        return PastNights((), (), ())
    ends = {"starts": [one.start for one in periods], "stops": [one.end for one in periods]}
    called = (await connection.execute(_CALLED, ends | {"counted": counted})).all()
    span = {"start": periods[0].start, "stop": periods[-1].end + _AFTER * _HOUR}
    (duty,) = (await connection.execute(_ON_DUTY, span)).all()
    # Of a busy year a tenth of a second: not where somebody types.
    return await asyncio.to_thread(_made, periods, called, duty)


def _made(periods: Sequence[Period], called: Sequence[Row[Any]], duty: Row[Any]) -> PastNights:
    dice = Random(SEED)  # noqa: S311 - a draw of lengths, and no secret
    draw = (
        _Drawn(called, "taken", USUAL_TAKEN, dice),
        _Drawn(called, "travel", USUAL_TRAVEL, dice),
        _Drawn(called, "job", USUAL_JOB, dice),
    )
    by_night = {row.n: tuple(_people(row, *draw)) for row in called}
    nights = tuple(by_night.get(n, ()) for n in range(1, len(periods) + 1))
    return PastNights(nights, tuple(_vans(one, duty) for one in periods), tuple(_hours(one) for one in periods))


class _Drawn:
    """Lengths as they are known; one that is not, or was entered late, is drawn from those that are.

    They are drawn while the nights are read, so that both replays of a question have the same.
    """

    def __init__(self, called: Sequence[Row[Any]], name: str, otherwise: float, dice: Random) -> None:
        lengths: Iterator[float | None] = (one for row in called for one in getattr(row, name))
        self._known = [one for one in lengths if one is not None and one > 0] or [otherwise]
        self._dice = dice

    def __call__(self, length: float | None) -> float:
        return length if length is not None and length > 0 else self._dice.choice(self._known)


def _people(row: Row[Any], taken: _Drawn, travel: _Drawn, job: _Drawn) -> Iterator[Called]:
    lengths = zip(row.taken, row.travel, row.job, strict=True)
    about = zip(row.at, row.standing, row.within, row.counts, row.waited, strict=True)
    for (at, standing, within, counts, waited), (until, way, stay) in zip(about, lengths, strict=True):
        was_late = waited > within if waited is not None else None
        yield Called(at, standing, travel(way), job(stay), float(within), counts, was_late, taken(until))


def _vans(period: Period, duty: Row[Any]) -> Mapping[int, int]:
    """How many in the middle of each hour: those that had begun, without those that had ended."""
    first = period.start.timestamp()
    middles = {hour: first + (hour + 0.5) * _HOUR.total_seconds() for hour in range(_length(period) + _AFTER)}
    return {hour: bisect_right(duty.started, at) - bisect_right(duty.ended, at) for hour, at in middles.items()}


def _hours(period: Period) -> tuple[int, ...]:
    return tuple(local(period.start + nth * _HOUR).hour for nth in range(_length(period)))


def _length(period: Period) -> int:
    return round(period.length / _HOUR)
