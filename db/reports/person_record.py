"""Everything that the record holds about one person, over all of their referrals: for whoever it is about."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import queries
from db.domain.clocks import local
from db.person_queries import PersonRead, person
from db.reports.document import Cell, Column, Document, Table
from db.reports.referral_record import DEFINITIONS, WHOSE, details, read_parts, times

_DEFINITIONS: Final = (
    *DEFINITIONS,
    ("Link", "Somebody said that two referrals are of one person, or that they are not. The last word counts."),
    ("Asked for", "A copy of the record, a correction, or that the person is erased; and what was answered."),
)


async def person_record(
    connection: AsyncConnection, referral_id: UUID, made_by: str
) -> tuple[PersonRead, Document]:
    """The person of a referral, and what the record holds about them; :func:`open_person` opens it before.

    Args:
        connection: a transaction in which nothing changes while it is read.
        referral_id: one of theirs.
        made_by: who asks for it.
    """
    read, now = await person(connection, referral_id), await queries.now(connection)
    reference = await queries.reference_data(connection)
    ids = [one.id for one in read.referrals]
    query = text("SELECT * FROM cru.referral WHERE id = ANY(:ids) ORDER BY received_at, id")
    rows = [row._asdict() for row in await connection.execute(query, {"ids": ids})]
    theirs = [(row["reference"], details(row, reference), times(row)) for row in rows]
    document = Document(
        title="Record of a person",
        service=reference.service,
        subject=f"Everything that the record holds about this person, of {_count(len(rows))}."
        f" {read.keeping.in_words(now)}",
        made_at=now,
        made_by=made_by,
        confidential=True,
        parts=(
            _over([(called, told) for called, told, _ in theirs]),
            _over([(called, told) for called, _, told in theirs]),
            _links(read),
            *await read_parts(connection, ids, reference, whose=True),
        ),
        definitions=_DEFINITIONS,
    )
    return read, document


def stem(now: datetime) -> str:
    """How the names of the files begin: when they were made, and nothing about the person."""
    return f"person-{local(now):%Y-%m-%d-%H%M%S}"


def _count(referrals: int) -> str:
    return "one referral" if referrals == 1 else f"{referrals} referrals"


def _over(tables: list[tuple[str, Table]]) -> Table:
    """The same table of several referrals as one, which it is about in front; what nobody wrote is left out."""
    first = tables[0][1]
    rows: list[tuple[Cell, ...]] = [
        (called, *row) for called, table in tables for row in table.rows if row[-1] not in (None, "")
    ]
    return Table(first.key, first.title, (WHOSE, *first.columns), rows, first.note)


def _links(read: PersonRead) -> Table:
    columns = (
        Column("When", "moment", 1.2),
        Column("By"),
        Column("Referral"),
        Column("And"),
        Column("Are of", wide=1.2),
        Column("Taken back"),
    )
    rows: list[tuple[Cell, ...]] = [
        (at, by, one, other, "one person" if is_same else "two people", "yes" if is_gone else "")
        for at, by, one, other, is_same, is_gone in read.links
    ]
    note = "Referrals with the same NHS number are of one person without anybody's word."
    return Table("links", "Which referrals were said to be of one person", columns, rows, note)
