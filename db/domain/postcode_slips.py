"""Postcodes that a hand slipped in, or an ear: which ones may be meant.

A slip makes another postcode that exists as easily as one that does not, so a reading is only ever offered: the
directory says which exist, and a person which was meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from db.domain.postcode import find_in, groups, normalise

_SHORTEST, _LONGEST = 5, 8
# What keyboards, fonts and tired ears take for each other; the first pairs are told apart by where they stand.
_TO_DIGIT = {"O": "0", "Q": "0", "I": "1", "L": "1"}
_TO_LETTER = {"0": "O", "1": "I"}
_NEVER = {"0": "DQ", "O": "DQ", "C": "G", "I": "JL", "K": "HX", "M": "N", "V": "UWY"}
"""The letters of the second half that one may be which is never there."""
_ALIKE = {
    "S": "5", "5": "S", "B": "8", "8": "B", "Z": "27", "2": "Z", "G": "6", "6": "G", "A": "4", "4": "A",
    "7": "TYZ", "T": "7", "Y": "7",
}  # fmt: skip
_NEIGHBOURS = {"N": "MB", "M": "N", "B": "VPD", "D": "BT", "P": "B", "T": "D", "F": "S", "S": "F", "V": "B"}
_WORDS_LEFT = re.compile(r"[A-Za-z0-9]+")
_SHAPES = ("AD", "ADD", "ADA", "AAD", "AADD", "AADA")


@dataclass(frozen=True, slots=True)
class CodeReading:
    """A postcode that may be meant.

    Attributes:
        code: as Royal Mail writes it.
        rest: what else was typed.
        typed: the postcode as it was typed.
        sure: as it was typed it can mean no other, if no other reading of it exists.
    """

    code: str
    rest: str
    typed: str
    sure: bool


def readings(text: str) -> list[CodeReading]:
    """Every full postcode that a text may hold, the likeliest first; empty when it holds none."""
    found = list(_alone(text)) if _could_be(text) else []
    if not found and (inside := find_in(text)):
        found = [CodeReading(*inside, inside[0], sure=True)]
    if not found:
        found = list(_at_an_end(text))
    return list({reading.code: reading for reading in reversed(found)}.values())[::-1]


def slips(typed: str, rest: str = "") -> Iterator[CodeReading]:
    """Postcodes that one slip makes into what was typed: a sign taken for its like, doubled or exchanged."""
    compact = _compact(typed)
    tried = {compact}
    # Typed twice for one key, as on a keyboard that sticks.
    for made in (compact.replace("VV", "W"), compact.replace("UU", "W"), *_slipped(compact)):
        code = normalise(made)
        if code is not None and made not in tried:
            tried.add(made)
            yield CodeReading(code, rest, typed, sure=False)


def _compact(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _could_be(text: str) -> bool:
    compact = "".join(groups(text))
    fits = _SHORTEST <= len(compact) <= _LONGEST and compact[:1].isalpha()
    return fits and compact.isascii() and compact.isalnum()


def _alone(text: str) -> Iterator[CodeReading]:
    typed = " ".join(text.strip(" ,").split()).upper()
    code = normalise(typed)
    if code is None:
        yield from _looks(typed)
        return
    if _blank_fits(typed, code):
        yield CodeReading(code, "", typed, sure=True)
        return
    # The blank says where the first half ended: a sign too many behind it is as likely as a slipped blank.
    first, _, second = " ".join(groups(typed)).partition(" ")
    for at in range(len(second)):
        other = normalise(f"{first}{second[:at]}{second[at + 1 :]}")
        if other and other.startswith(f"{first} "):
            yield CodeReading(other, "", typed, sure=False)
    yield CodeReading(code, "", typed, sure=False)


def _blank_fits(typed: str, code: str) -> bool:
    """Whether the blanks that were typed stand where they can: between the halves, or nowhere, or everywhere."""
    parts = groups(typed)
    if len(parts) == 1 or all(len(part) == 1 for part in parts):
        return True
    ends, length = set(), 0
    for part in parts:
        length += len(part)
        ends.add(length)
    return len(code.partition(" ")[0]) in ends


def _looks(typed: str, rest: str = "") -> Iterator[CodeReading]:
    """Readings with O for 0, I for 1 and the other way round, where each stands in a place for the other kind."""
    compact = _compact(typed)
    first, second = compact[:-3], compact[-3:]
    found = set()
    for shape in _SHAPES:
        if len(shape) == len(first):
            made = "".join(map(_as_kind, first, shape)) + "".join(map(_as_kind, second, "DAA"))
            if code := normalise(made):
                found.add(code)
    for code in sorted(found):
        yield CodeReading(code, rest, typed, sure=True)


def _as_kind(sign: str, kind: str) -> str:
    return _TO_DIGIT.get(sign, sign) if kind == "D" else _TO_LETTER.get(sign, sign)


def _at_an_end(text: str) -> Iterator[CodeReading]:
    """A postcode with O for 0 behind or before an address."""
    for typed, rest in ends(text, figures=False):
        yield from _looks(typed, rest)


def ends(text: str, *, figures: bool = True) -> Iterator[tuple[str, str]]:
    """The last or first words of a text that are as long as a postcode, each with the rest.

    Args:
        text: what was typed.
        figures: only those with a figure; in the others letters may stand for all of them.
    """
    words = list(_WORDS_LEFT.finditer(text))
    for count in (2, 1):
        for part in (words[-count:], words[:count]):
            if len(part) < count or len(words) == count:
                continue
            start, end = part[0].start(), part[-1].end()
            typed = text[start:end]
            long_enough = _SHORTEST <= len(_compact(typed)) <= _LONGEST
            told = bool(re.search(r"\d", typed)) or not figures
            if typed.isascii() and typed[0].isalpha() and long_enough and told:
                yield typed, " ".join(f"{text[:start]} {text[end:]}".split()).strip(" ,")


def _is_doubled(compact: str, at: int) -> bool:
    return at > 0 and compact[at - 1] == compact[at]


def swallowed(code: str) -> Iterator[str]:
    """Postcodes that become a given one when a doubled sign is typed once: NN1 1RQ becomes N1 1RQ."""
    compact = code.replace(" ", "")
    for at, sign in enumerate(compact):
        if other := normalise(f"{compact[:at]}{sign}{compact[at:]}"):
            yield other


def _slipped(compact: str) -> Iterator[str]:
    for at, sign in enumerate(compact):
        for like in "".join(each.get(sign, "") for each in (_ALIKE, _TO_DIGIT, _TO_LETTER, _NEVER)):
            yield f"{compact[:at]}{like}{compact[at + 1 :]}"
    if len(compact) > _SHORTEST:
        places = sorted(range(len(compact)), key=lambda at: (not _is_doubled(compact, at), -at))
        yield from (compact[:at] + compact[at + 1 :] for at in places)
    for at in range(len(compact) - 1):
        yield f"{compact[:at]}{compact[at + 1]}{compact[at]}{compact[at + 2 :]}"
    for at, sign in enumerate(compact):
        for like in _NEIGHBOURS.get(sign, ""):
            yield f"{compact[:at]}{like}{compact[at + 1 :]}"
    # Its figure stands last or is not there at all.
    yield f"{compact[:-3]}{compact[-1:]}{compact[-3:-1]}"
    if compact[-2:].isalpha() and compact[:-2][-1:].isdigit():
        yield from (f"{compact[:-2]}{figure}{compact[-2:]}" for figure in "123456789")
