# ruff: noqa: S608 - the statements are the tests' own
"""Fills a record of any revision as :mod:`tests.filled.tables` and its neighbours say; no guard is asked."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from tests.filled.beside import BESIDE
from tests.filled.rows import JOB, Rows
from tests.filled.sizes import Size
from tests.filled.tables import ROWS
from tests.filled.worked_out import WORKED_OUT

Connection = Any  # asyncpg's stubs make every row's type a parameter
TABLES: Final = frozenset(rows.table for rows in (*ROWS, *BESIDE))
"""Those that are filled; what the record works out of them is filled beside."""
_LONG: Final = 1800.0
"""Seconds that one statement may take."""
_INDEXES: Final = """
SELECT format('DROP INDEX %s', i.indexrelid::regclass) AS goes, pg_get_indexdef(i.indexrelid) AS comes
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition AND NOT i.indisunique
"""
_CHECKS: Final = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS goes,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', conrelid::regclass, conname,
        pg_get_constraintdef(oid)) AS comes
FROM pg_constraint WHERE connamespace = 'cru'::regnamespace AND contype = 'c' AND conparentid = 0 AND conislocal
"""


async def fill(owner: Connection, size: Size) -> float:
    """Fill an empty record that has its reference data, as its owner. Returns the seconds that it took.

    Raises:
        asyncpg.PostgresError: a table has a column that must be said, and :mod:`tests.filled.tables` does not.
    """
    begun = time.perf_counter()
    known = await _columns(owner)
    async with _unguarded(owner):
        await _parts_of_the_days(owner, size)
        async with _set_aside(owner, (_INDEXES, _CHECKS) if size.is_large else ()):
            await owner.execute(_said(JOB, size), timeout=_LONG)
            await owner.execute("ANALYZE job")
            for rows in (*ROWS, *BESIDE, *WORKED_OUT):
                if sql := _insert(rows, known, size):
                    await owner.execute(sql, timeout=_LONG)
        await owner.execute("DROP TABLE job")
    if size.is_large:
        await owner.execute("VACUUM ANALYZE", timeout=_LONG)
    else:
        # A sample of a few thousand rows is told by half of them.
        await owner.execute("SET default_statistics_target = 10; ANALYZE; RESET default_statistics_target")
    return time.perf_counter() - begun


@asynccontextmanager
async def _unguarded(owner: Connection) -> AsyncIterator[None]:
    """One transaction in which no trigger runs and no reference is looked up."""
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute("SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL work_mem = '256MB'")
        yield


@asynccontextmanager
async def _set_aside(owner: Connection, kinds: Sequence[str]) -> AsyncIterator[None]:
    """Go without indexes and checks of values meanwhile: with them a million rows take four times as long."""
    found = [row for kind in kinds for row in await owner.fetch(kind)]
    for one in found:
        await owner.execute(one["goes"])
    yield
    for one in found:
        await owner.execute(one["comes"], timeout=_LONG)


async def _columns(owner: Connection) -> dict[str, set[str]]:
    found = await owner.fetch(
        "SELECT c.relname AS name, array_agg(a.attname::text) AS columns FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " GROUP BY 1"
    )
    return {row["name"]: set(row["columns"]) for row in found}


def _insert(rows: Rows, known: dict[str, set[str]], size: Size) -> str:
    """The statement; empty where the revision knows no such table."""
    says = {name: sql for name, sql in rows.columns.items() if name in known.get(rows.table, ())}
    if not says:
        return ""
    listed = (
        f"INSERT INTO cru.{rows.table} ({', '.join(says)}) SELECT {', '.join(says.values())} FROM {rows.source}"
    )
    return _said(listed, size)


def _said(sql: str, size: Size) -> str:
    parts = {name: getattr(size, name) for name in ("years", "people", "vans", "shifts", "flag_each")}
    return sql.format(n=size.referrals, **parts)


async def _parts_of_the_days(owner: Connection, size: Size) -> None:
    """As a record has them that was in use on those days."""
    for back in range(size.fix_days):
        await owner.execute(
            "SELECT cru.ensure_fix_partition((now() AT TIME ZONE 'UTC')::date - $1::integer)", back
        )
