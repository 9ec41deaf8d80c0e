"""A table of a report on the record: where it stands, what its columns are called, and how it is asked for."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from db.names_of import name_of
from db.reports.document import Column, Kind

Shown = tuple[str, str, float]
"""A column: its heading, what it is in SQL, and its share of the width."""
_MOMENT: Final = re.compile(r"\w+\.\w+(_at|_until)")
_NOTHING: Final = "''"


@dataclass(frozen=True, slots=True)
class RecordPart:
    """A table of the report.

    Attributes:
        key: names it in file names.
        source: what is read, with ``t`` for the table that belongs to the referral.
        order: in which order.
    """

    key: str
    title: str
    source: str
    order: str
    shown: tuple[Shown, ...]
    note: str = ""

    @property
    def query(self) -> str:
        """The statement, with the referrals as ``:ids``; the first column is which of them."""
        what = ", ".join(expression for _, expression, _ in self.shown)
        # Made of the words of this file alone.
        return (
            f"SELECT whose.reference, {what} FROM {self.source}"  # noqa: S608
            " JOIN cru.referral whose ON whose.id = t.referral_id"
            f" WHERE t.referral_id = ANY(:ids) ORDER BY whose.received_at, whose.id, {self.order}"
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns after the first, in the order of the statement."""
        return tuple(Column(title, _kind(expression), wide) for title, expression, wide in self.shown)


def _kind(expression: str) -> Kind:
    return "moment" if _MOMENT.fullmatch(expression) else "text"


def by(column: str, title: str = "By") -> Shown:
    """Who that was, by the name that colleagues read."""
    return title, name_of(f"t.{column}"), 1.0


def at(title: str, column: str) -> Shown:
    """When that was."""
    return title, f"t.{column}", 1.2


def words(title: str, column: str, wide: float = 1.0) -> Shown:
    """What stands in a column."""
    return title, f"t.{column}", wide


def reason_of(column: str, kind: str) -> str:
    """A reason as people read it, by its code."""
    found = asked("r.label", "cru.reason r", f"r.kind = '{kind}' AND r.code = {column}")
    return f"coalesce(({found}), {column})"


def asked(what: str, source: str, where: str) -> str:
    """A statement within a statement."""
    # Made of the words of this file alone.
    return f"SELECT {what} FROM {source} WHERE {where}"  # noqa: S608


def steps(states: Iterable[StrEnum], notes: Mapping[str, str], usual: Container[str]) -> str:
    """One row a step: those that are usual also where nobody put down when, the others only if they were taken."""
    rows = ", ".join(
        f"({place}, '{one}', t.{one.value.replace(' ', '_')}_at, {notes.get(one, _NOTHING)}, {one in usual})"
        for place, one in enumerate(states)
    )
    found = asked(
        "*", f"(VALUES {rows}) AS s (place, step, happened_at, note, usual)", "usual OR happened_at IS NOT NULL"
    )
    return f"CROSS JOIN LATERAL ({found}) s"
