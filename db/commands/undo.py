"""Take back what did not happen: a compensating command that restores what was before. Both stay in the events."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Command):
    """One act did not happen, with what was done by the same press: all of it, or nothing.

    Its author may say so within a minute of the record's clock; later a shift lead, with a reason. Refused where
    somebody built on it since.

    Attributes:
        act_id: the id of the command that did it, or what :func:`db.queries.acts_of` says.
        also: further acts of that press, the newest first, each older than ``act_id``.
        referral_id: what it was about, and ``van_id``, for whoever keeps commands in order; the record knows.
    """

    act_id: UUID
    referral_id: UUID | None = None
    van_id: UUID | None = None
    reason: str = ""
    also: tuple[UUID, ...] = ()


@verb(TakeBack)
async def take_back(connection: AsyncConnection, command: TakeBack) -> None:
    """Let the record restore the rows: it alone may, checks who asks, and locks in the order of all commands."""
    for act in (command.act_id, *command.also):
        given = {"act": act, "reason": command.reason.strip()}
        await connection.execute(text("SELECT cru.take_back(:act, :reason)"), given)
