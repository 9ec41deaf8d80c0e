"""What of the rota is told to those who ride: at a psql prompt, by the command, and after an upgrade."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from db import commands as do
from db import migrate
from db.domain.rota import monday_of, to_publish
from db.engine import connect, transaction
from db.errors import RecordError
from db.rota_queries import rota_between
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.test_rules_rota import PLAN, at, last_event, plan, vans
from tests.db.upgrades import LeftBy, cloned

PUBLISH = "INSERT INTO cru.rota_published (planned_shift_id, plan_version) VALUES ($1, $2)"


@pytest.mark.parametrize("login", ["a.shah", "w.wall", "g.gateway"])
async def test_only_a_lead_publishes(psql: Psql, login: str) -> None:
    planned = await plan(psql, (await vans(psql))[0])
    await psql.refused(psql.session(login), PUBLISH, planned, 1, code="42501")


async def test_what_is_published_says_by_whom_and_stays(psql: Psql) -> None:
    first, second = (await vans(psql))[:2]
    planned, other = await plan(psql, first), await plan(psql, second, 12, 24)
    acts = await psql.owner.fetchval("SELECT count(*) FROM cru.act")
    await psql.lead.execute(PUBLISH, planned, 1)
    event = await last_event(psql)
    assert (event["kind"], event["recorded_by"], event["van_id"]) == ("rota published", "l.lead", None)
    row = dict(await psql.owner.fetchrow("SELECT * FROM cru.rota_published"))
    assert row["published_by"] == "l.lead"
    assert datetime.now(UTC) - row["published_at"] < timedelta(minutes=1)
    # Somebody changed it since it was looked at.
    await psql.set(psql.lead, "planned_shift", other, note="another base")
    await psql.refused(psql.lead, PUBLISH, other, 1, says="L. Lead changed that shift meanwhile")
    await psql.refused(psql.lead, PUBLISH, other, 3, says="changed that shift meanwhile")
    await psql.refused(
        psql.owner, "UPDATE cru.rota_published SET plan_version = 2", says="What was published stays"
    )
    await psql.refused(psql.owner, "DELETE FROM cru.rota_published", says="What was published stays")
    # One event for all that is told at once, and none for what was told already.
    again = f"{PUBLISH}, ($3, $4) ON CONFLICT DO NOTHING"
    await psql.lead.execute(again, planned, 1, other, 2)
    events = "SELECT words, detail ->> 'shifts' AS shifts FROM cru.event WHERE kind = 'rota published' ORDER BY id"
    told = [row["shifts"] for row in await psql.owner.fetch(events)]
    assert told == ["1", "1"]
    await psql.lead.execute(again, planned, 1, other, 2)
    assert len(await psql.owner.fetch(events)) == 2
    # It is nothing that Undo takes back.
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.act") == acts


async def test_what_changed_since_is_to_be_published(psql: Psql) -> None:
    every = await vans(psql)
    keys = [await plan(psql, van) for van in every[:4]]
    engine = connect(psql.record.url("l.lead"))
    now = datetime.now(UTC)
    monday = monday_of(at(0))

    async def untold() -> dict[UUID, int]:
        async with transaction(engine) as connection:
            read = await rota_between(connection, at(-200), at(200))
        return {one.id: one.version for one in to_publish((*read.plans, *read.cancelled), monday, now)}

    try:
        assert set(await untold()) == set(keys)
        await psql.set(psql.lead, "planned_shift", keys[0], cancelled_at=at(0))
        # Nobody knew of it: that it falls away is no news.
        assert set(await untold()) == set(keys[1:])
        await do.execute(engine, do.PublishRota(shifts=tuple((await untold()).items())))
        assert await untold() == {}
        await psql.set(psql.lead, "planned_shift", keys[1], ends_at=at(11))
        await psql.set(psql.lead, "planned_shift", keys[2], cancelled_at=at(0))
        assert await untold() == {keys[1]: 2, keys[2]: 2}
        with pytest.raises(RecordError, match=r"L\. Lead changed that shift meanwhile"):
            await do.execute(engine, do.PublishRota(shifts=((keys[1], 2), (keys[2], 1))))
        assert len(await untold()) == 2, "all of it or nothing"
        with pytest.raises(RecordError, match="Everything is published"):
            await do.execute(engine, do.PublishRota(shifts=()))
        # What is over, and what begins in another week, nobody need be told now.
        assert to_publish([], monday, now) == []
    finally:
        await engine.dispose()


@pytest.mark.long
async def test_what_was_planned_before_the_upgrade_is_published(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0028")) as old:
        van = (await vans(old))[0]
        key = await old.lead.fetchval(PLAN, van, at(0), at(12))
        await old.set(old.lead, "planned_shift", key, note="x")
        await migrate.upgrade(old.record.owner_url)
        rows = await old.owner.fetch("SELECT planned_shift_id, plan_version, published_by FROM cru.rota_published")
        assert [tuple(row) for row in rows] == [(key, 2, "l.lead")]
        assert await old.owner.fetchval("SELECT count(*) FROM cru.event WHERE kind = 'rota published'") == 0
