"""Windows stay where they can be seen: inside a screen when they open, and back inside one when theirs is gone."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

FRAME: Final = QSize(16, 40)
"""Pixels that a window manager may put around a window, before anybody knows how many it does."""
_TITLE: Final = 32
_HANDLE: Final = 120


def first_geometry(available: QRect) -> QRect:
    """Where the first window stands: the whole of its screen but for a frame, logical pixels."""
    size = available.size() - FRAME
    corner = available.topLeft() + QPoint(FRAME.width() // 2, FRAME.height() - FRAME.width() // 2)
    return QRect(corner, size)


def into_view(window: QRect, screens: Sequence[QRect]) -> QRect:
    """The same window where it can be seen and moved.

    Args:
        window: without its frame, logical pixels.
        screens: what is available of each, the first one first.

    Returns:
        The window as it is while its upper edge can be caught with the mouse and no side is larger than its
        screen; otherwise moved, and made smaller where it must be.
    """
    if not screens:
        return window
    screen = max(screens, key=lambda one: _area(one.intersected(window)))
    edge = QRect(window.topLeft() - QPoint(0, _TITLE), QSize(window.width(), _TITLE))
    caught = screen.intersected(edge)
    fits = window.width() <= screen.width() and window.height() <= screen.height()
    if fits and caught.width() >= min(_HANDLE, window.width()) and caught.height() >= _TITLE // 2:
        return window
    room = first_geometry(screen)
    size = window.size().boundedTo(room.size())
    left = min(max(window.left(), room.left()), room.right() + 1 - size.width())
    top = min(max(window.top(), room.top()), room.bottom() + 1 - size.height())
    return QRect(QPoint(left, top), size)


def _area(rect: QRect) -> int:
    return rect.width() * rect.height() if rect.isValid() else 0


def bring_into_view(window: QWidget) -> None:
    """Move a window of its own that stands where no screen is."""
    if window.isMaximized() or window.isFullScreen():
        return
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    found = into_view(window.geometry(), screens)
    if found != window.geometry():
        window.setGeometry(found)


class InView(QObject):
    """Brings a window back onto a screen that is there, whenever one is taken away; ends with the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.screenRemoved.connect(self.find, Qt.ConnectionType.QueuedConnection)

    def find(self, _gone: object = None) -> None:
        """Bring it back now, if it stands where no screen is; also one that is put away, and comes again later."""
        if self._window.isWindow():
            bring_into_view(self._window)


def open_at(window: QWidget, size: QSize) -> None:
    """Give a window its first size, not larger than its screen has room for."""
    room = first_geometry(window.screen().availableGeometry())
    window.resize(size.boundedTo(room.size()))
