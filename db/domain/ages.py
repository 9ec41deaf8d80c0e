"""Ages as people say them. An age ages: it is kept with the day on which it was said.

Nothing here raises: what is no age is None.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from db.domain.number_words import in_digits

OLDEST: Final = 125
"""Nobody lives longer: an age up to here is open at its upper end."""


@dataclass(frozen=True, slots=True)
class AgeSaid:
    """How old somebody was said to be: whole years, both ends included, and the local day on which it was said."""

    low: int
    high: int
    on: date

    @property
    def years(self) -> str:
        """The age without its day: ``about 37``, ``30 to 39``, ``under 18``, ``65 or over``."""
        if self.high >= OLDEST:
            return f"{self.low} or over"
        if self.low == 0:
            return f"under {self.high + 1}"
        return f"about {self.low}" if self.low == self.high else f"{self.low} to {self.high}"

    def words(self, today: date) -> str:
        """``about 37, said 22 Nov``: with the year where it is another than today's."""
        year = f" {self.on.year}" if self.on.year != today.year else ""
        return f"{self.years}, said {self.on.day} {self.on:%b}{year}"


_Band = tuple[int, int] | None
_UNIT = r"(?:\s*-?\s*(?:y\.?\s?/?o\.?|years?(?:[\s-]*olds?|\s+of\s+age)?|yrs?(?:\s*olds?)?|y))"
_OLD = r"(?:[\s-]*olds?)?"
_BEFORE = re.compile(
    r"^(?:(?:he|she|they)(?:'s|\s+is|\s+are)|(?:is|was|looks|sounds|seems|says)\b|aged?\b[:=]?|about|approx(?:imately|\.)?"
    r"|around|roughly|circa|ca?\.|c(?=\s?\d)|maybe|perhaps|probably|possibly|prob|say|some|either|only|just(?!\s+under)|turned|~|\?|patient|pt|male|female"
    r"|(?:in\s+)?(?:his|her|their)|in\s+the|man|woman|boy|girl|[mf](?=\d|\b)|an?\b)[\s,]*",
    re.ASCII,
)
_AFTER = re.compile(
    r"[\s,/]*(?:ish|-ish|approx(?:imately|\.)?|or\s+so|or\s+thereabouts|i\s+think|\(?\?+\)?|male|female|man|woman|boy|girl|lady|lad|gentleman|\b[mf])$",
    re.ASCII,
)
_TURNED: Final = re.compile(
    r"^(?:(?:he|she|they)(?:'s|\s+has)?\s+)?(?:only\s+|just\s+)?turned\s+(\d{1,3})\b.*$", re.ASCII
)
_DECADES: Final = {
    "teens": (13, 19),
    "teen": (13, 19),
    "teenager": (13, 19),
    "teenage": (13, 19),
    "twenties": (20, 29),
    "thirties": (30, 39),
    "forties": (40, 49),
    "fifties": (50, 59),
    "sixties": (60, 69),
    "seventies": (70, 79),
    "eighties": (80, 89),
    "nineties": (90, 99),
}
_PART: Final = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}
_OF_TEENS: Final = {"early": (13, 14), "mid": (15, 16), "middle": (15, 16), "late": (17, 19)}


_NAMED: Final = {
    **dict.fromkeys(("adult", "grown-up", "over age"), (18, OLDEST)),
    **dict.fromkeys(("child", "minor", "underage", "under age"), (0, 17)),
    **dict.fromkeys(("baby", "newborn", "neonate"), (0, 0)),
}
# In England a year of school begins in September, and somebody is the older age by its end.
_SCHOOL_YEARS: Final = {
    "reception": 0,
    "nursery": -1,
    "sixth form": 12,
    "6th form": 12,
    "lower sixth": 12,
    "upper sixth": 13,
}
_SCHOOLS: Final = {
    **dict.fromkeys(("primary school", "primary", "infant school", "junior school"), (4, 11)),
    **dict.fromkeys(("secondary school", "high school", "secondary"), (11, 18)),
    **dict.fromkeys(("school age", "schoolchild", "school child", "schoolgirl", "schoolboy", "pupil"), (4, 18)),
    **dict.fromkeys(("school girl", "school boy", "school kid", "schoolkid"), (4, 18)),
}
_AT_SCHOOL: Final = re.compile(
    r"^(?:(?:still\s+)?(?:at|in)\s+)?(.+?)(?:\s+(?:age|aged|pupil|student|child|kid))?(?:\s+(?:at|in)\s+(?:the\s+)?(?:local\s+)?(?:school|college))?$",
    re.ASCII,
)
# How many days, weeks or months make a whole: "6/52" is six weeks on the ward, and is a date or a span elsewhere.
_WHOLES: Final = frozenset({"7", "12", "52"})


