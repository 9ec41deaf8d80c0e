"""Shapes on their way to the map: joined, thinned, cut into tiles and written, against slow and simple ways."""

import gzip
import math
from itertools import pairwise
from pathlib import Path as File
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pmtiles.reader import MmapSource, Reader, all_tiles

from db.geo.builder.clip import BUFFER, area_of, cut_line, cut_ring
from db.geo.builder.features import MAX_ZOOM, Feature
from db.geo.builder.join import join_lines
from db.geo.builder.mvt import EXTENT, LINE, POINT, POLYGON, Drawn, Path, Props, encode
from db.geo.builder.thin import thin, to_world
from db.geo.builder.tiles import write_tiles
from tests.unit.vector_tiles import decode, fields

TOP = EXTENT + BUFFER
units = st.integers(-2 * EXTENT, 3 * EXTENT)
points = st.tuples(units, units)


def length(line: Path) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(line))


def seen_length(line: Path, x: int, y: int) -> float:
    """How much of a line a tile shows, its buffer included: by many small steps."""
    total = 0.0
    for a, b in pairwise(line):
        share = (np.arange(4000) + 0.5) / 4000
        xs, ys = a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
        inside = (xs > x * EXTENT - BUFFER) & (xs < x * EXTENT + TOP)
        inside &= (ys > y * EXTENT - BUFFER) & (ys < y * EXTENT + TOP)
        total += math.dist(a, b) * float(inside.mean())
    return total


@settings(max_examples=40)
@given(st.lists(points, min_size=2, max_size=5))
def test_each_tile_shows_all_of_a_line_that_lies_in_it(line: Path) -> None:
    cut = cut_line(line)
    slack = length(line) / 1000 + 4
    for x in range(-3, 5):
        for y in range(-3, 5):
            mine = cut.get((x, y), [])
            assert sum(map(length, mine)) == pytest.approx(seen_length(line, x, y), abs=slack)
            # What goes on is one run.
            assert all(one[-1] != following[0] for one, following in pairwise(mine))


@pytest.mark.parametrize(
    ("line", "tiles"),
    [
        ([(10, 100), (200, 100)], {(0, 0), (-1, 0)}),
        ([(100, 100), (200, 100)], {(0, 0)}),
        ([(EXTENT - BUFFER, 100), (EXTENT - 100, 100)], {(0, 0)}),
        ([(EXTENT - BUFFER + 1, 100), (EXTENT - 100, 100)], {(0, 0), (1, 0)}),
        ([(100, EXTENT + 63), (200, EXTENT + 63)], {(0, 0), (0, 1)}),
        ([(100, EXTENT + 65), (200, EXTENT + 65)], {(0, 1)}),
        ([(100, 100), (100, 100)], set()),
        # Away from the edge of a buffer that it only touches.
        ([(TOP, 3000), (TOP + 100, 2900)], {(1, 0)}),
    ],
)
def test_a_line_is_in_the_tiles_whose_buffers_it_enters(line: Path, tiles: set[tuple[int, int]]) -> None:
    assert set(cut_line(line)) == tiles


def test_a_line_that_leaves_and_comes_back_is_two_runs() -> None:
    line = [(2000, 2000), (2000, -3000), (3000, -3000), (3000, 2000)]
    assert cut_line(line)[0, 0] == [[(2000, 2000), (2000, -BUFFER)], [(3000, -BUFFER), (3000, 2000)]]


