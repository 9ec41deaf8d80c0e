"""A record in which a van was left available without a crew: it goes off duty and is told; all else stays."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from db import migrate
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.reading import fill
from tests.db.upgrades import LeftBy, cloned


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0005")) as made:
        yield made


async def lose_crew(psql: Psql, *vans: UUID) -> None:
    """End the shifts as two prompts at one moment could."""
    await psql.owner.execute("ALTER TABLE cru.shift DISABLE TRIGGER guard")
    for van in vans:
        await psql.owner.execute("UPDATE cru.shift SET ended_at = cru.clock_now() WHERE van_id = $1", van)
    await psql.owner.execute("ALTER TABLE cru.shift ENABLE TRIGGER guard")


@pytest.mark.long
async def test_a_van_left_without_a_crew_goes_off_duty_and_is_told(psql: Psql) -> None:
    await fill(psql)
    left, resting, at_work = await psql.van(), await psql.van("meal break"), await psql.van()
    await psql.allocate(await psql.referral(), at_work)
    await lose_crew(psql, left, resting, at_work)
    columns = "SELECT id, duty_status FROM cru.van ORDER BY id"
    before = {row["id"]: row["duty_status"] for row in await psql.owner.fetch(columns)}
    told = await psql.owner.fetchval("SELECT max(id) FROM cru.event")
    await migrate.upgrade(psql.record.owner_url)
    after = {row["id"]: row["duty_status"] for row in await psql.owner.fetch(columns)}
    assert after == before | {left: "off duty", resting: "off duty"}
    events = await psql.owner.fetch("SELECT van_id, kind FROM cru.event WHERE id > $1", told)
    assert {tuple(row) for row in events} == {(left, "off duty"), (resting, "off duty")}
    # It can be put to work again, as every van that is off duty.
    await psql.set_refused(psql.shah, "van", left, duty_status="available", says="has no crew")
