"""Tells the record where a console is now. It keeps no history of it."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_HERE = text("SELECT cru.be_present(:console, :referral, :typing)")
_GONE = text("SELECT cru.be_gone(:console)")


async def be_present(connection: AsyncConnection, console: UUID, referral_id: UUID | None, typing: bool) -> None:
    """Say which referral a console shows, and whether somebody types in it; consoles long silent go."""
    await connection.execute(_HERE, {"console": console, "referral": referral_id, "typing": typing})


async def be_gone(connection: AsyncConnection, console: UUID) -> None:
    """Say that a console leaves."""
    await connection.execute(_GONE, {"console": console})
