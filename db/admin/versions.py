"""The life of the screening tool's versions: who approved one, and from when it is asked."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Invalid


async def approve(connection: AsyncConnection, version: int, name: str, profession: str) -> None:
    """Record that a named person approved a version, as what.

    Raises:
        Invalid: there is no such version, or nobody is named.
    """
    await _must_be_there(connection, version)
    await _step(connection, version, "approved", name=name, profession=profession)


async def bring_into_force(connection: AsyncConnection, version: int, at: datetime | None) -> None:
    """Ask a version from a moment on (aware), or from now; it retires the one before.

    Raises:
        Invalid | NotAllowed | Conflict: there is no such version, or the record refuses it.
    """
    await _must_be_there(connection, version)
    await _step(connection, version, "in force", at=at)


async def _must_be_there(connection: AsyncConnection, version: int) -> None:
    found = await connection.execute(text("SELECT version FROM cru.screening_tool ORDER BY version"))
    there = list(found.scalars())
    if version not in there:
        raise Invalid(f"There is no version {version}.", f"There are: {', '.join(map(str, there)) or 'none'}.")


async def _step(
    connection: AsyncConnection,
    version: int,
    step: str,
    *,
    name: str = "",
    profession: str = "",
    at: datetime | None = None,
) -> None:
    sql = text(
        "INSERT INTO cru.tool_life (tool_version, step, name, profession, from_at)"
        " VALUES (:version, :step, :name, :profession, coalesce(:at, cru.clock_now()))"
    )
    given = {"version": version, "step": step, "name": name, "profession": profession, "at": at}
    await connection.execute(sql, given)
