"""Reads of a past stretch of time, for replay: rows and events once, positions at each moment asked for."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import care_rows, rows, tables
from db.domain.records import Position
from db.domain.replay import Past
from db.replay_person import load_known, rows_about
from db.rota_queries import duties_between, names_at, shifts_touching
from db.tables.record import STAYS_LONG

# How far back a van's last fix is looked for, by receipt too: the history is partitioned by that, and the bound
# spares every other day at each moment that is asked for.
SEEN_WITHIN = timedelta(hours=2)
# A van's duty is told by its last change, which may lie a whole shift before the stretch begins.
_DUTY_BEFORE = timedelta(hours=36)
# Each part by an index of its own: those received lately, and the few that stayed on the board for long. One in
# error leaves it by its mark; a call that was no referral never was on it.
_ON_BOARD = text(
    f"""
WITH near AS (
    SELECT id, coalesce(closed_at, entered_in_error_at) AS left_at FROM cru.referral
    WHERE received_at > CAST(:start AS timestamptz) - interval '7 days' AND received_at <= :end
    UNION ALL
    SELECT id, coalesce(closed_at, entered_in_error_at) FROM cru.referral
    WHERE ({STAYS_LONG})
        AND received_at <= CAST(:start AS timestamptz) - interval '7 days'
)
SELECT id FROM near WHERE left_at IS NULL OR left_at >= :start
"""  # noqa: S608 - our own words
)
_NO_REFERRAL = text(
    "SELECT referral_id FROM cru.intake_call WHERE referral_id = ANY (:near) AND ended_how <> 'referral'"
    " AND ended_how <> ''"
)
_SHIFTS = text(
    "SELECT s.*, (SELECT array_agg(m.staff_id) FROM cru.shift_member m WHERE m.shift_id = s.id) AS staff_ids"
    " FROM cru.shift s WHERE s.id = ANY (:ids)"
)
# What happened then, all that happened to those on the board by then, and what was undone of it afterwards: that
# stood until then. What was changed later says what it was.
_EVENTS = text(
    """
SELECT * FROM (SELECT DISTINCT ON (id) * FROM (
    SELECT * FROM cru.event WHERE happened_at >= :begun AND happened_at <= :end
    UNION ALL
    SELECT * FROM cru.event WHERE referral_id = ANY (:on_board)
        AND (happened_at <= :end OR kind LIKE '% taken back' OR kind = 'details changed')
    UNION ALL
    SELECT u.* FROM cru.event e JOIN cru.event u ON u.amends = e.id
        WHERE e.happened_at >= :begun AND e.happened_at <= :end AND u.kind LIKE '% taken back'
) each WHERE kind <> 'record opened') once ORDER BY happened_at, id
"""
)


async def load_past(connection: AsyncConnection, start: datetime, end: datetime) -> Past:
    """Everything that was on the board between two moments (aware). Needs a dispatcher's rights."""
    near = (await connection.execute(_ON_BOARD, {"start": start, "end": end})).scalars().all()
    no_referral = set((await connection.execute(_NO_REFERRAL, {"near": near})).scalars())
    on_board = [one for one in near if one not in no_referral]
    duties = await duties_between(connection, start, end)
    touching = {"ids": await shifts_touching(connection, start, end)}
    shifts = [rows.shift(row) for row in (await connection.execute(_SHIFTS, touching)).mappings()]
    called, names = await names_at(connection, end)
    of_them = {
        name: await rows_about(connection, name, on_board) for name in ("screening", "assignment", "handover")
    }
    van = tables.VanRow
    # One that was retired since was there while it had a shift.
    known = select(van.__table__).where(or_(van.active, van.id.in_({duty.van_id for duty in duties})))
    vans = map(rows.van, (await connection.execute(known)).mappings())
    # As far back as the shifts of then go: what was undone of one afterwards stood until then.
    begun = min((start - _DUTY_BEFORE, *(shift.started_at for shift in shifts)))
    given = {"begun": begun, "end": end, "on_board": on_board}
    return Past(
        start,
        end,
        [rows.referral(row) for row in await rows_about(connection, "referral", on_board)],
        [rows.screening(row) for row in of_them["screening"]],
        [rows.assignment(row) for row in of_them["assignment"]],
        [rows.handover(row) for row in of_them["handover"]],
        [replace(one, callsign=called.get(one.id, one.callsign)) for one in vans],
        shifts,
        [rows.event(row) for row in (await connection.execute(_EVENTS, given)).mappings()],
        {
            name: [record(row) for row in await rows_about(connection, name, on_board)]
            for name, record in care_rows.RECORDS.items()
        },
        {duty.id: duty.rides for duty in duties},
        names,
        await load_known(connection, on_board, start, end),
    )


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
