"""The buttons beside the status bar: in a row beside one line of it, one above the other beside two."""

from PySide6.QtWidgets import QBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.key_table import EVERYWHERE
from console.look.style import px


@guarded
class Corner(QWidget):
    """Takes from the bar as little of its width as it can: what is said there is what the room goes by."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.aside = ActionButton("", EVERYWHERE.key("aside"), "secondary", self)
        self.menu = ActionButton("Menu", EVERYWHERE.key("menu"), "secondary", self)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(6))
        self._row.addWidget(self.aside)
        self._row.addWidget(self.menu)
        self.aside.hide()

    def stack(self, high: bool) -> None:
        """Stand one above the other, or side by side."""
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.TopToBottom if high else ways.LeftToRight)
