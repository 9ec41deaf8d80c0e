"""A table of the fleet window: one van, person or tracker a row, with keys of its own."""

from collections.abc import Callable, Hashable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from console.look.guard import guarded
from console.look.kept_row import kept_row
from console.look.keyboard import Hands, Part
from console.look.row_room import RowRoom
from console.look.style import px

Acts = dict[str, Callable[[], object]]
_LEAST = 280
"""Pixels, at 100 % text, that the words of the wide column have at least if they are so long."""


@guarded
class FleetTable(QTableWidget):
    """One thing a row. The one that is chosen stays so when others come, go or are called something else."""

    chose_other = Signal()
    """Another thing is chosen than was."""

    def __init__(self, name: str, columns: Sequence[str], wide: str, part: Part, does: Acts) -> None:
        super().__init__(0, len(columns))
        self._hands = Hands(part, does)
        self._keys: list[Hashable] = []
        self._chosen: Hashable = None
        self.setHorizontalHeaderLabels(columns)
        self.setAccessibleName(name)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.currentCellChanged.connect(lambda *_: self._tell())
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(px(30))
        # Words that have no room beside each other go over several lines: cut short, two rows may say the same.
        self.setWordWrap(True)
        self.setItemDelegate(RowRoom(self))
        self._wide = columns.index(wide)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        modes = QHeaderView.ResizeMode
        for at, column in enumerate(columns):
            header.setSectionResizeMode(at, modes.Fixed if column == wide else modes.ResizeToContents)

    def show_lines(self, lines: Mapping[Hashable, Sequence[str]]) -> None:
        """Show these, by what each row is about."""
        row, was = self.currentRow(), self._keys
        self._keys = list(lines)
        # Told once, when it is known what is chosen from now on.
        silent = self.blockSignals(True)
        self.setRowCount(len(lines))
        for at, line in enumerate(lines.values()):
            for column, words in enumerate(line):
                item = QTableWidgetItem(words)
                item.setToolTip(words)
                if not words:
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, "blank")
                self.setItem(at, column, item)
        self.setCurrentCell(kept_row(was, row, self._keys), 0)
        self._share_out()
        self.blockSignals(silent)
        self._tell()

    def _share_out(self) -> None:
        """The wide column has what room the others leave, and never too little to tell one row from another."""
        wanted = max(self.sizeHintForColumn(self._wide), self.horizontalHeader().sectionSizeHint(self._wide))
        others = sum(self.columnWidth(at) for at in range(self.columnCount()) if at != self._wide)
        self.setColumnWidth(self._wide, max(min(wanted, px(_LEAST)), self.viewport().width() - others))
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room out anew."""
        super().resizeEvent(event)
        self._share_out()

    def _tell(self) -> None:
        row = self.currentRow()
        key = self._keys[row] if 0 <= row < len(self._keys) else None
        if key != self._chosen:
            self._chosen = key
            self.chose_other.emit()

    def lines(self) -> list[list[str]]:
        """What is shown, row by row."""
        cells = [[self.item(row, at) for at in range(self.columnCount())] for row in range(self.rowCount())]
        return [[cell.text() if cell is not None else "" for cell in row] for row in cells]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and those that Qt moves by."""
        if not self._hands.take(event):
            super().keyPressEvent(event)
