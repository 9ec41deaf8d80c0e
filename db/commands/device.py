"""Trackers in vans: given, moved, renamed, switched off and on, and given a new token. Shift lead only.

Whoever asks makes the token (:func:`db.domain.tokens.new_token`), shows it once, and sends its digest; so a
command that is repeated, or waits on the disk for the record, never holds one.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.commands.locks import lock_van
from db.errors import Conflict, Invalid
from db.tables import DeviceRow, VanRow

_LONGEST = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveDevice(Command):
    """A new device speaks for a van. ``device_id`` is what it calls itself; ``digest`` is that of its token."""

    device_id: str
    van_id: UUID
    digest: str


@verb(GiveDevice)
async def give_device(connection: AsyncConnection, command: GiveDevice) -> None:
    """Put it down; a name that is known already is somebody else's, or was."""
    name = _name(command.device_id)
    await lock_van(connection, command.van_id)
    known = await _find(connection, name)
    if known is not None:
        raise Conflict(
            f"{name} is known already, with {known.callsign}.", "Move it, or give it a new token, or a new name."
        )
    values = {"device_id": name, "van_id": command.van_id, "token_digest": command.digest}
    await connection.execute(insert(DeviceRow).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDevice(Command):
    """The device is in another van from now on; what it saw before stays the van's of then.

    Attributes:
        from_van: with which it was when somebody looked; None asks nothing.
    """

    device_id: str
    van_id: UUID
    from_van: UUID | None = None


@verb(MoveDevice)
async def move_device(connection: AsyncConnection, command: MoveDevice) -> None:
    """Change its van; the token stays."""
    device = await _lock(connection, command.device_id)
    van = await lock_van(connection, command.van_id)
    if device.van_id == command.van_id:
        raise Conflict(f"{device.device_id} is with {van.callsign} already.")
    if command.from_van not in {None, device.van_id}:
        # Read, and not locked: it would be a second van, out of turn.
        there = await connection.scalar(select(VanRow.callsign).where(VanRow.id == device.van_id))
        raise Conflict(f"{device.device_id} was moved to {there} meanwhile.", "Look at it again.")
    await _change(connection, device.device_id, van_id=command.van_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameDevice(Command):
    """The device calls itself something else from now on."""

    device_id: str
    new_id: str


@verb(RenameDevice)
async def rename_device(connection: AsyncConnection, command: RenameDevice) -> None:
    """Change its name; van and token stay."""
    device, name = await _lock(connection, command.device_id), _name(command.new_id)
    if name == device.device_id:
        raise Conflict(f"{name} is its name already.")
    other = await _find(connection, name)
    if other is not None:
        raise Conflict(f"{name} is the name of a device of {other.callsign}.", "Choose another name.")
    await _change(connection, device.device_id, device_id=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchOffDevice(Command):
    """What it sends counts no more, but for its panic button."""

    device_id: str


@verb(SwitchOffDevice)
async def switch_off_device(connection: AsyncConnection, command: SwitchOffDevice) -> None:
    """Switch it off."""
    await _switch(connection, command.device_id, active=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchOnDevice(Command):
    """What it sends counts again, for the van that it was with last."""

    device_id: str


@verb(SwitchOnDevice)
async def switch_on_device(connection: AsyncConnection, command: SwitchOnDevice) -> None:
    """Switch it on."""
    await _switch(connection, command.device_id, active=True)


async def _switch(connection: AsyncConnection, device_id: str, *, active: bool) -> None:
    device = await _lock(connection, device_id)
    if device.active is active:
        raise Conflict(f"{device.device_id} is switched {'on' if active else 'off'} already.")
    await _change(connection, device.device_id, active=active)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewToken(Command):
    """A new token, because the old one was lost or seen; the old one ends at once. ``digest`` is the new one's."""

    device_id: str
    digest: str


@verb(RenewToken)
async def renew_token(connection: AsyncConnection, command: RenewToken) -> None:
    """Keep the new digest instead of the old."""
    device = await _lock(connection, command.device_id)
    await _change(connection, device.device_id, token_digest=command.digest)


async def _lock(connection: AsyncConnection, device_id: str) -> Row[str, UUID, bool]:
    query = select(DeviceRow.device_id, DeviceRow.van_id, DeviceRow.active).where(DeviceRow.device_id == device_id)
    row = (await connection.execute(query.with_for_update())).first()
    if row is None:
        raise Invalid(f"There is no device {device_id}.")
    return row


async def _find(connection: AsyncConnection, device_id: str) -> Row[str] | None:
    query = select(VanRow.callsign).join(DeviceRow, DeviceRow.van_id == VanRow.id)
    return (await connection.execute(query.where(DeviceRow.device_id == device_id))).first()


async def _change(connection: AsyncConnection, known_as: str, /, **values: object) -> None:
    await connection.execute(update(DeviceRow).where(DeviceRow.device_id == known_as).values(values))


def _name(typed: str) -> str:
    name = typed.strip()
    if not name or not name.isprintable() or len(name) > _LONGEST:
        raise Invalid("That cannot be a device's name.", "Use the identifier that the device sends.")
    return name
