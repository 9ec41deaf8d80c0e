"""Writing one vector tile, Mapbox Vector Tile version 2.

Why not a library: `mapbox-vector-tile` 2.2 was measured on a quarter of the county, 418 tiles with 43,348 shapes.
It writes the same in as many bytes (2.66 MB, 1.84 packed), but takes 2.4 s where this module takes 0.5, and
brings shapely, protobuf and pyclipper, 18 MB. Nothing else on offer writes tiles on Linux, macOS and Windows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EXTENT = 4096
POINT, LINE, POLYGON = 1, 2, 3
Value = str | int | bool
Props = tuple[tuple[str, Value], ...]
Path = list[tuple[int, int]]

# Numbers of the format: commands here (closing with its count of one), fields below.
_MOVE, _LINE_TO, _CLOSE = 1, 2, 15
_SMALL = 1 << 14


@dataclass(slots=True)
class Drawn:
    """One feature of a tile: its kind, properties and paths in tile units (rings without the last point)."""

    kind: int
    props: Props
    paths: list[Path]


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


_VARINTS = [_varint(value) for value in range(_SMALL)]


def _varints(values: Iterable[int]) -> bytes:
    return b"".join(_VARINTS[value] if value < _SMALL else _varint(value) for value in values)


def _field(number: int, payload: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _commands(kind: int, paths: Sequence[Path]) -> list[int]:
    if kind == POINT:
        return _points([path[0] for path in paths])
    out: list[int] = []
    x = y = 0
    for path in paths:
        out += (_MOVE | 1 << 3, _zigzag(path[0][0] - x), _zigzag(path[0][1] - y))
        out.append(_LINE_TO | (len(path) - 1) << 3)
        x, y = path[0]
        for to_x, to_y in path[1:]:
            out += (_zigzag(to_x - x), _zigzag(to_y - y))
            x, y = to_x, to_y
        if kind == POLYGON:
            out.append(_CLOSE)
    return out


def _points(points: Path) -> list[int]:
    out = [_MOVE | len(points) << 3]
    x = y = 0
    for to_x, to_y in points:
        out += (_zigzag(to_x - x), _zigzag(to_y - y))
        x, y = to_x, to_y
    return out


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        return _number(7, int(value))
    if isinstance(value, int):
        return _number(6, _zigzag(value))
    return _field(1, value.encode())


def _layer(name: str, features: Sequence[Drawn]) -> bytes:
    keys: dict[str, int] = {}
    # True equals 1 as a key of a dict, so the type belongs to it.
    values: dict[tuple[type, Value], int] = {}
    drawn = []
    for feature in features:
        tags: list[int] = []
        for key, value in feature.props:
            tags += (keys.setdefault(key, len(keys)), values.setdefault((type(value), value), len(values)))
        body = _field(2, _varints(tags)) if tags else b""
        body += _number(3, feature.kind) + _field(4, _varints(_commands(feature.kind, feature.paths)))
        drawn.append(_field(2, body))
    head = _number(15, 2) + _field(1, name.encode())
    tail = b"".join(_field(3, key.encode()) for key in keys)
    tail += b"".join(_field(4, _value(value)) for _, value in values)
    return head + b"".join(drawn) + tail + _number(5, EXTENT)


def encode(layers: dict[str, list[Drawn]]) -> bytes:
    """Write a tile.

    Args:
        layers: features by layer name, in drawing order. Outer rings run clockwise on the screen (y down),
            inner rings the other way and directly after their outer ring.

    Returns:
        The tile, not compressed.
    """
    return b"".join(_field(3, _layer(name, features)) for name, features in layers.items() if features)
