"""Write the shift log, and hand the room over: offered by one shift lead, signed and taken by the next."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, record_now, verb
from db.commands.reading import read_narrative
from db.domain.shift_handover import ToHandOver
from db.errors import Conflict, Invalid
from db.tables import ShiftHandoverItemRow, ShiftHandoverRow, ShiftLogRow


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLog(Command):
    """An entry in the shift log.

    Attributes:
        happened_at: when it was, if not now.
        pass_on: worth telling the next shift.
        corrects: the entry that this one corrects.
    """

    words: str
    happened_at: datetime | None = None
    referral_id: UUID | None = None
    van_id: UUID | None = None
    pass_on: bool = False
    corrects: UUID | None = None
    entry_id: UUID = field(default_factory=uuid4)


@verb(WriteLog)
async def write_log(connection: AsyncConnection, command: WriteLog) -> None:
    """Insert the entry; it is corrected by another one and never changed."""
    if not command.words.strip():
        raise Invalid("There is nothing written.", "Type something first.", "words")
    values: dict[str, Any] = {
        "id": command.entry_id,
        "words": command.words.strip(),
        "referral_id": command.referral_id,
        "van_id": command.van_id,
        "pass_on": command.pass_on,
        "corrects": command.corrects,
    }
    if command.happened_at is not None:  # left out rather than null: the column's default is the record's clock
        values["happened_at"] = command.happened_at
    await connection.execute(insert(ShiftLogRow).values(values))
    if command.referral_id is not None:
        await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOn(Command):
    """Whether an entry is worth telling the next shift."""

    entry_id: UUID
    pass_on: bool = True


@verb(PassOn)
async def pass_on(connection: AsyncConnection, command: PassOn) -> None:
    """Mark it, or take the mark away.

    Raises:
        Invalid: it is of the past, and was not opened.
    """
    entry = ShiftLogRow
    if (await connection.execute(select(entry.id).where(entry.id == command.entry_id))).first() is None:
        raise Invalid("That entry is not in sight any more.", "Read the log of that time again.")
    await connection.execute(
        update(entry)
        .where(entry.id == command.entry_id, entry.pass_on != command.pass_on)
        .values(pass_on=command.pass_on)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRoom(Command):
    """The room is offered to the next shift lead as it stands now.

    Attributes:
        items: what there is to hand over, in the order in which it is read.
        notes: what the outgoing lead adds.
        instead_of: an offer that this one replaces.
    """

    items: Sequence[ToHandOver]
    notes: str = ""
    instead_of: UUID | None = None
    handover_id: UUID = field(default_factory=uuid4)


@verb(OfferRoom)
async def offer_room(connection: AsyncConnection, command: OfferRoom) -> None:
    """Offer it with all its lines at once; an offer that it replaces is withdrawn first."""
    if command.instead_of is not None:
        await _withdraw(connection, command.instead_of)
    offer = text("SELECT cru.offer_room(:room, :notes, CAST(:lines AS jsonb))")
    given = {
        "room": command.handover_id,
        "notes": command.notes,
        "lines": json.dumps([*map(_line, command.items)]),
    }
    await connection.execute(offer, given)


def _line(item: ToHandOver) -> dict[str, object]:
    return {
        "kind": item.kind,
        "words": item.words,
        "referral_id": str(item.referral_id) if item.referral_id else None,
        "van_id": str(item.van_id) if item.van_id else None,
        "due_at": item.due_at.isoformat() if item.due_at else None,
        "is_risk": item.is_risk,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer(Command):
    """The room is not handed over after all, or will be offered anew."""

    handover_id: UUID


@verb(WithdrawOffer)
async def withdraw_offer(connection: AsyncConnection, command: WithdrawOffer) -> None:
    """Mark it; what was signed of it stays readable."""
    await _withdraw(connection, command.handover_id)


async def _withdraw(connection: AsyncConnection, handover_id: UUID) -> None:
    room = ShiftHandoverRow
    withdrawn = update(room).where(room.id == handover_id).values(withdrawn_at=await record_now(connection))
    if (await connection.execute(withdrawn)).rowcount == 0:
        raise _no_offer()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRisk(Command):
    """The incoming shift lead has seen a risk, and sees to it from now on."""

    item_id: UUID
    remark: str = ""


@verb(SignRisk)
async def sign_risk(connection: AsyncConnection, command: SignRisk) -> None:
    """Sign it; who signs and when is the record's."""
    item = ShiftHandoverItemRow
    signed = {"signed_at": await record_now(connection), "remark": command.remark.strip()}
    if (await connection.execute(update(item).where(item.id == command.item_id).values(signed))).rowcount == 0:
        raise _no_offer()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRoom(Command):
    """The incoming shift lead takes the room; every risk of the offer is signed by then."""

    handover_id: UUID


@verb(TakeRoom)
async def take_room(connection: AsyncConnection, command: TakeRoom) -> None:
    """Take it. An offer that was withdrawn or taken meanwhile says by whom."""
    # The lock first: a lead who withdraws it at the same moment wins or loses as a whole.
    found = await connection.execute(
        select(ShiftHandoverRow.id).where(ShiftHandoverRow.id == command.handover_id).with_for_update()
    )
    if found.first() is None:
        raise _no_offer()
    await connection.execute(
        update(ShiftHandoverRow)
        .where(ShiftHandoverRow.id == command.handover_id)
        .values(taken_at=text("cru.clock_now()"))
    )


def _no_offer() -> Conflict:
    return Conflict("That offer is not in the record.", "Look again at what is offered.")
