"""Keeps the mirror true: feed in, changed rows fetched, one Delta out."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from console.clock import RecordClock
from console.store import Link, LinkState, Store
from console.tasks import spawn
from db import queries
from db.domain.records import Record
from db.domain.roles import Role
from db.engine import transaction
from db.errors import RecordError
from db.feed import Changed, Feed, Lost, Message, Pulse, ReferenceChanged, Resync

GATHER = 0.05
ONE_TRANSACTION = 0.004
WHOLE_EVERY = 600.0


class Sync:
    """Follows the feed for as long as ``run`` is awaited."""

    def __init__(self, engine: AsyncEngine, feed: Feed, store: Store, clock: RecordClock, role: Role) -> None:
        self._engine = engine
        self._feed = feed
        self._store = store
        self._clock = clock
        self._role = role
        self._dirty: dict[str, set[UUID]] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._flushed_at = 0.0
        self._whole_at = 0.0
        self._was_live = False
        self._reads: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Mirror the record until cancelled."""
        # Closed by hand: a generator that is left to the garbage collector closes at no certain time.
        async with contextlib.aclosing(self._feed.follow()) as messages:
            async for message in messages:
                await self._take(message)

    async def close(self) -> None:
        """End the reads that are under way, so that their connections can be closed."""
        for task in self._reads:
            task.cancel()
        await asyncio.gather(*self._reads, return_exceptions=True)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = spawn(work, name)
        self._reads.add(task)
        task.add_done_callback(self._reads.discard)
        return task

    async def _take(self, message: Message) -> None:
        match message:
            case Changed(table, ids):
                self._mark(table, ids)
            case Resync():
                await self._read_whole()
            case ReferenceChanged():
                self._spawn(self._read_reference(), "read reference data")
            case Pulse(round_trip):
                self._pulse(round_trip)
            case Lost(error):
                self._lose(error)

    # --- changes ---

    def _mark(self, table: str, ids: frozenset[UUID]) -> None:
        if table == "event":
            self._store.events_changed.emit(ids)
            return
        self._dirty.setdefault(table, set()).update(ids)
        if self._flushing is None or self._flushing.done():
            self._flushing = self._spawn(self._flush_soon(), "fetch changes")

    async def _flush_soon(self) -> None:
        # After a quiet moment only what one transaction says is waited for; a flood is gathered.
        while self._dirty:
            rest = self._flushed_at + GATHER - time.monotonic()
            await asyncio.sleep(max(rest, ONE_TRANSACTION))
            await self._flush()

    async def _flush(self) -> None:
        dirty, self._dirty = self._dirty, {}
        self._flushed_at = time.monotonic()
        try:
            async with transaction(self._engine) as connection:
                found = {
                    table: await queries.fetch(connection, self._role, table, ids) for table, ids in dirty.items()
                }
        except RecordError as error:
            # Nothing is lost: the feed will find the link down too, and the return reads everything.
            self._whole_at = 0.0
            self._lose(error)
            return
        self._store.put(found)

    # --- the whole ---

    async def _read_whole(self) -> None:
        try:
            whole = await self._snapshot()
        except RecordError as error:
            self._whole_at = 0.0
            self._lose(error)
            return
        self._whole_at = time.monotonic()
        # The link is live before the panels learn what changed, so they paint it as fresh.
        lost = self._was_live and self._store.link.state is LinkState.LOST
        self._was_live = True
        self._store.set_link(Link(LinkState.LIVE, self._clock.now()))
        self._store.replace(whole, after_loss=lost)

    async def _snapshot(self) -> Mapping[str, list[Record]]:
        async with transaction(self._engine) as connection:
            found = await queries.snapshot(connection, self._role)
            begun = time.monotonic()
            self._clock.set(await queries.clock(connection), time.monotonic() - begun)
        return found

    async def _read_reference(self) -> None:
        try:
            async with transaction(self._engine) as connection:
                reference = await queries.reference_data(connection)
                # The service's row also holds a practice shift's clock.
                self._clock.set(await queries.clock(connection))
        except RecordError:
            return  # read again on the resync that follows
        self._store.set_reference(reference)

    # --- the link ---

    def _pulse(self, round_trip: float) -> None:
        if time.monotonic() - self._whole_at > WHOLE_EVERY:
            # Also after a fetch that failed while the feed's own connection held.
            self._spawn(self._read_whole(), "read everything")
        elif self._store.link.state is LinkState.LIVE:
            self._store.set_link(Link(LinkState.LIVE, self._store.link.since, round_trip))

    def _lose(self, error: RecordError) -> None:
        if self._store.link.state is not LinkState.LOST:
            self._store.set_link(Link(LinkState.LOST, self._clock.now(), 0.0, str(error)))
