"""Reading an OpenStreetMap extract once, keeping what a pack needs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from db.geo.builder.access import PEOPLE_CARRIER, Passage, VanSize, is_car_ferry, past_node
from db.geo.builder.exits import Exits
from db.geo.builder.features import Coords, Feature, Meaning, of_area, of_line, of_poi
from db.geo.builder.left_out import LeftOut
from db.geo.builder.mvt import LINE, POINT, POLYGON
from db.geo.builder.order import in_order
from db.geo.builder.turns import Turn, turn_of
from db.geo.builder.ways import Road, drivable_class, is_driven, known_parts, roads_of
from db.geo.errors import MapPackError
from db.geo.search.gazetteer import HOUSE

Progress = Callable[[str, float], None]
SITE_KINDS = frozenset(("hospital", "clinic", "doctors", "pharmacy", "police", "fire_station", "nursing_home"))
# In England: regions, counties, and districts.
_ADMIN = ("5", "6", "8")
_NEXT_STEP = "Download it again, for instance with: main.py map get northamptonshire."


@dataclass(frozen=True, slots=True)
class Named:
    """A named place, street or site: name, kind, lat, lon in degrees, people who live there, and its street."""

    name: str
    kind: str
    lat: float
    lon: float
    population: int = 0
    street: str = ""


@dataclass(slots=True)
class Extract:
    """What was read.

    Attributes:
        features: all that is drawn, except settlements.
        roads: for the road graph.
        places: settlements.
        streets: named roads, at the middle of each way.
        sites: hospitals, police stations and the like.
        boundaries: administrative areas (name, level, code, rings).
        barriers: points on roads that not everybody may pass, by number of the node.
        turns: turn restrictions, as they are told.
        left_out: what was not used, and why.
        dated: when the extract was made, ISO; empty when it does not say.
    """

    features: list[Feature] = field(default_factory=list)
    roads: list[Road] = field(default_factory=list)
    places: list[Named] = field(default_factory=list)
    streets: list[Named] = field(default_factory=list)
    sites: list[Named] = field(default_factory=list)
    boundaries: list[tuple[str, str, str, list[list[Coords]]]] = field(default_factory=list)
    barriers: dict[int, Passage] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)
    dated: str = ""


def read_extract(
    path: Path, progress: Progress, *, buildings: bool = False, van: VanSize = PEOPLE_CARRIER
) -> Extract:
    """Read an extract.

    Args:
        path: an `.osm.pbf` file, or `.osm`, packed or not; in any order, with negative numbers, cut anyhow.
        progress: called with a stage and a share from 0 to 1.
        buildings: keep buildings too; they make a county's pack several times larger.
        van: what has to fit along a road.

    Returns:
        What a pack needs, and what was left out.

    Raises:
        MapPackError: the file is not there, empty, cut short, not an extract, or holds no roads.
    """
    _check(path)
    try:
        with in_order(path) as sorted_path:
            extract = _read(sorted_path, progress, _Reader(Extract(), buildings=buildings, van=van))
            extract.dated = _dated(path)
    except (RuntimeError, ValueError, OSError) as error:
        raise MapPackError(f"{path.name} is cut short or damaged.", _NEXT_STEP) from error
    if not extract.roads:
        raise MapPackError(f"{path.name} holds no roads.", "Choose an extract that covers the county.")
    progress("Reading the extract", 1.0)
    return extract


def _read(path: Path, progress: Progress, reader: "_Reader") -> Extract:
    progress("Reading the extract", 0.0)
    for count, thing in enumerate(_things(path)):
        reader.take(thing)
        if count % 20_000 == 0:
            progress("Reading the extract", share_read(count))
    reader.finish()
    return reader.into


def share_read(count: int) -> float:
    """How far it is after so many things, of which nobody knows the end: it grows and never gets there."""
    return count / (count + 200_000)


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except FileNotFoundError:
        raise MapPackError(f"{path} is not there.", "Check the path.") from None
    except OSError as error:
        raise MapPackError(f"{path} cannot be read.", "Check that it is a file you may read.") from error
    if not head:
        raise MapPackError(f"{path.name} is empty.", _NEXT_STEP)
    # A PBF file begins with a length and a block of type OSMHeader; the other forms are known by their names too.
    packed = head.startswith((b"\x1f\x8b", b"BZh")) and path.name.endswith((".osm.gz", ".osm.bz2"))
    plain = path.name.endswith(".osm") and b"<" in head
    if b"OSMHeader" not in head and not packed and not plain:
        raise MapPackError(f"{path.name} is not an OpenStreetMap extract (.osm.pbf).", _NEXT_STEP)


def _dated(path: Path) -> str:
    with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
        return str(reader.header().get("osmosis_replication_timestamp"))[:10]


def _things(path: Path) -> Iterator[Any]:
    tagged = osmium.filter.EmptyTagFilter()
    yield from osmium.FileProcessor(str(path)).with_locations().with_areas().with_filter(tagged)


class _Reader:
    """Sorts what comes out of the file into an extract."""

    def __init__(self, extract: Extract, *, buildings: bool, van: VanSize) -> None:
        self.into = extract
        self._buildings, self._van = buildings, van
        self._borders: set[int] = set()
        self._exits = Exits()

    def take(self, thing: Any) -> None:  # noqa: ANN401 - osmium's classes have no types
        tags = dict(thing.tags)
        if thing.is_node():
            self._node(thing, tags)
        elif thing.is_way():
            self._way(thing, tags)
        elif thing.is_relation():
            self._relation(thing, tags)
        elif thing.is_area():
            self._area(thing, tags)

    def finish(self) -> None:
        """Count what never came together, and name the junctions whose roads are known by now."""
        for name, lat, lon in self._exits.named():
            self.into.streets.append(Named(name, "junction", lat, lon))
        self.into.left_out["border: not whole in this extract"] += len(self._borders)

    def _node(self, node: Any, tags: dict[str, str]) -> None:  # noqa: ANN401 - as above
        at, is_place = node.location, "place" in tags and "name" in tags
        self._exits.node(node.id, tags)
        passage = past_node(tags, self._van)
        if passage != Passage.OPEN:
            self.into.barriers[node.id] = passage
        if not at.valid():
            if is_place or tags.get("amenity") in SITE_KINDS:
                self.into.left_out["place: without a location"] += 1
            return
        if is_place:
            people = tags.get("population", "").replace(",", "")
            count = int(people) if people.isascii() and people.isdecimal() else 0
            self.into.places.append(Named(tags["name"], tags["place"], at.lat, at.lon, count))
        self._site(tags, at.lat, at.lon)

    def _relation(self, relation: Any, tags: dict[str, str]) -> None:  # noqa: ANN401 - as above
        if tags.get("boundary") == "administrative" and tags.get("admin_level") in _ADMIN:
            self._borders.add(relation.id)
        if (turn := turn_of(relation, tags)) is not None:
            self.into.turns.append(turn)

    def _site(self, tags: dict[str, str], lat: float, lon: float) -> None:
        if house := tags.get("addr:housename", "").strip():
            street = tags.get("addr:street") or tags.get("addr:place") or ""
            self.into.sites.append(Named(house, HOUSE, lat, lon, street=street.strip()))
        kind = tags.get("amenity", "")
        if kind in SITE_KINDS and "name" in tags:
            self.into.sites.append(Named(tags["name"], kind, lat, lon))
            if meaning := of_poi(tags):
                self._draw(meaning, POINT, [np.array([[lon, lat]])])

    def _way(self, way: Any, tags: dict[str, str]) -> None:  # noqa: ANN401 - as above
        meanings = of_line(tags)
        highway = tags.get("highway", "")
        drivable = is_driven(tags)
        if not meanings and not drivable and not is_car_ferry(tags):
            return
        parts = known_parts(way, self.into.left_out)
        self._exits.way(tags, parts)
        for meaning in meanings:
            for _, coords in parts:
                self._draw(meaning, LINE, [coords])
        if drivable or is_car_ferry(tags):
            self.into.roads += roads_of(way.id, tags, parts, self.into.left_out, self._van)
        if highway and parts:
            self._street(tags, highway, max((coords for _, coords in parts), key=len))

    def _street(self, tags: dict[str, str], highway: str, coords: Coords) -> None:
        lon, lat = coords[len(coords) // 2]
        # Callers on a main road know its number, if anything.
        names = {tags.get("name"), tags.get("ref") if drivable_class(highway) else None} - {None}
        for name in sorted(str(name) for name in names):
            self.into.streets.append(Named(name, highway, float(lat), float(lon)))

    def _area(self, area: Any, tags: dict[str, str]) -> None:  # noqa: ANN401 - as above
        if tags.get("boundary") == "administrative" and tags.get("admin_level") in _ADMIN:
            self._boundary(area, tags)
        meanings = [m for m in of_area(tags) if self._buildings or m.layer != "building"]
        site = "addr:housename" in tags or (tags.get("amenity") in SITE_KINDS and "name" in tags)
        if not meanings and not site:
            return
        polygons = _polygons(area)
        for meaning in meanings:
            for rings in polygons:
                self._draw(meaning, POLYGON, rings)
        if site and polygons:
            lon, lat = polygons[0][0].mean(axis=0)
            self._site(tags, float(lat), float(lon))

    def _boundary(self, area: Any, tags: dict[str, str]) -> None:  # noqa: ANN401 - as above
        polygons, level = _polygons(area), tags["admin_level"]
        if not area.from_way():
            self._borders.discard(area.orig_id())
        code = tags.get("ref:gss", "")
        self.into.boundaries.append((tags.get("name", ""), level, code, polygons))
        meaning = Meaning("boundary", (("admin_level", int(level)),), 8 if level != "8" else 10)
        for rings in polygons:
            self._draw(meaning, LINE, rings)

    def _draw(self, meaning: Meaning, kind: int, parts: list[Coords]) -> None:
        self.into.features.append(Feature(meaning.layer, kind, parts, meaning.props, meaning.zoom))


def _polygons(area: Any) -> list[list[Coords]]:  # noqa: ANN401 - as above
    found = []
    for outer in area.outer_rings():
        rings = [outer, *area.inner_rings(outer)]
        found.append([np.array([(node.lon, node.lat) for node in ring]) for ring in rings])
    # A ring repeats its first point: fewer than four are no area.
    return [rings for rings in found if len(rings[0]) >= 4]
