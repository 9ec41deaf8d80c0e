"""Behind a pooler: sessions are somebody else's a moment later, and the console is as right as ever."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from console.live.session import Session, open_session
from console.live.store import LinkState
from db import commands as do
from db import queries
from db.domain.roles import Role
from db.engine import transaction
from db.follow import Follower
from db.hosts import Route
from tests.cluster import Record
from tests.db import desk
from tests.db.poolers import Bouncer, bouncer
from tests.db.test_hosts import equals_the_record
from tests.db.test_link import following, signed_in
from tests.gui.desks import Runs, eventually, qt_loop

__all__ = ["bouncer", "qt_loop"]
Bouncers = Callable[[str, int], Bouncer]


@asynccontextmanager
async def live(url: URL) -> AsyncIterator[Session]:
    """A console's whole session, followed."""
    session = await open_session(url)
    try:
        await eventually(lambda: session.desk.store.link.state is LinkState.LIVE)
        assert session.route.pooled
        yield session
    finally:
        await session.close()


def test_behind_a_pooler_of_transactions_changes_come_with_the_beat(
    record: Record, bouncer: Bouncers, qt_loop: Runs
) -> None:
    pooled = bouncer("transaction", 4)
    qt_loop(by_the_beat(pooled.url(record), record))
    assert "not linked" not in pooled.said(), "nobody may listen in somebody else's session"


async def by_the_beat(url: URL, record: Record) -> None:
    async with live(url) as session:
        store = session.desk.store
        await eventually(lambda: store.link.by_beat)
        async with signed_in(record) as direct:
            for _ in range(3):
                taken = await desk.take(direct)
                await eventually(lambda taken=taken: store.referral(taken.referral_id), within=2.2)
        noted = do.AddNote(referral_id=taken.referral_id, words="through the pooler")
        await do.execute(session.engine, noted)
        events = await session.desk.reads.events_of(taken.referral_id)
        assert [event.kind for event in events].count("note") == 1


def test_behind_a_pooler_of_sessions_notices_come(record: Record, bouncer: Bouncers, qt_loop: Runs) -> None:
    qt_loop(by_notices(bouncer("session", 12).url(record), record))


async def by_notices(url: URL, record: Record) -> None:
    async with live(url) as session:
        store = session.desk.store
        follower = await Follower.open(session.route, Role.DISPATCHER)
        assert follower.hears
        async with signed_in(record) as direct:
            taken = await desk.take(direct)
            async with asyncio.timeout(2):
                while "referral" not in await follower.heard(2):
                    pass
            follower.close()
            await eventually(lambda: store.referral(taken.referral_id), within=0.9)
        assert not store.link.by_beat


async def test_a_pooler_with_one_session_for_all_is_no_standstill(record: Record, bouncer: Bouncers) -> None:
    url = bouncer("transaction", 1).url(record)
    async with following(url) as mirror, signed_in(url) as engine:
        assert mirror.store.link.by_beat
        taken = await asyncio.gather(*(desk.take(engine) for _ in range(6)))
        await mirror.until(lambda: all(mirror.store.referral(one.referral_id) for one in taken))


async def test_several_consoles_on_two_sessions_get_their_own_answers(record: Record, bouncer: Bouncers) -> None:
    url = bouncer("transaction", 2).url(record)
    async with AsyncExitStack() as stack:
        engines = [await stack.enter_async_context(signed_in(url)) for _ in range(6)]
        mirrors = [await stack.enter_async_context(following(url)) for _ in range(2)]
        await asyncio.gather(*(work(engine, seed) for seed, engine in enumerate(engines)))
        for mirror in mirrors:
            assert mirror.states.count(LinkState.LOST) == 0
            await equals_the_record(mirror.store, record.url("a.shah"))
    owner = await asyncpg.connect(**record.owner_kwargs)
    left = await owner.fetchval("SELECT count(*) FROM cru.command_log")
    await owner.close()
    assert left == 6 * COMMANDS


COMMANDS = 25


async def work(engine: AsyncEngine, seed: int) -> None:
    """Commands and as many reads, in an order that no two consoles share; each answer is looked at."""
    chance = random.Random(seed)
    mine: list[do.TakeReferral] = []
    words: list[str] = []
    for turn in range(COMMANDS):
        if not mine or chance.random() < 0.3:
            mine.append(await desk.take(engine))
        else:
            words.append(f"{seed}:{turn}")
            await do.execute(engine, do.AddNote(referral_id=chance.choice(mine).referral_id, words=words[-1]))
        async with transaction(engine) as connection:
            me = await queries.me(connection)
            events = [event for one in mine[-2:] for event in await queries.events_of(connection, one.referral_id)]
        assert me.login == "a.shah"
        assert {event.referral_id for event in events} == {one.referral_id for one in mine[-2:]}
    async with transaction(engine) as connection:
        events = [event for one in mine for event in await queries.events_of(connection, one.referral_id)]
    assert sorted(event.words for event in events if event.kind == "note") == sorted(words)


async def test_whether_a_pooler_stands_between_is_found_at_each_connection(
    record: Record, bouncer: Bouncers
) -> None:
    route = Route(record.url("a.shah"))
    async with signed_in(route) as engine:
        taken = await desk.take(engine)
        for url in (bouncer("transaction", 2).url(record), record.url("a.shah")):
            route.move(url)
            for _ in range(3):
                await asyncio.gather(
                    *(do.execute(engine, do.AddNote(referral_id=taken.referral_id, words="x")) for _ in range(3))
                )
            assert route.pooled == (url.port != record.cluster.address.port)


@pytest.mark.parametrize("mode", ["transaction", "session"])
async def test_nothing_is_left_behind_in_the_server(record: Record, bouncer: Bouncers, mode: str) -> None:
    url = bouncer(mode, 1 if mode == "transaction" else 5).url(record)
    async with signed_in(url) as engine:
        for _ in range(5):
            await desk.take(engine)
        async with transaction(engine) as connection:
            found = await connection.exec_driver_sql("SELECT name FROM pg_prepared_statements WHERE name <> ''")
            assert found.all() == []
