"""Tables as CSV: UTF-8 with its mark, every field quoted, times with their offset, and no formula."""

import csv
import io
import unicodedata
from datetime import date, datetime

from db.reports.definitions import definitions_of
from db.reports.document import Cell, Document, Table, to_second

_BEGIN_FORMULAS = frozenset("=+-@\t\r\n\0")


def csv_files(document: Document, stem: str) -> dict[str, bytes]:
    """One file a table, by its name."""
    return {f"{stem}-{table.key}.csv": _of(table) for table in (*document.tables, *_definitions(document))}


def _definitions(document: Document) -> list[Table]:
    return [definitions_of(document)] if document.definitions else []


def _of(table: Table) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([guarded(column.title) for column in table.columns])
    writer.writerows([written(cell) for cell in row] for row in table.rows)
    # With the mark: without it a spreadsheet takes UTF-8 for the code page of its computer.
    return text.getvalue().encode("utf-8-sig")


def written(cell: Cell) -> str:
    """A field: a number as it is, a time in ISO 8601 with its offset, text that no program takes for a formula."""
    match cell:
        case None:
            return ""
        case datetime():
            return to_second(cell).isoformat()
        case date():
            return cell.isoformat()
        case str():
            return guarded(cell)
        case float():
            return f"{cell:.10g}"
        case _:
            return str(cell)


def guarded(text: str) -> str:
    """Text that begins as a formula gets an apostrophe before it, also in full-width signs or behind spaces."""
    # As programs do: a full-width sign is its narrow one, and what nobody sees is left out.
    seen = unicodedata.normalize("NFKC", text).lstrip(" \u00a0\u200b\ufeff")
    begins = (text[:1], seen[:1])
    return f"'{text}" if any(one in _BEGIN_FORMULAS for one in begins if one) else text
