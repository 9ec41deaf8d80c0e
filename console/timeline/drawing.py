"""Where things stand on the timeline, and the strokes around its lanes: labels, axis, the line that says now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from console.look import paint
from console.look.palette import Palette
from console.look.style import mono, px, text_font
from console.timeline.lanes import Lane, Segment
from console.timeline.scale import Scale, Tick, clock, corner

_HIGH: Final = 250
"""Pixels, at 100 % text, from which lanes have all the height that they like."""
_TWO_LINES: Final = 40
"""Pixels of a lane, at 100 % text, from which a label may stand in two lines."""
_LABELS, _MOST_LABELS = 0.42, 0.66
"""The most of the width that the labels take, and that they take where callsigns would be cut."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things stand in the viewport, in pixels.

    Attributes:
        width: of the viewport.
        height: of the viewport.
        column: width of the lane labels on the left.
        row: height of a lane.
        axis: height of the time axis at the bottom.
    """

    width: int
    height: int
    column: int
    row: int
    axis: int

    @property
    def body(self) -> int:
        """Height left for lanes."""
        return max(0, self.height - self.axis)

    @property
    def time_area(self) -> QRectF:
        """Lanes without their labels, and the axis."""
        return QRectF(self.column, 0, max(1, self.width - self.column), self.height)

    def row_rect(self, index: int, scrolled: int) -> QRectF:
        """Where the lane of that index is, when that many pixels are scrolled away."""
        return QRectF(0, index * self.row - scrolled, self.width, self.row)

    def rows(self, top: int, bottom: int, scrolled: int, count: int) -> range:
        """The lanes, of ``count``, that touch the body between two heights of the viewport."""
        last = min(bottom, self.body - 1)
        return range(max(0, (top + scrolled) // self.row), min(count, (last + scrolled) // self.row + 1))

    def span(self, segment: Segment, row: QRectF, scale: Scale, now: datetime) -> QRectF:
        """Where a segment is drawn in its lane: cut at the labels, never thinner than two pixels."""
        # What is yet to come begins now, also when it was worked out some seconds ago: its words would lie under
        # the line that says now.
        to_come = segment.kind == "predicted" and segment.start < now < segment.stop(now)
        left = self.column + scale.x(now if to_come else segment.start)
        right = max(left + 2, self.column + scale.x(segment.stop(now)))
        left, right = max(left, self.column), min(right, self.width + 4)
        air = row.height() * 0.2
        return QRectF(left, row.top() + air, right - left, row.height() - 2 * air)


def frame(width: int, height: int, wanted: float = 0.0, least: float = 0.0) -> Frame:
    """The frame of a viewport of that size at the font scale in force.

    Args:
        width: of the viewport.
        height: likewise.
        wanted: pixels that the longest label needs in one line; see :func:`label_widths`.
        least: the same in two lines.
    """
    usual = min(px(184), width // 3)
    column = max(usual, round(min(wanted, max(width * _LABELS, least), width * _MOST_LABELS)))
    # Lower lanes in a low panel, so that more of them are in sight; not where labels need two lines.
    row = px(44) if height >= px(_HIGH) or column < wanted else px(30)
    return Frame(width, height, column, row, px(28))


def label_widths(lanes: Iterable[Lane]) -> tuple[float, float]:
    """Pixels that the longest label needs, title and subtitle beside each other, and below each other."""
    title, subtitle = QFontMetricsF(text_font(1.0, bold=True)), QFontMetricsF(text_font(0.95))
    # Titles are numbers: those of one length are as wide as each other.
    unlike = {(len(lane.title), lane.subtitle): lane for lane in lanes}.values()
    wide = [(title.horizontalAdvance(one.title), subtitle.horizontalAdvance(one.subtitle)) for one in unlike]
    beside = max((first + second for first, second in wide), default=0.0)
    return px(28) + beside, px(22) + max((max(pair) for pair in wide), default=0.0)


def draw_label(painter: QPainter, row: QRectF, place: Frame, lane: Lane, colours: Palette) -> None:
    """Draw a lane's title, bold, and its subtitle, below it where the column is too narrow for both."""
    box = QRectF(px(14), row.top(), place.column - px(20), row.height())
    beside = label_widths([lane])[0] <= place.column or row.height() < px(_TWO_LINES)
    first, second = box, box
    if beside:
        used = QFontMetricsF(text_font(1.0, bold=True)).horizontalAdvance(lane.title) + px(6)
        second = box.adjusted(used, 0, 0, 0)
    else:
        middle = box.center().y()
        first, second = box.adjusted(0, px(3), 0, 0), box.adjusted(0, 0, 0, -px(3))
        first.setBottom(middle)
        second.setTop(middle)
    painter.setFont(text_font(1.0, bold=True))
    painter.setPen(QColor(colours.text))
    paint.paint_text(painter, first, lane.title)
    painter.setFont(text_font(0.95 if beside else 0.9))
    painter.setPen(QColor(colours.tone(lane.subtitle_role)))
    paint.paint_text(painter, second, lane.subtitle)


def draw_grid(painter: QPainter, place: Frame, scale: Scale, ticks: tuple[Tick, ...], colours: Palette) -> None:
    """Draw a faint upright line at each tick, a firmer one at midnight."""
    for tick in ticks:
        ink = QColor(colours.line)
        ink.setAlpha(255 if tick.major else 110)
        painter.setPen(ink)
        x = round(place.column + scale.x(tick.at))
        painter.drawLine(x, 0, x, place.body)


def draw_axis(
    painter: QPainter, place: Frame, scale: Scale, ticks: tuple[Tick, ...], now: datetime, colours: Palette
) -> None:
    """Draw the strip of local times along the bottom, and the time that it is on red."""
    strip = QRectF(0, place.body, place.width, place.axis)
    painter.fillRect(strip, QColor(colours.panel))
    painter.setPen(QColor(colours.line))
    painter.drawLine(strip.topLeft(), strip.topRight())
    painter.setFont(mono(0.9))
    # Known before the ticks are drawn: one under it would shine through its letters.
    tag = _on_axis(painter, place, scale.x(now), clock(now)).adjusted(-px(5), 3, px(5), -3)
    for tick in ticks:
        box = _on_axis(painter, place, scale.x(tick.at), tick.label)
        if place.column <= box.left() and box.right() <= place.width and not box.intersects(tag):
            painter.setPen(QColor(colours.text if tick.major else colours.text_dim))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tick.label)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.danger))
    painter.drawRoundedRect(tag, 3, 3)
    painter.setPen(QColor(colours.on_danger))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, clock(now))


def draw_corner(painter: QPainter, place: Frame, scale: Scale, colours: Palette) -> None:
    """Name the day and the zone of the left edge, below the labels; the zone alone is never cut off."""
    room = QRectF(px(14), place.body, place.column - px(20), place.axis)
    said = corner(scale)
    paint.write(painter, room, "", text_font(0.85), colours.text_dim)
    paint.paint_text(painter, room, said, shorter=(said.partition(", ")[2],))


def _on_axis(painter: QPainter, place: Frame, x: float, text: str) -> QRectF:
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 2
    return QRectF(place.column + x - width / 2, place.body, width, place.axis)


def draw_now(painter: QPainter, place: Frame, scale: Scale, now: datetime, colours: Palette) -> None:
    """Draw the now line over the lanes."""
    x = place.column + scale.x(now)
    if not 0 <= x <= place.width:
        return
    painter.setPen(QPen(QColor(colours.late), 2))
    painter.drawLine(QPointF(x, 0), QPointF(x, place.body))
