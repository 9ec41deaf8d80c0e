"""Amend a time: a new event with a reason, and both stay readable. Shift lead only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, give_reason, record_now, verb
from db.commands.locks import lock_assignment, lock_handover, lock_referral
from db.domain.clocks import local_time
from db.errors import Conflict, Invalid
from db.tables import AssignmentRow, HandoverRow, ReferralRow

_TABLES: dict[str, type[ReferralRow | AssignmentRow | HandoverRow]] = {
    "referral": ReferralRow,
    "assignment": AssignmentRow,
    "handover": HandoverRow,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendTime(Command):
    """Correct one time of a referral, an assignment or a handover; or enter one of a step that was skipped.

    Attributes:
        field: the time's name without ``_at``, such as ``"on_scene"`` or ``"with patient"``.
        before: what it was when the amendment was begun; None where it was empty, ``"any"`` where nobody looked.
    """

    entity: Literal["referral", "assignment", "handover"]
    id: UUID
    field: str
    at: datetime
    reason: str
    before: datetime | Literal["any"] | None = "any"


@verb(AmendTime)
async def amend_time(connection: AsyncConnection, command: AmendTime) -> None:
    """Set the time; the trigger writes the amendment with both values, or the step that nobody reported."""
    if not command.reason.strip():
        raise Invalid("An amended time needs a reason.", "Say why.")
    table = _TABLES[command.entity]
    column = table.__table__.columns.get(command.field.replace(" ", "_") + "_at")
    if column is None:
        raise Invalid(f'A {command.entity} has no time called "{command.field}".')
    if command.entity == "referral":
        await lock_referral(connection, command.id)
    elif command.entity == "assignment":
        await lock_assignment(connection, command.id)
    else:
        await lock_handover(connection, command.id)
    # Asked under the lock: the step itself may be on its way. Which step of a van or a handover was skipped is the
    # record's to say; a referral skips none.
    there = (await connection.execute(select(column).where(table.id == command.id))).scalar_one()
    if command.before not in {"any", there}:
        now = await record_now(connection)
        words = f"is {local_time(there, now)}" if there is not None else "was taken back"
        raise Conflict(f"That time {words} by now.", "Look at it again before you go on.")
    if there is None and command.entity == "referral":
        raise Invalid("That time is empty, and a time is not invented.", "Take the step itself.")
    await give_reason(connection, command.reason.strip())
    await connection.execute(update(table).where(table.id == command.id).values({column.name: command.at}))
