"""A record of before the order: what breaks it stays, is listed, and holds up nothing that comes later."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

import main
from db import migrate
from tests.cluster import Cluster
from tests.db.psql import Psql, age
from tests.db.upgrades import LeftBy, cloned


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0007")) as made:
        yield made


@pytest.mark.long
async def test_what_breaks_the_order_is_listed_and_left_and_goes_on(psql: Psql) -> None:
    job, link = await psql.assignment("on scene"), await psql.handover("started")
    sound = await psql.assignment("mobile")
    await age(psql.owner)
    was = await psql.read("assignment", job)
    await psql.lead.execute("SELECT set_config('cru.reason', 'typed late', false)")
    early = was["allocated_at"] - timedelta(minutes=9)
    await psql.set(psql.lead, "assignment", job, on_scene_at=early)
    started = (await psql.read("handover", link))["expected_at"] - timedelta(minutes=3)
    await psql.set(psql.lead, "handover", link, started_at=started)
    before = [dict(await psql.read("assignment", one)) for one in (job, sound)]
    counts = await migrate.upgrade(psql.record.owner_url)
    assert counts == {f"{name}{migrate.LEFT}": 1 for name in ("assignment.on_scene_at", "handover.started_at")}
    assert [dict(await psql.read("assignment", one)) for one in (job, sound)] == before
    rows = await psql.lead.fetch("SELECT row_id, was = now AS left FROM cru.mended ORDER BY table_name")
    assert [tuple(row) for row in rows] == [(str(job), True), (str(link), True)]
    # Nothing that has no part in it is held up: a step, words, another time.
    await psql.set(psql.shah, "assignment", job, destination="Crisis house")
    await psql.set(psql.shah, "assignment", job, state="with patient")
    await psql.set(psql.lead, "assignment", job, with_patient_at=was["on_scene_at"] + timedelta(minutes=20))
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set(psql.shah, "handover", link, state="accepted")
    await psql.set(psql.shah, "referral", was["referral_id"], state="closed", outcome="gp")
    # What broke it can be put right, and not made wrong in another way.
    await psql.set_refused(
        psql.lead, "assignment", job, says="is before", on_scene_at=early - timedelta(minutes=1)
    )
    await psql.set(psql.lead, "assignment", job, on_scene_at=was["on_scene_at"])


@pytest.mark.long
async def test_the_owner_is_told(psql: Psql, capsys: pytest.CaptureFixture[str]) -> None:
    job = await psql.assignment("mobile")
    await age(psql.owner)
    await psql.lead.execute("SELECT set_config('cru.reason', 'typed late', false)")
    early = (await psql.read("assignment", job))["allocated_at"] - timedelta(minutes=1)
    await psql.set(psql.lead, "assignment", job, mobile_at=early)
    url = psql.record.owner_url.render_as_string(hide_password=False)
    assert await asyncio.to_thread(main.main, ["admin", "upgrade", "--url", url]) == 0
    assert "Listed: assignment.mobile_at (out of order, left as it is), 1." in capsys.readouterr().out
