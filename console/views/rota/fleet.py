"""The fleet in a window of its own: the vans of the service, and who works here."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from console.live.actions import Action
from console.live.desk import Desk
from console.live.store import Delta
from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.panel import MessageBar, Panel
from console.look.rota_keys import FLEET, FLEET_WINDOW
from console.look.screens import open_at
from console.look.style import mark, px
from console.look.tabbing import walk
from console.running.tasks import spawn
from console.views.rota.fleet_sheets import StaffSheet, VanFormSheet
from console.views.rota.side import RotaSide
from console.views.vans.sheets import Subject
from db.commands import Command, RetireVan, StaffLeaves
from db.domain.records import StaffMember, Van
from db.domain.texts import told
from db.errors import RecordError

VAN_COLUMNS: Final = ("Callsign", "Registration", "Base", "Livery", "Seats", "Equipment", "How it stands")
STAFF_COLUMNS: Final = ("Name", "Profession", "Registered", "Gender", "Languages", "How it stands")
Acts = dict[str, Callable[[], object]]
NO_SHEET: Final = "Enter changes, N adds"


@guarded
class FleetTable(QTableWidget):
    """One van, or one person, a row."""

    def __init__(self, name: str, columns: Sequence[str], wide: str, does: Acts) -> None:
        super().__init__(0, len(columns))
        self._hands = Hands(FLEET, does)
        self.setHorizontalHeaderLabels(columns)
        self.setAccessibleName(name)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(px(30))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        modes = QHeaderView.ResizeMode
        for at, column in enumerate(columns):
            header.setSectionResizeMode(at, modes.Stretch if column == wide else modes.ResizeToContents)

    def show_lines(self, lines: Sequence[Sequence[str]]) -> None:
        """Show these; the row that is chosen stays."""
        row = max(0, self.currentRow())
        self.setRowCount(len(lines))
        for at, line in enumerate(lines):
            for column, words in enumerate(line):
                item = QTableWidgetItem(words)
                item.setToolTip(words)
                if not words:
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, "blank")
                self.setItem(at, column, item)
        if lines:
            self.setCurrentCell(min(row, len(lines) - 1), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and those that Qt moves by."""
        if not self._hands.take(event):
            super().keyPressEvent(event)


