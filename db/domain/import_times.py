"""The days and times of a spreadsheet as people write them, and as spreadsheets count them. Pure.

Days come before months. A time of day that the clocks skip or double is asked about and never guessed.
"""

import re
from datetime import date, datetime, timedelta
from typing import Final

from db.domain.import_columns import UnreadableError
from db.domain.resolving import moments_of, zone_apart
from db.domain.typed_dates import read_near_date
from db.domain.typed_times import time_of_day

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Four digits without a point may be a year.
_WITH_DAY: Final = re.compile(
    r"(.*\w)(?:[,\s]+|T)(\d{1,2}[:.]\d{2}|\d{1,2}\s?[ap]m)(?::\d{2})?(\s+[a-z]{2,3})?", re.ASCII | re.IGNORECASE
)
_DAY: Final = timedelta(days=1)
_FIRST_DAY: Final = date(1899, 12, 30)
_SERIAL: Final = re.compile(r"[345]\d{4}", re.ASCII)
"""From 1982 to 2064."""
_SHARE: Final = re.compile(r"0?\.\d{4,}", re.ASCII)
_NEXT_DAY: Final = re.compile(
    r"(.*\d.*?)[\s(]*(?:\+\s?1(?:\s*(?:d|day))?|next\s+day|following\s+day)\)?", re.IGNORECASE
)
_OVER: Final = re.compile(r"(2[4-9]|3\d|4[0-7]):?(\d\d)", re.ASCII)
BETWEEN_TIMES: Final = r"\s*(?:[-\u2010-\u2015/]|\bto\b|\buntil\b|\btill?\b)\s*"
"""What stands between the start and the end, as a pattern."""
_TWO_TIMES: Final = "Write them as 07:00-19:00."
_SHIFT_CODE: Final = re.compile(r"[a-z]{1,3}|(?:long\s)?days?|nights?|early|late", re.ASCII | re.IGNORECASE)
USUAL_TIMES: Final = ("07:00-19:00", "19:00-07:00")
"""What a letter for a shift most often stands for: offered, never taken by itself."""
_LENGTH: Final = re.compile(r"(\d{1,2})(?:[:h](\d\d)|(\.\d+))?\s*(?:h|hrs?|hours?)?", re.ASCII | re.IGNORECASE)


_HALF_SAID: Final = re.compile(r"\b(\d{1,2}(?:[:.]?\d\d)?)\s?([ap])\b(?![.m])", re.ASCII | re.IGNORECASE)
_WITH_H: Final = re.compile(r"\b(\d{1,2})h(\d\d)?\b", re.ASCII | re.IGNORECASE)
_HOUR: Final = re.compile(r"\d{1,2}", re.ASCII)


def both_times(said: str, day: date) -> tuple[datetime, datetime]:
    """``19:00-07:00``, ``7 to 19``, ``7a-7p``, ``07h00/19h30``: the start and the end.

    Raises:
        UnreadableError: these are no two times, or hours that may be of the morning or the evening: ``7-7``.
    """
    plain = _WITH_H.sub(lambda hour: f"{hour[1]}:{hour[2] or '00'}", _HALF_SAID.sub(r"\1\2m", said))
    parts = [part for part in re.split(BETWEEN_TIMES, plain) if part]
    if _SHIFT_CODE.fullmatch(said):
        raise UnreadableError(f'"{said}" is not two times.', _TWO_TIMES, asked=said, answers=USUAL_TIMES)
    if len(parts) != 2:
        raise UnreadableError(f'"{said}" is not two times.' if said else "The times are missing.", _TWO_TIMES)
    if all(map(_HOUR.fullmatch, parts)) and int(parts[1]) <= int(parts[0]) <= 12:
        either = _either(*map(int, parts))
        raise UnreadableError(f'"{said}" may be by day or by night.', _TWO_TIMES, asked=said, answers=either)
    first, last = (f"{part}:00" if re.fullmatch(r"\d{1,2}", part) else part for part in parts)
    start = read_moment(first, day)
    return start, read_end(last, day, start)


