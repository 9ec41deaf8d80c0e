"""A county to test with: a small one made here, or the real one in the folder that `CRU_TEST_MAP_PACK` names.

The small one has three towns where Northampton, Kettering and Daventry are, each a chequerboard of streets with a
hospital, a wood and a lake; two main roads with villages between them; a river and a border. Nobody drew it from
a map, so it may be kept with the program. A second one is made the same way around Hereford.
"""

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import osmium
import pytest
from osmium.osm import mutable

from db.geo.builder.pack import build_pack
from db.geo.earth import Point, metres, moved
from db.geo.pack import MapPack

# The places of these postcodes.
TOWNS: dict[str, tuple[str, Point]] = {
    "NN1 5BD": ("Northampton", (52.236068, -0.883829)),
    "NN16 8UZ": ("Kettering", (52.402797, -0.741279)),
    "NN11 4DY": ("Daventry", (52.252056, -1.160851)),
}
ROADS = (("NN1 5BD", "NN16 8UZ", "trunk", "A43"), ("NN1 5BD", "NN11 4DY", "primary", "A45"))
SECOND_TOWNS: dict[str, tuple[str, Point]] = {
    "HR1 2ER": ("Hereford", (52.058529, -2.707776)),
    "HR6 8NQ": ("Leominster", (52.228183, -2.737351)),
    "HR8 1AQ": ("Ledbury", (52.039792, -2.423386)),
}
EXITS = {"A43": ("1", "2A"), "A45": ("16",), "A49": ("7",)}
"""The numbers of the junctions of the main roads, at the bends where a lane leaves."""
SECOND_ROADS = (("HR1 2ER", "HR6 8NQ", "trunk", "A49"), ("HR1 2ER", "HR8 1AQ", "primary", "A438"))
# The speeds that fit the real county, as they were measured there; written again so that they do not drift.
Towns = Mapping[str, tuple[str, Point]]
Roads = Sequence[tuple[str, str, str, str]]
_KMH = {"trunk": 84, "primary": 61}
_JUNCTION_SECONDS = 3.5
_VILLAGES = ("Ashby", "Barrow", "Caldecote", "Denford", "Easton", "Foxley", "Glapthorn", "Harpole")
_TREES = ("Alder", "Beech", "Cedar", "Damson", "Elder", "Fir", "Gorse", "Hazel", "Ivy", "Larch", "Maple", "Oak")
_BLOCK_METRES = 130.0
_BEND_METRES = 1500.0
_LANE_EVERY = 3


@dataclass(frozen=True, slots=True)
class County:
    """A map pack, and how long it takes by its roads between the postcodes of its towns.

    Attributes:
        minutes: by start and end.
        known_to: by which share of them the program may be wrong.
    """

    pack: MapPack
    minutes: Mapping[tuple[str, str], float]
    known_to: float


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """The real county where it is, else the small one."""
    folder = os.environ.get("CRU_TEST_MAP_PACK")
    if folder:
        return County(MapPack.open(folder), {("NN16 8UZ", "NN1 5BD"): 29.9, ("NN11 4DY", "NN1 5BD"): 30.0}, 0.07)
    return build_county(tmp_path_factory.mktemp("county"))


def build_county(folder: Path) -> County:
    """Make the small county in an empty folder."""
    return _build(folder, "Small county", TOWNS, ROADS)


def build_second_county(folder: Path) -> County:
    """Make another county, a hundred kilometres to the west, in an empty folder."""
    return _build(folder, "Marcher county", SECOND_TOWNS, SECOND_ROADS)


def _build(folder: Path, name: str, towns: Towns, roads: Roads) -> County:
    extract = folder / "county.osm.pbf"
    drawing = _draw(name, towns, roads)
    drawing.write(extract)
    pack = build_pack(extract, folder / "pack", lambda _stage, _share: None, name=name)
    return County(pack, {(end, start): _minutes(drawing, ref) for start, end, _, ref in roads}, 0.01)


