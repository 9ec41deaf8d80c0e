"""A layout that puts widgets side by side and wraps like words."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from console.look.guard import guarded
from console.look.style import px


@guarded
class FlowLayout(QLayout):
    """Left to right, then down. Hidden widgets take no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = items = list[QLayoutItem]()
        # Python may keep this object longer than Qt keeps the layout; its items are then anybody's.
        self.destroyed.connect(lambda: items.clear())
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt calls it by this name
        """Take one more item."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt calls it by this name
        """The item at a place, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt calls it by this name
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt calls it by this name
        """It wants no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Lines depend on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines at a width."""
        return self._place(QRect(0, 0, width, 0), apply=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt calls it by this name
        """Put the items in their places."""
        super().setGeometry(rect)
        self._place(rect, apply=True)

    def sizeHint(self) -> QSize:
        """As small as it can be."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt calls it by this name
        """The widest item."""
        # A chip that is wider than the least wraps: it must not keep the pane from being narrow.
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(
            min(px(120), max((s.width() for s in sizes), default=0)), max((s.height() for s in sizes), default=0)
        )

    def _place(self, rect: QRect, *, apply: bool) -> int:
        gap, x, y, line = px(6), rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            width = min(size.width(), rect.width())
            high = (
                item.heightForWidth(width) if width < size.width() and item.hasHeightForWidth() else size.height()
            )
            if x > rect.x() and x + width > rect.x() + rect.width():
                x, y, line = rect.x(), y + line + gap, 0
            if apply:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, high)))
            x, line = x + width + gap, max(line, high)
        return y + line - rect.y()
