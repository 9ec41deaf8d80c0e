"""A map of the county when there is no map pack: from postcodes and place names alone."""

import contextlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from db.geo.grid import to_latlons
from db.geo.quick_copy import whole_file
from db.geo.schematic.kept import kept, kept_file
from db.geo.schematic.trace import Line, trace
from db.geo.search import postcode_data as data
from db.geo.search.gazetteer import GEONAMES_SOURCE, GazetteerEntry, open_places
from db.geo.search.postcodes import PostcodeIndex
from db.geo.search.service_area import NORTHAMPTONSHIRE, AreaIndex, ServiceArea

# Metres, but for the density, which is postcodes a cell after smoothing.
_DISTRICT_CELL = 500
_BUILT_UP_CELL = 150
_BUILT_UP_DENSITY = 0.32
_FARTHEST = 4000.0


def schematic(cache_dir: Path, area: ServiceArea = NORTHAMPTONSHIRE) -> dict[str, Any]:
    """Draw the service area from open data that is installed with the program.

    Takes some seconds the first time; later it is read from a quick copy. Call it off the GUI thread.

    Args:
        cache_dir: folder for the quick copies.
        area: the service area.

    Returns:
        A GeoJSON FeatureCollection, (lon, lat) in degrees. Each feature's `kind` is `built_up`, `district` (a
        postcode district, with its `name`) or `town` (with `name`, `population` and `rank`, 1 the largest). The
        collection's `attribution` is the statement to show.

    Raises:
        DataMissing: the postcode data package is not there or is damaged.
    """
    elsewhere = () if area == NORTHAMPTONSHIRE else area.districts
    if (known := kept(cache_dir, area.name, elsewhere)) is not None:
        return known
    drawn = _draw(cache_dir, area)
    with contextlib.suppress(OSError), whole_file(kept_file(cache_dir, area.name, elsewhere)) as out:
        out.write(json.dumps(drawn, separators=(",", ":")).encode())
    return drawn


def _draw(cache_dir: Path, area: ServiceArea) -> dict[str, Any]:
    postcodes = PostcodeIndex(cache_dir)
    rows = np.concatenate([postcodes.area(letters) for letters in area.postcode_areas])
    rows = rows[rows["live"] != data.TERMINATED]
    numbers = [data.district_number(code) for code in area.districts]
    mine = np.isin(rows["district"], numbers)
    towns = _towns(open_places(), AreaIndex(area, postcodes))
    features = [*_districts(rows, mine), *_built_up(rows, mine), *towns]
    return {"type": "FeatureCollection", "features": features, "attribution": f"{data.SOURCE} {GEONAMES_SOURCE}"}


def _metres(rows: data.Rows) -> npt.NDArray[np.float64]:
    return np.stack((rows["east"], rows["north"]), axis=1).astype(np.float64)


def _frame(at: npt.NDArray[np.float64], cell: int) -> tuple[int, int, int, int]:
    """Return west, north, columns and rows of a grid around points, with room at its edges."""
    west, south = (at.min(axis=0) // cell - 12) * cell
    east, north = (at.max(axis=0) // cell + 13) * cell
    return int(west), int(north), int(east - west) // cell, int(north - south) // cell


def _districts(rows: data.Rows, mine: npt.NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Draw each postcode district as the land that is nearer to its postcodes than to any other's."""
    at = _metres(rows)
    west, north, columns, lines = _frame(at[mine], _DISTRICT_CELL)
    x = west + (np.arange(columns) + 0.5) * _DISTRICT_CELL
    y = north - (np.arange(lines) + 0.5) * _DISTRICT_CELL
    centres = np.stack([axis.ravel() for axis in np.meshgrid(x, y)], axis=1)
    found = cKDTree(at).query(centres)
    gaps, near = np.asarray(found[0]), np.asarray(found[1])
    names, number = np.unique(rows["key"].astype("S4"), return_inverse=True)
    labels = np.where(mine[near] & (gaps < _FARTHEST), number[near] + 1, 0)
    traced = trace(labels.reshape(lines, columns).astype(np.int64), 0.6)
    return [
        _shape(_district(bytes(names[label - 1])), polygons, west, north, _DISTRICT_CELL)
        for label, polygons in traced.items()
    ]


def _district(name: bytes) -> dict[str, Any]:
    return {"kind": "district", "name": name.decode().strip()}


def _built_up(rows: data.Rows, mine: npt.NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Draw where postcodes are dense: there people live or work."""
    at = _metres(rows[mine])
    west, north, columns, lines = _frame(at, _BUILT_UP_CELL)
    column = ((at[:, 0] - west) // _BUILT_UP_CELL).astype(int)
    line = ((north - at[:, 1]) // _BUILT_UP_CELL).astype(int)
    counts = np.zeros((lines, columns))
    # A tower of offices with a hundred postcodes covers no more land than a street.
    np.add.at(counts, (line, column), 1)
    dense = gaussian_filter(np.minimum(counts, 4), 1.2) > _BUILT_UP_DENSITY
    polygons = trace(dense.astype(np.int64), 0.5).get(1, [])
    large = [polygon for polygon in polygons if len(polygon[0]) > 4]
    return [_shape({"kind": "built_up"}, [polygon], west, north, _BUILT_UP_CELL) for polygon in large]


def _shape(about: dict[str, Any], polygons: list[list[Line]], west: int, north: int, cell: int) -> dict[str, Any]:
    rings = [[_to_lonlat(ring, west, north, cell) for ring in polygon] for polygon in polygons]
    return {
        "type": "Feature",
        "properties": about,
        "geometry": {"type": "MultiPolygon", "coordinates": rings},
    }


def _to_lonlat(ring: Line, west: int, north: int, cell: int) -> list[list[float]]:
    at = np.array([(west + column * cell, north - row * cell) for column, row in ring])
    lonlat: list[list[float]] = np.round(to_latlons(at)[:, ::-1], 5).tolist()
    return lonlat


def _towns(entries: list[GazetteerEntry], index: AreaIndex) -> list[dict[str, Any]]:
    settled = [entry for entry in entries if entry.population]
    flags = index.around(np.array([(entry.lat, entry.lon) for entry in settled]).reshape(-1, 2))[1]
    inside = [entry for entry, flag in zip(settled, flags, strict=True) if flag]
    ranked = sorted(inside, key=lambda entry: (-entry.population, entry.name))
    return [
        {
            "type": "Feature",
            "properties": {"kind": "town", "name": e.name, "population": e.population, "rank": rank},
            "geometry": {"type": "Point", "coordinates": [round(e.lon, 5), round(e.lat, 5)]},
        }
        for rank, e in enumerate(ranked, 1)
    ]
