"""One figure: its value, from how many, what is missing, and how it was in the same hours of past weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolTip, QWidget

from console.charts.control import ControlSeries, role_of, spark
from console.charts.painting import draw_chart, laid_out
from console.look import paint
from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.lead_keys import FIGURE
from console.look.style import current, px, text_font
from console.running.faults import attempt
from console.views.lead.pictures import Pictures, beside_value, shorter_beside, usual_words
from db.domain.measures import Figure, Measure, Unit

_LOUD: Final = {"improving", "concern", "changed"}
_SPARK: Final = 0.3
"""Share of the width that the line of past weeks takes."""

_TITLES: Final = ((0.85, 100), (0.8, 100), (0.78, 92), (0.75, 86), (0.72, 82))
"""Sizes of a title, and how wide its letters are, in per cent."""


@dataclass(frozen=True, slots=True)
class FigureTold:
    """A figure in words, with its series."""

    measure: Measure
    figure: Figure
    series: ControlSeries

    @property
    def key(self) -> str:
        """Of the measure."""
        return self.measure.key

    def says(self) -> str:
        """``L improving``; empty while it is as usual with too little to say so."""
        return " and ".join(icon.words() for icon in self.series.icons())

    def target(self) -> str:
        """``target 15 min: may vary``; empty without one."""
        if self.series.target is None:
            return ""
        said = self.series.assurance()
        told = f"target {self.series.telling.value(self.series.target)}"
        return f"{told}: {said}" if said is not None else told

    def beside(self) -> tuple[str, ...]:
        """What stands beside it, and the same in fewer words: of how many and how many are missing never go."""
        words, assumes = (beside_value(self.figure), *shorter_beside(self.figure)), self.measure.assumes
        if not assumes:
            return words
        short = assumes.partition(",")[0]
        return (
            *(f"{words[0]} · {told}" for told in (f"assumes {assumes}", f"assumes {short}", f"if {short}")),
            *words,
        )

    def below(self) -> str:
        """What stands below it: the usual, what the series says, the target."""
        return " · ".join(
            one for one in (usual_words(self.measure, self.figure), self.says(), self.target()) if one
        )

    def shorter(self) -> tuple[str, ...]:
        """The same in fewer words, the longest first; nothing at last. What is unusual goes before the usual."""
        usual, says = usual_words(self.measure, self.figure), self.says()
        first = (says, usual) if _role(self) else (usual, says)
        return (f"{usual} · {says}" if says else usual, *first, "")

    def value(self) -> tuple[str, str]:
        """The value, and what it is of several minutes."""
        is_median = self.figure.unit is Unit.MINUTES and self.figure.value is not None
        return self.figure.short(), "median" if is_median else ""

    def whole(self) -> str:
        """All of it, for whoever hears it."""
        parts = (
            f"{self.measure.title}: {' '.join(self.value()).strip()}",
            self.beside()[0],
            self.below(),
        )
        return " · ".join(parts)

    def definition(self) -> str:
        """What it means, and how sure the line of past weeks is."""
        one = self.measure
        clock = f" Clock: {one.clock()}." if one.clock() else ""
        said = f"{one.title}. {one.definition}{clock} Source: {one.source}."
        return f"{said} Worded by {one.author}, {one.dated:%d %b %Y}."


def figures_told(found: Iterable[tuple[Measure, Figure]], pictures: Pictures) -> list[FigureTold]:
    """Tell each; one that cannot be told is left out, and the others stand."""

    def told(measure: Measure, figure: Figure) -> FigureTold:
        return FigureTold(measure, figure, pictures.series(measure, figure))

    each = (attempt("a figure of the lead's page", told, *one) for one in found)
    return [one for one in each if one is not None]


@guarded
class FigureCard(QFrame):
    """A figure in its panel. It opens nothing by itself: what is wanted is told."""

    opened = Signal(str)
    """The key of the measure whose referrals are wanted."""
    weeks_wanted = Signal(str)
    defined = Signal(str)
    table_wanted = Signal()
    neighbour_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: FigureTold | None = None
        self.is_chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._hands = Hands(
            FIGURE,
            {
                "before": partial(self.neighbour_wanted.emit, -1),
                "next": partial(self.neighbour_wanted.emit, 1),
                "open": lambda: self.opened.emit(self.key),
                "weeks": lambda: self.weeks_wanted.emit(self.key),
                "define": lambda: self.defined.emit(self.key),
                "table": self.table_wanted.emit,
            },
        )

    @property
    def key(self) -> str:
        """Of the measure; empty before there is one."""
        return self._told.key if self._told is not None else ""

    @property
    def told(self) -> FigureTold | None:
        """What is shown."""
        return self._told

    def show_figure(self, told: FigureTold) -> None:
        """Show another figure."""
        self._told = told
        self.setAccessibleName(told.whole())
        self.setAccessibleDescription(told.definition())
        self.update()

    def title_width(self) -> int:
        """The least pixels of the card in which its title stands whole."""
        words = self._told.measure.title if self._told is not None else ""
        return round(QFontMetricsF(_title_font(*_TITLES[-1])).horizontalAdvance(words)) + px(22 + 16 + 6)

    def choose(self, *, chosen: bool) -> None:
        """Whether its weeks are those in the chart below."""
        self.is_chosen = chosen
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and no other."""
        self._hands.take(event)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Its weeks, in the chart below."""
        self.weeks_wanted.emit(self.key)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """The referrals behind it."""
        self.opened.emit(self.key)

    def event(self, event: QEvent) -> bool:
        """Tell all of it under the pointer, with its definition."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._told is not None:
            QToolTip.showText(event.globalPos(), f"{self._told.whole()}\n{self._told.definition()}", self)
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Four lines."""
        return QSize(px(236), px(98))

    def minimumSizeHint(self) -> QSize:
        """Narrower than it likes."""
        return QSize(px(190), px(98))

    # --- paint ---

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A frame, the figure in its lines, and the ring."""
        colours = current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            _frame(painter, box, chosen=self.is_chosen)
            if self._told is not None:
                self._draw(painter, box.adjusted(px(12), px(6), -px(10), -px(6)), self._told)
            if self.hasFocus():
                paint.paint_focus(painter, QRectF(self.rect()), colours)

    def _draw(self, painter: QPainter, room: QRectF, told: FigureTold) -> None:
        colours = current()
        lines = _lines(room)
        head = QRectF(lines[0])
        paint.write(painter, head, "?", text_font(0.9, bold=True), colours.link, Qt.AlignmentFlag.AlignRight)
        head.setRight(head.right() - px(16))
        paint.write(painter, head, told.measure.title, _fitting(told.measure.title, head), colours.text_dim)
        _draw_value(painter, lines[1], told)
        painter.setFont(text_font(0.85))
        painter.setPen(QColor(colours.text))
        first, *shorter = told.beside()
        paint.paint_text(painter, lines[2], first, shorter=tuple(shorter))
        self._draw_past(painter, lines[3], told)

    def _draw_past(self, painter: QPainter, line: QRectF, told: FigureTold) -> None:
        small = QRectF(line)
        small.setLeft(line.right() - line.width() * _SPARK)
        source = partial(spark, told.series)
        chart, plot = laid_out(source, small)
        if not chart.empty:
            draw_chart(painter, small, chart, plot, current())
        words = QRectF(line)
        words.setRight(small.left() - px(6))
        role = _role(told)
        painter.setFont(text_font(0.8))
        painter.setPen(QColor(current().role(role) if role else current().text_dim))
        paint.paint_text(painter, words, told.below(), shorter=told.shorter())


