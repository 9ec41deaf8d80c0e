"""Rows of a table as they are, without the class that maps it.

A console reads all that is configurable before its board is there, and those classes take longer to load than it
takes to be read.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def listed(connection: AsyncConnection, table: str, also: str = "", **given: object) -> Sequence[Row[Any]]:
    """All columns of rows.

    Args:
        connection: in a transaction.
        table: its name; a word of the program's own, as ``also`` is.
        also: which rows and in what order, as SQL.
        given: what ``also`` names.
    """
    query = text(f"SELECT * FROM cru.{table} {also}")  # noqa: S608 - words of the program's own
    return (await connection.execute(query, given)).all()
