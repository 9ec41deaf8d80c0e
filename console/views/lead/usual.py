"""From when on something else is usual of a measure: set by a shift lead with a reason, and withdrawn."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.charts.control import date_words
from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.flow import FlowLayout
from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.layouts import empty
from console.look.lead_keys import LEAD, LEAD_USUAL
from console.look.style import mark, px
from console.running.tasks import spawn
from console.views.lead.range_bar import DayField, LeadLine
from db.commands import Command, SetBaseline, WithdrawBaseline
from db.domain.clocks import local
from db.domain.spc import FEWEST_POINTS, Baseline
from db.domain.typed_dates import read_near_date
from db.errors import RecordError

_ABOUT: Final = (
    "Only where you know what changed, and it stayed so. No rule reaches over the day; from fewer than"
    f" {FEWEST_POINTS} points nothing is judged."
)


@guarded
class UsualBar(QWidget):
    """Asks from which day and why, and lists what is in force."""

    done = Signal()
    """The record has it: the page is to be read again."""
    said = Signal(str, str)
    """Something is wrong, with a next step."""
    let_go = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._measure = ""
        hands = Hands(LEAD_USUAL, {"go": self.set_usual, "leave": self.let_go.emit})
        self.title, self.about = QLabel(self), QLabel(_ABOUT, self)
        self.first, self.last = DayField("First day", hands, self), DayField("Last day that tells it", hands, self)
        self.why = LeadLine("What changed", "what changed: a sixth van", 2000, hands, self)
        self.why.setMinimumWidth(px(260))
        self.set_button = ActionButton("Set", LEAD_USUAL.key("go"), "primary", self)
        self.set_button.clicked.connect(self.set_usual)
        self.open_button = ActionButton("New usual…", LEAD.key("usual"), "quiet", self)
        self._listed = QWidget(self)
        self._list = QVBoxLayout(self._listed)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._lay_out()

    def _lay_out(self) -> None:
        mark(self.about, role="small")
        self.about.setWordWrap(True)
        bar = QWidget(self)
        row = FlowLayout(bar)
        until = QLabel("told by the days until, or all", bar)
        for label in (self.title, until):
            label.setMinimumHeight(px(30))
        for one in (self.title, self.first, until, self.last, self.why, self.set_button):
            row.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (bar, self.about, self._listed):
            column.addWidget(part)

    def open_for(self, measure: str, title: str, known: Sequence[Baseline]) -> None:
        """Ask about a measure."""
        self._measure = measure
        self.title.setText(f"What is usual of “{title}” begins anew from")
        empty(self._list)
        for one in known:
            self._list.addWidget(self._line(one))
        self._listed.setVisible(bool(known))
        self.show()
        self.first.setFocus()
        self.first.selectAll()

    def _line(self, one: Baseline) -> QWidget:
        line = QWidget(self._listed)
        row = FlowLayout(line)
        told = QLabel(in_force_words(one), line)
        told.setMinimumHeight(px(30))
        button = ActionButton("Withdraw", "", "secondary", line)
        button.setAccessibleName(f"Withdraw: {told.text()}")
        if one.id is not None:
            button.clicked.connect(
                partial(self._send, WithdrawBaseline(baseline_id=one.id), "withdraw a baseline")
            )
        row.addWidget(told)
        row.addWidget(button)
        return line

    def set_usual(self) -> None:
        """Send what was typed, or say what is wrong with it."""
        today = local(self._desk.clock.now()).date()
        first, last = self.first.text().strip(), self.last.text().strip()
        since, until = read_near_date(first, today), read_near_date(last, today) if last else None
        if since is None or (last and until is None):
            self.said.emit(f"“{first if since is None else last}” is no day.", "Type it as 3 Nov or 03/11/2026.")
        elif not self.why.text().strip():
            self.why.setFocus()
            self.said.emit("It does not say why.", "Say what changed, such as: a sixth van.")
        else:
            self._send(self._command(since, until), "set what is usual")

    def _command(self, since: date, until: date | None) -> SetBaseline:
        return SetBaseline(measure=self._measure, since_on=since, until_on=until, reason=self.why.text().strip())

    def _send(self, command: Command, label: str) -> None:
        spawn(self._perform(command, label), label, self)

    async def _perform(self, command: Command, label: str) -> None:
        try:
            await self._desk.actions.perform(command, label)
        except RecordError as error:
            self.said.emit(str(error), error.next_step)
            return
        for field in (self.first, self.last, self.why):
            field.clear()
        self.done.emit()


def in_force_words(one: Baseline) -> str:
    """``In force: from 3 Nov, told by the days before 17 Nov: a sixth van (l.lead)``."""
    until = f", told by the days before {date_words(one.until)}" if one.until is not None else ""
    return f"In force: from {date_words(one.since)}{until}: {one.reason} ({one.author})"
