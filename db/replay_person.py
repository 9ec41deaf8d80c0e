"""Reads of what was known of the people of a past day, for replay."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import rows, tables
from db.domain.believable import believable
from db.domain.danger import Finding, TextReading
from db.domain.records import Decision
from db.domain.replay_person import Counted, DecidedThen, KnownOfPeople, ReadThen

# Whose flags a referral has is read as it is known today, as live consoles do; the words were the same.
_FLAGS = text(
    "SELECT f.*, ARRAY(SELECT DISTINCT r.id FROM cru.referral r WHERE r.id = ANY (:on_board)"
    " AND (r.id = f.referral_id"
    " OR r.id = ANY (cru.referrals_of_flag(f.id))"
    " OR f.subject = 'person' AND cru.nhs_digits(r.nhs_number) = cru.nhs_digits(o.nhs_number)"
    " OR f.subject = 'address' AND f.address_key <> ''"
    " AND f.address_key = cru.address_key(r.postcode, r.location_text))) AS applies_to"
    " FROM cru.flag f JOIN cru.referral o ON o.id = f.referral_id"
    " WHERE f.added_at <= :until AND f.expires_at >= :since"
)


async def load_known(
    connection: AsyncConnection, on_board: Select[Any], since: datetime, until: datetime
) -> KnownOfPeople:
    """What was said, put and decided about the people of these referrals. Needs a dispatcher's rights."""
    return KnownOfPeople(
        [*await _said(connection, on_board), *await _flags(connection, on_board, since, until)],
        await _readings(connection, on_board),
        await _decisions(connection, on_board),
    )


async def _said(connection: AsyncConnection, on_board: Select[Any]) -> list[Counted]:
    found: list[Counted] = []
    made_by = (
        ("about_me", rows.about_item),
        ("read_back", rows.read_back),
        ("crew_word", rows.crew_word),
        ("interpreter", rows.booking),
    )
    for name, made in made_by:
        table = tables.Base.metadata.tables[f"{tables.SCHEMA}.{name}"]
        query = select(table).where(table.c.referral_id.in_(on_board))
        for row in (await connection.execute(query)).mappings():
            begun = believable(row["added_at" if name == "about_me" else "recorded_at"])
            found.append(Counted(name, made(row), begun, _ended(row)))
    return found


async def _flags(
    connection: AsyncConnection, on_board: Select[Any], since: datetime, until: datetime
) -> list[Counted]:
    ids = list((await connection.execute(on_board)).scalars())
    found = await connection.execute(_FLAGS, {"on_board": ids, "since": since, "until": until})
    return [
        Counted("flag", rows.flag(row), believable(row["added_at"]), _ended(row))
        for row in found.mappings()
        if row["applies_to"]
    ]


def _ended(row: RowMapping) -> datetime | None:
    ends = [believable(row[name]) for name in ("ended_at", "withdrawn_at", "taken_back_at") if row.get(name)]
    return min(ends, default=None)


async def _readings(connection: AsyncConnection, on_board: Select[Any]) -> list[ReadThen]:
    reading = tables.ReadingRow
    query = (
        select(reading.__table__).where(reading.referral_id.in_(on_board)).order_by(reading.read_at, reading.id)
    )
    return [
        ReadThen(
            row["referral_id"],
            believable(row["read_at"]),
            row["event_id"],
            TextReading(
                row["tool_version"],
                row["text_digest"],
                tuple(Finding(one["key"], one["word"], one["said"]) for one in row["found"]),
            ),
        )
        for row in (await connection.execute(query)).mappings()
    ]


async def _decisions(connection: AsyncConnection, on_board: Select[Any]) -> list[DecidedThen]:
    decision = tables.DecisionRow
    query = select(decision.__table__).where(decision.referral_id.in_(on_board)).order_by(decision.decided_at)
    return [
        DecidedThen(
            row["referral_id"],
            Decision(
                row["kind"],
                row["clinician"],
                row["reason"],
                row["decided_by"],
                believable(row["decided_at"]),
                tuple(row["covers"]),
            ),
            _ended(row),
        )
        for row in (await connection.execute(query)).mappings()
    ]
