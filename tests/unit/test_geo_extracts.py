"""Extracts as people have them, and packs of other programs: read or refused in a sentence, never in silence."""

import csv
import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import osmium
import pytest
from osmium.osm import mutable
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from console.map.marks import MapConfig
from console.map.sources import Sources
from db.geo.builder import extract, order
from db.geo.builder.extract import share_read
from db.geo.builder.order import in_order
from db.geo.builder.pack import build_pack
from db.geo.errors import MapPackError
from db.geo.pack import FORMAT, MapPack
from db.geo.roads.data import read_roads
from db.geo.roads.graph import RoadGraph
from db.geo.roads.times import travel_times
from tests.county import County
from tests.unit.test_geo_access import Tags, at

LAT, LON = 52.2, -0.9
Node = tuple[int, float, float, Tags]
NODES: list[Node] = [
    (1, 0, 0, {}),
    (2, 2, 0, {"barrier": "bollard"}),
    (3, 4, 0, {}),
    (4, 4, 4, {}),
    (5, 0, 4, {}),
    (6, 2, -0.1, {"place": "village", "name": "Middle Green"}),
]
WAYS: list[tuple[int, list[int], Tags]] = [
    (1, [1, 2, 3], {"highway": "primary", "ref": "A1"}),
    (2, [3, 4, 5, 1], {"highway": "secondary", "name": "Round Road"}),
]


def add_nodes(out: osmium.SimpleWriter, sign: int = 1) -> None:
    for number, east, north, tags in NODES:
        where = (LON + east / 68.16, LAT + north / 111.195)
        out.add_node(mutable.Node(id=sign * number, version=1, location=where, tags=tags))


def add_ways(out: osmium.SimpleWriter, sign: int = 1) -> None:
    for number, refs, tags in WAYS:
        out.add_way(mutable.Way(id=sign * number, version=1, nodes=[sign * ref for ref in refs], tags=tags))


def plain(path: Path) -> None:
    with osmium.SimpleWriter(str(path)) as out:
        add_nodes(out)
        add_ways(out)


def ways_first(path: Path) -> None:
    with osmium.SimpleWriter(str(path)) as out:
        add_ways(out)
        add_nodes(out)


def below_zero(path: Path) -> None:
    with osmium.SimpleWriter(str(path)) as out:
        add_nodes(out, -1)
        add_ways(out, -1)


def twice(path: Path) -> None:
    """Two extracts, one put behind the other."""
    with osmium.SimpleWriter(str(path)) as out:
        for _ in range(2):
            add_nodes(out)
            add_ways(out)


FORMS = [("x.osm.pbf", form) for form in (plain, ways_first, below_zero, twice)] + [
    ("x.osm", below_zero),
    ("x.osm.gz", plain),
    ("x.osm.bz2", ways_first),
]


@pytest.mark.hazard("H-037")
@pytest.mark.parametrize(("name", "write"), FORMS)
def test_each_form_makes_the_same_roads(tmp_path: Path, name: str, write: object) -> None:
    assert callable(write)
    write(tmp_path / name)
    pack = build_pack(tmp_path / name, tmp_path / "pack", lambda *_: None)
    roads = read_roads(tmp_path / "pack" / "road_graph.npz")
    assert (len(roads.src), round(roads.metres.sum(), -2)) == (3, 16_000)
    # The bollard is in the middle of the short way, and the place has its name.
    graph = RoadGraph.load(pack)
    assert graph.route(at(1, 0), at(3, 0)).km == pytest.approx(14, rel=0.02)
    assert pack.places
    assert "Middle Green" in pack.places.read_text("utf-8")
    assert pack.left_out == ("1 point: a barrier across a road that vans do not pass",)


def test_how_far_a_reading_is_grows_and_never_says_that_it_has_ended() -> None:
    shares = [share_read(count) for count in (0, 20_000, 400_000, 100_000_000)]
    assert shares == sorted(set(shares))
    assert all(0 <= share < 1 for share in shares)


def test_a_file_that_cannot_be_put_in_order_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _into: Path) -> None:
        raise OSError("no room on the disk")

    below_zero(tmp_path / "z.osm.pbf")
    monkeypatch.setattr(order, "_renumber", full)
    with pytest.raises(OSError, match="no room"), in_order(tmp_path / "z.osm.pbf"):
        pass


def test_a_file_that_is_in_order_is_read_as_it_is(tmp_path: Path) -> None:
    plain(tmp_path / "x.osm.pbf")
    with in_order(tmp_path / "x.osm.pbf") as same:
        assert same == tmp_path / "x.osm.pbf"
    below_zero(tmp_path / "y.osm.pbf")
    with in_order(tmp_path / "y.osm.pbf") as other:
        assert other.is_file()
    assert not other.exists()