def _either(first: int, last: int) -> tuple[str, str]:
    """Two hours up to twelve as they are meant by day and by night."""
    return (
        f"{first % 12:02d}:00-{last % 12 + 12:02d}:00",
        f"{first % 12 + 12:02d}:00-{last % 12:02d}:00",
    )


def read_length(said: str, start: datetime) -> datetime:
    """The end of a shift of which its hours are said: ``12``, ``11.5``, ``12:30``.

    Raises:
        UnreadableError: it is no length, or longer than a day.
    """
    match = _LENGTH.fullmatch(said)
    hours = int(match[1]) + int(match[2] or 0) / 60 + float(match[3] or 0) if match else 0.0
    if not 0 < hours <= 24:
        raise UnreadableError(
            f'"{said}" is no number of hours.' if said else "The hours are missing.", "Write 12."
        )
    return start + timedelta(hours=hours)


def day_apart(said: str, near: date) -> tuple[date | None, str]:
    """The day that stands in one cell with a time of day, and the time: ``30/11/2026 07:00``."""
    match = _WITH_DAY.fullmatch(said)
    day = read_near_date(match[1], near) if match else None
    return (day, f"{match[2]}{match[3] or ''}") if match and day else (None, said)


def read_day(said: str, today: date) -> date:
    """A day as somebody writes it, also with a time of day behind it.

    Raises:
        UnreadableError: it is none, or its day of the week is another.
    """
    if _SERIAL.fullmatch(said):
        # As a spreadsheet counts days that nobody told it to show as days.
        return _FIRST_DAY + timedelta(days=int(said))
    with_time = _WITH_DAY.fullmatch(said)
    day = read_near_date(with_time[1] if with_time else said, today)
    if day is None:
        raise UnreadableError(f'"{said}" is no day.' if said else "The day is missing.", "Write it as 30/11/2026.")
    named = said[:3].casefold()
    if named in _WEEKDAYS and _WEEKDAYS.index(named) != day.weekday():
        raise UnreadableError(f'"{said}" is a {day:%A}.', "Put the day or the date right.")
    return day


def read_moment(said: str, day: date) -> datetime:
    """A time of that day, UTC.

    Raises:
        UnreadableError: it is none, the clocks skip it, or they double it and no zone is said.
    """
    with_day, time = day_apart(said, day)
    if with_day and with_day != day:
        raise UnreadableError(f'"{said}" is on another day.', "Put the time alone there.")
    if _SHARE.fullmatch(time):
        minutes = round(float(time) * 24 * 60)
        time = f"{minutes // 60:02d}:{minutes % 60:02d}"
    typed, zone = zone_apart(time.lower())
    found = time_of_day(typed)
    if found is None:
        raise UnreadableError(f'"{said}" is no time.' if said else "The time is missing.", "Write it as 07:00.")
    moments = moments_of(day, *found, zone)
    words = f"{found[0]:02d}:{found[1]:02d} on {day:%a} {day.day} {day:%b}"
    if not moments:
        raise UnreadableError(f"There is no {words}: the clocks change.", "Write another time.")
    if len(moments) > 1:
        clock = f"{found[0]:02d}:{found[1]:02d}"
        raise UnreadableError(
            f"There are two {words}.", f"Write {clock} BST for the first, {clock} GMT for the second."
        )
    return moments[0]


def read_end(said: str, day: date, start: datetime) -> datetime:
    """The end of a shift: on its day, or on the next one where that is not after its start.

    Raises:
        UnreadableError: as :func:`read_moment`.
    """
    with_day, _ = day_apart(said, day)
    if with_day:
        return read_moment(said, with_day)
    if told := _NEXT_DAY.fullmatch(said):
        return read_moment(told[1], day + _DAY)
    if over := _OVER.fullmatch(said):
        # Counted on behind midnight: 31:00 is seven in the morning.
        return read_moment(f"{int(over[1]) - 24:02d}:{over[2]}", day + _DAY)
    try:
        same = read_moment(said, day)
    except UnreadableError:
        same = start
    return same if same > start else read_moment(said, day + _DAY)