def _frame(painter: QPainter, box: QRectF, *, chosen: bool) -> None:
    colours = current()
    painter.setPen(QPen(QColor(colours.link if chosen else colours.line), 2 if chosen else 1))
    painter.setBrush(QColor(colours.panel))
    painter.drawRoundedRect(box, 4, 4)


def _lines(room: QRectF) -> list[QRectF]:
    """A title, a value, what stands beside it, and the past."""
    shares, top, found = (0.22, 0.38, 0.2, 0.2), room.top(), []
    for share in shares:
        found.append(QRectF(room.left(), top, room.width(), room.height() * share))
        top += room.height() * share
    return found


def _draw_value(painter: QPainter, line: QRectF, told: FigureTold) -> None:
    value, of = told.value()
    font = _value_font(told, line)
    paint.write(painter, line, value, font, _ink(told))
    rest = line.adjusted(QFontMetricsF(font).horizontalAdvance(value) + px(6), px(6), 0, 0)
    painter.setFont(text_font(0.85))
    painter.setPen(QColor(current().text_dim))
    paint.paint_text(painter, rest, of, shorter=("",))


def _fitting(words: str, line: QRectF) -> QFont:
    """A title is whole: a little smaller, and then narrower, where it has less room."""
    for size in _TITLES:
        font = _title_font(*size)
        if QFontMetricsF(font).horizontalAdvance(words) <= line.width():
            break
    return font


def _title_font(ratio: float, stretch: int) -> QFont:
    font = text_font(ratio, bold=True)
    font.setStretch(stretch)
    return font


def _value_font(told: FigureTold, line: QRectF) -> QFont:
    for ratio in (1.9, 1.6, 1.3, 1.1):
        font = text_font(ratio, bold=True)
        if QFontMetricsF(font).horizontalAdvance(told.figure.short()) <= line.width():
            return font
    return text_font(1.0, bold=True)


def _role(told: FigureTold) -> str:
    """The colour of what the series says; none while it is as usual: a calm page looks calm."""
    loud = [icon for icon in told.series.icons() if icon.change in _LOUD]
    concern = [icon for icon in loud if icon.change == "concern"]
    return role_of((concern or loud)[0]) if loud else ""


def _ink(told: FigureTold) -> str:
    role = _role(told)
    return current().role(role) if role else current().text
