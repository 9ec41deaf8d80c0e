"""The road graph of an extract: ways cut at junctions."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from db.geo.builder.extract import Road
from db.geo.builder.features import Coords
from db.geo.roads.data import CLASSES, RoadData, step_metres

_MINOR = CLASSES.index("minor")


def build_network(roads: Sequence[Road]) -> RoadData:
    """Cut ways where they meet and measure the pieces.

    Args:
        roads: at least one drivable way.

    Returns:
        The network; nodes in the order in which they are first met.
    """
    shared = _junctions(roads)
    numbers: dict[int, int] = {}
    src, dst, road_class, oneway, ramp = [], [], [], [], []
    shapes: list[Coords] = []
    nodes: list[Coords] = []
    for road in roads:
        for low, high in _pieces(road, shared):
            for end in (low, high):
                if road.refs[end] not in numbers:
                    numbers[road.refs[end]] = len(nodes)
                    nodes.append(road.coords[end])
            a, b = numbers[road.refs[low]], numbers[road.refs[high]]
            shape = road.coords[low : high + 1]
            backwards = road.oneway < 0
            src.append(b if backwards else a)
            dst.append(a if backwards else b)
            shapes.append(shape[::-1] if backwards else shape)
            road_class.append(_class_of(road.highway))
            oneway.append(road.oneway != 0)
            ramp.append(road.highway.endswith("_link"))
    first = np.concatenate(([0], np.cumsum([len(shape) for shape in shapes])))
    points = np.concatenate(shapes)
    return RoadData(
        nodes=np.array(nodes),
        src=np.array(src),
        dst=np.array(dst),
        metres=_lengths(first, points),
        road_class=np.array(road_class),
        oneway=np.array(oneway),
        ramp=np.array(ramp),
        first=first,
        points=points,
    )


def _junctions(roads: Sequence[Road]) -> set[int]:
    uses: Counter[int] = Counter()
    for road in roads:
        uses.update(road.refs)
    # Also a node that one way passes twice: a loop is cut where it meets itself.
    return {ref for ref, count in uses.items() if count > 1}


def _pieces(road: Road, shared: set[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) positions of each piece between junctions."""
    low, last = 0, len(road.refs) - 1
    for at in range(1, last + 1):
        if at == last or road.refs[at] in shared:
            yield low, at
            low = at


def _class_of(highway: str) -> int:
    base = highway.removesuffix("_link")
    return CLASSES.index(base) if base in CLASSES else _MINOR


def _lengths(first: np.ndarray[tuple[int], np.dtype[np.int64]], points: Coords) -> Coords:
    steps = np.concatenate(([0.0], step_metres(points)))
    # The step between one edge's end and the next one's beginning is nobody's.
    steps[first[:-1]] = 0
    total = np.concatenate(([0.0], np.cumsum(steps)))
    lengths: Coords = np.maximum(total[first[1:]] - total[first[:-1]], 0.1)
    return lengths