@given(units, units, st.integers(1, 2 * EXTENT), st.integers(1, 2 * EXTENT), st.booleans())
def test_a_rectangle_is_cut_into_exactly_what_each_tile_shows(
    x: int, y: int, width: int, height: int, turned: bool
) -> None:
    ring = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    cut = list(cut_ring(ring[::-1] if turned else ring))
    expected: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for column in range(-5, 8):
        for row in range(-5, 8):
            west, north = max(x, column * EXTENT - BUFFER), max(y, row * EXTENT - BUFFER)
            east, south = min(x + width, column * EXTENT + TOP), min(y + height, row * EXTENT + TOP)
            if west < east and north < south:
                expected[column, row] = (west, north, east, south)
    assert len(cut) == len(expected)
    for tile, piece in cut:
        xs, ys = [px for px, _ in piece], [py for _, py in piece]
        assert (min(xs), min(ys), max(xs), max(ys)) == expected[tile]
        west, north, east, south = expected[tile]
        assert area_of(piece) == (-2 if turned else 2) * (east - west) * (south - north)


def test_a_ring_that_only_touches_a_buffer_is_no_part_of_its_tile() -> None:
    ring = [(TOP, 100), (TOP + 100, 100), (TOP + 100, 200), (TOP, 200)]
    assert [tile for tile, _ in cut_ring(ring)] == [(1, 0)]
    turned = [(y, x) for x, y in ring]
    assert [tile for tile, _ in cut_ring(turned)] == [(0, 1)]


@pytest.mark.parametrize("east", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_a_ring_that_ends_where_the_buffer_ends_is_left_as_it_is(east: bool, turned: bool) -> None:
    corner = EXTENT + BUFFER if east else -BUFFER
    ring = [(corner, 100), (500, 100), (500, 600), (300, 900)]
    ring = [(y, x) for x, y in ring] if turned else ring
    assert dict(cut_ring(ring))[0, 0] == ring


@given(points, points, points)
def test_the_pieces_of_a_triangle_cover_it(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> None:
    ring = [a, b, c]
    pieces = dict(cut_ring(ring))
    for x in range(-3, 5):
        for y in range(-3, 5):
            expected = abs(area_of(_clipped(ring, x, y))) if area_of(ring) else 0
            got = abs(area_of(pieces[x, y])) if (x, y) in pieces else 0
            # Corners are rounded to whole units.
            assert got == pytest.approx(expected, abs=16 * EXTENT)


def _clipped(ring: Path, x: int, y: int) -> Path:
    """Clip a convex ring by four half planes, each kept by its own sign."""
    shape: list[tuple[float, float]] = list(ring)
    for a, b, c in (
        (1, 0, BUFFER - x * EXTENT),
        (-1, 0, x * EXTENT + TOP),
        (0, 1, BUFFER - y * EXTENT),
        (0, -1, y * EXTENT + TOP),
    ):
        kept: list[tuple[float, float]] = []
        for p, q in zip(shape, shape[1:] + shape[:1], strict=True):
            at_p, at_q = a * p[0] + b * p[1] + c, a * q[0] + b * q[1] + c
            if at_p >= 0:
                kept.append(p)
            if at_p * at_q < 0:
                share = at_p / (at_p - at_q)
                kept.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
        shape = kept
    return [(round(px), round(py)) for px, py in shape] or [(0, 0)]


degrees = st.tuples(st.floats(-170, 170), st.floats(-80, 80))


@given(degrees)
def test_the_world_is_a_square_from_its_north_west_corner(at: tuple[float, float]) -> None:
    [[x, y]] = to_world(np.array([at])).tolist()
    assert x == pytest.approx((at[0] + 180) / 360)
    # Backwards by the textbook's inverse.
    assert math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))) == pytest.approx(at[1], abs=1e-9)


@pytest.mark.parametrize(("lat", "y"), [(0, 0.5), (85.0511287798, 0), (90, 0), (-90, 1), (66.5132604431, 0.25)])
def test_the_poles_are_at_the_edges(lat: float, y: float) -> None:
    [[_, found]] = to_world(np.array([(0.0, lat)])).tolist()
    assert found == pytest.approx(y, abs=4e-5)


def distance(point: tuple[int, int], a: tuple[int, int], b: tuple[int, int]) -> float:
    way, off = np.subtract(b, a), np.subtract(point, a)
    whole = float(way @ way)
    share = min(1.0, max(0.0, float(off @ way) / whole)) if whole else 0.0
    return float(np.hypot(*(off - share * way)))


