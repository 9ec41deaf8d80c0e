"""Plan shifts, copy a week of them, and change the crew of a van that is on duty. Shift leads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, record_now, verb
from db.commands.locks import lock_van
from db.commands.seen import meanwhile, refuse_unseen
from db.domain.rota import DAYS, begin_in_week, london, same_clock
from db.errors import Conflict, Invalid
from db.rota_queries import plans_between
from db.tables import (
    CoverWantedRow,
    PlannedRideRow,
    PlannedShiftRow,
    RotaPublishedRow,
    ShiftMemberRow,
    ShiftRow,
    StaffRow,
)


@dataclass(frozen=True, slots=True)
class PlannedSeat:
    """Who is to ride, and for which part of the shift; for all of it where nothing is said."""

    staff_id: UUID
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPlan(Command):
    """A planned shift as it is to be: a new one, or one that is there with other times, another van or crew.

    Attributes:
        crew: everybody who is to ride; whoever is on it and not named here is taken off.
        off_reason: why they are, such as sick.
        version: that the change was made from; None for a new one.
    """

    van_id: UUID
    starts_at: datetime
    ends_at: datetime
    crew: tuple[PlannedSeat, ...] = ()
    note: str = ""
    off_reason: str = ""
    version: int | None = None
    planned_shift_id: UUID = field(default_factory=uuid4)


@verb(SetPlan)
async def set_plan(connection: AsyncConnection, command: SetPlan) -> None:
    """Whoever is taken off goes first, so that a shift may move to where they would be in the way."""
    if command.ends_at <= command.starts_at:
        raise Invalid("A shift ends after it starts.", "Check the times.")
    plan = PlannedShiftRow
    values = {
        "van_id": command.van_id,
        "starts_at": command.starts_at,
        "ends_at": command.ends_at,
        "note": command.note,
    }
    if command.version is None:
        await connection.execute(insert(plan).values(id=command.planned_shift_id, **values))
    else:
        await _lock_plans(connection, {command.planned_shift_id: command.version})
        await _take_off(connection, command)
        await connection.execute(update(plan).where(plan.id == command.planned_shift_id).values(values))
    await _put_on(connection, command)


async def _lock_plans(connection: AsyncConnection, versions: Mapping[UUID, int]) -> None:
    """By id, as everybody locks them; in one question, however many they are."""
    plan = PlannedShiftRow
    query = select(plan.id, plan.version, plan.changed_by).where(plan.id.in_(versions)).order_by(plan.id)
    rows = {row.id: row for row in await connection.execute(query.with_for_update())}
    for key, version in versions.items():
        row = rows.get(key)
        if row is None:
            raise Invalid("That shift is not in the record.")
        if row.version != version:
            raise await meanwhile(connection, row.changed_by, "changed that shift")


async def _seats(connection: AsyncConnection, planned_shift_id: UUID) -> dict[PlannedSeat, UUID]:
    ride = PlannedRideRow
    query = select(ride.__table__).where(ride.planned_shift_id == planned_shift_id, ride.off_at.is_(None))
    return {
        PlannedSeat(row.staff_id, row.from_at, row.until_at): row.id for row in await connection.execute(query)
    }


async def _take_off(connection: AsyncConnection, command: SetPlan) -> None:
    ride, there = PlannedRideRow, await _seats(connection, command.planned_shift_id)
    stays = {seat.staff_id for seat in command.crew}
    for seat, key in there.items():
        if seat not in command.crew:
            # Whoever only rides for another part is not off sick.
            reason = "" if seat.staff_id in stays else command.off_reason
            values = {"off_at": await record_now(connection), "off_reason": reason}
            await connection.execute(update(ride).where(ride.id == key).values(values))


async def _put_on(connection: AsyncConnection, command: SetPlan) -> None:
    there = await _seats(connection, command.planned_shift_id)
    new = [seat for seat in dict.fromkeys(command.crew) if seat not in there]
    for seat in sorted(new, key=lambda one: str(one.staff_id)):
        await connection.execute(insert(PlannedRideRow).values(_ride(command.planned_shift_id, seat)))


def _ride(planned_shift_id: UUID, seat: PlannedSeat) -> dict[str, Any]:
    return {
        "planned_shift_id": planned_shift_id,
        "staff_id": seat.staff_id,
        "from_at": seat.from_at,
        "until_at": seat.until_at,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPlan(Command):
    """A planned shift falls away.

    Attributes:
        version: that was looked at; None asks nothing.
    """

    planned_shift_id: UUID
    version: int | None = None


@verb(CancelPlan)
async def cancel_plan(connection: AsyncConnection, command: CancelPlan) -> None:
    """It stays in the record, cancelled; the van and the crew are free for that time."""
    plan = PlannedShiftRow
    if command.version is not None:
        await _lock_plans(connection, {command.planned_shift_id: command.version})
    query = update(plan).where(plan.id == command.planned_shift_id)
    if (await connection.execute(query.values(cancelled_at=await record_now(connection)))).rowcount == 0:
        raise Invalid("That shift is not in the record.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishRota(Command):
    """Tell those who ride what is planned.

    Attributes:
        shifts: each by its id, and the version that was looked at.
    """

    shifts: tuple[tuple[UUID, int], ...]


@verb(PublishRota)
async def publish_rota(connection: AsyncConnection, command: PublishRota) -> None:
    """All of it or nothing: one shift that somebody changed since it was looked at refuses the whole."""
    if not command.shifts:
        raise Invalid("Everything is published.", "Change something first.")
    shifts = sorted(command.shifts, key=lambda one: str(one[0]))
    await _lock_plans(connection, dict(shifts))
    rows = [{"planned_shift_id": key, "plan_version": version} for key, version in shifts]
    await connection.execute(insert_or(RotaPublishedRow).values(rows).on_conflict_do_nothing())


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyWeek(Command):
    """Plan another week as this one: the same vans, crews and times by the clock on the wall.

    Attributes:
        monday: of the week that is copied.
        to: the Monday of the week that is planned.
    """

    by_stretch: ClassVar[bool] = True

    monday: date
    to: date


@verb(CopyWeek)
async def copy_week(connection: AsyncConnection, command: CopyWeek) -> None:
    """All of it or nothing: one shift that does not fit refuses the whole."""
    days = (command.to - command.monday).days
    if days == 0 or days % DAYS or command.monday.weekday():
        raise Invalid("A week is copied to another week.", "Choose another one.")
    first, last = london(command.monday), london(command.monday + timedelta(days=DAYS))
    plans = begin_in_week(await plans_between(connection, first, last), command.monday)
    if not plans:
        raise Invalid("Nothing is planned in that week.", "Plan it first.")
    keys = {plan.id: uuid4() for plan in plans}
    shifts = [
        {
            "id": keys[plan.id],
            "van_id": plan.van_id,
            "starts_at": same_clock(plan.starts_at, days),
            "ends_at": same_clock(plan.ends_at, days),
            "note": plan.note,
        }
        for plan in plans
    ]
    await connection.execute(insert(PlannedShiftRow), shifts)
    # Who left the service since leaves a gap, which is seen.
    left = set((await connection.execute(select(StaffRow.id).where(~StaffRow.active))).scalars())
    rides = [
        _ride(keys[plan.id], PlannedSeat(ride.staff_id, _later(ride.from_at, days), _later(ride.until_at, days)))
        for plan in plans
        for ride in plan.crew
        if ride.staff_id not in left
    ]
    if rides:
        await connection.execute(insert(PlannedRideRow), sorted(rides, key=lambda one: str(one["staff_id"])))


def _later(moment: datetime | None, days: int) -> datetime | None:
    return same_clock(moment, days) if moment is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCrew(Command):
    """Somebody joins or leaves the crew of a van that is on duty.

    Attributes:
        join: who rides from now on.
        leave: who rides no longer.
        reason: why they leave, such as sick.
    """

    van_id: UUID
    join: tuple[UUID, ...] = ()
    leave: tuple[UUID, ...] = ()
    reason: str = ""


@verb(ChangeCrew)
async def change_crew(connection: AsyncConnection, command: ChangeCrew) -> None:
    """Who joins comes first: a van is never without a crew in between."""
    van = await lock_van(connection, command.van_id)
    shift, member = ShiftRow, ShiftMemberRow
    query = select(shift.id).where(shift.van_id == command.van_id, shift.ended_at.is_(None))
    open_shift = (await connection.execute(query)).scalar()
    if open_shift is None:
        raise Conflict(f"{van.callsign} has no crew on shift.", "Put a crew on duty first.")
    for staff in sorted(set(command.join), key=str):
        await connection.execute(insert(member).values(shift_id=open_shift, staff_id=staff))
    for staff in sorted(set(command.leave), key=str):
        rides = update(member).where(
            member.shift_id == open_shift, member.staff_id == staff, member.until_at.is_(None)
        )
        until = text("greatest(cru.clock_now(), cru.shift_member.from_at)")
        await connection.execute(rides.values(until_at=until, left_reason=command.reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendShift(Command):
    """The shift of a van that is on duty ends at another time than planned."""

    van_id: UUID
    planned_end: datetime


@verb(ExtendShift)
async def extend_shift(connection: AsyncConnection, command: ExtendShift) -> None:
    """Later or sooner, and never in the past: a shift that is over ends by going off duty."""
    van = await lock_van(connection, command.van_id)
    if command.planned_end <= await record_now(connection):
        raise Invalid("A shift ends in the future.", "Choose a later time, or take the van off duty.")
    shift = ShiftRow
    query = update(shift).where(shift.van_id == command.van_id, shift.ended_at.is_(None))
    changed = await connection.execute(query.values(planned_end_at=command.planned_end))
    if not changed.rowcount:
        raise Conflict(f"{van.callsign} has no crew on shift.", "Put a crew on duty first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCover(Command):
    """From an hour of a day of the week on so many vans are wanted; None: as in the hour before.

    Attributes:
        weekday: Monday is 1.
        before: how many were wanted from that hour when it was looked at; None asks nothing.
    """

    weekday: int
    from_hour: int
    vans: int | None
    before: int | None = None


@verb(SetCover)
async def set_cover(connection: AsyncConnection, command: SetCover) -> None:
    """The row says who set it, and when."""
    cover = CoverWantedRow
    query = select(cover.__table__).where(
        cover.weekday == command.weekday, cover.from_hour == command.from_hour, cover.active
    )
    row_now = (await connection.execute(query.with_for_update())).mappings().first()
    if command.before is not None and row_now is not None:
        refuse_unseen(f"What is wanted from {command.from_hour:02}:00", row_now, {"vans": command.before})
    said = {"vans": command.vans or 0, "active": command.vans is not None}
    row = insert_or(CoverWantedRow).values(weekday=command.weekday, from_hour=command.from_hour, **said)
    await connection.execute(row.on_conflict_do_update(index_elements=["weekday", "from_hour"], set_=said))
