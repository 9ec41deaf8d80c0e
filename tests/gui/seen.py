"""What of a window's texts cannot be read: cut off, squeezed, or with another text over it.

Qt's own widgets are asked what room their words need. What the console paints by hand is watched while it is
painted: every text with its font and its place, and what an ellipsis has taken from it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QImage, QPainter
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QBoxLayout,
    QComboBox,
    QGridLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

from console.look.buttons import ActionButton
from console.look.panel import ElidedLabel

SLACK = 2
"""Pixels by which rounding may differ."""
NEW_CHILD = QSize(100, 30)
"""How large Qt makes a child that nobody has placed yet, at the upper left corner of its parent."""


@dataclass(frozen=True)
class Text:
    """Words on the screen: the widget they are in, and where, in its coordinates."""

    owner: QWidget
    words: str
    box: QRect


@dataclass
class Painted:
    """What was painted by hand: texts, those that ran out of their box, and what each ellipsis took."""

    texts: list[Text] = field(default_factory=list)
    clipped: list[Text] = field(default_factory=list)
    cut: dict[str, str] = field(default_factory=dict)
    """Whole words by what was left of them."""


@dataclass(frozen=True)
class Seen:
    """A window as it was looked at."""

    texts: tuple[Text, ...]
    faults: tuple[str, ...]
    cut: tuple[tuple[str, str], ...]
    """What was left, and the whole words."""

    def said(self, owner: QWidget) -> str:
        """All words inside a widget, line by line."""
        inside = [text for text in self.texts if text.owner is owner or owner.isAncestorOf(text.owner)]
        return "\n".join(text.words for text in inside)


# --- what is painted by hand ---


@contextmanager
def watched() -> Iterator[Painted]:
    """Watch every text that Python code paints or cuts; it is painted and cut all the same."""
    seen = Painted()
    draw, elide, elide_f = QPainter.drawText, QFontMetrics.elidedText, QFontMetricsF.elidedText

    def drawn(painter: QPainter, *given: Any) -> Any:
        if len(given) == 3 and isinstance(given[0], QRect | QRectF) and given[2]:
            _note(seen, painter, QRectF(given[0]), int(given[1]), given[2])
        return draw(painter, *given)

    def cutting(original: Callable[..., str]) -> Callable[..., str]:
        def cut(metrics: Any, words: str, *more: Any) -> str:
            left = original(metrics, words, *more)
            if left != words:
                seen.cut[left] = words
            return left

        return cut

    QPainter.drawText = drawn  # type: ignore[method-assign,assignment]
    QFontMetrics.elidedText = cutting(elide)  # type: ignore[method-assign,assignment]
    QFontMetricsF.elidedText = cutting(elide_f)  # type: ignore[method-assign,assignment]
    try:
        yield seen
    finally:
        QPainter.drawText = draw  # type: ignore[method-assign]
        QFontMetrics.elidedText = elide  # type: ignore[method-assign]
        QFontMetricsF.elidedText = elide_f  # type: ignore[method-assign]


def _note(seen: Painted, painter: QPainter, box: QRectF, flags: int, words: str) -> None:
    owner = painter.device()
    if not isinstance(owner, QWidget):
        return
    needed = QFontMetricsF(painter.font()).boundingRect(box, flags, words)
    place = painter.worldTransform().mapRect(needed)
    shown = place
    if painter.hasClipping():
        shown = place.intersected(painter.worldTransform().mapRect(painter.clipBoundingRect()))
    text = Text(owner, words, shown.toAlignedRect())
    if shown.isEmpty():
        return
    seen.texts.append(text)
    tall = bool(flags & int(Qt.TextFlag.TextWordWrap)) and needed.height() > box.height() + SLACK
    if needed.width() > box.width() + SLACK or tall:
        seen.clipped.append(text)


# --- what Qt's widgets show ---


def _words(widget: QWidget) -> Iterator[tuple[str, QSize, QRect]]:
    """Words of one of Qt's widgets, the room they need, and the room they have."""
    if isinstance(widget, ElidedLabel | ActionButton):
        return
    if isinstance(widget, QLabel) and widget.text():
        yield _of_label(widget)
    elif isinstance(widget, QAbstractButton) and widget.text():
        yield widget.text(), widget.sizeHint(), widget.rect()
    elif isinstance(widget, QLineEdit) and not isinstance(widget.parentWidget(), QComboBox):
        words = widget.text() or widget.placeholderText()
        # What is typed scrolls under the cursor; what is only a hint must be there at a glance.
        wide = widget.fontMetrics().horizontalAdvance(words) if not widget.text() else 0
        room = widget.rect().adjusted(4, 2, -4, -2)
        yield words, QSize(wide, widget.fontMetrics().height()), room
    elif isinstance(widget, QPlainTextEdit | QTextEdit) and not widget.toPlainText():
        yield widget.placeholderText(), _wrapped(widget), widget.viewport().rect()
    elif isinstance(widget, QListWidget) and _is_qts(widget.itemDelegate()):
        yield from _of_list(widget)
    elif isinstance(widget, QTabBar):
        for at in range(widget.count()):
            wide = widget.fontMetrics().horizontalAdvance(widget.tabText(at))
            yield widget.tabText(at), QSize(wide, widget.fontMetrics().height()), widget.tabRect(at)


