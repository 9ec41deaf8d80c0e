"""``admin backup``, ``admin restore`` and ``admin drill``: what is asked, and what is said."""

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import URL, text

from db.admin.backup.drilling import Drill, drill
from db.admin.backup.file import BackupFile, open_backup
from db.admin.backup.judging import add_known, known_of
from db.admin.backup.making import Backup, back_up, note
from db.admin.backup.restoring import Restored, restore
from db.admin.ending import code_of, say
from db.admin.where import as_owner, chosen_record
from db.domain.backups import DRILL
from db.domain.clocks import age_in_words, dated_time
from db.errors import Invalid, RecordError

Verb = Callable[[URL, argparse.Namespace], Awaitable[int]]
AddVerb = Callable[[str, str, Verb], argparse.ArgumentParser]
_SETS_MORE: Final = 17


def add_backup_verbs(add: AddVerb) -> None:
    """Add the three verbs. Of the last two no record is opened first: one is made, and one may be written to."""
    made = add("backup", "write the record into one file, its roles included", _backup)
    made.add_argument("file", type=Path, metavar="FILE", help="a new file; only you may read it")
    out = add("restore", "make a record of a backup, on a new server", _backup)
    out.add_argument("file", type=Path, metavar="FILE")
    out.set_defaults(handler=lambda given: code_of(_restore(given)))
    tried = add("drill", "restore a backup into a server that is thrown away, and say what came of it", _backup)
    tried.add_argument("file", type=Path, metavar="FILE")
    add_known(tried)
    tried.add_argument("--folder", type=Path, metavar="DIR", help="where that server lives meanwhile")
    tried.set_defaults(handler=lambda given: code_of(_drill(given)))


def _said_url(given: argparse.Namespace) -> str:
    return str(given.url or os.environ.get("CRU_DATABASE_URL", ""))


async def _backup(url: URL, given: argparse.Namespace) -> int:
    made = await back_up(url, given.file)
    for line in _of_backup(made, given.file):
        say(line)
    return 0


def _of_backup(made: Backup, path: Path) -> Iterable[str]:
    tables, seconds = len(made.manifest.rows), made.took
    size = f"{made.size / 1e6:,.1f} MB, in {seconds:.1f} s"
    yield f"{made.manifest.row_count:,} rows of {tables} tables, {size}: {path}"
    logins = f"{len(made.roles.logins)} login{'s' * (len(made.roles.logins) != 1)}"
    if made.roles.with_passwords:
        yield f"{logins}, with what the server keeps of their passwords."
    else:
        yield f"{logins}, without passwords, which only the server's superuser may read: set them after a restore."
    if made.manifest.written_by >= _SETS_MORE > made.manifest.server_major:
        yield f"It goes back onto PostgreSQL {_SETS_MORE} or newer alone: this computer has no older pg_dump."
    yield f"Fingerprint: {made.fingerprint}"
    yield f"Prove it: main.py admin drill {path.name}"


async def _restore(given: argparse.Namespace) -> int:
    said = _said_url(given)
    if not said:
        raise Invalid("A backup is restored onto a server that you name.", "Give it: --url postgresql://...")
    backup = await asyncio.to_thread(open_backup, given.file)
    say(_about(backup))
    async with chosen_record(said, None) as url:
        done = await restore(url, backup)
    for line in _of_restore(done):
        say(line)
    return 0


def _about(backup: BackupFile) -> str:
    manifest = backup.manifest
    at = dated_time(manifest.of_at)
    return f"Of {at}, {manifest.row_count:,} rows, schema {manifest.schema}. Fingerprint: {backup.fingerprint}"


def _of_restore(done: Restored) -> Iterable[str]:
    yield f"Restored in {done.took:.1f} s; every table has as many rows as were backed up."
    if done.roles.kept:
        yield f"On this server before, with their own passwords: {', '.join(done.roles.kept)}."
    if done.roles.administer:
        yield f"They administer this server and got no rights in the record: {', '.join(done.roles.administer)}."
    if not done.is_current:
        yield "The record is older than this program. Next: main.py admin upgrade"
    if done.roles.no_password:
        yield f"Without a password until one is set: {', '.join(done.roles.no_password)}."
        yield "Next, for each of them: main.py admin set-password LOGIN"
    yield "Then: main.py admin check, a new backup, and the new address to every console."


async def _drill(given: argparse.Namespace) -> int:
    said, begun = _said_url(given), time.monotonic()
    try:
        backup = await asyncio.to_thread(open_backup, given.file)
        say(_about(backup))
        done = await drill(backup, given.folder, known_of(given))
    except RecordError:
        if said:
            async with chosen_record(said, None) as url:
                await note(url, DRILL, worked=False, of_at=None, rows=0, took=time.monotonic() - begun)
        raise
    for line in _of_drill(done):
        say(line)
    say(await _noted(said, backup, time.monotonic() - begun))
    return 0


def _of_drill(done: Drill) -> Iterable[str]:
    yield f"Restored and looked through: {done.restored.manifest.row_count:,} rows, each table as backed up."
    yield from done.said
    yield from done.sealed
    yield f"What would be lost now (RPO): {age_in_words(done.lost)}."
    yield f"How long the way back took here (RTO): {done.restored.took:.1f} s, without finding a server."


async def _noted(said: str, backup: BackupFile, took: float) -> str:
    if not said:
        return "Not written into any record: give its --url, or no drill is known there."
    manifest = backup.manifest
    async with chosen_record(said, None) as url:
        async with as_owner(url) as connection:
            epoch = (await connection.execute(text("SELECT epoch::text FROM cru.service"))).scalar_one_or_none()
        if epoch != manifest.record:
            return "Not written down: the backup is of another record than the one at --url."
        await note(url, DRILL, worked=True, of_at=manifest.of_at, rows=manifest.row_count, took=took)
    return "Written into the record."
