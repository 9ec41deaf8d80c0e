"""Names with places: from the map pack, and from open data where the pack is silent."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

import resources
from db.geo.earth import METRES_A_DEGREE, metres
from db.geo.errors import MapPackError
from db.geo.pack import MapPack

GEONAMES_SOURCE = "Places: GeoNames, CC BY 4.0."
_SETTLEMENTS = frozenset(
    (
        "city",
        "town",
        "village",
        "hamlet",
        "suburb",
        "neighbourhood",
        "quarter",
        "isolated_dwelling",
        "farm",
        "locality",
    )
)
# Whatever a road is said to be "at"; a farm beside it tells nobody where it is.
_PASSED = frozenset(("city", "town", "village", "suburb", "hamlet"))
_TOWNS = frozenset(("city", "town"))
_PASSED_METRES = 3000.0
_SAME_SITE_METRES = 1000.0
_TWIN_METRES = 4000.0
HOUSE = "house"
"""The kind of what is no site, and has a name by which its address is said; as the builder writes it."""
_SITES = {"doctors": "doctors' surgery"}


class GazetteerEntry(NamedTuple):
    """One name on the map.

    Attributes:
        kind: `place`, `street` or `site`.
        name: as it is written.
        what: village, hospital and so on; `street` or `road` for a street.
        near: the place it belongs to, of a house its street; may be empty.
        lat: degrees north.
        lon: degrees east.
        population: people who live there; 0 when not known.
    """

    kind: str
    name: str
    what: str
    near: str
    lat: float
    lon: float
    population: int = 0

    @property
    def is_town(self) -> bool:
        """Whether it is a town or a city."""
        return self.kind == "place" and self.what in _TOWNS


def read_pack(pack: MapPack) -> list[GazetteerEntry]:
    """Read a pack's places, streets, sites and numbered roads; parts that are missing are empty.

    Raises:
        MapPackError: a file is damaged.
    """
    places = _read(pack.places, lambda raw: _entries(raw, _place))
    streets = _read(pack.streets, lambda raw: _entries(raw, _street))
    sites = _read(pack.sites, lambda raw: _without_twins(_entries(raw, _site)))
    return [*places, *streets, *sites, *_read(pack.overview, lambda raw: _numbered_roads(raw, places))]


def _read(path: Path | None, parse: Callable[[str], list[GazetteerEntry]]) -> list[GazetteerEntry]:
    if path is None:
        return []
    try:
        raw = path.read_bytes()
        return parse((gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8"))
    except (OSError, EOFError, csv.Error, ValueError, LookupError, TypeError, AttributeError) as error:
        raise MapPackError(f"{path.name} in the map pack is damaged.", "Build the pack again.") from error


def _entries(text: str, make: Callable[[dict[str, str]], GazetteerEntry | None]) -> list[GazetteerEntry]:
    made = (make(row) for row in csv.DictReader(io.StringIO(text)))
    return [entry for entry in made if entry is not None]


def _place(row: dict[str, str]) -> GazetteerEntry | None:
    what = row["class"]
    if what not in _SETTLEMENTS:
        return None
    people = int(row.get("population_geonames") or row.get("population") or 0)
    return GazetteerEntry(
        "place", row["name"], what.replace("_", " "), "", float(row["lat"]), float(row["lon"]), people
    )


def _street(row: dict[str, str]) -> GazetteerEntry:
    return GazetteerEntry("street", row["name"], "street", row["near"], float(row["lat"]), float(row["lon"]))


def _site(row: dict[str, str]) -> GazetteerEntry:
    what = row["kind"]
    what = _SITES.get(what, what.replace("_", " "))
    # Packs of before have no streets, and no houses.
    street = row.get("street") or ""
    return GazetteerEntry("site", row["name"], what, street, float(row["lat"]), float(row["lon"]))


def _without_twins(sites: list[GazetteerEntry]) -> list[GazetteerEntry]:
    """Leave out a site that another source lists again within a kilometre."""
    found: dict[tuple[str, str], list[GazetteerEntry]] = {}
    for site in sites:
        same = found.setdefault((site.name, site.near), [])
        if all(metres((other.lat, other.lon), (site.lat, site.lon)) >= _SAME_SITE_METRES for other in same):
            same.append(site)
    return [site for same in found.values() for site in same]


def _numbered_roads(text: str, places: list[GazetteerEntry]) -> list[GazetteerEntry]:
    """Name each numbered road once a settlement that it passes: A43 at Moulton."""
    settled = [place for place in places if place.what in _PASSED]
    if not settled:
        return []
    at = np.array([(place.lat, place.lon) for place in settled])
    # A degree of longitude is shorter here than one of latitude; unscaled, "nearest" would prefer north and south.
    scale = np.array([1.0, np.cos(np.radians(at[:, 0].mean()))])
    tree = cKDTree(at * scale)
    nearest: dict[tuple[str, int], tuple[float, float, float]] = {}
    for feature in json.loads(text)["features"]:
        about, shape = feature["properties"], feature["geometry"]
        if about.get("layer") != "road" or not about.get("ref"):
            continue
        lines = shape["coordinates"] if shape["type"] == "MultiLineString" else [shape["coordinates"]]
        points = np.array([point[:2] for line in lines for point in line])[:, ::-1]
        gaps, number = tree.query(points * scale)
        for gap, n, (lat, lon) in zip(np.atleast_1d(gaps), np.atleast_1d(number), points, strict=True):
            known = (float(gap), float(lat), float(lon))
            # One point a road and settlement: where the two come nearest.
            nearest[about["ref"], int(n)] = min(known, nearest.get((about["ref"], int(n)), known))
    return [
        GazetteerEntry("street", ref, "road", settled[n].name, lat, lon)
        for (ref, n), (gap, lat, lon) in nearest.items()
        if gap * METRES_A_DEGREE < _PASSED_METRES
    ]


def open_places() -> list[GazetteerEntry]:
    """Read the towns and villages of Great Britain that come with the program; see `resources/reference`.

    Returns:
        About 5,800 places.
    """
    text = resources.path("reference/places-gb.csv").read_text(encoding="utf-8")
    _head, *rows = csv.reader(text.splitlines())
    return [_open_place(name, float(lat), float(lon), int(people)) for name, lat, lon, people in rows]


def _open_place(name: str, lat: float, lon: float, people: int) -> GazetteerEntry:
    return GazetteerEntry("place", name, _size_word(people), "", lat, lon, people)


def _size_word(population: int) -> str:
    if population >= 5_000:
        return "town"
    return "village" if population else "place"


def merged(mine: list[GazetteerEntry], others: list[GazetteerEntry]) -> list[GazetteerEntry]:
    """Add places of the wide data that the pack does not already have; take populations from them."""
    known: dict[str, list[int]] = {}
    for n, entry in enumerate(mine):
        if entry.kind == "place":
            known.setdefault(entry.name.casefold(), []).append(n)
    found = list(mine)
    for other in others:
        twin = next(
            (
                n
                for n in known.get(other.name.casefold(), [])
                if metres((mine[n].lat, mine[n].lon), (other.lat, other.lon)) < _TWIN_METRES
            ),
            None,
        )
        if twin is None:
            found.append(other)
        elif not found[twin].population:
            found[twin] = found[twin]._replace(population=other.population)
    return found
