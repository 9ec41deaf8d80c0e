"""``admin backup``: the record, its roles and what both must be, in one picture and in one file."""

import asyncio
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.addresses import each_host
from db.admin.backup import programs
from db.admin.backup.file import DUMP, ROLES, BackupWriter, Manifest
from db.admin.backup.roles import KeptRoles, roles_of
from db.admin.backup.way import way_to
from db.admin.where import as_owner
from db.backup_queries import write_backup
from db.domain.backups import BACKUP
from db.errors import Invalid, RecordError, Unavailable
from db.geo.quick_copy import whole_file

NOT_COPIED: Final = "change"
"""The list of what changed lately: it counts by the transactions of one server, and says nothing on another."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made.

    Attributes:
        size: of the file, bytes.
        took: seconds.
        tools: the first number of the version of the program that wrote the dump.
    """

    manifest: Manifest
    roles: KeptRoles
    fingerprint: str
    size: int
    took: float


async def back_up(url: URL, path: Path, *, tools: programs.Tools | None = None) -> Backup:
    """Write the record into a new file that only its owner may read, and write down that it was done.

    Args:
        url: the record, as its owner.
        path: the file; its folder is made when missing.
        tools: the programs to do it with; those that fit the server when None.

    Raises:
        RecordError: it was not done; there is no such file then.
    """
    if await asyncio.to_thread(path.exists):
        raise Invalid(f"{path.name} is there already.", "Name another file; an older backup is never overwritten.")
    begun = time.monotonic()
    try:
        manifest, roles, fingerprint = await _written(url, path, tools)
    except RecordError:
        await note(url, BACKUP, worked=False, of_at=None, rows=0, took=time.monotonic() - begun)
        raise
    took = time.monotonic() - begun
    await note(url, BACKUP, worked=True, of_at=manifest.of_at, rows=manifest.row_count, took=took)
    size = (await asyncio.to_thread(path.stat)).st_size
    return Backup(manifest, roles, fingerprint, size, took)


async def note(url: URL, what: str, *, worked: bool, of_at: datetime | None, rows: int, took: float) -> None:
    """Write down in the record what was made; one that cannot be reached, or is older, knows nothing of it."""
    knows = text("SELECT to_regclass('cru.backup')")
    try:
        async with as_owner(url) as connection:
            if (await connection.execute(knows)).scalar_one() is not None:
                await write_backup(connection, what, worked=worked, of_at=of_at, rows=rows, took=took)
    except RecordError:
        if worked:
            raise


async def _written(url: URL, path: Path, tools: programs.Tools | None) -> tuple[Manifest, KeptRoles, str]:
    try:
        with whole_file(path) as out:
            made = await _write(url, out, tools)
            out.flush()
            # A file whose name outlives a loss of power before its bytes do is no backup.
            await asyncio.to_thread(os.fsync, out.fileno())
            return made
    except OSError as error:
        if isinstance(error, ConnectionError):
            raise Unavailable("The link to the server broke off.", "Do it again.") from error
        raise Unavailable(
            f"{path} cannot be written.", "Check the folder, its rights and the room on its disk."
        ) from error


async def _write(url: URL, out: BinaryIO, tools: programs.Tools | None) -> tuple[Manifest, KeptRoles, str]:
    async with as_owner(url) as connection:
        # One picture for the dump and for all that is counted; it lasts for as long as this transaction.
        await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            await connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
        picture = (await connection.execute(text("SELECT pg_export_snapshot()"))).scalar_one()
        seen = await _seen(connection)
        used = tools or programs.to_dump(seen.server_major)
        with BackupWriter(out) as writer:
            roles = await roles_of(connection)
            with writer.part(ROLES) as take:
                take(json.dumps(roles.as_json(), sort_keys=True).encode())
            with writer.part(DUMP) as take:
                await _dump(await _host_of(connection, url), used, picture, take)
            rows = await count_rows(connection)
            manifest = Manifest(
                seen.schema,
                seen.server,
                seen.server_major,
                used.major,
                seen.of_at,
                seen.record,
                rows,
                writer.parts,
            )
            return manifest, roles, writer.seal(manifest)


async def _dump(url: URL, tools: programs.Tools, picture: str, take: Callable[[bytes], None]) -> None:
    async with way_to(url) as way:
        words = (
            "--format=custom",
            "--schema=cru",
            f"--exclude-table-data=cru.{NOT_COPIED}",
            f"--snapshot={picture}",
            "--lock-wait-timeout=60s",
            "--no-password",
            f"--dbname={way.target}",
        )
        await programs.reading(tools.path("pg_dump"), words, take, way.passfile)


@dataclass(frozen=True, slots=True)
class _Seen:
    schema: str
    server: str
    server_major: int
    of_at: datetime
    record: str


async def _seen(connection: AsyncConnection) -> _Seen:
    there = text(
        "SELECT to_regclass('cru.alembic_version') IS NOT NULL AND to_regclass('cru.service') IS NOT NULL"
    )
    if not (await connection.execute(there)).scalar_one():
        raise Invalid("This database holds no referral record.", "Name another one with --url.")
    sql = text(
        "SELECT (SELECT version_num FROM cru.alembic_version) AS schema, clock_timestamp() AS of_at,"
        " split_part(current_setting('server_version'), ' ', 1) AS server,"
        " current_setting('server_version_num')::int / 10000 AS major,"
        " coalesce((SELECT epoch::text FROM cru.service), '') AS record"
    )
    row = (await connection.execute(sql)).one()
    return _Seen(row.schema, row.server, row.major, row.of_at, row.record)


async def count_rows(connection: AsyncConnection) -> dict[str, int]:
    """How many rows each table of the record has, those of a partitioned one together."""
    sql = text(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'cru'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND relname <> :not_copied ORDER BY 1"
    )
    names = (await connection.execute(sql, {"not_copied": NOT_COPIED})).scalars().all()
    counted = {}
    for name in names:
        found = await connection.exec_driver_sql(f'SELECT count(*) FROM cru."{name}"')  # noqa: S608 - the catalogue's
        counted[name] = int(found.scalar_one())
    return counted


async def _host_of(connection: AsyncConnection, url: URL) -> URL:
    """The one host of an address that this connection goes to: a picture is known on its own server alone."""
    hosts = each_host(url)
    if len(hosts) == 1:
        return hosts[0]
    ours = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    for host in hosts:
        try:
            async with as_owner(host) as other:
                sql = text("SELECT 1 FROM pg_stat_activity WHERE pid = :pid AND application_name = 'cru-admin'")
                writes = not (await other.execute(text("SELECT pg_is_in_recovery()"))).scalar_one()
                if writes and (await other.execute(sql, {"pid": ours})).first() is not None:
                    return host
        except RecordError:
            continue
    raise Unavailable("The server that holds the record moved meanwhile.", "Do it again.")
