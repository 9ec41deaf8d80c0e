"""The link to the record breaks in every way; nothing hangs, nothing is done twice, and it heals by itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from console.live.store import Link, LinkState, Store
from console.live.sync import Sync
from db import commands as do
from db.clock import RecordClock
from db.domain.reference import ReferenceData
from db.domain.roles import Role
from db.engine import connect, transaction
from db.errors import Unavailable
from db.follow import Follower
from db.hosts import Route
from tests.cluster import Cluster, Record
from tests.db import desk

FEED = "cru-test-feed"


class Mirror:
    """A mirror that is followed without a window; keeps every state of its link, and errors of the last one."""

    def __init__(self, where: Record | URL) -> None:
        self.clock = RecordClock()
        nobody = ReferenceData("", {}, {}, {}, {}, (), {}, {}, (), (), {})
        self.store = Store(nobody, Link(LinkState.CONNECTING, self.clock.now()))
        self.route = Route(where if isinstance(where, URL) else where.url("a.shah"))
        self.sync = Sync(
            lambda: Follower.open(self.route, Role.DISPATCHER, FEED),
            self.store,
            self.clock,
            link_lost=self.route.lose,
        )
        self.states: list[LinkState] = []
        self.store.link_changed.connect(lambda link: self.states.append(link.state))

    async def until(self, predicate: Callable[[], object], within: float = 5) -> None:
        async with asyncio.timeout(within):
            while not predicate():
                await asyncio.sleep(0.002)

    async def becomes(self, state: LinkState, within: float = 5) -> None:
        await self.until(lambda: self.store.link.state is state, within)


@asynccontextmanager
async def following(where: Record | URL) -> AsyncIterator[Mirror]:
    mirror = Mirror(where)
    task = asyncio.create_task(mirror.sync.run())
    try:
        await mirror.becomes(LinkState.LIVE)
        yield mirror
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=5)
        assert task.done()
        assert mirror.store.link.state is LinkState.LOST


@asynccontextmanager
async def signed_in(where: Record | URL | Route) -> AsyncIterator[AsyncEngine]:
    engine = connect(where.url("a.shah") if isinstance(where, Record) else where)
    try:
        yield engine
    finally:
        async with asyncio.timeout(5):
            await engine.dispose()


async def works(engine: AsyncEngine, within: float) -> None:
    """Poll until a transaction succeeds."""
    deadline = time.monotonic() + within
    while True:
        try:
            async with transaction(engine) as connection:
                await connection.exec_driver_sql("SELECT 1")
        except Unavailable:
            assert time.monotonic() < deadline, "the pool did not heal"
            await asyncio.sleep(0.05)
        else:
            return


FAULTS: list[tuple[Callable[[Cluster], object], Callable[[Cluster], object]]] = [
    (Cluster.stop, Cluster.start),
    (Cluster.crash, Cluster.start),
    (Cluster.freeze, Cluster.thaw),
]


@pytest.mark.parametrize(("break_it", "mend_it"), FAULTS, ids=["stopped", "crashed", "frozen"])
async def test_the_mirror_says_lost_within_five_seconds_and_comes_back(
    own_cluster: Cluster,
    own_record: Record,
    break_it: Callable[[Cluster], object],
    mend_it: Callable[[Cluster], object],
) -> None:
    async with signed_in(own_record) as engine, following(own_record) as mirror:
        await asyncio.to_thread(break_it, own_cluster)
        await mirror.becomes(LinkState.LOST)
        assert mirror.store.link.sentence
        await asyncio.to_thread(mend_it, own_cluster)
        await mirror.becomes(LinkState.LIVE, within=10)
        await works(engine, within=10)
        taken = await desk.take(engine)
        await mirror.until(lambda: mirror.store.referral(taken.referral_id))


async def test_a_killed_listener_is_noticed_at_once(own_cluster: Cluster, own_record: Record) -> None:
    async with following(own_record) as mirror:
        assert await asyncio.to_thread(own_cluster.kill_backend, FEED) == 1
        await mirror.until(lambda: LinkState.LOST in mirror.states, within=1)
        await mirror.becomes(LinkState.LIVE)


async def test_a_frozen_server_answers_unavailable_in_time_and_the_pool_heals(
    own_cluster: Cluster, own_record: Record
) -> None:
    async with signed_in(own_record) as engine:
        await works(engine, within=5)
        await asyncio.to_thread(own_cluster.freeze)
        begun = time.monotonic()
        # More at once than the pool holds: some wait for an answer, some for a connection.
        answers = await asyncio.gather(*(desk.take(engine) for _ in range(7)), return_exceptions=True)
        took = time.monotonic() - begun
        await asyncio.to_thread(own_cluster.thaw)
        assert [isinstance(answer, Unavailable) for answer in answers] == [True] * 7
        assert took < 5.5
        await works(engine, within=10)
        await asyncio.gather(*(desk.take(engine) for _ in range(7)))
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined] # a QueuePool


async def test_the_engine_is_given_up_while_the_server_is_frozen(own_cluster: Cluster, own_record: Record) -> None:
    async with signed_in(own_record) as engine:
        await asyncio.gather(*(works(engine, within=5) for _ in range(4)))
        await asyncio.to_thread(own_cluster.freeze)
        begun = time.monotonic()
        await engine.dispose()
        assert time.monotonic() - begun < 1
        await asyncio.to_thread(own_cluster.thaw)


async def test_a_restart_between_two_commands_goes_unnoticed(own_cluster: Cluster, own_record: Record) -> None:
    async with signed_in(own_record) as engine:
        await asyncio.gather(*(works(engine, within=5) for _ in range(4)))
        await asyncio.to_thread(own_cluster.stop)
        await asyncio.to_thread(own_cluster.start)
        await asyncio.gather(*(desk.take(engine) for _ in range(4)))


async def test_a_command_cut_short_leaves_its_connection_to_nobody(own_record: Record) -> None:
    blocker = await asyncpg.connect(**own_record.owner_kwargs)
    async with signed_in(own_record) as engine:
        referral_id = (await desk.take(engine)).referral_id
        async with blocker.transaction():
            await blocker.execute("SELECT 1 FROM cru.referral FOR UPDATE")
            note = asyncio.create_task(do.execute(engine, do.EndHold(referral_id=referral_id)))
            await waits_for_a_lock(own_record)
            note.cancel()
            await asyncio.wait({note}, timeout=5)
            assert note.cancelled()
        await works(engine, within=5)
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined] # a QueuePool
    await blocker.close()


async def waits_for_a_lock(record: Record) -> None:
    watcher = await asyncpg.connect(**record.owner_kwargs)
    sql = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = $1)"
    async with asyncio.timeout(5):
        while not await watcher.fetchval(sql, record.database):
            pass  # the question itself takes its time
    await watcher.close()


@pytest.mark.hazard("H-027")
async def test_repeating_a_command_whose_answer_was_lost_does_nothing_twice(
    own_cluster: Cluster, own_record: Record
) -> None:
    async with signed_in(own_record) as engine:
        await works(engine, within=5)
        command = do.TakeReferral(details=desk.details())
        # Committed, and the answer never arrives: the server is gone before it is read.
        await do.execute(engine, command)
        await asyncio.to_thread(own_cluster.crash)
        await asyncio.to_thread(own_cluster.start)
        await works(engine, within=10)
        for _ in range(2):
            await do.execute(engine, command)
        counts = await asyncio.to_thread(
            own_cluster.fetchval,
            "SELECT concat_ws(',', (SELECT count(*) FROM cru.referral), (SELECT count(*) FROM cru.handover),"
            " (SELECT count(*) FROM cru.event WHERE referral_id IS NOT NULL),"
            " (SELECT count(*) FROM cru.command_log))",
            database=own_record.database,
        )
        assert counts == "1,1,3,1"
