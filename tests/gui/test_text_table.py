"""Tables of lines: what is filled in anew is measured once, and shown whole."""

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem, QTableWidget, QWidget

from console.look import style
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


@pytest.mark.parametrize("text", [100, 150])
def test_no_words_are_left_out_however_they_break_into_lines(
    qapp: QApplication, table: QTableWidget, text: int
) -> None:
    style.apply(qapp, "light", text)
    # Each a letter longer than the one before, so that some fill their last line to the edge.
    words = (
        "A weapon, or something held as one, within reach now; nobody has answered since it was said at the door"
    )
    fill(table, [[words[at:], words[: len(words) - at], ""] for at in range(0, len(words), 2)])
    QApplication.processEvents()
    lost = []
    for row in range(table.rowCount()):
        item, option = table.item(row, 1), QStyleOptionViewItem()
        assert item is not None
        table.initViewItemOption(option)
        option.rect, option.text = QRect(0, 0, table.columnWidth(1), table.rowHeight(row)), item.text()
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
        at = table.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, table)
        beside = 2 * (table.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, table) + 1)
        room = QRect(0, 0, at.width() - beside, 9999)
        high = table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, item.text()).height()
        if high > table.rowHeight(row):
            lost.append((item.text(), high, table.rowHeight(row)))
    assert lost == []


@pytest.mark.parametrize("wide", [420, 700, 1400])
def test_one_long_text_leaves_every_other_column_room_to_be_read(stage: QWidget, wide: int) -> None:
    table = QTableWidget(stage)
    dress(table, "Things", ("Grave", "Thing", "Since", "To do", "Who"), "To do")
    over_lines(table)
    table.setGeometry(0, 0, wide, 500)
    table.show()
    fill(
        table,
        [["1", "the crew of a van was not heard of for as long as the rule says; " * 4, "03:41", "Ring.", ""]],
    )
    QApplication.processEvents()
    widths = [table.columnWidth(at) for at in range(5)]
    assert sum(widths) <= table.viewport().width()
    assert widths[3] >= table.viewport().width() * 0.25, widths
    # And it gives way again when the window grows.
    table.resize(2 * wide, 500)
    QApplication.processEvents()
    assert table.columnWidth(1) > widths[1]
