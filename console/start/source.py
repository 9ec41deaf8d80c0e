"""A record that is ready to be signed in to, and what makes it so."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.start.loading import load
from console.start.settings import Settings

# Both stand on the database's libraries, which load beside the first page.
if TYPE_CHECKING:
    from sqlalchemy import URL

    from db.server import EmbeddedServer

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

    url: "URL"
    beside: Callable[[Told], Coroutine[Any, Any, None]] | None = None
    server: "EmbeddedServer | None" = None
    close: Callable[[], Awaitable[None]] | None = None
    watched: str = ""


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
        await load("db.local")
        from db.local import open_local

        local = await open_local(settings.data_dir)
        return ReadyRecord(local.url, server=local.server, close=local.server.stop)

    return Preparation("This computer's own record", begin, elsewhere=True)


def hosted_record(url: "URL") -> Preparation:
    """A record that somebody else keeps running, and that the settings name with a password."""

    async def begin(_told: Told) -> ReadyRecord:
        return ReadyRecord(url)

    return Preparation("CRU console", begin, elsewhere=True)
