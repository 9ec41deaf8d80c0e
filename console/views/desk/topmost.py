"""What lies over the panels: Escape closes the topmost of it, and what it covers takes no keys."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from console.views.desk.dock import Dock


class OpenPlace(NamedTuple):
    """Something that can lie over the desk."""

    is_open: Callable[[], object]
    close: Callable[[], object]


def close_topmost(openings: Iterable[OpenPlace]) -> None:
    """Close the first that is open; they are given from the topmost down, and keep what was typed."""
    top = next((one for one in openings if one.is_open()), None)
    if top is not None:
        top.close()


def shut_covered(docks: Iterable[Dock], over: QRect, desk: QWidget) -> None:
    """Take the keys from panels that lie under a rectangle: they would act on what nobody sees.

    Args:
        docks: the panels. The map keeps its keys: none of them acts, and a place is picked on it.
        over: what covers them, in the desk's coordinates; empty for nothing.
        desk: what they are part of.
    """
    for dock in docks:
        hidden = not dock.isFloating() and over.contains(dock.mapTo(desk, dock.rect().center()))
        dock.setEnabled(dock.objectName() == "map" or not hidden)
