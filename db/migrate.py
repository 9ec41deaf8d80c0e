"""Bring a database to the schema that this program needs, and tell one that is older or newer."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import connect
from db.errors import Invalid
from db.holding_up import kept_clear
from db.tables.base import SCHEMA

# A lock that only the schema's owner can take, until the transaction ends. Any login could take one by a number.
ALONE = f"COMMENT ON SCHEMA {SCHEMA} IS 'The shared referral record of the CRU console'"
LEFT = " (out of order, left as it is)"
# Building takes longer than a whole start, and most starts only look whether the schema fits.
if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).resolve().parent / "migrations"


def _config(connection: Connection | None = None) -> "Config":
    from alembic.config import Config

    config = Config()
    # In these files a "%" begins a reference, also where it is part of a folder's name.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revisions() -> list[str]:
    """Every revision that this program knows, oldest first: each file's name begins with its own."""
    # By their names: to ask Alembic would import it, and every revision, at each start.
    return sorted(path.name.partition("_")[0] for path in (_SCRIPTS / "versions").glob("[0-9]*_*.py"))


def is_known(revision: str) -> bool:
    """Whether this program knows a revision; it does not know those of newer ones."""
    return revision in _revisions()


def newest() -> str:
    """The revision that this program was written for."""
    known = _revisions()
    if not known:
        raise Invalid("This installation has no migrations.", "Install the program again.")
    return known[-1]


def _upgrade(connection: Connection, to: str) -> Mapping[str, int]:
    from alembic import command

    before = _last_mended(connection)
    command.upgrade(_config(connection), to)
    if to == "head":
        # Whoever got a login by hand since.
        connection.execute(text("SELECT cru.limit_sessions()"))
    return _mended(connection, before)


def _alone(connection: Connection) -> None:
    """Two consoles that start at once on a new database must not both build it, nor its schema."""
    with suppress(IntegrityError), connection.begin_nested():
        # Whoever makes the same schema at the same moment waits here for the other.
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    connection.execute(text(ALONE))


def _last_mended(connection: Connection) -> int | None:
    """The number of the newest entry in the list of what was mended; None if there is no such list yet."""
    if connection.execute(text("SELECT to_regclass('cru.mended')")).scalar_one() is None:
        return None
    return int(connection.execute(text("SELECT coalesce(max(id), 0) FROM cru.mended")).scalar_one())


def _mended(connection: Connection, since: int | None) -> Mapping[str, int]:
    if _last_mended(connection) is None:
        return {}
    counted = text(
        "SELECT table_name || '.' || column_name || CASE WHEN was = now THEN :left ELSE '' END AS name,"
        " count(*) AS n FROM cru.mended WHERE id > :since GROUP BY 1 ORDER BY 1"
    )
    given = {"since": since or 0, "left": LEFT}
    return {row.name: row.n for row in connection.execute(counted, given)}


async def upgrade(
    url: URL, to: str = "head", *, told: Callable[[str], None] = lambda _: None
) -> Mapping[str, int]:
    """Create or upgrade the schema as the owner.

    A session of a user that sleeps in a transaction and holds it up is ended.

    Args:
        url: the owner's connection.
        to: the revision to stop at; the newest if left out.
        told: is told whose sessions were ended.

    Returns:
        How many values had to be mended, by ``table.column``; the values are in ``cru.mended``. A name that ends
        in :data:`LEFT` is of values that are wrong and were left, since only a person knows what is right.

    Raises:
        Invalid: the database was made by a newer program.
        Busy: somebody else's session holds it up, such as a backup's; nothing was changed.
    """
    # In a thread, since the window is open already and importing it would hold up the loop.
    await asyncio.to_thread(import_module, "alembic.command")
    from alembic.util.exc import CommandError

    engine = connect(url, "cru-admin", answer_within=None)
    try:
        # All revisions in one transaction: an upgrade that fails half-way leaves the record as it was.
        async with engine.begin() as connection:
            await connection.run_sync(_alone)
            async with kept_clear(url, connection) as held_up:
                mended = await connection.run_sync(_upgrade, to)
            for name in held_up.ended:
                told(f"Ended a session that held up the upgrade: {name}.")
            return mended
    except CommandError as error:
        raise Invalid(
            "The record was made by a newer version of this program.", "Install the newer version here too."
        ) from error
    finally:
        await engine.dispose()


def _compare(connection: Connection) -> None:
    from alembic import command

    command.check(_config(connection))


async def check_models(url: URL) -> None:
    """Raise if the tables in code and in the database differ (``alembic check``)."""
    engine = connect(url, "cru-admin", answer_within=None)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_compare)
    finally:
        await engine.dispose()


async def _current(connection: AsyncConnection) -> str | None:
    there = text("SELECT to_regclass(:name)")
    if (await connection.execute(there, {"name": f"{SCHEMA}.alembic_version"})).scalar_one() is None:
        return None
    found = await connection.execute(text(f"SELECT version_num FROM {SCHEMA}.alembic_version"))  # noqa: S608 - our own
    return found.scalar_one_or_none()


async def require_current(connection: AsyncConnection) -> None:
    """Refuse to work on a database whose schema is not the one this program was written for.

    Raises:
        Invalid: no schema, an older one, or a newer one; the sentence says which and what to do.
    """
    if await _fits(connection) != newest():
        raise _NEWER


async def require_served(connection: AsyncConnection) -> bool:
    """Refuse to work on a database whose schema does not serve this program.

    Returns:
        Whether the schema is a newer one, which serves this program all the same.

    Raises:
        Invalid: no schema, an older one, or one that serves only newer programs; the sentence says which.
    """
    found = await _fits(connection)
    if found == newest():
        return False
    asked = text("SELECT to_regprocedure('cru.oldest_program()') IS NOT NULL")
    if (await connection.execute(asked)).scalar_one():
        oldest = (await connection.execute(text("SELECT cru.oldest_program()"))).scalar_one()
        if is_served(oldest):
            return True
    raise _NEWER


def is_served(oldest: str) -> bool:
    """Whether a schema that serves programs from that revision on serves this one."""
    return oldest <= newest()


_NEWER = Invalid(
    "The record was made by a newer version of this program.", "Install the newer version on this computer."
)


async def _fits(connection: AsyncConnection) -> str:
    """The revision of a schema that is no older than this program. Raises Invalid."""
    found = await _current(connection)
    if found is None:
        raise Invalid(
            "This database holds no referral record yet, or this user may not see it.",
            'The owner creates it with "main.py admin upgrade" and adds users with "main.py admin add-user".',
        )
    if found != newest() and is_known(found):
        raise Invalid(
            "The record is older than this program.", 'The owner upgrades it with "main.py admin upgrade".'
        )
    return found
