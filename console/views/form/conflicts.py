"""What two people changed differently: theirs, yours, and a key to give way."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from console.look.buttons import ActionButton
from console.look.key_table import FORM
from console.look.layouts import empty
from console.look.style import mark, px
from db.domain.merge import Difference


class Conflicts(QFrame):
    """A row for each thing in dispute; hidden while there is none."""

    take_theirs = Signal(str)
    """The group of fields in which the person gives way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="section")
        self.setAccessibleName("Changed by somebody else too")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(px(14), px(6), px(14), px(8))
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self._shown: tuple[Difference, ...] = ()
        self.hide()

    def set_differences(self, differences: Sequence[Difference]) -> None:
        """Show these and no others."""
        if tuple(differences) == self._shown:
            return
        self._shown = tuple(differences)
        empty(self._grid)
        for row, difference in enumerate(self._shown):
            self._add(row, difference)
        self.setVisible(bool(self._shown))

    def first(self) -> str:
        """The first group in dispute; empty when there is none."""
        return self._shown[0].group if self._shown else ""

    def text(self) -> str:
        """Everything shown, as one text."""
        return "\n".join(f"{one.label}: theirs {one.theirs}, yours {one.yours}" for one in self._shown)

    def _add(self, row: int, difference: Difference) -> None:
        name = QLabel(difference.label)
        mark(name, role="strong")
        for place, words in enumerate((f"Theirs: {difference.theirs}", f"Yours: {difference.yours}"), start=1):
            label = QLabel(words)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            self._grid.addWidget(label, row, place)
        button = ActionButton("Take theirs", FORM.key("theirs") if row == 0 else "")
        button.setAccessibleName(f"Take theirs: {difference.label}")
        button.clicked.connect(lambda _on=False, group=difference.group: self.take_theirs.emit(group))
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(button, row, 3)
