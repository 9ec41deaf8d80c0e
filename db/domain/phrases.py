"""Phrases that are looked for in a narrative, and the narrative cut into tokens for it.

A phrase is written as it stands in a version of the screening tool: words with a space between; ``a|b`` is one
word or the other; a trailing ``*`` any ending; ``..`` up to four words of the same clause; ``#year`` and
``#number`` what they say. A phrase that begins with ``-`` is an exemption: what it covers is not found ("-fire
alarm"). ``@name = a|b`` gives words a name that all entries of the version may use.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from db.domain.cues import GAP_ENDS, NUMBERS
from db.domain.spelling import Speller

GAP = ".."
_GAP_WORDS = 4
_EXEMPT_GAP_WORDS = 2
"""An exemption reaches less far than a danger, so that it hides none."""
_TELLING = 8
_TOKEN = re.compile(
    r"\b[a-z]/[a-z]\b|[^\W\d_]\d+\b|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s\"'“”\u2018\u2019-]|\s-+\s|\n",
    re.IGNORECASE,
)
_NAMED = re.compile(r"@(\w+)\s*=(.*)", re.DOTALL)
_NAME = re.compile(r"@(\w+)")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Token(NamedTuple):
    """A word or sign: in small letters, with its place in the text."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number, and no sign."""
        return self.text[0].isalnum()


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


def plain(text: str) -> str:
    """The text with one kind of apostrophe, of the same length."""
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def tokens(text: str) -> list[Token]:
    """The words and signs of a narrative in their order."""
    return [
        Token(match[0].strip(" \t").lower() or "\n", match.start(), match.end())
        for match in _TOKEN.finditer(plain(text))
    ]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Its words, each with how many others may stand before it."""

    about: str
    words: tuple[tuple[frozenset[str], int], ...]
    is_exempt: bool
    second: frozenset[str]
    """What must follow soon; of a phrase of one word that word."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """The words of a text: what each may mean, whether a sign follows, whether a clause begins with it."""

    meant: list[frozenset[str]]
    ends: list[bool]
    turns: list[bool]

    def places(self, phrase: _Phrase, first: int) -> tuple[int, ...]:
        """Where the words of a phrase stand that begins at ``first``; nothing when they do not."""
        # The nearest place of each word is taken and never given up again, so that a text is read in one go.
        places, at = [first], first
        for wanted, reach in phrase.words[1:]:
            last = at + 1 + reach
            while True:
                if self.ends[at]:
                    return ()
                at += 1
                if not wanted.isdisjoint(self.meant[at]):
                    break
                if at == last or self.turns[at]:
                    return ()
            places.append(at)
        return tuple(places)

    def near(self) -> list[frozenset[str]]:
        """Of each place what is meant there and at the places a second word may stand: one look rules out most."""
        return [frozenset().union(*self.meant[at : at + _GAP_WORDS + 2]) for at in range(len(self.meant))]


class Lexicon:
    """All phrases that are looked for at once.

    Args:
        phrases: what is looked for, by what it is about.
        beginnings: the last word of each phrase has any ending, as in version 1 of the tool, which knew no star.
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]], *, beginnings: bool = False) -> None:
        written = (
            _phrase(about, f"{text}*" if beginnings else text)
            for about, texts in _written_out(phrases).items()
            for text in texts
        )
        made = [phrase for phrase in written if phrase.words]
        self._by_first: dict[str, list[_Phrase]] = {}
        for phrase in made:
            for word in phrase.words[0][0]:
                self._by_first.setdefault(word, []).append(phrase)
        words = {word for phrase in made for part, _ in phrase.words for word in part}
        self._exact = frozenset(word for word in words if not word.endswith("*"))
        self._stems = frozenset(word[:-1] for word in words if word.endswith("*"))
        self._longest = max((len(stem) for stem in self._stems), default=0)
        self._speller = Speller(_telling(made))
        # A narrative is read at every key that is typed in it.
        self._meant = lru_cache(maxsize=4096)(self._mean)

    def find(self, text: list[Token]) -> list[Match]:
        """Every phrase in the text, without what an exemption covers, in the order of their beginnings."""
        words = [at for at, token in enumerate(text) if token.is_word]
        known = {word: self._meant(word) for word in {text[at].text for at in words}}
        line = _Heard(
            [known[text[at].text] for at in words],
            [_is_last(text, at) for at in words],
            [text[at].text in GAP_ENDS for at in words],
        )
        # A version has over a thousand phrases and a narrative the words of few: most are out before any
        # place is tried.
        possible = self._possible(frozenset().union(*line.meant))
        near = line.near()
        found = [
            (phrase, Match(phrase.about, tuple(words[place] for place in places)))
            for first, meant in enumerate(line.meant)
            for word in meant
            for phrase in possible[word]
            if not phrase.second.isdisjoint(near[first]) and (places := line.places(phrase, first))
        ]
        exempt = _covered([match for phrase, match in found if phrase.is_exempt])
        return [
            match
            for phrase, match in found
            if not phrase.is_exempt and not _is_exempt(match, exempt.get(match.about, {}))
        ]

    def _possible(self, said: frozenset[str]) -> dict[str, list[_Phrase]]:
        """The phrases all of whose words are said somewhere, by their first word: few of all that there are."""
        return {
            word: [
                phrase
                for phrase in self._by_first.get(word, ())
                if not any(wanted.isdisjoint(said) for wanted, _ in phrase.words[1:])
            ]
            for word in said
        }

    def _mean(self, token: str) -> frozenset[str]:
        """The words of phrases that a typed word stands for."""
        said = {token} if token in self._exact else set()
        for length in range(2, min(len(token), self._longest) + 1):
            if token[:length] in self._stems:
                said.add(f"{token[:length]}*")
        if _YEAR.fullmatch(token):
            said.add("#year")
        if token[0].isdigit() or token in NUMBERS:
            said.add("#number")
        if token not in self._exact and token.endswith("in") and f"{token}g" in self._exact:
            # "cuttin", "bleedin": as many say it, and write it.
            said.add(f"{token}g")
        # Only what stands for nothing as it is written is taken for a slip.
        return frozenset(said) or self._speller.meant(token)


