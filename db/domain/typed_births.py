"""When somebody was born, as it is said: a date, an age, a year, or words that are kept as they are.

Nothing here raises, and nothing is guessed: what has two readings is read in neither, and says so.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from db.domain.ages import OLDEST, AgeSaid, bare, is_ward_short, read_age
from db.domain.texts import told
from db.domain.typed_dates import age, month_of, parts_of, read_date, two_digit_years

_NOT_KNOWN: Final = re.compile(
    r"(?:not\s+(?:known|given|said|sure)|unknown|unk|n/?k|n/?a|none|nil|no\s+(?:dob|idea)|refused|declined|don'?t\s+know"
    r"|does\s?n[o']?t\s+know|won'?t\s+say|will\s+not\s+say|(?:refused|declined|prefers\s+not)\s+to\s+(?:say|give)"
    r"|withheld|not\s+disclosed|unkn|u/?k|d/?k|tbc|tba|\?+|-+)\.?",
    re.ASCII,
)
# Nobody knows the day, and somebody says how old they seem: "unknown, looks 30".
_BESIDE_NOT_KNOWN: Final = re.compile(
    r"(?:dob\s+)?(?:not\s+(?:known|sure|given)|unknown|unk|n/?k|don'?t\s+know|does\s?n[o']?t\s+know)[\s,;:.()-]+(.+?)\)?",
    re.ASCII,
)
# Of a day or a month that nobody knows there are signs, or noughts: xx/03/1991, 00/00/1991.
_UNKNOWN_PART: Final = re.compile(
    r"(?:x{1,2}|\?{1,2}|-{2}|_{1,2}|00?)[\s./-]+(?:(?:x{1,2}|\?{1,2}|-{2}|_{1,2}|00?)[\s./-]+(\d{4})"
    r"|(0?[1-9]|1[0-2])[\s./-]+(\d{4}))|(0?[1-9]|[12]\d|3[01])[\s./-]+(?:x{1,2}|\?{1,2}|-{2}|_{1,2}|00?)[\s./-]+(\d{4})",
    re.ASCII,
)
_PART_OF_YEAR: Final = re.compile(
    r"(?:(?:some\s?time|some\s+day)\s+in|(?:the\s+)?(?:early|mid|middle|late|end|start|beginning|spring|summer|autumn|winter)"
    r"(?:\s+(?:in|of))?)\s+(?=(?:[a-z]{3,9}\s+)?\d{4}$)",
    re.ASCII,
)
_YEARS: Final = re.compile(r"(\d{4})\s*(?:or|to|and|/|-)\s*(\d{4}|\d\d)|(?:the\s+)?((?:19|20)\d)0'?s", re.ASCII)
_MONTH_YEAR: Final = re.compile(
    r"(?:(\d{1,2})[\s./-]+|([a-z]{3,9})\.?,?[\s/-]*)(\d{4}|'\d\d|(?<=[\s/-])[4-9]\d)", re.ASCII
)
_YEAR: Final = re.compile(r"(?:in\s+)?(\d{4}|'\d\d)", re.ASCII)
_AGE_FIRST: Final = re.compile(
    r"(?:aged?\s*)?(\d{1,3})\s*(?:y(?:ea)?rs?(?:\s*old)?|y\.?/?o\.?|y)?(?:\s*[(\[,;]\s*|\s+-?\s*)(?:born|dob)?[\s:]*"
    r"(\d{1,2}\D.*?\d{2})\s*[)\]]?",
    re.ASCII,
)
_BORN: Final = re.compile(r"^\s*(?:born|b\.|d\.?\s?o\.?\s?b|date\s+of\s+birth)", re.ASCII)
_BORN_YEAR: Final = re.compile(r"(?:in\s+)?(\d\d)", re.ASCII)
_BORN_DECADE: Final = re.compile(
    r"(?:in\s+)?(?:the\s+)?(?:(early|mid|middle|late)[\s-]*)?(?:19|20)?([0-9])0'?s", re.ASCII
)
_PART_OF_DECADE: Final = {"": (0, 9), "early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}
_WITH_AGE: Final = re.compile(
    r"(.*?\d{2})(?:\s*[(\[,;]\s*|\s+-\s+|\s+)(?:aged?\s*:?\s*)?(\d{1,3})\s*(?:y(?:ea)?rs?|y\.?/?o\.?|y)?(?:\s*old)?(?:\s*\d{1,2}\s*m(?:ths?|onths?)?)?\s*[)\]]?",
    re.ASCII,
)
_SHOWN: Final = 60
OF_AGE: Final = 18
AS_SAID: Final = "kept as said"
"""The reading of a text that nobody can read."""


@dataclass(frozen=True, slots=True)
class Birth:
    """What was said about when somebody was born.

    Attributes:
        born: the day, where it can be read.
        age: else how old they were said to be.
        said: the text itself where it is no day; empty for nothing typed.
        reading: what it is taken for, to stand beside it; empty for nothing typed.
        doubt: what to ask about it; empty for nothing.
    """

    born: date | None = None
    age: AgeSaid | None = None
    said: str = ""
    reading: str = ""
    doubt: str = ""

    def years(self, today: date) -> int | None:
        """The age by which to ask: of a span the younger end where that may be a child, else the older."""
        if self.born is not None:
            return age(self.born, today)
        if self.age is None:
            return None
        return self.age.low if self.age.low < OF_AGE else self.age.high


def read_birth(text: str, today: date, said_on: date | None = None) -> Birth:
    """Read what was typed as the date of birth.

    Args:
        text: as it is typed.
        today: the local day.
        said_on: the local day on which an age was said; None is today.
    """
    said, on = text.strip(), said_on or today
    typed = _without_label(" ".join(said.lower().split()))
    if not typed:
        return Birth(said=said, reading=AS_SAID if said else "")
    born = read_date(typed, today)
    if born is not None:
        return Birth(born, reading=_of_date(typed, born, today), doubt=_either_century(typed, born, today))
    if both := _with_age(said, typed, today, on):
        return both
    # Who says "born" says a year next, and never an age.
    is_year = bool(_BORN.match(said.lower())) and typed != said.lower()
    age_said = (is_year and _of_birth_year(typed, on)) or _of_year(typed, on) or read_age(typed, on)
    if age_said is not None:
        return Birth(age=age_said, said=said, reading=_of_age(typed, age_said, today))
    if _NOT_KNOWN.fullmatch(typed):
        return Birth(said=said, reading="not known")
    if (told := _BESIDE_NOT_KNOWN.fullmatch(typed)) and (age_said := read_age(told[1], on)):
        return Birth(age=age_said, said=said, reading=_of_age(told[1], age_said, today))
    return Birth(said=said, reading=AS_SAID, doubt=_why_not(said, typed, today))


_LABEL: Final = re.compile(
    r"^(?:date\s+of\s+birth|d\.?\s?o\.?\s?b\.?|b\.?|born(?:\s+on)?)(?=[\s:=\d])[\s:=.-]*", re.ASCII
)


_MIDNIGHT: Final = re.compile(r"(?<=\d)(?:\s+|t)0?0:00(?::00)?(?:\.0+)?z?$", re.ASCII)


def _with_age(said: str, typed: str, today: date, on: date) -> Birth | None:
    """A date with the age beside it, as a record's banner shows them: ``03-Apr-1987 (39y)``, or the age first."""
    match = _WITH_AGE.fullmatch(typed)
    day, years = (match[1], match[2]) if match else ("", "")
    if not read_date(day, today) and (match := _AGE_FIRST.fullmatch(typed)):
        years, day = match[1], match[2]
    born = read_date(day, today)
    if born is None:
        return None
    if age(born, on) != int(years):
        words = f"{born.day} {born:%b %Y} makes {age(born, on)}, and {years} is typed."
        return Birth(said=said, reading=AS_SAID, doubt=f"Date of birth: {words} It is kept as said: ask again.")
    return Birth(born, reading=_of_date(day, born, today), doubt=_either_century(day, born, today))


