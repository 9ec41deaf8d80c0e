"""The pack's lists: places, streets, sites and boundaries."""

import csv
import gzip
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from db.geo.builder.extract import Extract, Named
from db.geo.earth import METRES_A_DEGREE

Points = npt.NDArray[np.float64]
_SETTLED = frozenset(("city", "town", "village", "suburb", "hamlet", "quarter", "neighbourhood"))
_NUMBERED = re.compile(r"[ABM]\d+(\(M\))?")
_APART_METRES = 400.0
_LEVELS = {"5": "region", "6": "county", "8": "district"}


def write_places(path: Path, places: Sequence[Named]) -> None:
    """Write settlements as CSV."""
    rows = [(p.name, p.kind, _degrees(p.lat), _degrees(p.lon), p.population or "") for p in places]
    path.write_text(_csv(("name", "class", "lat", "lon", "population"), sorted(rows)), encoding="utf-8")


def write_sites(path: Path, sites: Sequence[Named], source: str) -> None:
    """Write hospitals and the like, and houses that have a name, as CSV, with where they come from."""
    rows = sorted({(s.name, s.kind, _degrees(s.lat), _degrees(s.lon), source, s.street) for s in sites})
    path.write_text(_csv(("name", "kind", "lat", "lon", "source", "street"), rows), encoding="utf-8")


def write_streets(path: Path, streets: Sequence[Named], places: Sequence[Named]) -> int:
    """Write street names, each once a neighbourhood, with the nearest place; return how many."""
    rows = sorted((street.name, near, lat, lon) for street, near, lat, lon in _streets(streets, places))
    body = _csv(("name", "near", "lat", "lon"), rows).encode()
    # Without a time in it, so that the same extract makes the same pack.
    path.write_bytes(gzip.compress(body, mtime=0))
    return len(rows)


def write_boundaries(path: Path, extract: Extract) -> None:
    """Write administrative areas as GeoJSON."""
    shapes = []
    for name, level, code, polygons in extract.boundaries:
        rings = [[np.round(ring, 5).tolist() for ring in polygon] for polygon in polygons]
        about = {"name": name, "level": _LEVELS.get(level, level), "code": code}
        geometry = {"type": "MultiPolygon", "coordinates": rings}
        shapes.append({"type": "Feature", "properties": about, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}), encoding="utf-8")


def _degrees(value: float) -> str:
    return f"{value:.6f}"


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def _streets(streets: Sequence[Named], places: Sequence[Named]) -> Iterable[tuple[Named, str, str, str]]:
    """Gather the ways of each street: ways of one name that lie close together are one street."""
    if not streets:
        return
    settled = [place for place in places if place.kind in _SETTLED]
    tree, scale = _tree(settled)
    by_name: dict[str, list[Named]] = defaultdict(list)
    for street in streets:
        by_name[street.name].append(street)
    for ways in by_name.values():
        at = np.array([(way.lat, way.lon) for way in ways])
        numbered = _NUMBERED.fullmatch(ways[0].name)
        for members in _by_place(at * scale, tree) if tree and numbered else _clusters(at * scale):
            middle = at[members].mean(axis=0)
            nearest = members[int(np.hypot(*((at[members] - middle) * scale).T).argmin())]
            lat, lon = at[nearest]
            near = settled[int(tree.query(at[nearest] * scale)[1])].name if tree else ""
            yield ways[nearest], near, _degrees(lat), _degrees(lon)


def _tree(places: Sequence[Named]) -> tuple[cKDTree | None, Points]:
    middle = float(np.mean([place.lat for place in places])) if places else 52.0
    scale = np.array([1.0, np.cos(np.radians(middle))])
    return (cKDTree(np.array([(p.lat, p.lon) for p in places]) * scale) if places else None), scale


def _by_place(at: Points, tree: cKDTree) -> list[list[int]]:
    """Gather the ways of a numbered road by the settlement they pass: it may cross the whole county."""
    nearest = np.asarray(tree.query(at)[1])
    return [np.flatnonzero(nearest == number).tolist() for number in np.unique(nearest)]


def _clusters(at: Points) -> list[list[int]]:
    if len(at) == 1:
        return [[0]]
    pairs = cKDTree(at).query_pairs(_APART_METRES / METRES_A_DEGREE, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(at), len(at)))
    _, label = connected_components(graph, directed=False)
    return [np.flatnonzero(label == number).tolist() for number in range(int(label.max()) + 1)]
