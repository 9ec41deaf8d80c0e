"""What a command or a read costs grows with what is asked for, and not with what the record holds.

On a filled record each is done once, and Postgres counts what it read: no table that grows from end to end, not
by a scan, not through an index, not inside a function or a trigger either.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import commands as do
from db.commands.base import run
from db.engine import connect
from tests.cluster import LOGINS, Record
from tests.filled import CI, fill
from tests.filled.commands import OWNER, Night
from tests.filled.reads import BESIDE, READS, Asked, public_reads

# What the record has few of however long it is used: what a trust sets, its vans, those who ride and sign in.
FEW = frozenset(
    (
        *(
            "about_topic",
            "alarm_kind",
            "alarm_watch",
            "alembic_version",
            "audit_shape",
            "backup",
            "command_word",
            "contact_schedule",
        ),
        *("cover_wanted", "destination", "device", "device_stay", "ending_rule", "fact_due", "feedback_theme"),
        *(
            "language",
            "legal_move",
            "measure",
            "message_waiting",
            "mobility",
            "news_band",
            "opened",
            "outcome",
            "position",
            "presence",
            "priority",
        ),
        *(
            "reason",
            "referral_day",
            "referral_source",
            "rule",
            "search_line",
            "screening_item",
            "screening_tool",
            "service",
        ),
        *("spc_baseline", "staff", "tool_branch", "tool_letter", "tool_life", "tool_limit", "user_account", "van"),
        *("van_base", "wish"),
    )
)
MANY = 900
"""Rows of each other table in the record of these tests, at least."""
SCANNED = 100
"""Rows that may be read by a scan: of a part of a table, such as the positions of a quiet day."""
SHARE = 4
"""Of one table no more than one row in so many is read: nothing is asked about as much of the past."""
# What reads more of a table than that, and why it may.
MAY = {
    # What waits for the sealer, which is what was written in a minute.
    ("ErasePerson", "audit_pending"),
    # The twenty thousand newest, which is more than there are here.
    ("what is everywhere", "findable"),
}
_READ = """
SELECT regexp_replace(relname, '^position_fix_.*', 'position_fix') AS name, sum(seq_tup_read)::int AS scanned,
    sum(coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0))::int AS rows
FROM pg_stat_xact_user_tables WHERE schemaname = 'cru' AND (seq_scan > 0 OR idx_tup_fetch > 0) GROUP BY 1
"""
# What was counted is kept for a while and told together with the next; so each begins with nothing.
_FORGET = "SELECT pg_stat_force_next_flush()"


@dataclass
class Counting:
    """A filled record, and what each of its tables holds."""

    record: Record
    engines: dict[str, AsyncEngine]
    held: dict[str, int]

    async def wrong(self, login: str, work: Callable[[AsyncConnection], Awaitable[object]]) -> dict[str, str]:
        """Do something as somebody, for good; of which growing tables it reads too much."""
        async with self.engines[login].connect() as connection:
            await work(connection)
            await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            found = (await connection.execute(text(_READ))).all()
            await connection.execute(text(_FORGET))
            await connection.commit()
        return {
            row.name: f"{row.rows} rows of {self.held[row.name]}, {row.scanned} by scans"
            for row in found
            if row.name not in FEW and (row.scanned > SCANNED or row.rows > self.held[row.name] / SHARE)
        }


@asynccontextmanager
async def counting(record: Record) -> AsyncIterator[Counting]:
    engines = {login: connect(record.url(login), answer_within=60) for login in LOGINS}
    engines[OWNER] = connect(record.owner_url, answer_within=60)
    owner = await asyncpg.connect(**record.owner_kwargs)
    found = await owner.fetch(
        "SELECT c.relname AS name, sum(greatest(l.reltuples, 0))::int AS rows FROM pg_class c"
        " LEFT JOIN LATERAL pg_partition_tree(c.oid) p ON true JOIN pg_class l ON l.oid = coalesce(p.relid, c.oid)"
        " WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " GROUP BY 1"
    )
    await owner.close()
    yield Counting(record, engines, {row["name"]: row["rows"] for row in found})
    for engine in engines.values():
        await engine.dispose()


# A scan costs as it would in a record a hundred times as large, which nobody has the time to fill here.
AS_IF_LARGE = "ALTER DATABASE {0} SET seq_page_cost = 100; ALTER DATABASE {0} SET jit = off"


async def test_no_command_and_no_read_goes_through_a_whole_table(record: Record, tmp_path: Path) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await fill(owner, CI)
    await owner.execute(AS_IF_LARGE.format(record.database))
    done: set[str] = set()
    wrong: dict[str, dict[str, str]] = {}
    async with counting(record) as counted:
        few = {name: rows for name, rows in counted.held.items() if name not in FEW and rows < MANY}
        assert few == {}, "a table that grows has too few rows here to tell how it is read"
        async for login, command in (await Night.of(owner)).deeds():
            name = type(command).__name__
            done.add(name)
            wrong[name] = wrong.get(name, {}) | await counted.wrong(login, lambda on, it=command: run(on, it))
        asked = await _asked(owner, tmp_path)
        for name, (login, read) in (READS | BESIDE).items():
            wrong[name] = await counted.wrong(login, lambda on, of=read: of(on, asked))
    await owner.close()
    found = {(name, table): told for name, tables in wrong.items() for table, told in tables.items()}
    assert {key: told for key, told in found.items() if key not in MAY} == {}
    assert found.keys() >= MAY, "what reads no more than others is asked for no longer"
    assert done == {one.__name__ for one in do.Command.__subclasses__()}
    assert public_reads() == READS.keys()


async def _asked(owner: asyncpg.Connection, folder: Path) -> Asked:
    ended = "SELECT id FROM cru.referral WHERE patient_name IS NOT NULL AND closed_at < now() - interval '1 year'"
    open_now = "SELECT id FROM cru.referral WHERE closed_at IS NULL AND entered_in_error_at IS NULL"
    return Asked(
        now=await owner.fetchval("SELECT cru.clock_now()"),
        ended=await owner.fetchval(f"{ended} ORDER BY received_at DESC LIMIT 1"),
        open=await owner.fetchval(f"{open_now} ORDER BY received_at DESC LIMIT 1"),
        van=await owner.fetchval("SELECT id FROM cru.van WHERE callsign = 'T1'"),
        folder=folder,
    )
