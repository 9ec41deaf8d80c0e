"""What comes next: a few buttons with their keys, the usual one first, and the way to all the others."""

from collections.abc import Collection, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.live.actions import Action, Progress, Why
from console.look.guard import guarded
from console.look.key_table import PANE
from console.look.layouts import clear, nest
from console.look.style import mark, px
from console.look.widgets import ActionButton
from db.domain.next_steps import PRIMARY_KEY, NextStep

_MOST = 5
"""Buttons; further steps are in the menu with those that belong there."""


@guarded
class NextBar(QWidget):
    """Buttons for the steps that are not in the menu. The buttons stay; what they say changes."""

    chosen = Signal(object)
    """A :class:`NextStep`."""
    menu_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[NextStep, ...] = ()
        self._shown: list[NextStep] = []
        self._heading = QLabel("Next", self)
        mark(self._heading, role="heading")
        self._pending = QLabel(self)
        self._pending.setWordWrap(True)
        mark(self._pending, role="small", tone="link")
        self._buttons = [ActionButton("", parent=self) for _ in range(_MOST)]
        for place, button in enumerate(self._buttons):
            button.set_wrapping()
            button.clicked.connect(lambda _checked=False, place=place: self.chosen.emit(self._shown[place]))
        self._more = ActionButton("More actions", PANE.key("more"), "quiet", self)
        self._more.clicked.connect(self.menu_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(8), px(12), px(8))
        column.setSpacing(px(6))
        column.addWidget(self._heading)
        column.addWidget(self._pending)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(px(6))
        nest(column, self._lines)
        self._arranged: list[list[ActionButton]] = []

    @property
    def steps(self) -> tuple[NextStep, ...]:
        """All legal steps, those of the menu too."""
        return self._steps

    def in_menu(self) -> tuple[NextStep, ...]:
        """The steps that have no button."""
        return tuple(step for step in self._steps if step not in self._shown)

    def primary(self) -> NextStep | None:
        """What Return does."""
        return next((step for step in self._steps if step.kind == "primary"), None)

    def by_key(self, key: str) -> NextStep | None:
        """The step that a key does."""
        return next((step for step in self._steps if step.key and step.key == key), None)

    def show_steps(self, steps: Sequence[NextStep], pending: Collection[NextStep], waiting: str) -> None:
        """Show the legal steps.

        Args:
            steps: from the domain, the primary one first.
            pending: those of the steps that the record has not answered yet.
            waiting: a sentence about them; empty for none.
        """
        self._steps = tuple(steps)
        self._shown = [step for step in steps if not step.in_menu][:_MOST]
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(self._shown))
            if place < len(self._shown):
                self._dress(button, self._shown[place], pending)
        self._place()
        self._pending.setText(waiting)
        self._pending.setVisible(bool(waiting))
        self.setVisible(bool(steps))

    @staticmethod
    def _dress(button: ActionButton, step: NextStep, pending: Collection[NextStep]) -> None:
        # Danger red is for what one press does; whatever is dangerous here asks for a reason first.
        button.set_kind("primary" if step.kind == "primary" else "secondary")
        button.setText(step.label)
        button.set_key(PRIMARY_KEY if step.kind == "primary" else step.key)
        button.setAccessibleName(step.label)
        button.setEnabled(step not in pending)

    def _place(self) -> None:
        """Two side by side where the words of both fit, otherwise each in a line of its own: none is ever cut."""
        self._more.setVisible(bool(self.in_menu()))
        shown = [button for button in (*self._buttons, self._more) if not button.isHidden()]
        room, rows = self.width() - 2 * px(12), list[list[ActionButton]]()
        for button in shown:
            beside = rows[-1] if rows and len(rows[-1]) == 1 else []
            both = button.sizeHint().width() + px(6) + sum(one.sizeHint().width() for one in beside)
            if beside and both <= room:
                beside.append(button)
            else:
                rows.append([button])
        # Only then: a button must not move under a hand because its neighbour said the same again.
        if rows != self._arranged:
            self._fill(rows)

    def _fill(self, rows: list[list[ActionButton]]) -> None:
        self._arranged = rows
        # A layout does not own its widgets: the buttons stay, and only the lines are made anew.
        clear(self._lines)
        for buttons in rows:
            line = QHBoxLayout()
            line.setSpacing(px(6))
            for button in buttons:
                # Without a share of its own: then each has the room that its words ask for, whatever they become.
                line.addWidget(button)
            nest(self._lines, line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the buttons anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Larger words need other lines."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_arranged"):
            self._place()


def pending_words(action: Action, now: datetime) -> str:
    """What is on its way, or why it waits."""
    label = action.name(now)
    # What is done and not shown yet is no news to whoever waits to see it.
    if action.progress in {Progress.SENDING, Progress.DONE} or action.why is Why.TURN:
        return f"Sending: {label}…"
    return f"{label}: {action.waits_for}"
