"""Reads parts of the sealed tree: what the sealer goes on from, and what shows a console that it was continued."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_PARTS = text("SELECT cru.sealed_parts(CAST(:levels AS int[]), CAST(:indexes AS bigint[]))")


async def parts_of(connection: AsyncConnection, wanted: Sequence[tuple[int, int]]) -> list[bytes | None]:
    """The hashes of parts of the sealed tree, as the record tells them; None for one that is not whole."""
    given = {"levels": [level for level, _ in wanted], "indexes": [index for _, index in wanted]}
    return list((await connection.execute(_PARTS, given)).scalar_one() or [])
