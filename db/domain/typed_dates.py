"""Dates as people type them while somebody speaks. Nothing here raises: what cannot be read is None."""

import re
from dataclasses import dataclass
from datetime import date

from db.domain.spelling import Speller

_OLDEST_YEARS = 125
_FARTHEST_YEARS = 10
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MISSPELT = Speller(dict.fromkeys(_FULL_MONTHS, True))
_BY_NUMBER = re.compile(r"(\d{1,2})[\s.,_/\\-]+(\d{1,2})[\s.,_/\\-]+'?(\d{4}|\d{2})", re.ASCII)
# Letters that stand where figures must, with figures around them: 12/O8/1967, l2/08/67.
_AS_FIGURES = re.compile(r"[\dol]{1,4}[./-][\dol]{1,2}[./-][\dol]{2,4}", re.ASCII)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s,]+", re.ASCII)
_ISO = re.compile(r"(\d{4})[\s./-](\d{1,2})[\s./-](\d{1,2})(?:[t\s]+00:00.*)?", re.ASCII)
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})", re.ASCII)
_ISO_RUN = re.compile(r"((?:19|20)\d{2})(0\d|1[0-2])(\d{2})", re.ASCII)
_DAY_SIGN = r"(?:st|nd|rd|th)?"
_BY_WORD = re.compile(
    rf"(\d{{1,2}}){_DAY_SIGN}[\s./,-]*(?:of\s+)?([a-z]{{3,9}})[\s./,-]*'?(\d{{4}}|\d{{2}})", re.ASCII
)
_WORD_FIRST = re.compile(
    rf"([a-z]{{3,9}})[\s./,-]*(?:the\s+)?(\d{{1,2}}){_DAY_SIGN}[\s./,-]+'?(\d{{4}}|\d{{2}})", re.ASCII
)

_YEAR_FIRST = re.compile(rf"(\d{{4}})[\s./,-]+([a-z]{{3,9}})[\s./,-]+(\d{{1,2}}){_DAY_SIGN}", re.ASCII)
_THE = re.compile(r"^the\s+", re.ASCII)
_ALIKE = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0F: "/", 0x00B7: ".", 0x2019: "'"}
_ALIKE |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")


@dataclass(frozen=True, slots=True)
class DateParts:
    """A date in its parts, whether or not there is such a day; ``by_number`` tells that its month is a number."""

    day: int
    month: int
    year: str
    by_number: bool = False


def read_date(text: str, today: date) -> date | None:
    """Read a date of birth: ``3/7/91``, ``03 Jul 1991``, ``3rd July 91``, ``1991-07-03`` or ``030791``.

    Day comes before month, unless the month is a word. A year of two digits is the latest one that is not in the
    future: the century that makes somebody who lives.

    Returns:
        The date; None when there is no such day, or nobody born on it is alive.
    """
    parts = parts_of(text)
    if parts is None:
        return None
    for year in two_digit_years(parts.year, today):
        found = _day(year, parts.month, parts.day)
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
        parts = parts_of(one)
        if parts is not None:
            found = _day(int(parts.year) + (century if len(parts.year) == 2 else 0), parts.month, parts.day)
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
        parts = parts_of(one)
        day = (
            _day(int(parts.year) + (2000 if len(parts.year) == 2 else 0), parts.month, parts.day)
            if parts
            else None
        )
        found += [day] if day else []
    return min(found, key=lambda day: abs(day - near), default=None)


def parts_of(text: str) -> DateParts | None:
    """The parts of a typed date; None if it has none."""
    # Every blank is one: a pasted date has those that do not break.
    typed = (
        " ".join(text.translate(_ALIKE).lower().split())
        .replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        .strip(' \t\n.,;()[]"')
    )
    if _AS_FIGURES.fullmatch(typed):
        typed = typed.replace("o", "0").replace("l", "1")
    return _parts(typed) or _parts(_THE.sub("", _WEEKDAY.sub("", typed)))


def _parts(typed: str) -> DateParts | None:
    if match := _ISO.fullmatch(typed) or _ISO_RUN.fullmatch(typed):
        return DateParts(int(match[3]), int(match[2]), match[1])
    if match := _BY_NUMBER.fullmatch(typed) or _RUN.fullmatch(typed):
        return DateParts(int(match[1]), int(match[2]), match[3], by_number=True)
    if match := _BY_WORD.fullmatch(typed):
        return _named(int(match[1]), match[2], match[3])
    if match := _YEAR_FIRST.fullmatch(typed):
        return _named(int(match[3]), match[2], match[1])
    match = _WORD_FIRST.fullmatch(typed)
    return _named(int(match[2]), match[1], match[3]) if match else None


def _named(day: int, word: str, year: str) -> DateParts | None:
    month = month_of(word)
    return DateParts(day, month, year) if month else None


def month_of(word: str) -> int:
    """The month that a lower-case word names, from 1; 0 for none."""
    for number, (short, full) in enumerate(zip(_MONTHS, _FULL_MONTHS, strict=True), start=1):
        if word == short or (word.startswith(short) and full.startswith(word)) or word == "sept" == full[:4]:
            return number
    # "Febuary": one letter from one month, and the day is read back with it.
    meant = _MISSPELT.meant(word)
    return _FULL_MONTHS.index(next(iter(meant))) + 1 if len(meant) == 1 else 0


def two_digit_years(text: str, today: date) -> tuple[int, ...]:
    """Which years the digits may stand for, the latest first; four digits are one year."""
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
