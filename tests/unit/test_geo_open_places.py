"""The list of Great Britain's places that comes with the program."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

import resources
from db.geo.builder.open_places import main, places_of
from db.geo.earth import in_britain, metres
from db.geo.search.gazetteer import GEONAMES_SOURCE, open_places


def test_the_list_is_britain_and_whole() -> None:
    places = open_places()
    assert 5_500 < len(places) < 7_000
    assert all(in_britain(place.lat, place.lon) and place.kind == "place" and place.name for place in places)
    assert len({(place.name, place.lat, place.lon) for place in places}) == len(places)
    kinds = Counter(place.what for place in places)
    assert set(kinds) == {"town", "village", "place"}
    assert all((place.population >= 5_000) == (place.what == "town") for place in places)
    assert all((place.population == 0) == (place.what == "place") for place in places)


@pytest.mark.parametrize(
    ("name", "at", "people"),
    [
        ("Oundle", (52.480, -0.467), 5_000),
        ("Desborough", (52.442, -0.817), 8_000),
        ("Kirkwall", (58.982, -2.960), 6_000),
        ("Aberystwyth", (52.415, -4.083), 10_000),
        ("St Ives", (50.211, -5.480), 5_000),
        ("Penzance", (50.119, -5.537), 15_000),
    ],
)
def test_towns_are_where_they_are(name: str, at: tuple[float, float], people: int) -> None:
    found = [place for place in open_places() if place.name == name and metres((place.lat, place.lon), at) < 3000]
    assert len(found) == 1
    assert people <= found[0].population < people * 3


def test_ireland_is_not_among_them() -> None:
    names = {place.name for place in open_places() if place.population > 20_000}
    assert not names & {"Belfast", "Londonderry County Borough", "Newry", "Dublin"}
    assert {"Cardiff", "Edinburgh", "Northampton"} <= names


CITIES = [
    {"name": "Ynys, Y", "latitude": 53.1, "longitude": -4.2, "countrycode": "GB", "admin1code": "WLS"},
    {"name": "Ely", "latitude": 52.39964, "longitude": 0.26196, "countrycode": "GB", "admin1code": "ENG"},
    {"name": "Newry", "latitude": 54.1, "longitude": -6.3, "countrycode": "GB", "admin1code": "NIR"},
    {"name": "Ely", "latitude": 47.9, "longitude": -91.8, "countrycode": "US", "admin1code": "MN"},
    {"name": "Àth", "latitude": 57.0, "longitude": -5.0, "countrycode": "GB", "admin1code": "SCT"},
]


def test_the_list_is_made_of_the_three_nations_by_name(tmp_path: Path) -> None:
    source, into = tmp_path / "cities500.json", tmp_path / "places.csv"
    source.write_text(json.dumps({str(n): city | {"population": n * 100} for n, city in enumerate(CITIES)}))
    main(source, into)
    rows = list(csv.reader(io.StringIO(into.read_text(encoding="utf-8"))))
    assert rows == [
        ["name", "lat", "lon", "population"],
        ["Ely", "52.39964", "0.26196", "100"],
        ["Ynys, Y", "53.1", "-4.2", "0"],
        ["Àth", "57.0", "-5.0", "400"],
    ]


def test_what_is_shipped_is_as_the_command_writes_it() -> None:
    text = resources.path("reference/places-gb.csv").read_text(encoding="utf-8")
    rows = [
        {
            "name": row["name"],
            "latitude": float(row["lat"]),
            "longitude": float(row["lon"]),
            "population": int(row["population"]),
            "countrycode": "GB",
            "admin1code": "ENG",
        }
        for row in csv.DictReader(io.StringIO(text))
    ]
    assert places_of(reversed(rows)) == text
    assert len(text) < 250_000


def test_the_source_and_its_licence_are_told() -> None:
    told = resources.path("reference/SOURCES.md").read_text(encoding="utf-8")
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert "places-gb.csv" in told
    assert "creativecommons.org/licenses/by/4.0" in told
    assert GEONAMES_SOURCE in told
    assert GEONAMES_SOURCE in " ".join(readme.split())
