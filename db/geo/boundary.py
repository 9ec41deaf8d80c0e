"""The line around a service's area, as a map pack brings it. No library is imported: the gateway reads it too."""

import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from db.geo.earth import Point
from db.geo.errors import MapPackError

Ring = Sequence[Point]
Bounds = tuple[float, float, float, float]
# One in so many places may be written down far from where it lies.
_FEW_OF = 50
# A county before a part of one; what a district was is no area of today.
_LEVELS = ("service", "county", "unitary", "district")


@dataclass(frozen=True)
class Boundary:
    """An area on the map.

    Attributes:
        name: as people say it.
        rings: closed lines of (lat, lon) in degrees; what lies in an odd number of them is inside.
    """

    name: str
    rings: tuple[Ring, ...]

    @cached_property
    def bounds(self) -> Bounds:
        """South, west, north and east in degrees."""
        corners = [corner for ring in self.rings for corner in ring]
        lats, lons = [lat for lat, _ in corners], [lon for _, lon in corners]
        return min(lats), min(lons), max(lats), max(lons)

    @property
    def middle(self) -> Point:
        """The middle of its bounds."""
        south, west, north, east = self.bounds
        return (south + north) / 2, (west + east) / 2

    def contains(self, lat: float, lon: float) -> bool:
        """Say whether a point in degrees lies inside."""
        south, west, north, east = self.bounds
        if not (south <= lat <= north and west <= lon <= east):
            return False
        return sum(_crosses(a, b, lat, lon) for ring in self.rings for a, b in pairwise(ring)) % 2 == 1


def _crosses(a: Point, b: Point, lat: float, lon: float) -> bool:
    """Whether a ray to the east from a point crosses one side."""
    return (a[0] > lat) != (b[0] > lat) and lon < a[1] + (lat - a[0]) / (b[0] - a[0]) * (b[1] - a[1])


def read_boundary(path: Path | None, called: str = "") -> Boundary | None:
    """Read the area's boundary from a pack's GeoJSON: the county, or all that is of the highest level there is.

    Args:
        path: the file; None when the pack has none.
        called: what the pack is called: the area of that name is meant, if there are several; else they are one
            area, and that is its name.

    Returns:
        The boundary; None when the file holds no area.

    Raises:
        MapPackError: the file is damaged.
    """
    if path is None:
        return None
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        for level in _LEVELS:
            parts = [one for one in features if one["properties"].get("level") == level]
            parts = [one for one in parts if one["properties"].get("name") == called] or parts
            rings = tuple(ring for part in parts for ring in _rings(part["geometry"]))
            if rings:
                names = [part["properties"].get("name") or "" for part in parts]
                return Boundary(names[0] if len(parts) == 1 else called or " and ".join(names), rings)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MapPackError(f"{path.name} in the map pack is damaged.", "Build the pack again.") from error
    return None


def _rings(shape: dict[str, Any]) -> Iterator[Ring]:
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    for polygon in polygons if shape["type"] in {"Polygon", "MultiPolygon"} else ():
        yield from ([(lat, lon) for lon, lat, *_ in ring] for ring in polygon)


def bounds_of_places(path: Path | None) -> Bounds | None:
    """South, west, north and east of the places that a pack names, without the farthest few; None for none.

    Args:
        path: its list of places, packed or not; what is damaged in any way bounds nothing.
    """
    try:
        raw = path.read_bytes() if path is not None else b""
        text = (gzip.decompress(raw) if path is not None and path.suffix == ".gz" else raw).decode("utf-8-sig")
        at = [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(io.StringIO(text))]
    except (OSError, EOFError, ValueError, KeyError, TypeError, csv.Error):
        return None
    if not at:
        return None
    lats, lons = (sorted(side) for side in zip(*at, strict=True))
    few = len(at) // _FEW_OF
    return lats[few], lons[few], lats[-1 - few], lons[-1 - few]