def _of_label(label: QLabel) -> tuple[str, QSize, QRect]:
    room = label.contentsRect()
    if not label.wordWrap():
        return label.text(), label.sizeHint(), label.rect()
    margin = label.width() - room.width()
    needed = QSize(label.minimumSizeHint().width() - margin, label.heightForWidth(label.width()))
    return label.text(), needed, label.rect()


def _is_qts(one: object) -> bool:
    return type(one).__module__.startswith("PySide6")


def _of_list(listed: QListWidget) -> Iterator[tuple[str, QSize, QRect]]:
    """Rows that Qt draws by itself: what does not wrap has to fit beside what is ticked."""
    for at in range(listed.count()):
        item = listed.item(at)
        box = listed.visualItemRect(item)
        if 0 <= box.center().y() < listed.viewport().height():
            room = box.adjusted(4, 0, -4, 0).intersected(listed.viewport().rect())
            flags = int(Qt.TextFlag.TextWordWrap) if listed.wordWrap() else 0
            needed = listed.fontMetrics().boundingRect(room, flags, item.text()).size()
            yield item.text(), QSize(needed.width(), 0), room


def _wrapped(edit: QPlainTextEdit | QTextEdit) -> QSize:
    room = edit.viewport().rect().adjusted(4, 2, -4, 0)
    return edit.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), edit.placeholderText()).size()


