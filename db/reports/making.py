"""What a report is made of and how it is kept, for the command and for the window: read, written, saved."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.domain.periods import EVERYTHING, Cut, Period
from db.errors import Invalid

# The libraries of a report take longer to load than its words to be read.
if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from db.reports.document import Document
    from db.reports.service_report import ServiceRead

FORMATS: Final = ("pdf", "xlsx", "csv")
Files = Mapping[str, bytes]
"""What is in a file, by its name."""


async def read_service(
    connection: "AsyncConnection", period: Period, cut: Cut = EVERYTHING, *, look: int | None = None
) -> "ServiceRead":
    """What a report on the service shows, in one transaction: one picture of the record.

    Args:
        connection: a shift lead's.
        period: of which stretch of time.
        cut: which referrals count.
        look: at the feedback of the period (:func:`db.opening.open_list`), of a monthly report: with what people
            said, and what became of it; never of a cut, which says nothing of that.
    """
    from db import queries
    from db.lead_page import lead_page
    from db.measures import wishes
    from db.reports.service_report import ServiceRead
    from db.reports.voices_page import heard

    now = await queries.now(connection)
    return ServiceRead(
        read=await lead_page(connection, period, cut),
        wishes=await wishes(connection, period, cut),
        heard=None if look is None or cut != EVERYTHING else await heard(connection, look, period),
        now=now,
    )


def files_of(document: "Document", stem: str, kind: str) -> Files:
    """A report as files of a kind.

    Args:
        document: what is written.
        stem: how the names of the files begin; never anything about a person.
        kind: one of :data:`FORMATS`.
    """
    return _WRITERS[kind](document, stem)


def _pdf(document: "Document", stem: str) -> Files:
    return {f"{stem}.pdf": import_module("db.reports.pdf_file").pdf(document)}


def _xlsx(document: "Document", stem: str) -> Files:
    return {f"{stem}.xlsx": import_module("db.reports.xlsx_file").workbook(document)}


def _csv(document: "Document", stem: str) -> Files:
    made: Files = import_module("db.reports.csv_file").csv_files(document, stem)
    return made


_WRITERS: Final[Mapping[str, Callable[["Document", str], Files]]] = {"pdf": _pdf, "xlsx": _xlsx, "csv": _csv}


def save(files: Files, folder: Path) -> list[Path]:
    """Put files into a folder, which is made where it is not there. Returns where they are.

    Raises:
        Invalid: the folder takes no files.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            # Whole or not at all: what is half written looks like a report.
            half = folder / f".{name}.part"
            half.write_bytes(content)
            half.replace(folder / name)
    except OSError as error:
        raise Invalid(f"{folder} takes no files.", error.strerror or "Choose another folder.") from error
    return [folder / name for name in files]


def write(document: "Document", stem: str, folder: Path, formats: tuple[str, ...]) -> list[Path]:
    """Write a report into a folder, in several kinds of file. Returns the files.

    Raises:
        Invalid: the folder takes no files.
    """
    return save({name: file for kind in formats for name, file in files_of(document, stem, kind).items()}, folder)
