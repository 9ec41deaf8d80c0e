"""Borders traced on a grid, against looking at each cell, and made simpler without being moved."""

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.geo.schematic.draw import _frame
from db.geo.schematic.trace import Line, _distances, _inside, _nest, _rings, _simpler, _smooth, trace

Grid = npt.NDArray[np.int64]
Polygons = list[list[Line]]


def around(x: float, y: float, ring: Line) -> bool:
    """Whether a ring goes round a point, by the angle under which it is seen."""
    turn = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        a, b = math.atan2(y0 - y, x0 - x), math.atan2(y1 - y, x1 - x)
        turn += (b - a + math.pi) % (2 * math.pi) - math.pi
    return abs(turn) > math.pi


def covers(polygon: list[Line], x: float, y: float) -> bool:
    return around(x, y, polygon[0]) and not any(around(x, y, hole) for hole in polygon[1:])


def signed(ring: Line) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


cells = st.integers(0, 3)
grids = st.integers(3, 8).flatmap(
    lambda wide: st.lists(st.lists(cells, min_size=wide, max_size=wide), min_size=3, max_size=8)
)


@settings(max_examples=60, deadline=None)
@given(grids)
def test_every_cell_lies_in_its_own_region_and_in_no_other(rows: list[list[int]]) -> None:
    labels: Grid = np.array(rows, dtype=np.int64)
    traced = trace(labels, 0.0)
    for (row, column), label in np.ndenumerate(labels):
        # Beside the middle, which the rounded corner of a single cell only just leaves inside.
        x, y = column + 0.5 + 1e-3, row + 0.5 + 2e-3
        inside = [of for of, polygons in traced.items() if any(covers(one, x, y) for one in polygons)]
        assert inside == ([int(label)] if label else [])
    assert list(traced) == sorted(set(labels.ravel().tolist()) - {0})


@settings(max_examples=60, deadline=None)
@given(grids)
def test_outer_rings_and_holes_run_opposite_ways_and_are_closed(rows: list[list[int]]) -> None:
    for polygons in trace(np.array(rows, dtype=np.int64), 0.0).values():
        for outer, *holes in polygons:
            assert signed(outer) < 0
            assert all(signed(hole) > 0 for hole in holes)
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in (outer, *holes))
            assert all(around(*point, outer) for hole in holes for point in hole[:1])


def test_an_island_in_a_lake_on_an_island_belongs_to_the_smallest_around_it() -> None:
    labels: Grid = np.zeros((15, 15), dtype=np.int64)
    for edge, value in ((1, 1), (3, 0), (5, 1), (6, 0)):
        labels[edge : 15 - edge, edge : 15 - edge] = value
    polygons = trace(labels, 0.0)[1]
    assert sorted(len(polygon) for polygon in polygons) == [2, 2]
    sizes = sorted((-signed(outer), signed(hole)) for outer, hole in polygons)
    assert sizes == [pytest.approx((25 - 0.5, 9 - 0.5)), pytest.approx((169 - 0.5, 81 - 0.5))]


def block(x: float, y: float, size: float, *, hole: bool = False) -> Line:
    corners = [(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]
    return corners[::-1] if hole else corners


def test_holes_find_the_block_around_them() -> None:
    big, small, far = block(0, 0, 20), block(4, 4, 8), block(50, 0, 5)
    in_small, in_big, nowhere = (
        block(6, 6, 2, hole=True),
        block(15, 15, 2, hole=True),
        block(80, 80, 2, hole=True),
    )
    nested = _nest([in_big, far, big, nowhere, small, in_small])
    assert sorted(nested) == sorted([[big, in_big], [small, in_small], [far]])
    # A hole whose first corner touches the block's border lies in it all the same.
    touching = [(20.0, 10.0), (18.0, 10.0), (18.0, 12.0), (20.0, 10.0)]
    touching = touching if signed(touching) > 0 else touching[::-1]
    assert _nest([big, touching]) == [[big, touching]]
    # One without an area is neither a block nor a hole.
    assert _nest([big, [(2.0, 2.0), (4.0, 2.0), (6.0, 2.0), (2.0, 2.0)]]) == [[big]]
    pin = [(9.0, 9.0), (9.5, 9.0), (9.5, 9.5), (9.0, 9.0)]
    assert _nest([big, pin]) == [[big, pin]]
    assert _nest([pin[::-1]]) == [[pin[::-1]]]


@pytest.mark.parametrize(
    ("point", "inside"), [((5, 5), True), ((-1, 5), False), ((21, 5), False), ((5, -1), False), ((5, 21), False)]
)
def test_inside_a_block(point: tuple[float, float], inside: bool) -> None:
    for ring in (block(0, 0, 20), block(0, 0, 20, hole=True)):
        assert _inside(point, ring) is inside
    slanted = [(0.0, 0.0), (10.0, 30.0), (20.0, 0.0), (0.0, 0.0)]
    assert [_inside((x, 15), slanted) for x in (4, 6, 14, 16)] == [False, True, True, False]


def test_pieces_are_put_together_end_to_start() -> None:
    a, b, c, d = (0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)
    assert _rings([[a, b], [c, d, a], [b, c]]) == [[a, b, c, d, a]]
    closed = [a, b, c, a]
    assert _rings([closed]) == [closed]
    assert _rings([[a, b, a]]) == []
    found = _rings([[a, b], [b, c, a], closed])
    assert sorted(found) == sorted([closed, closed])


def test_steps_are_rounded_and_ends_stay() -> None:
    stairs = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (2.0, 1.0)]
    assert _smooth(stairs, 0.0) == [(0, 0), (0.5, 0), (1.5, 1), (2, 1)]
    ring = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    assert _smooth(ring, 0.0) == [(0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5), (0.5, 0)]


