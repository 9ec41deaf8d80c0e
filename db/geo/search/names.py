"""Names ranked by how well they answer, how big they are and how near."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from db.geo.earth import METRES_A_DEGREE, Point, metres
from db.geo.search.answering import NameWords, Query
from db.geo.search.gazetteer import HOUSE, GazetteerEntry
from db.geo.search.word_index import WordIndex
from db.geo.search.words import fold, query_words

_ONE_TOWN_METRES = 1500.0
_TOWN_KM = 9.0
_TOWNS_SAID = 4
_SITE_WORDS = frozenset((
    "hospital", "surgery", "practice", "pharmacy", "station", "centre", "clinic", "health", "medical",
))  # fmt: skip
# Scores run from 0 to 1. Below the first nothing is an answer; where even the best lies below the second, words
# that exist are doubted too, which takes longer; and what lies far behind the best is left out.
_LEAST = 0.45
_DOUBTFUL = 0.6
_BEHIND_BEST = 0.72
_WEIGHT = {
    "city": 0.9, "town": 0.8, "village": 0.55, "suburb": 0.5, "hamlet": 0.35, "neighbourhood": 0.4,
    "place": 0.3, HOUSE: 0.1, "hospital": 1.0, "police": 0.5, "fire station": 0.4, "street": 0.3, "locality": 0.2,
}  # fmt: skip


Numbers = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What takes long to work out of the entries, one of each for each.

    Attributes:
        towns: the town that people would add to the name; may be empty.
        own: the words of the name, folded.
        near: the words of the place that it belongs to, folded.
        importance: how much it weighs among others of its name, 0 to 1.
        index: finds entries by their words.
    """

    towns: list[str]
    own: list[str]
    near: list[str]
    importance: npt.NDArray[np.float32]
    index: WordIndex


