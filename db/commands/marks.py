"""A mark that a shift lead takes away again."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, give_reason, verb
from db.commands.locks import lock_referral
from db.commands.reading import read_narrative
from db.errors import Invalid
from db.tables import ReferralRow


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoEnteredInError(Command):
    """It was no error: back on the board as it stood. Shift lead only."""

    referral_id: UUID
    reason: str


@verb(UndoEnteredInError)
async def undo_entered_in_error(connection: AsyncConnection, command: UndoEnteredInError) -> None:
    """Take the mark away, with a reason; the events keep both."""
    if not command.reason.strip():
        raise Invalid("Taking back an error needs a reason.", "Say why.")
    await lock_referral(connection, command.referral_id)
    await give_reason(connection, command.reason)
    query = update(ReferralRow).where(ReferralRow.id == command.referral_id)
    await connection.execute(query.values(entered_in_error_at=None))
    # Why it was no error may tell what is new.
    await read_narrative(connection, command.referral_id)
