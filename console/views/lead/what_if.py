"""What if, as a panel of the lead's page: vans by the hour, which nights, and what they would have changed."""

from dataclasses import replace
from enum import Enum
from typing import Final, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.flow import FlowLayout
from console.look.guard import guarded
from console.look.lead_keys import LEAD, WHAT_IF, WHAT_IF_TABLE
from console.look.line_table import LineTable
from console.look.panel import Heading
from console.look.style import mark, px
from console.views.lead.asking import WhatIfAsking
from console.views.lead.van_hours import VanHours
from db.domain.what_if_asked import ASSUMED, HEADERS, WEEKS, WhatIf, WhatIfAnswer
from db.errors import RecordError
from db.nights import PastNights

_KEPT: Final = 12
"""Answers that the table keeps."""
_NOTHING: Final = "Set how many vans there were in some hours, then replay."
_NOTE: Final = f"past nights replayed with other vans · {WHAT_IF.key('table')} shows what was asked as a table"
Choice = TypeVar("Choice", bound=Enum)


@guarded
class WhatIfCard(QWidget):
    """Asks, and says what came of it; nothing is asked by itself."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("What if")
        self.question = WhatIf()
        self.answers: list[WhatIfAnswer] = []
        self.asking = WhatIfAsking(desk, self)
        self.heading = Heading("What if", _NOTE, self)
        self.hours = VanHours(self)
        self.said, self.check, self.assumed = QLabel(self), QLabel(self), QLabel(" ".join(ASSUMED), self)
        self.twin = LineTable("What was asked", HEADERS, "With", WHAT_IF_TABLE, {"table": self.turn})
        self.stack = QStackedWidget(self)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.hours.show_question(self.question, {})
        self._name_question()
        self._tell()
        self._say(_NOTHING)

    def _make_buttons(self) -> None:
        def button(words: str, act: str) -> ActionButton:
            return ActionButton(words, WHAT_IF.key(act), "secondary", self)

        self.choices = {act: button("", act) for act in ("stretches", "which", "weeks")}
        self.fewer_button, self.more_button = button("fewer", "fewer"), button("more", "more")
        self.clear_button = button("as it was", "clear")
        self.ask_button = ActionButton("Replay", WHAT_IF.key("ask"), "primary", self)
        self.stop_button = ActionButton("Stop", LEAD.key("leave"), "secondary", self)

    def _lay_out(self) -> None:
        bar = QWidget(self)
        row = FlowLayout(bar)
        changes = (self.fewer_button, self.more_button, self.clear_button)
        for one in (*self.choices.values(), *changes, self.ask_button, self.stop_button):
            row.addWidget(one)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(px(12), px(8), px(12), px(8))
        column.setSpacing(px(6))
        for label in (self.said, self.check, self.assumed):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        mark(self.check, role="dim")
        mark(self.assumed, role="small")
        for part in (bar, self.hours, self.said, self.check, self.assumed):
            column.addWidget(part)
        column.addStretch(1)
        self.stack.addWidget(page)
        self.stack.addWidget(self.twin)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addWidget(self.stack, 1)

    def _connect(self) -> None:
        for act, one in self.choices.items():
            one.clicked.connect(lambda _checked=False, act=act: self._act(act))
        self.hours.turned.connect(self._act)
        self.hours.changed.connect(self._note_hours)
        self.hours.entered.connect(self._look)
        self.fewer_button.clicked.connect(lambda: self.hours.add(-1))
        self.more_button.clicked.connect(lambda: self.hours.add(1))
        self.clear_button.clicked.connect(self.hours.clear_hours)
        self.ask_button.clicked.connect(self.ask)
        self.stop_button.clicked.connect(self.asking.stop)
        self.asking.read.connect(self._show_nights)
        self.asking.answered.connect(self.show_answer)
        self.asking.failed.connect(self._say_failed)
        self.asking.told.connect(self._tell)

    # --- what is asked ---

    def _act(self, act: str) -> None:
        if act == "ask":
            self.ask()
        elif act == "table":
            self.turn()
        else:
            self._turn_choice(act)

    def _turn_choice(self, act: str) -> None:
        now = self.question
        if act == "stretches":
            self.question = replace(now, stretches=_next(now.stretches))
        elif act == "which":
            self.question = replace(now, which=_next(now.which))
        else:
            self.question = replace(now, weeks=WEEKS[(WEEKS.index(now.weeks) + 1) % len(WEEKS)])
        self.hours.show_question(self.question, {})
        self._note_hours()
        self._name_question()
        self.asking.look(self.question)

    def _note_hours(self) -> None:
        self.question = replace(self.question, vans=dict(self.hours.vans))

    def _name_question(self) -> None:
        now = self.question
        names = {"stretches": str(now.stretches), "which": str(now.which), "weeks": f"{now.weeks} weeks back"}
        for act, words in names.items():
            self.choices[act].setText(words)

    def _look(self) -> None:
        if not self.asking.is_working:
            self.asking.look(self.question)

    def ask(self) -> None:
        """Replay the nights with the vans that are set."""
        self._note_hours()
        if self.question.vans_said():
            self.asking.ask(self.question)
        else:
            self._say(_NOTHING)

    # --- what came of it ---

    def _show_nights(self, nights: PastNights) -> None:
        self.hours.show_question(self.question, nights.usual())

    def show_answer(self, answer: WhatIfAnswer) -> None:
        """Say it, and keep it in the table."""
        self.answers = [*self.answers, answer][-_KEPT:]
        self._say(answer.sentence(), answer.check())
        told = self.answers[::-1]
        self.twin.show_lines([one.row() for one in told], [id(one) for one in told])

    def _say_failed(self, error: RecordError) -> None:
        self._say(str(error))

    def _say(self, sentence: str, check: str = "") -> None:
        self.said.setText(sentence)
        self.check.setText(check)
        self.check.setVisible(bool(check))

    def _tell(self) -> None:
        self.stop_button.setVisible(self.asking.is_slow)
        if progress := self.asking.progress():
            self._say(progress)

    # --- the panel ---

    def turn(self) -> None:
        """What was asked as a table, or the hours."""
        shown = self.twin if self.stack.currentWidget() is not self.twin else self.hours
        self.stack.setCurrentIndex(1 if shown is self.twin else 0)
        shown.setFocus()

    def focus(self) -> None:
        """Give the keyboard to what is shown."""
        (self.twin if self.stack.currentWidget() is self.twin else self.hours).setFocus()

    def copy(self) -> None:
        """What was asked, on the clipboard."""
        copy_table([HEADERS, *(one.row() for one in reversed(self.answers))])

    def minimumSizeHint(self) -> QSize:
        """Wide enough for half of a night's hours; as high as it needs."""
        return QSize(px(380), super().minimumSizeHint().height())


def _next(choice: Choice) -> Choice:
    every = list(type(choice))
    return every[(every.index(choice) + 1) % len(every)]
