"""The timelines as a table: what a line opens, what stays while lengths grow, and that nothing is cut."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.look.style import px
from console.timeline.lanes import COLUMNS, Lane, Mark, Segment, cells, lines
from console.timeline.legend import OF_VANS
from console.timeline.table import LaneTable, LineModel
from console.timeline.view import TimelineView
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


# --- the panel that holds both ---


@pytest.fixture
def view(stage: QWidget) -> TimelineView:
    made = TimelineView(NOW)
    put_on(stage, made, 1000, 320)
    stage.activateWindow()
    return made


def test_the_panel_tells_what_its_parts_tell(view: TimelineView) -> None:
    told: list[tuple[str, object]] = []
    for name in ("lane_clicked", "lane_activated", "thing_clicked"):
        getattr(view, name).connect(lambda what, name=name: told.append((name, what)))
    for name in ("switch_wanted", "moved", "scrolled"):
        getattr(view, name).connect(lambda name=name: told.append((name, None)))
    view._lanes.lane_clicked.emit("a")
    view._lanes.lane_activated.emit("b")
    view._lanes.thing_clicked.emit("c")
    view._lanes.switch_wanted.emit()
    view._table.opened.emit("d")
    assert told == [
        ("lane_clicked", "a"),
        ("lane_activated", "b"),
        ("thing_clicked", "c"),
        ("switch_wanted", None),
        ("lane_activated", "d"),
    ]
    told.clear()
    view.show_moment(NOW - 300 * MINUTE)
    assert ("moved", None) in told
    told.clear()
    view.set_lanes([lane(n) for n in range(40)])
    view._lanes.verticalScrollBar().setValue(100)
    assert told == [("scrolled", None)]
    view._back.click()
    assert view.following()


def test_the_table_stands_in_the_place_of_the_lanes_and_goes_with_them(view: TimelineView) -> None:
    view.set_lanes([lane(1)])
    assert (view.is_table(), view._table.lines.lines) == (False, []), "nobody reads it yet"
    view._lanes.table_wanted.emit()
    assert view.is_table()
    assert view._table.isVisible()
    assert not view._lanes.isVisible()
    assert view.focusProxy() is view._table
    assert view._table.hasFocus()
    assert [line.lane.id for line in view._table.lines.lines] == ["id1"]
    view.set_now(NOW + 5 * MINUTE)
    view.set_lanes([lane(1), lane(2)])
    assert [line.lane.id for line in view._table.lines.lines] == ["id1", "id2"]
    assert "35 min" in [view._table.lines.data(view._table.lines.index(0, at)) for at in range(len(COLUMNS))]
    view._table.left.emit()
    assert not view.is_table()
    assert view.focusProxy() is view._lanes
    assert view._lanes.hasFocus()
    view.set_lanes([lane(3)])
    assert len(view._table.lines.lines) == 2, "not while nobody reads it"


def test_what_the_lanes_are_is_said_wherever_it_is_asked(view: TimelineView) -> None:
    assert view.accessibleName() == view._lanes.accessibleName() == "Handover timelines"
    legend = view._legend.accessibleName()
    view.show_kinds("The vans' day", "Vans", OF_VANS)
    assert view.accessibleName() == view._lanes.accessibleName() == "The vans' day"
    assert view._heading.accessibleName() == "The vans' day"
    assert view._legend.accessibleName() != legend


def test_the_heading_says_which_time_and_how_far_it_is_known(view: TimelineView) -> None:
    def note() -> str:
        return view._heading.note()

    assert note() == "02:27 to 04:57"
    view.say_more("known from 01:00")
    assert note() == "02:27 to 04:57 · known from 01:00"
    view.show_moment(NOW - 300 * MINUTE)
    assert note() == "21:27 to 23:57 · known from 01:00 · looking back"
    view.say_more("")
    assert "known" not in note()
    view.show_moment(NOW + 300 * MINUTE)
    assert note().endswith(" · looking ahead")
    view.follow_now()
    assert note() == "02:27 to 04:57"
    view._jump.refused.emit("That is no time.")
    assert note() == "That is no time."
    view._lanes.pan(10)
    assert "no time" not in note(), "somebody goes on without it"
    view._jump.refused.emit("That is no time.")
    view._jump.left.emit()
    assert "no time" not in note()


def test_the_legend_takes_what_other_words_leave(view: TimelineView) -> None:
    wide = view._legend.maximumWidth()
    view.resize(500, 320)
    narrow = view._legend.maximumWidth()
    assert narrow < wide
    view.resize(1000, 320)
    assert view._legend.maximumWidth() == wide
    view.say_more("known from Sat 21 Nov 01:00, as far as the record goes")
    assert view._legend.maximumWidth() < wide


def test_a_table_for_reading_and_not_for_writing(table: LaneTable) -> None:
    item = type(table)
    assert table.editTriggers() == item.EditTrigger.NoEditTriggers
    assert table.selectionBehavior() is item.SelectionBehavior.SelectRows
    assert table.selectionMode() is item.SelectionMode.SingleSelection
    assert table.horizontalScrollMode() is item.ScrollMode.ScrollPerPixel
    header = table.horizontalHeader()
    assert (table.tabKeyNavigation(), table.showGrid(), table.wordWrap()) == (False, False, False)
    assert (header.highlightSections(), header.stretchLastSection(), header.resizeContentsPrecision()) == (
        False,
        False,
        0,
    )
    assert header.defaultAlignment() == Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    assert table.verticalHeader().isHidden()
    assert table.verticalHeader().defaultSectionSize() == px(28)
    assert table.accessibleName() == "Timelines as a table, lane by lane, in the order of time"


def test_a_chosen_line_stays_where_others_come_before_it(table: LaneTable) -> None:
    table.show_lanes([lane(2)], NOW)
    table.show_lanes([lane(2), lane(3)], NOW)
    assert table.currentIndex().row() == -1, "nothing was chosen, and nothing is"
    table.setCurrentIndex(table.lines.index(0, 2))
    table.show_lanes([lane(1), lane(2), lane(3)], NOW)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, 2)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 2, "its keys that are not the table's are Qt's"
