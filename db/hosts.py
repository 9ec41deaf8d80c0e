"""The way to the record's server, or to whichever of several hosts is the one that may be written to now.

asyncpg spreads one time budget over all hosts of a URL, so that a frozen first one starves the second. Here each
host has its own, the one that let us in last begins, and the next does not wait for it to fail.
"""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from typing import Any

import asyncpg
from sqlalchemy import URL

from db.addresses import connect_arguments, each_host

HOST_WITHIN = 1.5
"""Seconds that each of several hosts has to let us in."""
ONLY_HOST_WITHIN = 4.0
"""The same where there is no other to go to: a busy server is waited for."""
NEXT_AFTER = 0.25
"""Seconds after which the next host is tried beside one that has not answered yet."""

Attempt = Coroutine[Any, Any, tuple["asyncpg.Connection[asyncpg.Record]", URL]]


class Route:
    """Where the record is, and which of its hosts let us in last.

    Attributes:
        url: as given, or as moved.
        pooled: the last connection went through a pooler, which may hand each transaction to another session.
        era: counts up when the link is lost; connections of an earlier one are given up.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.pooled = False
        self.era = 0
        self._good: URL | None = None

    def move(self, url: URL) -> None:
        """The server listens elsewhere now."""
        self.url, self._good = url, None
        self.lose()

    def lose(self) -> None:
        """The server we spoke to is gone, or no longer the one that may be written to."""
        self.era += 1

    @property
    def has_several(self) -> bool:
        """Whether there is another host to go to when one is lost."""
        return len(each_host(self.url)) > 1

    async def open(
        self, application: str, *, command_timeout: float | None = None
    ) -> "asyncpg.Connection[asyncpg.Record]":
        """Connect to the first host that lets us in; where there are several, to one that may be written to.

        Args:
            application: the name that the server's administrator sees.
            command_timeout: seconds for one statement; None for as long as it takes.

        Raises:
            OSError | TimeoutError | asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError:
                none did; the most telling reason.
        """
        hosts = each_host(self.url)
        if self._good in hosts:
            hosts.sort(key=lambda host: host != self._good)
        opening = [_open(host, application, command_timeout, several=len(hosts) > 1) for host in hosts]
        connection, self._good = await _first(opening)
        self.pooled = await _is_pooled(connection)
        return connection


async def _open(
    host: URL, application: str, command_timeout: float | None, *, several: bool
) -> tuple["asyncpg.Connection[asyncpg.Record]", URL]:
    given = connect_arguments(host)
    if several:
        # Any host would do for asyncpg, and a standby named first would be taken for the record.
        given.setdefault("target_session_attrs", "read-write")
    within = HOST_WITHIN if several else ONLY_HOST_WITHIN
    # asyncpg's own budget ends an attempt in order; ours holds even where it does not look at the time.
    async with asyncio.timeout(within * 1.2):
        connection = await asyncpg.connect(
            **given,
            timeout=within,
            command_timeout=command_timeout,
            server_settings={"application_name": application, "timezone": "UTC"},
        )
    return connection, host


async def _first(attempts: Sequence[Attempt]) -> tuple["asyncpg.Connection[asyncpg.Record]", URL]:
    """The first attempt that succeeds, each begun when the one before failed or has kept us waiting."""
    waiting = list(attempts)
    running: set[asyncio.Task[tuple[asyncpg.Connection[asyncpg.Record], URL]]] = set()
    failures: list[BaseException] = []
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.ensure_future(waiting.pop(0)))
            done, running = await asyncio.wait(
                running, timeout=NEXT_AFTER if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                failure = task.exception()
                if failure is None:
                    return task.result()
                failures.append(failure)
        raise max(failures, key=_tells)
    finally:
        for attempt in waiting:
            attempt.close()
        await _give_up(running)


async def _give_up(running: "set[asyncio.Task[tuple[asyncpg.Connection[asyncpg.Record], URL]]]") -> None:
    for task in running:
        task.cancel()
    for outcome in await asyncio.gather(*running, return_exceptions=True):
        if not isinstance(outcome, BaseException):
            outcome[0].terminate()


def _tells(failure: BaseException) -> int:
    """How much a failure says: a server that refuses the password says more than one that is not there."""
    return 2 if isinstance(failure, asyncpg.PostgresError) else int(not isinstance(failure, TimeoutError))


async def _is_pooled(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    """Whether a pooler stands between: it gives a number of its own as that of our session.

    Asked by the simple protocol, since a prepared statement would be left behind in somebody else's session.
    """
    with contextlib.suppress(asyncpg.PostgresError):
        pid = connection.get_server_pid()
        return await connection.execute(f"SELECT WHERE pg_backend_pid() = {int(pid)}") != "SELECT 1"
    return False
