"""A quiet word to whoever sits down: what is being watched. Over the panels' lower edge, put away by a key."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.key_table import QUIET_NOTE
from console.look.keyboard import Hands, bind_chords
from console.look.style import mark, px

_WIDEST = 900
_LEAST = 300
"""Pixels, at 100 % text: as narrow as it may be beside something."""
_MOVES = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide})


@guarded
class QuietNote(QFrame):
    """One sentence that moves nothing, takes no focus and stays away once it was put away.

    Args:
        parent: the page; the key holds in its window.
        panels: what it stands over, a child of the page.
        beside: what may lie over the right of them, whose lowest buttons it must leave free, a child of the page.
    """

    def __init__(self, parent: QWidget, panels: QWidget, beside: QWidget) -> None:
        super().__init__(parent)
        mark(self, role="panel")
        self._panels, self._beside = panels, beside
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._away = ActionButton("Put away", QUIET_NOTE.key("away"), "quiet", self)
        # It comes by itself: whoever is typing must not be taken away from it by Tab or a click.
        self._away.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._away.clicked.connect(self.hide)
        bind_chords(Hands(QUIET_NOTE, {"away": self.hide}), self, Qt.ShortcutContext.WindowShortcut)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(4), px(8), px(4))
        row.setSpacing(px(12))
        row.addWidget(self._words, 1)
        row.addWidget(self._away)
        for watched in (panels, beside):
            watched.installEventFilter(self)
        self.hide()

    def say(self, words: str) -> None:
        """Show a sentence in place of the one before it."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        self.raise_()
        self._place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def text(self) -> str:
        """The sentence as shown; empty while it is away."""
        return "" if self.isHidden() else self._words.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay with the panels, and clear of what lies over them."""
        if event.type() in _MOVES:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        around = self._panels.geometry()
        words = self._words.fontMetrics().horizontalAdvance(self._words.text())
        wanted = words + self._away.sizeHint().width() + px(40)
        width = min(wanted, px(_WIDEST), around.width() - px(24))
        if self._beside.isVisible():
            left = self._beside.x() - around.left() - px(24)
            if left >= px(_LEAST):
                width = min(width, left)
            else:
                # There is no room beside it: it waits below until that is away.
                self.stackUnder(self._beside)
        height = max(self.heightForWidth(width), self.sizeHint().height())
        # At the left: what is done with the selected referral is done at the right, to the lowest button.
        self.setGeometry(around.left() + px(12), around.bottom() - height - px(8), width, height)
