"""One connection that listens, and answers short questions in time or is given up.

A link that is silently gone raises nothing, so every question has a budget of its own. A question that is cut
short ends the connection: nobody may read a late answer to it. Where the record has several hosts, a silent one is
left as soon as another has taken over.
"""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from db import pooler
from db.hosts import FAILURES, Route

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

ANSWER_WITHIN = 2.0
"""Seconds for one short question."""
LOOK_ELSEWHERE_AFTER = 0.3
"""Seconds without an answer after which other hosts are asked whether they have taken over."""
SESSION_WITHIN = 1.0
"""Seconds to find out whether a pooler leaves us a session."""
CHANNEL = "console"

T = TypeVar("T")
log = logging.getLogger(__name__)


class Listener:
    """A connection on the record that hears its notices.

    Attributes:
        connection: asyncpg's own, for whoever reads through it; give its calls to ``within``.
        listens: notices can be heard; not behind a pooler that gives each transaction another session.
    """

    def __init__(self, connection: "Connection", route: Route | None = None) -> None:
        self.connection = connection
        self.listens = True
        self._route = route if route is not None and route.has_several else None
        self._woken = asyncio.Event()
        self._hints: set[str] = set()
        connection.add_termination_listener(lambda _: self._woken.set())

    @classmethod
    async def open(cls, route: Route, application: str) -> "Listener":
        """Connect and listen.

        Raises:
            OSError | TimeoutError | asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError:
                no host let us in.
        """
        connection = await route.open(application)
        made = cls(connection, route)
        try:
            made.listens = not route.pooled or await _keeps_session(route, application)
            await made.within(made._prepare())
        except BaseException:
            made.close()
            raise
        return made

    async def _prepare(self) -> None:
        if self.listens:
            # Elsewhere it would stay with a session that is somebody else's a moment later.
            await self.connection.add_listener(CHANNEL, self._heard)

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        # Only what changed is hinted at. Anybody may send a notice, so nothing in it is believed.
        # Behind the colon stand ids for a console of an earlier version. Cut short: a notice may have 8,000 bytes.
        self._hints.add(str(payload).partition(":")[0][:40])
        self._woken.set()

    @property
    def is_lost(self) -> bool:
        """Whether the connection is known to be gone."""
        return self.connection.is_closed()

    async def heard(self, seconds: float) -> frozenset[str]:
        """Wait for a notice, or until the time is up. Returns the entities hinted at since the last call.

        Raises:
            ConnectionError: the connection is gone.
        """
        if not self._woken.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
        if self.is_lost:
            raise ConnectionResetError("the connection to the record is gone")
        self._woken.clear()
        hints, self._hints = frozenset(self._hints), set()
        return hints

    async def within(self, work: Coroutine[Any, Any, T], seconds: float = ANSWER_WITHIN) -> T:
        """The answer to a question.

        Raises:
            TimeoutError: none came in time, and the connection is closed.
            ConnectionError: it broke off, in whatever way.
            asyncpg.PostgresError | asyncpg.InterfaceError: the server, or the driver, refused it.
        """
        asked = asyncio.ensure_future(work)
        watched: set[asyncio.Future[Any]] = {asked}
        if self._route is not None:
            watched.add(asyncio.ensure_future(_taken_over(self._route)))
        try:
            # In two halves: when this program itself was busy for seconds, the answer lies there already, unread.
            for _ in range(2):
                done, _pending = await asyncio.wait(
                    watched, timeout=seconds / 2, return_when=asyncio.FIRST_COMPLETED
                )
                if asked in done and not asked.cancelled():
                    return _answer(asked)
                if done:
                    raise ConnectionResetError("given up by the driver, or another host has taken over")
            raise TimeoutError
        finally:
            if not asked.done():
                # The connection first: asyncpg would otherwise ask the silent server to stop, and wait for that.
                self.close()
            for one in watched:
                one.cancel()
            await asyncio.gather(*watched, return_exceptions=True)

    def close(self) -> None:
        """Hang up without a word: a polite goodbye waits for the server's."""
        self.connection.terminate()


def _answer(asked: "asyncio.Future[T]") -> T:
    try:
        return asked.result()
    except FAILURES:
        raise
    except Exception as error:
        # Words in an order that asyncpg does not know end in errors of any type, none of which may end the mirror.
        # Only where it was is logged: what it says may be about a patient.
        place = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s at line %s of %s", type(error).__name__, place.lineno, place.filename)  # noqa: TRY400 - see above
        raise ConnectionAbortedError("the answer cannot be understood") from error


async def _taken_over(route: Route) -> None:
    """Ends when another host has taken over from the one that lets us wait."""
    while True:
        await asyncio.sleep(LOOK_ELSEWHERE_AFTER)
        if await route.has_moved():
            return


async def _keeps_session(route: Route, application: str) -> bool:
    """Whether a pooler leaves a session to us. When in doubt it does not: then changes are read at every beat."""
    async with contextlib.AsyncExitStack() as opened:
        with contextlib.suppress(*FAILURES):
            one = Listener(await route.open(application))
            opened.callback(one.close)
            other = await route.open(application)
            opened.callback(other.terminate)
            return await one.within(pooler.keeps_session(one.connection, other), SESSION_WITHIN)
    return False
