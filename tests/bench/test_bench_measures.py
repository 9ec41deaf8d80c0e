"""The lead's page over a record of a million referrals."""

import asyncio
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
from tests.filled import MILLION, fill

pytestmark = pytest.mark.bench
SETTLED = 5000
"""Referrals of which the facts are worked out, to tell how long that takes of all."""


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
    await fill(owner, MILLION)
    begun = time.perf_counter()
    some = "SELECT cru.settle_referrals(ARRAY(SELECT id FROM cru.referral ORDER BY received_at DESC LIMIT $1))"
    await owner.execute(some, SETTLED, timeout=1800)
    each = (time.perf_counter() - begun) / SETTLED
    row(f"facts of {MILLION.referrals:,}, once at an upgrade", f"{each * MILLION.referrals:.0f} s", "-", ms(each))
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
        row(f"lead's page, {name}, of {MILLION.referrals:,}", ms(took), "500 ms", f"bare SQL {ms(bare)}")
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
