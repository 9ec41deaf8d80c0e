"""A crew that is with somebody says that all is well."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.commands.locks import lock_referral
from db.commands.reading import read_narrative
from db.errors import Conflict
from db.tables import AssignmentRow, CrewWordRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewWell(Command):
    """They were heard, and all is well.

    Attributes:
        channel: one of :data:`db.domain.read_back.CHANNELS`.
        said_by: who says so on behalf of the crew; empty where it was the crew.
        words: what else they said.
    """

    assignment_id: UUID
    channel: str
    said_by: str = ""
    words: str = ""
    row_id: UUID = field(default_factory=uuid4)


@verb(CrewWell)
async def crew_well(connection: AsyncConnection, command: CrewWell) -> None:
    """Insert who was heard how; the record refuses it of a crew that is with nobody."""
    query = select(AssignmentRow.referral_id).where(AssignmentRow.id == command.assignment_id)
    referral_id = (await connection.execute(query)).scalar()
    if referral_id is None:
        raise Conflict("That job is not in the record.", "Look at the van again.")
    await lock_referral(connection, referral_id)
    await connection.execute(
        insert(CrewWordRow).values(
            id=command.row_id,
            referral_id=referral_id,
            assignment_id=command.assignment_id,
            channel=command.channel,
            said_by=command.said_by.strip(),
            words=command.words.strip(),
        )
    )
    await read_narrative(connection, referral_id)
