"""A list to tick several from."""

from collections.abc import Collection, Sequence
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from console.look.guard import guarded
from console.look.key_table import TICKS
from console.look.keyboard import Hands, name_of
from console.look.style import px

_ID = Qt.ItemDataRole.UserRole


@guarded
class TickList(QListWidget):
    """Rows with a box each. A digit or Space ticks, a letter goes to the next that begins with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hands = Hands(TICKS, {}, {"tick": self._tick, "find": self._find})
        # Without a rule for every item Qt lays out the chosen one without room for its box.
        self.setStyleSheet("QListWidget::item { padding: 0; }")
        self.setMaximumHeight(px(33) * 4)

    def offer(self, rows: Sequence[tuple[str, UUID]]) -> None:
        """List these, by words and id; ticks stay on those that are still there."""
        kept = set(self.ticked())
        self.clear()
        for words, key in rows:
            item = QListWidgetItem(words, self)
            item.setData(_ID, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in kept else Qt.CheckState.Unchecked)
            item.setSizeHint(QSize(0, px(32)))
        self.setCurrentRow(0)

    def tick(self, keys: Collection[UUID]) -> None:
        """Tick these, and no others."""
        for row in range(self.count()):
            on = self.item(row).data(_ID) in keys
            self.item(row).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def ticked(self) -> tuple[UUID, ...]:
        """The ids that are ticked, in the order of the list."""
        items = [self.item(row) for row in range(self.count())]
        return tuple(item.data(_ID) for item in items if item.checkState() is Qt.CheckState.Checked)

    def _tick(self, key: str) -> None:
        item = self.item(int(key) - 1)
        if item is not None:
            off = item.checkState() is not Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Checked if off else Qt.CheckState.Unchecked)
            self.setCurrentItem(item)

    def _find(self, key: str) -> None:
        after = self.currentRow() + 1
        order = [*range(after, self.count()), *range(after)]
        row = next((at for at in order if self.item(at).text()[:1].upper() == key), None)
        if row is not None:
            self.setCurrentRow(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is not the list's goes on to the sheet."""
        if self._hands.part.find(name_of(event)) is None:
            event.ignore()
        elif not self._hands.take(event):
            super().keyPressEvent(event)
