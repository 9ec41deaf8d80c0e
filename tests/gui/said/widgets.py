"""What a window says, as plain lines: each part that is to be seen, in the order in which it is laid out.

Of each all that Qt knows of it and that differs from a bare part of its kind. Places and sizes are told by a sum.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from PySide6 import QtWidgets
from PySide6.QtCore import QMetaProperty, Qt
from PySide6.QtGui import QCursor, QFont, QIcon, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QTabBar,
    QTextEdit,
    QWidget,
)

from console.map.view import MapView
from tests.gui.said.hands import shortcuts_of
from tests.gui.said.painted import PLACES, painted, paints
from tests.gui.said.tables import box_lines, document_lines, map_lines, view_lines

# Where it is and how large, and what follows from what is listed anyway.
_LEFT_OUT = {
    *(
        "visible",
        "updatesEnabled",
        "objectName",
        "x",
        "y",
        "width",
        "height",
        "minimumWidth",
        "minimumHeight",
        "maximumWidth",
    ),
    *("maximumHeight", "fullScreen", "isActiveWindow", "active", "focus", "hasSelectedText"),
    *(
        "selectionStart",
        "windowFlags",
        "styleSheet",
        "html",
        "markdown",
        "plainText",
        "displayText",
    ),
    *("minimized", "maximized", "windowFilePath", "frameWidth", "undoAvailable", "redoAvailable", "modified"),
    *("tabStopDistance", "cursorWidth", "lineWidth", "midLineWidth", "blockCount", "horizontalOffset", "pageStep"),
    *("maximumBlockCount", "currentRow", "currentText", "currentIndex", "count", "currentData"),
    *("underMouse", "windowIconText", "documentTitle", "acceptableInput", "toolTipDuration", "sizeGripEnabled"),
    *(
        "defaultSectionSize",
        "minimumSectionSize",
        "maximumSectionSize",
        "gridStyle",
        "layoutDirection",
    ),
    *("accessibleIdentifier", "down", "frameShadow", "frameStyle"),
    *("midLineWidth", "windowOpacity", "windowTitle", "windowModified", "modelColumn"),
    *("maximum", "sliderPosition"),
}
_ATTRIBUTES = (
    *("WA_StyledBackground", "WA_DeleteOnClose", "WA_TransparentForMouseEvents", "WA_ShowWithoutActivating"),
    *("WA_Hover", "WA_AlwaysShowToolTips", "WA_OpaquePaintEvent", "WA_NoSystemBackground"),
)
# What Qt makes for itself inside of others.
_INSIDE = re.compile(r"^qt_(?!scrollarea_viewport)|^ScrollLeftButton|^ScrollRightButton")
_FONT = re.compile(r"font-family:\\*'[^']*'")
_NO_LIMIT = 16777215


class Names:
    """Calls what is drawn by lot by the same name each time: each number by the order in which it turned up."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def plain(self, words: str) -> str:
        return _ID.sub(lambda found: self._known.setdefault(found.group(), f"id{len(self._known) + 1}"), words)


_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


def said(top: QWidget) -> list[str]:
    """All that a window or a part of one says, a line a part; two spaces for each that it is inside of."""
    lines = list(_part(top, top, 0))
    focus = [_name(one) for one in _tab_order(top)]
    keys = sorted(one.key().toString() for one in shortcuts_of(top).values())
    told = [*lines, f"tab: {' → '.join(focus)}", *([f"shortcuts: {' '.join(keys)}"] if keys else [])]
    return [*told, f"~ {PLACES} {_places(top):08x}"]


def _places(top: QWidget) -> int:
    """Where each part stands and how large it is, as a sum."""
    told = (f"{type(one).__name__} {one.x()} {one.y()} {one.width()} {one.height()}" for one in _seen(top, top))
    return zlib.crc32("\n".join(told).encode())


def _seen(widget: QWidget, top: QWidget) -> Iterator[QWidget]:
    yield widget
    for child in widget.children():
        is_ours = isinstance(child, QWidget) and not (child.isWindow() or _is_qts(widget, child))
        if is_ours and child.isVisibleTo(top) and not _INSIDE.match(child.objectName()):
            yield from _seen(child, top)


def _part(widget: QWidget, top: QWidget, depth: int, place: str = "") -> Iterator[str]:
    pad = "  " * depth
    told = _told(widget)
    own = [*_inside(widget)]
    plain = type(widget) is QWidget and not (own or place or (told and not widget.objectName().startswith("qt_")))
    if not plain:
        yield f"{pad}{_name(widget)}{place}{''.join(f' {one}' for one in told)}".rstrip()
        yield from (f"{pad}  {line}".rstrip() for line in own)
    for child, where in _children(widget):
        if child.isVisibleTo(top) and not _INSIDE.match(child.objectName()):
            yield from _part(child, top, depth + (not plain), where)


def _name(widget: QWidget) -> str:
    return type(widget).__name__ + (f" #{widget.objectName()}" if widget.objectName() else "")


