"""What a referral is called where there is little room: its number, and its day when that is not today.

The number begins again every day, so over midnight two that are live may both be 0005. The day told beside it
makes them differ, on every panel alike. Whole references stay what the record knows them by.
"""

import re
from datetime import date, datetime, timedelta

from db.domain.clocks import shift_date

_REFERENCE = re.compile(r"\b\w+-\d{8}-\d+\b")
_WEEKDAY_TELLS = timedelta(days=7)


def number_today(reference: str, now: datetime) -> str:
    """``0044`` for today's ``CRU-20261122-0044``; ``0044 Sun`` within a week, ``0044 22 Nov 2026`` beyond it."""
    before, _, number = reference.rpartition("-")
    day = _day(before.rpartition("-")[2])
    if day is None:
        return reference
    today = shift_date(now)
    if day == today:
        return number
    near = timedelta(0) < today - day < _WEEKDAY_TELLS
    return f"{number} {day:%a}" if near else f"{number} {day.day} {day:%b %Y}"


def short_name(reference: str, now: datetime) -> str:
    """As :func:`number_today`, with the service before it: ``CRU-0044 Sun``. No reference stays as it is."""
    number = number_today(reference, now)
    return number if number == reference else f"{reference.partition('-')[0]}-{number}"


def shortened(text: str, now: datetime) -> str:
    """A text with every whole reference in it shortened: kept, it names one referral; read, it is short."""
    return _REFERENCE.sub(lambda found: number_today(found[0], now), text)


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 else None
    except ValueError:
        return None
