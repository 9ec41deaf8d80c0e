"""The fleet in a window of its own: the vans of the service, who works here, and the trackers in the vans."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from console.live.desk import Desk
from console.live.store import Delta
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.once_more import OnceMore
from console.look.panel import MessageBar, Panel
from console.look.rota_keys import DEVICES, FLEET, FLEET_WINDOW
from console.running.tasks import spawn
from console.views.rota.devices import DEVICE_COLUMNS, DevicePage
from console.views.rota.fleet_sheets import StaffSheet, VanFormSheet
from console.views.rota.fleet_table import Acts, FleetTable
from console.views.rota.importing import Importing
from console.views.rota.sending import send
from console.views.rota.sheeted import SheetedWindow
from console.views.rota.side import RotaSide
from console.views.vans.sheets import Subject, VanSheet
from db.commands import Command, RetireVan, StaffLeaves
from db.domain.fleet import VanFacts, status_words
from db.domain.records import Assignment, StaffMember, Van
from db.domain.texts import told
from db.errors import RecordError

VAN_COLUMNS: Final = ("Callsign", "Registration", "Base", "Livery", "Seats", "Equipment", "How it stands")
STAFF_COLUMNS: Final = ("Name", "Profession", "Registered", "Gender", "Languages", "How it stands")
NO_SHEET: Final = "Enter changes, N adds"
VANS, STAFF, TRACKERS = range(3)
_PAGES: Final = ("Vans", "Staff", "Devices")


@guarded
class FleetWindow(SheetedWindow):
    """Vans, staff and devices: added, changed, retired and taken back, by a shift lead."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Fleet and staff", 1280, 720)
        self._vans: tuple[tuple[Van, bool], ...] = ()
        self._staff: list[StaffMember] = []
        does: Acts = {"edit": self.edit, "new": self.new, "retire": self.retire}
        self.message = MessageBar(self)
        self._once_more = OnceMore(self.message)
        self.vans = FleetTable("Vans", VAN_COLUMNS, "Equipment", FLEET, does)
        self.staff = FleetTable("Staff", STAFF_COLUMNS, "Languages", FLEET, does)
        self.devices = DevicePage(desk, self.message, self._open_device_sheet)
        self.devices.then = self.refresh
        self.importing = Importing(desk, self, "staff", self.message, self._open)
        self.side = RotaSide(desk, self.message, self)
        self._lay_out()
        for table in (self.vans, self.staff):
            table.chose_other.connect(self._once_more.let_go)
            table.cellDoubleClicked.connect(lambda *_: self.edit())
        self.side.done.connect(self._done)
        desk.store.reference_changed.connect(self.refresh)
        desk.store.changed.connect(self._follow)
        chords: Acts = {
            "vans": lambda: self.turn(VANS),
            "staff": lambda: self.turn(STAFF),
            "devices": lambda: self.turn(TRACKERS),
            "refresh": self.refresh,
            "import": self.take_file,
            "copy": self.copy,
            "leave": self.leave,
            "close": self.close,
        }
        bind_chords(Hands(FLEET_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.panel = Panel("Vans", NO_SHEET, self)
        self.stack = QStackedWidget(self)
        for table in (self.vans, self.staff, self.devices.table):
            self.stack.addWidget(table)
        self.panel.add(self.stack, 1)
        self._of_page: list[tuple[ActionButton, tuple[int, ...]]] = []
        for words, key, does, shown_for in self._buttons():
            button = ActionButton(words, key, "quiet", self)
            button.clicked.connect(does)
            self._of_page.append((button, shown_for))
        self.side.hide()
        self.lay_across([button for button, _ in self._of_page], self.panel)

    def _buttons(self) -> Iterator[tuple[str, str, Callable[[], object], tuple[int, ...]]]:
        """Words, key, what it does, and on which pages it stands."""
        for place, act in enumerate(("vans", "staff", "devices")):
            yield _PAGES[place], FLEET_WINDOW.key(act), partial(self.turn, place), (VANS, STAFF, TRACKERS)
        yield "New", FLEET.key("new"), self.new, (VANS, STAFF)
        yield "Change", FLEET.key("edit"), self.edit, (VANS, STAFF)
        yield "Retire, or back", FLEET.key("retire"), self.retire, (VANS, STAFF)
        yield "Import…", FLEET_WINDOW.key("import"), self.take_file, (STAFF,)
        for words, act in (
            ("Give one", "give"),
            ("Move", "move"),
            ("Rename", "rename"),
            ("New token", "token"),
            ("Off, or on", "switch"),
        ):
            yield words, DEVICES.key(act), self.devices.acts()[act], (TRACKERS,)

    # --- reading ---

    def refresh(self) -> None:
        """Read the vans again; who works here is followed already."""
        spawn(self._read(), "read the fleet", self)

    async def _read(self) -> None:
        try:
            async with self.readings.in_turn:
                self._vans = await self._desk.reads.fleet()
                devices = await self._desk.reads.devices()
        except RecordError as error:
            self.tell_unread(error)
            return
        self.is_read()
        self.devices.take(devices, [van for van, in_use in self._vans if in_use])
        self._show()

    def _follow(self, delta: Delta) -> None:
        if self.isVisible() and delta.touched("van"):
            self.refresh()
        elif self.isVisible() and delta.touched("assignment"):
            # What a van does is in the mirror; only the vans themselves, retired ones too, are read.
            self._show()

    def _show(self) -> None:
        # Who left stands last: found again, and in nobody's way.
        self._staff = sorted(self._desk.store.reference.staff.values(), key=lambda one: (not one.active, one.name))
        store = self._desk.store
        self.vans.show_lines(
            {van.id: _van_line(van, store.job_of(van.id), in_use=in_use) for van, in_use in self._vans}
        )
        self.staff.show_lines({one.id: _staff_line(one) for one in self._staff})
        page = self.stack.currentIndex()
        notes = (
            f"{sum(in_use for _, in_use in self._vans)} of the service · {NO_SHEET}",
            f"{sum(one.active for one in self._staff)} of the service · {NO_SHEET}",
            self.devices.note(),
        )
        self.panel.heading.set_title(_PAGES[page])
        self.panel.heading.set_note(notes[page])
        for button, pages in self._of_page:
            button.setVisible(page in pages)

    # --- what is chosen ---

    @property
    def is_vans(self) -> bool:
        """Whether the vans are shown."""
        return self.stack.currentIndex() == VANS

    def table(self) -> FleetTable:
        """The table that is shown."""
        return (self.vans, self.staff, self.devices.table)[self.stack.currentIndex()]

    def turn(self, page: int) -> None:
        """Vans (0), staff (1) or devices (2)."""
        self._close_sheet()
        self.message.clear()
        self.stack.setCurrentIndex(page)
        self._show()
        self.table().setFocus()

    def _chosen(self) -> tuple[Van, bool] | None:
        row = self.vans.currentRow()
        return self._vans[row] if 0 <= row < len(self._vans) else None

    def _person(self) -> StaffMember | None:
        row = self.staff.currentRow()
        return self._staff[row] if 0 <= row < len(self._staff) else None

    # --- what is done ---

    def edit(self) -> None:
        """Change what the row says."""
        if self.is_vans and (found := self._chosen()) is not None:
            self._van_sheet(found[0])
        elif not self.is_vans and (who := self._person()) is not None:
            self._open(StaffSheet(Subject(who.id, told(who.name), self._desk.clock.now()), who, self))

    def new(self) -> None:
        """A new van, or somebody new."""
        if self.is_vans:
            self._van_sheet(None)
        else:
            self._open(StaffSheet(Subject(uuid4(), "Somebody new", self._desk.clock.now()), None, self))

    def take_file(self) -> None:
        """A list of staff from a file."""
        self.turn(STAFF)
        self.importing.ask()

    def _van_sheet(self, van: Van | None) -> None:
        reference = self._desk.store.reference
        aboard = dict.fromkeys(one for how in reference.mobility for one in how.equipment)
        known = van.id if van is not None else uuid4()
        subject = Subject(known, told(van.callsign) if van else "A new van", self._desk.clock.now())
        self._open(VanFormSheet(subject, van, list(reference.bases), list(aboard), self))

    def _open(self, sheet: VanSheet, title: str = "") -> None:
        self.message.clear()
        self.side.show()
        self.side.open(sheet)
        self.side.heading.set_title(title or ("Van" if self.is_vans else "Staff"))
        sheet.closed.connect(self.leave_sheet)

    def _open_device_sheet(self, sheet: VanSheet) -> None:
        sheet.setParent(self)
        self._open(sheet, "Device")

    def retire(self) -> None:
        """Out of the service, or back into it; the same key once more does it."""
        found, who = (self._chosen(), None) if self.is_vans else (None, self._person())
        if found is not None:
            van, in_use = found
            self._ask(RetireVan(van_id=van.id, back=not in_use), told(van.callsign), leaves=in_use)
        elif who is not None:
            self._ask(StaffLeaves(staff_id=who.id, back=not who.active), told(who.name), leaves=who.active)

    def _ask(self, command: RetireVan | StaffLeaves, name: str, *, leaves: bool) -> None:
        key = command.van_id if isinstance(command, RetireVan) else command.staff_id
        words = f"{name} leaves the service?" if leaves else f"{name} comes back into the service?"
        if self._once_more.is_meant((key, leaves), words, "Delete once more does it. What was stays as it was."):
            self._send(command, f"{name} {'retired' if leaves else 'back'}")

    def _send(self, command: Command, label: str) -> None:
        send(self._desk, command, label, self.message, self.refresh)

    def copy(self) -> None:
        """Put the table on the clipboard as a spreadsheet takes it."""
        columns = (VAN_COLUMNS, STAFF_COLUMNS, DEVICE_COLUMNS)[self.stack.currentIndex()]
        copy_table([columns, *self.table().lines()])

    def first(self) -> QWidget:
        """The table of the page that is shown."""
        return self.table()

    def _close_sheet(self) -> None:
        self.side.close_sheet()
        self.side.hide()

    def leave_sheet(self) -> None:
        """The table takes the whole width again; a token that waited is shown."""
        self._close_sheet()
        self.table().setFocus()
        self.devices.show_token()

    def _done(self, command: Command) -> None:
        self.devices.done(command)
        # Another sheet may have been opened meanwhile; it stays, and a token waits until it is closed.
        if self.side.sheet is None:
            self.leave_sheet()
        self.refresh()


def _van_line(van: Van, job: Assignment | None, *, in_use: bool) -> tuple[str, ...]:
    equipment = ", ".join(map(told, van.equipment))
    stands = status_words(VanFacts(van, job=job)) if in_use else "retired"
    words = (van.callsign, van.registration, van.base, van.livery)
    return (*map(told, words), str(van.seats), equipment, stands)


def _staff_line(one: StaffMember) -> tuple[str, ...]:
    languages = ", ".join(map(told, one.languages))
    registered, stands = "yes" if one.registered else "no", "" if one.active else "left"
    return (told(one.name), told(one.profession), registered, told(one.gender), languages, stands)
