"""The settings in a window of their own: what each means, who set it when, and another value by a shift lead."""

from typing import Final
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.panel import MessageBar, Panel
from console.look.rota_keys import SETTINGS, SETTINGS_WINDOW
from console.running.tasks import spawn
from console.views.rota.fleet_table import Acts, FleetTable
from console.views.rota.sheeted import SheetedWindow
from console.views.rota.side import RotaSide
from console.views.sheets.pick_list import PickList, Row
from console.views.vans.sheets import Subject, VanSheet
from db.commands import Command, SetRule
from db.domain.texts import told
from db.errors import Invalid, RecordError
from db.setting_queries import Setting

SETTING_COLUMNS: Final = ("What it means", "Value", "Unit", "Between", "Set by", "On")
_YES_OR_NO: Final = "yes or no"


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return ("yes" if value == 1 else "no") if unit == _YES_OR_NO else f"{value:g}"


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
        self.value = QLineEdit(_said(setting.value, setting.unit), self)
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
    """Reads the settings when it is opened and whenever one changes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Settings", 1280, 640)
        self._desk = desk
        self.settings: list[Setting] = []
        self.message = MessageBar(self)
        self.table = FleetTable("Settings", SETTING_COLUMNS, "What it means", SETTINGS, {"edit": self.edit})
        self.side = RotaSide(desk, self.message, self)
        self._lay_out()
        self.table.cellDoubleClicked.connect(lambda *_: self.edit())
        self.side.done.connect(lambda _command: self.leave_sheet())
        desk.store.reference_changed.connect(self.refresh)
        chords: Acts = {"refresh": self.refresh, "copy": self.copy, "leave": self.leave, "close": self.close}
        bind_chords(Hands(SETTINGS_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        panel = Panel("Settings", "Enter sets another value · each has an author and a day", self)
        panel.add(self.table, 1)
        change = ActionButton("Change", SETTINGS.key("edit"), "quiet", self)
        change.clicked.connect(self.edit)
        top = QHBoxLayout()
        top.addWidget(change)
        top.addStretch(1)
        self.side.hide()
        self.lay_across(top, panel)

    def refresh(self) -> None:
        """Read them again."""
        spawn(self._read(), "read the settings", self)

    async def _read(self) -> None:
        try:
            self.settings = await self._desk.reads.settings()
        except RecordError as error:
            self.message.say("late", error.sentence, error.next_step)
            return
        self.table.show_lines({one.name: _line(one) for one in self.settings})

    def edit(self) -> None:
        """Another value for the one in the row."""
        row = self.table.currentRow()
        if not 0 <= row < len(self.settings):
            return
        one = self.settings[row]
        subject = Subject(uuid4(), told(one.name.replace("_", " ")).capitalize(), self._desk.clock.now())
        sheet = SettingSheet(subject, one, self)
        self.message.clear()
        self.side.show()
        self.side.open(sheet)
        self.side.heading.set_title("Setting")
        sheet.closed.connect(self.leave_sheet)

    def copy(self) -> None:
        """Put the table on the clipboard as a spreadsheet takes it."""
        copy_table([SETTING_COLUMNS, *self.table.lines()])

    def first(self) -> QWidget:
        """The table."""
        return self.table

    def leave_sheet(self) -> None:
        """The table takes the whole width again."""
        super().leave_sheet()
        self.side.hide()
        self.table.setFocus()


def _line(one: Setting) -> tuple[str, ...]:
    on = f"{one.dated.day} {one.dated:%b %Y}"
    return (told(one.meaning), _said(one.value, one.unit), one.unit, _between(one), told(one.author), on)
