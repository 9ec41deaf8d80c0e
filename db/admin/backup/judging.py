"""What the verifier says of a record or a backup, for whoever has the console's own tools at hand."""

import argparse
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, text

from db.addresses import each_host
from db.admin.backup import programs
from db.admin.backup.way import way_to
from db.admin.where import as_owner
from db.errors import Invalid
from db.verifier.dump import AUDIT_ALONE, ROWS, Take
from db.verifier.judging import Verification
from db.verifier.notes import CannotJudgeError, PublicKey, SignedNote

Feed = Callable[[tuple[str, ...], Take], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """What a record is judged by, beside itself: public keys, and checkpoints that were kept."""

    keys: tuple[PublicKey, ...] = ()
    kept: tuple[SignedNote, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """Whether all is as it was sealed, and that in words, the first line first."""

    well: bool
    lines: tuple[str, ...]


def add_known(parser: argparse.ArgumentParser) -> None:
    """Add what a record is judged by."""
    parser.add_argument("--key", action="append", default=[], metavar="KEY", help="the public key, or its file")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], metavar="FILE", help="one kept earlier"
    )


def known_of(given: argparse.Namespace) -> KnownBefore:
    """What the command line names. Raises Invalid."""
    try:
        kept = [SignedNote.read(path.read_text("utf-8")) for path in given.checkpoint]
        return KnownBefore(tuple(PublicKey.read(said) for said in given.key), tuple(kept))
    except CannotJudgeError as error:
        raise Invalid(str(error), "Name it as it was shown, printed or kept.") from error
    except (OSError, ValueError) as error:
        raise Invalid("A file that was named cannot be read.", "Check its name and rights.") from error


async def judge(feed: Feed, known: KnownBefore) -> AuditVerdict:
    """Read a record twice, and judge it. Raises RecordError where it cannot be read."""
    made = Verification(list(known.keys), list(known.kept))
    try:
        await feed(AUDIT_ALONE, made.audit.take)
        made.judge_tree()
        await feed(ROWS, made.rows.take)
    except CannotJudgeError as error:
        raise Invalid(str(error), "Name a backup, a dump, or the record itself.") from error
    return AuditVerdict(not made.found, tuple(made.report()))


@asynccontextmanager
async def feed_of(url: URL) -> AsyncIterator[Feed]:
    """What hands on the text of a dump of a live record, of one picture for as long as it is open."""
    async with as_owner(url) as connection:
        await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            await connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
        picture = (await connection.execute(text("SELECT pg_export_snapshot()"))).scalar_one()
        number = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
        tools = programs.to_dump(number // 10000)

        async def from_record(words: tuple[str, ...], take: Take) -> None:
            async with way_to(each_host(url)[0]) as way:
                asked = (*words, f"--snapshot={picture}", "--no-password", f"--dbname={way.target}")
                await programs.reading(tools.path("pg_dump"), asked, take, way.passfile)

        yield from_record
