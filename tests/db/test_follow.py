# ruff: noqa: S608 - the tests name tables and columns of our own
"""Following the record: every committed change once, in whatever order it was committed, whatever notices do."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import follow
from db.domain.records import Referral
from db.domain.roles import Role
from db.engine import connect
from db.follow import Changes, Follower, Place
from db.hosts import Route
from tests.cluster import Record
from tests.db import desk
from tests.db.psql import Psql
from tests.db.standby import url_of, way_to

INSERT = "INSERT INTO cru.referral (source, priority, location_text) VALUES ('hub', 'P2', 'x') RETURNING id"


@pytest.fixture
async def shah(record: Record) -> AsyncIterator[AsyncEngine]:
    engine = connect(record.url("a.shah"))
    yield engine
    await engine.dispose()


@asynccontextmanager
async def following(
    record: Record, login: str = "a.shah", role: Role = Role.DISPATCHER
) -> AsyncIterator[Follower]:
    follower = await Follower.open(Route(record.url(login)), role)
    try:
        yield follower
    finally:
        follower.close()


@pytest.fixture
async def follower(record: Record) -> AsyncIterator[Follower]:
    async with following(record) as made:
        yield made


async def named(follower: Follower, since: Place) -> tuple[dict[str, Any], Place]:
    changes = await follower.changes(since)
    return dict(changes.ids), changes.place


async def test_what_was_committed_since_the_picture_is_read_once(follower: Follower, shah: AsyncEngine) -> None:
    _found, place = await follower.whole()
    taken = await desk.take(shah)
    ids, later = await named(follower, place)
    assert ids["referral"] == {taken.referral_id}
    assert ids["event"] == {taken.referral_id}
    assert ids["handover"] == {taken.handover_id}
    assert await named(follower, later) == ({}, later)


async def test_over_a_slow_line_everything_may_take_longer_than_a_part(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "TABLE_WITHIN", 0.8)
    async with way_to(record.cluster.address.port) as way:
        follower = await Follower.open(Route(url_of(record, way.port)), Role.DISPATCHER)
        way.lag = 0.05
        begun = time.monotonic()
        await follower.whole()
        assert time.monotonic() - begun > 2 * follow.TABLE_WITHIN
        way.silent = True
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            await follower.whole()
        assert time.monotonic() - begun < 2 * follow.TABLE_WITHIN
        follower.close()


async def test_each_table_of_the_mirror_is_listed(follower: Follower, shah: AsyncEngine) -> None:
    sent = await desk.allocated(shah)
    again = await desk.take(shah)
    _found, place = await follower.whole()
    await do.execute(shah, do.StandDown(assignment_id=sent.assignment_id, reason="not_needed"))
    await do.execute(shah, do.GoOffDuty(van_id=sent.van_id))
    await desk.screen(shah, again.referral_id)
    ids, _ = await named(follower, place)
    assert {"screening", "shift", "van", "assignment"} <= set(ids)
    assert ids["assignment"] == {sent.assignment_id}
    assert ids["van"] == {sent.van_id}
    assert ids["referral"] == {sent.referral_id, again.referral_id}


UPDATE = "UPDATE cru.van SET seats = seats + 1 WHERE id = $1"


@pytest.mark.hazard("H-049")
@pytest.mark.parametrize("seed", range(6))
async def test_no_order_of_commits_loses_or_doubles_one(record: Record, follower: Follower, seed: int) -> None:
    chance = random.Random(seed)
    writers = [await asyncpg.connect(**record.owner_kwargs) for _ in range(4)]
    vans = [row["id"] for row in await writers[0].fetch("SELECT id FROM cru.van ORDER BY callsign LIMIT 4")]
    running: dict[int, Any] = {}
    committed: set[Any] = set()
    _found, place = await follower.whole()
    for _ in range(80):
        who = chance.randrange(4)
        if chance.random() < 0.4:
            ids, place = await named(follower, place)
            assert ids.get("van", set()) == committed
            committed.clear()
        elif who in running:
            begun = running.pop(who)
            if chance.random() < 0.7:
                await begun.commit()
                committed.add(vans[who])
            else:
                await begun.rollback()
        else:
            running[who] = begun = writers[who].transaction()
            await begun.start()
            # A savepoint has a number of its own, which is not the transaction's.
            async with writers[who].transaction():
                await writers[who].execute(UPDATE, vans[who])
    for writer in writers:
        await writer.close()


async def test_a_writer_who_sleeps_holds_nobody_back(follower: Follower, psql: Psql) -> None:
    slow, quick = [row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.van LIMIT 2")]
    _found, place = await follower.whole()
    asleep = psql.lead.transaction()
    await asleep.start()
    await psql.lead.execute(UPDATE, slow)
    for _ in range(3):
        await psql.owner.execute(UPDATE, quick)
        ids, place = await named(follower, place)
        assert ids == {"van": {quick}, "event": {}} or ids == {"van": {quick}}
    await asleep.commit()
    ids, place = await named(follower, place)
    assert ids["van"] == {slow}


async def test_what_was_rolled_back_is_never_read(follower: Follower, psql: Psql) -> None:
    _found, place = await follower.whole()
    undone = psql.shah.transaction()
    await undone.start()
    await psql.take()
    await undone.rollback()
    assert await named(follower, place) == ({}, (await follower.changes(place)).place)


@pytest.mark.parametrize("said", ["", "referral", "nonsense:1,2", "position:", ":", "x" * 7000, "all:"])
async def test_a_forged_notice_wakes_and_does_nothing_else(follower: Follower, psql: Psql, said: str) -> None:
    _found, place = await follower.whole()
    await psql.session("b.okafor").execute("SELECT pg_notify('console', $1)", said)
    taken = await psql.take()
    hints: set[str] = set()
    async with asyncio.timeout(5):
        while "referral" not in hints or said.partition(":")[0][:40] not in hints:
            hints |= await follower.heard(5)
    ids, _ = await named(follower, place)
    assert ids["referral"] == {taken}


async def test_thousands_of_forged_notices_cost_nobody_the_link(follower: Follower, psql: Psql) -> None:
    _found, place = await follower.whole()
    await psql.wall.execute("SELECT pg_notify('console', 'forged ' || n) FROM generate_series(1, 5000) n")
    taken = await psql.take()
    async with asyncio.timeout(10):
        while "referral" not in await follower.heard(5):
            pass
    assert (await named(follower, place))[0]["referral"] == {taken}


async def test_without_any_notice_the_list_says_all(follower: Follower, psql: Psql) -> None:
    _found, place = await follower.whole()
    await follower._listener.connection.execute("UNLISTEN *")
    taken = await psql.take()
    assert await follower.heard(0.1) == frozenset()
    assert (await named(follower, place))[0]["referral"] == {taken}


async def test_more_rows_than_can_be_named_ask_for_the_whole(follower: Follower, psql: Psql) -> None:
    _found, place = await follower.whole()
    await psql.owner.execute(INSERT.replace("VALUES ('hub', 'P2', 'x') RETURNING id", SERIES), 201)
    changes = await follower.changes(place)
    assert changes.whole
    found, _place = await follower.whole()
    assert len(found.records["referral"]) == 201


SERIES = "SELECT 'hub', 'P2', 'x' FROM generate_series(1, $1)"


async def test_many_vans_that_moved_are_read_without_being_named(follower: Follower, psql: Psql) -> None:
    await psql.owner.execute(
        "INSERT INTO cru.van (callsign, registration, base, livery, seats)"
        " SELECT 'T' || n, 'T' || n, 'Berrywood', 'unmarked', 5 FROM generate_series(1, 250) n"
    )
    _found, place = await follower.whole()
    await psql.gateway.execute("SELECT cru.record_fixes($1)", await batch(psql, "T%"))
    changes = await follower.changes(place)
    assert (changes.ids, changes.whole) == ({"position": None}, False)
    found = await follower.rows(changes, ())
    assert len(found.records["position"]) == 250


async def batch(psql: Psql, like: str) -> str:
    found = await psql.owner.fetchval(
        "SELECT json_agg(json_build_object('van_id', id, 'fixed_at', cru.clock_now(), 'lat', 52.2, 'lon', -0.9))"
        " FROM cru.van WHERE callsign LIKE $1",
        like,
    )
    return str(found)


async def test_a_batch_of_fixes_is_one_entry(follower: Follower, psql: Psql) -> None:
    _found, place = await follower.whole()
    await psql.gateway.execute("SELECT cru.record_fixes($1)", await batch(psql, "CRU%"))
    entries = await psql.owner.fetch("SELECT ids FROM cru.change WHERE entity = 'position'")
    assert len(entries) == 1
    assert (await named(follower, place))[0]["position"] == set(entries[0]["ids"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cru.priority SET aim_minutes = 40 WHERE code = 'P1'",
        "INSERT INTO cru.wish (label, rank) VALUES ('No uniforms', 99)",
        "DELETE FROM cru.wish",
        "UPDATE cru.service SET name = 'Elsewhere'",
    ],
)
async def test_what_is_configurable_says_so(follower: Follower, psql: Psql, statement: str) -> None:
    _found, place = await follower.whole()
    await psql.owner.execute(statement)
    assert await named(follower, place) == ({"reference": None}, (await follower.changes(place)).place)


async def test_a_row_that_was_deleted_or_is_no_longer_live_is_gone(follower: Follower, psql: Psql) -> None:
    made = await psql.take()
    van = await psql.van("off duty")
    _found, place = await follower.whole()
    await psql.owner.execute("ALTER TABLE cru.event DISABLE TRIGGER USER")
    for table, column in (("event", "referral_id"), ("danger", "referral_id"), ("referral", "id")):
        await psql.owner.execute(f"DELETE FROM cru.{table} WHERE {column} = $1", made)
    await psql.owner.execute("UPDATE cru.van SET active = false WHERE id = $1", van)
    changes = await follower.changes(place)
    found = await follower.rows(changes, {made})
    assert found.gone["referral"] == {made}
    assert found.gone["van"] == {van}


async def test_an_emptied_table_asks_for_the_whole(follower: Follower, psql: Psql) -> None:
    _found, place = await follower.whole()
    await psql.owner.execute("TRUNCATE cru.position")
    assert (await follower.changes(place)).whole


async def test_a_referral_that_comes_back_brings_its_vans_along(follower: Follower, psql: Psql) -> None:
    job = await psql.assignment("on scene")
    of = (await psql.read("assignment", job))["referral_id"]
    changes = Changes(Place(0), {"referral": {of}})
    found = await follower.rows(changes, known=())
    assert [row.id for row in found.records["assignment"]] == [job]
    assert len(found.records["screening"]) == 1
    found = await follower.rows(changes, known={of})
    assert "assignment" not in found.records


async def test_a_crew_that_changes_is_a_shift_that_changes(follower: Follower, psql: Psql) -> None:
    van = await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    _found, place = await follower.whole()
    await psql.lead.execute(
        "INSERT INTO cru.shift_member (shift_id, staff_id)"
        " SELECT $1, id FROM cru.staff ORDER BY name OFFSET 1 LIMIT 2",
        shift,
    )
    changes = await follower.changes(place)
    (row,) = (await follower.rows(changes, ())).records["shift"]
    assert len(row.staff_ids) == 3  # type: ignore[union-attr] # a Shift


# --- the beat ---


async def test_a_beat_is_seen_by_everybody_and_written_about_once_a_second(record: Record, psql: Psql) -> None:
    async with following(record) as one, following(record, "w.wall", Role.VIEWER) as other:
        (_, place), (_, another) = await one.whole(), await other.whole()
        for _ in range(20):
            await one.beat()
            await other.beat()
        assert (await one.changes(place)).beat
        assert (await other.changes(another)).beat
        assert "beat" in await one.heard(5)
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.change WHERE entity = 'beat'") <= 3


async def test_nobody_can_hold_up_the_beat(follower: Follower, psql: Psql) -> None:
    held = psql.wall.transaction()
    await held.start()
    await psql.wall.execute("SELECT cru.beat()")
    _found, place = await follower.whole()
    async with asyncio.timeout(1):
        await follower.beat()
    assert (await follower.changes(place)).beat
    await held.rollback()


async def test_the_list_is_trimmed_after_an_hour(psql: Psql) -> None:
    await psql.owner.execute(
        "INSERT INTO cru.change (entity, at) SELECT 'beat', clock_timestamp() - m * interval '1 minute'"
        " FROM generate_series(0, 600) m"
    )
    for _ in range(1500):
        await psql.wall.execute("SELECT cru.beat()")
    left = await psql.owner.fetchval("SELECT clock_timestamp() - min(at) < interval '61 minutes' FROM cru.change")
    assert left


@pytest.mark.hazard("H-050")
@pytest.mark.parametrize(
    "restored",
    [
        "UPDATE cru.service SET epoch = gen_random_uuid()",
        (
            "CREATE TABLE cru.kept (LIKE cru.change INCLUDING ALL); DROP TABLE cru.change;"
            " ALTER TABLE cru.kept RENAME TO change; GRANT SELECT ON cru.change TO cru_dispatcher"
        ),
    ],
    ids=["another record", "tables restored in place"],
)
async def test_another_life_of_the_record_is_told(follower: Follower, psql: Psql, restored: str) -> None:
    before = await follower.beat()
    assert (await follower.beat()).life == before.life
    await psql.owner.execute(restored)
    assert (await follower.beat()).life != before.life
    assert before.life.count(":") == 4


# --- rights, and rows that cannot be read ---


async def test_the_wall_follows_without_personal_data(record: Record, psql: Psql) -> None:
    made = await psql.take(patient_name="Somebody", narrative="private")
    async with following(record, "w.wall", Role.VIEWER) as wall:
        found, _place = await wall.whole()
    (row,) = found.records["referral"]
    assert isinstance(row, Referral)
    assert (row.id, row.narrative, row.patient.name) == (made, "", None)
    assert "screening" not in found.records


async def test_nobody_writes_the_list_or_beats_for_the_gateway(psql: Psql) -> None:
    for login in ("a.shah", "l.lead", "w.wall", "g.gateway"):
        await psql.refused(psql.session(login), "INSERT INTO cru.change (entity) VALUES ('all')", code="42501")
        await psql.refused(psql.session(login), "DELETE FROM cru.change", code="42501")
        await psql.refused(psql.session(login), "SELECT cru.note_change('all', NULL)", code="42501")
    await psql.refused(psql.gateway, "SELECT cru.beat()", code="42501")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("received_at", "'0001-01-01 00:00+00'"),
        ("received_at", "'0044-03-15 BC'"),
        ("sent_at", "'294276-12-31'"),
        ("hold_until", "'infinity'"),
        ("plan", "'[]'"),
        ("plan", "'7'"),
        ("patient_born", "'4713-01-01 BC'"),
        ("state", "'lost'"),
        ("ae_avoided", "'perhaps'"),
    ],
)
async def test_a_row_that_cannot_be_read_costs_that_row(
    follower: Follower, psql: Psql, column: str, value: str
) -> None:
    good, bad = await psql.take(), await psql.take()
    _found, place = await follower.whole()
    await without_checks(psql, "referral")
    # As somebody would leave it who goes round every rule: the console is the last to look.
    await psql.owner.execute(f"UPDATE cru.referral SET {column} = {value} WHERE id = $1", bad)
    await psql.owner.execute("UPDATE cru.referral SET access_note = 'gate' WHERE id = $1", good)
    changes = await follower.changes(place)
    found = await follower.rows(changes, {good, bad})
    everything, _place = await follower.whole()
    for one in (found, everything):
        assert [row.id for row in one.records["referral"]] == [good]
        assert one.unreadable == {"referral": {bad}}
        assert not one.gone.get("referral")


async def without_checks(psql: Psql, table: str) -> None:
    for (name,) in await psql.owner.fetch(
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = $1::regclass", f"cru.{table}"
    ):
        await psql.owner.execute(f'ALTER TABLE cru.{table} DROP CONSTRAINT "{name}"')
    for (name,) in await psql.owner.fetch(
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE 'note%'"
        " AND tgrelid = $1::regclass",
        f"cru.{table}",
    ):
        await psql.owner.execute(f'ALTER TABLE cru.{table} DISABLE TRIGGER "{name}"')
