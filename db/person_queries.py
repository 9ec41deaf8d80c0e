"""Reads of a person's whole record, over all of their referrals; that somebody looked is put down beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.believable import believable, believable_if_any
from db.domain.person_requests import (
    CORRECTABLE,
    Keeping,
    PersonRequest,
    RequestKind,
    RequestState,
    WaitingRequest,
)
from db.domain.texts import paragraphs
from db.names_of import name_of

OPEN_MOST: Final = 200
"""How many requests that wait for an answer are read at most; the oldest."""


@dataclass(frozen=True, slots=True)
class TheirReferral:
    """One of a person's referrals, and who it says that they are.

    Attributes:
        columns: what it says that may be corrected, as text, by column; what nobody wrote is left out.
    """

    id: UUID
    reference: str
    received_at: datetime
    state: str
    name: str
    born: date | None
    nhs_number: str
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class SaidOfThem:
    """Something that was said about them, or a flag on them, that stands and may be corrected.

    Attributes:
        thing: ``said`` or ``flag``.
        title: what it is about, or of which kind.
        words: what stands there.
        by: who said it, or put it.
    """

    id: UUID
    referral_id: UUID
    thing: str
    title: str
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class PersonRead:
    """A person as the record has them. Referrals oldest first; requests and ``looks`` newest first.

    Attributes:
        looks: when, who, at which referral, and what for where it was given out.
        links: when, who, which two, and whether they are the same.
    """

    referrals: tuple[TheirReferral, ...]
    keeping: Keeping
    requests: tuple[PersonRequest, ...]
    said: tuple[SaidOfThem, ...]
    looks: tuple[tuple[datetime, str, str, str], ...]
    links: tuple[tuple[datetime, str, str, str, bool, bool], ...]


_OPEN_PERSON: Final = text("SELECT cru.open_person(:referral, :why)")
_IDS: Final = text("SELECT referral_id FROM cru.referrals_of_person(:referral)")
# What may be corrected, as the record has it: another text would count as changed meanwhile.
_REFERRALS: Final = text(
    f"SELECT id, reference, received_at, state, {', '.join(CORRECTABLE)} FROM cru.referral"  # noqa: S608 - of ours
    " WHERE id = ANY(:ids) ORDER BY received_at, id"
)
_KEEPING: Final = text("SELECT * FROM cru.kept_until(:referral)")
_LOOKED: Final = text(
    "INSERT INTO cru.event (referral_id, kind) SELECT unnest(CAST(:ids AS uuid[])), 'record opened'"
)
_REQUEST: Final = (
    f"SELECT q.*, r.reference, {name_of('q.made_by')} AS maker, {name_of('q.answered_by')} AS answerer"  # noqa: S608
    " FROM cru.person_request q JOIN cru.referral_times r ON r.id = q.referral_id WHERE "
)
_REQUESTS: Final = text(f"{_REQUEST} q.referral_id = ANY(:ids) ORDER BY q.made_at DESC, q.id")
_OPEN: Final = text(f"{_REQUEST} q.state = 'open' ORDER BY q.made_at, q.id LIMIT {OPEN_MOST}")
_WAITING: Final = text(
    "SELECT q.id, q.referral_id, r.reference, q.kind, q.made_at FROM cru.person_request q"  # noqa: S608 - of ours
    " JOIN cru.referral_times r ON r.id = q.referral_id"
    f" WHERE q.state = 'open' ORDER BY q.made_at, q.id LIMIT {OPEN_MOST}"
)
_SAID: Final = text(
    "SELECT a.id, a.referral_id, 'said' AS thing, p.label AS title,"  # noqa: S608 - of ours
    " coalesce(nullif(a.words, ''), a.code) AS words, a.said_by AS by, a.added_at FROM cru.about_me a"
    " JOIN cru.about_topic p ON p.key = a.topic"
    " WHERE a.referral_id = ANY(:ids) AND a.ended_at IS NULL AND a.taken_back_at IS NULL"
    " UNION ALL SELECT f.id, f.referral_id, 'flag', f.kind, f.reason,"
    f" {name_of('f.added_by')}, f.added_at FROM cru.flag f"
    " WHERE f.referral_id = ANY(:ids) AND f.withdrawn_at IS NULL AND f.taken_back_at IS NULL ORDER BY added_at, id"
)
_LOOKS: Final = text(
    f"SELECT e.recorded_at, {name_of('e.recorded_by')}, r.reference, e.words"  # noqa: S608 - of ours
    " FROM cru.event e JOIN cru.referral r ON r.id = e.referral_id"
    " WHERE e.referral_id = ANY(:ids) AND e.kind = 'record opened' ORDER BY e.id DESC"
)
_LINKS: Final = text(
    f"SELECT s.added_at, {name_of('s.added_by')}, a.reference, b.reference AS other, s.is_same,"  # noqa: S608
    " s.taken_back_at IS NOT NULL FROM (SELECT * FROM cru.same_person WHERE referral_id = ANY(:ids)"
    # Each way by an index of its own.
    " UNION SELECT * FROM cru.same_person WHERE other_id = ANY(:ids)) s"
    " JOIN cru.referral a ON a.id = s.referral_id JOIN cru.referral b ON b.id = s.other_id"
    " ORDER BY s.added_at DESC, s.id"
)


async def ids_of_person(connection: AsyncConnection, referral_id: UUID) -> list[UUID]:
    """The referrals of the person of one of them that are in sight, or were opened before; oldest first."""
    return list((await connection.execute(_IDS, {"referral": referral_id})).scalars())


async def open_person(connection: AsyncConnection, referral_id: UUID, why: str) -> None:
    """Open all that is theirs, also what is past; it is read, and known, once this is committed.

    Args:
        connection: in a transaction of its own.
        referral_id: one of theirs.
        why: in letters and blanks.
    """
    await connection.execute(_OPEN_PERSON, {"referral": referral_id, "why": why})


async def note_looked(connection: AsyncConnection, referral_ids: Sequence[UUID]) -> None:
    """Write down that this login looks at these referrals' record."""
    await connection.execute(_LOOKED, {"ids": list(referral_ids)})


