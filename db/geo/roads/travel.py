"""Travel times: what any way of working them out must answer, and the formula that needs no roads."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from db.geo.earth import Point, metres

Method = Literal["road", "estimate"]


@dataclass(frozen=True, slots=True)
class Speeds:
    """How fast vans go. All of it is for a trust to set.

    Attributes:
        kmh: for motorway, trunk, primary, secondary, tertiary, minor and service roads.
        ramp_kmh: on slip roads.
        edge_seconds: lost at every junction.
        local_factor: multiplies every time; 1.1 makes all journeys a tenth longer.
        night_factor: multiplies as well when a time is asked for at night.
        exempt: the vans drive under an exemption of blue lights: bus gates and forbidden turns do not bind them.
    """

    kmh: tuple[float, float, float, float, float, float, float] = (100, 84, 61, 53, 46, 28, 11)
    ramp_kmh: float = 40
    edge_seconds: float = 3.5
    local_factor: float = 1.0
    night_factor: float = 1.0
    exempt: bool = False

    def factor(self, *, night: bool) -> float:
        """Return what a plain time is multiplied by."""
        return self.local_factor * (self.night_factor if night else 1.0)


@dataclass(frozen=True, slots=True)
class Travel:
    """A travel time in minutes, and whether it follows the roads or is an estimate."""

    minutes: float
    method: Method


@dataclass(frozen=True, slots=True)
class RoadLeg:
    """A road on the way: number and name, empty for a road without any, and the kilometres along it."""

    name: str
    km: float


@dataclass(frozen=True, slots=True)
class TravelRoute:
    """A way to drive.

    Attributes:
        minutes: travel time.
        km: length; of the straight line for an estimate.
        points: (lat, lon) in degrees along the way; the two ends for an estimate.
        method: whether it follows the roads.
        roads: what is driven along; empty for an estimate.
    """

    minutes: float
    km: float
    points: tuple[Point, ...]
    method: Method
    roads: tuple[RoadLeg, ...] = ()


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

    def between(
        self, scenes: Sequence[Point], sources: Sequence[Point], *, night: bool = False
    ) -> list[list[float]]:
        """Return minutes for each scene from each source, for scenes that are asked about again and again."""
        ...

    def route(self, start: Point, end: Point, *, night: bool = False) -> TravelRoute:
        """Return the quickest way between two points."""
        ...


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
        km = metres(a, b) / 1000
        return (1.4 + 0.93 * km + 2.5 * math.sqrt(km)) * self.speeds.factor(night=night)

    def minutes_to(self, scene: Point, sources: Sequence[Point], *, night: bool = False) -> list[float]:
        """Return minutes from each source to the scene, in the sources' order."""
        return [self.minutes(source, scene, night=night) for source in sources]

    def travel_to(self, scene: Point, sources: Sequence[Point], *, night: bool = False) -> list[Travel]:
        """Return the same with the method of each answer."""
        return [Travel(minutes, "estimate") for minutes in self.minutes_to(scene, sources, night=night)]

    def between(
        self, scenes: Sequence[Point], sources: Sequence[Point], *, night: bool = False
    ) -> list[list[float]]:
        """Return minutes for each scene from each source."""
        return [self.minutes_to(scene, sources, night=night) for scene in scenes]

    def route(self, start: Point, end: Point, *, night: bool = False) -> TravelRoute:
        """Return the straight line between two points."""
        return TravelRoute(
            self.minutes(start, end, night=night), metres(start, end) / 1000, (start, end), "estimate"
        )
