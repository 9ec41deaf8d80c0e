"""Beside the week: what is to be put right, or the sheet that is open instead."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.live.actions import Action
from console.live.desk import Desk
from console.look.layouts import clear
from console.look.panel import MessageBar, Panel
from console.look.tabbing import has_keyboard
from console.views.rota.kept import KeptFields, key_of
from console.views.rota.lists import MatterList
from console.views.vans.sheets import VanSheet
from db.commands.base import Command
from db.domain.rota_view import Matter

TITLE = "To put right"


class RotaSide(Panel):
    """A list, and one sheet at a time."""

    done = Signal(object)
    """The record did what a sheet asked for: the command."""
    let_go = Signal()
    """The sheet that had the keyboard is gone."""

    def __init__(self, desk: Desk, message: MessageBar, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, "", parent)
        self._desk, self._message = desk, message
        self._kept = KeptFields()
        self.sheet: VanSheet | None = None
        self._count = ""
        self.matters = MatterList(self)
        self.add(self.matters, 1)
        self._holder = QWidget(self)
        self._place = QVBoxLayout(self._holder)
        self._place.setContentsMargins(0, 0, 0, 0)
        self.add(self._holder, 1)
        self._holder.hide()

    def show_matters(self, found: list[Matter]) -> None:
        """List what is to be put right, and say how many there are."""
        self.matters.show_matters(found)
        wrong = sum(one.sort != "good" for one in found)
        self._count = "1 thing" if wrong == 1 else f"{wrong} things"
        if self.sheet is None:
            self.heading.set_note(self._count)

    def open(self, sheet: VanSheet) -> None:
        """Show a sheet in place of the list, with the keyboard in it and with what was typed into it before."""
        self.close_sheet()
        self.sheet = sheet
        self._kept.begin(sheet)
        self.matters.hide()
        self.heading.set_title("Shift")
        self.heading.set_note("")
        self._place.addWidget(sheet)
        self._place.addStretch(1)
        self._holder.show()
        sheet.sent.connect(self._send)
        sheet.closed.connect(self.close_sheet)
        sheet.show()
        sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_sheet(self) -> None:
        """Put the open sheet away; what was typed stays."""
        sheet, self.sheet = self.sheet, None
        if sheet is None:
            return
        # What is on its way to the record is kept once that refuses it; it must not be sent twice.
        if sheet.about is not None and sheet.send.isEnabled():
            self._kept.keep(key_of(sheet), self._kept.typed(sheet))
        here = has_keyboard(sheet)
        self._place.removeWidget(sheet)
        clear(self._place)
        sheet.hide()
        sheet.deleteLater()
        self._holder.hide()
        self.heading.set_title(TITLE)
        self.heading.set_note(self._count)
        self.matters.show()
        if here:
            self.let_go.emit()

    def holds_typed(self) -> bool:
        """Whether something is typed, in the open sheet or in one that was put away."""
        return bool(self._kept) or (self.sheet is not None and bool(self._kept.typed(self.sheet)))

    def _send(self, command: Command, label: str) -> None:
        sheet = self.sheet
        if sheet is None:
            return

        def answered(action: Action) -> None:
            if action.error is None:
                if sheet is self.sheet:
                    self.close_sheet()
                self.done.emit(command)
            elif sheet is self.sheet:
                sheet.refuse(action.error)
            else:
                # Put away meanwhile: it would be read by nobody there.
                self._kept.keep(about, typed)
                self._message.say("late", f"{label}: {action.error.sentence}", action.error.next_step)

        # The sheet itself may be gone when the answer comes.
        about, typed = key_of(sheet), self._kept.typed(sheet) if sheet.about is not None else {}

        self._desk.actions.submit(command, label, answered)
