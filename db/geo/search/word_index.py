"""Finding names by their words, whole, begun or misspelt."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

Scores = npt.NDArray[np.float32]
# How alike two words must be, 0 to 1; stricter for words of up to ``_SHORT`` letters. ``_MOST_…`` bounds what one
# typed word may stand for, so that a key press stays cheap.
_ALIKE = 0.66
_ALIKE_SHORT = 0.74
_SHORT = 5
_MOST_MEANT = 120
_MOST_SPELLINGS = 24
_CONTEXT_WORTH = 0.9
_CONTEXT_FIRST = 0.8
_WHOLE_PART = 0.75
_NONE = np.empty(0, dtype=np.int32)


class WordIndex:
    """Scores every entry against a query at once.

    Args:
        names: the words of each entry's own name.
        contexts: the words that may be said beside it, such as its town.
        wholes: other ways to write an entry's whole name as one word.
        generic: the words of each entry's name that nobody needs to say, such as `hospital`.
    """

    def __init__(
        self,
        names: Sequence[Sequence[str]],
        contexts: Sequence[Sequence[str]],
        wholes: Sequence[Sequence[str]],
        generic: Sequence[Sequence[str]],
    ) -> None:
        self._size = len(names)
        own, beside, whole = _postings(names), _postings(contexts), _postings(wholes)
        self._words = sorted({*own, *beside, *whole})
        self._own = [own.get(word, _NONE) for word in self._words]
        self._beside = [beside.get(word, _NONE) for word in self._words]
        self._whole = [whole.get(word, _NONE) for word in self._words]
        count = [len(a) + 0.1 * len(b) for a, b in zip(self._own, self._beside, strict=True)]
        self._rarity = np.log1p(self._size / (1.0 + np.array(count))).astype(np.float32)
        self._name_weight = self._weigh_names(generic)
        self._spellings = lru_cache(maxsize=8192)(self._work_out_spellings)
        self._cut = lru_cache(maxsize=32)(self._work_out_cut)
        self._long = lru_cache(maxsize=32)(self._work_out_long)

    def _weigh_names(self, generic: Sequence[Sequence[str]]) -> Scores:
        weight = np.full(self._size, 1e-6, dtype=np.float32)
        for rarity, entries in zip(self._rarity, self._own, strict=True):
            weight[entries] += rarity
        known = dict(zip(self._words, self._rarity, strict=True))
        for entry, words in enumerate(generic):
            weight[entry] -= sum(float(known[word]) for word in set(words)) * 0.9
        return np.maximum(weight, np.float32(1e-6))

    def has(self, word: str) -> bool:
        """Say whether any entry has exactly this word."""
        at = bisect_left(self._words, word)
        return at < len(self._words) and self._words[at] == word

    def score(self, query: Sequence[tuple[str, ...]], *, thorough: bool = False) -> Scores:
        """Score every entry.

        Args:
            query: words, each as a tuple of what it may mean.
            thorough: doubt words that exist too: `More Street` may be Moore Street.

        Returns:
            One score an entry, 0 to 1: how much of the query it answers, and how much of its name was said.
        """
        asked, answered, said = 0.0, np.zeros(self._size, np.float32), np.zeros(self._size, np.float32)
        # One letter after other words says nothing yet, and begins a thousand names.
        query = query[:-1] if len(query) > 1 and len(query[-1][0]) == 1 else query
        for position, meanings in enumerate(query):
            last = position == len(query) - 1
            found = [one for meaning in meanings for one in self._spellings(meaning, last, thorough)]
            found.sort(key=lambda one: -one[1])
            if not found:
                asked += float(self._rarity.mean())
                continue
            weight = float(self._rarity[found[0][0]])
            asked += weight
            # People say the name first and the town after it.
            beside = _CONTEXT_WORTH if position else _CONTEXT_FIRST
            best, own = self._match(found, beside)
            answered += best * np.float32(weight)
            said += own
        if not asked:
            return answered
        covered = np.minimum(said / self._name_weight, 1.0)
        scores: Scores = answered / np.float32(asked) * (0.75 + 0.25 * covered)
        return scores

    def _match(self, found: list[tuple[int, float]], beside: float) -> tuple[Scores, Scores]:
        """Return how well each entry answers one query word, and how much of its own name that says."""
        best, own = np.zeros(self._size, np.float32), np.zeros(self._size, np.float32)
        # The worst first: a better match then simply overwrites, which is quicker than taking the larger.
        for word, alike in reversed(found):
            best[self._beside[word]] = alike * beside
        for word, alike in reversed(found):
            mine, whole = self._own[word], self._whole[word]
            best[mine] = np.maximum(best[mine], alike)
            own[mine] = self._rarity[word] * alike
            best[whole] = np.maximum(best[whole], alike)
            own[whole] = self._name_weight[whole] * alike
        return best, own

    def _work_out_spellings(self, word: str, unfinished: bool, thorough: bool) -> list[tuple[int, float]]:
        """Return words that may be meant, each with how alike it is, 0 to 1."""
        alike: dict[int, float] = {}
        at = bisect_left(self._words, word)
        while at < len(self._words) and self._words[at].startswith(word):
            part = len(word) / len(self._words[at])
            # A word that is still being typed is as good as its beginning.
            if part == 1:
                alike[at] = 1.0
            elif part > _WHOLE_PART or len(self._own[at]) or len(self._beside[at]):
                alike[at] = (0.85 if unfinished else 0.6) + 0.14 * part
            at += 1
        # Whoever typed a whole word, or the beginning of one, has hardly misspelt another.
        settled = 1.0 in alike.values() or (unfinished and alike and len(word) <= _SHORT)
        if len(word) >= 4 and (thorough or not settled) and not word.isdigit():
            self._add_misspelt(word, unfinished, alike)
        return sorted(alike.items(), key=lambda item: -item[1])[:_MOST_MEANT]

    def _add_misspelt(self, word: str, unfinished: bool, alike: dict[int, float]) -> None:
        places, words = self._long(len(word))
        for at, score in _near(word, words):
            alike[places[at]] = max(alike.get(places[at], 0.0), score * 0.88)
        if unfinished and not alike:
            beginnings, begun = self._cut(len(word))
            for at, score in _near(word, beginnings):
                for place in begun[at]:
                    alike[place] = max(alike.get(place, 0.0), score * 0.75)

    def _work_out_long(self, length: int) -> tuple[list[int], list[str]]:
        """Return the words whose length lets them be alike at all, and where they are."""
        # A difference in length is a difference in letters already: the others need not be compared at all.
        least, most = length * _ALIKE, length / _ALIKE
        places = [at for at, word in enumerate(self._words) if least <= len(word) <= most]
        return places, [self._words[at] for at in places]

    def _work_out_cut(self, length: int) -> tuple[list[str], list[list[int]]]:
        """Return the distinct beginnings of all words at a length, and which words each begins."""
        begun: dict[str, list[int]] = {}
        for at, word in enumerate(self._words):
            if len(word) > length:
                begun.setdefault(word[:length], []).append(at)
        return list(begun), list(begun.values())


def _near(word: str, among: Sequence[str]) -> list[tuple[int, float]]:
    # A typo in a short word leaves little of it: the shorter, the stricter.
    least = _ALIKE if len(word) > _SHORT else _ALIKE_SHORT
    found = process.extract(
        word, among, scorer=OSA.normalized_similarity, limit=_MOST_SPELLINGS, score_cutoff=least
    )
    return [(at, score) for _, score, at in found]


def _postings(texts: Sequence[Sequence[str]]) -> dict[str, npt.NDArray[np.int32]]:
    found: dict[str, list[int]] = {}
    for at, words in enumerate(texts):
        for word in set(words):
            found.setdefault(word, []).append(at)
    return {word: np.array(entries, dtype=np.int32) for word, entries in found.items()}
