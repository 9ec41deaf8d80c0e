"""Times as people speak them: ``1:55am``, ``half past two pm``, ``midnight``, ``an hour and a half ago``.

Nothing here raises. What has two readings, as ``half past two`` has in a day of 24 hours, has none here.
"""

import re
from datetime import timedelta
from typing import Final

from db.domain.number_words import in_digits

_HALVES: Final = {"half": 30, "quarter": 15, "a quarter": 15}
_ALIKE: Final = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF1A: ":", 0x00B7: ".", 0x2019: "'"}
_DASHES: Final = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")
_SHORT: Final = (
    (re.compile(r"\b1/4(?=\s+(?:past|to)\b)|\bqtr\b"), "quarter"),
    (re.compile(r"(?<=\d)\s?([ap])$"), r"\1m"),
)
# Letters that stand where figures must: O145, 0l:45.
_AS_FIGURES: Final = re.compile(r"(?=.*\d)[\dol]{1,2}[:.]?[\dol]{2}(?=$|\s?[ap]\.?m)", re.ASCII)
_ROUGH: Final = re.compile(
    r"^(?:\?+|about|around|approx(?:imately|\.)?|roughly|circa|ca?\.?(?=\s?\d)|~|maybe|nearly|say|some\s?time\s+around"
    r"|(?:just|shortly|soon|a\s+bit|a\s+little)\s+(?:after|before|past|gone))\s*",
    re.ASCII,
)
_ISH: Final = re.compile(
    r"(?<=[\dm])\s*-?ish(?=$|\s+(?:[ap]\.?m\.?|in\s+the\s|at\s|last\s|this\s|tonight|yesterday))|\s+or\s+(?:so|thereabouts)(?=$|\s+ago)|\s*\(?\?+\)?$|\s+(?:approx(?:imately|\.)?|i\s+think)$",
    re.ASCII,
)
_COUPLE: Final = re.compile(r"^(?:a\s+)?couple(?:\s+of)?\s+", re.ASCII)
_LEAD: Final = re.compile(r"^(?:(?:at|since|from|it\s+was)\s+|@\s*)", re.ASCII)
_HALF_DAY: Final = r"(?:\s*([ap])\.?\s?m\.?|\s+in\s+the\s+(morning|afternoon|evening)|\s+at\s+(night))"
_CLOCK: Final = re.compile(rf"(\d{{1,2}})(?:[:.;\s]?(\d{{2}}))?(?:\s*o'?\s?clock)?{_HALF_DAY}", re.ASCII)
_FULL: Final = re.compile(
    r"(\d{1,2})[:.;\s-](\d{2})(?:[:.]\d{2})?\s*(?:h|hrs?|hours)?|(\d{1,2})(\d{2})\s?(?:h|hrs?|hours|z)",
    re.ASCII,
)
_PAST: Final = re.compile(
    rf"(half|a quarter|quarter|\d{{1,2}})(?:\s*min(?:ute)?s?)?\s*(past|after|to|before)?\s+(\d{{1,2}}){_HALF_DAY}",
    re.ASCII,
)
_NAMED: Final = {
    **dict.fromkeys(("midnight", "12 midnight", "12 at midnight"), (0, 0)),
    **dict.fromkeys(("noon", "midday", "mid-day", "12 noon", "12 midday"), (12, 0)),
}
_BY_NAME: Final = re.compile(r"(?:(?<=past )|(?<=after )|(?<=to )|(?<=before ))(midnight|noon|midday)$", re.ASCII)
_AS_HOUR: Final = {"midnight": "12 am", "noon": "12 pm", "midday": "12 pm"}
_COUNT: Final = (
    r"(\d{1,3}(?:\.\d{1,2})?|an?|half\s+an?|half|a\s+half|(?:a\s+)?quarter\s+of\s+an?|3\s+quarters\s+of\s+an?)"
)
_HOURS: Final = (
    rf"{_COUNT}\s*(?:hours?|hrs?|h)(?:\s+(?:and\s+)?((?:a\s+)?half|a\s+quarter)|\s+and\s+3\s+quarters)?"
)
_MINUTES: Final = rf"{_COUNT}\s*(?:minutes?|mins?|m)"
_AGO: Final = re.compile(
    rf"(?:{_HOURS})?\s*(?:(?:,|and|&)\s*)?(?:{_MINUTES})?\s*(?:ago|back|earlier|since)?", re.ASCII
)
# "An hour and twenty": minutes, since nothing else is counted behind hours.
_BARE_MINUTES: Final = re.compile(
    r"^(.*\b(?:hours?|hrs?)\s*(?:and|&)\s*\d{1,2})(?=\s+(?:ago|back|earlier)|$)", re.ASCII
)
# "01.55hrs" is the clock, "1.55 hrs ago" is none, and "1.55 hrs" may be either: it is read as neither.
_EITHER: Final = re.compile(r"\d\.\d{2}\s*(?:h|hrs?|hours)", re.ASCII)
_CLOCK_OR_SPAN: Final = re.compile(r"\d{1,2}\.\d{2}\s*h", re.ASCII)
_OF_HOUR: Final = {"1/2": "half an hour", "1/4": "a quarter of an hour", "3/4": "3 quarters of an hour"}
_FRACTION: Final = re.compile(r"^(1/2|1/4|3/4)\s+(?:(?:of\s+)?an?\s+)?(?:hour|hr)", re.ASCII)
_AND_HALF: Final = re.compile(
    r"(\d{1,2})\s+(?:and\s+a\s+half|1/2)\s+(?:hours?|hrs?)\s*(?:ago|back|earlier)?", re.ASCII
)
# Two digits on either side: "14h05" may be the clock, and is read as neither; "1h20" is how long ago.
_CLOCK_FACE: Final = re.compile(r"0\d\s?h\s?\d|\d{2}\s?h\s?\d{2}$", re.ASCII)
_PART_IN_FRONT: Final = re.compile(
    r"((?:this|yesterday)\s+(?:morning|afternoon|evening)|last\s+night|tonight),?\s+(.*\d.*)", re.ASCII
)
_NOW: Final = frozenset({"now", "just now", "right now", "this minute", "this second", "a moment ago"})
_PARTS: Final = {"half": 0.5, "quarter": 0.25, "3": 0.75}


