"""Which town somebody means, and what lies in it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from db.geo.earth import Point
from db.geo.search.answering import Query
from db.geo.search.names import NameSearch

_MOST_WORDS = 4
_AROUND_KM = 45.0
_OF_THAT_NAME = 3
_ALIKE = 0.8
_MISSPELT_LETTERS = 5
_VILLAGE_KM = 1.0
# A town of 50,000 reaches two and a half kilometres from the point that marks it, one of 250,000 four.
_PEOPLE_A_KM = 150.0
_PARTS_OF_A_TOWN = frozenset(("suburb", "neighbourhood", "quarter"))
_ROAD_WORDS = frozenset((
    "street", "road", "lane", "close", "avenue", "drive", "way", "court", "crescent", "hill", "green", "park",
    "grove", "end", "gardens", "place", "square", "row", "rise", "walk", "view", "mews", "terrace", "house",
    "hospital", "station", "services", "junction", "church", "school", "bridge",
))  # fmt: skip
_ROADS = frozenset(("street", "road", "lane", "avenue", "way", "drive"))
_TOWNS = frozenset(("town", "city"))
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Split:
    """What was said, with a town taken out of it.

    Attributes:
        rest: the other words.
        town: the town's name.
        numbers: the entries of that name.
        words: which words were the town's, by number.
        exact: False when it was misspelt.
    """

    rest: Query
    town: str
    numbers: tuple[int, ...]
    words: frozenset[int]
    exact: bool


class TownsSaid:
    """Finds towns in what is said, and knows what lies in them."""

    def __init__(self, names: NameSearch, middle: Point) -> None:
        self._names, self._middle = names, middle
        self._numbers: dict[str, list[int]] = {}
        own, self._near = names.worked_out.own, names.worked_out.near
        km, self._around = names.km_from(middle), []
        for number, entry in enumerate(names.entries):
            if entry.kind == "place":
                self._numbers.setdefault(own[number], []).append(number)
                if km[number] < _AROUND_KM:
                    self._around.append(own[number])
        self._km = km
        self.inside = lru_cache(maxsize=256)(self._work_out_inside)
        self._named = lru_cache(maxsize=4096)(self._work_out_named)

    def splits(self, words: Query) -> Iterator[Split]:
        """Take a town out of the end of what was said, or else out of the beginning; the longest name first."""
        for at_end in (True, False):
            for count in range(min(_MOST_WORDS, len(words)), 0, -1):
                part = words[-count:] if at_end else words[:count]
                rest = words[:-count] if at_end else words[count:]
                if rest and count == 1 and _ROAD_WORDS.intersection(part[0]):
                    # There is a town called Street; at the end of an address it is a street.
                    continue
                if found := self._named(tuple(part)):
                    name, exact = found
                    first = len(words) - count if at_end else 0
                    taken = frozenset(range(first, first + count))
                    yield Split(rest, *self._meant(name), taken, exact)
                    break

    def in_road_names(self, words: Query) -> list[str]:
        """The towns that were said in front of a kind of road: Northampton Road may be meant, and lie anywhere."""
        said = [(one[-1], kind) for one, kind in pairwise(words) if _ROADS.intersection(kind)]
        return [name for name, _ in said if name in self._numbers]

    def _work_out_named(self, part: tuple[tuple[str, ...], ...]) -> tuple[str, bool] | None:
        for pick in (-1, 0):
            said = " ".join(meanings[pick] for meanings in part)
            if said in self._numbers:
                return said, True
        if len(said) < _MISSPELT_LETTERS:
            return None
        found = process.extractOne(said, self._around, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE)
        return (found[0], False) if found else None

    def _meant(self, name: str) -> tuple[str, tuple[int, ...]]:
        """The towns of a name, those of here if there are any, the nearest first."""
        numbers = sorted(self._numbers[name], key=lambda number: float(self._km[number]))
        near = [number for number in numbers if self._km[number] < _AROUND_KM] or numbers
        return self._names.entries[near[0]].name, tuple(near[:_OF_THAT_NAME])

    def _work_out_inside(self, towns: tuple[int, ...]) -> Mask:
        """Which entries lie in any of some towns."""
        found: Mask = np.zeros(len(self._names.entries), dtype=bool)
        for number in towns:
            found |= self._in_town(number)
        return found

    def _in_town(self, number: int) -> Mask:
        town, known = self._names.entries[number], self._belonging
        km = self._names.km_from((town.lat, town.lon))
        reach = _VILLAGE_KM + math.sqrt(town.population) / _PEOPLE_A_KM
        near = known.near == known.numbers.get(self._names.worked_out.own[number], -1)
        in_part = (known.town == known.numbers.get(town.name, -1)) & known.is_part
        inside: Mask = (
            (km <= reach) & (near | ~known.in_town) | near & (km <= 4 * reach) | in_part & (km <= 3 * reach)
        )
        return inside

    @cached_property
    def _belonging(self) -> "_Belonging":
        """What each entry says that it belongs to, as numbers that compare fast."""
        numbers: dict[str, int] = {"": 0}
        near = [numbers.setdefault(name, len(numbers)) for name in self._near]
        kinds = {
            numbers[name]: {self._names.entries[n].what for n in self._numbers.get(name, ())} for name in numbers
        }
        town = [numbers.setdefault(name, len(numbers)) for name in self._names.worked_out.towns]
        parts = np.array([bool(kinds.get(n, set()) & _PARTS_OF_A_TOWN) for n in range(len(numbers))])
        towns = np.array([bool(kinds.get(n, set()) & _TOWNS) for n in range(len(numbers))])
        at = np.array(near, dtype=np.int32)
        alone = np.array(
            [not n and e.what in _PARTS_OF_A_TOWN for n, e in zip(near, self._names.entries, strict=True)]
        )
        return _Belonging(numbers, at, np.array(town, dtype=np.int32), parts[at] | alone, towns[at])


@dataclass(frozen=True, slots=True)
class _Belonging:
    """For each entry: the place it is near, its town, whether it is in a part of a town, or near a town by name.

    Places are told by their folded words, towns by their names; one list numbers both.
    """

    numbers: dict[str, int]
    near: npt.NDArray[np.int32]
    town: npt.NDArray[np.int32]
    is_part: Mask
    in_town: Mask
