"""Times as people type them: read here and nowhere else. Nothing here raises: what cannot be read is None.

A typed time of day stands for the last such moment (:func:`last_at`: what has happened) or for the next one
(:func:`next_at`: what is still to come). Moments are aware UTC; what is typed is the local time of day.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from db.domain.clocks import LONDON, local

_AGO = re.compile(
    r"(?:(\d{1,2})\s*(?:hours?|hrs?|h))?\s*(?:and\s+)?(?:(\d{1,3})\s*(minutes?|mins?|m)?)?\s*(ago)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A time as it was typed, and the moment it stood for when it was typed (UTC; None if it cannot be read)."""

    text: str = ""
    at: datetime | None = None

    @property
    def is_unread(self) -> bool:
        """Whether something is typed that is no time."""
        return bool(self.text.strip()) and self.at is None


NO_TIME: Final = TypedTime()


def typed_time(text: str, now: datetime) -> TypedTime:
    """Read a time now, since ``35 min ago`` means something else in a minute. A read one is kept as ``HH:MM``."""
    at = read_time(text, now)
    return known_time(at) if at else TypedTime(text.strip())


def known_time(at: datetime | None) -> TypedTime:
    """A moment as if it had been typed."""
    return TypedTime(local(at).strftime("%H:%M"), at) if at else NO_TIME


def read_time(text: str, now: datetime) -> datetime | None:
    """Read ``0255``, ``2:55``, ``35 min ago``, ``1 h 20`` or ``now`` as a moment not after ``now``.

    Returns:
        Aware UTC, to the minute when counted back; None when it is no time.
    """
    typed = text.strip().lower()
    if typed == "now":
        return now.replace(second=0, microsecond=0)
    return last_at(typed, now) or _counted_back(typed, now)


def _counted_back(typed: str, now: datetime) -> datetime | None:
    match = _AGO.fullmatch(typed)
    if not match or not (match[1] or match[2]):
        return None
    # A bare number says neither minutes nor a time of day.
    if not (match[1] or match[3] or match[4]):
        return None
    span = timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
    return (now - span).replace(second=0, microsecond=0)


def last_at(text: str, now: datetime) -> datetime | None:
    """Read a typed time of day, such as ``0342`` or ``3:42``, as the last such moment not after ``now``.

    Returns:
        None if the text is no time of day, or falls in the hour that spring skips.
    """
    found = time_of_day(text)
    return _latest_before(*found, now) if found is not None else None


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


def _latest_before(hour: int, minute: int, now: datetime) -> datetime | None:
    today = local(now).date()
    for day in (today, today - timedelta(days=1)):
        moments = _moments(day, hour, minute)
        past = [moment for moment in moments if moment <= now]
        if past:
            return max(past)
        if not moments and (hour, minute) < (local(now).hour, local(now).minute):
            return None  # skipped tonight: nobody means the night before
    return None


def _moments(day: date, hour: int, minute: int) -> list[datetime]:
    # None in the hour that spring skips, two in the hour that autumn doubles.
    there = [datetime(day.year, day.month, day.day, hour, minute, fold=fold, tzinfo=LONDON) for fold in (0, 1)]
    moments = {moment.astimezone(UTC) for moment in there}
    return sorted(moment for moment in moments if (local(moment).hour, local(moment).minute) == (hour, minute))
