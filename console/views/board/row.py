"""Paints the board's rows: badge, two lines and a bar, the time on the right; and the lines of the groups."""

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console.look import paint
from console.look.guard import guarded
from console.look.palette import Tone
from console.look.style import SMALLEST_TARGET, current, px, scale, text_font
from console.models.keyed import ITEM_ROLE
from console.models.referrals import Entry, GroupHead, ReferralModel, head_words
from db.domain.board import UNREADABLE, Face, Urgency

_TONES: Final[dict[Urgency, Tone]] = {
    "calm": "good",
    "due soon": "warn",
    "will be late": "late",
    "late": "late",
    "reached": "link",
    "ended": "neutral",
}


def row_height() -> int:
    """Pixels of a referral's row at the font scale in force."""
    lines = QFontMetricsF(text_font(1.0, bold=True)).height() + QFontMetricsF(text_font(0.9)).height()
    return round(lines) + px(5 + 5 + 6 + 5 + 5)


def head_height() -> int:
    """Pixels of a group's line."""
    return max(SMALLEST_TARGET, round(QFontMetricsF(text_font(0.9)).height()) + px(12))


class _Kit:
    """Fonts and their measures at one scale: making them anew for each text costs more than drawing it."""

    def __init__(self) -> None:
        self.scale = scale()
        self.title, self.line, self.small = text_font(1.0, bold=True), text_font(0.9), text_font(0.9, bold=True)
        self.of_title, self.of_line, self.of_small = map(QFontMetricsF, (self.title, self.line, self.small))
        self.right_width = self.of_small.horizontalAdvance("with patient ")


@guarded
class BoardDelegate(QStyledItemDelegate):
    """Draws what :class:`ReferralModel` holds, at the moment that the model shows."""

    def __init__(self, model: ReferralModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._kit = _Kit()

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The height of a row or of a group's line."""
        is_head = isinstance(index.data(ITEM_ROLE), GroupHead)
        return QSize(px(200), head_height() if is_head else row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        if self._kit.scale != scale():
            self._kit = _Kit()
        item = index.data(ITEM_ROLE)
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        with paint.kept(painter):
            self._ground(painter, box, state)
            if isinstance(item, Entry):
                self._referral(painter, box, item)
            elif isinstance(item, GroupHead):
                self._head(painter, box, item)
            if state & QStyle.StateFlag.State_HasFocus:
                paint.paint_focus(painter, box, current())

    def _ground(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> None:
        colours = current()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colours.selection))
            painter.fillRect(QRectF(box.left(), box.top(), px(4), box.height()), QColor(colours.link))
        painter.setPen(QColor(colours.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())

    def _referral(self, painter: QPainter, box: QRectF, entry: Entry) -> None:
        face = self._model.face(entry.row)
        if face.right == UNREADABLE:
            paint.paint_unreadable(painter, box, current(), f"{face.title} · {face.line}")
            return
        tone = _TONES[face.urgency]
        badge = QRectF(box.left() + px(14), box.center().y() - px(14), px(38), px(28))
        paint.paint_badge(painter, badge, entry.row.priority, entry.row.standing, current())
        width = self._kit.right_width
        right = QRectF(box.right() - px(12) - width, box.top(), width, box.height())
        middle = QRectF(badge.right() + px(10), box.top() + px(5), 0, box.height() - px(10))
        middle.setRight(right.left() - px(8))
        self._middle(painter, middle, face, tone)
        self._right(painter, right, face, tone, sending=entry.sending)

    def _middle(self, painter: QPainter, box: QRectF, face: Face, tone: Tone) -> None:
        colours, kit = current(), self._kit
        first = QRectF(box.left(), box.top(), box.width(), kit.of_title.height())
        second = QRectF(box.left(), first.bottom(), box.width(), kit.of_line.height())
        dim = colours.text_dim
        title = _cut_title(kit.of_title, face, box.width())
        _write(painter, first, title, kit.title, dim if face.urgency == "ended" else colours.text)
        line = kit.of_line.elidedText(face.line, Qt.TextElideMode.ElideRight, box.width())
        _write(painter, second, line, kit.line, dim)
        bar = QRectF(box.left(), second.bottom() + px(5), box.width(), px(6))
        paint.paint_bar(painter, bar, face.used, tone, colours)

    def _right(self, painter: QPainter, box: QRectF, face: Face, tone: Tone, *, sending: bool) -> None:
        colours, kit = current(), self._kit
        tall, low = kit.of_title.height(), kit.of_small.height()
        first = QRectF(box.left(), box.center().y() - (tall + low) / 2, box.width(), tall)
        second = QRectF(box.left(), first.bottom(), box.width(), low)
        ink = colours.tone(tone) if face.urgency in ("late", "will be late", "due soon") else colours.text
        if face.urgency == "ended":
            ink = colours.text_dim
        _write(painter, first, face.right, kit.title, ink, Qt.AlignmentFlag.AlignRight)
        below, dim = ("sending…", colours.link) if sending else (face.below, colours.text_dim)
        if face.urgency == "will be late" and not sending:
            below, dim = face.below.removeprefix("will be "), ink
        _write(painter, second, below, kit.small, dim, Qt.AlignmentFlag.AlignRight)

    def _head(self, painter: QPainter, box: QRectF, head: GroupHead) -> None:
        words = f"{'▾' if head.is_open else '▸'} {head_words(head, self._model.now)}"
        inside = box.adjusted(px(14), 0, -px(12), 0)
        words = self._kit.of_line.elidedText(words, Qt.TextElideMode.ElideRight, inside.width())
        _write(painter, inside, words, self._kit.line, current().text_dim)


def _cut_title(metrics: QFontMetricsF, face: Face, width: float) -> str:
    """The title by its number, as on the map and the lanes, cut before the postcode, which must stay."""
    title = face.title.removeprefix("CRU-")
    if metrics.horizontalAdvance(title) <= width:
        return title
    number, dot, where = title.removesuffix(face.tail).partition(" · ")
    room = width - metrics.horizontalAdvance(f"{number}{dot}{face.tail}")
    if room > metrics.horizontalAdvance("…, "):
        return f"{number}{dot}{metrics.elidedText(where, Qt.TextElideMode.ElideRight, room)}{face.tail}"
    return metrics.elidedText(f"{number}{dot}{face.tail.removeprefix(', ')}", Qt.TextElideMode.ElideRight, width)


def _write(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: QFont,
    ink: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
