"""What can be pressed in a view, and what it tells others."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QMetaMethod, QObject, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

from console.look.keyboard import DIGIT, LETTER, Hands
from console.views.board.list import SteadyList
from tests.gui.walking import ancestors

# What is tried of a part that takes any letter or digit.
_ANY = {LETTER: "X", DIGIT: "2"}
# Where a list is gone through is Qt's; each state names those that lead to something.
_MOVES = {"Up", "Down", "PgUp", "PgDown", "Home", "End"}


def pressable(top: QWidget) -> list[QAbstractButton]:
    """Every button of a view that is to be seen and may be pressed."""
    found = top.findChildren(QAbstractButton)
    return [
        one for one in found if one.isVisibleTo(top) and one.isEnabled() and not one.objectName().startswith("qt_")
    ]


def called(button: QAbstractButton) -> str:
    """What a button is called in a page."""
    words = button.text().replace("\n", " ") or button.accessibleName()
    return " ".join(one for one in (type(button).__name__, button.objectName(), repr(words)) if one)


def keys_of(top: QWidget) -> Iterator[tuple[str, str, QWidget]]:
    """The keys of each part that a place in it belongs to: the part's title, the key, the first such place."""
    seen = set()
    for place in (top, *top.findChildren(QWidget)):
        takes = place.focusPolicy() is not Qt.FocusPolicy.NoFocus and place.focusProxy() is None
        if not (takes and place.isEnabled() and place.isVisibleTo(top)):
            continue
        for outer in ancestors(place):
            for title, key in _bound(outer):
                if (title, key) not in seen:
                    seen.add((title, key))
                    yield title, key, place
            if outer is top:
                break


def _bound(widget: QWidget) -> Iterator[tuple[str, str]]:
    hands = getattr(widget, "_hands", None) or getattr(widget, "hands", None)
    if callable(hands) and isinstance(widget, SteadyList):
        hands = hands()
    if isinstance(hands, Hands):
        names = (name for key in hands.part.keys for name in key.names if name not in _MOVES)
        yield from ((hands.part.title, _ANY.get(name, name)) for name in names)


def shortcuts_of(top: QWidget) -> dict[str, QShortcut]:
    """The keys that hold in the whole of a view, each of them once."""
    found = [one for one in top.findChildren(QShortcut) if one.isEnabled() and not one.key().isEmpty()]
    return {f"shortcut {one.key().toString()}": one for one in reversed(found)}


def tell_signals(top: QObject, told: Callable[[Any], str], heard: list[str]) -> list[str]:
    """Write down from now on, beside what is heard already, what a view of ours tells others."""
    made = top.metaObject()
    for at in range(made.methodCount()):
        method = made.method(at)
        if method.methodType() is QMetaMethod.MethodType.Signal and _is_ours(top, name := _name(method)):
            getattr(top, name).connect(lambda *given, name=name: heard.append(f"{name}({_words(given, told)})"))
    return heard


def _name(method: QMetaMethod) -> str:
    return bytes(method.name().data()).decode()


def _is_ours(top: QObject, name: str) -> bool:
    return any(name in vars(kind) for kind in type(top).__mro__ if kind.__module__.startswith("console."))


def _words(given: tuple[Any, ...], told: Callable[[Any], str]) -> str:
    return ", ".join(map(told, given))
