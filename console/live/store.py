"""The live mirror: what is live in the record, by id. It changes only by what the record says.

There is one reader, and what it read last is what counts, whatever the versions: after a failover or a restored
backup the record's may be lower than those that were shown.
"""

import time
from collections.abc import Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.seal_seen import SealSeen
from console.live.touched import Part, Touched
from db.domain.about import AboutItem
from db.domain.care import Contact, FollowUp, HowItEnded, LateLink
from db.domain.cautions import Flag, in_order
from db.domain.dangers import Dangers
from db.domain.intake_call import IntakeCall
from db.domain.read_back import Booking, CrewWord, ReadBack
from db.domain.records import Assignment, Handover, Position, Record, Referral, Screening, Shift, Van
from db.domain.reference import ReferenceData

_OF_CARE = ("contact", "ending", "follow_up", "late_link")
_OF_PERSON = ("about_me", "read_back", "crew_word", "interpreter")
OF_REFERRAL = ("screening", "danger", "intake_call", "assignment", "handover", *_OF_CARE, *_OF_PERSON)
"""Tables whose rows belong to a referral and come and go with it."""
_OF_ROOM = ("shift_log", "shift_handover", "shift_handover_item", "alarm", "message", "presence")
TABLES = ("van", "shift", "position", "referral", *OF_REFERRAL, "flag", *_OF_ROOM)
R = TypeVar("R", bound=Record)
_NOTHING: Mapping[str, Iterable[UUID]] = MappingProxyType({})


