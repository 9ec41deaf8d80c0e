"""The National Grid and degrees, by Ordnance Survey's own transformation (OSTN15): right to a millimetre.

Where it does not reach there is no grid: beyond 1,250 km north of the origin and far out at sea.
"""

import math

import numpy as np
import numpy.typing as npt
from convertbng.cutil import convert_bng, convert_lonlat

from db.geo.earth import Point

Pairs = npt.NDArray[np.float64]
"""(n, 2) numbers."""

_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_WIDE, _HIGH = 700_000, 1_300_000
_SQUARE = 100_000


def to_grid(lat: float, lon: float) -> tuple[float, float] | None:
    """Return the (easting, northing) in metres of a point in degrees, or None where there is no grid."""
    [[east, north]] = to_grids(np.array([(lat, lon)])).tolist()
    return None if math.isnan(east) else (east, north)


def to_degrees(east: float, north: float) -> Point | None:
    """Return the (lat, lon) of a point in metres on the grid, to 0.1 m, or None where there is no grid."""
    [[lat, lon]] = to_latlons(np.array([(east, north)])).tolist()
    return None if math.isnan(lat) else (round(lat, 6), round(lon, 6))


def to_grids(latlon: Pairs) -> Pairs:
    """Return (n, 2) eastings and northings of (n, 2) degrees lat, lon; not a number where there is no grid."""
    return np.stack(convert_bng(latlon[:, 1], latlon[:, 0]), axis=1)


def to_latlons(metres: Pairs) -> Pairs:
    """Return (n, 2) degrees lat, lon of (n, 2) eastings and northings; not a number where there is no grid."""
    lon, lat = convert_lonlat(metres[:, 0], metres[:, 1])
    return np.stack((lat, lon), axis=1)


def square_corner(letters: str) -> tuple[int, int] | None:
    """Return the south-west corner, in metres, of a square of 100 km such as `SP`; None outside the grid."""
    if len(letters) != 2 or not set(letters) <= set(_LETTERS):
        return None
    big, small = (divmod(_LETTERS.index(letter), 5) for letter in letters)
    # Letters run eastwards, then southwards, in squares of 500 km whose S has the grid's origin in its corner.
    east = (big[1] - 2) * 5 + small[1]
    north = (3 - big[0]) * 5 + 4 - small[0]
    on_grid = 0 <= east * _SQUARE < _WIDE and 0 <= north * _SQUARE < _HIGH
    return (east * _SQUARE, north * _SQUARE) if on_grid else None


def letters_of(east: float, north: float) -> str:
    """Return the two letters of the square of 100 km around a point in metres; empty outside the grid."""
    if not (0 <= east < _WIDE and 0 <= north < _HIGH):
        return ""
    column, row = int(east // _SQUARE), int(north // _SQUARE)
    big = (3 - row // 5) * 5 + column // 5 + 2
    small = (4 - row % 5) * 5 + column % 5
    return _LETTERS[big] + _LETTERS[small]
