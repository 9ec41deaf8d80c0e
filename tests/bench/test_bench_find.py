"""How long it takes to find somebody among a million referrals, each with words of its own."""

import time
from typing import Any

import asyncpg
import pytest

from tests.bench.table import ms, percentile, row
from tests.cluster import Record
from tests.db.psql import looked_up
from tests.filled import MILLION, fill

pytestmark = pytest.mark.bench
AGAIN = 5
WITHIN = 0.1
Connection = Any  # asyncpg's stubs make every row's type a parameter
ASKED = {
    "a name that few have": "zoe aegb",
    "a name begun": "zo ae",
    "a reference": "cru-20190507",
    "an NHS number": "900 790 7000",
    "a telephone number": "07700 000613",
    "a postcode": "nn14lp",
    "a house": "17 abington street northampton",
    "what is everywhere": "calm neighbour",
    "what is everywhere, and rare": "calm zoe aegb",
    "words of a narrative": "neighbour hfgejd",
    "two that never meet": "zoe nn1 kofi",
    "nothing there": "qqqq zzzz",
}


async def test_somebody_is_found_among_a_million(record: Record) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    shah = await asyncpg.connect(**record.kwargs("a.shah"))
    try:
        filled = await fill(owner, MILLION)
        took = {words: [await _look(shah, typed) for _ in range(AGAIN)] for words, typed in ASKED.items()}
        plan = await _plan(owner)
    finally:
        await shah.close()
        await owner.close()
    first = [times[0] for times in took.values()]
    again = [time for times in took.values() for time in times[1:]]
    slowest = max(took, key=lambda words: percentile(took[words], 50))
    row(
        f"look up, {MILLION.referrals // 1000} thousand referrals",
        f"p95 {ms(percentile(again, 95))}, median {ms(percentile(again, 50))}, slowest “{slowest}”",
        f"≤ {ms(WITHIN)}",
        f"asked for the first time p95 {ms(percentile(first, 95))}; filling {filled:.0f} s",
    )
    assert "findable_words_idx" in plan
    assert percentile(again, 95) <= WITHIN


async def _look(who: Connection, typed: str) -> float:
    begun = time.perf_counter()
    await looked_up(who, typed)
    return time.perf_counter() - begun


async def _plan(owner: Connection) -> str:
    """How what is rare is looked for."""
    await owner.execute("SET enable_seqscan = off")
    found = await owner.fetch(
        "EXPLAIN SELECT f.id FROM cru.findable f WHERE f.words @@ (cru.looked_for('zoe aegb')).wanted"
    )
    return "\n".join(line[0] for line in found)
