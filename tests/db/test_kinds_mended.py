"""A record of before the kinds: its parties get theirs by the careful rule, and nothing else changes."""

from collections.abc import AsyncIterator

import pytest

from db import migrate, reference
from db.domain.party import Party
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.reading import fill
from tests.db.upgrades import LeftBy, cloned, read_by_a_console

NAMES = {
    ("EMAS B22", "CRU"): ("ems", "cru"),
    ("Crusade Helpline", "CRU4"): ("other", "cru"),
    ("Kent Police", "Crisis Response Unit"): ("police", "cru"),
    ("CRU", "Cruck House Ward"): ("cru", "destination"),
    ("CRU", "Police"): ("cru", "police"),
    ("Policing Museum café", "Ambulance Lane Clinic"): ("other", "destination"),
}


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0003")) as made:
        yield made


async def events(psql: Psql) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await psql.owner.fetch("SELECT * FROM cru.event ORDER BY id")]


@pytest.mark.long
async def test_every_party_gets_its_kind_and_nothing_else_changes(psql: Psql) -> None:
    await fill(psql)
    for giver, taker in NAMES:
        await psql.shah.execute(
            "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party) VALUES ($1, 1, $2, $3)",
            await psql.referral(),
            giver,
            taker,
        )
    history, told = await psql.handover("released"), await events(psql)
    before = [dict(row) for row in await psql.owner.fetch("SELECT * FROM cru.handover ORDER BY id")]
    noted = await psql.owner.fetchval("SELECT coalesce(max(id), 0) FROM cru.change")
    assert await migrate.upgrade(psql.record.owner_url, "0004") == {}
    rows = [dict(row) for row in await psql.owner.fetch("SELECT * FROM cru.handover ORDER BY id")]
    found = {(row["from_party"], row["to_party"]): (row.pop("from_kind"), row.pop("to_kind")) for row in rows}
    assert found == NAMES | {("EMAS A1", "CRU"): ("ems", "cru")}
    assert rows == before
    assert await events(psql) == told
    # A console that is open is told to read them again.
    sql = "SELECT ids FROM cru.change WHERE entity = 'handover' AND id > $1"
    assert history in await psql.owner.fetchval(sql, noted)
    await psql.set_refused(psql.shah, "handover", history, code="CR002", from_kind="other")
    sources = await psql.owner.fetch(
        "SELECT code, waits_kind FROM cru.referral_source WHERE waits_kind <> 'nobody'"
    )
    assert {tuple(row) for row in sources} == {("ems_crew", "ems"), ("police", "police")}


@pytest.mark.long
async def test_a_console_reads_them(psql: Psql) -> None:
    await psql.handover()
    await migrate.upgrade(psql.record.owner_url)
    found = await read_by_a_console(psql)
    assert found.unreadable == {}
    assert [(link.from_kind, link.to_kind) for link in found.records["handover"]] == [(Party.EMS, Party.CRU)]


@pytest.mark.long
async def test_a_record_in_use_gets_the_rules_that_it_went_by(psql: Psql) -> None:
    await migrate.upgrade(psql.record.owner_url)
    upgraded = await psql.owner.fetch("SELECT name, value, unit, meaning, author, active FROM cru.rule ORDER BY 1")
    await psql.owner.execute("DELETE FROM cru.rule")
    # The rules are among what is loaded anew.
    assert await reference.load(psql.record.owner_url) >= len(upgraded) > 0
    assert upgraded == await psql.owner.fetch(
        "SELECT name, value, unit, meaning, author, active FROM cru.rule ORDER BY 1"
    )


@pytest.mark.long
async def test_every_trigger_guards_again(psql: Psql) -> None:
    await migrate.upgrade(psql.record.owner_url)
    sql = "SELECT tgname FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'cru.%' AND tgenabled <> 'O'"
    assert await psql.owner.fetch(sql) == []
