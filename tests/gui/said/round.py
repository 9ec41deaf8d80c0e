"""What is done to every view alike, once: room, looks, the mouse, what comes and goes, a record that is silent.

A new view gets all of it by having a page.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from console.look import style
from db.clock import ClockReading
from tests.gui.said import mouse
from tests.gui.said.happens import NIGHT
from tests.gui.said.reference import id_of
from tests.gui.said.still import Still
from tests.unit.board_records import NOW

Step = tuple[str, Callable[[Still, QWidget], object]]
"""Its name, and what is done to a view at a desk; words that it returns are written down."""
_HANDLERS: Final = ("mousePressEvent", "mouseMoveEvent", "wheelEvent", "contextMenuEvent", "dropEvent", "event")
_MOST_TARGETS: Final = 8
_SIZES: Final = (
    ("narrow", 5 / 9, 1.0),
    ("low", 1.0, 1 / 2),
    ("wide and high", 8 / 5, 5 / 4),
    ("as it was", 1.0, 1.0),
)
_LOOKS: Final = (("light, large text", "light", 150), ("in high contrast", "contrast", 100), ("dark", "dark", 100))


def steps_of(still: Still, top: QWidget, tried: set[str]) -> Iterator[Step]:
    """In their order; whoever does them opens the view anew where one has closed it."""
    if _is_desk(top):
        # Its panels have pages of their own; how a whole desk is laid out anew, and when, is no matter of a page.
        return
    outer = _outermost(top, still.window)
    for name, wide, high in _SIZES:
        yield name, partial(_resize, width=round(outer.width() * wide), height=round(outer.height() * high))
    for name, theme, percent in _LOOKS:
        yield name, partial(_dress, theme=theme, percent=percent)
    for kind, called in _targets(top, tried):
        one = mouse.part(top, kind, called)
        if one is not None:
            yield from mouse.steps_on(one, kind, called)
    yield "left alone", _left_alone
    yield "taken up again", _taken_up
    for name, happens in (*NIGHT, ("another comes", _comes), ("it goes again", _goes_again)):
        yield name, partial(_by_itself, happens=happens)
    yield "it changes while nobody sees it", _unseen
    yield "the record is silent", partial(_asked_anew, is_silent=True)
    yield "it answers again", partial(_asked_anew, is_silent=False)
    yield "hours later", _hours_later
    yield "closed", lambda still, top: _outermost(top, still.window).close()


def _resize(still: Still, top: QWidget, *, width: int, height: int) -> None:
    _outermost(top, still.window).resize(width, height)


def _dress(_still: Still, _top: QWidget, *, theme: str, percent: int) -> None:
    made = QApplication.instance()
    assert isinstance(made, QApplication)
    style.apply(made, theme, percent)


def _by_itself(still: Still, _top: QWidget, *, happens: Callable[[Still], object]) -> None:
    happens(still)


def _outermost(top: QWidget, window: QWidget) -> QWidget:
    """What can be made larger: what the view lies in, short of the window that all share."""
    while not top.isWindow() and (outer := top.parentWidget()) is not None and outer is not window:
        top = outer
    return top


def _targets(top: QWidget, tried: set[str]) -> list[tuple[str, str]]:
    """What takes the mouse by itself, one of a kind, by its class and name."""
    found = []
    for one in (top, *top.findChildren(QWidget)):
        name = type(one).__name__, one.objectName()
        is_new = f"mouse {name[0]}" not in tried
        if is_new and one.isVisibleTo(top) and one.isEnabled() and _takes_mouse(one):
            tried.add(f"mouse {name[0]}")
            found.append(name)
    return found[:_MOST_TARGETS]


def _is_desk(one: QWidget) -> bool:
    return type(one).__module__.startswith("console.views.desk.")


def _takes_mouse(one: QWidget) -> bool:
    kinds = (kind for kind in type(one).__mro__ if kind.__module__.startswith("console."))
    return mouse.is_list(one) or any(name in vars(kind) for kind in kinds for name in _HANDLERS)


def _left_alone(still: Still, top: QWidget) -> None:
    focus = QApplication.focusWidget()
    if focus is not None:
        focus.clearFocus()
    QApplication.sendEvent(_outermost(top, still.window).window(), QEvent(QEvent.Type.WindowDeactivate))


def _taken_up(still: Still, top: QWidget) -> None:
    still.front(top.window())
    still.begin(top)


def _comes(still: Still) -> None:
    store = still.desk.store
    other = store.referral(id_of("no_van"))
    van = store.van(id_of("CRU4"))
    assert other is not None
    assert van is not None
    reference = "CRU-20261122-0099"
    store.put(
        {
            "referral": [replace(other, id=id_of("another"), version=1, reference=reference, priority="P2")],
            "van": [replace(van, id=id_of("CRU7"), version=1, callsign="CRU7")],
        }
    )


def _goes_again(still: Still) -> None:
    still.desk.store.put({}, gone={"referral": [id_of("another")], "van": [id_of("CRU7")]})


def _unseen(still: Still, top: QWidget) -> None:
    outer = _outermost(top, still.window)
    outer.hide()
    still.settle()
    _comes(still)
    still.settle()
    outer.show()


def _asked_anew(still: Still, top: QWidget, *, is_silent: bool) -> None:
    """It is opened, told of something new and asked for all of it by its key."""
    outer = _outermost(top, still.window)
    still.answers.is_silent = is_silent
    outer.hide()
    outer.show()
    still.front(outer.window())
    still.press("F5")
    still.desk.store.events_changed.emit(frozenset({id_of("on_way"), id_of("no_van")}))


def _hours_later(still: Still, _top: QWidget) -> None:
    still.desk.clock.set(ClockReading(NOW + timedelta(hours=14), 0.0))
    still.tick()
    still.rest()
