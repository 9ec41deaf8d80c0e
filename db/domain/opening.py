"""Whether a place is open at a moment, by its opening hours as people wrote them. Pure.

Read are days ("Mon-Fri", "weekends", "every day"), times ("9-5", "17:00 to 22:00", "9am to 5.30pm", over midnight
too) and "always open" or "closed". What else stands there, such as bank holidays, is left as it was said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise
from typing import Final

from db.domain.clocks import local

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT: Final = 24 * 60
_SETS: Final = {
    "every day": range(7),
    "everyday": range(7),
    "daily": range(7),
    "7 days": range(7),
    "seven days a week": range(7),
    "weekdays": range(5),
    "weekday": range(5),
    "weekends": range(5, 7),
    "weekend": range(5, 7),
}
_ALWAYS: Final = re.compile(r"\b(always( open)?|24\s*/\s*7|24\s*h(ours|rs)?|24 hours( a day)?|round the clock)\b")
_HOLIDAY: Final = re.compile(r"bank\s+hol|public\s+hol|holiday|christmas|easter")
_DAY: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_TO: Final = r"\s*(?:-|–|—|to|until|till)\s*"
_CLOCK: Final = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?|(noon|midday|midnight)"
_SPAN: Final = re.compile(rf"(?<![\d:.])(?:{_CLOCK}){_TO}(?:{_CLOCK})(?![\d:.])")
_RANGE: Final = re.compile(rf"\b({_DAY}){_TO}({_DAY})\b")
_ONE_DAY: Final = re.compile(rf"\b({_DAY})\b")
_SOME_DAYS: Final = re.compile(rf"\b(?:{'|'.join(_SETS)}|{_DAY}(?:{_TO}{_DAY})?)\b")


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When a place is open in a week.

    Attributes:
        spans: of each weekday, Monday first: minutes after its midnight, from and to; past 1,440 is the next day's
            morning.
        rest: what of the words could not be read and stands as it was said; empty for nothing.
    """

    spans: tuple[tuple[tuple[int, int], ...], ...]
    rest: str = ""

    def is_open(self, moment: datetime) -> bool:
        """Whether the words that could be read say so, in local time."""
        there = local(moment)
        return self._open_at(there.weekday(), there.hour * 60 + there.minute)

    def _open_at(self, day: int, minute: int) -> bool:
        today = any(start <= minute < end for start, end in self.spans[day % 7])
        return today or any(minute < end - _MIDNIGHT for _, end in self.spans[(day - 1) % 7])

    def changes_at(self, moment: datetime) -> time | None:
        """When it opens or closes next, up to the next morning; None if it does not."""
        there = local(moment)
        minute, day = there.hour * 60 + there.minute, there.weekday()
        is_open = self.is_open(moment)
        edges = [edge for span in self.spans[day] for edge in span]
        edges += [end - _MIDNIGHT for _, end in self.spans[day - 1]]
        # No further than the next noon: a time is told without its day, and must not be tomorrow's evening.
        edges += [
            edge + _MIDNIGHT for span in self.spans[(day + 1) % 7] for edge in span if edge <= _MIDNIGHT // 2
        ]
        for edge in sorted(edge for edge in edges if edge > minute):
            later, at = divmod(edge, _MIDNIGHT)
            if self._open_at(day + later, at) != is_open:
                return time(at // 60, at % 60)
        return None


def read_hours(words: str) -> OpenHours | None:
    """Opening hours as data; None where they cannot be read, and stand as they were said."""
    said = re.sub(r"\s+", " ", words.strip().lower())
    if not said:
        return None
    parts = [piece for part in re.split(r"[;\n]|,(?=\s*[a-z])", said) if part.strip() for piece in _pieces(part)]
    known: list[list[tuple[int, int]]] = [[] for _ in _DAYS]
    rest: list[str] = []
    waiting: list[str] = []
    for part in parts:
        read = None if _HOLIDAY.search(part) else _read(" ".join([*waiting, part]))
        if read is None and not _HOLIDAY.search(part) and not _SPAN.search(part) and _days_of(part):
            waiting.append(part)  # "Mon, Wed, Fri 9-5": the times come with the last day
            continue
        waiting.clear()
        if read is None:
            rest.append(part)
        for day, spans in read or ():
            known[day] += spans
    rest += waiting
    if not any(known) and rest:
        return None
    return OpenHours(tuple(tuple(sorted(spans)) for spans in known), "; ".join(rest))


def _pieces(part: str) -> Iterator[str]:
    """Each with times of its own: "weekdays 9-5 and weekends 10-2" are two; so with the times first."""
    found = [(match.start(), "days") for match in _SOME_DAYS.finditer(part)]
    found = sorted([*found, *((match.start(), "times") for match in _SPAN.finditer(part))])
    begin = 0
    for (_, before), (at, kind) in pairwise(found):
        if kind == found[0][1] != before:
            yield part[begin:at].strip()
            begin = at
    yield part[begin:].strip()


def _read(part: str) -> list[tuple[int, list[tuple[int, int]]]] | None:
    days = sorted(_days_of(part)) or list(range(7))
    if "closed" in part:
        # "Mon-Fri 9-5 closed Sat": which of the days it is said of is not known.
        return None if _SPAN.search(part) else [(day, []) for day in days]
    if _ALWAYS.search(part):
        return [(day, [(0, _MIDNIGHT)]) for day in days]
    spans = [span for found in _SPAN.finditer(part) if (span := _span(found)) is not None]
    left = _SPAN.sub(" ", part)
    if not spans or not _is_only_days(left):
        return None
    return [(day, list(spans)) for day in days]


def _is_only_days(words: str) -> bool:
    for pattern in (_RANGE, _ONE_DAY):
        words = pattern.sub(" ", words)
    for name in _SETS:
        words = words.replace(name, " ")
    words = re.sub(r"\b(open|and|from|hours?|hrs|between|on|the|a|week)\b|[:,.&()]", " ", words)
    return not words.strip()


def _days_of(part: str) -> set[int]:
    found: set[int] = set()
    for name, days in _SETS.items():
        if re.search(rf"\b{name}\b", part):
            found |= set(days)
    rest = part
    for match in _RANGE.finditer(part):
        first, last = (_DAYS.index(name[:3]) for name in match.groups())
        found |= set(_between(first, last))
        rest = rest.replace(match[0], " ")
    return found | {_DAYS.index(match[1][:3]) for match in _ONE_DAY.finditer(rest)}


def _between(first: int, last: int) -> Iterator[int]:
    yield from (day % 7 for day in range(first, last + 1 if last >= first else last + 8))


def _span(found: re.Match[str]) -> tuple[int, int] | None:
    first, last = found.groups()[:4], found.groups()[4:]
    end = _minutes(*last, otherwise="")
    start = _minutes(*first, otherwise="")
    if start is None or end is None:
        return None
    if _shares_half(first, last):
        start = _minutes(first[0], first[1], "pm", None, otherwise="pm")  # "5 to 10pm"
    elif not (any(first[1:]) or any(last[1:])) and start >= end and end <= 8 * 60:
        end += 12 * 60  # "9-5"
    if start is None:
        return None
    # One that ends before it begins goes over midnight.
    return (start, end) if end > start else (start, end + _MIDNIGHT)


def _shares_half(first: tuple[str | None, ...], last: tuple[str | None, ...]) -> bool:
    if first[2] or not first[0] or last[2] != "pm" or not last[0]:
        return False
    return 0 < int(first[0]) < int(last[0]) <= 11


def _minutes(
    hour: str | None, minute: str | None, half: str | None, word: str | None, *, otherwise: str
) -> int | None:
    if hour is None:
        return 0 if word == "midnight" else 12 * 60
    number, past = int(hour), int(minute or 0)
    half = half or otherwise
    if number > 24 or past > 59 or (half and not 1 <= number <= 12):
        return None
    if half:
        number = number % 12 + (12 if half == "pm" else 0)
    return number * 60 + past


def open_words(words: str, now: datetime) -> str:
    """What is said of opening hours now: ``open until 22:00``, ``closed, opens 17:00``; else as they stand."""
    hours = read_hours(words)
    if hours is None or hours.rest:
        said = f"hours: {words.strip()}" if words.strip() else "hours not known"
        if hours is None:
            return said
        return f"{_now_words(hours, now)} ({said})"
    return _now_words(hours, now)


def _now_words(hours: OpenHours, now: datetime) -> str:
    change = hours.changes_at(now)
    if hours.is_open(now):
        return f"open until {change:%H:%M}" if change is not None else "open now"
    return f"closed, opens {change:%H:%M}" if change is not None else "closed now"
