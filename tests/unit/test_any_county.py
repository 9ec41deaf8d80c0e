"""The service follows its county: another county's pack gives another area, other words and other bounds."""

import gzip
import json
import re
import shutil
import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from console.live.geography import Geography
from console.map.marks import MapConfig
from console.map.sources import _schematic
from db.domain import towns
from db.domain.records import Location
from db.domain.towns import whereabouts
from db.exercise.care import _NEXT
from db.exercise.ground import ground_of
from db.exercise.history.room_told import _LOG
from db.exercise.scenario import seeded_random
from db.gateway.area import area_of as gateway_area
from db.gateway.sanity import Area
from db.geo.boundary import Boundary, read_boundary
from db.geo.builder.download import EXTRACTS
from db.geo.earth import metres, moved
from db.geo.errors import MapPackError
from db.geo.pack import MapPack
from db.geo.search.any_area import area_of
from db.geo.search.places import PlaceFinder
from db.geo.search.postcodes import PostcodeIndex
from db.geo.search.service_area import NORTHAMPTONSHIRE, AreaIndex
from db.reference import DEFAULT_SET
from tests.county import SECOND_TOWNS, build_second_county
from tests.unit.test_geo_directory import AREA, SMALL, degrees, write

HEREFORD = SECOND_TOWNS["HR1 2ER"][1]
HEREFORDSHIRE = "E06000019"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> MapPack:
    return build_second_county(tmp_path_factory.mktemp("second")).pack


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def finder(pack: MapPack, cache: Path) -> PlaceFinder:
    return PlaceFinder.build(pack, cache)


def test_the_area_is_the_pack_s_county(pack: MapPack, cache: Path, finder: PlaceFinder) -> None:
    area = area_of(pack, PostcodeIndex(cache), cache)
    assert (area.name, area.postcode_areas[0]) == ("Marcher county", "HR")
    assert HEREFORDSHIRE in area.districts
    assert "E06000062" not in area.districts
    assert metres((area.lat, area.lon), HEREFORD) < 25_000
    # The quick copy says the same.
    assert area_of(pack, PostcodeIndex(cache), cache) == area


@pytest.mark.parametrize(
    ("said", "title", "sure", "warning"),
    [
        ("12 alder street leominster", "Alder Street", True, None),
        ("ledbury a&e", "Ledbury General Hospital", True, None),
        ("HR1 2ER", "HR1 2ER", True, None),
        ("nn1 5bd", "NN1 5BD", True, "Outside Marcher county."),
        ("northampton", "Northampton", False, "Outside Marcher county."),
        ("52.0585, -2.7077", "52.05850, -2.70770", True, None),
        ("52.2405, -0.9027", "52.24050, -0.90270", False, "Outside Marcher county."),
        ("HR1 2EER", "HR1 2ER", False, "Typed as HR1 2EER."),
        ("A49", "A49", False, None),
        ("hospital", "Hereford General Hospital", False, None),
    ],
)
def test_places_and_words_follow_the_county(
    finder: PlaceFinder, said: str, title: str, sure: bool, warning: str | None
) -> None:
    first = finder.find(said)[0]
    assert (first.title, first.sure, first.warning) == (title, sure, warning)


def test_a_pin_is_inside_or_outside_the_county(finder: PlaceFinder) -> None:
    assert finder.nearest(*moved(HEREFORD, -300, -300)).warning is None
    assert finder.nearest(52.24, -0.89).warning == "Outside Marcher county."


def test_the_gateway_expects_the_vans_there(pack: MapPack, tmp_path: Path) -> None:
    area = gateway_area(pack.folder)
    assert metres((area.lat, area.lon), HEREFORD) < 1000
    assert 60 < area.radius_km < 120
    assert gateway_area(None) == gateway_area(tmp_path) == Area()
    # Without a boundary its places say where it lies; one that was written down wrongly does not move it.
    places = (pack.folder / "places.csv").read_text("utf-8")
    (tmp_path / "places.csv").write_text(places + "Lost,village,1.0,1.0,\n" * (places.count("\n") > 50), "utf-8")
    by_places = gateway_area(tmp_path)
    assert metres((by_places.lat, by_places.lon), HEREFORD) < 25_000
    assert 60 < by_places.radius_km < 120
    (tmp_path / "places.csv").write_text("name,class,lat,lon\nx,town,here,there\n", "utf-8")
    assert gateway_area(tmp_path) == Area()
    (tmp_path / "boundaries.geojson").write_text("{")
    assert gateway_area(tmp_path) == Area()


