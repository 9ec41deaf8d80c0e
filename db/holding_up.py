"""An upgrade stands behind no session that sleeps, nor the room behind an upgrade that waits for one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import asyncpg
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import LOCK_NOT_AVAILABLE, connect
from db.errors import Busy

WAITS_MOST = 4.0
"""Seconds that an upgrade waits for one lock: all who come after stand behind it."""
_LOOK_EACH = 0.25
_GRACE = 1.0
# By the catalogue alone: a table of ours may be what the upgrade has locked.
_HOLDERS = text(
    "SELECT a.pid, a.application_name || ' (' || a.usename || ')' AS name, EXISTS ("
    " SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = a.usesysid"
    " AND g.rolname IN ('cru_viewer', 'cru_dispatcher', 'cru_shift_lead', 'cru_gateway', 'cru_sealer'))"
    " AND NOT r.rolsuper AND NOT r.rolcreaterole AS is_user"
    " FROM unnest(pg_blocking_pids(:pid)) b(pid) JOIN pg_stat_activity a ON a.pid = b.pid"
    " JOIN pg_roles r ON r.oid = a.usesysid"
)


@dataclass(slots=True)
class HeldUp:
    """What stood in the way.

    Attributes:
        ended: the sessions that were ended, as ``cru-console (a.shah)``.
        by: who holds it up now.
    """

    ended: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)


@asynccontextmanager
async def kept_clear(url: URL, connection: AsyncConnection) -> AsyncIterator[HeldUp]:
    """End what holds up this transaction for a second, where it is a session of a user of the record.

    A console that loses its session opens another. Sessions of anybody else, such as a backup's, are left alone.

    Args:
        url: the owner's.
        connection: its transaction must not be held up; each of its locks is waited for ``WAITS_MOST`` seconds.

    Raises:
        Busy: somebody held it up whom it may not end, or it may end nobody. Nothing was changed.
    """
    pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    await connection.execute(text(f"SET LOCAL lock_timeout = '{WAITS_MOST}s'"))
    found = HeldUp()
    watch = asyncio.create_task(_watch(url, pid, found))
    try:
        yield found
    except (DBAPIError, asyncpg.PostgresError) as error:
        if getattr(getattr(error, "orig", error), "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        who = ", ".join(found.by) or "Somebody"
        raise Busy(
            f"{who} holds up the upgrade; nothing was changed.", "Run it again when that has ended."
        ) from error
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def _watch(url: URL, pid: int, found: HeldUp) -> None:
    # Most upgrades are held up by nobody, and over before anybody looks.
    await asyncio.sleep(_LOOK_EACH)
    engine = connect(url, "cru-admin-watch")
    looks: dict[int, int] = {}
    try:
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as asking:
            while True:
                await asyncio.sleep(_LOOK_EACH)
                rows = (await asking.execute(_HOLDERS, {"pid": pid})).all()
                found.by = [row.name for row in rows] or found.by
                looks = {row.pid: looks.get(row.pid, 0) + 1 for row in rows}
                for row in rows:
                    if row.is_user and looks[row.pid] * _LOOK_EACH >= _GRACE:
                        await _end(asking, row.pid, row.name, found)
    finally:
        await engine.dispose()


async def _end(asking: AsyncConnection, pid: int, name: str, found: HeldUp) -> None:
    # Put down first: the upgrade may be over before the answer is here.
    found.ended.append(name)
    try:
        await asking.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    except DBAPIError:
        # An owner who is no superuser may not everywhere; the upgrade then says who it is.
        found.ended.remove(name)
