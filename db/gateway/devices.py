"""The devices that may speak, and whether one is who it says."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RegisteredDevice:
    """A tracker in a van.

    Attributes:
        digest: SHA-256 of its token, in hexadecimal.
        active: neither it nor its van is switched off.
    """

    device_id: str
    van_id: UUID
    callsign: str
    digest: str
    active: bool


def digest_of(token: str) -> str:
    """The digest that is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class DeviceBook:
    """The list of devices, as last read from the record or from the disk."""

    def __init__(self) -> None:
        self._devices: dict[str, RegisteredDevice] | None = None

    @property
    def known(self) -> bool:
        """Whether there ever was a list."""
        return self._devices is not None

    def __len__(self) -> int:
        return len(self._devices or {})

    def replace(self, devices: Iterable[RegisteredDevice]) -> None:
        """Take a new list."""
        self._devices = {device.device_id: device for device in devices}

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
