"""The one painting of charts, onto a widget as onto a page: lines and letters only, so that both stay sharp."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from console.charts.chart import AxisTick, Chart, ChartMark, ChartRoom, LegendEntry, Stroke
from console.look import paint
from console.look.palette import Palette
from console.look.style import px, text_font

ChartSource = Callable[[ChartRoom], Chart]
"""Lays a chart out in the room that its plot has."""

_SMALL: Final = 0.85
_MOST_LABELS: Final = 0.42
"""The most of the width that the names of lanes may take."""
_STRIPES: Final = 7
_THIN: Final = 2.0


@dataclass(frozen=True, slots=True)
class Plot:
    """Where a chart's plot stands in what it is painted on."""

    area: QRectF

    def point(self, x: float, y: float) -> QPointF:
        """Unit coordinates as pixels."""
        return QPointF(self.area.left() + x * self.area.width(), self.area.bottom() - y * self.area.height())

    def box(self, mark: ChartMark, dot: float) -> QRectF:
        """Where a mark is; never thinner than can be seen."""
        if mark.shape != "bar":
            middle = self.point(*mark.box.middle)
            return QRectF(middle.x() - dot / 2, middle.y() - dot / 2, dot, dot)
        one, other = self.point(mark.box.left, mark.box.top), self.point(mark.box.right, mark.box.bottom)
        return QRectF(one.x(), one.y(), max(_THIN, other.x() - one.x()), max(_THIN, other.y() - one.y()))


def small() -> QFont:
    """The letters of axes and legends."""
    return text_font(_SMALL)


def laid_out(source: ChartSource, room: QRectF) -> tuple[Chart, Plot]:
    """A chart and its plot in a room of pixels."""
    # What stands beside the plot is known once there is a chart; what is in the plot, once its room is.
    first = source(ChartRoom(room.width(), room.height(), px(9)))
    plot = _plot(first, room)
    return source(ChartRoom(plot.area.width(), plot.area.height(), px(9))), plot


def _plot(chart: Chart, room: QRectF) -> Plot:
    letters = QFontMetricsF(small())
    high = letters.height()
    left = px(4.0) + _widest(chart, letters, room.width())
    right = px(10) + max((letters.horizontalAdvance(mark.beside) for mark in chart.marks), default=0.0)
    top = high * _legend_rows(chart.legend, letters, room.width()) + px(10 if chart.legend else 4)
    if any(one.label and not one.behind for one in chart.strokes) or any(
        mark.label for mark in chart.marks if mark.shape != "bar"
    ):
        top += high
    bottom = high + px(6) if chart.x_ticks else px(4)
    return Plot(room.adjusted(left, top, -right, -bottom))


def _widest(chart: Chart, letters: QFontMetricsF, width: float) -> float:
    if chart.lanes:
        wide = max(QFontMetricsF(_lane_font(chart)).horizontalAdvance(lane) for lane in chart.lanes)
        return min(wide + px(10), width * _MOST_LABELS)
    return max((letters.horizontalAdvance(tick.label) for tick in chart.y_ticks), default=0.0) + px(8)


def draw_chart(
    painter: QPainter, room: QRectF, chart: Chart, plot: Plot, colours: Palette, ring: int | None = None
) -> None:
    """Draw a chart; the painter is left as it was found.

    Args:
        painter: on a widget, an image or a page.
        room: all that the chart may use, as it was laid out in.
        chart: laid out for this plot.
        plot: of the same layout.
        colours: of the theme, or those of a page.
        ring: the mark that has the keyboard.
    """
    with paint.kept(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chart.empty:
            _draw_empty(painter, room, chart.empty, colours)
            return
        _draw_legend(painter, room, chart.legend, colours)
        _draw_axes(painter, room, chart, plot, colours)
        for stroke in chart.strokes:
            if stroke.behind:
                _draw_stroke(painter, stroke, plot, colours)
        for mark in chart.marks:
            _draw_mark(painter, mark, plot, chart.dot, colours)
        _draw_strokes(painter, [one for one in chart.strokes if not one.behind], plot, colours)
        if ring is not None and ring < len(chart.marks):
            air = px(4)
            box = plot.box(chart.marks[ring], chart.dot).adjusted(-air, -air, air, air)
            paint.paint_focus(painter, box, colours)


def _draw_empty(painter: QPainter, room: QRectF, words: str, colours: Palette) -> None:
    painter.setFont(text_font())
    painter.setPen(QColor(colours.text_dim))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)


# --- axes ---


def _draw_axes(painter: QPainter, room: QRectF, chart: Chart, plot: Plot, colours: Palette) -> None:
    area = plot.area
    _draw_levels(painter, room, chart.y_ticks, plot, colours)
    for row, lane in enumerate(chart.lanes):
        low, high = chart.lane_box(row)
        box = QRectF(room.left() + px(4), plot.point(0, high).y(), area.left() - room.left() - px(10), 0)
        box.setBottom(plot.point(0, low).y())
        _draw_lane_name(painter, box, lane, _lane_font(chart), colours)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(QLineF(plot.point(0, low), plot.point(1, low)))
    _draw_below(painter, chart.x_ticks, plot, colours)


