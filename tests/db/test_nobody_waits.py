# ruff: noqa: S608 - the tests name tables and columns of our own
"""No session that sleeps stops the others: referrals get their numbers, positions come in, figures are told."""

import asyncio
import json
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from db import migrate
from tests.cluster import Cluster, Record
from tests.db.psql import Psql, forget_fix_days
from tests.db.upgrades import LeftBy, cloned

TAKE = "INSERT INTO cru.referral (source, priority, location_text) VALUES ('hub', 'P2', 'x') RETURNING reference"
ON_DAY = (
    "INSERT INTO cru.referral (source, priority, location_text, received_at)"
    " VALUES ('hub', 'P2', 'x', $1::date + time '09:00') RETURNING reference"
)
SOON = "SET lock_timeout = '200ms'"
"""Whoever has to wait for another is refused, and the test fails."""


def number(reference: str) -> int:
    return int(reference.rpartition("-")[2])


async def test_a_transaction_that_sleeps_keeps_no_number_from_others(psql: Psql) -> None:
    await psql.lead.execute(SOON)
    sleeper = psql.shah.transaction()
    await sleeper.start()
    held = [await psql.shah.fetchval(TAKE) for _ in range(3)]
    taken = [await psql.lead.fetchval(TAKE) for _ in range(2)]
    assert [number(one) for one in held + taken] == [1, 2, 3, 4, 5]
    await sleeper.rollback()
    # A gap says nothing about a referral being lost; a number that was given is never given again.
    assert number(await psql.shah.fetchval(TAKE)) == 6


async def test_the_first_of_a_day_is_taken_by_many_at_once(psql: Psql, record: Record) -> None:
    many = [await asyncpg.connect(**record.kwargs("a.shah")) for _ in range(12)]
    try:
        for day in range(3):
            on = date(2026, 11, 1) + timedelta(days=day)
            taken = await asyncio.gather(*(one.fetchval(ON_DAY, on) for one in many))
            assert sorted(number(one) for one in taken) == list(range(1, 13))
    finally:
        await asyncio.gather(*(one.close() for one in many))


async def test_who_begins_a_day_and_sleeps_holds_up_nobody(psql: Psql) -> None:
    await psql.lead.execute(SOON)
    day = date(2026, 10, 25)
    async with psql.shah.transaction():
        # Written down late, so that each is the first of its day.
        assert [number(await psql.shah.fetchval(ON_DAY, day - timedelta(days=n))) for n in range(4)] == [1] * 4
        assert [number(await psql.lead.fetchval(ON_DAY, day - timedelta(days=n))) for n in range(5)] == [2] * 4 + [
            1
        ]


async def test_one_at_a_time_begins_a_day(psql: Psql) -> None:
    await psql.lead.execute(SOON)
    begun, new = date(2026, 7, 1), date(2026, 7, 2)
    await psql.shah.fetchval(ON_DAY, begun)
    # As if another were just setting the day's sequence on.
    async with psql.owner.transaction():
        await psql.owner.execute("LOCK TABLE cru.referral_day IN SHARE UPDATE EXCLUSIVE MODE")
        assert number(await psql.lead.fetchval(ON_DAY, begun)) == 2
        with pytest.raises(asyncpg.LockNotAvailableError):
            await psql.lead.fetchval(ON_DAY, new)
    assert number(await psql.lead.fetchval(ON_DAY, new)) == 1


async def test_each_day_counts_on_whatever_is_written_down_between(psql: Psql) -> None:
    day = date(2026, 3, 28)
    found = [number(await psql.shah.fetchval(ON_DAY, day + timedelta(days=n))) for n in (0, 1, 0, 2, 1, 0, 31, 0)]
    assert found == [1, 1, 2, 1, 2, 3, 1, 4]
    # A month on, its sequence counts another day: what comes now for the old one has a number of its own.
    later = [number(await psql.shah.fetchval(ON_DAY, day + timedelta(days=n))) for n in (32, 0, 0, 32)]
    assert later == [1, 500_001, 500_002, 2]


