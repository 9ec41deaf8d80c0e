"""Which moment a typed time of day means: told by the thing that it belongs to, and never by the moment alone.

What is typed is the local time of day in Europe/London; a minute is a whole minute, so ``0344`` fits behind a step
at 03:44:20. Limits and moments are aware UTC. Nothing here raises: a :class:`ResolvedTime` has a moment, or two to
choose from in the hour that autumn doubles, or says why there is none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from db.domain.clocks import EARLIEST, LATEST, LONDON, elapsed_words, local, local_time, wall_time
from db.domain.spoken_times import lacks_half, part_behind, plain, without_rough
from db.domain.typed_dates import read_near_date
from db.domain.typed_times import counted_back, time_of_day

_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_TODAY: Final = frozenset({"today", "this morning", "this afternoon", "this evening", "tonight"})
_YESTERDAY: Final = frozenset(
    {"yesterday", "yest", "yday", "yesterday morning", "yesterday afternoon", "yesterday evening"}
)
_TOMORROW: Final = frozenset(
    {"tomorrow", "tmrw", "tomorrow morning", "tomorrow afternoon", "tomorrow evening", "tomorrow night"}
)
_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(("mon", "tue tues", "wed weds", "thu thur thurs", "fri", "sat", "sun"))
    for name in (*names.split(), ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")[number] + "day")
}
_PART_OF_DAY: Final = re.compile(
    r"(.+?),?\s+((?:this|yesterday|tomorrow)\s+(?:morning|afternoon|evening)|(?:last|tomorrow)\s+night|tonight)",
    re.ASCII,
)
# As a machine writes a moment: 2026-11-26T13:05:00Z.
_STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\d)t(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(z|[+-]\d\d:?\d\d)?", re.ASCII)
_DAY_OF_MONTH: Final = re.compile(r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)", re.ASCII)
_WITH_ZONE: Final = re.compile(r"(.*?)\s*(bst|gmt)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Limit:
    """A moment that binds another, and what people call it, such as ``CRU2 mobile``."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Belongs:
    """What a time belongs to.

    Attributes:
        now: the record's clock.
        to_come: whether it is still to come (a hold, a meal, the end of a shift); else it has happened.
        not_before: the step before it; for what is to come, now stands in for it.
        not_after: the step behind it; for what has happened, now stands in for it.
        instead_of: the moment that it corrects: the day nearest to it is meant.
    """

    now: datetime
    to_come: bool = False
    not_before: Limit | None = None
    not_after: Limit | None = None
    instead_of: datetime | None = None

    @property
    def first(self) -> datetime:
        """The first moment that fits."""
        earliest = self.not_before.at if self.not_before else EARLIEST
        return max(earliest, self.now) if self.to_come else earliest

    @property
    def last(self) -> datetime:
        """The last moment that fits."""
        latest = self.not_after.at if self.not_after else LATEST
        return latest if self.to_come else min(latest, self.now)


@dataclass(frozen=True, slots=True)
class ResolvedTime:
    """What a typed time means.

    Attributes:
        at: the moment, UTC; None where there is none, or somebody has to choose.
        choices: the two moments of a time that comes twice, earlier first; empty where nothing is asked.
        refusal: why it means no moment that fits; empty for nothing typed yet.
        next_step: what to do about it.
    """

    at: datetime | None = None
    choices: tuple[datetime, ...] = ()
    refusal: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class _Meant:
    """One day's moment of a time of day. In the hour that spring skips it is where the clock has got to."""

    at: datetime
    skipped: bool = False


def resolve(text: str, belongs: Belongs) -> ResolvedTime:
    """Read ``0855``, ``8:55am``, ``22 Nov 0855``, ``0130 BST``; for what has happened ``now``, ``35 min ago``."""
    typed, zone = zone_apart(text.strip().lower())
    if not typed:
        return ResolvedTime()
    counted = None if belongs.to_come else counted_back(typed, belongs.now)
    if counted is not None:
        return _counted(typed, counted, belongs)
    typed, zone = _stamp_apart(typed, zone)
    said_day, time = _day_apart(typed, belongs)
    found = time_of_day(time)
    if found is None:
        return _no_time(text.strip())
    days = (said_day,) if said_day else _days(belongs)
    fitting = {day: meant for day in days if (meant := _of_day(day, found, zone, belongs))}
    if not fitting:
        return _nothing_fits(_wrong(found, said_day), belongs)
    day = min(fitting, key=lambda one: _distance(fitting[one], belongs))
    return _reading(day, found, fitting[day])


