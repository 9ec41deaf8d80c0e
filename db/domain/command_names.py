"""What the words of a command line may name: vans, referrals, reasons, places. By any part that names but one.

A whole name goes before a number, and a number before a part of a name; what is left are all that it may be, and
nobody chooses between two of them here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from db.domain.reference import Choice
from db.domain.spoken_times import spoken_span
from db.domain.texts import letters

_TOKEN: Final = re.compile(r"[^\s,;]+")
_NUMBER: Final = re.compile(r"(?:v|van)?(\d{1,6})", re.ASCII)
_DATED_NUMBER: Final = re.compile(r"\d{4,8}-\d{1,6}", re.ASCII)
"""The end of a reference, as it is read out: the date and the number."""
_DIGITS: Final = re.compile(r"\d+", re.ASCII)
_LEAST: Final = 2
"""Letters of a part of a name."""
_LETTERS_THEN_NUMBER: Final = re.compile(r"([^\W\d_]+)(\d+)")
_LAST_NUMBER: Final = re.compile(r"\d+$", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A typed word: as it is compared, and where it stands in the line."""

    text: str
    start: int
    end: int


def tokens(line: str) -> tuple[TypedWord, ...]:
    """The words of a line; commas and semicolons part them as blanks do."""
    return tuple(TypedWord(_plain(found[0]), found.start(), found.end()) for found in _TOKEN.finditer(line))


def _plain(word: str) -> str:
    kept = letters(word).strip("\"'.:!()#\u201c\u201d")
    return kept or word


def phrase(words: str) -> tuple[str, ...]:
    """Words as they are compared with tokens."""
    return tuple(token.text for token in tokens(words))


