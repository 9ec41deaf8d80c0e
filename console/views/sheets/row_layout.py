"""Where the words of a row in a list of choices lie: what has no room goes on in the next line, uncut."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from console.look.palette import Tone
from console.look.style import px, text_font
from db.domain.texts import told

SMALL: Final = 0.9
WRAPS: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


@dataclass(frozen=True, slots=True)
class Row:
    """One choice.

    Attributes:
        right: a few words at the right end, such as minutes.
        details: what stands in the second line, each with its tone; none for no second line.
        enabled: whether it can be picked; one that cannot is listed with the reason.
        key: the key that selects it besides its digit.
    """

    value: str
    text: str
    right: str = ""
    details: tuple[tuple[str, Tone], ...] = ()
    enabled: bool = True
    key: str = ""


@dataclass(frozen=True, slots=True)
class LaidRow:
    """A row as it is painted, in pixels from its own top left corner.

    Attributes:
        text: where the words of the choice are.
        right: the words at the right end of the first line.
        below: the same words in a line of their own, where both have no room side by side.
        details: the words of the lines behind that.
    """

    text: QRectF
    right: str
    below: tuple[str, QRectF] | None
    details: tuple[tuple[str, Tone, QRectF], ...]
    height: float


def lay(row: Row, width: float) -> LaidRow:
    """Lay out a row in a list that is so wide."""
    left, plain, bold = px(34), _metrics(is_bold=bool(row.details)), _metrics(is_bold=True)
    line = max(24.0, plain.height() + px(8))
    right = f"{row.right}  {row.key}".strip()
    beside = width - left - px(4) - bold.horizontalAdvance(right) - px(10)
    is_below = bool(row.right) and plain.horizontalAdvance(told(row.text)) > beside
    if is_below:
        right = row.key
        beside = width - left - px(4) - bold.horizontalAdvance(right) - px(10)
    wrapped = _wrapped(told(row.text), plain, max(beside, px(80)))
    text = QRectF(left, (line - plain.height()) / 2, max(beside, px(80)), wrapped)
    bottom = line + wrapped - plain.height()
    below = None
    if is_below:
        small = QFontMetricsF(text_font(SMALL))
        room = QRectF(left, bottom - px(4), width - left - px(8), 0)
        room.setHeight(_wrapped(told(row.right), small, room.width()))
        below = (row.right, room)
        bottom += room.height()
    details, ends = _lay_details(row, QRectF(left, bottom - px(2), max(px(80), width - left - px(10)), 0))
    return LaidRow(text, right, below, details, ends + px(6) if details else bottom)


def _lay_details(row: Row, room: QRectF) -> tuple[tuple[tuple[str, Tone, QRectF], ...], float]:
    """Beside each other as far as there is room, and how far down they go."""
    metrics = QFontMetricsF(text_font(SMALL))
    laid: list[tuple[str, Tone, QRectF]] = []
    x, y, bottom = room.left(), room.top(), room.top()
    for text, tone in row.details:
        words = told(_marked(text, tone))
        wide = metrics.horizontalAdvance(words)
        if x > room.left() and x + wide > room.right():
            x, y = room.left(), bottom
        high = _wrapped(words, metrics, room.right() - x)
        laid.append((words, tone, QRectF(x, y, min(wide + px(2), room.right() - x), high)))
        x, bottom = x + wide + px(16), max(bottom, y + high)
    return tuple(laid), bottom


def _wrapped(words: str, metrics: QFontMetricsF, width: float) -> float:
    """How high words are in a column so wide."""
    if metrics.horizontalAdvance(words) <= width:
        return metrics.height()
    return max(metrics.height(), metrics.boundingRect(QRectF(0, 0, width, 10_000), WRAPS, words).height())


def _metrics(*, is_bold: bool) -> QFontMetricsF:
    return QFontMetricsF(text_font(bold=is_bold))


def _marked(text: str, tone: Tone) -> str:
    return {"good": "✓ ", "warn": "! "}.get(tone, "") + text
