"""The van list: those on shift by callsign, then those off duty."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Qt

from console.live.joins import touched_vans, van_facts
from console.live.store import Delta, Store
from console.models.keyed import KeyedListModel
from console.running.faults import attempt
from db.domain.board import UNREADABLE
from db.domain.fleet import Task, VanFacts, crew_words, fix_words, status_words, task
from db.domain.rules import Rules
from db.domain.states import DutyStatus
from db.domain.texts import told


@dataclass(frozen=True, slots=True)
class VanEntry:
    """One van on the list, and whether an action on it is on its way."""

    facts: VanFacts
    sending: bool = False


class VanModel(KeyedListModel):
    """Fed by the store's Deltas. Ids are van ids."""

    def __init__(self, store: Store, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        """Take what the store holds and follow it.

        Args:
            store: the live mirror.
            now: the record's clock, aware and in UTC.
            parent: owner.
        """
        super().__init__(parent)
        self._store = store
        self._clock = now
        self._now = now()
        self._private = False
        self._sending: frozenset[UUID] = frozenset()
        store.changed.connect(self._follow)
        store.reference_changed.connect(self._read_all)
        self._read_all()

    @property
    def now(self) -> datetime:
        """The moment that the list shows, UTC."""
        return self._now

    @property
    def rules(self) -> Rules:
        """The numbers that the service goes by."""
        return self._store.reference.rules

    def tick(self) -> None:
        """Take the time."""
        self._now = self._clock()

    def facts(self, van_id: UUID) -> VanFacts | None:
        """What is known about a van in use."""
        entry = self.item(van_id)
        return entry.facts if isinstance(entry, VanEntry) else None

    def all_facts(self) -> list[VanFacts]:
        """Every van, top to bottom."""
        return [entry.facts for key in self.ids() if isinstance(entry := self.item(key), VanEntry)]

    def set_sending(self, van_ids: Iterable[UUID]) -> None:
        """Mark the vans on which an action is on its way."""
        before, self._sending = self._sending, frozenset(van_ids)
        self._read(before ^ self._sending)

    def set_private(self, private: bool) -> None:
        """Leave out where the vans' jobs are, or tell it again."""
        self._private = private
        self._read_all()

    def task(self, facts: VanFacts) -> Task:
        """What a van is about, at the moment that the list shows."""
        return task(facts, self._store.reference, self._now, private=self._private)

    def text(self, item: object, role: int) -> str | None:
        """A van in words, for tooltips and screen readers."""
        if not isinstance(item, VanEntry) or role not in _TELLERS:
            return None
        said = attempt("a row of the vans", _TELLERS[role], self, item)
        return f"{told(item.facts.van.callsign)}, {UNREADABLE}" if said is None else said

    def spoken(self, entry: VanEntry) -> str:
        """A van in one sentence."""
        facts = entry.facts
        line = [
            told(facts.van.callsign),
            status_words(facts),
            self.task(facts).words,
            fix_words(facts.position, self._now),
        ]
        return ", ".join([*line, "sending"] if entry.sending else line)

    def hint(self, entry: VanEntry) -> str:
        """A van's tooltip."""
        van = entry.facts.van
        return f"{told(van.callsign)} {told(van.registration)}\n{crew_words(entry.facts, self._now, self.rules)}"

    def _follow(self, delta: Delta) -> None:
        self._now = self._clock()
        self._read(touched_vans(delta, self._store))

    def _read_all(self) -> None:
        # Those on the list, too: one that is no longer in use has to go.
        self._read({van.id for van in self._store.vans()} | {key for key in self.ids() if isinstance(key, UUID)})

    def _read(self, touched: Iterable[UUID]) -> None:
        for key in touched:
            van = self._store.van(key)
            if van is None:
                self.drop(key)
                continue
            # A van whose rows contradict each other keeps its line, with what it says of itself: it still drives.
            facts = attempt("a row of the vans", van_facts, self._store, key) or VanFacts(van)
            self.put(key, _place(facts), VanEntry(facts, key in self._sending))


_TELLERS: Final[dict[int, Callable[[VanModel, VanEntry], str]]] = {
    int(Qt.ItemDataRole.DisplayRole): VanModel.spoken,
    int(Qt.ItemDataRole.AccessibleTextRole): VanModel.spoken,
    int(Qt.ItemDataRole.ToolTipRole): VanModel.hint,
}


def _place(facts: VanFacts) -> tuple[bool, int, str, str]:
    van = facts.van
    # By length first, so that CRU10 follows CRU9; the id tells two of one callsign apart.
    return (van.duty_status is DutyStatus.OFF_DUTY, len(van.callsign), van.callsign, str(van.id))
