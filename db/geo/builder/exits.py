"""Junctions with a number: where the slip roads of a main road leave it, as the signs and the callers say them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from db.geo.builder.access import Tags
from db.geo.builder.ways import Part

_NUMBER = re.compile(r"\d{1,3}[A-Z]?")
_ROAD = re.compile(r"[ABM]\d{1,4}(?:\(M\))?")


@dataclass(slots=True)
class Exits:
    """What is known of them while an extract is read: nodes stand before ways in it."""

    _at: dict[int, list[str]] = field(default_factory=dict)
    _found: dict[tuple[str, str], list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def node(self, number: int, tags: Tags) -> None:
        """Take a node that may be one. ``15;15A`` is both."""
        if tags.get("highway") == "motorway_junction":
            said = re.split(r"[;,/]", tags.get("ref", "").upper().replace(" ", ""))
            numbers = [one.removeprefix("J") for one in said]
            self._at[number] = [one for one in numbers if _NUMBER.fullmatch(one)]

    def way(self, tags: Tags, parts: Sequence[Part]) -> None:
        """Take a way: whose junction it is, is told by the road and not by its slip roads."""
        if not self._at or tags.get("highway", "").endswith("_link"):
            return
        roads = [one for one in re.split(r"[;,/]", tags.get("ref", "").replace(" ", "")) if _ROAD.fullmatch(one)]
        for refs, coords in parts if roads else ():
            for ref, (lon, lat) in zip(refs, coords, strict=True):
                for number in self._at.get(ref, ()):
                    self._found[roads[0], number].append((float(lat), float(lon)))

    def named(self) -> Iterator[tuple[str, float, float]]:
        """Each once, with its name (``M1 junction 15A``) and the middle of where its slip roads leave."""
        for (road, number), places in sorted(self._found.items()):
            # A way ends where the next begins: the same node stands in both.
            lat, lon = np.mean(sorted(set(places)), axis=0)
            yield f"{road} junction {number}", float(lat), float(lon)
