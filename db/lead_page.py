"""What the lead's page shows of one stretch of time, read in one transaction: one picture of the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.measures import Dot, HourOfDay, VanDay
from db.domain.periods import Cut, Period
from db.measures import Measured, areas, behind, by_hour, measured
from db.van_days import van_days

WEEKS = 26
"""Weeks that a control chart shows; 13 of them may be its baseline."""
_WEEK = 7
_ENDED = text(
    """
SELECT r.id, r.state,
    coalesce(o.label, n.label, replace(coalesce(nullif(r.end_reason, ''), r.outcome, ''), '_', ' ')) AS label
FROM cru.referral r LEFT JOIN cru.outcome o ON r.state = 'closed' AND o.code = r.outcome
LEFT JOIN LATERAL (SELECT label FROM cru.reason WHERE code = r.end_reason
    ORDER BY kind <> CASE r.state WHEN 'declined' THEN 'decline' ELSE 'cancel' END LIMIT 1) n
    ON r.state <> 'closed'
WHERE r.id = ANY (:ids) AND r.state IN ('closed', 'declined', 'cancelled')
ORDER BY 2, 3
"""
)


@dataclass(frozen=True, slots=True)
class EndedSo:
    """Referrals that ended in one way; the label says of a declined or cancelled one that it was."""

    label: str
    ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class LeadRead:
    """The page, as it was read.

    Attributes:
        measured: every measure of the period, with the same hours of past weeks.
        weeks: every measure of the last seven days, with 25 weeks before them.
        received: each referral of the period.
        waits: each referral that a crew met, with its minutes.
        areas: the towns that it may be cut by.
    """

    measured: Measured
    weeks: Measured
    received: tuple[Dot, ...]
    waits: tuple[Dot, ...]
    hours: tuple[HourOfDay, ...]
    ends: tuple[EndedSo, ...]
    vans: tuple[VanDay, ...]
    areas: tuple[str, ...]


async def lead_page(connection: AsyncConnection, period: Period, cut: Cut) -> LeadRead:
    """Read it; for a shift lead. The weeks are those up to the period's end."""
    received = await behind(connection, "received", period, cut)
    return LeadRead(
        await measured(connection, period, cut),
        await measured(connection, Period.days(_WEEK, period.end), cut, past=WEEKS - 1),
        tuple(received),
        tuple(await behind(connection, "response", period, cut)),
        tuple(await by_hour(connection, period, cut)),
        tuple(await _ended(connection, [dot.referral_id for dot in received])),
        tuple(await van_days(connection, period, cut)),
        tuple(await areas(connection)),
    )


async def _ended(connection: AsyncConnection, ids: Sequence[UUID]) -> Iterable[EndedSo]:
    found = (await connection.execute(_ENDED, {"ids": list(ids)})).all()
    ways = groupby(found, key=lambda row: (row.state, row.label))
    return [
        EndedSo(label if state == "closed" else f"{state}: {label}", tuple(row.id for row in rows))
        for (state, label), rows in ways
    ]