async def test_the_ten_thousandth_of_a_day_has_five_digits(psql: Psql) -> None:
    day = date(2026, 6, 30)
    first = await psql.shah.fetchval(ON_DAY, day)
    assert first == "CRU-20260630-0001"
    counter = "cru.reference_count_" + str(
        await psql.owner.fetchval("SELECT extract(julian FROM $1::date)::int % 32", day)
    )
    await psql.owner.execute(f"SELECT setval('{counter}', last_value + 9997) FROM {counter}")
    found = [await psql.shah.fetchval(ON_DAY, day) for _ in range(3)]
    assert found == ["CRU-20260630-9999", "CRU-20260630-10000", "CRU-20260630-10001"]


@pytest.mark.long
async def test_a_record_in_use_counts_on(cluster: Cluster, left_by: LeftBy) -> None:
    day = date(2026, 11, 3)
    async with cloned(cluster, left_by("0040")) as psql:
        before = [await psql.shah.fetchval(ON_DAY, day) for _ in range(3)] + [await psql.shah.fetchval(TAKE)]
        await migrate.upgrade(psql.record.owner_url)
        after = [await psql.shah.fetchval(ON_DAY, day) for _ in range(2)] + [await psql.shah.fetchval(TAKE)]
        assert [number(one) for one in before + after] == [1, 2, 3, 1, 4, 5, 2]
        kept = await psql.owner.fetch("SELECT reference FROM cru.referral")
        assert sorted(row["reference"] for row in kept) == sorted(before + after)


# --- positions ---

FIX = "SELECT cru.record_fixes($1)"
PARTS = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'cru.position_fix'::regclass"


async def fix(psql: Psql, van: UUID, at: datetime) -> str:
    """Send one; returns the part that it lies in."""
    sent = {
        "van_id": str(van),
        "fixed_at": at.isoformat(),
        "received_at": at.isoformat(),
        "lat": 52.2,
        "lon": -0.9,
    }
    assert await psql.gateway.fetchval(FIX, json.dumps([sent])) == 1
    sql = "SELECT tableoid::regclass::text FROM cru.position_fix WHERE fixed_at = $1"
    return str(await psql.owner.fetchval(sql, at))


async def test_days_are_made_a_week_ahead(psql: Psql) -> None:
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    assert await psql.owner.fetchval(PARTS) == 9
    await forget_fix_days(psql.owner)
    van = await psql.van()
    assert await fix(psql, van, now) == f"cru.position_fix_{now:%Y%m%d}"
    assert await psql.owner.fetchval(PARTS) == 9
    last = now + timedelta(days=7)
    assert await psql.owner.fetchval("SELECT to_regclass($1) IS NOT NULL", f"cru.position_fix_{last:%Y%m%d}")


@pytest.mark.parametrize("held", ["position_fix", "position_fix_other"])
async def test_a_dump_over_midnight_stops_no_van(psql: Psql, held: str) -> None:
    now, van = await psql.owner.fetchval("SELECT cru.clock_now()"), await psql.van()
    await forget_fix_days(psql.owner)
    # What pg_dump does first, and keeps for as long as it takes.
    async with asyncio.timeout(5), psql.owner.transaction(isolation="repeatable_read", readonly=True):
        await psql.owner.execute(f"LOCK TABLE ONLY cru.{held} IN ACCESS SHARE MODE")
        assert await fix(psql, van, now) == "cru.position_fix_other"
        assert await psql.shah.fetchval("SELECT fixed_at FROM cru.position WHERE van_id = $1", van) == now
    # What lies among the others stays there, and the next day has a part of its own again.
    later = now + timedelta(seconds=1)
    assert await fix(psql, van, later) == "cru.position_fix_other"
    sql = "SELECT count(*) FROM cru.position_fix WHERE van_id = $1 AND received_at >= $2"
    assert await psql.owner.fetchval(sql, van, now) == 2
    assert await psql.owner.fetchval(PARTS) == 8


