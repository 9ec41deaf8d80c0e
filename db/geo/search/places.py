"""One box that finds a place from whatever a caller says."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from db.domain.postcode import Partial, find_in, normalise, partials
from db.geo.earth import Point, in_britain, metres
from db.geo.pack import MapPack
from db.geo.search.gazetteer import GazetteerEntry, open_places, read_pack
from db.geo.search.gridref import TypedPosition, gridref_of, parse_position, parse_what3words
from db.geo.search.names import NameSearch
from db.geo.search.postcodes import PostcodeIndex, PostcodePlace
from db.geo.search.service_area import NORTHAMPTONSHIRE, AreaIndex, ServiceArea

_CLOSE_METRES = 250.0
_STREET_METRES = 250.0
_CLOSE_BY_METRES = 3000.0
_TWIN_METRES = 4000.0
# NN15 is likelier a postcode district than a square of 10 km in the Highlands.
_SQUARE_SCORES = {1000: 1.65, 10_000: 0.6}


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One answer.

    Attributes:
        kind: `postcode`, `postcode part`, `street`, `place`, `site`, `grid reference`, `coordinates`,
            `what3words` or `pin`.
        title: what to show first.
        detail: where that is; tells places of the same name apart.
        lat: degrees north; None when the place is known by text only.
        lon: degrees east; None likewise.
        postcode: the full postcode, where the answer is one.
        warning: one sentence when something about it needs a second look.
        score: likelihood, higher is likelier; comparable within one answer only.
    """

    kind: str
    title: str
    detail: str
    lat: float | None
    lon: float | None
    postcode: str | None
    warning: str | None
    score: float


