"""Settings: set by a shift lead within bounds that the record holds, with who, when and what it was before."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import migrate
from db.engine import connect, transaction
from db.errors import Conflict, Invalid
from db.setting_queries import settings
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

SET = "UPDATE cru.rule SET value = $2 WHERE name = $1"


@pytest.fixture
async def lead(psql: Psql) -> AsyncIterator[AsyncEngine]:
    engine = connect(psql.record.url("l.lead"))
    yield engine
    await engine.dispose()


async def test_a_lead_sets_one_and_answers_for_it(psql: Psql, lead: AsyncEngine) -> None:
    command = do.SetRule(name="lost_fix", value=7.5, before=5)
    await do.execute(lead, command)
    await do.execute(lead, command)
    async with transaction(lead) as connection:
        found = {one.name: one for one in await settings(connection)}
    one = found["lost_fix"]
    assert (one.value, one.author, one.low, one.high) == (7.5, "l.lead", 1, 120)
    assert one.dated == await psql.owner.fetchval("SELECT (cru.clock_now() AT TIME ZONE 'Europe/London')::date")
    said = await psql.owner.fetch("SELECT words, recorded_by FROM cru.event WHERE kind = 'setting changed'")
    assert [tuple(row) for row in said] == [("lost fix: 7.5 minutes, before: 5 minutes", "l.lead")]
    # Undo offers none of it.
    assert await psql.lead.fetchval("SELECT count(*) FROM cru.my_last_act()") == 0
    with pytest.raises(Conflict, match=r"L\. Lead set it to 7\.5 meanwhile"):
        await do.execute(lead, do.SetRule(name="lost_fix", value=6, before=5))
    with pytest.raises(Invalid, match="not in the record"):
        await do.execute(lead, do.SetRule(name="nothing", value=6, before=5))


async def test_what_is_known_has_bounds(psql: Psql) -> None:
    # A rule that the program goes by and nobody bounds would be set to anything by a slip.
    unbounded = (
        "SELECT name FROM cru.rule r, cru.rule_bounds(r.name, r.unit) b WHERE b.low IS NULL OR b.high IS NULL"
    )
    assert await psql.owner.fetch(unbounded) == []


@pytest.mark.hazard("H-064")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("due_soon", 0.05),
        ("due_soon", 1.5),
        ("no_van", 0.5),
        ("no_van", 500),
        ("lost_fix", float("nan")),
        ("shift_end", float("inf")),
        ("registered_least", -1),
        ("registered_least", 1.5),
        ("registered_binds", 0.5),
        ("shift_most", 0.5),
        ("shift_most", 72),
        ("rest_least", 100),
    ],
)
async def test_a_slip_of_the_finger_is_refused(psql: Psql, name: str, value: float) -> None:
    for who in (psql.lead, psql.owner):
        await psql.refused(who, SET, name, value, code="CR003")


@pytest.mark.hazard("H-064")
async def test_a_time_is_bounded_whatever_its_unit(psql: Psql) -> None:
    await psql.owner.execute("UPDATE cru.rule SET unit = 'hours', value = 2 WHERE name = 'no_van'")
    await psql.refused(psql.lead, SET, "no_van", 2.5, code="CR003", says="between 0.01")
    await psql.lead.execute(SET, "no_van", 0.5)


async def test_a_record_in_use_keeps_its_numbers(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0013")) as old:
        await old.owner.execute("UPDATE cru.rule SET value = 500 WHERE name = 'no_van'")
        before = await old.owner.fetchval(
            "SELECT array_agg(r ORDER BY name) FROM cru.rule r WHERE name = 'no_van'"
        )
        await migrate.upgrade(old.record.owner_url)
        sql = "SELECT array_agg(r ORDER BY name) FROM cru.rule r WHERE name = 'no_van'"
        assert await old.owner.fetchval(sql) == before
        # What was set before there were bounds stays until it is set again, also when the row is switched off.
        await old.owner.execute("UPDATE cru.rule SET active = false WHERE name = 'no_van'")
