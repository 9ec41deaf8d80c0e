"""A whole number that is typed, or changed by arrows."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from console.look.guard import guarded
from console.look.style import px


@guarded
class NumberBox(QSpinBox):
    """Its number stands as far from the edge as the words of the fields above and below."""

    def __init__(self, low: int, high: int, value: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setValue(value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """No padding of the stylesheet reaches the line inside; it follows the size of the text here."""
        self.lineEdit().setTextMargins(px(6), 0, 0, 0)
        super().resizeEvent(event)
