"""The wall as it is painted: sizes follow the screen, so that it is read from four metres away."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.style import colour
from db.domain.wall import Tile, Tone, Wall, WallRow

_HIGH: Final = 820.0
_WIDE: Final = 1456.0
"""What the lengths below are drawn for; on a larger screen all of them grow alike."""
_ROLES: Final[dict[Tone, str]] = {"late": "late", "warn": "warn", "good": "good", "plain": "text", "calm": "link"}
_LEAST_ROWS: Final = 3
_FIRST_ROW: Final = 326
_ROW: Final = 77
"""From one row to the next."""
_FOOT: Final = 108


@dataclass(frozen=True, slots=True)
class WallWords:
    """What stands around the rows.

    Attributes:
        service: whose wall it is.
        clock: the record's time of day.
        link: ``live``, or since when nothing was heard.
        fresh: whether what is shown is of now.
        tonight: the figures of the night, in one line.
        stale: what to say in red while it is old; empty for now.
    """

    service: str
    clock: str
    link: str
    fresh: bool
    tonight: str
    stale: str


@guarded
class WallCanvas(QFrame):
    """Paints what it is given, and knows nothing else."""

    def __init__(self, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hands = hands
        self.wall = Wall((), ())
        self.words = WallWords("", "", "", False, "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The wall")

    def sizeHint(self) -> QSize:
        """Whatever the screen has."""
        return QSize(1280, 720)

    def show_wall(self, wall: Wall, words: WallWords) -> None:
        """Paint this from now on."""
        self.wall, self.words = wall, words
        self.setAccessibleDescription(spoken(wall, words))
        self.update()

    @property
    def unit(self) -> float:
        """How many pixels one unit of length is here."""
        return min(self.width() / _WIDE, self.height() / _HIGH)

    def rows_that_fit(self) -> int:
        """How many rows there is room for between the tiles and what is told of the night."""
        room = self.height() / max(self.unit, 0.01) - _FIRST_ROW - _FOOT
        return max(_LEAST_ROWS, int(room // _ROW))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it all; it changes once a second and is small."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), colour("window"))
            self._head(painter)
            self._tiles(painter)
            self._rows(painter)
            self._foot(painter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The few keys of the wall; no other goes further."""
        self._hands.take(event)

    # --- lengths and letters ---

    def _font(self, height: float, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(8, round(height * self.unit)))
        font.setBold(bold)
        return font

    def _text(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        height: float,
        role: str,
        *,
        bold: bool = False,
        right: bool = False,
    ) -> float:
        """Draw one line, made smaller where it has no room rather than cut; how wide it came out."""
        size = height
        while True:
            font = self._font(size, bold=bold)
            width = QFontMetricsF(font).horizontalAdvance(text)
            if width <= box.width() or size <= height * 0.55:
                break
            size -= max(1.0, height * 0.05)
        painter.setFont(font)
        painter.setPen(colour(role))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return min(width, box.width())

    def _box(self, left: float, top: float, width: float, height: float) -> QRectF:
        unit = self.unit
        return QRectF(left * unit, top * unit, width * unit, height * unit)

    @property
    def _across(self) -> float:
        return self.width() / max(self.unit, 0.01)

    # --- parts ---

    def _head(self, painter: QPainter) -> None:
        words, across = self.words, self._across
        self._text(painter, self._box(36, 18, across - 320, 52), words.service, 40, "text", bold=True)
        self._text(painter, self._box(across - 280, 10, 244, 76), words.clock, 64, "text", bold=True, right=True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("good" if words.fresh else "late"))
        painter.drawEllipse(QPointF(48 * self.unit, 82 * self.unit), 9 * self.unit, 9 * self.unit)
        role = "good" if words.fresh else "late"
        wide = self._text(painter, self._box(64, 64, across - 400, 36), words.link, 22, role)
        left = 64 + wide / max(self.unit, 0.01) + 14
        promise = "no names, no addresses on this wall"
        self._text(painter, self._box(left, 64, max(10.0, across - left - 320), 36), promise, 22, "text_dim")

    def _tiles(self, painter: QPainter) -> None:
        count = max(1, len(self.wall.tiles))
        wide = (self._across - 60 - 16 * (count - 1)) / count
        for place, tile in enumerate(self.wall.tiles):
            self._tile(painter, 30 + place * (wide + 16), wide, tile)

    def _tile(self, painter: QPainter, left: float, wide: float, tile: Tile) -> None:
        self._card(painter, self._box(left, 114, wide, 190))
        inner = wide - 44
        self._text(painter, self._box(left + 22, 122, inner, 98), tile.figure, 92, _ROLES[tile.tone], bold=True)
        self._text(painter, self._box(left + 22, 226, inner, 34), tile.caption, 24, "text")
        grave = tile.tone == "late" and tile.below.startswith("EMERGENCY")
        self._text(painter, self._box(left + 22, 258, inner, 30), tile.below, 20, "late" if grave else "text_dim")

    def _rows(self, painter: QPainter) -> None:
        for place, row in enumerate(self.wall.rows):
            self._row(painter, _FIRST_ROW + place * _ROW, row)
        if not self.wall.rows:
            self._text(painter, self._box(36, 340, self._across - 72, 60), "Nobody waits.", 32, "text_dim")

    def _row(self, painter: QPainter, top: float, row: WallRow) -> None:
        across, role = self._across, _ROLES[row.tone]
        self._card(painter, self._box(30, top, across - 60, 70))
        badge = self._box(48, top + 16, 62, 40)
        painter.setPen(QPen(colour(role), max(1.5, 3 * self.unit)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(badge, 6 * self.unit, 6 * self.unit)
        # In the middle of its frame: two letters, whatever the priority is called.
        painter.setFont(self._font(26, bold=True))
        painter.setPen(colour(role))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, row.priority[:3])
        first = across * 0.25
        self._text(painter, self._box(130, top + 4, first, 40), row.town, 30, "text", bold=True)
        self._text(painter, self._box(130, top + 42, first, 26), row.doing, 20, "text_dim")
        self._bar(painter, QRectF(across * 0.365, top + 30, across * 0.31, 14), row.used, role)
        left = across * 0.695
        wide = across * (0.125 if row.beside else 0.28)
        self._text(painter, self._box(left, top + 8, wide, 56), row.left, 27, role, bold=True)
        self._text(
            painter,
            self._box(across * 0.825, top + 8, across * 0.175 - 50, 56),
            row.beside,
            22,
            "text_dim",
            right=True,
        )

    def _bar(self, painter: QPainter, at: QRectF, used: float, role: str) -> None:
        box = self._box(at.x(), at.y(), at.width(), at.height())
        around = box.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("track"))
        painter.drawRoundedRect(box, around, around)
        filled = QPainterPath()
        filled.addRoundedRect(
            QRectF(box.x(), box.y(), max(box.height(), box.width() * used), box.height()), around, around
        )
        painter.fillPath(filled, colour(role))

    def _foot(self, painter: QPainter) -> None:
        words, across = self.words, self._across
        top = self.height() / max(self.unit, 0.01) - 92
        self._text(painter, self._box(36, top, across - 272, 40), words.tonight, 25, "text")
        if self.wall.more:
            more = f"and {self.wall.more} more"
            self._text(painter, self._box(across - 226, top, 190, 40), more, 22, "text_dim", right=True)
        text = words.stale or "If this wall is older than 10 s it says so, in this place, in red."
        role = "late" if words.stale else "text_dim"
        self._text(
            painter,
            self._box(36, top + 40, across - 72, 36),
            text,
            30 if words.stale else 19,
            role,
            bold=bool(words.stale),
        )

    def _card(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(colour("line"), max(1.0, self.unit)))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(box, 4 * self.unit, 4 * self.unit)


def spoken(wall: Wall, words: WallWords) -> str:
    """All of it in sentences, for whoever cannot see it."""
    tiles = (f"{tile.caption}: {tile.figure}, {tile.below}" for tile in wall.tiles)
    rows = (row.spoken() for row in wall.rows)
    more = f"and {wall.more} more" if wall.more else ""
    parts = (words.service, words.clock, words.stale or words.link, *tiles, *rows, more, words.tonight)
    return ". ".join(part for part in parts if part)
