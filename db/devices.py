"""What a shift lead reads of the trackers: which van has which, since when, and when each was last heard."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_DEVICES = text(
    "SELECT d.device_id, d.van_id, v.callsign, d.active, d.author, d.dated,"
    " (SELECT from_at FROM cru.device_stay s WHERE s.device = d.id AND s.until_at IS NULL) AS since,"
    " (SELECT p.device_name = d.device_id FROM cru.position p WHERE p.van_id = d.van_id) AS shown,"
    " (SELECT max(f.received_at) FROM cru.position_fix f WHERE f.van_id = d.van_id"
    "  AND f.fixed_at > cru.clock_now() - interval '1 day' AND f.received_at > cru.clock_now() - interval '1 day'"
    "  AND f.attributes ->> 'device' = d.device_id) AS heard_at"
    " FROM cru.device d JOIN cru.van v ON v.id = d.van_id ORDER BY v.callsign, d.device_id"
)
_STAYS = text(
    "SELECT s.name, v.callsign, s.from_at, s.until_at FROM cru.device_stay s JOIN cru.van v ON v.id = s.van_id"
    " JOIN cru.device d ON d.id = s.device WHERE d.device_id = :device ORDER BY s.from_at, s.until_at NULLS LAST"
)


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A tracker, as it is now.

    Attributes:
        device_id: what it calls itself.
        since: when this van got it, or it was switched on, UTC; None while it is switched off.
        heard_at: when its last fix came in, UTC; None for more than a day ago, or never.
        shown: the map shows the van where this device says; None if the van has no position.
        author: the login that last changed it.
    """

    device_id: str
    van_id: UUID
    callsign: str
    active: bool
    author: str
    dated: date
    since: datetime | None
    shown: bool | None
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeviceStay:
    """A van that had a device, under the name of then; ``until`` is None while it has it. UTC."""

    name: str
    callsign: str
    since: datetime
    until: datetime | None


async def known_devices(connection: AsyncConnection) -> list[KnownDevice]:
    """Every device, by van. For a shift lead.

    Raises:
        NotAllowed: somebody else asks.
    """
    return [
        KnownDevice(
            row.device_id,
            row.van_id,
            row.callsign,
            row.active,
            row.author,
            row.dated,
            row.since,
            row.shown,
            row.heard_at,
        )
        for row in await connection.execute(_DEVICES)
    ]


async def stays_of(connection: AsyncConnection, device_id: str) -> list[DeviceStay]:
    """The vans that had a device, oldest first. For a shift lead."""
    found = await connection.execute(_STAYS, {"device": device_id})
    return [DeviceStay(row.name, row.callsign, row.from_at, row.until_at) for row in found]
