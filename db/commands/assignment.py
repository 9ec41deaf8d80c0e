"""Send a van, follow it, stand it down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, already, in_order, verb
from db.commands.locks import lock_assignment, lock_both
from db.commands.reading import read_narrative
from db.domain.states import ASSIGNMENT_MOVES, OPEN_ASSIGNMENT, AssignmentState
from db.domain.texts import all_of
from db.errors import Invalid
from db.tables import AssignmentRow, VanRow

# In the words of the index that holds the one open job of a van: its others are those of years.
_JOB_OF = text(
    "SELECT r.reference FROM cru.assignment a JOIN cru.referral r ON r.id = a.referral_id"
    " WHERE a.van_id = :van AND a.state NOT IN ('clear', 'stood down')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocate(Command):
    """Give a referral to a van.

    Attributes:
        beside: the open assignments of the referral that whoever sends the van knew of: a second van goes there on
            purpose, and never because two people sent one at once. None where nobody says.
    """

    referral_id: UUID
    van_id: UUID
    assignment_id: UUID = field(default_factory=uuid4)
    beside: tuple[UUID, ...] | None = None


@verb(Allocate)
async def allocate(connection: AsyncConnection, command: Allocate) -> None:
    """Insert an open assignment; the referral's state follows."""
    referral = await lock_both(connection, command.referral_id, command.van_id)
    if referral.state not in {"accepted", "allocated", "attending"}:
        raise await already(
            connection,
            f"{referral.reference} is {referral.state}",
            state=referral.state,
            referral_id=command.referral_id,
        )
    # A statement of its own: what somebody else did while the locks were waited for is seen by it.
    job = (await connection.execute(_JOB_OF, {"van": command.van_id})).first()
    if job is not None:
        raise await already(
            connection,
            f"{referral.callsign} is already allocated to {job.reference}",
            state="allocated",
            van_id=command.van_id,
        )
    if command.beside is not None:
        others = await _others(connection, command.referral_id, command.beside)
        if others:
            raise await already(
                connection,
                f"{all_of(others)} {'is' if len(others) == 1 else 'are'} on {referral.reference} already",
                state="allocated",
                referral_id=command.referral_id,
            )
    # Before the insert, which the record refuses while a narrative is unread.
    await read_narrative(connection, command.referral_id)
    await connection.execute(
        insert(AssignmentRow).values(
            id=command.assignment_id,
            referral_id=command.referral_id,
            van_id=command.van_id,
        )
    )


async def _others(connection: AsyncConnection, referral_id: UUID, known: tuple[UUID, ...]) -> Sequence[str]:
    """The callsigns of whoever goes there now, but for the assignments that are known of."""
    job = AssignmentRow
    found = await connection.execute(
        select(VanRow.callsign)
        .join(job, job.van_id == VanRow.id)
        .where(job.referral_id == referral_id, job.state.in_(OPEN_ASSIGNMENT))
        .where(job.taken_back_at.is_(None), job.id.not_in(known))
        .order_by(job.allocated_at, job.id)
    )
    return found.scalars().all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Command):
    """A van takes a step; steps between may be skipped and their times then stay empty.

    Attributes:
        at: when it happened, if not now.
        destination: where to, for ``conveying``.
    """

    assignment_id: UUID
    to: AssignmentState
    at: datetime | None = None
    destination: str = ""


@verb(Step)
async def step(connection: AsyncConnection, command: Step) -> None:
    """Move the assignment forward and set the time of the new state."""
    if command.to is AssignmentState.STOOD_DOWN:
        raise Invalid("Standing down needs a reason.", "Choose one.")
    row = await lock_assignment(connection, command.assignment_id)
    if command.to not in ASSIGNMENT_MOVES[AssignmentState(row.state)]:
        raise await already(connection, f"{row.callsign} is {row.state}", state=row.state, van_id=row.van_id)
    if command.to is AssignmentState.CONVEYING and not command.destination.strip():
        raise Invalid("Conveying needs a destination.", "Choose where the person is taken.")
    # As above: a step towards the person waits for no reading that nobody asked for.
    await read_narrative(connection, row.referral_id)
    values: dict[str, object] = {"state": command.to.value}
    name = command.to.value.replace(" ", "_")
    at = await in_order(connection, command.at, f"assignment.{name}", row.referral_id, command.assignment_id)
    if at is not None:
        values[f"{name}_at"] = at
    if command.destination:
        values["destination"] = command.destination
    await connection.execute(update(AssignmentRow).where(AssignmentRow.id == command.assignment_id).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class StandDown(Command):
    """Take a van off a referral before it is with the patient."""

    assignment_id: UUID
    reason: str


@verb(StandDown)
async def stand_down(connection: AsyncConnection, command: StandDown) -> None:
    """Stand the van down; the referral goes back to accepted when no van is left."""
    if not command.reason.strip():
        raise Invalid("Standing down needs a reason.", "Choose one.")
    row = await lock_assignment(connection, command.assignment_id)
    if AssignmentState.STOOD_DOWN not in ASSIGNMENT_MOVES[AssignmentState(row.state)]:
        raise await already(connection, f"{row.callsign} is {row.state}", state=row.state, van_id=row.van_id)
    values = {"state": "stood down", "stand_down_reason": command.reason}
    await connection.execute(update(AssignmentRow).where(AssignmentRow.id == command.assignment_id).values(values))
    await read_narrative(connection, row.referral_id)
