"""The columns of a spreadsheet that somebody keeps: which says what, and one row read cell by cell. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """Why a row is not taken, with the column as its heading says it; empty where the whole row is meant.

    Attributes:
        asked: what was written and may mean several things, or nothing that is known.
        answers: what it may mean.
    """

    row: int
    column: str
    sentence: str
    next_step: str = ""
    asked: str = ""
    answers: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"Row {self.row}, {self.column}" if self.column else f"Row {self.row}"
        return f"{where}: {self.sentence} {self.next_step}".strip()


class UnreadableError(Exception):
    """A cell says nothing that can be taken."""

    def __init__(
        self, sentence: str, next_step: str = "", *, asked: str = "", answers: tuple[str, ...] = ()
    ) -> None:
        super().__init__(sentence)
        self.sentence, self.next_step = sentence, next_step
        self.asked, self.answers = asked, answers


Row = tuple[int, Sequence[str]]
MOST_ABOVE = 8
"""So many rows are looked through for the heading."""
Settled = Mapping[tuple[int, str], str]
"""What somebody said is meant, by the row and what is written there; a row with "" for that is left out."""


def settled_in(settled: Settled, number: int) -> dict[str, str]:
    """What is meant in one row."""
    return {asked: answer for (row, asked), answer in settled.items() if row == number}


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """Which column says what: places from 0 by what they say, and the heading of each as it is written."""

    places: Mapping[str, tuple[int, ...]]
    headings: tuple[str, ...]

    def of(self, cells: Sequence[str], what: str) -> str:
        """The first answer of a row; empty for none."""
        return next(iter(self.each(cells, what)), "")

    def each(self, cells: Sequence[str], what: str) -> list[str]:
        """All answers of a row: a crew may stand in several columns."""
        found = [cells[at].strip() for at in self.places.get(what, ()) if at < len(cells)]
        return [one for one in found if one]

    def called(self, what: str) -> str:
        """The heading of what is said."""
        places = self.places.get(what, ())
        return self.headings[places[0]].strip() if places else what


def columns_of(
    heading: Row, known: Mapping[str, tuple[str, ...]], needed: frozenset[str], many: frozenset[str] = frozenset()
) -> tuple[SheetColumns, list[RowRefusal]]:
    """Read the heading. What is of ``many`` may stand in several columns.

    A column that nobody knows is refused by its name: a slip must not lose what it holds.
    """
    number, cells = heading
    places: dict[str, tuple[int, ...]] = {}
    wrong: list[RowRefusal] = []
    words = _by_alias(known)
    for at, cell in enumerate(cells):
        said, what = _heading_of(cell, words)
        if said and not what:
            near = get_close_matches(said, list(words), n=1)
            step = f'Perhaps "{near[0]}" is meant.' if near else f"Known: {', '.join(known)}."
            wrong.append(RowRefusal(number, cell.strip(), "There is no such column.", step))
        elif what and what in places and what not in many:
            wrong.append(
                RowRefusal(number, cell.strip(), f"There are two columns for the {what}.", "Take one out.")
            )
        elif what:
            places[what] = (*places.get(what, ()), at)
    missing = [what for what in known if what in needed and what not in places]
    wrong += [RowRefusal(number, what, "That column is missing.", "Name it in the first row.") for what in missing]
    return SheetColumns(places, tuple(cells)), wrong


def from_heading(rows: Sequence[Row], known: Mapping[str, tuple[str, ...]]) -> Sequence[Row]:
    """The rows from the one that names the columns: a title, or who made the list, may stand above it."""
    words = _by_alias(known)

    def names(row: Row) -> int:
        return sum(bool(_heading_of(cell, words)[1]) for cell in row[1])

    above = rows[:MOST_ABOVE]
    best = max(range(len(above)), key=lambda at: names(above[at]))
    heading, *others = rows[best:] if names(above[best]) > max(1, names(rows[0])) else rows
    # A list of several pages has its heading on each.
    return [heading, *(row for row in others if row[1] != heading[1])]


def _by_alias(known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    # With and without its blanks: Call sign, StartTime.
    written = ((alias, what) for what, aliases in known.items() for alias in aliases)
    return {way: what for alias, what in written for way in (alias, alias.replace(" ", ""))}


def _heading_of(cell: str, words: Mapping[str, str]) -> tuple[str, str]:
    """A heading without what people put around it, and which column it names; empty for none."""
    # What stands in brackets says how: Start (24h).
    said = re.sub(r"[\s_-]+", " ", re.sub(r"\(.*?\)", " ", cell)).strip(" :?*.").casefold()
    alone = re.sub(r" ?\d$", "", said)
    return said, words.get(said) or words.get(alone) or words.get(alone.replace(" ", ""), "")


class RowReader:
    """One row: each cell is read, and each that cannot be is a refusal of its own."""

    def __init__(self, row: Row, columns: SheetColumns, wrong: list[RowRefusal]) -> None:
        self._number, self._cells = row
        self._columns, self._wrong = columns, wrong
        self.is_well = True

    def text(self, what: str) -> str:
        """The words of a cell in one line."""
        return " ".join(self._columns.of(self._cells, what).split())

    def read(self, what: str, reads: Callable[[str], T], instead: T) -> T:
        """What a cell says; ``instead`` where it cannot be read, which is kept as a refusal."""
        return self._by(what, lambda: reads(self.text(what)), instead)

    def read_all(self, what: str, reads: Callable[[list[str]], T], instead: T) -> T:
        """The same for what may stand in several columns."""
        return self._by(what, lambda: reads(self._columns.each(self._cells, what)), instead)

    def _by(self, what: str, reads: Callable[[], T], instead: T) -> T:
        try:
            return reads()
        except UnreadableError as error:
            called = self._columns.called(what)
            self._wrong.append(
                RowRefusal(self._number, called, error.sentence, error.next_step, error.asked, error.answers)
            )
            self.is_well = False
            return instead


def key_of(name: str) -> str:
    """What makes two names one: neither blanks, capitals nor how a sign is typed tell them apart."""
    return " ".join(unicodedata.normalize("NFKC", name).replace("\u2019", "'").split()).casefold()


def callsign_key(said: str) -> str:
    """What makes two callsigns one: ``CRU-1`` is ``CRU 1``."""
    return re.sub(r"[\s.-]", "", key_of(said))
