"""A number that the program goes by is set, by a shift lead or the owner, within the bounds of the record."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.commands.seen import meanwhile
from db.errors import Invalid
from db.tables import RuleRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule(Command):
    """A setting has another value, in its own unit.

    Attributes:
        before: the value that the change was made from.
    """

    name: str
    value: float
    before: float


@verb(SetRule)
async def set_rule(connection: AsyncConnection, command: SetRule) -> None:
    """Told, if somebody else set it meanwhile."""
    rule = RuleRow
    query = select(rule.value, rule.author).where(rule.name == command.name, rule.active)
    row = (await connection.execute(query.with_for_update(key_share=True))).first()
    if row is None:
        raise Invalid("That setting is not in the record.")
    if row.value != command.before:
        raise await meanwhile(connection, row.author, f"set it to {row.value:g}")
    await connection.execute(update(rule).where(rule.name == command.name).values(value=command.value))