@pytest.mark.parametrize(("places", "left_out"), [(49, 0), (50, 1), (99, 1), (100, 2)])
def test_the_gateway_s_area_reaches_sixty_kilometres_beyond_the_farthest_corner(
    tmp_path: Path, places: int, left_out: int
) -> None:
    lats = [50.0, *(51 + n / 1000 for n in range(places - 2)), 58.0]
    lines = [f"x,village,{lat},-2.0" for lat in lats]
    (tmp_path / "places.csv").write_text("\n".join(["name,class,lat,lon", *lines]), "utf-8")
    south, north = lats[left_out], lats[-1 - left_out]
    area = gateway_area(tmp_path)
    assert (area.lat, area.lon) == ((south + north) / 2, -2.0)
    assert area.radius_km == pytest.approx(metres((area.lat, area.lon), (south, -2.0)) / 1000 + 60, abs=0.1)


def test_a_county_reaches_out_to_sea(cache: Path, tmp_path: Path) -> None:
    """Its line has corners for which the national grid has no figures, and its towns are on land."""
    (tmp_path / "places.csv").write_text("name,class,lat,lon\n", encoding="utf-8")
    for name, west, south, east, north, district, letters in (
        ("Kernow", -6.6, 49.8, -4.2, 50.95, "E06000052", "TR"),
        ("Holderness", -0.9, 53.55, 1.9, 54.2, "E06000011", "HU"),
    ):
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        drawn(tmp_path, (name, "county", [ring]))
        area = area_of(MapPack.open(tmp_path), PostcodeIndex(cache), cache)
        assert area.name == name
        assert district in area.districts
        assert letters in area.postcode_areas
        assert not {*area.districts} & {*NORTHAMPTONSHIRE.districts}


def test_a_practice_shift_is_in_the_county(pack: MapPack, cache: Path, finder: PlaceFinder) -> None:
    ground = ground_of(pack.folder, cache)
    shipped = tomllib.loads(resources.path(DEFAULT_SET).read_text("utf-8"))
    moved_there = ground.reference_set(shipped)
    towns = {town.name for town, _ in ground.towns}
    assert {"Hereford", "Leominster", "Ledbury"} <= towns
    assert {row["name"] for row in moved_there["van_base"]} <= towns
    assert {row["base"] for row in moved_there["van"]} <= {row["name"] for row in moved_there["van_base"]}
    assert {row["kind"] for row in moved_there["destination"]} == {row["kind"] for row in shipped["destination"]}
    for row in (*moved_there["van_base"], *moved_there["destination"]):
        assert finder.outside(row["lat"], row["lon"]) is None
    rng = seeded_random("anywhere")
    for drawn_one in (ground.postcodes.draw(rng) for _ in range(40)):
        assert drawn_one.locality
        assert finder.outside(drawn_one.lat, drawn_one.lon) is None
    assert all(ground.postcodes.locate(code) for code in ground.scenario.lists["standby"])
    # What is said there names no place of another county.
    told = json.dumps([moved_there, _NEXT, _LOG, asdict(ground.scenario)], default=str)
    assert not re.findall(r"(?i)north(?:ampton|ants)\w*|kettering|corby|daventry|berrywood|wellingborough", told)


def test_without_a_pack_a_practice_shift_is_at_home(cache: Path) -> None:
    ground = ground_of(None, cache)
    shipped = tomllib.loads(resources.path(DEFAULT_SET).read_text("utf-8"))
    assert (ground.area, ground.towns, ground.reference_set(shipped)) == (NORTHAMPTONSHIRE, (), shipped)


