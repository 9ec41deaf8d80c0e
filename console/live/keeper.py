"""Keeps the record's own server alive under the console: notices that it is gone or hangs, says it, mends it.

It looks for itself, every second or two, and does not wait for the link to be lost: a server whose first process
is stopped still serves those who are connected, and nobody else.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from console.live.store import LinkState, Store
from console.running.aside import Aside, Overdue
from console.running.tasks import Supervisor
from db.addresses import Address, connect_arguments
from db.errors import RecordError
from db.server import EmbeddedServer, Health, ServerAddress
from db.server.health import takes_changes

NAME: Final = "the record's own server"
LOOK_EVERY: Final = 1.5
"""Seconds between two looks."""
CHECK_WITHIN: Final = 4.0
"""Seconds for one look, which takes two at most where the folder answers."""
START_WITHIN: Final = 45.0
"""Seconds after which a start is said to take long; it goes on."""
SLOW_AFTER: Final = 3.0
"""Seconds of a lost link, with a server that answers, before its disk is asked."""
_SILENT_TWICE: Final = 2

STOPPED: Final = "The record's own server stopped; it is being started again."
SILENT: Final = "The record's own server does not answer; it is being brought back."
SLOW: Final = "The record's own server answers but takes no changes: this computer's disk is full or very slow."
LONG: Final = "The record's own server takes long to start; the console goes on waiting for it."
BACK: Final = "The record's own server is there again."


class ServerDown(Exception):  # noqa: N818 - what is counted
    """The record's own server was gone, or did not answer."""


class Keeper:
    """Looks after one embedded server for as long as ``run`` is awaited."""

    def __init__(
        self,
        server: EmbeddedServer,
        url: Address,
        store: Store,
        supervisor: Supervisor,
        move: Callable[[Address], None],
    ) -> None:
        """Look at nothing yet.

        Args:
            server: joined by this console.
            url: where this console is signed in.
            store: knows how it stands with the link.
            supervisor: counts and tells.
            move: called with the URL when the server came back at another address.
        """
        self._server = server
        self._url = url
        self._store = store
        self._supervisor = supervisor
        self._move = move
        self._checks = Aside("check the record's own server")
        self._starts = Aside("start the record's own server")
        self._silent = 0
        self._down = False
        self._said = ""
        self._lost_since: float | None = None

    async def run(self) -> None:
        """Look again and again."""
        while True:
            await self._look()
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self) -> None:
        health = await self._health()
        # Once is no silence: this computer may just have been busy, or asleep.
        self._silent = self._silent + 1 if health is Health.SILENT else 0
        if health is Health.GONE or self._silent >= _SILENT_TWICE:
            self._note(STOPPED if health is Health.GONE else SILENT)
            await self._bring_back()
        # Somebody starts or stops it: joining waits for that, and starts it if it was a stop.
        elif health is Health.BUSY:
            await self._bring_back()
        elif health is Health.WELL:
            await self._look_at_link()

    async def _health(self) -> Health:
        try:
            return await self._checks.run(self._server.check_now, CHECK_WITHIN)
        except (Overdue, OSError):
            return Health.SILENT  # not even the folder answers

    async def _look_at_link(self) -> None:
        """The server answers; whoever is not served may look for it elsewhere, or its disk may not do its part."""
        self._down = False
        if self._store.link.state is not LinkState.LOST:
            self._lost_since = None
            self._say_back()
            return
        now = time.monotonic()
        self._lost_since = self._lost_since or now
        address = await self._bring_back()
        if address is not None and now - self._lost_since > SLOW_AFTER and not await takes_changes(address):
            self._say(SLOW)

    async def _bring_back(self) -> ServerAddress | None:
        """Join the server again, which starts it, or ends its silence; tell when it is elsewhere now."""
        try:
            address = await self._starts.run(self._server.start_now, START_WITHIN)
        except Overdue:
            self._say(LONG)
            return None
        except RecordError as error:
            self._say(str(error))
            return None
        url = address.same_login(self._url)
        # A server that was started anew may have another port.
        if connect_arguments(url) != connect_arguments(self._url):
            self._url = url
            self._move(url)
        return address

    def _note(self, sentence: str) -> None:
        if not self._down:
            self._down = True
            self._supervisor.note(NAME, ServerDown(), sentence, so=self._is_away)
            self._said = sentence

    def _say(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self._supervisor.told.emit(sentence, self._is_away)

    def _say_back(self) -> None:
        if self._said:
            self._said = ""
            # Told for as long as it takes to read, as the end of each outage is.
            self._supervisor.told.emit(BACK, lambda: False)

    def _is_away(self) -> bool:
        return self._store.link.state is not LinkState.LIVE
