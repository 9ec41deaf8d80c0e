"""Turning a grid of labels into polygons whose shared borders stay shared."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Corner = tuple[int, int]
Line = list[tuple[float, float]]
_Sides = tuple[int, int]


def trace(labels: npt.NDArray[np.int64], tolerance: float) -> dict[int, list[list[Line]]]:
    """Trace the regions of a grid.

    Args:
        labels: (rows, columns), 0 where there is no region.
        tolerance: how far a border may move when it is made simpler, in cells.

    Returns:
        Polygons by label, each a list of closed rings in (column, row) grid corners, the outer ring first.
    """
    # A rim of nothing, so that what touches the edge of the grid has a border there too.
    arcs = _arcs(np.pad(labels, 1))
    regions: dict[int, list[Line]] = defaultdict(list)
    for (left, right), corners in arcs:
        line = _smooth([(column - 1.0, row - 1.0) for column, row in corners], tolerance)
        # The same line to both sides, one of them backwards: made simpler only once, the two still fit.
        regions[left].append(line)
        regions[right].append(line[::-1])
    regions.pop(0, None)
    return {label: _nest(_rings(lines)) for label, lines in sorted(regions.items())}


def _edges(labels: npt.NDArray[np.int64]) -> dict[Corner, dict[Corner, _Sides]]:
    """Return border steps by corner, each with the labels to its left and right (row numbers grow downwards)."""
    steps: dict[Corner, dict[Corner, _Sides]] = defaultdict(dict)
    rows, columns = np.nonzero(labels[:, 1:] != labels[:, :-1])
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        west, east = int(labels[row, column]), int(labels[row, column + 1])
        top, bottom = (column + 1, row), (column + 1, row + 1)
        steps[top][bottom] = (east, west)
        steps[bottom][top] = (west, east)
    rows, columns = np.nonzero(labels[1:] != labels[:-1])
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        north, south = int(labels[row, column]), int(labels[row + 1, column])
        west_end, east_end = (column, row + 1), (column + 1, row + 1)
        steps[west_end][east_end] = (north, south)
        steps[east_end][west_end] = (south, north)
    return steps


def _arcs(labels: npt.NDArray[np.int64]) -> Iterator[tuple[_Sides, list[Corner]]]:
    """Yield each border once: from junction to junction, or round and back to where it began."""
    steps = _edges(labels)
    used: set[tuple[Corner, Corner]] = set()
    junctions = [corner for corner, to in steps.items() if len(to) != 2]
    # Junctions first: what is left after them goes round in a ring and may begin anywhere.
    for start in [*junctions, *steps]:
        for following, sides in steps[start].items():
            if (start, following) in used:
                continue
            arc = [start, following]
            while len(steps[arc[-1]]) == 2 and arc[-1] != start:
                arc.append(next(corner for corner in steps[arc[-1]] if corner != arc[-2]))
            for a, b in pairwise(arc):
                used |= {(a, b), (b, a)}
            yield sides, arc


def _smooth(line: Line, tolerance: float) -> Line:
    """Round off the steps of a border, then leave out what hardly shows; its ends stay."""
    closed = line[0] == line[-1]
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(line)]
    rounded = [*middles, middles[0]] if closed else [line[0], *middles, line[-1]]
    return _simpler(rounded, tolerance)


def _simpler(line: Line, tolerance: float) -> Line:
    """Leave out points near the line between those that stay (Douglas and Peucker)."""
    points = np.array(line)
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    if line[0] == line[-1] and len(line) > 3:
        far = int(np.hypot(*(points - points[0]).T).argmax())
        keep[far] = True
        spans = [(0, far), (far, len(points) - 1)]
    while spans:
        low, high = spans.pop()
        if high - low < 2:
            continue
        away = _distances(points[low + 1 : high], points[low], points[high])
        worst = int(away.argmax())
        if away[worst] > tolerance:
            middle = low + 1 + worst
            keep[middle] = True
            spans += [(low, middle), (middle, high)]
    return [(float(x), float(y)) for x, y in points[keep]]


def _distances(
    points: npt.NDArray[np.float64], a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    way = b - a
    length = float(np.hypot(*way))
    if length == 0:
        gaps: npt.NDArray[np.float64] = np.hypot(*(points - a).T)
        return gaps
    off = points - a
    across: npt.NDArray[np.float64] = np.abs(way[0] * off[:, 1] - way[1] * off[:, 0]) / length
    return across


def _rings(lines: list[Line]) -> list[Line]:
    """Put arcs together, end to start."""
    rings = [line for line in lines if line[0] == line[-1]]
    starts: dict[tuple[float, float], list[Line]] = defaultdict(list)
    for line in lines:
        if line[0] != line[-1]:
            starts[line[0]].append(line)
    while starts:
        ring = list(_take(starts, next(iter(starts))))
        while ring[-1] != ring[0]:
            ring += _take(starts, ring[-1])[1:]
        rings.append(ring)
    return [ring for ring in rings if len(ring) >= 4]


def _take(starts: dict[tuple[float, float], list[Line]], corner: tuple[float, float]) -> Line:
    line = starts[corner].pop()
    if not starts[corner]:
        del starts[corner]
    return line


def _nest(rings: list[Line]) -> list[list[Line]]:
    """Give each hole to the smallest outer ring around it."""
    # The region lies to the left of its border, so outer rings have a negative area with rows downwards.
    outers = sorted((ring for ring in rings if _area(ring) < 0), key=lambda ring: -_area(ring))
    polygons = [[outer] for outer in outers]
    for hole in (ring for ring in rings if _area(ring) > 0):
        around = next((p for p in polygons if _inside(hole[0], p[0]) or _inside(hole[1], p[0])), None)
        if around:
            around.append(hole)
    return polygons


def _area(ring: Line) -> float:
    steps = pairwise(ring)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in steps) / 2


def _inside(point: tuple[float, float], ring: Line) -> bool:
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            inside = not inside
    return inside
