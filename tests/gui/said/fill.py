"""Fills a sheet, whatever fields it has: one after the other, as a person who knows nothing better."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QListWidget, QPlainTextEdit, QSpinBox, QWidget

from tests.gui.said.opening import Happens
from tests.gui.said.still import Still
from tests.gui.walking import ancestors

_DONE: Final = "_filled"
_KINDS = (QLineEdit, QPlainTextEdit, QListWidget, QComboBox)
_MOST: Final = 8


def _fill_next(still: Still) -> bool:
    top = QApplication.activeWindow() or still.window
    focus = QApplication.focusWidget()
    places = [one for one in top.findChildren(QWidget) if isinstance(one, _KINDS) and _is_open(one, top)]
    sheet = next((outer for outer in ancestors(focus) if "Sheet" in type(outer).__name__), None)
    wanted = [one for one in places if sheet is None or sheet.isAncestorOf(one)]
    place = next((one for one in wanted if not one.property(_DONE)), None)
    if place is None:
        return False
    place.setProperty(_DONE, "yes")
    place.setFocus(Qt.FocusReason.TabFocusReason)
    if isinstance(place, QListWidget | QComboBox):
        still.press("Down" if isinstance(place, QComboBox) else "1")
    else:
        still.press(f":{_words(place)}")
    return True


def _is_open(one: QWidget, top: QWidget) -> bool:
    is_inner = isinstance(one.parentWidget(), QComboBox | QSpinBox)
    return one.isVisibleTo(top) and one.isEnabled() and not is_inner and not one.property("readOnly")


def _words(place: QWidget) -> str:
    """A time where one is asked for, by what the field is called."""
    name = f"{place.accessibleName()} {place.objectName()}".lower()
    timed = any(word in name for word in ("when", "until", "time", "end", "from", " at"))
    return "0330" if timed else "Ana Example"


FILL: tuple[Happens, ...] = tuple((f"fill {at}", _fill_next) for at in range(1, _MOST + 1))
