"""The layout that a workstation remembers: panel sizes, what is hidden or torn off, theme and text size."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from console.look.screens import bring_into_view

VERSION = 1
"""Of the arrangement: Qt refuses one that was saved under another number, and the first layout is taken."""


class Arranged(Protocol):
    """What has an arrangement of panels. Told by what it does: the panels take longer to load than a window."""

    def arrangement(self, version: int) -> QByteArray:
        """What to remember."""

    def take_arrangement(self, state: QByteArray, version: int) -> bool:
        """Put the panels where they were; False for what was never remembered."""


class LayoutMemory:
    """Kept in one file of the data folder; no patient data goes there."""

    def __init__(self, data_dir: Path) -> None:
        self._file = QSettings(str(data_dir / "layout.ini"), QSettings.Format.IniFormat)

    def save(self, window: QMainWindow, docks: Arranged) -> None:
        """Remember where everything is."""
        self._file.setValue("window", window.saveGeometry())
        self._file.setValue("docks", docks.arrangement(VERSION))
        self._file.sync()

    def restore(self, window: QMainWindow, docks: Arranged) -> bool:
        """Put everything where it was; False if nothing fitting is remembered."""
        geometry, state = self._file.value("window"), self._file.value("docks")
        if not isinstance(geometry, QByteArray) or not isinstance(state, QByteArray):
            return False
        found = window.restoreGeometry(geometry)
        # It may have stood on a screen that is gone by now.
        bring_into_view(window)
        return found and docks.take_arrangement(state, VERSION)

    def remember(self, name: str, value: str) -> None:
        """Keep one choice, such as the theme."""
        self._file.setValue(f"choice/{name}", value)
        self._file.sync()

    def recall(self, name: str, otherwise: str) -> str:
        """A choice made earlier."""
        return str(self._file.value(f"choice/{name}", otherwise))
