"""Referrals and shifts of a stretch of the past, for the timelines: bounded, and without anything personal."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import rows
from db.domain.clocks import shifted
from db.domain.records import Van
from db.domain.rota import Duty
from db.domain.situation import Facts
from db.rota_queries import rota_between

MOST: Final = 500
"""Referrals that are read at most, the newest of the stretch."""

OPEN_MOST: Final = timedelta(days=30)
"""One that was received so long before the stretch is not looked for: it bounds what is read of years."""

# The wall's view of a referral: times and states, no name, no address, no narrative.
_ENDED = text(
    "SELECT * FROM cru.referral_wall WHERE received_at BETWEEN :first AND :end AND closed_at >= :start"
    " AND entered_in_error_at IS NULL ORDER BY received_at DESC, id LIMIT :most"
)
_PARTS = tuple(
    text(f"SELECT * FROM cru.{name} WHERE referral_id = ANY (:ids) AND taken_back_at IS NULL")  # noqa: S608 - our own words
    for name in ("assignment", "handover_unnamed")
)


@dataclass(frozen=True, slots=True)
class PastStretch:
    """What was between two moments.

    Attributes:
        start: aware UTC; later than asked for where there was more than is read.
        facts: of the referrals that had ended by the read, oldest first.
        duties: shifts that were.
        vans: those in use, and those that had a shift then, by the names of then.
        is_cut: there were more, older ones.
    """

    start: datetime
    end: datetime
    facts: tuple[Facts, ...] = ()
    duties: tuple[Duty, ...] = ()
    vans: tuple[Van, ...] = ()
    is_cut: bool = False


async def past_stretch(
    connection: AsyncConnection, start: datetime, end: datetime, most: int = MOST
) -> PastStretch:
    """The referrals that ended after ``start`` and came before ``end`` (both aware), with vans and handovers."""
    given = {"start": start, "end": end, "first": shifted(start, -OPEN_MOST), "most": most + 1}
    found = (await connection.execute(_ENDED, given)).mappings().all()
    ids = [row["id"] for row in found[:most]]
    parts = [(await connection.execute(query, {"ids": ids})).mappings().all() for query in _PARTS]
    rota = await rota_between(connection, start, end)
    names = {van.id: van.callsign for van in rota.vans}
    # Thousands of rows are turned into records aside: the window goes on.
    facts = await asyncio.to_thread(_facts, found[:most], parts[0], parts[1], names)
    is_cut = len(found) > most
    reaches = min((one.referral.received_at for one in facts), default=start) if is_cut else start
    return PastStretch(max(start, reaches), end, facts, rota.duties, rota.vans, is_cut)


def _facts(
    referrals: Sequence[Any], jobs: Sequence[Any], links: Sequence[Any], names: Mapping[UUID, str]
) -> tuple[Facts, ...]:
    by_job, by_link = defaultdict(list), defaultdict(list)
    for row in jobs:
        by_job[row["referral_id"]].append(rows.assignment(row))
    for row in links:
        by_link[row["referral_id"]].append(rows.handover(row))
    return tuple(
        Facts(
            one,
            sorted(by_job[one.id], key=lambda job: min(job.times.values())),
            sorted(by_link[one.id], key=lambda link: link.ordinal),
            names,
        )
        for one in (rows.referral(row) for row in reversed(referrals))
    )
