"""A map pack built from a small extract that this test writes, and read back by hand."""

import argparse
import gzip
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from osmium.osm import mutable
from pmtiles.reader import MmapSource, Reader, all_tiles

from db.geo.builder.clip import BUFFER, area_of, cut_line, cut_ring
from db.geo.builder.extract import SITE_KINDS, Named
from db.geo.builder.mvt import EXTENT, _varints
from db.geo.builder.pack import _labels, build_pack
from db.geo.cli import add_map_parser
from db.geo.errors import MapPackError
from db.geo.pack import MapPack
from db.geo.roads.graph import RoadGraph
from db.geo.roads.travel import Speeds
from db.geo.search.gazetteer import read_pack
from tests.county import County
from tests.unit.vector_tiles import decode

LON, LAT = -0.9, 52.2
STEP = 0.01


def write_extract(path: Path) -> None:
    """Write a town of a cross of roads, a lake with an island, a wood, a river, sites and a boundary."""
    with osmium.SimpleWriter(str(path)) as out:
        corners = {
            1: (0, 0), 2: (2, 0), 3: (4, 0), 4: (2, 2), 5: (2, -2), 6: (1, 0),
            11: (0.5, 0.5), 12: (1.5, 0.5), 13: (1.5, 1.5), 14: (0.5, 1.5),
            21: (0.8, 0.8), 22: (1.2, 0.8), 23: (1.2, 1.2), 24: (0.8, 1.2),
            31: (-1, -3), 32: (5, -3), 33: (5, 3), 34: (-1, 3),
            41: (3, 1), 42: (3.5, 1), 43: (3.5, 1.5),
        }  # fmt: skip
        for number, (x, y) in corners.items():
            out.add_node(mutable.Node(id=number, version=1, location=(LON + x * STEP, LAT + y * STEP)))
        for number, tags, (x, y) in (
            (101, {"place": "town", "name": "Crossing", "population": "12,500"}, (2, 0.1)),
            (102, {"place": "hamlet", "name": "Far End"}, (4, 0.1)),
            (103, {"amenity": "hospital", "name": "Crossing General"}, (1, -0.5)),
        ):
            at = (LON + x * STEP, LAT + y * STEP)
            out.add_node(mutable.Node(id=number, version=1, location=at, tags=tags))
        ways: list[tuple[int, list[int], dict[str, str]]] = [
            (1, [1, 6, 2, 3], {"highway": "primary", "ref": "A1", "name": "Long Road"}),
            (2, [4, 2, 5], {"highway": "residential", "name": "Cross Street", "oneway": "-1"}),
            (3, [11, 12, 13, 14, 11], {}),
            (4, [21, 22, 23, 24, 21], {}),
            (5, [31, 32, 33, 34, 31], {"boundary": "administrative", "admin_level": "6", "name": "Shire"}),
            (6, [41, 42, 43, 41], {"landuse": "forest"}),
            (7, [31, 5, 32], {"waterway": "river", "name": "Nene"}),
            (8, [5, 999], {"highway": "footway"}),
        ]
        for number, refs, tags in ways:
            out.add_way(mutable.Way(id=number, version=1, nodes=refs, tags=tags))
        lake = {"type": "multipolygon", "natural": "water"}
        members = [("w", 3, "outer"), ("w", 4, "inner")]
        out.add_relation(mutable.Relation(id=1, version=1, members=members, tags=lake))


def quiet(stage: str, share: float) -> None:
    assert stage
    assert 0 <= share <= 1


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> MapPack:
    folder = tmp_path_factory.mktemp("build")
    write_extract(folder / "crossing-latest.osm.pbf")
    return build_pack(folder / "crossing-latest.osm.pbf", folder / "pack", quiet)


def tiles_of(pack: MapPack) -> dict[tuple[int, int, int], Any]:
    assert pack.tiles is not None
    with pack.tiles.open("rb") as file:
        return {zxy: decode(gzip.decompress(data)) for zxy, data in all_tiles(MmapSource(file))}


