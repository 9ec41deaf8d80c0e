"""The way out of the record: a LISTEN connection, as an async iterator of what changed.

On each (re)connect it listens first and then says ``Resync``, so that nothing falls between. It pings, because a
link that is silently gone raises nothing.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy import URL

from db.addresses import connect_arguments
from db.engine import translate_driver
from db.errors import RecordError

PING_EVERY = 1.5
PONG_WITHIN = 2.0
_RETRY_AFTER = (0.2, 0.5, 1.0, 2.0)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows of one table changed. For ``event`` the ids are those of the referrals they belong to."""

    table: str
    ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class ReferenceChanged:
    """Something configurable changed."""


@dataclass(frozen=True, slots=True)
class Resync:
    """The link is up and listening; whatever happened before now must be read whole."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """The link answered a ping within ``round_trip`` seconds."""

    round_trip: float


@dataclass(frozen=True, slots=True)
class Lost:
    """The link is down; the feed goes on trying. ``error`` says why in a sentence."""

    error: RecordError


Message = Changed | ReferenceChanged | Resync | Pulse | Lost


def parse(payload: str) -> Changed | ReferenceChanged | None:
    """Read a notification: ``table:id,id,...``. None if it is not one of ours."""
    table, _, ids = payload.partition(":")
    if table == "reference":
        return ReferenceChanged()
    try:
        return Changed(table, frozenset(UUID(one) for one in ids.split(",")))
    except ValueError:
        return None


class Feed:
    """Follows one record for as long as it is iterated."""

    def __init__(self, url: URL, application: str = "cru-console-feed") -> None:
        self._url = url
        self._application = application
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue()

    async def follow(self) -> AsyncGenerator[Message]:
        """Yield messages until closed; cancel the iterating task to stop."""
        keeper = asyncio.create_task(self._keep_connected())
        # A fault of our own must be seen, and not look like a quiet night.
        keeper.add_done_callback(lambda _: self._messages.put_nowait(None))
        try:
            while (message := await self._messages.get()) is not None:
                yield message
            keeper.result()
        finally:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper

    async def _keep_connected(self) -> None:
        tries = 0
        while True:
            try:
                async with asyncio.timeout(PONG_WITHIN * 2):
                    connection = await self._connect()
                try:
                    self._messages.put_nowait(Resync())
                    tries = 0
                    await self._ping_until_lost(connection)
                finally:
                    connection.terminate()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("the link to the record is down: %s", type(error).__name__)
                self._messages.put_nowait(Lost(translate_driver(error)))
            await asyncio.sleep(_RETRY_AFTER[min(tries, len(_RETRY_AFTER) - 1)])
            tries += 1

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(
            **connect_arguments(self._url),
            timeout=PONG_WITHIN * 2,
            server_settings={"application_name": self._application},
        )
        try:
            await connection.add_listener("console", self._heard)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _ping_until_lost(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        while True:
            begun = time.perf_counter()
            await _answered(connection)
            self._messages.put_nowait(Pulse(time.perf_counter() - begun))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PING_EVERY):
                    await gone.wait()

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        message = parse(str(payload))
        if message is not None:
            self._messages.put_nowait(message)


async def _answered(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    # asyncpg stumbles over the answer to an empty query, hence the one.
    asked = asyncio.ensure_future(connection.execute("SELECT 1"))
    try:
        # In two halves: when this program itself was busy for seconds, the answer lies there already, unread.
        for _ in range(2):
            done, _pending = await asyncio.wait({asked}, timeout=PONG_WITHIN / 2)
            if done:
                asked.result()
                return
        raise TimeoutError
    finally:
        asked.cancel()