def _lane_font(chart: Chart) -> QFont:
    return text_font(0.9, bold=chart.named_lanes)


def _draw_lane_name(painter: QPainter, box: QRectF, name: str, font: QFont, colours: Palette) -> None:
    """On one line; where that is too long and there is room for two, on two."""
    letters = QFontMetricsF(font)
    wrap = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
    if (
        letters.horizontalAdvance(name) > box.width()
        and letters.boundingRect(box, wrap, name).height() <= box.height()
    ):
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        painter.drawText(box, wrap, name)
    else:
        paint.write(painter, box, name, font, colours.text)


def _draw_levels(painter: QPainter, room: QRectF, ticks: Iterable[AxisTick], plot: Plot, colours: Palette) -> None:
    high = QFontMetricsF(small()).height()
    last: float | None = None
    for tick in sorted(ticks, key=lambda one: one.at):
        level = plot.point(0, tick.at)
        if tick.ruled:
            _rule(painter, level, plot.point(1, tick.at), colours)
        # Levels of a control chart stand where they stand, and may be close: then the one above gives way.
        if last is None or abs(last - level.y()) >= high * 0.9:
            box = QRectF(room.left(), level.y() - high / 2, plot.area.left() - room.left() - px(6), high)
            paint.write(painter, box, tick.label, small(), colours.text_dim, Qt.AlignmentFlag.AlignRight)
            last = level.y()


def _draw_below(painter: QPainter, ticks: Iterable[AxisTick], plot: Plot, colours: Palette) -> None:
    letters = QFontMetricsF(small())
    free = plot.area.left() - px(40)
    for tick in ticks:
        foot = plot.point(tick.at, 0)
        if tick.ruled:
            _rule(painter, foot, plot.point(tick.at, 1), colours)
        wide = letters.horizontalAdvance(tick.label) + 2
        left = min(foot.x() - wide / 2, plot.area.right() + px(8) - wide)
        if left >= free:
            box = QRectF(left, plot.area.bottom() + px(3), wide, letters.height())
            paint.write(painter, box, tick.label, small(), colours.text_dim, Qt.AlignmentFlag.AlignHCenter)
            free = left + wide + px(4)


def _rule(painter: QPainter, start: QPointF, end: QPointF, colours: Palette) -> None:
    ink = QColor(colours.line)
    ink.setAlpha(130)
    painter.setPen(QPen(ink, 1))
    painter.drawLine(QLineF(start, end))


# --- the legend ---


def _legend_width(entry: LegendEntry, letters: QFontMetricsF) -> float:
    return letters.horizontalAdvance(entry.words) + px(34)


def _legend_rows(legend: Sequence[LegendEntry], letters: QFontMetricsF, width: float) -> int:
    return max((row for row, _, _ in _flowing(legend, letters, width)), default=-1) + 1


def _flowing(
    legend: Sequence[LegendEntry], letters: QFontMetricsF, width: float
) -> list[tuple[int, float, LegendEntry]]:
    """Row and place of each entry: as many in a row as have room."""
    found, row, left = [], 0, 0.0
    for entry in legend:
        wide = _legend_width(entry, letters)
        if left and left + wide > width:
            row, left = row + 1, 0.0
        found.append((row, left, entry))
        left += wide
    return found


def _draw_legend(painter: QPainter, room: QRectF, legend: Sequence[LegendEntry], colours: Palette) -> None:
    letters = QFontMetricsF(small())
    for row, left, entry in _flowing(legend, letters, room.width()):
        top = room.top() + row * letters.height()
        sign = QRectF(room.left() + left + px(4), top + letters.height() * 0.2, px(14), letters.height() * 0.6)
        _draw_sign(painter, sign, entry, colours)
        words = QRectF(sign.right() + px(5), top, letters.horizontalAdvance(entry.words) + px(4), letters.height())
        paint.write(painter, words, entry.words, small(), colours.text_dim)


def _draw_sign(painter: QPainter, box: QRectF, entry: LegendEntry, colours: Palette) -> None:
    ink = QColor(colours.role(entry.role))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if entry.look in {"line", "dashed"}:
        style = Qt.PenStyle.DashLine if entry.look == "dashed" else Qt.PenStyle.SolidLine
        painter.setPen(QPen(ink, 2, style))
        painter.drawLine(QLineF(box.left(), box.center().y(), box.right(), box.center().y()))
    elif entry.look == "dot":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(box.center(), box.height() / 2, box.height() / 2)
    else:
        _fill(painter, box, ink, colours, hatched=entry.look == "hatched")


# --- marks ---


