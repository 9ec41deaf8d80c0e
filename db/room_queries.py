"""Reads of the room's own past: older entries of the shift log, and how the room was handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import room_rows, tables
from db.domain.shift_handover import HandedItem, ShiftHandover
from db.domain.shift_log import LogEntry

LOG_MOST = 2000
"""How many entries are read at most; the newest ones."""
HANDOVERS_MOST = 200


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One handover of the room with its lines, in their order."""

    room: ShiftHandover
    items: tuple[HandedItem, ...]


async def log_between(connection: AsyncConnection, start: datetime, end: datetime) -> list[LogEntry]:
    """The entries written between two moments (aware), newest first, at most :data:`LOG_MOST`."""
    entry = tables.ShiftLogRow.__table__.alias("t")
    written_at = entry.c.written_at
    query = (
        select(entry, text(room_rows.REFERENCE))
        .where(entry.c.taken_back_at.is_(None), written_at >= start, written_at < end)
        .order_by(written_at.desc(), entry.c.id)
        .limit(LOG_MOST)
    )
    return [room_rows.log_entry(row) for row in (await connection.execute(query)).mappings()]


async def handovers_since(connection: AsyncConnection, start: datetime) -> list[HandedOver]:
    """How the room was handed over since a moment (aware), newest first."""
    room, item = tables.ShiftHandoverRow, tables.ShiftHandoverItemRow
    query = (
        select(room.__table__)
        .where(room.offered_at >= start)
        .order_by(room.offered_at.desc(), room.id)
        .limit(HANDOVERS_MOST)
    )
    rooms = [room_rows.shift_handover(row) for row in (await connection.execute(query)).mappings()]
    lines = select(item.__table__).where(item.shift_handover_id.in_([one.id for one in rooms]))
    found = await connection.execute(lines.order_by(item.rank))
    items = [room_rows.handed_item(row) for row in found.mappings()]
    return [HandedOver(one, _of(one, items)) for one in rooms]


def _of(room: ShiftHandover, items: Sequence[HandedItem]) -> tuple[HandedItem, ...]:
    return tuple(one for one in items if one.shift_handover_id == room.id)
