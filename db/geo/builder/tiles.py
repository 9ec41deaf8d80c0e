"""Vector tiles of an extract, written to a PMTiles archive."""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path as File
from typing import Any, BinaryIO

import numpy as np
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from db.geo.builder.clip import Tile, area_of, cut_line, cut_ring
from db.geo.builder.extract import Progress
from db.geo.builder.features import MAX_ZOOM, Feature
from db.geo.builder.join import join_lines
from db.geo.builder.mvt import EXTENT, LINE, POINT, Drawn, Path, Props, encode
from db.geo.builder.thin import thin, to_world

MIN_ZOOM = 4
LAYERS = (
    "landcover", "landuse", "park", "water", "waterway", "aeroway", "building", "boundary", "transportation",
    "transportation_name", "place", "poi",
)  # fmt: skip
# Twice the area of four pixels of 16 units: smaller shapes are dust, except on the last zoom.
_DUST = 2 * 4 * 16 * 16
_Bucket = dict[str, dict[tuple[int, Props], list[Path]]]

# The library has no types.
_WRITER: Any = Writer
_TILE_ID: Any = zxy_to_tileid


def write_tiles(path: File, features: Sequence[Feature], about: Mapping[str, object], progress: Progress) -> int:
    """Draw all zooms and write the archive.

    Args:
        path: the file to write.
        features: everything that is drawn, in degrees.
        about: name and attribution for the archive.
        progress: called with a stage and a share from 0 to 1.

    Returns:
        How many tiles were written.

    Raises:
        OSError: the disk refused.
    """
    joined = join_lines(features)
    for feature in joined:
        feature.parts = [to_world(part) for part in feature.parts]
    count = 0
    with path.open("wb") as file, _writer(file) as writer:
        for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
            progress(f"Drawing zoom {zoom}", (zoom - MIN_ZOOM) / (MAX_ZOOM - MIN_ZOOM + 1))
            for number, data in _zoom(joined, zoom):
                writer.write_tile(number, data)
                count += 1
        writer.finalize(_header(joined), _metadata(about))
    progress("Drawing the tiles", 1.0)
    return count


@contextmanager
def _writer(file: BinaryIO) -> Iterator[Any]:
    writer = _WRITER(file)
    try:
        yield writer
    finally:
        # The library closes its temporary file only when it comes to the end.
        writer.tile_f.close()


def _zoom(features: Iterable[Feature], zoom: int) -> list[tuple[int, bytes]]:
    shown = [feature for feature in features if feature.zoom <= zoom]
    tiles: dict[Tile, _Bucket] = defaultdict(dict)
    parts = thin([part for feature in shown for part in feature.parts if feature.kind != POINT], zoom)
    at = 0
    for feature in shown:
        if feature.kind == POINT:
            _point(tiles, feature, zoom)
            continue
        mine = parts[at : at + len(feature.parts)]
        at += len(feature.parts)
        if feature.kind == LINE:
            _lines(tiles, feature, mine)
        else:
            _polygon(tiles, feature, mine, 0 if zoom == MAX_ZOOM else _DUST)
    edge = 1 << zoom
    # A tile's buffer may reach over the edge of the world.
    inside = ((tile, bucket) for tile, bucket in tiles.items() if min(tile) >= 0 and max(tile) < edge)
    packed = [(int(_TILE_ID(zoom, *tile)), _pack(bucket)) for tile, bucket in inside]
    return sorted(packed)


def _put(tiles: dict[Tile, _Bucket], tile: Tile, feature: Feature, paths: list[Path]) -> None:
    west, north = tile[0] * EXTENT, tile[1] * EXTENT
    moved = [[(x - west, y - north) for x, y in path] for path in paths]
    tiles[tile].setdefault(feature.layer, {}).setdefault((feature.kind, feature.props), []).extend(moved)


def _point(tiles: dict[Tile, _Bucket], feature: Feature, zoom: int) -> None:
    for part in feature.parts:
        x, y = (int(value) for value in np.round(part[0] * (EXTENT << zoom)))
        _put(tiles, (x // EXTENT, y // EXTENT), feature, [[(x, y)]])


def _lines(tiles: dict[Tile, _Bucket], feature: Feature, lines: list[Path]) -> None:
    for line in lines:
        if len(line) >= 2:
            for tile, runs in cut_line(line).items():
                _put(tiles, tile, feature, runs)


def _polygon(tiles: dict[Tile, _Bucket], feature: Feature, rings: list[Path], dust: int) -> None:
    pieces: dict[Tile, list[Path]] = {}
    for number, ring in enumerate(rings):
        ring = ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring
        # Nought too of what shrank to a point or a line.
        doubled = area_of(ring)
        if abs(doubled) <= dust:
            if number == 0:
                return
            continue
        # Outer rings run clockwise on the screen, inner ones the other way.
        if (doubled > 0) != (number == 0):
            ring = ring[::-1]
        for tile, piece in cut_ring(ring):
            if number == 0 or tile in pieces:
                pieces.setdefault(tile, []).append(piece)
    for tile, found in pieces.items():
        _put(tiles, tile, feature, found)


def _pack(bucket: _Bucket) -> bytes:
    layers: dict[str, list[Drawn]] = {}
    for name in LAYERS:
        drawn = bucket.get(name, {})
        layers[name] = [Drawn(kind, props, paths) for (kind, props), paths in drawn.items()]
    # Without a time in it, so that the same extract makes the same pack.
    return gzip.compress(encode(layers), compresslevel=6, mtime=0)


def _header(features: Sequence[Feature]) -> dict[str, Any]:
    corners = np.concatenate([part for feature in features for part in feature.parts])
    west, north = corners.min(axis=0)
    east, south = corners.max(axis=0)
    box = [_lon(west), _lat(south), _lon(east), _lat(north)]
    e7 = [int(value * 1e7) for value in box]
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": e7[0],
        "min_lat_e7": e7[1],
        "max_lon_e7": e7[2],
        "max_lat_e7": e7[3],
        "center_zoom": 10,
        "center_lon_e7": (e7[0] + e7[2]) // 2,
        "center_lat_e7": (e7[1] + e7[3]) // 2,
    }


def _lon(x: float) -> float:
    return (float(x) - 0.5) * 360


def _lat(y: float) -> float:
    return float(np.degrees(2 * np.arctan(np.exp((0.5 - float(y)) * 2 * np.pi)) - np.pi / 2))


def _metadata(about: Mapping[str, object]) -> dict[str, Any]:
    layers = [{"id": name, "fields": {}} for name in LAYERS]
    return {"name": about["name"], "attribution": about["attribution"], "vector_layers": layers}
