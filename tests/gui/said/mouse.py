"""The mouse on a view: it hovers, clicks, clicks twice, turns its wheel, drags, drops, and asks for a menu."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from console.models.referrals import REFERRAL_MIME
from tests.gui.said.reference import id_of

Act = Callable[[QWidget, QWidget], list[str] | None]
"""Done to a part and to what the pointer is on; what it returns is written down."""
_LEFT: Final = Qt.MouseButton.LeftButton
_NONE: Final = Qt.KeyboardModifier.NoModifier
_GRID: Final = (0.06, 0.3, 0.5, 0.7, 0.94)
_SHARES: Final = (0.0, 0.5, 1.0)
_NOTCH: Final = 120


def is_list(one: QWidget) -> bool:
    """Whether it is a list or table with something in it."""
    return isinstance(one, QAbstractItemView) and one.model() is not None and one.model().rowCount() > 0


def part(top: QWidget, kind: str, called: str) -> QWidget | None:
    """The first part of a view that is of a kind and has this name."""
    parts = (top, *top.findChildren(QWidget))
    own = ((type(one).__name__, one.objectName(), one) for one in parts)
    return next((one for its, name, one in own if (its, name) == (kind, called) and one.isVisibleTo(top)), None)


def steps_on(one: QWidget, kind: str, called: str) -> Iterator[tuple[str, Callable[[Any, QWidget], object]]]:
    """What the mouse can do to a part, one after the other; what seldom does anything, together."""
    acts: dict[str, tuple[Act, ...]] = {
        "pointed at": (_hover,),
        "click": (partial(_click, share=0.0),),
        "click elsewhere, twice": (partial(_click, share=0.5), partial(_click, share=1.0, twice=True)),
        "wheel, menu": (
            partial(_wheel, modifiers=_NONE),
            partial(_wheel, modifiers=Qt.KeyboardModifier.ShiftModifier),
            _menu,
        ),
    }
    if not is_list(one):
        acts["dragged"] = (partial(_click, share=0.0, button=Qt.MouseButton.RightButton), _drag)
    if _under(one).acceptDrops():
        acts["dropped on"] = tuple(partial(_drop, share=share) for share in _SHARES)
    for name, does in acts.items():
        yield f"{kind}{f' #{called}' if called else ''}: {name}", partial(_on, kind=kind, called=called, acts=does)


def _on(_still: object, top: QWidget, *, kind: str, called: str, acts: Sequence[Act]) -> list[str]:
    told: list[str] = []
    for act in acts:
        one = part(top, kind, called) if isValid(top) else None
        told += (act(one, _under(one)) or []) if one is not None else []
    return told


def _under(one: QWidget) -> QWidget:
    """What the pointer is on."""
    return one.viewport() if isinstance(one, QAbstractScrollArea) else one


def _point(one: QWidget, at: QWidget, share: float) -> QPoint:
    """A place so far down a list, or across and down a part."""
    if isinstance(one, QAbstractItemView) and is_list(one):
        row = round((one.model().rowCount() - 1) * share)
        return one.visualRect(one.model().index(row, 0)).center()
    return _part(at, 0.1 + 0.7 * share, 0.1 + 0.7 * share)


def _click(
    one: QWidget, at: QWidget, *, share: float, twice: bool = False, button: Qt.MouseButton = _LEFT
) -> None:
    (QTest.mouseDClick if twice else QTest.mouseClick)(at, button, _NONE, _point(one, at, share))


def _part(at: QWidget, across: float, down: float) -> QPoint:
    return QPoint(round(at.width() * across), round(at.height() * down))


def _hover(one: QWidget, at: QWidget) -> list[str]:
    """What the pointer says in each place, from above to below."""
    told: list[str] = []
    asks = any(
        name in vars(kind)
        for kind in type(one).__mro__
        if kind.__module__.startswith("console.")
        for name in ("event", "viewportEvent")
    )
    for down in _GRID:
        for across in _GRID:
            point = _part(at, across, down)
            _mouse(at, QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton)
            if asks:
                QApplication.sendEvent(at, QHelpEvent(QEvent.Type.ToolTip, point, at.mapToGlobal(point)))
            told.append(at.cursor().shape().name)
    return [f"pointer {shape}" for shape in dict.fromkeys(told)]


def _mouse(at: QWidget, kind: QEvent.Type, point: QPoint, held: Qt.MouseButton) -> None:
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else _LEFT
    where, there = QPointF(point), QPointF(at.mapToGlobal(point))
    QApplication.sendEvent(at, QMouseEvent(kind, where, there, button, held, _NONE))


def _drag(_one: QWidget, at: QWidget) -> None:
    way = [_part(at, share, 0.5 + share / 10) for share in (0.5, 0.51, 0.6, 0.7)]
    _mouse(at, QEvent.Type.MouseButtonPress, way[0], _LEFT)
    for point in way[1:]:
        _mouse(at, QEvent.Type.MouseMove, point, _LEFT)
    _mouse(at, QEvent.Type.MouseButtonRelease, way[-1], Qt.MouseButton.NoButton)


def _wheel(_one: QWidget, at: QWidget, *, modifiers: Qt.KeyboardModifier) -> None:
    for across, notches in ((0.03, -2), (0.6, -1), (0.6, 3)):
        point = _part(at, across, 0.5)
        where, there = QPointF(point), QPointF(at.mapToGlobal(point))
        turned = QPoint(0, notches * _NOTCH)
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(where, there, QPoint(), turned, Qt.MouseButton.NoButton, modifiers, phase, False)
        QApplication.sendEvent(at, event)


def _menu(one: QWidget, at: QWidget) -> None:
    point = _point(one, at, 0.0)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, at.mapToGlobal(point))
    QApplication.sendEvent(at, event)


def _drop(one: QWidget, at: QWidget, *, share: float) -> list[str]:
    """Whether something else and a referral may be dropped there; the referral is."""
    told, point = [], _point(one, at, share)
    for mime in ("text/plain", REFERRAL_MIME):
        data = QMimeData()
        data.setData(mime, str(id_of("no_van")).encode())
        given = (Qt.DropAction.CopyAction, data, _LEFT, _NONE)
        events = (
            QDragEnterEvent(point, *given),
            QDragMoveEvent(point, *given),
            QDropEvent(QPointF(point), *given),
        )
        for event in events:
            event.setAccepted(False)
            if isValid(at):
                QApplication.sendEvent(at, event)
            told.append("yes" if event.isAccepted() else "no")
    return [f"taken {' '.join(told)}"]
