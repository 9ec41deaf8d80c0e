"""A list to pick one from: by a digit, by a letter, by arrows. Rows may have a second line of reasons."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from console.look import paint
from console.look.guard import guarded
from console.look.key_table import PICK
from console.look.keyboard import Hands, name_of
from console.look.style import current, px, text_font
from console.views.sheets.row_layout import SMALL, WRAPS, Row, lay
from db.domain.texts import folded, told

_ROW = Qt.ItemDataRole.UserRole
_DIGITS = 9


@guarded
class PickList(QListWidget):
    """Rows with keycaps. A key only selects; Return is left to what the list is part of."""

    picked = Signal(str)
    """A row was double clicked, which is as good as Return on it."""

    def __init__(self, name: str, rows: Sequence[Row] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._hands = Hands(PICK, {}, {"select": self._select})
        self.setAccessibleName(name)
        self.setItemDelegate(_RowPainter(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Words wrap, so a row is as high as the list is narrow. Qt lays rows out anew for another width only so.
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.itemDoubleClicked.connect(lambda item: self._pick(self.row(item)))
        # Once what is asked of this row stands there, which may have moved it.
        self.itemSelectionChanged.connect(lambda: QTimer.singleShot(0, self, self.show_chosen))
        self.set_rows(rows)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is listed."""
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """List other rows; the current one stays current if it is still there."""
        if tuple(rows) == self._rows:
            return
        kept = self.value()
        self._rows = tuple(rows)
        # Or whoever follows the hand would hear of no row, and then of the same one again.
        self.blockSignals(True)
        self.clear()
        for row in rows:
            item = QListWidgetItem(row.text, self)
            item.setData(_ROW, row)
            # Otherwise only the first text is read aloud: the others are painted.
            told = " ".join([row.text, row.right, *(text for text, _ in row.details)])
            item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
            if not row.enabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.set_value(kept)
        self.blockSignals(False)
        self.updateGeometry()

    def value(self) -> str:
        """The value of the current row; empty when there is none."""
        item = next(iter(self.selectedItems()), None)
        row = item.data(_ROW) if item is not None else None
        return row.value if isinstance(row, Row) and row.enabled else ""

    def set_value(self, value: str) -> None:
        """Make the row of that value current; none for a value that is not listed."""
        place = next((at for at, row in enumerate(self._rows) if row.value == value and row.enabled), -1)
        self.setCurrentRow(place)

    def show_chosen(self) -> None:
        """Bring the chosen row into sight, in the list and, while it has the keyboard, in the page around it."""
        item = next(iter(self.selectedItems()), None)
        if item is None:
            return
        self.scrollToItem(item)
        area = self.parentWidget() if self.hasFocus() else None
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        page = area.widget() if area is not None else None
        if area is not None and page is not None:
            box = self.visualItemRect(item)
            area.ensureVisible(0, self.viewport().mapTo(page, box.center()).y(), 0, box.height() // 2 + px(8))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the keyboard without taking the first row: nothing is chosen by the way."""
        super().focusInEvent(event)
        if not self.selectedItems():
            self.selectionModel().clearCurrentIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and letters select; what is not the list's is the sheet's."""
        if self._hands.part.find(name_of(event)) is None:
            event.ignore()
        elif not self._hands.take(event):
            if event.key() in {Qt.Key.Key_End, Qt.Key.Key_Up} and not self.selectedItems():
                # Qt begins with the first row, whatever key begins.
                self.setCurrentRow(max((at for at, row in enumerate(self._rows) if row.enabled), default=-1))
            else:
                super().keyPressEvent(event)

    def _select(self, key: str) -> None:
        """Select by digit, by a row's own key, or the next row that begins with the letter."""
        place = int(key) - 1 if key.isdigit() else self._keyed(key)
        if 0 <= place < len(self._rows) and self._rows[place].enabled:
            self.setCurrentRow(place)

    def _keyed(self, key: str) -> int:
        own = next((at for at, row in enumerate(self._rows) if row.key == key), None)
        if own is not None:
            return own
        after = self.currentRow() + 1
        order = [*range(after, len(self._rows)), *range(after)]
        return next((at for at in order if self._begins(self._rows[at], key)), -1)

    def _begins(self, row: Row, letter: str) -> bool:
        # A row with a key of its own has said how it is selected.
        return row.enabled and not row.key and folded(row.text).startswith(letter.lower())

    def _pick(self, place: int) -> None:
        if self._rows[place].enabled:
            self.picked.emit(self._rows[place].value)

    def sizeHint(self) -> QSize:
        """All rows, up to a dozen lines; more are scrolled."""
        wide = max(self.row_width(), px(260))
        rows = round(sum(lay(row, wide).height for row in self._rows))
        return QSize(px(280), min(rows, px(400)) + 2 * self.frameWidth() + px(4))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Want another height: in another width words wrap otherwise. What is chosen stays in sight."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.show_chosen)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def row_width(self) -> int:
        """How wide a row is beside a scroll bar: no word moves when one comes."""
        return self.width() - 2 * self.frameWidth() - self.verticalScrollBar().sizeHint().width()

    def minimumSizeHint(self) -> QSize:
        """Three rows."""
        return QSize(px(160), min(self.sizeHint().height(), px(100)))


@guarded
class _RowPainter(QStyledItemDelegate):
    """Keycap, words, what stands right, and the reasons below."""

    def __init__(self, owner: PickList) -> None:
        super().__init__(owner)
        self._list = owner

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(_ROW)
        high = lay(row, self._list.row_width()).height if isinstance(row, Row) else px(24)
        return QSize(px(160), math.ceil(high))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(_ROW)
        if not isinstance(row, Row):
            return
        box = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        with paint.kept(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if chosen:
                painter.fillRect(box, QColor(current().selection))
                painter.fillRect(QRectF(box.left(), box.top(), px(3), box.height()), QColor(current().link))
            self._words(painter, box, row, index.row())

    def _words(self, painter: QPainter, box: QRectF, row: Row, place: int) -> None:
        colours, laid = current(), lay(row, self._list.row_width())
        line = QRectF(box.left(), box.top(), box.width(), max(24, QFontMetrics(text_font()).height() + px(8)))
        # Beyond nine a digit would need two presses: a letter or the arrows go there.
        cap = str(place + 1) if place < _DIGITS and row.enabled else ""
        if cap:
            height = QFontMetrics(text_font(0.8, bold=True)).height() + px(4)
            paint.paint_keycap(
                painter, QRectF(box.left() + px(8), line.center().y() - height / 2, px(18), height), cap, colours
            )
        painter.setFont(text_font(bold=bool(row.details)))
        painter.setPen(QColor(colours.text if row.enabled else colours.hint))
        painter.drawText(laid.text.translated(box.topLeft()), WRAPS, told(row.text))
        painter.setFont(text_font(bold=True))
        painter.drawText(line.adjusted(0, 0, -px(10), 0), paint.ONE_LINE | Qt.AlignmentFlag.AlignRight, laid.right)
        painter.setFont(text_font(SMALL))
        if laid.below is not None:
            words, room = laid.below
            painter.setPen(QColor(colours.text_dim))
            painter.drawText(room.translated(box.topLeft()), WRAPS, told(words))
        for words, tone, room in laid.details:
            painter.setPen(QPen(QColor(colours.tone(tone) if tone != "dim" else colours.text_dim)))
            painter.drawText(room.translated(box.topLeft()), WRAPS, words)
