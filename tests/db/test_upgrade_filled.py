# ruff: noqa: S608 - the tests name tables and columns of our own
"""A record that was in use for years is upgraded: what stood in it stands there, counts as before, and goes on."""

from typing import Any

import pytest

from db import migrate
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned
from tests.filled import TABLES, Size, fill

COLUMNS = (
    "SELECT c.relname AS name, array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY 1"
)
# What each revision tells of itself: that consoles read anew, and what it mended. And what the record works out by
# rules that a revision may change: what stands against somebody who waits.
TELLS = {"change", "mended", "danger"}
UNCHECKED = "SELECT conrelid::regclass || ' ' || conname FROM pg_constraint WHERE NOT convalidated"


async def contents(psql: Psql, of: dict[str, list[str]]) -> dict[str, tuple[int, Any]]:
    """How many rows each table has, and a mark of all that they say in some columns, whatever their order."""
    found = {}
    for table, columns in of.items():
        sql = f"SELECT count(*), sum(hashtextextended(ROW({', '.join(columns)})::text, 0)) FROM cru.{table}"
        found[table] = tuple(await psql.owner.fetchrow(sql))
    return found


async def columns(psql: Psql) -> dict[str, list[str]]:
    return {row["name"]: row["columns"] for row in await psql.owner.fetch(COLUMNS)}


async def upgraded(cluster: Cluster, database: str, referrals: int, mended: frozenset[str] = frozenset()) -> None:
    async with cloned(cluster, database) as psql:
        await fill(psql.owner, Size(referrals))
        before = await columns(psql)
        was = await contents(psql, before)
        await migrate.upgrade(psql.record.owner_url)
        after = await columns(psql)
        kept = {table: names for table, names in before.items() if set(names) <= set(after.get(table, ()))}
        now = await contents(psql, kept)
        assert {table for table in (kept.keys() & TABLES) - TELLS - mended if now[table] != was[table]} == set()
        assert before.keys() - kept.keys() == set(), "a column or a table went"
        assert await psql.owner.fetch(UNCHECKED) == []
        await psql.owner.execute("SELECT cru.settle_measures()")
        for worked_out, key in (("referral_fact", "referral_id"), ("findable", "id")):
            there = f"SELECT count(*) FROM cru.referral r JOIN cru.{worked_out} w ON w.{key} = r.id"
            # A call that was no referral counts nowhere, and is found all the same.
            assert await psql.owner.fetchval(there) >= referrals * 0.98, worked_out
        # And it goes on: somebody is referred, screened, visited and left.
        assert await psql.kinds(await psql.referral("closed"))


async def test_a_record_in_use(cluster: Cluster, left_by: LeftBy) -> None:
    await upgraded(cluster, left_by("0040"), 250)


@pytest.mark.long
@pytest.mark.parametrize("revision", ["0005", "0021", "0034", "0044"])
async def test_ten_thousand_referrals(cluster: Cluster, left_by: LeftBy, revision: str) -> None:
    # Revision 0011 ends what was kept on somebody for longer than twelve months.
    mended = frozenset({"flag"} if revision < "0011" else ())
    await upgraded(cluster, left_by(revision), 10_000, mended)
