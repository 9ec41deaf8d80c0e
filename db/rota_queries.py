"""Reads of the rota: what is planned, what was, and how many vans are wanted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from db import rows
from db.domain.believable import believable
from db.domain.records import Van
from db.domain.rota import CoverWanted, Duty, PlannedRide, PlannedShift, Ride
from db.domain.texts import paragraphs
from db.tables.crew import ShiftMemberRow, ShiftRow, VanRow
from db.tables.rota import CoverWantedRow, PlannedRideRow, PlannedShiftRow, RotaPublishedRow

# Nearly all last hours; the few that lasted longer, or still do, have an index of their own.
_TOUCHING = text(
    """
SELECT id FROM cru.shift WHERE started_at > CAST(:start AS timestamptz) - interval '7 days' AND started_at <= :end
    AND (ended_at IS NULL OR ended_at >= :start)
UNION ALL
SELECT id FROM cru.shift WHERE (ended_at IS NULL OR ended_at - started_at > interval '7 days')
    AND started_at <= CAST(:start AS timestamptz) - interval '7 days' AND (ended_at IS NULL OR ended_at >= :start)
"""
)
_STANDS = PlannedShiftRow.__table__.c.cancelled_at.is_(None)


async def of_rota(connection: AsyncConnection, *, desk: bool) -> dict[str, Any]:
    """The parts of :class:`db.domain.reference.ReferenceData` that are about this, by their names there.

    Args:
        connection: in a transaction.
        desk: whether it is read for a desk, and not for a wall, whose login reads no plan.
    """
    ends = PlannedShiftRow.__table__.c.ends_at
    return {
        "plans": await _plans(connection, ends > text("cru.clock_now()"), _STANDS) if desk else (),
        "cover": await _cover(connection),
    }


@dataclass(frozen=True, slots=True)
class RotaRead:
    """A stretch of the rota as it was or is: what was planned, what was, and the names of then.

    Attributes:
        cancelled: what was planned and fell away.
        vans: those in use, and those that had a shift then.
        staff: the names of then of those who have another one since.
    """

    plans: tuple[PlannedShift, ...]
    duties: tuple[Duty, ...]
    vans: tuple[Van, ...]
    staff: Mapping[UUID, str]
    cancelled: tuple[PlannedShift, ...] = ()


async def rota_between(connection: AsyncConnection, start: datetime, end: datetime) -> RotaRead:
    """The shifts between two moments (aware)."""
    duties = await duties_between(connection, start, end)
    van = VanRow
    query = select(van.__table__).where(or_(van.active, van.id.in_({duty.van_id for duty in duties})))
    called, names = await names_at(connection, end)
    vans = [rows.van(row) for row in (await connection.execute(query)).mappings()]
    then = tuple(replace(one, callsign=called.get(one.id, one.callsign)) for one in vans)
    plans = await _plans(connection, *_touching(start, end))
    stand = tuple(plan for plan in plans if plan.cancelled_at is None)
    return RotaRead(stand, duties, then, names, tuple(plan for plan in plans if plan.cancelled_at is not None))


async def fleet(connection: AsyncConnection) -> tuple[tuple[Van, bool], ...]:
    """Every van by callsign, those in use first, and whether it is."""
    van = VanRow
    query = select(van.__table__).order_by(~van.active, func.char_length(van.callsign), van.callsign)
    return tuple((rows.van(row), row["active"]) for row in (await connection.execute(query)).mappings())


async def names_at(connection: AsyncConnection, moment: datetime) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """The callsigns of vans and the names of staff at a moment, for those that have another one since."""
    called = text(
        "SELECT DISTINCT ON (van_id) van_id AS id, detail -> 'callsign' ->> 'from' AS name FROM cru.event"
        " WHERE detail ? 'callsign' AND kind = 'details changed' AND happened_at > :moment"
        " ORDER BY van_id, event.id"
    )
    named = text(
        "SELECT DISTINCT ON (detail ->> 'staff') (detail ->> 'staff')::uuid AS id,"
        " detail -> 'name' ->> 'from' AS name FROM cru.event"
        " WHERE detail ? 'name' AND kind = 'staff changed' AND happened_at > :moment"
        " ORDER BY detail ->> 'staff', event.id"
    )
    found = [await connection.execute(query, {"moment": moment}) for query in (called, named)]
    vans, staff = ({row.id: paragraphs(row.name) for row in some if row.id and row.name} for some in found)
    return vans, staff


async def plans_between(connection: AsyncConnection, start: datetime, end: datetime) -> tuple[PlannedShift, ...]:
    """What was or is planned between two moments (aware), by its start; what was cancelled is left out."""
    return await _plans(connection, *_touching(start, end), _STANDS)


def _touching(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    plan = PlannedShiftRow.__table__.c
    return plan.starts_at < end, plan.ends_at > start


async def _plans(connection: AsyncConnection, *where: ColumnElement[bool]) -> tuple[PlannedShift, ...]:
    plan, told = PlannedShiftRow.__table__, RotaPublishedRow.__table__
    last = select(func.max(told.c.plan_version).label("published")).where(told.c.planned_shift_id == plan.c.id)
    newest = last.lateral()
    query = (
        select(plan, newest.c.published).join(newest, true()).where(*where).order_by(plan.c.starts_at, plan.c.id)
    )
    found = list(await connection.execute(query))
    rides = await _rides(connection, [row.id for row in found])
    return tuple(
        PlannedShift(
            row.id,
            row.version,
            row.van_id,
            believable(row.starts_at),
            believable(row.ends_at),
            tuple(rides.get(row.id, ())),
            paragraphs(row.note),
            row.changed_by,
            row.cancelled_at,
            row.published or 0,
        )
        for row in found
    )


async def _rides(connection: AsyncConnection, plans: Iterable[UUID]) -> dict[UUID, list[PlannedRide]]:
    ride = PlannedRideRow.__table__
    query = select(ride).where(ride.c.planned_shift_id.in_(plans)).order_by(ride.c.id)
    made: dict[UUID, list[PlannedRide]] = {}
    for row in await connection.execute(query):
        one = PlannedRide(row.id, row.staff_id, row.from_at, row.until_at, row.off_at, paragraphs(row.off_reason))
        made.setdefault(row.planned_shift_id, []).append(one)
    return made


async def duties_between(connection: AsyncConnection, start: datetime, end: datetime) -> tuple[Duty, ...]:
    """The shifts that were, or are, between two moments (aware), each with who rode from when until when."""
    shift, member = ShiftRow, ShiftMemberRow
    query = select(shift.__table__).where(
        shift.id.in_(await shifts_touching(connection, start, end)),
        shift.started_at < end,
        or_(shift.ended_at.is_(None), shift.ended_at > start),
        shift.taken_back_at.is_(None),
    )
    found = list(await connection.execute(query.order_by(shift.started_at, shift.id)))
    rode: dict[UUID, list[Ride]] = {}
    members = (
        select(member.__table__).where(member.shift_id.in_([row.id for row in found])).order_by(member.from_at)
    )
    for row in await connection.execute(members):
        rode.setdefault(row.shift_id, []).append(Ride(row.staff_id, row.from_at, row.until_at, row.left_reason))
    return tuple(
        Duty(row.id, row.van_id, row.started_at, row.planned_end_at, row.ended_at, tuple(rode.get(row.id, ())))
        for row in found
    )


async def shifts_touching(connection: AsyncConnection, start: datetime, end: datetime) -> list[UUID]:
    """Those that had begun by ``end`` and had not ended before ``start`` (aware), also those taken back."""
    return list((await connection.execute(_TOUCHING, {"start": start, "end": end})).scalars())


async def _cover(connection: AsyncConnection) -> tuple[CoverWanted, ...]:
    row = CoverWantedRow.__table__
    found = await connection.execute(select(row).where(row.c.active).order_by(row.c.weekday, row.c.from_hour))
    return tuple(CoverWanted(one.weekday, one.from_hour, one.vans) for one in found)