def test_a_pack_without_a_map_is_drawn_as_its_county(pack: MapPack, cache: Path, tmp_path: Path) -> None:
    for part in ("places.csv", "boundaries.geojson", "pack.json"):
        shutil.copy(pack.folder / part, tmp_path)
    made = Geography(tmp_path, cache, cast("Any", None), supervisor=cast("Any", None))
    assert made.home is not None
    south, west, north, east = made.home
    assert south < HEREFORD[0] < north
    assert west < HEREFORD[1] < east
    drawn = json.loads(_schematic(MapConfig(tmp_path, cache_dir=cache)))
    of = {one["properties"]["name"] for one in drawn["features"] if one["properties"]["kind"] == "town"}
    assert {"Hereford", "Leominster"} <= of
    assert "Northampton" not in of
    # Its places say as much, also packed; and what says nothing is drawn as the shipped county.
    (tmp_path / "boundaries.geojson").write_text("{")
    near = Geography(tmp_path, cache, cast("Any", None), supervisor=cast("Any", None)).home
    packed = tmp_path / "places.csv.gz"
    packed.write_bytes(gzip.compress((tmp_path / "places.csv").read_bytes()))
    (tmp_path / "places.csv").unlink()
    assert near == Geography(tmp_path, cache, cast("Any", None), supervisor=cast("Any", None)).home
    assert near is not None
    assert near[0] < HEREFORD[0] < near[2]
    assert gateway_area(tmp_path) == Area()
    (tmp_path / "boundaries.geojson").unlink()
    assert gateway_area(tmp_path) != Area()
    packed.write_bytes(b"no places")
    assert gateway_area(tmp_path) == Area()
    (tmp_path / "boundaries.geojson").write_text("{")
    assert b"Northampton" in _schematic(MapConfig(tmp_path, cache_dir=cache))


