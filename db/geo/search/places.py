"""One box that finds a place from whatever a caller says."""

import contextlib
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from db.domain.cover import MOST_TOWNS, Town
from db.domain.postcode import area_of as area_of_code
from db.geo.earth import Point, in_britain, metres
from db.geo.errors import DataMissing
from db.geo.pack import MapPack
from db.geo.search.answering import Level
from db.geo.search.any_area import area_of
from db.geo.search.found import FoundPlace
from db.geo.search.gazetteer import GazetteerEntry
from db.geo.search.gridref import gridref_of
from db.geo.search.known import KnownNames, kept_names, known_names
from db.geo.search.meanings import Meanings, Meant
from db.geo.search.position_answers import PositionAnswers
from db.geo.search.postcode_answers import PostcodeAnswers
from db.geo.search.postcodes import PostcodeIndex
from db.geo.search.service_area import AreaIndex, ServiceArea
from db.geo.search.short_towns import spelt_out
from db.geo.search.towns_said import TownsSaid

__all__ = ["FoundPlace", "PlaceFinder"]
_CLOSE_METRES = 250.0
_STREET_METRES = 250.0


class PlaceFinder:
    """Finds places by name, postcode or position. Safe to use from several threads at once.

    Attributes:
        town_names: of the towns in the service area, in no order.
        outside: says of a (lat, lon) that it lies outside the service area; None when it does not.
    """

    def __init__(
        self, postcodes: PostcodeIndex, area: AreaIndex, entries: Sequence[GazetteerEntry] | KnownNames
    ) -> None:
        self._postcodes = postcodes
        self._area = area
        known = entries if isinstance(entries, KnownNames) else known_names(entries, area)
        self._names, self._inside = known.names, known.inside
        ours = [self._names.entries[n] for n in np.flatnonzero(self._inside).tolist()]
        self._towns = [one for one in ours if one.is_town]
        self.town_names = tuple(one.name for one in self._towns)
        middle = (area.area.lat, area.area.lon)
        towns = TownsSaid(self._names, middle)
        self._meanings = Meanings(self._names, towns, middle, area.area.name)
        self._scale = float(np.cos(np.radians(area.area.lat)))
        at = self._names.at
        self._tree = cKDTree(at * (1.0, self._scale)) if len(at) else None
        self.outside = lru_cache(maxsize=4096)(self._work_out_outside)
        self._codes = PostcodeAnswers(postcodes, area, self._names, towns, self._named)
        self._positions = PositionAnswers(self._names, towns, middle, self.outside)

    @classmethod
    def build(cls, pack: MapPack | None, cache_dir: Path, area: ServiceArea | None = None) -> "PlaceFinder":
        """Read what the area needs; takes seconds the first time, then uses copies. Call it off the GUI thread.

        Args:
            pack: the map pack; None when none is set.
            cache_dir: folder for the quick copies.
            area: the service area, for ranking and warnings; the pack's own when left out.

        Raises:
            MapPackError: a file of the pack is damaged.
            DataMissing: the postcode data package is not there or is damaged.
        """
        postcodes = PostcodeIndex(cache_dir)
        index = AreaIndex(area or area_of(pack, postcodes, cache_dir), postcodes)
        return cls(postcodes, index, kept_names(pack, index, cache_dir))

    def prepare(self) -> None:
        """Read the postcodes of the whole country, so that no later look-up waits for them. Takes seconds once.

        Raises:
            DataMissing: the data package is not there or is damaged.
        """
        self._postcodes.prepare()

    @cached_property
    def towns(self) -> tuple[Town, ...]:
        """The towns of the service area, the largest first."""
        towns = sorted(self._towns, key=lambda entry: (-entry.population, entry.name))
        return tuple(Town(one.name, one.lat, one.lon) for one in towns[:MOST_TOWNS])

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
        text = spelt_out(" ".join(text[:200].split()), self.town_names)
        if not text:
            return []
        if (position := self._positions.find(text)) is not None:
            # A short grid reference may be the beginning of a postcode.
            found = [position, *(() if position.sure else self._codes.begun(text, limit))]
        else:
            found = list(self._codes.whole(text))
            if not any(one.kind == "postcode" for one in found):
                around = near or self._codes.around(text)
                found += [*self._codes.begun(text, limit), *self._named(text, around, limit)]
        return _first_sure_only(_distinct(sorted(found, key=lambda place: -place.score))[:limit])

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
        return FoundPlace("pin", self._around(lat, lon), detail, lat, lon, close, self.outside(lat, lon), 1.0)

    def whereabouts(self, lat: float, lon: float) -> str:
        """The settlement around a point, and its town when that is another, as ``Orton, Rothwell``."""
        return self._names.whereabouts(lat, lon)

    def around_postcode(self, code: str) -> str:
        """What lies around a full postcode of the area, as :meth:`whereabouts` says it; empty for any other."""
        if area_of_code(code) not in self._area.area.postcode_areas:
            return ""
        with contextlib.suppress(DataMissing):
            if found := self._postcodes.find(code):
                return self.whereabouts(found.lat, found.lon)
        return ""

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

    def _named(self, text: str, near: Point | None, limit: int) -> list[FoundPlace]:
        found, sure = self._meanings.find(text, near, limit)
        if not sure or not self._inside[found[0].number]:
            found, sure = self._settlements_first(found), False
        return [self._answer(one, sure=sure and n == 0) for n, one in enumerate(found)]

    def _settlements_first(self, found: list[Meant]) -> list[Meant]:
        """A place of here whose name has all that was said comes before streets, and before places of elsewhere.

        "Higham" is Higham Ferrers before a road to it, and "Addington" a village of the county before one in Kent.
        """
        ours = [one for one in found if self._is_ours(one) and self._names.entries[one.number].kind == "place"]
        if not ours:
            return found
        least = min(one.score for one in ours)
        return [replace(one, score=least - 1 + one.score / 10) if self._is_less(one) else one for one in found]

    def _is_ours(self, one: Meant) -> bool:
        return bool(self._inside[one.number]) and one.level > Level.SOME and not one.doubt

    def _is_less(self, one: Meant) -> bool:
        kind = self._names.entries[one.number].kind
        of_elsewhere = kind == "place" and not self._inside[one.number]
        return of_elsewhere or (kind == "street" and one.level <= Level.ALL_SAID)

    def _answer(self, meant: Meant, *, sure: bool) -> FoundPlace:
        entry = self._names.entries[meant.number]
        outside = None if self._inside[meant.number] else f"Outside {self._area.area.name}."
        return FoundPlace(
            kind=entry.kind,
            title=entry.name,
            detail=self._names.detail(entry),
            lat=entry.lat,
            lon=entry.lon,
            postcode=None,
            warning=" ".join(part for part in (meant.doubt, outside) if part) or None,
            score=meant.score,
            sure=sure and not outside,
        )


def _first_sure_only(places: list[FoundPlace]) -> list[FoundPlace]:
    """Leave only the first beyond doubt: what stands lower is chosen by a person or not at all."""
    return [replace(place, sure=place.sure and n == 0) for n, place in enumerate(places)]


def _distinct(places: Sequence[FoundPlace]) -> list[FoundPlace]:
    """Keep the first of answers that would read the same."""
    seen: dict[tuple[str, str, str], FoundPlace] = {}
    for place in places:
        seen.setdefault((place.kind, place.title, place.detail), place)
    return list(seen.values())
