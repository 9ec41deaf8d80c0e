"""The strokes of one lane: what lies behind it, its lengths of time, what is foreseen, and its moments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from console.look import paint
from console.look.palette import Palette
from console.look.style import px, text_font
from console.timeline.drawing import Frame
from console.timeline.lanes import Kind, Lane, Mark, Segment
from console.timeline.scale import Scale

ROLES: Final[dict[Kind, str]] = {
    "ems": "ems",
    "police": "police",
    "cru": "cru",
    "handover": "cru",
    "destination": "destination",
    "predicted": "link",
    "wait": "track",
    "travel": "cru",
    "duty": "track",
    "meal": "text_dim",
    "hold": "warn",
}
"""Palette role of each kind of segment."""
_TRAVEL: Final = 90
_DUTY: Final = 110
_BAND: Final = 45
"""How much of its colour shows, of 255: a van on the way, a shift, how late a prediction may become."""
_LINES: Final = {"aim": "good", "target": "warn", "end": "text_dim"}


def draw_lane(
    painter: QPainter, row: QRectF, place: Frame, lane: Lane, scale: Scale, now: datetime, colours: Palette
) -> None:
    """Draw a lane's segments and marks; the painter is clipped to the time area by the caller."""
    spans = [(segment, place.span(segment, row, scale, now)) for segment in lane.segments]
    for segment in lane.ground:
        box = place.span(segment, row, scale, now)
        if box.width() > 0:
            _draw_ground(painter, segment, box, row, colours)
        if segment.kind == "meal" and not any(box.intersects(over) for _, over in spans if over.width() > 0):
            # What lies over it has words of its own.
            painter.setFont(text_font(0.85))
            paint.paint_text(painter, box, segment.label, margin=px(4), shorter=(*segment.shorter, ""))
    rooms = [after.left() for _, after in spans[1:]] + [float(place.width)]
    lates = [_late(segment, row, place, scale) for segment, _ in spans]
    words = [
        _words(segment, box, late.right(), room)
        for (segment, box), late, room in zip(spans, lates, rooms, strict=False)
    ]
    _draw_lines(painter, lane.marks, row, place, scale, colours, words)
    for late, said in zip(lates, words, strict=True):
        if late.width() > 0:
            _draw_late(painter, late, said, colours)
    for (segment, box), room in zip(spans, words, strict=True):
        if box.width() > 0:
            _draw_segment(painter, segment, box, room, colours)
    _draw_marks(painter, lane.marks, row, place, scale, colours)