@guarded
class FleetWindow(QWidget):
    """Vans and staff: added, changed, retired and taken back, by a shift lead."""

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._vans: tuple[tuple[Van, bool], ...] = ()
        self._staff: list[StaffMember] = []
        self._armed: object = None
        mark(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("CRU console · Fleet and staff")
        open_at(self, px(1280), px(720))
        does: Acts = {"edit": self.edit, "new": self.new, "retire": self.retire}
        self.message = MessageBar(self)
        self.vans = FleetTable("Vans", VAN_COLUMNS, "Equipment", does)
        self.staff = FleetTable("Staff", STAFF_COLUMNS, "Languages", does)
        self.side = RotaSide(desk, self)
        self._lay_out()
        for table in (self.vans, self.staff):
            table.currentCellChanged.connect(lambda *_: self._disarm())
            table.cellDoubleClicked.connect(lambda *_: self.edit())
        self.side.done.connect(self._done)
        desk.store.reference_changed.connect(self.refresh)
        desk.store.changed.connect(self._follow)
        chords: Acts = {
            "vans": lambda: self.turn(0),
            "staff": lambda: self.turn(1),
            "refresh": self.refresh,
            "copy": self.copy,
            "leave": self._leave,
            "close": self.close,
        }
        bind_chords(Hands(FLEET_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.panel = Panel("Vans", NO_SHEET, self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.vans)
        self.stack.addWidget(self.staff)
        self.panel.add(self.stack, 1)
        top = QHBoxLayout()
        for words, key, does in (
            ("Vans", FLEET_WINDOW.key("vans"), lambda: self.turn(0)),
            ("Staff", FLEET_WINDOW.key("staff"), lambda: self.turn(1)),
            ("New", FLEET.key("new"), self.new),
            ("Change", FLEET.key("edit"), self.edit),
            ("Retire, or back", FLEET.key("retire"), self.retire),
        ):
            button = ActionButton(words, key, "quiet", self)
            button.clicked.connect(does)
            top.addWidget(button)
        top.addStretch(1)
        self.side.hide()
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.addWidget(self.panel)
        across.addWidget(self.side)
        across.setStretchFactor(0, 1)
        across.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        column.addLayout(top)
        column.addWidget(self.message)
        column.addWidget(across, 1)

    # --- reading ---

    def refresh(self) -> None:
        """Read the vans again; who works here is followed already."""
        spawn(self._read(), "read the fleet", self)

    async def _read(self) -> None:
        try:
            self._vans = await self._desk.reads.fleet()
        except RecordError as error:
            self.message.say("late", error.sentence, error.next_step)
            return
        self._show()

    def _follow(self, delta: Delta) -> None:
        if self.isVisible() and delta.touched("van"):
            self.refresh()

    def _show(self) -> None:
        # Who left stands last: found again, and in nobody's way.
        self._staff = sorted(self._desk.store.reference.staff.values(), key=lambda one: (not one.active, one.name))
        self.vans.show_lines([_van_line(van, in_use=in_use) for van, in_use in self._vans])
        self.staff.show_lines([_staff_line(one) for one in self._staff])
        on = sum(in_use for _, in_use in self._vans) if self.is_vans else sum(one.active for one in self._staff)
        self.panel.heading.set_title("Vans" if self.is_vans else "Staff")
        self.panel.heading.set_note(f"{on} of the service · {NO_SHEET}")

    # --- what is chosen ---

    @property
    def is_vans(self) -> bool:
        """Whether the vans are shown, and not the staff."""
        return self.stack.currentIndex() == 0

    def table(self) -> FleetTable:
        """The table that is shown."""
        return self.vans if self.is_vans else self.staff

    def turn(self, page: int) -> None:
        """Vans (0) or staff (1)."""
        self._close_sheet()
        self.stack.setCurrentIndex(page)
        self._show()
        self.table().setFocus()

    def _disarm(self) -> None:
        self._armed = None

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

    def _van_sheet(self, van: Van | None) -> None:
        reference = self._desk.store.reference
        aboard = dict.fromkeys(one for how in reference.mobility for one in how.equipment)
        known = van.id if van is not None else uuid4()
        subject = Subject(known, told(van.callsign) if van else "A new van", self._desk.clock.now())
        self._open(VanFormSheet(subject, van, list(reference.bases), list(aboard), self))

    def _open(self, sheet: VanFormSheet | StaffSheet) -> None:
        self.message.clear()
        self.side.show()
        self.side.open(sheet)
        self.side.heading.set_title("Van" if self.is_vans else "Staff")
        sheet.closed.connect(self._leave_sheet)

    def retire(self) -> None:
        """Out of the service, or back into it; the same key once more does it."""
        found, who = (self._chosen(), None) if self.is_vans else (None, self._person())
        if found is not None:
            van, in_use = found
            self._ask(RetireVan(van_id=van.id, back=not in_use), told(van.callsign), leaves=in_use)
        elif who is not None:
            self._ask(StaffLeaves(staff_id=who.id, back=not who.active), told(who.name), leaves=who.active)

    def _ask(self, command: RetireVan | StaffLeaves, name: str, *, leaves: bool) -> None:
        what = (name, leaves)
        if self._armed != what:
            self._armed = what
            words = f"{name} leaves the service?" if leaves else f"{name} comes back into the service?"
            self.message.say("warn", words, "Delete once more does it. What was stays as it was.")
            return
        self._armed = None
        self._send(command, f"{name} {'retired' if leaves else 'back'}")

    def _send(self, command: Command, label: str) -> None:
        def answered(action: Action) -> None:
            if action.error is not None:
                self.message.say("late", action.error.sentence, action.error.next_step)
            else:
                self.message.clear()
            self.refresh()

        self._desk.actions.submit(command, label, answered)

    def copy(self) -> None:
        """Put the table on the clipboard as a spreadsheet takes it."""
        columns = VAN_COLUMNS if self.is_vans else STAFF_COLUMNS
        vans = [_van_line(van, in_use=in_use) for van, in_use in self._vans]
        lines = vans if self.is_vans else [_staff_line(one) for one in self._staff]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in [columns, *lines]))

    def _close_sheet(self) -> None:
        self.side.close_sheet()
        self.side.hide()

    def _leave_sheet(self) -> None:
        self._close_sheet()
        self.table().setFocus()

    def _done(self) -> None:
        self._leave_sheet()
        self.refresh()

    def _leave(self) -> None:
        if self.side.sheet is not None:
            self._leave_sheet()
        else:
            self.close()

    # --- the window ---

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the order seen."""
        return walk(self, forward=forward)

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is opened."""
        super().showEvent(event)
        self.table().setFocus()
        self.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that it is gone."""
        self.closed.emit()
        super().closeEvent(event)


def _van_line(van: Van, *, in_use: bool) -> tuple[str, ...]:
    equipment = ", ".join(map(told, van.equipment))
    stands = van.duty_status.value if in_use else "retired"
    words = (van.callsign, van.registration, van.base, van.livery)
    return (*map(told, words), str(van.seats), equipment, stands)


def _staff_line(one: StaffMember) -> tuple[str, ...]:
    languages = ", ".join(map(told, one.languages))
    registered, stands = "yes" if one.registered else "no", "" if one.active else "left"
    return (told(one.name), told(one.profession), registered, told(one.gender), languages, stands)
