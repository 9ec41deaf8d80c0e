"""The gateway's area, from the boundary or the places of a map pack: no library of maps is needed for it."""

import csv
import logging
from pathlib import Path

from db.gateway.sanity import Area
from db.geo.boundary import read_boundary
from db.geo.earth import metres
from db.geo.errors import MapPackError

log = logging.getLogger(__name__)

# How far beyond the county's farthest corner a van may convey before its fix is doubtful.
_BEYOND_KM = 60.0
# One in so many places may be written down far from where it lies.
_FEW_OF = 50


def area_of(folder: Path | None) -> Area:
    """Say where the vans of a pack's county are expected; the default without one, and it is never refused.

    A pack that only lists its districts has no boundary: there the places that it names say where it lies.

    An area only makes a fix doubtful: a damaged map must not keep a panic from coming in.
    """
    if folder is None:
        return Area()
    try:
        boundary = read_boundary(next(iter(sorted(folder.glob("*boundaries*.geojson"))), None))
    except MapPackError:
        log.warning("the map pack's boundary is damaged: the default area is taken")
        return Area()
    bounds = boundary.bounds if boundary is not None else _of_places(folder / "places.csv")
    if bounds is None:
        return Area()
    south, west, north, east = bounds
    lat, lon = boundary.middle if boundary is not None else ((south + north) / 2, (west + east) / 2)
    corners = [(south, west), (south, east), (north, west), (north, east)]
    reach = max(metres((lat, lon), corner) for corner in corners) / 1000
    return Area(lat, lon, reach + _BEYOND_KM)


def _of_places(file: Path) -> tuple[float, float, float, float] | None:
    """South, west, north and east of the places that a pack names, without the farthest few; None for none."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            at = [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(lines)]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not at:
        return None
    lats, lons = (sorted(side) for side in zip(*at, strict=True))
    few = len(at) // _FEW_OF
    return lats[few], lons[few], lats[-1 - few], lons[-1 - few]
