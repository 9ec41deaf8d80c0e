"""The board's list: every live referral in its place, those of a closed group or another filter left out."""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from typing import Final
from uuid import UUID

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt

from console.models.joins import referral_facts, touched_referrals
from console.models.keyed import Index, KeyedListModel
from console.store import Delta, Store
from db.domain.board import BoardRow, Face, Group, Place, board_row, face, place
from db.domain.clocks import local_time

_MANY = 64
REFERRAL_MIME: Final = "application/x-cru-referral"


@dataclass(frozen=True, slots=True)
class GroupHead:
    """The line that opens and closes a group."""

    group: Group
    count: int
    is_open: bool
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One referral on the board, and whether an action on it is on its way."""

    row: BoardRow
    sending: bool = False


class ReferralModel(KeyedListModel):
    """Fed by the store's Deltas. Ids are referral ids; the heads of groups have their :class:`Group` as id."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], *, wall: bool = False, parent: QObject | None = None
    ) -> None:
        """Take what the store holds and follow it.

        Args:
            store: the live mirror.
            now: the record's clock, aware and in UTC.
            wall: leave out where people are.
            parent: owner.
        """
        super().__init__(parent)
        self._store = store
        self._clock = now
        self._wall = wall
        self._now = now()
        self._rows: dict[UUID, BoardRow] = {}
        self._places: dict[UUID, Place] = {}
        self._order: list[tuple[Place, UUID]] = []
        self._uncounted: set[UUID] = set()
        self._holds: list[tuple[datetime, UUID]] = []
        self._sending: frozenset[UUID] = frozenset()
        self._open_groups = {Group.OPEN}
        self._needle = ""
        self._matching: set[UUID] | None = None
        store.changed.connect(self._follow)
        store.reference_changed.connect(self._read_all)
        self._read_all()

    # --- out ---

    @property
    def now(self) -> datetime:
        """The moment that the board shows, UTC."""
        return self._now

    def row(self, referral_id: UUID) -> BoardRow | None:
        """The row of a live referral, shown or not."""
        return self._rows.get(referral_id)

    def face(self, row: BoardRow) -> Face:
        """What a row says at the moment that the board shows."""
        return face(row, self._now)

    def count(self, group: Group) -> int:
        """How many referrals a group has, whatever the filter; those entered in error are not counted."""
        first, last = self._span(group)
        inside = last - first
        if group is Group.CLOSED:
            inside -= len(self._uncounted)
        return inside

    def matches(self) -> int:
        """How many referrals the filter lets through."""
        return len(self._rows) if self._matching is None else len(self._matching)

    def text(self, item: object, role: int) -> str | None:
        """A row in words, for tooltips and screen readers."""
        if isinstance(item, GroupHead):
            return (
                head_words(item, self._now)
                if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
                else None
            )
        if not isinstance(item, Entry):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            spoken = self.face(item.row).spoken(item.row.priority)
            return f"{spoken}, sending" if item.sending else spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            shown = self.face(item.row)
            return f"{shown.title}\n{shown.line}\n{shown.right} {shown.below}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Referrals can be dragged onto a van."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if isinstance(self.id_at(index.row()), UUID) else flags

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt calls it by name
        """A dragged referral is told by its id."""
        return [REFERRAL_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt calls it by name
        """The id of the dragged referral."""
        data = QMimeData()
        for index in indexes:
            data.setData(REFERRAL_MIME, str(self.id_at(index.row())).encode())
        return data

    # --- in ---

    def _follow(self, delta: Delta) -> None:
        self._now = self._clock()
        self._read(touched_referrals(delta, self._store))

    def _read(self, touched: Collection[UUID]) -> None:
        many = len(touched) > _MANY
        for key in touched:
            self._read_one(key, sort=not many)
        if many:
            self._sort_all()
            return
        for key in touched:
            self._show(key)
        self._show_heads()

    def _read_all(self) -> None:
        self._now = self._clock()
        live = {referral.id for referral in self._store.referrals()}
        for key in live | self._rows.keys():
            self._read_one(key, sort=False)
        self._sort_all()

    def _sort_all(self) -> None:
        self._order = sorted((where, key) for key, where in self._places.items())
        self._show_all()

    def _read_one(self, key: UUID, *, sort: bool = True) -> None:
        old = self._places.pop(key, None)
        if old is not None and sort:
            del self._order[bisect_left(self._order, (old, key))]
        self._uncounted.discard(key)
        facts = referral_facts(self._store, key)
        if facts is None:
            self._rows.pop(key, None)
            self._match(key)
            return
        row = self._rows[key] = board_row(facts, self._store.reference, wall=self._wall)
        where = self._places[key] = place(row, self._now)
        if sort:
            insort(self._order, (where, key))
        if not row.counts:
            self._uncounted.add(key)
        if where[0] == Group.HELD and row.hold_until is not None:
            heappush(self._holds, (row.hold_until, key))
        self._match(key)

    def tick(self) -> None:
        """Take the time; referrals whose hold has ended come back. Rows repaint when the view asks."""
        self._now = self._clock()
        back: set[UUID] = set()
        while self._holds and self._holds[0][0] <= self._now:
            back.add(heappop(self._holds)[1])
        if back:
            self._read(back & self._rows.keys())

    def set_sending(self, referral_ids: Iterable[UUID]) -> None:
        """Mark the referrals on which an action is on its way."""
        before, self._sending = self._sending, frozenset(referral_ids)
        for key in before ^ self._sending:
            self._show(key)

    # --- what is shown ---

    def set_filter(self, text: str) -> None:
        """Show only what holds every word of ``text``; an empty one shows all. Groups are open meanwhile."""
        needle = " ".join(text.lower().split())
        if needle == self._needle:
            return
        # What a longer text finds is among what the shorter one found.
        known = self._matching if self._matching is not None and needle.startswith(self._needle) else self._rows
        self._needle = needle
        if not needle:
            self._matching = None
        else:
            rows, words = self._rows, needle.split()
            self._matching = {key for key in known if all(word in rows[key].haystack for word in words)}
        self._show_all()

    def toggle(self, group: Group) -> None:
        """Open or close a group."""
        self._open_groups ^= {group}
        self._show_all()

    def reveal(self, referral_id: UUID) -> None:
        """Open the group in which a referral stands."""
        where = self._places.get(referral_id)
        if where is not None and Group(where[0]) not in self._open_groups:
            self.toggle(Group(where[0]))

    def is_open(self, group: Group) -> bool:
        """Whether a group's referrals are shown."""
        return group in self._open_groups or self._matching is not None

    def _match(self, key: UUID) -> None:
        if self._matching is None:
            return
        row = self._rows.get(key)
        if row is not None and all(word in row.haystack for word in self._needle.split()):
            self._matching.add(key)
        else:
            self._matching.discard(key)

    def _show(self, key: UUID) -> None:
        where = self._places.get(key)
        shown = self._matching is None or key in self._matching
        if where is None or not shown or not self.is_open(Group(where[0])):
            self.drop(key)
        else:
            self.put(key, where, Entry(self._rows[key], key in self._sending))

    def _show_all(self) -> None:
        wanted: list[tuple[object, Place, object]] = []
        matching, rows, sending = self._matching, self._rows, self._sending
        for group in Group:
            head = self._head(group)
            if head is not None:
                wanted.append((group, _head_place(group), head))
            if self.is_open(group):
                first, last = self._span(group)
                wanted += [
                    (key, where, Entry(rows[key], key in sending))
                    for where, key in self._order[first:last]
                    if matching is None or key in matching
                ]
        self.arrange(wanted)

    def _show_heads(self) -> None:
        for group in (Group.HELD, Group.CLOSED):
            head = self._head(group)
            if head is None:
                self.drop(group)
            elif head != self.item(group):
                self.put(group, _head_place(group), head)

    def _head(self, group: Group) -> GroupHead | None:
        first, last = self._span(group)
        if group is Group.OPEN or first == last:
            return None
        back = self._rows[self._order[first][1]].hold_until if group is Group.HELD else None
        return GroupHead(group, self.count(group), self.is_open(group), back)

    def _span(self, group: Group) -> tuple[int, int]:
        first = bisect_left(self._order, ((int(group),),))
        return first, bisect_left(self._order, ((int(group) + 1,),))


def _head_place(group: Group) -> Place:
    return (group, -1, 0.0, "")


def head_words(head: GroupHead, now: datetime) -> str:
    """The line of a group: ``on hold (2), next comes back 04:15``."""
    if head.group is Group.HELD and head.back_at is not None:
        return f"on hold ({head.count})   next comes back {local_time(head.back_at, now)}"
    return f"closed ({head.count})"