def every(pack: MapPack, zoom: int, layer: str) -> list[tuple[int, dict[str, Any], list[list[tuple[int, int]]]]]:
    return [feature for (z, _, _), tile in tiles_of(pack).items() if z == zoom for feature in tile.get(layer, [])]


def test_pack_has_all_its_parts(built: MapPack) -> None:
    assert built.name == "Crossing"
    for part in ("tiles", "roads", "places", "streets", "sites", "boundaries"):
        assert getattr(built, part) is not None, part
    assert "OpenStreetMap" in built.attribution
    assert built.bounds == pytest.approx((LON - STEP, LAT - 3 * STEP, LON + 5 * STEP, LAT + 3 * STEP), abs=1e-4)


def test_settlements_are_ranked_from_one_by_kind_and_size() -> None:
    people = {"village": 9000, "Big": 5000, "town": 3000, "Also": 3000, "county": 0, "island": 70}
    kinds = {"Big": "town", "Also": "town", "island": "farm"}
    places = [Named(name, kinds.get(name, name), 52, -1, many) for name, many in people.items()]
    props = [dict(one.props) for one in _labels(places)]
    told = {one["name:latin"]: one["rank"] for one in props}
    assert told == {"Big": 1, "Also": 2, "town": 3, "village": 4, "island": 5}


def test_names_are_listed_with_their_places(built: MapPack) -> None:
    entries = {(entry.kind, entry.name): entry for entry in read_pack(built)}
    assert entries["place", "Crossing"].population == 12_500
    assert entries["street", "Long Road"].near == "Crossing"
    assert ("street", "Cross Street") in entries
    numbered = [entry.near for entry in read_pack(built) if entry.name == "A1"]
    assert numbered == ["Crossing"]
    assert entries["site", "Crossing General"].what == "hospital"


def test_roads_are_cut_at_junctions_and_keep_their_direction(built: MapPack) -> None:
    graph = RoadGraph.load(built, Speeds(kmh=(60,) * 7, edge_seconds=0))

    def at(x: float, y: float) -> tuple[float, float]:
        return LAT + y * STEP, LON + x * STEP

    # The one-way street runs against its drawing: from the south to the north. Nothing leads back.
    assert graph.minutes_to(at(4, 0), [at(0, 0)]) == pytest.approx([2.73], abs=0.03)
    assert graph.travel_to(at(4, 0), [at(1, 0)])[0].method == "road"


def test_zooms_show_more_and_more(built: MapPack) -> None:
    zooms = sorted({z for z, _, _ in tiles_of(built)})
    assert zooms == list(range(7, 15))
    assert {props["class"] for _, props, _ in every(built, 8, "transportation")} == {"primary"}
    assert {props["class"] for _, props, _ in every(built, 14, "transportation")} == {"primary", "minor"}
    labels = every(built, 14, "transportation_name")
    assert {"class": "primary", "name:latin": "Long Road", "ref": "A1"} in [props for _, props, _ in labels]
    places = {props["name:latin"]: props for _, props, _ in every(built, 14, "place")}
    assert places["Crossing"]["rank"] == 1
    assert places["Far End"]["class"] == "hamlet"
    assert {props["class"] for _, props, _ in every(built, 13, "landcover")} == {"wood"}
    assert {props["name:latin"] for _, props, _ in every(built, 12, "waterway")} == {"Nene"}
    assert {props["admin_level"] for _, props, _ in every(built, 9, "boundary")} == {6}
    assert {props["class"] for _, props, _ in every(built, 12, "poi")} <= SITE_KINDS


def test_the_tiles_say_where_they_are_and_open_in_the_middle(built: MapPack) -> None:
    with built.tiles.open("rb") as file:
        header = Reader(MmapSource(file)).header()
    west, south, east, north = (
        header[f"{name}_e7"] / 1e7 for name in ("min_lon", "min_lat", "max_lon", "max_lat")
    )
    # The boundary of the extract lies from -1 to 5 steps east and from -3 to 3 north.
    assert (west, east) == pytest.approx((LON - STEP, LON + 5 * STEP), abs=1e-4)
    assert (south, north) == pytest.approx((LAT - 3 * STEP, LAT + 3 * STEP), abs=1e-4)
    middle = header["center_lon_e7"] / 1e7, header["center_lat_e7"] / 1e7
    assert middle == pytest.approx(((west + east) / 2, (south + north) / 2), abs=1e-5)


