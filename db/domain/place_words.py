"""The words kept for a place that was picked, so that nothing the caller said is lost.

A suggestion says in its own words a part of what was typed: the street, the town. What it does not say, the house,
the flat, the name on the gate, "behind the Co-op", stays as it was typed, before or behind the suggestion's name.
"""

import re
from difflib import SequenceMatcher
from typing import Final

from db.domain.postcode import find_in, normalise
from db.domain.postcode_slips import readings
from db.domain.texts import letters

_TYPED = re.compile(r"[^\s,;]+")
_WORDS = re.compile(r"[a-z0-9]+")
_FIGURES = re.compile(r"-?\d{1,3}\.\d+, -?\d{1,3}\.\d+|[A-Z]{2} \d{4} \d{4}|[A-Z0-9]{4,8}\+[A-Z0-9]{2,7}")
_GRID = re.compile(r"[a-z]{2}\d{4,10}")
_KIND_OF_PLACE = re.compile(
    r"^(?:city|town|village|suburb|hamlet|neighbourhood|quarter|place|locality|farm|isolated dwelling)(?: near |$)"
)
_POSTCODE_LABEL = re.compile(r"\W*(?:the\s+)?(?:post\s*code|pc)(?:\s+is)?\W*", re.IGNORECASE)
_LABELS: Final = frozenset((
    "lat", "latitude", "lon", "long", "lng", "longitude", "north", "south", "east", "west", "n", "s", "e", "w",
    "grid", "ref", "reference", "gr", "os", "coordinates", "geo", "https", "http",
))  # fmt: skip
_SHORT: Final = {
    "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "ct": "court", "cres": "crescent",
    "gdns": "gardens", "pk": "park", "sq": "square", "gr": "grove", "terr": "terrace", "pl": "place",
    "hosp": "hospital", "stn": "station", "str": "street", "dr": "drive", "nth": "north", "sth": "south",
    "gt": "great", "lt": "little", "hq": "headquarters", "gen": "general", "ind": "industrial",
    "est": "estate", "blvd": "boulevard",
}  # fmt: skip
_EITHER: Final = {"st": ("street", "saint"), "saint": ("st",)}
# Words that stand by themselves in an address: "north" is no beginning of Northampton.
_WHOLE: Final = frozenset((
    *_SHORT.values(), "east", "west", "upper", "lower", "old", "new", "long", "high", "church", "mill", "market",
    "bridge", "hill", "wood", "green", "end", "top", "bottom", "back", "front", "side", "house", "farm", "hall",
    "school",
))  # fmt: skip
_NO_KINDS: Final = frozenset((
    "nth", "north", "sth", "south", "gt", "great", "lt", "little", "gen", "general", "hosp", "hospital", "stn",
    "station", "hq", "headquarters", "ind", "industrial", "est", "estate",
))  # fmt: skip
_KINDS: Final = frozenset((
    *({*_SHORT.keys(), *_SHORT.values()} - _NO_KINDS), "street", "st", "way", "hill", "green", "end", "row",
    "rise", "walk", "view", "mews", "house", "farm", "hall", "services",
))  # fmt: skip
_LINKING: Final = frozenset(("the", "of", "in", "at", "on", "and"))
_ALIKE = 0.72
_ALIKE_LETTERS = 4
_BEGUN_LETTERS = 3


def postcode_in(text: str) -> str:
    """The full postcode in a typed text; empty if there is none."""
    alone = normalise(text)
    inside = find_in(text)
    return alone or (inside[0] if inside else "")


def suggestion(title: str, detail: str, warning: str | None, *, asks: bool) -> str:
    """One line of the list of places: name, where it is, what is doubtful; marked where a person must choose."""
    words = " · ".join(part for part in (title, detail, warning or "") if part)
    return f"? {words}" if asks else words


def address_of(typed: str, title: str, detail: str, postcode: str | None) -> str:
    """What to keep as the location's text when a suggestion is picked.

    What was typed before the suggestion's name goes before it, what was typed behind it goes in brackets behind
    it; an address typed around a postcode stays as it is.

    Args:
        typed: what stood in the box.
        title: the suggestion's name.
        detail: where it is; what follows a middle dot is not part of the address.
        postcode: the suggestion's full postcode, if it is one.
    """
    where = _KIND_OF_PLACE.sub("", detail.partition(" · ")[0].strip())
    if postcode:
        return _around_postcode(typed, postcode) or where or title
    if _FIGURES.fullmatch(title):
        return ", ".join(part for part in (_beside_figures(typed) or title, where) if part)
    before, behind = _unsaid(typed, title, where)
    name = " ".join(part for part in (before, title, f"({behind})" if behind else "") if part)
    return f"{name}, {where}" if where else name


