"""One state of a view."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from tests.gui.said.still import Still

Happens = tuple[str, Callable[[Still], object]]
"""Something that happens by itself, with its name. ``False`` says that nothing did."""


@dataclass(frozen=True)
class Opening:
    """One state of a view.

    Attributes:
        open: brings it about at a new desk, and returns what says something.
        then: keys, or what is typed after a colon, several with `` ; `` between, or what happens; what each
            changes is written down.
        press: whether each button and each key of it is tried, at a new desk where one before changed anything.
        in_a_row: at the same desk, as long as the view is there: for what is dear to bring about.
    """

    name: str
    open: Callable[[Still], QWidget]
    then: tuple[str | Happens, ...] = ()
    press: bool = True
    in_a_row: bool = False