def _draw_ground(painter: QPainter, segment: Segment, box: QRectF, row: QRectF, colours: Palette) -> None:
    ink = QColor(colours.role(ROLES[segment.kind]))
    if segment.kind == "hold":
        under = QRectF(box.left(), box.bottom() + 1, box.width(), max(3.0, row.bottom() - box.bottom() - px(4)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(paint.hatch(colours.warn, colours.panel))
        painter.drawRect(under)
        return
    if segment.kind == "duty":
        ink.setAlpha(_DUTY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
    else:
        painter.setPen(QPen(ink, 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.6, 0.6, -0.6, -0.6), 3, 3)


def _words(segment: Segment, box: QRectF, late: float, room: float) -> QRectF:
    """Where the words stand: those of a prediction that do not fit go on behind it, up to the next segment.

    Behind how late it may become, where there is room for them; else over it.
    """
    if segment.kind != "predicted":
        return box
    wanted = QFontMetricsF(text_font(0.9, bold=True)).horizontalAdvance(segment.label) + px(10)
    words = QRectF(box)
    if wanted > box.width() and room - box.right() > box.width():
        behind = max(box.right(), late)
        words.setLeft(behind if room - behind >= wanted else box.right())
        words.setRight(room)
    words.setWidth(min(words.width(), wanted))
    return words


def _draw_segment(painter: QPainter, segment: Segment, box: QRectF, words: QRectF, colours: Palette) -> None:
    if segment.kind == "predicted":
        _draw_predicted(painter, segment, box, words, colours)
        return
    if segment.kind == "travel":
        _draw_travel(painter, segment, box, colours)
        return
    label = f"▲ {segment.label}" if segment.late else segment.label
    stretch = paint.Stretch(
        label, ROLES[segment.kind], hatched=segment.kind == "handover", shorter=segment.shorter
    )
    paint.paint_stretch(painter, box, stretch, colours)
    if segment.late:
        outline(painter, box, colours.late)
    elif segment.kind == "wait":
        outline(painter, box, colours.edge)


def outline(painter: QPainter, box: QRectF, colour: str) -> None:
    """Draw a firm line just inside a box, ``colour`` as ``#rrggbb``; changes pen and brush."""
    painter.setPen(QPen(QColor(colour), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)


def travel_fill(colours: Palette) -> QColor:
    """What a van on its way is filled with: its colour, with little of it."""
    ink = QColor(colours.cru)
    ink.setAlpha(_TRAVEL)
    return ink


def _draw_travel(painter: QPainter, segment: Segment, box: QRectF, colours: Palette) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(travel_fill(colours))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(colours.text))
    painter.setFont(text_font(0.9, bold=True))
    paint.paint_text(painter, box, segment.label, margin=px(6), shorter=(*segment.shorter, ""))


def _draw_predicted(painter: QPainter, segment: Segment, box: QRectF, words: QRectF, colours: Palette) -> None:
    """Dashed; words that do not fit stand behind it, where nothing else does."""
    role = "late" if segment.late or segment.loud else ROLES["predicted"]
    paint.paint_stretch(painter, box, paint.Stretch("", role, dashed=True), colours)
    painter.setPen(QColor(colours.role(role)))
    painter.setFont(text_font(0.9, bold=True))
    paint.paint_text(painter, words, segment.label, margin=px(6), shorter=segment.shorter)


def _late(segment: Segment, row: QRectF, place: Frame, scale: Scale) -> QRectF:
    """Where it is drawn how late a prediction may become; of no width where that is not told."""
    end, until = segment.stop(segment.start), segment.until
    if until is None or until <= end:
        return QRectF(0, row.top(), 0, 0)
    return place.span(Segment(end, until, "predicted"), row, scale, end)


def _draw_late(painter: QPainter, box: QRectF, words: QRectF, colours: Palette) -> None:
    """A tint behind the dashed box, ended by a line that leaves words whole."""
    tint = QColor(colours.role(ROLES["predicted"]))
    painter.setPen(QPen(tint, 1.5))
    if not words.left() < box.right() < words.right():
        painter.drawLine(box.topRight(), box.bottomRight())
    tint.setAlpha(_BAND)
    painter.fillRect(box, tint)


def _draw_marks(
    painter: QPainter, marks: Sequence[Mark], row: QRectF, place: Frame, scale: Scale, colours: Palette
) -> None:
    # The steps first: what matters most stands over them.
    for mark in sorted(marks, key=lambda one: one.kind == "key"):
        x = place.column + scale.x(mark.at)
        if mark.kind not in _LINES and 0 <= x <= place.width:
            (_draw_key if mark.kind == "key" else _draw_step)(painter, mark, x, row, colours)


def _draw_key(painter: QPainter, _mark: Mark, x: float, row: QRectF, colours: Palette) -> None:
    """Two notches, above and below, so that the words between them can be read."""
    notch = row.height() * 0.2
    # An edge of the ground under each: a notch must be seen on the colour of any holder.
    for ink, width in ((colours.panel, 6), (colours.text, 2.5)):
        # Flat ends: square ones reach into the words where lanes are low.
        painter.setPen(QPen(QColor(ink), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for top in (row.top() + notch * 0.4, row.bottom() - notch * 1.4):
            painter.drawLine(QPointF(x, top), QPointF(x, top + notch))


def _draw_step(painter: QPainter, mark: Mark, x: float, row: QRectF, colours: Palette) -> None:
    """A tick below the words; a reading that no longer counts is crossed out."""
    air = row.height() * 0.2
    top, bottom = row.bottom() - air + 1, row.bottom() - 2
    ink = colours.warn if mark.kind == "was" else colours.text_dim
    painter.setPen(QPen(QColor(ink), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QPointF(x, top), QPointF(x, bottom))
    if mark.kind == "was":
        wide = (bottom - top) / 2
        painter.drawLine(QPointF(x - wide, top), QPointF(x + wide, bottom))
        painter.drawLine(QPointF(x - wide, bottom), QPointF(x + wide, top))


def _draw_lines(
    painter: QPainter,
    marks: Sequence[Mark],
    row: QRectF,
    place: Frame,
    scale: Scale,
    colours: Palette,
    words: Sequence[QRectF],
) -> None:
    """Dashed lines for what is to be reached before them, a firm one for a shift's end.

    Drawn behind the lengths of time, and above and below words only: none runs through them.
    """
    air = row.height() * 0.2
    for mark in marks:
        x = place.column + scale.x(mark.at)
        if mark.kind not in _LINES or not 0 <= x <= place.width:
            continue
        line = Qt.PenStyle.SolidLine if mark.kind == "end" else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(colours.role(_LINES[mark.kind])), 1.6, line, Qt.PenCapStyle.FlatCap))
        parts = [(row.top() + 1, row.bottom() - 1)]
        if any(box.left() <= x <= box.right() for box in words):
            parts = [(row.top() + 1, row.top() + air), (row.bottom() - air, row.bottom() - 1)]
        for top, bottom in parts:
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
