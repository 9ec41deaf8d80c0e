"""A panel in the window: resized, hidden, or torn off to another screen."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QFrame, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.keyboard import fence
from console.look.screens import InView
from console.look.style import current, mark, px

SMALLEST = (240, 100)
# Qt makes a torn-off dock a tool window without a frame, which no task bar lists.
_OF_ITS_OWN = (
    Qt.WindowType.Window
    | Qt.WindowType.CustomizeWindowHint
    | Qt.WindowType.WindowTitleHint
    | Qt.WindowType.WindowSystemMenuHint
    | Qt.WindowType.WindowMinMaxButtonsHint
    | Qt.WindowType.WindowCloseButtonHint
)


@guarded
class Grip(QWidget):
    """The thin bar by which a panel is dragged; double click tears it off or puts it back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setToolTip("Drag to move this panel. Double click to tear it off or put it back.")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Tear off."""
        dock = self.parentWidget()
        if isinstance(dock, Dock):
            event.accept()
            dock.tear_or_put_back()

    def sizeHint(self) -> QSize:
        """As thin as can still be caught."""
        return QSize(px(40), px(7))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw three quiet dots."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(current().edge))
            middle = self.rect().center()
            for step in (-8, 0, 8):
                painter.drawEllipse(middle.x() + step - 1, middle.y() - 1, 2, 2)


@guarded
class Dock(QDockWidget):
    """One panel with its name for menus, keys and the remembered layout. No key of a panel goes beyond it.

    Torn off it is a window with a title and a frame, on its screen or any other; closed, it is back in the desk.
    """

    escaped = Signal()
    """Escape, which nothing in the panel wanted."""
    tear_wanted = Signal()
    """It is to be a window of its own, or part of the desk again."""

    def __init__(
        self, key: str, title: str, panel: QWidget, give_focus: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(title, parent)
        self._give_focus = give_focus
        self.name = title
        self.setObjectName(key)
        self._grip = Grip(self)
        self.setTitleBarWidget(self._grip)
        self._frame = QFrame(self)
        mark(self._frame, role="panel", keyboard="elsewhere")
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(panel)
        # Fixed, or a panel that comes to need more room would push the others about.
        self._frame.setMinimumSize(*SMALLEST)
        self.setWidget(self._frame)
        self.setAccessibleName(title)
        self.panel = panel
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow_focus)
        self.in_view = InView(self)
        self.topLevelChanged.connect(self._dress)

    def _dress(self, floating: bool) -> None:
        """A title without patient data and a frame while it is a window; a grip while it is a panel."""
        self.setWindowTitle(f"{self.name} – CRU console" if floating else self.name)
        self.toggleViewAction().setText(self.name)
        if floating:
            self._grip.hide()
            self.setWindowFlags(_OF_ITS_OWN)
            # A window whose flags are changed is hidden by Qt.
            self.show()
            self.in_view.find()
        else:
            self._grip.show()

    def _follow_focus(self, _before: QWidget | None, focus: QWidget | None) -> None:
        # Panels that paint themselves have no ring of their own: the frame says where the keyboard is.
        here = focus is not None and self.isAncestorOf(focus)
        mark(self._frame, keyboard="here" if here else "elsewhere")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that the panel does not own is nobody else's either."""
        fence(event)
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.escaped.emit()

    def tear_or_put_back(self) -> None:
        """Make the panel a window of its own, or part of the desk again; the keyboard goes with it."""
        self.tear_wanted.emit()
        self.reveal()

    def reveal(self) -> None:
        """Show the panel and give it the keyboard."""
        self.show()
        self.raise_()
        self.window().activateWindow()
        self._give_focus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """A window that is closed is a panel of the desk again: nothing is ever lost by closing it."""
        if not self.isFloating():
            super().closeEvent(event)
            return
        event.ignore()
        self.tear_or_put_back()
