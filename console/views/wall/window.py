"""The wall in a window of its own beside the live desk, for a second screen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from console.live.desk import Desk
from console.live.geography import Geography
from console.live.nearest import NearestVans
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.own_window import OwnWindow
from console.look.wall_keys import WALL_WINDOW
from console.views.wall.page import WallPage
from db.domain.situation import EtaOf


@guarded
class WallWindow(OwnWindow):
    """Nothing about anybody is painted here, whoever has signed in."""

    names_nobody = True
    """It is seen while the console is locked."""

    def __init__(self, desk: Desk, geography: Geography, eta_of: EtaOf) -> None:
        super().__init__("Wall", 1280, 720)
        self._nearest = NearestVans(desk, geography, self)
        self.page = WallPage(desk, eta_of, self._nearest.of, self)
        self._nearest.changed.connect(self.page.refresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self.setFocusProxy(self.page)
        bind_chords(Hands(WALL_WINDOW, {"close": self.close}), self, Qt.ShortcutContext.WindowShortcut)

    def showEvent(self, event: QShowEvent) -> None:
        """From now on it is worked out which van is how far."""
        super().showEvent(event)
        self._nearest.want(wanted=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        self._nearest.want(wanted=False)
        super().hideEvent(event)