def _one(match: re.Match[str]) -> _Band:
    return int(match[1]), int(match[1])


def _two(match: re.Match[str]) -> _Band:
    return None if "/" in match[0] and is_ward_short(match[0]) else (int(match[1]), int(match[2]))


def is_ward_short(typed: str) -> bool:
    """Whether it may be days, weeks or months as they are written on a ward: ``6/52``, ``3/12``, ``10/7``."""
    before, _, after = typed.partition("/")
    return before.strip().isdigit() and after.strip() in _WHOLES


def _decades(match: re.Match[str]) -> _Band:
    first, last = _of_decade(match[1]), _of_decade(match[2])
    return first[0], last[1]


def _of_decade(name: str) -> tuple[int, int]:
    return _DECADES[name] if name in _DECADES else (int(name[0]) * 10, int(name[0]) * 10 + 9)


def _odd(match: re.Match[str]) -> _Band:
    return int(match[1]), int(match[1]) + 9


def _nearly(match: re.Match[str]) -> _Band:
    return (int(match[1]) - 1,) * 2 if int(match[1]) else None


def _up_to(match: re.Match[str]) -> _Band:
    return 0, int(match[1])


def _parts_of_decade(match: re.Match[str]) -> _Band:
    low, _ = _of_decade(match[3])
    parts = _OF_TEENS if low % 10 else _PART
    base = 0 if low % 10 else low
    return base + parts[match[1]][0], base + parts[match[2]][1]


def _across(match: re.Match[str]) -> _Band:
    first, last = _of_part(match[1], match[2]), _of_part(match[3], match[4])
    return first[0], last[1]


def _of_part(part: str, name: str) -> tuple[int, int]:
    low, high = _of_decade(name)
    if low % 10:
        return _OF_TEENS.get(part, (low, high))
    return low + _PART[part][0], low + _PART[part][1]


def _decade(match: re.Match[str]) -> _Band:
    part, name = match[1] or "", match[2]
    low, high = _of_decade(name)
    if low % 10:
        return _OF_TEENS.get(part, (low, high))
    first, last = _PART.get(part, (0, 9))
    return low + first, low + last


def _over(match: re.Match[str]) -> _Band:
    return int(match[1]) + 1, OLDEST


def _or_over(match: re.Match[str]) -> _Band:
    return int(match[1]), OLDEST


def _under(match: re.Match[str]) -> _Band:
    return (0, int(match[1]) - 1) if int(match[1]) else None


def _months(match: re.Match[str]) -> _Band:
    return int(match[1]) // 12, int(match[1]) // 12


def _newborn(match: re.Match[str]) -> _Band:
    weeks = int(match[1]) / 52 if "w" in match[0] else int(match[1]) / 365
    return int(weeks), int(weeks)


