"""Putting a point on the nearest road."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from db.geo.earth import METRES_A_DEGREE
from db.geo.roads.data import SERVICE, Floats, Ints, RoadData

# A tree finds points and no lines: each segment has a point every so many metres, and the segments of the nearest
# few points are then measured as lines.
_SAMPLE_METRES = 100.0
_CANDIDATES = 12
_AISLE_METRES = 15.0


@dataclass(frozen=True, slots=True)
class Snapped:
    """Where n points lie on the network; all arrays of length n.

    Attributes:
        edge: nearest edge.
        share: how far along it from its source, 0 to 1.
        metres: distance from the point to the road.
        segment: index of the edge point just before.
        lonlat: (n, 2) the point on the road, in degrees.
    """

    edge: Ints
    share: Floats
    metres: Floats
    segment: Ints
    lonlat: Floats


class Snapper:
    """Finds the nearest point on any edge of a network."""

    def __init__(self, data: RoadData) -> None:
        # Flat metres: over a county one cosine for all is exact enough.
        self._scale = np.array([np.cos(np.radians(data.nodes[:, 1].mean())), 1.0]) * METRES_A_DEGREE
        flat = data.points * self._scale
        starts = np.ones(len(flat), dtype=bool)
        starts[data.first[1:] - 1] = False
        self._segment = np.flatnonzero(starts)
        self._a, self._b = flat[self._segment], flat[self._segment + 1]
        self._edge = np.repeat(np.arange(len(data.src)), np.diff(data.first) - 1)
        # One-way service roads are mostly car-park aisles: a point beside one belongs to the road next to it.
        self._shy = np.where(data.oneway & (data.road_class == SERVICE), _AISLE_METRES, 0.0)
        self._length = np.hypot(*(self._b - self._a).T)
        self._before, self._whole = self._along(data)
        samples, self._sample_of = self._samples()
        self._tree = cKDTree(samples, balanced_tree=False)

    def _along(self, data: RoadData) -> tuple[Floats, Floats]:
        """Return the metres of an edge before each segment, and each edge's drawn length."""
        total = np.concatenate(([0.0], np.cumsum(self._length)))
        segments = np.diff(data.first) - 1
        first = np.concatenate(([0], np.cumsum(segments)))
        before = total[:-1] - np.repeat(total[first[:-1]], segments)
        return before, np.maximum(total[first[1:]] - total[first[:-1]], 1e-6)

    def _samples(self) -> tuple[Floats, Ints]:
        count = np.maximum(1, np.ceil(self._length / _SAMPLE_METRES)).astype(np.int64)
        of = np.repeat(np.arange(len(count)), count)
        step = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
        share = ((step + 0.5) / count[of])[:, None]
        return self._a[of] + share * (self._b[of] - self._a[of]), of

    def snap(self, latlon: Floats) -> Snapped:
        """Put points on the road.

        Args:
            latlon: (n, 2) lat, lon in degrees.
        """
        at = latlon[:, ::-1] * self._scale
        k = min(_CANDIDATES, len(self._sample_of))
        near = np.asarray(self._tree.query(at, k=k)[1]).reshape(len(at), k)
        segment = self._sample_of[near]
        a, way = self._a[segment], self._b[segment] - self._a[segment]
        squared = np.maximum((way**2).sum(axis=2), 1e-9)
        share = np.clip(((at[:, None] - a) * way).sum(axis=2) / squared, 0, 1)
        foot = a + share[..., None] * way
        gap = np.hypot(*np.moveaxis(at[:, None] - foot, 2, 0))
        # Shyness decides which road it is and is no part of the distance that is told.
        rows, best = np.arange(len(at)), (gap + self._shy[self._edge[segment]]).argmin(axis=1)
        chosen = segment[rows, best]
        edge = self._edge[chosen]
        metres_along = self._before[chosen] + share[rows, best] * self._length[chosen]
        return Snapped(
            edge=edge,
            share=np.clip(metres_along / self._whole[edge], 0, 1),
            metres=gap[rows, best],
            segment=self._segment[chosen],
            lonlat=foot[rows, best] / self._scale,
        )
