"""Keys that somebody has put in place of those that the table came with. One set, that of whoever is signed in."""

import json
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, Signal

Place = tuple[str, str]
"""A part's title, and the name of the key that the table came with."""


class OwnKeys(QObject):
    """Which key stands for which. Nothing is checked here: see :mod:`console.look.changing_keys`."""

    changed = Signal()
    """Other keys are in force."""

    def __init__(self) -> None:
        super().__init__()
        self._own: dict[Place, str] = {}
        self._meant: dict[Place, str] = {}

    def take(self, own: Mapping[Place, str]) -> None:
        """Go by these from now on; by none for the keys that the table came with."""
        if own != self._own:
            self._own = dict(own)
            self._meant = {(part, new): came for (part, came), new in own.items()}
            self.changed.emit()

    def change(self, part: str, came: str, new: str) -> None:
        """Put a key in the place of one; the one that it came with takes the change back."""
        rest = {place: key for place, key in self._own.items() if place != (part, came)}
        self.take(rest if new == came else rest | {(part, came): new})

    def shown(self, part: str, came: str) -> str:
        """The key that does it now."""
        return self._own.get((part, came), came)

    def meant(self, part: str, pressed: str) -> str:
        """The key of the table that a pressed one stands for; empty for one that was moved away."""
        if (part, pressed) in self._meant:
            return self._meant[part, pressed]
        return "" if (part, pressed) in self._own else pressed

    def __len__(self) -> int:
        return len(self._own)

    # --- kept ---

    def as_text(self) -> str:
        """What is kept of it."""
        return json.dumps([[part, came, new] for (part, came), new in sorted(self._own.items())])


def own_of(text: str) -> dict[Place, str]:
    """What was kept; none of it where it cannot be read."""
    try:
        return {(str(part), str(came)): str(new) for part, came, new in json.loads(text or "[]")}
    except (ValueError, TypeError):
        return {}


OWN_KEYS: Final = OwnKeys()
