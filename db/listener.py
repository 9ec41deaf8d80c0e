"""One connection that listens, and answers short questions in time or is given up.

A link that is silently gone raises nothing, so every question has a budget of its own. A question that is cut
short ends the connection: nobody may read a late answer to it.
"""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from db.hosts import Route

if TYPE_CHECKING:
    import asyncpg

ANSWER_WITHIN = 2.0
"""Seconds for one short question."""
CHANNEL = "console"

T = TypeVar("T")


class Listener:
    """A connection on the record that hears its notices.

    Attributes:
        connection: asyncpg's own, for whoever reads through it; give its calls to ``within``.
        pooled: a pooler stands between. Then nothing is heard, and each question needs a transaction of its own.
    """

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", *, pooled: bool) -> None:
        self.connection = connection
        self.pooled = pooled
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
        made = cls(connection, pooled=route.pooled)
        try:
            await made.within(made._prepare())
        except BaseException:
            made.close()
            raise
        return made

    async def _prepare(self) -> None:
        if not self.pooled:
            # Behind a pooler it would stay with a session that is somebody else's a moment later.
            await self.connection.add_listener(CHANNEL, self._heard)

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        # Only what changed is hinted at. Anybody may send a notice, so nothing in it is believed.
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
        if not self._woken.is_set() and seconds > 0:
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
        """
        asked = asyncio.ensure_future(work)
        try:
            # In two halves: when this program itself was busy for seconds, the answer lies there already, unread.
            for _ in range(2):
                done, _pending = await asyncio.wait({asked}, timeout=seconds / 2)
                if done:
                    return asked.result()
            raise TimeoutError
        finally:
            if not asked.done():
                # The connection first: asyncpg would otherwise ask the silent server to stop, and wait for that.
                self.close()
                asked.cancel()
                await asyncio.gather(asked, return_exceptions=True)

    def close(self) -> None:
        """Hang up without a word: a polite goodbye waits for the server's."""
        self.connection.terminate()
