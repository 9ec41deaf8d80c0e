"""Put the questions of the gate, and record a clinician's override."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, already, in_order, record_now, verb
from db.commands.locks import lock_referral
from db.commands.reading import read_narrative
from db.domain.reference import NOT_MEASURED
from db.errors import Invalid
from db.tables import ScreeningItemRow, ScreeningRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteScreening(Command):
    """Every question of a tool version answered ``yes``, ``no`` or ``not known``.

    Attributes:
        answers: by the keys of the questions. Those of a branch are answered only where it is asked.
        how: how each came about: ``asked``, ``group``, ``changed`` or ``not measured``; left out, each was asked.
        not_measured: why the observations could not be measured.
    """

    referral_id: UUID
    tool_version: int
    answers: Mapping[str, str]
    how: Mapping[str, str] = field(default_factory=dict)
    not_measured: str = ""
    note: str = ""
    screening_id: UUID = field(default_factory=uuid4)
    at: datetime | None = None


@verb(CompleteScreening)
async def complete_screening(connection: AsyncConnection, command: CompleteScreening) -> None:
    """Insert a screening; the latest one counts."""
    await lock_referral(connection, command.referral_id)
    query = select(ScreeningItemRow.key, ScreeningItemRow.branch).where(
        ScreeningItemRow.tool_version == command.tool_version
    )
    found = (await connection.execute(query)).all()
    wanted = {row.key for row in found if _is_asked(row.branch, command)}
    if not wanted <= set(command.answers) <= {row.key for row in found}:
        raise Invalid("The screening is not complete.", "Answer every question; not known is an answer.")
    at = await in_order(connection, command.at, "screening.completed", command.referral_id, command.screening_id)
    await connection.execute(
        insert(ScreeningRow).values(
            id=command.screening_id,
            referral_id=command.referral_id,
            tool_version=command.tool_version,
            answers=dict(command.answers),
            how={**dict.fromkeys(command.answers, "asked"), **command.how},
            not_measured=command.not_measured.strip(),
            note=command.note,
            **({"completed_at": at} if at else {}),
        )
    )
    # After the insert: from now on the words are read by the version that was asked here.
    await read_narrative(connection, command.referral_id)


def _is_asked(branch: str, command: CompleteScreening) -> bool:
    return not branch or (branch == NOT_MEASURED and bool(command.not_measured.strip()))


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
