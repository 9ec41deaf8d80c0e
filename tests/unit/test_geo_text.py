"""Postcodes, grid references and coordinates as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.postcode import Partial, find_in, key_of, normalise, partials, text_of
from db.geo.earth import in_britain
from db.geo.search.gridref import (
    gridref_of,
    parse_gridref,
    parse_latlon,
    parse_position,
    parse_what3words,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nn1 5bd", "NN1 5BD"),
        ("NN15BD", "NN1 5BD"),
        (" nn16  8uz ", "NN16 8UZ"),
        ("NN1 SBD", None),
        ("NN1 OBD", "NN1 0BD"),
        ("nn1 lbd", "NN1 1BD"),
        ("sw1a1aa", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("NN1 5CD", None),
        ("NN1", None),
        ("Northampton", None),
        ("", None),
        ("\N{GREEK CAPITAL LETTER NU}N1 5BD", None),
    ],
)
def test_full_postcode_is_written_one_way(typed: str, meant: str | None) -> None:
    assert normalise(typed) == meant


def test_postcode_is_found_inside_an_address() -> None:
    assert find_in("12 Cliftonville, Northampton nn15bd please") == (
        "NN1 5BD",
        "12 Cliftonville, Northampton please",
    )
    assert find_in("Cliftonville") is None


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("nn", ["NN"]),
        ("nn1", ["NN1"]),
        ("nn15", ["NN15", "NN1 5"]),
        ("nn1 5", ["NN1 5"]),
        ("NN1 5b", ["NN1 5B"]),
        ("NN15B", ["NN1 5B"]),
        ("sw1a", ["SW1A"]),
        ("nn15bd", []),
        ("1nn", []),
        ("", []),
    ],
)
def test_partial_postcode_is_read_every_way(typed: str, readings: list[str]) -> None:
    assert [str(part) for part in partials(typed)] == readings


@given(st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True))
def test_postcode_round_trips(postcode: str) -> None:
    assert normalise(postcode) == postcode
    assert normalise(postcode.replace(" ", "").lower()) == postcode
    assert text_of(key_of(postcode)) == postcode
    outward, inward = postcode.split()
    assert Partial(outward, inward[0]) in partials(f"{outward} {inward[0]}")


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[NSEWA-Z0-9°'\", .:-]{0,30}", fullmatch=True)))
def test_no_text_breaks_the_parsers(text: str) -> None:
    for parse in (normalise, find_in, partials, parse_gridref, parse_latlon, parse_position, parse_what3words):
        parse(text)


@pytest.mark.parametrize("typed", ["SP 763 603", "sp763603", "SP763 603"])
def test_six_figure_reference_names_the_middle_of_its_square(typed: str) -> None:
    found = parse_gridref(typed)
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx((52.236073, -0.883375), abs=1e-5)
    assert found.size_m == 100


@pytest.mark.parametrize("typed", ["476300 260300", "476300,260300", "E476300 N260300", "SP 76300 60300"])
def test_easting_and_northing_are_metres(typed: str) -> None:
    found = parse_gridref(typed)
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx((52.235631, -0.884119), abs=1e-5)
    assert found.text == "SP 7630 6030"


@pytest.mark.parametrize("typed", ["SP 763 60", "SP", "XX 123 456", "476300 9260300", "SP 1234567890 12", "12 34"])
def test_what_is_no_grid_reference_is_none(typed: str) -> None:
    assert parse_gridref(typed) is None


@given(st.integers(10, 65_999), st.integers(1, 122_999))
def test_grid_reference_round_trips(tens_east: int, tens_north: int) -> None:
    found = parse_gridref(f"{tens_east * 10:06d} {tens_north * 10:06d}")
    assert found is not None
    again = parse_gridref(found.text)
    assert again is not None
    assert again.text == found.text
    assert (again.lat, again.lon) == pytest.approx((found.lat, found.lon), abs=2e-4)


@pytest.mark.parametrize(
    "typed",
    [
        "52.2405, -0.9027",
        "52.2405 -0.9027",
        "52.2405N 0.9027W",
        "N52.2405 W0.9027",
        "0.9027W, 52.2405N",
        "52°14'25.8\"N 0°54'9.7\"W",
        "52° 14.43' N, 0° 54.162' W",
        "52º14\N{PRIME}25.8\N{DOUBLE PRIME}N 0º54\N{PRIME}9.7\N{DOUBLE PRIME}W",
        "(52.2405, -0.9027)",
        "-0.9027, 52.2405",
    ],
)
def test_coordinates_in_their_usual_forms(typed: str) -> None:
    found = parse_latlon(typed)
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx((52.2405, -0.9027), abs=2e-5)
    assert found.swapped is (typed == "-0.9027, 52.2405")


@pytest.mark.parametrize("typed", ["52 14", "91.0, 0.5", "52.1N 53.2N", "12.5", "52°61'N 0°1'W", "", "1,2"])
def test_what_is_no_point_is_none(typed: str) -> None:
    assert parse_latlon(typed) is None


@given(st.floats(50, 60), st.floats(-7, 1.7))
def test_coordinates_round_trip(lat: float, lon: float) -> None:
    found = parse_latlon(f"{lat:.6f}, {lon:.6f}")
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=1e-6)
    assert in_britain(found.lat, found.lon)
    again = parse_gridref(gridref_of(lat, lon))
    assert again is not None
    assert (again.lat, again.lon) == pytest.approx((lat, lon), abs=3e-4)


@pytest.mark.parametrize(
    "typed", ["filled.count.soap", "///Filled.Count.Soap", "https://w3w.co/filled.count.soap"]
)
def test_what3words_is_kept_as_text(typed: str) -> None:
    assert parse_what3words(typed) == "///filled.count.soap"


@pytest.mark.parametrize("typed", ["filled.count", "e.g. this", "52.24.11", "a.b.c"])
def test_other_dotted_text_is_not_what3words(typed: str) -> None:
    assert parse_what3words(typed) is None