def _draw_mark(painter: QPainter, mark: ChartMark, plot: Plot, dot: float, colours: Palette) -> None:
    box = plot.box(mark, dot)
    ink = QColor(colours.role(mark.role))
    if mark.shape == "bar":
        _draw_bar(painter, mark, box, ink, colours)
        return
    # A rim of the ground, so that neighbours that touch are told apart.
    painter.setPen(QPen(QColor(colours.panel), 1))
    painter.setBrush(ink)
    if mark.shape == "dot":
        painter.drawEllipse(box)
    else:
        painter.drawPolygon(_corners(mark, box))
    if mark.label:
        high = QFontMetricsF(small()).height()
        words = QRectF(box.center().x() - px(20), box.top() - high, px(40), high)
        paint.write(
            painter, words, mark.label, text_font(0.75, bold=True), ink.name(), Qt.AlignmentFlag.AlignHCenter
        )


_CORNERS: Final = {
    "square": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
    "diamond": ((0.5, -0.15), (1.15, 0.5), (0.5, 1.15), (-0.15, 0.5)),
    "beyond": ((0.0, 0.0), (1.2, 0.5), (0.0, 1.0)),
}


def _corners(mark: ChartMark, box: QRectF) -> QPolygonF:
    shares = _CORNERS[mark.shape]
    return QPolygonF([QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in shares])


def _draw_bar(painter: QPainter, mark: ChartMark, box: QRectF, ink: QColor, colours: Palette) -> None:
    if mark.box.top <= mark.box.bottom or mark.box.right <= mark.box.left:
        return  # of nothing: the keyboard finds it all the same
    if mark.dashed:
        painter.setPen(QPen(ink, 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0.7, 0.7, -0.7, -0.7))
    else:
        _fill(painter, box, ink, colours, hatched=mark.hatched)
    if mark.label:
        painter.setFont(text_font(_SMALL, bold=True))
        painter.setPen(QColor(colours.on_bar))
        # Half of a number would be another's; without its day it is still the number.
        paint.paint_text(painter, box, mark.label, margin=px(4), shorter=(mark.label.partition(" ")[0], ""))
    if mark.beside:
        letters = QFontMetricsF(small())
        wide = letters.horizontalAdvance(mark.beside) + px(4)
        words = QRectF(box.right() + px(6), box.top(), wide, box.height())
        paint.write(painter, words, mark.beside, small(), colours.text)


def _fill(painter: QPainter, box: QRectF, ink: QColor, colours: Palette, *, hatched: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawRect(box)
    if hatched:
        painter.setPen(QPen(QColor(colours.panel), 2.2))
        painter.drawLines([QLineF(*line) for line in stripes(box, px(_STRIPES))])


def stripes(box: QRectF, apart: float) -> list[tuple[float, float, float, float]]:
    """Slanted lines within a box, from end to end: no brush and no clipping, which a page knows nothing of."""
    found, high, start = [], box.height(), box.left() - box.height()
    while start < box.right():
        low = max(box.left(), start)
        end = min(box.right(), start + high)
        found.append((low, box.bottom() - (low - start), end, box.bottom() - (end - start)))
        start += apart
    return found


# --- lines ---


def _draw_strokes(painter: QPainter, strokes: Sequence[Stroke], plot: Plot, colours: Palette) -> None:
    used: list[QRectF] = []
    for stroke in strokes:
        _draw_stroke(painter, stroke, plot, colours)
        if stroke.label:
            _draw_label(painter, stroke, plot, used, colours)


def _draw_stroke(painter: QPainter, stroke: Stroke, plot: Plot, colours: Palette) -> None:
    pen = QPen(QColor(colours.role(stroke.role)), stroke.width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if stroke.dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([plot.point(x, y) for x, y in stroke.points]))


def _draw_label(painter: QPainter, stroke: Stroke, plot: Plot, used: list[QRectF], colours: Palette) -> None:
    """Beside the upper end of an upright line, or above the right end of a level one; beside no other label."""
    font = text_font(_SMALL, bold=True)
    letters = QFontMetricsF(font)
    wide, high = letters.horizontalAdvance(stroke.label) + px(4), letters.height()
    end = plot.point(*max(stroke.points, key=lambda one: (one[1], one[0])))
    is_level = stroke.points[0][1] == stroke.points[-1][1]
    # Of a line from top to bottom above the plot; of a shorter one beside its end, within its lane.
    top = end.y() - (high if is_level or stroke.points[-1][1] >= 1 else 0)
    right = QRectF(end.x() + px(4), top, wide, high)
    left = QRectF(end.x() - wide - px(2), top, wide, high)
    tries = (left, left.translated(0, high)) if is_level else (right, left, right.translated(0, -high))
    free = [
        one
        for one in tries
        if one.right() <= plot.area.right() + px(10) and not any(one.intersects(other) for other in used)
    ]
    if free:
        used.append(free[0])
        paint.write(painter, free[0], stroke.label, font, colours.role(stroke.role))
