"""Small sheets beside the devices: one given to a van, moved, renamed, its token renewed, a token shown once."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from console.views.sheets.pick_list import PickList
from console.views.sheets.row_layout import Row
from console.views.vans.sheets import Subject, VanSheet
from db.commands import Command, GiveDevice, MoveDevice, RenameDevice, RenewToken
from db.devices import KnownDevice
from db.domain.records import Van
from db.domain.texts import told
from db.domain.tokens import digest_of, new_token
from db.errors import Invalid

Promise = Callable[[str, str, str], None]
"""Takes a digest, a device's name and the token, to be shown once the record has the digest."""


def _words(sheet: VanSheet, words: str) -> None:
    label = QLabel(words, sheet)
    label.setWordWrap(True)
    label.setAccessibleName(words)
    sheet.form.addRow(label)


def _vans(vans: Sequence[Van], sheet: QWidget) -> PickList:
    return PickList("Van", [Row(str(van.id), told(van.callsign)) for van in vans], sheet)


def _van(vans: Sequence[Van], chosen: str) -> Van:
    found = next((van for van in vans if str(van.id) == chosen), None)
    if found is None:
        raise Invalid("A device speaks for a van.", "Choose which.")
    return found


class GiveSheet(VanSheet):
    """A device that the record does not know yet."""

    def __init__(
        self, subject: Subject, vans: Sequence[Van], promise: Promise, parent: QWidget | None = None
    ) -> None:
        super().__init__("which van has it", "Give", subject, parent)
        self._vans, self._promise, self.about = vans, promise, "new"
        self.name = QLineEdit(self)
        self.van = _vans(vans, self)
        self.van.set_value(str(subject.van_id))
        self.field("What it calls itself", self.name)
        self.field("Van", self.van)
        self.setFocusProxy(self.name)

    def command(self) -> tuple[Command, str]:
        """Only the digest of its token goes out."""
        name = self.name.text().strip()
        if not name:
            raise Invalid("A device has a name.", "Type the identifier that it sends.")
        van, token = _van(self._vans, self.van.value()), new_token()
        self._promise(digest_of(token), name, token)
        command = GiveDevice(device_id=name, van_id=van.id, digest=digest_of(token))
        return command, f"{told(name)} given to {told(van.callsign)}"


class MoveSheet(VanSheet):
    """The van that has it from now on."""

    def __init__(
        self, subject: Subject, device: KnownDevice, vans: Sequence[Van], parent: QWidget | None = None
    ) -> None:
        super().__init__("to another van", "Move", subject, parent)
        self._device, self._vans, self.about = device, vans, device.device_id
        _words(self, f"With {told(device.callsign)} now. What it saw before stays that van's. Its token stays.")
        self.van = _vans(vans, self)
        self.field("Van", self.van)
        self.setFocusProxy(self.van)

    def command(self) -> tuple[Command, str]:
        """The van that is chosen."""
        van = _van(self._vans, self.van.value())
        known = self._device
        command = MoveDevice(device_id=known.device_id, van_id=van.id, from_van=known.van_id)
        return command, f"{told(self._device.device_id)} moved to {told(van.callsign)}"


class RenameSheet(VanSheet):
    """What it calls itself from now on."""

    def __init__(self, subject: Subject, device: KnownDevice, parent: QWidget | None = None) -> None:
        super().__init__("another name", "Rename", subject, parent)
        self._device, self.about = device, device.device_id
        self.name = QLineEdit(told(device.device_id), self)
        self.field("What it calls itself", self.name)
        self.setFocusProxy(self.name)

    def command(self) -> tuple[Command, str]:
        """The name as it is typed."""
        name = self.name.text().strip()
        if not name:
            raise Invalid("A device has a name.", "Type the identifier that it sends.")
        return RenameDevice(device_id=self._device.device_id, new_id=name), f"{told(name)} renamed"


class RenewSheet(VanSheet):
    """Asks before the old token ends."""

    def __init__(
        self, subject: Subject, device: KnownDevice, promise: Promise, parent: QWidget | None = None
    ) -> None:
        super().__init__("a new token", "Renew", subject, parent)
        self._device, self._promise = device, promise
        _words(self, "The old token ends at once: nothing of the device is heard until it has the new one.")
        self.setFocusProxy(self.send)

    def command(self) -> tuple[Command, str]:
        """Only the digest of the new token goes out."""
        token, name = new_token(), self._device.device_id
        self._promise(digest_of(token), name, token)
        return RenewToken(device_id=name, digest=digest_of(token)), f"New token for {told(name)}"


class TokenSheet(VanSheet):
    """A token, to be copied now. Nothing else in the program knows it."""

    def __init__(self, subject: Subject, token: str, parent: QWidget | None = None) -> None:
        super().__init__("its token", "Copy", subject, parent)
        _words(self, "Put it into the device now: it is not shown again. The record keeps only its digest.")
        self.token = QLineEdit(token, self)
        self.token.setReadOnly(True)
        self.token.selectAll()
        self.field("Token", self.token)
        self.setFocusProxy(self.token)

    def submit(self) -> None:
        """Copy it; the sheet stays until it is closed."""
        QGuiApplication.clipboard().setText(self.token.text())
        self.message.say("good", "Copied.", "Put it into the device, then close this.")
