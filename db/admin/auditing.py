"""``admin keygen``, ``seal``, ``verify`` and ``verifier``: the audit, as whoever owns the record runs it."""

import argparse
import asyncio
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path

from sqlalchemy import URL

from db.admin.backup import programs
from db.admin.backup.judging import Feed, add_known, feed_of, judge, known_of
from db.admin.ending import code_of, say
from db.admin.imports import AddVerb
from db.admin.where import as_owner, chosen_record
from db.audit.checkpoint import Checkpoint, read_note
from db.audit.sealing import EVERY, SealedRun, keep_sealing, seal
from db.audit.signing import SealingKey
from db.domain.clocks import dated_time
from db.errors import Invalid
from db.verifier.dump import Take, read_file


def add_audit_verbs(add: AddVerb) -> None:
    """Add the four verbs. Two of them need no record, and one may be told of a file instead."""
    made = add("keygen", "make the key that seals the record, and show what checks its seals", _seal)
    made.add_argument("file", type=Path, metavar="FILE", help="a new file; only you may read it")
    made.set_defaults(handler=lambda given: code_of(_keygen(given)))
    sealing = add("seal", "seal what happened, each minute until it is ended", _seal)
    sealing.add_argument("--key", type=Path, required=True, metavar="FILE", help="what admin keygen made")
    how = sealing.add_mutually_exclusive_group()
    how.add_argument("--every", type=float, default=EVERY, metavar="SECONDS", help="60 if left out")
    how.add_argument("--once", action="store_true", help="seal what is there, and end")
    asked = add("verify", "say whether what happened was changed since it was sealed", _seal)
    asked.add_argument(
        "dump", type=Path, nargs="?", metavar="DUMP", help="a backup or a dump; else the record itself"
    )
    add_known(asked)
    asked.set_defaults(handler=lambda given: code_of(_verify(given)))
    apart = add("verifier", "write the program that verifies a record on a computer without the console", _seal)
    apart.add_argument("file", type=Path, metavar="FILE", help="such as verifier.pyz")
    apart.set_defaults(handler=lambda given: code_of(_verifier(given)))


async def _keygen(given: argparse.Namespace) -> int:
    key = SealingKey.drawn()
    try:
        await asyncio.to_thread(key.write, given.file)
    except FileExistsError as error:
        raise Invalid(
            f"{given.file.name} is there already.", "A key is never overwritten: name another file."
        ) from error
    except OSError as error:
        raise Invalid(f"{given.file} cannot be written.", "Check the folder and its rights.") from error
    say(f"The key is in {given.file}. Keep it off the database's server, and a copy of it locked away.")
    say("What checks its seals, for everybody to know:")
    say(key.public)
    return 0


async def _seal(url: URL, given: argparse.Namespace) -> int:
    key = await asyncio.to_thread(SealingKey.read, given.key)
    if not given.once:
        if given.every <= 0:
            raise Invalid("There must be some seconds between two seals.", "Leave --every out: it is 60 then.")
        await keep_sealing(lambda: as_owner(url), key, every=given.every, told=_tell)
    run = SealedRun("", 0, more=True)
    while run.more:
        async with as_owner(url) as connection:
            run = await seal(connection, key)
        _tell(run)
    return 0


def _tell(run: SealedRun) -> None:
    say(words_of(read_note(run.note)[0]) if run.note else "Nothing was written since the last seal.")


def words_of(made: Checkpoint) -> str:
    """A checkpoint in a line."""
    return f"Sealed {dated_time(made.at)}: {made.size:,} entries, checkpoint {made.number}."


async def _verify(given: argparse.Namespace) -> int:
    known = known_of(given)
    async with _source(given) as feed:
        verdict = await judge(feed, known)
    for line in verdict.lines:
        say(line)
    return 0 if verdict.well else 1


@asynccontextmanager
async def _source(given: argparse.Namespace) -> AsyncIterator[Feed]:
    """What hands on the text of a dump: twice the same, whatever is written meanwhile."""
    if given.dump is not None:

        async def from_file(_words: tuple[str, ...], take: Take) -> None:
            here = programs.tools_here()
            read_file(given.dump, take, here[-1].folder if here else None)

        yield from_file
        return
    async with chosen_record(given.url, getattr(given, "data_dir", None)) as url, feed_of(url) as feed:
        yield feed


async def _verifier(given: argparse.Namespace) -> int:
    await asyncio.to_thread(write_verifier, given.file)
    say(f"{given.file} runs wherever Python has its package cryptography: python {given.file.name} --help")
    return 0


def write_verifier(path: Path) -> None:
    """Write the verifier into one file. Raises Invalid where that is not possible."""
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("db/__init__.py", "")
            for file in sorted(resources.files("db.verifier").iterdir(), key=lambda one: one.name):
                if file.name.endswith(".py"):
                    # What runs the room from where it lies runs the one file, too.
                    inside = "" if file.name == "__main__.py" else "db/verifier/"
                    archive.writestr(f"{inside}{file.name}", file.read_bytes())
    except OSError as error:
        raise Invalid(f"{path} cannot be written.", "Check the folder and its rights.") from error
