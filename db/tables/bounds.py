"""What the record believes: the limit of every column, in one place.

The limits hold as constraints, whoever writes. ``kind_of`` gives them to whoever wants to say them beforehand,
such as a form, and ``refusal`` turns a broken constraint's name into the sentence that a person reads.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from sqlalchemy import ARRAY, CheckConstraint, Column, Date, DateTime, Table

from db.tables.columns import BESIDE, KINDS, WORKED_OUT
from db.tables.kinds import (
    BREAK,
    CONTROL,
    Check,
    Day,
    Free,
    Kind,
    Moment,
    Tags,
    Words,
)
from db.tables.labels import LABELS


def kind_of(table: str, column: Column[object]) -> Kind | None:
    """The limit of a column; None if it needs none (a truth, an id, a word of a list) or has none yet."""
    if _is_listed(column):
        return None
    if table in WORKED_OUT:
        return Free("worked out by the record alone, from columns that are limited")
    found = KINDS.get(f"{table}.{column.name}") or KINDS.get(column.name)
    if found is None and isinstance(column.type, DateTime):
        return Moment()
    return Day() if found is None and isinstance(column.type, Date) else found


def is_limited(table: str, column: Column[object]) -> bool:
    """Whether something limits a column: a kind, or a list of words."""
    return _is_listed(column) or kind_of(table, column) is not None


def label_of(column: str) -> str:
    """What people call a column, after "the"."""
    return LABELS.get(column) or column.removesuffix("_at").replace("_", " ")


def refusal(constraint: str) -> Check | None:
    """What to say of a constraint that was broken, by its whole name; None for those that are no limits."""
    return _refusals().get(constraint)


def column_of(constraint: str) -> str:
    """The column that a limit is about, by the constraint's whole name; empty for none, or several."""
    check = _refusals().get(constraint)
    if check is None or check.name in {"characters", "one_line"}:
        return ""
    return check.name.rpartition("_")[0]


def most(table: str, column: str) -> int:
    """How many characters a text may have. ``column`` is one of words."""
    kind = _kind_named(table, column)
    if not isinstance(kind, Words):
        raise TypeError(f"{table}.{column} holds no words")
    return kind.most


def _kind_named(table: str, column: str) -> Kind | None:
    return KINDS.get(f"{table}.{column}") or KINDS.get(column)


@cache
def _refusals() -> Mapping[str, Check]:
    # Worked out when the first constraint is broken: what no start should wait for.
    from db.tables.whole import Base

    return {
        f"{table.name}_{check.name}_check": check
        for table in Base.metadata.tables.values()
        for check in checks(table)
    }


def checks(table: Table) -> Iterator[Check]:
    """The limits of a table, as constraints that are named by what they limit."""
    for column in table.columns:
        kind = kind_of(table.name, column)
        if kind is not None:
            yield from kind.checks(column.name, label_of(column.name))
    yield from _characters(table)
    yield from BESIDE.get(table.name, ())


def _characters(table: Table) -> Iterator[Check]:
    # Once a table and not once a column: PostgreSQL prepares each constraint anew for each statement.
    kinds = [(column.name, kind_of(table.name, column)) for column in table.columns]
    lines = [name for name, kind in kinds if isinstance(kind, Tags) or (isinstance(kind, Words) and kind.one_line)]
    texts = [name for name, kind in kinds if isinstance(kind, Words) and not kind.one_line]
    control = "A text holds a control character."
    if texts:
        yield Check("characters", _free_of(CONTROL, texts), control, "Type it instead of pasting it.")
    if lines:
        broken = "A name or a code holds a line break or a control character."
        yield Check("one_line", _free_of(BREAK, lines), broken, "Type it on one line.")


def _free_of(signs: str, columns: Iterable[str]) -> str:
    return f"concat_ws('', {', '.join(columns)}) !~ '{signs}'"


def _is_listed(column: Column[object]) -> bool:
    table = column.table
    return not isinstance(column.type, ARRAY) and any(
        isinstance(one, CheckConstraint) and str(one.sqltext).startswith(f"{column.name} IN (")
        for one in getattr(table, "constraints", ())
    )
