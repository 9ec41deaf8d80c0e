"""A report before it is a file: headings, sentences, tables and figures. Pure.

Every kind of file is written from the same cells, so a number in one is the number in the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from db.domain.clocks import local, wall_time

Cell = str | int | float | datetime | date | None
"""What stands in a field: a moment is aware; None is what is not recorded."""
Kind = Literal["text", "number", "moment", "day"]
_BLANK = "–"
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: its heading.
        kind: of what its fields are.
        wide: its share of the width, beside those of the others.
    """

    title: str
    kind: Kind = "text"
    wide: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading.

    Attributes:
        key: names it in file names and sheets: small letters and hyphens.
        title: its heading.
        note: what is to be known before it is read.
        printed: whether it stands in a PDF too, and not only where programs read it.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""
    printed: bool = True

    def __post_init__(self) -> None:
        """Raises ValueError for a row that does not fit the columns."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.key} does not fit its columns")


@dataclass(frozen=True, slots=True)
class Illustration:
    """A picture of numbers, as SVG, with what it shows in a sentence for whoever does not see it."""

    title: str
    svg: bytes
    says: str

    def __post_init__(self) -> None:
        """Raises ValueError for a picture that says nothing."""
        if not self.says.strip():
            raise ValueError(f"nobody who does not see it is told what {self.title} shows")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report.

    Attributes:
        title: as on its first page.
        service: whose it is.
        subject: what it is about, in a line.
        made_at: when, UTC.
        made_by: who asked for it.
        confidential: it names a person: every page says so.
        parts: what stands in it, in order.
        definitions: what each figure means.
    """

    title: str
    service: str
    subject: str
    made_at: datetime
    made_by: str
    confidential: bool = False
    parts: tuple[Table | Illustration, ...] = ()
    definitions: tuple[tuple[str, str], ...] = field(default_factory=tuple)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables alone."""
        return tuple(part for part in self.parts if isinstance(part, Table))


def shown(cell: Cell) -> str:
    """A field as people read it: London time, and a dash for what is not recorded."""
    match cell:
        case None | "":
            return _BLANK
        case datetime():
            return moment_words(cell)
        case date():
            return f"{cell.day} {cell:%b %Y}"
        case float():
            return f"{cell:.10g}"
        case _:
            return str(cell)


def moment_words(moment: datetime) -> str:
    """``22 Nov 2026 19:30:05``, London, with its zone in the hour that comes twice."""
    # To the second, as every kind of file has it.
    there = to_second(moment)
    return f"{there.day} {there:%b %Y} {wall_time(there, seconds=True)}"


def to_second(moment: datetime) -> datetime:
    """A moment on the clock in London, to the second below."""
    return local(moment - timedelta(microseconds=moment.microsecond % (_SECOND // timedelta(microseconds=1))))
