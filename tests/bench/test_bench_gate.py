"""How long the gate is asked at a step, of a referral of which much was written, in a record with much else."""

import time
from statistics import median
from uuid import UUID

import pytest

from tests.bench.table import ms, percentile, row
from tests.cluster import LOGINS, Record
from tests.db.psql import Psql, psql_on
from tests.db.reading import read_words

pytestmark = pytest.mark.bench
NOTES, SCREENINGS, TIMES, OTHERS = 300, 8, 100, 300_000
_FILL = """
INSERT INTO cru.event (kind, happened_at, recorded_at, words)
SELECT 'position', now(), now(), 'x' FROM generate_series(1, $1)
"""


async def _asked(psql: Psql, sql: str, referral: UUID) -> list[float]:
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        await psql.owner.fetch(sql, referral)
        took.append(time.perf_counter() - begun)
    return took


async def test_what_stands_against_a_step_is_told_at_once(record: Record) -> None:
    async with psql_on(record, tuple(LOGINS)) as psql:
        referral = await psql.take(narrative="Has a knife.", access_note="ring twice")
        for at in range(SCREENINGS):
            await psql.screen(referral, overdose="yes" if at % 2 else "no")
        note = "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', $2)"
        await psql.shah.executemany(note, [(referral, f"Rang at {at}, no change.") for at in range(NOTES)])
        async with psql.owner.transaction():
            await psql.owner.execute("SET LOCAL session_replication_role = replica")
            await psql.owner.execute(_FILL, OTHERS)
        await psql.owner.execute("ANALYZE cru.event")
        nothing = await _asked(psql, "SELECT reference FROM cru.referral WHERE id = $1", referral)
        await read_words(psql)
        unread = await _asked(psql, "SELECT * FROM cru.unread_words($1)", referral)
        gate = await _asked(psql, "SELECT * FROM cru.stands_against($1)", referral)
    held = f"one row {ms(median(nothing))}"
    row(f"the gate, {NOTES} notes and {SCREENINGS} screenings, p95", ms(percentile(gate, 95)), "25 ms", held)
    row(f"what was not read yet, beside {NOTES} notes that were, p95", ms(percentile(unread, 95)), "25 ms", held)
    # As ratios of one run, so that a busy computer does not count.
    assert median(gate) < 100 * median(nothing)
    assert median(unread) < 100 * median(nothing)