def plain(text: str) -> str:
    """The text in lower case, numbers in digits, without the words that come before a time."""
    typed = " ".join(text.lower().translate(_ALIKE | _DASHES).split())
    for written, spoken in _SHORT:
        typed = written.sub(spoken, typed)
    typed = _AS_FIGURES.sub(lambda figures: figures[0].replace("o", "0").replace("l", "1"), typed)
    # A comma for the point of a count of hours.
    typed = re.sub(r"^(\d),(\d{1,2})(?=\s?h)", r"\1.\2", typed)
    return in_digits(_LEAD.sub("", _LEAD.sub("", typed)))


def without_rough(typed: str) -> tuple[str, bool]:
    """A plain text without ``about`` and the like, and whether there was any."""
    exact = _COUPLE.sub("2 ", _ISH.sub("", _ROUGH.sub("", typed)))
    return _LEAD.sub("", exact), exact != typed


def part_behind(typed: str) -> str:
    """``last night about 11`` as ``about 11 last night``."""
    return _PART_IN_FRONT.sub(r"\2 \1", typed) if _PART_IN_FRONT.fullmatch(typed) else typed


def is_clock_face(typed: str) -> bool:
    """Whether an ``h`` may stand between hour and minute, as in ``14h05``, and not behind a count of hours."""
    return _CLOCK_FACE.match(typed) is not None


def spoken_time_of_day(typed: str) -> tuple[int, int] | None:
    """Hour and minute of a plain text that says which half of the day is meant, or names the time."""
    if typed in _NAMED:
        return _NAMED[typed]
    if match := _CLOCK.fullmatch(typed):
        half = match[3] or match[4] or match[5]
        if match[2] and ((int(match[1]) == 0 and half == "a") or (int(match[1]) > 12 and half == "p")):
            # "13:45pm" says twice what it means.
            return _in_day(int(match[1]), int(match[2]))
        return _in_half(int(match[1]), int(match[2] or 0), half)
    if (match := _FULL.fullmatch(typed)) and not _EITHER.fullmatch(typed):
        return _in_day(int(match[1] or match[3]), int(match[2] or match[4]))
    match = _PAST.fullmatch(_BY_NAME.sub(lambda name: _AS_HOUR[name[1]], typed))
    return _beside_the_hour(match) if match else None


def lacks_half(typed: str) -> bool:
    """Whether a plain text in words would be a time of day if it said which half of the day."""
    words = not typed.replace(":", "").replace(".", "").isdigit()
    return words and spoken_time_of_day(typed) is None and spoken_time_of_day(f"{typed} am") is not None


def _beside_the_hour(match: re.Match[str]) -> tuple[int, int] | None:
    by, hour = _HALVES.get(match[1]) or int(match[1]), _in_half(int(match[3]), 0, match[4] or match[5] or match[6])
    # "Half two" is half past two; "quarter two" is nothing.
    if hour is None or not 0 < by < 60 or (not match[2] and match[1] != "half"):
        return None
    minutes = hour[0] * 60 + (-by if match[2] in {"to", "before"} else by)
    return minutes // 60 % 24, minutes % 60


def _in_half(hour: int, minute: int, half: str) -> tuple[int, int] | None:
    if not 1 <= hour <= 12 or minute > 59:
        return None
    if half == "night":
        return (hour % 12, minute) if hour == 12 or hour < 5 else (hour + 12, minute) if hour >= 8 else None
    return hour % 12 + (12 if half[0] in {"p", "e"} or half == "afternoon" else 0), minute


def _in_day(hour: int, minute: int) -> tuple[int, int] | None:
    return (hour, minute) if hour <= 23 and minute <= 59 else None


def spoken_span(typed: str) -> timedelta | None:
    """How long ago a plain text says: ``half an hour ago``, ``1 h 20``, ``90 min``, ``now``; else None."""
    if typed in _NOW:
        return timedelta()
    if match := _AND_HALF.fullmatch(typed):
        return timedelta(hours=int(match[1]) + 0.5)
    # "Hour ago" has left its article out.
    typed = f"an {typed}" if typed.startswith("hour") else typed
    typed = _BARE_MINUTES.sub(r"\1 min", _FRACTION.sub(lambda part: _OF_HOUR[part[1]], typed))
    is_clock = is_clock_face(typed) or (_CLOCK_OR_SPAN.match(typed) and not typed.endswith(("ago", "back")))
    match = _AGO.fullmatch(typed) if not is_clock else None
    if not match or not (match[1] or match[3]):
        return None
    hours = _count(match[1]) + _PARTS.get((match[2] or "").removeprefix("a").strip(), 0)
    hours += 0.75 if "and 3 quarters" in typed and match[1] else 0
    return timedelta(minutes=round(hours * 60 + _count(match[3])))


def _count(said: str | None) -> float:
    if not said:
        return 0
    if said[0].isdigit() and "quarters" not in said:
        return float(said)
    words = said.split()
    return next((_PARTS[word] for word in words if word in _PARTS), 1)
