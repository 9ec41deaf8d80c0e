"""The road graph of an extract: ways cut at junctions and at what stands across them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from db.geo.builder.access import Passage
from db.geo.builder.features import Coords
from db.geo.builder.left_out import LeftOut
from db.geo.builder.turns import Path, RoadLane, Turn, forbidden
from db.geo.builder.ways import Road
from db.geo.roads.data import CLASSES, RoadData, step_metres
from db.geo.roads.rules import RoadRules

_MINOR = CLASSES.index("minor")


def build_network(
    roads: Sequence[Road],
    barriers: Mapping[int, Passage] | None = None,
    turns: Iterable[Turn] = (),
    left_out: LeftOut | None = None,
) -> RoadData:
    """Cut ways where they meet and measure the pieces.

    Args:
        roads: at least one drivable way.
        barriers: points that not everybody may pass, by number of the node.
        turns: turn restrictions.
        left_out: counts what was not used.

    Returns:
        The network; nodes in the order in which they are first met.
    """
    counted = LeftOut() if left_out is None else left_out
    edges = _Edges(barriers or {}, _junctions(roads))
    for road in roads:
        edges.add(road)
    edges.bridge(counted)
    return edges.data(_forbidden(edges, turns, counted))


def _junctions(roads: Sequence[Road]) -> set[int]:
    # Also a node that one way passes twice: a loop is cut where it meets itself.
    uses: Counter[int] = Counter()
    for road in roads:
        uses.update(road.refs)
    # Also a node that one way passes twice: a loop is cut where it meets itself.
    return {ref for ref, count in uses.items() if count > 1}


@dataclass(slots=True)
class _Edges:
    """The network as it grows."""

    barriers: Mapping[int, Passage]
    shared: set[int]
    numbers: dict[int, int] = field(default_factory=dict)
    nodes: list[Coords] = field(default_factory=list)
    ends: list[tuple[int, int]] = field(default_factory=list)
    shapes: list[Coords] = field(default_factory=list)
    roads: list[Road] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    stopped: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, road: Road) -> None:
        """Add the pieces of a road between junctions."""
        whole = float(step_metres(road.coords).sum()) or 1.0
        for low, high in self._pieces(road):
            shape = road.coords[low : high + 1]
            a, b = self._node(road, low), self._node(road, high)
            backwards = road.oneway < 0
            self.ends.append((b, a) if backwards else (a, b))
            self.shapes.append(shape[::-1] if backwards else shape)
            self.roads.append(road)
            self.seconds.append(road.seconds * float(step_metres(shape).sum()) / whole)

    def _pieces(self, road: Road) -> Iterator[tuple[int, int]]:
        """Yield (first, last) positions of each piece between junctions and barriers."""
        low, last = 0, len(road.refs) - 1
        for at in range(1, last + 1):
            if at == last or road.refs[at] in self.shared or road.refs[at] in self.barriers:
                yield low, at
                low = at

    def _node(self, road: Road, at: int) -> int:
        ref = road.refs[at]
        if ref in self.barriers:
            # Each side of a barrier has an end of its own.
            self.stopped[ref].append(len(self.nodes))
            self.nodes.append(road.coords[at])
            return len(self.nodes) - 1
        if ref not in self.numbers:
            self.numbers[ref] = len(self.nodes)
            self.nodes.append(road.coords[at])
        return self.numbers[ref]

    def bridge(self, left_out: LeftOut) -> None:
        """Join the sides of each barrier for those who may pass it: by way of its first side."""
        for ref, (first, *others) in self.stopped.items():
            passage = self.barriers[ref]
            if others and passage != Passage.ENDING:
                left_out["point: a barrier across a road that vans do not pass"] += 1
            for other in others if passage != Passage.CLOSED else ():
                self.ends.append((first, other))
                self.shapes.append(np.array([self.nodes[first], self.nodes[other]]))
                self.roads.append(Road([], self.shapes[-1], "service", 0, passage=passage))
                self.seconds.append(0.0)

    def lanes(self) -> list[RoadLane]:
        """Every direction of every edge: twice its number, and one more backwards; -1 where there is none."""
        found = []
        for (a, b), road in zip(self.ends, self.roads, strict=True):
            found.append(RoadLane(road.way, a, b))
            found.append(RoadLane(road.way, b, a) if road.oneway == 0 else RoadLane(-1, -1, -1))
        return found

    def data(self, paths: Sequence[Path]) -> RoadData:
        """The finished network."""
        names = sorted({road.name for road in self.roads} | {""})
        number_of = {name: number for number, name in enumerate(names)}
        first = np.concatenate(([0], np.cumsum([len(shape) for shape in self.shapes])))
        points = np.concatenate(self.shapes)
        ends = np.array(self.ends)
        return RoadData(
            nodes=np.array(self.nodes),
            src=ends[:, 0],
            dst=ends[:, 1],
            metres=_lengths(first, points),
            road_class=np.array([_class_of(road.highway) for road in self.roads]),
            oneway=np.array([road.oneway != 0 for road in self.roads]),
            ramp=np.array([road.highway.endswith("_link") for road in self.roads]),
            first=first,
            points=points,
            rules=RoadRules(
                passage=np.array([int(road.passage) for road in self.roads]),
                seconds=np.array(self.seconds),
                name_of=np.array([number_of[road.name] for road in self.roads]),
                names=tuple(names),
                forbidden=tuple(paths),
            ),
        )


def _forbidden(edges: _Edges, turns: Iterable[Turn], left_out: LeftOut) -> list[Path]:
    lanes = edges.lanes()
    by_way: dict[int, list[int]] = defaultdict(list)
    out_of: dict[int, list[int]] = defaultdict(list)
    for number, lane in enumerate(lanes):
        if lane.head >= 0:
            by_way[lane.way].append(number)
            out_of[lane.tail].append(number)
    found: dict[Path, None] = {}
    for turn in turns:
        ours = {*turn.origin, *turn.between, *turn.target}
        if not (turn.origin and turn.target) or not all(by_way.get(way) for way in ours):
            left_out["turn restriction: its roads are not in this extract, or not for vans"] += 1
            continue
        here = replace(turn, node=edges.numbers.get(turn.node, -1))
        paths = forbidden(here, lanes, by_way, out_of)
        if not paths and not turn.only:
            left_out["turn restriction: not told clearly"] += 1
        found |= dict.fromkeys(paths)
    return list(found)


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
