"""Whom or what somebody may have meant who wrote a name otherwise than it is kept: asked, never guessed. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import permutations

from db.domain.import_columns import key_of
from db.domain.records import StaffMember
from db.domain.texts import letters

_MOST = 9
"""So many as there are digits to choose by."""
_LIKE = 0.8
_NEARLY = 0.9
_MANY_WORDS = 5
"""A name of more words is only compared letter by letter."""


def called(one: StaffMember, staff: Iterable[StaffMember]) -> str:
    """What names one person alone: the name, with the profession where two share it."""
    alone = sum(key_of(other.name) == key_of(one.name) for other in staff) == 1
    return one.name if alone else f"{one.name} ({one.profession})"


def likely_people(said: str, staff: Sequence[StaffMember]) -> tuple[str, ...]:
    """Who may be meant, the likeliest first, each as it names one person: ``Roy S`` is Sam Roy, or Roy Sands."""
    found = sorted(
        ((_likeness(said, one.name), one.name, one) for one in staff), key=lambda row: (-row[0], row[1])
    )
    # Whose name it is part of goes before whose name only has many of its letters.
    least = 1.0 if found and found[0][0] == 1.0 else _LIKE
    return tuple(called(one, staff) for how, _, one in found if how >= least)[:_MOST]


def likely_vans(said: str, vans: Mapping[str, object]) -> tuple[str, ...]:
    """Which callsigns may be meant; ``3`` is CRU3 where no other van ends so."""
    plain = "".join(_words(said))
    ends = [one for one in vans if plain.isdigit() and re.fullmatch(rf"\D*0*{int(plain)}", one)]
    return tuple(sorted(ends))[:_MOST]


def _likeness(said: str, name: str) -> float:
    """1 where every word that was written is a word of the name, or begins one; else how alike the letters are."""
    mine, words = _words(said), _words(name)
    if not mine or not words:
        return 0.0
    if len(words) <= _MANY_WORDS and 1 < len(mine) <= len(words):
        for order in permutations(words, len(mine)):
            if all(whole.startswith(part) for part, whole in zip(mine, order, strict=True)):
                return 1.0
    if mine in ([words[0]], [words[-1]]):
        return 1.0
    return SequenceMatcher(None, " ".join(sorted(mine)), " ".join(sorted(words))).ratio()


def how_alike(name: str, other: str) -> float:
    """How alike two names are as two people wrote them down, whoever was first: 1 for the same words in any order.

    Words that begin words of the other make ``Sam Roy`` and ``Samuel Roy`` one; a single word is compared by its
    letters with each word of the other, and is never certain.
    """
    # The shorter first: whoever was typed first, the letters are compared the same way round.
    mine, theirs = sorted((sorted(_words(name)), sorted(_words(other))), key=lambda words: (len(words), words))
    if not mine:
        return 0.0
    if len(mine) == 1 < len(theirs):
        return min(_NEARLY, max(SequenceMatcher(None, mine[0], word).ratio() for word in theirs))
    return _likeness(" ".join(mine), " ".join(theirs))


def are_same_words(name: str, other: str) -> bool:
    """Whether two names have the same words, in whatever order and however accented."""
    return sorted(_words(name)) == sorted(_words(other))


def _words(text: str) -> list[str]:
    """Without capitals, marks and accents: ``Łukasz O'Dea`` and ``lukasz odea`` are the same."""
    return re.findall(r"\w+", letters(text))


def is_nearly(name: str, other: str) -> bool:
    """Whether a name may be another one with a slip in it: a new colleague, or the known one written otherwise."""
    return SequenceMatcher(None, " ".join(_words(name)), " ".join(_words(other))).ratio() >= _NEARLY
