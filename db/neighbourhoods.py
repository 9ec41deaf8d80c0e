"""The government's list of neighbourhoods by deprivation, as its postcode lookup gives it: read, and loaded.

A row is a postcode, or its first half, with its tenth of the Index of Multiple Deprivation: 1 is the most
deprived. The columns are found by what they are called, since each edition calls them a little differently.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Invalid

TENTHS: Final = 10
TENTHS_IN_WORDS: Final[Mapping[str, str]] = {
    **{str(one): f"{one} of {TENTHS}" for one in range(1, TENTHS + 1)},
    "1": f"1 of {TENTHS}, the most deprived",
    str(TENTHS): f"{TENTHS} of {TENTHS}, the least deprived",
    "0": "Not known",
}
_AREA: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?(?:[0-9][A-Z]{2})?")
_MOST_NAMED: Final = 3
_LOAD: Final = text(
    "INSERT INTO cru.neighbourhood (area, tenth, source) SELECT * FROM unnest(CAST(:areas AS text[]),"
    " CAST(:tenths AS smallint[]), array_fill(CAST(:source AS text), ARRAY[cardinality(CAST(:areas AS text[]))]))"
    " ON CONFLICT (area) DO UPDATE SET tenth = excluded.tenth, source = excluded.source,"
    " loaded_by = session_user, loaded_at = cru.clock_now()"
)


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """Tenths by postcode, and the lines of the file in which none could be read."""

    tenths: Mapping[str, int]
    unread: tuple[int, ...]


def read_neighbourhoods(file: Path) -> Neighbourhoods:
    """What a CSV file says.

    Raises:
        Invalid: it cannot be opened, or no column is called a postcode or a tenth (decile) of the index.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines)
            area, tenth = _columns(next(rows, []), file.name)
            return _read(enumerate(rows, 2), area, tenth)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid(f"{file.name} cannot be read.", "Choose a CSV file in UTF-8.") from error


def _columns(names: list[str], file: str) -> tuple[int, int]:
    said = [" ".join(name.lower().split()) for name in names]
    areas = [
        at for at, name in enumerate(said) if name in {"postcode", "pcd", "pcds", "area", "postcode district"}
    ]
    # The index of income, of health and so on have tenths of their own.
    tenths = [
        at
        for at, name in enumerate(said)
        if ("decile" in name and ("multiple deprivation" in name or "imd" in name)) or name in {"decile", "tenth"}
    ]
    if not areas or not tenths:
        raise Invalid(
            f"{file} has no column for a postcode, or none for its decile of multiple deprivation.",
            "Call them Postcode and Index of Multiple Deprivation Decile.",
        )
    return areas[0], tenths[0]


def _read(rows: Iterator[tuple[int, list[str]]], area: int, tenth: int) -> Neighbourhoods:
    tenths: dict[str, int] = {}
    unread = []
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        code = "".join(row[area].split()).upper() if area < len(row) else ""
        said = row[tenth].strip() if tenth < len(row) else ""
        if _AREA.fullmatch(code) and said.isdecimal() and 1 <= int(said) <= TENTHS:
            tenths[code] = int(said)
        else:
            unread.append(line)
    return Neighbourhoods(tenths, tuple(unread))


async def load_neighbourhoods(connection: AsyncConnection, found: Neighbourhoods, source: str) -> int:
    """Put them into the record, in place of what was there of the same postcodes; returns how many. Owner only."""
    areas = list(found.tenths)
    given = {"areas": areas, "tenths": [found.tenths[area] for area in areas], "source": source}
    await connection.execute(_LOAD, given)
    return len(areas)


def unread_in_words(found: Neighbourhoods) -> str:
    """Which lines could not be read; empty where all could."""
    if not found.unread:
        return ""
    named = ", ".join(str(line) for line in found.unread[:_MOST_NAMED])
    more = len(found.unread) - _MOST_NAMED
    lines = "Line" if len(found.unread) == 1 else "Lines"
    return f"{lines} {named}{f' and {more} more' if more > 0 else ''} could not be read."