def test_what_is_put_in_order_is_numbered_from_one_and_says_when_it_was_drawn(tmp_path: Path) -> None:
    drawn = "2026-11-01T20:21:00Z"
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", drawn)
    with osmium.SimpleWriter(str(tmp_path / "x.osm.pbf"), header=header) as out:
        members = [("w", -9, "outer"), ("n", -1, "label"), ("r", -4, "part"), ("w", 77, "gone")]
        out.add_relation(mutable.Relation(id=-4, version=1, members=members, tags={"type": "boundary"}))
        out.add_way(mutable.Way(id=-9, version=1, nodes=[-1, -3, 55], tags={"name": "first"}))
        out.add_way(mutable.Way(id=-9, version=2, nodes=[-1], tags={"name": "again"}))
        for number in (-3, -1, -3):
            out.add_node(mutable.Node(id=number, version=1, location=(LON, LAT)))
    with in_order(tmp_path / "x.osm.pbf") as other:
        with osmium.io.Reader(str(other)) as reader:
            assert reader.header().get("osmosis_replication_timestamp") == drawn
        found = [
            (thing.type_str(), thing.id, [node.ref for node in thing.nodes] if thing.is_way() else [])
            for thing in osmium.FileProcessor(str(other))
        ]
        members = [
            (member.type, member.ref, member.role)
            for thing in osmium.FileProcessor(str(other), osmium.osm.RELATION)
            for member in thing.members
        ]
        assert extract._dated(other) == "2026-11-01"
    gone = found[2][2][2]
    assert found == [("n", 1, []), ("n", 2, []), ("w", 1, [2, 1, gone]), ("r", 1, [])]
    assert gone > 1_000_000_000, "a number that nothing has"
    assert members[:3] == [("w", 1, "outer"), ("n", 2, "label"), ("r", 1, "part")]
    assert members[3][1] > 1_000_000_000


def test_what_is_missing_is_left_out_and_said(tmp_path: Path) -> None:
    """A county cut out with straight scissors: points of its roads are gone, and one place has never had one."""
    with osmium.SimpleWriter(str(tmp_path / "x.osm.pbf")) as out:
        add_nodes(out)
        out.add_node(mutable.Node(id=7, version=1, tags={"place": "town", "name": "Nowhere"}))
        add_ways(out)
        out.add_way(mutable.Way(id=3, version=1, nodes=[1, 5, 900, 901, 3, 4], tags={"highway": "trunk"}))
        out.add_way(mutable.Way(id=4, version=1, nodes=[900, 901], tags={"highway": "trunk"}))
        out.add_way(mutable.Way(id=5, version=1, nodes=[1, 4], tags={"highway": "tertiary", "access": "no"}))
        out.add_way(
            mutable.Way(id=6, version=1, nodes=[1, 4], tags={"highway": "tertiary", "motor_vehicle": "no"})
        )
        county = {"type": "boundary", "boundary": "administrative", "admin_level": "6", "name": "Half a Shire"}
        out.add_relation(mutable.Relation(id=1, version=1, members=[("w", 77, "outer")], tags=county))
        # Neither is a border of today's.
        for number, other in ((2, {"boundary": "historic"}), (3, {"admin_level": "1"})):
            out.add_relation(
                mutable.Relation(id=number, version=1, members=[("w", 77, "outer")], tags=county | other)
            )
    pack = build_pack(tmp_path / "x.osm.pbf", tmp_path / "pack", lambda *_: None)
    assert sorted(pack.left_out) == [
        "1 border: not whole in this extract",
        "1 piece of road: points of it are not in this extract",
        "1 place: without a location",
        "1 point: a barrier across a road that vans do not pass",
        "1 road: for buses and blue lights, not for vans",
        "1 road: shut to everybody, or not built",
        "1 way: its points are not in this extract",
    ]
    assert all(line in pack.describe() for line in pack.left_out)
    # No road lies over the gap, though both of its ends are there.
    roads = read_roads(tmp_path / "pack" / "road_graph.npz")
    gap = {tuple(np.round([LON + east / 68.16, LAT + north / 111.195], 4)) for east, north in ((0, 4), (4, 0))}
    ends = [
        {tuple(np.round(roads.nodes[node], 4)) for node in pair} for pair in zip(roads.src, roads.dst, strict=True)
    ]
    assert len(ends) == 8
    assert gap not in ends
    assert json.loads((tmp_path / "pack" / "pack.json").read_text("utf-8"))["format"] == FORMAT


def test_a_pack_of_before_opens_and_says_what_it_does_not_know(tmp_path: Path) -> None:
    plain(tmp_path / "x.osm.pbf")
    folder = build_pack(tmp_path / "x.osm.pbf", tmp_path / "pack", lambda *_: None).folder
    with np.load(folder / "road_graph.npz") as packed:
        new = {"format", "passage", "seconds", "name_of", "names", "forbidden", "forbidden_count"}
        old = {name: packed[name] for name in packed.files if name not in new}
    np.savez_compressed(folder / "road_graph.npz", **old)
    about = json.loads((folder / "pack.json").read_text("utf-8"))
    (folder / "pack.json").write_text(
        json.dumps({k: v for k, v in about.items() if k not in {"format", "left_out"}})
    )
    pack = MapPack.open(folder)
    assert travel_times(pack).minutes_to(at(1.5, 0), [at(0.5, 0)])[0] < 3
    assert "of format 1: travel times know no bus gates. Build the pack again from an extract." in pack.describe()


