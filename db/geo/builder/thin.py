"""Leaving out what cannot be seen: points of lines and rings at one zoom, many shapes at once."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from db.geo.builder.features import MAX_ZOOM, Coords
from db.geo.builder.mvt import EXTENT

Units = npt.NDArray[np.int64]
_PASSES = 6


def to_world(lonlat: Coords) -> Coords:
    """Project (n, 2) degrees to Web Mercator, 0 to 1 from the north-west corner of the world."""
    lat = np.radians(np.clip(lonlat[:, 1], -85.05, 85.05))
    x = lonlat[:, 0] / 360 + 0.5
    y = 0.5 - np.log(np.tan(np.pi / 4 + lat / 2)) / (2 * np.pi)
    return np.stack((x, y), axis=1)


def thin(parts: Sequence[Coords], zoom: int) -> list[list[tuple[int, int]]]:
    """Bring lines and rings to a zoom's units and drop the points that make no visible difference.

    Args:
        parts: (n, 2) world coordinates each, n at least 2.
        zoom: 0 to 14.

    Returns:
        Points in units of which a tile has `mvt.EXTENT`, counted from the world's corner. Both ends stay; a part
        that shrinks to a point has one point.
    """
    if not parts:
        return []
    lengths = np.array([len(part) for part in parts])
    last = zoom == MAX_ZOOM
    step = 1 if last else 4
    points = np.round(np.concatenate(parts) * (EXTENT << zoom) / step).astype(np.int64) * step
    owner = np.repeat(np.arange(len(parts)), lengths)
    keep = _moved(points, owner)
    points, owner = points[keep], owner[keep]
    for number in range(_PASSES):
        keep = ~_flat(points, owner, 2.0 if last else 8.0, number % 2)
        points, owner = points[keep], owner[keep]
    cuts = np.searchsorted(owner, np.arange(1, len(parts)))
    pairs = list(map(tuple, points.tolist()))
    edges = [0, *cuts.tolist(), len(pairs)]
    return [pairs[low:high] for low, high in pairwise(edges)]


def _moved(points: Units, owner: Units) -> npt.NDArray[np.bool_]:
    """Keep the first point of each part and those that differ from the one before."""
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = (np.diff(points, axis=0) != 0).any(axis=1) | (np.diff(owner) != 0)
    return keep


def _flat(points: Units, owner: Units, tolerance: float, parity: int) -> npt.NDArray[np.bool_]:
    """Mark every second inner point that lies within the tolerance of the line between its neighbours."""
    flat = np.zeros(len(points), dtype=bool)
    if len(points) < 3:
        return flat
    before, here, after = points[:-2], points[1:-1], points[2:]
    way, off = (after - before).astype(float), (here - before).astype(float)
    length = np.hypot(*way.T)
    away = np.abs(way[:, 0] * off[:, 1] - way[:, 1] * off[:, 0]) / np.maximum(length, 1e-9)
    # A point beyond its neighbours is a turn back, however near it lies to their line.
    along = (way * off).sum(axis=1)
    between = (along >= 0) & (along <= length**2) & (length > 0)
    inner = (owner[:-2] == owner[1:-1]) & (owner[2:] == owner[1:-1])
    second = np.arange(len(here)) % 2 == parity
    flat[1:-1] = inner & second & between & (away < tolerance)
    return flat