def test_a_lake_keeps_its_island_and_its_size(built: MapPack) -> None:
    [(kind, props, rings)] = every(built, 10, "water")
    assert (kind, props) == (3, {"class": "lake"})
    outer, inner = (area_of(ring) / 2 for ring in rings)
    assert outer > 0 > inner
    assert -inner / outer == pytest.approx(0.16, abs=0.03)


def test_a_line_on_the_map_is_where_it_should_be(built: MapPack) -> None:
    tile = tiles_of(built)[10, *tile_of(LON, LAT, 10)]
    [long_road] = [paths for _, props, paths in tile["transportation"] if props["class"] == "primary"]
    x, y = world(LON, LAT, 10)
    expected = (round(x % 1 * EXTENT), round(y % 1 * EXTENT))
    ends = [end for path in long_road for end in (path[0], path[-1])]
    assert min(abs(a - expected[0]) + abs(b - expected[1]) for a, b in ends) <= 8


def world(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    radians = np.radians(lat)
    y = 0.5 - np.log(np.tan(np.pi / 4 + radians / 2)) / (2 * np.pi)
    return (lon / 360 + 0.5) * 2**zoom, float(y) * 2**zoom


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    x, y = world(lon, lat, zoom)
    return int(x), int(y)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "00"),
        (1, "01"),
        (127, "7f"),
        (128, "8001"),
        (300, "ac02"),
        (16384, "808001"),
        (2**32 - 1, "ffffffff0f"),
    ],
)
def test_numbers_are_written_as_protocol_buffers_have_them(value: int, written: str) -> None:
    # Examples of the encoding's own documentation, and its edges.
    assert _varints([value]).hex() == written
    assert _varints([value, 0, value]).hex() == f"{written}00{written}"


units = st.integers(-3 * EXTENT, 6 * EXTENT)


@given(st.lists(st.tuples(units, units), min_size=2, max_size=8))
def test_cut_lines_stay_in_their_tiles_and_lose_nothing(line: list[tuple[int, int]]) -> None:
    cut = cut_line(line)
    for (x, y), runs in cut.items():
        assert runs
        for run in runs:
            assert len(run) >= 2
            for px, py in run:
                assert -BUFFER <= px - x * EXTENT <= EXTENT + BUFFER
                assert -BUFFER <= py - y * EXTENT <= EXTENT + BUFFER
    for a, b in pairwise(line):
        middle = ((a[0] + b[0]) // 2, (a[1] + b[1]) // 2)
        if a != b:
            assert (middle[0] // EXTENT, middle[1] // EXTENT) in cut


@given(units, units, st.integers(1, 2 * EXTENT), st.integers(1, 2 * EXTENT))
def test_cut_rings_cover_the_same_ground(x: int, y: int, width: int, height: int) -> None:
    ring = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    covered = 0
    for (column, row), piece in cut_ring(ring):
        assert area_of(piece) > 0
        xs = [min(max(px, column * EXTENT), (column + 1) * EXTENT) for px, _ in piece]
        ys = [min(max(py, row * EXTENT), (row + 1) * EXTENT) for _, py in piece]
        covered += (max(xs) - min(xs)) * (max(ys) - min(ys))
    assert covered == width * height


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bad.osm.pbf", b"", r"bad\.osm\.pbf is empty\."),
        ("bad.osm.pbf", b"<html>not found</html>", r"bad\.osm\.pbf is not an OpenStreetMap extract"),
        ("bad.osm.pbf", None, r"bad\.osm\.pbf is not there\."),
        # Each other form is known by its name and by how it begins; by neither alone.
        ("bad.osm", b"no such file", "is not an OpenStreetMap extract"),
        ("bad.osm.gz", b"<osm>", "is not an OpenStreetMap extract"),
        ("bad.osm.bz2", b"OSM", "is not an OpenStreetMap extract"),
        ("bad.gz", b"\x1f\x8b\x08", "is not an OpenStreetMap extract"),
        ("bad.osm.gz", b"\x1f\x8b\x08", "is cut short or damaged"),
        ("bad.osm.bz2", b"BZh9", "is cut short or damaged"),
    ],
)
def test_what_is_no_extract_is_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MapPackError, match=sentence):
        build_pack(path, tmp_path / "pack", quiet)
    assert not (tmp_path / "pack").exists()