_YEARS = r"(\d{1,3})"
_HALF = r"(?:\.\d{1,2}|\s+1/2|\s+and\s+a\s+half)?(?:\s?-?ish)?"
_DECADE = rf"([1-9]0'?s|{'|'.join(_DECADES)})"
_SOON = (
    r"(?:tomorrow|soon|this\s+week|next\s+(?:week|month|year|[a-z]{3,6}day)|(?:later\s+)?this\s+(?:month|year)|on\s+[a-z]{3,6}day"
    r"|in\s+(?:january|february|march|april|may|june|july|august|september|october|november|december|\d{1,2}\s+"
    r"(?:days?|weeks?|months?)|a\s+(?:few\s+)?(?:days?|weeks?|months?)))"
)
_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Band]], ...]] = tuple(
    (re.compile(pattern, re.ASCII), reader)
    for pattern, reader in (
        (rf"{_YEARS}{_UNIT}\s*(?:and\s+)?\d{{1,2}}\s*(?:months?|mths?|m)?", _one),
        (rf"{_YEARS}{_HALF}(?:{_UNIT}|\s?[mf])?", _one),
        (rf"(?:between\s+)?{_YEARS}{_UNIT}?\s*(?:-|\u2013|\u2014|to|or|and|/)\s*{_YEARS}{_UNIT}?", _two),
        (rf"(?:(early|mid|middle|late)[\s-]*)?{_DECADE}", _decade),
        (rf"(early|mid|middle)(?:[\s/-]+|\s*(?:to|or)\s*)+(mid|middle|late)[\s-]*{_DECADE}", _parts_of_decade),
        (
            rf"(early|mid|middle|late)[\s-]*{_DECADE}[\s,/]+(?:(?:to|or)\s+)?(early|mid|middle|late)[\s-]*{_DECADE}",
            _across,
        ),
        (rf"{_DECADE}\s*(?:-|\u2013|\u2014|to|or|and|/)\s*{_DECADE}", _decades),
        (r"([2-9]0)[\s-]*(?:odd|something)", _odd),
        (rf"(?:nearly|almost|not\s+quite|coming\s+up\s+to|going\s+on|turning)\s+{_YEARS}{_UNIT}?", _nearly),
        (rf"not\s+{_YEARS}{_UNIT}?\s+yet", _nearly),
        (rf"{_YEARS}{_UNIT}?\s+(?:today|yesterday|(?:this|last)\s+(?:week|month|\w+day))", _one),
        (rf"{_YEARS}{_UNIT}?[\s,]+(?:but\s+)?(?:going\s+on|nearly|almost|turning)\s+(?:for\s+)?\d{{1,3}}", _one),
        (rf"(?:(?:will\s+be|turns|turning)\s+)?{_YEARS}{_UNIT}?\s+{_SOON}", _nearly),
        (rf"(?:at\s+most|no\s+more\s+than|not\s+over|up\s+to|<=)\s*{_YEARS}{_UNIT}?", _up_to),
        (rf"{_YEARS}{_UNIT}?\s*(?:or|and)\s+(?:under|younger)", _up_to),
        (rf"(?:over|older\s+than|more\s+than|>)[\s-]*{_YEARS}(?:{_UNIT}|s)?", _over),
        (rf"(?:at\s+least|>=)\s*{_YEARS}{_UNIT}?", _or_over),
        (rf"{_YEARS}{_UNIT}?\s*(?:\+|plus|or\s+over|or\s+older|and\s+over)", _or_over),
        (rf"(?:(?:just\s+)?under|younger\s+than|less\s+than|below|<|u(?=\d))[\s-]*{_YEARS}(?:{_UNIT}|s)?", _under),
        (rf"(\d{{1,3}})\s*-?\s*(?:months?|mths?){_OLD}", _months),
        (rf"(\d{{1,3}})\s*-?\s*(?:weeks?|wks?|days?){_OLD}", _newborn),
    )
)


def read_age(text: str, on: date) -> AgeSaid | None:
    """Read an age, or a band of ages: ``37yo``, ``about 40``, ``late thirties``, ``30-35``, ``over 65``.

    Args:
        text: as it is typed.
        on: the local day on which it is said.
    """
    said = in_digits(text.strip().lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    # Whoever turned it on Friday is it, and who is it on Friday is not yet.
    typed = bare(_TURNED.sub(r"\1", said))
    if (named := _NAMED.get(typed) or _of_school(typed) or _SCHOOLS.get(said)) is not None:
        return AgeSaid(*named, on)
    for pattern, reader in _READERS:
        match = pattern.fullmatch(typed)
        band = reader(match) if match else None
        if band is not None and 0 <= band[0] <= band[1] <= OLDEST:
            return AgeSaid(*band, on)
    return None


def _of_school(typed: str) -> _Band:
    """``year 9``, ``in sixth form``, ``primary school age``: the ages that people have there."""
    match = _AT_SCHOOL.fullmatch(typed)
    said = match[1] if match else typed
    if said in _SCHOOLS:
        return _SCHOOLS[said]
    year = re.fullmatch(r"(?:school\s+)?(?:year|yr|y)\s?(\d{1,2})", said, re.ASCII)
    number = int(year[1]) if year else _SCHOOL_YEARS.get(said)
    if number is None or not -1 <= number <= 13:
        return None
    # Sixth form is two years.
    return number + 4, number + (6 if said.endswith("th form") else 5)


def bare(typed: str) -> str:
    """Without the words around an age that say nothing about it, however many stand there."""
    while True:
        less = _AFTER.sub("", _BEFORE.sub("", typed)).strip(" ,.;:")
        if less == typed:
            return typed
        typed = less
