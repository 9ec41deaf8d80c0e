"""A narrative cut into tokens, and its words in a row: where phrases may go on and where a sentence ends."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from db.domain.cues import GAP_ENDS
from db.domain.shorthand import stretch, whole

_TOKEN = re.compile(
    # Words of two letters and more are the most, and none of the others begins so: they come first.
    # What is cut up by dots or a hyphen is one word: "o.d.", "s.o.b.", "un-conscious", "over-dosed".
    r"(?:\b[A-Za-z]\.){2,}(?:[A-Za-z]\b)?|\b(?i:un|re|over(?=-dos)|hyper|hypo)-[^\W\d_]+"
    r"|[^\W\d_]{2,}(?:'[^\W\d_]+)*|\b[A-Za-z]/[A-Za-z]\b|\b[Ww]/(?=\s|[A-Za-z]{2})|[^\W\d_]\d+\b"
    r"|\d+(?:[.,:/]\d+)*|[^\W\d_](?:'[^\W\d_]+)*|[^\w\s\"'“”\u2018\u2019-]|\s-+\s|\n"
)
_CUT_UP = re.compile(r"[.-]")
_ENDS = frozenset(".!?;\n")
_BETWEEN = frozenset("\n&+")
_LABELS = frozenset({":", "=", "-", "–"})


class Token(NamedTuple):
    """A word or sign: in small letters, with its place in the text."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number, and no sign."""
        return self.text[0].isalnum()


def plain(text: str) -> str:
    """The text with one kind of apostrophe, of the same length."""
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def tokens(text: str) -> list[Token]:
    """The words and signs of a narrative in their order, what is typed short as the word that it stands for."""
    return [token for found in _TOKEN.finditer(plain(text)) for token in _tokens(found)]


def _tokens(found: re.Match[str]) -> Iterator[Token]:
    word = found[0].lower()
    if word.isalpha():
        yield Token(whole(word), *found.span())
    elif times := stretch(word):
        number, unit = times
        yield Token(number, found.start(), found.start() + len(number))
        yield Token(unit, found.start() + len(number), found.end())
    else:
        yield Token(whole(word if word.isalnum() else _tidied(word)), *found.span())


def _tidied(found: str) -> str:
    said = found.strip(" \t") or "\n"
    return _CUT_UP.sub("", said) if len(said) > 1 and said[0].isalpha() else said


class WordsSaid:
    """The words of a narrative without its signs.

    Args:
        text: all its tokens.
    """

    def __init__(self, text: list[Token]) -> None:
        self.tokens = text
        self.places = [at for at, token in enumerate(text) if token.is_word]
        self.words = [text[at].text for at in self.places]

    @cached_property
    def ends(self) -> list[bool]:
        """Of each word whether no phrase goes on behind it: a sign or the end follows. A line may be broken."""
        ends = [True] * len(self.places)
        for number, (at, after) in enumerate(zip(self.places, self.places[1:], strict=False)):
            ends[number] = after != at + 1 and not all(self._joins(sign) for sign in range(at + 1, after))
        return ends

    def _joins(self, at: int) -> bool:
        """Whether a sign parts no words: a broken line, an *and*, or before a value, as in "temp: 39.1"."""
        sign, value = self.tokens[at].text, self.tokens[at + 1].text
        return sign in _BETWEEN or (
            sign in _LABELS and (value[0].isdigit() or (len(value) == 1 and value.isalpha()))
        )

    @cached_property
    def turns(self) -> list[bool]:
        """Of each word whether a clause begins with it."""
        return [word in GAP_ENDS for word in self.words]

    @cached_property
    def sentences(self) -> list[int]:
        """Of each word the number of its sentence."""
        return list(self._sentences())

    def _sentences(self) -> Iterator[int]:
        number = 0
        for token in self.tokens:
            if token.is_word:
                yield number
            number += token.text in _ENDS
