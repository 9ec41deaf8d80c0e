"""A signed-in link to the record: opened, followed, closed in order."""

import asyncio
import contextlib
from dataclasses import dataclass

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from console.actions import Actions
from console.clock import RecordClock
from console.desk import Desk, Reads
from console.store import Link, LinkState, Store
from console.sync import Sync
from console.tasks import spawn
from db import migrate, queries
from db.engine import connect, transaction
from db.feed import Feed


@dataclass(frozen=True, slots=True)
class Session:
    """What must be closed again when the user signs out."""

    desk: Desk
    engine: AsyncEngine
    sync: Sync
    following: asyncio.Task[None]

    async def close(self) -> None:
        """Stop following and give the connections back."""
        self.following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.following
        await self.sync.close()
        await self.engine.dispose()


async def open_session(url: URL) -> Session:
    """Sign in and start to mirror the record.

    Raises:
        RecordError: no link, wrong password, no rights, or a schema that does not fit; in a sentence.
    """
    engine = connect(url)
    try:
        async with transaction(engine) as connection:
            await migrate.require_current(connection)
            me = await queries.me(connection)
            reference = await queries.reference_data(connection)
            reading = await queries.clock(connection)
    except BaseException:
        await engine.dispose()
        raise
    clock = RecordClock()
    clock.set(reading)
    store = Store(reference, Link(LinkState.CONNECTING, clock.now()))
    desk = Desk(store, Actions(engine, store, clock), clock, me, Reads(engine))
    sync = Sync(engine, Feed(url), store, clock, me.role)
    return Session(desk, engine, sync, spawn(sync.run(), "follow the record"))
