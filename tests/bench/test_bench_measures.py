"""The lead's page over a record of a million referrals. ``CRU_BENCH_REFERRALS`` stores another number."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db.domain.periods import Cut, Period
from db.domain.what_if import Compared
from db.domain.what_if_asked import WhatIf
from db.engine import connect, transaction
from db.lead_page import LANES_OF, lead_page
from db.nights import past_nights
from tests.bench.table import ms, row
from tests.cluster import Record

pytestmark = pytest.mark.bench
REFERRALS = int(os.environ.get("CRU_BENCH_REFERRALS", "1000000"))
YEARS = 10
# A van, a shift of eight hours after the other, and a referral each few minutes for all of those years.
_FILL = (
    """
INSERT INTO cru.van (callsign, registration, base, livery, seats)
SELECT 'T' || n, 'T' || n, 'Berrywood', 'unmarked', 5 FROM generate_series(1, 40) n
""",
    """
INSERT INTO cru.shift (van_id, started_at, planned_end_at, ended_at)
SELECT v.id, s, s + interval '8 hours', s + interval '8 hours'
FROM cru.van v, generate_series(now() - interval '{years} years', now() - interval '8 hours', interval '8 hours') s
WHERE v.callsign LIKE 'T%' ORDER BY s
""",
    """
CREATE TEMPORARY TABLE job AS SELECT n, gen_random_uuid() AS id,
    now() - interval '{years} years' * (1 - n::float8 / {n}) + interval '1 second' * (random() * 60) AS at,
    5 + 70 * random() ^ 2 AS wait, ('{{P1,P1,P1,P2,P2,P3}}'::text[])[1 + n % 6] AS priority,
    ('{{NN1 5BD,NN18 9ND,NN8 1AA,NN16 8XX,NN11 4BB,""}}'::text[])[1 + (n * 7) % 6] AS postcode
FROM generate_series(1, {n}) n
""",
    """
INSERT INTO cru.referral (id, reference, source, priority, state, location_text, postcode, received_at,
    accepted_at, closed_at, outcome, end_reason, ae_avoided, police_avoided, patient_name, patient_born)
SELECT id, 'B' || n, CASE n % 3 WHEN 0 THEN 'hub' ELSE 'ems_crew' END, priority,
    CASE WHEN n % 9 = 0 THEN 'declined' ELSE 'closed' END, 'Some Street', postcode, at,
    at + interval '4 minutes', at + interval '150 minutes', CASE WHEN n % 9 > 0 THEN 'gp' END,
    CASE WHEN n % 9 = 0 THEN 'out_of_area' ELSE '' END, ('{{yes,no,unknown}}'::text[])[1 + n % 3],
    ('{{yes,no,unknown}}'::text[])[1 + n % 5 % 3], 'Person ' || n % 300000, date '1960-01-01' + n % 20000
FROM job
""",
    """
INSERT INTO cru.assignment (referral_id, van_id, state, allocated_at, mobile_at, on_scene_at, with_patient_at,
    clear_at)
SELECT j.id, v.id, 'clear', at + interval '5 minutes', at + interval '7 minutes',
    at + interval '1 minute' * (wait - 2), CASE WHEN n % 50 > 0 THEN at + interval '1 minute' * wait END,
    at + interval '140 minutes'
FROM job j JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM cru.van WHERE callsign LIKE 'T%') v
    ON v.k = j.n % 40 WHERE n % 9 > 0
""",
    """
INSERT INTO cru.handover (referral_id, ordinal, from_party, from_kind, to_party, to_kind, state, expected_at,
    started_at, accepted_at, released_at)
SELECT id, 1, 'EMAS A1', 'ems', 'CRU', 'cru', 'released', at, at + interval '1 minute' * wait,
    at + interval '1 minute' * (wait + 9), at + interval '1 minute' * (wait + 14)
FROM job WHERE n % 9 > 0 AND n % 3 > 0
""",
    """
INSERT INTO cru.event (referral_id, kind, happened_at, recorded_at, source)
SELECT id, kind, job.at + e.late, job.at + e.late, 'user' FROM job, (VALUES ('received', interval '0'),
    ('accepted', interval '4 minutes'), ('closed', interval '150 minutes')) AS e(kind, late)
