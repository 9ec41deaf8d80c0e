"""Roads out of ways: the parts of a way that are in the extract, and how a van may drive them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from db.geo.builder.access import (
    PEOPLE_CARRIER,
    Passage,
    Tags,
    VanSize,
    allows_vehicles,
    driving,
    ferry_seconds,
    is_car_ferry,
)
from db.geo.builder.features import Coords
from db.geo.builder.left_out import LeftOut
from db.geo.roads.data import step_metres

Part = tuple[list[int], Coords]
"""Numbers and places of nodes that follow each other."""
_DRIVABLE = frozenset(
    ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street")
) | {"road", "service"}
_WHERE_ALLOWED = frozenset(("track", "pedestrian", "cycleway", "footway", "path", "bridleway"))
"""Not for driving, unless it is said of one."""
_SLOW = "service"
"""The class of a ferry, and of a track that may be driven."""


@dataclass(slots=True)
class Road:
    """A drivable way, or a part of one: node numbers and places, class tag, and how it may be driven.

    Attributes:
        way: number of the way.
        oneway: -1 backwards only, 1 forwards only, 0 both ways.
        passage: who may go along.
        name: number and name of the road, as a driver reads it; empty for none.
        seconds: how long all of it takes whatever the speed, as a ferry does; 0 where the speed counts.
    """

    refs: list[int]
    coords: Coords
    highway: str
    oneway: int
    way: int = 0
    passage: Passage = Passage.OPEN
    name: str = ""
    seconds: float = 0.0


def drivable_class(highway: str) -> bool:
    """Say whether roads with this highway tag are for driving."""
    return highway.removesuffix("_link") in _DRIVABLE


def is_driven(tags: Tags) -> bool:
    """Whether a way is for driving: by its class, or a track or path that vehicles are said to use."""
    highway = tags.get("highway", "")
    if tags.get("area") == "yes":
        return False
    return drivable_class(highway) or (highway in _WHERE_ALLOWED and allows_vehicles(tags))


def known_parts(way: Any, left_out: LeftOut) -> list[Part]:  # noqa: ANN401 - osmium's classes have no types
    """The parts of a way whose nodes are in the extract: over a gap there is no road, only a guess at one."""
    nodes = [(node.ref, node.lon, node.lat) if node.location.valid() else None for node in way.nodes]
    runs = [list(run) for there, run in groupby(nodes, key=lambda node: node is not None) if there]
    found = [[node for node in run if node] for run in runs if len(run) > 1]
    if not found:
        left_out["way: its points are not in this extract"] += 1
    elif None in nodes:
        left_out["piece of road: points of it are not in this extract"] += 1
    return [([ref for ref, _, _ in run], np.array([(lon, lat) for _, lon, lat in run])) for run in found]


def roads_of(
    number: int, tags: Tags, parts: Sequence[Part], left_out: LeftOut, van: VanSize = PEOPLE_CARRIER
) -> list[Road]:
    """The roads of a way that is for driving, or of a ferry that carries vehicles; none of one that is shut."""
    ferry = is_car_ferry(tags)
    how = driving(tags, van)
    if how.passage == Passage.CLOSED:
        left_out["road: shut to everybody, or not built"] += 1
        return []
    if how.passage == Passage.EXEMPT:
        left_out["road: for buses and blue lights, not for vans"] += 1
    name = " ".join(tags[key] for key in ("ref", "name") if key in tags)
    highway = _SLOW if ferry or tags["highway"] in _WHERE_ALLOWED else tags["highway"]
    return [
        Road(
            refs, coords, highway, how.oneway, number, how.passage, name, _seconds(tags, coords) if ferry else 0.0
        )
        for refs, coords in parts
    ]


def _seconds(tags: Tags, coords: Coords) -> float:
    return ferry_seconds(tags, float(step_metres(coords).sum()))
