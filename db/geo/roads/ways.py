"""The network as a graph in which every rule of the road is an arc that is not there.

A node is a place at which a van is, with what it did before that still counts: which forbidden turn it has begun,
and whether it is still on a road that may only be driven at the start, or already on one at the end. A lane is one
direction of an edge: twice the edge's number, or one more backwards.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from db.geo.roads.data import Floats, Ints, RoadData
from db.geo.roads.rules import ENDING
from db.geo.roads.turning import LanesOut, Path, with_no_turning_back

THROUGH_MINUTES: Final = 10_000.0
"""Added for each drive through a road that is not for that: taken only where there is no other way at all."""
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Ways:
    """Arcs, as the rows of the reversed graph: from where each node is reached.

    Attributes:
        count: nodes; those of the network come first and keep their numbers.
        heads: (count + 1,) where each node's arcs begin.
        tails: where each arc comes from.
        weights: minutes of each arc.
        lanes: the lane of each arc; -1 where a van only passes from one layer to another.
        arrive: (2 E,) the node at which a van is that began on a lane and reached its end.
        place: (count,) the node of the network where each node is.
        tail: (2 E,) the node of the network at which each lane begins.
        entries: where a lane is entered from, where that is not just its first node.
    """

    count: int
    heads: Ints
    tails: Ints
    weights: Floats
    lanes: Ints
    arrive: Ints
    place: Ints
    tail: Ints
    entries: dict[int, list[int]]

    def into(self, lane: int) -> list[int]:
        """The nodes from which a van may drive into a lane."""
        return self.entries.get(lane) or [int(self.tail[lane])]


def ways_of(data: RoadData, minutes: Floats) -> Ways:
    """Work the graph out.

    Args:
        data: the network; every edge of it may be driven by this van.
        minutes: of each edge.
    """
    return _Making(data, minutes).finish()


class _Making:
    def __init__(self, data: RoadData, minutes: Floats) -> None:
        self._data, self._minutes = data, minutes
        edges, nodes = len(data.src), len(data.nodes)
        self._tail, self._head = np.empty(2 * edges, np.int64), np.empty(2 * edges, np.int64)
        self._tail[0::2], self._tail[1::2] = data.src, data.dst
        self._head[0::2], self._head[1::2] = data.dst, data.src
        self._there = np.ones(2 * edges, bool)
        self._there[1::2] = ~data.oneway
        self._ending = np.repeat(data.ruled.passage == ENDING, 2)
        self._leaving = LanesOut(self._tail, self._there)
        whole = with_no_turning_back(data.ruled.forbidden, self._leaving, self._head, data.metres)
        self._forbidden = {path for path in whole if self._is_open(path[:-1])}
        begun = sorted({path[:length] for path in self._forbidden for length in range(1, len(path))})
        self._states = {path: nodes + number for number, path in enumerate(begun)}
        touched = np.unique(np.concatenate((self._tail[self._ending], self._head[self._ending])))
        base = nodes + len(begun)
        self._at_start = {int(node): base + number for number, node in enumerate(touched)}
        self._at_end = {int(node): base + len(touched) + number for number, node in enumerate(touched)}
        places = [np.arange(nodes), [int(self._head[path[-1]]) for path in begun], touched, touched]
        self._place = np.concatenate([np.asarray(part, np.int64) for part in places])
        self._arcs: list[tuple[Ints, Ints, Floats, Ints]] = []
        self._single: list[tuple[int, int, float, int]] = []
        self._entries: dict[int, list[int]] = {}

    def _is_open(self, lanes: Path) -> bool:
        return not any(self._ending[lane] for lane in lanes)

    def finish(self) -> Ways:
        arrive = self._arrivals()
        drivable = np.flatnonzero(self._there & ~self._ending)
        self._add(self._tail[drivable], arrive[drivable], self._minutes[drivable // 2], drivable)
        self._add_states()
        self._add_layers()
        if self._single:
            parts = zip(*self._single, strict=True)
            self._add(*(np.array(part) for part in parts))
        heads, tails, weights, lanes = _rows(self._arcs, len(self._place))
        return Ways(len(self._place), heads, tails, weights, lanes, arrive, self._place, self._tail, self._entries)

    def _add(self, tails: Ints, heads: Ints, weights: Floats, lanes: Ints) -> None:
        self._arcs.append((tails, heads, weights, lanes))

    def _one(self, tail: int, head: int, minutes: float, lane: int) -> None:
        self._single.append((tail, head, minutes, lane))

    def _arrivals(self) -> Ints:
        arrive = self._head.copy()
        for (lane, *more), state in self._states.items():
            if not more:
                arrive[lane] = state
        for lane in map(int, np.flatnonzero(self._ending)):
            arrive[lane] = self._at_start[int(self._head[lane])]
        return arrive

    def _after(self, path: Path, lane: int) -> int | None:
        """Where a van is that drove a path and then a lane; None where it may not."""
        whole = (*path, lane)
        tries = [whole[start:] for start in range(len(whole))]
        if any(part in self._forbidden for part in tries):
            return None
        return next((self._states[part] for part in tries if part in self._states), int(self._head[lane]))

    def _add_states(self) -> None:
        for path, state in self._states.items():
            for lane in self._leaving[int(self._place[state])]:
                if self._ending[lane]:
                    continue
                entries = self._entries.setdefault(lane, [int(self._tail[lane])])
                after = self._after(path, lane)
                if after is not None:
                    entries.append(state)
                    self._one(state, after, float(self._minutes[lane // 2]), lane)

    def _add_layers(self) -> None:
        lanes = np.flatnonzero(self._there & self._ending)
        for layer in (self._at_start, self._at_end):
            tails = np.array([layer[int(node)] for node in self._tail[lanes]], np.int64)
            heads = np.array([layer[int(node)] for node in self._head[lanes]], np.int64)
            self._add(tails, heads, self._minutes[lanes // 2], lanes)
        for lane in map(int, np.flatnonzero(self._ending)):
            self._entries[lane] = [self._at_end[int(self._tail[lane])]]
        for node, start in self._at_start.items():
            self._one(start, node, _NOTHING, -1)
            self._one(node, self._at_end[node], _NOTHING, -1)
            self._one(self._at_end[node], node, THROUGH_MINUTES, -1)
        for path, state in self._states.items():
            node = int(self._place[state])
            shut = any(
                (*path[start:], lane) in self._forbidden
                for start in range(len(path))
                for lane in self._leaving[node]
                if self._ending[lane]
            )
            if node in self._at_end and not shut:
                self._one(state, self._at_end[node], _NOTHING, -1)


def _rows(arcs: list[tuple[Ints, Ints, Floats, Ints]], count: int) -> tuple[Ints, Ints, Floats, Ints]:
    """The reversed graph: of two arcs between the same nodes only the quicker; a matrix would add them up."""
    columns, rows, weights, lanes = (np.concatenate(part) for part in zip(*arcs, strict=True))
    order = np.lexsort((weights, columns, rows))
    columns, rows, weights, lanes = columns[order], rows[order], weights[order], lanes[order]
    first = np.concatenate(([True], (np.diff(rows) != 0) | (np.diff(columns) != 0)))
    heads = np.concatenate(([0], np.cumsum(np.bincount(rows[first], minlength=count))))
    return heads.astype(np.int32), columns[first].astype(np.int32), weights[first], lanes[first]
