"""A record that is ready to be signed in to, and what makes it so."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from console.start.loading import load
from console.start.settings import Settings
from db.errors import RecordError

# Both stand on the database's libraries, which load beside the first page.
if TYPE_CHECKING:
    from db.addresses import Address
    from db.reference import Amended
    from db.server import EmbeddedServer

CLOSE_WITHIN = 20.0
"""Seconds that the record's own server may take to be left."""
log = logging.getLogger(__name__)
Told = Callable[[str], None]
"""Is told in plain words what is being done, or what happened."""


@dataclass(frozen=True, slots=True)
class ReadyRecord:
    """A record that is ready to be signed in to.

    Attributes:
        url: where to sign in.
        beside: work that runs beside the window and ends with it; tells what the person at the desk should know.
        server: an embedded server, to be kept alive under the console.
        close: gives up what was started for it.
        watched: what is being watched, said once; empty for a record that people work with.
    """

    url: "Address"
    beside: Callable[[Told], Coroutine[Any, Any, None]] | None = None
    server: "EmbeddedServer | None" = None
    close: Callable[[], Awaitable[None]] | None = None
    watched: str = ""


async def give_up(source: ReadyRecord) -> None:
    """Close what was started for a record. What takes long goes on without a window."""
    if source.close is None:
        return
    try:
        async with asyncio.timeout(CLOSE_WITHIN):
            await source.close()
    except (RecordError, TimeoutError) as error:
        log.warning("the record was not left in order: %s", type(error).__name__)


@dataclass(frozen=True, slots=True)
class Preparation:
    """A record that is made ready without a question.

    Attributes:
        title: what is being prepared, such as "Practice shift".
        begin: makes it ready, and tells each step.
        elsewhere: whether somebody who waits no longer may sign in to another record; else the console closes.
    """

    title: str
    begin: Callable[[Told], Awaitable[ReadyRecord]]
    elsewhere: bool = False


def own_record(settings: Settings) -> Preparation:
    """This computer's own record, and its server."""

    async def begin(told: Told) -> ReadyRecord:
        told("Starting the record on this computer")
        # Its processes start while the database's libraries are loaded.
        first, libraries = load("db.server"), load("db.local")
        await first
        from db.server import EmbeddedServer

        server = EmbeddedServer.of(settings.data_dir)
        starting = asyncio.ensure_future(server.start())
        try:
            await libraries
            from db.local import make_ready

            local = await make_ready(server, await starting, partial(_county, settings))
        except BaseException:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            await server.stop()
            raise
        return ReadyRecord(local.url, server=local.server, close=local.server.stop)

    return Preparation("This computer's own record", begin, elsewhere=True)


def _county(settings: Settings) -> "Amended | None":
    """What makes the shipped set that of the map pack's county; None without a pack that says which."""
    if settings.map_pack is None:
        return None
    from db.exercise.ground import ground_of

    try:
        return ground_of(settings.map_pack, settings.data_dir / "cache").reference_set
    except RecordError as error:
        log.warning("the county of the map pack is not known: %s", type(error).__name__)
        return None


def hosted_record(url: "Address") -> Preparation:
    """A record that somebody else keeps running, and that the settings name with a password."""

    async def begin(_told: Told) -> ReadyRecord:
        return ReadyRecord(url)

    return Preparation("CRU console", begin, elsewhere=True)
