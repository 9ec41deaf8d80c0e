"""What is to be put right, as a list; and the week as a table, for whoever hears it read or takes it along."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QTableWidget, QWidget

from console.look.guard import guarded
from console.look.kept_row import kept_row
from console.look.keyboard import Hands
from console.look.rota_keys import MATTERS
from console.look.style import current
from console.look.text_table import dress, fill
from db.domain.clocks import local, wall_time
from db.domain.rota_view import Matter, RotaLane

_SIGNS: Final = {"late": "▲", "warn": "◆", "good": "✓"}
COLUMNS: Final = ("Lane", "Day", "From", "Until", "Who", "How it stands", "Note")


@guarded
class MatterList(QListWidget):
    """One thing to be put right a row, the worst first. Enter, or a click, goes to its shift."""

    wanted = Signal(object)
    """A :class:`Matter` to go to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hands = Hands(MATTERS, {"go": self._go})
        self._matters: tuple[Matter, ...] = ()
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setStyleSheet("QListWidget::item { padding: 4px 0; }")
        self.setAccessibleName("What is to be put right")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda _item: self._go())

    def show_matters(self, matters: Sequence[Matter]) -> None:
        """List these."""
        row = kept_row(self._matters, self.currentRow(), tuple(matters))
        self._matters = tuple(matters)
        self.clear()
        for one in matters:
            item = QListWidgetItem(
                f"{_SIGNS[one.sort]} {one.words}" + (f"\n{one.detail}" if one.detail else ""), self
            )
            item.setForeground(QColor(current().tone(one.sort)))
            item.setToolTip(item.text())
        self.setCurrentRow(row)

    def changeEvent(self, event: QEvent) -> None:
        """List them in the colours of another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._matters:
            self.show_matters(self._matters)

    def _go(self) -> None:
        row = self.currentRow()
        if 0 <= row < len(self._matters) and self._matters[row].at is not None:
            self.wanted.emit(self._matters[row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and no other."""
        if not self._hands.take(event):
            super().keyPressEvent(event)


class RotaTable(QTableWidget):
    """The same week in words: one shift a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, "The week of the rota, as a table", COLUMNS, "Who")

    def show_lanes(self, lanes: Sequence[RotaLane]) -> None:
        """Show these, lane by lane."""
        fill(self, table_lines(lanes))


def table_lines(lanes: Sequence[RotaLane]) -> list[tuple[str, ...]]:
    """The rows of the table; a lane without a shift has one, too."""
    found: list[tuple[str, ...]] = []
    for lane in lanes:
        for block in lane.blocks:
            start, end = local(block.start), local(block.end)
            note = block.plan.note if block.plan is not None else ""
            day = f"{start:%a} {start.day} {start:%b}"
            until = wall_time(end) if end.date() == start.date() else f"{end:%a} {wall_time(end)}"
            found.append((lane.title, day, wall_time(start), until, block.words, block.stands, note))
        if not lane.blocks:
            found.append((lane.title, "", "", "", "no shift", "", ""))
    return found