class NameSearch:
    """Finds entries by name.

    Args:
        entries: every name on the map.
        outwards: the postcode district of each entry, such as `NN1`; empty where not known.
        middle: (lat, lon) of the service area.
        worked_out: what an earlier start worked out of the same entries; worked out anew when left out.
    """

    def __init__(
        self,
        entries: Sequence[GazetteerEntry],
        outwards: Sequence[str],
        middle: Point,
        worked_out: "WorkedOut | None" = None,
    ) -> None:
        self.entries = list(entries)
        self.at = np.array([(e.lat, e.lon) for e in self.entries], dtype=np.float64).reshape(-1, 2)
        self._km = METRES_A_DEGREE / 1000 * np.array([1.0, math.cos(math.radians(middle[0]))])
        settled = [n for n, entry in enumerate(self.entries) if entry.kind == "place"]
        towns = [n for n in settled if self.entries[n].is_town]
        self._towns, self._settlements = ([self.entries[n] for n in some] for some in (towns, settled))
        self._town_tree, self._settlement_tree = self._tree(towns), self._tree(settled)
        self.outwards = list(outwards)
        self.worked_out = worked_out or self._work_out()
        self._town, self._index = self.worked_out.towns, self.worked_out.index
        self._importance = self.worked_out.importance
        self._far = self._distance_cost(middle)
        self._number = {id(entry): n for n, entry in enumerate(self.entries)}
        self.named = lru_cache(maxsize=4096)(self._work_out_named)

    def _work_out(self) -> "WorkedOut":
        towns = self._assign_towns()
        names, nears = [fold(entry.name) for entry in self.entries], [fold(entry.near) for entry in self.entries]
        index = WordIndex(
            names,
            [self._beside(n, near, towns[n]) for n, near in enumerate(nears)],
            [_wholes(entry, words) for entry, words in zip(self.entries, names, strict=True)],
            [_generic(entry, words) for entry, words in zip(self.entries, names, strict=True)],
        )
        importance = np.array([_importance(e) for e in self.entries], dtype=np.float32)
        return WorkedOut(towns, list(map(" ".join, names)), list(map(" ".join, nears)), importance, index)

    def _beside(self, number: int, near: Sequence[str], town: str) -> list[str]:
        """Return the words that people may add to an entry's name."""
        entry = self.entries[number]
        what = [] if entry.kind == "street" else fold(entry.what)
        return [*near, *fold(town), *what, self.outwards[number].lower()]

    def _tree(self, numbers: Sequence[int]) -> cKDTree | None:
        return cKDTree(self.at[numbers] * self._km) if numbers else None

    def _assign_towns(self) -> list[str]:
        """Give each entry the town that people would add to its name: the nearest, bigger ones reach further."""
        if self._town_tree is None:
            return [""] * len(self.entries)
        nearest = [*range(1, 1 + min(_TOWNS_SAID, len(self._towns)))]
        gaps, at = map(np.asarray, self._town_tree.query(self.at * self._km, k=nearest))
        reach = np.array([1 + math.log10(1 + town.population) / 3 for town in self._towns])
        best = (gaps / reach[at]).argmin(axis=1)
        rows = np.arange(len(self.entries))
        close = gaps[rows, best] < _TOWN_KM
        return [self._towns[n].name if ok else "" for n, ok in zip(at[rows, best], close, strict=True)]

    def _distance_cost(self, middle: Point, among: Numbers | None = None) -> npt.NDArray[np.float32]:
        cost: npt.NDArray[np.float32] = (0.025 * np.log1p(self.km_from(middle, among) / 3)).astype(np.float32)
        return cost

    def find(self, text: str, near: Point | None, limit: int) -> list[tuple[GazetteerEntry, float]]:
        """Return the best entries with their scores, best first.

        Args:
            text: what was typed.
            near: (lat, lon) that is likelier than the middle of the service area.
            limit: most entries to return.
        """
        # Twice as many as are wanted: whoever asked still drops those that would read the same.
        return [(self.entries[at], score) for at, score in self.ranked(query_words(text), near, limit * 2)]

    def ranked(
        self, words: Query, near: Point | None, limit: int, among: npt.NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return the numbers of the best entries with their scores, best first.

        Args:
            words: as from `query_words`.
            near: (lat, lon) that is likelier than the middle of the service area.
            limit: most entries to return.
            among: which entries may answer; all when left out.
        """
        if not words or not self.entries:
            return []
        scores = self._index.score(words)
        for other in self.joined(words):
            scores = np.maximum(scores, self._index.score(other))
        doubtful = scores.max() < _DOUBTFUL
        if among is not None:
            scores = np.where(among, scores, np.float32(0))
            # A word of a name elsewhere may be a slip here: "Queens Street" of a town that has a Queen Street.
            doubtful = doubtful or (len(words) > 1 and scores.max() < _DOUBTFUL)
        if doubtful:
            thorough = self._index.score(words, thorough=True)
            scores = np.maximum(scores, thorough if among is None else np.where(among, thorough, np.float32(0)))
        good = np.flatnonzero(scores >= max(_LEAST, float(scores.max()) * _BEHIND_BEST))
        far = self._far[good] if near is None else self._distance_cost(near, good)
        ranked = scores[good] + 0.12 * self._importance[good] - far
        order = np.argsort(-ranked, kind="stable")[:limit]
        return [(int(good[n]), float(ranked[n])) for n in order]

    def _work_out_named(self, number: int) -> NameWords:
        """Return the words of an entry, to weigh them one by one."""
        entry, own = self.entries[number], self.worked_out.own[number].split()
        beside = self._beside(number, self.worked_out.near[number].split(), self._town[number])
        return NameWords(own, _wholes(entry, own), _generic(entry, own), beside)

    def joined(self, words: Query) -> list[list[tuple[str, ...]]]:
        """Return the query with two words written as one, where that is a name: Berry Wood, Kings Heath."""
        found = []
        for n in range(len(words) - 1):
            together = words[n][0] + words[n + 1][0]
            if self._index.has(together):
                found.append([*words[:n], (together,), *words[n + 2 :]])
        return found

    def km_from(self, here: Point, among: Numbers | None = None) -> npt.NDArray[np.float64]:
        """Return how far each entry, or each among some, is from a point, in kilometres."""
        at = self.at if among is None else self.at[among]
        gaps: npt.NDArray[np.float64] = np.hypot(*((at - np.array(here)) * self._km).T)
        return gaps

    def cost(self, number: int) -> float:
        """Return what an entry's distance from the middle costs it."""
        return float(self._far[number])

    def town_of(self, entry: GazetteerEntry) -> str:
        """Return the place to say with an entry's name."""
        number = self._number.get(id(entry))
        return entry.near or (self._town[number] if number is not None else "")

    def detail(self, entry: GazetteerEntry) -> str:
        """Say where an entry is, so that two of the same name differ."""
        number = self._number[id(entry)]
        town = self._town[number]
        parts = [part for part in dict.fromkeys((entry.near, town)) if part and part != entry.name]
        where = ", ".join(parts)
        if entry.kind == "site" and entry.what != HOUSE:
            where = f"{entry.what}, {where}".rstrip(", ")
        elif entry.kind == "place":
            where = self._settlement(entry, where)
        return " · ".join(part for part in (where, self.outwards[number]) if part)

    @staticmethod
    def _settlement(entry: GazetteerEntry, where: str) -> str:
        return f"{entry.what} near {where}" if where else entry.what

    def towns_in(self, outward: str) -> list[str]:
        """The towns that lie in a postcode district, in the order of the alphabet."""
        found: list[GazetteerEntry] = []
        for town in self._towns:
            # One that is listed in two languages is one town.
            if self.outwards[self._number[id(town)]] == outward and not any(_is_one(town, one) for one in found):
                found.append(town)
        return sorted({town.name for town in found})

    def whereabouts(self, lat: float, lon: float) -> str:
        """Name the settlement around a point, and its town when that is another."""
        here = np.array((lat, lon)) * self._km
        near = [_name_near(self._settlement_tree, self._settlements, here)]
        near.append(_name_near(self._town_tree, self._towns, here))
        return ", ".join(dict.fromkeys(name for name in near if name))


def _is_one(town: GazetteerEntry, other: GazetteerEntry) -> bool:
    return metres((town.lat, town.lon), (other.lat, other.lon)) < _ONE_TOWN_METRES


def _name_near(tree: cKDTree | None, entries: Sequence[GazetteerEntry], here: npt.NDArray[np.float64]) -> str:
    if tree is None:
        return ""
    gap, at = tree.query(here)
    return entries[int(at)].name if gap < _TOWN_KM else ""


def _wholes(entry: GazetteerEntry, words: list[str]) -> list[str]:
    """Return a name as one word: Kingsheath, and KGH for a hospital."""
    found = ["".join(words)] if len(words) == 2 else []
    if entry.kind == "site" and len(words) >= 3:
        found.append("".join(word[0] for word in words))
    return found


def _generic(entry: GazetteerEntry, words: list[str]) -> list[str]:
    """Return the words of a site's name that only say what it is: few people say them."""
    if entry.kind != "site":
        return []
    kind = {*fold(entry.what), *_SITE_WORDS}
    return [word for word in words if word in kind] if not kind.issuperset(words) else []


def _importance(entry: GazetteerEntry) -> float:
    weight = _WEIGHT.get(entry.what, 0.15)
    if entry.population:
        weight = max(weight, min(1.0, math.log10(1 + entry.population) / 6))
    return weight