def _without_label(typed: str) -> str:
    # A system that keeps days as moments pastes midnight with them.
    return _MIDNIGHT.sub("", _LABEL.sub("", typed)).strip()


def _of_date(typed: str, born: date, today: date) -> str:
    parts = parts_of(typed)
    years = age(born, today)
    words = [f"{born:%d %b %Y}, {years} year{'' if years == 1 else 's'}"]
    if parts and parts.by_number and parts.day <= 12 and parts.day != parts.month:
        words.append("day first")
    if parts and len(parts.year) == 2:
        words.append(f"{parts.year} is {born.year}")
    return "; ".join(words)


def _either_century(typed: str, born: date, today: date) -> str:
    """Two digits that make two people who may live."""
    parts = parts_of(typed)
    years = two_digit_years(parts.year, today) if parts else ()
    other = next((year for year in years if today.year - OLDEST <= year < born.year), None)
    return f"Born in {born.year}, or in {other}? Type the year with four digits." if other else ""


def _of_year(typed: str, on: date) -> AgeSaid | None:
    """A year, or a month of one: they are as old as the first and the last day of it make them."""
    exactly = bare(typed)
    if day := read_date(exactly, on) if exactly != typed else None:
        # "Approx 14/3/91" is no day to be found by, and makes an age.
        return AgeSaid(age(day, on), age(day, on), on)
    typed = _PART_OF_YEAR.sub("", _with_known_parts(exactly if _MONTH_YEAR.fullmatch(exactly) else typed))
    exactly = bare(typed)
    if match := _YEARS.fullmatch(exactly):
        first_year, last_year = _of_years(match)
        first, last = date_or_none(first_year, 1, 1), date_or_none(last_year, 12, 31)
    elif match := _YEAR.fullmatch(exactly):
        # "About 1990" may be the year before or after.
        rough = int(exactly not in {typed, f"in {typed}"})
        year = _in_full(match[1].lstrip("'"), on)
        first, last = date_or_none(f"{int(year) - rough}", 1, 1), date_or_none(f"{int(year) + rough}", 12, 31)
    elif (match := _MONTH_YEAR.fullmatch(typed)) and not is_ward_short(typed):
        month, year = int(match[1]) if match[1] else month_of(match[2]), _in_full(match[3].lstrip("'"), on)
        first, last = date_or_none(year, month, 1), date_or_none(year, month, 28)
    else:
        return None
    if first is None or last is None or first > on:
        return None
    low, high = max(age(last, on), 0), age(first, on)
    return AgeSaid(low, high, on) if high <= OLDEST else None


