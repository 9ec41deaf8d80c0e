"""A list model of keyed entries kept in order: it inserts, removes, moves and changes rows, and never resets."""

from bisect import bisect_left
from collections.abc import Hashable
from operator import attrgetter
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.look.guard import guarded

Key = tuple[Any, ...]
Index = QModelIndex | QPersistentModelIndex

ITEM_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
ID_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2

ORDER: Final = attrgetter("order")


class Slot:
    """One entry, shown or not. Compared by identity, which is what makes ten thousand of them cheap.

    Attributes:
        key: the entry's id.
        order: sorts it; unique among the entries.
        item: what is shown.
        shown: whether it has a row; only the model sets it.
    """

    __slots__ = ("item", "key", "order", "shown", "wanted")

    def __init__(self, key: Hashable, order: Key, item: object) -> None:
        self.key = key
        self.order = order
        self.item: Any = item
        self.shown = False
        # On the entry and not in a set: ten thousand of them would have to be hashed at each key of the filter.
        self.wanted = False


@guarded
class KeyedListModel(QAbstractListModel):
    """Entries (id, sort key, item), sorted by key. Keys are unique and may be compared with each other.

    One entry costs a bisection, however long the list is. Many at once go through :meth:`arrange`, which needs
    at most four signals. Never a reset: views lose selection, current row and scroll by one.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Slot] = []
        self._slots: dict[Hashable, Slot] = {}

    # --- out ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many entries are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """The item under ``ITEM_ROLE``, its id under ``ID_ROLE``; texts are the subclass's."""
        if not index.isValid():
            return None
        slot = self._rows[index.row()]
        if role == ID_ROLE:
            return slot.key
        return slot.item if role == ITEM_ROLE else self.text(slot.item, role)

    def text(self, _item: Any, _role: int) -> Any:  # noqa: ANN401 - Qt's own
        """What an item says under one of Qt's roles. Subclasses override it."""
        return None

    def ids(self) -> tuple[Hashable, ...]:
        """Every id that is shown, top to bottom."""
        return tuple(slot.key for slot in self._rows)

    def item(self, key: Hashable) -> Any:  # noqa: ANN401 - the subclass knows its items
        """The item of an id that is shown, or None."""
        slot = self._slots.get(key)
        return slot.item if slot is not None and slot.shown else None

    def id_at(self, row: int) -> Hashable | None:
        """The id in a row, or None outside the list."""
        return self._rows[row].key if 0 <= row < len(self._rows) else None

    def row_of(self, key: Hashable) -> int:
        """The row of an id; -1 when it is not shown."""
        slot = self._slots.get(key)
        return self._row(slot) if slot is not None and slot.shown else -1

    # --- one entry ---

    def put(self, key: Hashable, order: Key, item: object) -> None:
        """Insert or change one entry; its row moves only when its place among the others changes."""
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = Slot(key, order, item)
        if slot.shown:
            # Moved before it is changed: its place is found by the order that it still has.
            self._move(slot, order)
            slot.item = item
            self.touch(slot)
        else:
            slot.order, slot.item = order, item
            self.show_slot(slot)

    def drop(self, key: Hashable) -> None:
        """Forget one entry, if it is known."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            self.hide_slot(slot)

    def show_slot(self, slot: Slot) -> None:
        """Give an entry that has none its row."""
        row = self._row(slot)
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.insert(row, slot)
        slot.shown = True
        self.endInsertRows()

    def hide_slot(self, slot: Slot) -> None:
        """Take an entry's row away, if it has one."""
        if not slot.shown:
            return
        row = self._row(slot)
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        slot.shown = False
        self.endRemoveRows()

    def touch(self, slot: Slot) -> None:
        """Have the row of an entry that is shown painted anew."""
        index = self.index(self._row(slot))
        self.dataChanged.emit(index, index)

    def _row(self, slot: Slot) -> int:
        return bisect_left(self._rows, slot.order, key=ORDER)

    def _move(self, slot: Slot, order: Key) -> None:
        row = self._row(slot)
        # Qt names the row before which it lands while the old one still counts.
        target = bisect_left(self._rows, order, key=ORDER)
        if target in (row, row + 1):
            slot.order = order
            return
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), target)
        del self._rows[row]
        slot.order = order
        self._rows.insert(target - 1 if target > row else target, slot)
        self.endMoveRows()

    # --- many entries ---

    def arrange(self, wanted: list[Slot]) -> None:
        """Show exactly these entries, given in the order of their keys. Selection and persistent indexes hold.

        Orders may have been changed just before. Items that were are painted anew by the caller.
        """
        for slot in self._rows:
            slot.wanted = False
        for slot in wanted:
            slot.wanted = True
        self._hide_many([slot for slot in self._rows if not slot.wanted])
        self._show_many([slot for slot in wanted if not slot.shown])
        self._reorder(wanted)

    def _hide_many(self, gone: list[Slot]) -> None:
        if not gone:
            return
        # Together at the end, however scattered they stood: then one signal takes them all away.
        self._reorder([slot for slot in self._rows if slot.wanted] + gone)
        first = len(self._rows) - len(gone)
        self.beginRemoveRows(QModelIndex(), first, len(self._rows) - 1)
        for slot in gone:
            slot.shown = False
        del self._rows[first:]
        self.endRemoveRows()

    def _show_many(self, fresh: list[Slot]) -> None:
        if not fresh:
            return
        # Appended in one piece, wherever they belong; the reordering that follows puts them there.
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        for slot in fresh:
            slot.shown = True
        self._rows.extend(fresh)
        self.endInsertRows()

    def _reorder(self, rows: list[Slot]) -> None:
        if rows == self._rows:
            return
        self.layoutAboutToBeChanged.emit()
        # Asked for after the first signal: views and proxies take theirs in answer to it.
        kept = self.persistentIndexList()
        slots = [self._rows[index.row()] for index in kept]
        self._rows = list(rows)
        if kept:
            self.changePersistentIndexList(kept, [self.index(row) for row in _find(rows, slots)])
        self.layoutChanged.emit()


def _find(rows: list[Slot], slots: list[Slot]) -> list[int]:
    places = {slot: row for row, slot in enumerate(rows)}
    return [places[slot] for slot in slots]
