"""Vector tiles out of a PMTiles archive, with a cache that is bounded in bytes.

The archive's directories are parsed once and kept: the reader that comes with ``pmtiles`` parses the root
directory again for each tile, which costs far more than the read itself. Plain seek and read instead of a
memory map, because a pack may lie on a network drive and a lost drive under a memory map kills the process.
"""

import gzip
import threading
import zlib
from collections import OrderedDict
from pathlib import Path

from pmtiles.tile import Compression, Entry, TileType, deserialize_directory, deserialize_header, find_tile
from pmtiles.tile import zxy_to_tileid as tile_id

_HEADER_BYTES = 127
"""By the PMTiles specification, version 3."""
_MAX_DEPTH = 4
"""Directories below each other, as the reader of ``pmtiles`` has it: a damaged one may point in a circle."""
_KEPT_LEAVES = 32


class PackError(Exception):
    """A map pack that cannot be used; the text is a sentence for the user."""


class ByteCache:
    """Values by key, the least recently used dropped when the total size passes a bound.

    Args:
        limit: the most bytes to hold.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def get(self, key: tuple[int, int, int]) -> bytes | None:
        """The value, now the most recently used, or None."""
        with self._lock:
            value = self._held.get(key)
            if value is not None:
                self._held.move_to_end(key)
            return value

    def put(self, key: tuple[int, int, int], value: bytes) -> None:
        """Keep a value, dropping the oldest ones if need be."""
        with self._lock:
            self.size += len(value) - len(self._held.pop(key, b""))
            self._held[key] = value
            while self.size > self._limit and self._held:
                self.size -= len(self._held.popitem(last=False)[1])


def find_archive(pack: Path) -> Path:
    """The PMTiles file of a pack that is a folder or the file itself.

    Raises:
        PackError: there is none.
    """
    if pack.is_file():
        return pack
    found = sorted(pack.glob("*.pmtiles")) if pack.is_dir() else []
    if not found:
        raise PackError(f"There is no map in {pack}.")
    return found[0]


class TilePack:
    """Reads single tiles; safe to call from several threads.

    Args:
        pack: a folder that holds a ``.pmtiles`` file, or that file.

    Raises:
        PackError: there is no archive, it cannot be read, or it holds no vector tiles.
    """

    def __init__(self, pack: Path) -> None:
        archive = find_archive(pack)
        self._lock = threading.Lock()
        self._leaves: OrderedDict[int, list[Entry]] = OrderedDict()
        try:
            self._file = archive.open("rb")
        except OSError as error:
            raise PackError(f"The map {archive.name} cannot be opened: {error.strerror}.") from error
        try:
            self._start(archive.name)
        except BaseException:
            self._file.close()
            raise

    def _start(self, name: str) -> None:
        try:
            self._header = deserialize_header(self._read(0, _HEADER_BYTES))
            self._root = self._directory(self._header["root_offset"], self._header["root_length"])
        # The parser fails in as many ways as bytes can be wrong.
        except Exception as error:
            raise PackError(f"The map {name} is damaged or is not a PMTiles archive.") from error
        if self._header["tile_type"] is not TileType.MVT:
            raise PackError(f"The map {name} does not hold vector tiles.")

    @property
    def zooms(self) -> tuple[int, int]:
        """The lowest and highest zoom that the archive holds."""
        return self._header["min_zoom"], self._header["max_zoom"]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """South, west, north, east in degrees."""
        head = self._header
        low = head["min_lat_e7"] / 1e7, head["min_lon_e7"] / 1e7
        return *low, head["max_lat_e7"] / 1e7, head["max_lon_e7"] / 1e7

    def tile(self, z: int, x: int, y: int) -> bytes:
        """One tile, uncompressed; empty where the archive holds none.

        Raises:
            PackError: the archive is damaged there.
        """
        try:
            raw = self._raw(tile_id(z, x, y))
            return gzip.decompress(raw) if self._is_zipped(raw) else raw
        # No such tile in the numbering: the page may ask beyond the edge of the world.
        except (OverflowError, ValueError):
            return b""
        except (OSError, EOFError, zlib.error) as error:
            raise PackError(f"Tile {z}/{x}/{y} of the map cannot be read.") from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.close()

    def _is_zipped(self, raw: bytes) -> bool:
        return bool(raw) and self._header["tile_compression"] is Compression.GZIP

    def _read(self, offset: int, length: int) -> bytes:
        with self._lock:
            self._file.seek(offset)
            return self._file.read(length)

    def _directory(self, offset: int, length: int) -> list[Entry]:
        entries: list[Entry] = deserialize_directory(self._read(offset, length))
        return entries

    def _leaf(self, offset: int, length: int) -> list[Entry]:
        # Without the lock: two threads that parse the same leaf at once cost time and nothing else.
        found = self._leaves.get(offset)
        if found is None:
            found = self._directory(self._header["leaf_directory_offset"] + offset, length)
            self._leaves[offset] = found
            if len(self._leaves) > _KEPT_LEAVES:
                self._leaves.popitem(last=False)
        return found

    def _raw(self, wanted: int) -> bytes:
        entries = self._root
        for _ in range(_MAX_DEPTH):
            entry = find_tile(entries, wanted)
            if entry is None:
                return b""
            # A run of none is how the format says that the entry is a further directory.
            if entry.run_length:
                return self._read(self._header["tile_data_offset"] + entry.offset, entry.length)
            entries = self._leaf(entry.offset, entry.length)
        return b""
