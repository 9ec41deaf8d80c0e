"""Windows of their own beside the live desk, which goes on: what all of them are, whatever they show."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from console.look.guard import guarded
from console.look.screens import open_at
from console.look.style import mark, px


@guarded
class OwnWindow(QWidget):
    """Made when it is opened and gone when it is closed."""

    closed = Signal()

    def __init__(self, title: str, width: int, height: int) -> None:
        """Dress and place it.

        Args:
            title: what it shows, in two or three words; never of a person.
            width: in pixels at 100 % text.
            height: likewise.
        """
        super().__init__()
        mark(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"CRU console · {title}")
        open_at(self, px(width), px(height))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that it is gone."""
        self.closed.emit()
        super().closeEvent(event)
