"""Keys by their names, and whether somebody is typing."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

SCROLLS: Final = {int(Qt.Key.Key_PageDown): 1, int(Qt.Key.Key_PageUp): -1}
"""Keys that scroll the pane, and which way."""
COPY_KEY: Final = "Ctrl+Shift+C"


def is_typing() -> bool:
    """Whether the keyboard is in a field: letters are text then, and no actions."""
    return isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit)


def name_of(event: QKeyEvent) -> str:
    """The pressed key as steps call it, such as ``"Return"`` or ``"V"``; empty for one with other modifiers."""
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    if event.modifiers() == both and event.key() == Qt.Key.Key_C:
        return COPY_KEY
    if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
        return ""
    named = {int(Qt.Key.Key_Return): "Return", int(Qt.Key.Key_Enter): "Return", int(Qt.Key.Key_Delete): "Delete"}
    return named.get(event.key(), event.text().upper())
