"""How well a name answers what was said: word for word, each word of the name used once.

The index (`word_index.py`) finds quickly what is like a text; whether the best of it is also what was meant is
weighed here, on the few that it found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

_CLOSE = 0.78
# The beginning of a word says which, if it is long or most of it.
_BEGUN_LETTERS = 6
_BEGUN_PART = 0.6
_SHORT_WORD = 4
_OTHER_FIRST = 0.9

Query = Sequence[tuple[str, ...]]


class Level(IntEnum):
    """How far a name is what was said; a higher one leaves less to doubt."""

    SOME = 0
    """Something that was said is not of it."""
    ALL_SAID = 1
    """Everything that was said is of it, and it may be called more than that."""
    ALL_NAMED = 2
    """And its whole name was said in its order, perhaps misspelt."""
    EXACT = 3
    """And nothing was misspelt."""


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words of one entry.

    Attributes:
        own: of its name, in order.
        wholes: other ways to write the whole name as one word.
        needless: words of the name that few people say.
        beside: words that people add: its town, its kind.
    """

    own: Sequence[str]
    wholes: Sequence[str]
    needless: Sequence[str]
    beside: Sequence[str]


@dataclass(frozen=True, slots=True)
class Fit:
    """How an entry answers.

    Attributes:
        level: see `Level`.
        share: how much of what was said is of it, 0 to 1.
        own: which words that were said, by number, are of its own name.
    """

    level: Level
    share: float
    own: frozenset[int]


def fit(query: Query, named: NameWords) -> Fit:
    """Weigh one entry against the words that were said."""
    # By place: a name may have a word twice.
    left, said, own, order = list(range(len(named.own))), [], set(), []
    for number, meanings in enumerate(query):
        alike, word = _best(meanings, [named.own[at] for at in left])
        beside = _best(meanings, named.beside)[0]
        if any(whole in meanings for whole in named.wholes):
            alike, left = 1.0, []
            own.add(number)
        elif alike >= max(beside, _CLOSE):
            order.append(next(at for at in left if named.own[at] == word))
            left.remove(order[-1])
            own.add(number)
        said.append(max(alike, beside))
    missed = _missed([named.own[at] for at in left], named)
    level = _level(said, whole=bool(own) and not missed and order == sorted(order))
    good = [one if one >= _CLOSE else 0.0 for one in said]
    return Fit(level, sum(good) / max(1, len(good)), frozenset(own))


def is_said(word: str, query: Query) -> bool:
    """Whether a word was said, perhaps misspelt."""
    return any(_alike(meaning, word) >= _CLOSE for meanings in query for meaning in meanings)


def _missed(left: Sequence[str], named: NameWords) -> list[str]:
    """The words of a name that were needed and not said: Corby alone is the town, not its police station."""
    said = [word for word in named.own if word not in left]
    needless = () if said and all(word in named.beside for word in said) else named.needless
    return [word for word in left if word not in needless]


def _level(said: Sequence[float], *, whole: bool) -> Level:
    if not said or min(said) < _CLOSE:
        return Level.SOME
    if not whole:
        return Level.ALL_SAID
    return Level.EXACT if min(said) == 1.0 else Level.ALL_NAMED


def _best(meanings: tuple[str, ...], words: Sequence[str]) -> tuple[float, str]:
    # Of equals the first: what was said runs in the order of the name.
    best = 0.0, ""
    for word in words:
        alike = max(_alike(meaning, word) for meaning in meanings)
        best = (alike, word) if alike > best[0] else best
    return best


def _alike(said: str, word: str) -> float:
    if said == word:
        return 1.0
    if len(said) < _SHORT_WORD or said.isdigit():
        return 0.0
    if word.startswith(said) and (len(said) >= _BEGUN_LETTERS or len(said) >= _BEGUN_PART * len(word)):
        return 0.9
    # Hands and ears get a first letter right.
    return min(0.95, OSA.normalized_similarity(said, word) * (1 if said[:1] == word[:1] else _OTHER_FIRST))
