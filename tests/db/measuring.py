"""The measures of a record, as a shift lead's console reads them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.measures import Figure
from db.domain.periods import EVERYTHING, Cut, Period
from db.engine import connect, transaction
from db.measures import Measured, measured
from tests.db.psql import Psql

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
Told = tuple[int, int, int]


@asynccontextmanager
async def reading(psql: Psql, login: str = "l.lead") -> AsyncIterator[AsyncConnection]:
    """A transaction of somebody's console."""
    engine = connect(psql.record.url(login), answer_within=60)
    try:
        async with transaction(engine) as connection:
            yield connection
    finally:
        await engine.dispose()


async def now_of(psql: Psql) -> Any:
    """The record's clock."""
    return await psql.owner.fetchval("SELECT cru.clock_now()")


async def read(psql: Psql, cut: Cut = EVERYTHING, *, anew: bool = True, past: int = 0) -> Measured:
    """All measures of the last 28 days; ``anew`` after rows that were written past the guards, without events."""
    if anew:
        await psql.owner.execute("SELECT cru.measure_anew()")
    async with reading(psql) as connection:
        now = (await connection.execute(text("SELECT cru.clock_now()"))).scalar_one()
        return await measured(connection, Period(now - 28 * DAY, now), cut, past=past)


async def figures(psql: Psql, *keys: str) -> list[Figure]:
    """Some of them."""
    found = await read(psql)
    return [found.figures[key] for key in keys]


async def told(psql: Psql, *keys: str) -> list[Told]:
    """Of shares: how many, of how many, and how many are missing."""
    return [(round(one.part or 0), one.n, one.missing) for one in await figures(psql, *keys)]


async def put(psql: Psql, table: str, **columns: Any) -> None:
    """A row as it may stand in the record; what it takes to write one is for the tests of that part."""
    names, marks = ", ".join(columns), ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(f"INSERT INTO cru.{table} ({names}) VALUES ({marks})", *columns.values())  # noqa: S608


async def put_back(psql: Psql, referral: UUID, by: timedelta) -> None:
    """Let one referral lie in the past, with no guard asked."""
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(
            "UPDATE cru.referral SET received_at = received_at - $2::interval,"
            " closed_at = closed_at - $2::interval WHERE id = $1",
            referral,
            by,
        )
