"""Tell the room or somebody something, and say that a message was seen."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.commands.reading import read_narrative
from db.errors import Invalid
from db.tables import MessageRow, MessageSeenRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage(Command):
    """A message.

    Attributes:
        to_login: whom it is to; empty for the room.
        referral_id: what it is about; None for nothing in particular.
    """

    words: str
    to_login: str = ""
    referral_id: UUID | None = None
    message_id: UUID = field(default_factory=uuid4)


@verb(SendMessage)
async def send_message(connection: AsyncConnection, command: SendMessage) -> None:
    """Write it down; what it says of a person is read for danger."""
    if not command.words.strip():
        raise Invalid("There is nothing written.", "Type something first.", "words")
    values = {
        "id": command.message_id,
        "words": command.words.strip(),
        "to_login": command.to_login,
        "referral_id": command.referral_id,
    }
    await connection.execute(insert(MessageRow).values(values))
    if command.referral_id is not None:
        await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeMessage(Command):
    """This login saw a message that is to it."""

    message_id: UUID


@verb(SeeMessage)
async def see_message(connection: AsyncConnection, command: SeeMessage) -> None:
    """Put it down, once."""
    seen = insert_once(MessageSeenRow).values(message_id=command.message_id)
    await connection.execute(seen.on_conflict_do_nothing())
