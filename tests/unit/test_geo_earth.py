"""One earth: distances, directions and steps against places whose answers are known elsewhere."""

import math
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.geo.earth import METRES_A_DEGREE, RADIUS_M, Point, bearing, in_britain, metres, moved
from db.geo.roads.data import step_metres

ROOT = Path(__file__).resolve().parents[2]
NORTHAMPTON, KETTERING, DAVENTRY = (52.2369, -0.8956), (52.3991, -0.7261), (52.2575, -1.1606)
LANDS_END, JOHN_O_GROATS = (50.0657, -5.7132), (58.6373, -3.0689)
POLE, ANTIPODES = (90.0, 0.0), ((52.0, -1.0), (-52.0, 179.0))
EUSTON, NEW_YORK = (51.5282, -0.1337), (40.7128, -74.0060)


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        (NORTHAMPTON, NORTHAMPTON, 0),
        # On the ellipsoid (WGS 84, Karney); a ball is right to 0.4 %.
        (NORTHAMPTON, KETTERING, 21.432),
        (NORTHAMPTON, DAVENTRY, 18.244),
        (LANDS_END, JOHN_O_GROATS, 969.28),
        (EUSTON, NEW_YORK, 5584.1),
        ((52.0, -0.9), (52.0, -0.8999), 0.006868),
        ((0.0, 179.9), (0.0, -179.9), 22.26),
        ((52.0, -1.0), POLE, 4238.6),
        (*ANTIPODES, 20_003.9),
    ],
)
def test_distances_are_those_of_the_map(a: Point, b: Point, km: float) -> None:
    assert metres(a, b) / 1000 == pytest.approx(km, rel=0.0035)
    assert metres(b, a) == pytest.approx(metres(a, b))


@pytest.mark.parametrize(
    ("a", "b", "degrees"),
    [
        ((52.0, -1.0), (52.1, -1.0), 0),
        ((52.0, -1.0), (51.9, -1.0), 180),
        ((0.0, 10.0), (0.0, 11.0), 90),
        ((0.0, 179.9), (0.0, -179.9), 90),
        (NORTHAMPTON, KETTERING, 32.6),
        (NORTHAMPTON, DAVENTRY, 277.3),
        # Westwards over the ocean one sets off to the north of west.
        (EUSTON, NEW_YORK, 288.3),
    ],
)
def test_directions_are_those_of_the_compass(a: Point, b: Point, degrees: float) -> None:
    assert abs((bearing(a, b) - degrees + 180) % 360 - 180) < 0.3


lats, lons, steps = st.floats(-80, 80), st.floats(-179, 179), st.floats(-3000, 3000)


@given(lats, lons, steps, steps)
def test_a_step_is_as_long_as_it_says_and_leads_where_it_says(
    lat: float, lon: float, north: float, east: float
) -> None:
    long = math.hypot(north, east)
    there = moved((lat, lon), north, east)
    assert metres((lat, lon), there) == pytest.approx(long, rel=0.002, abs=0.01)
    if long > 1:
        off = bearing((lat, lon), there) - math.degrees(math.atan2(east, north))
        assert abs((off + 180) % 360 - 180) < 0.3


def test_half_round_is_as_far_as_it_gets() -> None:
    for tenth in range(-900, 900):
        lat, lon = tenth / 10, tenth * 0.37 % 180
        assert metres((lat, lon), (-lat, lon - 180)) == pytest.approx(math.pi * RADIUS_M)


@given(lats, lons, lats, lons)
def test_directions_count_from_north_by_east(lat: float, lon: float, to_lat: float, to_lon: float) -> None:
    assert 0 <= bearing((lat, lon), (to_lat, to_lon)) <= 360


@given(st.lists(st.tuples(lats, lons), min_size=2, max_size=6))
def test_many_steps_at_once_are_the_same_distances(way: list[Point]) -> None:
    one_by_one = [metres(a, b) for a, b in pairwise(way)]
    assert step_metres(np.array(way)[:, ::-1]) == pytest.approx(one_by_one, rel=1e-9, abs=1e-6)


def test_a_degree_is_a_360th_of_the_way_round() -> None:
    assert pytest.approx(2 * math.pi * RADIUS_M) == METRES_A_DEGREE * 360
    assert metres((10.0, 20.0), (11.0, 20.0)) == pytest.approx(METRES_A_DEGREE)


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        (NORTHAMPTON, True),
        (LANDS_END, True),
        ((60.85, -0.88), True),  # Unst
        ((49.92, -6.30), True),  # Scilly
        ((48.86, 2.35), False),  # Paris
        ((-0.90, 52.24), False),
        ((52.24, 4.5), False),
        ((64.1, -8.0), False),
        ((53.3, -11.5), False),
    ],
)
def test_britain_is_told_from_elsewhere(place: Point, inside: bool) -> None:
    assert in_britain(*place) is inside


# Radii in kilometres and metres, lengths of a degree, ways round the equator: what people type from memory.
_EARTHLY = ((6350, 6380), (6.35e6, 6.38e6), (110.5, 111.5), (110_500, 111_500), (40_005, 40_080), (4.0e7, 4.008e7))
_NUMBER = re.compile(r"(?<![\w.#])\d[\d_]*(?:\.\d+)?(?![\w.])")


def earthly(text: str) -> list[str]:
    """The numbers in a text that may say how big the earth is."""
    found = _NUMBER.findall(text)
    return [number for number in found if any(low < float(number) < high for low, high in _EARTHLY)]


def test_nobody_else_knows_how_big_the_earth_is() -> None:
    home = ROOT / "db/geo/earth.py"
    # The chart of vital signs has a band that begins at 111.
    others = {home, ROOT / "db/domain/news.py"}
    product = [
        file for folder in ("console", "db") for file in (ROOT / folder).rglob("*.py") if file not in others
    ]
    found = {str(file.relative_to(ROOT)): earthly(file.read_text("utf-8")) for file in product}
    assert {file: numbers for file, numbers in found.items() if numbers} == {}
    assert earthly("6371.0 * 2, 6_378_137 and 111.2 of 40_075") == ["6371.0", "6_378_137", "111.2", "40_075"]
    assert earthly(home.read_text("utf-8")) == ["6_371_008.8"]


def test_the_radius_is_the_mean_of_the_ellipsoids_axes() -> None:
    assert pytest.approx((2 * 6_378_137.0 + 6_356_752.3142) / 3, abs=0.05) == RADIUS_M


@pytest.mark.parametrize("nowhere", [(91.0, 0.0), (0.0, 181.0), (math.nan, 0.0), (0.0, math.inf)])
def test_what_is_no_place_is_infinitely_far(nowhere: Point) -> None:
    assert metres(nowhere, NORTHAMPTON) == metres(NORTHAMPTON, nowhere) == math.inf


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ((49.1, -1), True),
        ((48.9, -1), False),
        ((61.4, -1), True),
        ((61.6, -1), False),
        ((52, -10.9), True),
        ((52, -11.1), False),
        ((52, 2.9), True),
        ((52, 3.1), False),
    ],
)
def test_britain_ends_in_its_waters(place: Point, inside: bool) -> None:
    assert in_britain(*place) is inside
