"""What vans did in a stretch of time: their duty, their breaks, and their jobs step by step. For a shift lead."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.measures import VanDay, VanJob
from db.domain.periods import EVERYTHING, Cut, Period
from db.domain.states import ASSIGNMENT_ORDER, DutyStatus
from db.measures import stretch_and_cut

_Span = tuple[datetime, datetime | None]
_JOBS = text(
    """
SELECT j.*, r.reference, v.callsign, h.started_at AS taken_from, h.accepted_at AS taken_at
FROM cru.measure_jobs(:start, :stop, CAST(:cut AS jsonb)) j
JOIN cru.referral_times r ON r.id = j.referral_id JOIN cru.van v ON v.id = j.van_id
LEFT JOIN LATERAL (SELECT * FROM cru.handover_unnamed WHERE referral_id = j.referral_id AND taken_back_at IS NULL
    AND to_kind = 'cru' AND from_kind <> 'cru' AND accepted_at IS NOT NULL ORDER BY accepted_at LIMIT 1) h
    ON h.accepted_at BETWEEN j.allocated_at AND coalesce(j.clear_at, j.stood_down_at, 'infinity')
"""
)
_DUTIES = text(
    """
SELECT s.van_id, v.callsign, s.started_at, s.ended_at FROM cru.shift s JOIN cru.van v ON v.id = s.van_id
WHERE s.taken_back_at IS NULL AND s.started_at < :stop AND (s.ended_at IS NULL OR s.ended_at > :start)
    AND s.started_at > :longest AND (CAST(:vans AS uuid[]) = '{}' OR s.van_id = ANY (:vans))
ORDER BY s.started_at
"""
)
_BREAKS = text(
    """
SELECT e.van_id, e.kind, e.happened_at FROM cru.event e
WHERE e.happened_at BETWEEN :longest AND :stop AND e.referral_id IS NULL AND e.kind = ANY (:kinds)
    AND NOT EXISTS (SELECT FROM cru.event u WHERE u.van_id = e.van_id AND u.amends = e.id
        AND u.kind LIKE '% taken back')
ORDER BY e.happened_at, e.id
"""
)
_LONGEST: Final = timedelta(days=3)


async def van_days(connection: AsyncConnection, period: Period, cut: Cut = EVERYTHING) -> list[VanDay]:
    """Each van that was on duty or on a job in a period, by callsign; its jobs whole."""
    asked = stretch_and_cut(period, cut)
    jobs = (await connection.execute(_JOBS, asked)).all()
    when = {"start": period.start, "stop": period.end, "longest": period.start - _LONGEST}
    duties = (await connection.execute(_DUTIES, when | {"vans": list(cut.vans)})).all()
    kinds = {"kinds": [one.value for one in DutyStatus]}
    breaks = (await connection.execute(_BREAKS, when | kinds)).all()
    called = {row.van_id: row.callsign for row in (*jobs, *duties)}
    return [
        VanDay(
            van,
            called[van],
            tuple((row.started_at, row.ended_at) for row in duties if row.van_id == van),
            tuple(_meals((row for row in breaks if row.van_id == van), period)),
            tuple(_job(row) for row in jobs if row.van_id == van),
        )
        for van in sorted(called, key=lambda one: (len(called[one]), called[one]))
    ]


def _meals(duty: Iterable[Row[Any]], period: Period) -> Sequence[_Span]:
    found: list[_Span] = []
    began: datetime | None = None
    for row in duty:
        if began is not None:
            found.append((began, row.happened_at))
        began = row.happened_at if row.kind == DutyStatus.MEAL_BREAK else None
    if began is not None:
        found.append((began, None))
    return [span for span in found if span[0] < period.end and (span[1] is None or span[1] > period.start)]


def _job(row: Row[Any]) -> VanJob:
    steps = {state.value: getattr(row, f"{state.replace(' ', '_')}_at") for state in ASSIGNMENT_ORDER}
    return VanJob(
        row.referral_id,
        row.reference,
        {name: at for name, at in steps.items() if at is not None},
        row.clear_at or row.stood_down_at,
        row.stood_down_at is not None,
        (row.taken_from, row.taken_at),
    )