def _around_postcode(typed: str, postcode: str) -> str:
    for reading in readings(typed):
        if reading.code == postcode:
            said = any(sign.isalnum() for sign in reading.rest)
            return reading.rest if said and not _POSTCODE_LABEL.fullmatch(reading.rest) else ""
    words = typed.split()
    compact = re.sub(r"[^A-Z0-9]", "", typed.upper())
    # The beginning of the postcode, or one with a slip in it, is no address.
    slip = SequenceMatcher(None, compact, postcode.replace(" ", "")).ratio() >= _ALIKE
    begun = bool(words) and len(compact) <= len(postcode) and not words[0].isalpha()
    return "" if slip or begun else " ".join(words)


def _beside_figures(typed: str) -> str:
    """A typed text that says more than figures and what they are; empty otherwise."""
    words = [word for word in _folded(typed) if len(word) > 1 and not word.isdigit()]
    more = [word for word in words if word not in _LABELS and not _GRID.fullmatch(word)]
    return " ".join(typed.split()) if more and "://" not in typed else ""


def _unsaid(typed: str, title: str, where: str) -> tuple[str, str]:
    """What was typed and the suggestion does not say: before its name, and behind it."""
    named, placed = _folded(title), _folded(where)
    found = list(_TYPED.finditer(typed))
    parts = {part for match in found for part in _folded(match[0])}
    # What is written as it is called is no slip of another word: a station is not lost in Sutton.
    unwritten = {word for word in (*named, *placed) if not any(_is_written(part, word) for part in parts)}
    said = [_is_said(match[0], [*named, *placed], unwritten) for match in found]
    named_at = [n for n, match in enumerate(found) if said[n] and _is_said(match[0], named, unwritten)]
    # The article of a house is not that of its street: The Hollies, The Green.
    first = next((n for n in named_at if found[n][0].lower() not in _LINKING or n + 1 in named_at), len(found))
    said[:first] = [said[n] and found[n][0].lower() not in _LINKING for n in range(first)]
    start = _start_of_other(typed, found, said, first, named)
    before = _cut(typed, found, [n for n in range(start) if not said[n]], until=start)
    kept = [n for n in range(start, len(found)) if not said[n] or (n in range(start, first + 1) and start < first)]
    behind = _cut(typed, found, kept, until=len(found))
    return before, behind.strip(" ,")


def _start_of_other(typed: str, found: list[re.Match[str]], said: list[bool], first: int, named: list[str]) -> int:
    """Where a name begins that was typed and not picked: "Church street" makes no "Church High Street"."""
    start = first
    is_kind = first < len(found) and _KINDS.issuperset(_folded(found[first][0]))
    if not is_kind or any(_is_said(match[0], named[:1], {*named[:1]}) for match in found):
        return first
    while start and not said[start - 1] and not any(char.isdigit() for char in found[start - 1][0]):
        if "," in typed[found[start - 1].end() : found[start].start()]:
            break
        start -= 1
    return start


def _cut(typed: str, found: list[re.Match[str]], kept: list[int], until: int) -> str:
    """The typed words that are kept, with what joins them; a word that only links is kept beside another."""
    if not any(found[n][0].lower() not in _LINKING for n in kept):
        return ""
    words = []
    for n in kept:
        after = typed[found[n].end() : found[n + 1].start()] if n + 1 < len(found) else ""
        words.append(found[n][0] + ("," if "," in after and n + 1 <= until else ""))
    return " ".join(words)


def _folded(text: str) -> list[str]:
    return _WORDS.findall(letters(text).replace(".", ""))


def _is_said(word: str, named: list[str], unwritten: set[str]) -> bool:
    """Whether a typed word stands in a name: so, spelt out, begun, or slipped for one that is not written."""
    parts = _folded(word)
    return bool(parts) and all(
        any(_is_written(part, other) or (other in unwritten and _is_slip(part, other)) for other in named)
        for part in parts
    )


def _is_written(said: str, word: str) -> bool:
    if said == word or _SHORT.get(said) == word or word in _EITHER.get(said, ()) or said == _SHORT.get(word):
        return True
    if any(char.isdigit() for char in said):
        return False
    return len(said) >= _BEGUN_LETTERS and word.startswith(said) and said not in _WHOLE


def _is_slip(said: str, word: str) -> bool:
    if any(char.isdigit() for char in said):
        return False
    return len(said) >= _ALIKE_LETTERS and SequenceMatcher(None, said, word).ratio() >= _ALIKE
