"""The earth as a ball: how far, which way, and where Britain is.

Every distance in the program is worked out here, with one radius. No library is imported, so that the gateway and
the screen may use it without loading what maps need.
"""

import math

from db.domain.degrees import on_earth

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""

RADIUS_M = 6_371_008.8
"""The mean radius (IUGG): the ball that is wrong by least: in Britain by 0.4 % of a distance at most."""
METRES_A_DEGREE = RADIUS_M * math.pi / 180
"""Along any meridian; along a parallel it shrinks with the cosine of the latitude."""
# South, west, north and east, with the waters around it.
_BRITAIN = (49.0, -11.0, 61.5, 3.0)


def metres(a: Point, b: Point) -> float:
    """The great-circle distance, right for a step as for a journey; infinite to what is no place at all."""
    if not (on_earth(*a) and on_earth(*b)):
        return math.inf
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    # Rounding may carry the far side of the earth a little past 1.
    return 2 * RADIUS_M * math.asin(math.sqrt(min(1.0, half)))


def bearing(a: Point, b: Point) -> float:
    """The direction in which one sets off from a to b: degrees from north by east, 0 to 360."""
    lat_a, lat_b, along = math.radians(a[0]), math.radians(b[0]), math.radians(b[1] - a[1])
    east = math.sin(along) * math.cos(lat_b)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(along)
    return math.degrees(math.atan2(east, north)) % 360


def moved(start: Point, north: float, east: float) -> Point:
    """The place some metres north and east of another that is near it."""
    lat, lon = start
    return lat + north / METRES_A_DEGREE, lon + east / (METRES_A_DEGREE * math.cos(math.radians(lat)))


def in_britain(lat: float, lon: float) -> bool:
    """Whether a place lies in or near Great Britain."""
    south, west, north, east = _BRITAIN
    return south <= lat <= north and west <= lon <= east
