"""Extracts as people have them: in any order, with numbers below zero, with things that stand there twice."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import osmium

_KINDS: Final = (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION)
_LETTERS: Final = {"n": 0, "w": 1, "r": 2}


@contextmanager
def in_order(path: Path) -> Iterator[Path]:
    """Give a file in which nodes stand before ways and ways before relations, each numbered upwards from one.

    It is the file itself where it is so already, as those of Geofabrik and BBBike are.
    """
    if _is_in_order(path):
        yield path
        return
    handle, name = tempfile.mkstemp(suffix=".osm.pbf")
    os.close(handle)
    Path(name).unlink()
    try:
        _renumber(path, Path(name))
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _is_in_order(path: Path) -> bool:
    last = (0, 0)
    thing: Any  # osmium's classes have no common one that says what it is
    for thing in osmium.FileProcessor(str(path)):
        here = (0 if thing.is_node() else 1 if thing.is_way() else 2, thing.id)
        if here <= last:
            return False
        last = here
    return True


def _renumber(path: Path, into: Path) -> None:
    """Write the file anew, one kind after the other; of what stands there twice the first counts."""
    numbers: tuple[dict[int, int], ...] = ({}, {}, {})
    for kind, known in zip(_KINDS, numbers, strict=True):
        fresh = count(1)
        for thing in osmium.FileProcessor(str(path), kind):
            if thing.id not in known:
                known[thing.id] = next(fresh)
    header = osmium.io.Header()
    with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
        header.set("osmosis_replication_timestamp", reader.header().get("osmosis_replication_timestamp"))
    with osmium.SimpleWriter(str(into), header=header) as out:
        for kind in _KINDS:
            written: set[int] = set()
            for thing in osmium.FileProcessor(str(path), kind):
                if thing.id not in written:
                    written.add(thing.id)
                    out.add(_with_numbers(thing, numbers))


def _with_numbers(thing: Any, numbers: tuple[dict[int, int], ...]) -> Any:  # noqa: ANN401 - osmium has no types
    nodes, ways, _ = numbers
    # What is referred to and not there keeps a number that nothing has.
    if thing.is_node():
        return thing.replace(id=nodes[thing.id])
    if thing.is_way():
        refs = [nodes.get(node.ref, _missing(node.ref, nodes)) for node in thing.nodes]
        return thing.replace(id=ways[thing.id], nodes=refs)
    members = [
        (member.type, numbers[_LETTERS[member.type]].get(member.ref, _missing(member.ref, nodes)), member.role)
        for member in thing.members
    ]
    return thing.replace(id=numbers[2][thing.id], members=members)


def _missing(ref: int, nodes: dict[int, int]) -> int:
    return len(nodes) + 1_000_000_000 + abs(ref)
