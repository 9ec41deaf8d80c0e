"""Put the questions of the gate, and record a clinician's override."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, already, in_order, record_now, verb
from db.commands.locks import lock_referral
from db.errors import Invalid
from db.tables import ScreeningItemRow, ScreeningRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteScreening(Command):
    """Every question of a tool version answered ``yes``, ``no`` or ``not known``."""

    referral_id: UUID
    tool_version: int
    answers: Mapping[str, str]
    note: str = ""
    screening_id: UUID = field(default_factory=uuid4)
    at: datetime | None = None


@verb(CompleteScreening)
async def complete_screening(connection: AsyncConnection, command: CompleteScreening) -> None:
    """Insert a screening; the latest one counts."""
    await lock_referral(connection, command.referral_id)
    query = select(ScreeningItemRow.key).where(ScreeningItemRow.tool_version == command.tool_version)
    keys = set((await connection.execute(query)).scalars())
    if set(command.answers) != keys:
        raise Invalid("The screening is not complete.", "Answer every question; not known is an answer.")
    at = await in_order(connection, command.at, "screening.completed", command.referral_id, command.screening_id)
    await connection.execute(
        insert(ScreeningRow).values(
            id=command.screening_id,
            referral_id=command.referral_id,
            tool_version=command.tool_version,
            answers=dict(command.answers),
            note=command.note,
            **({"completed_at": at} if at else {}),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideScreening(Command):
    """A named clinician lets a blocked screening through. Recorded by a shift lead."""

    screening_id: UUID
    clinician: str
    reason: str


@verb(OverrideScreening)
async def override_screening(connection: AsyncConnection, command: OverrideScreening) -> None:
    """Set the override once."""
    if not (command.clinician.strip() and command.reason.strip()):
        raise Invalid("An override needs the clinician's name and the reason.", "Fill in both.")
    query = select(ScreeningRow.referral_id, ScreeningRow.override_at).where(
        ScreeningRow.id == command.screening_id
    )
    row = (await connection.execute(query)).first()
    if row is None:
        raise Invalid("That screening is not in the record.")
    await lock_referral(connection, row.referral_id)
    if row.override_at is not None:
        raise await already(connection, "This screening is overridden already", referral_id=row.referral_id)
    values = {
        "override_clinician": command.clinician.strip(),
        "override_reason": command.reason.strip(),
        "override_at": await record_now(connection),
    }
    await connection.execute(update(ScreeningRow).where(ScreeningRow.id == command.screening_id).values(values))
