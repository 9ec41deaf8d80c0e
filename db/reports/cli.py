"""The ``report`` command: what is shown on the screen as files, without a window, for people and schedulers."""

import argparse
import asyncio
import sys
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import Invalid, NotAllowed
from db.reports.making import FORMATS, read_service, write

# The libraries of a report take longer to load than its words to be read.
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncEngine

    from db.domain.records import Van
    from db.domain.reference import ReferenceData
    from db.reports.document import Document, Illustration
    from db.reports.service_report import ServiceRead

    Drawn = Callable[[ServiceRead, ReferenceData, Sequence[Van]], Sequence[Illustration]]


def add_report_parser(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", drawn: "Drawn | None" = None
) -> None:
    """Add ``report`` and its kinds.

    The parsed namespace's ``handler`` takes the namespace and returns the exit code.

    Args:
        subparsers: of the program.
        drawn: draws the charts; without it a report has tables alone.
    """
    parser = subparsers.add_parser("report", help="write a report as PDF, XLSX and CSV, without a window")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    shift = _kind(kinds, "shift", "one night, from 19:00 to 07:00; names nobody")
    shift.add_argument("--night", type=_day, metavar="2026-11-22", help="that began on this day; the last one")
    shift.set_defaults(handler=lambda given: _service(given, drawn))
    month = _kind(kinds, "month", "the last 28 days, or a month; names nobody")
    month.add_argument("--of", dest="month", type=_month, metavar="2026-11", help="the month; the last 28 days")
    month.set_defaults(handler=lambda given: _service(given, drawn))
    words = "everything that the record holds about one referral; that it was given out is put down there"
    referral = _kind(kinds, "referral", words)
    referral.add_argument("reference", metavar="REFERENCE", help="such as CRU-20261122-0042")
    referral.add_argument("--for", dest="why", required=True, metavar="WHY", help='"subject access request"')
    referral.set_defaults(handler=_referral)
    words = "everything about the person of a referral, over all of theirs; that it was given out is put down"
    whole = _kind(kinds, "person", words)
    whole.add_argument("reference", metavar="REFERENCE", help="of any of theirs, such as CRU-20261122-0042")
    whole.add_argument("--to", required=True, metavar="WHO", help='"the person"')
    whole.add_argument("--for", dest="why", required=True, metavar="WHY", help='"subject access request"')
    whole.set_defaults(handler=_person)


def _kind(
    kinds: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str
) -> argparse.ArgumentParser:
    made = kinds.add_parser(name, help=words, description=words)
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder that takes the files")
    made.add_argument("--format", type=_formats, default=("pdf",), metavar="pdf,xlsx,csv", help="pdf")
    made.add_argument("--url", default="", help="the record, as a shift lead (CRU_DATABASE_URL)")
    made.add_argument("--exercise", action="store_true", help="read the practice record of this computer")
    return made


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day, such as 2026-11-22") from None


def _month(text: str) -> date:
    return _day(f"{text}-01")


def _formats(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    wrong = [one for one in found if one not in FORMATS]
    if wrong or not found:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(FORMATS)}")
    return found


def _written(given: argparse.Namespace, read: "Callable[[AsyncEngine], Awaitable[tuple[Document, str]]]") -> int:
    """Write what is read of the record that is meant, under the name that comes with it, and say where it is."""

    async def make() -> list[Path]:
        from db.engine import connect

        async with _record(given) as url:
            engine = connect(url, "cru-report", answer_within=60)
            try:
                document, stem = await read(engine)
            finally:
                await engine.dispose()
        return write(document, stem, given.out, given.format)

    sys.stdout.writelines(f"{path}\n" for path in asyncio.run(make()))
    return 0


def _referral(given: argparse.Namespace) -> int:
    async def read(engine: "AsyncEngine") -> tuple["Document", str]:
        document = await give_out(engine, given.reference, given.why, given.format)
        return document, given.reference.strip().lower()

    return _written(given, read)


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
    from db.finding import find_referral
    from db.opening import open_rows
    from db.reports.referral_record import referral_record

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
        await open_rows(connection, [referral_id], "record given out")
    async with transaction(engine) as connection:
        now = await queries.now(connection)
        return await referral_record(connection, referral_id, me.display_name, now)


def _person(given: argparse.Namespace) -> int:
    async def read(engine: "AsyncEngine") -> tuple["Document", str]:
        from db.reports.person_record import stem

        document = await give_out_person(engine, given.reference, given.to, given.why, given.format)
        return document, stem(document.made_at)

    return _written(given, read)


async def give_out_person(
    engine: "AsyncEngine", reference: str, to: str, why: str, formats: tuple[str, ...]
) -> "Document":
    """Put down that a person's record is given out, and read it: by any referral of theirs.

    Raises:
        Invalid: there is no such referral, or nobody says to whom or what for.
        NotAllowed: only a shift lead does.
    """
    from db import queries
    from db.commands import GiveOutPerson, execute
    from db.engine import transaction
    from db.finding import find_referral
    from db.person_queries import open_person
    from db.reports.person_record import person_record

    async with transaction(engine) as connection:
        me = await queries.me(connection)
        referral_id = await find_referral(connection, reference)
    said = ", ".join(one.upper() for one in formats)
    # Opened before, since what for is put down of each referral of theirs.
    async with transaction(engine) as connection:
        await open_person(connection, referral_id, "person record given out")
    await execute(engine, GiveOutPerson(referral_id=referral_id, said_by=to, words=why, formats=said))
    async with transaction(engine) as connection:
        return (await person_record(connection, referral_id, me.display_name))[1]


def _service(given: argparse.Namespace, drawn: "Drawn | None") -> int:
    return _written(given, lambda engine: report_on(engine, given, drawn))


async def report_on(
    engine: "AsyncEngine", given: argparse.Namespace, drawn: "Drawn | None"
) -> tuple["Document", str]:
    """Read what a shift's or a month's report shows. Returns it, and how its files are called."""
    from db import queries
    from db.domain.records import Van
    from db.domain.roles import Role
    from db.engine import transaction
    from db.opening import list_opened
    from db.reports.periods import period_of
    from db.reports.service_report import service_report

    async with transaction(engine) as connection:
        live = await queries.snapshot(connection, Role.DISPATCHER)
        period, title, stem = period_of(given, await queries.now(connection))
    look = await list_opened(engine, "feedback", period.start, period.end) if given.kind == "month" else None
    # What is worked out for the figures is kept by the record, so this is committed like any other.
    async with transaction(engine) as connection:
        me = await queries.me(connection)
        reference = await queries.reference_data(connection)
        found = await read_service(connection, period, look=look)
    vans = [one for one in live["van"] if isinstance(one, Van)]
    pictures = drawn(found, reference, vans) if drawn is not None else ()
    return service_report(found, title, reference.service, me.display_name, pictures), stem


@asynccontextmanager
async def _record(given: argparse.Namespace) -> "AsyncIterator[URL]":
    """The record that is meant, running: as whom it is read is whose login that is."""
    from db.admin.where import explained
    from db.reports.where import chosen_record

    async with explained(), chosen_record(given.url, given.data_dir, exercise=given.exercise) as url:
        yield url
