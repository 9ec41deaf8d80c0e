"""A chart's numbers as a table: for a screen reader, and for whoever copies them."""

from collections.abc import Hashable
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTableView, QWidget

from console.charts.chart import Chart, ChartTable
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.kept_row import kept_row
from console.look.keyboard import Hands
from console.look.lead_keys import CHART_TABLE
from console.look.style import px

_NOWHERE: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


@guarded
class ChartTwinModel(QAbstractTableModel):
    """The rows of a chart's table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = ChartTable(())

    def show_table(self, table: ChartTable) -> None:
        """Show other numbers."""
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """As many as there are numbers."""
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """As many as there are headings."""
        return 0 if parent.isValid() else len(self.table.headers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """A cell in words; an empty one is told as blank."""
        if not index.isValid() or role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        words = self.table.rows[index.row()][index.column()]
        return words or ("blank" if role == Qt.ItemDataRole.AccessibleTextRole else "")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """The headings."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.table.headers[section]
        return None


@guarded
class ChartTwin(QTableView):
    """The table that stands for a chart."""

    opened = Signal(object)
    """The ids of the referrals behind a row, a tuple, with the row's words: ``(ids, words)``."""
    chart_wanted = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = ChartTwinModel(self)
        self.setModel(self.numbers)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(px(26))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        # It takes the room of the chart that it stands for.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAccessibleName(f"{name}, as a table")
        self._hands = Hands(CHART_TABLE, {"open": self._open, "table": self.chart_wanted.emit})

    def show_chart(self, chart: Chart) -> None:
        """The numbers of a chart; the row that is chosen stays."""
        row, was = self.currentIndex().row(), _keys(self.numbers.table)
        self.numbers.show_table(chart.table)
        self.setAccessibleDescription(chart.sentence)
        self.setCurrentIndex(self.numbers.index(kept_row(was, row, _keys(chart.table)), 0))

    def copy_all(self) -> None:
        """Put the table on the clipboard, headings first."""
        copy_table([self.numbers.table.headers, *self.numbers.table.rows])

    def _open(self) -> None:
        row, table = self.currentIndex().row(), self.numbers.table
        if 0 <= row < len(table.ids) and table.ids[row]:
            self.opened.emit((table.ids[row], " · ".join(cell for cell in table.rows[row] if cell)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys; Qt moves."""
        if not self._hands.take(event):
            super().keyPressEvent(event)


def _keys(table: ChartTable) -> list[Hashable]:
    """What each row is about: what it is called; with the referrals behind it where several are called alike."""
    ids = table.ids or ((),) * len(table.rows)
    called = [cells[0] for cells in table.rows]
    return [name if called.count(name) == 1 else (name, those) for name, those in zip(called, ids, strict=True)]
