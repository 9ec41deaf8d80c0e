"""A seek in a replay with five million fixes stored. ``CRU_BENCH_FIXES`` stores another number."""

import os
import time
from datetime import timedelta

import asyncpg
import pytest

from db.engine import connect, transaction
from db.replay import positions_at
from tests.bench.table import ms, percentile, row
from tests.cluster import Record

pytestmark = pytest.mark.bench
FIXES = int(os.environ.get("CRU_BENCH_FIXES", "5000000"))


async def test_seek(record: Record) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await owner.execute(
        "INSERT INTO cru.van (callsign, registration, base, livery, seats)"
        " SELECT 'T' || n, 'T' || n, 'Berrywood', 'unmarked', 5 FROM generate_series(1, 50) n"
    )
    # Fifty vans, a fix a second each, over as many seconds as it takes: a day and more.
    await owner.execute(
        "SELECT cru.ensure_fix_partition((now() - n * interval '1 day')::date) FROM generate_series(0, 2) n"
    )
    await owner.execute(
        "INSERT INTO cru.position_fix (van_id, fixed_at, received_at, lat, lon)"
        " SELECT v.id, now() - s * interval '1 second', now() - s * interval '1 second', 52.2, -0.9"
        " FROM generate_series(1, $1::int / 50) s CROSS JOIN (SELECT id FROM cru.van WHERE callsign LIKE 'T%') v",
        FIXES,
        timeout=600,
    )
    await owner.execute("ANALYZE cru.position_fix", timeout=600)
    engine = connect(record.url("l.lead"))
    now = await owner.fetchval("SELECT now()")
    times, bare = [], []
    for turn in range(20):
        moment = now - timedelta(seconds=FIXES / 50 * (turn + 1) / 22)
        async with transaction(engine) as connection:
            begun = time.perf_counter()
            found = await positions_at(connection, moment)
            times.append(time.perf_counter() - begun)
        assert len(found) == 50
        begun = time.perf_counter()
        await owner.fetch(
            "SELECT fixed_at FROM cru.position_fix WHERE van_id = $1 AND fixed_at <= $2 AND received_at <= $2"
            " AND received_at > $2 - interval '2 hours' ORDER BY fixed_at DESC LIMIT 1",
            found[0].van_id,
            moment,
        )
        bare.append(time.perf_counter() - begun)
    row(
        f"replay seek, {FIXES:,} fixes",
        f"p50 {ms(percentile(times, 50))}, worst {ms(max(times))}",
        "200 ms",
        f"one van's index scan {ms(percentile(bare, 50))}",
    )
    await engine.dispose()
    await owner.close()
