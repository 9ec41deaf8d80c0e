"""The gateway's area, from the boundary in a map pack: no library of maps is needed for it."""

import logging
from pathlib import Path

from db.gateway.sanity import Area
from db.geo.boundary import read_boundary
from db.geo.earth import metres
from db.geo.errors import MapPackError

log = logging.getLogger(__name__)

# How far beyond the county's farthest corner a van may convey before its fix is doubtful.
_BEYOND_KM = 60.0


def area_of(folder: Path | None) -> Area:
    """Say where the vans of a pack's county are expected; the default without a boundary, and it is never refused.

    An area only makes a fix doubtful: a damaged map must not keep a panic from coming in.
    """
    if folder is None:
        return Area()
    try:
        boundary = read_boundary(next(iter(sorted(folder.glob("*boundaries*.geojson"))), None))
    except MapPackError:
        log.warning("the map pack's boundary is damaged: the default area is taken")
        return Area()
    if boundary is None:
        return Area()
    lat, lon = boundary.middle
    south, west, north, east = boundary.bounds
    corners = [(south, west), (south, east), (north, west), (north, east)]
    reach = max(metres((lat, lon), corner) for corner in corners) / 1000
    return Area(lat, lon, reach + _BEYOND_KM)
