"""Tab walks through what is open in the order in which it is seen, round and round; and back to where one was."""

from collections.abc import Iterator
from functools import cmp_to_key

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def stops(root: QWidget) -> list[QWidget]:
    """Where Tab stops inside a widget, as the eye goes: line by line, and along each line."""
    return list(_stops(root, root))


def _stops(root: QWidget, inside: QWidget) -> Iterator[QWidget]:
    children = [child for child in inside.children() if isinstance(child, QWidget)]
    seen = [child for child in children if child.isVisibleTo(root) and not child.isWindow()]
    for child in sorted(seen, key=cmp_to_key(_before)):
        takes = bool(child.focusPolicy() & Qt.FocusPolicy.TabFocus) and child.isEnabled()
        # One that hands its focus on is no stop: what it hands to is found inside it.
        if takes and child.focusProxy() is None:
            yield child
        else:
            yield from _stops(root, child)


def _before(one: QWidget, other: QWidget) -> int:
    """Negative when one is seen before the other: above it, or left of it in the same line."""
    mine, theirs = one.geometry(), other.geometry()
    together = min(mine.bottom(), theirs.bottom()) - max(mine.top(), theirs.top())
    same_line = together > min(mine.height(), theirs.height()) / 2
    return mine.left() - theirs.left() if same_line else mine.top() - theirs.top()


def walk(root: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to the next stop inside a widget, or to the one before; after the last comes the first."""
    found = stops(root)
    if not found:
        return False
    focus = QApplication.focusWidget()
    place = next((at for at, stop in enumerate(found) if focus is not None and _is_in(focus, stop)), None)
    step = 1 if forward else -1
    target = found[0 if forward else -1] if place is None else found[(place + step) % len(found)]
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return True


def _is_in(widget: QWidget, outer: QWidget) -> bool:
    return widget is outer or outer.isAncestorOf(widget)


def has_keyboard(widget: QWidget) -> bool:
    """Whether the keyboard is in a widget or in what it holds."""
    focus = QApplication.focusWidget()
    return focus is not None and _is_in(focus, widget)


class CameFrom:
    """Where the keyboard was before something opened, to be given back when that closes."""

    def __init__(self) -> None:
        self._before: QWidget | None = None

    def remember(self) -> None:
        """The keyboard is about to be taken from here."""
        self._before = QApplication.focusWidget()

    def give_back(self) -> bool:
        """Go back, if that is still to be seen; whether it was."""
        before, self._before = self._before, None
        if before is None or not shiboken6.isValid(before) or not before.isVisible() or not before.isEnabled():
            return False
        before.setFocus(Qt.FocusReason.OtherFocusReason)
        return True