def test_the_countys_pack_opens_whatever_its_format(county: County) -> None:
    assert county.pack.roads
    assert travel_times(county.pack).method == "road"


@pytest.mark.parametrize("part", ["pack.json", "road_graph.npz"])
def test_a_pack_of_a_newer_program_is_refused_in_one_sentence(tmp_path: Path, part: str) -> None:
    plain(tmp_path / "x.osm.pbf")
    pack = build_pack(tmp_path / "x.osm.pbf", tmp_path / "pack", lambda *_: None)
    if part == "pack.json":
        (pack.folder / part).write_text(json.dumps({"format": FORMAT + 1}))
    else:
        with np.load(pack.folder / part) as packed:
            arrays = {name: packed[name] for name in packed.files}
        np.savez_compressed(pack.folder / part, **arrays | {"format": np.array(9)})
    with pytest.raises(MapPackError, match="newer program"):
        travel_times(MapPack.open(pack.folder))


@pytest.mark.parametrize(
    "broken", [{"passage": np.zeros(1)}, {"forbidden": np.array([0, 99]), "forbidden_count": np.array([2])}]
)
def test_rules_of_other_roads_are_a_damaged_pack(tmp_path: Path, broken: dict[str, np.ndarray]) -> None:
    plain(tmp_path / "x.osm.pbf")
    pack = build_pack(tmp_path / "x.osm.pbf", tmp_path / "pack", lambda *_: None)
    with np.load(pack.folder / "road_graph.npz") as packed:
        arrays = {name: packed[name] for name in packed.files}
    np.savez_compressed(pack.folder / "road_graph.npz", **arrays | broken)
    with pytest.raises(MapPackError, match="damaged"):
        travel_times(pack)


def test_tiles_of_another_schema_are_said_and_the_map_is_drawn_without_them(tmp_path: Path) -> None:
    layers = [{"id": name, "fields": {}} for name in ("roads", "earth", "pois")]
    with (tmp_path / "theirs.pmtiles").open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(0, 0, 0), b"\x1f\x8b")
        box = dict.fromkeys(("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7", "center_zoom"), 0)
        box |= {"center_lon_e7": 0, "center_lat_e7": 0}
        writer.finalize(
            {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP, **box}, {"vector_layers": layers}
        )
    said = "of another schema (earth, pois, roads): the map cannot draw them."
    assert said in MapPack.open(tmp_path).describe()
    base = Sources(MapConfig(pack=tmp_path, cache_dir=tmp_path))._base()
    assert base["kind"] == "schematic"
    assert said in base["notice"]
    shutil.rmtree(tmp_path)


def names_of(folder: Path) -> dict[str, tuple[float, float]]:
    with gzip.open(folder / "streets.csv.gz", "rt", encoding="utf-8") as file:
        return {row["name"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)}


def test_junctions_are_named_by_their_road_and_number(tmp_path: Path) -> None:
    exits: list[Node] = [
        (1, 0, 0, {}),
        (2, 2, 0, {"highway": "motorway_junction", "ref": "15a"}),
        # Where a way ends and the next begins, and of two numbers.
        (3, 4, 0, {"highway": "motorway_junction", "ref": "16; J17"}),
        (4, 6, 0, {}),
        (5, 4, 2, {"highway": "motorway_junction", "ref": "3"}),
        (6, 2, 2, {"highway": "motorway_junction"}),
        (7, 0, 2, {"highway": "motorway_junction", "ref": "15A"}),
    ]
    ways: list[tuple[int, list[int], Tags]] = [
        (1, [1, 2, 3], {"highway": "motorway", "ref": "M9", "oneway": "yes"}),
        (2, [3, 4], {"highway": "motorway", "ref": "M9;E5", "oneway": "yes"}),
        # The other carriageway: the same junction.
        (3, [4, 6, 7, 1], {"highway": "motorway", "ref": "M 9", "oneway": "yes"}),
        # A slip road has the number of the road that it leads to.
        (4, [3, 5], {"highway": "motorway_link", "ref": "A99"}),
    ]
    path = tmp_path / "exits.osm.pbf"
    with osmium.SimpleWriter(str(path)) as out:
        for number, east, north, tags in exits:
            where = (LON + east / 68.16, LAT + north / 111.195)
            out.add_node(mutable.Node(id=number, version=1, location=where, tags=tags))
        for number, refs, tags in ways:
            out.add_way(mutable.Way(id=number, version=1, nodes=refs, tags=tags))
    pack = build_pack(path, tmp_path / "pack", lambda _stage, _share: None)
    found = {name: place for name, place in names_of(pack.folder).items() if "junction" in name}
    assert sorted(found) == ["M9 junction 15A", "M9 junction 16", "M9 junction 17"]
    # In the middle of its two carriageways.
    assert found["M9 junction 15A"] == pytest.approx((LAT + 1 / 111.195, LON + 1 / 68.16), abs=1e-5)
