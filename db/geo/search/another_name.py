"""Whether a street that was found has another name than the one that was said, so that a person has to say which.

A house may be said before its street (Rose Cottage, Mill Lane), and hands slip. But "Acacia Avenue" is not The
Avenue with a house before it, Upper Thrift Street is not Thrift Street, and Prince Close is not Princess Close.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from db.geo.search.answering import Level, NameWords, Query
from db.geo.search.words import fold, query_words

# A bus stop on a road is somewhere along it; a cottage's name before its road is not.
ON = re.compile(r"\w\s+(?:on|at|by|off|above|over|under)\s+\w", re.IGNORECASE)
# B&Q is in the town, and not the middle of it.
_OF_LETTERS = re.compile(r"(?<![a-z0-9])[a-z]\s*(?:&|\+|and)\s*[a-z](?![a-z0-9])", re.IGNORECASE)

_TOLD_APART = frozenset((
    "upper", "lower", "north", "south", "east", "west", "old", "new", "great", "little", "high", "middle", "inner",
    "outer", "back", "far", "nether", "long", "saint",
))  # fmt: skip
_HOUSES = frozenset((
    "house", "cottage", "cottages", "lodge", "court", "flats", "hall", "farm", "farmhouse", "villa", "mews",
    "barn", "bungalow", "rectory", "vicarage", "manor", "building", "buildings", "estate", "hostel", "hotel",
))  # fmt: skip
_SAID = re.compile(r"[a-z0-9&'\u2019-]+|,", re.IGNORECASE)
_NUMBER = re.compile(r"\d+[a-z]?(?:-\d+[a-z]?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundName:
    """What was found, and how.

    Attributes:
        kind: of the entry: a street, a place, a site.
        name: as the map has it.
        words: its words.
        level: how far it is what was said.
        dropped: words that were said are no part of it.
        cut: and they stood before it.
    """

    kind: str
    name: str
    words: NameWords
    level: Level
    dropped: bool
    cut: bool


def has_another_name(found: FoundName, words: Query, said: str, is_known: Callable[[str], bool]) -> bool:
    """Whether a street of another name was said than was found, or a shop of letters in a whole town.

    Args:
        found: the likeliest.
        words: what was said, each word with its meanings.
        said: what was typed of the place.
        is_known: says of a word that some name on the map has it.
    """
    if found.kind == "place":
        return bool(_OF_LETTERS.search(said))
    named = found.words
    if found.kind != "street" or "services" in named.own:
        return False
    if found.cut and is_cut_from_another(said, found.name, named.own):
        return True
    if is_doubtful(words, found.level, dropped=found.dropped):
        return True
    return not found.dropped and is_no_slip(words, named.own, (*named.beside, *named.wholes), is_known)


def is_what_is_on(own: Sequence[str], said: str) -> bool:
    """Whether what is said to be on a road is what was found: the chapel there is no Chapel Brampton."""
    match = ON.search(said)
    on = query_words(said[: match.start() + 1]) if match else []
    return all(set(own).intersection(meanings) for meanings in on)


def is_cut_from_another(said: str, name: str, own: Sequence[str]) -> bool:
    """Whether what was said right before a street's name may be a part of the name.

    Args:
        said: what was typed of the place.
        name: the street's name on the map.
        own: its words, as they are compared.
    """
    signs = [sign.lower() for sign in _SAID.findall(said)]
    at = next((n for n, sign in enumerate(signs) if own and own[0] in _meanings(sign)), None)
    if at is None:
        return True
    before = signs[:at]
    # "The Close" is called so: somebody who lives in Lavender Close says no article.
    if name.lower().startswith("the ") and before[-1:] not in (["the"], [","]):
        return bool([sign for sign in before if sign != "," and not _NUMBER.fullmatch(sign)])
    if before and before[-1] in _TOLD_APART:
        return True
    # A number stands before a street or a house: "15 Maple Park Road" is no Park Road.
    since = before[max((n for n, sign in enumerate(before) if _NUMBER.fullmatch(sign)), default=len(before)) + 1 :]
    words = [sign for sign in since if sign != "the"]
    return bool(words) and "," not in words and not _HOUSES.intersection(words)


def is_no_slip(words: Query, own: Sequence[str], beside: Sequence[str], is_known: Callable[[str], bool]) -> bool:
    """Whether a word that is not of the name as it was said is a word of other names, and so hardly a slip.

    Args:
        words: what was said, each word with its meanings.
        own: the words of the name that was found.
        beside: those that people add to it.
        is_known: says of a word that some name on the map has it.
    """
    known = {*own, *beside}
    return any(not known.intersection(meanings) and any(map(is_known, meanings)) for meanings in words)


def is_doubtful(words: Query, level: Level, *, dropped: bool) -> bool:
    """Whether a street is too little like what was said: one misspelt word, or beside others that are left."""
    return level < Level.EXACT and (dropped or len(words) == 1)


def _meanings(sign: str) -> list[str]:
    # Within a name St is a street, and at its beginning a saint.
    return [*fold(sign), *fold(f"x {sign}")[1:]]
