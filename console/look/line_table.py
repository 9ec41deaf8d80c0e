"""A table of lines of text, one thing a row, with keys of its own."""

from collections.abc import Callable, Hashable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from console.look.guard import guarded
from console.look.kept_row import kept_row
from console.look.keyboard import Hands, Part
from console.look.row_room import RowRoom
from console.look.style import px


@guarded
class LineTable(QTableWidget):
    """One thing a row; the words of the wide column are shown whole, over several lines.

    What is chosen stays chosen when other rows come and go.
    """

    def __init__(
        self, name: str, columns: Sequence[str], wide: str, part: Part, does: Mapping[str, Callable[[], object]]
    ) -> None:
        super().__init__(0, len(columns))
        self._hands = Hands(part, does)
        self._wide = columns.index(wide)
        self._keys: Sequence[Hashable] = ()
        self.setHorizontalHeaderLabels(columns)
        self.setAccessibleName(name)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setItemDelegate(RowRoom(self))
        rows, header, modes = self.verticalHeader(), self.horizontalHeader(), QHeaderView.ResizeMode
        rows.hide()
        rows.setMinimumSectionSize(px(28))
        rows.setSectionResizeMode(modes.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for at in range(len(columns)):
            header.setSectionResizeMode(at, modes.Stretch if at == self._wide else modes.ResizeToContents)

    def show_lines(self, lines: Sequence[Sequence[str]], keys: Sequence[Hashable]) -> None:
        """Show these, by what each row is about."""
        chosen, self._keys = kept_row(self._keys, self.currentRow(), keys), keys
        self.setRowCount(len(lines))
        for at, line in enumerate(lines):
            for column, words in enumerate(line):
                item = QTableWidgetItem(words)
                if not words:
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, "blank")
                self.setItem(at, column, item)
        if lines:
            self.setCurrentCell(chosen, max(0, self.currentColumn()))

    def lines(self) -> list[list[str]]:
        """What is shown, row by row."""
        cells = [[self.item(row, at) for at in range(self.columnCount())] for row in range(self.rowCount())]
        return [[cell.text() if cell is not None else "" for cell in row] for row in cells]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and those that Qt moves by."""
        if not self._hands.take(event):
            super().keyPressEvent(event)
