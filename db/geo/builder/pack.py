"""A whole map pack from one extract: built beside its place, then moved there."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from db.geo.builder.access import PEOPLE_CARRIER, VanSize
from db.geo.builder.extract import Extract, Named, Progress, read_extract
from db.geo.builder.features import Feature, of_place
from db.geo.builder.mvt import POINT
from db.geo.builder.network import build_network
from db.geo.builder.tables import write_boundaries, write_places, write_sites, write_streets
from db.geo.builder.tiles import write_tiles
from db.geo.earth import METRES_A_DEGREE
from db.geo.errors import MapPackError
from db.geo.pack import ATTRIBUTION, FORMAT, MapPack
from db.geo.roads.data import RoadData, write_roads
from db.geo.search.gazetteer import open_places

_NEAR_METRES = 1000.0
_GEONAMES = " · Places: GeoNames (CC BY 4.0)"
# Open data says no more than that people live there.
_KINDS = {"place": "village"}
_RANKS = ("city", "town", "suburb", "village", "hamlet")


def build_pack(
    extract_path: Path,
    out: Path,
    progress: Progress,
    *,
    name: str = "",
    buildings: bool = False,
    van: VanSize = PEOPLE_CARRIER,
) -> MapPack:
    """Build a pack from an OpenStreetMap extract. Nothing is left behind when it fails or is stopped.

    Args:
        extract_path: an `.osm.pbf` file, or `.osm`, packed or not.
        out: folder for the pack; a pack that is there is replaced, any other folder must be empty or absent.
        progress: called with a stage and a share from 0 to 1.
        name: what to call the pack; from the file's name when empty.
        buildings: draw buildings too; they make a county's pack several times larger.
        van: the size of the largest van; what is lower, narrower or weaker is driven round.

    Returns:
        The new pack.

    Raises:
        MapPackError: the extract cannot be used, the folder holds something else, or the disk refused.
    """
    _refuse_strangers(out)
    extract = read_extract(extract_path, progress, buildings=buildings, van=van)
    try:
        with _beside(out) as folder:
            _fill(folder, extract, {"name": name or _name_of(extract_path), "van": asdict(van)}, progress)
    except OSError as error:
        reason = error.strerror or "disk error"
        raise MapPackError(f"The map pack cannot be written: {reason}.", f"Check {out.parent}.") from error
    return MapPack.open(out)


def _refuse_strangers(out: Path) -> None:
    if out.is_file():
        raise MapPackError(f"{out} is a file.", "Choose a folder.")
    if not out.is_dir() or not any(out.iterdir()):
        return
    if not (out / "pack.json").is_file():
        raise MapPackError(f"{out} holds other files.", "Choose an empty folder.")


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Give a folder to fill; it takes the place of `out` when all went well."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-", suffix=".part"))
    try:
        yield folder
        folder.chmod(0o755)
        _swap(folder, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _swap(folder: Path, out: Path) -> None:
    old = folder.with_suffix(".old")
    if out.exists():
        out.rename(old)
    try:
        folder.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _fill(folder: Path, extract: Extract, told: dict[str, object], progress: Progress) -> None:
    progress("Cutting roads at junctions", 0.0)
    network = build_network(extract.roads, extract.barriers, extract.turns, extract.left_out)
    write_roads(folder / "road_graph.npz", network)
    progress("Cutting roads at junctions", 1.0)
    places, attribution = extract.places, ATTRIBUTION
    if not places:
        places, attribution = _open_places(network), ATTRIBUTION + _GEONAMES
    progress("Writing names", 0.0)
    source = f"OSM {extract.dated}".strip()
    write_places(folder / "places.csv", places)
    if extract.streets:
        write_streets(folder / "streets.csv.gz", extract.streets, places)
    if extract.sites:
        write_sites(folder / "sites.csv", extract.sites, source)
    if extract.boundaries:
        write_boundaries(folder / "boundaries.geojson", extract)
    about: dict[str, object] = {**told, "attribution": attribution}
    features = [*extract.features, *_labels(places)]
    write_tiles(folder / "map.pmtiles", features, about, progress)
    about |= {"dated": extract.dated, "built": datetime.now(UTC).isoformat(timespec="seconds")}
    about |= {"format": FORMAT, "left_out": extract.left_out.lines()}
    (folder / "pack.json").write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")


def _labels(places: Sequence[Named]) -> list[Feature]:
    """Make settlement labels; rank 1 is the largest of its kind."""
    found = []
    order = sorted(places, key=lambda p: (_RANKS.index(p.kind) if p.kind in _RANKS else 9, -p.population, p.name))
    for rank, place in enumerate(order, 1):
        if meaning := of_place(place.kind, place.name, rank):
            at = np.array([[place.lon, place.lat]])
            found.append(Feature(meaning.layer, POINT, [at], meaning.props, meaning.zoom))
    return found


def _open_places(network: RoadData) -> list[Named]:
    """Take settlements from open data when the extract has none, as one cut down to roads has."""
    scale = np.array([1.0, np.cos(np.radians(network.nodes[:, 1].mean()))])
    roads = cKDTree(network.nodes[:, ::-1] * scale)
    entries = open_places()
    gaps, _ = roads.query(np.array([(entry.lat, entry.lon) for entry in entries]).reshape(-1, 2) * scale)
    return [
        Named(entry.name, _KINDS.get(entry.what, entry.what), entry.lat, entry.lon, entry.population)
        for entry, gap in zip(entries, np.atleast_1d(gaps), strict=True)
        if gap * METRES_A_DEGREE < _NEAR_METRES
    ]


def _name_of(path: Path) -> str:
    plain = re.sub(r"(-latest|-\d{6}|-roads)?(\.osm)?\.pbf$", "", path.name)
    return plain.replace("-", " ").replace("_", " ").title() or "Map"
