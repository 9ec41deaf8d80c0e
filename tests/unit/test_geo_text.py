"""Postcodes, grid references and coordinates as people type them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.postcode import Partial, find_in, key_of, normalise, partials, text_of
from db.domain.postcode_slips import readings, slips
from db.geo.earth import in_britain, metres
from db.geo.grid import letters_of, square_corner, to_degrees, to_grid, to_grids
from db.geo.search.coordinates import read_position
from db.geo.search.gridref import (
    gridref_of,
    parse_gridref,
    parse_latlon,
    parse_what3words,
)
from db.geo.search.plus_codes import middle_of, read_plus_code


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
    # Not out of the middle of a word, in whatever script.
    for within in ("xyN1 5BD", "4N1 5BD", "N1 5BDx", "N1 5BD4", "\N{GREEK CAPITAL LETTER NU}N1 5BD", "\xc9N1 5BD"):
        assert find_in(within) is None
    assert find_in("(N1 5BD)") == ("N1 5BD", "( )")


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
        ("nn 1 5", []),
        ("nn 15", []),
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
    for parse in (normalise, find_in, partials, parse_gridref, parse_latlon, read_position, parse_what3words):
        parse(text)


@pytest.mark.parametrize("typed", ["SP 763 603", "sp763603", "SP763 603"])
def test_six_figure_reference_names_the_middle_of_its_square(typed: str) -> None:
    found = parse_gridref(typed)
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx((52.236073, -0.883375), abs=1e-5)
    assert (found.size_m, found.swapped) == (100, False)


@pytest.mark.parametrize("typed", ["476300 260300", "476300,260300", "E476300 N260300", "SP 76300 60300"])
def test_easting_and_northing_are_metres(typed: str) -> None:
    found = parse_gridref(typed)
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx((52.235631, -0.884119), abs=1e-5)
    assert (found.text, found.size_m, found.swapped) == ("SP 7630 6030", 0, False)


@pytest.mark.parametrize("typed", ["SP 7612 60", "SP 76 6012", "SP.76.6012", "sp-7612-60"])
def test_two_groups_of_another_length_are_no_reference_in_any_spacing(typed: str) -> None:
    assert read_position(typed) is None


@pytest.mark.parametrize(
    ("said", "text", "beside"),
    [
        ("rang from 52.2405 -0.9027 twice", "52.24050, -0.90270", "rang from twice"),
        ("she is at 52,2405; -0,9027.", "52.24050, -0.90270", "she is at"),
        ("car (lat 52.2405, -0.9027) red", "52.24050, -0.90270", "car ( ) red"),
        # Of several the first that lies in Britain; numbers that are something else are no place at all.
        ("gave 12.50 3.75 at 52.2405, -0.9027", "52.24050, -0.90270", "gave 12.50 3.75 at"),
        ("gave 12.50 3.75 at noon", None, ""),
        ("gave 52.2405 and then some", None, ""),
        ("by the gate SP 763 603, left", "SP 7635 6035", "by the gate , left"),
        ("by the gate SP76306030", "SP 7630 6030", "by the gate"),
        ("room ZZ 763 603", None, ""),
        ("by ZZ 763 603 or SP 763 603", "SP 7635 6035", "by ZZ 763 603 or"),
    ],
)
def test_a_position_among_words_is_read_and_the_words_are_kept(said: str, text: str | None, beside: str) -> None:
    found = read_position(said)
    assert (found and found[0].text, found[1] if found else "") == (text, beside)


@pytest.mark.parametrize("typed", ["SP 763 60", "SP", "XX 123 456", "476300 9260300", "SP 1234567890 12", "12 34"])
def test_what_is_no_grid_reference_is_none(typed: str) -> None:
    assert parse_gridref(typed) is None


# One place in each part of the island, as its Ordnance Survey map has it, and the letters of the islands.
@pytest.mark.parametrize(
    ("typed", "east", "north"),
    [
        ("SP 90 68", 490_500, 268_500),
        ("tl 1879", 518_500, 279_500),
        ("TG5107", 651_500, 307_500),
        ("SW 341 251", 134_150, 25_150),
        ("NT 25745 73512", 325_745, 673_512),
        ("NN1667 7128", 216_675, 771_285),
        ("HU 4 4", 445_000, 1_145_000),
        ("HY 449 108", 344_950, 1_010_850),
        ("SV", None, None),
        ("OV 00000 00000", 500_000, 500_000),
    ],
)
def test_letters_name_their_square(typed: str, east: int | None, north: int) -> None:
    found = parse_gridref(typed)
    if east is None:
        assert found is None
        return
    assert found is not None
    assert to_grid(found.lat, found.lon) == pytest.approx((east, north), abs=0.1)
    assert found.text.startswith(typed[:2].upper())


@pytest.mark.parametrize("letters", ["II", "SI", "ZZ", "AA", "HA", "RZ", "TE", "HV1", "S", "", "sp"])
def test_other_letters_are_no_square(letters: str) -> None:
    # HA lies beyond 1,300 km, RZ west of the origin, TE east of 700 km.
    assert square_corner(letters) is None


@given(st.integers(0, 6), st.integers(0, 12))
def test_every_square_has_two_letters_of_its_own(column: int, row: int) -> None:
    corner = (column * 100_000, row * 100_000)
    letters = letters_of(*corner)
    assert square_corner(letters) == corner
    assert letters_of(corner[0] + 99_999.9, corner[1] + 99_999.9) == letters
    assert letters[0] in "STNOHJ"


@pytest.mark.parametrize(("east", "north"), [(-1, 5), (700_000, 5), (5, -1), (5, 1_300_000)])
def test_outside_the_grid_there_are_no_letters(east: float, north: float) -> None:
    assert letters_of(east, north) == ""


# Ordnance Survey's own test points for OSTN15: latitude, longitude (ETRS89), easting, northing. First Northampton,
# then the corners of the island. Contains OS data © Crown copyright and database right 2016.
OS_POINTS = [
    (52.25160951, -0.91248957, 474_335.969, 262_047.755),
    (49.92226394, -6.29977752, 91_492.146, 11_318.804),
    (51.37447026, 1.44454730, 639_821.835, 169_565.858),
    (52.75136687, 0.40153547, 562_180.547, 319_784.995),
    (57.48625001, -4.21926399, 267_056.768, 846_176.972),
    (60.13308092, -2.07382823, 395_999.668, 1_138_728.951),
]


@pytest.mark.parametrize(("lat", "lon", "east", "north"), OS_POINTS)
def test_the_grid_is_ordnance_surveys(lat: float, lon: float, east: float, north: float) -> None:
    assert to_grid(lat, lon) == pytest.approx((east, north), abs=0.002)
    place = to_degrees(east, north)
    assert place == pytest.approx((lat, lon), abs=1e-6)
    assert place == tuple(round(degrees, 6) for degrees in place or ())
    assert metres(place or (0, 0), (lat, lon)) < 0.15


@given(st.floats(51.9, 52.7), st.floats(-1.4, -0.3))
def test_over_the_county_there_and_back_is_the_same_place(lat: float, lon: float) -> None:
    grid = to_grid(lat, lon)
    assert grid is not None
    again = to_degrees(*grid)
    assert again is not None
    assert metres(again, (lat, lon)) < 0.15
    assert to_grids(np.array([(lat, lon)]))[0] == pytest.approx(grid, abs=1e-6)


@pytest.mark.parametrize("typed", ["HP 60 99", "400000 1299999", "SV 00000 00000", "000000 000000"])
def test_where_there_is_no_grid_there_is_no_place(typed: str) -> None:
    assert parse_gridref(typed) is None


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        *((49.2, -5.0), (55.0, -9.5), (54.0, 2.9), (0.0, 0.0), (48.86, 2.35), (61.4, -1.0), (62.0, -1.0)),
        *((-52.2, -0.9), (52.2, 359.1), (90.0, 0.0), (math.nan, -0.9), (math.inf, -0.9), (52.2, -math.inf)),
    ],
)
def test_far_out_at_sea_there_is_no_grid_reference(lat: float, lon: float) -> None:
    assert gridref_of(lat, lon) == ""
    assert to_grid(lat, lon) is None


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
        "52°14\N{RIGHT SINGLE QUOTATION MARK}25.8\N{RIGHT DOUBLE QUOTATION MARK}N, 0.9027W",
        "52°14'25.8''N 0°54'9.7''W",
        "(52.2405, -0.9027)",
        "[52.2405; -0.9027]",
        "52.2405/-0.9027",
        "-0.9027, 52.2405",
    ],
)
def test_coordinates_in_their_usual_forms(typed: str) -> None:
    found = parse_latlon(typed)
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx((52.2405, -0.9027), abs=2e-5)
    assert (found.size_m, found.swapped) == (0, typed == "-0.9027, 52.2405")


@pytest.mark.parametrize(
    ("typed", "lat", "lon"),
    [
        # A letter, or minutes, say that whole degrees are a place.
        ("N52 W1", 52, -1),
        ("52N 1W", 52, -1),
        ("52°30' 1°", 52.5, 1),
        ("52.5 1.0", 52.5, 1),
        # What letters say is not turned round, wherever it lies.
        ("N1.0 E52.0", 1, 52),
        ("1.0S 52.0E", -1, 52),
        ("E1.0 N52.0", 52, 1),
    ],
)
def test_what_says_that_it_is_a_place_is_one(typed: str, lat: float, lon: float) -> None:
    found = parse_latlon(typed)
    assert found is not None
    assert (found.lat, found.lon, found.swapped) == (lat, lon, False)


def test_a_position_is_told_to_a_tenth_of_a_metre_however_it_was_written() -> None:
    found, code = parse_latlon("52.24056789, -0.90271234"), read_plus_code("9C4X64R5+X2J")
    assert found is not None
    assert code is not None
    assert (found.lat, found.lon) == (52.240568, -0.902712)
    # The middle of a square of three metres.
    assert middle_of(code, (0, 0)) == (52.242463, -0.892484)


@pytest.mark.parametrize(
    "typed", ["52 14", "52.5 1", "52 1.5", "91.0, 0.5", "52.1N 53.2N", "12.5", "52°61'N 0°1'W", "", "1,2"]
)
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


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("nn1 5bd", ["NN1 5BD"]),
        ("nn15bd", ["NN1 5BD"]),
        # The blank says where the first half ended: only what begins so is read with a sign less.
        ("N1 64AB", ["N1 4AB", "N1 6AB", "N16 4AB"]),
        ("NN1 66AB", ["NN1 6AB", "NN16 6AB"]),
        ("N 164AB", ["N16 4AB"]),
        ("NN 166AB", ["NN16 6AB"]),
    ],
)
def test_a_blank_says_where_the_first_half_ended(typed: str, codes: list[str]) -> None:
    found = readings(typed)
    assert [one.code for one in found] == codes
    assert [one.sure for one in found] == [len(codes) == 1 and not typed.startswith(("N ", "NN "))] * len(codes)


def bare(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # Blanks, full stops, strokes and commas stand anywhere.
        (" nn1 5bd, ", ("NN1 5BD", "", True)),
        ("N.N.1 5.B.D", ("NN1 5BD", "", True)),
        ("n - n - 1 5 b d", ("NN1 5BD", "", True)),
        ("NN1-5BD", ("NN1 5BD", "", True)),
        ("M1 1AE", ("M1 1AE", "", True)),
        ("3, NN1 5BD", ("NN1 5BD", "3", True)),
        # O for 0 and I for 1, where they stand for a figure; also beside an address, and never without one.
        ("NNI 5BD", ("NN1 5BD", "", True)),
        ("NNI SBD", None),
        ("12 oak road NNI 5BD", ("NN1 5BD", "12 oak road", True)),
        ("NNI 5BD, 12 oak road", ("NN1 5BD", "12 oak road", True)),
        ("oak road NNI OBD", ("NN1 0BD", "oak road", True)),
        ("NN1/5BD", ("NN1 5BD", "", True)),
        ("NN1,5BD", ("NN1 5BD", "", True)),
        ("NN1_5BD", ("NN1 5BD", "", True)),
        ("NN1+5BD", None),
        ("1NN 5BD", None),
        ("M11A", None),
        ("NN16 88UUZ", None),
        ("\N{GREEK CAPITAL LETTER NU}N1 5BD", None),
        ("", None),
    ],
)
def test_what_may_be_a_postcode(typed: str, meant: tuple[str, str, bool] | None) -> None:
    found = readings(typed)
    assert [(one.code, one.rest, one.sure) for one in found] == ([meant] if meant else [])
    # And it is told as it was typed, but for capitals and blanks.
    assert all(len(one.typed) >= 5 and bare(one.typed) in bare(typed.upper()) for one in found)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        # Its like, a sign too many (a doubled one first, then from behind), two exchanged, and a key beside.
        ("NN1 SBD", "NN1 5BD"),
        (
            "NN1 55BD",
            "NN1S 5BD, NN1 5BD, N15 5BD, NN5 5BD, NN51 5BD, NN15 5DB, MN15 5BD, BN15 5BD, NM15 5BD, NB15 5BD",
        ),
        (
            "NN15 BD",
            "N1 5BD, N1N 5BD, NN5 1BD, NN1 5DB, MN1 5BD, BN1 5BD, NM1 5BD, NB1 5BD, NN1 5PD, NN1 5DD",
        ),
        # Two keys for one.
        ("VVA1 1AA", "WA1 1AA, VV41 1AA, VA1 1AA, VV1 1AA, VV1A 1AA"),
        ("UUA1 1AA", "WA1 1AA, UU41 1AA, UA1 1AA, UU1 1AA, UU1A 1AA"),
    ],
)
def test_which_slips_are_tried(typed: str, codes: str) -> None:
    found = list(slips(typed, "12 oak road"))
    assert [one.code for one in found][:10] == codes.split(", ")
    assert {(one.rest, one.typed, one.sure) for one in found} == {("12 oak road", typed, False)}
