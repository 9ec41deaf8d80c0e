"""The settings in a window of their own: numbers and lists, who set each when, and changed by a shift lead."""

from typing import Final
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QSplitter, QStackedWidget, QWidget

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.panel import MessageBar, Panel
from console.look.rota_keys import KEPT_LIST, SETTINGS, SETTINGS_WINDOW, WHICH_LIST
from console.look.style import px
from console.running.tasks import spawn
from console.views.rota.fleet_table import Acts, FleetTable
from console.views.rota.kept_lists import KeptLists
from console.views.rota.sheeted import SheetedWindow
from console.views.rota.side import RotaSide
from console.views.sheets.pick_list import PickList
from console.views.sheets.row_layout import Row
from console.views.vans.sheets import Subject, VanSheet
from db.commands import Command, SetRule
from db.domain.kept_lists import KEPT_LISTS
from db.domain.texts import told
from db.errors import Invalid, RecordError
from db.setting_queries import Setting

SETTING_COLUMNS: Final = ("What it means", "Value", "Unit", "Between", "Set by", "On")
NUMBERS: Final = "Numbers"
_OF_NUMBERS: Final = "Enter sets another value · each has an author and a day"
_YES_OR_NO: Final = "yes or no"


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return ("yes" if value == 1 else "no") if unit == _YES_OR_NO else f"{round(value, 2):g}"


def _between(one: Setting) -> str:
    bounded = one.unit != _YES_OR_NO and one.low is not None
    return f"{_bound(one.low)} and {_bound(one.high)}" if bounded else ""


def _bound(value: float | None) -> str:
    """Ten minutes of an hour is ``0.17``, which lies within; nobody reads six places."""
    return "" if value is None else f"{round(value, 2):g}"


