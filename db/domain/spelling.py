"""Words typed with one slip (a letter too many, too few, wrong, or two in the wrong order), or written by ear."""

import re
from collections.abc import Iterator, Mapping

from db.domain.real_sounds import ALIKE
from db.domain.real_words import SLIPS
from db.domain.sounding import sound

_DOUBLED = re.compile(r"(.)\1+")
_SHORTEST = 6
_SHORTEST_SWAPPED = 5
_SHORTEST_BY_EAR = 4
_LEAST_SOUND = 3
"""Of shorter words, too many are one slip away from another word."""
_REAL = SLIPS | ALIKE
_ENDINGS = ("", "e", "d", "s", "ed", "es", "ing", "ion", "y", "ive", "ent")


class Speller:
    """Finds the word that was meant.

    Args:
        words: those that are looked for, one that ends in ``*`` has any ending; with whether any slip is known in
            it, or only two letters in the wrong order.
    """

    def __init__(self, words: Mapping[str, bool]) -> None:
        self._near: dict[str, set[tuple[str, str, bool]]] = {}
        self._by_ear: dict[str, set[str]] = {}
        self._words = frozenset(words)
        for word, is_telling in words.items():
            for whole in _whole(word):
                if len(whole) >= _SHORTEST_BY_EAR and whole.isalpha():
                    self._by_ear.setdefault(sound(whole), set()).add(word)
                if len(whole) >= _SHORTEST_SWAPPED and whole.isalpha():
                    # Two words one slip apart share a form with a letter less; so a few look-ups find it, and no
                    # comparison with all.
                    for form in {whole, _single(whole), *_shortened(whole)}:
                        self._near.setdefault(form, set()).add((whole, word, is_telling))

    def heard(self, typed: str) -> frozenset[str]:
        """The words that ``typed`` sounds like; empty when it is a word of its own."""
        if len(typed) < _SHORTEST_BY_EAR or typed in _REAL or not typed.isalpha():
            return frozenset()
        said, single = sound(typed), _single(typed)
        # "fitt", "gunn": too short for their sound to tell, but a letter doubled is no other word.
        doubled = {single} if single != typed and single in self._words else set[str]()
        return frozenset(self._by_ear.get(said, ()) if len(said) >= _LEAST_SOUND else ()) | doubled

    def meant(self, typed: str) -> frozenset[str]:
        """The words that ``typed`` is one slip away from; empty when it is a word of its own."""
        if len(typed) < _SHORTEST_SWAPPED or typed in _REAL or not typed.isalpha():
            return frozenset()
        return frozenset(
            word
            for form in {typed, _single(typed), *_shortened(typed)}
            for whole, word, is_telling in self._near.get(form, ())
            if _is_swapped(typed, whole) or (is_telling and _is_slip(typed, whole))
        )


def _whole(word: str) -> Iterator[str]:
    if not word.endswith("*"):
        yield word
        return
    yield from (f"{word[:-1]}{ending}" for ending in _ENDINGS)


def _shortened(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _single(word: str) -> str:
    """Without the second of two equal letters: "agresive" for "aggressive"."""
    return _DOUBLED.sub(r"\1", word)


def _is_swapped(typed: str, whole: str) -> bool:
    if len(typed) != len(whole) or typed[0] != whole[0]:
        return False
    wrong = [at for at, letter in enumerate(typed) if letter != whole[at]]
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and typed[wrong[0]] == whole[wrong[1]]


def _is_slip(typed: str, whole: str) -> bool:
    """A letter too many, too few, or wrong, behind the first; or letters doubled or not."""
    longer, shorter = sorted((typed, whole), key=len, reverse=True)
    if len(longer) >= _SHORTEST and _single(longer) == _single(shorter):
        return True
    if typed[0] != whole[0] or len(longer) < _SHORTEST:
        return False
    if len(longer) == len(shorter):
        return sum(one != other for one, other in zip(longer, shorter, strict=True)) == 1
    return len(longer) == len(shorter) + 1 and shorter in _shortened(longer)
