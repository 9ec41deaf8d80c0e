"""The trackers in the vans, as a page of the fleet window: given, moved, renamed, switched off, renewed."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from console.live.desk import Desk
from console.look.once_more import OnceMore
from console.look.panel import MessageBar
from console.look.rota_keys import DEVICES
from console.views.rota.device_sheets import GiveSheet, MoveSheet, RenameSheet, RenewSheet, TokenSheet
from console.views.rota.fleet_table import Acts, FleetTable
from console.views.rota.sending import send
from console.views.vans.sheets import Subject, VanSheet
from db.commands import Command, GiveDevice, RenewToken, SwitchOffDevice, SwitchOnDevice
from db.devices import KnownDevice
from db.domain.clocks import near_time
from db.domain.records import Van
from db.domain.texts import told

DEVICE_COLUMNS: Final = (
    "Van",
    "Device",
    "Last heard",
    "On the map",
    "With it since",
    "Changed by",
    "How it stands",
)
_SHOWN: Final = {True: "shown", False: "not this one", None: "no position yet"}


class DevicePage:
    """Reads nothing itself: the window hands it what the record says, and shows its sheets."""

    def __init__(self, desk: Desk, message: MessageBar, opens: Callable[[VanSheet], None]) -> None:
        self._desk, self._message, self._opens = desk, message, opens
        self._devices: list[KnownDevice] = []
        self._vans: list[Van] = []
        self._read_at: datetime | None = None
        self._once_more = OnceMore(message)
        self._tokens: dict[str, tuple[str, str]] = {}
        self._to_show: list[tuple[str, str]] = []
        self.then: Callable[[], None] = lambda: None
        self.table = FleetTable("Devices", DEVICE_COLUMNS, "Device", DEVICES, self.acts())
        self.table.chose_other.connect(self._once_more.let_go)
        self.table.cellDoubleClicked.connect(lambda *_: self.move())

    def acts(self) -> Acts:
        """What the keys and the buttons do."""
        return {
            "move": self.move,
            "give": self.give,
            "rename": self.rename,
            "token": self.renew,
            "switch": self.switch,
        }

    def take(self, devices: list[KnownDevice], vans: list[Van]) -> None:
        """Show these; a device may go to any of the vans in use."""
        self._devices, self._vans, self._read_at = devices, vans, self._desk.clock.now()
        who = self._desk.store.reference.who
        self.table.show_lines({one.device_id: _line(one, self._read_at, who(one.author)) for one in devices})

    def note(self) -> str:
        """How many are heard, and how old that is."""
        heard = sum(one.active and one.heard_at is not None for one in self._devices)
        of = f"{heard} of {len(self._devices)} heard today" if self._devices else "none yet · N gives a van one"
        at = f" · read {near_time(self._read_at, self._read_at)}, F5 reads again" if self._read_at else ""
        return of + at

    # --- what is done ---

    def _chosen(self) -> KnownDevice | None:
        row = self.table.currentRow()
        if 0 <= row < len(self._devices):
            return self._devices[row]
        step = "Press N to give a van one."
        self._message.say("info", "No device is chosen.", step, so=lambda: self.table.currentRow() == row)
        return None

    def _subject(self, van_id: UUID, name: str) -> Subject:
        return Subject(van_id, name, self._desk.clock.now())

    def give(self) -> None:
        """A new one for a van; for that of the row, unless another is chosen."""
        row = self.table.currentRow()
        beside = self._devices[row].van_id if 0 <= row < len(self._devices) else None
        self._opens(GiveSheet(self._subject(beside or uuid4(), "A new device"), self._vans, self._promise))

    def move(self) -> None:
        """To another van."""
        if (one := self._chosen()) is not None:
            others = [van for van in self._vans if van.id != one.van_id]
            self._opens(MoveSheet(self._subject(one.van_id, told(one.device_id)), one, others))

    def rename(self) -> None:
        """Under the name that it sends from now on."""
        if (one := self._chosen()) is not None:
            self._opens(RenameSheet(self._subject(one.van_id, told(one.device_id)), one))

    def renew(self) -> None:
        """Its token was lost, or seen by somebody."""
        if (one := self._chosen()) is not None:
            self._opens(RenewSheet(self._subject(one.van_id, told(one.device_id)), one, self._promise))

    def switch(self) -> None:
        """Off, or on again; the same key once more does it."""
        one = self._chosen()
        if one is None:
            return
        name, what = told(one.device_id), (one.device_id, one.active)
        words = f"Switch {name} off?" if one.active else f"Switch {name} on, for {told(one.callsign)}?"
        then = "Only its panic button is heard then." if one.active else "What it sends counts again."
        if not self._once_more.is_meant(what, words, f"Delete once more does it. {then}"):
            return
        kind = SwitchOffDevice if one.active else SwitchOnDevice
        self._send(kind(device_id=one.device_id), f"{name} switched {'off' if one.active else 'on'}")

    def _send(self, command: Command, label: str) -> None:
        # Trackers are in no mirror: a change is read, not told.
        send(self._desk, command, label, self._message, self.then)

    # --- tokens ---

    def _promise(self, digest: str, name: str, token: str) -> None:
        """Keep a token for whoever asked, until the record has its digest."""
        self._tokens[digest] = (name, token)

    def done(self, command: Command) -> None:
        """The record did it: a token that belongs to it is to be shown."""
        if isinstance(command, GiveDevice | RenewToken) and command.digest in self._tokens:
            self._to_show.append(self._tokens.pop(command.digest))

    def show_token(self) -> None:
        """Show the next token that was made, this once."""
        if self._to_show:
            name, token = self._to_show.pop(0)
            self._opens(TokenSheet(self._subject(uuid4(), told(name)), token))


def _line(one: KnownDevice, now: datetime, author: str) -> tuple[str, ...]:
    heard = near_time(one.heard_at, now) if one.heard_at else "not for a day"
    since = near_time(one.since, now) if one.since else ""
    shown = _SHOWN[one.shown] if one.active else "not heard"
    stands = "" if one.active else "switched off"
    return (told(one.callsign), told(one.device_id), heard, shown, since, told(author), stands)