def _written_out(phrases: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The phrases one by one, with the words that a name stands for in its place."""
    single = {about: [text.strip() for text in texts if text.strip()] for about, texts in phrases.items()}
    given = [_NAMED.fullmatch(text) for texts in single.values() for text in texts]
    named = {match[1]: match[2].strip() for match in given if match}
    return {
        about: [
            _NAME.sub(lambda name: named.get(name[1], name[0]), text)
            for text in texts
            if not _NAMED.fullmatch(text)
        ]
        for about, texts in single.items()
    }


def _phrase(about: str, text: str) -> _Phrase:
    words: list[tuple[frozenset[str], int]] = []
    is_exempt, reach = text.startswith("-"), 0
    for part in text.removeprefix("-").lower().split():
        if part == GAP:
            reach = _EXEMPT_GAP_WORDS if is_exempt else _GAP_WORDS
        else:
            words.append((frozenset(part.split("|")), reach))
            reach = 0
    second = words[min(1, len(words) - 1)][0] if words else frozenset[str]()
    return _Phrase(about, tuple(words), is_exempt, second)


def _is_last(text: list[Token], at: int) -> bool:
    """Whether no phrase goes on behind the word at ``at``: a sign or the end follows. A line may be broken."""
    follows = at + 1
    while follows < len(text) and text[follows].text == "\n":
        follows += 1
    return follows == len(text) or not text[follows].is_word


def _telling(phrases: Iterable[_Phrase]) -> dict[str, bool]:
    """The words that are looked for, with whether any slip is known in them: they are long, or say all."""
    telling: dict[str, bool] = {}
    for phrase in phrases:
        for word in () if phrase.is_exempt else frozenset[str]().union(*(words for words, _ in phrase.words)):
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


def _is_exempt(match: Match, reaches: Mapping[int, int]) -> bool:
    """Whether an exemption reaches as far: "punched himself" does not exempt "punched himself and two nurses"."""
    return any(reaches.get(place, 0) >= match.end for place in range(match.first, match.end))
