"""Roads with a number, as people name a place on them: the M1 at junction 15, northbound, the A45 services."""

import re
from collections.abc import Sequence

import numpy as np

from db.geo.earth import Point, metres
from db.geo.search.gazetteer import GazetteerEntry
from db.geo.search.names import NameSearch
from db.geo.search.towns_said import Mask

_REF = re.compile(r"(?<![a-z0-9])([ABM]\s?\d{1,4})(\s?\(?M\)?)?(?![a-z0-9])", re.IGNORECASE)
_NOT_A_PLACE = re.compile(
    r"(?<![a-z0-9])(?:(?:north|south|east|west)\s*-?\s*bound|[nsew]/b|(?:j|jct|jctn|jn|junc|junction)s?\.?\s*\d{1,2}[a-z]?"
    r"(?:\s*(?:-|to|and)\s*(?:j|jct|jn|junction)?\s*\d{1,2}[a-z]?)?|junction|jct|motorway|hard\s+shoulder|slip\s*(?:road)?|"
    r"(?:off|on)\s*slip|carriageway|dual|layby|lay-by|roundabout|road|road|mile\s*marker|marker\s*post|\d+[/.]\d[ab]?|"
    r"the|on|at|by|in|of|off|and|towards|just|before|after|past)(?![a-z0-9])",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?<![a-z0-9])(?:j|jct|jctn|jn|junc|junction)s?\.?\s*(?:no\.?\s*)?(\d{1,2}(?:\s?[a-d])?)"
    r"(?:\s*(?:-|to|and|&)\s*(?:j|jct|jctn|jn|junc|junction)?\s*(\d{1,2}[a-d]?))?(?![a-z0-9])",
    re.IGNORECASE,
)
_JUNCTION = re.compile(r"([ABM]\d{1,4}(?:\(M\))?) junction (\d{1,3}[A-Z]?)")
_LONGEST = 9
_ALONG_KM = 3.0
_MEET_METRES = 1500.0


def road_words(text: str) -> tuple[list[str], str]:
    """Return the numbered roads in a text, as the map writes them, and what else is said than where along them."""
    refs = [f"{m[1].replace(' ', '').upper()}{'(M)' if m[2] else ''}" for m in _REF.finditer(text)]
    rest = _NOT_A_PLACE.sub(" ", _REF.sub(" ", text)) if refs else text
    return refs, " ".join(re.sub(r"[/,&+]", " ", rest).split())


def junctions_said(text: str) -> list[str]:
    """The numbers of the junctions in a text: ``J15a`` as ``15A``, ``between 15 and 16`` as both."""
    found = (number for m in _SAID.finditer(text) for number in m.groups() if number)
    return [number.replace(" ", "").upper() for number in found]


class NumberedRoads:
    """Where the numbered roads pass."""

    def __init__(self, entries: Sequence[GazetteerEntry], middle: Point) -> None:
        self._entries = entries
        self._places: dict[str, list[int]] = {}
        self._junctions: dict[tuple[str, str], list[int]] = {}
        for number, entry in enumerate(entries):
            # Nearly all are streets with a name: no digit behind the first letter says so at once.
            if not entry.name[1:3].lstrip()[:1].isdigit():
                continue
            if entry.kind == "street" and (junction := _JUNCTION.fullmatch(entry.name)):
                self._junctions.setdefault((junction[1], junction[2]), []).append(number)
            if entry.kind == "street" and len(entry.name) <= _LONGEST and _REF.fullmatch(entry.name):
                self._places.setdefault(entry.name.upper(), []).append(number)
        for numbers in self._places.values():
            numbers.sort(key=lambda n: metres(middle, (entries[n].lat, entries[n].lon)))

    def knows(self, refs: Sequence[str]) -> bool:
        """Whether the first of some roads is on the map."""
        return refs[0] in self._places

    def junctions(self, refs: Sequence[str], said: Sequence[str]) -> list[int]:
        """The entries of junctions that were said, of the first road that has them; none where no road has."""
        by_road = ([n for number in said for n in self._junctions.get((ref, number), ())] for ref in refs)
        return next((found for found in by_road if found), [])

    def nearest(self, refs: Sequence[str], at: Point) -> list[int]:
        """The entries of a road, those nearest to a point first."""
        places = self._places.get(refs[0], [])
        return sorted(places, key=lambda n: metres(at, (self._entries[n].lat, self._entries[n].lon)))

    def places(self, refs: Sequence[str]) -> list[int]:
        """The entries of a road, nearest first; of two roads, those where they are close together first."""
        first = self._places.get(refs[0], [])
        others = [n for ref in refs[1:] for n in self._places.get(ref, [])]
        return sorted(first, key=lambda n: self._gap(n, others) > _MEET_METRES) if others else first

    def _gap(self, number: int, others: Sequence[int]) -> float:
        here = self._entries[number]
        return min(metres((here.lat, here.lon), (self._entries[n].lat, self._entries[n].lon)) for n in others)

    def along(self, refs: Sequence[str], names: NameSearch) -> Mask:
        """Which entries lie within some kilometres of a road's."""
        found: Mask = np.zeros(len(self._entries), dtype=bool)
        for number in self._places.get(refs[0], []):
            entry = self._entries[number]
            found |= names.km_from((entry.lat, entry.lon)) <= _ALONG_KM
        return found
