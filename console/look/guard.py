"""No exception leaves a method that Qt calls.

Qt calls ``paintEvent``, a delegate's ``paint``, a model's ``data`` and the like from its own code, which can do
nothing with a Python exception; one in a paint leaves an active QPainter, and the next paint ends the process.
So each class that overrides such methods is marked::

    @guarded
    class BoardDelegate(QStyledItemDelegate): ...

The decorator wraps those methods where they stand, by name. On an exception the fault is noted
(``console.running.faults``), what was being drawn is drawn as unreadable, and Qt gets a harmless answer.

A class is marked, not each method: a method added later is wrapped by itself, and ``tests/gui/test_guard.py``
fails on a class that is not marked and on a method of Qt's that has no answer here. Nothing is patched into Qt's
own classes, so what is wrapped can be seen where it stands. A call costs a fraction of a microsecond more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FunctionType
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QStyleOptionViewItem, QWidget

from console.look import paint
from console.look.style import SMALLEST_TARGET, current
from console.running.faults import attempt, faults, frames, part_of

C = TypeVar("C", bound=type)
_Answer = Callable[..., Any]
_Index = QModelIndex | QPersistentModelIndex

_hurt: Final[WeakKeyDictionary[QWidget, str]] = WeakKeyDictionary()
"""Widgets drawn as unreadable, and what a screen reader was told about them before."""


def guarded(cls: C) -> C:
    """Class decorator: wrap every method that Qt calls by one of the names in :data:`ANSWERS`."""
    for name, method in list(vars(cls).items()):
        if isinstance(method, FunctionType) and name in ANSWERS:
            # In ``paint`` the painter is the view's own, which goes on with it; in ``paintEvent`` it must not stay
            # active.
            wrap = _painted if name == "paintEvent" else _answered
            setattr(cls, name, wrap(method, ANSWERS[name]))
    return cls


def is_guarded(method: object) -> bool:
    """Whether a method was wrapped."""
    return bool(getattr(method, "__guarded__", False))


def _answered(method: FunctionType, answer: _Answer) -> _Answer:
    place, part = method.__qualname__, part_of(method.__module__)

    @wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 as many kinds as Qt has methods
        try:
            return method(self, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 this is the place where all of them are caught
            faults.note(place, error, part)
            return answer(self, *args)

    call.__guarded__ = True  # type: ignore[attr-defined] # read by is_guarded
    return call


def _painted(method: FunctionType, answer: _Answer) -> _Answer:
    place, part = method.__qualname__, part_of(method.__module__)

    @wraps(method)
    def call(self: Any, event: Any) -> None:  # noqa: ANN401 as above
        try:
            method(self, event)
        except Exception as error:  # noqa: BLE001 as above
            faults.note(place, error, part)
            _end_painters(error)
            answer(self, event)
        else:
            if _hurt:
                _heal(self)

    call.__guarded__ = True  # type: ignore[attr-defined] # as above
    return call


@contextmanager
def part(painter: QPainter, rect: QRectF, place: str, words: str = "") -> Iterator[None]:
    """Draw one of many things in a paint: what fails is drawn as unreadable in its ``rect``, the others as ever.

    Args:
        painter: left as it was found.
        rect: where the thing is.
        place: what it is, in plain words: ``"a lane of the timelines"``.
        words: what is known of it.
    """
    painter.save()
    try:
        yield
    except Exception as error:  # noqa: BLE001 as above
        faults.note(place, error)
        _end_painters(error, painter)
        painter.restore()
        attempt("the sign for what cannot be shown", paint.paint_unreadable, painter, rect, current(), words)
    else:
        painter.restore()


def _end_painters(error: BaseException, but: QPainter | None = None) -> None:
    """End what was painting when it failed: the traceback holds it, and Qt must not find it active."""
    for frame, _ in frames(error.__traceback__):
        for value in list(frame.f_locals.values()):
            if isinstance(value, QPainter) and value is not but and value.isActive():
                value.end()
    _let_go(error)


def _let_go(error: BaseException | None) -> None:
    # To look into a frame keeps its locals, and one of them is the error: a ring that would hold the painter, too.
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__


# --- what Qt is answered instead ---


def _nothing(*_args: object) -> None:
    return None


def _always(value: object) -> _Answer:
    return lambda *_args: value


def _small(*_args: object) -> QSize:
    return QSize(SMALLEST_TARGET, SMALLEST_TARGET)


def _draw_widget(widget: QWidget, _event: object) -> None:
    if widget not in _hurt:
        _hurt[widget] = widget.accessibleDescription()
        widget.setAccessibleDescription(paint.UNREADABLE)
    # A scroll area paints on its viewport: a painter on the frame is refused by Qt.
    device = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    attempt("the sign for what cannot be shown", _draw_sign, device)


def _draw_sign(device: QWidget) -> None:
    with QPainter(device) as painter:
        paint.paint_unreadable(painter, QRectF(device.rect()), current())


def _heal(widget: QWidget) -> None:
    if widget in _hurt:
        widget.setAccessibleDescription(_hurt.pop(widget))


def _draw_item(_delegate: object, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
    box = QRectF(option.rect)
    words = attempt("the words of a row", index.data, Qt.ItemDataRole.DisplayRole)
    known = f"Cannot be drawn: {words}" if isinstance(words, str) and words else ""
    attempt("the sign for what cannot be shown", paint.paint_unreadable, painter, box, current(), known)


def _refuse_request(_handler: QObject, job: Any) -> None:  # noqa: ANN401 the web engine is not loaded for this
    job.fail(job.Error.RequestFailed)


def _block_request(_interceptor: QObject, info: Any) -> None:  # noqa: ANN401 as above
    info.block(True)


_EVENTS: Final = (
    "changeEvent", "closeEvent", "contextMenuEvent", "dragEnterEvent", "dragLeaveEvent", "dragMoveEvent",
    "dropEvent", "enterEvent", "focusInEvent", "focusOutEvent", "hideEvent", "keyPressEvent", "keyReleaseEvent",
    "leaveEvent", "mouseDoubleClickEvent", "mouseMoveEvent", "mousePressEvent", "mouseReleaseEvent", "moveEvent",
    "resizeEvent", "showEvent", "timerEvent", "wheelEvent",
)  # fmt: skip

ANSWERS: Final[dict[str, _Answer]] = {
    **dict.fromkeys(_EVENTS, _nothing),
    "paintEvent": _draw_widget,
    "paint": _draw_item,
    "event": _always(False),
    "eventFilter": _always(False),
    "viewportEvent": _always(False),
    "focusNextPrevChild": _always(False),
    # sizes and layouts
    "sizeHint": _small,
    "minimumSizeHint": _small,
    "minimumSize": _small,
    "heightForWidth": _always(SMALLEST_TARGET),
    "hasHeightForWidth": _always(False),
    "expandingDirections": _always(Qt.Orientation(0)),
    "addItem": _nothing,
    "count": _always(0),
    "itemAt": _nothing,
    "takeAt": _nothing,
    "setGeometry": _nothing,
    # models: a row that cannot be judged is shown
    "rowCount": _always(0),
    "columnCount": _always(0),
    "data": _nothing,
    "headerData": _nothing,
    "setData": _always(False),
    "flags": _always(Qt.ItemFlag.NoItemFlags),
    "roleNames": lambda *_args: {},
    "mimeTypes": lambda *_args: [],
    "mimeData": _nothing,
    "lessThan": _always(False),
    "filterAcceptsRow": _always(True),
    "filterAcceptsColumn": _always(True),
    "createEditor": _nothing,
    "helpEvent": _always(False),
    # the map's page: what cannot be judged is refused
    "requestStarted": _refuse_request,
    "interceptRequest": _block_request,
    "acceptNavigationRequest": _always(False),
    "javaScriptConsoleMessage": _nothing,
    # workers
    "run": _nothing,
}
"""What Qt is answered when the method of that name failed, given what the method was given."""
