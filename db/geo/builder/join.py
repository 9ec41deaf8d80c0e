"""Joining lines that go on into each other, so that labels and dashes run through."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from db.geo.builder.features import Coords, Feature
from db.geo.builder.mvt import LINE, Props

_End = tuple[float, float]


def join_lines(features: Iterable[Feature]) -> list[Feature]:
    """Join lines of the same layer and properties end to start; leave all else as it is.

    Directions are kept, and where more than two lines meet none is joined.
    """
    groups: dict[tuple[str, Props, int], list[Coords]] = defaultdict(list)
    rest = []
    for feature in features:
        if feature.kind == LINE:
            groups[feature.layer, feature.props, feature.zoom] += feature.parts
        else:
            rest.append(feature)
    for (layer, props, zoom), lines in groups.items():
        rest += [Feature(layer, LINE, [line], props, zoom) for line in _chains(lines)]
    return rest


def _end(line: Coords, at: int) -> _End:
    return float(line[at, 0]), float(line[at, 1])


def _chains(lines: list[Coords]) -> list[Coords]:
    starts: dict[_End, list[int]] = defaultdict(list)
    degree: dict[_End, int] = defaultdict(int)
    for number, line in enumerate(lines):
        starts[_end(line, 0)].append(number)
        degree[_end(line, 0)] += 1
        degree[_end(line, -1)] += 1
    follows = {
        number: starts[end][0]
        for number, line in enumerate(lines)
        if degree[end := _end(line, -1)] == 2 and len(starts[end]) == 1 and starts[end][0] != number
    }
    followers = set(follows.values())
    free = set(range(len(lines)))
    # Chains begin where nothing leads in; what is left after those are circles.
    order = [number for number in range(len(lines)) if number not in followers]
    return [_chain(lines, number, follows, free) for number in (*order, *range(len(lines))) if number in free]


def _chain(lines: list[Coords], number: int, follows: dict[int, int], free: set[int]) -> Coords:
    free.discard(number)
    parts = [lines[number]]
    while (number := follows.get(number, -1)) in free:
        free.discard(number)
        parts.append(lines[number][1:])
    return np.concatenate(parts)
