"""A window as an assistive tool reads it: through Qt's accessible interface, which is what AT-SPI hands on."""

from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

_DEEP = 40
_MANY = 400
"""Rows of a list beyond which no more are read."""
_NO_ROLES = {QAccessible.Role.NoRole, QAccessible.Role.Window, QAccessible.Role.Client}
"""The last is a bare widget's, which AT-SPI hands on as a filler: a tool passes over it."""


def parts(top: QWidget) -> Iterator[QAccessibleInterface]:
    """Everything that is to be seen in a window, outermost first."""
    root = QAccessible.queryAccessibleInterface(top)
    assert root is not None, f"{type(top).__name__} cannot be read at all"
    yield from _inside(root, _DEEP)


def _inside(part: QAccessibleInterface, deep: int) -> Iterator[QAccessibleInterface]:
    yield part
    if deep == 0 or isinstance(part.object(), QWebEngineView):
        return
    for at in range(min(part.childCount(), _MANY)):
        child = part.child(at)
        if child is not None and child.isValid() and not child.state().invisible:
            yield from _inside(child, deep - 1)


def unspoken(top: QWidget) -> list[str]:
    """What can take the keyboard in a window and has no name, or nothing that says what it is."""
    found = []
    for part in parts(top):
        if not part.state().focusable or isinstance(part.object(), QWebEngineView):
            continue
        name, role = part.text(QAccessible.Text.Name).strip(), part.role()
        # Qt gives whatever scrolls that role, and lets no program written in Python give another.
        bare = role in _NO_ROLES and not isinstance(part.object(), QAbstractScrollArea)
        if not name or bare:
            found.append(f"{_what(part)}: name {name!r}, role {role.name}")
    return found


def _what(part: QAccessibleInterface) -> str:
    one = part.object()
    owner = one.parent() if one is not None else None
    return f"{type(one).__name__} {one.objectName() if one is not None else ''} in {type(owner).__name__}"


def count(top: QWidget) -> int:
    """How many parts of a window can take the keyboard."""
    return sum(bool(part.state().focusable) for part in parts(top))
