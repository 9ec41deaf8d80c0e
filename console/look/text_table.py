"""Tables of lines of text, one thing a row: how every one of them is dressed, filled and read."""

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from console.look.row_room import RowRoom
from console.look.style import px

_ROW: Final = 28


def dress(table: QTableWidget, name: str, columns: Sequence[str], *wide: str, row: int = _ROW) -> None:
    """Make a table one of rows that are chosen whole and changed nowhere.

    Args:
        table: has no rows yet.
        name: what a screen reader calls it.
        columns: the headings.
        wide: the headings of the columns that share the room which the others leave.
        row: pixels of a row at 100 % text.
    """
    table.setColumnCount(len(columns))
    table.setHorizontalHeaderLabels(columns)
    table.setAccessibleName(name)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.verticalHeader().setMinimumSectionSize(px(row))
    table.verticalHeader().setDefaultSectionSize(px(row))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    stretch, fit = QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.ResizeToContents
    for at, column in enumerate(columns):
        # Stretched and not fitted: its words may be longer than any screen.
        header.setSectionResizeMode(at, stretch if column in wide else fit)


def over_lines(table: QTableWidget) -> None:
    """Show words without room whole, over several lines: cut short, two rows may say the same."""
    table.setWordWrap(True)
    table.setItemDelegate(RowRoom(table))
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)


def fill(table: QTableWidget, lines: Sequence[Sequence[str]], tips: Collection[int] = ()) -> None:
    """Show these lines in the place of those before.

    Args:
        table: as :func:`dress` left it.
        lines: the words of each row, column by column; an empty one is spoken as blank.
        tips: columns whose words may be cut, and are told whole by the mouse.
    """
    table.setRowCount(len(lines))
    model = table.model()
    # Said once for all: at each cell the table would measure every other one again.
    blocked = model.blockSignals(True)
    for at, line in enumerate(lines):
        for column, words in enumerate(line):
            item = QTableWidgetItem(words)
            item.setToolTip(words if column in tips else "")
            if not words:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, "blank")
            table.setItem(at, column, item)
    model.blockSignals(blocked)
    if lines:
        model.dataChanged.emit(model.index(0, 0), model.index(len(lines) - 1, table.columnCount() - 1))


def lines_of(table: QTableWidget) -> list[list[str]]:
    """What is shown, row by row."""
    cells = [[table.item(row, at) for at in range(table.columnCount())] for row in range(table.rowCount())]
    return [[cell.text() if cell is not None else "" for cell in row] for row in cells]
