"""Paints the vans' rows, and takes a referral that is dropped on one."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.look import paint
from console.look.guard import guarded
from console.look.keyboard import name_of
from console.look.palette import Tone
from console.look.style import SMALLEST_TARGET, current, px, text_font
from console.models.keyed import ITEM_ROLE
from console.models.referrals import REFERRAL_MIME
from console.models.vans import VanEntry, VanModel
from console.running.faults import attempt
from console.views.board.list import SteadyList
from db.domain.fleet import FixAge, VanFacts, fix_age, fix_words, status_words
from db.domain.states import DutyStatus
from db.domain.texts import told

_FIX_TONES: Final[dict[FixAge, Tone]] = {"fresh": "dim", "stale": "warn", "doubtful": "orange", "none": "orange"}
_MOST_MEASURED: Final = 200
"""Vans that are measured, the first ones: a bound for what each change may cost."""
_DUTY_TONES: Final[dict[DutyStatus, Tone]] = {
    DutyStatus.AVAILABLE: "good",
    DutyStatus.MEAL_BREAK: "neutral",
    DutyStatus.OUT_OF_SERVICE: "orange",
    DutyStatus.OFF_DUTY: "dim",
}


def van_height(_key: Hashable = None) -> int:
    """Pixels of a van's row of one line at the font scale in force."""
    return max(SMALLEST_TARGET, round(QFontMetricsF(text_font()).height()) + px(13))


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the columns are, in pixels, so that every van's callsign and status are whole.

    Attributes:
        room: how wide a row has to be for one line, so that nothing is cut that must be whole.
    """

    callsign: float = 0.0
    status: float = 0.0
    room: float = 0.0


@guarded
class VanDelegate(QStyledItemDelegate):
    """Draws callsign, status, task and fix in four columns; without room for it, the task below the others."""

    def __init__(self, model: VanModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._wide = Columns()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The height of a row."""
        return QSize(px(200), van_height())

    def measure(self) -> None:
        """Take the measure of the vans as they are now. The list says when: it costs more than to paint a row."""
        bold, small = QFontMetricsF(text_font(bold=True)), QFontMetricsF(text_font(0.9))
        every = self._model.all_facts()[:_MOST_MEASURED]
        widest = max((bold.horizontalAdvance(told(one.van.callsign)) for one in every), default=0.0)
        callsign, status = widest + px(14), max(map(_status_width, every), default=0.0) + px(12)
        asked = [attempt("a row of the vans", self._must, one, small) or 0.0 for one in every]
        self._wide = Columns(callsign, status, callsign + status + max(asked, default=0.0))

    def _must(self, facts: VanFacts, small: QFontMetricsF) -> float:
        """Pixels of a van's task and fix that may not be cut."""
        return small.horizontalAdvance(self._model.task(facts).must + self._fix(facts)) + px(12)

    def needs_two_lines(self, width: int) -> bool:
        """Whether the task has no room beside the other columns in rows of that width."""
        return self._wide.room > width - 2 * px(12)

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
        # The first paint may come before the list has measured.
        if not self._wide.room:
            self.measure()
        facts, wide, colours = entry.facts, self._wide, current()
        two_lines = box.height() > van_height()
        first = QRectF(box.left(), box.top(), box.width(), van_height()) if two_lines else box
        off = facts.van.duty_status is DutyStatus.OFF_DUTY
        ink = colours.text_dim if off else colours.text
        paint.write(painter, _slice(first, 0, wide.callsign), told(facts.van.callsign), text_font(bold=True), ink)
        self._status(painter, _slice(first, wide.callsign, wide.status), facts)
        small, fix = text_font(0.9), "sending…" if entry.sending else self._fix(facts)
        tone = "link" if entry.sending else self._fix_tone(facts)
        left = 0.0 if two_lines else wide.callsign + wide.status
        last = QRectF(box.left(), first.bottom() - px(5), box.width(), box.bottom() - first.bottom())
        last = last if two_lines else first
        paint.write(painter, last, fix, small, colours.tone(tone), Qt.AlignmentFlag.AlignRight)
        where = _slice(last, left, box.width() - left - _width(small, fix) - px(12))
        paint.write(painter, where, self.task(facts, where.width()), small, colours.text_dim)

    def task(self, facts: VanFacts, room: float) -> str:
        """What a van is about in that many pixels: its number and town, or the end of its shift, stay whole."""
        metrics, what = QFontMetricsF(text_font(0.9)), self._model.task(facts)
        if metrics.horizontalAdvance(what.words) <= room:
            return what.words
        # What must stay whole stands first, or nothing must: cutting at the end takes the rest.
        if what.words.startswith(what.must):
            return paint.cut(what.words, metrics, room)
        before = what.words.removesuffix(what.must).removesuffix(" · ")
        left = room - metrics.horizontalAdvance(f" · {what.must}")
        begun = paint.cut(before, metrics, left) if left > metrics.horizontalAdvance("Abc…") else ""
        return f"{begun} · {what.must}" if begun else what.must

    def _status(self, painter: QPainter, box: QRectF, facts: VanFacts) -> None:
        colours, words = current(), status_words(facts)
        if facts.van.emergency_at is None:
            tone: Tone = "link" if facts.job else _DUTY_TONES[facts.van.duty_status]
            paint.write(painter, box, words, text_font(), colours.tone(tone))
            return
        font = text_font(0.95, bold=True)
        pill = QRectF(box.left() - px(4), box.top() + px(4), _width(font, words) + px(10), box.height() - px(9))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.danger))
        painter.drawRect(pill)
        paint.write(painter, pill.adjusted(px(4), 0, 0, 0), words, font, colours.on_danger)

    def _fix(self, facts: VanFacts) -> str:
        words = fix_words(facts.position, self._model.now)
        loud = self._fix_tone(facts) in ("warn", "orange", "late")
        return f"▲ {words}" if loud else words

    def _fix_tone(self, facts: VanFacts) -> Tone:
        # A van that is off duty is nowhere to be sure about.
        if facts.van.duty_status is DutyStatus.OFF_DUTY:
            return "dim"
        age = fix_age(facts.position, self._model.now, self._model.rules)
        # A van on a job that nobody can find is worse than an idle one.
        return "late" if facts.job and age in ("doubtful", "none") else _FIX_TONES[age]


