"""Who works for the service: a new one, other words about one, one who leaves or comes back. Shift leads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.commands.seen import refuse_unseen
from db.errors import Invalid
from db.tables import StaffRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveStaff(Command):
    """Somebody as they are to be known; the past keeps the name of then.

    Attributes:
        languages: by name, each one entry.
        registered: a clinician on a professional register.
        is_new: whether they are added; two people may have one name, and that is asked first.
        before: what was shown when the change was begun; empty asks nothing.
    """

    name: str
    profession: str
    gender: str = ""
    languages: tuple[str, ...] = ()
    registered: bool = False
    is_new: bool = True
    staff_id: UUID = field(default_factory=uuid4)
    before: Mapping[str, object] = field(default_factory=dict)


@verb(SaveStaff)
async def save_staff(connection: AsyncConnection, command: SaveStaff) -> None:
    """Add them, or change what is said of them; told, if somebody else changed it meanwhile."""
    if not command.name.strip():
        raise Invalid("Who it is must be said.", "Type the name.")
    values = {
        "name": command.name.strip(),
        "profession": command.profession.strip(),
        "gender": command.gender.strip(),
        "languages": [name.strip() for name in command.languages if name.strip()],
        "registered": command.registered,
    }
    if not command.is_new:
        there = select(StaffRow.__table__).where(StaffRow.id == command.staff_id).with_for_update(key_share=True)
        row = (await connection.execute(there)).mappings().first()
        if row is None:
            raise Invalid("That is nobody in the record.")
        refuse_unseen(row["name"], row, command.before)
        await connection.execute(update(StaffRow).where(StaffRow.id == command.staff_id).values(values))
        return
    same = select(StaffRow.id).where(func.lower(StaffRow.name) == command.name.strip().lower(), StaffRow.active)
    if (await connection.execute(same)).first() is not None and not command.insisted:
        raise Invalid(f"{command.name.strip()} is known already.", "Once more: it is somebody else.")
    await connection.execute(insert(StaffRow).values(id=command.staff_id, **values))


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLeaves(Command):
    """Somebody leaves the service, or comes back to it. What they did stays theirs."""

    staff_id: UUID
    back: bool = False


@verb(StaffLeaves)
async def staff_leaves(connection: AsyncConnection, command: StaffLeaves) -> None:
    """Refused by the record while they ride, or are to ride."""
    query = update(StaffRow).where(StaffRow.id == command.staff_id)
    if (await connection.execute(query.values(active=command.back))).rowcount == 0:
        raise Invalid("That is nobody in the record.")
