"""What is usual in a control chart begins anew, or as before."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.errors import Conflict, Invalid
from db.tables import SpcBaselineRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBaseline(Command):
    """From a day on, what is usual of a measure is told by the days from then on.

    Attributes:
        measure: its key.
        until_on: the last day that tells it; later ones are judged by it. None for all there are.
        reason: what changed.
    """

    measure: str
    since_on: date
    reason: str
    until_on: date | None = None
    baseline_id: UUID = field(default_factory=uuid4)


@verb(SetBaseline)
async def set_baseline(connection: AsyncConnection, command: SetBaseline) -> None:
    """Write it down; the record says by whom and when."""
    if not command.reason.strip():
        raise Invalid("It does not say why.", "Say what changed, such as: a sixth van.", "reason")
    values = {
        "id": command.baseline_id,
        "measure": command.measure,
        "since_on": command.since_on,
        "until_on": command.until_on,
        "reason": command.reason.strip(),
    }
    await connection.execute(insert(SpcBaselineRow).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawBaseline(Command):
    """It is as if it had not been set; that it was stays readable."""

    baseline_id: UUID


@verb(WithdrawBaseline)
async def withdraw_baseline(connection: AsyncConnection, command: WithdrawBaseline) -> None:
    """Withdraw it."""
    row = SpcBaselineRow
    asked = update(row).where(row.id == command.baseline_id).values(withdrawn_at=func.now())
    if (await connection.execute(asked.returning(row.id))).first() is None:
        raise Conflict("That is not in the record.", "Read the page again.")
