"""A rota or a list of staff as somebody keeps it in a spreadsheet: what each row says, or why not. Pure.

Days come before months; a day without a year is the nearest. A time of day that the clocks skip or double is asked
about and never guessed, and so is a name that is nobody's, or two people's.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from db.domain.clocks import LATEST
from db.domain.import_columns import (
    Row,
    RowReader,
    RowRefusal,
    Settled,
    SheetColumns,
    UnreadableError,
    callsign_key,
    columns_of,
    from_heading,
    key_of,
    settled_in,
)
from db.domain.import_orders import has_month_first, read_ordered_day
from db.domain.import_times import (
    USUAL_TIMES,
    both_times,
    day_apart,
    read_day,
    read_end,
    read_length,
    read_moment,
)
from db.domain.likely_names import likely_people, likely_vans
from db.domain.records import StaffMember
from db.domain.side_by_side import upright

STAFF_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "full name", "staff", "staff name", "who", "person name", "employee", "employee name"),
    "profession": ("profession", "role", "job", "job title", "grade"),
    "gender": ("gender", "sex"),
    "languages": ("languages", "language"),
    "registered": ("registered", "registered clinician", "registration", "on a register"),
    "do": ("do", "add or change"),
}
ROTA_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "van": ("van", "callsign", "vehicle", "unit", "resource", "van callsign"),
    "date": ("date", "day", "shift date", "start date", "date from"),
    "start": ("start", "from", "start time", "starts", "begin", "shift start"),
    "end": ("end", "until", "to", "end time", "ends", "finish", "finish time", "finishes", "shift end"),
    "last day": ("end date", "finish date", "end day", "last day", "date to"),
    "times": ("times", "shift", "hours", "shift times", "shift time", "duration"),
    "crew": (
        *("crew", "who", "staff", "name", "names", "crew member", "staff member", "member", "colleague"),
        *("person", "person name", "employee", "employee name", "team", "team members", "staff names"),
        *("staff name", "crew name", "crew names"),
        # A column for each seat, by who sits there.
        *("nurse", "clinician", "practitioner", "support worker", "support", "driver", "paramedic", "lead"),
    ),
    "note": ("note", "notes", "comment"),
}
_STAFF_NEEDS: Final = frozenset({"name", "profession"})
_ROTA_NEEDS: Final = frozenset({"van", "date", "start", "end"})
_NOBODY: Final[tuple[UUID, ...]] = ()
_NO_MOMENTS: Final = (LATEST, LATEST)
"""Stands for a time that was refused, and goes nowhere."""
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "registered"})
_NO: Final = frozenset({"", "no", "n", "false", "0", "not registered"})
_IN_BRACKETS: Final = re.compile(r"\s*\(.*?\)")
_BETWEEN_LANGUAGES: Final = r"[;,\n/&+]|\s+and\s+"
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
            _parts([reader.text("languages")], _BETWEEN_LANGUAGES),
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
    rows = from_heading(upright(rows, ROTA_COLUMNS, vans, today), ROTA_COLUMNS)
    # Some keep both times in one cell.
    needs = _ROTA_NEEDS - _instead_by_times(rows[0])
    columns, wrong = columns_of(rows[0], ROTA_COLUMNS, needs, frozenset({"crew"}))
    without, others = columns_of(rows[0], ROTA_COLUMNS, needs - {"date"}, frozenset({"crew"}))
    # Some keep the day in the cell of the time.
    is_beside = not others and "date" not in without.places
    if is_beside and any(day_apart(without.of(cells, "start"), today)[0] for _, cells in rows[1:]):
        columns, wrong = without, others
    dated = "date" if "date" in columns.places else "start"
    found: list[ShiftLine] = []
    if wrong:
        return found, wrong
    people = _by_name(staff)
    month_first = has_month_first(columns.of(cells, dated) for _, cells in rows[1:])
    for row in rows[1:]:
        reader, meant = RowReader(row, columns, wrong), settled_in(settled, row[0])
        if "" in meant:
            continue
        callsign = reader.read("van", lambda said, meant=meant: _van(meant.get(said, said), vans), "")  # type: ignore[misc]
        day = reader.read(
            dated,
            lambda said, meant=meant: read_ordered_day(meant.get(said, said), today, month_first=month_first),  # type: ignore[misc]
            today,
        )
        crew = reader.read_all("crew", lambda said, meant=meant: _crew(said, people, meant, staff), _NOBODY)  # type: ignore[misc]
        start, end = _times(reader, columns, meant, day) if reader.is_well else _NO_MOMENTS
        if reader.is_well:
            found.append(ShiftLine(row[0], vans[callsign], callsign, start, end, crew, reader.text("note")))
    found = _together(found)
    twice = _said_twice((line.row, (line.callsign, line.starts_at)) for line in found)
    return found, [*asked_once(wrong), *twice]


def asked_once(refusals: Iterable[RowRefusal]) -> list[RowRefusal]:
    """Each question once a row: a row of a whole week asks the same of each day."""
    return list(dict.fromkeys(refusals))


def answered_with(refusal: RowRefusal, refusals: Iterable[RowRefusal]) -> list[tuple[int, str]]:
    """What an answer settles, by row and what is asked.

    Where one thing alone may be meant, or a letter stands for the times of a shift, the same question is answered
    wherever it is asked; which of two people is meant is another question in each row.
    """
    is_general = refusal.asked != ADD_OR_CHANGE and (len(refusal.answers) == 1 or refusal.answers == USUAL_TIMES)
    same = [one for one in refusals if is_general and (one.asked, one.answers) == (refusal.asked, refusal.answers)]
    return list(dict.fromkeys((one.row, one.asked) for one in (refusal, *same)))


def _times(
    reader: RowReader, columns: SheetColumns, meant: Mapping[str, str], day: date
) -> tuple[datetime, datetime]:
    """The start and the end of a row: in one cell, in two, or the start and how long it is."""
    if "start" not in columns.places:
        return reader.read("times", lambda said: both_times(meant.get(said, said), day), _NO_MOMENTS)
    start = reader.read("start", lambda said: read_moment(said, day), LATEST)
    if not reader.is_well:
        return _NO_MOMENTS
    if "end" not in columns.places:
        return start, reader.read("times", lambda said: read_length(said, start), LATEST)
    last = reader.text("last day")
    return start, reader.read("end", lambda said: _end(said, last, day, start), LATEST)


def _end(said: str, last: str, day: date, start: datetime) -> datetime:
    """The end by its own day where a column has that."""
    return read_moment(said, read_day(last, day)) if last else read_end(said, day, start)


def _together(lines: Iterable[ShiftLine]) -> list[ShiftLine]:
    """Rows with a person each of one shift as that shift; the first of its rows stands for it."""
    found: dict[tuple[Hashable, ...], ShiftLine] = {}
    for line in lines:
        shift: tuple[Hashable, ...] = (line.van_id, line.starts_at, line.ends_at)
        before = found.get(shift)
        if before is None:
            found[shift] = line
        elif before.crew and line.crew and set(before.crew).isdisjoint(line.crew):
            notes = dict.fromkeys(note for note in (before.note, line.note) if note)
            found[shift] = replace(before, crew=(*before.crew, *line.crew), note="; ".join(notes))
        else:
            found[(*shift, line.row)] = line
    return list(found.values())


def _instead_by_times(heading: Row) -> frozenset[str]:
    """What need not be there: both times where one column has them, the end where one has how long it is."""
    found, _ = columns_of(heading, ROTA_COLUMNS, frozenset(), frozenset({"crew"}))
    if "times" not in found.places or "end" in found.places:
        return frozenset()
    return frozenset({"end"}) if "start" in found.places else frozenset({"start", "end"})


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
    bare = _IN_BRACKETS.sub("", part)
    last = bare.partition(",")[0].strip()
    return bare.count(",") == 1 and " " not in last and bool(likely_people(bare, staff))


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
    # A grade, or why somebody is not there, may stand in brackets: it is asked about with the rest.
    near = likely_people(_IN_BRACKETS.sub("", name), staff)
    step = f"Perhaps {' or '.join(near)} is meant." if near else "Add them to the staff first."
    raise UnreadableError(f"There is nobody called {name}.", step, asked=name, answers=near)


def _van(said: str, vans: Mapping[str, UUID]) -> str:
    known = {callsign_key(callsign): callsign for callsign in vans}
    known |= {key_of(callsign): callsign for callsign in vans}
    found = known.get(key_of(said)) or known.get(callsign_key(said))
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
