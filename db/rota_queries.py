"""Reads of the rota: what is planned, what was, and how many vans are wanted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import rows
from db.domain.believable import believable
from db.domain.records import Van
from db.domain.rota import CoverWanted, Duty, PlannedRide, PlannedShift, Ride
from db.domain.texts import paragraphs
from db.listed import listed

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
_VANS = text("SELECT * FROM cru.van WHERE active OR id = ANY (:rode)")
_FLEET = text("SELECT * FROM cru.van ORDER BY NOT active, char_length(callsign), callsign")
_PLANS = (
    "CROSS JOIN LATERAL (SELECT max(plan_version) AS published FROM cru.rota_published"
    " WHERE planned_shift_id = planned_shift.id) newest WHERE {which} ORDER BY starts_at, id"
)
_STANDS = "cancelled_at IS NULL"
_TOUCH = "starts_at < :end AND ends_at > :start"


async def of_rota(connection: AsyncConnection, *, desk: bool) -> dict[str, Any]:
    """The parts of :class:`db.domain.reference.ReferenceData` that are about this, by their names there.

    Args:
        connection: in a transaction.
        desk: whether it is read for a desk, and not for a wall, whose login reads no plan.
    """
    return {
        "plans": await _plans(connection, f"ends_at > cru.clock_now() AND {_STANDS}") if desk else (),
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
    rode = [duty.van_id for duty in duties]
    found = await connection.execute(_VANS, {"rode": rode})
    called, names = await names_at(connection, end)
    vans = [rows.van(row) for row in found.mappings()]
    then = tuple(replace(one, callsign=called.get(one.id, one.callsign)) for one in vans)
    plans = await _plans(connection, _TOUCH, start=start, end=end)
    stand = tuple(plan for plan in plans if plan.cancelled_at is None)
    return RotaRead(stand, duties, then, names, tuple(plan for plan in plans if plan.cancelled_at is not None))


async def fleet(connection: AsyncConnection) -> tuple[tuple[Van, bool], ...]:
    """Every van by callsign, those in use first, and whether it is."""
    found = await connection.execute(_FLEET)
    return tuple((rows.van(row), row["active"]) for row in found.mappings())


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
    return await _plans(connection, f"{_TOUCH} AND {_STANDS}", start=start, end=end)


async def _plans(connection: AsyncConnection, which: str, **given: object) -> tuple[PlannedShift, ...]:
    found = await listed(connection, "planned_shift", _PLANS.format(which=which), **given)
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
    made: dict[UUID, list[PlannedRide]] = {}
    which = "WHERE planned_shift_id = ANY (:plans) ORDER BY id"
    for row in await listed(connection, "planned_ride", which, plans=list(plans)):
        one = PlannedRide(row.id, row.staff_id, row.from_at, row.until_at, row.off_at, paragraphs(row.off_reason))
        made.setdefault(row.planned_shift_id, []).append(one)
    return made


async def duties_between(connection: AsyncConnection, start: datetime, end: datetime) -> tuple[Duty, ...]:
    """The shifts that were, or are, between two moments (aware), each with who rode from when until when."""
    found = await listed(
        connection,
        "shift",
        "WHERE id = ANY (:touching) AND started_at < :end AND (ended_at IS NULL OR ended_at > :start)"
        " AND taken_back_at IS NULL ORDER BY started_at, id",
        touching=await shifts_touching(connection, start, end),
        start=start,
        end=end,
    )
    rode: dict[UUID, list[Ride]] = {}
    members = "WHERE shift_id = ANY (:shifts) ORDER BY from_at"
    for row in await listed(connection, "shift_member", members, shifts=[row.id for row in found]):
        rode.setdefault(row.shift_id, []).append(Ride(row.staff_id, row.from_at, row.until_at, row.left_reason))
    return tuple(
        Duty(row.id, row.van_id, row.started_at, row.planned_end_at, row.ended_at, tuple(rode.get(row.id, ())))
        for row in found
    )


async def shifts_touching(connection: AsyncConnection, start: datetime, end: datetime) -> list[UUID]:
    """Those that had begun by ``end`` and had not ended before ``start`` (aware), also those taken back."""
    return list((await connection.execute(_TOUCHING, {"start": start, "end": end})).scalars())


async def _cover(connection: AsyncConnection) -> tuple[CoverWanted, ...]:
    found = await listed(connection, "cover_wanted", "WHERE active ORDER BY weekday, from_hour")
    return tuple(CoverWanted(one.weekday, one.from_hour, one.vans) for one in found)
