"""The fixtures that every other test leans on."""

import asyncio

import asyncpg
import pytest

from tests.cluster import LOGINS, Cluster, Record, password_of


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
