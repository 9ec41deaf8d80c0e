"""What the audit costs: a command with the seal and without it, a run of the sealer, a verification."""

import time
from collections.abc import Callable

import psutil
import pytest

from db import commands
from tests.bench.table import ms, percentile, row
from tests.cluster import Record, run
from tests.db.audits import dumped, judged, sealed
from tests.db.psql import psql_on
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["qt_loop", "rooms"]
pytestmark = pytest.mark.bench
ROUNDS, BLOCK = 16, 15
LEAVES = 20_000


def test_a_command(record: Record, rooms: Callable[[str], Room]) -> None:
    """With and without, in turns, so that whatever else the computer does meets both."""
    room = rooms("a.shah")
    van_id = room.on_duty(0)
    taken: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    for turn in range(ROUNDS):
        how = ("ENABLE", "DISABLE")[turn % 2]
        run(switched(record, how))
        for _ in range(BLOCK):
            referral_id = room.take()
            room.accept(referral_id)
            sent = commands.Allocate(referral_id=referral_id, van_id=van_id)
            begun = time.perf_counter()
            room.run(commands.execute(room.engine, sent))
            taken[how].append(time.perf_counter() - begun)
            room.do(commands.StandDown(assignment_id=sent.assignment_id, reason="not_needed"))
    kept, without = taken["ENABLE"], taken["DISABLE"]
    for percent in (50, 99):
        with_it, bare = percentile(kept, percent), percentile(without, percent)
        share = f"{with_it / bare - 1:+.1%}"
        row(f"allocate with the seal, p{percent}", f"{ms(with_it)} ({share})", "+3 % (p99)", f"without {ms(bare)}")


async def switched(record: Record, how: str) -> None:
    async with psql_on(record, ("a.shah", "l.lead", "w.wall", "g.gateway")) as psql:
        for (table,) in await psql.owner.fetch("SELECT DISTINCT table_name FROM cru.audit_shape"):
            await psql.owner.execute(f"ALTER TABLE cru.{table} {how} TRIGGER seal")


def test_a_leaf(record: Record) -> None:
    """In the server's own time, whatever else the computer does: what the seal adds to writing a wide row."""
    row("a leaf of a referral, server's time", f"{run(leaf_cost(record)) * 1e6:.0f} µs", "80 µs", "-")


async def leaf_cost(record: Record) -> float:
    async with psql_on(record, ("a.shah", "l.lead", "w.wall", "g.gateway")) as psql:
        owner, spent = psql.owner, dict[str, list[float]]()
        server = psutil.Process(await owner.fetchval("SELECT pg_backend_pid()"))
        await psql.referral("attending")
        await owner.execute("CREATE TABLE cru.wide AS SELECT * FROM cru.referral")
        await owner.execute("ALTER TABLE cru.wide ADD PRIMARY KEY (id)")
        await owner.execute("SELECT cru.seal_table('wide', false)")
        write = await owner.prepare("UPDATE cru.wide SET version = version + 1")
        for _ in range(3):
            for how in ("ENABLE", "DISABLE"):
                await owner.execute(f"ALTER TABLE cru.wide {how} TRIGGER seal")
                begun = sum(server.cpu_times()[:2])
                for _ in range(LEAVES // 10):
                    await write.fetch()
                spent.setdefault(how, []).append(sum(server.cpu_times()[:2]) - begun)
        return (min(spent["ENABLE"]) - min(spent["DISABLE"])) / (LEAVES // 10)


def test_sealing_and_verifying(record: Record) -> None:
    async def measure() -> tuple[float, float, float]:
        async with psql_on(record, ("a.shah", "l.lead", "w.wall", "g.gateway")) as psql:
            sql = f"INSERT INTO cru.event (kind, words) SELECT 'note', n::text FROM generate_series(1, {LEAVES}) n"  # noqa: S608
            await sealed(record.owner_url)
            begun = time.perf_counter()
            await psql.shah.execute(sql)
            written = time.perf_counter() - begun
            begun = time.perf_counter()
            await sealed(record.owner_url)
            ran = time.perf_counter() - begun
            await sealed(record.owner_url)
            dump = await dumped(psql.owner)
            begun = time.perf_counter()
            assert judged(dump)[0] == "All is as it was sealed."
            return written, ran, time.perf_counter() - begun

    written, ran, verified = run(measure())
    count = f"{LEAVES:,} notes"
    row(f"the sealer over {count}", f"{ran:.2f} s", "6 s", f"writing them {written:.2f} s")
    row(f"verifying {count}", f"{verified:.2f} s", "10 s", "-")
