"""Lists that a shift lead keeps: added, worded anew, retired, brought back; with who, when and what was before."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import migrate, queries
from db.domain.kept_lists import KEPT_LISTS, LISTS
from db.engine import connect, transaction
from db.errors import Conflict, Invalid, NotAllowed
from db.list_queries import KeptRow, kept_rows
from db.tables import Base
from db.tables.base import Configured
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

NOT_LISTS = {"rule", "measure", "staff", "van", "device", "cover_wanted"}
"""Kept elsewhere: the numbers beside the lists, the measures by the owner, the rest in the fleet and the rota."""


@pytest.fixture
async def lead(psql: Psql) -> AsyncIterator[AsyncEngine]:
    engine = connect(psql.record.url("l.lead"))
    yield engine
    await engine.dispose()


async def rows(lead: AsyncEngine, table: str) -> list[KeptRow]:
    async with transaction(lead) as connection:
        return await kept_rows(connection, table)


async def row(lead: AsyncEngine, table: str, **key: Any) -> KeptRow:
    [found] = [one for one in await rows(lead, table) if key.items() <= one.values.items()]
    return found


async def said(psql: Psql) -> list[str]:
    found = await psql.owner.fetch("SELECT words FROM cru.event WHERE kind = 'list changed' ORDER BY id")
    return [words for (words,) in found]


def test_whatever_is_configured_is_kept_by_somebody_in_a_window() -> None:
    configured = {
        mapper.class_.__tablename__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Configured)
    }
    assert configured - NOT_LISTS == set(LISTS)
    for kept in KEPT_LISTS:
        columns = Base.metadata.tables[f"cru.{kept.table}"].columns
        named = {one.name for one in kept.columns} | set(kept.key) | {"active", "author", "dated"}
        assert named == set(columns.keys()), kept.table
        assert {column.name for column in columns if column.primary_key} <= set(kept.key)


@pytest.mark.hazard("H-090")
async def test_the_clock_of_a_priority_is_set_and_answered_for(psql: Psql, lead: AsyncEngine) -> None:
    before = await row(lead, "priority", code="P2")
    command = do.SaveListed(
        table="priority", values={"within_minutes": 180, "aim_minutes": 120}, before=before.values
    )
    await do.execute(lead, command)
    await do.execute(lead, command)
    now = await row(lead, "priority", code="P2")
    assert (now.values["within_minutes"], now.values["aim_minutes"], now.author) == (180, 120, "l.lead")
    assert now.dated == await psql.owner.fetchval("SELECT (cru.clock_now() AT TIME ZONE 'Europe/London')::date")
    assert await said(psql) == [
        "priority: P2, aim minutes 120, before: nothing; within minutes 180, before: 240",
    ]
    # What is aimed at cannot lie past what is allowed, and a slip of the finger is no clock.
    for values in ({"aim_minutes": 200}, {"within_minutes": 1}, {"within_minutes": 90_000}):
        with pytest.raises(Invalid):
            await do.execute(lead, do.SaveListed(table="priority", values=values, before=now.values))
    with pytest.raises(Conflict, match=r"L\. Lead changed it meanwhile"):
        await do.execute(lead, do.SaveListed(table="priority", values={"meaning": "x"}, before=before.values))
    # Undo offers none of it.
    assert await psql.lead.fetchval("SELECT count(*) FROM cru.my_last_act()") == 0


@pytest.mark.hazard("H-090")
async def test_a_reason_is_added_retired_and_keeps_its_words(psql: Psql, lead: AsyncEngine) -> None:
    new = {"kind": "cancel", "label": "Went to their mother's"}
    await do.execute(lead, do.SaveListed(table="reason", values=new))
    made = await row(lead, "reason", label="Went to their mother's")
    assert made.values["code"] == "went_to_their_mother_s"
    assert made.values["rank"] == max(one.values["rank"] for one in await rows(lead, "reason"))
    with pytest.raises(Conflict, match="in the list already"):
        await do.execute(lead, do.SaveListed(table="reason", values=new))
    key = {name: made.values[name] for name in ("kind", "code")}
    await do.execute(lead, do.RetireListed(table="reason", key=key))
    async with transaction(lead) as connection:
        reference = await queries.reference_data(connection)
    assert made.values["code"] not in {one.code for one in reference.reasons["cancel"]}
    assert reference.reason_label("cancel", "went_to_their_mother_s") == "Went to their mother's"
    await do.execute(lead, do.RetireListed(table="reason", key=key, back=True))
    assert (await row(lead, "reason", **key)).active
    assert await said(psql) == [
        "reason: cancel went_to_their_mother_s, added",
        "reason: cancel went_to_their_mother_s, out of use",
        "reason: cancel went_to_their_mother_s, in use again",
    ]


async def test_what_was_said_by_a_retired_topic_is_still_read(lead: AsyncEngine) -> None:
    for table, key in (
        ("about_topic", {"kind": "words", "key": "helps"}),
        ("mobility", {"code": "wheelchair"}),
        ("language", {"code": "pol"}),
    ):
        await do.execute(lead, do.RetireListed(table=table, key=key))
    async with transaction(lead) as connection:
        reference = await queries.reference_data(connection)
    assert [one.offered for one in reference.topics if one.key == "helps"] == [False]
    assert [one.offered for one in reference.mobility if one.code == "wheelchair"] == [False]
    assert reference.languages.label("pol") == "Polish"
    assert reference.languages.code_of("Polish") == ""


@pytest.mark.hazard("H-090")
@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE cru.outcome SET active = false", "One of its kind"),
        ("UPDATE cru.reason SET active = false WHERE kind = 'hold'", "One of its kind"),
        ("UPDATE cru.priority SET active = false WHERE code = 'P1'", "have it as their priority"),
        ("UPDATE cru.referral_source SET active = false", "at least may refer"),
        ("UPDATE cru.referral_source SET default_priority = 'P9' WHERE code = 'hub'", "not in use"),
        ("UPDATE cru.priority SET within_minutes = 4 WHERE code = 'P2'", "between 5 minutes and 14 days"),
        ("UPDATE cru.priority SET within_minutes = 20161 WHERE code = 'P2'", "between 5 minutes and 14 days"),
        ("UPDATE cru.priority SET aim_minutes = within_minutes + 1 WHERE code = 'P2'", "within what is allowed"),
        ("UPDATE cru.van_base SET active = false WHERE name = 'Berrywood'", "A van that is in use"),
        ("UPDATE cru.van_base SET lat = -0.94, lon = 52.2", "does not lie in Britain"),
        ("UPDATE cru.destination SET lat = 52.2, lon = 2.6", "does not lie in Britain"),
        ("UPDATE cru.destination SET lat = 52.2, lon = NULL", "a latitude and a longitude"),
        ("UPDATE cru.destination SET lat = NULL, lon = -0.9", "a latitude and a longitude"),
        ("INSERT INTO cru.ending_rule (kind, code) VALUES ('outcome', 'vanished')", "no such way of ending"),
    ],
)
async def test_no_list_is_left_without_a_choice(psql: Psql, sql: str, says: str) -> None:
    await psql.van()
    for who in (psql.lead, psql.owner):
        await psql.refused(who, sql, code="CR003", says=says)


LEAVES_A_CHOICE = """
INSERT INTO cru.van_base (name, postcode, lat, lon) VALUES ('Elby', '', 49, 2.5)
UPDATE cru.van_base SET active = false WHERE name = 'Elby'
UPDATE cru.van_base SET active = true, lat = 61, lon = -9 WHERE name = 'Elby'
UPDATE cru.destination SET lat = NULL, lon = NULL WHERE name = (SELECT min(name) FROM cru.destination)
INSERT INTO cru.priority (code, meaning, within_minutes, aim_minutes, rank) VALUES ('P8', 'x', 20160, 20160, 8)
UPDATE cru.priority SET within_minutes = 5, aim_minutes = NULL WHERE code = 'P8'
INSERT INTO cru.referral_source (code, label, waits_kind, default_priority, rank) VALUES ('elby', 'E', 'nobody', 'P8', 90)
UPDATE cru.referral_source SET active = false WHERE code = 'elby'
UPDATE cru.priority SET active = false WHERE code = 'P8'
UPDATE cru.referral_source SET label = 'Elby House' WHERE code = 'elby'
INSERT INTO cru.reason (kind, code, label, rank) VALUES ('decline', 'fog', 'Fog', 90)
UPDATE cru.reason SET active = false WHERE kind = 'decline' AND code = 'fog'
INSERT INTO cru.outcome (code, label, rank) VALUES ('fog', 'Fog', 90)
UPDATE cru.outcome SET active = false WHERE code = 'fog'
INSERT INTO cru.ending_rule (kind, code) VALUES ('outcome', 'fog')
INSERT INTO cru.ending_rule (kind, code) VALUES ('decline', 'fog')
"""  # noqa: E501 - a statement a line


@pytest.mark.hazard("H-090")
async def test_what_leaves_a_choice_is_done(psql: Psql) -> None:
    done = [await psql.lead.execute(sql) for sql in LEAVES_A_CHOICE.strip().splitlines()]
    assert {one.rpartition(" ")[2] for one in done} == {"1"}


@pytest.mark.hazard("H-090")
async def test_a_dispatcher_keeps_no_list(psql: Psql) -> None:
    engine = connect(psql.record.url("a.shah"))
    try:
        for kept in KEPT_LISTS:
            async with transaction(engine) as connection:
                found = (await kept_rows(connection, kept.table))[0].values
            key = {name: found[name] for name in kept.key}
            with pytest.raises(NotAllowed):
                await do.execute(engine, do.RetireListed(table=kept.table, key=key))
        with pytest.raises(NotAllowed):
            await do.execute(engine, do.SaveListed(table="wish", values={"label": "x"}))
    finally:
        await engine.dispose()


async def test_a_longer_hold_and_board_go_by_their_rows(psql: Psql) -> None:
    referral = await psql.referral(state="accepted")
    hold = "UPDATE cru.referral SET hold_until = cru.clock_now() + $2::interval, hold_reason = 'x' WHERE id = $1"
    await psql.lead.execute("UPDATE cru.rule SET value = 3 WHERE name = 'longest_hold'")
    await psql.refused(psql.shah, hold, referral, timedelta(hours=4), code="CR003", says="at most 3 hours")
    await psql.lead.execute("UPDATE cru.rule SET value = 240 WHERE name = 'longest_hold'")
    await psql.refused(psql.shah, hold, referral, timedelta(days=11), code="CR003", says="at most 10 days")
    for name, value in (("leaves_beyond", 100), ("arrives_within", 190), ("lost_van", 1)):
        await psql.refused(
            psql.lead, "UPDATE cru.rule SET value = $2 WHERE name = $1", name, value, code="CR003", says=""
        )


@pytest.mark.long
async def test_a_record_in_use_keeps_its_lists_and_gets_the_numbers(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0013")) as old:
        await old.owner.execute("UPDATE cru.reason SET label = 'A trust''s own' WHERE code = 'fault'")
        of_then = "SELECT kind, code, label, rank, active, author, dated FROM cru.reason"
        before = await old.owner.fetch(f"{of_then} ORDER BY kind, code")
        await migrate.upgrade(old.record.owner_url)
        # Why a call is no referral, and on what legal ground something was, was asked by no program of then.
        kept = f"{of_then} WHERE kind NOT IN ('call', 'ground') ORDER BY kind, code"
        assert await old.owner.fetch(kept) == before
        new = await old.owner.fetchval("SELECT value FROM cru.rule WHERE name = 'arrives_within'")
        assert new == 80
        assert not await old.owner.fetchval("SELECT count(*) FROM cru.event WHERE kind = 'list changed'")
