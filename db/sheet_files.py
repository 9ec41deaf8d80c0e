"""What stands in a CSV or XLSX file: rows of text with the number that a spreadsheet shows beside each.

Nothing is worked out: a formula is refused, since what it came to is only what some program left there.
"""

import codecs
import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from db.errors import Invalid

MOST_BYTES: Final = 5_000_000
_UNPACKED: Final = 50_000_000
MOST_ROWS: Final = 120
"""A fortnight of five vans: tried and taken within the time for an answer, and nobody waits for its locks."""
_MOST_COLUMNS: Final = 60
_FEWEST_COLUMNS: Final = 2
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# A plus before words is a remark, and before a number a telephone's; before a cell, function or sum it is more.
_FORMULA: Final = re.compile(r"[=@]|\+\s*(?:\(|[A-Z]{2,}\(|[A-Z]+\$?\d|[\d.]+\s*[-+*/]\s*[\d(A-Z])")
_MERGED: Final = re.compile(rb'<mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"')
_EPOCH_YEAR: Final = 1900
"""A spreadsheet keeps a time of day as one of this year, or of the one before."""
_OTHER: Final = "Save it as CSV or XLSX and take that."


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by the number that a spreadsheet shows, from 1."""

    number: int
    cells: tuple[str, ...]


def read_sheet(file: Path) -> list[SheetRow]:
    """The rows in which something stands, the heading first. It takes a while: not for the screen's loop.

    Raises:
        Invalid: the file cannot be read, is too large, or has a formula; row and column are named.
    """
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise Invalid(f"{file.name} is larger than {MOST_BYTES // 1_000_000} MB.", "Take the rest out of it.")
        content = file.read_bytes()
    except OSError as error:
        raise Invalid(f"{file.name} cannot be read.", error.strerror or "") from error
    return rows_of(content, file.name)


def rows_of(content: bytes, name: str) -> list[SheetRow]:
    """The same for what was read already."""
    cells = _of_workbook(content, name) if content.startswith(b"PK") else _of_text(content, name)
    found = []
    for number, row in enumerate(cells, 1):
        given = tuple(_plain(cell, number, at) for at, cell in enumerate(row))
        if any(given):
            found.append(SheetRow(number, given))
        if len(found) > MOST_ROWS + 1:
            raise Invalid(f"{name} has more than {MOST_ROWS} rows.", "Split it, such as by weeks.")
    if not found:
        raise Invalid(f"Nothing stands in {name}.", "Its first row names the columns.")
    return found


def column_name(at: int) -> str:
    """The letters over a column, by its place from 0: A, B, … Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _plain(cell: str, number: int, at: int) -> str:
    said = " ".join(line.strip() for line in cell.replace("\N{NO-BREAK SPACE}", " ").split("\n")).strip()
    if _FORMULA.match(said):
        raise Invalid(f"Row {number}, column {column_name(at)}: a formula is not taken.", "Put its value there.")
    if "\0" in said:
        raise Invalid(f"Row {number}, column {column_name(at)}: that is no text.", _OTHER)
    # Kept apart: several names may stand below each other in one cell.
    return "\n".join(part.strip() for part in cell.replace("\N{NO-BREAK SPACE}", " ").splitlines()).strip()


# --- CSV ---


def _of_text(content: bytes, name: str) -> Iterator[list[str]]:
    text = _decoded(content, name)
    if text.lstrip().startswith("<"):
        raise Invalid(f"{name} is a page, and neither CSV nor XLSX.", _OTHER)
    parting = _parting(text)
    if text[:4].lower() == "sep=":
        # What a spreadsheet writes for itself: the sign between the columns.
        said, _, rest = text.partition("\n")
        parting, text = said[4:5], "\n" + rest
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True)
    except csv.Error as error:
        raise Invalid(f"{name} is no CSV: {error}.", _OTHER) from error


