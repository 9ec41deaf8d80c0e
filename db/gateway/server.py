"""The gateway as one thing to start and stop."""

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from sqlalchemy import URL

from db.engine import connect
from db.errors import Invalid
from db.gateway.app import Endpoints, Parts
from db.gateway.counters import Counters, RecordLink
from db.gateway.devices import DeviceBook, digest_of
from db.gateway.intake import Intake
from db.gateway.journal import Journal
from db.gateway.limits import Limits
from db.gateway.queue import GatewayQueue
from db.gateway.roster import Roster
from db.gateway.sanity import Area

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine


def utc_now() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayConfig:
    """How a gateway is set up.

    Attributes:
        database: signed in as a gateway.
        queue_dir: where accepted fixes wait; made if missing; one gateway a folder.
        host: where to listen.
        port: 0 takes a free one.
        cert: a PEM certificate with its chain; with ``key``, HTTPS only.
        key: its PEM key, without a passphrase.
        max_queue: fixes that may wait.
        forward_token: a Traccar server's token, which may speak for every device; empty means none.
    """

    database: URL = field(repr=False)
    queue_dir: Path
    host: str = "127.0.0.1"
    port: int = 5055
    cert: Path | None = None
    key: Path | None = None
    max_queue: int = 500_000
    forward_token: str = field(default="", repr=False)
    limits: Limits = field(default_factory=Limits)
    area: Area = field(default_factory=Area)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the caller's: a practice shift runs a gateway inside the console."""
        yield


class Gateway:
    """Takes positions over HTTP and puts them into the record.

    Args:
        config: how.
        clock: the time now, aware; a practice shift brings its own.
    """

    def __init__(self, config: GatewayConfig, clock: Callable[[], datetime] = utc_now) -> None:
        self._config, self._clock = config, clock
        self._counters, self._link, self._book = Counters(), RecordLink(), DeviceBook()
        self._roster: Roster | None = None
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._engine: AsyncEngine | None = None
        self._queue: GatewayQueue | None = None

    @property
    def port(self) -> int:
        """The port that it listens on. Only while started."""
        if self._socket is None:
            raise RuntimeError("the gateway is not started")
        return int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        """Where devices send to, without a stroke at the end. Only while started."""
        host = f"[{self._config.host}]" if ":" in self._config.host else self._config.host
        return f"{'https' if self._config.cert else 'http'}://{host}:{self.port}"

    @property
    def counters(self) -> Counters:
        """What it has done."""
        return self._counters

    @property
    def queued(self) -> int:
        """How many entries wait for the record."""
        return len(self._queue) if self._queue else 0

    async def start(self) -> None:
        """Listen. The record may be away: the last list of devices serves.

        Raises:
            Invalid: the port, the certificate, the queue or the database's version will not do.
            NotAllowed: the record does not let this login in.
        """
        tls = _tls(self._config)
        self._socket = _bind(self._config)
        try:
            self._server = _Server(_served(await self._open(), tls))
            self._serving = asyncio.create_task(self._server.serve([self._socket]))
            # uvicorn has no event for having started, and a task that failed would never set it.
            while not self._server.started and not self._serving.done():
                await asyncio.wait([self._serving], timeout=0.01)
            if self._serving.done():
                self._serving.result()
        except BaseException:
            await self.stop()
            raise

    async def stop(self, drain_within: float = 3.0) -> None:
        """Stop listening, store what can be stored within so many seconds, and leave the rest on the disk."""
        if self._server is not None:
            self._server.should_exit = True
        if self._serving is not None:
            await asyncio.gather(self._serving, return_exceptions=True)
        if self._roster is not None:
            await self._roster.stop()
        if self._queue is not None:
            await self._queue.stop(drain_within)
        if self._engine is not None:
            await self._engine.dispose()
        if self._socket is not None:
            self._socket.close()
        self._server = self._serving = self._roster = self._queue = self._engine = self._socket = None

    async def _open(self) -> Parts:
        config = self._config
        journal = await asyncio.to_thread(Journal, config.queue_dir)
        self._engine = connect(config.database, "cru-gateway")
        self._queue = GatewayQueue(
            journal, self._engine, self._counters, self._link, self._clock, config.max_queue
        )
        intake = Intake(self._queue, self._counters, self._clock, config.area)
        await intake.load()
        self._roster = Roster(config.database, self._engine, self._book, self._link, self._clock)
        await self._roster.start(self._queue, journal, intake)
        self._queue.start()
        return Parts(
            self._book,
            intake,
            self._queue,
            self._counters,
            self._link,
            config.limits,
            self._clock,
            self._roster.ask,
            digest_of(config.forward_token) if config.forward_token else "",
        )


def _served(parts: Parts, tls: ssl.SSLContext | None) -> uvicorn.Config:
    return uvicorn.Config(
        Endpoints(parts).app(),
        log_config=None,
        # It would show each request's query, in which the token stands.
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=3,
        timeout_keep_alive=30,
        limit_concurrency=2000,
        ssl_context_factory=None if tls is None else lambda _config, _default: tls,
    )


def _tls(config: GatewayConfig) -> ssl.SSLContext | None:
    if config.cert is None and config.key is None:
        return None
    if config.cert is None or config.key is None:
        raise Invalid("HTTPS needs both a certificate and its key.", "Give --cert and --key.")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # An empty passphrase, or OpenSSL asks for one at the terminal and waits.
        context.load_cert_chain(config.cert, config.key, password="")
    except (OSError, ssl.SSLError) as error:
        raise Invalid(
            f"The certificate {config.cert} and the key {config.key} cannot be used.",
            "Both must be readable PEM files that belong together, the key without a passphrase.",
        ) from error
    return context


def _bind(config: GatewayConfig) -> socket.socket:
    try:
        found = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        family, kind, protocol, _, (address, _port, *rest) = found[0]
        # Named as TCP, so that asyncio sends at once: unnamed, an answer waits 40 ms for an acknowledgement.
        listening = socket.socket(family, kind, protocol)
        try:
            # On Windows this option would let two programs listen on one port.
            if os.name == "posix":
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # The lookup takes 70000 for 4464; binding refuses it.
            listening.bind((address, config.port, *rest))
            listening.listen(1024)
        except BaseException:
            listening.close()
            raise
    except (OSError, OverflowError) as error:
        raise Invalid(
            f"The gateway cannot listen on {config.host} port {config.port}.",
            "Is another program listening there? Choose another --port or --host.",
        ) from error
    return listening
