"""A record in use before anything could be taken back: nothing in it changes; from then on everything can be."""

from collections.abc import AsyncIterator

import pytest

from db import migrate
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.reading import fill
from tests.db.upgrades import LeftBy, cloned

# Columns that came since.
SAID = ["patient_born_said", "patient_age_low", "patient_age_high", "patient_age_on"]
SAID += ["call_connected_said", "sent_said", "ems_on_scene_said"]
SINCE = [
    "taken_back_at",
    "how",
    "not_measured",
    "danger",
    "ae_care",
    "force_used",
    "ethnicity",
    "deprivation",
    *SAID,
]
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


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0004")) as made:
        yield made


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