def _stamp_apart(typed: str, zone: str) -> tuple[str, str]:
    """A machine's moment as its day and time of day here, and the zone in which they are."""
    match = _STAMP.fullmatch(typed)
    if not match:
        return typed, zone
    try:
        at = datetime.fromisoformat(f"{match[1]}T{match[2]}{(match[3] or '').upper()}")
    except ValueError:
        return typed, zone
    there = local(at) if at.tzinfo else at
    return f"{there:%Y-%m-%d} {there:%H:%M}", (there.tzname() or "") if at.tzinfo else zone


def _no_time(said: str) -> ResolvedTime:
    if lacks_half(without_rough(plain(said))[0]):
        return ResolvedTime(refusal=f'"{said}" may be before noon or after it.', next_step="Add am or pm.")
    return ResolvedTime(refusal=f'"{said}" is not a time of day.', next_step="Type it such as 0331.")


def _day_apart(typed: str, belongs: Belongs) -> tuple[date | None, str]:
    """A day said beside the time of day: ``22 nov 0855``, ``yesterday 10:10pm``, ``0130 on 22 nov``."""
    if time_of_day(typed):
        return None, typed
    if (match := _PART_OF_DAY.fullmatch(typed)) and (found := time_of_day(plainly := _half_said(match))):
        return _said_day(match[2], found, belongs), plainly
    if (turned := part_behind(typed)) != typed:
        return _day_apart(without_rough(turned)[0], belongs)
    words = typed.replace(",", " ").split()
    for cut in range(len(words) - 1, 0, -1):
        for day, time in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            found = time_of_day(" ".join(time))
            said = _said_day(" ".join(day).removeprefix("on "), found, belongs) if found else None
            if said:
                return said, " ".join(time)
    return None, typed


def _half_said(match: re.Match[str]) -> str:
    """``half ten last night`` as ``half ten at night``: the day's part says which half is meant."""
    part = match[2].split()[-1]
    return f"{match[1]} at night" if part in {"night", "tonight"} else f"{match[1]} in the {part}"


def _said_day(words: str, found: tuple[int, int], belongs: Belongs) -> date | None:
    # A day without a year is the one nearest to what is corrected, else to now.
    near = local(belongs.instead_of or belongs.now).date()
    today = local(belongs.now).date()
    if words in _TODAY:
        return today
    if words in _YESTERDAY:
        return today - _DAY
    if words in _TOMORROW:
        return today + _DAY
    if words in _WEEKDAYS:
        # The last such day for what has happened, the next for what is to come.
        back = (today.weekday() - _WEEKDAYS[words]) % 7
        return today + timedelta(days=(7 - back) % 7) if belongs.to_come else today - timedelta(days=back)
    if words == "last night":
        # Of the night that is over, or that goes on: before noon it belongs to the day that has begun.
        return today if found[0] < 12 else today - _DAY
    if match := _DAY_OF_MONTH.fullmatch(words):
        return _last_or_next(int(match[1]), today, belongs)
    return read_near_date(words, near)


def _last_or_next(day: int, today: date, belongs: Belongs) -> date | None:
    """The nearest day of that number, over or to come; a month that has none is passed over."""
    step = _DAY if belongs.to_come else -_DAY
    return next((one for ahead in range(62) if (one := today + step * ahead).day == day), None)


def _distance(meant: list[_Meant], belongs: Belongs) -> timedelta:
    """How far a day's moments lie from where they are looked for: what is corrected, or else now and its limit."""
    near = belongs.instead_of or (belongs.first if belongs.to_come else belongs.last)
    return min(abs(one.at - near) for one in meant)


def _wrong(found: tuple[int, int], day: date | None) -> str:
    return f"{found[0]:02d}:{found[1]:02d}" + (f" on {day:%a} {day.day} {day:%b}" if day else "")


def zone_apart(typed: str) -> tuple[str, str]:
    """``01:30 BST`` as the time and its zone; no zone where none is typed."""
    match = _WITH_ZONE.fullmatch(typed)
    return (match[1], match[2].upper()) if match else (typed, "")