@guarded
class VanList(SteadyList):
    """The list of vans, on which a referral can be dropped."""

    dropped = Signal(object, object)
    """A referral's UUID and the UUID of the free van that it was dropped on."""
    key_pressed = Signal(str)
    """The name of a key, before anything is done with it."""

    def __init__(self, model: VanModel, parent: QWidget | None = None) -> None:
        # Before the base is made, which asks for heights as it begins.
        self._two_lines = False
        super().__init__(model, self._row_height, parent=parent)
        self._vans = model
        # Once for all that changes in one turn of the loop; to measure costs more than to paint.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.measure)
        for signal in (model.dataChanged, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._soon.start)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)

    def _row_height(self, _key: Hashable = None) -> int:
        second = round(QFontMetricsF(text_font(0.9)).height())
        return van_height() + (second if self._two_lines else 0)

    def measure(self) -> None:
        """Give the vans two lines each where one has no room for what must be whole."""
        delegate = self.itemDelegate()
        if isinstance(delegate, VanDelegate):
            delegate.measure()
            self._two_lines = delegate.needs_two_lines(self.viewport().width())
            # What may be done with a van is never seen without the van.
            self.setMinimumHeight(self._row_height() + self.height() - self.viewport().height())
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width; what is below the list may take room from the van that it is about."""
        super().resizeEvent(event)
        self.measure()
        if event.size().height() < event.oldSize().height() and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Say which key it is, and do what it does."""
        self.key_pressed.emit(name_of(event))
        super().keyPressEvent(event)

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


def _status_width(facts: VanFacts) -> float:
    words = status_words(facts)
    if facts.van.emergency_at is None:
        return _width(text_font(), words)
    return _width(text_font(0.95, bold=True), words) + px(6)


def _slice(box: QRectF, left: float, width: float) -> QRectF:
    return QRectF(box.left() + left, box.top(), width, box.height())


def _width(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)
