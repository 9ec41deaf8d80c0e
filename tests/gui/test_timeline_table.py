"""The timelines as a table: what a line opens, what stays while lengths grow, and that nothing is cut."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.timeline.lanes import COLUMNS, Lane, Mark, Segment, cells, lines
from console.timeline.table import LaneTable, LineModel
from tests.gui.desks import put_on, stage

__all__ = ["stage"]
NOW = datetime(2026, 11, 22, 3, 42, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def lane(at: int, label: str = "EMAS on scene", **more: Any) -> Lane:
    running = Segment(NOW - 30 * MINUTE, None, "ems", label, **more)
    return Lane(f"id{at}", f"{at:04}", "CRU1", segments=(running,))


@pytest.fixture
def table(stage: QWidget) -> LaneTable:
    made = LaneTable()
    put_on(stage, made, 700, 300)
    return made


def test_the_chosen_line_stays_while_lengths_grow(table: LaneTable) -> None:
    table.show_lanes([lane(1), lane(2)], NOW)
    table.setCurrentIndex(table.lines.index(1, 0))
    resets: list[bool] = []
    table.lines.modelReset.connect(lambda: resets.append(True))
    changed: list[tuple[int, int, int, int]] = []
    table.lines.dataChanged.connect(lambda a, b, *_: changed.append((a.row(), a.column(), b.row(), b.column())))
    table.show_lanes([lane(1, "Police on scene"), lane(2)], NOW + MINUTE)
    assert (resets, changed) == ([], [(0, 0, 1, len(COLUMNS) - 1)])
    assert table.currentIndex().row() == 1
    assert "Police on scene" in table.lines.data(table.lines.index(0, _column("Police on scene", table)))
    table.show_lanes([lane(1)], NOW)
    assert (resets, table.lines.rowCount()) == ([True], 1)


def _column(words: str, table: LaneTable) -> int:
    found = cells(table.lines.lines[0], NOW)
    return next(at for at, cell in enumerate(found) if words in cell)


def test_each_column_is_as_wide_as_its_words(table: LaneTable) -> None:
    table.show_lanes([lane(1)], NOW)
    header = table.horizontalHeader()
    column = _column("EMAS on scene", table)
    before = header.sectionSize(column)
    long = "EMAS on scene " * 9
    table.show_lanes([lane(1, long), lane(2)], NOW)
    assert header.sectionSize(column) > before
    for at, words in enumerate(cells(table.lines.lines[0], NOW)):
        assert header.sectionSize(at) >= table.fontMetrics().horizontalAdvance(words)
    assert not header.stretchLastSection()


def test_return_opens_what_the_line_is_about_and_else_its_lane(table: LaneTable) -> None:
    opened: list[str] = []
    table.opened.connect(opened.append)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [], "nothing is there"
    marked = Lane("id3", "0003", "", marks=(Mark(NOW - MINUTE, "with patient"),))
    table.show_lanes([lane(1, about="van"), lane(2), marked], NOW)
    for row in range(table.lines.rowCount()):
        table.setCurrentIndex(table.lines.index(row, 0))
        QTest.keyClick(table, Qt.Key.Key_Return)
    table.doubleClicked.emit(table.lines.index(0, 0))
    assert opened == ["van", "id2", "id3", "id3"]


def test_it_is_copied_whole_with_its_headings(table: LaneTable) -> None:
    table.show_lanes([lane(1), lane(2)], NOW)
    table.copy()
    copied = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert copied == [list(COLUMNS), *(list(cells(one, NOW)) for one in lines([lane(1), lane(2)]))]


def test_what_the_table_is_told_by(table: LaneTable) -> None:
    model = LineModel(table)
    assert (model.rowCount(), model.columnCount()) == (0, len(COLUMNS))
    assert model.data(QModelIndex()) is None
    model.show_lines(lines([lane(1)]), NOW)
    assert (model.rowCount(), model.rowCount(model.index(0, 0)), model.columnCount(model.index(0, 0))) == (1, 0, 0)
    role = Qt.ItemDataRole
    words = cells(model.lines[0], NOW)
    for at, cell in enumerate(words):
        index = model.index(0, at)
        assert model.data(index) == model.data(index, role.ToolTipRole) == cell
        assert model.data(index, role.AccessibleTextRole) == (cell or "blank")
        assert model.data(index, role.DecorationRole) is None
        assert model.headerData(at, Qt.Orientation.Horizontal) == COLUMNS[at]
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(0, Qt.Orientation.Horizontal, role.ToolTipRole) is None
