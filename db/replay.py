"""Reads of a past stretch of time, for replay: rows and events once, positions at each moment asked for."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import care_rows, rows, tables
from db.domain.intake_call import REFERRAL
from db.domain.records import Event, Position, Record, Shift
from db.domain.replay import Past
from db.replay_person import load_known
from db.rota_queries import duties_between, names_at

# How far back a van's last fix is looked for, by receipt too: the history is partitioned by that, and the bound
# spares every other day at each moment that is asked for.
SEEN_WITHIN = timedelta(hours=2)
# A van's duty is told by its last change, which may lie a whole shift before the stretch begins.
_DUTY_BEFORE = timedelta(hours=36)


async def load_past(connection: AsyncConnection, start: datetime, end: datetime) -> Past:
    """Everything that was on the board between two moments (aware). Needs a dispatcher's rights."""
    referral, call = tables.ReferralRow, tables.IntakeCallRow
    # A call that was no referral has no end by which it would leave the board.
    no_referral = select(call.referral_id).where(call.ended_how.not_in(("", REFERRAL)))
    on_board = select(referral.id).where(
        referral.received_at <= end,
        or_(referral.closed_at.is_(None), referral.closed_at >= start),
        referral.id.not_in(no_referral),
    )
    of_them = {
        "screening": tables.ScreeningRow.referral_id.in_(on_board),
        "assignment": tables.AssignmentRow.referral_id.in_(on_board),
        "handover": tables.HandoverRow.referral_id.in_(on_board),
    }
    duties = await duties_between(connection, start, end)
    called, names = await names_at(connection, end)
    found = {}
    for name, table, where in (
        ("referral", referral, referral.id.in_(on_board)),
        ("screening", tables.ScreeningRow, of_them["screening"]),
        ("assignment", tables.AssignmentRow, of_them["assignment"]),
        ("handover", tables.HandoverRow, of_them["handover"]),
        # One that was retired since was there while it had a shift.
        ("van", tables.VanRow, or_(tables.VanRow.active, tables.VanRow.id.in_({duty.van_id for duty in duties}))),
    ):
        found[name] = (await connection.execute(select(table.__table__).where(where))).mappings().all()
    return Past(
        start,
        end,
        [rows.referral(row) for row in found["referral"]],
        [rows.screening(row) for row in found["screening"]],
        [rows.assignment(row) for row in found["assignment"]],
        [rows.handover(row) for row in found["handover"]],
        [replace(van, callsign=called.get(van.id, van.callsign)) for van in map(rows.van, found["van"])],
        await _shifts(connection, start, end),
        await _events(connection, start, end, on_board),
        await _care(connection, on_board),
        {duty.id: duty.rides for duty in duties},
        names,
        await load_known(connection, on_board, start, end),
    )


async def _care(connection: AsyncConnection, on_board: Select[UUID]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for name, record in care_rows.RECORDS.items():
        table = tables.Base.metadata.tables[f"{tables.SCHEMA}.{name}"]
        rows_found = await connection.execute(select(table).where(table.c.referral_id.in_(on_board)))
        found[name] = [record(row) for row in rows_found.mappings()]
    return found


async def _shifts(connection: AsyncConnection, start: datetime, end: datetime) -> list[Shift]:
    query = text(
        "SELECT s.*, (SELECT array_agg(m.staff_id) FROM cru.shift_member m WHERE m.shift_id = s.id) AS staff_ids"
        " FROM cru.shift s WHERE s.started_at <= :end AND (s.ended_at IS NULL OR s.ended_at >= :start)"
    )
    found = await connection.execute(query, {"start": start, "end": end})
    return [rows.shift(row) for row in found.mappings()]


async def _events(
    connection: AsyncConnection, start: datetime, end: datetime, on_board: Select[UUID]
) -> list[Event]:
    event = tables.EventRow
    query = (
        select(event.__table__)
        .where(
            or_(event.happened_at >= start - _DUTY_BEFORE, event.referral_id.in_(on_board)),
            # What was taken back later stood until then, and what was changed later says what it was.
            or_(
                event.happened_at <= end,
                event.kind.endswith(" taken back"),
                and_(event.kind == "details changed", event.referral_id.in_(on_board)),
            ),
            event.kind != "record opened",
        )
        .order_by(event.happened_at, event.id)
    )
    return [rows.event(row) for row in (await connection.execute(query)).mappings()]


async def positions_at(connection: AsyncConnection, moment: datetime) -> list[Position]:
    """The last sane fix of each van that had come in by a moment: what the map showed then.

    A fix that came in later, out of a device's buffer, is not shown, because nobody saw it.
    """
    query = text(
        "SELECT v.id AS van_id, 1 AS version, f.fixed_at, f.received_at, f.lat, f.lon, f.accuracy, f.speed,"
        " f.heading, f.source FROM cru.van v CROSS JOIN LATERAL ("
        "  SELECT * FROM cru.position_fix p WHERE p.van_id = v.id AND p.refused = ''"
        "  AND p.fixed_at <= :moment AND p.fixed_at > :since"
        "  AND p.received_at <= :moment AND p.received_at > :since"
        "  ORDER BY p.fixed_at DESC LIMIT 1) f"
    )
    found = await connection.execute(query, {"moment": moment, "since": moment - SEEN_WITHIN})
    return [rows.position(row) for row in found.mappings()]
