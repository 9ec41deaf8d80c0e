"""Windows of their own beside the live desk, which goes on: what all of them are, whatever they show."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from console.look.guard import guarded
from console.look.panel import MessageBar
from console.look.screens import InView, open_at
from console.look.style import mark, px
from db.errors import RecordError


@guarded
class OwnWindow(QWidget):
    """Made when it is opened and gone when it is closed; with something typed in it, it is only put away."""

    closed = Signal()
    """It is gone."""
    message: MessageBar
    """Where it says something; of those that say anything."""
    _is_away = False

    def __init__(self, title: str, width: int, height: int) -> None:
        """Dress and place it.

        Args:
            title: what it shows, in two or three words; never of a person.
            width: in pixels at 100 % text.
            height: likewise.
        """
        super().__init__()
        self.called = title
        mark(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"CRU console · {title}")
        self.open_at(width, height)
        InView(self)

    def open_at(self, width: int, height: int) -> None:
        """Give it its first size, in pixels at 100 % text."""
        self._first = (width, height)
        open_at(self, self.first_size())

    def first_size(self) -> QSize:
        """What it is opened at, where its screen has room for it."""
        width, height = self._first
        return QSize(px(width), px(height))

    def holds_typed(self) -> bool:
        """Whether something is typed in it that the record does not have."""
        return False

    def say_unseen(self, label: str, error: RecordError) -> None:
        """Say of what was asked for, and is no longer in sight, that the record refused it."""
        self.message.say("late", f"{label}: {error.sentence}", error.next_step)

    def end(self) -> None:
        """Close it for good, whatever is typed."""
        self.closed.emit()
        self.hide()
        self.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        """There again, or for the first time."""
        if self._is_away:
            self._is_away = False
            self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that it is gone, or put it away with what was typed."""
        if self.holds_typed():
            self._is_away = True
            self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        else:
            self.closed.emit()
        super().closeEvent(event)
