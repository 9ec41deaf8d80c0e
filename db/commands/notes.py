"""Words: notes, and the opening of a record."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.commands.reading import read_narrative
from db.errors import Invalid
from db.tables import EventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote(Command):
    """Something worth writing down."""

    referral_id: UUID
    words: str


@verb(AddNote)
async def add_note(connection: AsyncConnection, command: AddNote) -> None:
    """Append a note to the referral's events."""
    await _write(connection, command, command.referral_id, "note", _words(command.words))
    await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advise999(Command):
    """Scale A: the caller was told "999 / return to EMAS", and that it was said is kept."""

    referral_id: UUID


@verb(Advise999)
async def advise_999(connection: AsyncConnection, command: Advise999) -> None:
    """Record that it was said."""
    await _write(connection, command, command.referral_id, "999 advised", "Told: 999 / return to EMAS")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRecord(Command):
    """Somebody looked at a patient's record, which is itself an event.

    Attributes:
        given_out: as what it left the record, and what for; empty for a look.
    """

    referral_id: UUID
    given_out: str = ""


@verb(OpenRecord)
async def open_record(connection: AsyncConnection, command: OpenRecord) -> None:
    """Record the look."""
    said = f"Given out: {command.given_out.strip()}" if command.given_out.strip() else ""
    await _write(connection, command, command.referral_id, "record opened", said)


def _words(text: str) -> str:
    if not text.strip():
        raise Invalid("There is nothing written.", "Type something first.")
    return text.strip()


async def _write(connection: AsyncConnection, command: Command, referral_id: UUID, kind: str, words: str) -> None:
    values = {
        "referral_id": referral_id,
        "kind": kind,
        "words": words,
        "source": command.origin,
        "command_id": command.command_id,
    }
    await connection.execute(insert(EventRow).values(values))
