"""Reads of the history of fixes: a van's trail, and the fixes that were refused or doubted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.fixes import CLOCKS_DIFFER, DoubtfulFix, TrailPoint

TRAIL_MOST = 5000
FIXES_MOST = 500

_TRAIL = text(
    "SELECT fixed_at, lat, lon FROM cru.position_fix WHERE van_id = :van AND refused = ''"
    " AND fixed_at > :start AND fixed_at <= :end AND received_at > :received"
    " ORDER BY fixed_at DESC LIMIT :most"
)
_DOUBTFUL = text(
    "SELECT coalesce(v.callsign, '') AS callsign, f.fixed_at, f.received_at, f.refused, f.source,"
    " f.attributes ->> 'doubt' AS doubt, f.attributes ->> 'device' AS device"
    " FROM cru.position_fix f LEFT JOIN cru.van v ON v.id = f.van_id"
    " WHERE f.received_at > :since AND (f.refused <> '' OR f.attributes ->> 'doubt' <> '')"
    " ORDER BY f.received_at DESC, f.id DESC LIMIT :most"
)


async def trail(connection: AsyncConnection, van_id: UUID, start: datetime, end: datetime) -> list[TrailPoint]:
    """Where a van was between two moments (aware), oldest first: its sane fixes, the newest 5,000 at most."""
    # The history is partitioned by day of receipt, and only a bound on that spares the other days. A fix may be
    # dated as far after its receipt as clocks may differ.
    given = {"van": van_id, "start": start, "end": end, "received": start - CLOCKS_DIFFER, "most": TRAIL_MOST}
    found = await connection.execute(_TRAIL, given)
    return [TrailPoint(row.fixed_at, row.lat, row.lon) for row in found][::-1]


async def doubtful_fixes(connection: AsyncConnection, since: datetime) -> list[DoubtfulFix]:
    """Fixes that came in since a moment (aware) and were refused or doubted, newest first, at most 500."""
    found = await connection.execute(_DOUBTFUL, {"since": since, "most": FIXES_MOST})
    return [
        DoubtfulFix(
            row.callsign,
            row.fixed_at,
            row.received_at,
            not row.refused,
            row.refused or row.doubt,
            " · ".join(part for part in (row.source, row.device) if part),
        )
        for row in found
    ]
