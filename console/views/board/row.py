"""Paints the board's rows: badge, two lines and a bar, the time on the right; and the lines of the groups."""

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console.look import paint
from console.look.guard import guarded
from console.look.palette import Tone
from console.look.style import SMALLEST_TARGET, current, px, scale, text_font
from console.models.keyed import ITEM_ROLE
from console.models.referrals import FLAG, Entry, GroupHead, ReferralModel, head_words
from console.views.board.fit import Fitted, fit
from db.domain.board import UNREADABLE, Face, Urgency
from db.domain.board_line import DANGER, NO_VAN

SENDING: Final = "sending…"
_BAR_SHARE: Final = 0.66
_BAR_SHARE_BESIDE_WORDS: Final = 0.4
_TONES: Final[dict[Urgency, Tone]] = {
    "calm": "good",
    "due soon": "warn",
    "will be late": "late",
    "late": "late",
    "reached": "link",
    "ended": "neutral",
}

_LOUD: Final = frozenset({"late", "will be late", "due soon"})


def line_tone(face: Face) -> Tone:
    """The colour of the second line: of a danger that was told, and of nobody sent while the time runs out."""
    if face.state.startswith(DANGER):
        return "late"
    alone = face.state == NO_VAN.upper() and face.urgency in _LOUD
    return _TONES[face.urgency] if alone else "dim"


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
        self.least = text_font(0.75)
        self.of_least = QFontMetricsF(self.least)
        self.of_title, self.of_line, self.of_small = map(QFontMetricsF, (self.title, self.line, self.small))

    def right_widths(self, face: Face, below: str) -> tuple[float, float]:
        """How wide the two lines on the right are, which stay whole."""
        return self.of_title.horizontalAdvance(face.right), self.of_small.horizontalAdvance(below)


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
        # The size of the text changes while the window is open, and no delegate is told.
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
        # A row that cannot be worked out stays in its place: somebody waits behind it.
        if face.right == UNREADABLE:
            paint.paint_unreadable(painter, box, current(), f"{face.title} · {face.line}")
            return
        tone = _TONES[face.urgency]
        badge = QRectF(box.left() + px(14), box.center().y() - px(14), px(38), px(28))
        paint.paint_badge(painter, badge, entry.row.priority, entry.row.standing, current())
        inside = QRectF(badge.right() + px(10), box.top() + px(5), 0, box.height() - px(10))
        inside.setRight(box.right() - px(12))
        below = self._below(painter, inside, face, tone, sending=entry.sending)
        self._words(painter, inside, face, below)
        here = self._model.here(entry.row.referral_id)
        share = _BAR_SHARE_BESIDE_WORDS if here else _BAR_SHARE
        bar = QRectF(inside.left(), inside.bottom() - px(6), inside.width() * share, px(6))
        paint.paint_bar(painter, bar, face.used, tone, current())
        self._here(painter, box, bar, here)

    def _here(self, painter: QPainter, box: QRectF, bar: QRectF, words: str) -> None:
        """Who else is there, in the room beside the bar, which nothing else needs."""
        if words:
            room = QRectF(bar.right() + px(6), 0, box.right() - bar.right() - px(18), self._kit.of_least.height())
            room.moveBottom(box.bottom() - px(3))
            said = self._kit.of_least.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            paint.write(painter, room, said, self._kit.least, current().link, Qt.AlignmentFlag.AlignRight)

    def fitted(self, face: Face, width: float, below: str = "") -> Fitted:
        """What is drawn of a row between its badge and its right edge, that many pixels apart."""
        kit = self._kit
        first, second = (width - taken - px(8) for taken in kit.right_widths(face, below or _below_words(face)))
        return fit(face, kit.of_title, kit.of_line, first, second - self._mark_width(face))

    def _mark_width(self, face: Face) -> float:
        return self._kit.of_line.horizontalAdvance(f"{FLAG} ") if face.flags else 0.0

    def _words(self, painter: QPainter, box: QRectF, face: Face, below: str) -> None:
        colours, kit = current(), self._kit
        said, dim = self.fitted(face, box.width(), below), colours.text_dim
        first, second = self._lines(box)
        paint.write(painter, first, said.title, kit.title, dim if face.urgency == "ended" else colours.text)
        if said.street:
            taken = kit.of_title.horizontalAdvance(said.title) + kit.of_line.horizontalAdvance(" ")
            behind = first.adjusted(taken, 0, 0, 0)
            paint.write(painter, behind, said.street, kit.line, dim)
        # A shape as well as a colour, before the words: it is seen where they are cut.
        if face.flags:
            paint.write(painter, second, FLAG, kit.line, colours.tone("warn" if face.warns else "good"))
            second.setLeft(second.left() + self._mark_width(face))
        paint.write(painter, second, said.line, kit.line, colours.tone(line_tone(face)))

    def _lines(self, box: QRectF) -> tuple[QRectF, QRectF]:
        first = QRectF(box.left(), box.top(), box.width(), self._kit.of_title.height())
        return first, QRectF(box.left(), first.bottom(), box.width(), self._kit.of_line.height())

    def _below(self, painter: QPainter, box: QRectF, face: Face, tone: Tone, *, sending: bool) -> str:
        """Draw the two lines on the right; the lower one is given back."""
        colours, kit = current(), self._kit
        # Colour is for what is late or nearly so: a calm board looks calm.
        ink = colours.tone(tone) if face.urgency in _LOUD else colours.text
        if face.urgency == "ended":
            ink = colours.text_dim
        # Nothing on the row changes in advance: that it is on its way is all that is known.
        below, low = (SENDING, colours.link) if sending else (_below_words(face), colours.text_dim)
        if face.urgency == "will be late" and not sending:
            low = ink
        first, second = self._lines(box)
        paint.write(painter, first, face.right, kit.title, ink, Qt.AlignmentFlag.AlignRight)
        paint.write(painter, second, below, kit.small, low, Qt.AlignmentFlag.AlignRight)
        return below

    def _head(self, painter: QPainter, box: QRectF, head: GroupHead) -> None:
        words = f"{'▾' if head.is_open else '▸'} {head_words(head, self._model.now)}"
        inside = box.adjusted(px(14), 0, -px(12), 0)
        words = self._kit.of_line.elidedText(words, Qt.TextElideMode.ElideRight, inside.width())
        paint.write(painter, inside, words, self._kit.line, current().text_dim)


def _below_words(face: Face) -> str:
    """The small words on the right; that a time will come need not be said beside one that is not over."""
    return face.below.removeprefix("will be ")
