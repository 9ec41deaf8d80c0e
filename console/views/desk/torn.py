"""The keys of everywhere in a panel that was torn off, which is a window: Qt keeps the keys of one to itself."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from console.look.key_table import EVERYWHERE, UNDO
from console.look.keyboard import Chords, Hands, bind_chords
from console.views.desk.dock import Dock

_STAYS: Final = frozenset({"silence", "sound test", "hide", "lock"})
"""What leaves the keyboard where it is; all else goes on in the desk's window, or in one that it opens."""


class TornKeys(QObject):
    """Binds them for as long as the panel is a window.

    Args:
        dock: the panel.
        desk: a widget in the desk's window.
        does: what the keys of everywhere do.
        undo: takes back the last thing.
    """

    def __init__(
        self, dock: Dock, desk: QWidget, does: Mapping[str, Callable[[], object]], undo: Callable[[], object]
    ) -> None:
        super().__init__(dock)
        self._dock, self._desk = dock, desk
        self._does = {name: act if name in _STAYS else partial(self._there, act) for name, act in does.items()}
        self._undo = undo
        self._bound: list[Chords] = []
        dock.topLevelChanged.connect(self._follow)

    def _follow(self, floating: bool) -> None:
        if floating and not self._bound:
            window = Qt.ShortcutContext.WindowShortcut
            self._bound = [
                bind_chords(Hands(EVERYWHERE, self._does), self._dock, window),
                bind_chords(Hands(UNDO, {"undo": self._undo}), self._dock, window),
            ]
        for chords in self._bound:
            chords.set_enabled(floating)

    def _there(self, act: Callable[[], object]) -> None:
        """Do it in the desk's window: a form that opens behind one that keeps the keyboard takes no letter."""
        self._desk.window().activateWindow()
        act()
