"""A gateway without a socket and without a record: its real parts, with clocks that stand still."""

import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
from sqlalchemy import make_url

from db.engine import connect
from db.gateway.app import Endpoints, Parts
from db.gateway.counters import Counters, RecordLink
from db.gateway.devices import DeviceBook, RegisteredDevice, digest_of
from db.gateway.fix import Fix, Report
from db.gateway.intake import Intake
from db.gateway.journal import FILE, Journal
from db.gateway.limits import Limits
from db.gateway.queue import GatewayQueue
from db.gateway.sanity import Area

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HERE = (52.2405, -0.9027)
# Nothing listens there: the record is away.
NOWHERE = make_url("postgresql://g.gateway:x@127.0.0.1:1/none")


def device(name: str = "one", van: int = 1, *, active: bool = True) -> RegisteredDevice:
    """A tracker of van number ``van``, whose token is its name backwards."""
    return RegisteredDevice(name, UUID(int=van), f"Tango {van}", digest_of(name[::-1]), active)


def fix(seconds: float = 0, place: tuple[float, float] = HERE, *, name: str = "one", **more: Any) -> Fix:
    """A fix so many seconds after ``NOW``."""
    return Fix(name, NOW + timedelta(seconds=seconds), *place, **more)


def report(*fixes: Fix) -> Report:
    """One request's worth, of one device."""
    return Report((fixes[0].device_id,), fixes)


@dataclass
class Offline:
    """The parts, and what they wrote down."""

    folder: Path
    journal: Journal
    queue: GatewayQueue
    intake: Intake
    counters: Counters
    link: RecordLink
    book: DeviceBook
    now: datetime = NOW
    seconds: float = 0.0
    """On the clock that never goes back."""
    asked: int = 0
    """How often somebody unknown called."""
    limits: Limits = field(default_factory=Limits)

    async def on_disk(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Look at the queue's file, or spoil it, through the one connection that may."""
        return await self.queue.in_thread(lambda: work(self.journal._db))

    async def entries(self) -> list[tuple[str, Any]]:
        """What waits, oldest first: kind, and the fix or the van."""
        sql = "SELECT kind, body FROM entry ORDER BY seq"
        rows = await self.on_disk(lambda db: db.execute(sql).fetchall())
        return [(kind, json.loads(body) if kind == "fix" else UUID(body.partition(" ")[0])) for kind, body in rows]

    async def fixes(self) -> list[dict[str, Any]]:
        """The fixes that wait."""
        return [body for kind, body in await self.entries() if kind == "fix"]

    async def alarms(self) -> list[UUID]:
        """The vans whose alarms wait."""
        return [body for kind, body in await self.entries() if kind == "alarm"]

    async def presses(self) -> list[datetime]:
        """When the buttons of the alarms that wait were pressed."""
        rows = await self.on_disk(lambda db: db.execute("SELECT body FROM entry WHERE kind = 'alarm'").fetchall())
        return [datetime.fromisoformat(body.partition(" ")[2]) for (body,) in rows]

    async def break_disk(self) -> None:
        """From now on the disk takes no entry."""
        sql = "CREATE TRIGGER broken BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'broken'); END"
        await self.on_disk(lambda db: db.execute(sql))

    async def mend_disk(self) -> None:
        """The opposite of ``break_disk``."""
        await self.on_disk(lambda db: db.execute("DROP TRIGGER broken"))

    def client(self, address: str = "10.0.0.1", **settings: Any) -> httpx.AsyncClient:
        """A client at an address."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app(**settings), client=(address, 5000)),
            base_url="http://gateway",
            trust_env=False,
        )

    def app(self, **settings: Any) -> Any:
        """What is served."""
        parts = Parts(
            self.book,
            self.intake,
            self.queue,
            self.counters,
            self.link,
            self.limits,
            lambda: self.now,
            self._ask,
            monotonic=lambda: self.seconds,
            **settings,
        )
        return Endpoints(parts)

    def _ask(self) -> None:
        self.asked += 1


@asynccontextmanager
async def offline(folder: Path, *devices: RegisteredDevice, most: int = 1000) -> AsyncIterator[Offline]:
    """A gateway that knows these devices."""
    engine = connect(NOWHERE, "cru-gateway")
    journal, counters, link, book = Journal(folder), Counters(), RecordLink(), DeviceBook()
    queue = GatewayQueue(journal, engine, counters, link, lambda: NOW, most)
    made: list[Offline] = []
    intake = Intake(queue, counters, lambda: made[0].now, Area())
    made.append(Offline(folder, journal, queue, intake, counters, link, book))
    book.replace(devices)
    await intake.load()
    queue.start()
    try:
        yield made[0]
    finally:
        await queue.stop(0)
        await engine.dispose()


__all__ = ["FILE", "HERE", "NOW", "Offline", "device", "fix", "offline", "report"]