def _counted(typed: str, at: datetime, belongs: Belongs) -> ResolvedTime:
    held = _held(at, belongs)
    return ResolvedTime(held) if held else _nothing_fits(typed, belongs)


def _held(minute: datetime, belongs: Belongs) -> datetime | None:
    """The first moment within a minute that fits; None if none does."""
    # A minute is a whole one: what was mobile at 07:41:20 may be on scene "0741".
    at = max(minute, belongs.first)
    if belongs.to_come and at == belongs.now and minute <= belongs.now:
        return None  # this very minute is over for what is still to come
    return at if at < minute + _MINUTE and at <= belongs.last else None


def _days(belongs: Belongs) -> Iterable[date]:
    """Local days, the likeliest first."""
    if belongs.instead_of is not None:
        day = local(belongs.instead_of).date()
        return (day, day - _DAY, day + _DAY)
    if belongs.to_come:
        first = local(belongs.first).date()
        return (first, first + _DAY)
    last = local(belongs.last).date()
    return (last, last - _DAY)


def _of_day(day: date, found: tuple[int, int], zone: str, belongs: Belongs) -> list[_Meant]:
    meant = [_Meant(at) for minute in moments_of(day, *found, zone) if (at := _held(minute, belongs))]
    skipped = _skipped(day, *found)
    if skipped is not None and not zone and _held(skipped, belongs):
        return [_Meant(skipped, skipped=True)]
    return meant


def moments_of(day: date, hour: int, minute: int, zone: str = "") -> list[datetime]:
    """The moments (UTC) of a time of day: none in the hour that spring skips, two in the hour that autumn doubles.

    ``zone`` (BST, GMT or nothing) chooses between two.
    """
    both = [datetime(day.year, day.month, day.day, hour, minute, fold=fold, tzinfo=LONDON) for fold in (0, 1)]
    moments = sorted({moment.astimezone(UTC) for moment in both})
    there = [one for one in moments if (local(one).hour, local(one).minute) == (hour, minute)]
    return [one for one in there if not zone or local(one).tzname() == zone]


def _skipped(day: date, hour: int, minute: int) -> datetime | None:
    """Where the clock has got to at a time of day that spring skips; None for every other."""
    if moments_of(day, hour, minute):
        return None
    # Python gives a time that is not there the offset from before the gap, which is where the clock has got to.
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def _reading(day: date, found: tuple[int, int], fitting: list[_Meant]) -> ResolvedTime:
    first = fitting[0]
    if first.skipped:
        typed = f"{found[0]:02d}:{found[1]:02d}"
        right = wall_time(first.at)
        return ResolvedTime(
            refusal=f"There is no {typed} on {day:%a} {day.day} {day:%b}: the clocks go from 01:00 to 02:00.",
            next_step=f"Type {right} if that is meant.",
        )
    return ResolvedTime(first.at) if len(fitting) == 1 else ResolvedTime(choices=tuple(one.at for one in fitting))


def _nothing_fits(typed: str, belongs: Belongs) -> ResolvedTime:
    now = Limit(belongs.now, "now")
    before, after = belongs.not_before, belongs.not_after
    if belongs.to_come:
        before = before if before and before.at > belongs.now else now
    else:
        after = after if after and after.at < belongs.now else now
    said = [_said(one, belongs.now) for one in (before, after) if one]
    between = (
        f"between {said[0]} and {said[1]}" if len(said) == 2 else f"{'after' if before else 'before'} {said[0]}"
    )
    return ResolvedTime(refusal=f"No {typed} lies {between}.", next_step="Check the time.")


def _said(limit: Limit, now: datetime) -> str:
    return f"{limit.words} {local_time(limit.at, now)}"


def reading_words(at: datetime, now: datetime) -> str:
    """A moment said so that nobody can take it for another: ``Sun 22 Nov 08:55, 24 h 10 min ago``.

    The zone stands with it in the hour that comes twice, and the year where it is another.
    """
    there = local(at)
    year = f" {there.year}" if there.year != local(now).year else ""
    span = elapsed_words(now - at)
    when = "now" if not span else f"{span} ago" if at <= now else f"in {span}"
    return f"{there:%a} {there.day} {there:%b}{year} {wall_time(at)}, {when}"
