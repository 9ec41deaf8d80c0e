"""The county drawn from open data alone."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.geo.schematic.draw import _built_up, schematic
from db.geo.schematic.kept import AREA, kept, kept_file
from db.geo.schematic.trace import _arcs, trace
from db.geo.search.postcode_data import ROW
from db.geo.search.service_area import NORTHAMPTONSHIRE


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def drawn(cache: Path) -> dict[str, Any]:
    return schematic(cache)


def of_kind(drawn: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [feature for feature in drawn["features"] if feature["properties"]["kind"] == kind]


def inside(lon: float, lat: float, feature: dict[str, Any]) -> bool:
    odd = False
    for polygon in feature["geometry"]["coordinates"]:
        for ring in polygon:
            for (x0, y0), (x1, y1) in pairwise(ring):
                if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0):
                    odd = not odd
    return odd


def test_towns_are_ranked_by_people(drawn: dict[str, Any]) -> None:
    towns = sorted(of_kind(drawn, "town"), key=lambda town: town["properties"]["rank"])
    names = [town["properties"]["name"] for town in towns]
    assert names[0] == "Northampton"
    assert {"Corby", "Kettering", "Wellingborough"} <= set(names[:5])
    people = [town["properties"]["population"] for town in towns]
    assert people == sorted(people, reverse=True)
    assert "Milton Keynes" not in names


@pytest.mark.parametrize(
    ("lon", "lat", "district", "built_up"),
    [(-0.8838, 52.2361, "NN1", True), (-0.728, 52.399, "NN16", True), (-0.83, 52.155, "NN7", False)],
)
def test_places_lie_in_their_districts(
    drawn: dict[str, Any], lon: float, lat: float, district: str, built_up: bool
) -> None:
    around = [d["properties"]["name"] for d in of_kind(drawn, "district") if inside(lon, lat, d)]
    assert around == [district]
    assert any(inside(lon, lat, shape) for shape in of_kind(drawn, "built_up")) is built_up


def test_rings_are_closed_and_the_whole_is_small_geojson(drawn: dict[str, Any]) -> None:
    for feature in (*of_kind(drawn, "district"), *of_kind(drawn, "built_up")):
        for polygon in feature["geometry"]["coordinates"]:
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in polygon)
    assert len(json.dumps(drawn)) < 300_000


@pytest.mark.parametrize(
    ("postcodes", "corners"),
    [
        # By cell of 150 m (column, row): how many postcodes lie in it.
        ({(0, 0): 4}, []),
        ({(0, 0): 100}, []),
        ({(0, 0): 1, (0, 1): 3}, []),
        ({(0, 0): 3, (1, 0): 3}, [4]),
        ({(0, 0): 2, (1, 0): 2}, []),
        ({(0, 0): 2, (1, 0): 2, (2, 0): 2}, [5]),
        ({(0, 0): 1, (1, 0): 1, (0, 1): 1, (1, 1): 1}, [4]),
        ({(0, 0): 4, (1, 0): 4}, [6]),
        ({(0, 0): 100, (1, 0): 100}, [6]),
        ({(0, 0): 4, (1, 0): 4, (7, 0): 4, (8, 0): 4}, [6, 6]),
    ],
)
def test_what_is_drawn_as_built_up(postcodes: dict[tuple[int, int], int], corners: list[int]) -> None:
    places = [
        (480_075 + 150 * column, 260_075 + 150 * row)
        for (column, row), count in postcodes.items()
        for _ in range(count)
    ]
    rows = np.zeros(len(places), dtype=ROW)
    rows["east"], rows["north"] = zip(*places, strict=True)
    rings = [shape["geometry"]["coordinates"] for shape in _built_up(rows, np.ones(len(rows), dtype=bool))]
    assert [len(ring) - 1 for [[ring]] in rings] == corners
    elsewhere = np.zeros(len(rows), dtype=bool)
    elsewhere[0] = True
    assert _built_up(rows, elsewhere) == []


def test_quick_copy_is_the_same(drawn: dict[str, Any], cache: Path) -> None:
    assert schematic(cache) == drawn
    assert kept(cache) == drawn
    assert kept(cache, "Rutland") is None
    assert NORTHAMPTONSHIRE.name == AREA


@pytest.mark.parametrize("written", [b"", b"[]", b'{"type": "Feature', b"{}", b"\xff\xfe"])
def test_a_copy_that_is_damaged_is_none(tmp_path: Path, written: bytes) -> None:
    kept_file(tmp_path).write_bytes(written)
    assert kept(tmp_path) is None


def area(polygons: list[list[list[tuple[float, float]]]]) -> float:
    total = 0.0
    for polygon in polygons:
        for ring in polygon:
            total -= sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2
    return total


def test_a_block_with_a_hole() -> None:
    labels = np.ones((12, 12), dtype=np.int64)
    labels[4:8, 4:8] = 0
    [polygon] = trace(labels, 0.0)[1]
    assert len(polygon) == 2
    # Rounding takes an eighth of a cell off each outer corner and gives it back at the inner ones.
    assert area([polygon]) == pytest.approx(144 - 16, abs=0.01)


@given(st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=5, max_size=5))
def test_neighbours_share_their_borders_so_no_ground_is_lost(rows: list[list[int]]) -> None:
    labels = np.array(rows, dtype=np.int64)
    framed = np.pad(labels + 1, 3, constant_values=9)
    traced = trace(framed, 0.0)
    total = sum(area(polygons) for polygons in traced.values())
    # Only the four corners of the frame are rounded.
    assert total == pytest.approx(framed.size - 4 / 8, abs=1.0)


@pytest.mark.parametrize(
    ("labels", "borders"),
    [
        # Round the block, and back.
        ([[1]], {(1, 0): 1}),
        # Two blocks share one border, which ends where three regions meet.
        ([[1, 2]], {(1, 0): 1, (2, 0): 1, (1, 2): 1}),
        ([[1, 2], [1, 2], [1, 2]], {(1, 0): 1, (2, 0): 1, (1, 2): 1}),
        # Four meet in the middle.
        (
            [[1, 2], [3, 4]],
            {(1, 0): 1, (2, 0): 1, (3, 0): 1, (4, 0): 1, (1, 2): 1, (1, 3): 1, (2, 4): 1, (3, 4): 1},
        ),
    ],
)
def test_a_border_is_one_line_from_junction_to_junction(
    labels: list[list[int]], borders: dict[tuple[int, int], int]
) -> None:
    found = [frozenset(sides) for sides, _ in _arcs(np.pad(np.array(labels, dtype=np.int64), 1))]
    assert {pair: found.count(frozenset(pair)) for pair in borders} == borders
    assert len(found) == sum(borders.values())
