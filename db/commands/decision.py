"""A named person decides about what stands against the next step."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.commands.locks import lock_referral
from db.commands.reading import read_narrative
from db.errors import Invalid
from db.tables import DecisionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LetOn(Command):
    """A named clinician lets the referral on. Recorded by a shift lead.

    Attributes:
        covers: what stands against it, by the names of :class:`db.domain.dangers.Danger`; nothing else is let on.
    """

    referral_id: UUID
    clinician: str
    reason: str
    covers: tuple[str, ...]
    decision_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt(Command):
    """Words that the reader found were looked at by a named person, who says why they are no danger."""

    referral_id: UUID
    clinician: str
    reason: str
    covers: tuple[str, ...]
    decision_id: UUID = field(default_factory=uuid4)


@verb(LetOn)
async def let_on(connection: AsyncConnection, command: LetOn) -> None:
    """Insert the decision; the record refuses what nobody may let on."""
    await _decide(connection, command, "let on")


@verb(LookedAt)
async def looked_at(connection: AsyncConnection, command: LookedAt) -> None:
    """Insert that the words were looked at."""
    await _decide(connection, command, "looked at")


async def _decide(connection: AsyncConnection, command: LetOn | LookedAt, kind: str) -> None:
    if not (command.clinician.strip() and command.reason.strip()):
        raise Invalid("A decision needs a name and the reason.", "Fill in both.")
    await lock_referral(connection, command.referral_id)
    await read_narrative(connection, command.referral_id)
    await connection.execute(
        insert(DecisionRow).values(
            id=command.decision_id,
            referral_id=command.referral_id,
            kind=kind,
            clinician=command.clinician.strip(),
            reason=command.reason.strip(),
            covers=list(command.covers),
        )
    )
