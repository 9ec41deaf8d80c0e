"""Said on the screen when the console cannot even begin: a sentence, the next step, and a key to close."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.panel import MessageBar
from console.look.screens import open_at
from console.look.style import mark, px
from db.errors import RecordError


@guarded
class FailureWindow(QWidget):
    """A small window for somebody who started the console by its icon and has no terminal to read."""

    closed = Signal()

    def __init__(self, error: RecordError) -> None:
        super().__init__()
        mark(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("CRU console")
        open_at(self, QSize(px(620), px(160)))
        message = MessageBar(self)
        close = ActionButton("Close", "Return", "primary", self)
        close.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.addWidget(message)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        message.say("late", error.sentence, error.next_step)
        message.dismissed.connect(self.close)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Escape close."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell whoever waits."""
        super().closeEvent(event)
        self.closed.emit()
