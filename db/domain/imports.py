"""A rota or a list of staff as somebody keeps it in a spreadsheet: what each row says, or why not. Pure.

Days come before months; a day without a year is the nearest. A time of day that the clocks skip or double is asked
about and never guessed, and so is a name that is nobody's, or two people's.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from db.domain.clocks import LATEST
from db.domain.import_columns import (
    Row,
    RowReader,
    RowRefusal,
    Settled,
    UnreadableError,
    columns_of,
    from_heading,
    key_of,
    settled_in,
)
from db.domain.likely_names import likely_people, likely_vans
from db.domain.records import StaffMember
from db.domain.resolving import moments_of, zone_apart
from db.domain.typed_dates import read_near_date
from db.domain.typed_times import time_of_day

STAFF_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "full name", "staff", "staff name", "who"),
    "profession": ("profession", "role", "job", "job title", "grade"),
    "gender": ("gender", "sex"),
    "languages": ("languages", "language"),
    "registered": ("registered", "registered clinician", "registration", "on a register"),
    "do": ("do", "add or change"),
}
ROTA_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "van": ("van", "callsign", "vehicle", "unit"),
    "date": ("date", "day", "shift date", "start date"),
    "start": ("start", "from", "start time", "starts", "begin"),
    "end": ("end", "until", "to", "end time", "ends", "finish", "finish time", "finishes"),
    "times": ("times", "shift", "hours", "shift times", "shift time"),
    "crew": ("crew", "who", "staff", "name", "names", "crew member", "staff member", "member", "colleague"),
    "note": ("note", "notes", "comment"),
}
_STAFF_NEEDS: Final = frozenset({"name", "profession"})
_ROTA_NEEDS: Final = frozenset({"van", "date", "start", "end"})
_NOBODY: Final[tuple[UUID, ...]] = ()
_NO_MOMENTS: Final = (LATEST, LATEST)
"""Stands for a time that was refused, and goes nowhere."""
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "registered"})
_NO: Final = frozenset({"", "no", "n", "false", "0", "not registered"})
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
_OVER: Final = re.compile(r"(2[4-9]|3\d|4[0-7]):?(\d\d)", re.ASCII)
_TWO_TIMES: Final = "Write them as 07:00-19:00."
_NOTHING: Final[Settled] = MappingProxyType({})
ADD_OR_CHANGE: Final = "do"
"""What is asked of somebody whose name is known: another person, or the same."""


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody as a row says; ``do`` is add, change or nothing."""

    row: int
    name: str
    profession: str
    gender: str
    languages: tuple[str, ...]
    registered: bool
    do: str = ""


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift as a row says. UTC."""

    row: int
    van_id: UUID
    callsign: str
    starts_at: datetime
    ends_at: datetime
    crew: tuple[UUID, ...]
    note: str


def staff_lines(rows: Sequence[Row], settled: Settled = _NOTHING) -> tuple[list[StaffLine], list[RowRefusal]]:
    """The people of a list, its heading first, with what somebody settled."""
    rows = from_heading(rows, STAFF_COLUMNS)
    columns, wrong = columns_of(rows[0], STAFF_COLUMNS, _STAFF_NEEDS)
    found: list[StaffLine] = []
    if wrong:
        return found, wrong
    for row in rows[1:]:
        reader, meant = RowReader(row, columns, wrong), settled_in(settled, row[0])
        if "" in meant:
            continue
        line = StaffLine(
            row[0],
            reader.read("name", _given, ""),
            reader.read("profession", _given, ""),
            reader.text("gender"),
            _parts([reader.text("languages")]),
            reader.read("registered", _yes_or_no, instead=False),
            meant.get(ADD_OR_CHANGE) or reader.read("do", _add_or_change, ""),
        )
        if reader.is_well:
            found.append(line)
    twice = _said_twice((line.row, (key_of(line.name), key_of(line.profession))) for line in found)
    return found, [*wrong, *twice]


def shift_lines(
    rows: Sequence[Row],
    vans: Mapping[str, UUID],
    staff: Sequence[StaffMember],
    today: date,
    settled: Settled = _NOTHING,
) -> tuple[list[ShiftLine], list[RowRefusal]]:
    """The shifts of a rota, its heading first.

    Args:
        rows: heading and rows.
        vans: those in use, by callsign.
        staff: whoever may be planned.
        today: in London; a day without a year is the nearest to it.
        settled: what somebody said is meant.
    """
    rows = from_heading(rows, ROTA_COLUMNS)
    # Some keep both times in one cell.
    needs = _ROTA_NEEDS - ({"start", "end"} if _has_times(rows[0]) else frozenset())
    columns, wrong = columns_of(rows[0], ROTA_COLUMNS, needs, frozenset({"crew"}))
    without, others = columns_of(rows[0], ROTA_COLUMNS, needs - {"date"}, frozenset({"crew"}))
    # Some keep the day in the cell of the time.
    is_beside = not others and "date" not in without.places
    if is_beside and any(_apart(without.of(cells, "start"), today)[0] for _, cells in rows[1:]):
        columns, wrong = without, others
    dated = "date" if "date" in columns.places else "start"
    found: list[ShiftLine] = []
    if wrong:
        return found, wrong
    people = _by_name(staff)
    for row in rows[1:]:
        reader, meant = RowReader(row, columns, wrong), settled_in(settled, row[0])
        if "" in meant:
            continue
        callsign = reader.read("van", lambda said, meant=meant: _van(meant.get(said, said), vans), "")  # type: ignore[misc]
        day = reader.read(dated, lambda said: _day_of(said, today), today)
        crew = reader.read_all("crew", lambda said, meant=meant: _crew(said, people, meant, staff), _NOBODY)  # type: ignore[misc]
        if reader.is_well and "times" in columns.places and "start" not in columns.places:
            start, end = reader.read("times", lambda said, day=day: _both_times(said, day), _NO_MOMENTS)  # type: ignore[misc]
        elif reader.is_well:
            start = reader.read("start", lambda said, day=day: read_moment(said, day), LATEST)  # type: ignore[misc]
            if reader.is_well:
                end = reader.read("end", lambda said, day=day, start=start: read_end(said, day, start), LATEST)  # type: ignore[misc]
        if reader.is_well:
            found.append(ShiftLine(row[0], vans[callsign], callsign, start, end, crew, reader.text("note")))
    twice = _said_twice((line.row, (line.callsign, line.starts_at)) for line in found)
    return found, [*wrong, *twice]


def _has_times(heading: Row) -> bool:
    """Whether a column has both times of a shift, and none has one."""
    found, _ = columns_of(heading, ROTA_COLUMNS, frozenset(), frozenset({"crew"}))
    return "times" in found.places and not {"start", "end"} & found.places.keys()


# --- days and times ---


def _both_times(said: str, day: date) -> tuple[datetime, datetime]:
    """``19:00-07:00``, ``7 to 19``: the start and the end.

    Raises:
        UnreadableError: these are no two times.
    """
    parts = [part for part in re.split(r"\s*(?:[-\u2010-\u2015]|\bto\b|\buntil\b)\s*", said) if part]
    if len(parts) != 2:
        raise UnreadableError(f'"{said}" is not two times.' if said else "The times are missing.", _TWO_TIMES)
    first, last = (f"{part}:00" if re.fullmatch(r"\d{1,2}", part) else part for part in parts)
    start = read_moment(first, day)
    return start, read_end(last, day, start)


def _apart(said: str, near: date) -> tuple[date | None, str]:
    """The day that stands in one cell with a time of day, and the time: ``30/11/2026 07:00``."""
    match = _WITH_DAY.fullmatch(said)
    day = read_near_date(match[1], near) if match else None
    return (day, f"{match[2]}{match[3] or ''}") if match and day else (None, said)


def _day_of(said: str, today: date) -> date:
    day, _ = _apart(said, today)
    return day or read_day(said, today)


def read_day(said: str, today: date) -> date:
    """A day as somebody writes it.

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
    with_day, time = _apart(said, day)
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
    with_day, _ = _apart(said, day)
    if with_day:
        return read_moment(said, with_day)
    if over := _OVER.fullmatch(said):
        # Counted on behind midnight: 31:00 is seven in the morning.
        return read_moment(f"{int(over[1]) - 24:02d}:{over[2]}", day + _DAY)
    try:
        same = read_moment(said, day)
    except UnreadableError:
        same = start
    return same if same > start else read_moment(said, day + _DAY)


