"""Cutting lines and rings into tiles, in whole units counted from the world's corner."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from operator import ge, le

from db.geo.builder.mvt import EXTENT, Path

BUFFER = 64
Tile = tuple[int, int]


def _tiles(low: int, high: int) -> range:
    return range((low - BUFFER) // EXTENT, (high + BUFFER) // EXTENT + 1)


def cut_line(line: Path) -> dict[Tile, list[Path]]:
    """Cut a line into the runs that each tile shows, its buffer included.

    Args:
        line: at least two points.

    Returns:
        Runs by tile (x, y), in world units.
    """
    runs: dict[Tile, list[Path]] = {}
    for (x0, y0), (x1, y1) in pairwise(line):
        across = _tiles(min(x0, x1), max(x0, x1))
        down = _tiles(min(y0, y1), max(y0, y1))
        for x in across:
            for y in down:
                piece = _within((x0, y0), (x1, y1), x * EXTENT - BUFFER, y * EXTENT - BUFFER)
                # A line that only touches the buffer's corner is a point there, and no part of the tile.
                if piece is not None and piece[0] != piece[1]:
                    _append(runs.setdefault((x, y), []), *piece)
    return runs


def _append(runs: list[Path], start: tuple[int, int], end: tuple[int, int]) -> None:
    if runs and runs[-1][-1] == start:
        runs[-1].append(end)
    else:
        runs.append([start, end])


def _within(
    a: tuple[int, int], b: tuple[int, int], west: int, north: int
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Clip a segment to a tile with its buffer (Liang and Barsky)."""
    side = EXTENT + 2 * BUFFER
    way_x, way_y = b[0] - a[0], b[1] - a[1]
    enter, leave = 0.0, 1.0
    for start, way, low in ((a[0], way_x, west), (a[1], way_y, north)):
        if way:
            near, far = sorted(((low - start) / way, (low + side - start) / way))
            enter, leave = max(enter, near), min(leave, far)
        elif not low <= start <= low + side:
            return None
    if enter > leave:
        return None
    # Where it does not enter or leave, these are its ends.
    return (
        (round(a[0] + enter * way_x), round(a[1] + enter * way_y)),
        (round(a[0] + leave * way_x), round(a[1] + leave * way_y)),
    )


def cut_ring(ring: Path) -> Iterator[tuple[Tile, Path]]:
    """Cut a ring into the parts that each tile shows, its buffer included.

    Args:
        ring: at least three points, the first not repeated at the end.

    Yields:
        Tile (x, y) and a ring in world units.
    """
    xs = [point[0] for point in ring]
    for x in _tiles(min(xs), max(xs)):
        strip = _half(_half(ring, 0, x * EXTENT - BUFFER, ge), 0, (x + 1) * EXTENT + BUFFER, le)
        if len(strip) < 3:
            continue
        ys = [point[1] for point in strip]
        for y in _tiles(min(ys), max(ys)):
            part = _half(_half(strip, 1, y * EXTENT - BUFFER, ge), 1, (y + 1) * EXTENT + BUFFER, le)
            if len(part) >= 3 and area_of(part):
                yield (x, y), part


def _half(ring: Path, axis: int, edge: int, beyond: Callable[[int, int], bool]) -> Path:
    """Keep the part of a ring on one side of a line (Sutherland and Hodgman)."""
    inside = [beyond(point[axis], edge) for point in ring]
    # Most rings lie in one tile whole.
    return ring if all(inside) else _halved(ring, inside, axis, edge)


def _halved(ring: Path, inside: list[bool], axis: int, edge: int) -> Path:
    kept: Path = []
    before, before_in = ring[-1], inside[-1]
    for point, point_in in zip(ring, inside, strict=True):
        if point_in != before_in:
            share = (edge - before[axis]) / (point[axis] - before[axis])
            other = round(before[1 - axis] + share * (point[1 - axis] - before[1 - axis]))
            kept.append((edge, other) if axis == 0 else (other, edge))
        if point_in:
            kept.append(point)
        before, before_in = point, point_in
    return kept


def area_of(ring: Path) -> int:
    """Return twice a ring's area; positive when it runs clockwise on the screen (y down)."""
    doubled = 0
    before = ring[-1]
    for point in ring:
        doubled += before[0] * point[1] - point[0] * before[1]
        before = point
    return doubled