async def person(connection: AsyncConnection, referral_id: UUID) -> PersonRead:
    """A person, by one of their referrals; that it was looked at is put down by :func:`note_looked`."""
    ids = await ids_of_person(connection, referral_id)
    rows = (await connection.execute(_REFERRALS, {"ids": ids})).mappings().all()
    found = {name: (await connection.execute(query, {"ids": ids})).all() for name, query in _OF_THEM.items()}
    requests = (await connection.execute(_REQUESTS, {"ids": ids})).mappings()
    return PersonRead(
        referrals=tuple(_referral(row) for row in rows),
        keeping=await keeping(connection, referral_id),
        requests=tuple(_request(row) for row in requests),
        said=tuple(SaidOfThem(*row[:6]) for row in found["said"]),
        looks=tuple((believable(row[0]), *row[1:]) for row in found["looks"]),
        links=tuple((believable(row[0]), *row[1:]) for row in found["links"]),
    )


async def keeping(connection: AsyncConnection, referral_id: UUID) -> Keeping:
    """How long the rule keeps the person of a referral."""
    return Keeping(*(await connection.execute(_KEEPING, {"referral": referral_id})).one())


_OF_THEM: Final = {"said": _SAID, "looks": _LOOKS, "links": _LINKS}


async def open_requests(connection: AsyncConnection) -> tuple[PersonRequest, ...]:
    """What was asked about anybody's record and waits for an answer, oldest first."""
    return tuple(_request(row) for row in (await connection.execute(_OPEN)).mappings())


async def waiting_requests(connection: AsyncConnection) -> tuple[WaitingRequest, ...]:
    """The same without who asks and what they say: what every desk knows of them all the while."""
    rows = await connection.execute(_WAITING)
    return tuple(
        WaitingRequest(row.id, row.referral_id, row.reference, RequestKind(row.kind), believable(row.made_at))
        for row in rows
    )


def _referral(row: Any) -> TheirReferral:  # noqa: ANN401 - a mapping by column name
    return TheirReferral(
        id=row["id"],
        reference=row["reference"],
        received_at=believable(row["received_at"]),
        state=row["state"],
        name=paragraphs(row["patient_name"] or ""),
        born=row["patient_born"],
        nhs_number=row["nhs_number"] or "",
        columns={name: str(row[name]) for name in CORRECTABLE if row[name]},
    )


def _request(row: Any) -> PersonRequest:  # noqa: ANN401 - a mapping by column name
    return PersonRequest(
        id=row["id"],
        referral_id=row["referral_id"],
        reference=row["reference"],
        kind=RequestKind(row["kind"]),
        about=row["about"],
        said_by=paragraphs(row["said_by"]),
        words=paragraphs(row["words"]),
        made_by=paragraphs(row["maker"]),
        made_at=believable(row["made_at"]),
        state=RequestState(row["state"]),
        answer=paragraphs(row["answer"]),
        statement=paragraphs(row["statement"]),
        answered_by=paragraphs(row["answerer"]),
        answered_at=believable_if_any(row["answered_at"]),
    )
