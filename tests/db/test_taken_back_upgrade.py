"""A record in use before anything could be taken back: nothing in it changes; from then on everything can be."""

from collections.abc import AsyncIterator

import pytest

from db import migrate
from tests.cluster import LOGINS, Cluster, Record, run
from tests.db.psql import Psql, psql_on
from tests.db.reading import fill
from tests.template import fill_template

OLD = "cru_at_0004"
# Columns that came since.
SINCE = ["taken_back_at", "how", "not_measured", "danger", "ae_care", "force_used", "ethnicity", "deprivation"]
OF_FLAGS = [*SINCE, "version", "address_key", "extends_id", "withdrawn_at", "withdrawn_by", "withdrawn_reason"]
KEPT = (
    "referral",
    "screening",
    "assignment",
    "handover",
    "van",
    "shift",
    "flag",
    "feedback",
    "event",
    "command_log",
)


@pytest.fixture(scope="module")
def old(cluster: Cluster, template: str) -> str:
    """A database as a program without undo left it. The template brings the logins."""
    cluster.execute(f"CREATE DATABASE {OLD}")
    run(fill_template(cluster.address.superuser_url(OLD), "0004"))
    return OLD


@pytest.fixture
async def psql(cluster: Cluster, old: str) -> AsyncIterator[Psql]:
    """A clone of it, with a session for each login."""
    cluster.execute("DROP DATABASE IF EXISTS undoable WITH (FORCE)")
    cluster.execute(f"CREATE DATABASE undoable TEMPLATE {old} STRATEGY file_copy")
    async with psql_on(Record(cluster, "undoable"), tuple(LOGINS)) as made:
        yield made
    cluster.execute("DROP DATABASE undoable WITH (FORCE)")


async def picture(psql: Psql) -> dict[str, list[str]]:
    found = {}
    for table in KEPT:
        sql = f"SELECT (to_jsonb(t) - $1::text[])::text AS row FROM cru.{table} t ORDER BY 1"  # noqa: S608 - ours
        rows = await psql.owner.fetch(sql, OF_FLAGS if table == "flag" else SINCE)
        found[table] = [row["row"] for row in rows]
    return found


@pytest.mark.hazard("H-058")
async def test_what_is_there_stays_and_what_is_done_next_can_be_taken_back(psql: Psql) -> None:
    await fill(psql)
    job = await psql.assignment("mobile")
    before = await picture(psql)
    assert await migrate.upgrade(psql.record.owner_url) == {}
    assert await picture(psql) == before
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
