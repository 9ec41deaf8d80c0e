"""A signed-in link to the record: opened, followed, closed in order."""

import asyncio
import contextlib
import platform
from dataclasses import dataclass

from console.live.actions import Actions
from console.live.desk import Desk, Reads
from console.live.live_watch import LiveWatch
from console.live.store import Link, LinkState, Store
from console.live.sync import Sync
from console.running.tasks import spawn
from db import migrate, queries
from db.addresses import Address
from db.clock import RecordClock
from db.domain.roles import Role
from db.engine import DESK, Engine, connect, transaction
from db.errors import NotAllowed, RecordError
from db.follow import Follower
from db.hosts import Route
from db.program import CONSOLE, FEED, version

REFERENCE_AGAIN = 1.0
STOPPED = "The board stopped following the record for a moment; everything is read anew."


@dataclass(frozen=True, slots=True)
class Session:
    """What must be closed again when the user signs out."""

    desk: Desk
    engine: Engine
    route: Route
    sync: Sync
    watch: LiveWatch
    reference: "ReferenceReader"
    following: asyncio.Task[None]
    newer: bool
    """Whether the record is of a newer program than this one, and serves it."""

    async def close(self) -> None:
        """Stop following and give the connections back."""
        self.watch.stop()
        self.reference.stop()
        self.following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.following
        await self.engine.dispose()


async def open_session(where: Address | Route, only: Role | None = None) -> Session:
    """Sign in and start to mirror the record.

    Args:
        where: the server, or the way to it.
        only: whoever has another role is turned away before anything about anybody is read.

    Raises:
        RecordError: no link, wrong password, no rights, or a schema that does not fit; in a sentence.
    """
    route = where if isinstance(where, Route) else Route(where)
    # By the computer's name others find who sits there, when it holds what they need.
    engine = connect(route, f"{CONSOLE} {version()}{DESK}{platform.node()}")
    try:
        async with transaction(engine) as connection:
            # First of all: with another schema the reads after it would fail in words that help nobody.
            newer = await migrate.require_served(connection)
            me = await queries.me(connection)
            _turn_away(me.role, only)
            reference = await queries.reference_data(connection)
            reading = await queries.clock(connection)
    except BaseException:
        await engine.dispose()
        raise
    # When a whole room signs in at once, each console keeps the connection that it watches on, and no other.
    await engine.dispose()
    clock = RecordClock()
    clock.set(reading)
    store = Store(reference, Link(LinkState.CONNECTING, clock.now()))
    desk = Desk(store, Actions(engine, store, clock), clock, me, Reads(engine))
    return _followed(route, engine, desk, newer=newer)


def _turn_away(role: Role, only: Role | None) -> None:
    if only is not None and role is not only:
        raise NotAllowed(
            "This login may read more than a wall shows.", "Sign in with a login of its own, a viewer's."
        )


def _followed(route: Route, engine: Engine, desk: Desk, *, newer: bool) -> Session:
    reader = ReferenceReader(engine, desk.store)
    role = desk.me.role
    feed = f"{FEED} {version()}{DESK}{platform.node()}"
    sync = Sync(lambda: Follower.open(route, role, feed), desk.store, desk.clock, reader.want, route.lose)
    watch = LiveWatch(desk.store, sync, desk.clock)
    following = desk.supervisor.keep("the live board", sync.run, STOPPED, again=sync.read_everything)
    return Session(desk, engine, route, sync, watch, reader, following, newer)


class ReferenceReader:
    """Reads what is configurable whenever it may have changed, and again until it succeeds."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine = engine
        self._store = store
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def want(self) -> None:
        """It may have changed."""
        self._wanted.set()
        if self._task is None or self._task.done():
            self._task = spawn(self._read(), "read reference data")

    def stop(self) -> None:
        """Read no more."""
        if self._task is not None:
            self._task.cancel()

    async def _read(self) -> None:
        while self._wanted.is_set():
            self._wanted.clear()
            try:
                async with transaction(self._engine) as connection:
                    reference = await queries.reference_data(connection)
            except RecordError:
                self._wanted.set()
                await asyncio.sleep(REFERENCE_AGAIN)
            else:
                # Read again at every new link; who is typing is not disturbed for nothing.
                if reference != self._store.reference:
                    self._store.set_reference(reference)
