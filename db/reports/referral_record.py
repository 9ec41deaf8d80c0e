"""Everything that the record holds about one referral: for the person it is about, or for a review."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import queries
from db.domain.reference import ReferenceData
from db.reports.document import Cell, Column, Document, Table
from db.reports.event_words import detail_words
from db.reports.referral_parts import PARTS
from db.tables.labels import LABELS

_TIMES: Final = (
    *("call_connected_at", "sent_at", "received_at", "acknowledged_at", "screened_at", "accepted_at", "closed_at"),
    *("ems_on_scene_at", "hold_until", "entered_in_error_at"),
)
_BOOKKEEPING = frozenset({"id", "version", *_TIMES})
_REASONS = {"hold_reason": "hold"}
_NAMED = {
    "lat": "latitude",
    "lon": "longitude",
    "ems_released": "EMAS crew released",
    "ae_avoided": "A&E avoided",
    "ae_care": "A&E care",
}


async def referral_record(connection: AsyncConnection, referral_id: UUID, made_by: str, now: datetime) -> Document:
    """What the record holds about a referral.

    Args:
        connection: a transaction in which nothing changes while it is read.
        referral_id: which.
        made_by: who asks for it.
        now: by the record's clock.
    """
    reference = await queries.reference_data(connection)
    query = text("SELECT * FROM cru.referral WHERE id = :referral")
    row = (await connection.execute(query, {"referral": referral_id})).one()._asdict()
    parts = [details(row, reference), times(row), *await read_parts(connection, [referral_id], reference)]
    return Document(
        title=f"Record of {row['reference']}",
        service=reference.service,
        subject="Everything that the record holds about this referral.",
        made_at=now,
        made_by=made_by,
        confidential=True,
        parts=tuple(parts),
        definitions=DEFINITIONS,
    )


async def read_parts(
    connection: AsyncConnection, referral_ids: Sequence[UUID], reference: ReferenceData, *, whose: bool = False
) -> list[Table]:
    """What the tables of the record hold about some referrals, a table of the report each.

    Args:
        connection: a transaction in which nothing changes while it is read.
        referral_ids: which.
        reference: what codes are called.
        whose: with a first column that says which referral each row is about.
    """
    labels, found = _labels(reference), []
    for part in PARTS:
        rows = await connection.execute(text(part.query), {"ids": list(referral_ids)})
        told = [tuple(_cell(cell, labels) for cell in one) for one in rows]
        columns = (WHOSE, *part.columns) if whose else part.columns
        found.append(Table(part.key, part.title, columns, told if whose else [row[1:] for row in told], part.note))
    return found


WHOSE: Final = Column("Referral", wide=1.4)
"""Heads the column that says which of a person's referrals a row is about."""
DEFINITIONS: Final = (
    ("–", "Not recorded. A time that is missing is never invented."),
    ("Taken back", "It did not happen, and was said not to have happened at that time. It stays readable."),
    ("Happened, written down", "When something was, and when somebody put it into the record."),
    ("time amended", "A time was corrected: the detail has the time before and after, and the reason."),
    ("record opened", "Somebody looked at this record, or gave it out as a file."),
)


def _labels(reference: ReferenceData) -> Mapping[str, str]:
    """What codes are called: of outcomes, reasons and topics. A word that is no code stays as it is."""
    reasons = (one for some in reference.reasons.values() for one in some)
    named = [(one.code, one.label) for one in (*reference.outcomes, *reasons)]
    named += [(one.key, one.label) for one in reference.topics]
    # Only what nobody would write as a word.
    return {code: label for code, label in named if "_" in code}


def _cell(value: Any, labels: Mapping[str, str]) -> Cell:  # noqa: ANN401 - of whatever kind the column is
    if isinstance(value, dict):
        return detail_words(value, labels)
    return labels.get(value, value) if isinstance(value, str) else value


def details(row: Mapping[str, Any], reference: ReferenceData) -> Table:
    """What was typed and chosen, from a row of referrals."""
    told = [
        (label_of_column(name), _words(name, value, reference))
        for name, value in row.items()
        if name not in _BOOKKEEPING
    ]
    columns = (Column("What", wide=1), Column("As it stands now", wide=3))
    return Table("details", "What was written down", columns, told)


def times(row: Mapping[str, Any]) -> Table:
    """When what was, from a row of referrals."""
    columns = (Column("Time", wide=1), Column("When", "moment", wide=3))
    return Table(
        "times", "Times of the referral", columns, [(label_of_column(name), row[name]) for name in _TIMES]
    )


def label_of_column(name: str) -> str:
    """What a report calls a column of a referral."""
    named = _NAMED.get(name) or LABELS.get(name) or name.removesuffix("_at").replace("_", " ")
    return named[:1].upper() + named[1:]


def _words(name: str, value: Any, reference: ReferenceData) -> Cell:  # noqa: ANN401 - of whatever kind the column is
    if name == "source" and value in reference.sources:
        return reference.sources[value].label
    if name == "outcome":
        return next((one.label for one in reference.outcomes if one.code == value), value)
    if name in _REASONS:
        return next((one.label for one in reference.reasons.get(_REASONS[name], ()) if one.code == value), value)
    if isinstance(value, dict):
        return detail_words(value)
    return value  # type: ignore[no-any-return] # a column of the referral
