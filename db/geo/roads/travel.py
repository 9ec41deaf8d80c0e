"""Travel times: what any way of working them out must answer, and the formula that needs no roads."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from db.geo.pack import MapPack

Point = tuple[float, float]
Method = Literal["road", "estimate"]
EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Speeds:
    """How fast vans go. All of it is for a trust to set.

    Attributes:
        kmh: for motorway, trunk, primary, secondary, tertiary, minor and service roads.
        ramp_kmh: on slip roads.
        edge_seconds: lost at every junction.
        local_factor: multiplies every time; 1.1 makes all journeys a tenth longer.
        night_factor: multiplies as well when a time is asked for at night.
    """

    kmh: tuple[float, float, float, float, float, float, float] = (100, 84, 61, 53, 46, 28, 11)
    ramp_kmh: float = 40
    edge_seconds: float = 3.5
    local_factor: float = 1.0
    night_factor: float = 1.0

    def factor(self, *, night: bool) -> float:
        """Return what a plain time is multiplied by."""
        return self.local_factor * (self.night_factor if night else 1.0)


@dataclass(frozen=True, slots=True)
class Travel:
    """A travel time in minutes, and whether it follows the roads or is an estimate."""

    minutes: float
    method: Method


@dataclass(frozen=True, slots=True)
class Route:
    """A way to drive.

    Attributes:
        minutes: travel time.
        km: length; of the straight line for an estimate.
        points: (lat, lon) in degrees along the way; the two ends for an estimate.
        method: whether it follows the roads.
    """

    minutes: float
    km: float
    points: tuple[Point, ...]
    method: Method


class TravelTimes(Protocol):
    """Answers who gets where, and when. Points are (lat, lon) in degrees."""

    @property
    def method(self) -> Method:
        """Return how answers are worked out where that is possible."""
        ...

    def minutes_to(self, scene: Point, sources: Sequence[Point], *, night: bool = False) -> list[float]:
        """Return minutes from each source to the scene, in the sources' order."""
        ...

    def travel_to(self, scene: Point, sources: Sequence[Point], *, night: bool = False) -> list[Travel]:
        """Return the same with the method of each answer."""
        ...

    def route(self, start: Point, end: Point, *, night: bool = False) -> Route:
        """Return the quickest way between two points."""
        ...


def crow_km(a: Point, b: Point) -> float:
    """Return the great-circle distance in km between two (lat, lon) points."""
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


class EstimatedTimes:
    """Travel times from straight-line distance: 12 % mean error against the county's roads."""

    def __init__(self, speeds: Speeds | None = None) -> None:
        self.speeds = speeds or Speeds()

    @property
    def method(self) -> Method:
        """Always an estimate."""
        return "estimate"

    def minutes(self, a: Point, b: Point, *, night: bool = False) -> float:
        """Return the minutes between two (lat, lon) points."""
        km = crow_km(a, b)
        return (1.4 + 0.93 * km + 2.5 * math.sqrt(km)) * self.speeds.factor(night=night)

    def minutes_to(self, scene: Point, sources: Sequence[Point], *, night: bool = False) -> list[float]:
        """Return minutes from each source to the scene, in the sources' order."""
        return [self.minutes(source, scene, night=night) for source in sources]

    def travel_to(self, scene: Point, sources: Sequence[Point], *, night: bool = False) -> list[Travel]:
        """Return the same with the method of each answer."""
        return [Travel(minutes, "estimate") for minutes in self.minutes_to(scene, sources, night=night)]

    def route(self, start: Point, end: Point, *, night: bool = False) -> Route:
        """Return the straight line between two points."""
        return Route(self.minutes(start, end, night=night), crow_km(start, end), (start, end), "estimate")


def travel_times(pack: MapPack | None, speeds: Speeds | None = None) -> TravelTimes:
    """Choose the best way there is: the pack's roads, or the estimate without any.

    Args:
        pack: the map pack; None when none is set.
        speeds: a trust's own speeds.

    Raises:
        PackError: the pack has a road graph and it is damaged.
    """
    if pack is None or pack.roads is None:
        return EstimatedTimes(speeds)
    # scipy is only worth its start-up time when there are roads.
    from db.geo.roads.graph import RoadGraph

    return RoadGraph.load(pack, speeds)