@dataclass(slots=True)
class _Drawing:
    """Nodes, ways and named points; nodes are numbered as they come."""

    nodes: list[tuple[Point, dict[str, str]]] = field(default_factory=list)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)

    def node(self, at: Point, **tags: str) -> int:
        self.nodes.append((at, tags))
        return len(self.nodes)

    def way(self, refs: Sequence[int], **tags: str) -> None:
        self.ways.append((list(refs), tags))

    def ring(self, middle: Point, across: float, **tags: str) -> None:
        half = across / 2
        refs = [self.node(moved(middle, n * half, e * half)) for n, e in ((-1, -1), (-1, 1), (1, 1), (1, -1))]
        self.way([*refs, refs[0]], **tags)

    def write(self, path: Path) -> None:
        header = osmium.io.Header()
        header.set("osmosis_replication_timestamp", "2026-01-01T00:00:00Z")
        with osmium.SimpleWriter(str(path), header=header) as out:
            for number, ((lat, lon), tags) in enumerate(self.nodes, 1):
                out.add_node(mutable.Node(id=number, version=1, location=(lon, lat), tags=tags))
            for number, (refs, tags) in enumerate(self.ways, 1):
                out.add_way(mutable.Way(id=number, version=1, nodes=refs, tags=tags))


def _draw(county: str, towns: Towns, roads: Roads) -> _Drawing:
    drawing = _Drawing()
    corner = {postcode: _town(drawing, name, at) for postcode, (name, at) in towns.items()}
    villages = iter(_VILLAGES)
    for start, end, kind, ref in roads:
        _main_road(drawing, (corner[start], corner[end]), {"highway": kind, "ref": ref}, villages)
    middle = next(iter(towns.values()))[1]
    drawing.ring(middle, 60_000, boundary="administrative", admin_level="6", name=county)
    bank = [drawing.node(moved(middle, -900 + 200 * math.sin(east), east * 3000)) for east in range(-8, 9)]
    drawing.way(bank, waterway="river", name="Nene")
    return drawing


def _town(drawing: _Drawing, name: str, at: Point) -> int:
    """Draw a chequerboard south and west of a point; returns the node there."""
    drawing.node(moved(at, -700, -700), place="town", name=name, population="50000")
    drawing.node(moved(at, -400, -300), amenity="hospital", name=f"{name} General Hospital")
    drawing.ring(moved(at, -2200, -800), 600, landuse="forest")
    drawing.ring(moved(at, -2200, 300), 500, natural="water")
    size = len(_TREES)
    board = [
        [drawing.node(moved(at, -row * _BLOCK_METRES, -column * _BLOCK_METRES)) for column in range(size)]
        for row in range(size)
    ]
    for tree, row, column in zip(_TREES, board, zip(*board, strict=True), strict=True):
        drawing.way(row, highway="residential", name=f"{tree} Street")
        drawing.way(column, highway="residential", name=f"{tree} Road")
    return board[0][0]


def _main_road(drawing: _Drawing, ends: tuple[int, int], tags: dict[str, str], villages: Iterator[str]) -> None:
    """Draw a winding road with a lane to a village at every third bend."""
    start, end = (drawing.nodes[number - 1][0] for number in ends)
    count = int(metres(start, end) / _BEND_METRES)
    bends = [_between(start, end, at / count, 150.0 * math.sin(at)) for at in range(1, count)]
    numbers = [drawing.node(bend) for bend in bends]
    drawing.way([ends[0], *numbers, ends[1]], **tags)
    exits = list(zip(numbers[::_LANE_EVERY], EXITS.get(tags["ref"], ()), strict=False))
    for number, exit_number in exits:
        drawing.nodes[number - 1][1].update(highway="motorway_junction", ref=exit_number)
    for bend, number in list(zip(bends, numbers, strict=True))[::_LANE_EVERY]:
        name, green = next(villages), moved(bend, 800, 0)
        drawing.node(green, place="village", name=name)
        drawing.way([number, drawing.node(green)], highway="unclassified", name=f"{name} Lane")


def _between(a: Point, b: Point, share: float, north: float) -> Point:
    return moved((a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share), north, 0)


def _minutes(drawing: _Drawing, ref: str) -> float:
    """How long a main road takes by its speed and its junctions."""
    [(refs, tags)] = [way for way in drawing.ways if way[1].get("ref") == ref]
    road = [drawing.nodes[number - 1][0] for number in refs]
    km = sum(metres(a, b) for a, b in pairwise(road)) / 1000
    lanes = len(range(0, len(refs) - 2, _LANE_EVERY))
    return km / _KMH[tags["highway"]] * 60 + (lanes + 1) * _JUNCTION_SECONDS / 60
