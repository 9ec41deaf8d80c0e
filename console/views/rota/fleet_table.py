"""A table of the fleet window: one van, person or tracker a row, with keys of its own."""

from collections.abc import Callable, Hashable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget

from console.look.guard import guarded
from console.look.kept_row import kept_row
from console.look.keyboard import Hands, Part
from console.look.style import px
from console.look.text_table import dress, fill, lines_of, over_lines

Acts = dict[str, Callable[[], object]]
_LEAST = 280
"""Pixels, at 100 % text, that the words of the wide column have at least if they are so long."""


@guarded
class FleetTable(QTableWidget):
    """One thing a row. The one that is chosen stays so when others come, go or are called something else."""

    chose_other = Signal()
    """Another thing is chosen than was."""

    def __init__(self, name: str, columns: Sequence[str], wide: str, part: Part, does: Acts) -> None:
        super().__init__()
        self._hands = Hands(part, does)
        self._keys: list[Hashable] = []
        self._chosen: Hashable = None
        self._wide = columns.index(wide)
        dress(self, name, columns, wide, row=30)
        over_lines(self)
        # Shared out by hand: what is wide here is a name, and stays readable where there is little room.
        self.horizontalHeader().setSectionResizeMode(self._wide, QHeaderView.ResizeMode.Fixed)
        self.currentCellChanged.connect(lambda *_: self._tell())

    def show_lines(self, lines: Mapping[Hashable, Sequence[str]]) -> None:
        """Show these, by what each row is about."""
        row, was = self.currentRow(), self._keys
        self._keys = list(lines)
        # Told once, when it is known what is chosen from now on.
        silent = self.blockSignals(True)
        fill(self, list(lines.values()), range(self.columnCount()))
        self.setCurrentCell(kept_row(was, row, self._keys), 0)
        self._share_out()
        self.blockSignals(silent)
        self._tell()

    def _share_out(self) -> None:
        """The wide column has what room the others leave, and never too little to tell one row from another."""
        wanted = max(self.sizeHintForColumn(self._wide), self.horizontalHeader().sectionSizeHint(self._wide))
        others = sum(self.columnWidth(at) for at in range(self.columnCount()) if at != self._wide)
        self.setColumnWidth(self._wide, max(min(wanted, px(_LEAST)), self.viewport().width() - others))

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
        return lines_of(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and those that Qt moves by."""
        if not self._hands.take(event):
            super().keyPressEvent(event)
