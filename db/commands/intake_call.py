"""A call that comes in: begun with the first location, kept as it is typed, taken over, left, saved or ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, record_now, verb
from db.commands.details import Details
from db.commands.locks import lock_referral
from db.commands.reading import read_narrative
from db.commands.referral import expect_crew, need_location
from db.domain.intake_call import REFERRAL
from db.domain.typed_times import SAID_TIMES
from db.errors import Conflict, Invalid
from db.tables import IntakeCallRow, ReferralRow


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginCall(Command):
    """Somebody takes a call, and knows where the person is: from now on others see it.

    Attributes:
        answered_at: when the telephone was answered.
        received_at: when the first thing was typed.
        typed: the form (:func:`db.domain.typed_form.as_kept`).
    """

    referral_id: UUID
    details: Details
    answered_at: datetime
    received_at: datetime
    typed: Mapping[str, Any]


@verb(BeginCall)
async def begin_call(connection: AsyncConnection, command: BeginCall) -> None:
    """Insert the referral as received and not acknowledged, and its call."""
    need_location(command.details)
    now = await record_now(connection)
    values = _so_far(command.details) | {
        "id": command.referral_id,
        # A console's idea of the record's clock may be some milliseconds ahead of it.
        "received_at": min(command.received_at, now),
    }
    await connection.execute(insert(ReferralRow).values(values))
    call = {"referral_id": command.referral_id, "answered_at": command.answered_at, "typed": dict(command.typed)}
    await connection.execute(insert(IntakeCallRow).values(call))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepCall(Command):
    """What is typed by now. ``version`` is the call's."""

    referral_id: UUID
    version: int
    details: Details
    typed: Mapping[str, Any]


@verb(KeepCall)
async def keep_call(connection: AsyncConnection, command: KeepCall) -> None:
    """Update the call and its referral, unless another desk did so meanwhile."""
    need_location(command.details)
    await _lock(connection, command.referral_id, command.version)
    await _change(connection, command.referral_id, typed=dict(command.typed))
    await _write(connection, command.referral_id, _so_far(command.details))


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishCall(Command):
    """The call is a referral: it counts from now on, and may be accepted. ``version`` is the call's."""

    referral_id: UUID
    version: int
    details: Details
    handover_id: UUID = field(default_factory=uuid4)


@verb(FinishCall)
async def finish_call(connection: AsyncConnection, command: FinishCall) -> None:
    """Write all that is typed, acknowledge it, expect whoever waits with the person, and end the call."""
    need_location(command.details)
    await _lock(connection, command.referral_id, command.version)
    now = await record_now(connection)
    await _write(connection, command.referral_id, command.details.columns() | {"acknowledged_at": now})
    await expect_crew(connection, command.referral_id, command.handover_id, command.details, now)
    await _change(connection, command.referral_id, ended_how=REFERRAL)
    await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCallOver(Command):
    """Somebody else goes on with a call; whoever had it cannot write it any more."""

    referral_id: UUID


@verb(TakeCallOver)
async def take_call_over(connection: AsyncConnection, command: TakeCallOver) -> None:
    """Put down who has it now."""
    await _lock(connection, command.referral_id)
    await _change(connection, command.referral_id, taken_by=func.session_user())


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerHungUp(Command):
    """The line is dead, and the caller is called back by a time."""

    referral_id: UUID
    call_back_at: datetime


@verb(CallerHungUp)
async def caller_hung_up(connection: AsyncConnection, command: CallerHungUp) -> None:
    """Put down by when; the record refuses a time that is over, or further than a day."""
    await _lock(connection, command.referral_id)
    await _change(connection, command.referral_id, call_back_at=command.call_back_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCall(Command):
    """The call is no referral, for a reason of the list: it is kept, and counted nowhere."""

    referral_id: UUID
    reason: str


@verb(EndCall)
async def end_call(connection: AsyncConnection, command: EndCall) -> None:
    """End it; the record takes the referral off every count."""
    if command.reason in {"", REFERRAL}:
        raise Invalid("Ending a call needs a reason.", "Choose one.")
    await _lock(connection, command.referral_id)
    await _change(connection, command.referral_id, ended_how=command.reason)


def _so_far(details: Details) -> dict[str, Any]:
    """What others see of it already. A time that is half typed is none yet, and one that is kept is amended."""
    times = {f"{name}_{end}" for name in SAID_TIMES for end in ("at", "said")}
    return {name: value for name, value in details.columns().items() if name not in times}


async def _lock(connection: AsyncConnection, referral_id: UUID, version: int | None = None) -> None:
    await lock_referral(connection, referral_id)
    query = select(IntakeCallRow.version, IntakeCallRow.ended_at).where(IntakeCallRow.referral_id == referral_id)
    row = (await connection.execute(query.with_for_update())).first()
    if row is None:
        raise Conflict("That referral came by no call.", "Look at it again.")
    if row.ended_at is not None:
        # Before anything else is refused: the record itself says who ended it.
        await _change(connection, referral_id, typed=IntakeCallRow.typed)
    # Of somebody else's the record says whose it is.
    if version not in {None, row.version} and await _is_mine(connection, referral_id):
        raise Conflict("This call was changed at another desk of yours.", "Open it anew from the board.")


async def _is_mine(connection: AsyncConnection, referral_id: UUID) -> bool:
    query = select(IntakeCallRow.taken_by == func.session_user()).where(IntakeCallRow.referral_id == referral_id)
    return bool((await connection.execute(query)).scalar_one())


async def _change(connection: AsyncConnection, referral_id: UUID, **values: Any) -> None:  # noqa: ANN401 - columns
    await connection.execute(
        update(IntakeCallRow).where(IntakeCallRow.referral_id == referral_id).values(**values)
    )


async def _write(connection: AsyncConnection, referral_id: UUID, values: Mapping[str, Any]) -> None:
    await connection.execute(update(ReferralRow).where(ReferralRow.id == referral_id).values(values))
