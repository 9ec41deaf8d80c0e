"""Where a practice shift is: the county that the shipped words are about, or the one of another map pack."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from db.domain.cover import Town
from db.exercise.scenario import CountyPostcodes, Scenario, load_scenario
from db.geo.pack import MapPack
from db.geo.search.any_area import area_of
from db.geo.search.postcodes import PostcodeIndex
from db.geo.search.service_area import NORTHAMPTONSHIRE, AreaIndex, ServiceArea

if TYPE_CHECKING:
    from db.geo.search.places import PlaceFinder

_CALLED: Final = {
    "crisis house": "{} Crisis House",
    "caf\u00e9": "Crisis Caf\u00e9 {}",
    "health-based place of safety": "{} place of safety",
}
"""What a destination of a kind is called after its town; any other by its kind."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A county to practise in.

    Attributes:
        area: the county.
        scenario: words and rates, with places of the county.
        postcodes: where people of the county live.
        towns: of a county that the shipped set does not know, the largest first, each with a postcode of its
            middle; empty at home.
    """

    area: ServiceArea
    scenario: Scenario
    postcodes: CountyPostcodes
    towns: tuple[tuple[Town, str], ...] = field(default=())

    def reference_set(self, shipped: dict[str, Any]) -> dict[str, Any]:
        """The shipped reference set, its bases and destinations moved into the towns of the county."""
        if not self.towns:
            return shipped
        base = {row["name"]: self._at(number) for number, row in enumerate(shipped["van_base"])}
        numbers = Counter[str]()
        destinations = []
        for row in shipped["destination"]:
            at = self._at(numbers[row["kind"]])
            numbers[row["kind"]] += 1
            called = _CALLED.get(row["kind"], f"{{}} {row['kind']}").format(at["name"])
            destinations.append(row | {"name": called, "lat": at["lat"], "lon": at["lon"]})
        return shipped | {
            "service": {"name": self.area.name},
            "van_base": list({row["name"]: row for row in base.values()}.values()),
            "destination": list({row["name"]: row for row in destinations}.values()),
            "van": [row | {"base": base[row["base"]]["name"]} for row in shipped["van"]],
        }

    def _at(self, number: int) -> Mapping[str, Any]:
        town, postcode = self.towns[number % len(self.towns)]
        return {"name": town.name, "postcode": postcode, "lat": town.lat, "lon": town.lon}


@lru_cache(maxsize=1)
def ground_of(map_pack: Path | None, cache_dir: Path) -> Ground:
    """The county of a map pack; without one, the shipped one. Blocks for a second or more: call it in a thread.

    Raises:
        MapPackError: the map pack is damaged.
        DataMissing: the postcode directory is not installed.
    """
    scenario = load_scenario()
    pack = MapPack.open(map_pack) if map_pack else None
    area = area_of(pack, PostcodeIndex(cache_dir), cache_dir)
    if {*area.districts} == {*NORTHAMPTONSHIRE.districts}:
        return Ground(area, scenario, CountyPostcodes(scenario, cache_dir))
    # At home nobody waits for the libraries of a search.
    from db.geo.search.places import PlaceFinder

    finder = PlaceFinder.build(pack, cache_dir, area)
    towns = _towns(finder, area, cache_dir)
    there = replace(
        scenario,
        localities={},
        destinations={},
        lists={**scenario.lists, "standby": tuple(postcode for _, postcode in towns)},
    )

    def named(lat: float, lon: float) -> str:
        # A district may reach over the county's line.
        return finder.whereabouts(lat, lon) if not finder.outside(lat, lon) else ""

    return Ground(area, there, CountyPostcodes(there, cache_dir, area, named), towns)


def _towns(finder: "PlaceFinder", area: ServiceArea, cache_dir: Path) -> tuple[tuple[Town, str], ...]:
    """The towns with the postcode nearest to each; the middle of a county that has none."""
    index = AreaIndex(area, PostcodeIndex(cache_dir))
    for towns in (finder.towns, (Town(area.name, area.lat, area.lon),)):
        found = ((town, near) for town in towns if (near := index.nearest(town.lat, town.lon)) is not None)
        if known := tuple((town, place.postcode) for town, (place, _) in found):
            return known
    return ()
