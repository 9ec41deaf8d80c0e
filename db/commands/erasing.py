"""A person's record goes when the time that the trust keeps it is over. Shift lead only; there is no way back."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson(Command):
    """Who somebody was and what was said goes, of all of their referrals; that they were, and when, stays."""

    referral_id: UUID


@verb(ErasePerson)
async def erase_person(connection: AsyncConnection, command: ErasePerson) -> None:
    """Erase them, if the record says that their time is over."""
    await connection.execute(text("SELECT cru.erase_person(:referral)"), {"referral": command.referral_id})
