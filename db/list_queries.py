"""What a shift lead reads of the lists that are kept: each row with who set it, and when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.kept_lists import LISTS, Value
from db.tables import Base

_BY_NAME = {table.name: table for table in Base.metadata.tables.values()}


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of a list.

    Attributes:
        values: by column, those that tell it from the others too.
        author: the login that set it, or the set that it came with.
    """

    values: dict[str, Value]
    active: bool
    author: str
    dated: date


async def kept_rows(connection: AsyncConnection, table: str) -> list[KeptRow]:
    """The rows of a list, those that are out of use last. For a shift lead.

    Raises:
        KeyError: there is no such list.
    """
    columns = _BY_NAME[LISTS[table].table].columns
    names = [*dict.fromkeys((*LISTS[table].key, *(one.name for one in LISTS[table].columns)))]
    order = [columns[name] for name in ("kind", "rank", "name", "code", "priority") if name in columns]
    query = select(columns["active"], columns["author"], columns["dated"], *(columns[name] for name in names))
    found = await connection.execute(query.order_by(~columns["active"], *order))
    return [KeptRow(dict(zip(names, row[3:], strict=True)), *row[:3]) for row in found]
