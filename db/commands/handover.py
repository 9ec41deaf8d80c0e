"""The chain of who holds the patient."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, already, in_order, verb
from db.commands.locks import lock_handover, lock_referral
from db.commands.reading import read_narrative
from db.domain.party import Party
from db.domain.states import HANDOVER_MOVES, HandoverState
from db.errors import Invalid
from db.tables import HandoverRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectHandover(Command):
    """Name the next link, and of what kind the two are: usually the CRU and a destination."""

    referral_id: UUID
    from_party: str
    to_party: str
    from_kind: Party = Party.CRU
    to_kind: Party = Party.DESTINATION
    handover_id: UUID = field(default_factory=uuid4)


@verb(ExpectHandover)
async def expect_handover(connection: AsyncConnection, command: ExpectHandover) -> None:
    """Append a link to the chain."""
    await lock_referral(connection, command.referral_id)
    # Under the referral's lock, so that two who append at once do not take the same number.
    last = select(func.coalesce(func.max(HandoverRow.ordinal), 0)).where(
        HandoverRow.referral_id == command.referral_id
    )
    await connection.execute(
        insert(HandoverRow).values(
            id=command.handover_id,
            referral_id=command.referral_id,
            ordinal=(await connection.execute(last)).scalar_one() + 1,
            from_party=command.from_party.strip(),
            from_kind=command.from_kind.value,
            to_party=command.to_party.strip(),
            to_kind=command.to_kind.value,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveHandover(Command):
    """Started, accepted (the patient changes hands), or released (the first crew is free)."""

    handover_id: UUID
    to: HandoverState
    at: datetime | None = None


@verb(MoveHandover)
async def move_handover(connection: AsyncConnection, command: MoveHandover) -> None:
    """Move one link and set the time of the new state. The three moments are never merged."""
    if command.to is HandoverState.REFUSED:
        raise Invalid("Refusing a handover needs a reason.", "Choose one.")
    link = await lock_handover(connection, command.handover_id)
    step = f"handover.{command.to.value}"
    at = await in_order(connection, command.at, step, link.referral_id, command.handover_id)
    await _set(connection, command.handover_id, link, command.to, {f"{command.to.value}_at": at})


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseHandover(Command):
    """The patient stays where they are, such as with EMAS for a physical need."""

    handover_id: UUID
    reason: str


@verb(RefuseHandover)
async def refuse_handover(connection: AsyncConnection, command: RefuseHandover) -> None:
    """Refuse one link, with the reason."""
    if not command.reason.strip():
        raise Invalid("Refusing a handover needs a reason.", "Choose one.")
    link = await lock_handover(connection, command.handover_id)
    await _set(connection, command.handover_id, link, HandoverState.REFUSED, {"refusal_reason": command.reason})
    # "She has taken something after all" is why it was refused, and danger.
    await read_narrative(connection, link.referral_id)


async def _set(
    connection: AsyncConnection,
    handover_id: UUID,
    row: Row[UUID, str, str, str],
    to: HandoverState,
    values: dict[str, object],
) -> None:
    if to not in HANDOVER_MOVES[HandoverState(row.state)]:
        raise await already(
            connection,
            f"The handover from {row.from_party} is {row.state}",
            state=row.state,
            referral_id=row.referral_id,
        )
    given = {name: value for name, value in values.items() if value is not None}
    await connection.execute(
        update(HandoverRow).where(HandoverRow.id == handover_id).values(state=to.value, **given)
    )
