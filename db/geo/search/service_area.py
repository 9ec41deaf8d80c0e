"""The area a service covers, told by the district of the nearest postcode."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from db.geo.boundary import Boundary
from db.geo.grid import Pairs, to_grid, to_grids
from db.geo.search import postcode_data as data
from db.geo.search.boxes import boxes
from db.geo.search.postcodes import PostcodeIndex, PostcodePlace, place_of

Inside = npt.NDArray[np.bool_]
_FARTHEST_METRES = 6000.0


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """What a service covers.

    Attributes:
        name: as people say it.
        districts: ONS codes of its local authorities.
        postcode_areas: postcode areas that touch it, its own first.
        lat: its middle, degrees north.
        lon: degrees east.
        boundary: the line around it, where a pack brings one; else the districts say what is inside.
    """

    name: str
    districts: tuple[str, ...]
    postcode_areas: tuple[str, ...]
    lat: float
    lon: float
    boundary: Boundary | None = field(default=None, repr=False)


NORTHAMPTONSHIRE = ServiceArea(
    name="Northamptonshire",
    # North and West Northamptonshire.
    districts=("E06000061", "E06000062"),
    postcode_areas=("NN", "MK", "PE", "LE", "CV", "OX"),
    lat=52.29,
    lon=-0.84,
)


class AreaIndex:
    """Answers which postcode is nearest, and whether a point is inside the area."""

    def __init__(self, area: ServiceArea, postcodes: PostcodeIndex) -> None:
        self.area = area
        self._postcodes = postcodes
        self._numbers = {data.district_number(code) for code in area.districts}

    @cached_property
    def _rows(self) -> data.Rows:
        """The postcodes in use around the area; read when first asked for: a later start hardly needs them."""
        rows = np.concatenate([self._postcodes.area(letters) for letters in self.area.postcode_areas])
        in_use: data.Rows = rows[rows["live"] != data.TERMINATED]
        return in_use[~boxes(in_use)]

    @cached_property
    def _at(self) -> Pairs:
        return _metres(self._rows)

    def covers(self, district: int) -> bool:
        """Say whether a packed district code is one of the area's."""
        return district in self._numbers

    def nearest(self, lat: float, lon: float) -> tuple[PostcodePlace, float] | None:
        """Return the nearest postcode in use and its distance in metres; None far from the area."""
        here = to_grid(lat, lon)
        if here is None:
            return None
        # A tree would answer in less, and takes longer to grow than a hundred such answers.
        gaps = np.square(self._at - np.array(here)).sum(axis=1)
        if not len(gaps):
            return None
        at = int(gaps.argmin())
        gap = float(np.sqrt(gaps[at]))
        return (place_of(self._rows[at]), gap) if gap <= _FARTHEST_METRES else None

    def contains(self, lat: float, lon: float) -> bool:
        """Say whether a point in degrees is inside the area."""
        if self.area.boundary is not None:
            return self.area.boundary.contains(lat, lon)
        near = self.nearest(lat, lon)
        return near is not None and self.covers(near[0].district)

    def outwards(self, latlon: Pairs) -> list[str]:
        """Return the postcode district around each of n points, (n, 2) in degrees; empty far from the area."""
        return self.around(latlon)[0]

    def around(self, latlon: Pairs) -> tuple[list[str], Inside]:
        """Return the postcode district around each of n points, and whether each lies inside the area."""
        # Who needs the area's name only should not wait for this library.
        from scipy.spatial import cKDTree

        at = to_grids(latlon)
        found, inside = [""] * len(latlon), np.zeros(len(latlon), dtype=bool)
        on_grid = np.flatnonzero(np.isfinite(at[:, 0]))
        tree = cKDTree(self._at, balanced_tree=False)
        answer = tree.query(at[on_grid], distance_upper_bound=_FARTHEST_METRES)
        gaps, near = np.asarray(answer[0]), np.asarray(answer[1])
        close = np.isfinite(gaps)
        for n, row in zip(on_grid[close], self._rows[near[close]], strict=True):
            found[int(n)] = bytes(row["key"])[:4].decode().strip()
            inside[int(n)] = self.covers(int(row["district"]))
        if self.area.boundary is not None:
            inside = inside_rings(latlon, [np.array(ring) for ring in self.area.boundary.rings])
        return found, inside


def inside_rings(at: Pairs, rings: Sequence[Pairs]) -> Inside:
    """Say which of n points lie in an odd number of closed rings, all in the same coordinates."""
    corners = np.concatenate(rings)
    low, high = np.nanmin(corners, axis=0), np.nanmax(corners, axis=0)
    odd = np.zeros(len(at), dtype=bool)
    near = np.flatnonzero(((at >= low) & (at <= high)).all(axis=1))
    x, y = at[near, 0], at[near, 1]
    crossed = np.zeros(len(near), dtype=bool)
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring.tolist()):
            if y1 != y2:
                crossed ^= ((y < y1) != (y < y2)) & (x < x1 + (y - y1) / (y2 - y1) * (x2 - x1))
    odd[near] = crossed
    return odd


def _metres(rows: data.Rows) -> Pairs:
    return np.stack((rows["east"], rows["north"]), axis=1).astype(np.float64)
