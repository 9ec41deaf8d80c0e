"""``admin restore``: a backup becomes a record on another server, whole or not at all."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import URL, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from db import migrate
from db.addresses import each_host
from db.admin.backup import programs
from db.admin.backup.file import BackupFile, Manifest
from db.admin.backup.making import count_rows
from db.admin.backup.roles import KeptRoles, RolesMade, drop_roles, make_roles
from db.admin.backup.way import way_to
from db.admin.where import as_owner, explained
from db.engine import connect
from db.errors import Conflict, Invalid, RecordError

_MAINTENANCE: Final = "postgres"
_quote = postgresql.dialect().identifier_preparer.quote_identifier  # type: ignore[no-untyped-call] # a plain class


@dataclass(frozen=True, slots=True)
class Restored:
    """A record that came out of a backup.

    Attributes:
        is_current: its schema is this program's; else the owner upgrades it.
        took: seconds.
    """

    manifest: Manifest
    roles: RolesMade
    is_current: bool
    took: float


async def restore(url: URL, backup: BackupFile) -> Restored:
    """Make a record of a backup; what was made is taken away again where that fails.

    Args:
        url: the new database, which need not be there, as one who may make databases and roles.
        backup: see :func:`db.admin.backup.file.open_backup`.

    Raises:
        RecordError: nothing was restored.
    """
    begun, manifest = time.monotonic(), backup.manifest
    if len(each_host(url)) > 1 or not url.database:
        raise Invalid(
            "A backup goes into one database on one server.", "Name them: --url postgresql://user@host/cru"
        )
    if not migrate.is_known(manifest.schema):
        raise Invalid(
            f"The backup is of a newer record (schema {manifest.schema}).", "Install the newer program here first."
        )
    kept = KeptRoles.read(backup.roles)
    made_database = await _database(url)
    made: RolesMade | None = None
    filled = False
    try:
        async with as_owner(url) as connection:
            server = await _fit(connection, manifest)
            made = await make_roles(connection, kept)
        await _fill(url, backup, server)
        filled = True
        async with as_owner(url) as connection:
            is_current = await _found_whole(connection, manifest)
    except BaseException:
        await asyncio.shield(_undo(url, made, database=made_database, schema=filled))
        raise
    return Restored(manifest, made, is_current, time.monotonic() - begun)


async def _database(url: URL) -> bool:
    """Make the database unless it is there. Returns whether it was made."""
    async with as_owner(url.set(database=_MAINTENANCE)) as connection:
        sql = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if (await connection.execute(sql, {"name": url.database})).first() is not None:
            return False
    # Of template0: what somebody put into the other is none of the record's.
    await _alone(url, f"CREATE DATABASE {_quote(url.database or '')} TEMPLATE template0 ENCODING 'UTF8'")
    return True


async def _fit(connection: AsyncConnection, manifest: Manifest) -> int:
    """The first number of the server's version. Raises where the record cannot go there."""
    there = text("SELECT to_regnamespace('cru') IS NOT NULL")
    if (await connection.execute(there)).scalar_one():
        raise Conflict(
            "There is a record in this database already.",
            "A backup never goes over a record: name a database that is empty, or not there yet.",
        )
    sql = text("SELECT current_setting('server_version_num')::int / 10000")
    server = int((await connection.execute(sql)).scalar_one())
    if server < manifest.server_major:
        raise Invalid(
            f"The backup is of PostgreSQL {manifest.server_major}, and this server is {server}.",
            f"Restore onto PostgreSQL {manifest.server_major} or newer.",
        )
    return server


async def _fill(url: URL, backup: BackupFile, server: int) -> None:
    tools = programs.to_restore(backup.manifest.written_by, server)
    async with way_to(each_host(url)[0]) as way:
        words = (
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-password",
            f"--dbname={way.target}",
        )
        await programs.writing(tools.path("pg_restore"), words, backup.dump(), way.passfile)


async def _found_whole(connection: AsyncConnection, manifest: Manifest) -> bool:
    """Count what came. Returns whether its schema is this program's."""
    differ = differences(manifest.rows, await count_rows(connection))
    if differ:
        raise Invalid(f"What was restored is not what was backed up: {differ}.", "Take another backup.")
    await connection.exec_driver_sql("ANALYZE")
    try:
        await migrate.require_current(connection)
    except RecordError:
        return False
    return True


def differences(wanted: Mapping[str, int], found: Mapping[str, int]) -> str:
    """The first tables that have other rows than they should, in words; empty for none."""
    apart = [name for name in sorted(wanted.keys() | found.keys()) if wanted.get(name) != found.get(name)]
    return ", ".join(f"{name} has {found.get(name, 0):,} of {wanted.get(name, 0):,} rows" for name in apart[:3])


async def _undo(url: URL, made: RolesMade | None, *, database: bool, schema: bool) -> None:
    """Leave the server as it was: what was made here, and nothing that somebody else may have made meanwhile.

    What cannot be taken away again harms nobody: no record is there.
    """
    with contextlib.suppress(RecordError):
        if database:
            await _alone(url, f"DROP DATABASE IF EXISTS {_quote(url.database or '')} WITH (FORCE)")
        elif schema:
            async with as_owner(url) as connection:
                await connection.exec_driver_sql("DROP SCHEMA cru CASCADE")
        if made is not None:
            async with as_owner(url.set(database=_MAINTENANCE)) as connection:
                await drop_roles(connection, made.made)


async def _alone(url: URL, statement: str) -> None:
    """Run what no transaction may hold, beside the database of an address."""
    async with explained():
        engine = connect(url.set(database=_MAINTENANCE), "cru-admin", answer_within=None)
        try:
            async with engine.connect() as opened:
                connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
                await connection.exec_driver_sql(statement)
        finally:
            await engine.dispose()
