"""What a shift lead looks at afterwards: to learn from it, and to say that it was seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

REVIEWED_KINDS: Final = (
    "late",
    "long handover",
    "refused",
    "overridden",
    "reality objected",
    "back in 72 h",
    "feedback",
    "taken back",
    "amended",
)
"""What asks to be looked at, the gravest first."""


@dataclass(frozen=True, slots=True)
class ToReview:
    """Something that asks to be looked at. Times are UTC.

    Attributes:
        kind: one of :data:`REVIEWED_KINDS`.
        about: with the kind, what it is, once and for all.
        reference: of its referral; empty where it is about none.
        at: the moment to look at, in the record and in the replay.
        by: the login of whoever did it; empty where nobody did.
        reviewed_by: the login of whoever has signed it off; empty while nobody has.
        line: what that one said about it.
    """

    kind: str
    about: str
    referral_id: UUID | None
    reference: str
    at: datetime
    words: str
    by: str
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    line: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has signed it off."""
        return self.reviewed_at is None


def in_order(rows: list[ToReview]) -> list[ToReview]:
    """What is open first, the gravest kind first, and of those the newest."""
    return sorted(rows, key=lambda one: (not one.is_open, REVIEWED_KINDS.index(one.kind), -one.at.timestamp()))
