"""A report as PDF/UA-1: tagged, so that a screen reader reads it as it is meant."""

import json
from dataclasses import replace
from typing import Any

import typst

import resources
from db.domain.clocks import local
from db.reports.definitions import definitions_of
from db.reports.document import Document, Illustration, Table, moment_words, shown
from db.reports.letters import by_number, lacking

TEMPLATE = "reports/report.typ"
_MANY_COLUMNS, _MANY_ROWS = 9, 8
"""From so many on a table has pages of its own, turned round: its words would be broken letter by letter."""
_NOTE = "A letter that no font of this file has stands as its number, such as [U+4F60]; XLSX and CSV have it."


def pdf(document: Document) -> bytes:
    """The whole report.

    The data goes in as data: nothing that somebody typed is ever read as markup.
    """
    told = json.dumps(_told(document), ensure_ascii=False)
    if gone := lacking(told):
        # Nothing is left out in silence: by its number everybody can look a letter up.
        told = json.dumps(_told(replace(document, subject=f"{document.subject} {_NOTE}")), ensure_ascii=False)
        told = told.translate({ord(letter): by_number(letter) for letter in gone})
    return typst.compile(
        str(resources.path(TEMPLATE)),
        format="pdf",
        sys_inputs={"report": told},
        # The letters that come with the library: a report looks the same on every computer.
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        timestamp=int(document.made_at.timestamp()),
    )


def _told(document: Document) -> dict[str, Any]:
    there = local(document.made_at)
    return {
        "title": document.title,
        "service": document.service,
        "subject": document.subject,
        "made": f"{moment_words(document.made_at)}, {document.made_by}",
        "date": [there.year, there.month, there.day],
        "confidential": document.confidential,
        "parts": [_part(part) for part in (*document.parts, *_last(document)) if _is_printed(part)],
    }


def _is_printed(part: Table | Illustration) -> bool:
    return isinstance(part, Illustration) or part.printed


def _last(document: Document) -> list[Table]:
    return [definitions_of(document)] if document.definitions else []


def _part(part: Table | Illustration) -> dict[str, Any]:
    if isinstance(part, Illustration):
        return {"kind": "illustration", "title": part.title, "svg": part.svg.decode("utf-8"), "says": part.says}
    return {
        "kind": "table",
        "title": part.title,
        "note": part.note,
        "turned": len(part.columns) >= _MANY_COLUMNS and len(part.rows) >= _MANY_ROWS,
        "columns": [column.title for column in part.columns],
        "wide": [column.wide for column in part.columns],
        "right": [column.kind == "number" for column in part.columns],
        "rows": [[shown(cell) for cell in row] for row in part.rows],
    }