lines = st.lists(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=2, max_size=12), max_size=4
)


@settings(max_examples=60)
@given(lines, st.sampled_from((8, 13, MAX_ZOOM)), st.sampled_from((1, 3)))
def test_a_thinned_line_lies_where_it_lay(given_lines: list[Path], zoom: int, wide: int) -> None:
    world = [np.array(line) * wide / (EXTENT << zoom) for line in given_lines]
    thinned = thin(world, zoom)
    assert len(thinned) == len(given_lines)
    step, tolerance = (1, 2.0) if zoom == MAX_ZOOM else (4, 8.0)
    for line, left in zip(given_lines, thinned, strict=True):
        rough = [(round(x * wide / step) * step, round(y * wide / step) * step) for x, y in line]
        # Each stays beside one of the others, in the order in which they came, from end to end.
        assert left[0] == rough[0]
        assert left[-1] == rough[-1] or set(rough) == {rough[0]} or left[-1] == left[0]
        kept = iter(rough)
        assert all(any(one == point for one in kept) for point in left)
        assert all(a != b for a, b in pairwise(left))
        for point in rough:
            gap = min(distance(point, a, b) for a, b in pairwise([*left, left[-1]]))
            # At most six times over a point goes that lies within the tolerance of its neighbours' line.
            assert gap <= 6 * tolerance


@pytest.mark.parametrize(
    ("zoom", "line", "left"),
    [
        # A point on the way is left out; one that stands out is not.
        (14, [(0, 0), (50, 1), (100, 0)], [(0, 0), (100, 0)]),
        (14, [(0, 0), (50, 2), (100, 0)], [(0, 0), (50, 2), (100, 0)]),
        (12, [(0, 0), (48, 4), (100, 0)], [(0, 0), (100, 0)]),
        (12, [(0, 0), (48, 8), (100, 0)], [(0, 0), (48, 8), (100, 0)]),
        # Before the last zoom, units go by fours.
        (12, [(1, 1), (101, 101)], [(0, 0), (100, 100)]),
        (14, [(1, 1), (101, 101)], [(1, 1), (101, 101)]),
        # There and back: the turning point stays.
        (14, [(0, 0), (100, 0), (50, 0)], [(0, 0), (100, 0), (50, 0)]),
        (14, [(50, 0), (0, 0), (100, 0)], [(50, 0), (0, 0), (100, 0)]),
        (14, [(0, 0), (100, 0), (0, 0)], [(0, 0), (100, 0), (0, 0)]),
        # A step no wider than what can be seen goes, also where its ends lie side by side.
        (14, [(0, 0), (0, 1), (100, 0)], [(0, 0), (100, 0)]),
        (14, [(0, 0), (100, 1), (100, 0)], [(0, 0), (100, 0)]),
        (14, [(0, 0), (0, 1), (1, 0)], [(0, 0), (1, 0)]),
        # What does not move is one point.
        (14, [(5, 5), (5, 5), (5, 5)], [(5, 5)]),
        (14, [(5, 5), (5, 5), (90, 5)], [(5, 5), (90, 5)]),
        (14, [(n * 10, 0) for n in range(5)], [(0, 0), (40, 0)]),
    ],
)
def test_what_cannot_be_seen_is_left_out(zoom: int, line: Path, left: Path) -> None:
    world = [np.array(line) / (EXTENT << zoom)]
    assert thin(world, zoom) == [left]
    # Beside another it is thinned just the same, wherever that one ends and begins.
    other = [(line[-1][0], line[-1][1] + 300), (line[0][0] + 500, line[0][1])]
    both = thin([np.array(other) / (EXTENT << zoom), *world], zoom)
    assert both[1] == left
    assert len(both[0]) == 2


