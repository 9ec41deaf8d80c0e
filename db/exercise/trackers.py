"""What the vans' trackers say, and the ways in: over HTTP to the gateway, as real ones do, or into the record."""

import asyncio
import json
import logging
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import transaction
from db.errors import Unavailable

SOURCE = "exercise"
_log = logging.getLogger(__name__)
_ANSWER_WITHIN = 4.0
_KMH_A_KNOT = 1.852
# What the gateway says when the same fix may be sent again.
_LATER = frozenset({429, 503})
_LENGTH = re.compile(r"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TrackerFix:
    """What a device says: WGS 84 degrees, metres, km/h, degrees from north (None at rest), time in UTC."""

    van_id: UUID
    fixed_at: datetime
    lat: float
    lon: float
    accuracy: float
    speed: float
    heading: float | None


class FixSender(Protocol):
    """A way in for positions."""

    async def send(self, fixes: Sequence[TrackerFix]) -> int:
        """Deliver a batch.

        Returns:
            How many of the first ones were taken.

        Raises:
            Unavailable: nobody took any.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class RecordSender:
    """Straight into the record, by the gateway's login.

    Args:
        engine: signed in as a gateway; closed with the sender.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def send(self, fixes: Sequence[TrackerFix]) -> int:
        """Store a batch in one call."""
        if not fixes:
            return 0
        rows = [_row(fix) for fix in fixes]
        async with transaction(self._engine) as connection:
            await connection.execute(text("SELECT cru.record_fixes(:fixes)"), {"fixes": json.dumps(rows)})
        return len(fixes)

    async def close(self) -> None:
        """Close the engine."""
        await self._engine.dispose()


def _row(fix: TrackerFix) -> dict[str, object]:
    # A device's word is received when it is sent, also where a past hour is written in one go.
    at = fix.fixed_at.isoformat()
    return {
        "van_id": str(fix.van_id),
        "fixed_at": at,
        "received_at": at,
        "lat": fix.lat,
        "lon": fix.lon,
        "accuracy": fix.accuracy,
        "speed": fix.speed,
        "heading": fix.heading,
        "source": SOURCE,
    }


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """What a tracker is registered by."""

    device_id: str
    token: str = field(repr=False)


class GatewaySender:
    """Sends fixes one by one to a gateway, in the form of OsmAnd and Traccar Client.

    Args:
        url: the gateway's, plain HTTP.
        devices: the tracker in each van; fixes of other vans are left out.
    """

    def __init__(self, url: str, devices: Mapping[UUID, DeviceKey]) -> None:
        where = urlsplit(url)
        self._host, self._port = where.hostname or "127.0.0.1", where.port or 80
        self._devices = devices
        self._link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, fixes: Sequence[TrackerFix]) -> int:
        """Deliver as many as the gateway takes.

        Returns:
            How many of the first ones were taken.

        Raises:
            Unavailable: not even the first.
        """
        for sent, fix in enumerate(fixes):
            if fix.van_id in self._devices and not await self._deliver(fix):
                if sent == 0:
                    raise Unavailable("The gateway takes no positions.", "They are sent again.")
                return sent
        return len(fixes)

    async def close(self) -> None:
        """Hang up."""
        link, self._link = self._link, None
        if link is not None:
            link[1].close()
            with suppress(OSError):
                await link[1].wait_closed()

    async def _deliver(self, fix: TrackerFix) -> bool:
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                status = await self._ask(self._devices[fix.van_id], fix)
        # A connection on which an answer was missed is of no use: the next answer would be that one.
        except (OSError, EOFError, TimeoutError, ValueError):
            await self.close()
            return False
        # A fix that is refused counts as delivered: sent again it would be refused again, and hold up
        # all behind it.
        if status >= 400 and status not in _LATER:
            _log.warning("the gateway refused a practice van's position: %d", status)
        return status not in _LATER

    async def _ask(self, device: DeviceKey, fix: TrackerFix) -> int:
        if self._link is None:
            self._link = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._link
        lines = (
            f"GET /osmand?{urlencode(_query(device, fix))} HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            f"Authorization: Bearer {device.token}",
        )
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = _LENGTH.search(head)
        if length is not None:
            await reader.readexactly(int(length[1]))
        if "connection: close" in head.lower():
            await self.close()
        return int(head.split(" ", 2)[1])


def _query(device: DeviceKey, fix: TrackerFix) -> dict[str, str]:
    said = {
        "id": device.device_id,
        "lat": f"{fix.lat:.6f}",
        "lon": f"{fix.lon:.6f}",
        "timestamp": fix.fixed_at.isoformat(),
        # This form has knots.
        "speed": f"{fix.speed / _KMH_A_KNOT:.2f}",
        "accuracy": f"{fix.accuracy:.1f}",
    }
    return said | ({"bearing": f"{fix.heading:.1f}"} if fix.heading is not None else {})
