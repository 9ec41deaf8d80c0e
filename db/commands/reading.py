"""Read what was written with the program's reader, and let the record know what was found."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.danger import Finding, digest, read
from db.domain.reference import ScreeningItem, ScreeningTool
from db.tables import ReadingRow, ScreeningItemRow

_UNREAD_WORDS = text("SELECT id, words FROM cru.unread_words(:referral)")


async def read_narrative(connection: AsyncConnection, referral_id: UUID) -> None:
    """Read the narrative as it stands there now, unless that was done with the same version of the tool.

    Called by every command that writes words or asks for a step: no step waits for somebody to ask for it.
    Notes, calls and entries of the shift log are read with it, also those of another program: they meet the
    same gate as those that were typed.
    """
    query = text("SELECT narrative, tool_version FROM cru.to_be_read(:referral)")
    row = (await connection.execute(query, {"referral": referral_id})).first()
    if row is not None:
        tool = await _tool(connection, row.tool_version)
        await _keep(connection, referral_id, tool, row.narrative, read(tool, row.narrative))
    for said in (await connection.execute(_UNREAD_WORDS, {"referral": referral_id})).all():
        await _read_words(connection, referral_id, said.id, said.words)


async def _read_words(connection: AsyncConnection, referral_id: UUID, event_id: int, words: str) -> None:
    """Read a note or what was said; that nothing was found is kept too, so that it is read once."""
    query = text("SELECT cru.tool_in_force()")
    version = (await connection.execute(query)).scalar_one()
    if version is None:
        return
    tool = await _tool(connection, version)
    await _keep(connection, referral_id, tool, words, read(tool, words), event_id)


async def _tool(connection: AsyncConnection, version: int) -> ScreeningTool:
    item = ScreeningItemRow
    query = select(item.key, item.section, item.text, item.watch_words).where(item.tool_version == version)
    # Only what the reader asks of a question: this runs in the transaction of a step, while it holds its locks.
    found = await connection.execute(query.order_by(item.ordinal))
    items = (ScreeningItem(row.key, row.section, row.text, tuple(row.watch_words)) for row in found)
    return ScreeningTool(version, "", tuple(items))


async def _keep(
    connection: AsyncConnection,
    referral_id: UUID,
    tool: ScreeningTool,
    words: str,
    found: Sequence[Finding],
    event_id: int | None = None,
) -> None:
    values = {
        "referral_id": referral_id,
        "tool_version": tool.version,
        "text_digest": digest(words),
        "event_id": event_id,
        "found": [{"key": one.key, "word": one.word, "said": one.said} for one in found],
    }
    await connection.execute(insert(ReadingRow).values(values))
