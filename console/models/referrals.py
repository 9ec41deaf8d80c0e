"""The board's list: every live referral in its place, those of a closed group or another filter left out."""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush
from typing import Final
from uuid import UUID

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt

from console.live.joins import referral_facts, touched_referrals
from console.live.store import Delta, Store
from console.look.guard import guarded
from console.models.keyed import ORDER, Index, KeyedListModel, Slot
from console.running.faults import attempt
from db.domain.board import (
    BoardRow,
    Face,
    Group,
    Place,
    board_row,
    face,
    nobody_knows,
    place,
    unreadable_face,
    unreadable_row,
)
from db.domain.clocks import local_time
from db.domain.records import Referral
from db.domain.situation import EtaOf, Facts
from db.domain.texts import needles

_MANY = 64
"""Referrals from which on all are put in order at once: one by one each tells its view, which costs 0.1 ms."""
FLAG: Final = "⚑"
"""The mark of a row whose person or address has a flag."""
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
    sending: bool


class _BoardSlot(Slot):
    """A referral on the board or behind a filter or a folded group."""

    __slots__ = ("haystack", "matches")

    def __init__(self, key: UUID, order: Place, entry: Entry) -> None:
        super().__init__(key, order, entry)
        self.haystack = entry.row.haystack
        self.matches = True

    def take(self, entry: Entry) -> None:
        """Show something else, and be found by it."""
        self.item, self.haystack = entry, entry.row.haystack


