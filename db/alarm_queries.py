"""Reads of alarms that were: for whoever looks back, and for how much the room had to answer."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import room_rows
from db.domain.raised import RaisedAlarm

MOST: int = 2000
"""How many are read at once."""
_BETWEEN = text(
    f"SELECT t.*, {room_rows.REFERENCE} FROM cru.alarm t WHERE raised_at >= :start AND raised_at < :end"  # noqa: S608
    " ORDER BY raised_at DESC, id LIMIT :most"
)


async def alarms_between(connection: AsyncConnection, start: datetime, end: datetime) -> list[RaisedAlarm]:
    """The alarms raised between two moments (UTC), newest first; of many the newest."""
    given = {"start": start, "end": end, "most": MOST}
    return [room_rows.alarm(row) for row in (await connection.execute(_BETWEEN, given)).mappings()]
