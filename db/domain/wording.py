"""The table of words about people that are not used, and whether a text uses one.

The table is data, ``resources/reference/words.toml``: each entry has ``words``, what to ``say`` instead,
whether capitals count (``exact``), and whether it is meant as a whole label only (``label``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Listed:
    """A word that is not used of people, and what is said instead."""

    word: str
    say: str
    pattern: re.Pattern[str]


def listed(entries: Iterable[Mapping[str, Any]]) -> tuple[Listed, ...]:
    """The words of the table, one by one."""
    return tuple(
        Listed(
            word, entry["say"], _pattern(word, exact=entry.get("exact", False), label=entry.get("label", False))
        )
        for entry in entries
        for word in entry["words"]
    )


def _pattern(word: str, *, exact: bool, label: bool) -> re.Pattern[str]:
    """Whole words; a trailing * is any ending; a space is any white space."""
    ending = r"\w*" if word.endswith("*") else ""
    body = re.escape(word.removesuffix("*")).replace(r"\ ", r"\s+")
    whole = (r"\A\W*", r"\W*\Z") if label else (r"(?<!\w)", r"(?!\w)")
    return re.compile(f"{whole[0]}{body}{ending}{whole[1]}", 0 if exact else re.IGNORECASE)


def found_in(text: str, words: Iterable[Listed]) -> Iterator[Listed]:
    """Those of the words that a text uses."""
    yield from (word for word in words if word.pattern.search(text))
