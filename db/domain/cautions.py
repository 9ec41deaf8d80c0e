"""Flags: what whoever goes there must know of a person or an address, and until when each counts.

A flag belongs to a person or an address and is found again at the next referral. It has an author, a reason and a
day of review, never more than twelve months on; what helps is said before what to beware of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from db.domain.clocks import LONDON, local, local_time
from db.domain.typed_dates import read_coming_date

MORNING = "0800"
A_MONTH = timedelta(days=30)
LONGEST: Final = timedelta(days=366)
"""The record's twelve months, in a leap year."""
FLAG_LABELS: Final[Mapping[str, str]] = {
    "what helps": "what helps",
    "contacted us before": "contacted us before; what helped",
    "staff safety": "staff safety",
    "safeguarding": "safeguarding",
    "pets": "pets",
    "access": "access",
}
"""What the kinds of flags are called, those first that say what helps."""
FLAG_KINDS: Final = tuple(FLAG_LABELS)
STAFF_SAFETY: Final = "staff safety"
HELPFUL: Final = frozenset({"what helps", "contacted us before"})
_OLD_KINDS: Final[Mapping[str, str]] = {"repeat caller": "contacted us before"}


def flag_label(kind: str) -> str:
    """What people call a kind of flag, also one of an old record."""
    return FLAG_LABELS.get(_OLD_KINDS.get(kind, kind), kind)


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag on a person or an address.

    Attributes:
        referral_id: at which referral it was put.
        applies_to: the live referrals of the same person or address.
        danger: it speaks against going there now, and stops the next step; else it is to know.
        review_at: from when it no longer counts unless somebody looked at it again, UTC.
    """

    id: UUID
    version: int
    referral_id: UUID
    subject: str
    kind: str
    reason: str
    review_at: datetime
    added_by: str
    added_at: datetime
    applies_to: tuple[UUID, ...] = ()
    danger: bool = False

    def is_active(self, now: datetime) -> bool:
        """Whether it counts at ``now``."""
        return now < self.review_at

    @property
    def helps(self) -> bool:
        """Whether it says what helps."""
        return self.kind in HELPFUL

    @property
    def words(self) -> str:
        """What it is and what it says: ``staff safety: two crew``, ``staff safety, danger now: a crossbow``."""
        return f"{self.label}: {self.reason}"

    @property
    def label(self) -> str:
        """What it is, and whether it is danger now."""
        return f"{flag_label(self.kind)}{', danger now' if self.danger else ''}"


def in_order(flags: Iterable[Flag]) -> list[Flag]:
    """What helps first, then by kind, then the newest."""
    kinds = list(FLAG_KINDS)
    return sorted(
        flags,
        key=lambda one: (
            not one.helps,
            kinds.index(one.kind) if one.kind in kinds else 99,
            -one.added_at.timestamp(),
        ),
    )


def counting(flags: Iterable[Flag], now: datetime) -> list[Flag]:
    """The flags that count now, what helps first."""
    return in_order(one for one in flags if one.is_active(now))


def end_of_day(text: str, now: datetime) -> datetime | None:
    """Read a typed date as the local midnight that ends it, UTC; None when it is no date or is over."""
    day = read_coming_date(text, local(now).date())
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


def end_words(end: datetime, now: datetime) -> str:
    """``review 08:00``, or ``review after Thu 24 Dec 2026`` for a flag that ends with a day."""
    there = local(end)
    said = "review" if end > now else "review was due"
    if there.time() == time():
        return (
            f"{said} after {there - timedelta(days=1):%a %d %b %Y}" if end > now else f"{said} {there:%a %d %b %Y}"
        )
    year = f" {there.year}" if there.year != local(now).year else ""
    return f"{said} {local_time(end, now)}{year}"
