"""Tables of lines: what is filled in anew is measured once, and shown whole."""

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QTableWidget, QWidget

from console.look.row_room import RowRoom
from console.look.text_table import dress, fill, lines_of, over_lines
from tests.gui.desks import stage

__all__ = ["stage"]

LINES = [[f"word {n}", "what it does, " * 9, ""] for n in range(50)]


@pytest.fixture
def table(stage: QWidget) -> QTableWidget:
    made = QTableWidget(stage)
    dress(made, "Words", ("Word", "What", "Key"), "What")
    over_lines(made)
    made.setGeometry(0, 0, 700, 500)
    made.show()
    fill(made, [])
    return made


class Counting(RowRoom):
    """How often a cell was measured."""

    asked = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        self.asked += 1
        return super().sizeHint(option, index)


def test_each_cell_is_measured_a_few_times_and_not_at_every_other(table: QTableWidget) -> None:
    counting = Counting(table)
    table.setItemDelegate(counting)
    for lines in (LINES, LINES[::-1]):
        fill(table, lines)
        QApplication.processEvents()
    assert 0 < counting.asked < 20 * len(LINES) * len(LINES[0])


def test_what_is_filled_in_anew_is_shown_whole(table: QTableWidget) -> None:
    fill(table, LINES)
    QApplication.processEvents()
    high = table.rowHeight(0)
    shorter = [["a", "b", "c"], ["one word that needs more room than any before it", "d", ""]]
    fill(table, shorter)
    QApplication.processEvents()
    assert lines_of(table) == shorter
    assert table.rowHeight(0) < high
    assert table.columnWidth(0) >= table.sizeHintForColumn(0)
    empty = table.item(1, 2)
    assert empty is not None
    assert empty.data(Qt.ItemDataRole.AccessibleTextRole) == "blank"
