"""Paints the vans' rows, and takes a referral that is dropped on one."""

from collections.abc import Hashable
from typing import Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QFontMetricsF,
    QPainter,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.look import paint
from console.look.guard import guarded
from console.look.palette import Tone
from console.look.style import SMALLEST_TARGET, current, px, text_font
from console.models.keyed import ITEM_ROLE
from console.models.referrals import REFERRAL_MIME
from console.models.vans import VanEntry, VanModel
from console.views.board_list import SteadyList
from db.domain.fleet import FixAge, VanFacts, fix_age, fix_words, status_words
from db.domain.states import DutyStatus

_FIX_TONES: Final[dict[FixAge, Tone]] = {"fresh": "dim", "stale": "warn", "doubtful": "orange", "none": "orange"}
_DUTY_TONES: Final[dict[DutyStatus, Tone]] = {
    DutyStatus.AVAILABLE: "good",
    DutyStatus.MEAL_BREAK: "neutral",
    DutyStatus.OUT_OF_SERVICE: "orange",
    DutyStatus.OFF_DUTY: "dim",
}


def van_height(_key: Hashable = None) -> int:
    """Pixels of a van's row at the font scale in force."""
    return max(SMALLEST_TARGET, round(QFontMetricsF(text_font()).height()) + px(13))


@guarded
class VanDelegate(QStyledItemDelegate):
    """Draws callsign, status, task and fix in four columns."""

    def __init__(self, model: VanModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The height of a row."""
        return QSize(px(200), van_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        item = index.data(ITEM_ROLE)
        if not isinstance(item, VanEntry):
            return
        box = QRectF(option.rect)
        with paint.kept(painter):
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(box, QColor(current().selection))
                painter.fillRect(QRectF(box.left(), box.top(), px(4), box.height()), QColor(current().link))
            painter.setPen(QColor(current().line))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            self._columns(painter, box.adjusted(px(12), 0, -px(12), 0), item)
            if option.state & QStyle.StateFlag.State_HasFocus:
                paint.paint_focus(painter, box, current())

    def _columns(self, painter: QPainter, box: QRectF, entry: VanEntry) -> None:
        facts = entry.facts
        bold, plain, small = text_font(bold=True), text_font(), text_font(0.9)
        off = facts.van.duty_status is DutyStatus.OFF_DUTY
        callsign = _slice(box, 0, _width(bold, "CRU99 ") + px(10))
        status = _slice(
            box,
            callsign.right() - box.left(),
            max(_width(plain, "out of service "), _width(bold, "EMERGENCY")) + px(14),
        )
        _write(painter, callsign, facts.van.callsign, bold, current().text_dim if off else current().text)
        self._status(painter, status, facts)
        fix = "sending…" if entry.sending else self._fix(facts)
        tone = "link" if entry.sending else self._fix_tone(facts)
        room = _width(small, fix) + px(4)
        right = QRectF(box.right() - room, box.top(), room, box.height())
        _write(painter, right, fix, small, current().tone(tone), Qt.AlignmentFlag.AlignRight)
        middle = QRectF(status.right(), box.top(), right.left() - px(8) - status.right(), box.height())
        # A job begins with its number, a base ends with the end of the shift: neither may be cut.
        cut = Qt.TextElideMode.ElideRight if facts.job else Qt.TextElideMode.ElideMiddle
        task = QFontMetricsF(small).elidedText(self._model.task(facts), cut, middle.width())
        _write(painter, middle, task, small, current().text_dim)

    def _status(self, painter: QPainter, box: QRectF, facts: VanFacts) -> None:
        colours, words = current(), status_words(facts)
        if facts.van.emergency_at is None:
            tone: Tone = "link" if facts.job else _DUTY_TONES[facts.van.duty_status]
            _write(painter, box, words, text_font(), colours.tone(tone))
            return
        font = text_font(0.95, bold=True)
        pill = QRectF(box.left() - px(4), box.top() + px(4), _width(font, words) + px(10), box.height() - px(9))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.danger))
        painter.drawRect(pill)
        _write(painter, pill.adjusted(px(4), 0, 0, 0), words, font, colours.on_danger)

    def _fix(self, facts: VanFacts) -> str:
        words = fix_words(facts.position, self._model.now)
        loud = self._fix_tone(facts) in ("warn", "orange", "late")
        return f"▲ {words}" if loud else words

    def _fix_tone(self, facts: VanFacts) -> Tone:
        # A van that is off duty is nowhere to be sure about.
        if facts.van.duty_status is DutyStatus.OFF_DUTY:
            return "dim"
        age = fix_age(facts.position, self._model.now)
        return "late" if facts.job and age in ("doubtful", "none") else _FIX_TONES[age]


@guarded
class VanList(SteadyList):
    """The list of vans, on which a referral can be dropped."""

    dropped = Signal(object, object)
    """A referral's UUID and the UUID of the free van that it was dropped on."""

    def __init__(self, model: VanModel, parent: QWidget | None = None) -> None:
        super().__init__(model, van_height, parent=parent)
        self._vans = model
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take referrals only."""
        if event.mimeData().hasFormat(REFERRAL_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """A referral may be dropped on a van that is free."""
        if self._free_van(event.position().toPoint()) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the allocation."""
        van_id = self._free_van(event.position().toPoint())
        if van_id is not None and event.mimeData().hasFormat(REFERRAL_MIME):
            event.acceptProposedAction()
            self.dropped.emit(UUID(bytes(event.mimeData().data(REFERRAL_MIME).data()).decode()), van_id)

    def _free_van(self, at: QPoint) -> UUID | None:
        key = self._vans.id_at(self.rowAt(at.y()))
        facts = self._vans.facts(key) if isinstance(key, UUID) else None
        return facts.van.id if facts is not None and facts.is_free else None


def _slice(box: QRectF, left: float, width: float) -> QRectF:
    return QRectF(box.left() + left, box.top(), width, box.height())


def _width(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


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
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)
