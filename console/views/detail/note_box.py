"""A place to write a note. What is typed belongs to its referral and waits there until it is in the record."""

from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.hints import hint
from console.look.key_table import NOTE
from console.look.keyboard import Hands, fence
from console.look.keys import cap
from console.look.layouts import nest
from console.look.style import mark, px
from console.look.widgets import ActionButton

_LINES = 2
_HINT, _SHORT_HINT = f"Type a note, {cap(NOTE.key('add'))} to add…", "Type a note…"


@guarded
class NoteBox(QWidget):
    """Ctrl+Return adds the note; Escape goes back to the pane and keeps the text."""

    wanted = Signal(object, str)
    """A referral's id and the words to add."""
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._referral: UUID | None = None
        self._is_low = False
        self._texts: dict[UUID, str] = {}
        self.edit = QPlainTextEdit(self)
        hint(self.edit, _HINT)
        self.edit.setAccessibleName("Note")
        self.edit.setTabChangesFocus(True)
        self._hands = Hands(NOTE, {"add": self._add, "leave": self.left.emit})
        self.edit.installEventFilter(self)
        self._button = ActionButton("Add", NOTE.key("add"), parent=self)
        self._button.clicked.connect(self._add)
        self._lay_out()
        self._fit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(6), px(12), px(10))
        column.setSpacing(px(4))
        heading = self._heading = QLabel("Note", self)
        mark(heading, role="heading")
        row = QHBoxLayout()
        row.setSpacing(px(6))
        row.addWidget(self.edit, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addWidget(heading)
        nest(column, row)

    def show_referral(self, referral_id: UUID | None) -> None:
        """Put away what was typed about one referral, and show what was typed about another."""
        if referral_id == self._referral:
            return
        self._keep()
        self._referral = referral_id
        self.edit.setPlainText(self._texts.get(referral_id, "") if referral_id is not None else "")

    def added(self, referral_id: UUID, words: str) -> None:
        """The note is in the record: its text goes, unless somebody typed on meanwhile."""
        self._keep()
        if self._texts.get(referral_id, "").strip() == words:
            self._texts.pop(referral_id, None)
            if referral_id == self._referral:
                self.edit.clear()

    @property
    def referral(self) -> UUID | None:
        """What a note would be about."""
        return self._referral

    def is_typing(self) -> bool:
        """Whether the keyboard is in a note that is begun."""
        return self.edit.hasFocus() and bool(self.edit.toPlainText().strip())

    def holds_typed(self) -> bool:
        """Whether a note is typed about any referral, and not added."""
        self._keep()
        return any(words.strip() for words in self._texts.values())

    def _keep(self) -> None:
        if self._referral is not None:
            self._texts[self._referral] = self.edit.toPlainText()

    def _add(self) -> None:
        words = self.edit.toPlainText().strip()
        if words and self._referral is not None:
            self.wanted.emit(self._referral, words)

    def set_low(self, low: bool) -> None:
        """Take the room of one line, where more would push away what is to be read."""
        self._is_low = low
        self._heading.setVisible(not low)
        hint(self.edit, _SHORT_HINT if low else _HINT)
        self._fit()

    def _fit(self) -> None:
        lines = 1 if self._is_low else _LINES
        self.edit.setFixedHeight(lines * self.edit.fontMetrics().lineSpacing() + px(14))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font scale."""
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Return adds, Escape leaves."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._hands.take(event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the text and the button do not want goes no further: it is meant for the note."""
        if not self._hands.take(event):
            fence(event)
