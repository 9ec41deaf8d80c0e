"""The area a service covers, told by the district of the nearest postcode."""

from dataclasses import dataclass

import numpy as np

from db.geo.grid import Pairs, to_grid, to_grids
from db.geo.search import postcode_data as data
from db.geo.search.postcodes import PostcodeIndex, PostcodePlace, place_of

# Beyond this the nearest postcode says nothing about where a point is.
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
    """

    name: str
    districts: tuple[str, ...]
    postcode_areas: tuple[str, ...]
    lat: float
    lon: float


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
        rows = np.concatenate([postcodes.area(letters) for letters in area.postcode_areas])
        self._rows = rows[rows["live"] != data.TERMINATED]
        self._numbers = {data.district_number(code) for code in area.districts}
        # Who needs the area's name only should not wait for this library.
        from scipy.spatial import cKDTree

        self._tree = cKDTree(_metres(self._rows), balanced_tree=False)

    def covers(self, district: int) -> bool:
        """Say whether a packed district code is one of the area's."""
        return district in self._numbers

    def nearest(self, lat: float, lon: float) -> tuple[PostcodePlace, float] | None:
        """Return the nearest postcode in use and its distance in metres; None far from the area."""
        here = to_grid(lat, lon)
        if here is None:
            return None
        gap, at = self._tree.query(here)
        return (place_of(self._rows[int(at)]), float(gap)) if gap <= _FARTHEST_METRES else None

    def contains(self, lat: float, lon: float) -> bool:
        """Say whether a point in degrees is inside the area."""
        near = self.nearest(lat, lon)
        return near is not None and self.covers(near[0].district)

    def outwards(self, latlon: Pairs) -> list[str]:
        """Return the postcode district around each of n points, (n, 2) in degrees; empty far from the area."""
        at = to_grids(latlon)
        found, on_grid = [""] * len(latlon), np.flatnonzero(np.isfinite(at[:, 0]))
        answer = self._tree.query(at[on_grid], distance_upper_bound=_FARTHEST_METRES)
        gaps, near = np.asarray(answer[0]), np.asarray(answer[1])
        close = np.isfinite(gaps)
        for n, key in zip(on_grid[close], self._rows["key"][near[close]], strict=True):
            found[int(n)] = bytes(key)[:4].decode().strip()
        return found


def _metres(rows: data.Rows) -> Pairs:
    return np.stack((rows["east"], rows["north"]), axis=1).astype(np.float64)
