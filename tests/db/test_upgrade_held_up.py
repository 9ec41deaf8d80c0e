"""An upgrade is held up by no user's session; what it may not end, it names, and changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from db import migrate
from db.engine import connect
from db.errors import Busy
from db.holding_up import HeldUp, kept_clear
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

TRIED = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'cru.{}'::regclass AND attname = 'tried'"


@asynccontextmanager
async def altering(psql: Psql, table: str) -> AsyncIterator[HeldUp]:
    """What an upgrade does to a table, kept clear as an upgrade is."""
    engine = connect(psql.record.owner_url, "cru-admin", answer_within=None)
    try:
        async with (
            engine.begin() as connection,
            asyncio.timeout(20),
            kept_clear(psql.record.owner_url, connection) as found,
        ):
            await connection.execute(text(f"ALTER TABLE cru.{table} ADD COLUMN tried integer"))
            yield found
    finally:
        await engine.dispose()


@pytest.mark.parametrize(
    ("login", "table", "sleeps_in"),
    [
        ("w.wall", "referral", "SELECT FROM cru.referral_wall"),
        ("g.gateway", "device_stay", "SELECT FROM cru.device_stay"),
        ("g.gateway", "position_fix", "SELECT cru.record_fixes('[]')"),
        ("a.shah", "event", "SELECT FROM cru.event"),
        ("a.shah", "van", "UPDATE cru.van SET duty_reason = duty_reason WHERE callsign = 'CRU2'"),
        ("l.lead", "planned_shift", "SELECT FROM cru.planned_shift"),
    ],
)
async def test_a_users_session_that_sleeps_is_ended(psql: Psql, login: str, table: str, sleeps_in: str) -> None:
    sleeper = psql.session(login)
    # What a role sets back for itself is no help to it.
    await sleeper.execute("SET application_name = 'a prompt'; SET idle_in_transaction_session_timeout = 0; BEGIN")
    await sleeper.fetch(sleeps_in)
    async with altering(psql, table) as found:
        pass
    assert found.ended == [f"a prompt ({login})"]
    assert await psql.owner.fetchval(TRIED.format(table)) == 1


async def test_a_backup_is_left_alone_and_the_room_goes_on(psql: Psql) -> None:
    van = await psql.van()
    await psql.owner.execute("SET application_name = 'pg_dump'; BEGIN; LOCK TABLE cru.van IN ACCESS SHARE MODE")
    with pytest.raises(Busy, match=r"^pg_dump \(postgres\) holds up the upgrade; nothing was changed\."):
        async with altering(psql, "van"):
            pass
    assert await psql.shah.fetchval("SELECT count(*) FROM cru.van WHERE id = $1", van) == 1
    await psql.owner.execute("ROLLBACK")
    assert await psql.owner.fetchval(TRIED.format("van")) == 0


async def test_what_else_fails_is_not_said_to_be_held_up(psql: Psql) -> None:
    with pytest.raises(ProgrammingError):
        async with altering(psql, "no_such_table"):
            pass


async def test_a_whole_upgrade_ends_who_sleeps_over_a_referral(cluster: Cluster, left_by: LeftBy) -> None:
    said: list[str] = []
    async with cloned(cluster, left_by("0040")) as psql:
        await psql.shah.execute("BEGIN")
        await psql.take()
        await psql.wall.execute("SELECT pg_advisory_lock(4242)")
        async with asyncio.timeout(30):
            await migrate.upgrade(psql.record.owner_url, told=said.append)
        assert said == ["Ended a session that held up the upgrade:  (a.shah)."]
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.referral") == 0
        assert await psql.owner.fetchval("SELECT version_num FROM cru.alembic_version") == migrate.newest()


async def test_two_who_build_a_record_at_once_build_it_once(cluster: Cluster) -> None:
    cluster.execute("DROP DATABASE IF EXISTS twice WITH (FORCE)")
    cluster.execute("CREATE DATABASE twice")
    url = cluster.address.superuser_url("twice")
    await asyncio.gather(migrate.upgrade(url), migrate.upgrade(url))
    assert cluster.fetchval("SELECT count(*) FROM cru.alembic_version", database="twice") == 1
    cluster.execute("DROP DATABASE twice WITH (FORCE)")
