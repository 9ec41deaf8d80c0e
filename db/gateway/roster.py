"""Keeps the list of devices fresh: from the record when it says so, else every half minute, else from the disk."""

import asyncio
import contextlib
import logging
import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import DRIVERS_OWN, transaction, translate_driver
from db.errors import RecordError, Unavailable
from db.gateway.counters import RecordLink
from db.gateway.devices import DeviceBook, RegisteredDevice, VanStay
from db.gateway.intake import Intake
from db.gateway.journal import Journal
from db.gateway.queue import GatewayQueue
from db.gateway.sanity import Sighting
from db.hosts import Route
from db.listener import Listener

log = logging.getLogger(__name__)
RELOAD_EVERY = 30.0
ASK_AGAIN_AFTER = 2.0
PING_EVERY = 1.5
CONNECT_AGAIN_AFTER = 0.5
_DEVICES = text("SELECT * FROM cru.sealed_devices(:salt)")
_STAYS = text(
    "SELECT device, van_id, from_at, until_at FROM cru.device_stay ORDER BY from_at, until_at NULLS LAST"
)
_POSITIONS = text("SELECT van_id, fixed_at, lat, lon, coalesce(accuracy, 0), device_name FROM cru.position")


class Roster:
    """Reads devices and last positions.

    Args:
        url: the record, for the connection that listens.
        engine: the record, for reading.
        book: gets the devices.
        link: told whether the record can be reached.
        clock: the time now, aware.
    """

    def __init__(
        self, url: URL, engine: AsyncEngine, book: DeviceBook, link: RecordLink, clock: Callable[[], datetime]
    ) -> None:
        self._route, self._engine, self._book, self._link, self._clock = Route(url), engine, book, link, clock
        # The record gives no digest of a token away: it seals each with this, which nobody else has.
        self._salt = secrets.token_hex(32)
        self._wanted = asyncio.Event()
        self._asked_at = -ASK_AGAIN_AFTER
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, queue: GatewayQueue, journal: Journal, intake: Intake) -> None:
        """Read once, from the disk if the record is away, and go on.

        Raises:
            Invalid: the record is of another version.
            NotAllowed: the record does not let this login in.
        """
        self._queue, self._journal, self._intake = queue, journal, intake
        # The disk first: where the record is away, positions are taken by the last list that was read.
        kept = await queue.in_thread(journal.devices)
        if kept:
            self._book.replace(kept)
        try:
            await self._reload()
        except Unavailable as error:
            self._link.down(self._clock(), error.sentence)
        self._tasks = [asyncio.create_task(self._keep_reloading()), asyncio.create_task(self._follow())]

    async def stop(self) -> None:
        """Stop reading."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def ask(self) -> None:
        """Somebody unknown called: a device that was added a moment ago should not wait for the next round."""
        now = asyncio.get_running_loop().time()
        if now - self._asked_at >= ASK_AGAIN_AFTER:
            self._asked_at = now
            self._wanted.set()

    async def _keep_reloading(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), RELOAD_EVERY)
            self._wanted.clear()
            try:
                await self._reload()
            except RecordError as error:
                self._link.down(self._clock(), error.sentence)

    async def _reload(self) -> None:
        async with transaction(self._engine) as connection:
            rows = (await connection.execute(_DEVICES, {"salt": self._salt})).all()
            stays = (await connection.execute(_STAYS)).all()
            positions = (await connection.execute(_POSITIONS)).all()
        of: dict[object, list[VanStay]] = defaultdict(list)
        for stay in stays:
            of[stay.device].append(VanStay(stay.van_id, stay.from_at, stay.until_at))
        devices = [
            RegisteredDevice(
                row.device_id,
                row.van_id,
                row.callsign,
                f"{self._salt}:{row.seal}" if row.seal else "",
                row.active,
                tuple(of.get(row.id, ())),
            )
            for row in rows
        ]
        self._book.replace(devices)
        self._intake.know(devices)
        self._intake.remember((van, Sighting(*seen)) for van, *seen in positions)
        try:
            await self._queue.in_thread(lambda: self._journal.save_devices(devices))
        except sqlite3.Error as error:
            # A full disk. The list is in force all the same; only a start without the record would know an older.
            log.warning("the list of devices could not be kept: %s", type(error).__name__)
        self._link.up()
        self._queue.wake()

    async def _follow(self) -> None:
        """Reload when the record hints that a van or a device changed. A hint that is lost costs half a minute."""
        while True:
            try:
                listener = await Listener.open(self._route, "cru-gateway-feed")
                try:
                    await self._listen(listener)
                finally:
                    listener.close()
            except DRIVERS_OWN as error:
                self._link.down(self._clock(), translate_driver(error).sentence)
            await asyncio.sleep(CONNECT_AGAIN_AFTER)

    async def _listen(self, listener: Listener) -> None:
        # Nothing was heard while nobody listened.
        self._wanted.set()
        while True:
            hints = await listener.heard(PING_EVERY)
            if not hints:
                # A link that is silently gone raises nothing by itself.
                await listener.within(listener.connection.execute("SELECT 1"))
            elif hints & {"van", "reference"}:
                self._wanted.set()
