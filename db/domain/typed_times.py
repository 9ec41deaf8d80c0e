"""Times as people type them: read here and nowhere else. Nothing here raises: what cannot be read is None.

Which moment a time of day means is told by what it belongs to: :mod:`db.domain.resolving`. Only a time that the
program itself offers, such as 08:30, is simply the next one (:func:`next_at`). Moments are aware UTC.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from db.domain.clocks import LONDON, local, wall_time
from db.domain.spoken_times import (
    is_clock_face,
    part_behind,
    plain,
    spoken_span,
    spoken_time_of_day,
    without_rough,
)

_PARTED = re.compile(r"\d{1,2}[:.]\d{2}", re.ASCII)
# Minutes without their unit: behind hours, or "ago". Whatever names its units is a spoken span.
_AGO = re.compile(r"(\d{1,2})\s*(?:hours?|hrs?|h)\s*(?:and\s+)?(\d{1,3})\s*(?:ago)?|(\d{1,3})\s*ago", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A time as it was typed, and the moment it stood for when it was typed (UTC; None if it cannot be read).

    ``problem`` says why it stands for none, where that is known; two that say the same are the same.
    """

    text: str = ""
    at: datetime | None = None
    problem: str = field(default="", compare=False)

    @property
    def is_unread(self) -> bool:
        """Whether something is typed that is no time."""
        return bool(self.text.strip()) and self.at is None


NO_TIME: Final = TypedTime()
SAID_TIMES: Final = ("ems_on_scene", "call_connected", "sent")
"""The times of a referral that are typed and may be kept in words, by the record's name."""


def kept_words(typed: TypedTime, now: datetime) -> str:
    """What the record keeps in words: a time that is no moment, lies ahead or is only about right."""
    exact = typed.at is not None and typed.at <= now and not is_rough(typed.text)
    return "" if exact else typed.text.strip()


def stored_time(at: datetime | None, said: str) -> TypedTime:
    """A time as the record keeps it, as if it had been typed."""
    return TypedTime(said, at) if said else known_time(at)


def known_time(at: datetime | None) -> TypedTime:
    """A moment as if it had been typed."""
    if at is None:
        return NO_TIME
    return TypedTime(wall_time(at), at)


def counted_back(typed: str, now: datetime) -> datetime | None:
    """Read ``now``, ``35 min ago``, ``half an hour ago`` or ``1 h 20`` as a whole minute, UTC; else None."""
    rest, _rough = without_rough(plain(typed))
    span = spoken_span(rest)
    if span is None:
        match = _AGO.fullmatch(rest) if rest[:1] != "0" and not is_clock_face(rest) else None
        if not match:
            return None
        span = timedelta(hours=int(match[1] or 0), minutes=int(match[2] or match[3]))
    return (now - span).replace(second=0, microsecond=0)


def is_rough(text: str) -> bool:
    """Whether the text says that its time is not exact: ``about 0210``."""
    return without_rough(part_behind(plain(text)))[1]


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
    """Hour and minute of ``0342``, ``342``, ``3:42``, ``03.42``, ``3:42am``, ``about 0340``, ``midnight``."""
    typed, _rough = without_rough(plain(text))
    digits = typed.replace(":", "").replace(".", "")
    if not digits.isascii() or not digits.isdigit() or not 3 <= len(digits) <= 4:
        return spoken_time_of_day(typed)
    if typed != digits and not _PARTED.fullmatch(typed):
        # "13.5" is no 01:35.
        return None
    hour, minute = int(digits[:-2]), int(digits[-2:])
    return (hour, minute) if hour <= 23 and minute <= 59 else None


def _moments(day: date, hour: int, minute: int) -> list[datetime]:
    # None in the hour that spring skips, two in the hour that autumn doubles.
    there = [datetime(day.year, day.month, day.day, hour, minute, fold=fold, tzinfo=LONDON) for fold in (0, 1)]
    moments = {moment.astimezone(UTC) for moment in there}
    return sorted(moment for moment in moments if (local(moment).hour, local(moment).minute) == (hour, minute))
