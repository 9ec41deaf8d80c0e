"""The ``report`` command: what is shown on the screen as files, without a window, for people and schedulers."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import Invalid, NotAllowed

# The libraries of a report take longer to load than its words to be read.
if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncEngine

    from db.reports.document import Document

FORMATS = ("pdf", "xlsx", "csv")


def add_report_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``report`` and its kinds.

    The parsed namespace's ``handler`` takes the namespace and returns the exit code.
    """
    parser = subparsers.add_parser("report", help="write a report as PDF, XLSX and CSV, without a window")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    words = "everything that the record holds about one referral; that it was given out is put down there"
    referral = kinds.add_parser("referral", help=words, description=words)
    referral.add_argument("reference", metavar="REFERENCE", help="such as CRU-20261122-0042")
    referral.add_argument("--for", dest="why", required=True, metavar="WHY", help='"subject access request"')
    referral.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder that takes the files")
    referral.add_argument("--format", type=_formats, default=("pdf",), metavar="pdf,xlsx,csv", help="pdf")
    referral.add_argument("--url", default="", help="the record, as a shift lead (CRU_DATABASE_URL)")
    referral.add_argument("--exercise", action="store_true", help="read the practice record of this computer")
    referral.set_defaults(handler=_referral)


def _formats(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    wrong = [one for one in found if one not in FORMATS]
    if wrong or not found:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(FORMATS)}")
    return found


def _referral(given: argparse.Namespace) -> int:
    made = asyncio.run(_write_referral(given))
    sys.stdout.writelines(f"{path}\n" for path in made)
    return 0


async def _write_referral(given: argparse.Namespace) -> list[Path]:
    from db.engine import connect

    async with _record(given) as url:
        engine = connect(url, "cru-report", answer_within=60)
        try:
            document = await give_out(engine, given.reference, given.why, given.format)
        finally:
            await engine.dispose()
    return write(document, given.reference.strip().lower(), given.out, given.format)


async def give_out(engine: "AsyncEngine", reference: str, why: str, formats: tuple[str, ...]) -> "Document":
    """Put down that a referral's record is given out, and read it.

    It is put down first: what then fails to be written was recorded once too often, and never not at all.

    Raises:
        Invalid: there is no such referral, or nobody says what it is for.
        NotAllowed: only a shift lead does.
    """
    from db import queries
    from db.commands import OpenRecord, execute
    from db.domain.roles import Role
    from db.engine import transaction
    from db.reports.referral_record import find_referral, referral_record

    if not why.strip():
        raise Invalid("A record is given out for a reason.", "Say what for.")
    async with transaction(engine) as connection:
        me = await queries.me(connection)
        referral_id = await find_referral(connection, reference)
    if me.role is not Role.SHIFT_LEAD:
        raise NotAllowed("Only a shift lead gives out a record.", "Ask the shift lead.")
    said = f"{', '.join(one.upper() for one in formats)}, {why.strip()}"
    await execute(engine, OpenRecord(referral_id=referral_id, given_out=said))
    async with transaction(engine) as connection:
        now = (await queries.clock(connection)).now
        return await referral_record(connection, referral_id, me.display_name, now)


def write(document: "Document", stem: str, folder: Path, formats: tuple[str, ...]) -> list[Path]:
    """Write a report into a folder. Returns the files.

    Args:
        document: what is written.
        stem: how the names of the files begin; never anything about a person.
        folder: made where it is not there.
        formats: of :data:`FORMATS`.

    Raises:
        Invalid: the folder takes no files.
    """
    made = [file for one in formats for file in _WRITERS[one](document, stem).items()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made:
            (folder / name).write_bytes(content)
    except OSError as error:
        raise Invalid(f"{folder} takes no files.", error.strerror or "Choose another folder.") from error
    return [folder / name for name, _ in made]


def _pdf(document: "Document", stem: str) -> Mapping[str, bytes]:
    return {f"{stem}.pdf": import_module("db.reports.pdf_file").pdf(document)}


def _xlsx(document: "Document", stem: str) -> Mapping[str, bytes]:
    return {f"{stem}.xlsx": import_module("db.reports.xlsx_file").workbook(document)}


def _csv(document: "Document", stem: str) -> Mapping[str, bytes]:
    made: Mapping[str, bytes] = import_module("db.reports.csv_file").csv_files(document, stem)
    return made


_WRITERS: Mapping[str, Callable[["Document", str], Mapping[str, bytes]]] = {
    "pdf": _pdf,
    "xlsx": _xlsx,
    "csv": _csv,
}


@asynccontextmanager
async def _record(given: argparse.Namespace) -> "AsyncIterator[URL]":
    """The record that is meant, running: as whom it is read is whose login that is."""
    from db.admin.where import explained
    from db.reports.where import chosen_record

    async with explained(), chosen_record(given.url, given.data_dir, exercise=given.exercise) as url:
        yield url
