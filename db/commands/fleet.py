"""The vans of the service: a new one, another name, one that is retired or comes back. Shift leads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.commands.locks import lock_van
from db.commands.seen import refuse_unseen
from db.errors import Invalid
from db.tables import VanRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveVan(Command):
    """A van as it is to be known; the past keeps the callsign of then.

    Attributes:
        livery: marked or unmarked.
        equipment: what people need who do not walk, and whatever else is aboard.
        before: what was shown when the change was begun; empty asks nothing.
    """

    callsign: str
    registration: str
    base: str
    livery: str
    seats: int
    equipment: tuple[str, ...] = ()
    is_new: bool = True
    van_id: UUID = field(default_factory=uuid4)
    before: Mapping[str, object] = field(default_factory=dict)


@verb(SaveVan)
async def save_van(connection: AsyncConnection, command: SaveVan) -> None:
    """Add it off duty, or change what is said of it; told, if somebody else changed it meanwhile."""
    if not command.callsign.strip():
        raise Invalid("A van needs a callsign.", "Type it.")
    values = {
        "callsign": command.callsign.strip(),
        "registration": command.registration.strip(),
        "base": command.base,
        "livery": command.livery,
        "seats": command.seats,
        "equipment": [one.strip() for one in command.equipment if one.strip()],
    }
    if command.is_new:
        await connection.execute(insert(VanRow).values(id=command.van_id, **values))
        return
    van = await lock_van(connection, command.van_id)
    there = await connection.execute(select(VanRow.__table__).where(VanRow.id == command.van_id))
    refuse_unseen(van.callsign, there.mappings().one(), command.before)
    await connection.execute(update(VanRow).where(VanRow.id == command.van_id).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireVan(Command):
    """A van leaves the service, or comes back to it. What it did stays under its name of then."""

    van_id: UUID
    back: bool = False


@verb(RetireVan)
async def retire_van(connection: AsyncConnection, command: RetireVan) -> None:
    """Refused by the record while it has a job, a crew, an emergency or a shift to come."""
    await lock_van(connection, command.van_id)
    await connection.execute(update(VanRow).where(VanRow.id == command.van_id).values(active=command.back))
