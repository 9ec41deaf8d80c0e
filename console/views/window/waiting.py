"""What is being prepared, in plain words, while nobody can work yet: no form to fill in, and a way to give up."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.layouts import nest
from console.look.panel import MessageBar
from console.look.style import mark, px
from db.errors import RecordError

_NOW, _DONE, _FAILED = "▸", "✓", "✕"


@guarded
class WaitingPage(QFrame):
    """The first page of a start that needs nothing from the person: each step, and the one in hand."""

    given_up = Signal()
    """The person waits no longer."""
    wanted_again = Signal()
    """After a failure: try it once more."""

    def __init__(self, title: str, give_up: str = "Give up", parent: QWidget | None = None) -> None:
        """Make the page.

        Args:
            title: what is being prepared.
            give_up: the words on the button that waits no longer.
            parent: owner.
        """
        super().__init__(parent)
        mark(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._steps: list[tuple[QLabel, str]] = []
        self._message = MessageBar(self)
        self._again = ActionButton("Try again", "Return", "primary", self)
        self._give_up = ActionButton(give_up, "Escape", "secondary", self)
        self._again.clicked.connect(self._try_again)
        self._give_up.clicked.connect(self.given_up)
        self._message.dismissed.connect(self.given_up)
        self._again.hide()
        self._lay_out(title)

    def _lay_out(self, title: str) -> None:
        card = QFrame(self)
        mark(card, role="panel")
        card.setFixedWidth(px(460))
        heading = QLabel(title, card)
        mark(heading, role="title")
        self._list = QVBoxLayout()
        self._list.setSpacing(px(6))
        buttons = QHBoxLayout()
        buttons.addWidget(self._again)
        buttons.addStretch(1)
        buttons.addWidget(self._give_up)
        column = QVBoxLayout(card)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(14))
        column.addWidget(heading)
        nest(column, self._list)
        column.addWidget(self._message)
        nest(column, buttons)
        outer = QVBoxLayout(self)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)

    def say(self, words: str) -> None:
        """What is being done now; what was in hand before is done. Behind a colon stands how far it has come."""
        if self._steps and _step(self._steps[-1][1]) == _step(words):
            # A step that is told again is still the same one.
            self._steps[-1] = (self._steps[-1][0], words)
            self._mark_last(_NOW)
            return
        self._mark_last(_DONE)
        line = QLabel(self)
        line.setTextFormat(Qt.TextFormat.PlainText)
        line.setWordWrap(True)
        self._list.addWidget(line)
        self._steps.append((line, words))
        self._mark_last(_NOW)

    def steps(self) -> list[str]:
        """Every step as it is shown, the latest last."""
        return [line.text() for line, _ in self._steps]

    def failure(self) -> str:
        """What went wrong, as it is shown; empty while nothing did."""
        return self._message.text()

    def fail(self, error: RecordError) -> None:
        """Say why it cannot be prepared and what to do; it may be tried again."""
        self._mark_last(_FAILED)
        self._message.say("late", error.sentence, error.next_step)
        self._again.show()
        self.setFocus()

    def _try_again(self) -> None:
        for line, _ in self._steps:
            self._list.removeWidget(line)
            line.deleteLater()
        self._steps = []
        self._message.clear()
        self._again.hide()
        self.wanted_again.emit()

    def _mark_last(self, sign: str) -> None:
        if self._steps:
            line, words = self._steps[-1]
            line.setText(f"{sign}  {words}{'…' if sign == _NOW else ''}")
            mark(line, tone="dim" if sign == _DONE else "late" if sign == _FAILED else "text")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape waits no longer; Return tries again after a failure."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not self._again.isHidden():
            self._try_again()
        else:
            super().keyPressEvent(event)


def _step(words: str) -> str:
    return words.partition(": ")[0]
