"""What was asked for and has no answer yet, since when and why, each with a way to take it back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from console.live.actions import Action, Actions, Progress, Why
from console.look.guard import guarded
from console.look.key_table import PENDING
from console.look.keyboard import Hands
from console.look.style import mark, px
from console.look.tabbing import CameFrom, has_keyboard, walk
from console.look.widgets import ActionButton, Panel
from db.domain.clocks import local_time


def pending_words(waiting: Sequence[Action]) -> str:
    """How many wait for what, with the same first number however short it is said."""
    if not waiting:
        return ""
    if asks := sum(action.why is Why.WORD for action in waiting):
        return (
            f"{len(waiting)} waiting, {asks} for your word ▸" if asks < len(waiting) else f"{asks} for your word ▸"
        )
    if any(action.why is Why.LINK for action in waiting):
        return f"{len(waiting)} waiting for the link ▸"
    return f"{len(waiting)} {'held up' if any(action.said for action in waiting) else 'without an answer yet'} ▸"


def pending_tip(waiting: Sequence[Action]) -> str:
    """What the record said holds them up, each sentence once."""
    return "\n".join(dict.fromkeys(action.said for action in waiting if action.said))


@guarded
class PendingPanel(Panel):
    """Lies over the window until Escape, Close, or the last answer."""

    def __init__(self, actions: Actions, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__("Waiting for the record", "oldest first", parent)
        self._came_from = CameFrom()
        self._came_from.remember()
        self._hands = Hands(PENDING, {"close": self.close})
        self._actions = actions
        self._now = now
        self._rows: dict[Action, _PendingRow] = {}
        close = ActionButton("Close", PENDING.key("close"), "quiet", self)
        close.clicked.connect(self.close)
        self.heading.add_right(close)
        self._nothing = QLabel("Everything has been answered.", self)
        mark(self._nothing, role="dim")
        self._nothing.setContentsMargins(px(12), px(8), px(12), px(8))
        self.add(self._nothing)
        self._lost = QLabel(self)
        mark(self._lost, role="small")
        self._lost.setWordWrap(True)
        self._lost.setTextFormat(Qt.TextFormat.PlainText)
        self._lost.setContentsMargins(px(12), px(4), px(12), px(8))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        actions.changed.connect(self._renew)
        self._renew()

    def buttons(self) -> list[ActionButton]:
        """The buttons that take back an action, oldest first."""
        return [row.button for row in self._rows.values() if not row.button.isHidden()]

    def lost(self) -> str:
        """What is said to be lost if the console ended; empty for nothing."""
        return self._lost.text()

    def states(self) -> list[str]:
        """What the rows say of their actions, oldest first."""
        return [row.state.text() for row in self._rows.values()]

    def _renew(self) -> None:
        pending = self._actions.pending
        # A row stays as long as its action: nothing is drawn anew under a hand that is about to press.
        for action in [one for one in self._rows if one not in pending]:
            row = self._rows.pop(action)
            row.hide()
            row.deleteLater()
        for action in pending:
            if action not in self._rows:
                self._rows[action] = self._row(action)
            self._rows[action].tell(action, self._now())
        self._nothing.setVisible(not pending)
        self._lost.setText(self._actions.lost_words())
        self._lost.setVisible(bool(self._lost.text()))
        # Always the last line, however many rows came since.
        self.add(self._lost)
        self.adjustSize()
        if not pending and self.isVisible():
            self.close()

    def _row(self, action: Action) -> "_PendingRow":
        row = _PendingRow(self)
        row.taken_back.connect(lambda: self._actions.withdraw(action))
        row.vouched.connect(lambda: self._actions.vouch(action))
        self.add(row)
        return row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        self._hands.take(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the list."""
        return walk(self, forward=forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the keyboard back to where it was."""
        if has_keyboard(self):
            self._came_from.give_back()
        super().closeEvent(event)

    def sizeHint(self) -> QSize:
        """Wide enough for a label and its button."""
        return super().sizeHint().expandedTo(QSize(px(420), px(60)))


class _PendingRow(QWidget):
    """One action: what, since when, how it stands."""

    taken_back = Signal()
    vouched = Signal()
    """It still holds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(px(12), px(4), px(12), px(4))
        label = self._label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.state = QLabel(self)
        mark(self.state, role="small")
        self.send = ActionButton("Send", "", "secondary", self)
        self.send.clicked.connect(self.vouched)
        self.button = ActionButton("Take back", parent=self)
        self.button.clicked.connect(self.taken_back)
        line.addWidget(label, 1)
        line.addWidget(self.state)
        line.addWidget(self.send)
        line.addWidget(self.button)

    def tell(self, action: Action, now: datetime) -> None:
        """Say how it stands."""
        named = action.name(now)
        self._label.setText(named)
        asks = action.why is Why.WORD
        take_back = "Let it go" if asks else "Take back"
        self.button.setText(take_back)
        self.button.setAccessibleName(f"{take_back}: {named}")
        self.send.setAccessibleName(f"Send: {named}")
        waits = action.progress is Progress.WAITING
        asked = local_time(action.asked_at, now, seconds=True)
        said = f"asked {asked} · {action.waits_for if waits else action.progress}"
        self.state.setText(f"{action.question}: does it still hold?" if waits and asks else said)
        self.button.setVisible(waits)
        self.send.setVisible(waits and asks)
