"""A dot a thing along a line, moved aside where others are, so that none lies over another. Pure: no Qt."""

from collections.abc import Sequence
from math import sqrt

_TOUCH = 1e-6


def swarm(places: Sequence[float], wide: float, room: float) -> list[float] | None:
    """How far each dot stands above (or below) its line.

    Args:
        places: along the line, in pixels.
        wide: diameter of a dot.
        room: how far above or below the line a dot's middle may stand.

    Returns:
        In the order given; None where they do not find room.
    """
    aside = [0.0] * len(places)
    placed: list[int] = []
    for one in sorted(range(len(places)), key=lambda at: places[at]):
        near = [other for other in placed if places[one] - places[other] < wide]
        off = _free(places[one], [(places[other], aside[other]) for other in near], wide, room)
        if off is None:
            return None
        aside[one] = off
        # Those that lie behind are seen by no later dot.
        placed = [*near, one]
    return aside


def _free(place: float, near: Sequence[tuple[float, float]], wide: float, room: float) -> float | None:
    reach = [(y, sqrt(max(0.0, wide * wide - (place - x) ** 2))) for x, y in near]
    tries = [0.0, *(y + sign * (far + _TOUCH) for y, far in reach for sign in (1, -1))]
    free = [y for y in tries if abs(y) <= room and all(abs(y - other) >= far for other, far in reach)]
    return min(free, key=lambda y: (abs(y), -y)) if free else None
