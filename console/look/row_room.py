"""Rows of a table that are higher than their words."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from console.look.guard import guarded
from console.look.style import PAD_SMALL, px

_MOST: Final = 3
"""What part of the table a column takes at most that is as wide as its words."""


@guarded
class RowRoom(QStyledItemDelegate):
    """Keeps rows apart whose words go over several lines: else nobody sees where the next one begins."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The words, and a little above and below them."""
        # Qt breaks them into lines as if there were no padding beside them, and leaves the last words out then.
        narrow = QStyleOptionViewItem(option)
        narrow.rect.setWidth(option.rect.width() - 2 * px(PAD_SMALL))
        room = super().sizeHint(narrow, index) + QSize(0, px(8))
        # One long text must not leave the column beside it, which has the rest, a letter wide.
        table = self.parent()
        if not isinstance(table, QTableView):
            return room
        mode, most = table.horizontalHeader().sectionResizeMode(index.column()), table.viewport().width() // _MOST
        fits = mode == QHeaderView.ResizeMode.ResizeToContents
        return QSize(min(room.width(), max(most, px(96))) if fits else room.width(), room.height())
