"""Cautions for whoever goes there, and until when each counts."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from db.domain.clocks import LONDON, local, local_time
from db.domain.records import Event
from db.domain.typed_dates import read_coming_date

MORNING = "0800"
A_MONTH = timedelta(days=30)
ASKED_BEFORE = "contacted us before"
# Events never change: those of before say it in the words of before.
_SAID_NOW = {"repeat caller": ASKED_BEFORE}


@dataclass(frozen=True, slots=True)
class Caution:
    """A flag on a person or an address.

    Attributes:
        kind: such as ``staff safety``.
        words: what a crew needs to know.
        expires_at: from when it no longer counts, UTC; None when it has no end.
    """

    kind: str
    words: str
    expires_at: datetime | None = None

    def is_active(self, now: datetime) -> bool:
        """Whether it counts at ``now``."""
        return self.expires_at is None or now < self.expires_at


def caution(event: Event) -> Caution:
    """The caution that a flag's event tells of."""
    end = event.detail.get("expires_at")
    return Caution(
        about(event),
        event.words,
        datetime.fromisoformat(str(end)).astimezone(UTC) if end else None,
    )


def about(event: Event) -> str:
    """What kind of caution a flag's event tells of, in the words of now."""
    said = str(event.detail.get("about", ""))
    return _SAID_NOW.get(said, said)


def end_of_day(text: str, now: datetime) -> datetime | None:
    """Read a typed date as the local midnight that ends it, UTC; None when it is no date or is over."""
    day = read_coming_date(text, local(now).date())
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


def end_words(end: datetime | None, now: datetime) -> str:
    """``no end``, ``until 08:00``, or ``to the end of Thu 24 Dec 2026`` for a caution that ends with a day."""
    if end is None:
        return "no end"
    there = local(end)
    if there.time() == time():
        return f"to the end of {there - timedelta(days=1):%a %d %b %Y}"
    year = f" {there.year}" if there.year != local(now).year else ""
    return f"until {local_time(end, now)}{year}"
