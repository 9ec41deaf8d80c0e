"""A table of lines of text, one thing a row, with keys of its own."""

from collections.abc import Callable, Hashable, Mapping, Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidget

from console.look.guard import guarded
from console.look.kept_row import kept_row
from console.look.keyboard import Hands, Part
from console.look.text_table import dress, fill, lines_of, over_lines


@guarded
class LineTable(QTableWidget):
    """One thing a row; the words of the wide column are shown whole, over several lines.

    What is chosen stays chosen when other rows come and go.
    """

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
        self._keys: Sequence[Hashable] = ()
        self._shown: tuple[list[list[str]], list[Hashable]] | None = None
        over_lines(self)

    def show_lines(self, lines: Sequence[Sequence[str]], keys: Sequence[Hashable]) -> None:
        """Show these, by what each row is about; what stands there already is left alone, for whoever reads it."""
        new = [list(line) for line in lines], list(keys)
        if new == self._shown:
            return
        self._shown = new
        chosen, self._keys = kept_row(self._keys, self.currentRow(), keys), keys
        fill(self, lines)
        if lines:
            self.setCurrentCell(chosen, max(0, self.currentColumn()))

    def lines(self) -> list[list[str]]:
        """What is shown, row by row."""
        return lines_of(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and those that Qt moves by."""
        if not self._hands.take(event):
            super().keyPressEvent(event)
