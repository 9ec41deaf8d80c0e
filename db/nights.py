"""Past nights as they can be replayed: who was referred and met a van, and the vans on duty by the hour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.periods import Period
from db.domain.what_if import Called, Night

USUAL_TRAVEL = 25.0
USUAL_JOB = 90.0
"""Minutes, where the record has no single way or job to take the middle of."""
_HOUR = timedelta(hours=1)
# Of the first van that came to the person: who was declined, or whose van was stood down, took none.
_CALLED = text(
    """
SELECT r.received_at, p.rank AS standing, p.within_minutes,
    extract(epoch FROM a.there - coalesce(a.mobile_at, a.allocated_at)) / 60 AS travel,
    extract(epoch FROM a.clear_at - a.there) / 60 AS job
FROM cru.referral r JOIN cru.priority p ON p.code = r.priority
CROSS JOIN LATERAL (SELECT allocated_at, mobile_at, clear_at, coalesce(on_scene_at, with_patient_at) AS there
    FROM cru.assignment WHERE referral_id = r.id AND taken_back_at IS NULL
        AND coalesce(on_scene_at, with_patient_at) IS NOT NULL
    ORDER BY coalesce(on_scene_at, with_patient_at) LIMIT 1) a
WHERE r.received_at >= :start AND r.received_at < :stop AND r.entered_in_error_at IS NULL
ORDER BY r.received_at, r.id
"""
)
_ON_DUTY = text(
    "SELECT started_at, coalesce(ended_at, planned_end_at) AS ended_at FROM cru.shift"
    " WHERE taken_back_at IS NULL AND started_at < :stop AND coalesce(ended_at, planned_end_at) > :start"
    # No shift is longer, so an index on its start finds them all.
    " AND started_at > CAST(:start AS timestamptz) - interval '400 days'"
)


@dataclass(frozen=True, slots=True)
class PastNights:
    """Nights, the oldest first.

    Attributes:
        nights: who was referred in each.
        vans: beside each, how many vans were on duty in each of its hours, counted from its start.
    """

    nights: tuple[Night, ...]
    vans: tuple[Mapping[int, int], ...]


async def past_nights(connection: AsyncConnection, periods: Sequence[Period]) -> PastNights:
    """Read what can be replayed of some stretches of time that do not overlap, such as the nights of 26 weeks."""
    if not periods:
        return PastNights((), ())
    span = {"start": min(one.start for one in periods), "stop": max(one.end for one in periods)}
    called = (await connection.execute(_CALLED, span)).mappings().all()
    shifts = [(row.started_at, row.ended_at) for row in await connection.execute(_ON_DUTY, span)]
    travel = _usual((row["travel"] for row in called), USUAL_TRAVEL)
    job = _usual((row["job"] for row in called), USUAL_JOB)
    nights = tuple(
        tuple(_called(row, one, travel, job) for row in called if one.start <= row["received_at"] < one.end)
        for one in periods
    )
    return PastNights(nights, tuple(_vans(one, shifts) for one in periods))


def _usual(lengths: Iterable[Any], otherwise: float) -> float:
    known = [float(one) for one in lengths if one is not None and one > 0]
    return median(known) if known else otherwise


def _called(row: Any, period: Period, travel: float, job: float) -> Called:  # noqa: ANN401 - a mapping of columns
    way, stay = row["travel"], row["job"]
    return Called(
        at=(row["received_at"] - period.start) / timedelta(minutes=1),
        standing=row["standing"],
        # A step that nobody reported, or one that was entered late, takes as long as is usual.
        travel=float(way) if way is not None and way > 0 else travel,
        job=float(stay) if stay is not None and stay > 0 else job,
        within=float(row["within_minutes"]),
    )


def _vans(period: Period, shifts: Sequence[tuple[datetime, datetime]]) -> dict[int, int]:
    hours = range(round(period.length / _HOUR))
    middles = {hour: period.start + (hour + 0.5) * _HOUR for hour in hours}
    return {hour: sum(start <= at < end for start, end in shifts) for hour, at in middles.items()}
