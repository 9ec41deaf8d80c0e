"""Tables as a workbook: a sheet each, real dates and numbers, a sheet of definitions, and no formula."""

import io
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from db.reports.definitions import definitions_of
from db.reports.document import Cell, Column, Document, Table, to_second

_SAFE = {
    "in_memory": True,
    # Words are words: what begins with "=" or "http" is neither worked out nor fetched.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_MOST_LETTERS = 31
_WIDTH = 18
_WIDEST = 80
_MOMENT, _DAY = "dd mmm yyyy hh:mm:ss", "dd mmm yyyy"


def workbook(document: Document) -> bytes:
    """The whole report as one workbook."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, _SAFE) as book:
        book.set_properties(
            {
                "title": document.title,
                "subject": document.subject,
                "author": document.service,
                "created": document.made_at.replace(tzinfo=None),
            }
        )
        formats = {
            "title": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "moment": book.add_format({"num_format": _MOMENT, "valign": "top", "align": "left"}),
            "day": book.add_format({"num_format": _DAY, "valign": "top", "align": "left"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"valign": "top"}),
        }
        for table in (*document.tables, _meanings(document)):
            _sheet(book.add_worksheet(table.title[:_MOST_LETTERS]), table, formats)
    return held.getvalue()


def _meanings(document: Document) -> Table:
    about = definitions_of(document)
    times = ("Times", "On the clock in London. The CSV files have the offset from UTC.")
    return Table(about.key, about.title, about.columns, [*about.rows, times])


def _sheet(sheet: Worksheet, table: Table, formats: dict[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, min(_WIDEST, _WIDTH * column.wide))
        sheet.write_string(0, at, _title(column), formats["title"])
    for number, row in enumerate(table.rows, 1):
        for at, cell in enumerate(row):
            _write(sheet, number, at, cell, formats)


def _title(column: Column) -> str:
    return f"{column.title} (London)" if column.kind == "moment" else column.title


def _write(sheet: Worksheet, row: int, at: int, cell: Cell, formats: dict[str, Format]) -> None:
    match cell:
        case None | "":
            return
        case datetime():
            sheet.write_datetime(row, at, to_second(cell).replace(tzinfo=None), formats["moment"])
        case date():
            sheet.write_datetime(row, at, cell, formats["day"])
        case str():
            sheet.write_string(row, at, cell, formats["text"])
        case _:
            sheet.write_number(row, at, cell, formats["number"])
