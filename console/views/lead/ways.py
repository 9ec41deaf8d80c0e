"""From the figures to what a shift lead does about them: the windows beside it, each a key away."""

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.lead_keys import LEAD
from console.look.style import px

WAYS: Final = {"review": "To review", "voices": "Feedback", "room": "Handing over", "wall": "The wall"}
"""By the key that opens it everywhere else, too."""


@guarded
class LeadWays(QWidget):
    """A button each; where there is no room for all, the keys still open them."""

    wanted = Signal(str)
    """Which of :data:`WAYS`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        row.addStretch(1)
        self._buttons = []
        for way, words in WAYS.items():
            button = ActionButton(words, LEAD.key(way), "quiet", self)
            button.clicked.connect(lambda _checked=False, way=way: self.wanted.emit(way))
            row.addWidget(button)
            self._buttons.append(button)

    def minimumSizeHint(self) -> QSize:
        """One of them."""
        return QSize(px(160), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as have room."""
        super().resizeEvent(event)
        left = event.size().width()
        for button in self._buttons:
            left -= button.sizeHint().width() + px(6)
            button.setVisible(left >= 0)
