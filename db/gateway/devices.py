"""The devices that may speak, and whether one is who it says."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.domain.fixes import CLOCKS_DIFFER
from db.domain.tokens import digest_of

__all__ = ["DeviceBook", "RegisteredDevice", "VanStay", "digest_of", "matches", "sealed", "speaks_for"]


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
        digest: how its token is known, see :func:`sealed`; empty if it has none.
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
        self._salts: set[str] = set()

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
        # One, but for a list from the disk beside what came since.
        self._salts = {digest.rpartition(":")[0] for digest in self._owners}

    def owner(self, token: str) -> RegisteredDevice | None:
        """The device whose token this is: an app that cannot be told a name has one all the same."""
        made = (sealed(token, salt) for salt in self._salts) if token else ()
        return next((self._owners[one] for one in made if one in self._owners), None)

    def find(self, names: Sequence[str]) -> RegisteredDevice | None:
        """The device that has the first of these names that is known."""
        devices = self._devices or {}
        return next((devices[name] for name in names if name in devices), None)


def speaks_for(device: RegisteredDevice, token: str) -> bool:
    """Whether the token is the device's, compared in constant time."""
    return matches(device.digest, token)


def matches(digest: str, token: str) -> bool:
    """Whether the token is known as this, compared in constant time; an empty one never is."""
    known = digest.lower()
    return bool(token and known) and hmac.compare_digest(sealed(token, known.rpartition(":")[0]), known)


def sealed(token: str, salt: str) -> str:
    """How a token is known to a gateway: salt, colon, and SHA-256 of salt and digest, as the record seals it.

    Without a salt it is the digest alone, as a gateway of before had it of the record.
    """
    # A plain digest will do: a device's token is made by chance and cannot be guessed from a list, as a
    # password might be.
    digest = digest_of(token)
    return f"{salt}:{hashlib.sha256((salt + digest).encode()).hexdigest()}" if salt else digest
