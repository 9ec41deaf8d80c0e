"""Brush strokes shared by widgets and item delegates: badges, bars, stretches, keycaps, focus rings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from console.look.palette import Palette, Tone
from console.look.style import scale, text_font
from db.domain.texts import told

_PRIORITY_TONES: Final[tuple[Tone, ...]] = ("late", "warn")
_HATCH_STEP: Final = 12
ONE_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextForceLeftToRight
"""How every line is drawn: from the left whatever script it begins with, since the words around it are English."""
UNREADABLE: Final = "This cannot be shown"
_MOST_WORDS: Final = 200
"""Letters that are measured: what cannot be shown may be of any length."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """How a length of time is drawn.

    Attributes:
        label: text inside, cut with an ellipsis when it does not fit, left out when nothing would.
        role: palette role of the fill, such as ``ems``, ``cru``, ``destination``, ``police`` or ``track``.
        hatched: striped, for time in which the patient changes hands.
        dashed: outline only, for what is predicted and has not happened.
        shorter: fewer words for less room, the longest first; with them nothing is ever cut.
    """

    label: str
    role: str
    hatched: bool = False
    dashed: bool = False
    shorter: tuple[str, ...] = ()


@contextmanager
def kept(painter: QPainter) -> Iterator[None]:
    """Leave the painter as it was found, also when drawing fails: Qt crashes on one with a state too many."""
    painter.save()
    try:
        yield
    finally:
        painter.restore()


def priority_tone(standing: int) -> Tone:
    """The tone of a priority before which so many others go; the map's marks have the same."""
    return _PRIORITY_TONES[standing] if standing < len(_PRIORITY_TONES) else "dim"


def paint_badge(painter: QPainter, rect: QRectF, priority: str, standing: int, palette: Palette) -> None:
    """Draw a priority: the first eight-sided and heavy, the second a square box, others round-ended and thin.

    Args:
        painter: left as it was found.
        rect: where, in the painter's coordinates; 36 x 26 px at 100 % text suits.
        priority: the text inside, such as ``"P1"``; an empty one draws ``"?"``.
        standing: how many priorities go before it, by the reference data.
        palette: the colours in force.
    """
    with kept(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(palette.tone(priority_tone(standing)))
        width = {0: 2.6, 1: 2.0}.get(standing, 1.4) * scale()
        painter.setPen(
            QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _badge_outline(painter, rect.adjusted(width, width, -width, -width), standing)
        painter.setFont(text_font(0.95, bold=True))
        painter.drawText(rect, ONE_LINE | Qt.AlignmentFlag.AlignHCenter, told(priority) or "?")


def _badge_outline(painter: QPainter, box: QRectF, standing: int) -> None:
    if standing == 0:
        painter.drawPolygon(_octagon(box))
    elif standing == 1:
        painter.drawRoundedRect(box, 2, 2)
    else:
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)


def _octagon(box: QRectF) -> QPolygonF:
    cut = box.height() * 0.28
    left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
    corners = [
        (left + cut, top),
        (right - cut, top),
        (right, top + cut),
        (right, bottom - cut),
        (right - cut, bottom),
        (left + cut, bottom),
        (left, bottom - cut),
        (left, top + cut),
    ]
    return QPolygonF([QPointF(x, y) for x, y in corners])


def paint_bar(painter: QPainter, rect: QRectF, used: float, tone: Tone, palette: Palette) -> None:
    """Draw a thin bar of time used.

    Args:
        painter: left as it was found.
        rect: the whole track; 5 to 8 px high suits.
        used: share of the time used; above 1 the full bar is striped, so that over is seen without colour.
        tone: colour of the used part.
        palette: the colours in force.
    """
    with kept(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = rect.height() / 2
        painter.setBrush(QColor(palette.track))
        painter.drawRoundedRect(rect, radius, radius)
        share = max(0.0, min(1.0, used))
        if share > 0:
            # Never shorter than its round ends.
            filled = QRectF(rect.left(), rect.top(), max(rect.height(), rect.width() * share), rect.height())
            painter.setBrush(_bar_brush(used, tone, palette))
            painter.drawRoundedRect(filled, radius, radius)


def _bar_brush(used: float, tone: Tone, palette: Palette) -> QBrush:
    colour = palette.tone(tone)
    return hatch(colour, palette.track) if used > 1 else QBrush(QColor(colour))


def hatch(colour: str, stripe: str) -> QBrush:
    """A brush of ``colour`` with diagonal stripes of ``stripe``, both ``#rrggbb``."""
    step = _HATCH_STEP
    tile = QPixmap(step, step)
    tile.fill(QColor(colour))
    with QPainter(tile) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(stripe), step / 3))
        # Three lines, so that the corners of the tile carry on those of its neighbours.
        for shift in (-step, 0, step):
            painter.drawLine(QPointF(shift - 2, -2), QPointF(shift + step + 2, step + 2))
    return QBrush(tile)


