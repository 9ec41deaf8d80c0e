"""Bring a database to the schema that this program needs, and tell one that is older or newer."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import connect
from db.errors import Invalid
from db.tables import SCHEMA

_SCRIPTS = Path(__file__).resolve().parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision that this program was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise Invalid("This installation has no migrations.", "Install the program again.")
    return head


def _upgrade(connection: Connection) -> None:
    # Two consoles that start at once on a new database must not both build it, nor its schema.
    connection.execute(text("SELECT pg_advisory_xact_lock(4242)"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    command.upgrade(_config(connection), "head")


async def upgrade(url: URL) -> None:
    """Create or upgrade the schema as the owner.

    Raises:
        Invalid: the database was made by a newer program.
    """
    engine = connect(url, "cru-admin", answer_within=None)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    except CommandError as error:
        raise Invalid(
            "The record was made by a newer version of this program.", "Install the newer version here too."
        ) from error
    finally:
        await engine.dispose()


def _compare(connection: Connection) -> None:
    command.check(_config(connection))


async def check_models(url: URL) -> None:
    """Raise if the tables in code and in the database differ (``alembic check``)."""
    engine = connect(url, "cru-admin", answer_within=None)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_compare)
    finally:
        await engine.dispose()


def _current(connection: Connection) -> str | None:
    options = {"version_table_schema": SCHEMA}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


async def require_current(connection: AsyncConnection) -> None:
    """Refuse to work on a database whose schema is not the one this program needs.

    Raises:
        Invalid: no schema, an older one, or a newer one; the sentence says which and what to do.
    """
    found = await connection.run_sync(_current)
    if found == newest():
        return
    if found is None:
        raise Invalid(
            "This database holds no referral record yet, or this user may not see it.",
            'The owner creates it with "main.py admin upgrade" and adds users with "main.py admin add-user".',
        )
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found in known:
        raise Invalid(
            "The record is older than this program.", 'The owner upgrades it with "main.py admin upgrade".'
        )
    raise Invalid(
        "The record was made by a newer version of this program.",
        "Install the newer version on this computer.",
    )
