"""What the tests of the gateway share: a gateway on a loop of its own, vans with devices, and what was stored."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import UUID

import asyncpg
import httpx
import pytest

from db.domain.tokens import digest_of
from db.gateway.server import Gateway, GatewayConfig
from tests.cluster import Record, run

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
HOME = (52.2405, -0.9027)


def token_of(device: str) -> str:
    """The token of a test device."""
    return f"token of {device}"


def ago(seconds: float) -> datetime:
    """So many seconds ago, to the second."""
    return (datetime.now(UTC) - timedelta(seconds=seconds)).replace(microsecond=0)


@dataclass(frozen=True)
class Vans:
    """The record, as the owner sees it."""

    record: Record

    def ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Rows."""
        return run(self._ask(sql, values))

    async def _ask(self, sql: str, values: tuple[object, ...]) -> list[dict[str, Any]]:
        connection = await asyncpg.connect(**self.record.owner_kwargs)
        try:
            await connection.set_type_codec("jsonb", encoder=str, decoder=json.loads, schema="pg_catalog")
            return [dict(row) for row in await connection.fetch(sql, *values)]
        finally:
            await connection.close()

    def add(self, device: str, callsign: str = "", *, active: bool = True) -> UUID:
        """A van with a device."""
        sql = """INSERT INTO cru.van (callsign, registration, base, livery, seats)
            SELECT $1, $1, name, 'unmarked', 4 FROM cru.van_base LIMIT 1 RETURNING id"""
        van = self.ask(sql, callsign or f"Tango {device}")[0]["id"]
        sql = "INSERT INTO cru.device (device_id, van_id, token_digest, active) VALUES ($1, $2, $3, $4)"
        self.ask(sql, device, van, digest_of(token_of(device)), active)
        return UUID(str(van))

    def fixes(self) -> list[dict[str, Any]]:
        """Everything stored, in the order of storing."""
        return self.ask("SELECT * FROM cru.position_fix ORDER BY id")

    def count(self) -> int:
        """How many fixes are stored."""
        return int(self.ask("SELECT count(*) AS n FROM cru.position_fix")[0]["n"])

    def position(self, van: UUID) -> dict[str, Any] | None:
        """The van's last position."""
        return next(iter(self.ask("SELECT * FROM cru.position WHERE van_id = $1", van)), None)

    def emergency(self, van: UUID) -> datetime | None:
        """When the van's emergency was raised."""
        at = self.ask("SELECT emergency_at FROM cru.van WHERE id = $1", van)[0]["emergency_at"]
        return at if isinstance(at, datetime) else None


class Running:
    """A gateway on a thread and loop of its own, and a client that knows where it is."""

    def __init__(self, config: GatewayConfig) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.gateway = self._do(self._make(config))
        self.http = httpx.Client(base_url=self.gateway.url, timeout=30, trust_env=False)

    @staticmethod
    async def _make(config: GatewayConfig) -> Gateway:
        gateway = Gateway(config)
        await gateway.start()
        return gateway

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(60)

    def close(self) -> None:
        """Stop it."""
        self.http.close()
        self._do(self.gateway.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def osmand(self, device: str, at: datetime, lat: float, lon: float, **more: object) -> httpx.Response:
        """One fix as Traccar Client 8 sends it."""
        params = {
            "id": device,
            "timestamp": int(at.timestamp()),
            "lat": lat,
            "lon": lon,
            "token": token_of(device),
        }
        return self.http.get("/", params={**params, **{k: str(v) for k, v in more.items()}})


@contextmanager
def gateway_on(record: Record, queue: Path, **settings: Any) -> Iterator[Running]:
    """A gateway on a free port."""
    given = {"database": record.url("g.gateway"), "queue_dir": queue, "port": 0, **settings}
    running = Running(GatewayConfig(**given))
    try:
        yield running
    finally:
        running.close()


class GatewayProcess:
    """`main.py gateway` as a process of its own."""

    def __init__(self, record: Record, queue: Path, *arguments: str) -> None:
        url = record.url("g.gateway").render_as_string(hide_password=False)
        command = [sys.executable, str(ROOT / "main.py"), "gateway", "--port", "0", "--queue-dir", str(queue)]
        self.process = subprocess.Popen(
            [*command, *arguments],
            env={**os.environ, "CRU_GATEWAY_DATABASE_URL": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Listening on "), line + self.close()
        self.http = httpx.Client(base_url=line.split()[-1], timeout=30, trust_env=False)

    def kill(self) -> None:
        """``kill -9``."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """Ask it to stop; the exit code."""
        self.process.terminate()
        return self.process.wait(20)

    def close(self) -> str:
        """Reap it; what it said on the error stream."""
        self.process.kill()
        return self.process.communicate(timeout=10)[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()
        self.close()


@pytest.fixture
def vans(record: Record) -> Vans:
    """The vans of a record, none yet."""
    return Vans(record)


@pytest.fixture
def van(vans: Vans) -> UUID:
    """One of them, with a tracker."""
    return vans.add("one", "Tango 1")
