"""Everything that the map's own scheme serves, by path. No Qt here, and nothing from outside.

Reading happens in worker threads; only ``cached`` is for the GUI thread, and it touches memory alone.
"""

import json
import logging
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import js_lib_leaflet

import resources
from console.map.kept_page import page
from console.map.marks import PACK_CREDIT, MapConfig
from console.map.tiles import ByteCache, PackError, TilePack, find_archive
from db.errors import RecordError
from db.geo.pack import other_schema
from db.geo.schematic.kept import kept

_log = logging.getLogger(__name__)

_LEAFLET = Path(js_lib_leaflet.__file__).parent / "static" / "js_lib_leaflet"
_CACHE_BYTES = 48 * 1024 * 1024
"""Tiles kept in memory, uncompressed: what is in it is answered in the thread of the screen, without a read."""
_TYPES = {
    ".html": b"text/html",
    ".js": b"text/javascript",
    ".css": b"text/css",
    ".png": b"image/png",
    ".json": b"application/json",
}
_TILE_TYPE = b"application/x-protobuf"


@dataclass(frozen=True, slots=True)
class Reply:
    """A body and its media type."""

    kind: bytes
    body: bytes


class NotServedError(LookupError):
    """Nothing is served under that path."""


def tile_key(path: str) -> tuple[int, int, int] | None:
    """``/tiles/z/x/y`` as three numbers; None for any other path."""
    parts = path.strip("/").split("/")
    if len(parts) != 4 or parts[0] != "tiles" or not all(part.isdecimal() for part in parts[1:]):
        return None
    z, x, y = (int(part) for part in parts[1:])
    return z, x, y


def tile_origin(config: MapConfig) -> str:
    """Scheme, host and port of the configured tile server; empty when none is configured."""
    if not config.tile_server:
        return ""
    parts = urlsplit(config.tile_server)
    # Only what has an origin: that one is let through by the interceptor, and nothing else.
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""


class Sources:
    """Answers paths for one map view.

    Args:
        config: how the map is set up.
    """

    def __init__(self, config: MapConfig) -> None:
        self._config = config
        self._tiles = ByteCache(_CACHE_BYTES)
        self._pack: TilePack | None = None
        # Several threads read at once, and the first of them opens the pack.
        self._pack_lock = Lock()
        self._opened = False

    def cached(self, path: str) -> Reply | None:
        """The answer if it is a tile in memory."""
        key = tile_key(path)
        body = self._tiles.get(key) if key else None
        return None if body is None else Reply(_TILE_TYPE, body)

    def read(self, path: str) -> Reply:
        """The answer, read from disk or made; may take tens of milliseconds.

        Raises:
            NotServedError: nothing is served there.
            PackError: the map pack is damaged.
        """
        key = tile_key(path)
        if key:
            return Reply(_TILE_TYPE, self._tile(key))
        if path == "/index.html":
            return Reply(_TYPES[".html"], page(self._config, self._base(), tile_origin(self._config)))
        if path == "/schematic.json":
            return Reply(_TYPES[".json"], _schematic(self._config))
        return _shipped(path)

    def close(self) -> None:
        """Let go of the pack; a read that still waits for its turn opens none."""
        with self._pack_lock:
            self._opened = True
            if self._pack:
                self._pack.close()

    def _tile(self, key: tuple[int, int, int]) -> bytes:
        pack = self._open_pack()
        if pack is None:
            raise NotServedError(key)
        body = pack.tile(*key)
        self._tiles.put(key, body)
        return body

    def _open_pack(self) -> TilePack | None:
        with self._pack_lock:
            # One that cannot be opened raises before it is marked as opened: the next page tries again.
            if not self._opened and self._config.pack:
                self._pack = _drawable(self._config.pack)
            self._opened = True
            return self._pack

    def _base(self) -> dict[str, Any]:
        config = self._config
        if tile_origin(config):
            return {"kind": "raster", "url": config.tile_server, "attribution": config.attribution}
        try:
            pack = self._open_pack()
        except PackError as error:
            _log.warning("map pack refused: %s", error)
            return _schematic_base(f"{error} {config.notice}")
        if pack is None:
            return _schematic_base(config.notice)
        low, high = pack.zooms
        return {"kind": "vector", "low": low, "high": high, "attribution": PACK_CREDIT}


def _drawable(folder: Path) -> TilePack:
    """The tiles of a pack, if the map knows their layers: those of another schema would be a blank sheet."""
    pack = TilePack(folder)
    if schema := other_schema(find_archive(folder)):
        pack.close()
        raise PackError(f"The map is {schema}")
    return pack


def _schematic_base(notice: str) -> dict[str, Any]:
    return {"kind": "schematic", "notice": notice}


def _schematic(config: MapConfig) -> bytes:
    drawn = kept(config.cache_dir) if config.pack is None else _of_its_area(config.pack, config.cache_dir)
    if drawn is None:
        # What draws it takes long to load, and a board that is not live yet is waiting.
        from db.geo.schematic.draw import schematic

        drawn = schematic(config.cache_dir)
    return json.dumps(drawn).encode()


def _of_its_area(pack: Path, cache_dir: Path) -> dict[str, Any] | None:
    """The county of a pack whose map cannot be drawn; None where the pack does not say which."""
    from db.geo.pack import MapPack
    from db.geo.schematic.draw import schematic
    from db.geo.search.any_area import area_of
    from db.geo.search.postcodes import PostcodeIndex

    try:
        return schematic(cache_dir, area_of(MapPack.open(pack), PostcodeIndex(cache_dir), cache_dir))
    except RecordError as error:
        _log.warning("the county of the map pack is not known: %s", type(error).__name__)
        return None


def _shipped(path: str) -> Reply:
    folder, _, name = path.strip("/").partition("/")
    kind = _TYPES.get(PurePosixPath(name).suffix)
    roots = {"web": resources.path("web"), "leaflet": _LEAFLET}
    # Nothing but the two folders: a path that climbs out of them is refused and not resolved.
    if kind is None or folder not in roots or ".." in name:
        raise NotServedError(path)
    try:
        return Reply(kind, (roots[folder] / name).read_bytes())
    except OSError as error:
        raise NotServedError(path) from error