@guarded
class ReferralModel(KeyedListModel):
    """Fed by the store's Deltas. Ids are referral ids; the heads of groups have their :class:`Group` as id."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        eta_of: EtaOf = nobody_knows,
        *,
        wall: bool = False,
        parent: QObject | None = None,
    ) -> None:
        """Take what the store holds and follow it.

        Args:
            store: the live mirror.
            now: the record's clock, aware and in UTC.
            eta_of: when vans on their way are expected.
            wall: leave out where people are.
            parent: owner.
        """
        super().__init__(parent)
        self._store = store
        self._clock = now
        self._eta_of = eta_of
        self._wall = wall
        self._now = now()
        self._all: list[_BoardSlot] = []
        self._uncounted: set[UUID] = set()
        self._holds: list[tuple[datetime, UUID]] = []
        self._sending: frozenset[UUID] = frozenset()
        self.here: Callable[[UUID], str] = lambda _key: ""
        self._open_groups = {Group.OPEN}
        self._words: list[str] = []
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
        slot = self._slot(referral_id)
        return slot.item.row if slot else None

    def face(self, row: BoardRow) -> Face:
        """What a row says at the moment that the board shows."""
        shown = attempt("a row of the referrals", face, row, self._now, self._eta_of)
        return shown or unreadable_face(row, self._now)

    def count(self, group: Group) -> int:
        """How many referrals a group has, whatever the filter; those entered in error are not counted."""
        first, last = self._span(group)
        inside = last - first
        if group is Group.CLOSED:
            inside -= len(self._uncounted)
        return inside

    def matches(self) -> int:
        """How many referrals the filter lets through."""
        return sum(slot.matches for slot in self._all)

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
            spoken = f"{spoken}, sending" if item.sending else spoken
            return ", ".join(filter(None, (spoken, self.here(item.row.referral_id))))
        if role == Qt.ItemDataRole.ToolTipRole:
            shown = self.face(item.row)
            flags = "".join(f"\n{FLAG} {words}" for words in shown.flags)
            here = self.here(item.row.referral_id)
            return f"{shown.title}\n{shown.full}\n{shown.right} {shown.below}{flags}\n{here}".rstrip()
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
        if len(touched) > _MANY:
            self._read_many(touched)
            return
        for key in touched:
            self._read_one(key)
        self._show_heads()

    def _read_all(self) -> None:
        self._now = self._clock()
        live = {referral.id for referral in self._store.referrals()}
        self._read_many(live | {slot.key for slot in self._all if isinstance(slot.key, UUID)})

    def _read_many(self, keys: Collection[UUID]) -> None:
        gone: set[Slot] = set()
        for key in keys:
            known, fresh = self._slot(key), self._work_out(key)
            if fresh is None:
                gone |= {self._slots.pop(key)} if known else set()
            elif known is None:
                slot = self._slots[key] = _BoardSlot(key, *fresh)
                self._all.append(slot)
            else:
                known.order = fresh[0]
                known.take(fresh[1])
        self._all = sorted((slot for slot in self._all if slot not in gone), key=ORDER)
        self._match(self._all)
        self._show_all()
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def _read_one(self, key: UUID) -> None:
        slot, fresh = self._slot(key), self._work_out(key)
        if slot is not None and (fresh is None or fresh[0] != slot.order):
            # Before its order changes: it is found by the one that it was put in with.
            del self._all[bisect_left(self._all, slot.order, key=ORDER)]
        if fresh is None:
            self.drop(key)
            return
        order, entry = fresh
        if slot is None:
            slot = self._slots[key] = _BoardSlot(key, order, entry)
            insort(self._all, slot, key=ORDER)
        elif order != slot.order:
            self._put_elsewhere(slot, order)
        slot.take(entry)
        self._match([slot])
        self._show(slot)

    def _put_elsewhere(self, slot: _BoardSlot, order: Place) -> None:
        """The full list has let it go already."""
        # Moved where it keeps a row, so that the selection goes along; into a closed group it has none.
        if slot.shown and self.is_open(Group(order[0])):
            self._move(slot, order)
        else:
            self.hide_slot(slot)
            slot.order = order
        insort(self._all, slot, key=ORDER)

    def _work_out(self, key: UUID) -> tuple[Place, Entry] | None:
        self._uncounted.discard(key)
        referral = self._store.referral(key)
        if referral is None:
            return None
        found = attempt("a row of the referrals", self._row_and_place, referral)
        row, where = found or (lost := unreadable_row(referral), lost.place)
        # Entered in error: it stays to be seen, and is in no count.
        if not row.counts:
            self._uncounted.add(key)
        if where[0] == Group.HELD and row.hold_until is not None:
            # An end that was changed since stays in the heap: it wakes its referral once for nothing.
            heappush(self._holds, (row.hold_until, key))
        return where, Entry(row, key in self._sending)

    def _row_and_place(self, referral: Referral) -> tuple[BoardRow, Place]:
        facts = referral_facts(self._store, referral.id) or Facts(referral)
        row = board_row(facts, self._store.reference, wall=self._wall)
        return row, place(row, self._now)

    def _slot(self, key: UUID) -> _BoardSlot | None:
        slot = self._slots.get(key)
        return slot if isinstance(slot, _BoardSlot) else None

    def tick(self) -> None:
        """Take the time; referrals whose hold has ended come back. Rows repaint when the view asks."""
        self._now = self._clock()
        back: set[UUID] = set()
        while self._holds and self._holds[0][0] <= self._now:
            back.add(heappop(self._holds)[1])
        if back:
            self._read(back)

    def set_sending(self, referral_ids: Iterable[UUID]) -> None:
        """Mark the referrals on which an action is on its way."""
        before, self._sending = self._sending, frozenset(referral_ids)
        for key in before ^ self._sending:
            slot = self._slot(key)
            if slot is not None:
                slot.item = replace(slot.item, sending=key in self._sending)
                self._show(slot)

    # --- what is shown ---

    def set_wall(self, wall: bool) -> None:
        """Leave out where people are, or tell it again; what is left out is not found by the filter either."""
        if wall != self._wall:
            self._wall = wall
            self._read_all()

    def set_filter(self, text: str) -> None:
        """Show only what holds every word of ``text``, however it is spelt; an empty one shows all.

        Groups are open meanwhile.
        """
        words = list(needles(text))
        if words == self._words:
            return
        # What a longer text finds is among what the shorter one found: it costs a fraction with many rows.
        longer = " ".join(words).startswith(" ".join(self._words))
        self._words = words
        self._match([slot for slot in self._all if slot.matches] if longer else self._all)
        self._show_all()

    def toggle(self, group: Group) -> None:
        """Open or close a group."""
        self._open_groups ^= {group}
        self._show_all()

    def reveal(self, referral_id: UUID) -> None:
        """Open the group in which a referral stands."""
        slot = self._slot(referral_id)
        if slot is not None and Group(slot.order[0]) not in self._open_groups:
            self.toggle(Group(slot.order[0]))

    def is_open(self, group: Group) -> bool:
        """Whether a group's referrals are shown."""
        return group in self._open_groups or bool(self._words)

    def _match(self, slots: Iterable[_BoardSlot]) -> None:
        if len(self._words) == 1:
            # The common case, spelled out: this loop is what a key press in the filter costs.
            word = self._words[0]
            for slot in slots:
                slot.matches = word in slot.haystack
        else:
            for slot in slots:
                slot.matches = all(word in slot.haystack for word in self._words)

    def _show(self, slot: _BoardSlot) -> None:
        wanted = slot.matches and self.is_open(Group(slot.order[0]))
        if not wanted:
            self.hide_slot(slot)
        elif slot.shown:
            self.touch(slot)
        else:
            self.show_slot(slot)

    def _show_all(self) -> None:
        wanted: list[Slot] = []
        for group in Group:
            head = self._renewed_head(group)
            wanted += [head] if head is not None else []
            if self.is_open(group):
                first, last = self._span(group)
                inside = self._all[first:last]
                wanted += [slot for slot in inside if slot.matches] if self._words else inside
        self.arrange(wanted)
        # Their counts were put in silently, and a head that is shown already hears of no signal for it.
        for group in (Group.HELD, Group.CLOSED):
            slot = self._slots.get(group)
            if slot is not None and slot.shown:
                self.touch(slot)

    def _renewed_head(self, group: Group) -> Slot | None:
        head = self._head(group)
        if head is None:
            return None
        slot = self._slots.get(group)
        if slot is None:
            slot = self._slots[group] = Slot(group, _head_place(group), head)
        slot.item = head
        return slot

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
        back = self._all[first].item.row.hold_until if group is Group.HELD else None
        return GroupHead(group, self.count(group), self.is_open(group), back)

    def _span(self, group: Group) -> tuple[int, int]:
        # A shorter tuple stands before every longer one that begins like it.
        first = bisect_left(self._all, (int(group),), key=ORDER)
        return first, bisect_left(self._all, (int(group) + 1,), key=ORDER)


def _head_place(group: Group) -> Place:
    return (group, -1, 0.0, "")


def head_words(head: GroupHead, now: datetime) -> str:
    """The line of a group: ``on hold (2) · next comes back 04:15``."""
    if head.group is Group.HELD and head.back_at is not None:
        return f"on hold ({head.count}) · next comes back {local_time(head.back_at, now)}"
    return f"closed ({head.count})"
