"""A rota whose days stand side by side, a van or a person a row, as rows with a shift each. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from db.domain.import_columns import Row, columns_of
from db.domain.typed_dates import read_near_date

HEADING = ("van", "date", "times", "crew")
_MOST_ABOVE = 8
_FEWEST_DAYS = 2
_CLOCK = r"\d{1,2}(?:[:.]?\d{2})?\s?(?:[ap]m)?"
_TIMES = re.compile(
    rf"(?<![\w.]){_CLOCK}\s*(?:[-\u2010-\u2015]|\bto\b|\buntil\b)\s*{_CLOCK}(?![\w.])", re.ASCII | re.IGNORECASE
)
_CODE = re.compile(r"(?<!\S)[A-Z]{1,3}(?!\S)")
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


def upright(rows: Sequence[Row], known: Mapping[str, tuple[str, ...]], today: date) -> Sequence[Row]:
    """The same rows, or a shift a row where the heading has days beside each other.

    Args:
        rows: as the file has them.
        known: the columns of a rota.
        today: in London; a day without a year is the nearest to it.
    """
    for at, heading in enumerate(rows[:_MOST_ABOVE]):
        days = {place: cell for place, cell in enumerate(heading[1]) if _is_day(cell, today)}
        if len(days) >= _FEWEST_DAYS:
            labels = tuple("" if place in days else cell for place, cell in enumerate(heading[1]))
            columns, _ = columns_of((heading[0], labels), known, frozenset(), frozenset({"crew"}))
            if columns.places.keys() & {"van", "crew"}:
                found = [
                    one
                    for row in rows[at + 1 :]
                    for one in _shifts(row, days, columns.of(row[1], "van"), columns.of(row[1], "crew"))
                ]
                return [(heading[0], HEADING), *found]
    return rows


def _is_day(cell: str, today: date) -> bool:
    # A number alone is a day of a month that nobody named.
    return not cell.strip().isdigit() and read_near_date(" ".join(cell.split()), today) is not None


def _shifts(row: Row, days: Mapping[int, str], van: str, crew: str) -> Iterator[Row]:
    number, cells = row
    for place, day in days.items():
        said = " ".join(cells[place].split()) if place < len(cells) else ""
        if not said or said.casefold() in _AWAY:
            continue
        times = _TIMES.search(said) or _CODE.search(said)
        rest = said if times is None else f"{said[: times.start()]} {said[times.end() :]}"
        rest = re.sub(r"\(\s*\)", "", rest).strip(" ,;:/")
        yield number, (van or rest, " ".join(day.split()), times[0] if times else "", rest if van else crew)
