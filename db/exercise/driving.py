"""Vans on the move: along a route at believable speed, and what their devices say of it."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from db.domain.records import Van
from db.exercise.scenario import seeded_random
from db.exercise.trackers import TrackerFix
from db.geo.earth import Point, bearing, metres, moved
from db.geo.roads.travel import TravelRoute, TravelTimes

_NEAR_METRES = 50.0
_BENDS = 9
_SWAY = 0.06
_NOISE_METRES = 5.0
_SWING = 0.3
_WAVE = timedelta(minutes=4)
_FASTEST_KMH = 105.0
_SILENT_SHARE = 0.05
_SLOT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Leg:
    """A drive from one place to another.

    Attributes:
        started: when it set off, UTC.
        arrives: when it gets there, UTC.
        points: (lat, lon) along the way, at least two.
        km: kilometres driven at each point; the last is the length.
    """

    started: datetime
    arrives: datetime
    points: tuple[Point, ...]
    km: tuple[float, ...]

    def kmh(self, now: datetime) -> float:
        """Its speed at a time: traffic makes it swing around its mean."""
        mean = self._mean_kmh
        # The derivative of what ``at`` drives: a sine of whole waves, so that it is at the end exactly
        # when the leg is.
        return mean * (1 + self._swing * math.cos(2 * math.pi * self._waves * self._share(now)))

    @property
    def _mean_kmh(self) -> float:
        return self.km[-1] / ((self.arrives - self.started).total_seconds() / 3600)

    @property
    def _swing(self) -> float:
        # No more than leaves the top of the wave below the fastest that anybody drives.
        return max(0.0, min(_SWING, _FASTEST_KMH / self._mean_kmh - 1))

    @property
    def _waves(self) -> int:
        return 1 + int((self.arrives - self.started) / _WAVE)

    def _share(self, now: datetime) -> float:
        whole = (self.arrives - self.started).total_seconds()
        return min(1.0, max(0.0, (now - self.started).total_seconds() / whole))

    def at(self, now: datetime) -> tuple[Point, float]:
        """The place and the heading (degrees from north) at a time; its ends before and after."""
        share, turn = self._share(now), 2 * math.pi * self._waves
        driven = self.km[-1] * (share + self._swing * math.sin(turn * share) / turn)
        place = min(bisect_right(self.km, driven), len(self.km) - 1)
        before, after = self.points[place - 1], self.points[place]
        step = self.km[place] - self.km[place - 1]
        part = (driven - self.km[place - 1]) / step if step > 0 else 1.0
        return _between(before, after, part), bearing(before, after)


def leg(times: TravelTimes, start: Point, end: Point, now: datetime) -> Leg | None:
    """The drive between two (lat, lon) points that sets off now; None when it is there already."""
    if metres(start, end) < _NEAR_METRES:
        return None
    route = times.route(start, end)
    points = _whole_way(route, start, end)
    km = [0.0]
    for before, after in pairwise(points):
        km.append(km[-1] + metres(before, after) / 1000)
    # A route from a field to a road and on is a little longer than the roads alone, and takes a little longer.
    longer = max(1.0, km[-1] / route.km) if route.km > 0 and route.method == "road" else 1.0
    return Leg(now, now + timedelta(minutes=max(0.2, route.minutes * longer)), tuple(points), tuple(km))


def _whole_way(route: TravelRoute, start: Point, end: Point) -> list[Point]:
    if route.method == "road":
        return [start, *route.points, end]
    # Nobody drives as the crow flies: sway to both sides, the same way each time.
    rng = seeded_random(start, end)
    sway = [rng.uniform(-_SWAY, _SWAY) for _ in range(_BENDS)]
    north, east = end[0] - start[0], end[1] - start[1]
    bends = [
        (start[0] + north * share + east * off * 0.6, start[1] + east * share - north * off * 1.6)
        for share, off in ((at / (_BENDS + 1), sway[at - 1]) for at in range(1, _BENDS + 1))
    ]
    return [start, *bends, end]


def _between(before: Point, after: Point, part: float) -> Point:
    return before[0] + (after[0] - before[0]) * part, before[1] + (after[1] - before[1]) * part


class Driver:
    """One van's whereabouts.

    Args:
        van: whose.
        place: where it stands, (lat, lon).
        times: how vans get about.
        seed: the shift's number, for the device's noise.
    """

    def __init__(self, van: Van, place: Point, times: TravelTimes, seed: int) -> None:
        self.van_id = van.id
        self._callsign = van.callsign
        self._place = place
        self._times = times
        self._seed = seed
        self._leg: Leg | None = None
        self._target = place

    def drive_to(self, target: Point, now: datetime) -> datetime:
        """Set off for a place, unless on the way there already. Returns the time of arrival, UTC."""
        # Asked at each look, so the same target is no new leg.
        if target != self._target:
            self._place = self.place(now)
            self._leg = leg(self._times, self._place, target, now)
            self._target = target
        return self._leg.arrives if self._leg else now

    def place(self, now: datetime) -> Point:
        """Where the van is, (lat, lon)."""
        return self._leg.at(now)[0] if self._leg else self._place

    def moving(self, now: datetime) -> bool:
        """Whether it is on the way."""
        return self._leg is not None and now < self._leg.arrives

    def fix(self, now: datetime) -> TrackerFix | None:
        """What the device says; None while it is silent."""
        if self.silent(now):
            return None
        # From the moment itself: a device says the same of it however often, and in whichever order, it is asked.
        rng = seeded_random(self._seed, self._callsign, int(now.timestamp()))
        place, heading = self._leg.at(now) if self._leg else (self._place, 0.0)
        lat, lon = moved(place, rng.gauss(0, _NOISE_METRES), rng.gauss(0, _NOISE_METRES))
        moving = self.moving(now)
        speed = self._leg.kmh(now) * rng.uniform(0.97, 1.03) if self._leg and moving else 0.0
        return TrackerFix(
            van_id=self.van_id,
            fixed_at=now,
            lat=round(lat, 6),
            lon=round(lon, 6),
            accuracy=round(rng.uniform(4, 14), 1),
            speed=round(speed, 1),
            heading=round((heading + rng.gauss(0, 3)) % 360, 1) if moving else None,
        )

    def silent(self, now: datetime) -> bool:
        """Whether the device says nothing in these minutes: a dead spot, or a flat battery."""
        slot = int((now - datetime(2000, 1, 1, tzinfo=UTC)) / _SLOT)
        return seeded_random(self._seed, self._callsign, "slot", slot).random() < _SILENT_SHARE


def fixes(drivers: Sequence[Driver], now: datetime) -> list[TrackerFix]:
    """What all devices say now."""
    return [fix for driver in drivers if (fix := driver.fix(now)) is not None]
