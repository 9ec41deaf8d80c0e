"""What of a window cannot be used: controls that have no name, are too small to be hit, or do nothing."""

from collections.abc import Iterator

from PySide6.QtCore import SIGNAL, Qt
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QWidget

from console.look.buttons import ActionButton
from console.look.style import px

SMALLEST = 24
"""Pixels, at 100 % text."""


def controls(top: QWidget) -> Iterator[QWidget]:
    """What can take the keyboard or a click, and is on the screen; not the insides of a compound control."""
    for one in top.findChildren(QWidget):
        reachable = one.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(one, QAbstractButton)
        inside = isinstance(one.parentWidget(), QAbstractSpinBox | QComboBox | QLineEdit | QWebEngineView)
        if reachable and one.isVisible() and not inside and not one.objectName().startswith("qt_"):
            yield one


def spoken(control: QWidget) -> str:
    """What a screen reader says first."""
    labels = control.window().findChildren(QLabel)
    words = control.text() if isinstance(control, QAbstractButton) else ""
    buddy = next((label.text() for label in labels if label.buddy() is control), "")
    return control.accessibleName() or words or buddy


def what(control: QWidget) -> str:
    owner = control.parentWidget()
    return f"{type(control).__name__} {control.objectName() or spoken(control)!r} in {type(owner).__name__}"


def too_small(top: QWidget) -> list[str]:
    tiny = [one for one in controls(top) if min(one.width(), one.height()) < px(SMALLEST)]
    return [f"{what(one)}: {one.width()} x {one.height()}" for one in tiny]


def unusable(top: QWidget) -> list[str]:
    """All that is wrong, a line each."""
    found = list(controls(top))
    nameless = [f"has no name: {what(one)}" for one in found if not spoken(one).strip()]
    idle = [f"does nothing: {what(one)}" for one in found if isinstance(one, ActionButton) and not _does(one)]
    return [*nameless, *idle, *(f"too small: {one}" for one in too_small(top))]


def _does(button: ActionButton) -> bool:
    return button.receivers(SIGNAL("clicked(bool)")) > 0