# --- figures ---


async def test_figures_do_not_wait_for_a_number_that_anybody_may_lock(psql: Psql) -> None:
    await psql.take()
    # As an owner who is no superuser, who cannot forbid it.
    await psql.owner.execute("GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC")
    for key in ("hashtextextended('cru.settle_measures', 0)", "hashtext('cru.position_fix')", "4242"):
        await psql.wall.execute(f"SELECT pg_advisory_lock({key})")
    await psql.lead.execute(SOON)
    sql = "SELECT value FROM cru.measure_figures(ARRAY[now() - interval '1 day'], ARRAY[now()], '{}')"
    assert await psql.lead.fetchval(f"{sql} WHERE key = 'received'") == 1


@pytest.mark.parametrize("login", ["a.shah", "l.lead", "w.wall", "g.gateway"])
async def test_nobody_fills_the_servers_table_of_locks(psql: Psql, login: str) -> None:
    found = await psql.owner.fetch(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE proname ~ '_lock(_shared)?$' AND pronamespace ="
        " 'pg_catalog'::regnamespace AND prorettype IN ('void'::regtype, 'bool'::regtype)"
    )
    assert len(found) >= 8
    for (function,) in found:
        asked = "SELECT has_function_privilege($1, $2::regprocedure, 'EXECUTE')"
        assert not await psql.owner.fetchval(asked, login, function), function


# --- who it is ---

HELD = "SELECT who, application FROM cru.held_up_by($1)"


async def test_who_waits_is_told_who_holds_it_and_nobody_else_is(psql: Psql, record: Record) -> None:
    referral, pid = await psql.referral(), psql.shah.get_server_pid()
    third = await asyncpg.connect(**record.kwargs("a.shah"))
    await psql.lead.execute("SET application_name = 'cru-console on WS-3'; BEGIN")
    await psql.lead.execute("UPDATE cru.referral SET caller = 'x' WHERE id = $1", referral)
    assert await third.fetch(HELD, pid) == []
    waiting = asyncio.create_task(
        psql.shah.execute("UPDATE cru.referral SET caller = 'y' WHERE id = $1", referral)
    )
    async with asyncio.timeout(10):
        while not (found := await third.fetch(HELD, pid)):
            await asyncio.sleep(0.01)
    assert [tuple(row) for row in found] == [("L. Lead", "cru-console on WS-3")]
    # Nobody learns from another's session.
    assert await psql.session("b.okafor").fetch(HELD, pid) == []
    await psql.lead.execute("ROLLBACK")
    await waiting
    await third.close()


# --- what a lesser role holds ---

WALL = "SELECT key, value FROM cru.wall_figures(ARRAY[now() - interval '1 day'], ARRAY[now()])"
FIGURES = "SELECT count(*) FROM cru.measure_figures(ARRAY[now() - interval '1 day'], ARRAY[now()], '{}')"


@pytest.mark.parametrize("login", ["w.wall", "a.shah"])
async def test_the_walls_figures_hold_up_nobody(psql: Psql, login: str) -> None:
    job, _ = await psql.assignment(), await psql.referral("closed")
    other, who = psql.session("b.okafor"), psql.session(login)
    for one in (other, psql.lead):
        await one.execute(SOON)
    async with who.transaction():
        seen = [row["key"] for row in await who.fetch(WALL) if row["key"] == "received" and row["value"] == 2]
        # A crew's next step, a word about the person, and a lead who reads.
        await psql.set(other, "assignment", job, state="mobile")
        await psql.lead.fetchval(FIGURES)
    assert seen == ["received"]


async def test_nor_do_the_figures_of_a_lead_hold_up_a_step(psql: Psql) -> None:
    job, step = await psql.assignment(), psql.session("b.okafor")
    await step.execute(SOON)
    async with psql.lead.transaction():
        await psql.lead.fetchval(FIGURES)
        await psql.set(step, "assignment", job, state="mobile")