def _place(widget: QWidget, needed: QSize, room: QRect) -> QRect:
    """Where the words of a widget are, as far as others may not come near."""
    if not isinstance(widget, QLabel) or widget.wordWrap():
        return room
    wide, tall = min(needed.width(), room.width()), min(needed.height(), room.height())
    top = room.top() + (room.height() - tall) // 2
    right = bool(widget.alignment() & Qt.AlignmentFlag.AlignRight)
    middle = bool(widget.alignment() & Qt.AlignmentFlag.AlignHCenter)
    spare = room.width() - wide
    return QRect(room.left() + (spare if right else spare // 2 if middle else 0), top, wide, tall)


# --- a whole window ---


def look(window: QWidget) -> Seen:
    """Paint a window, and find every text in it that is cut off, squeezed, or under another one."""
    with watched() as painted:
        image = QImage(window.size(), QImage.Format.Format_RGB32)
        window.render(image)
    widgets = [one for one in _widgets(window) if one.isVisible()]
    texts, faults = [text for text in painted.texts if _is_in_sight(text, window)], []
    faults += [f"painted over its edge: {_named(text)}" for text in painted.clipped if _is_in_sight(text, window)]
    for widget in widgets:
        for words, needed, room in _words(widget):
            text = Text(widget, words, _place(widget, needed, room))
            if words and _is_in_sight(text, window):
                texts.append(text)
                faults += _squeezed(text, needed, room)
    faults += [f"placed by nobody: {_called(widget)}" for widget in widgets if _is_stray(widget, window)]
    faults += [f"cut off by what holds it: {_named(text)}" for text in texts if _is_cut_off(text, window)]
    faults += _overlaps([text for text in texts if not _is_covered(text, window)], window)
    shown = {text.words for text in painted.texts}
    cut = tuple((left, whole) for left, whole in painted.cut.items() if left in shown)
    return Seen(tuple(texts), tuple(faults), cut)


def _widgets(top: QWidget) -> Iterator[QWidget]:
    yield top
    for child in top.children():
        if isinstance(child, QWidget) and not isinstance(child, QWebEngineView) and not child.isWindow():
            yield from _widgets(child)


def _named(text: Text) -> str:
    owner = text.owner
    return f"{text.words[:60]!r} in {type(owner).__name__} of {type(owner.parentWidget()).__name__}"


def _called(widget: QWidget) -> str:
    words = widget.objectName() or widget.accessibleName()
    return f"{type(widget).__name__} {words[:60]!r} of {type(widget.parentWidget()).__name__}"


def _is_stray(widget: QWidget, window: QWidget) -> bool:
    """Whether it still lies where Qt puts a new child, in a widget whose other children are arranged."""
    layout = None if widget is window else widget.parentWidget().layout()
    if not isinstance(layout, QBoxLayout | QGridLayout):
        return False
    new = NEW_CHILD.expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())
    is_new = widget.pos().isNull() and widget.size() == new
    return is_new and layout.indexOf(widget) < 0 and not _is_nested(layout, widget)


def _squeezed(text: Text, needed: QSize, room: QRect) -> list[str]:
    if needed.width() <= room.width() + SLACK and needed.height() <= room.height() + SLACK:
        return []
    has, wants = f"{room.width()} x {room.height()}", f"{needed.width()} x {needed.height()}"
    return [f"squeezed: {_named(text)} has {has}, needs {wants}"]


def _on(window: QWidget, text: Text) -> QRect:
    return QRect(text.owner.mapTo(window, text.box.topLeft()), text.box.size())


def _is_in_sight(text: Text, window: QWidget) -> bool:
    if not text.owner.isVisible() or text.box.isEmpty():
        return False
    return text.owner is window or (window.isAncestorOf(text.owner) and not _held(text, window).isEmpty())


def _held(text: Text, window: QWidget, *, scrolled: bool = True) -> QRect:
    """What is left of a text inside all that holds it; ``scrolled`` counts what is scrolled away as gone."""
    left, widget = QRect(text.box), text.owner
    while widget is not window:
        inside = widget.rect()
        parent = widget.parentWidget()
        scrolls = isinstance(parent, QAbstractScrollArea) and widget is parent.viewport()
        if scrolls and not scrolled:
            inside = QRect(inside.left(), left.top(), inside.width(), left.height())
            # Whether the rest is in sight depends on how far somebody scrolls.
            return left.intersected(inside)
        left = left.intersected(inside)
        left.moveTopLeft(widget.mapToParent(left.topLeft()))
        widget = parent
    return left.intersected(window.rect())


def _is_cut_off(text: Text, window: QWidget) -> bool:
    left = _held(text, window, scrolled=False)
    return left.width() < text.box.width() - SLACK or left.height() < text.box.height() - SLACK


def _is_covered(text: Text, window: QWidget) -> bool:
    """Whether something that floats lies over it, which is meant to: a sheet, a message, a page of keys."""
    box = _held(text, window).adjusted(1, 1, -1, -1)
    corners = (box.center(), box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight())
    return any(_floats_over(text.owner, window.childAt(at), window) for at in corners)


def _floats_over(owner: QWidget, other: QWidget | None, window: QWidget) -> bool:
    if other is None or other is owner or other.isAncestorOf(owner) or owner.isAncestorOf(other):
        return False
    above = other
    while above.parentWidget() is not None and not above.parentWidget().isAncestorOf(owner):
        if above.parentWidget() is owner:
            return False
        above = above.parentWidget()
    home = above.parentWidget()
    layout = home.layout() if home is not None else None
    return layout is None or (layout.indexOf(above) < 0 and not _is_nested(layout, above))


def _is_nested(layout: Any, widget: QWidget) -> bool:
    inner = (one for one in layout.children() if isinstance(one, QLayout))
    return any(one.indexOf(widget) >= 0 or _is_nested(one, widget) for one in inner)


def _overlaps(texts: Iterable[Text], window: QWidget) -> list[str]:
    placed = [(text, QRect(_held(text, window))) for text in texts]
    placed.sort(key=lambda one: one[1].left())
    found = []
    for at, (text, box) in enumerate(placed):
        for other, beside in placed[at + 1 :]:
            if beside.left() > box.right():
                break
            both = box.intersected(beside)
            if min(both.width(), both.height()) > SLACK and not _is_same(text, other):
                found.append(
                    f"over each other: {_named(text)} and {_named(other)}, {both.width()} x {both.height()}"
                )
    return found


def _is_same(one: Text, other: Text) -> bool:
    return one.words == other.words and one.owner is other.owner


def lost(seen: Seen, must: Iterable[str]) -> list[str]:
    """What an ellipsis took of words that must stay whole."""
    needed = tuple(must)
    return [
        f"cut: {left!r} of {whole!r} lost {word!r}"
        for left, whole in seen.cut
        for word in needed
        if word in whole and word not in left
    ]