def paint_stretch(painter: QPainter, rect: QRectF, stretch: Stretch, palette: Palette) -> None:
    """Draw one length of time with its label inside ``rect``; the painter is left as it was found."""
    with kept(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if stretch.dashed:
            painter.setPen(QPen(QColor(palette.role(stretch.role)), 1.2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.6, 0.6, -0.6, -0.6), 3, 3)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_fill(stretch, palette))
            # Stripes begin with the stretch: they would crawl while it moves along.
            painter.setBrushOrigin(rect.topLeft())
            painter.drawRoundedRect(rect, 3, 3)
        painter.setPen(QColor(_ink(stretch, palette)))
        painter.setFont(text_font(0.9, bold=True))
        paint_text(painter, rect, stretch.label, margin=6 * scale(), shorter=stretch.shorter)


def _fill(stretch: Stretch, palette: Palette) -> QBrush:
    if stretch.hatched:
        return hatch(palette.role(stretch.role), palette.hatch)
    return QBrush(QColor(palette.role(stretch.role)))


def _ink(stretch: Stretch, palette: Palette) -> str:
    if stretch.dashed:
        return palette.role(stretch.role)
    return palette.text if stretch.role == "track" else palette.on_bar


def paint_text(
    painter: QPainter, rect: QRectF, text: str, margin: float = 0.0, shorter: tuple[str, ...] = ()
) -> None:
    """Draw one line, left and in the middle; where it does not fit the first of ``shorter`` that does, or nothing.

    Without ``shorter`` it is cut with an ellipsis, and left out where not one letter fits. The painter's font and
    pen are used.
    """
    room, metrics = rect.adjusted(margin, 0, -margin / 2, 0), QFontMetricsF(painter.font())
    if shorter:
        shown = next((one for one in (text, *shorter) if metrics.horizontalAdvance(one) <= room.width()), "")
    else:
        shown = cut(text, metrics, room.width())
    if shown and shown != "…":
        painter.drawText(room, ONE_LINE | Qt.AlignmentFlag.AlignLeft, shown)


def write(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    ink: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Draw one line in a font and a colour, ``#rrggbb``, cut with an ellipsis where it does not fit.

    Font and pen of the painter are changed.
    """
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(rect, ONE_LINE | side, cut(text, QFontMetricsF(font), rect.width()))


def cut(
    text: str,
    metrics: QFontMetricsF,
    width: float,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> str:
    """A stored or joined text as it is painted on one line: nothing hidden in it, no longer than its room."""
    shown = told(text)
    # One that fits is not measured twice: a thousand rows are painted while one scrolls.
    return shown if metrics.horizontalAdvance(shown) <= width else metrics.elidedText(shown, mode, width)


def paint_keycap(painter: QPainter, rect: QRectF, key: str, palette: Palette) -> None:
    """Draw a small keycap with its text; the painter is left as it was found."""
    with kept(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.line), 1))
        painter.setBrush(QColor(palette.keycap))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(QColor(palette.on_keycap))
        painter.setFont(text_font(0.8, bold=True))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, key)


def paint_focus(painter: QPainter, rect: QRectF, palette: Palette) -> None:
    """Draw the focus ring just inside ``rect``; the painter is left as it was found."""
    with kept(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.focus), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)


def paint_unreadable(painter: QPainter, rect: QRectF, palette: Palette, words: str = "") -> None:
    """Draw that something cannot be shown: striped, with a sign and words that do not depend on colour.

    Args:
        painter: left as it was found.
        rect: what cannot be shown.
        palette: the colours in force.
        words: what is known of it; none says only that it cannot be shown.
    """
    with kept(painter):
        painter.fillRect(rect, QColor(palette.panel))
        painter.fillRect(rect, QBrush(QColor(palette.edge), Qt.BrushStyle.BDiagPattern))
        painter.setFont(text_font(0.9, bold=True))
        metrics, air = QFontMetricsF(painter.font()), 6 * scale()
        text = f"▲ {told(words[:_MOST_WORDS]) or UNREADABLE}"
        shown = cut(text, metrics, rect.width() - 4 * air)
        shown = shown if len(shown) > 1 else "▲"
        plate = QRectF(0, 0, metrics.horizontalAdvance(shown) + 2 * air, metrics.height())
        plate.moveCenter(rect.center())
        # Near the left end, where rows and lanes are read from, and in the middle where there is no more room.
        plate.moveLeft(max(rect.left(), min(plate.left(), rect.left() + 2 * air)))
        painter.fillRect(plate, QColor(palette.panel))
        painter.setPen(QColor(palette.warn))
        painter.drawText(plate, ONE_LINE | Qt.AlignmentFlag.AlignHCenter, shown)
