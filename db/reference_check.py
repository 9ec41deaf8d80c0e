"""What a reference file may say, checked before anything is written: each refusal names table, row and column."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from asyncpg import NotNullViolationError
from sqlalchemy import ARRAY
from sqlalchemy.exc import DBAPIError

from db.engine import translate
from db.errors import Invalid
from db.tables import Base

_HEAD = ("author", "service")
Rows = dict[str, Any]


def checked(rows: Rows, known: Mapping[str, type[Base]]) -> Rows:
    """The same set with a single word as a list of one, where a list is kept.

    Args:
        rows: a set as it was read.
        known: the tables that a set may have, by name.

    Raises:
        Invalid: what it says of a table, a row or a column is nothing that the record keeps.
    """
    for name, given in rows.items():
        if name not in known and name not in _HEAD:
            raise Invalid(f'There is no table "{name}" in a reference set.', _meant(name, [*known, *_HEAD]))
        if name in known and not _is_list_of_rows(given):
            raise Invalid(f'"{name}" is no list of rows.', f"Begin each row with [[{name}]].")
    return {
        name: [_row(name, at, row, known[name]) for at, row in enumerate(given, 1)] if name in known else given
        for name, given in rows.items()
    }


def _is_list_of_rows(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(row, dict) for row in given)


def _row(table_name: str, at: int, row: Rows, table: type[Base]) -> Rows:
    columns = table.__table__.columns
    where = f"{table_name}, row {at}{_called(row)}"
    for name in row:
        if name not in columns:
            raise Invalid(f'{where}: there is no column "{name}".', _meant(name, list(columns.keys())))
    return {name: _list_of(value, f"{where}, {name}", columns[name].type) for name, value in row.items()}


def _called(row: Rows) -> str:
    """What tells a row from the others, for whoever looks for it in the file."""
    said = next((row[name] for name in ("name", "callsign", "code", "key", "label") if name in row), "")
    return f" ({said})" if said else ""


def _list_of(value: object, where: str, kind: object) -> object:
    """A word where a list is kept is one entry, and never its letters."""
    if not isinstance(kind, ARRAY):
        if isinstance(value, list | dict):
            raise Invalid(f"{where}: a single value is kept.", "Take the brackets away.")
        return value
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Invalid(f"{where}: a list of words is kept.", 'Write it as ["Polish", "English"].')
    return found


def refused(table_name: str, row: Rows, error: DBAPIError) -> Invalid:
    """What the record has against a row, with the table and whatever tells the row from the others."""
    cause = getattr(error.orig, "__cause__", None)
    missing = getattr(cause, "column_name", None) if isinstance(cause, NotNullViolationError) else None
    where = f"{table_name}{_called(row)}"
    if missing:
        return Invalid(f'{where}: "{missing}" is missing.', "Say what it is.")
    said = translate(error)
    return Invalid(f"{where}: {said.sentence}", said.next_step)


def _meant(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f'Perhaps "{near[0]}" is meant.' if near else f"Known: {', '.join(sorted(known))}."