""",
)


async def fill(owner: Any) -> None:
    """A million referrals with a job, a handover and events each, no guard asked."""
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        for sql in _FILL:
            await owner.execute(sql.format(years=YEARS, n=REFERRALS), timeout=900)
    await owner.execute("ANALYZE", timeout=900)


async def timed(of: Callable[[], Awaitable[Any]], times: int = 5) -> float:
    """The median of so many."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        await of()
        took.append(time.perf_counter() - begun)
    return sorted(took)[times // 2]


async def longest_stall(work: Coroutine[Any, Any, Any]) -> float:
    """How long the loop could do nothing else while a work went on."""
    task, longest = asyncio.ensure_future(work), 0.0
    while not task.done():
        begun = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, time.perf_counter() - begun)
    await task
    return longest


async def replay(engine: AsyncEngine, asked: WhatIf, now: datetime) -> Compared | None:
    """Answer a question as the window does: in a thread."""
    async with transaction(engine) as connection:
        nights = await past_nights(connection, asked.periods(now), "P1")
    return await asyncio.to_thread(nights.answer, asked, lambda _done: None)


async def test_live_writes_do_not_wait(record: Record) -> None:
    """What the list of referrals to work out costs whoever writes: the same acts with it and without it."""
    owner = await asyncpg.connect(**record.owner_kwargs)
    shah = await asyncpg.connect(**record.kwargs("a.shah"))

    async def act() -> None:
        async with shah.transaction():
            made = await shah.fetchval(
                "INSERT INTO cru.referral (source, priority, location_text) VALUES ('hub', 'P2', 'x') RETURNING id"
            )
            await shah.execute("UPDATE cru.referral SET caller = 'y' WHERE id = $1", made)
            await shah.execute(
                "UPDATE cru.referral SET state = 'declined', end_reason = 'out_of_area' WHERE id = $1", made
            )

    took: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    for turn in range(20):
        switch = ("ENABLE", "DISABLE")[turn % 2]
        await owner.execute(f"ALTER TABLE cru.event {switch} TRIGGER measure")
        took[switch] += [await timed(act, 15)]
    with_it, without = (sorted(took[one])[5] for one in ("ENABLE", "DISABLE"))
    row("a referral taken, changed and declined", ms(with_it), "1.1 x", f"without the queue {ms(without)}")
    await shah.close()
    await owner.close()


async def test_page(record: Record) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await fill(owner)
    begun = time.perf_counter()
    await owner.execute("SELECT cru.measure_anew()", timeout=1800)
    settled = time.perf_counter() - begun
    await owner.execute("VACUUM ANALYZE", timeout=900)
    row(f"facts of {REFERRALS:,} referrals, once at the upgrade", f"{settled:.0f} s", "-", "-")
    engine = connect(record.url("l.lead"), answer_within=60)
    now: datetime = await owner.fetchval("SELECT now()")

    async def page(period: Period, cut: Cut) -> None:
        async with transaction(engine) as connection:
            await lead_page(connection, period, cut, LANES_OF)

    for name, period, cut in (
        ("tonight", Period.tonight(now), Cut()),
        ("28 days", Period.days(28, now), Cut()),
        ("28 days, P1 in Corby", Period.days(28, now), Cut(frozenset({"P1"}), areas=frozenset({"Corby"}))),
    ):
        bare = await timed(lambda period=period: owner.fetch(_BARE, *_oldest(period)))  # type: ignore[misc]
        took = await timed(lambda period=period, cut=cut: page(period, cut))  # type: ignore[misc]
        row(f"lead's page, {name}, of {REFERRALS:,}", ms(took), "500 ms", f"bare SQL {ms(bare)}")
    asked = WhatIf(vans={22: 9, 23: 9, 0: 9, 1: 9})
    idle = await longest_stall(asyncio.sleep(1))
    for name, work in (
        ("reading the 28 days", page(Period.days(28, now), Cut())),
        ("what if", replay(engine, asked, now)),
    ):
        stall = await longest_stall(work)
        row(f"the loop stands still at most while {name}", ms(stall), "50 ms", f"idle loop {ms(idle)}")
    begun = time.perf_counter()
    answer = await replay(engine, asked, now)
    told = f"{answer.nights} nights, {answer.people:,} people" if answer is not None else "nobody"
    row(f"what if, of 26 weeks ({told})", ms(time.perf_counter() - begun), "-", "-")
    await engine.dispose()
    await owner.close()


# The same index range read once for one figure.
_BARE = (
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY response) FROM cru.referral_fact"
    " WHERE received_at >= $1 AND received_at < $2"
)


def _oldest(period: Period) -> tuple[datetime, datetime]:
    return period.past()[0].start, period.end + timedelta(0)
