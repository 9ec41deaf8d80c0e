"""What people wrote, without what tells who somebody is: for pages that go out of the room. Pure.

Whoever wrote it was asked to name nobody. This is the second look, and leaves out rather too much than too little.
"""

import re
from collections.abc import Iterable
from typing import Final

from db.domain.texts import folded

LEFT_OUT: Final = "[left out]"
_SHORTEST: Final = 3
"""Letters of a part of a name; shorter ones are words of every sentence."""
_SAID_OF_NOBODY: Final = frozenset(
    {"the", "and", "not", "known", "unknown", "person", "patient", "crew", "emas", "police"}
)
"""What stands for a name where nobody knows one."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TELLING: Final = re.compile(
    r"\bCRU-\d{8}-\d+\b"  # a referral
    r"|[\w.+-]+@[\w-]+\.[\w.]+"  # an address to write to
    r"|\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}\b"  # a postcode
    r"|\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b"  # a day, as births are written
    r"|(?<![\d+])(?:\+44|0)(?:[\s()-]*\d){8,11}"  # a telephone number
    r"|(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)"  # an NHS number
)


def unnamed(words: str, names: Iterable[str] = (), others: Iterable[str] = ()) -> str:
    """The words, with what tells who somebody is left out, and said to be.

    Args:
        words: as somebody wrote them.
        names: of people whom they may be about, as they are written in the record: no part of one stays.
        others: of everybody else who is known: they go where they stand as a whole, since half of one is a word.
    """
    known = {part for name in names for part in _parts(name)}
    kept = _TELLING.sub(LEFT_OUT, words)
    said = folded(kept)
    for name in others:
        if folded(name) in said:
            kept = _without_whole(kept, [folded(part) for part in _WORD.findall(name)])
    kept = _WORD.sub(lambda found: LEFT_OUT if _parts(found[0]) & known else found[0], kept)
    return re.sub(rf"{re.escape(LEFT_OUT)}(?:[\s.,]*{re.escape(LEFT_OUT)})+", LEFT_OUT, kept)


def _without_whole(words: str, name: list[str]) -> str:
    if len(name) < 2:
        # One word alone may be any word.
        return words
    found = list(_WORD.finditer(words))
    for at in range(len(found) - len(name), -1, -1):
        here = found[at : at + len(name)]
        if all(part in _ways(one[0]) for part, one in zip(name, here, strict=True)):
            words = f"{words[: here[0].start()]}{LEFT_OUT}{words[here[-1].end() :]}"
    return words


def _ways(word: str) -> set[str]:
    """A word, and what stands before its apostrophe: ``Mari's``."""
    return {folded(word), folded(re.split("['’]", word)[0])}


def _parts(name: str) -> set[str]:
    """The words of a name, however they are typed."""
    found = {way for word in _WORD.findall(name) for way in _ways(word)}
    return {part for part in found if len(part) >= _SHORTEST} - _SAID_OF_NOBODY
