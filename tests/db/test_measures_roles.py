# ruff: noqa: S608 - the tests name functions of our own
"""Who may read which figures, at a psql prompt: the record decides, whatever program asks."""

import json
from datetime import timedelta

import asyncpg
import pytest

from db.domain.periods import Period
from db.errors import Invalid, NotAllowed
from db.measures import behind, measured, on_wall
from tests.db.measuring import now_of, reading
from tests.db.psql import Psql

STRETCH = "now() - interval '1 day', now(), '{}'"
STRETCHES = "ARRAY[now() - interval '1 day'], ARRAY[now()]"
OF_A_LEAD = (
    f"SELECT * FROM cru.measure_figures({STRETCHES}, '{{}}')",
    f"SELECT * FROM cru.measure_some({STRETCHES}, '{{}}', ARRAY['response'])",
    f"SELECT * FROM cru.measure_hours({STRETCHES}, '{{}}')",
    f"SELECT * FROM cru.measure_behind('response', {STRETCH})",
    f"SELECT * FROM cru.measure_ends({STRETCH})",
    f"SELECT * FROM cru.measure_wishes({STRETCH})",
    f"SELECT * FROM cru.measure_jobs({STRETCH})",
    f"SELECT * FROM cru.measure_groups({STRETCH}, ARRAY['response'])",
)
OF_NOBODY = (
    "SELECT * FROM cru.referral_fact",
    "SELECT * FROM cru.job_fact",
    "SELECT * FROM cru.referral_measures",
    "SELECT * FROM cru.job_measures",
    "SELECT * FROM cru.fact_due",
    "SELECT * FROM cru.facts_of('{}')",
    "SELECT cru.settle_measures()",
    "SELECT cru.measure_anew()",
    "INSERT INTO cru.fact_due (referral_id) VALUES (gen_random_uuid())",
    "DELETE FROM cru.referral_fact",
    "UPDATE cru.referral_fact SET response = 1",
)


async def test_a_leads_figures_are_a_leads(psql: Psql) -> None:
    await psql.assignment("with patient")
    for sql in OF_A_LEAD:
        for who in (psql.shah, psql.wall, psql.gateway):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await who.fetch(sql)
        told = await psql.lead.fetch(sql)
        # Only what was asked for.
        assert "ARRAY['response']" not in sql or {row["key"] for row in told} == {"response"}


async def test_what_they_are_worked_out_from_is_the_records_own(psql: Psql) -> None:
    for sql in OF_NOBODY:
        for who in (psql.shah, psql.lead, psql.wall, psql.gateway):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await who.execute(sql)


async def test_a_dispatchers_console_is_told_so(psql: Psql) -> None:
    now = await now_of(psql)
    with pytest.raises(NotAllowed):
        async with reading(psql, "a.shah") as connection:
            await measured(connection, Period.today(now))


async def test_the_wall_reads_its_own_figures_and_no_others(psql: Psql) -> None:
    await psql.assignment("with patient")
    now = await now_of(psql)
    async with reading(psql, "w.wall") as connection:
        found = await on_wall(connection, Period(now - timedelta(days=1), now), past=1)
    shown = {row["key"] for row in await psql.owner.fetch("SELECT key FROM cru.measure WHERE on_wall")}
    assert set(found.figures) == {one.key for one in found.measures} == shown
    assert found.figures["response"].n == 1
    assert "force" not in shown
    await psql.refused(psql.wall, "SELECT * FROM cru.measure", code="42501")
    await psql.refused(psql.gateway, f"SELECT * FROM cru.wall_figures({STRETCHES})", code="42501")


async def test_only_what_a_row_defines_is_asked_behind(psql: Psql) -> None:
    await psql.take()
    now = await now_of(psql)
    for key in ("nothing", "age_band", "back_id", "response_of", "received_at; SELECT 1", "f.*"):
        with pytest.raises(Invalid, match="no such measure"):
            async with reading(psql) as connection:
                await behind(connection, key, Period.today(now))


async def test_a_cut_is_words_and_no_sql(psql: Psql) -> None:
    await psql.take()
    sql = f"SELECT * FROM cru.measure_figures({STRETCHES}, $1)"
    for hostile in ("'); DROP TABLE cru.event; --", "x' OR true OR 'y", "\\", '"'):
        cut = json.dumps({part: [hostile] for part in ("priorities", "sources", "areas")})
        found = {row["key"]: row for row in await psql.lead.fetch(sql, cut)}
        assert found["received"]["n"] == 0
        with pytest.raises(asyncpg.PostgresError, match="invalid input syntax"):
            await psql.lead.fetch(sql, json.dumps({"vans": [hostile]}))
