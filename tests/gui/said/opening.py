"""One state of a view."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from tests.gui.said.still import Still

Happens = tuple[str, Callable[[Still], object]]
"""Something that happens by itself, with its name."""


@dataclass(frozen=True)
class Opening:
    """One state of a view.

    Attributes:
        open: brings it about at a new desk, and returns what says something.
        then: keys, or what is typed after a colon, or what happens; what each of them changes is written down.
        press: whether each button and each key of it is tried.
    """

    name: str
    open: Callable[[Still], QWidget]
    then: tuple[str | Happens, ...] = ()
    press: bool = True
