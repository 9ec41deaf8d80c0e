"""What one shift lead hands to the next: the lines, and that each risk was signed by whoever takes the room."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from db.domain.messages import Message, Presence
from db.domain.raised import RaisedAlarm
from db.domain.shift_log import LogEntry

KINDS: Final = ("person", "call", "ending", "safety", "alarm", "van", "crew", "times", "log")
"""What a line is about, in the order in which the lines stand."""
TITLES: Final = {
    "person": "People",
    "call": "Calls, promises and holds",
    "ending": "Ended, and not seen to",
    "safety": "Staff safety",
    "alarm": "Alarms",
    "van": "Vans",
    "crew": "Crews and their breaks",
    "times": "To finish",
    "log": "From the shift log",
}


About = tuple[str, UUID | None, UUID | None]
"""A kind, a referral and a van: by what a line is known, since its words grow older with the clock."""


@dataclass(frozen=True, slots=True)
class ToHandOver:
    """A line before it is offered.

    Attributes:
        kind: one of :data:`KINDS`.
        due_at: by when something has to be done about it.
        is_risk: something that can go wrong when nobody sees to it.
    """

    kind: str
    words: str
    referral_id: UUID | None = None
    van_id: UUID | None = None
    due_at: datetime | None = None
    is_risk: bool = False

    @property
    def about(self) -> About:
        """By what it is known."""
        return (self.kind, self.referral_id, self.van_id)


@dataclass(frozen=True, slots=True)
class HandedItem:
    """A line as it was offered. ``signed_by`` is a login, empty while nobody has signed it."""

    id: UUID
    version: int
    shift_handover_id: UUID
    rank: int
    kind: str
    words: str
    referral_id: UUID | None
    van_id: UUID | None
    due_at: datetime | None
    is_risk: bool
    signed_by: str
    signed_at: datetime | None
    remark: str

    @property
    def is_open(self) -> bool:
        """Whether it is a risk that nobody has signed."""
        return self.is_risk and self.signed_at is None


@dataclass(frozen=True, slots=True)
class ShiftHandover:
    """One handover of the room. Times are UTC, people are logins.

    Attributes:
        since_at: what it tells of began then.
        taken_at: when the next lead took the room; None while it is offered.
    """

    id: UUID
    version: int
    since_at: datetime
    notes: str
    offered_by: str
    offered_at: datetime
    taken_by: str
    taken_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None

    @property
    def is_offered(self) -> bool:
        """Whether it waits for somebody to take the room."""
        return self.taken_at is None and self.withdrawn_at is None


def unsigned(items: Iterable[HandedItem]) -> list[HandedItem]:
    """The risks that nobody has signed yet."""
    return [one for one in items if one.is_open]


def came_since(items: Iterable[HandedItem], lines: Iterable[ToHandOver]) -> list[ToHandOver]:
    """The risks of the room as it is now that were not there when it was offered."""
    offered: Counter[About] = Counter((one.kind, one.referral_id, one.van_id) for one in items)
    came = []
    for one in lines:
        if offered[one.about]:
            offered[one.about] -= 1
        elif one.is_risk:
            came.append(one)
    return came


OfRoom = LogEntry | ShiftHandover | HandedItem | RaisedAlarm | Message | Presence
"""What is kept of the room itself."""
