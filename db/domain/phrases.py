"""Phrases that are looked for in a narrative (:mod:`db.domain.entries`), found all at once."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import zip_longest
from operator import or_
from typing import NamedTuple

from db.domain.cues import NEGATORS, NUMBERS, THROWN
from db.domain.entries import GAP_WORDS, Phrase, phrases
from db.domain.said import WordsSaid
from db.domain.spelling import Speller

_BESIDE_WORDS = 14
_TELLING = 8
_DENIED_WITHIN = 2
_SHORTEST_OWNER = 5
_YEAR = re.compile(r"(?:19|20)\d\d")
_TEEN = re.compile(r"1[3-9]")
_WEEKS = re.compile(r"(?:[4-9]|[1-3]\d|4[0-2])/40")


class Match(NamedTuple):
    """A phrase found: for what it was looked for, and the places of its own words among the tokens.

    Words of a gap lie between its first and its last place and are none of its own.
    """

    about: str
    places: tuple[int, ...]

    @property
    def first(self) -> int:
        """The place of the first token."""
        return self.places[0]

    @property
    def end(self) -> int:
        """The place behind the last token."""
        return self.places[-1] + 1


class _Heard:
    """The words of a narrative with what each may mean."""

    def __init__(self, said: WordsSaid, meant: list[frozenset[str]]) -> None:
        self._said = said
        self._meant = meant
        self._all = frozenset[str]().union(*meant)
        self._beside: dict[Phrase, list[Phrase]] = {}

    def is_beside(self, phrase: Phrase, places: tuple[int, ...]) -> bool:
        """Whether what a phrase that was found at these places asks for besides stands in the same sentence."""
        if not phrase.beside:
            return True
        if phrase not in self._beside:
            self._beside[phrase] = [other for other in phrase.beside if self._is_said_somewhere(other)]
        if not (possible := self._beside[phrase]):
            return False
        sentences = self._said.sentences
        around = range(max(0, places[0] - _BESIDE_WORDS), min(places[-1] + _BESIDE_WORDS, len(sentences)))
        within = [at for at in around if sentences[at] == sentences[places[0]] and at not in places]
        return any(
            not other.words[0][0].isdisjoint(self._meant[at]) and bool(self.places(other, at))
            for other in possible
            for at in within
        )

    def _is_said_somewhere(self, phrase: Phrase) -> bool:
        return all(not self._all.isdisjoint(part) for part in phrase.parts)

    def places(self, phrase: Phrase, first: int) -> tuple[int, ...]:
        """Where the words of a phrase stand that begins at ``first``; nothing when they do not."""
        # The nearest place of each word is taken and never given up again, so that a text is read in one go.
        ends, turns, meant = self._said.ends, self._said.turns, self._meant
        places, at = [first], first
        for wanted, reach in phrase.words[1:]:
            last = at + 1 + reach
            while True:
                if ends[at]:
                    return ()
                at += 1
                if not wanted.isdisjoint(meant[at]):
                    break
                if at == last or turns[at]:
                    return ()
            places.append(at)
        return tuple(places)


class _Begins(NamedTuple):
    """The phrases, as bits, that a word is all of, that it begins, and whose second and third word it is.

    A version has thousands of phrases and a narrative the words of few: numbers of as many bits rule out most at
    once, before any place is tried.
    """

    whole: int = 0
    first: int = 0
    second: int = 0
    third: int = 0

    def __or__(self, other: "_Begins") -> "_Begins":
        return _Begins(*(one | more for one, more in zip(self, other, strict=True)))


def _begins(phrases: Iterable[Phrase]) -> dict[str, _Begins]:
    """Of each word the phrases that it takes part in, which are numbered in their order."""
    begins: dict[str, _Begins] = {}
    for number, phrase in enumerate(phrases):
        bit = 1 << number
        opens = _Begins(first=bit) if len(phrase.words) > 1 else _Begins(whole=bit)
        # One of two words has no third that could be missed.
        closes = _Begins(second=bit) if len(phrase.words) > 2 else _Begins(second=bit, third=bit)
        for (words, _), part in zip(phrase.words, (opens, closes, _Begins(third=bit)), strict=False):
            for word in words:
                begins[word] = begins.get(word, _Begins()) | part
    return begins


def _possible(line: Sequence[_Begins]) -> list[int]:
    """Of each place the phrases that may begin there: their second and third word stand within reach."""
    if not line:
        return []
    wholes, firsts, seconds, thirds = zip(*line, strict=True)
    second = _ahead(seconds, GAP_WORDS + 1)
    third = _ahead(thirds, 2 * (GAP_WORDS + 1))
    return [
        whole | first & near & far for whole, first, near, far in zip(wholes, firsts, second, third, strict=True)
    ]


def _ahead(line: Sequence[int], reach: int) -> list[int]:
    """Of each place the bits of the ``reach`` places behind it. Each run is made of two shorter ones."""
    runs, width = list(line[1:]), 1
    while width < reach:
        step = min(width, reach - width)
        runs = [one | other for one, other in zip_longest(runs, runs[step:], fillvalue=0)]
        width += step
    return [*runs, 0]


class Lexicon:
    """All phrases that are looked for at once.

    Args:
        written: what is looked for, by what it is about.
        beginnings: the last word of each phrase has any ending, as in version 1 of the tool, which knew no star.
    """

    def __init__(self, written: Mapping[str, Iterable[str]], *, beginnings: bool = False) -> None:
        self._phrases = made = list(phrases(written, beginnings=beginnings))
        self._begins = _begins(made)
        words = {word for phrase in made for part in phrase.parts for word in part}
        self._exact = frozenset(word for word in words if "*" not in word)
        self._stems = frozenset(word[:-1] for word in words if word.endswith("*"))
        self._endings = frozenset(word[1:] for word in words if word.startswith("*"))
        self._longest = max(map(len, self._stems | self._endings), default=0)
        self._speller = Speller(_telling(made))
        # A narrative is read at every key that is typed in it.
        self._meant = lru_cache(maxsize=4096)(self._mean)
        self._taking_part = lru_cache(maxsize=4096)(self._takes_part)

    def find(self, said: WordsSaid) -> list[Match]:
        """Every phrase in a narrative, without what an exemption covers, in the order of their beginnings."""
        line = _Heard(said, [self._meant(word) for word in said.words])
        found = [
            (phrase, Match(phrase.about, tuple(said.places[place] for place in places)))
            for first, possible in enumerate(_possible([self._taking_part(word) for word in said.words]))
            if possible
            for phrase in (self._phrases[number] for number in _bits(possible))
            if (places := line.places(phrase, first)) and line.is_beside(phrase, places)
        ]
        exempt = _covered([match for phrase, match in found if phrase.is_exempt and not _is_denied(said, match)])
        void = {(one.about, place) for phrase, one in found if phrase.is_void for place in one.places}
        return [
            match
            for phrase, match in found
            if not phrase.is_exempt
            and (phrase.is_sure or match.about not in exempt or not _is_exempt(match, exempt[match.about]))
            and not (void and any((match.about, place) in void for place in match.places))
        ]

    def meant(self, token: str) -> frozenset[str]:
        """The words of its phrases that a typed word stands for, one with a slip too."""
        return self._meant(token)

    def _takes_part(self, token: str) -> _Begins:
        return reduce(or_, (self._begins.get(word, _Begins()) for word in self._meant(token)), _Begins())

    def _mean(self, token: str) -> frozenset[str]:
        """The words of phrases that a typed word stands for."""
        said = {token} if token in self._exact else set()
        for length in range(2, min(len(token), self._longest) + 1):
            if token[:length] in self._stems:
                said.add(f"{token[:length]}*")
            if token[-length:] in self._endings and length < len(token):
                said.add(f"*{token[-length:]}")
        if _YEAR.fullmatch(token):
            said.add("#year")
        if _TEEN.fullmatch(token):
            said.add("#teen")
        if _WEEKS.fullmatch(token):
            said.add("#weeks")
        if token[0].isdigit() or token in NUMBERS:
            said.add("#number")
        if token not in self._exact and token.endswith("in") and f"{token}g" in self._exact:
            # "cuttin", "bleedin": as many say it, and write it.
            said.add(f"{token}g")
        if token.endswith("'s") and (not said or len(token) > _SHORTEST_OWNER):
            # "his heart's being squeezed", "the dog's loose".
            return frozenset(said) | self._meant(token[:-2])
        # Only what stands for nothing as it is written is taken for a slip.
        slips = frozenset[str]() if said else self._speller.meant(token)
        heard = frozenset[str]() if token in self._exact else self._speller.heard(token)
        return slips | heard | said


def _bits(number: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _telling(phrases: Iterable[Phrase]) -> dict[str, bool]:
    """The words that are looked for, with whether any slip is known in them: they are long, or say all."""
    telling: dict[str, bool] = {}
    for phrase in phrases:
        for word in () if phrase.is_exempt else frozenset[str]().union(*phrase.parts):
            telling[word] = telling.get(word, False) or len(phrase.words) == 1 or len(word) >= _TELLING
    return telling


def _covered(exemptions: Iterable[Match]) -> dict[str, dict[int, int]]:
    """Of each place that an exemption covers, how far that reaches; by what it is about."""
    covered: dict[str, dict[int, int]] = {}
    for one in exemptions:
        reaches = covered.setdefault(one.about, {})
        for place in range(one.first, one.end):
            reaches[place] = max(one.end, reaches.get(place, 0))
    return covered


def _is_denied(said: WordsSaid, exemption: Match) -> bool:
    """Whether what would excuse it was not done: "hasn't thrown the tablets away"."""
    before = [token.text for token in said.tokens[max(0, exemption.first - _DENIED_WITHIN) : exemption.first]]
    return said.tokens[exemption.first].text in THROWN and not NEGATORS.isdisjoint(before)


def _is_exempt(match: Match, reaches: Mapping[int, int]) -> bool:
    """Whether an exemption reaches as far: "punched himself" does not exempt "punched himself and two nurses"."""
    return any(reaches.get(place, 0) >= match.end for place in range(match.first, match.end))
