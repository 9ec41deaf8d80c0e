"""A row of choices, one key each: pick one, or toggle several. One stop of the Tab key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from console.look import paint
from console.look.guard import guarded
from console.look.key_table import CHOICE
from console.look.keyboard import Hands
from console.look.style import current, px, text_font

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value kept, the words shown, and the key (a letter or digit; empty for none)."""

    value: str
    text: str
    key: str = ""


def keyed(rows: Sequence[T], keys: str = "123456789") -> Iterator[tuple[T, str]]:
    """Each with its key, in their order; those behind the last key have none, and are chosen without."""
    return zip(rows, chain(keys, repeat("")), strict=False)


@guarded
class ChoiceRow(QFrame):
    """Choices as chips that wrap. A key selects one, and the keyboard stays; arrows and Space select too."""

    edited = Signal()
    """A person changed the choice."""

    def __init__(
        self, label: str, options: Sequence[Option] = (), parent: QWidget | None = None, *, many: bool = False
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._many = many
        self._options: tuple[Option, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._cursor = 0
        self._hands = self._bind()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_options(options)

    @property
    def options(self) -> tuple[Option, ...]:
        """What is offered."""
        return self._options

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other choices. What was chosen stays, also when it is no longer offered."""
        # What was chosen is not touched: a code that is offered no longer was still somebody's answer.
        self._options = tuple(options)
        self._cursor = 0
        self._renew()

    def chosen(self) -> tuple[str, ...]:
        """The values chosen, in the order in which they are offered; those not offered come last."""
        offered = [option.value for option in self._options if option.value in self._chosen]
        return (*offered, *(value for value in self._chosen if value not in offered))

    def choose(self, values: Sequence[str]) -> None:
        """Set the choice, as a program; ``edited`` is silent."""
        self._chosen = tuple(value for value in values if value)
        self._cursor = next((n for n, o in enumerate(self._options) if o.value in self._chosen), 0)
        self._renew()

    # --- size ---

    def sizeHint(self) -> QSize:
        """As wide as the place allows, as high as its lines need there."""
        boxes = self._boxes(self.width())
        return QSize(px(120), (boxes[-1].bottom() + 1 if boxes else self._line()) + px(2))

    def minimumSizeHint(self) -> QSize:
        """The widest chip."""
        return QSize(max((box.width() for box in self._boxes(1)), default=px(60)), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _line(self) -> int:
        # 24 pixels: the least target of WCAG 2.2, AA.
        return int(max(24, QFontMetrics(text_font()).height() + px(8)))

    def _boxes(self, width: int) -> list[QRect]:
        metrics, gap, line = QFontMetrics(text_font()), px(6), self._line()
        boxes, x, y = [], 0, px(1)
        for option in self._options:
            wide = metrics.horizontalAdvance(option.text) + px(28) + (self._cap() + px(6) if option.key else 0)
            # A chip that is wider than the row still stands in it, by itself.
            if x and x + wide > width:
                x, y = 0, y + line + gap
            boxes.append(QRect(x, y, wide, line))
            x += wide + gap
        return boxes

    def _cap(self) -> int:
        return QFontMetrics(text_font(0.8, bold=True)).horizontalAdvance("W") + px(8)

    # --- hands ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters, digits and arrows select; what is not the row's goes on to the sheet or form."""
        if self._options and self._hands.owns(event):
            self._hands.take(event)
        else:
            # Qt takes a key for done otherwise, and the form would never see Escape.
            event.ignore()

    def _bind(self) -> Hands:
        return Hands(
            CHOICE,
            {
                "next": lambda: self._move(1),
                "before": lambda: self._move(-1),
                "toggle": lambda: self._pick(self._cursor),
                "clear": self._clear,
            },
            {"select": self._select},
        )

    def _select(self, key: str) -> None:
        number = next((n for n, option in enumerate(self._options) if option.key == key), None)
        if number is not None:
            self._pick(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        at = event.position().toPoint()
        hit = next((n for n, box in enumerate(self._boxes(self.width())) if box.contains(at)), None)
        if hit is not None:
            self._pick(hit)

    def centre_of(self, value: str) -> QPoint:
        """Where a choice is drawn, for pointers."""
        number = next(n for n, option in enumerate(self._options) if option.value == value)
        return self._boxes(self.width())[number].center()

    def _move(self, step: int) -> None:
        if not self._many:
            # The ring never stands on another choice than the one that Enter would send.
            begun = bool(set(self._chosen) & {option.value for option in self._options})
            start = self._cursor + step if begun else (0 if step > 0 else -1)
            self._pick(start % len(self._options))
            return
        self._cursor = (self._cursor + step) % len(self._options)
        self._renew()
        self._announce(self._options[self._cursor].text)

    def _pick(self, number: int) -> None:
        self._cursor = number
        value = self._options[number].value
        if not self._many:
            self._chosen = (value,)
        elif value in self._chosen:
            self._chosen = tuple(one for one in self._chosen if one != value)
        else:
            self._chosen = (*self._chosen, value)
        self._changed()

    def _clear(self) -> None:
        self._chosen = ()
        self._changed()

    def _changed(self) -> None:
        self._renew()
        self._announce(self.accessibleName())
        self.edited.emit()

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _renew(self) -> None:
        words = {option.value: option.text for option in self._options}
        said = ", ".join(words.get(value, value) for value in self.chosen())
        self.setAccessibleName(f"{self._label}: {said or 'not chosen'}")
        offered = ", ".join(f"{o.key} {o.text}".strip() for o in self._options)
        self.setAccessibleDescription(f"Choices: {offered}")
        self.updateGeometry()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font scale."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()
        super().changeEvent(event)

    # --- brush ---

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A chip an option, the ring on the one that the keyboard is on."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, (option, box) in enumerate(zip(self._options, self._boxes(self.width()), strict=True)):
                self._paint_chip(painter, option, QRectF(box), ring=self.hasFocus() and number == self._cursor)

    def _paint_chip(self, painter: QPainter, option: Option, box: QRectF, *, ring: bool) -> None:
        colours, on = current(), option.value in self._chosen
        painter.setPen(QPen(QColor(colours.link if on else colours.edge), 2 if on else 1))
        painter.setBrush(QColor(colours.selection if on else colours.raised))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), px(5), px(5))
        left = box.left() + px(10)
        if option.key:
            cap = QRectF(left - px(3), box.top() + px(4), self._cap(), box.height() - px(8))
            paint.paint_keycap(painter, cap, option.key, colours)
            left = cap.right() + px(7)
        painter.setFont(text_font())
        painter.setPen(QColor(colours.text))
        room = QRectF(left, box.top(), box.right() - left, box.height())
        painter.drawText(room, paint.ONE_LINE, option.text)
        if on:
            self._paint_tick(painter, box)
        if ring:
            paint.paint_focus(painter, box, colours)

    def _paint_tick(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(QColor(current().link), 2))
        left, middle, unit = box.right() - px(16), box.center().y(), px(3)
        corners = [(left, middle), (left + unit, middle + unit), (left + 3 * unit, middle - unit)]
        painter.drawPolyline([QPointF(x, y) for x, y in corners])
