"""A record in use before anything could be taken back: nothing in it changes; from then on everything can be."""

from collections.abc import AsyncIterator

import pytest

from db import migrate
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.reading import fill
from tests.db.upgrades import WORKED_WITH, LeftBy, as_known, cloned, rows_of

# Columns that came since.
KEPT = (*WORKED_WITH, "command_log")


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0004")) as made:
        yield made


@pytest.mark.hazard("H-058")
async def test_what_is_there_stays_and_what_is_done_next_can_be_taken_back(psql: Psql) -> None:
    await fill(psql)
    job = await psql.assignment("mobile")
    before = await rows_of(psql, KEPT)
    assert await migrate.upgrade(psql.record.owner_url) == {}
    after = await rows_of(psql, KEPT)
    for table, rows in before.items():
        assert as_known(after[table], rows) == as_known(rows, rows), table
    assert await psql.shah.fetch("SELECT * FROM cru.my_last_act()") == []
    # A console of the program before is still open: it does what it did, and that is kept, too.
    await psql.set(psql.shah, "assignment", job, state="on scene")
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.shah.execute("SELECT cru.take_back($1)", act)
    row = await psql.read("assignment", job)
    assert (row["state"], row["on_scene_at"]) == ("mobile", None)
    assert (await psql.read("referral", row["referral_id"]))["state"] == "allocated"


async def test_a_van_that_was_sent_before_hinders_what_rests_on_its_absence(psql: Psql) -> None:
    job = await psql.assignment()
    row = await psql.read("assignment", job)
    await migrate.upgrade(psql.record.owner_url)
    await psql.set(psql.shah, "assignment", job, state="on scene")
    await psql.set(psql.shah, "assignment", job, state="clear")
    clear = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.allocate(await psql.referral(), row["van_id"])
    await psql.refused(psql.shah, "SELECT cru.take_back($1)", clear, code="CR001", says="CRU1 allocated")


@pytest.mark.long
async def test_every_trigger_guards(psql: Psql) -> None:
    sql = (
        "SELECT tgrelid::regclass::text AS tab, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal"
        " AND tgrelid::regclass::text LIKE 'cru.%' ORDER BY 1, 2"
    )
    before = {(row["tab"], row["tgname"]) for row in await psql.owner.fetch(sql)}
    await migrate.upgrade(psql.record.owner_url)
    after = await psql.owner.fetch(sql)
    assert before <= {(row["tab"], row["tgname"]) for row in after}
    assert {row["tgenabled"] for row in after} == {b"O"}
