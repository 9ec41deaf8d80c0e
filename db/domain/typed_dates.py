"""Dates as people type them while somebody speaks. Nothing here raises: what cannot be read is None."""

import re
from datetime import date

_OLDEST_YEARS = 125
_FARTHEST_YEARS = 10
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_BY_NUMBER = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})", re.ASCII)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s,]+", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})", re.ASCII)
_BY_WORD = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s./,-]*(?:of\s+)?([a-z]{3,9})[\s./,-]*(\d{4}|\d{2})", re.ASCII)


def read_date(text: str, today: date) -> date | None:
    """Read a date of birth: ``3/7/91``, ``03 Jul 1991``, ``3rd July 91``, ``1991-07-03`` or ``030791``.

    Day comes before month. A year of two digits is the latest one that is not in the future.

    Returns:
        The date; None when there is no such day, or nobody born on it is alive.
    """
    typed = text.strip().lower()
    parts = _parts(typed)
    if parts is None:
        return None
    day, month, year_text = parts
    for year in _years(year_text, today):
        found = _day(year, month, day)
        if found and found <= today and today.year - found.year <= _OLDEST_YEARS:
            return found
    return None


def read_coming_date(text: str, today: date) -> date | None:
    """Read a date that is not over yet: ``24/12``, ``24 Dec``, ``24/12/26``, ``2026-12-24``.

    Day comes before month. Without a year it is the next such day.

    Returns:
        The date; None when there is no such day, it is over, or it is more than 10 years away.
    """
    typed, century = text.strip().lower(), today.year - today.year % 100
    for one in (typed, f"{typed} {today.year}", f"{typed} {today.year + 1}"):
        parts = _parts(one)
        if parts is not None:
            day, month, year_text = parts
            found = _day(int(year_text) + (century if len(year_text) == 2 else 0), month, day)
            if found and today <= found and found.year - today.year <= _FARTHEST_YEARS:
                return found
    return None


def read_near_date(text: str, near: date) -> date | None:
    """Read a day close to another: ``22/11``, ``Sun 22 Nov``, ``22 Nov 2026``. Without a year the nearest.

    Returns:
        The date; None when there is no such day.
    """
    typed = _WEEKDAY.sub("", text.strip().lower())
    found = []
    for one in (typed, *(f"{typed} {near.year + years}" for years in (0, -1, 1))):
        parts = _parts(one)
        day = _day(int(parts[2]) + (2000 if len(parts[2]) == 2 else 0), parts[1], parts[0]) if parts else None
        found += [day] if day else []
    return min(found, key=lambda day: abs(day - near), default=None)


def _parts(typed: str) -> tuple[int, int, str] | None:
    if match := _ISO.fullmatch(typed):
        return int(match[3]), int(match[2]), match[1]
    if match := _BY_NUMBER.fullmatch(typed) or _RUN.fullmatch(typed):
        return int(match[1]), int(match[2]), match[3]
    if match := _BY_WORD.fullmatch(typed):
        month = _month(match[2])
        return (int(match[1]), month, match[3]) if month else None
    return None


def _month(word: str) -> int:
    for number, (short, full) in enumerate(zip(_MONTHS, _FULL_MONTHS, strict=True), start=1):
        if word == short or (word.startswith(short) and full.startswith(word)) or word == "sept" == full[:4]:
            return number
    return 0


def _years(text: str, today: date) -> tuple[int, ...]:
    if len(text) == 4:
        return (int(text),)
    century = today.year - today.year % 100
    # The later one first: it is the one that counts unless it lies in the future.
    return century + int(text), century - 100 + int(text)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def age(born: date, today: date) -> int:
    """Whole years lived."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
