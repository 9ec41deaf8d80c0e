"""The rows of a file, all of them in one transaction or none. Shift lead and owner, by what each row asks for."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, run, verb
from db.engine import translate
from db.errors import RecordError, Unavailable

_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRows(Command):
    """What the rows of a file ask for, in their order.

    Attributes:
        numbers: of the rows, as the spreadsheet shows them.
    """

    steps: tuple[Command, ...]
    numbers: tuple[int, ...]


@verb(ImportRows)
async def import_rows(connection: AsyncConnection, command: ImportRows) -> None:
    """The first row that is refused refuses the whole, by its number."""
    for step, number in zip(command.steps, command.numbers, strict=True):
        try:
            await run(connection, step)
        except (RecordError, DBAPIError) as error:
            said = refusal_of(error)
            if said is None:
                raise
            raise type(said)(f"Row {number}: {said.sentence}", said.next_step) from error


def refusal_of(error: RecordError | DBAPIError) -> RecordError | None:
    """What the record has against a row; None for a link that is lost or a lock that somebody holds."""
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
        return None
    said = translate(error) if isinstance(error, DBAPIError) else error
    return None if isinstance(said, Unavailable) else said
