"""The brush strokes of a week: days, names, shifts, and the hours' cover below."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from console.look import paint
from console.look.palette import Palette
from console.look.style import px, text_font
from console.views.rota.frame import WeekFrame
from db.domain.clocks import local
from db.domain.rota import DAYS, Cover, london
from db.domain.rota_view import Block, BlockState, RotaLane

_HOUR: Final = timedelta(hours=1)
_CUT_AT: Final = 1.6
"""Names so much wider than their room are told by their initials."""
_SMALL: Final = 0.72
_QUIET: Final = 0.6
_NOON: Final = time(12)
_LOW: Final = 2
"""So many vans too few and more are drawn as loudly as can be."""
_OUTLINED: Final = {BlockState.NOBODY: "late", BlockState.SHORT: "warn", BlockState.MISSED: "neutral"}


def draw_days(painter: QPainter, place: WeekFrame, monday: datetime, colours: Palette) -> None:
    """The days' names, noon, and a line at each midnight."""
    first = local(monday).date()
    for day in range(DAYS):
        at = place.x(london(first + timedelta(days=day)))
        painter.setPen(QColor(colours.line))
        painter.drawLine(QPointF(at, 0), QPointF(at, place.top(place.lanes) + place.foot))
        painter.setPen(QColor(colours.text))
        painter.setFont(text_font(0.95, bold=True))
        there = first + timedelta(days=day)
        room = QRectF(at + px(6), 0, (place.width - place.label) / DAYS - px(6), place.head / 2)
        fitting = QFontMetricsF(painter.font()).horizontalAdvance
        names = (f"{there:%a} {there.day}", f"{there:%a}"[:1] + f" {there.day}", str(there.day))
        name = next((one for one in names if fitting(one) <= room.width() - px(2)), "")
        painter.drawText(room, paint.ONE_LINE, name)
        painter.setPen(QColor(colours.text_dim))
        painter.setFont(text_font(0.8))
        noon = place.x(london(there, _NOON))
        below = QRectF(noon - px(20), place.head / 2 - px(2), px(40), place.head / 2)
        painter.drawText(below, paint.ONE_LINE | Qt.AlignmentFlag.AlignHCenter, "12")


def draw_label(painter: QPainter, place: WeekFrame, lane: RotaLane, at: int, colours: Palette) -> None:
    """A van and its base, or a person."""
    room = QRectF(px(10), place.top(at), place.label - px(14), place.lane)
    painter.setPen(QColor(colours.line))
    painter.drawLine(QPointF(0, room.bottom()), QPointF(place.width, room.bottom()))
    painter.setPen(QColor(colours.text))
    painter.setFont(text_font(1.0, bold=True))
    two = place.lane >= px(36)
    upper = room.adjusted(0, 0, 0, -room.height() / 2) if two else room
    painter.drawText(upper, paint.ONE_LINE, _cut(painter, lane.title, room.width()))
    painter.setFont(text_font(0.85))
    # A base of which half the name is missing says nothing.
    if two and QFontMetricsF(painter.font()).horizontalAdvance(lane.subtitle) <= room.width():
        painter.setPen(QColor(colours.text_dim))
        below = room.adjusted(0, room.height() / 2, 0, 0)
        below.setHeight(px(18))
        painter.drawText(below, paint.ONE_LINE, lane.subtitle)


def label_width(lanes: Sequence[RotaLane], most: float) -> float:
    """Pixels for the names of these lanes, and for what stands below them where there is room for it."""
    titles = QFontMetricsF(text_font(1.0, bold=True)).horizontalAdvance
    small = QFontMetricsF(text_font(0.85)).horizontalAdvance
    least = max([px(70), *(titles(lane.title) for lane in lanes)])
    wanted = max([least, *(small(lane.subtitle) for lane in lanes)])
    return (wanted if wanted + px(20) <= most else least) + px(20)


