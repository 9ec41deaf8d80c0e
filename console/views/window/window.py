"""The top-level window: first a page that waits or asks, then the desk."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from console.look.guard import guarded
from console.look.screens import InView, first_geometry
from console.views.desk.layout import Arranged, LayoutMemory

WINDOW_TITLE = "CRU console"


@runtime_checkable
class WorkPage(Protocol):
    """A page with a layout to remember. Told by what it has: its module takes longer to load than a window."""

    docks: Arranged
    service: str

    def focus_board(self) -> None:
        """Give the keyboard to the referrals."""

    def may_close(self) -> bool:
        """Whether nothing would be lost."""


@guarded
class ConsoleWindow(QMainWindow):
    """Holds one page. Closing asks the program to shut down in order; it never just vanishes."""

    close_requested = Signal()

    def __init__(self, memory: LayoutMemory) -> None:
        super().__init__()
        self._memory = memory
        self._leaving = False
        # No reference and no name ever stands in a title: titles show on task bars and shared screens.
        self.setWindowTitle(WINDOW_TITLE)
        self.setGeometry(first_geometry(self.screen().availableGeometry()))
        InView(self)

    def show_page(self, page: QWidget) -> None:
        """Put a page in the place of the one before, which is destroyed."""
        self.setCentralWidget(page)
        if isinstance(page, WorkPage):
            self.setWindowTitle(f"{WINDOW_TITLE} · {page.service}")
            self._memory.restore(self, page.docks)
            page.focus_board()

    def leave(self) -> None:
        """Close for good."""
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, then ask for an ordered shutdown."""
        page: object = self.centralWidget()
        if self._leaving:
            event.accept()
            return
        event.ignore()
        if isinstance(page, WorkPage):
            if not page.may_close():
                return
            self._memory.save(self, page.docks)
        self.close_requested.emit()
