"""The practice database: its own, made anew, marked, and never another one."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from db import queries
from db.domain.roles import Role
from db.engine import transaction
from db.errors import Conflict, Invalid, NotAllowed
from db.exercise.database import prepare
from db.exercise.settings import PracticeHost, Prepared, ShiftPlan
from tests.cluster import Cluster, Record
from tests.db.practice import START, cache, look, signed_in, where

__all__ = ["cache", "where"]


@pytest.fixture
def plan(cache: Path) -> ShiftPlan:
    return ShiftPlan(start=START, cache_dir=cache, seed=5)


async def test_the_board_is_alive_at_once(where: PracticeHost, plan: ShiftPlan) -> None:
    prepared = await prepare(where, plan)
    async with signed_in(prepared) as engine:
        async with transaction(engine) as connection:
            me = await queries.me(connection)
            clock = await queries.clock(connection)
        snapshot = await look(engine)
    assert (me.role, me.exercise, me.service) == (Role.SHIFT_LEAD, True, "EXERCISE Northamptonshire")
    assert 0 <= (clock.now - START).total_seconds() < 60
    assert clock.speed == plan.speed
    states = sorted(one.state.value for one in snapshot.referrals.values())
    assert states.count("closed") == 1
    assert states.count("received") == 2
    assert "accepted" in states
    assert "attending" in states
    assert {one.priority for one in snapshot.open_referrals()} == {"P1", "P2", "P3"}
    assert len(snapshot.jobs) == 3
    assert any(one.on_hold(clock.now) for one in snapshot.open_referrals())
    assert len(snapshot.shifts) == 6
    assert all(one.times["received"] < START for one in snapshot.referrals.values())
    # Vans have driven before the start.
    async with signed_in(prepared) as engine, transaction(engine) as connection:
        rows = (await connection.execute(text("SELECT van_id, received_at, speed FROM cru.position_fix"))).all()
    assert len({row.van_id for row in rows}) == 6
    assert max(row.received_at for row in rows) <= START
    assert any(row.speed > 20 for row in rows)
    # Nobody who prints it sees a password.
    assert prepared.lead.password is not None
    assert str(prepared.lead.password) not in repr(prepared)


@pytest.mark.long
async def test_it_refuses_while_a_shift_runs_and_can_be_joined(where: PracticeHost, plan: ShiftPlan) -> None:
    prepared = await prepare(where, plan)
    async with signed_in(prepared) as engine:
        snapshot = await look(engine)
        with pytest.raises(Conflict, match="running here already"):
            await prepare(where, plan)
        first = await prepare(where, plan, join=True)
        second = await prepare(where, plan, join=True)
        assert first.joined
        assert first.gateway is None
        assert first.lead.username != second.lead.username
        for joined in (first, second):
            async with signed_in(joined) as beside:
                assert (await look(beside)).referrals == snapshot.referrals
                async with transaction(beside) as connection:
                    assert (await queries.me(connection)).role is Role.SHIFT_LEAD


@pytest.mark.long
async def test_there_is_nothing_to_join_when_nobody_runs_one(where: PracticeHost, plan: ShiftPlan) -> None:
    await prepare(where, plan)
    with pytest.raises(Invalid, match="no practice shift to join"):
        await prepare(where, plan, join=True)


@pytest.mark.long
async def test_two_starts_at_once_do_not_undo_each_other(where: PracticeHost, plan: ShiftPlan) -> None:
    found = await asyncio.gather(prepare(where, plan), prepare(where, plan), return_exceptions=True)
    made = [one for one in found if isinstance(one, Prepared)]
    refused = [one for one in found if isinstance(one, Conflict)]
    assert len(made) == len(refused) == 1
    async with signed_in(made[0]) as engine:
        assert len((await look(engine)).referrals) == 8


async def content(record: Record) -> dict[str, Any]:
    connection = await asyncpg.connect(**record.owner_kwargs)
    try:
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables ORDER BY 1"
        )
        return {
            row["name"]: await connection.fetchval(f"SELECT md5(string_agg(t::text, '|')) FROM {row['name']} t")  # noqa: S608 - names from the catalogue
            for row in tables
        }
    finally:
        await connection.close()


@pytest.mark.long
async def test_the_record_beside_it_is_not_touched(record: Record, plan: ShiftPlan) -> None:
    before = await content(record)
    where = PracticeHost.beside(record.owner_url)
    assert where.database == f"{record.database}_exercise"
    prepared = await prepare(where, plan)
    assert prepared.lead.database == where.database
    logins = [prepared.lead, prepared.gateway, *prepared.logins.values()]
    assert all(url is not None and str(url.username).startswith(f"{where.database}.") for url in logins)
    assert await content(record) == before
    assert len(before) > 20
    record.cluster.execute(f"DROP DATABASE {where.database} WITH (FORCE)")


async def test_a_database_of_that_name_that_is_something_else_is_left_alone(
    cluster: Cluster, record: Record, plan: ShiftPlan
) -> None:
    where = PracticeHost.beside(record.owner_url)
    cluster.execute(f"CREATE DATABASE {where.database}")
    cluster.execute("CREATE TABLE kept (one int)", database=where.database)
    with pytest.raises(Invalid, match="is left alone"):
        await prepare(where, plan)
    assert cluster.fetchval("SELECT count(*) FROM kept", database=where.database) == 0
    cluster.execute(f"DROP DATABASE {where.database}")


async def test_a_dispatcher_cannot_make_a_practice_database(record: Record, plan: ShiftPlan) -> None:
    with pytest.raises(NotAllowed, match="may not make a practice database"):
        await prepare(PracticeHost.beside(record.url("a.shah")), plan)


def test_a_name_too_long_for_two_is_refused(record: Record) -> None:
    with pytest.raises(Invalid, match="cannot be named"):
        PracticeHost.beside(record.owner_url.set(database="x" * 41))


def test_speed_has_bounds(plan: ShiftPlan) -> None:
    with pytest.raises(Invalid, match="1 to 60"):
        ShiftPlan(start=START, cache_dir=plan.cache_dir, speed=61)


@pytest.mark.long
async def test_a_hosted_server_needs_no_superuser(cluster: Cluster, record: Record, plan: ShiftPlan) -> None:
    cluster.execute("CREATE ROLE \"p.owner\" LOGIN CREATEDB CREATEROLE PASSWORD 'secret of p.owner'")
    groups = "cru_viewer, cru_dispatcher, cru_shift_lead, cru_gateway"
    cluster.execute(f'GRANT {groups} TO "p.owner" WITH ADMIN OPTION')
    where = PracticeHost.beside(record.url("p.owner"))
    prepared = await prepare(where, plan)
    async with signed_in(prepared) as engine:
        assert len((await look(engine)).jobs) == 3
        with pytest.raises(Conflict, match="running here already"):
            await prepare(where, plan)
    again = await prepare(where, plan)
    async with signed_in(again) as engine:
        assert len((await look(engine)).referrals) == 8
    cluster.execute(f"DROP DATABASE {where.database} WITH (FORCE)")
