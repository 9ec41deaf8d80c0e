"""How many connections a console holds: one while it watches, two while it works, three at the very most."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from PySide6.QtCore import QObject
from sqlalchemy import text

from console.live.session import Session, open_session
from console.live.store import LinkState
from console.live.undo import LastAct
from db import commands as do
from db import engine as engines
from db.engine import connect, transaction
from tests.cluster import Record, record
from tests.db import desk
from tests.gui.desks import Runs, eventually, qt_loop

# A record of its own: on the one that tests share, sessions are kept.
__all__ = ["qt_loop", "record"]


class Watcher:
    """Counts the connections of a login to a record."""

    def __init__(self, record: Record, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._record = record
        self._connection = connection
        self.most = 0

    async def count(self) -> int:
        sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND usename = 'a.shah'"
        found = int(await self._connection.fetchval(sql, self._record.database))
        self.most = max(self.most, found)
        return found

    async def until(self, wanted: int, within: float = 5) -> None:
        async with asyncio.timeout(within):
            while await self.count() != wanted:
                await asyncio.sleep(0.02)

    async def during(self, work: asyncio.Future[object]) -> int:
        """The most at any moment of some work."""
        self.most = 0
        while not work.done():
            await self.count()
        await work
        return self.most


@asynccontextmanager
async def watching(record: Record) -> AsyncIterator[Watcher]:
    connection = await asyncpg.connect(**record.owner_kwargs)
    yield Watcher(record, connection)
    await connection.close()


@asynccontextmanager
async def live(record: Record) -> AsyncIterator[Session]:
    session = await open_session(record.url("a.shah"))
    try:
        await eventually(lambda: session.desk.store.link.state is LinkState.LIVE)
        yield session
    finally:
        await session.close()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets what counts as a quiet minute, in seconds."""
    return lambda seconds: monkeypatch.setattr(engines, "IDLE_AFTER", seconds)


def test_a_console_that_watches_holds_one_and_that_works_two(
    record: Record, qt_loop: Runs, quiet: Callable[[float], None]
) -> None:
    assert engines.IDLE_AFTER == 60
    quiet(0.3)
    qt_loop(watch_and_work(record))


async def watch_and_work(record: Record) -> None:
    async with watching(record) as watcher, live(record) as session:
        await watcher.until(1)
        taken = await desk.take(session.engine)
        await eventually(lambda: session.desk.store.referral(taken.referral_id))
        assert await watcher.during(asyncio.ensure_future(one_after_the_other(session, taken))) == 2
        assert await watcher.during(asyncio.ensure_future(all_at_once(session, taken))) <= 3
        await watcher.until(1)
        # And again, since the pool must come back from having nothing.
        await session.desk.reads.events_of(taken.referral_id)
        await watcher.until(1)
    assert session.desk.store.link.state is LinkState.LOST


def test_what_could_be_taken_back_is_not_asked_for_at_every_beat(
    record: Record, qt_loop: Runs, quiet: Callable[[float], None]
) -> None:
    """Or the second connection would never have its quiet minute."""
    quiet(2.0)  # a beat comes each second
    qt_loop(watch_with_undo(record))


async def watch_with_undo(record: Record) -> None:
    async with watching(record) as watcher, live(record) as session:
        owner = QObject()
        last = LastAct(session.desk, owner)
        taken = await desk.take(session.engine)
        await do.execute(session.engine, do.AddNote(referral_id=taken.referral_id, words="a word"))
        await eventually(lambda: last.tick() or last.act)
        assert last.act is not None
        assert last.act.referral_id == taken.referral_id
        await watcher.until(1, within=8)


async def one_after_the_other(session: Session, taken: do.TakeReferral) -> object:
    for turn in range(20):
        await do.execute(session.engine, do.AddNote(referral_id=taken.referral_id, words=str(turn)))
        await session.desk.reads.events_of(taken.referral_id)
    return None


async def all_at_once(session: Session, taken: do.TakeReferral) -> object:
    return await asyncio.gather(*(one_after_the_other(session, taken) for _ in range(6)))


async def test_a_command_does_not_wait_for_somebody_who_reads_much(record: Record) -> None:
    engine = connect(record.url("a.shah"))
    async with transaction(engine) as connection:
        reading = asyncio.ensure_future(connection.exec_driver_sql("SELECT pg_sleep(1)"))
        await desk.take(engine)
        assert not reading.done()
        await reading
    await engine.dispose()


async def test_a_connection_in_use_is_never_closed(record: Record, quiet: Callable[[float], None]) -> None:
    quiet(0.1)
    engine = connect(record.url("a.shah"))
    await desk.take(engine)
    async with transaction(engine) as connection:
        for _ in range(3):
            await connection.exec_driver_sql("SELECT pg_sleep(0.1)")
    await engine.dispose()


async def test_nothing_is_left_to_do_after_the_engine_was_given_up(
    record: Record, quiet: Callable[[float], None]
) -> None:
    quiet(0.05)
    engine = connect(record.url("a.shah"))
    async with watching(record) as watcher:
        await asyncio.gather(*(desk.take(engine) for _ in range(3)))
        timers: list[object] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined] # CPython's
        assert [one for one in timers if "terminate" in repr(one) and not one.cancelled()]  # type: ignore[attr-defined]
        await engine.dispose()
        assert not [one for one in timers if "terminate" in repr(one) and not one.cancelled()]  # type: ignore[attr-defined]
        await watcher.until(0)


def test_a_connection_may_come_back_when_no_loop_runs(record: Record) -> None:
    engine = connect(record.url("a.shah"))
    for returned in engine.sync_engine.pool.dispatch.checkin:
        returned(None, None)


async def test_what_was_in_use_while_the_engine_ended_is_hung_up_when_it_comes_back(record: Record) -> None:
    engine = connect(record.url("a.shah"))
    async with watching(record) as watcher:
        async with transaction(engine) as late:
            await late.execute(text("SELECT 1"))
            await engine.dispose()
            assert await watcher.count() == 1
        await watcher.until(0)
        # The engine itself may be used again, and keeps what it opens from then on.
        async with transaction(engine) as again:
            await again.execute(text("SELECT 1"))
        assert await watcher.count() == 1
        await engine.dispose()
        await watcher.until(0)
