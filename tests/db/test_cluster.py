"""The fixtures that every other test leans on."""

import asyncio

import asyncpg
import pytest

from tests.cluster import LOGINS, Cluster, Record, password_of
from tests.db.psql import Psql
from tests.kept import KeptRecords


@pytest.mark.parametrize("login", LOGINS)
async def test_logins_sign_in_with_their_password_and_carry_their_group(record: Record, login: str) -> None:
    connection = await asyncpg.connect(**record.kwargs(login))
    try:
        assert await connection.fetchval("SELECT session_user") == login
        assert await connection.fetchval("SELECT pg_has_role($1, 'member')", LOGINS[login])
    finally:
        await connection.close()


async def test_a_wrong_password_is_refused(record: Record) -> None:
    wrong = record.kwargs("a.shah") | {"password": password_of("b.okafor")}
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(**wrong)


async def test_each_test_has_a_database_of_its_own(cluster: Cluster, record: Record) -> None:
    other = cluster.create_record()
    try:
        cluster.execute("CREATE TABLE only_here ()", database=record.database)
        seen = cluster.fetchval("SELECT to_regclass('only_here')::text", database=other.database)
        assert seen is None
    finally:
        cluster.drop_record(other)


GIVEN = "SELECT last_value FROM pg_sequences WHERE sequencename = 'event_id_seq'"


async def test_a_record_is_put_back_as_it_was_with_its_sessions(kept_records: KeptRecords) -> None:
    kept = kept_records.take()
    owner, shah = await kept.session(""), await kept.session("a.shah")
    before = await Psql(kept.record, owner, dict.fromkeys(LOGINS, shah)).picture()
    number = await owner.fetchval(GIVEN)
    assert number > 0
    taken = await shah.fetchval(
        "INSERT INTO cru.referral (source, priority, location_text) VALUES ('hub', 'P2', 'x') RETURNING id"
    )
    await owner.execute("UPDATE cru.van SET registration = 'changed ' || callsign; DELETE FROM cru.command_word")
    await shah.execute("SET timezone = 'Asia/Kolkata'; BEGIN; UPDATE cru.referral SET narrative = 'left open'")
    await kept.rest()
    kept_records.give_back()
    assert kept_records.take() is kept
    assert await kept.session("a.shah") is shah
    assert await Psql(kept.record, owner, dict.fromkeys(LOGINS, shah)).picture() == before
    assert await shah.fetchval("SELECT current_setting('timezone')") != "Asia/Kolkata"
    assert await owner.fetchval(GIVEN) == number
    assert await owner.fetchval("SELECT count(*) FROM cru.referral WHERE id = $1", taken) == 0


async def test_a_record_whose_schema_changed_is_not_put_back(kept_records: KeptRecords) -> None:
    kept = kept_records.take()
    owner = await kept.session("")
    await owner.execute("ALTER TABLE cru.referral DISABLE TRIGGER USER")
    kept_records.give_back()
    assert kept_records.take().record.database != kept.record.database


async def test_stop_breaks_the_link_and_start_brings_back_the_same_address(own_cluster: Cluster) -> None:
    before = own_cluster.address
    connection = await asyncpg.connect(**before.superuser_kwargs())
    gone = asyncio.Event()
    connection.add_termination_listener(lambda _: gone.set())
    own_cluster.stop()
    await asyncio.wait_for(gone.wait(), 5)
    own_cluster.start()
    assert own_cluster.address == before
    assert own_cluster.fetchval("SELECT 1") == 1


async def test_a_frozen_server_answers_nothing_until_thawed(own_cluster: Cluster) -> None:
    connection = await asyncpg.connect(**own_cluster.address.superuser_kwargs())
    own_cluster.freeze()
    asked = asyncio.create_task(connection.fetchval("SELECT 1"))
    done, _ = await asyncio.wait({asked}, timeout=0.3)
    assert not done
    own_cluster.thaw()
    assert await asyncio.wait_for(asked, 5) == 1
    await connection.close()


async def test_kill_backend_ends_only_the_named_connection(own_cluster: Cluster) -> None:
    kwargs = own_cluster.address.superuser_kwargs()
    feed = await asyncpg.connect(**kwargs, server_settings={"application_name": "feed"})
    other = await asyncpg.connect(**kwargs, server_settings={"application_name": "other"})
    gone = asyncio.Event()
    feed.add_termination_listener(lambda _: gone.set())
    assert own_cluster.kill_backend("feed") == 1
    await asyncio.wait_for(gone.wait(), 5)
    assert await other.fetchval("SELECT 1") == 1
    await other.close()


@pytest.mark.hazard("H-063")
async def test_crash_then_start_keeps_what_was_committed(own_cluster: Cluster) -> None:
    own_cluster.execute("CREATE TABLE kept AS SELECT 7 AS n")
    own_cluster.crash()
    own_cluster.start()
    assert own_cluster.fetchval("SELECT n FROM kept") == 7
