"""A rota whose days stand side by side, a van or a person a row, as rows with a shift each. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from db.domain.import_columns import MOST_ABOVE, Row, SheetColumns, callsign_key, columns_of
from db.domain.import_times import BETWEEN_TIMES
from db.domain.typed_dates import read_near_date

HEADING = ("van", "date", "times", "crew")
_FEWEST_DAYS = 2
_CLOCK = r"\d{1,2}(?:[:.]?\d{2})?\s?(?:[ap]m)?"
_TIMES = re.compile(rf"(?<![\w.]){_CLOCK}{BETWEEN_TIMES}{_CLOCK}(?![\w.])", re.ASCII | re.IGNORECASE)
_CODE = re.compile(r"(?<!\S)[A-Z]{1,3}(?!\S)")
_SUM = re.compile(r"(?:total|sum|hours|hrs)\b", re.IGNORECASE)
# What stands in the cell of a day on which somebody does not ride.
_AWAY = frozenset(
    {
        "off",
        "rd",
        "do",
        "day off",
        "rest",
        "rest day",
        "al",
        "a/l",
        "a.l.",
        "annual leave",
        "leave",
        "hol",
        "holiday",
    }
    | {
        "sick",
        "s/l",
        "sl",
        "study",
        "study leave",
        "training",
        "mat",
        "mat leave",
        "toil",
        "lieu",
        "x",
        "-",
        "\u2013",
    }
)


def upright(
    rows: Sequence[Row], known: Mapping[str, tuple[str, ...]], vans: Collection[str], today: date
) -> Sequence[Row]:
    """The same rows, or a shift a row where the heading has days beside each other.

    What stands in other columns goes along under their headings; sums of hours do not.

    Args:
        rows: as the file has them.
        known: the columns of a rota.
        vans: callsigns, by which a column without a heading is known.
        today: in London; a day without a year is the nearest to it.
    """
    for at, (number, cells) in enumerate(rows[:MOST_ABOVE]):
        days = {place: cell for place, cell in enumerate(cells) if _is_day(cell, today)}
        if len(days) < _FEWEST_DAYS:
            continue
        labels = ["" if place in days else cell for place, cell in enumerate(cells)]
        if not labels[0] and 0 not in days:
            labels[0] = _unlabelled([row[0] for _, row in rows[at + 1 :] if row], vans)
        columns, _ = columns_of((number, labels), known, frozenset(), frozenset({"crew"}))
        if columns.places.keys() & {"van", "crew"}:
            taken = {place for what in ("van", "crew") for place in columns.places.get(what, ())}
            others = [n for n, label in enumerate(labels) if label and n not in taken and not _SUM.match(label)]
            heading = (number, (*HEADING, *(labels[n] for n in others)))
            return [heading, *(one for row in rows[at + 1 :] for one in _shifts(row, days, columns, others))]
    return rows


def _unlabelled(cells: Sequence[str], vans: Collection[str]) -> str:
    """What a column without a heading holds: vans, or whoever rides."""
    known = {callsign_key(van) for van in vans}
    return "van" if any(callsign_key(cell) in known for cell in cells) else "crew"


def _is_day(cell: str, today: date) -> bool:
    # A number alone is a day of a month that nobody named.
    return not cell.strip().isdigit() and read_near_date(" ".join(cell.split()), today) is not None


def _shifts(row: Row, days: Mapping[int, str], columns: SheetColumns, others: Sequence[int]) -> Iterator[Row]:
    number, cells = row
    van, crew = columns.of(cells, "van"), "; ".join(columns.each(cells, "crew"))
    along = tuple(cells[n] if n < len(cells) else "" for n in others)
    for place, day in days.items():
        said = (
            "; ".join(" ".join(line.split()) for line in cells[place].splitlines()) if place < len(cells) else ""
        )
        if not said or said.casefold() in _AWAY:
            continue
        times = _TIMES.search(said) or _CODE.search(said)
        rest = said if times is None else f"{said[: times.start()]} {said[times.end() :]}"
        rest = re.sub(r"\(\s*\)", "", rest).strip(" ,;:/")
        riders = "; ".join(part for part in (crew, rest if van else "") if part)
        yield number, (van or rest, " ".join(day.split()), times[0] if times else "", riders, *along)