# --- names and words ---


def _by_name(staff: Sequence[StaffMember]) -> dict[str, list[StaffMember]]:
    """Everybody by their name, and by ``name (profession)`` for those who share one."""
    people: dict[str, list[StaffMember]] = {}
    for one in staff:
        for called in (one.name, f"{one.name} ({one.profession})"):
            people.setdefault(key_of(called), []).append(one)
    return people


def _crew(
    said: Sequence[str],
    people: Mapping[str, list[StaffMember]],
    meant: Mapping[str, str],
    staff: Sequence[StaffMember],
) -> tuple[UUID, ...]:
    found: list[UUID] = []
    for part in _parts(said, r"[;\n]"):
        # A name may have a comma in it: the whole is tried first.
        alone = key_of(part) in people or part in meant or _is_turned(part, staff)
        names = (part,) if alone else _parts([part], r"[,/]|\s(?:[+&]|and)\s")
        found += [_one(meant.get(name, name), people, staff) for name in names]
    return tuple(dict.fromkeys(found))


def _is_turned(part: str, staff: Sequence[StaffMember]) -> bool:
    """``Bell, Kim``: one comma, and somebody whose two names these are."""
    return part.count(",") == 1 and bool(likely_people(part, staff)) and " " not in part.partition(",")[0].strip()


