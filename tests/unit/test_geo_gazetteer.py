"""Names with places, as a pack lists them and as the wide list adds to them; no postcode is looked up here."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from db.geo.earth import moved
from db.geo.errors import MapPackError
from db.geo.pack import MapPack
from db.geo.search import gazetteer
from db.geo.search.gazetteer import GazetteerEntry, _size_word, read_pack
from db.geo.search.places import FoundPlace, _distinct
from db.geo.search.postcode_data import ROW, _is_in, _listed, district_number, of_area

SHIRE = (52.24, -0.9)


def at(north: float = 0, east: float = 0) -> str:
    lat, lon = moved(SHIRE, north, east)
    return f"{lat:.6f},{lon:.6f}"


def pack(folder: Path, **files: str) -> MapPack:
    """A pack of these files: places, streets and sites without their heads, and an overview."""
    heads = {
        "places": "name,class,lat,lon,population,population_geonames",
        "streets": "name,near,lat,lon",
        "sites": "name,kind,lat,lon",
    }
    for part, head in heads.items():
        if part == "places" or part in files:
            (folder / f"{part}.csv").write_text(f"{head}\n{files.get(part, '')}\n", encoding="utf-8")
    if "overview" in files:
        (folder / "overview.geojson").write_text(files["overview"], encoding="utf-8")
    return MapPack.open(folder)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (f"Byfield,village,{at()},,", ("village", 0)),
        (f"Byfield,village,{at()},1200,", ("village", 1200)),
        (f"Byfield,village,{at()},,1300", ("village", 1300)),
        # What GeoNames counts goes before what the map says.
        (f"Byfield,village,{at()},1200,1300", ("village", 1300)),
        (f"Byfield,isolated_dwelling,{at()},,", ("isolated dwelling", 0)),
        (f"Byfield,county,{at()},,", None),
        (f"Byfield,island,{at()},,", None),
    ],
)
def test_settlements_with_their_people(tmp_path: Path, row: str, expected: tuple[str, int] | None) -> None:
    found = [(one.kind, one.name, one.what, one.population) for one in read_pack(pack(tmp_path, places=row))]
    assert found == ([("place", "Byfield", *expected)] if expected else [])


@pytest.mark.parametrize(
    "what",
    ["city", "town", "village", "hamlet", "suburb", "neighbourhood", "quarter", "farm", "locality"],
)
def test_every_kind_of_settlement_is_read(tmp_path: Path, what: str) -> None:
    [entry] = read_pack(pack(tmp_path, places=f"Byfield,{what},{at(10, 20)},,"))
    assert (entry.what, entry.near) == (what, "")
    assert (entry.lat, entry.lon) == pytest.approx(moved(SHIRE, 10, 20), abs=1e-6)


def test_streets_and_sites_are_read_with_what_they_are(tmp_path: Path) -> None:
    made = pack(
        tmp_path,
        streets=f"High Street,Byfield,{at()}",
        sites=f"Byfield Surgery,doctors,{at()}\nStation,fire_station,{at()}",
    )
    (tmp_path / "streets.csv.gz").write_bytes(gzip.compress((tmp_path / "streets.csv").read_bytes()))
    (tmp_path / "streets.csv").unlink()
    found = [(one.kind, one.name, one.what, one.near) for one in read_pack(MapPack.open(tmp_path))]
    assert found == [
        ("street", "High Street", "street", "Byfield"),
        ("site", "Byfield Surgery", "doctors' surgery", ""),
        ("site", "Station", "fire station", ""),
    ]
    assert made.sites is not None


@pytest.mark.parametrize(("east", "names"), [(0, 1), (990, 1), (1010, 2)])
def test_a_site_that_is_listed_again_within_a_kilometre_is_one(tmp_path: Path, east: float, names: int) -> None:
    sites = f"Danetre,hospital,{at()}\nOther,hospital,{at()}\nDanetre,hospital,{at(0, east)}"
    found = [one.name for one in read_pack(pack(tmp_path, sites=sites))]
    assert sorted(found) == sorted(["Danetre"] * names + ["Other"])


def road(*points: tuple[float, float], ref: str | None = "A43", layer: str = "road", multi: bool = False) -> Any:
    line = [list(moved(SHIRE, *point))[::-1] for point in points]
    kind = "MultiLineString" if multi else "LineString"
    shape = {"type": kind, "coordinates": [line] if multi else line}
    return {"properties": {"layer": layer, "ref": ref}, "geometry": shape}


SETTLED = f"Aldby,village,{at()},,\nBarby,town,{at(0, 9000)},,\nQuarterby,quarter,{at(0, 4500)},,"


@pytest.mark.parametrize(
    ("roads", "named"),
    [
        ([road((500, 0), (500, 9000))], {("A43", "Aldby"), ("A43", "Barby")}),
        ([road((500, 0), (500, 9000), multi=True)], {("A43", "Aldby"), ("A43", "Barby")}),
        ([road((500, 0), (500, 100))], {("A43", "Aldby")}),
        ([road((2990, 0), (2990, 10))], {("A43", "Aldby")}),
        ([road((3010, 0), (3010, 10))], set()),
        ([road((500, 0), (500, 10)), road((600, 0), (600, 10), ref="A5")], {("A43", "Aldby"), ("A5", "Aldby")}),
        ([road((500, 0), (500, 10), ref=None)], set()),
        ([road((500, 0), (500, 10), ref="")], set()),
        ([road((500, 0), (500, 10), layer="river")], set()),
        # One that is left out does not end the reading.
        ([road((500, 0), (500, 10), layer="river"), road((500, 0), (500, 10))], {("A43", "Aldby")}),
    ],
)
def test_a_numbered_road_is_named_by_the_settlements_that_it_passes(
    tmp_path: Path, roads: list[Any], named: set[tuple[str, str]]
) -> None:
    entries = read_pack(pack(tmp_path, places=SETTLED, overview=json.dumps({"features": roads})))
    found = [(one.name, one.near) for one in entries if one.kind == "street"]
    assert sorted(found) == sorted(named)
    assert all(one.what == "road" for one in entries if one.kind == "street")


def test_a_numbered_road_is_where_it_comes_nearest(tmp_path: Path) -> None:
    overview = json.dumps({"features": [road((900, -400), (300, 10), (700, 500)), road((400, 0), (800, 0))]})
    [entry] = [one for one in read_pack(pack(tmp_path, places=SETTLED, overview=overview)) if one.kind == "street"]
    assert (entry.lat, entry.lon) == pytest.approx(moved(SHIRE, 300, 10), abs=1e-6)


def test_without_settlements_no_road_is_named(tmp_path: Path) -> None:
    overview = json.dumps({"features": [road((0, 0), (0, 10))]})
    assert read_pack(pack(tmp_path, places=f"Quarterby,quarter,{at()},,", overview=overview))[1:] == []


@pytest.mark.parametrize("text", ["{", "[]", '{"features": [{}]}', '{"features": [{"properties": 3}]}'])
def test_a_damaged_overview_is_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(MapPackError, match=r"overview\.geojson in the map pack is damaged\. Build"):
        read_pack(pack(tmp_path, places=SETTLED, overview=text))


@pytest.mark.parametrize(
    ("people", "word"), [(0, "place"), (1, "village"), (4_999, "village"), (5_000, "town"), (90_000, "town")]
)
def test_how_big_a_place_is_in_a_word(people: int, word: str) -> None:
    assert _size_word(people) == word


def entry(name: str, north: float = 0, people: int = 0, kind: str = "place") -> GazetteerEntry:
    return GazetteerEntry(kind, name, "town", "", *moved(SHIRE, north, 0), people)


@pytest.mark.parametrize(
    ("mine", "other", "merged"),
    [
        ([entry("Aldby")], entry("Aldby", 3_990, 70), [("Aldby", 70)]),
        ([entry("Aldby")], entry("ALDBY", 0, 70), [("Aldby", 70)]),
        ([entry("Aldby")], entry("Aldby", 4_010, 70), [("Aldby", 0), ("Aldby", 70)]),
        ([entry("Aldby", 0, 50)], entry("Aldby", 0, 70), [("Aldby", 50)]),
        ([entry("Aldby")], entry("Barby", 0, 70), [("Aldby", 0), ("Barby", 70)]),
        ([entry("Aldby", kind="street")], entry("Aldby", 0, 70), [("Aldby", 0), ("Aldby", 70)]),
        ([entry("Aldby", 9_000), entry("Aldby")], entry("Aldby", 0, 70), [("Aldby", 0), ("Aldby", 70)]),
        ([], entry("Barby", 0, 70), [("Barby", 70)]),
    ],
)
def test_the_wide_list_adds_what_the_pack_does_not_have(
    mine: list[GazetteerEntry], other: GazetteerEntry, merged: list[tuple[str, int]]
) -> None:
    assert [(one.name, one.population) for one in gazetteer.merged(mine, [other])] == merged


def answer(title: str, detail: str = "", kind: str = "place", score: float = 1.0) -> FoundPlace:
    return FoundPlace(kind, title, detail, 52.0, -1.0, None, None, score)


def test_answers_that_read_the_same_are_given_once() -> None:
    one, again = answer("A", "x", score=2), answer("A", "x", score=1)
    others = [answer("A", "y"), answer("B", "x"), answer("A", "x", "street")]
    assert _distinct([one, *others, again]) == [one, *others]


@pytest.mark.parametrize(
    ("code", "number"),
    [("E06000061", 506_000_061), ("A00000000", 100_000_000), ("S12345678", 1_912_345_678)]
    + [(code, 0) for code in ("", "E0600006", "e06000061", "E060000611", "E0600006X")],
)
def test_a_district_is_packed_into_a_number(code: str, number: int) -> None:
    assert district_number(code) == number


def test_the_rows_of_an_area_are_those_with_its_letters_and_a_digit() -> None:
    keys = [b"N1  1AA", b"N19 9ZZ", b"NE1 1AA", b"NN1 1AA", b"NN9 9ZZ", b"NP1 1AA"]
    rows = np.array([(key, 0, 0, 0, 0) for key in keys], dtype=ROW)
    assert of_area(rows, "NN")["key"].tolist() == [b"NN1 1AA", b"NN9 9ZZ"]
    assert of_area(rows, "N")["key"].tolist() == [b"N1  1AA", b"N19 9ZZ"]
    assert len(of_area(rows, "NX")) == 0


@pytest.mark.parametrize(
    ("listed", "known"),
    [
        (b"", []),
        (b"NN11AA,1,2\n", [b"NN1 1AA"]),
        (b"NN9 9ZZ,1,2", [b"NN9 9ZZ"]),
        # As it is given out: quoted, with spaces, in any order, and of five to seven signs.
        (b'"N1  1AA",1,2\r\n"NN199ZZ",1,2\r\n"NN1 1AA",1,2\r\n', [b"N1  1AA", b"NN1 1AA", b"NN199ZZ"]),
        (b"NN99ZZ,1,2\nNN1,1,2\n", [b"NN9 9ZZ"]),
    ],
)
def test_which_postcodes_are_on_a_list(tmp_path: Path, listed: bytes, known: list[bytes]) -> None:
    (tmp_path / "nn.csv.gz").write_bytes(gzip.compress(listed))
    asked = np.array([b"N1  1AA", b"NN1 1AA", b"NN199ZZ", b"NN9 9ZZ"], dtype="S7")
    assert asked[_is_in(asked, _listed(tmp_path / "nn.csv.gz"))].tolist() == known


def test_a_folder_is_no_part_of_a_pack(tmp_path: Path) -> None:
    for part in ("a.pmtiles", "streets.csv"):
        (tmp_path / part).mkdir()
    made = pack(tmp_path, places=f"Byfield,village,{at()},,")
    assert (made.tiles, made.streets, made.places) == (None, None, tmp_path / "places.csv")