@dataclass(frozen=True, slots=True)
class Nameable:
    """A van or a referral, as people call it.

    Attributes:
        name: as every panel shows it: ``CRU3``, ``0044``, ``0044 Sun``.
        whole: the whole of a reference; empty for a van.
        also: other whole names, such as the callsign of the crew that waits.
        told: what tells it from others beside its name, such as the town; not to be matched.
    """

    id: UUID
    name: str
    whole: str = ""
    also: tuple[str, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Words from a place on that name something.

    Attributes:
        length: how many words.
        ids: all that they may name.
        is_whole: they are the whole of a name.
    """

    length: int
    ids: tuple[UUID, ...]
    is_whole: bool = False


class NameIndex(tuple[Nameable, ...]):  # noqa: SLOT001 - what is worked out from it is kept in it
    """All that may be named of a kind, ready to be looked up: keys are pressed more often than one comes."""

    @cached_property
    def by_first(self) -> Mapping[str, Sequence[tuple[tuple[str, ...], UUID]]]:
        """Every whole name by its first word; one that begins with a number also by the number alone."""
        found: dict[str, list[tuple[tuple[str, ...], UUID]]] = {}
        for one in self:
            for words in filter(None, (spoken for name in _names(one) for spoken in _spoken(phrase(name)))):
                found.setdefault(words[0], []).append((words, one.id))
                # "58 Mon" is "0058 Mon": with the day beside it there is no other.
                short = words[0].lstrip("0")
                if len(words) > 1 and words[0].isdigit() and short not in ("", words[0]):
                    found.setdefault(short, []).append(((short, *words[1:]), one.id))
        return found

    @cached_property
    def by_number(self) -> Mapping[int, Sequence[Nameable]]:
        """By the number at the end."""
        found: dict[int, list[Nameable]] = {}
        for one in self:
            last = _LAST_NUMBER.search(one.whole or one.name)
            if last is not None:
                found.setdefault(int(last[0]), []).append(one)
        return found

    @cached_property
    def parts(self) -> Sequence[tuple[str, str, UUID]]:
        """The beginning that a van may be called by, and the end that a referral may: one of them is empty."""
        return [("" if one.whole else letters(one.name), letters(one.whole), one.id) for one in self]


def match_named(found: Sequence[TypedWord], named: Iterable[Nameable]) -> NameMatch | None:
    """What the words at the beginning of a sequence name; None for nothing."""
    if not found:
        return None
    index = named if isinstance(named, NameIndex) else NameIndex(named)
    return _whole(found, index) or _by_number(found[0].text, index) or _by_part(found[0].text, index)


def _whole(found: Sequence[TypedWord], index: NameIndex) -> NameMatch | None:
    texts = tuple(word.text for word in found)
    fitting = [one for one in index.by_first.get(texts[0], ()) if texts[: len(one[0])] == one[0]]
    longest = max((len(words) for words, _ in fitting), default=0)
    ids = tuple(dict.fromkeys(key for words, key in fitting if len(words) == longest))
    return NameMatch(longest, ids, is_whole=True) if ids else None


def _names(one: Nameable) -> Iterator[str]:
    yield from _own_names(one)
    yield from one.also


def _own_names(one: Nameable) -> Iterator[str]:
    """The name, the reference, and between them the name as panels show it with the service before it."""
    yield one.name
    if one.whole:
        yield one.whole
        yield f"{one.whole.partition('-')[0]}-{one.name}"


def _spoken(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A name, and the same with the blank that is said in it: ``cru 3`` is CRU3."""
    yield name
    parts = _LETTERS_THEN_NUMBER.fullmatch(name[0]) if len(name) == 1 else None
    if parts is not None:
        yield parts[1], parts[2]


def _by_number(text: str, index: NameIndex) -> NameMatch | None:
    number = _NUMBER.fullmatch(text)
    if number is None:
        return None
    # "v3" is a van whatever referrals there are.
    only_vans = not text[0].isdigit()
    fitting = index.by_number.get(int(number[1]), ())
    ids = tuple(one.id for one in fitting if not (only_vans and one.whole))
    return NameMatch(1, ids) if ids else None


def _by_part(text: str, index: NameIndex) -> NameMatch | None:
    """The beginning of a callsign; the end of a reference, or the date and number of one."""
    if len(text) < _LEAST:
        return None
    has_digit = any(char.isdigit() for char in text)
    ids = tuple(
        key
        for name, whole, key in index.parts
        if (name and name.startswith(text)) or (has_digit and whole and whole.endswith(text))
    )
    return NameMatch(1, ids) if ids else None


def is_span(found: Sequence[TypedWord]) -> bool:
    """Whether a number and its unit begin here: "5 hours" is neither a van nor a referral."""
    words = [word.text for word in found[:2]]
    return len(words) > 1 and words[0].isdigit() and bool(spoken_span(" ".join(words)))


def looks_like_a_name(text: str, named: Iterable[Nameable], *, with_number: bool) -> bool:
    """Whether a word is made as names are, whether or not anything is called so.

    Args:
        text: the word.
        named: what there is.
        with_number: a number alone is one, too.
    """
    if with_number and (_NUMBER.fullmatch(text) or _DATED_NUMBER.fullmatch(text)):
        return True
    if not text[:1].isalpha() or _DIGITS.search(text) is None:
        return False
    made = _DIGITS.sub("0", text)
    return any(_DIGITS.sub("0", letters(name)) == made for one in named for name in _own_names(one))


def match_choices(
    found: Sequence[TypedWord], choices: Sequence[Choice], *, whole: bool
) -> tuple[int, list[Choice]]:
    """Which of a list the first words are, and how many words that takes.

    Args:
        found: the words.
        choices: the list, by labels.
        whole: only all of the words count, or the whole of a label: what is typed behind may be a note.
    """
    texts = [token.text for token in found]
    for one in sorted(choices, key=lambda choice: -len(phrase(choice.label))):
        label = phrase(one.label)
        if label and tuple(texts[: len(label)]) == label:
            return len(label), [one]
    for length in range(len(texts), 0 if not whole else len(texts) - 1, -1):
        fitting = [one for one in choices if _is_part(texts[:length], phrase(one.label))]
        if fitting:
            return length, fitting
    return 0, []


def _is_part(texts: Sequence[str], label: Sequence[str]) -> bool:
    """Whether each word begins one of the label, in their order."""
    rest = iter(label)
    enough = sum(map(len, texts)) > 1
    return bool(texts) and enough and all(any(word.startswith(text) for word in rest) for text in texts)
