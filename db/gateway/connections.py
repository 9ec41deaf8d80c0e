"""Who is connected: not more than the system has room for, and nobody for long who says nothing."""

import asyncio
import logging
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from db.gateway.limits import OncePerMinute

if TYPE_CHECKING:
    import socket

HEADERS_WITHIN = 10.0
HANDSHAKE_WITHIN = 10.0
IDLE_WITHIN = 30
MOST = 4000
_OURS = 128
"""Files for the gateway itself: the queue, the record, the log, and whoever is being accepted or cut off."""
_FEW = 200
_AT_ONCE = 16
_WAITING = 1024

log = logging.getLogger(__name__)


def room_for() -> int:
    """How many connections the system has room for, after asking it for as much as it gives."""
    if sys.platform == "win32":
        return MOST
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + _OURS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        given = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (given, hard))
        soft = given
    room = MOST if soft == resource.RLIM_INFINITY else min(MOST, soft - _OURS)
    if room < _FEW:
        log.warning("the system gives %d open files, which is room for few devices: raise ulimit -n", soft)
    return max(room, 1)


class OpenConnections:
    """The connections that are open, and which of them wait for a request.

    Args:
        most: how many at once. One more takes the place of the one that has said nothing for longest.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: OrderedDict[PatientProtocol, None] = OrderedDict()
        self._lines = OncePerMinute()

    def came(self, one: "PatientProtocol", now_open: int) -> None:
        """Somebody connected."""
        self._idle[one] = None
        if now_open > self._most:
            longest = next(iter(self._idle))
            self.left(longest)
            longest.cut()
            self.say(f"over {self._most} connections: whoever says nothing for longest is cut off")

    def asks(self, one: "PatientProtocol") -> None:
        """Somebody has begun to ask."""
        self._idle.pop(one, None)

    def answered(self, one: "PatientProtocol") -> None:
        """Somebody waits again."""
        self._idle[one] = None

    def left(self, one: "PatientProtocol") -> None:
        """Somebody is gone."""
        self._idle.pop(one, None)

    def say(self, line: str) -> None:
        """Log a line, once a minute."""
        left_out = self._lines.take(line, asyncio.get_running_loop().time())
        if left_out is not None:
            log.warning("%s%s", line, f" ({left_out} more since)" if left_out else "")


class ServedConfig(uvicorn.Config):
    """How the web server is set up, with the connections that all of its protocols share."""

    open_connections: OpenConnections


class PatientProtocol(H11Protocol):
    """One connection, which must have said what it wants within ten seconds of beginning to."""

    def __init__(
        self,
        config: ServedConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._open = config.open_connections
        self._deadline: asyncio.TimerHandle | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._answered_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base does
        """Wait for the first request."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(HEADERS_WITHIN, self._too_slow)
        self._open.came(self, len(self.connections))

    def data_received(self, data: bytes) -> None:
        """Go on with a request, or begin one."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._open.asks(self)
            self._stop_waiting()
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(HEADERS_WITHIN, self._too_slow)

    def on_response_complete(self) -> None:
        """Wait for the next request. The base sets a timer each time; here one looks when the last answer was."""
        self._open.answered(self)
        self._answered_at = self.loop.time()
        if self.transport.is_closing():
            return
        if self._idle is None:
            self._idle = self.loop.call_later(IDLE_WITHIN, self._look_idle)
        self.flow.resume_reading()
        if self.conn.our_state is h11.DONE and self.conn.their_state is h11.DONE:
            self.conn.start_next_cycle()
            self.handle_events()

    def _look_idle(self) -> None:
        self._idle = None
        left = self._answered_at + IDLE_WITHIN - self.loop.time()
        if self.cycle is not None and not self.cycle.response_complete:
            left = IDLE_WITHIN
        if left > 0:
            self._idle = self.loop.call_later(left, self._look_idle)
        else:
            self.timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_waiting()
        if self._idle is not None:
            self._idle.cancel()
        self._open.left(self)
        super().connection_lost(exc)

    def cut(self) -> None:
        """Hang up at once."""
        self.transport.abort()

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        self._open.say("a connection that did not say what it wants was cut off")
        self.cut()


class PatientServer(uvicorn.Server):
    """The web server: who does not finish a TLS handshake is not waited for either."""

    async def startup(self, sockets: "list[socket.socket] | None" = None) -> None:
        """Listen."""
        config, loop = self.config, asyncio.get_running_loop()
        await self.lifespan.startup()

        def protocol() -> asyncio.Protocol:
            made = config.http_protocol_class
            return made(config=config, server_state=self.server_state, app_state=self.lifespan.state)  # type: ignore[call-arg] # ours

        within = HANDSHAKE_WITHIN if config.ssl else None
        self.servers = []
        for one in sockets or ():
            # Few at once, so that whoever must go is gone before the files run out; the others wait in the system.
            server = await loop.create_server(
                protocol, sock=one, ssl=config.ssl, backlog=_AT_ONCE, ssl_handshake_timeout=within
            )
            one.listen(_WAITING)
            self.servers.append(server)
        self.started = True
