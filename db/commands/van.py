"""Crews on and off duty, breaks, vans out of service, and emergencies."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, already, record_now, stamp, verb
from db.commands.locks import lock_van
from db.domain.states import DUTY_MOVES, DutyStatus
from db.errors import Invalid
from db.tables import ShiftMemberRow, ShiftRow, VanRow


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOnDuty(Command):
    """A crew starts its shift on a van."""

    van_id: UUID
    staff_ids: tuple[UUID, ...]
    planned_end: datetime
    meal_due: datetime | None = None
    shift_id: UUID = field(default_factory=uuid4)


@verb(GoOnDuty)
async def go_on_duty(connection: AsyncConnection, command: GoOnDuty) -> None:
    """Open a shift and make the van available."""
    van = await lock_van(connection, command.van_id)
    if not command.staff_ids:
        raise Invalid(f"{van.callsign} needs a crew.", "Choose who rides in it.")
    if van.duty_status != DutyStatus.OFF_DUTY:
        raise await already(
            connection, f"{van.callsign} is {van.duty_status}", state=van.duty_status, van_id=command.van_id
        )
    now = await record_now(connection)
    if command.planned_end <= now:
        raise Invalid("A shift ends in the future.", "Choose a later time.")
    await connection.execute(
        insert(ShiftRow).values(
            id=command.shift_id,
            van_id=command.van_id,
            started_at=now,
            planned_end_at=command.planned_end,
            meal_due_at=command.meal_due,
        )
    )
    members = [{"shift_id": command.shift_id, "staff_id": staff} for staff in dict.fromkeys(command.staff_ids)]
    await connection.execute(insert(ShiftMemberRow), members)
    await _set_duty(connection, command.van_id, DutyStatus.AVAILABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOffDuty(Command):
    """The crew's shift ends."""

    van_id: UUID


@verb(GoOffDuty)
async def go_off_duty(connection: AsyncConnection, command: GoOffDuty) -> None:
    """Close the open shift; a committed van stays on duty."""
    await _move_duty(connection, command.van_id, DutyStatus.OFF_DUTY, "")
    open_shift = select(ShiftRow.started_at).where(ShiftRow.van_id == command.van_id, ShiftRow.ended_at.is_(None))
    # A clock that was set back must not end a shift before it began.
    started = (await connection.execute(open_shift)).scalars().first()
    await _update_shift(connection, command.van_id, ended_at=stamp(await record_now(connection), started))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartMealBreak(Command):
    """The crew rests until a set time."""

    van_id: UUID
    until: datetime


@verb(StartMealBreak)
async def start_meal_break(connection: AsyncConnection, command: StartMealBreak) -> None:
    """Available to meal break."""
    await _move_duty(connection, command.van_id, DutyStatus.MEAL_BREAK, "")
    await _update_shift(connection, command.van_id, meal_until_at=command.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOutOfService(Command):
    """The van cannot be sent, and why."""

    van_id: UUID
    reason: str


@verb(TakeOutOfService)
async def take_out_of_service(connection: AsyncConnection, command: TakeOutOfService) -> None:
    """To out of service, with a reason."""
    if not command.reason.strip():
        raise Invalid("Out of service needs a reason.", "Choose one.")
    await _move_duty(connection, command.van_id, DutyStatus.OUT_OF_SERVICE, command.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeAvailable(Command):
    """Back from a break, or back in service."""

    van_id: UUID


@verb(MakeAvailable)
async def make_available(connection: AsyncConnection, command: MakeAvailable) -> None:
    """To available; the record refuses it to a van without a crew, which goes on duty instead."""
    await _move_duty(connection, command.van_id, DutyStatus.AVAILABLE, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseEmergency(Command):
    """The crew needs help. It lies over every status until a shift lead clears it."""

    van_id: UUID


@verb(RaiseEmergency)
async def raise_emergency(connection: AsyncConnection, command: RaiseEmergency) -> None:
    """Set the emergency; a second call changes nothing."""
    await lock_van(connection, command.van_id)
    now = await record_now(connection)
    # The first press counts: how long help is being waited for is told from it.
    query = update(VanRow).where(VanRow.id == command.van_id, VanRow.emergency_at.is_(None))
    await connection.execute(query.values(emergency_at=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearEmergency(Command):
    """Help arrived or was not needed. Shift lead only."""

    van_id: UUID


@verb(ClearEmergency)
async def clear_emergency(connection: AsyncConnection, command: ClearEmergency) -> None:
    """Take the emergency away; the events keep it."""
    await lock_van(connection, command.van_id)
    await connection.execute(update(VanRow).where(VanRow.id == command.van_id).values(emergency_at=None))


async def _move_duty(connection: AsyncConnection, van_id: UUID, to: DutyStatus, reason: str) -> None:
    van = await lock_van(connection, van_id)
    if to not in DUTY_MOVES[DutyStatus(van.duty_status)]:
        raise await already(
            connection, f"{van.callsign} is {van.duty_status}", state=van.duty_status, van_id=van_id
        )
    await _set_duty(connection, van_id, to, reason)


async def _set_duty(connection: AsyncConnection, van_id: UUID, to: DutyStatus, reason: str = "") -> None:
    values = {"duty_status": to.value, "duty_reason": reason}
    await connection.execute(update(VanRow).where(VanRow.id == van_id).values(values))


async def _update_shift(connection: AsyncConnection, van_id: UUID, **values: datetime) -> None:
    await connection.execute(
        update(ShiftRow).where(ShiftRow.van_id == van_id, ShiftRow.ended_at.is_(None)).values(values)
    )
