"""Reading vector tiles after the specification, independently of what writes them."""

from typing import Any


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not data[at - 1] & 0x80:
            return value, at


def fields(data: bytes) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            found.append((key >> 3, data[at : at + value]))
            at += value
        else:
            found.append((key >> 3, value))
    return found


def numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = varint(data, at)
        found.append(value)
    return found


def paths(commands: list[int]) -> list[list[tuple[int, int]]]:
    found: list[list[tuple[int, int]]] = []
    at = x = y = 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            continue
        for _ in range(count):
            x += (commands[at] >> 1) ^ -(commands[at] & 1)
            y += (commands[at + 1] >> 1) ^ -(commands[at + 1] & 1)
            at += 2
            if command == 1:
                found.append([])
            found[-1].append((x, y))
    return found


def value_of(data: bytes) -> str | int | bool:
    [(kind, value)] = fields(data)
    if kind == 1:
        return str(value.decode())
    if kind == 7:
        return bool(value)
    assert kind == 6
    return int((value >> 1) ^ -(value & 1))


def decode(tile: bytes) -> dict[str, list[tuple[int, dict[str, Any], list[list[tuple[int, int]]]]]]:
    """Read a vector tile after the specification, independently of what wrote it."""
    layers: dict[str, list[tuple[int, dict[str, Any], list[list[tuple[int, int]]]]]] = {}
    for number, layer in fields(tile):
        assert number == 3
        parts = fields(layer)
        keys = [value.decode() for kind, value in parts if kind == 3]
        values = [value_of(value) for kind, value in parts if kind == 4]
        assert dict(parts)[15] == 2
        features = []
        for feature in (dict(fields(value)) for kind, value in parts if kind == 2):
            tags = numbers(feature.get(2, b""))
            props = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
            features.append((feature[3], props, paths(numbers(feature[4]))))
        layers[dict(parts)[1].decode()] = features
    return layers
