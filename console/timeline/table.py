"""Lanes as a table: each length of time and moment in words, for whoever hears them read or takes them along."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.kept_row import kept_row
from console.look.keyboard import Hands
from console.look.style import px
from console.look.timeline_keys import TIMELINE_TABLE
from console.timeline.lanes import COLUMNS, Lane, Segment, TableLine, cells, lines, starts

_Index = QModelIndex | QPersistentModelIndex


@guarded
class LineModel(QAbstractTableModel):
    """Lines of a table; their words are made when they are asked for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[TableLine] = []
        self._now: datetime | None = None

    def show_lines(self, found: list[TableLine], now: datetime) -> None:
        """Show these, as they are at a moment."""
        same = len(found) == len(self.lines)
        if same:
            # Nothing that was selected goes while a length grows.
            self.lines, self._now = found, now
            self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.lines, self._now = found, now
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """As many as there are headings."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """The words of a cell; an empty one is spoken as blank."""
        if not index.isValid() or self._now is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells(self.lines[index.row()], self._now)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cells(self.lines[index.row()], self._now)[index.column()] or "blank"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's variant
        """The headings."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None


@guarded
class LaneTable(QTableView):
    """One line a length of time or moment, lane by lane, in the order of time."""

    opened = Signal(str)
    """The person wants what a line is about; carries its id."""
    left = Signal()
    """The person wants it drawn again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = LineModel(self)
        self._keys: list[Hashable] = []
        self.setModel(self.lines)
        self._hands = Hands(TIMELINE_TABLE, {"open": self._open, "copy": self.copy, "drawn": self.left.emit})
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(px(28))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        # Measured by what is seen: thousands of lines would be asked for their words at each change.
        header.setResizeContentsPrecision(0)
        # As wide as its words: what has no room is scrolled to, and not cut.
        header.setStretchLastSection(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Timelines as a table, lane by lane, in the order of time")
        self.doubleClicked.connect(lambda _: self._open())

    def show_lanes(self, lanes: Sequence[Lane], now: datetime) -> None:
        """Say these lanes; the line that is chosen stays so when others come and go."""
        found, was = lines(lanes), self._keys
        self._keys = [(line.lane.id, type(line.thing), starts(line.thing)) for line in found]
        row, column = self.currentIndex().row(), max(0, self.currentIndex().column())
        self.lines.show_lines(found, now)
        if row >= 0:
            self.setCurrentIndex(self.lines.index(kept_row(was, row, self._keys), column))

    def copy(self) -> None:
        """Put the whole table on the clipboard, headings first."""
        rows = range(self.lines.rowCount())
        told = (
            [str(self.lines.data(self.lines.index(row, column))) for column in range(len(COLUMNS))] for row in rows
        )
        copy_table([COLUMNS, *told])

    def _open(self) -> None:
        row = self.currentIndex().row()
        if 0 <= row < len(self.lines.lines):
            lane, thing = self.lines.lines[row]
            about = thing.about if isinstance(thing, Segment) else ""
            self.opened.emit(about or lane.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys; what moves along its lines is Qt's."""
        if not self._hands.take(event):
            super().keyPressEvent(event)