@pytest.mark.parametrize(("count", "left"), [(3, 2), (17, 2), (65, 3), (129, 4)])
def test_of_a_straight_line_half_goes_with_each_of_six_passes(count: int, left: int) -> None:
    world = [np.array([(n * 10, 0) for n in range(count)]) / (EXTENT << MAX_ZOOM)]
    [found] = thin(world, MAX_ZOOM)
    assert (found[0], found[-1], len(found)) == ((0, 0), ((count - 1) * 10, 0), left)


def test_nothing_is_thinned_to_nothing() -> None:
    assert thin([], 9) == []


def feature(*line: tuple[float, float], layer: str = "waterway", props: Props = (), zoom: int = 8) -> Feature:
    return Feature(layer, LINE, [np.array(line, dtype=float)], props, zoom)


A, B, C, D, E = ((float(n), 0.0) for n in range(5))


@pytest.mark.parametrize(
    ("given_lines", "joined"),
    [
        ([(A, B), (B, C)], [(A, B, C)]),
        ([(B, C), (A, B)], [(A, B, C)]),
        ([(A, B), (B, C), (C, D)], [(A, B, C, D)]),
        ([(C, D), (A, B), (B, C)], [(A, B, C, D)]),
        # Directions are kept.
        ([(A, B), (C, B)], [(A, B), (C, B)]),
        ([(B, A), (B, C)], [(B, A), (B, C)]),
        # Where three meet, none goes on.
        ([(A, B), (B, C), (B, D)], [(A, B), (B, C), (B, D)]),
        ([(A, B), (B, C), (D, B)], [(A, B), (B, C), (D, B)]),
        # Circles are closed once.
        ([(A, B), (B, C), (C, A)], [(A, B, C, A)]),
        ([(A, B, A)], [(A, B, A)]),
        ([(A, B, A), (A, C)], [(A, B, A), (A, C)]),
        ([(A, B), (C, D)], [(A, B), (C, D)]),
        ([(A, B), (D, E), (B, C)], [(A, B, C), (D, E)]),
    ],
)
def test_lines_that_go_on_are_one(
    given_lines: list[tuple[tuple[float, float], ...]], joined: list[tuple[tuple[float, float], ...]]
) -> None:
    found = join_lines([feature(*line) for line in given_lines])
    assert sorted(tuple(map(tuple, one.parts[0].tolist())) for one in found) == sorted(joined)
    assert all(len(one.parts) == 1 and one.kind == LINE for one in found)


@pytest.mark.parametrize(
    "other",
    [{"layer": "boundary"}, {"props": (("class", "canal"),)}, {"zoom": 9}],
    ids=lambda other: next(iter(other)),
)
def test_only_what_is_drawn_alike_is_joined(other: dict[str, Any]) -> None:
    found = join_lines([feature(A, B), feature(B, C, **other)])
    assert len(found) == 2
    assert {(one.layer, one.props, one.zoom) for one in found} == {
        ("waterway", (), 8),
        (other.get("layer", "waterway"), other.get("props", ()), other.get("zoom", 8)),
    }


def test_areas_and_points_are_not_joined() -> None:
    others = [
        Feature("water", POLYGON, [np.zeros((4, 2))], (), 8),
        Feature("poi", POINT, [np.zeros((1, 2))], (), 8),
    ]
    assert join_lines([*others, feature(A, B)])[:2] == others


