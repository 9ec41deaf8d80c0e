"""The trackers in the vans: each speaks for one van, by a token of its own."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.tokens import digest_of, new_token
from db.errors import Invalid


async def add_device(connection: AsyncConnection, device_id: str, callsign: str) -> str:
    """Let a device speak for a van; repeating it gives the device a new token and ends the old one.

    Returns:
        The token. Only its digest is kept, so it cannot be shown again.

    Raises:
        Invalid: the device has no usable name, or there is no such van.
    """
    if not device_id.strip() or not device_id.isprintable() or len(device_id) > 128:
        raise Invalid("That cannot be a device's name.", "Use the identifier that the device sends.")
    van_id, token = await van_called(connection, callsign), new_token()
    sql = text(
        "INSERT INTO cru.device (device_id, van_id, token_digest) VALUES (:device, :van, :digest)"
        " ON CONFLICT (device_id) DO UPDATE SET van_id = excluded.van_id, token_digest = excluded.token_digest,"
        " active = true, author = session_user, dated = CURRENT_DATE"
    )
    await connection.execute(sql, {"device": device_id.strip(), "van": van_id, "digest": digest_of(token)})
    return token


async def van_called(connection: AsyncConnection, callsign: str) -> UUID:
    """The van in use that has a callsign, in capitals or not.

    Raises:
        Invalid: there is none.
    """
    sql = text("SELECT id FROM cru.van WHERE upper(callsign) = upper(:callsign) AND active")
    van_id: UUID | None = (await connection.execute(sql, {"callsign": callsign})).scalar_one_or_none()
    if van_id is None:
        raise Invalid(f"There is no van {callsign}.", await _vans(connection))
    return van_id


async def _vans(connection: AsyncConnection) -> str:
    found = await connection.execute(text("SELECT callsign FROM cru.van WHERE active ORDER BY callsign"))
    names = ", ".join(found.scalars())
    return f"The vans are {names}." if names else "Load the reference data first: main.py admin load"
