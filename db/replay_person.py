"""Reads of what was known of the people of a past day, for replay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, RowMapping, Uuid, any_, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import rows, tables
from db.domain.believable import believable
from db.domain.danger import Finding, TextReading
from db.domain.dangers import Decision
from db.domain.replay_person import Counted, DecidedThen, KnownOfPeople, ReadThen

# Whose flags a referral has is read as it is known today, as live consoles do; the words were the same.
_FLAGS = text(
    "SELECT f.*, a.applies_to FROM (SELECT flag_id, array_agg(referral_id) AS applies_to"
    " FROM cru.flags_ever_of(:on_board) GROUP BY 1) a JOIN cru.flag f ON f.id = a.flag_id"
    " WHERE f.added_at <= :until AND f.expires_at >= :since"
)


async def rows_about(
    connection: AsyncConnection, table: str, referrals: Sequence[UUID], order: Sequence[str] = ()
) -> Sequence[RowMapping]:
    """The rows of a table about some referrals, or these themselves, in the order of some columns."""
    of = tables.Base.metadata.tables[f"{tables.SCHEMA}.{table}"]
    key = of.c.id if table == "referral" else of.c.referral_id
    # One array however many there are: a list of single values has an end, and is planned anew for each length.
    query = select(of).where(key == any_(bindparam("referrals", type_=ARRAY(Uuid()))))
    query = query.order_by(*(of.c[name] for name in order))
    return (await connection.execute(query, {"referrals": list(referrals)})).mappings().all()


async def load_known(
    connection: AsyncConnection, on_board: Sequence[UUID], since: datetime, until: datetime
) -> KnownOfPeople:
    """What was said, put and decided about the people of these referrals. Needs a dispatcher's rights."""
    return KnownOfPeople(
        [*await _said(connection, on_board), *await _flags(connection, on_board, since, until)],
        await _readings(connection, on_board),
        await _decisions(connection, on_board),
    )


async def _said(connection: AsyncConnection, on_board: Sequence[UUID]) -> list[Counted]:
    found: list[Counted] = []
    made_by = (
        ("about_me", rows.about_item),
        ("read_back", rows.read_back),
        ("crew_word", rows.crew_word),
        ("interpreter", rows.booking),
    )
    for name, made in made_by:
        for row in await rows_about(connection, name, on_board):
            begun = believable(row["added_at" if name == "about_me" else "recorded_at"])
            found.append(Counted(name, made(row), begun, _ended(row)))
    return found


async def _flags(
    connection: AsyncConnection, on_board: Sequence[UUID], since: datetime, until: datetime
) -> list[Counted]:
    given = {"on_board": list(on_board), "since": since, "until": until}
    found = await connection.execute(_FLAGS, given)
    return [Counted("flag", rows.flag(row), believable(row["added_at"]), _ended(row)) for row in found.mappings()]


def _ended(row: RowMapping) -> datetime | None:
    ends = [believable(row[name]) for name in ("ended_at", "withdrawn_at", "taken_back_at") if row.get(name)]
    return min(ends, default=None)


async def _readings(connection: AsyncConnection, on_board: Sequence[UUID]) -> list[ReadThen]:
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
        for row in await rows_about(connection, "reading", on_board, ("read_at", "id"))
    ]


async def _decisions(connection: AsyncConnection, on_board: Sequence[UUID]) -> list[DecidedThen]:
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
        for row in await rows_about(connection, "decision", on_board, ("decided_at",))
    ]