numbers = st.floats(-50, 50)
lines = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=14)


def gap(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    """From a point to the line through two others, or to them where they are one."""
    way, off = np.subtract(b, a), np.subtract(point, a)
    long = float(np.hypot(*way))
    return float(abs(way[0] * off[1] - way[1] * off[0]) / long) if long else float(np.hypot(*off))


@given(lines, st.sampled_from((0.0, 0.5, 3.0, 20.0)), st.booleans())
def test_a_simpler_line_passes_near_every_point_that_it_leaves_out(
    line: Line, tolerance: float, closed: bool
) -> None:
    line = [*line, line[0]] if closed else line
    left = _simpler(line, tolerance)
    assert (left[0], left[-1]) == (line[0], line[-1])
    places = [0]
    for point in left[1:-1]:
        places.append(line.index(point, places[-1] + 1))
    places.append(len(line) - 1)
    for low, high in pairwise(places):
        assert all(gap(point, line[low], line[high]) <= tolerance + 1e-9 for point in line[low + 1 : high])


@pytest.mark.parametrize(
    ("line", "tolerance", "left"),
    [
        ([(0, 0), (1, 0), (2, 0), (3, 0)], 0.0, [(0, 0), (3, 0)]),
        ([(0, 0), (1, 1), (2, 0)], 0.9, [(0, 0), (1, 1), (2, 0)]),
        ([(0, 0), (1, 1), (2, 0)], 1.0, [(0, 0), (2, 0)]),
        ([(0, 0), (1, 0.5), (2, 2), (3, 0.5), (4, 0)], 1.0, [(0, 0), (2, 2), (4, 0)]),
        # The point that is farthest off holds a closed one open.
        ([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], 9.0, [(0, 0), (1, 1), (0, 0)]),
        ([(0, 0), (1, 0), (0, 1), (0, 0)], 9.0, [(0, 0), (1, 0), (0, 0)]),
        ([(0, 0), (9, 0), (0, 0)], 99.0, [(0, 0), (0, 0)]),
        # In an open one it does not count how far off a point is, only how far beside.
        ([(0, 0), (2, 0), (5, 0.1), (3, 0)], 1.0, [(0, 0), (3, 0)]),
    ],
)
def test_what_hardly_shows_is_left_out(line: Line, tolerance: float, left: Line) -> None:
    assert _simpler(line, tolerance) == left


def test_distances_are_across_the_line_or_from_the_point() -> None:
    points = np.array([(0.0, 3.0), (5.0, -4.0), (3.0, 0.0)])
    assert _distances(points, np.array([0.0, 0.0]), np.array([10.0, 0.0])).tolist() == [3, 4, 0]
    assert _distances(points, np.zeros(2), np.zeros(2)).tolist() == pytest.approx([3, math.hypot(5, 4), 3])
    assert _distances(points, np.array([3.0, 3.0]), np.array([3.0, 3.0])).tolist() == pytest.approx(
        [3, 53**0.5, 3]
    )
    assert _distances(points, np.array([1.0, 1.0]), np.array([1.0, 9.0])).tolist() == [1, 4, 2]


def test_a_frame_leaves_twelve_cells_on_every_side() -> None:
    west, north, columns, rows = _frame(np.array([(1000.0, 2000.0), (3490.0, 4010.0)]), 500)
    assert (west, north) == (1000 - 12 * 500, 4000 + 13 * 500)
    assert west + columns * 500 == 3000 + 13 * 500
    assert north - rows * 500 == 2000 - 12 * 500