def _decoded(content: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _by(content, encoding, name)
    for encoding in ("utf-16-le", "utf-16-be"):
        # Without its mark: every other byte of plain letters is nought.
        if content[:64] and not content[encoding == "utf-16-le" : 64 : 2].strip(b"\0"):
            return _by(content, encoding, name)
    if b"\0" in content:
        raise Invalid(f"{name} is neither CSV nor XLSX.", _OTHER)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # What a spreadsheet on Windows saves as CSV.
        return _by(content, "cp1252", name)


def _by(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid(f"The letters of {name} cannot be read.", "Save it as UTF-8.") from error


def _parting(text: str) -> str:
    """What stands between the columns: whatever the heading has most of, outside quotation marks."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(heading.split('"')[::2])
    return max((",", ";", "\t", "|"), key=bare.count)


# --- XLSX ---


def _of_workbook(content: bytes, name: str) -> Iterator[list[str]]:
    # Only here: it takes long to load, and most days nobody imports.
    import openpyxl

    try:
        _check_size(content, name)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        shown = [one for one in book.worksheets if one.sheet_state == "visible"] or book.worksheets
        sheets = ((one, list(_limited(one.iter_rows()))) for one in shown)
        leading = next(sheets)
        # A sheet of remarks may lie before the one that is meant.
        sheet, rows = next((one for one in (leading, *sheets) if _is_table(one[1])), leading)
        above = _merged_down(content, sheet._worksheet_path)  # noqa: SLF001 - no other name says which file it is
    except Invalid:
        raise
    except Exception as error:
        raise Invalid(f"{name} is no XLSX that can be read.", _OTHER) from error
    said: dict[int, list[str]] = {}
    for number, row in enumerate(rows, 1):
        cells = [_cell(cell, number, at) for at, cell in enumerate(row)]
        for at, first in above.get(number, {}).items():
            cells += [""] * (at + 1 - len(cells))
            cells[at] = "".join(said.get(first, [])[at : at + 1])
        said[number] = cells
        yield cells


def _merged_down(content: bytes, file: str) -> dict[int, dict[int, int]]:
    """Of each cell that is joined with those above it, by row and place: the row in which what it says stands.

    Rows count from 1, places from 0.
    """
    from openpyxl.utils import range_boundaries

    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        read = packed.read(file)
    for joined in _MERGED.findall(read):
        left, first, right, last = range_boundaries(joined.decode())
        # Joined across is a title, and says nothing of a row.
        if left == right and last - first <= MOST_ROWS:
            for row in range(first + 1, last + 1):
                found[row][left - 1] = first
    return found


def _check_size(content: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _UNPACKED:
            raise Invalid(f"{name} is too large when it is unpacked.", "Take the rest out of it.")


def _is_table(rows: Iterable[tuple[Any, ...]]) -> bool:
    """Whether a sheet has a row of several columns."""
    return any(sum(cell.value is not None for cell in row) >= _FEWEST_COLUMNS for row in rows)


def _limited(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Some programs save a sheet with a million blank rows."""
    blank = 0
    for row in rows:
        blank = 0 if any(cell.value is not None for cell in row) else blank + 1
        if blank > MOST_ROWS:
            return
        yield row[:_MOST_COLUMNS]


def _cell(cell: Any, number: int, at: int) -> str:  # noqa: ANN401 - a cell of a library without types
    if cell.value is None:
        return ""
    if cell.data_type in ("f", "e"):
        what = "a formula" if cell.data_type == "f" else f"{cell.value}"
        raise Invalid(f"Row {number}, column {column_name(at)}: {what} is not taken.", "Put its value there.")
    return _said(cell.value)


def _said(value: object) -> str:
    """A value as somebody would type it: dates with the year first, times by 24 hours."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime) and value.year <= _EPOCH_YEAR:
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(value, datetime):
        there = f"{value:%Y-%m-%d}"
        return there if value.time() == time() else f"{there} {value:%H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and 0 < value < 1:
        # Perhaps a time that is shown as a share of the day: not to be taken for one that is typed with a point.
        return f"{value:.10f}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
