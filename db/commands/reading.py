"""Read what was written with the program's reader, and let the record know what was found."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.danger import Finding, digest, read
from db.domain.reference import ObservationLimit, ScreeningItem, ScreeningTool
from db.tables import ReadingRow, ScreeningItemRow
from db.tables.gate import ToolLimitRow

# The narrative first; whatever is read is read by the version that counts for it.
_UNREAD = text(
    "SELECT NULL::bigint AS id, narrative AS words, tool_version FROM cru.to_be_read(:referral)"
    " UNION ALL SELECT id, words, cru.tool_in_force() FROM cru.unread_words(:referral)"
)


async def read_narrative(connection: AsyncConnection, referral_id: UUID) -> None:
    """Read the narrative as it stands there now, unless that was done with the same version of the tool.

    Called by every command that writes words or asks for a step: no step waits for somebody to ask for it.
    Notes, calls and entries of the shift log are read with it, also those of another program: they meet the
    same gate as those that were typed.
    """
    for said in (await connection.execute(_UNREAD, {"referral": referral_id})).all():
        if said.tool_version is not None:
            tool = await _tool(connection, said.tool_version)
            # That nothing was found is kept too, so that it is read once.
            await _keep(connection, referral_id, tool, said.words, read(tool, said.words), said.id)


async def _tool(connection: AsyncConnection, version: int) -> ScreeningTool:
    item = ScreeningItemRow
    query = select(item.key, item.section, item.text, item.watch_words).where(item.tool_version == version)
    # Only what the reader asks of a question: this runs in the transaction of a step, while it holds its locks.
    found = await connection.execute(query.order_by(item.ordinal))
    items = tuple(ScreeningItem(row.key, row.section, row.text, tuple(row.watch_words)) for row in found)
    limit = ToolLimitRow
    bounds = select(limit.measure, limit.low, limit.high).where(limit.tool_version == version)
    limits = tuple(ObservationLimit(*row) for row in await connection.execute(bounds))
    return ScreeningTool(version, "", items, limits=limits)


async def _keep(
    connection: AsyncConnection,
    referral_id: UUID,
    tool: ScreeningTool,
    words: str,
    found: Sequence[Finding],
    event_id: int | None,
) -> None:
    values = {
        "referral_id": referral_id,
        "tool_version": tool.version,
        "text_digest": digest(words),
        "event_id": event_id,
        "found": [{"key": one.key, "word": one.word, "said": one.said} for one in found],
    }
    await connection.execute(insert(ReadingRow).values(values))
