"""A pack as it lies in its folder, and postcodes out of a small directory that this test writes."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from db.domain.postcode import Partial, key_of
from db.geo.errors import MapPackError
from db.geo.grid import to_degrees, to_grid
from db.geo.pack import ATTRIBUTION, MapPack
from db.geo.schematic.draw import _built_up, _districts, _towns
from db.geo.search import postcode_data as data
from db.geo.search.gazetteer import GazetteerEntry
from db.geo.search.places import PlaceFinder
from db.geo.search.postcodes import PostcodeIndex
from db.geo.search.service_area import AreaIndex, ServiceArea
from tests.county import County

MINE, THEIRS = "E06000061", "E06000042"
EAST, NORTH = 475_000, 262_000
LIVE, GONE, UNKNOWN = data.LIVE, data.TERMINATED, data.UNKNOWN


def write(folder: Path, *rows: tuple[str, int, int, str, int]) -> PostcodeIndex:
    """A directory of postcodes, each with metres east and north of a corner, district and state."""
    made = [
        (key_of(code), EAST + east, NORTH + north, data.district_number(district), live)
        for code, east, north, district, live in rows
    ]
    for letter in {row[0][0] for row in rows}:
        mine = np.array([row for row in made if row[0][:1] == letter.encode()], dtype=data.ROW)
        np.save(folder / f"postcodes-{letter}-{data.version()}.npy", np.sort(mine, order="key"))
    return PostcodeIndex(folder)


SMALL = (
    ("NN1 1AA", 0, 0, MINE, LIVE),
    ("NN1 1AB", 100, 0, MINE, GONE),
    ("NN1 1AD", 200, 100, MINE, LIVE),
    ("NN1 2AA", 3000, 0, MINE, UNKNOWN),
    ("NN12 6AA", 9000, 9000, THEIRS, LIVE),
    ("NE1 1AA", 50_000, 50_000, THEIRS, LIVE),
)
AREA = ServiceArea("Shire", (MINE,), ("NN", "NE"), 52.25, -0.9)


def grid(lat: float, lon: float) -> tuple[float, float]:
    place = to_grid(lat, lon)
    assert place is not None
    return round(place[0] - EAST), round(place[1] - NORTH)


@pytest.mark.parametrize(
    ("typed", "where", "live"),
    [
        ("nn11aa", (0, 0), True),
        ("NN1 1AB", (100, 0), False),
        ("NN1 2AA", (3000, 0), None),
        ("NE1 1AA", (50_000, 50_000), True),
    ],
)
def test_a_postcode_is_found_with_its_place_and_state(
    tmp_path: Path, typed: str, where: tuple[int, int], live: bool | None
) -> None:
    found = write(tmp_path, *SMALL).find(typed)
    assert found is not None
    assert grid(found.lat, found.lon) == where
    assert (found.live, found.count) == (live, 1)


@pytest.mark.parametrize("typed", ["NN1 1AC", "NN1 9ZZ", "NZ1 1AA", "nonsense", "", "QQ1 1AA", "JN1 1AA"])
def test_what_the_directory_does_not_have_is_none(tmp_path: Path, typed: str) -> None:
    assert write(tmp_path, *SMALL).find(typed) is None


def test_only_letters_that_begin_postcodes_are_looked_up(tmp_path: Path) -> None:
    index = write(tmp_path, *SMALL)
    assert [len(index.letter(letter)) for letter in ("N", "", "J", "NN", "1")] == [6, 0, 0, 0, 0]
    assert len(index.area("NN")) == 5
    assert len(index.area("")) == 0


@pytest.mark.parametrize(
    ("part", "count", "where", "district"),
    [
        # Those in use count, and those of which nobody knows.
        (Partial("NN1", "1"), 2, (100, 50), MINE),
        (Partial("NN1", "1A"), 2, (100, 50), MINE),
        (Partial("NN1", ""), 3, (1067, 33), MINE),
        (Partial("NN1", "2"), 1, (3000, 0), MINE),
        (Partial("NN12", ""), 1, (9000, 9000), THEIRS),
        (Partial("NN", ""), 4, (3050, 2275), MINE),
    ],
)
def test_the_middle_of_a_part(
    tmp_path: Path, part: Partial, count: int, where: tuple[int, int], district: str
) -> None:
    middle = write(tmp_path, *SMALL).middle(part)
    assert middle is not None
    assert (middle.postcode, middle.count, middle.live) == (str(part), count, None)
    assert grid(middle.lat, middle.lon) == pytest.approx(where, abs=1)
    assert middle.district == data.district_number(district)


def test_where_all_have_gone_they_give_the_middle(tmp_path: Path) -> None:
    index = write(tmp_path, ("NN1 1AA", 0, 0, MINE, GONE), ("NN1 1AB", 100, 0, MINE, GONE))
    middle = index.middle(Partial("NN1", "1"))
    assert middle is not None
    assert (middle.count, grid(middle.lat, middle.lon)) == (2, (50, 0))
    assert index.middle(Partial("NN2", "")) is None


def test_those_in_use_are_listed_first(tmp_path: Path) -> None:
    index = write(tmp_path, *SMALL)
    assert [one.postcode for one in index.beginning(Partial("NN1", "1"), 9)] == ["NN1 1AA", "NN1 1AD", "NN1 1AB"]
    assert [one.postcode for one in index.beginning(Partial("NN1", "1"), 2)] == ["NN1 1AA", "NN1 1AD"]


def degrees(east: float, north: float) -> tuple[float, float]:
    place = to_degrees(EAST + east, NORTH + north)
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("east", "north", "code", "inside"),
    [
        (10, 10, "NN1 1AA", True),
        (110, 0, "NN1 1AA", True),  # nearer to one that has gone
        (9000, 9100, "NN12 6AA", False),
        (0, -5990, "NN1 1AA", True),
        (0, -6010, None, False),
    ],
)
def test_the_nearest_postcode_in_use_says_whose_ground_it_is(
    tmp_path: Path, east: float, north: float, code: str | None, inside: bool
) -> None:
    area, at = AreaIndex(AREA, write(tmp_path, *SMALL)), degrees(east, north)
    near = area.nearest(*at)
    assert (near and near[0].postcode) == code
    assert area.contains(*at) is inside
    assert area.outwards(np.array([at])) == [code.split()[0] if code else ""]
    assert area.nearest(0.0, 0.0) is None
    assert area.outwards(np.array([(0.0, 0.0), at])) == ["", code.split()[0] if code else ""]


BOXES = [(f"NN9 {letters}", 3000, 3000, MINE, LIVE) for letters in ("9XA", "9XB", "9XD", "9XE", "9XF", "9XG")]
"""Large users of elsewhere, all put at one point."""
STREETS = [(f"NN3 {n}{n}A".replace(f"{n}{n}", f"{n}A"), 3000 + 90 * n, 3010, MINE, LIVE) for n in range(1, 10)]


def test_boxes_that_are_put_at_one_point_of_another_district_are_nobody_s_neighbours(tmp_path: Path) -> None:
    at = degrees(3000, 3001)
    index = write(tmp_path, *STREETS, *BOXES)
    area = AreaIndex(AREA, index)
    near = area.nearest(*at)
    assert near is not None
    assert (near[0].postcode, area.outwards(np.array([at]))) == ("NN3 1AA", ["NN3"])
    # Whoever names one still finds it, where the directory puts it.
    assert index.find("NN9 9XA") is not None


@pytest.mark.parametrize(
    "rows",
    [
        # In its own district, or so few that they may be a house with flats at a border.
        (*BOXES, ("NN9 1AA", 3100, 3000, MINE, LIVE), *STREETS),
        (*BOXES[:3], *STREETS),
        (*BOXES, *STREETS[:4]),
    ],
)
def test_many_flats_at_one_point_are_where_they_are(tmp_path: Path, rows: Any) -> None:
    near = AreaIndex(AREA, write(tmp_path, *rows)).nearest(*degrees(3000, 3001))
    assert near is not None
    assert near[0].postcode.startswith("NN9 9X")


def entry(name: str, east: float, north: float, kind: str = "street", people: int = 0) -> GazetteerEntry:
    what = "town" if kind == "place" else "hospital" if kind == "site" else "street"
    return GazetteerEntry(kind, name, what, "", *degrees(east, north), people)


@pytest.fixture
def finder(tmp_path: Path) -> PlaceFinder:
    index = write(tmp_path, *SMALL)
    entries = [
        entry("Barton", 0, 0, "place", 22_500),
        entry("Mill Lane", 150, 0),
        entry("Danetre Hospital", 160, 0, "site"),
        entry("Far Lane", 3000, 100),
        entry("South Lane", 0, -2900),
        entry("North Lane", 0, 3200),
    ]
    return PlaceFinder(index, AreaIndex(AREA, index), entries)


@pytest.mark.parametrize(
    ("east", "north", "title", "postcode"),
    [
        (160, 5, "Near Mill Lane, Barton", "NN1 1AD"),
        (390, 0, "Near Mill Lane, Barton", "NN1 1AD"),
        (3000, 240, "Near Far Lane, Barton", "NN1 2AA"),
        (3000, 260, "Near Far Lane, Barton", None),
        # Twice the reach of a street is a kilometre; of a town its size on top.
        (3000, 1090, "Near Far Lane, Barton", None),
        (3000, 1110, "1.0 km from Far Lane, Barton", None),
        (-900, 900, "Near Barton", None),
        (-1390, 1390, "Near Barton", None),
        (-1460, 1460, "2.1 km from Barton", None),
    ],
)
def test_a_pin_is_named_by_what_is_near(
    finder: PlaceFinder, east: float, north: float, title: str, postcode: str | None
) -> None:
    pin = finder.nearest(*degrees(east, north))
    assert (pin.kind, pin.title, pin.postcode) == ("pin", title, postcode)
    assert pin.detail.startswith(f"{postcode} · SP " if postcode else "SP ")


TERMINATED = "Terminated postcode, or newer than the list: check with the caller."


def answers(finder: PlaceFinder, text: str) -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.title, one.warning) for one in finder.find(text)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("NN1 1AA", ("postcode", "NN1 1AA", None)),
        (
            "NN1 1AB",
            ("postcode", "NN1 1AB", "Terminated postcode, or newer than the list: check with the caller."),
        ),
        ("NN12 6AA", ("postcode", "NN12 6AA", "Outside Shire.")),
        ("NN1 1ZZ", ("postcode part", "NN1 1", "NN1 1ZZ is not in the directory; this is the middle of NN1 1.")),
        ("NN1 9ZZ", ("postcode part", "NN1", "NN1 9ZZ is not in the directory; this is the middle of NN1.")),
        ("NN1 1", ("postcode part", "NN1 1", None)),
        ("NN12", ("postcode part", "NN12", "Outside Shire.")),
        ("SP 75 62", ("grid reference", "SP 7550 6250", "Only a square of 1 km.")),
        ("SP 7510 6210", ("grid reference", "SP 7510 6210", None)),
        ("-0.9011, 52.2512", ("coordinates", "52.25120, -0.90110", "Latitude and longitude were exchanged.")),
        ("mill lane", ("street", "Mill Lane", None)),
    ],
)
def test_each_way_to_say_a_place_is_answered(
    finder: PlaceFinder, text: str, first: tuple[str, str, str | None]
) -> None:
    assert answers(finder, text)[0] == first


def test_a_part_is_followed_by_the_postcodes_that_it_begins(finder: PlaceFinder) -> None:
    titles = [title for _, title, _ in answers(finder, "NN1 1")]
    assert titles[:4] == ["NN1 1", "NN1 1AA", "NN1 1AD", "NN1 1AB"]


def test_a_street_beside_a_postcode_counts_within_three_kilometres(finder: PlaceFinder) -> None:
    assert [title for _, title, _ in answers(finder, "Mill Lane NN1 1AA")] == ["NN1 1AA", "Mill Lane"]
    assert [title for _, title, _ in answers(finder, "South Lane NN1 1AA")][:2] == ["NN1 1AA", "South Lane"]
    assert "North Lane" not in [title for _, title, _ in answers(finder, "North Lane NN1 1AA")]
    # Where the town that was said speaks against the postcode, it may be anywhere.
    assert "North Lane" not in [title for _, title, _ in answers(finder, "North Lane NN12 6AA")]
    assert "North Lane" in [title for _, title, _ in answers(finder, "North Lane, Barton NN12 6AA")]


def rows(*at: tuple[int, int], code: str = "NN1 1AA", district: str = MINE) -> data.Rows:
    number = data.district_number(district)
    return np.array([(key_of(code), EAST + e, NORTH + n, number, LIVE) for e, n in at], dtype=data.ROW)


@pytest.mark.parametrize(
    ("side", "each", "built"),
    # Cells of 150 m: dense is a third of a postcode a cell, smoothed over its neighbours.
    [(10, 1, True), (10, 0, False), (1, 1, False), (1, 4, False), (2, 1, True), (3, 1, True)],
)
def test_dense_postcodes_are_built_up(side: int, each: int, built: bool) -> None:
    spots = [(150 * x + 75, 150 * y + 75) for x in range(side) for y in range(side)] * max(each, 1)
    spots = spots if each else spots[::5]
    found = _built_up(rows(*spots), np.ones(len(spots), dtype=bool))
    assert bool(found) is built


def test_a_tower_of_offices_covers_no_more_land_than_a_street() -> None:
    spots = [(75, 75), (225, 75)]
    four, hundred = (_built_up(rows(*spots * count), np.ones(2 * count, dtype=bool)) for count in (4, 100))
    assert four == hundred
    [shape] = four
    ring = np.array(shape["geometry"]["coordinates"][0][0])
    wide = np.ptp(ring, axis=0)
    # Some four cells across.
    assert wide[0] * 111_195 * np.cos(np.radians(52.25)) == pytest.approx(600, abs=160)
    assert shape["properties"] == {"kind": "built_up"}


def test_a_district_is_the_land_nearest_to_its_postcodes() -> None:
    one, other = rows((250, 250)), rows((5250, 250), code="NN2 1AA", district=MINE)
    theirs = rows((10_250, 250), code="NN3 1AA", district=THEIRS)
    every = np.concatenate((one, other, theirs))
    found = {shape["properties"]["name"]: shape for shape in _districts(every, np.array([True, True, False]))}
    assert set(found) == {"NN1", "NN2"}
    for name, west, east in (("NN1", -3750, 2750), ("NN2", 2750, 7750)):
        ring = np.array(found[name]["geometry"]["coordinates"][0][0])
        corner, end = degrees(west, 250), degrees(east, 250)
        assert ring[:, 0].min() == pytest.approx(corner[1], abs=0.01)
        assert ring[:, 0].max() == pytest.approx(end[1], abs=0.01)


def test_towns_within_the_area_are_ranked(tmp_path: Path) -> None:
    area = AreaIndex(AREA, write(tmp_path, *SMALL))
    towns = [
        entry("Small", 100, 0, "place", 10),
        entry("Big", 200, 0, "place", 90),
        entry("Ayton", 300, 0, "place", 10),
        entry("Empty", 300, 0, "place", 0),
        entry("Foreign", 9000, 9000, "place", 500),
    ]
    found = [(one["properties"]["name"], one["properties"]["rank"]) for one in _towns(towns, area)]
    assert found == [("Big", 1), ("Ayton", 2), ("Small", 3)]


PARTS = {
    "map.pmtiles": "tiles",
    "road_graph.npz": "roads",
    "old_road_graph_v2.npz": "roads",
    "places.csv": "places",
    "places.csv.gz": "places",
    "streets.csv": "streets",
    "streets.csv.gz": "streets",
    "health_sites.csv": "sites",
    "sites.csv.gz": "sites",
    "boundaries.geojson": "boundaries",
    "shire_overview.geojson": "overview",
}


@pytest.mark.parametrize("name", [name for name in PARTS if PARTS[name] != "tiles"])
def test_each_part_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    (tmp_path / "places.csv").write_text("name,class,lat,lon\n")
    pack = MapPack.open(str(tmp_path))
    assert getattr(pack, PARTS[name]) == tmp_path / (name if name != "places.csv.gz" else "places.csv")
    others = set(PARTS.values()) - {PARTS[name], "places"}
    assert all(getattr(pack, other) is None for other in others)
    assert (pack.name, pack.attribution, pack.dated, pack.bounds) == (tmp_path.name, ATTRIBUTION, "", None)


@pytest.mark.parametrize("name", ["notes.txt", "streets.csv", "sites.csv", "overview.geojson"])
def test_without_tiles_roads_or_places_it_is_no_pack(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    with pytest.raises(MapPackError, match="There is no map pack in"):
        MapPack.open(tmp_path)


@pytest.mark.parametrize("target", ["none", "file"])
def test_what_is_no_folder_is_said(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("")
    said = "is not there" if target == "none" else "is a file, not a map pack folder"
    with pytest.raises(MapPackError, match=said):
        MapPack.open(tmp_path / target)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"name": "Shire", "attribution": "© us", "dated": "2026-01-02"}, ("Shire", "© us", "2026-01-02")),
        ({"name": ""}, (None, ATTRIBUTION, "2021-08")),
        ([1], (None, ATTRIBUTION, "2021-08")),
    ],
)
def test_what_a_pack_says_of_itself_goes_first(
    tmp_path: Path, about: Any, expected: tuple[str | None, str, str]
) -> None:
    (tmp_path / "places.csv").write_text("")
    (tmp_path / "sites.csv").write_text("name,source\nA,OSM 2020-01\nB,OSM 2021-08\nC,elsewhere\n")
    (tmp_path / "pack.json").write_text(json.dumps(about))
    pack = MapPack.open(tmp_path)
    assert (pack.name, pack.attribution, pack.dated) == (expected[0] or tmp_path.name, *expected[1:])


def test_dates_are_not_looked_for_in_what_is_packed_or_no_text(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("")
    (tmp_path / "sites.csv").write_bytes(b"\xff\xfe OSM 2021-08")
    assert MapPack.open(tmp_path).dated == ""
    (tmp_path / "sites.csv").unlink()
    (tmp_path / "sites.csv.gz").write_bytes(gzip.compress(b"A,OSM 2021-08\n"))
    assert MapPack.open(tmp_path).dated == ""


def test_a_damaged_description_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("")
    (tmp_path / "pack.json").write_text("{")
    with pytest.raises(MapPackError, match=r"pack\.json in the map pack is damaged"):
        MapPack.open(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PMTiles", b"x" * 500])
def test_what_are_no_tiles_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "map.pmtiles").write_bytes(content)
    with pytest.raises(MapPackError, match=r"map\.pmtiles are damaged or cut short"):
        MapPack.open(tmp_path)


def test_a_pack_describes_itself(tmp_path: Path, county: County) -> None:
    (tmp_path / "places.csv").write_bytes(b"x" * 20_000)
    assert MapPack.open(tmp_path).describe().splitlines() == [
        f"{tmp_path.name}  ({tmp_path})",
        "  data from    date not known",
        "  tiles        none",
        "  roads        none",
        "  places       places.csv  0.02 MB",
        *(f"  {part:<12} none" for part in ("streets", "sites", "boundaries", "overview")),
        f"  attribution  {ATTRIBUTION}",
    ]
    pack = county.pack
    assert pack.bounds is not None
    west, south, east, north = pack.bounds
    assert -1.6 < west < east < 0
    assert 51.5 < south < north < 53
    lines = pack.describe().splitlines()
    assert lines[1] == f"  data from    {pack.dated}"
    assert lines[2] == f"  covers       {south:.3f} to {north:.3f} N, {west:.3f} to {east:.3f} E"


def test_a_district_of_several_towns_is_called_by_all_of_them(tmp_path: Path) -> None:
    index = write(tmp_path, *SMALL)
    towns = [entry("Upton", 0, 50, "place", 9_000), entry("Barton", 2900, 0, "place", 22_500)]
    found = PlaceFinder(index, AreaIndex(AREA, index), towns).find("NN1")
    assert found[0].detail == "Barton and Upton · middle of 3 postcodes"
    # The pack's own name goes before that of the open data, which has it in another language.
    twice = [towns[0], entry("Barford", 2900, 0, "place", 5_000), entry("Barton", 2900, 900, "place", 22_500)]
    found = PlaceFinder(index, AreaIndex(AREA, index), twice).find("NN1")
    assert found[0].detail == "Barford and Upton · middle of 3 postcodes"
    # Of one town, or none, what is near the middle is said.
    found = PlaceFinder(index, AreaIndex(AREA, index), towns[:1]).find("NN1")
    assert found[0].detail == "Upton · middle of 3 postcodes"
