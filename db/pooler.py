"""What stands between us and the server: nothing, or a pooler such as pgbouncer, and whose its sessions are."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

UNPREPARED: dict[str, Any] = {"statement_cache_size": 0}
"""How asyncpg is told to prepare each statement in the same breath as it is carried out, and nothing by name.

Between two breaths a pooler may go to another session, which knows nothing of the first.
"""
_SESSION = "SELECT pg_backend_pid()"


async def stands_between(connection: "Connection") -> bool:
    """Whether a pooler stands between: it gives a number of its own as that of our session.

    Asked by the simple protocol, since a prepared statement would be left behind in somebody else's session.
    """
    pid = connection.get_server_pid()
    return await connection.execute(f"SELECT WHERE pg_backend_pid() = {int(pid)}") != "SELECT 1"


async def keeps_session(one: "Connection", other: "Connection") -> bool:
    """Whether it leaves a session to its client between two transactions, so that LISTEN means anything.

    A pooler of transactions would hand our session to the other's transaction, or hand us a different one. To be
    asked of two connections that are thrown away: one of transactions with no session left lets both wait.
    """
    mine = await one.fetchval(_SESSION)
    await other.execute("BEGIN")
    its = await other.fetchval(_SESSION)
    return its != mine and all([await one.fetchval(_SESSION) == mine for _ in range(3)])
