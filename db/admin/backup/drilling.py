"""``admin drill``: a backup is worth what comes out of it, so it is restored into a server that is thrown away."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import migrate
from db.admin import users
from db.admin.backup.file import BackupFile
from db.admin.backup.judging import KnownBefore, feed_of, judge
from db.admin.backup.restoring import Restored, restore
from db.admin.check import check
from db.admin.where import as_owner, explained
from db.errors import Invalid
from db.local import DATABASE
from db.server import EmbeddedServer
from db.server.account import make_reachable, serving_account


@dataclass(frozen=True, slots=True)
class Drill:
    """What came of it.

    Attributes:
        lost: what would be lost if the record were lost now: the age of the backup (RPO).
        sealed: what the verifier says of it.
        said: what ``admin check`` says of the record that came out, beside that all is well.
        restored: what came out of the file, and how long that took (RTO, once file and server are there).
    """

    restored: Restored
    lost: timedelta
    said: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()


async def drill(backup: BackupFile, folder: Path | None = None, known: KnownBefore | None = None) -> Drill:
    """Restore a backup into a server of its own, look whether it is a record, and remove both again.

    Args:
        backup: see :func:`db.admin.backup.file.open_backup`.
        folder: where the server lives meanwhile; the computer's folder for what is temporary when None.
        known: what its audit is judged by, beside itself.

    Raises:
        RecordError: the backup is worth nothing, or no server runs here.
    """
    async with _thrown_away(folder) as url:
        restored = await restore(url, backup)
        if not restored.is_current:
            # The upgrade that would follow is part of the way back.
            async with explained():
                await migrate.upgrade(url)
        said = await _proven(url)
        sealed = await _as_sealed(url, known or KnownBefore())
    return Drill(restored, datetime.now(UTC) - backup.manifest.of_at, said, sealed)


def _place(folder: Path | None) -> Path:
    made = Path(tempfile.mkdtemp(prefix="cru-drill-", dir=folder))
    account = serving_account()
    if account is not None:
        # Another user runs the server, who has to walk there.
        made.chmod(0o711)
        make_reachable(made / "record", account)
    return made


@asynccontextmanager
async def _thrown_away(folder: Path | None) -> AsyncIterator[URL]:
    place = await asyncio.to_thread(_place, folder)
    try:
        server = EmbeddedServer(place / "record")
        address = await server.start()
        try:
            yield address.superuser_url(DATABASE)
        finally:
            await server.stop()
    finally:
        await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)


async def _proven(url: URL) -> tuple[str, ...]:
    """Look at the record as its owner would. Raises where it is not sound; returns what else is said of it."""
    async with explained():
        said = tuple([str(line) async for line in check(url) if not line.ok])
    async with as_owner(url) as connection:
        await migrate.require_current(connection)
        await _rules_stand(connection)
        nobody = [one.login for one in await users.list_users(connection) if _is_shut_out(one)]
    if nobody:
        named = ", ".join(nobody[:3])
        raise Invalid(f"What was restored is not sound: nobody can sign in as {named}.", "Take another backup.")
    return said


async def _as_sealed(url: URL, known: KnownBefore) -> tuple[str, ...]:
    """What the verifier says. Raises where the record is not what was sealed."""
    async with feed_of(url) as feed:
        verdict = await judge(feed, known)
    if not verdict.well:
        said = verdict.lines[1]
        raise Invalid(f"What was restored is not what was sealed: {said}.", "Look: main.py admin verify FILE")
    return verdict.lines


def _is_shut_out(user: users.Account) -> bool:
    return user.disabled_at is None and not (user.may_sign_in and user.groups)


async def _rules_stand(connection: AsyncConnection) -> None:
    sql = text(
        "SELECT count(*) FILTER (WHERE tgenabled <> 'O') AS off, count(*) AS every FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'cru'::regnamespace AND NOT tgisinternal"
    )
    row = (await connection.execute(sql)).one()
    if row.off or not row.every:
        raise Invalid(
            "What was restored is not sound: rules of the record are switched off.", "Look at its triggers."
        )
