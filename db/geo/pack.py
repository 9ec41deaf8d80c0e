"""A map pack: a folder with tiles, roads, places and where they came from."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pmtiles.reader import MmapSource, Reader

from db.geo.errors import MapPackError

FORMAT = 2
"""What this program builds. Older packs open; newer ones are refused."""
ATTRIBUTION = "© OpenMapTiles © OpenStreetMap contributors"
_COPY_HINT = "Copy or build the pack again."
_AGAIN = "Build the pack again from an extract."
_BUILD_HINT = "Build one with: main.py map build EXTRACT.osm.pbf --out FOLDER."


@dataclass(frozen=True, slots=True)
class MapPack:
    """Where the parts of a pack are; a part that is not there is None.

    Attributes:
        folder: the pack's folder.
        name: the pack's name.
        tiles: vector tiles, PMTiles.
        roads: road graph, npz.
        places: towns and villages, CSV.
        streets: street names, CSV, gzip or not.
        sites: hospitals, police stations and the like, CSV.
        boundaries: the county and its districts, GeoJSON.
        overview: main roads, rivers and built-up areas, GeoJSON.
        attribution: what the map must show.
        format: of the pack; 1 is of before travel times knew bus gates and forbidden turns.
        left_out: what the builder did not use of the extract, in lines.
        dated: when the data was taken, as ISO year, month or day; empty when not known.
        bounds: west, south, east, north in degrees; None when not known.
    """

    folder: Path
    name: str
    tiles: Path | None
    roads: Path | None
    places: Path | None
    streets: Path | None
    sites: Path | None
    boundaries: Path | None
    overview: Path | None
    attribution: str
    dated: str
    format: int
    left_out: tuple[str, ...]
    bounds: tuple[float, float, float, float] | None
    van: str = ""
    """For what size of van its roads are; empty where nobody said."""

    @classmethod
    def open(cls, folder: Path | str) -> "MapPack":
        """Find what a folder holds.

        Args:
            folder: the pack's folder.

        Returns:
            The pack; parts may be missing.

        Raises:
            MapPackError: the folder is not there, cannot be read, or holds no part of a pack.
        """
        folder = Path(folder)
        names = _names(folder)
        parts = {part: _first(folder, names, pattern) for part, pattern in _PATTERNS.items()}
        if not any(parts[part] for part in ("tiles", "roads", "places")):
            raise MapPackError(f"There is no map pack in {folder}.", _BUILD_HINT)
        about = _about(folder)
        header, metadata = _tiles_say(parts["tiles"])
        attribution = str(about.get("attribution") or _plain(str(metadata.get("attribution", ""))) or ATTRIBUTION)
        return cls(
            folder=folder,
            name=str(about.get("name") or metadata.get("name") or folder.name),
            attribution=str(attribution or ATTRIBUTION),
            dated=str(about.get("dated") or _sites_date(parts["sites"])),
            format=_format(about),
            left_out=tuple(map(str, about.get("left_out") or ())),
            bounds=_bounds(header),
            van=_van(about),
            **parts,
        )

    def describe(self) -> str:
        """Say in lines what the pack holds, how old it is and what is missing."""
        lines = [f"{self.name}  ({self.folder})", f"  data from    {self.dated or 'date not known'}"]
        if self.bounds:
            west, south, east, north = self.bounds
            lines.append(f"  covers       {south:.3f} to {north:.3f} N, {west:.3f} to {east:.3f} E")
        lines += [f"  {part:<12} {_part_line(getattr(self, part))}" for part in _PATTERNS]
        lines.append(f"  attribution  {self.attribution}")
        if self.format < FORMAT and self.roads:
            lines.append(f"  roads        of format {self.format}: travel times know no bus gates. {_AGAIN}")
        if self.van and self.roads:
            lines.append(f"  roads for    {self.van}")
        lines += [f"  left out     {line}" for line in self.left_out]
        if self.tiles and (schema := other_schema(self.tiles)):
            lines.append(f"  tiles        {schema}")
        return "\n".join(lines)


# The library has no types.
_READER: Any = Reader
_MMAP: Any = MmapSource
# By looks, since older packs name their files after the county.
_PATTERNS = {
    "tiles": r".*\.pmtiles",
    "roads": r".*road_graph.*\.npz",
    "places": r"places\.csv(\.gz)?",
    "streets": r"streets\.csv(\.gz)?",
    "sites": r".*sites.*\.csv(\.gz)?",
    "boundaries": r".*boundaries.*\.geojson",
    "overview": r".*overview.*\.geojson",
}


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    except FileNotFoundError:
        raise MapPackError(f"The map pack folder {folder} is not there.", "Check the settings.") from None
    except NotADirectoryError:
        raise MapPackError(f"{folder} is a file, not a map pack folder.", _BUILD_HINT) from None
    except OSError as error:
        raise MapPackError(f"The map pack folder {folder} cannot be read.", "Check its permissions.") from error


def _first(folder: Path, names: list[str], pattern: str) -> Path | None:
    return next((folder / name for name in names if re.fullmatch(pattern, name)), None)


def _about(folder: Path) -> dict[str, Any]:
    path = folder / "pack.json"
    if not path.is_file():
        return {}
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MapPackError(f"{path.name} in the map pack is damaged.", "Build the pack again.") from error
    return about if isinstance(about, dict) else {}


def _van(about: dict[str, Any]) -> str:
    said = about.get("van")
    sizes = [said.get(key) for key in ("metres_high", "metres_wide", "tonnes")] if isinstance(said, dict) else []
    if len(sizes) != 3 or not all(isinstance(one, int | float) for one in sizes):
        return ""
    high, wide, tonnes = sizes
    return f"vans up to {high:g} m high, {wide:g} m wide and {tonnes:g} t"


def _format(about: dict[str, Any]) -> int:
    said = about.get("format", 1)
    if isinstance(said, int) and said > FORMAT:
        raise MapPackError(f"The map pack is of a newer program (format {said}).", "Update this program.")
    return said if isinstance(said, int) else 1


def other_schema(tiles: Path) -> str:
    """What to say of tiles that follow another schema than the map draws; empty for those that it does."""
    try:
        _, metadata = _tiles_say(tiles)
    except MapPackError:
        return ""  # what is damaged is said where it is read
    layers = {str(one.get("id")) for one in metadata.get("vector_layers") or () if isinstance(one, dict)}
    if not layers or "transportation" in layers:
        return ""
    some = ", ".join(sorted(layers)[:4])
    return f"of another schema ({some}): the map cannot draw them. {_AGAIN}"


def _tiles_say(path: Path | None) -> tuple[dict[str, Any], dict[str, Any]]:
    if path is None:
        return {}, {}
    try:
        with path.open("rb") as file:
            reader = _READER(_MMAP(file))
            header: dict[str, Any] = reader.header()
            metadata: dict[str, Any] = reader.metadata()
    # The reader raises its own exceptions, and struct's and zlib's, for a file cut short.
    except Exception as error:
        raise MapPackError(f"The tiles {path.name} are damaged or cut short.", _COPY_HINT) from error
    end = header["tile_data_offset"] + header["tile_data_length"]
    if path.stat().st_size < end:
        raise MapPackError(f"The tiles {path.name} are cut short.", _COPY_HINT)
    return header, metadata


def _plain(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html).strip()


def _bounds(header: dict[str, Any]) -> tuple[float, float, float, float] | None:
    if not header:
        return None
    west, south, east, north = (
        header[name] / 1e7 for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
    )
    return west, south, east, north


def _sites_date(path: Path | None) -> str:
    """Read the date that older packs keep only in the source column of their sites."""
    if path is None or path.suffix == ".gz":
        return ""
    try:
        dates = re.findall(r"OSM (\d{4}-\d{2}(?:-\d{2})?)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    except (OSError, UnicodeDecodeError):
        return ""
    return max(dates, default="")


def _part_line(path: Path | None) -> str:
    if path is None:
        return "none"
    return f"{path.name}  {path.stat().st_size / 1e6:.2f} MB"
