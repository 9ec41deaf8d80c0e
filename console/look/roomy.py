"""The lower part of a panel: as high as what is in it, and scrolled where the panel is lower than that."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.style import mark, px

_LEAST = 64


@guarded
class _Page(QWidget):
    """As wide as it is allowed to be: what is in it may arrange itself by that width."""

    def minimumSizeHint(self) -> QSize:
        """No width of its own, or the two would ask each other for ever."""
        return QSize(0, super().minimumSizeHint().height())


@guarded
class Roomy(QScrollArea):
    """Holds widgets below each other. What has the keyboard is brought into sight."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wanted = QSize()
        self._page = _Page(self)
        mark(self._page, role="page")
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._page.installEventFilter(self)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._reveal)

    def add(self, widget: QWidget) -> None:
        """Put a widget below those already there."""
        self._column.addWidget(widget)

    def _reveal(self, _before: QWidget | None, focus: QWidget | None) -> None:
        if focus is not None and self._page.isAncestorOf(focus):
            self.ensureWidgetVisible(focus, 0, px(8))

    def sizeHint(self) -> QSize:
        """What all of it needs at the width that there is."""
        high = self._column.totalHeightForWidth(max(1, self.width()))
        return QSize(self._column.sizeHint().width(), max(high, self._column.totalMinimumSize().height(), 0))

    def minimumSizeHint(self) -> QSize:
        """A line or two; nothing for nothing."""
        return QSize(0, min(self.sizeHint().height(), px(_LEAST)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have a bar or none, by the height alone."""
        super().resizeEvent(event)
        self._fit_bar()

    def _fit_bar(self) -> None:
        # Left to Qt, a bar takes width, text wraps and needs the bar, and without it does not, for ever.
        policy = Qt.ScrollBarPolicy
        wanted = (
            policy.ScrollBarAlwaysOn if self.height() < self.sizeHint().height() else policy.ScrollBarAlwaysOff
        )
        if self.verticalScrollBarPolicy() != wanted:
            self.setVerticalScrollBarPolicy(wanted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow and shrink with what is in it."""
        if watched is self._page and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            wanted = self.sizeHint()
            # Asked for again and again, room that is had already would keep Qt laying out for ever.
            if wanted != self._wanted:
                self._wanted = wanted
                self.updateGeometry()
                self._fit_bar()
        return super().eventFilter(watched, event)