small = st.integers(-9000, 9000)
paths = st.lists(st.lists(st.tuples(small, small), min_size=3, max_size=5), min_size=1, max_size=3)
values = st.one_of(st.booleans(), st.integers(-(2**40), 2**40), st.text(max_size=8))
props = st.dictionaries(st.sampled_from(("class", "name:latin", "rank", "ramp")), values).map(
    lambda found: tuple(sorted(found.items()))
)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from((POINT, LINE, POLYGON)), props, paths), min_size=1, max_size=4))
def test_a_tile_is_read_back_as_it_was_written(drawn: list[tuple[int, Props, list[Path]]]) -> None:
    kept = [[path[:1] for path in paths] if kind == POINT else paths for kind, _, paths in drawn]
    tile = encode({"empty": [], "road": [Drawn(kind, about, paths) for kind, about, paths in drawn]})
    [(name, features)] = decode(tile).items()
    assert name == "road"
    for (kind, about, _), shown, (read_kind, read_about, read_paths) in zip(drawn, kept, features, strict=True):
        assert (read_kind, read_paths) == (kind, shown)
        assert {k: (type(v), v) for k, v in read_about.items()} == {k: (type(v), v) for k, v in about}


def test_a_tile_says_how_wide_it_is_and_every_ring_is_closed() -> None:
    square = [(0, 0), (9, 0), (9, 9), (0, 9)]
    shapes = [
        Drawn(POLYGON, (("class", "lake"),), [square, square[::-1]]),
        Drawn(LINE, (("class", "lake"),), [square]),
    ]
    [(_, layer)] = fields(encode({"water": shapes}))
    parts = fields(layer)
    assert dict(parts)[5] == EXTENT
    # What is said twice is written once.
    assert [value for kind, value in parts if kind == 3] == [b"class"]
    assert len([value for kind, value in parts if kind == 4]) == 1
    ring, line = (bytes(dict(fields(value))[4]) for kind, value in parts if kind == 2)
    assert ring.count(b"\x0f") == 2
    assert line.count(b"\x0f") == 0


SHIRE = (-0.9, 52.2)
SIZE = 0.002


def square(
    middle: tuple[float, float], size: float, *, turned: bool = False
) -> np.ndarray[Any, np.dtype[np.float64]]:
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return np.array([(middle[0] + x * size, middle[1] + y * size) for x, y in corners[:: -1 if turned else 1]])


def written(folder: File, *features: Feature) -> dict[tuple[int, int, int], Any]:
    path = folder / "map.pmtiles"
    count = write_tiles(path, features, {"name": "Shire", "attribution": "©"}, lambda _stage, _share: None)
    with path.open("rb") as file:
        found = {zxy: decode(gzip.decompress(data)) for zxy, data in all_tiles(MmapSource(file))}
    assert len(found) == count
    return found


def zooms(tiles: dict[tuple[int, int, int], Any], layer: str) -> set[int]:
    return {z for (z, _, _), tile in tiles.items() if layer in tile}


def test_a_thing_shows_from_its_zoom_on(tmp_path: File) -> None:
    tiles = written(
        tmp_path,
        Feature("poi", POINT, [np.array([SHIRE])], (("class", "police"),), 11),
        Feature("waterway", LINE, [np.array([SHIRE, (-0.8, 52.3)])], (), 9),
        Feature("landuse", POLYGON, [square(SHIRE, 0.1)], (), 10),
        Feature("place", POINT, [np.array([SHIRE])], (), 1),
    )
    assert zooms(tiles, "poi") == {11, 12, 13, 14}
    assert zooms(tiles, "waterway") == {9, 10, 11, 12, 13, 14}
    assert zooms(tiles, "landuse") == {10, 11, 12, 13, 14}
    assert zooms(tiles, "place") == set(range(4, 15))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("hole_turned", [False, True])
def test_rings_run_as_the_format_wants_whichever_way_they_were_drawn(
    tmp_path: File, turned: bool, hole_turned: bool
) -> None:
    lake = Feature(
        "water", POLYGON, [square(SHIRE, 0.05, turned=turned), square(SHIRE, 0.02, turned=hole_turned)], (), 8
    )
    tiles = written(tmp_path, lake)
    shapes = [rings for tile in tiles.values() for _, _, rings in tile["water"]]
    assert all(area_of(rings[0]) > 0 for rings in shapes)
    assert all(area_of(ring) < 0 for rings in shapes for ring in rings[1:])
    assert any(len(rings) == 2 for rings in shapes)
    assert all(len(set(ring)) == len(ring) for rings in shapes for ring in rings)


