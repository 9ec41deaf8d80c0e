"""Which record this is, and where it stands now."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class RecordIdentity:
    """What tells one record from another.

    Attributes:
        record: the number drawn at its birth: the same after a failover, and in a backup that was restored.
        place: server and database; another one in a backup that was restored elsewhere, or a copy.
    """

    record: str
    place: str


async def identity(connection: AsyncConnection) -> RecordIdentity | None:
    """Which record somebody is signed in to; None on a standby, which takes nothing down."""
    life: str = (await connection.execute(text("SELECT cru.record_life()"))).scalar_one()
    if not life:
        return None
    system, _timeline, database, _list, record = life.split(":")
    return RecordIdentity(record, f"{system}:{database}")