def draw_block(painter: QPainter, box: QRectF, block: Block, colours: Palette) -> None:
    """One shift: filled while it is as it should be, an outline where somebody is missing."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = _OUTLINED.get(block.standing)
    if outline is not None:
        dashes = Qt.PenStyle.SolidLine if block.standing is BlockState.SHORT else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(colours.role(outline)), 1.6, dashes))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
        ink = colours.role(outline)
    else:
        fill, edge, ink = _fill(block, colours)
        painter.setPen(QPen(QColor(edge), 1.6))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(box.adjusted(0.8, 0.8, -0.8, -0.8), 3, 3)
        if block.standing is BlockState.RUNNING:
            painter.setPen(QPen(QColor(colours.good), 2.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
    _write(painter, box.adjusted(px(4), 0, -px(2), 0), block, ink)
    if not block.is_published:
        _mark_unpublished(painter, box, ink)


def _mark_unpublished(painter: QPainter, box: QRectF, ink: str) -> None:
    """A corner that is turned down, as on a page that is not handed out yet."""
    size = min(px(9), box.height() / 3, box.width() / 3)
    corner = box.topRight() + QPointF(-2, 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ink))
    painter.drawPolygon([corner, corner + QPointF(-size, 0), corner + QPointF(0, size)])


def _fill(block: Block, colours: Palette) -> tuple[str, str, str]:
    """What a shift is filled with, its edge and its words: one of the night is dark, as the night is."""
    if block.standing is BlockState.WAS:
        return colours.neutral, colours.neutral, colours.on_bar
    if block.is_night:
        return colours.selection, colours.cru, colours.text
    return colours.cru, colours.cru, colours.on_bar


def _write(painter: QPainter, room: QRectF, block: Block, ink: str) -> None:
    """As many names as there are lines, whole where they fit; else one line, whole or cut."""
    if room.width() < px(14):
        return
    painter.setFont(text_font(0.85))
    painter.setPen(QColor(ink))
    metrics = QFontMetricsF(painter.font())
    measure, high = metrics.horizontalAdvance, metrics.height()
    fits = next((one for one in (block.words, block.shorter) if measure(one) <= room.width()), "")
    # Of "sick: find one" the second half is what is to be done: on a line of its own before it is cut.
    names = re.split(r" · |(?<=:) ", block.shorter)
    lines = [fits] if fits else names[: max(1, int(room.height() // high))]
    initials = " ".join(_initials(name) for name in block.words.split(" · "))
    # A van's name that is cut would be another's.
    is_van = " · " not in block.words and initials != block.words
    if not fits and (is_van or len(lines) < len(names) or max(map(measure, lines)) > _CUT_AT * room.width()):
        lines = [initials]
    if is_van and measure(lines[0]) > room.width():
        return
    if len(lines) == 1 and measure(lines[0]) > room.width():
        # A little smaller, before a word is cut.
        painter.setFont(text_font(_SMALL))
        high = QFontMetricsF(painter.font()).height()
    top = room.top() + (room.height() - high * len(lines)) / 2
    for at, line in enumerate(lines):
        box = QRectF(room.left(), top + at * high, room.width(), high)
        painter.drawText(box, paint.ONE_LINE, _cut(painter, line, room.width()))


def _initials(name: str) -> str:
    """``A. Example`` as ``AE``; what is no name stays a word."""
    parts = name.replace(".", " ").split()
    is_name = len(parts) > 1 and all(part[0].isupper() or part.isdigit() for part in parts)
    return "".join(part if part.isdigit() else part[0] for part in parts) if is_name else name


def _cut(painter: QPainter, words: str, width: float) -> str:
    return QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, width)


def draw_cover(painter: QPainter, place: WeekFrame, cover: Sequence[Cover], colours: Palette) -> None:
    """A bar an hour, as high as vans are planned; a line where so many are wanted. Short ones are striped."""
    strip = place.cover
    most = max([1, *(max(one.vans, one.wanted) for one in cover)])
    painter.setPen(QColor(colours.text))
    painter.setFont(text_font(0.95, bold=True))
    label = QRectF(px(10), strip.top(), place.label - px(14), strip.height())
    painter.drawText(label.adjusted(0, 0, 0, -label.height() / 2), paint.ONE_LINE, "cover")
    painter.setPen(QColor(colours.text_dim))
    painter.setFont(text_font(0.85))
    painter.drawText(label.adjusted(0, label.height() / 2, 0, 0), paint.ONE_LINE, "vans, wanted")
    for one in cover:
        left, right = place.x(one.hour), place.x(one.hour + _HOUR)
        high = strip.height() * one.vans / most
        box = QRectF(left, strip.bottom() - high, right - left - 0.6, high)
        painter.fillRect(box, _cover_brush(one, colours))
        if one.short:
            # Striped also where nobody at all is there: a gap is seen without colour.
            gap = QRectF(left, strip.bottom() - strip.height() * one.wanted / most, right - left - 0.6, 0)
            gap.setBottom(box.top())
            painter.fillRect(gap, paint.hatch(colours.track, _short_colour(one, colours)))
        level = strip.bottom() - strip.height() * one.wanted / most
        painter.setPen(QPen(QColor(colours.text), 1.6))
        painter.drawLine(QPointF(left, level), QPointF(right, level))


def _short_colour(one: Cover, colours: Palette) -> str:
    return colours.late if one.short >= _LOW or not one.vans else colours.warn


def _cover_brush(one: Cover, colours: Palette) -> QColor:
    # Quiet: where vans are missing the stripes say it.
    made = QColor(_short_colour(one, colours) if one.short else colours.good)
    made.setAlphaF(_QUIET)
    return made


def draw_now(painter: QPainter, place: WeekFrame, now: datetime, colours: Palette) -> None:
    """A line at the record's now, if it lies in the week."""
    if place.start <= now < place.end:
        painter.setPen(QPen(QColor(colours.late), 1.6))
        at = place.x(now)
        painter.drawLine(QPointF(at, place.head - 6), QPointF(at, place.top(place.lanes) + place.foot))
