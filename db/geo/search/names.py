"""Names ranked by how well they answer, how big they are and how near."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from db.geo.earth import METRES_A_DEGREE, Point
from db.geo.search.gazetteer import GazetteerEntry
from db.geo.search.word_index import WordIndex
from db.geo.search.words import fold, query_words

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
    "place": 0.3, "hospital": 1.0, "police": 0.5, "fire station": 0.4, "street": 0.3, "locality": 0.2,
}  # fmt: skip


class NameSearch:
    """Finds entries by name.

    Args:
        entries: every name on the map.
        outwards: the postcode district of each entry, such as `NN1`; empty where not known.
        middle: (lat, lon) of the service area.
    """

    def __init__(self, entries: Sequence[GazetteerEntry], outwards: Sequence[str], middle: Point) -> None:
        self.entries = list(entries)
        self._at = np.array([(e.lat, e.lon) for e in self.entries], dtype=np.float64).reshape(-1, 2)
        self._km = METRES_A_DEGREE / 1000 * np.array([1.0, math.cos(math.radians(middle[0]))])
        self._towns = [e for e in self.entries if e.kind == "place" and e.what in ("city", "town")]
        self._settlements = [e for e in self.entries if e.kind == "place"]
        self._town_tree = self._tree(self._towns)
        self._settlement_tree = self._tree(self._settlements)
        self._town = self._assign_towns()
        self._outwards = list(outwards)
        names = [fold(entry.name) for entry in self.entries]
        self._index = WordIndex(
            names,
            [self._beside(n) for n in range(len(self.entries))],
            [_wholes(entry, words) for entry, words in zip(self.entries, names, strict=True)],
            [_generic(entry, words) for entry, words in zip(self.entries, names, strict=True)],
        )
        self._importance = np.array([_importance(e) for e in self.entries], dtype=np.float32)
        self._far = self._distance_cost(middle)
        self._number = {id(entry): n for n, entry in enumerate(self.entries)}

    def _beside(self, number: int) -> list[str]:
        """Return the words that people may add to an entry's name."""
        entry = self.entries[number]
        what = [] if entry.kind == "street" else fold(entry.what)
        return [*fold(entry.near), *fold(self._town[number]), *what, self._outwards[number].lower()]

    def _tree(self, entries: Sequence[GazetteerEntry]) -> cKDTree | None:
        return cKDTree(np.array([(e.lat, e.lon) for e in entries]) * self._km) if entries else None

    def _assign_towns(self) -> list[str]:
        """Give each entry the town that people would add to its name: the nearest, bigger ones reach further."""
        if self._town_tree is None:
            return [""] * len(self.entries)
        nearest = [*range(1, 1 + min(_TOWNS_SAID, len(self._towns)))]
        gaps, at = map(np.asarray, self._town_tree.query(self._at * self._km, k=nearest))
        reach = np.array([1 + math.log10(1 + town.population) / 3 for town in self._towns])
        best = (gaps / reach[at]).argmin(axis=1)
        rows = np.arange(len(self.entries))
        close = gaps[rows, best] < _TOWN_KM
        return [self._towns[n].name if ok else "" for n, ok in zip(at[rows, best], close, strict=True)]

    def _distance_cost(self, middle: Point) -> npt.NDArray[np.float32]:
        km = np.hypot(*((self._at - np.array(middle)) * self._km).T)
        cost: npt.NDArray[np.float32] = (0.025 * np.log1p(km / 3)).astype(np.float32)
        return cost

    def find(self, text: str, near: Point | None, limit: int) -> list[tuple[GazetteerEntry, float]]:
        """Return the best entries with their scores, best first.

        Args:
            text: what was typed.
            near: (lat, lon) that is likelier than the middle of the service area.
            limit: most entries to return.
        """
        words = query_words(text)
        if not words or not self.entries:
            return []
        scores = self._index.score(words)
        for other in self._joined(words):
            scores = np.maximum(scores, self._index.score(other))
        if scores.max() < _DOUBTFUL:
            scores = np.maximum(scores, self._index.score(words, thorough=True))
        good = np.flatnonzero(scores >= max(_LEAST, float(scores.max()) * _BEHIND_BEST))
        far = self._far if near is None else self._distance_cost(near)
        ranked = scores[good] + 0.12 * self._importance[good] - far[good]
        # Twice as many as are wanted: whoever asked still drops those that would read the same.
        order = np.argsort(-ranked, kind="stable")[: limit * 2]
        return [(self.entries[int(good[n])], float(ranked[n])) for n in order]

    def _joined(self, words: list[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
        """Return the query with two words written as one, where that is a name: Berry Wood, Kings Heath."""
        found = []
        for n in range(len(words) - 1):
            together = words[n][0] + words[n + 1][0]
            if self._index.has(together):
                found.append([*words[:n], (together,), *words[n + 2 :]])
        return found

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
        if entry.kind == "site":
            where = f"{entry.what}, {where}".rstrip(", ")
        elif entry.kind == "place":
            where = self._settlement(entry, where)
        return " · ".join(part for part in (where, self._outwards[number]) if part)

    @staticmethod
    def _settlement(entry: GazetteerEntry, where: str) -> str:
        return f"{entry.what} near {where}" if where else entry.what

    def whereabouts(self, lat: float, lon: float) -> str:
        """Name the settlement around a point, and its town when that is another."""
        here = np.array((lat, lon)) * self._km
        near = [_name_near(self._settlement_tree, self._settlements, here)]
        near.append(_name_near(self._town_tree, self._towns, here))
        return ", ".join(dict.fromkeys(name for name in near if name))


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
