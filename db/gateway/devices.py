"""The devices that may speak, and whether one is who it says."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.domain.fixes import CLOCKS_DIFFER
from db.domain.tokens import digest_of

__all__ = ["DeviceBook", "RegisteredDevice", "VanStay", "digest_of", "matches", "speaks_for"]


@dataclass(frozen=True, slots=True)
class VanStay:
    """A van that had a device from a moment on; ``until`` is None while it has it. Aware UTC."""

    van_id: UUID
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class RegisteredDevice:
    """A tracker in a van.

    Attributes:
        digest: SHA-256 of its token, in hexadecimal.
        active: neither it nor its van is switched off.
        stays: the vans that had it, oldest first.
    """

    device_id: str
    van_id: UUID
    callsign: str
    digest: str
    active: bool
    stays: tuple[VanStay, ...] = ()

    def van_at(self, moment: datetime) -> UUID:
        """The van that had it then; what it saw before it was given is the first van's."""
        if len(self.stays) < 2:
            return self.van_id
        return next((stay.van_id for stay in reversed(self.stays) if stay.since <= moment), self.stays[0].van_id)

    def was_off(self, moment: datetime) -> bool:
        """Whether it was switched off then, as far as two clocks agree."""
        ended = next((stay for stay in reversed(self.stays) if stay.since <= moment + CLOCKS_DIFFER), None)
        return ended is not None and ended.until is not None and ended.until < moment


class DeviceBook:
    """The list of devices, as last read from the record or from the disk."""

    def __init__(self) -> None:
        self._devices: dict[str, RegisteredDevice] | None = None
        self._owners: dict[str, RegisteredDevice] = {}

    @property
    def known(self) -> bool:
        """Whether there ever was a list."""
        return self._devices is not None

    def __len__(self) -> int:
        return len(self._devices or {})

    def replace(self, devices: Iterable[RegisteredDevice]) -> None:
        """Take a new list."""
        self._devices = {device.device_id: device for device in devices}
        self._owners = {device.digest.lower(): device for device in self._devices.values() if device.digest}

    def owner(self, token: str) -> RegisteredDevice | None:
        """The device whose token this is: an app that cannot be told a name has one all the same."""
        return self._owners.get(digest_of(token)) if token else None

    def find(self, names: Sequence[str]) -> RegisteredDevice | None:
        """The device that has the first of these names that is known."""
        devices = self._devices or {}
        return next((devices[name] for name in names if name in devices), None)


def speaks_for(device: RegisteredDevice, token: str) -> bool:
    """Whether the token is the device's, compared in constant time."""
    return matches(device.digest, token)


def matches(digest: str, token: str) -> bool:
    """Whether the token has this digest, compared in constant time; an empty one never has."""
    # A plain digest will do: a device's token is made by chance and cannot be guessed from a list, as a
    # password might be.
    return bool(token) and bool(digest) and hmac.compare_digest(digest_of(token), digest.lower())