def _with_known_parts(typed: str) -> str:
    """The month and year, or the year, of a date whose other parts are marked as not known."""
    match = _UNKNOWN_PART.fullmatch(typed)
    if match is None:
        return typed
    return match[1] or match[5] or f"{match[2]}/{match[3]}"


def _of_years(match: re.Match[str]) -> tuple[str, str]:
    """The first and the last of "1990 or 1991", "1990/91" and "the 1990s"."""
    if match[3]:
        return f"{match[3]}0", f"{match[3]}9"
    return match[1], match[2] if len(match[2]) == 4 else match[1][:2] + match[2]


def _of_birth_year(typed: str, on: date) -> AgeSaid | None:
    """Behind "born": ``87`` is a year, and ``the 80s`` are ten of them."""
    if match := _BORN_YEAR.fullmatch(typed):
        first = last = int(_in_full(match[1], on))
    elif match := _BORN_DECADE.fullmatch(typed):
        decade = int(_in_full(f"{match[2]}0", on))
        first, last = (decade + one for one in _PART_OF_DECADE[match[1] or ""])
    else:
        return None
    low, high = max(age(date(last, 12, 31), on), 0) if last <= on.year else 0, age(date(first, 1, 1), on)
    return AgeSaid(low, high, on) if high <= OLDEST else None


def _in_full(year: str, on: date) -> str:
    years = two_digit_years(year, on)
    return f"{years[0] if years[0] <= on.year else years[-1]:04}"


def date_or_none(year: str, month: int, day: int) -> date | None:
    """That day, if there is one."""
    try:
        return date(int(year), month, day)
    except ValueError:
        return None


def _of_age(typed: str, said: AgeSaid, today: date) -> str:
    words = said.words(today)
    # Two digits by themselves may have been meant for a year.
    return f"{words}; an age, not the year {typed}" if re.fullmatch(r"\d\d", typed, re.ASCII) else words


def _why_not(said: str, typed: str, today: date) -> str:
    parts = parts_of(typed)
    if parts is None:
        return f"Date of birth: “{_short(said)}” is no date and no age. It is kept as said."
    swapped = read_date(f"{parts.month}/{parts.day}/{parts.year}", today)
    if parts.month > 12 and swapped:
        return (
            f"Date of birth: there is no month {parts.month}. Type {swapped.day} {swapped:%b %Y} if that is meant."
            " It is kept as said."
        )
    found = date_or_none(f"{two_digit_years(parts.year, today)[-1]}", parts.month, parts.day)
    if found is None:
        return f"Date of birth: there is no day “{_short(said)}”. It is kept as said: ask again."
    when = "lies ahead" if found > today else f"was over {OLDEST} years ago"
    return f"Date of birth: {found.day} {found:%b %Y} {when}. It is kept as said: ask again."


def _short(said: str) -> str:
    shown = told(said)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