class LinkState(StrEnum):
    """How it stands between this console and the record."""

    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Link:
    """The link to the record.

    Attributes:
        since: when it came into this state, by the record's clock.
        round_trip: seconds of the last beat, while live.
        sentence: why it is down, and what happens next.
        by_beat: no notices come through, so changes are seen at the next beat only.
        unwatched: seconds for which no console had raised alarms, at the last beat; None if none ever.
    """

    state: LinkState
    since: datetime
    round_trip: float = 0.0
    sentence: str = ""
    by_beat: bool = False
    unwatched: float | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed in the mirror at one moment. ``ids`` are keyed by table.

    Attributes:
        put: records that are new or newer.
        gone: records that are no longer live.
        after_loss: this is what happened while the link was down.
        referrals: those of which a screening, van, handover or call came, changed or went, as it was and as it is.
        vans: those of which a job or shift did.
    """

    put: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    gone: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    after_loss: bool = False
    referrals: frozenset[UUID] = frozenset()
    vans: frozenset[UUID] = frozenset()

    def touched(self, table: str) -> frozenset[UUID]:
        """Every id of a table that came, changed or went."""
        return self.put.get(table, frozenset()) | self.gone.get(table, frozenset())

    def __bool__(self) -> bool:
        return any(self.put.values()) or any(self.gone.values())


class Store(QObject):
    """Records by id, and the few joins that every panel needs. One signal a moment: ``changed``."""

    changed = Signal(object)
    """A :class:`Delta`."""
    events_changed = Signal(object)
    """A frozenset of referral ids that have new events."""
    link_changed = Signal(object)
    """A :class:`Link`."""
    reference_changed = Signal()
    unreadable_changed = Signal()
    """Another number of rows cannot be shown."""
    doubted = Signal(str)
    """A sentence about the record that people must know, such as that its clock was set."""

    def __init__(self, reference: ReferenceData, link: Link, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tables: dict[str, dict[UUID, Record]] = {name: {} for name in TABLES}
        self._of_referral: dict[str, dict[UUID, set[UUID]]] = {name: {} for name in OF_REFERRAL}
        self._flags_of: dict[UUID, set[UUID]] = {}
        self._of_van: dict[str, dict[UUID, set[UUID]]] = {"assignment": {}, "shift": {}}
        self._touched = Touched()
        self._unreadable: dict[str, frozenset[UUID]] = {}
        self._reference = reference
        self._link = link
        self._beat_at = time.monotonic()
        self.is_read = False
        self.seal = SealSeen(self)

    @property
    def reference(self) -> ReferenceData:
        """Everything configurable."""
        return self._reference

    @property
    def link(self) -> Link:
        """How it stands with the record."""
        return self._link

    def set_reference(self, reference: ReferenceData) -> None:
        """Take new configurable data."""
        self._reference = reference
        self.reference_changed.emit()

    @property
    def unreadable(self) -> int:
        """How many rows of the record cannot be shown."""
        return sum(len(keys) for keys in self._unreadable.values())

    def set_link(self, link: Link) -> None:
        """Take a new state of the link."""
        self._link = link
        self.link_changed.emit(link)

    def beat(self) -> None:
        """A beat came back through the record: up to now everything was seen."""
        self._beat_at = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since the last beat was seen."""
        return time.monotonic() - self._beat_at

    # --- in ---

    def put(
        self,
        records: Mapping[str, Iterable[Record]],
        *,
        gone: Mapping[str, Iterable[UUID]] = _NOTHING,
        unreadable: Mapping[str, Iterable[UUID]] = _NOTHING,
        after_loss: bool = False,
    ) -> Delta:
        """Apply rows as they are now. Emits one Delta if anything changed.

        Args:
            records: rows that are live.
            gone: ids of rows that are not there, or no longer live.
            unreadable: ids of rows that cannot be shown; what was known of them holds no longer.
            after_loss: this is what happened while the link was down.
        """
        rows = {name: list(records.get(name, ())) for name in TABLES}
        lost = {name: frozenset(unreadable.get(name, ())) for name in TABLES}
        left = {name: lost[name].union(gone.get(name, ())) for name in TABLES}  # unreadable: what was shown is old
        read = {name: left[name].union(row.id for row in rows[name]) for name in TABLES}
        still = {name: (self._unreadable.get(name, lost[name]) - read[name]) | lost[name] for name in TABLES}
        return self._apply(rows, left, still, after_loss)

    def replace(
        self,
        whole: Mapping[str, Iterable[Record]],
        *,
        unreadable: Mapping[str, Iterable[UUID]] = _NOTHING,
        after_loss: bool = False,
    ) -> Delta:
        """Apply a whole picture, diffed: what it lacks is no longer live. Emits one Delta if anything changed."""
        rows = {name: list(whole.get(name, ())) for name in TABLES}
        left = {name: self._tables[name].keys() - {row.id for row in rows[name]} for name in TABLES}
        return self._apply(rows, left, {name: frozenset(unreadable.get(name, ())) for name in TABLES}, after_loss)

    def _apply(
        self,
        rows: Mapping[str, Iterable[Record]],
        left: Mapping[str, Iterable[UUID]],
        unreadable: Mapping[str, frozenset[UUID]],
        after_loss: bool,
    ) -> Delta:
        # Filled by _unlink and _link_up: whose row it was, and whose it is now.
        self._touched, self.is_read = Touched(), True
        gone = {name: self._drop(name, keys) for name, keys in left.items()}
        # Of a referral that cannot be shown the parts stay: its van is not free.
        for name, keys in self._parts_of(gone["referral"] - unreadable.get("referral", frozenset())).items():
            gone[name] |= self._drop(name, keys)
        put = {name: self._put(name, some) for name, some in rows.items()}
        of = self._touched
        delta = Delta(put, gone, after_loss, frozenset(of.referrals), frozenset(of.vans))
        self._count_unreadable({name: keys for name, keys in unreadable.items() if keys})
        if delta:  # after both: whoever hears it looks at the mirror as it is now
            self.changed.emit(delta)
        return delta

    def _parts_of(self, referrals: Iterable[UUID]) -> dict[str, set[UUID]]:
        """What goes with referrals that go."""
        return {
            name: {key for one in referrals for key in index.get(one, ())}
            for name, index in self._of_referral.items()
        }

    def _count_unreadable(self, now: dict[str, frozenset[UUID]]) -> None:
        if now != self._unreadable:
            self._unreadable = now
            self.unreadable_changed.emit()

    def _drop(self, name: str, keys: Iterable[UUID]) -> frozenset[UUID]:
        table = self._tables[name]
        there = frozenset(key for key in keys if key in table)
        for key in there:
            self._unlink(name, table.pop(key))
        return there

    def _put(self, name: str, rows: Iterable[Record]) -> frozenset[UUID]:
        table, put = self._tables[name], set()
        for row in rows:
            known = table.get(row.id)
            if known != row:  # a notice may name a row that is as it was: then no panel hears of it
                if known is not None:
                    self._unlink(name, known)  # it may have belonged to another van
                table[row.id] = row
                self._link_up(name, row)
                put.add(row.id)
        return frozenset(put)

    def _link_up(self, name: str, row: Record) -> None:
        for index, key in self._keys(name, row):
            index.setdefault(key, set()).add(row.id)
        self._touched.add(row)

    def _unlink(self, name: str, row: Record) -> None:
        for index, key in self._keys(name, row):
            index.get(key, set()).discard(row.id)
            if not index.get(key):
                index.pop(key, None)  # or the index would grow with every referral of the day
        self._touched.add(row)

    def _keys(self, name: str, row: Record) -> Iterator[tuple[dict[UUID, set[UUID]], UUID]]:
        if isinstance(row, Part):
            yield self._of_referral[name], row.referral_id
        if isinstance(row, Flag):
            yield from ((self._flags_of, key) for key in row.applies_to)
        if isinstance(row, Assignment | Shift):
            yield self._of_van[name], row.van_id

    # --- out ---

    def _get(self, kind: type[R], name: str, key: UUID) -> R | None:
        found = self._tables[name].get(key)
        return found if isinstance(found, kind) else None

    def all_of(self, kind: type[R], name: str, keys: Iterable[UUID] | None = None) -> list[R]:
        """The rows of a table, or those with some keys, in no order."""
        table = self._tables[name]
        rows = table.values() if keys is None else (table[key] for key in keys)
        return [row for row in rows if isinstance(row, kind)]

    def referral(self, key: UUID) -> Referral | None:
        """A referral, if it is live."""
        return self._get(Referral, "referral", key)

    def referrals(self) -> list[Referral]:
        """All live referrals, in no order."""
        return self.all_of(Referral, "referral")

    def referral_ids(self) -> KeysView[UUID]:
        """The ids of all live referrals."""
        return self._tables["referral"].keys()  # a view that follows the mirror; copy it to keep it

    def van(self, key: UUID) -> Van | None:
        """A van, if it is in use."""
        return self._get(Van, "van", key)

    def vans(self) -> list[Van]:
        """All vans in use, by callsign."""
        return sorted(self.all_of(Van, "van"), key=lambda van: (len(van.callsign), van.callsign))

    def position(self, van_id: UUID) -> Position | None:
        """The last sane fix of a van."""
        return self._get(Position, "position", van_id)

    def assignment(self, key: UUID) -> Assignment | None:
        """An assignment of a live referral."""
        return self._get(Assignment, "assignment", key)

    def handover(self, key: UUID) -> Handover | None:
        """A handover of a live referral."""
        return self._get(Handover, "handover", key)

    def assignments_of(self, referral_id: UUID) -> list[Assignment]:
        """A referral's assignments, in the order in which vans were allocated."""
        keys = self._of_referral["assignment"].get(referral_id, ())
        return sorted(self.all_of(Assignment, "assignment", keys), key=lambda row: min(row.times.values()))

    def handovers_of(self, referral_id: UUID) -> list[Handover]:
        """A referral's handovers, first link first."""
        keys = self._of_referral["handover"].get(referral_id, ())
        return sorted(self.all_of(Handover, "handover", keys), key=lambda row: row.ordinal)

    def screening_of(self, referral_id: UUID) -> Screening | None:
        """The latest screening, which is the one that counts."""
        return max(self.screenings_of(referral_id), key=lambda row: row.completed_at, default=None)

    def about_of(self, referral_id: UUID) -> list[AboutItem]:
        """What was said about the person of a referral, in the order in which it was said."""
        keys = self._of_referral["about_me"].get(referral_id, ())
        return sorted(self.all_of(AboutItem, "about_me", keys), key=lambda row: (row.added_at, row.said, row.id))

    def flags_of(self, referral_id: UUID) -> list[Flag]:
        """The flags of a referral's person and address, what helps first; those past their review too."""
        return in_order(self.all_of(Flag, "flag", self._flags_of.get(referral_id, ())))

    def read_backs_of(self, referral_id: UUID) -> list[ReadBack]:
        """The briefs that crews read back, oldest first."""
        rows = self.all_of(ReadBack, "read_back", self._of_referral["read_back"].get(referral_id, ()))
        return sorted(rows, key=lambda row: row.recorded_at)

    def crew_words_of(self, referral_id: UUID) -> list[CrewWord]:
        """What was heard of crews that are with somebody, in no order."""
        return self.all_of(CrewWord, "crew_word", self._of_referral["crew_word"].get(referral_id, ()))

    def bookings_of(self, referral_id: UUID) -> list[Booking]:
        """The interpreters that were booked."""
        return self.all_of(Booking, "interpreter", self._of_referral["interpreter"].get(referral_id, ()))

    def contacts_of(self, referral_id: UUID) -> list[Contact]:
        """Words with the person, oldest first."""
        keys = self._of_referral["contact"].get(referral_id, ())
        return sorted(self.all_of(Contact, "contact", keys), key=lambda row: (row.made_at, row.id))

    def ending_of(self, referral_id: UUID) -> HowItEnded | None:
        """How a referral ended, once it did."""
        keys = self._of_referral["ending"].get(referral_id, ())
        return max(self.all_of(HowItEnded, "ending", keys), key=lambda row: row.ended_at, default=None)

    def follow_ups_of(self, referral_id: UUID) -> list[FollowUp]:
        """What is to be done later, and what was, by when it is due."""
        keys = self._of_referral["follow_up"].get(referral_id, ())
        return sorted(self.all_of(FollowUp, "follow_up", keys), key=lambda row: (row.due_at, row.id))

    def late_links_of(self, referral_id: UUID) -> list[LateLink]:
        """EMAS or police who came into it later, first one first."""
        keys = self._of_referral["late_link"].get(referral_id, ())
        return sorted(self.all_of(LateLink, "late_link", keys), key=lambda row: (row.made_at, row.id))

    def screenings_of(self, referral_id: UUID) -> list[Screening]:
        """Every pass through the gate, oldest first."""
        rows = self.all_of(Screening, "screening", self._of_referral["screening"].get(referral_id, ()))
        return sorted(rows, key=lambda row: row.completed_at)

    def dangers_of(self, referral_id: UUID) -> Dangers | None:
        """What stands against the next step of a referral."""
        return self._get(Dangers, "danger", referral_id)

    def call_of(self, referral_id: UUID) -> IntakeCall | None:
        """The call by which a referral comes in, or came in."""
        return self._get(IntakeCall, "intake_call", referral_id)

    def job_of(self, van_id: UUID) -> Assignment | None:
        """The open assignment of a van."""
        rows = self.all_of(Assignment, "assignment", self._of_van["assignment"].get(van_id, ()))
        return next((row for row in rows if row.is_open), None)  # one at most: the record sees to it

    def shift_of(self, van_id: UUID) -> Shift | None:
        """The open shift of a van."""
        rows = self.all_of(Shift, "shift", self._of_van["shift"].get(van_id, ()))
        return next((row for row in rows if row.ended_at is None), None)
