"""How phrases are written in a version of the screening tool, and in the program's own grammar.

Words with a space between; ``a|b`` is one word or the other, with ``_`` between the words of one that has
several; a trailing ``*`` any ending, a leading one any beginning ("*olol": the ending of a family of medicines);
``..`` up to four words of the same clause; ``~`` the same, with what stands around it in either order; ``&``
before words that must stand elsewhere in the sentence, signs between or not ("#number weeks & fell"), of which
only those before it are found; ``#year``, ``#teen`` (13 to 19) and ``#number`` what they say, ``#weeks`` what
crews write of a pregnancy ("34/40"). A phrase that begins with ``-`` is an exemption: what it covers is not found
("-fire alarm"); with ``--`` nothing that has a word of it is ("--heart attack"). One that begins with ``!`` is
found whatever exemption covers it ("!five times her usual"). ``@name = a|b`` gives words a name that all entries
of the version may use.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, permutations

from db.domain.shorthand import whole

GAP_WORDS = 4
_EXEMPT_GAP_WORDS = 2
"""An exemption reaches less far than a danger, so that it hides none."""
_GAP, _EITHER, _JOINED, _BESIDE, _SURE = "..", "~", "_", "&", "!"
_MOST_ORDERS, _MOST_SPELT = 3, 60
"""So that no phrase of a trust becomes thousands."""
_NAMED = re.compile(r"@(\w+)\s*=(.*)", re.DOTALL)
_NAME = re.compile(r"@(\w+)")


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """Its words, each with how many others may stand before it, and what must stand beside it in the sentence.

    What is sure is found though an exemption covers it; the words of a void exemption mean something else.
    """

    about: str
    words: tuple[tuple[frozenset[str], int], ...]
    is_exempt: bool
    beside: "tuple[Phrase, ...]" = ()
    is_sure: bool = False
    is_void: bool = False

    @property
    def parts(self) -> Iterator[frozenset[str]]:
        """Every set of words that it asks for."""
        yield from (words for words, _ in self.words)
        for other in self.beside:
            yield from other.parts


def phrases(written: Mapping[str, Iterable[str]], *, beginnings: bool = False) -> Iterator[Phrase]:
    """All phrases that the entries stand for.

    Args:
        written: entries by what they are about.
        beginnings: the last word of each has any ending, as in version 1 of the tool, which knew no star.
    """
    for about, texts in _named(written).items():
        for text in texts:
            yield from (phrase for phrase in _phrases(about, f"{text}*" if beginnings else text) if phrase.words)


def _named(phrases: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
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


def _phrases(about: str, text: str) -> Iterator[Phrase]:
    """The phrases that one entry of a version stands for."""
    first, _, beside = text.removeprefix(_SURE).partition(f" {_BESIDE} ")
    others = tuple(other for other in _plain_phrases(about, beside) if other.words)
    is_sure = text.startswith(_SURE)
    return (replace(phrase, beside=others, is_sure=is_sure) for phrase in _plain_phrases(about, first))


def _plain_phrases(about: str, text: str) -> Iterator[Phrase]:
    # The sign is that of all that it stands for: "-blood_pressure|bp tablets" exempts both.
    bare = text.lstrip("-")
    sign = text[: len(text) - len(bare)]
    spelt = (spelt for ordered in _orders(bare) for spelt in _spelt(ordered))
    return (_phrase(about, sign + one) for one in islice(spelt, _MOST_SPELT))


def _orders(text: str) -> Iterator[str]:
    """A phrase whose parts may stand in any order, in each; any other as it is."""
    parts = text.split(f" {_EITHER} ")
    for ordered in permutations(parts) if len(parts) <= _MOST_ORDERS else [parts]:
        yield f" {_GAP} ".join(ordered)


def _spelt(text: str) -> Iterator[str]:
    """A phrase with each of the words that stand for several ("front_of|before") written out."""
    words = text.split(" ")
    at = next((at for at, word in enumerate(words) if _JOINED in word), None)
    if at is None:
        yield text
        return
    several = [word.replace(_JOINED, " ") for word in words[at].split("|") if _JOINED in word]
    single = "|".join(word for word in words[at].split("|") if _JOINED not in word)
    for word in (*several, single) if single else several:
        yield from _spelt(" ".join((*words[:at], word, *words[at + 1 :])))


def _phrase(about: str, text: str) -> Phrase:
    words: list[tuple[frozenset[str], int]] = []
    is_exempt, reach = text.startswith("-"), 0
    for part in text.removeprefix("-").removeprefix("-").lower().split():
        if part == _GAP:
            reach = _EXEMPT_GAP_WORDS if is_exempt else GAP_WORDS
        else:
            words.append((frozenset(map(whole, part.split("|"))), reach))
            reach = 0
    return Phrase(about, tuple(words), is_exempt, is_void=text.startswith("--"))
