"""What is read from an extract and listed: roads, streets, places, sites and borders."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
from osmium.osm import mutable

from db.geo.builder.extract import Extract, Named, Road, drivable_class, read_extract
from db.geo.builder.mvt import LINE, POINT, POLYGON
from db.geo.builder.network import build_network
from db.geo.builder.pack import _labels, _name_of, build_pack
from db.geo.builder.tables import write_boundaries, write_places, write_sites, write_streets
from db.geo.earth import metres, moved
from db.geo.errors import MapPackError
from db.geo.pack import ATTRIBUTION, MapPack
from db.geo.roads.data import CLASSES

Tags = dict[str, str]
SHIRE = (52.2, -0.9)


def at(north: float, east: float) -> tuple[float, float]:
    """A place some metres from the middle, as longitude and latitude."""
    lat, lon = moved(SHIRE, north, east)
    return lon, lat


def read(folder: Path, *things: tuple[Tags, list[tuple[float, float]]], buildings: bool = False) -> Extract:
    """Read an extract of nodes (one point) and ways (more; closed if the last is the first), and one road."""
    path, told = folder / "x.osm.pbf", []
    with osmium.SimpleWriter(str(path), overwrite=True) as out:
        number, ways = 0, []
        for tags, points in (*things, ({"highway": "service"}, [at(9000, 0), at(9000, 50)])):
            known: dict[tuple[float, float], int] = {}
            for point in points:
                if point not in known:
                    number += 1
                    known[point] = number
                    out.add_node(
                        mutable.Node(id=number, version=1, location=point, tags=tags if len(points) == 1 else {})
                    )
            if len(points) > 1:
                ways.append(([known[point] for point in points], tags))
        for n, (refs, tags) in enumerate(ways, 1):
            out.add_way(mutable.Way(id=n, version=1, nodes=refs, tags=tags))
    extract = read_extract(path, lambda stage, share: told.append((stage, share)), buildings=buildings)
    assert told[0] == ("Reading the extract", 0.0)
    assert told[-1] == ("Reading the extract", 1.0)
    extract.roads = [road for road in extract.roads if road.coords[0][1] < at(8000, 0)[1]]
    extract.features = [one for one in extract.features if one.parts[0][0][1] < at(8000, 0)[1]]
    return extract


STREET = [at(0, 0), at(0, 100), at(0, 300)]
FIELD = [at(0, 0), at(0, 400), at(400, 400), at(400, 0), at(0, 0)]


@pytest.mark.parametrize(
    ("tags", "is_road", "direction"),
    [
        ({"highway": "residential"}, True, 0),
        ({"highway": "trunk_link"}, True, 0),
        ({"highway": "living_street"}, True, 0),
        ({"highway": "road"}, True, 0),
        ({"highway": "service", "access": "private"}, True, 0),
        ({"highway": "service", "access": "no"}, False, 0),
        ({"highway": "residential", "area": "yes"}, False, 0),
        ({"highway": "footway"}, False, 0),
        ({"highway": "track"}, False, 0),
        ({"waterway": "river"}, False, 0),
        ({"highway": "primary", "oneway": "yes"}, True, 1),
        ({"highway": "primary", "oneway": "-1"}, True, -1),
        ({"highway": "primary", "oneway": "reverse"}, True, -1),
        ({"highway": "motorway"}, True, 1),
        ({"highway": "primary", "junction": "roundabout"}, True, 1),
    ],
)
def test_what_vans_may_use_is_a_road(tmp_path: Path, tags: Tags, is_road: bool, direction: int) -> None:
    roads = read(tmp_path, (tags, STREET)).roads
    assert [(road.highway, road.oneway) for road in roads] == [(tags.get("highway"), direction)] * is_road
    for road in roads:
        assert len(road.refs) == 3
        assert road.coords == pytest.approx(np.array(STREET), abs=1e-6)


@pytest.mark.parametrize(
    ("highway", "drivable"),
    [
        ("motorway_link", True),
        ("unclassified", True),
        ("path", False),
        ("", False),
        ("link", False),
        ("steps", False),
    ],
)
def test_vans_keep_to_roads(highway: str, drivable: bool) -> None:
    assert drivable_class(highway) is drivable


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ({"highway": "residential", "name": "Mill Lane"}, ["Mill Lane"]),
        ({"highway": "trunk", "ref": "A43"}, ["A43"]),
        ({"highway": "trunk", "name": "Kettering Road", "ref": "A43"}, ["A43", "Kettering Road"]),
        ({"highway": "footway", "name": "Jitty", "ref": "FP7"}, ["Jitty"]),
        ({"highway": "footway"}, []),
        ({"waterway": "river", "name": "Nene"}, []),
    ],
)
def test_streets_are_listed_at_their_middle(tmp_path: Path, tags: Tags, names: list[str]) -> None:
    streets = read(tmp_path, (tags, STREET)).streets
    assert [street.name for street in streets] == names
    for street in streets:
        assert street.kind == tags["highway"]
        assert (street.lon, street.lat) == pytest.approx(at(0, 100), abs=1e-6)


@pytest.mark.parametrize(
    ("tags", "people"),
    [
        ({"population": "12,500"}, 12_500),
        ({"population": "800"}, 800),
        ({"population": "about 800"}, 0),
        ({"population": ""}, 0),
        ({}, 0),
    ],
)
def test_settlements_are_listed_with_their_people(tmp_path: Path, tags: Tags, people: int) -> None:
    [place] = read(tmp_path, ({"place": "town", "name": "Brackley", **tags}, [at(10, 20)])).places
    assert (place.name, place.kind, place.population) == ("Brackley", "town", people)
    assert (place.lon, place.lat) == pytest.approx(at(10, 20), abs=1e-6)


@pytest.mark.parametrize(
    "tags", [{"place": "town"}, {"name": "Brackley"}, {"amenity": "hospital"}, {"amenity": "pub", "name": "Sun"}]
)
def test_what_has_no_name_or_no_use_is_not_listed(tmp_path: Path, tags: Tags) -> None:
    for points in ([at(0, 0)], FIELD):
        found = read(tmp_path, (tags, points))
        assert (found.places, found.sites) == ([], [])


@pytest.mark.parametrize(
    "kind", ["hospital", "clinic", "doctors", "pharmacy", "police", "fire_station", "nursing_home"]
)
def test_sites_are_listed_where_they_stand(tmp_path: Path, kind: str) -> None:
    tags = {"amenity": kind, "name": "Danetre"}
    [point], [ground] = read(tmp_path, (tags, [at(10, 20)])).sites, read(tmp_path, (tags, FIELD)).sites
    assert (point.name, point.kind, ground.name, ground.kind) == ("Danetre", kind, "Danetre", kind)
    assert (point.lon, point.lat) == pytest.approx(at(10, 20), abs=1e-6)
    # On its ground, at the middle of the corners that were drawn.
    assert metres((ground.lat, ground.lon), moved(SHIRE, 160, 160)) < 60


def test_a_site_has_its_label_and_its_ground(tmp_path: Path) -> None:
    drawn = read(tmp_path, ({"amenity": "hospital", "name": "Danetre"}, FIELD)).features
    assert {(one.layer, one.kind, one.zoom) for one in drawn} == {("poi", POINT, 12), ("landuse", POLYGON, 11)}
    assert read(tmp_path, ({"amenity": "nursing_home", "name": "Elms"}, [at(0, 0)])).features == []


def test_a_closed_way_is_filled_or_drawn_by_what_it_is(tmp_path: Path) -> None:
    [wood] = read(tmp_path, ({"landuse": "forest"}, FIELD)).features
    assert (wood.layer, wood.kind, len(wood.parts), len(wood.parts[0])) == ("landcover", POLYGON, 1, 5)
    [river] = read(tmp_path, ({"waterway": "river"}, STREET)).features
    assert (river.layer, river.kind, len(river.parts[0])) == ("waterway", LINE, 3)
    assert read(tmp_path, ({"note": "nothing"}, FIELD)).features == []


def test_buildings_only_when_asked_for(tmp_path: Path) -> None:
    house = ({"building": "yes"}, FIELD)
    assert read(tmp_path, house).features == []
    assert [one.layer for one in read(tmp_path, house, buildings=True).features] == ["building"]


@pytest.mark.parametrize(("level", "zoom"), [("5", 8), ("6", 8), ("8", 10), ("4", None), ("10", None)])
def test_borders_of_region_county_and_district(tmp_path: Path, level: str, zoom: int | None) -> None:
    tags = {"boundary": "administrative", "admin_level": level, "name": "Shire", "ref:gss": "E10000021"}
    found = read(tmp_path, (tags, FIELD))
    drawn = [one for one in found.features if one.layer == "boundary"]
    assert [(one.zoom, one.kind, one.props) for one in drawn] == (
        [(zoom, LINE, (("admin_level", int(level)),))] if zoom else []
    )
    assert [(name, of, code) for name, of, code, _ in found.boundaries] == (
        [("Shire", level, "E10000021")] if zoom else []
    )
    assert read(tmp_path, ({**tags, "boundary": "historic"}, FIELD)).boundaries == []


def test_a_way_of_which_one_point_is_known_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "cut.osm.pbf"
    with osmium.SimpleWriter(str(path)) as out:
        for number, point in enumerate((at(0, 0), at(0, 100)), 1):
            out.add_node(mutable.Node(id=number, version=1, location=point))
        out.add_way(mutable.Way(id=1, version=1, nodes=[1, 2, 77], tags={"highway": "residential"}))
        out.add_way(mutable.Way(id=2, version=1, nodes=[1, 88], tags={"highway": "residential"}))
    [road] = read_extract(path, lambda _stage, _share: None).roads
    assert road.refs == [1, 2]


def test_an_extract_without_roads_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sea.osm.pbf"
    with osmium.SimpleWriter(str(path)) as out:
        out.add_node(mutable.Node(id=1, version=1, location=at(0, 0), tags={"place": "town", "name": "Atlantis"}))
    with pytest.raises(MapPackError, match=r"sea\.osm\.pbf holds no roads"):
        read_extract(path, lambda _stage, _share: None)


def road(*refs: int, highway: str = "residential", oneway: int = 0) -> Road:
    return Road(list(refs), np.array([at(0, 100 * ref) for ref in refs]), highway, oneway)


def test_roads_are_cut_where_they_meet_and_nowhere_else() -> None:
    data = build_network([road(1, 2, 3, 4), road(3, 9)])
    ends = [(int(a), int(b)) for a, b in zip(data.src, data.dst, strict=True)]
    # Nodes are numbered as they are met: 1, 3, 4, 9.
    assert ends == [(0, 1), (1, 2), (1, 3)]
    assert data.nodes == pytest.approx(np.array([at(0, 100 * ref) for ref in (1, 3, 4, 9)]))
    assert data.metres == pytest.approx([200, 100, 600], rel=0.002)
    assert data.first.tolist() == [0, 3, 5, 7]
    assert data.points == pytest.approx(np.array([at(0, 100 * ref) for ref in (1, 2, 3, 3, 4, 3, 9)]))


def test_a_road_that_crosses_itself_is_cut_there() -> None:
    data = build_network([road(1, 2, 3, 2, 5)])
    assert [(int(a), int(b)) for a, b in zip(data.src, data.dst, strict=True)] == [(0, 1), (1, 1), (1, 2)]
    assert data.metres == pytest.approx([100, 200, 300], rel=0.002)


@pytest.mark.parametrize(("oneway", "ends", "only"), [(0, (0, 1), False), (1, (0, 1), True), (-1, (1, 0), True)])
def test_a_one_way_road_leads_as_it_may_be_driven(oneway: int, ends: tuple[int, int], only: bool) -> None:
    data = build_network([road(1, 2, 4, oneway=oneway)])
    assert (int(data.src[0]), int(data.dst[0]), bool(data.oneway[0])) == (*ends, only)
    drawn = [at(0, 100), at(0, 200), at(0, 400)]
    assert data.points == pytest.approx(np.array(drawn[::-1] if oneway < 0 else drawn))


@pytest.mark.parametrize(
    ("highway", "road_class", "ramp"),
    [
        ("motorway", "motorway", False),
        ("motorway_link", "motorway", True),
        ("secondary_link", "secondary", True),
        ("service", "service", False),
        ("residential", "minor", False),
        ("living_street", "minor", False),
    ],
)
def test_a_road_keeps_its_class(highway: str, road_class: str, ramp: bool) -> None:
    data = build_network([road(1, 2, highway=highway)])
    assert (CLASSES[int(data.road_class[0])], bool(data.ramp[0])) == (road_class, ramp)


def test_no_piece_has_no_length() -> None:
    data = build_network([Road([1, 2], np.array([at(0, 0), at(0, 0)]), "service", 0), road(5, 6)])
    assert data.metres == pytest.approx([0.1, 100], rel=0.002)


def named(name: str, north: float, east: float, kind: str = "residential", population: int = 0) -> Named:
    lon, lat = at(north, east)
    return Named(name, kind, lat, lon, population)


def rows(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    return list(csv.DictReader((gzip.decompress(raw) if path.suffix == ".gz" else raw).decode().splitlines()))


def streets(folder: Path, ways: list[Named], places: list[Named]) -> list[tuple[str, str]]:
    path = folder / "streets.csv.gz"
    count = write_streets(path, ways, places)
    found = [(row["name"], row["near"]) for row in rows(path)]
    assert len(found) == count
    return found


PLACES = [named("Aldby", 0, 0, "village"), named("Barby", 0, 5000, "town"), named("County", 0, 2500, "county")]


@pytest.mark.parametrize(
    ("ways", "listed"),
    [
        # Ways within 400 m of another are one street.
        ([named("High St", 0, 0), named("High St", 0, 390)], [("High St", "Aldby")]),
        ([named("High St", 390, 0), named("High St", 0, 0)], [("High St", "Aldby")]),
        ([named("High St", 0, 300 * n) for n in range(6)], [("High St", "Aldby")]),
        ([named("High St", 0, 0), named("High St", 0, 410)], [("High St", "Aldby")] * 2),
        (
            [named("High St", 0, 0), named("High St", 0, 5000)],
            [("High St", "Aldby"), ("High St", "Barby")],
        ),
        (
            [named("High St", 0, 0), named("Low St", 0, 1)],
            [("High St", "Aldby"), ("Low St", "Aldby")],
        ),
        # A numbered road is one a settlement, however long; what is no settlement has no roads.
        ([named("A43", 0, 900 * n) for n in range(6)], [("A43", "Aldby"), ("A43", "Barby")]),
        ([named("A1(M)", 0, 0), named("A1(M)", 0, 1200)], [("A1(M)", "Aldby")]),
        ([named("M1", 0, 0), named("M1", 0, 1200)], [("M1", "Aldby")]),
        ([named("B4525", 0, 0), named("B4525", 0, 1200)], [("B4525", "Aldby")]),
        ([named("B Road", 0, 0), named("B Road", 0, 1200)], [("B Road", "Aldby")] * 2),
    ],
)
def test_ways_of_one_name_are_one_street_where_they_lie_together(
    tmp_path: Path, ways: list[Named], listed: list[tuple[str, str]]
) -> None:
    assert streets(tmp_path, ways, PLACES) == listed
    assert streets(tmp_path, ways[::-1], PLACES) == listed


def test_without_settlements_streets_are_near_nothing(tmp_path: Path) -> None:
    assert streets(tmp_path, [named("A43", 0, 0), named("A43", 0, 1200)], []) == [("A43", "")] * 2
    assert streets(tmp_path, [], PLACES) == []


def test_a_street_is_where_its_middle_way_is(tmp_path: Path) -> None:
    ways = [named("High St", 0, 300 * n) for n in (0, 1, 2, 3, 4)]
    streets(tmp_path, ways, PLACES)
    [row] = rows(tmp_path / "streets.csv.gz")
    assert (float(row["lon"]), float(row["lat"])) == pytest.approx(at(0, 600), abs=2e-6)


def test_lists_are_written_in_order_and_what_is_not_known_is_empty(tmp_path: Path) -> None:
    write_places(tmp_path / "places.csv", [PLACES[1], named("Aldby", 0, 0, "village", 1200)])
    places = rows(tmp_path / "places.csv")
    assert [(row["name"], row["class"], row["population"]) for row in places] == [
        ("Aldby", "village", "1200"),
        ("Barby", "town", ""),
    ]
    assert places[0]["lat"] == f"{SHIRE[0]:.6f}"
    write_sites(
        tmp_path / "sites.csv",
        [named("Z", 0, 0, "police"), named("A", 0, 0, "doctors"), named("Z", 0, 0, "police")],
        "OSM 2026",
    )
    assert [(row["name"], row["kind"], row["source"]) for row in rows(tmp_path / "sites.csv")] == [
        ("A", "doctors", "OSM 2026"),
        ("Z", "police", "OSM 2026"),
    ]


def test_borders_are_written_with_their_level_in_words(tmp_path: Path) -> None:
    ring = np.array([(0.123456789, 52.0), (1, 52), (1, 53), (0.123456789, 52.0)])
    given = [("Shire", level, "E1", [[ring]]) for level in ("5", "6", "8", "9")]
    write_boundaries(tmp_path / "b.geojson", Extract(boundaries=given))
    features: list[dict[str, Any]] = json.loads((tmp_path / "b.geojson").read_text())["features"]
    assert [one["properties"]["level"] for one in features] == ["region", "county", "district", "9"]
    assert features[0]["properties"] == {"name": "Shire", "level": "region", "code": "E1"}
    assert features[0]["geometry"]["coordinates"][0][0][0] == [0.12346, 52.0]


def test_labels_are_ranked_by_kind_then_people_then_name() -> None:
    order = [
        named("City", 0, 0, "city", 5),
        named("Town", 0, 0, "town", 90),
        named("A-Town", 0, 0, "town", 80),
        named("B-Town", 0, 0, "town", 80),
        named("Suburb", 0, 0, "suburb", 99),
        named("Village", 0, 0, "village", 100),
        named("Hamlet", 0, 0, "hamlet", 1),
        named("Quarter", 0, 0, "quarter", 700),
        named("Farm", 0, 0, "farm", 0),
    ]
    labels = _labels([*order[::-1], named("Shire", 0, 0, "county", 10**6)])
    ranked = sorted((dict(one.props)["rank"], dict(one.props)["name:latin"]) for one in labels)
    # The county has no label, and takes the place of one among those of no rank of their own.
    assert [name for _, name in ranked] == [place.name for place in order]
    assert [rank for rank, _ in ranked][:7] == list(range(1, 8))
    assert all(one.kind == POINT and one.layer == "place" for one in labels)
    assert labels[0].parts[0] == pytest.approx(np.array([at(0, 0)]))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("northamptonshire-latest.osm.pbf", "Northamptonshire"),
        ("west-midlands-240101.osm.pbf", "West Midlands"),
        ("north_yorkshire-roads.osm.pbf", "North Yorkshire"),
        ("kent.pbf", "Kent"),
        (".osm.pbf", "Map"),
    ],
)
def test_a_pack_is_called_after_its_extract(file: str, name: str) -> None:
    assert _name_of(Path(file)) == name


def roads_only(path: Path, middle: tuple[float, float]) -> Path:
    with osmium.SimpleWriter(str(path)) as out:
        for number, (north, east) in enumerate(((0, 0), (0, 2000), (0, 4000)), 1):
            lat, lon = moved(middle, north, east)
            out.add_node(mutable.Node(id=number, version=1, location=(lon, lat)))
        out.add_way(mutable.Way(id=1, version=1, nodes=[1, 2, 3], tags={"highway": "residential"}))
    return path


def test_an_extract_of_roads_alone_takes_places_from_open_data(tmp_path: Path) -> None:
    # Oundle, by the list that comes with the program; the road begins there.
    extract = roads_only(tmp_path / "oundle-roads.osm.pbf", (52.4806, -0.4680))
    pack = build_pack(extract, tmp_path / "pack", lambda _stage, _share: None)
    assert pack.places is not None
    listed = {row["name"]: row["class"] for row in rows(pack.places)}
    assert listed["Oundle"] == "town"
    assert "Peterborough" not in listed
    assert set(listed.values()) <= {"town", "village"}
    assert pack.attribution == f"{ATTRIBUTION} · Places: GeoNames (CC BY 4.0)"
    assert (pack.streets, pack.sites, pack.boundaries) == (None, None, None)
    about = json.loads((tmp_path / "pack" / "pack.json").read_text())
    assert about["name"] == "Oundle"
    assert about["built"].startswith("20")


def test_a_pack_is_not_built_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "pack").write_text("mine")
    with pytest.raises(MapPackError, match="is a file"):
        build_pack(roads_only(tmp_path / "x.osm.pbf", SHIRE), tmp_path / "pack", lambda _stage, _share: None)
    assert (tmp_path / "pack").read_text() == "mine"


def test_a_pack_is_built_into_an_empty_folder_of_which_all_may_read(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    pack = build_pack(roads_only(tmp_path / "x.osm.pbf", SHIRE), tmp_path / "pack", lambda _stage, _share: None)
    assert pack == MapPack.open(tmp_path / "pack")
    assert (tmp_path / "pack").stat().st_mode & 0o777 == 0o755
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pack", "x.osm.pbf"]


def test_a_pack_has_buildings_only_when_they_are_asked_for(tmp_path: Path) -> None:
    extract = tmp_path / "x.osm.pbf"
    read(tmp_path, ({"building": "yes"}, FIELD))
    sizes = []
    for name, asked in (("plain", {}), ("without", {"buildings": False}), ("with", {"buildings": True})):
        pack = build_pack(extract, tmp_path / name, lambda _stage, _share: None, **asked)
        assert pack.tiles is not None
        sizes.append(pack.tiles.stat().st_size)
    assert sizes[0] == sizes[1] < sizes[2]


def test_each_stage_is_told_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    read(tmp_path, ({"highway": "residential"}, STREET))
    build_pack(tmp_path / "x.osm.pbf", tmp_path / "pack", lambda *one: told.append(one))
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages[:3] == ["Reading the extract", "Cutting roads at junctions", "Writing names"]
    for stage in stages[:2]:
        shares = [share for of, share in told if of == stage]
        assert (shares[0], shares[-1]) == (0.0, 1.0)
