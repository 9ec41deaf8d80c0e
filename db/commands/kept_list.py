"""A row of a list is added, worded anew, taken out of use or brought back, by a shift lead or the owner."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Table, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.commands.seen import meanwhile
from db.domain.kept_lists import LISTS, KeptList, Value, code_for
from db.errors import Conflict, Invalid
from db.tables import Base

_BY_NAME = {table.name: table for table in Base.metadata.tables.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveListed(Command):
    """What a row says.

    Attributes:
        table: which list.
        values: by column. A list's own code is made from its label when a row is added.
        before: what it said when the change was begun, with what tells it from the others; empty for a new row.
    """

    table: str
    values: Mapping[str, Value]
    before: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireListed(Command):
    """A row is not offered any more, or offered again. What was said by it stays."""

    table: str
    key: Mapping[str, Value]
    back: bool = False


@verb(SaveListed)
async def save_listed(connection: AsyncConnection, command: SaveListed) -> None:
    """Told, if somebody else changed it meanwhile, or it is there already."""
    kept = _list(command.table)
    table, given = _BY_NAME[kept.table], dict(command.values)
    if not command.before:
        await _add(connection, kept, table, given)
        return
    where = _where(kept, table, command.before)
    row = (await connection.execute(select(table).where(where).with_for_update(key_share=True))).mappings().first()
    if row is None:
        raise Invalid("That is not in the list any more.")
    if any(row[name] != value for name, value in command.before.items()):
        raise await meanwhile(connection, row["author"], "changed it")
    changed = {name: value for name, value in given.items() if name not in kept.key and row[name] != value}
    if changed:
        await connection.execute(update(table).where(where).values(changed))


@verb(RetireListed)
async def retire_listed(connection: AsyncConnection, command: RetireListed) -> None:
    """Nothing happens to one that is so already."""
    kept = _list(command.table)
    table = _BY_NAME[kept.table]
    change = update(table).where(_where(kept, table, command.key)).values(active=command.back)
    if (await connection.execute(change)).rowcount == 0:
        raise Invalid("That is not in the list any more.")


def _list(name: str) -> KeptList:
    if name not in LISTS:
        raise Invalid("There is no such list.")
    return LISTS[name]


def _where(kept: KeptList, table: Table, values: Mapping[str, Value]) -> ColumnElement[bool]:
    return and_(*(table.columns[name] == values[name] for name in kept.key))


async def _add(connection: AsyncConnection, kept: KeptList, table: Table, given: dict[str, Value]) -> None:
    if kept.coded:
        taken = set((await connection.execute(select(table.columns[kept.coded]))).scalars())
        given[kept.coded] = code_for(str(given[kept.label]), taken)
    if "rank" in table.columns and given.get("rank") is None:
        last = select(func.coalesce(func.max(table.columns["rank"]), 0) + 1)
        given["rank"] = (await connection.execute(last)).scalar_one()
    # Two that are called alike would be chosen between by chance.
    alike = [table.columns[name] == given[name] for name in (*kept.key, kept.label) if name != kept.coded]
    if (await connection.execute(select(table).where(and_(*alike)))).first() is not None:
        raise Conflict("That is in the list already.", "Change that one, or bring it back.")
    await connection.execute(insert(table).values(given))
