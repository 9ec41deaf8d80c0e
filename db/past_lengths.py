"""What predictions are told from: how long crews waited and visits lasted, of the newest referrals. Bounded."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import rows
from db.domain.foreseen import OwnPast, visit_of, wait_of
from db.domain.party import CREWS
from db.domain.prediction import Lasted, track_record

R = TypeVar("R")

MOST: Final = 600
"""Referrals that are read, the newest."""
LOOK_BACK: Final = timedelta(days=180)
"""How far back; before that the service may have worked otherwise."""


_NEWEST: Final = """
SELECT * FROM cru.{table} WHERE taken_back_at IS NULL AND referral_id IN (
    SELECT id FROM cru.{referral}
    WHERE received_at > :since AND received_at <= :now AND entered_in_error_at IS NULL
    ORDER BY received_at DESC LIMIT :most)
"""
# Lengths are told from what names nobody, so nothing of it is opened.
_AT_DESK: Final = ("referral_times", "handover_unnamed", "assignment")
_ON_WALL: Final = ("past_wall", "handover_wall", "assignment_wall")


async def past_lengths(connection: AsyncConnection, now: datetime, *, on_wall: bool = False) -> OwnPast:
    """What ended of the newest referrals before ``now`` (aware). Needs a dispatcher's rights.

    Amended times count as amended; what was taken back or entered in error counts nowhere; what has no end is told
    by the live board, or is missing.

    Args:
        connection: in a transaction.
        now: aware.
        on_wall: from the views that a viewer may read, in which nobody is named.
    """
    referral, handover, assignment = _ON_WALL if on_wall else _AT_DESK
    given = {"since": now - LOOK_BACK, "now": now, "most": MOST}
    found = []
    for table in (handover, assignment):
        query = text(_NEWEST.format(table=table, referral=referral))
        found.append((await connection.execute(query, given)).mappings().all())
    # Thousands of rows are read aside: the window goes on.
    return await asyncio.to_thread(_lengths, found[0], found[1], now)


def _lengths(links: Sequence[Any], jobs: Sequence[Any], now: datetime) -> OwnPast:
    vans = defaultdict(list)
    for job in _read(rows.assignment, jobs):
        vans[job.referral_id].append(job)
    crews = [link for link in _read(rows.handover, links) if link.from_kind in CREWS]
    releases = [wait_of(link, vans.get(link.referral_id, ())) for link in crews]
    visits = [visit_of(job) for some in vans.values() for job in some]
    ended, left = _over(releases), _over(visits)
    return OwnPast(ended, left, track_record(ended, now), track_record(left, now))


def _read(record: Callable[[Any], R], found: Sequence[Any]) -> list[R]:
    read = []
    for row in found:
        try:
            read.append(record(row))
        except (ValueError, KeyError, TypeError, OverflowError):
            continue  # a row that cannot be read tells nothing, and costs no other
    return read


def _over(found: Sequence[Lasted | None]) -> tuple[Lasted, ...]:
    return tuple(one for one in found if one is not None and (one.ended is not None or one.seen is not None))