def test_extract_cut_short_leaves_nothing_behind(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.osm.pbf", tmp_path / "cut.osm.pbf"
    write_extract(whole)
    cut.write_bytes(whole.read_bytes()[:-40])
    with pytest.raises(MapPackError, match=r"cut\.osm\.pbf is cut short or damaged"):
        build_pack(cut, tmp_path / "pack", quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.osm.pbf", "whole.osm.pbf"]


def test_stopping_halfway_keeps_the_old_pack(tmp_path: Path) -> None:
    extract, out = tmp_path / "a.osm.pbf", tmp_path / "pack"
    write_extract(extract)
    build_pack(extract, out, quiet, name="Old")

    def stop(stage: str, share: float) -> None:
        if stage == "Drawing zoom 12":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_pack(extract, out, stop, name="New")
    assert MapPack.open(out).name == "Old"
    build_pack(extract, out, quiet, name="New")
    assert MapPack.open(out).name == "New"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.osm.pbf", "pack"]


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    extract, out = tmp_path / "a.osm.pbf", tmp_path / "home"
    write_extract(extract)
    out.mkdir()
    (out / "letter.txt").write_text("dear")
    with pytest.raises(MapPackError, match="holds other files"):
        build_pack(extract, out, quiet)
    assert [path.name for path in out.iterdir()] == ["letter.txt"]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_map_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    return int(args.handler(args))


def test_commands_build_and_describe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract, out = tmp_path / "crossing.osm.pbf", tmp_path / "pack"
    write_extract(extract)
    assert run("map", "build", str(extract), "--out", str(out), "--name", "My county") == 0
    assert f"CRU_MAP_PACK={out}" in capsys.readouterr().out
    assert run("map", "info", str(out)) == 0
    shown = capsys.readouterr().out
    assert "My county" in shown
    assert "map.pmtiles" in shown
    assert run("map", "find", "nn15bd", "--pack", str(out)) == 0
    assert "1  NN1 5BD · " in (shown := capsys.readouterr().out)
    assert "Enter keeps: " in shown
    assert run("map", "find", "nnn1", "5bd", "--pack", str(out)) == 0
    assert "1  ? NN1 5BD" in (shown := capsys.readouterr().out)
    assert "Enter asks" in shown


def test_commands_refuse_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("map", "info", str(tmp_path / "none")) == 1
    assert run("map", "info", str(tmp_path)) == 1
    assert run("map", "get", "atlantis", "--out", str(tmp_path / "x")) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert "is not there" in lines[0]
    assert "no map pack" in lines[1]
    assert "northamptonshire" in lines[2].partition("Known: ")[2]


def test_tiles_cut_short_are_noticed_when_opened(built: MapPack, tmp_path: Path) -> None:
    assert built.tiles is not None
    (tmp_path / "map.pmtiles").write_bytes(built.tiles.read_bytes()[:-100])
    with pytest.raises(MapPackError, match=r"map\.pmtiles are cut short"):
        MapPack.open(tmp_path)


def test_county_pack_opens_as_it_is(county: County) -> None:
    pack = county.pack
    assert pack.tiles is not None
    assert pack.roads is not None
    with pack.tiles.open("rb") as file:
        reader: Any = Reader(MmapSource(file))
        assert reader.header()["max_zoom"] == 14
    assert pack.attribution == "© OpenMapTiles © OpenStreetMap contributors"
    assert pack.dated.startswith("20")
