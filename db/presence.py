"""Tells the record where a console is now. It keeps no history of it."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from db.listener import Connection

_HERE = "SELECT cru.be_present($1, $2, $3)"
_GONE = text("SELECT cru.be_gone(:console)")


async def be_present(connection: "Connection", console: UUID, referral_id: UUID | None, *, typing: bool) -> None:
    """Say which referral a console shows, and whether somebody types in it; consoles long silent go.

    On the driver's own connection: it goes with the beat of the board.
    """
    await connection.execute(_HERE, console, referral_id, typing)


async def be_gone(connection: AsyncConnection, console: UUID) -> None:
    """Say that a console leaves."""
    await connection.execute(_GONE, {"console": console})