def test_dust_is_swept_except_on_the_last_zoom(tmp_path: File) -> None:
    # Four pixels are 32 units wide and as high; a degree of latitude is 1.63 times as high here.
    unit = 360 / (EXTENT << 12)
    pond, lake = (
        Feature(
            "water",
            POLYGON,
            [square((SHIRE[0] + n, SHIRE[1]), unit * size / 2, turned=False)],
            (("class", str(n)),),
            8,
        )
        for n, size in enumerate((22, 44))
    )
    tiles = written(tmp_path, pond, lake)
    shown = {(z, dict(about)["class"]) for (z, _, _), tile in tiles.items() for _, about, _ in tile["water"]}
    assert {z for z, name in shown if name == "0"} == {13, 14}
    assert {z for z, name in shown if name == "1"} >= {12, 13, 14}
    assert (8, "1") not in shown


def test_an_island_too_small_to_see_leaves_the_lake(tmp_path: File) -> None:
    dust, island = square(SHIRE, 4 * 360 / (EXTENT << 12)), square((SHIRE[0] + 0.03, SHIRE[1]), 0.01)
    tiles = written(tmp_path, Feature("water", POLYGON, [square(SHIRE, 0.05), dust, island], (), 12))
    islands = {
        zoom: sum(
            len(rings) - 1 for (z, _, _), tile in tiles.items() if z == zoom for _, _, rings in tile["water"]
        )
        for zoom in (12, 14)
    }
    assert islands[12] >= 1
    assert islands[14] > islands[12]


def test_the_archive_says_what_it_is(tmp_path: File) -> None:
    told: list[tuple[str, float]] = []
    line = Feature("waterway", LINE, [np.array([SHIRE, (-0.7, 52.4)])], (), 9)
    path = tmp_path / "map.pmtiles"
    write_tiles(path, [line], {"name": "Shire", "attribution": "© them"}, lambda *one: told.append(one))
    with path.open("rb") as file:
        reader: Any = Reader(MmapSource(file))
        header, about = reader.header(), reader.metadata()
    assert (header["min_zoom"], header["max_zoom"], header["center_zoom"]) == (9, 14, 10)
    assert (about["name"], about["attribution"]) == ("Shire", "© them")
    assert [layer["id"] for layer in about["vector_layers"]][::11] == ["landcover", "poi"]
    assert [stage for stage, _ in told] == [*(f"Drawing zoom {z}" for z in range(4, 15)), "Drawing the tiles"]
    assert [share for _, share in told] == pytest.approx([n / 11 for n in range(12)])
    west, south, east, north = (
        header[f"{name}_e7"] / 1e7 for name in ("min_lon", "min_lat", "max_lon", "max_lat")
    )
    assert (west, south, east, north) == pytest.approx((-0.9, 52.2, -0.7, 52.4), abs=1e-6)


def test_layers_are_drawn_from_the_ground_up(tmp_path: File) -> None:
    names = ("place", "transportation", "building", "water", "landcover")
    tiles = written(tmp_path, *(Feature(name, POINT, [np.array([SHIRE])], (), 14) for name in names))
    [tile] = tiles.values()
    assert list(tile) == ["landcover", "water", "building", "transportation", "place"]


def test_what_lies_beyond_the_edge_of_the_world_is_no_tile(tmp_path: File) -> None:
    edges = [np.array([(lon, 85.05), (lon * 0.9999, 85.0)]) for lon in (-179.999999, 179.999999)]
    tiles = written(tmp_path, Feature("waterway", LINE, edges, (), 4))
    assert {(x, y) for z, x, y in tiles if z == 4} == {(0, 0), (15, 0)}
    assert all(0 <= x < 1 << z and 0 <= y < 1 << z for z, x, y in tiles)
