"""A table of lines of text, one thing a row, with keys of its own."""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from math import inf
from typing import Final

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidget

from console.look.guard import guarded
from console.look.kept_row import kept_row
from console.look.keyboard import QT, Hands, Part, name_of
from console.look.text_table import dress, fill, lines_of, over_lines

_UNREAD: Final = 0.6
"""Seconds for which nobody can have read a line that came under the hand by itself."""


@guarded
class LineTable(QTableWidget):
    """One thing a row; the words of the wide column are shown whole, over several lines.

    What is chosen stays chosen when other rows come and go. When it goes itself, another row takes its place,
    and a key that was meant for the one that is gone does nothing to it.
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
        self._slipped = -inf
        over_lines(self)
        self.currentCellChanged.connect(self._choose)

    def show_lines(self, lines: Sequence[Sequence[str]], keys: Sequence[Hashable]) -> None:
        """Show these, by what each row is about; what stands there already is left alone, for whoever reads it."""
        new = [list(line) for line in lines], list(keys)
        if new == self._shown:
            return
        self._shown = new
        was, row = self._keys, self.currentRow()
        chosen, self._keys = kept_row(was, row, keys), keys
        fill(self, lines)
        if lines:
            self.setCurrentCell(chosen, max(0, self.currentColumn()))
        if 0 <= row < len(was) and was[row] not in keys:
            self._slipped = time.monotonic()

    def _choose(self, *_cells: int) -> None:
        """Somebody went to a row, by key or mouse: it is what they mean."""
        self._slipped = -inf

    def while_chosen(self) -> Callable[[], bool]:
        """Whether the line that is chosen now still is, to be asked later: of no other was it said."""
        chosen = self._chosen_key()
        return lambda: self._chosen_key() == chosen

    def _chosen_key(self) -> Hashable:
        return self._keys[self.currentRow()] if 0 <= self.currentRow() < len(self._keys) else None

    def lines(self) -> list[list[str]]:
        """What is shown, row by row."""
        return lines_of(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and those that Qt moves by; whoever moves chose the row."""
        key = self._hands.part.find(name_of(event))
        if key is not None and key.does != QT and time.monotonic() - self._slipped < _UNREAD:
            event.accept()
        elif not self._hands.take(event):
            self._choose()
            super().keyPressEvent(event)
