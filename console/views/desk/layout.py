"""What a workstation remembers for each person: panel sizes, what is hidden or torn off, windows, looks."""

from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from console.look.screens import bring_into_view

VERSION = 1
"""Of the arrangement: Qt refuses one that was saved under another number, and the first layout is taken."""
_WINDOWS: Final = "windows"


class Arranged(Protocol):
    """What has an arrangement of panels. Told by what it does: the panels take longer to load than a window."""

    def arrangement(self, version: int) -> QByteArray:
        """What to remember."""

    def take_arrangement(self, state: QByteArray, version: int) -> bool:
        """Put the panels where they were; False for what was never remembered."""


class LayoutMemory:
    """Kept in one file of the data folder; no patient data goes there.

    Each thing is kept of whoever is signed in, and of the workstation: who never sat there begins with what the
    last one left.
    """

    def __init__(self, data_dir: Path) -> None:
        self._file = QSettings(str(data_dir / "layout.ini"), QSettings.Format.IniFormat)
        self._login = ""
        self._carried = False

    def take(self, login: str) -> None:
        """Remember for this login from now on; for the workstation alone with none."""
        self._login = login

    def carry(self) -> None:
        """Whoever signs in next begins with the desk as it stands, and not as they left it."""
        self._carried = True

    def save(self, window: QMainWindow, docks: Arranged) -> None:
        """Remember where everything is."""
        self._put("window", window.saveGeometry())
        self._put("docks", docks.arrangement(VERSION))
        self._file.sync()

    def restore(self, window: QMainWindow, docks: Arranged) -> bool:
        """Put everything where it was; False if nothing fitting is remembered."""
        geometry, state = self._get("window", of_desk=True), self._get("docks", of_desk=True)
        if not isinstance(geometry, QByteArray) or not isinstance(state, QByteArray):
            return False
        # A window that stands already is only looked at where it was moved to by whoever comes back to it.
        found = self._carried or window.restoreGeometry(geometry)
        # It may have stood on a screen that is gone by now.
        bring_into_view(window)
        return found and docks.take_arrangement(state, VERSION)

    def save_windows(self, places: dict[str, QByteArray], opened: list[str]) -> None:
        """Remember where windows of their own stand, by their names, and which are open."""
        for name, place in places.items():
            self._put(f"{_WINDOWS}/{name}", place)
        self._put("opened", ",".join(opened))
        self._file.sync()

    def windows(self, names: list[str]) -> tuple[dict[str, QByteArray], list[str]]:
        """Where windows of their own stood, and which were open; the desk that is handed over is taken by that."""
        stood = {name: self._get(f"{_WINDOWS}/{name}", of_desk=True) for name in names}
        found = {name: place for name, place in stood.items() if isinstance(place, QByteArray)}
        opened = str(self._get("opened", of_desk=True) or "").split(",")
        self._carried = False
        return found, [name for name in opened if name in names]

    def remember(self, name: str, value: str) -> None:
        """Keep one choice, such as the theme."""
        self._put(f"choice/{name}", value)
        self._file.sync()

    def recall(self, name: str, otherwise: str) -> str:
        """A choice made earlier."""
        found = self._get(f"choice/{name}")
        return otherwise if found is None else str(found)

    def _put(self, key: str, value: object) -> None:
        for place in self._keys(key):
            self._file.setValue(place, value)

    def _get(self, key: str, *, of_desk: bool = False) -> object:
        places = self._keys(key)
        # Their own first; of a desk that was handed over, the last one's. How large somebody reads is their own.
        for place in places if of_desk and self._carried else reversed(places):
            if self._file.contains(place):
                return self._file.value(place)
        return None

    def _keys(self, key: str) -> list[str]:
        return [key, f"user/{quote(self._login, safe='')}/{key}"] if self._login else [key]