def _one(name: str, people: Mapping[str, list[StaffMember]], staff: Sequence[StaffMember]) -> UUID:
    found = people.get(key_of(name), [])
    if len(found) == 1:
        return found[0].id
    if found:
        each = tuple(f"{one.name} ({one.profession})" for one in found)
        which = " or ".join(each)
        raise UnreadableError(
            f"There are {len(found)} called {name}.", f"Write which: {which}.", asked=name, answers=each
        )
    near = likely_people(name, staff)
    step = f"Perhaps {' or '.join(near)} is meant." if near else "Add them to the staff first."
    raise UnreadableError(f"There is nobody called {name}.", step, asked=name, answers=near)


def _van(said: str, vans: Mapping[str, UUID]) -> str:
    known = {key_of(callsign): callsign for callsign in vans}
    known |= {key_of(callsign).replace(" ", ""): callsign for callsign in vans}
    found = known.get(key_of(said)) or known.get(key_of(said).replace(" ", ""))
    if found is None:
        words = f"There is no van {said}." if said else "The van is missing."
        raise UnreadableError(
            words, f"In use: {', '.join(sorted(vans))}.", asked=said, answers=likely_vans(said, vans)
        )
    return found


def _parts(said: Iterable[str], between: str = r"[;,\n/]") -> tuple[str, ...]:
    parts = [part.strip() for one in said for part in re.split(between, one)]
    return tuple(dict.fromkeys(part for part in parts if part))


def _given(said: str) -> str:
    if not said:
        raise UnreadableError("It is missing.", "Fill it in, or take the row out.")
    return said


def _yes_or_no(said: str) -> bool:
    if said.casefold() not in _YES | _NO:
        raise UnreadableError(f'"{said}" is neither yes nor no.', "Write yes, or leave it blank.")
    return said.casefold() in _YES


def _add_or_change(said: str) -> str:
    if said.casefold() not in ("", "add", "change"):
        raise UnreadableError(f'"{said}" is nothing that can be done.', "Write add or change, or leave it blank.")
    return said.casefold()


def _said_twice(keyed: Iterable[tuple[int, Hashable]]) -> list[RowRefusal]:
    first: dict[Hashable, int] = {}
    wrong = []
    for number, key in keyed:
        if key in first:
            wrong.append(RowRefusal(number, "", f"Row {first[key]} says the same.", "Take one of the two out."))
        first.setdefault(key, number)
    return wrong
