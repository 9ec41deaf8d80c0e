"""A quiet word to whoever sits down: what is being watched. Over the panels' lower edge, put away by a key."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from console.look.buttons import ActionButton
from console.look.style import mark, px

_WIDEST = 900


class QuietNote(QFrame):
    """One sentence that moves nothing, takes no focus and stays away once it was put away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._panels = QRect()
        mark(self, role="panel")
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        away = ActionButton("Put away", "F7", "quiet", self)
        away.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        away.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(4), px(8), px(4))
        row.setSpacing(px(12))
        row.addWidget(self._words, 1)
        row.addWidget(away)
        self.hide()

    def say(self, words: str) -> None:
        """Show a sentence in place of the one before it."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.place(self._panels)
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def text(self) -> str:
        """The sentence as shown; empty while it is away."""
        return "" if self.isHidden() else self._words.text()

    def place(self, panels: QRect) -> None:
        """Stand at the lower edge of the panels, in the middle."""
        self._panels = panels
        width = min(px(_WIDEST), panels.width() - px(24))
        height = max(self.heightForWidth(width), self.sizeHint().height())
        self.setGeometry(panels.center().x() - width // 2, panels.bottom() - height - px(8), width, height)
