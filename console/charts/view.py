"""A chart on the screen: hover and keyboard tell exact values, Enter asks for the referrals behind them."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolTip, QWidget

from console.charts.chart import Chart, ChartMark, step
from console.charts.page import image_of, svg_of
from console.charts.painting import ChartSource, Plot, draw_chart, laid_out
from console.look import paint
from console.look.clipboard import copy_picture
from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.lead_keys import CHART
from console.look.style import current, px, text_font

_NEAR: Final = 6
"""Pixels beside a mark that still mean it."""


@guarded
class ChartView(QFrame):
    """Paints a chart. It opens nothing by itself: what is wanted is told."""

    opened = Signal(object)
    """The :class:`ChartMark` whose referrals are wanted."""
    table_wanted = Signal()

    def __init__(self, name: str, least: QSize, parent: QWidget | None = None) -> None:
        """Make it empty.

        Args:
            name: what it shows, until it is known what it says.
            least: the smallest size at which it can be read, in pixels at 100 % text.
            parent: owner.
        """
        super().__init__(parent)
        self._least = least
        self._source: ChartSource | None = None
        self.chart = Chart(name, "")
        self._plot = Plot(QRectF())
        self.ring: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)
        self._hands = Hands(
            CHART,
            {
                "before": lambda: self._walk(along=-1),
                "next": lambda: self._walk(along=1),
                "up": lambda: self._walk(across=-1),
                "down": lambda: self._walk(across=1),
                "first": lambda: self._walk_to_end(-1),
                "last": lambda: self._walk_to_end(1),
                "open": self._open,
                "table": self.table_wanted.emit,
                "picture": self.copy,
            },
        )

    # --- what is shown ---

    def show_chart(self, source: ChartSource) -> None:
        """Show another chart, or the same with other numbers; the ring stays on what it was on."""
        was = self.marked()
        self._source = source
        self._lay_out()
        self.ring = None if was is None else self._same(was)
        self._tell()

    def _same(self, was: ChartMark) -> int | None:
        marks = self.chart.marks
        return next((at for at, one in enumerate(marks) if one.row == was.row and one.ids == was.ids), None)

    def _lay_out(self) -> None:
        if self._source is not None:
            self.chart, self._plot = laid_out(self._source, self._room())
            if self.ring is not None and self.ring >= len(self.chart.marks):
                self.ring = None
        self.update()

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(px(8), px(4), -px(8), -px(4))

    def marked(self) -> ChartMark | None:
        """The mark that has the ring."""
        return self.chart.marks[self.ring] if self.ring is not None else None

    def _tell(self) -> None:
        # The sentence is the name: it is what a chart is for. What the ring is on comes after it.
        marked = self.marked()
        self.setAccessibleName(self.chart.sentence or self.chart.name)
        self.setAccessibleDescription(marked.words if marked is not None else self.chart.name)
        self.update()

    # --- keys ---

    def _walk(self, along: int = 0, across: int = 0) -> None:
        self.ring = step(self.chart.marks, self.ring, along=along, across=across)
        self._tell()

    def _walk_to_end(self, along: int) -> None:
        before: object = self
        while before != self.ring:
            before = self.ring
            self.ring = step(self.chart.marks, self.ring, along=along)
        self._tell()

    def _open(self) -> None:
        marked = self.marked()
        if marked is not None and marked.ids:
            self.opened.emit(marked)

    def copy(self) -> None:
        """Put it on the clipboard as a picture, in the size that it has here."""
        if self._source is not None:
            copy_picture(svg_of(self._source, self.size()), image_of(self._source, self.size()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and no other."""
        self._hands.take(event)

    # --- the mouse ---

    def _under(self, at: QPointF) -> int | None:
        """The mark under a point, or the nearest one within a few pixels."""
        far = {n: _distance(self._plot.box(mark, self.chart.dot), at) for n, mark in enumerate(self.chart.marks)}
        nearest = min(far, key=lambda n: far[n], default=None)
        return nearest if nearest is not None and far[nearest] <= _NEAR else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the ring on what is pressed."""
        self.ring = self._under(event.position())
        self._tell()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """The referrals behind it."""
        self._open()

    def event(self, event: QEvent) -> bool:
        """Tell the exact value under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            under = self._under(QPointF(event.pos()))
            words = self.chart.marks[under].words if under is not None else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # --- paint ---

    def sizeHint(self) -> QSize:
        """The least: it grows with the room that there is."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """As small as it can be read."""
        return QSize(px(self._least.width()), px(self._least.height()))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Lay it out anew."""
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
            self._lay_out()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chart, the ring, and the exact value of what the ring is on."""
        with QPainter(self) as painter:
            colours = current()
            ring = self.ring if self.hasFocus() else None
            draw_chart(painter, self._room(), self.chart, self._plot, colours, ring)
            marked = self.marked()
            if self.hasFocus() and marked is not None:
                self._draw_words(painter, marked)
            elif self.hasFocus():
                paint.paint_focus(painter, QRectF(self.rect()), colours)

    def _draw_words(self, painter: QPainter, marked: ChartMark) -> None:
        colours, font = current(), text_font(0.9)
        wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        most = QRectF(0, 0, min(px(320), self.width() - px(16)), self.height())
        words = QFontMetricsF(font).boundingRect(most, wrap, marked.words)
        plate = QRectF(0, 0, words.width() + px(14), words.height() + px(8))
        box = self._plot.box(marked, self.chart.dot)
        plate.moveCenter(box.center())
        above = box.top() - plate.height() - px(8)
        plate.moveTop(above if above >= 0 else min(box.bottom() + px(8), self.height() - plate.height()))
        plate.moveLeft(max(px(2), min(plate.left(), self.width() - plate.width() - px(2))))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.edge), 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        painter.drawText(plate, wrap, marked.words)


def _distance(box: QRectF, at: QPointF) -> float:
    aside = max(box.left() - at.x(), 0.0, at.x() - box.right())
    off = max(box.top() - at.y(), 0.0, at.y() - box.bottom())
    return float(max(aside, off))