class PlaceFinder:
    """Finds places by name, postcode or position. Safe to use from several threads at once."""

    def __init__(self, postcodes: PostcodeIndex, area: AreaIndex, entries: Sequence[GazetteerEntry]) -> None:
        self._postcodes = postcodes
        self._area = area
        at = np.array([(e.lat, e.lon) for e in entries], dtype=np.float64).reshape(-1, 2)
        self._names = NameSearch(entries, area.outwards(at), (area.area.lat, area.area.lon))
        self._scale = float(np.cos(np.radians(area.area.lat)))
        self._tree = cKDTree(at * (1.0, self._scale)) if entries else None
        self._outside = lru_cache(maxsize=4096)(self._work_out_outside)

    @classmethod
    def build(cls, pack: MapPack | None, cache_dir: Path, area: ServiceArea = NORTHAMPTONSHIRE) -> "PlaceFinder":
        """Read everything; takes seconds the first time, then uses quick copies. Call it off the GUI thread.

        Args:
            pack: the map pack; None when none is set.
            cache_dir: folder for the quick copies.
            area: the service area, for ranking and warnings.

        Raises:
            MapPackError: a file of the pack is damaged.
            DataMissing: the postcode data package is not there or is damaged.
        """
        postcodes = PostcodeIndex(cache_dir)
        postcodes.prepare()
        entries = read_pack(pack) if pack else []
        return cls(postcodes, AreaIndex(area, postcodes), _merge(entries, open_places()))

    def find(self, text: str, near: Point | None = None, limit: int = 8) -> list[FoundPlace]:
        """Find what a text may mean.

        Args:
            text: anything from `interop`: a postcode or part of one, street and town, village, site, grid
                reference, coordinates or a what3words address.
            near: (lat, lon) that is likelier than the middle of the service area.
            limit: most answers to give.

        Returns:
            Places, likeliest first; empty when nothing on the map is like it.
        """
        # Whatever was pasted: no address is longer, and the cost grows with every word.
        text = " ".join(text[:200].split())
        if not text:
            return []
        if words := parse_what3words(text):
            return [_what3words(words)]
        # "NN15" may be both: what reads as a position does not keep the postcodes out.
        if position := parse_position(text):
            found = [self._position(position), *self._partial(text, limit)]
        else:
            found = list(self._postcode(text))
            if not found:
                found = [*self._partial(text, limit), *self._named(text, near, limit)]
        return _distinct(sorted(found, key=lambda place: -place.score))[:limit]

    def nearest(self, lat: float, lon: float) -> FoundPlace:
        """Say where a point is, for a pin dropped on the map.

        Args:
            lat: degrees north.
            lon: degrees east.

        Returns:
            A place of kind `pin` at that very point, named by the nearest street or place.
        """
        postcode = self._area.nearest(lat, lon)
        close = postcode[0].postcode if postcode and postcode[1] <= _CLOSE_METRES else None
        detail = " · ".join(part for part in (close, gridref_of(lat, lon)) if part)
        return FoundPlace("pin", self._around(lat, lon), detail, lat, lon, close, self._outside(lat, lon), 1.0)

    def _around(self, lat: float, lon: float) -> str:
        if self._tree is None or not in_britain(lat, lon):
            return "Pin"
        count = min(12, self._tree.n)
        _, at = self._tree.query((lat, lon * self._scale), k=count)
        near = [self._names.entries[int(n)] for n in np.atleast_1d(at)]
        gaps = [metres((lat, lon), (entry.lat, entry.lon)) for entry in near]
        entry, gap = next(
            ((e, g) for e, g in zip(near, gaps, strict=True) if e.kind != "site" and g <= _STREET_METRES),
            (near[0], gaps[0]),
        )
        title = entry.name if entry.kind == "place" else f"{entry.name}, {self._names.town_of(entry)}"
        # A town reaches further than the point that marks it.
        reach = 1000 + math.sqrt(entry.population) * 1000 / 150
        return f"Near {title.rstrip(', ')}" if gap < reach else f"{gap / 1000:.1f} km from {title.rstrip(', ')}"

    def _work_out_outside(self, lat: float, lon: float) -> str | None:
        return None if self._area.contains(lat, lon) else f"Outside {self._area.area.name}."

    def _postcode(self, text: str) -> Iterator[FoundPlace]:
        """Answer a full postcode, alone or inside an address."""
        postcode = normalise(text)
        found = (postcode, "") if postcode else find_in(text)
        if found is None:
            return
        code, rest = found
        place = self._postcodes.find(code)
        if place is None:
            yield from self._unknown_postcode(code)
            return
        yield self._full(place, 2.0)
        if rest:
            around = (place.lat, place.lon)
            best = self._named(rest, around, 3)
            yield from (one for one in best if metres(around, (one.lat or 0.0, one.lon or 0.0)) < _CLOSE_BY_METRES)

    def _unknown_postcode(self, code: str) -> Iterator[FoundPlace]:
        outward, inward = code.split()
        for part in (Partial(outward, inward[0]), Partial(outward, "")):
            middle = self._postcodes.middle(part)
            if middle:
                warning = f"{code} is not in the directory; this is the middle of {part}."
                yield replace(self._part(middle, 1.9), warning=warning)
                return

    def _full(self, place: PostcodePlace, score: float) -> FoundPlace:
        warnings = []
        if place.live is False:
            warnings.append("Terminated postcode, or newer than the list: check with the caller.")
        if not self._area.covers(place.district):
            warnings.append(f"Outside {self._area.area.name}.")
        detail = self._names.whereabouts(place.lat, place.lon)
        warning = " ".join(warnings) or None
        return FoundPlace("postcode", place.postcode, detail, place.lat, place.lon, place.postcode, warning, score)

    def _part(self, middle: PostcodePlace, score: float) -> FoundPlace:
        outside = None if self._area.covers(middle.district) else f"Outside {self._area.area.name}."
        where = self._names.whereabouts(middle.lat, middle.lon)
        detail = f"{where} · middle of {middle.count:,} postcodes".lstrip(" ·")
        return FoundPlace("postcode part", middle.postcode, detail, middle.lat, middle.lon, None, outside, score)

    def _partial(self, text: str, limit: int) -> Iterator[FoundPlace]:
        for n, part in enumerate(partials(text)):
            middle = self._postcodes.middle(part)
            if middle is None:
                continue
            # One or two letters begin many names; with a digit it is meant as a postcode.
            base = 1.6 if any(char.isdigit() for char in part.outward) else 0.7
            mine = 0.1 if self._area.covers(middle.district) else 0.0
            # Each further reading of the same letters is less likely; the county's own postcodes are
            # likelier than others.
            yield self._part(middle, base + mine - n * 0.2)
            if part.inward:
                for m, place in enumerate(self._postcodes.beginning(part, limit)):
                    yield self._full(place, base - 0.3 - n * 0.2 - m * 0.001)

    def _position(self, position: TypedPosition) -> FoundPlace:
        detail = gridref_of(position.lat, position.lon) if position.kind == "coordinates" else ""
        where = self._names.whereabouts(position.lat, position.lon)
        warnings = []
        if position.swapped:
            warnings.append("Latitude and longitude were exchanged.")
        if position.size_m >= 1000:
            warnings.append(f"Only a square of {position.size_m // 1000} km.")
        if outside := self._outside(position.lat, position.lon):
            warnings.append(outside)
        return FoundPlace(
            kind=position.kind,
            title=position.text,
            detail=" · ".join(part for part in (where, detail) if part),
            lat=position.lat,
            lon=position.lon,
            postcode=None,
            warning=" ".join(warnings) or None,
            score=_SQUARE_SCORES.get(position.size_m, 2.0),
        )

    def _named(self, text: str, near: Point | None, limit: int) -> list[FoundPlace]:
        return [
            FoundPlace(
                kind=entry.kind,
                title=entry.name,
                detail=self._names.detail(entry),
                lat=entry.lat,
                lon=entry.lon,
                postcode=None,
                warning=self._outside(entry.lat, entry.lon),
                score=score,
            )
            for entry, score in self._names.find(text, near, limit)
        ]


def _what3words(words: str) -> FoundPlace:
    return FoundPlace(
        "what3words", words, "kept as text", None, None, None, "Not on the map: ask for a street.", 1.0
    )


def _distinct(places: Sequence[FoundPlace]) -> list[FoundPlace]:
    """Keep the first of answers that would read the same."""
    seen: dict[tuple[str, str, str], FoundPlace] = {}
    for place in places:
        seen.setdefault((place.kind, place.title, place.detail), place)
    return list(seen.values())


def _merge(mine: list[GazetteerEntry], others: list[GazetteerEntry]) -> list[GazetteerEntry]:
    """Add places of the wide data that the pack does not already have; take populations from them."""
    known: dict[str, list[int]] = {}
    for n, entry in enumerate(mine):
        if entry.kind == "place":
            known.setdefault(entry.name.casefold(), []).append(n)
    merged = list(mine)
    for other in others:
        twin = next(
            (
                n
                for n in known.get(other.name.casefold(), [])
                if metres((mine[n].lat, mine[n].lon), (other.lat, other.lon)) < _TWIN_METRES
            ),
            None,
        )
        if twin is None:
            merged.append(other)
        elif not merged[twin].population:
            merged[twin] = replace(merged[twin], population=other.population)
    return merged
