"""A table of lines of text, one thing a row, with keys of its own."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget

from console.look.guard import guarded
from console.look.keyboard import Hands, Part
from console.look.style import px
from console.look.text_table import dress, fill, lines_of


@guarded
class LineTable(QTableWidget):
    """One thing a row; the words of the wide column are shown whole, over several lines."""

    def __init__(
        self,
        name: str,
        columns: Sequence[str],
        wide: str | tuple[str, ...],
        part: Part,
        does: Mapping[str, Callable[[], object]],
    ) -> None:
        super().__init__()
        self._hands = Hands(part, does)
        dress(self, name, columns, *((wide,) if isinstance(wide, str) else wide))
        self.setWordWrap(True)
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(px(28))
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def show_lines(self, lines: Sequence[Sequence[str]], chosen: int = 0) -> None:
        """Show these, with one of them chosen."""
        fill(self, lines)
        if lines:
            self.setCurrentCell(min(chosen, len(lines) - 1), 0)

    def lines(self) -> list[list[str]]:
        """What is shown, row by row."""
        return lines_of(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and those that Qt moves by."""
        if not self._hands.take(event):
            super().keyPressEvent(event)