class SettingSheet(VanSheet):
    """Another value for one of them."""

    def __init__(self, subject: Subject, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__("another value", "Set", subject, parent)
        self.setting, self.about = setting, setting.name
        words = QLabel(f"{told(setting.meaning)}.", self)
        words.setWordWrap(True)
        self.form.addRow(words)
        self.value = QLineEdit(f"{setting.value:g}", self)
        self.choice = PickList("Yes or no", [Row("1", "yes"), Row("0", "no")], self)
        self.choice.set_value(f"{setting.value:g}")
        asked: QWidget = self.value
        if setting.unit == _YES_OR_NO:
            asked = self.choice
            self.value.hide()
            self.field("Yes or no", self.choice)
        else:
            self.choice.hide()
            between = f", between {_between(setting)}" if _between(setting) else ""
            self.field(f"Value in {setting.unit}{between}", self.value)
            self.value.selectAll()
        self.setFocusProxy(asked)

    def command(self) -> tuple[Command, str]:
        """The value as it is typed; whether it lies within the bounds is the record's to say."""
        typed = self.choice.value() if self.setting.unit == _YES_OR_NO else self.value.text().strip()
        try:
            value = float(typed.replace(",", "."))
        except ValueError as error:
            words = f'"{typed}" is no number.' if typed else "A value is needed."
            raise Invalid(words, "Type a number.") from error
        if value == self.setting.value:
            raise Invalid("That is its value already.", "Type another one, or close this.")
        command = SetRule(name=self.setting.name, value=value, before=self.setting.value)
        return command, f"{self.subject.callsign} set"


@guarded
class SettingsWindow(SheetedWindow):
    """The numbers, and beside them each list; read when it is opened and whenever one changes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Settings", 1280, 720)
        self.settings: list[Setting] = []
        self.message = MessageBar(self)
        self.which = FleetTable("Which settings", ("Settings",), "Settings", WHICH_LIST, {"go": self.go})
        self.table = FleetTable("Settings", SETTING_COLUMNS, "What it means", SETTINGS, {"edit": self.edit})
        self.lists = KeptLists(desk, self.message, self._open)
        self.side = RotaSide(desk, self.message, self)
        self._lay_out()
        self.which.show_lines({title: (title,) for title in (NUMBERS, *(one.title for one in KEPT_LISTS))})
        self.which.currentCellChanged.connect(lambda row, *_: self.turn(row))
        self.table.cellDoubleClicked.connect(lambda *_: self.edit())
        self.side.done.connect(self._done)
        desk.store.reference_changed.connect(self.refresh)
        chords: Acts = {
            "lists": self.which.setFocus,
            "rows": self.go,
            "refresh": self.refresh,
            "copy": self.copy,
            "leave": self.leave,
            "close": self.close,
        }
        bind_chords(Hands(SETTINGS_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.panel = Panel(NUMBERS, _OF_NUMBERS, self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.lists)
        beside = QSplitter(self)
        beside.addWidget(self.which)
        beside.addWidget(self.stack)
        beside.setStretchFactor(0, 0)
        beside.setStretchFactor(1, 1)
        beside.setChildrenCollapsible(False)
        beside.setSizes([px(230), px(1050)])
        self.panel.add(beside, 1)
        change = ActionButton("Change", SETTINGS.key("edit"), "quiet", self)
        change.clicked.connect(self.edit)
        self._of_lists: list[ActionButton] = []
        for words, act, does in (("New", "new", self.lists.new), ("Retire, or back", "retire", self.lists.retire)):
            button = ActionButton(words, KEPT_LIST.key(act), "quiet", self)
            button.clicked.connect(does)
            button.hide()
            self._of_lists.append(button)
        self.side.hide()
        self.lay_across((change, *self._of_lists), self.panel)

    # --- which ---

    def turn(self, row: int) -> None:
        """Show the numbers (0), or a list."""
        self.side.close_sheet()
        self.side.hide()
        self.message.clear()
        numbers = row <= 0
        self.stack.setCurrentIndex(0 if numbers else 1)
        if not numbers:
            self.lists.turn(row - 1)
        self.panel.heading.set_title(NUMBERS if numbers else self.lists.kept.title)
        self.panel.heading.set_note(_OF_NUMBERS if numbers else self.lists.kept.says)
        for button in self._of_lists:
            button.setVisible(not numbers)

    @property
    def is_numbers(self) -> bool:
        """Whether the numbers are shown."""
        return self.stack.currentIndex() == 0

    def rows(self) -> FleetTable:
        """The table that is shown beside the list of them."""
        return self.table if self.is_numbers else self.lists.table

    def go(self) -> None:
        """The keyboard into it."""
        self.rows().setFocus()

    # --- reading ---

    def refresh(self) -> None:
        """Read them again."""
        spawn(self._read(), "read the settings", self)
        if not self.is_numbers:
            self.lists.refresh()

    async def _read(self) -> None:
        try:
            async with self.readings.in_turn:
                self.settings = await self._desk.reads.settings()
        except RecordError as error:
            self.tell_unread(error)
            return
        self.is_read()
        who = self._desk.store.reference.who
        self.table.show_lines({one.name: _line(one, who(one.author)) for one in self.settings})

    # --- what is done ---

    def edit(self) -> None:
        """Another value for the one in the row."""
        if not self.is_numbers:
            self.lists.edit()
            return
        row = self.table.currentRow()
        if not 0 <= row < len(self.settings):
            return
        one = self.settings[row]
        subject = Subject(uuid4(), told(one.name.replace("_", " ")).capitalize(), self._desk.clock.now())
        self._open(SettingSheet(subject, one, self), "Setting")

    def _open(self, sheet: VanSheet, title: str) -> None:
        self.message.clear()
        self.side.show()
        self.side.open(sheet)
        self.side.heading.set_title(title)
        sheet.closed.connect(self.leave_sheet)

    def _done(self, _command: Command) -> None:
        # Another sheet may have been opened meanwhile; it stays.
        if self.side.sheet is None:
            self.leave_sheet()
        self.refresh()

    def copy(self) -> None:
        """Put the table on the clipboard as a spreadsheet takes it."""
        copy_table([SETTING_COLUMNS, *self.table.lines()] if self.is_numbers else self.lists.copied())

    def first(self) -> QWidget:
        """The table that is shown."""
        return self.rows()

    def leave_sheet(self) -> None:
        """The table takes the whole width again."""
        super().leave_sheet()
        self.side.hide()
        self.rows().setFocus()


def _line(one: Setting, author: str) -> tuple[str, ...]:
    on = f"{one.dated.day} {one.dated:%b %Y}"
    return (told(one.meaning), _said(one.value, one.unit), one.unit, _between(one), told(author), on)