def test_a_pack_may_list_its_districts(pack: MapPack, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("name,class,lat,lon\n", encoding="utf-8")
    listed = {"name": "West", "area": {"name": "Herefordshire", "districts": [HEREFORDSHIRE]}}
    (tmp_path / "pack.json").write_text(json.dumps(listed))
    area = area_of(MapPack.open(tmp_path), PostcodeIndex(cache), cache)
    assert (area.name, area.districts, area.boundary) == ("Herefordshire", (HEREFORDSHIRE,), None)
    assert area.postcode_areas[0] == "HR"


def test_what_says_nothing_of_an_area_has_the_default_one(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("name,class,lat,lon\n", encoding="utf-8")
    pack = MapPack.open(tmp_path)
    assert (
        area_of(pack, PostcodeIndex(cache), cache)
        == area_of(None, PostcodeIndex(cache), cache)
        == NORTHAMPTONSHIRE
    )
    # So has a boundary around no district: in the middle of a town, far out at sea, in another country.
    for lat, lon in (HEREFORD, (50.0, -8.0), (53.35, -6.26), (48.85, 2.35)):
        ring = [[lon + east, lat + north] for east, north in ((0, 0), (0.02, 0), (0.02, 0.02), (0, 0.02), (0, 0))]
        drawn(tmp_path, ("Somewhere", "county", [ring]))
        assert area_of(MapPack.open(tmp_path), PostcodeIndex(cache), cache) == NORTHAMPTONSHIRE
    (tmp_path / "boundaries.geojson").unlink()
    (tmp_path / "pack.json").write_text(json.dumps({"area": {"name": "West"}}))
    with pytest.raises(MapPackError, match=r"pack\.json"):
        area_of(pack, PostcodeIndex(cache), cache)
    (tmp_path / "boundaries.geojson").write_text('{"features": [{"properties": {"level": "county"}}]}')
    with pytest.raises(MapPackError, match=r"boundaries\.geojson"):
        read_boundary(tmp_path / "boundaries.geojson")


SQUARE = [[0.0, 50.0], [2.0, 50.0], [2.0, 52.0], [0.0, 52.0], [0.0, 50.0]]
HOLE = [[0.5, 50.5], [1.5, 50.5], [1.5, 51.5], [0.5, 51.5], [0.5, 50.5]]


def drawn(folder: Path, *parts: tuple[str, str, list[list[list[float]]]]) -> Path:
    features = [
        {"properties": {"name": name, "level": level}, "geometry": {"type": "Polygon", "coordinates": rings}}
        for name, level, rings in parts
    ]
    path = folder / "boundaries.geojson"
    path.write_text(json.dumps({"features": features}))
    return path


def test_the_county_comes_before_its_parts_and_is_called_as_the_pack(tmp_path: Path) -> None:
    beside = [[[lon + 2, lat] for lon, lat in ring] for ring in [SQUARE]]
    path = drawn(
        tmp_path, ("North", "unitary", [SQUARE]), ("Shire", "county", [SQUARE]), ("Old", "former", [HOLE])
    )
    found = read_boundary(path)
    assert found is not None
    assert (found.name, found.bounds, found.middle) == ("Shire", (50.0, 0.0, 52.0, 2.0), (51.0, 1.0))
    both = drawn(tmp_path, ("North", "unitary", [SQUARE]), ("South", "unitary", beside))
    assert [getattr(read_boundary(both, called), "name", None) for called in ("", "Both", "South")] == [
        "North and South",
        "Both",
        "South",
    ]
    assert read_boundary(drawn(tmp_path, ("Old", "former", [HOLE]))) is None
    assert read_boundary(None) is None


@given(st.floats(49.5, 52.5), st.floats(-0.5, 2.5))
def test_inside_is_inside_the_ring_and_not_in_its_hole(lat: float, lon: float) -> None:
    shire = Boundary("Shire", tuple([(b, a) for a, b in ring] for ring in (SQUARE, HOLE)))
    in_square, in_hole = 50 < lat < 52 and 0 < lon < 2, 50.5 < lat < 51.5 and 0.5 < lon < 1.5
    on_a_line = lat in {50, 50.5, 51.5, 52} or lon in {0, 0.5, 1.5, 2}
    assert shire.contains(lat, lon) == (in_square and not in_hole) or on_a_line


def test_a_boundary_says_what_is_inside_and_the_postcodes_do_not(tmp_path: Path) -> None:
    ring = tuple(degrees(*corner) for corner in ((5, 5), (5, 9_500), (9_500, 9_500), (9_500, 5), (5, 5)))
    area = AreaIndex(replace(AREA, boundary=Boundary("Shire", (ring,))), write(tmp_path, *SMALL))
    # Theirs and within the line; mine and beyond it; in between, where nobody lives near.
    points = [degrees(*one) for one in ((9_000, 9_100), (0, -10), (3_000, -900), (9_400, 20), (50_000, 50_000))]
    inside = [True, False, False, True, False]
    assert [area.contains(*one) for one in points] == inside
    assert area.around(np.array(points))[1].tolist() == inside


def test_the_board_knows_the_towns_of_the_county(finder: PlaceFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(towns, "_TOWNS", dict(towns._TOWNS))
    said = Location("12 Alder Street Leominster", "")
    assert whereabouts(said).town == ""
    assert {"Hereford", "Leominster", "Ledbury"} <= {*finder.town_names}
    assert "Northampton" not in finder.town_names
    towns.know_towns(finder.town_names)
    try:
        found = whereabouts(said)
        assert (found.town, found.street) == ("Leominster", "12 Alder Street")
        assert whereabouts(Location("12 Elder Road", "NN18 9ND")).town == "Corby"
        # A postcode alone lies where the map says; of one of elsewhere nothing is said.
        towns.know_towns((), finder.around_postcode)
        assert whereabouts(Location("", "HR1 2ER")).full == "Hereford · HR1 2ER"
        assert whereabouts(Location("", "HR8 1AQ")).town == "Ledbury"
        assert [finder.around_postcode(code) for code in ("LS1 4AP", "HR99 9ZZ", "")] == ["", "", ""]
    finally:
        towns._whereabouts.cache_clear()


def test_an_extract_of_any_county_is_known() -> None:
    assert EXTRACTS["herefordshire"].endswith("/england/herefordshire-latest.osm.pbf")
    assert len(EXTRACTS) > 40
