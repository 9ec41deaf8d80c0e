"""The service area of any county: from the boundary in its map pack, or from the districts that the pack lists."""

import contextlib
import csv
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import resources
from db.geo.boundary import Boundary, read_boundary
from db.geo.earth import RADIUS_M
from db.geo.errors import MapPackError
from db.geo.grid import Pairs, to_degrees, to_latlons
from db.geo.pack import MapPack
from db.geo.quick_copy import whole_file
from db.geo.search import postcode_data as data
from db.geo.search.postcodes import PostcodeIndex
from db.geo.search.service_area import NORTHAMPTONSHIRE, ServiceArea, inside_rings

# Every so many postcodes show which district lies inside as well as all of them.
_EACH = 5
_MOSTLY = 0.5
_FALLBACK = NORTHAMPTONSHIRE


def area_of(pack: MapPack | None, postcodes: PostcodeIndex, cache_dir: Path) -> ServiceArea:
    """Say which area a pack serves; the default one without a pack, or when it says nothing of one.

    Args:
        pack: its `pack.json` may hold `area`: a `name`, and `districts` as ONS codes. Otherwise the boundary that
            it brings is the area, and the districts are those that lie inside.
        postcodes: the directory.
        cache_dir: folder for the quick copy of what was worked out.

    Raises:
        MapPackError: a file of the pack is damaged.
        DataMissing: the postcode data package is not there or is damaged.
    """
    if pack is None:
        return _FALLBACK
    listed, boundary = _listed(pack), read_boundary(pack.boundaries, pack.name)
    if listed is None and boundary is None:
        return _FALLBACK
    mark = hashlib.blake2b(f"{data.version()} {listed} {boundary}".encode(), digest_size=10).hexdigest()
    path = cache_dir / f"service-area-{mark}.json"
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        return replace(_kept(json.loads(path.read_text(encoding="utf-8"))), boundary=boundary)
    area = _by_districts(listed, postcodes) if listed else _by_boundary(boundary, postcodes)
    if area is None:
        return _FALLBACK
    with contextlib.suppress(OSError), whole_file(path) as out:
        out.write(json.dumps(asdict(replace(area, boundary=None))).encode())
    return area if listed else replace(area, boundary=boundary)


def _kept(kept: Mapping[str, Any]) -> ServiceArea:
    return ServiceArea(
        kept["name"],
        tuple(kept["districts"]),
        tuple(kept["postcode_areas"]),
        float(kept["lat"]),
        float(kept["lon"]),
    )


def _listed(pack: MapPack) -> tuple[str, tuple[str, ...]] | None:
    path = pack.folder / "pack.json"
    if not path.is_file():
        return None
    try:
        area = json.loads(path.read_text(encoding="utf-8")).get("area")
        return (str(area["name"]), tuple(map(str, area["districts"]))) if area else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MapPackError("pack.json in the map pack is damaged.", "Build the pack again.") from error


def _by_boundary(boundary: Boundary | None, postcodes: PostcodeIndex) -> ServiceArea | None:
    if boundary is None:
        return None
    # In degrees: a line that a county draws out at sea has corners for which the national grid has no figures.
    rings = [np.array(ring, dtype=np.float64) for ring in boundary.rings]
    corners = _roughly_on_grid(np.concatenate(rings))
    areas = _areas_within(corners.min(axis=0), corners.max(axis=0))
    if not areas:
        return None
    rows = {letters: postcodes.area(letters) for letters in areas}
    inside = {letters: inside_rings(to_latlons(_at(mine[::_EACH])), rings) for letters, mine in rows.items()}
    codes = np.concatenate([rows[letters][::_EACH]["district"] for letters in areas])
    districts = _mostly_inside(codes, [*inside.values()])
    areas.sort(key=lambda letters: -int(inside[letters].sum()))
    ours = [rows[letters][::_EACH][inside[letters]] for letters in areas]
    return _area(boundary.name, districts, areas, np.concatenate(ours))


def _by_districts(listed: tuple[str, tuple[str, ...]], postcodes: PostcodeIndex) -> ServiceArea | None:
    name, districts = listed
    numbers = [data.district_number(code) for code in districts]
    rows = {letters: postcodes.area(letters) for letters in _bounds_of_areas()}
    ours = {letters: mine[np.isin(mine["district"], numbers)] for letters, mine in rows.items()}
    found = np.concatenate([*ours.values()])
    if not len(found):
        return None
    at = _at(found)
    areas = _areas_within(at.min(axis=0), at.max(axis=0))
    areas.sort(key=lambda letters: -len(ours[letters]))
    return _area(name, districts, areas, found)


def _area(name: str, districts: tuple[str, ...], areas: list[str], rows: data.Rows) -> ServiceArea | None:
    if not len(rows) or not districts:
        return None
    middle = to_degrees(*_at(rows).mean(axis=0).tolist())
    return ServiceArea(name, districts, tuple(areas), *middle) if middle else None


def _at(rows: data.Rows) -> Pairs:
    return np.stack((rows["east"], rows["north"]), axis=1).astype(np.float64)


def _roughly_on_grid(corners: Pairs) -> Pairs:
    """Metres on the grid of (n, 2) degrees, to a kilometre: enough to say whose postcodes are looked at."""
    lat, lon = np.radians(corners[:, 0]), np.radians(corners[:, 1] + 2)
    east = 400_000 + RADIUS_M * lon * np.cos(lat)
    # A line of latitude climbs on the grid, the farther from its middle.
    north = -100_000 + RADIUS_M * (lat - math.radians(49) + np.square(lon) / 2 * np.sin(lat) * np.cos(lat))
    return np.stack((east, north), axis=1)


def _bounds_of_areas() -> dict[str, npt.NDArray[np.float64]]:
    """Where each postcode area lies: west, south, east, north in metres on the grid."""
    text = resources.path("reference/postcode-areas.csv").read_text(encoding="utf-8")
    _head, *lines = csv.reader(text.splitlines())
    return {letters: np.array(bounds, dtype=np.float64) * 1000 for letters, *bounds in lines}


def _areas_within(low: Pairs, high: Pairs) -> list[str]:
    return [
        letters
        for letters, bounds in _bounds_of_areas().items()
        if (bounds[:2] <= high).all() and (bounds[2:] >= low).all()
    ]


def _mostly_inside(districts: npt.NDArray[np.uint32], inside: list[npt.NDArray[np.bool_]]) -> tuple[str, ...]:
    flags = np.concatenate(inside)
    touched = [number for number in np.unique(districts[flags]).tolist() if number]
    return tuple(data.district_code(n) for n in touched if flags[districts == n].mean() >= _MOSTLY)
