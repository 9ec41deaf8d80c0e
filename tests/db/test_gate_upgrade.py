"""A record in use before danger followed the person: what is there stays, and every later step is asked about."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from db import migrate
from tests.cluster import Cluster
from tests.db.psql import TAKE_BACK, Psql
from tests.db.reading import fill
from tests.db.test_danger import narrate
from tests.db.upgrades import LeftBy, as_known, cloned, rows_of

# What becomes of flags has tests of its own.
KEPT = (
    *("referral", "assignment", "handover", "event", "act", "act_part"),
    *("screening", "screening_item", "screening_tool"),
)


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0008")) as made:
        yield made


async def override(psql: Psql, screening: UUID) -> None:
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    named = {"override_clinician": "Dr P. Vaz", "override_reason": "seen by her own nurse"}
    await psql.set(psql.lead, "screening", screening, override_at=now, **named)


async def stands(psql: Psql, referral: UUID) -> list[str]:
    return [row["words"] for row in await psql.owner.fetch("SELECT words FROM cru.stands_against($1)", referral)]


@pytest.mark.long
async def test_what_is_there_stays_as_it_is(psql: Psql) -> None:
    await fill(psql)
    before = await rows_of(psql, KEPT)
    assert await migrate.upgrade(psql.record.owner_url) == {}
    after = await rows_of(psql, KEPT)
    for table, rows in before.items():
        assert as_known(after[table], rows) == as_known(rows, rows), table
    assert await psql.owner.fetchval("SELECT cru.tool_in_force()") == 1
    steps = [row["step"] for row in await psql.owner.fetch("SELECT step FROM cru.tool_life ORDER BY id")]
    assert steps == ["drafted", "in force"]


@pytest.mark.long
async def test_a_van_on_its_way_goes_on(psql: Psql) -> None:
    job = await psql.assignment("acknowledged")
    await migrate.upgrade(psql.record.owner_url)
    await psql.set(psql.shah, "assignment", job, state="mobile")
    await psql.set(psql.shah, "assignment", job, state="on scene")


@pytest.mark.long
async def test_an_override_is_the_decision_that_it_was_and_no_more(psql: Psql) -> None:
    let_on, other = await psql.take(), await psql.take()
    await override(psql, await psql.screen(let_on, sepsis="yes", weapon="not known"))
    await psql.set(psql.shah, "referral", let_on, state="accepted")
    await override(psql, await psql.screen(other, sepsis="yes"))
    await psql.screen(other, sepsis="yes", seizure="yes")
    await migrate.upgrade(psql.record.owner_url)
    assert await stands(psql, let_on) == []
    assert await stands(psql, other) == ["yes: Seizure"]
    decided = await psql.owner.fetchrow("SELECT * FROM cru.decision WHERE referral_id = $1", let_on)
    assert (decided["clinician"], decided["decided_by"]) == ("Dr P. Vaz", "l.lead")
    await psql.allocate(let_on, await psql.van())


@pytest.mark.long
async def test_a_yes_that_was_screened_away_stands_again(psql: Psql) -> None:
    referral = await psql.take()
    await psql.screen(referral, head_injury="yes")
    await psql.screen(referral)
    await psql.set(psql.shah, "referral", referral, state="accepted")
    await migrate.upgrade(psql.record.owner_url)
    assert await stands(psql, referral) == ["yes earlier: Head injury"]


@pytest.mark.long
async def test_a_flag_of_before_says_no_danger_and_a_narrative_waits_to_be_read(psql: Psql) -> None:
    referral = await psql.take(narrative="Quiet, in the garden")
    await psql.shah.execute(
        "INSERT INTO cru.flag (referral_id, subject, kind, reason)"
        " VALUES ($1, 'person', 'staff safety', 'stairs')",
        referral,
    )
    await migrate.upgrade(psql.record.owner_url)
    assert await stands(psql, referral) == ["not screened", "the narrative was not read since it changed"]
    kept = await psql.owner.fetchval(
        "SELECT since_at IS NOT NULL FROM cru.danger WHERE referral_id = $1", referral
    )
    assert kept


@pytest.mark.long
async def test_who_signed_a_version_by_name_has_approved_it(psql: Psql) -> None:
    await psql.owner.execute("UPDATE cru.screening_tool SET signed_by = 'Dr L. Adeyemi, clinical lead'")
    await migrate.upgrade(psql.record.owner_url)
    approved = await psql.owner.fetch("SELECT name FROM cru.tool_life WHERE step = 'approved'")
    assert [row["name"] for row in approved] == ["Dr L. Adeyemi, clinical lead"]


@pytest.mark.long
async def test_words_that_were_taken_out_before_the_upgrade_stand_and_nobody_is_told_anew(
    cluster: Cluster, left_by: LeftBy
) -> None:
    async with cloned(cluster, left_by("0059")) as old:
        waits, quiet = await old.referral(), await old.referral("allocated")
        for referral in (waits, quiet):
            await narrate(old, referral, "A blade under the pillow", ("weapon", "blade"))
            await narrate(old, referral, "Under the pillow, a letter")
        await old.shah.execute(TAKE_BACK)
        assert await stands(old, waits) == []
        told = await old.owner.fetchval("SELECT max(id) FROM cru.event")
        await migrate.upgrade(old.record.owner_url)
        assert await stands(old, waits) == ["said earlier “blade”: Weapon"]
        assert (await stands(old, quiet))[0].startswith("says “blade”")
        shown = await old.owner.fetchval(
            "SELECT stands -> 0 ->> 'words' FROM cru.danger WHERE referral_id = $1", waits
        )
        assert shown.startswith("said earlier")
        assert await old.owner.fetchval("SELECT max(id) FROM cru.event") == told