def _children(widget: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Those that are laid out, in their order; then those that lie where they were put."""
    layout = widget.layout()
    inside = [one for one in widget.children() if isinstance(one, QWidget) and not one.isWindow()]
    inside = [one for one in inside if not _is_qts(widget, one)]
    places = {one: _place(layout, one) if layout is not None else None for one in inside}
    yield from (
        (one, "") for one in sorted((one for one in inside if places[one]), key=lambda one: places[one] or ())
    )
    yield from ((one, " (loose)" if layout is not None else "") for one in inside if not places[one])


def _place(layout: QLayout, widget: QWidget) -> tuple[int, ...] | None:
    """Where it is laid out, through the layouts in it: of their items, Python would keep what it asks for."""
    if (at := layout.indexOf(widget)) >= 0:
        return (at,)
    for inner in layout.children():
        if isinstance(inner, QLayout) and (within := _place(inner, widget)) is not None:
            return (layout.indexOf(inner), *within)
    return None


def _is_qts(widget: QWidget, child: QWidget) -> bool:
    is_web = any(kind.__name__ == "QWebEngineView" for kind in type(widget).__mro__)
    return is_web or (isinstance(widget, QLineEdit | QComboBox) and type(child).__module__.startswith("PySide6"))


def _told(widget: QWidget) -> list[str]:
    bare, wanted = _bare(_kind(widget))
    outer = widget.parentWidget()
    # What is shut with its whole says so there.
    left = {"enabled"} if outer is not None and not outer.isEnabled() else set()
    found = [
        f"{name}={_FONT.sub('', value)}"
        for name, told in wanted
        if name not in left and (value := _words(told.read(widget))) is not None and value != bare[name]
    ]
    if widget.isWindow():
        found.append(f"windowTitle={widget.windowTitle()!r}")
    for name in widget.dynamicPropertyNames():
        key = name.data().decode()
        # Those that begin so are Qt's own.
        if not key.startswith("_") and (value := widget.property(key)) not in (None, "", False):
            found.append(f"{key}:{value}")
    found += [name for name in _ATTRIBUTES if widget.testAttribute(getattr(Qt.WidgetAttribute, name))]
    found += _limits(widget)
    if isinstance(widget, QLabel) and widget.buddy() is not None:
        found.append(f"for {_name(widget.buddy())}")
    if widget.focusProxy() is not None:
        found.append(f"hands focus to {_name(widget.focusProxy())}")
    return found


def _limits(widget: QWidget) -> Iterator[str]:
    for side, least, most in (
        ("width", widget.minimumWidth(), widget.maximumWidth()),
        ("height", widget.minimumHeight(), widget.maximumHeight()),
    ):
        if least == most:
            yield f"fixed {side}"
        else:
            yield from [f"least {side}"] if least else []
            yield from [f"most {side}"] if most < _NO_LIMIT else []


def _kind(widget: QWidget) -> str:
    """The class of Qt's that it is made of."""
    return next(kind.__name__ for kind in type(widget).__mro__ if kind.__module__.startswith("PySide6"))


@cache
def _bare(kind: str) -> tuple[dict[str, str], tuple[tuple[str, QMetaProperty], ...]]:
    """What a bare part of a kind says, and the properties by which it says it."""
    factory: Callable[[], QWidget] | None = getattr(QtWidgets, kind, None)
    if factory is None:
        return _bare("QWidget")
    try:
        one = factory()
    except TypeError:  # a part that cannot be without its whole
        return _bare("QWidget")
    found, made = {}, one.metaObject()
    wanted = []
    for at in range(made.propertyCount()):
        told = made.property(at)
        name = told.name()
        if name not in _LEFT_OUT and (value := _words(told.read(one))) is not None:
            found[name] = value
            wanted.append((name, told))
    one.deleteLater()
    return found, tuple(wanted)


def _words(value: Any) -> str | None:
    """A property as words; None for places, sizes and what no one can see."""
    if isinstance(value, bool | str):
        return repr(value)
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, QKeySequence):
        return value.toString()
    if isinstance(value, QIcon):
        return "none" if value.isNull() else "there"
    if isinstance(value, QCursor):
        return value.shape().name
    if isinstance(value, QFont):
        return f"{value.weight()}{'i' if value.italic() else ''}{'s' if value.strikeOut() else ''}"
    if isinstance(value, QSizePolicy):
        return f"{value.horizontalPolicy().name}/{value.verticalPolicy().name}"
    if isinstance(value, QPalette):
        return None
    name = getattr(value, "name", None)
    return str(name) if isinstance(name, str) else None


def _inside(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QAbstractItemView):
        yield from view_lines(widget)
    elif isinstance(widget, QComboBox):
        yield from box_lines(widget)
    elif isinstance(widget, QTabBar):
        for at in range(widget.count()):
            yield f"{'> ' if at == widget.currentIndex() else '  '}{widget.tabText(at)} ? {widget.tabToolTip(at)}"
    elif isinstance(widget, QTextEdit | QPlainTextEdit):
        yield from document_lines(widget.document())
    elif isinstance(widget, MapView):
        yield from map_lines(widget)
    if paints(widget):
        yield from (f"  ~ {line}" for line in painted(widget))


def _tab_order(top: QWidget) -> Iterator[QWidget]:
    one, seen = top.nextInFocusChain(), 0
    while one is not None and one is not top and seen < 5000:
        seen += 1
        takes = one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None
        is_here = one.isEnabled() and top.isAncestorOf(one) and one.isVisibleTo(top)
        if takes and is_here and not _INSIDE.match(one.objectName()):
            yield one
        one = one.nextInFocusChain()
