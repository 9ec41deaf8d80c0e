"""A list model of keyed entries kept in order: it inserts, removes, moves and changes rows, and never resets."""

from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Key = tuple[Any, ...]
Index = QModelIndex | QPersistentModelIndex

ITEM_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
ID_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2


class KeyedListModel(QAbstractListModel):
    """Entries (id, sort key, item), sorted by key. Keys are unique and may be compared with each other.

    One entry costs a bisection, however long the list is. Many at once go through :meth:`arrange`, which needs
    at most four signals.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: list[Key] = []
        self._ids: list[Hashable] = []
        self._entries: dict[Hashable, tuple[Key, Any]] = {}

    # --- out ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many entries are shown."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """The item under ``ITEM_ROLE``, its id under ``ID_ROLE``; texts are the subclass's."""
        if not index.isValid():
            return None
        key = self._ids[index.row()]
        if role == ID_ROLE:
            return key
        item = self._entries[key][1]
        return item if role == ITEM_ROLE else self.text(item, role)

    def text(self, _item: Any, _role: int) -> Any:  # noqa: ANN401 - Qt's own
        """What an item says under one of Qt's roles. Subclasses override it."""
        return None

    def ids(self) -> tuple[Hashable, ...]:
        """Every id, top to bottom."""
        return tuple(self._ids)

    def item(self, key: Hashable) -> Any:  # noqa: ANN401 - the subclass knows its items
        """The item of an id, or None."""
        entry = self._entries.get(key)
        return entry[1] if entry else None

    def id_at(self, row: int) -> Hashable | None:
        """The id in a row, or None outside the list."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, key: Hashable) -> int:
        """The row of an id; -1 when it is not shown."""
        entry = self._entries.get(key)
        return -1 if entry is None else bisect_left(self._keys, entry[0])

    # --- one entry ---

    def put(self, key: Hashable, order: Key, item: object) -> None:
        """Insert or change one entry; its row moves only when its place among the others changes."""
        known = self._entries.get(key)
        if known is None:
            row = bisect_left(self._keys, order)
            self.beginInsertRows(QModelIndex(), row, row)
            self._insert(row, key, order, item)
            self.endInsertRows()
            return
        if known[0] != order:
            self._move(key, known[0], order)
        self._entries[key] = (order, item)
        self.touch(key)

    def drop(self, key: Hashable) -> None:
        """Remove one entry, if it is there."""
        row = self.row_of(key)
        if row < 0:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._keys[row], self._ids[row], self._entries[key]
        self.endRemoveRows()

    def touch(self, key: Hashable) -> None:
        """Have the row of an entry painted anew."""
        row = self.row_of(key)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def _insert(self, row: int, key: Hashable, order: Key, item: object) -> None:
        self._keys.insert(row, order)
        self._ids.insert(row, key)
        self._entries[key] = (order, item)

    def _move(self, key: Hashable, old: Key, new: Key) -> None:
        row = bisect_left(self._keys, old)
        target = bisect_left(self._keys, new)
        # Qt names the row before which it lands while the old one still counts.
        stays = target in (row, row + 1)
        if not stays:
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), target)
        del self._keys[row], self._ids[row]
        landed = target - 1 if target > row else target
        self._keys.insert(landed, new)
        self._ids.insert(landed, key)
        self._entries[key] = (new, self._entries[key][1])
        if not stays:
            self.endMoveRows()

    # --- many entries ---

    def arrange(self, wanted: Sequence[tuple[Hashable, Key, Any]]) -> None:
        """Show exactly these entries, given in the order of their keys. Selection and persistent indexes hold."""
        ids = [key for key, _, _ in wanted]
        target = {key: (order, item) for key, order, item in wanted}
        changed = [key for key in ids if key in self._entries and self._entries[key] != target[key]]
        self._drop_many([key for key in self._ids if key not in target])
        fresh = [key for key in ids if key not in self._entries]
        self._entries.update(target)
        self._append_many(fresh)
        self._reorder(ids)
        self._touch_many(changed)

    def _drop_many(self, gone: Collection[Hashable]) -> None:
        if not gone:
            return
        leaving = set(gone)
        self._reorder([key for key in self._ids if key not in leaving] + list(gone))
        first = len(self._ids) - len(gone)
        self.beginRemoveRows(QModelIndex(), first, len(self._ids) - 1)
        del self._ids[first:], self._keys[first:]
        for key in gone:
            del self._entries[key]
        self.endRemoveRows()

    def _append_many(self, fresh: Sequence[Hashable]) -> None:
        if not fresh:
            return
        first = len(self._ids)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._ids.extend(fresh)
        self._keys = [self._entries[key][0] for key in self._ids]
        self.endInsertRows()

    def _reorder(self, ids: list[Hashable]) -> None:
        if ids == self._ids:
            self._keys = [self._entries[key][0] for key in ids]
            return
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        names = [self._ids[index.row()] for index in kept]
        self._ids, self._keys = ids, [self._entries[key][0] for key in ids]
        if kept:
            rows = {key: row for row, key in enumerate(ids)}
            self.changePersistentIndexList(kept, [self.index(rows[name]) for name in names])
        self.layoutChanged.emit()

    def _touch_many(self, changed: Iterable[Hashable]) -> None:
        rows = [self.row_of(key) for key in changed]
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))
