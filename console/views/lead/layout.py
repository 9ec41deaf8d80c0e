"""Where the panels of the lead's page stand, by the room that there is."""

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.layouts import nest
from console.look.style import mark, px

Place = tuple[str, int, int, int]
"""Which panel, in which row, from which column, over how many."""
_ROOMY: Final[tuple[Place, ...]] = (
    ("waits", 0, 0, 5), ("demand", 0, 5, 5), ("ends", 0, 10, 4), ("vans", 1, 0, 14),
    ("weeks", 2, 0, 8), ("what if", 2, 8, 6),
)  # fmt: skip
_LOW: Final[tuple[Place, ...]] = (
    ("waits", 0, 0, 5), ("demand", 0, 5, 5), ("ends", 0, 10, 4), ("vans", 1, 0, 8), ("weeks", 1, 8, 6),
    ("what if", 2, 0, 14),
)  # fmt: skip
_NARROW: Final[tuple[Place, ...]] = (
    ("waits", 0, 0, 7), ("demand", 0, 7, 7), ("vans", 1, 0, 14), ("weeks", 2, 0, 8), ("ends", 2, 8, 6),
    ("what if", 3, 0, 14),
)  # fmt: skip
_THIN: Final[tuple[Place, ...]] = tuple(
    (name, row, 0, 14) for row, name in enumerate(("waits", "demand", "vans", "ends", "weeks", "what if"))
)
_COLUMNS: Final = 14
_ONE_LINE: Final = 1700
"""Pixels, at 100 % text, from which all that stands above has one line."""


def places(width: int, height: int) -> tuple[Place, ...]:
    """Where each panel stands in a window of so many pixels at 100 % text."""
    if width < 810:
        return _THIN
    if width < 1180:
        return _NARROW
    return _LOW if height < 940 else _ROOMY


@guarded
class TopLine(QWidget):
    """What stands above: one line where there is room, else what may be chosen in a line of its own."""

    def __init__(self, left: QWidget, middle: QWidget, right: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._middle = middle
        self._is_wide: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setVerticalSpacing(px(6))
        self._grid.addWidget(left, 0, 0)
        self._grid.addWidget(right, 0, 2)
        self._grid.setColumnStretch(0, 1)
        self._arrange()

    def _arrange(self) -> None:
        is_wide = self.width() >= px(_ONE_LINE)
        if is_wide is not self._is_wide:
            self._is_wide = is_wide
            self._grid.addWidget(self._middle, *((0, 1, 1, 1) if is_wide else (1, 0, 1, 3)))

    def minimumSizeHint(self) -> QSize:
        """No width of its own: it arranges itself by the one that it is given."""
        return QSize(px(300), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange it by the width that there is."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._arrange()


@guarded
class PanelGrid(QScrollArea):
    """Figures above, charts below; scrolled where there is not room for all."""

    def __init__(self, above: QWidget, panels: dict[str, QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panels = panels
        self._placed: tuple[Place, ...] = ()
        page = QWidget(self)
        mark(page, role="page")
        self._grid = QGridLayout()
        self._grid.setSpacing(px(6))
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(above)
        nest(column, self._grid, 1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._reveal)
        for at in range(_COLUMNS):
            self._grid.setColumnStretch(at, 1)
        self._arrange()

    def _reveal(self, _before: QWidget | None, focus: QWidget | None) -> None:
        """Bring what has the keyboard into sight, whole."""
        inside = (one for one in self._panels.values() if focus is not None and one.isAncestorOf(focus))
        self.reveal(next(inside, focus))

    def reveal(self, widget: QWidget | None) -> None:
        """Bring a panel into sight."""
        if widget is not None and self.isAncestorOf(widget):
            self.ensureWidgetVisible(widget, 0, px(8))

    def _arrange(self) -> None:
        scale = px(1000) / 1000
        wanted = places(round(self.width() / scale), round(self.window().height() / scale))
        if wanted == self._placed:
            return
        self._placed = wanted
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        for name, row, column, span in wanted:
            self._grid.addWidget(self._panels[name], row, column, 1, span)
            # What is words and not drawn grows beside others only.
            if name != "what if":
                self._grid.setRowStretch(row, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange them by the room that there is."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._arrange()


def in_a_row(*widgets: QWidget) -> QWidget:
    """Widgets beside each other, as one."""
    row = QWidget(widgets[0].parentWidget())
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        across.addWidget(widget)
    return row
