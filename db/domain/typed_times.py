"""Times as people type them: read here and nowhere else. Nothing here raises: what cannot be read is None.

Which moment a time of day means is told by what it belongs to: :mod:`db.domain.resolving`. Only a time that the
program itself offers, such as 08:30, is simply the next one (:func:`next_at`). Moments are aware UTC.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from db.domain.clocks import LONDON, local, wall_time

_AGO = re.compile(
    r"(?:(\d{1,2})\s*(?:hours?|hrs?|h))?\s*(?:and\s+)?(?:(\d{1,3})\s*(minutes?|mins?|m)?)?\s*(ago)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A time as it was typed, and the moment it stood for when it was typed (UTC; None if it cannot be read).

    ``problem`` says why it stands for none, where that is known.
    """

    text: str = ""
    at: datetime | None = None
    problem: str = ""

    @property
    def is_unread(self) -> bool:
        """Whether something is typed that is no time."""
        return bool(self.text.strip()) and self.at is None


NO_TIME: Final = TypedTime()


def known_time(at: datetime | None) -> TypedTime:
    """A moment as if it had been typed."""
    if at is None:
        return NO_TIME
    return TypedTime(wall_time(at), at)


def counted_back(typed: str, now: datetime) -> datetime | None:
    """Read ``now``, ``35 min ago`` or ``1 h 20`` as a whole minute, UTC; None for anything else."""
    if typed == "now":
        return now.replace(second=0, microsecond=0)
    match = _AGO.fullmatch(typed)
    if not match or not (match[1] or match[2]):
        return None
    # A bare number says neither minutes nor a time of day.
    if not (match[1] or match[3] or match[4]):
        return None
    span = timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
    return (now - span).replace(second=0, microsecond=0)


def next_at(text: str, now: datetime) -> datetime | None:
    """Read a typed time of day, such as ``0830``, as the next such moment after ``now``.

    Returns:
        None if the text is no time of day, or falls in the hour that spring skips next: nobody means a day later.
    """
    found = time_of_day(text)
    if found is None:
        return None
    today = local(now).date()
    for day in (today, today + timedelta(days=1)):
        moments = _moments(day, *found)
        coming = [moment for moment in moments if moment > now]
        if coming:
            return coming[0]
        if not moments and found > (local(now).hour, local(now).minute):
            return None
    return None


def time_of_day(text: str) -> tuple[int, int] | None:
    """Hour and minute of ``0342``, ``342``, ``3:42`` or ``03.42``."""
    digits = text.strip().replace(":", "").replace(".", "")
    if not digits.isascii() or not digits.isdigit() or not 3 <= len(digits) <= 4:
        return None
    hour, minute = int(digits[:-2]), int(digits[-2:])
    return (hour, minute) if hour <= 23 and minute <= 59 else None


def _moments(day: date, hour: int, minute: int) -> list[datetime]:
    # None in the hour that spring skips, two in the hour that autumn doubles.
    there = [datetime(day.year, day.month, day.day, hour, minute, fold=fold, tzinfo=LONDON) for fold in (0, 1)]
    moments = {moment.astimezone(UTC) for moment in there}
    return sorted(moment for moment in moments if (local(moment).hour, local(moment).minute) == (hour, minute))
