"""What the words of a command line may name: vans, referrals, reasons, places. By any part that names but one.

A whole name goes before a number, and a number before a part of a name; what is left are all that it may be, and
nobody chooses between two of them here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.domain.reference import Choice
from db.domain.texts import letters

_TOKEN: Final = re.compile(r"[^\s,;]+")
_NUMBER: Final = re.compile(r"(?:v|van)?(\d{1,6})", re.ASCII)
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
    kept = letters(word).strip("\"'.:!()\u201c\u201d")
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


def match_named(found: Sequence[TypedWord], named: Iterable[Nameable]) -> NameMatch | None:
    """What the words at the beginning of a sequence name; None for nothing."""
    if not found:
        return None
    all_named = tuple(named)
    return _whole(found, all_named) or _by_number(found[0].text, all_named) or _by_part(found[0].text, all_named)


def _whole(found: Sequence[TypedWord], named: Sequence[Nameable]) -> NameMatch | None:
    longest, ids = 0, list[UUID]()
    for one in named:
        for name in _names(one):
            words = phrase(name)
            if len(words) >= max(longest, 1) and _is_whole(found, words):
                ids = [one.id] if len(words) > longest else [*ids, one.id]
                longest = len(words)
    return NameMatch(longest, tuple(dict.fromkeys(ids)), is_whole=True) if ids else None


def _is_whole(found: Sequence[TypedWord], words: Sequence[str]) -> bool:
    texts = [token.text for token in found[: len(words)]]
    # "58 Mon" is "0058 Mon": with the day beside it there is no other.
    if len(words) > 1 and texts and texts[0].isdigit() and words[0].isdigit():
        texts[0] = texts[0].zfill(len(words[0]))
    return texts == list(words)


def _names(one: Nameable) -> Iterator[str]:
    yield one.name
    if one.whole:
        yield one.whole
    yield from one.also


def _by_number(text: str, named: Sequence[Nameable]) -> NameMatch | None:
    number = _NUMBER.fullmatch(text)
    if number is None:
        return None
    # "v3" is a van whatever referrals there are.
    only_vans = not text[0].isdigit()
    ids = [one.id for one in named if _number(one) == int(number[1]) and not (only_vans and one.whole)]
    return NameMatch(1, tuple(ids)) if ids else None


def _number(one: Nameable) -> int | None:
    last = _LAST_NUMBER.search(one.whole or one.name)
    return int(last[0]) if last else None


def _by_part(text: str, named: Sequence[Nameable]) -> NameMatch | None:
    """The beginning of a callsign; the end of a reference, or the date and number of one."""
    has_digit = any(char.isdigit() for char in text)
    ids = [
        one.id
        for one in named
        if (letters(one.whole).endswith(text) and has_digit and len(text) > 1)
        or (not one.whole and len(text) > 1 and letters(one.name).startswith(text))
    ]
    return NameMatch(1, tuple(ids)) if ids else None


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
