"""The gateway's area, from the boundary or the places of a map pack: no library of maps is needed for it."""

import logging
from pathlib import Path

from db.gateway.sanity import Area
from db.geo.boundary import bounds_of_places, read_boundary
from db.geo.earth import metres
from db.geo.errors import MapPackError

log = logging.getLogger(__name__)

# How far beyond the county's farthest corner a van may convey before its fix is doubtful.
_BEYOND_KM = 60.0


def area_of(folder: Path | None) -> Area:
    """Say where the vans of a pack's county are expected; the default without one, and it is never refused.

    A pack that only lists its districts has no boundary: there the places that it names say where it lies.

    An area only makes a fix doubtful: a damaged map must not keep a panic from coming in.
    """
    if folder is None:
        return Area()
    try:
        boundary = read_boundary(_first(folder, "*boundaries*.geojson"))
    except MapPackError:
        log.warning("the map pack's boundary is damaged: the default area is taken")
        return Area()
    bounds = boundary.bounds if boundary is not None else bounds_of_places(_first(folder, "places.csv*"))
    if bounds is None:
        return Area()
    south, west, north, east = bounds
    lat, lon = boundary.middle if boundary is not None else ((south + north) / 2, (west + east) / 2)
    corners = [(south, west), (south, east), (north, west), (north, east)]
    reach = max(metres((lat, lon), corner) for corner in corners) / 1000
    return Area(lat, lon, reach + _BEYOND_KM)


def _first(folder: Path, like: str) -> Path | None:
    return next(iter(sorted(folder.glob(like))), None)
