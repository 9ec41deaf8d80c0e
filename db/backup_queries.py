"""Reads and writes that backups and drills were made, the rows of ``cru.backup``; and when it was sealed last."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.backups import Made
from db.domain.seals import Sealed


async def backups_made(connection: AsyncConnection) -> tuple[Made, ...]:
    """What is known of the backups and of the drills; nothing where none are wanted, such as in practice."""
    rows = await connection.execute(text("SELECT * FROM cru.backups()"))
    return tuple(Made(row.what, row.last_at, row.failed_at, row.since_at) for row in rows)


async def write_backup(
    connection: AsyncConnection, what: str, *, worked: bool, of_at: datetime | None, rows: int, took: float
) -> None:
    """Write down, as the owner, that a backup or a drill was made.

    Args:
        connection: the owner's transaction.
        what: one of :data:`db.domain.backups.WHAT`.
        worked: whether it went well.
        of_at: the moment of the record that the file holds, UTC; None where there is no such file.
        rows: how many the file holds.
        took: seconds.
    """
    sql = text("SELECT cru.write_backup(:what, :worked, :of_at, :rows, :took)")
    given = {"what": what, "worked": worked, "of_at": of_at, "rows": rows, "took": took}
    await connection.execute(sql, given)


async def sealed(connection: AsyncConnection) -> Sealed:
    """What is known of the seal."""
    row = (await connection.execute(text("SELECT * FROM cru.sealed()"))).first()
    return Sealed(None) if row is None else Sealed(row.since_at, row.last_at)
