"""How well the towns of the service area are covered now: who could be there soonest, and who then waits. Pure.

Minutes are handed in, worked out along the roads; nothing here measures. A van that may not be sent covers
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from db.domain.clocks import in_words

MOST_TOWNS: Final = 24
"""Of a service area, the largest ones: more are read by nobody, and each is a question to the roads."""
_LESS: Final = 5.0
"""Minutes; a town that waits fewer than these longer is covered as well as before."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town, in degrees."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class FreeVan:
    """A van that may be sent, and where it is, in degrees."""

    id: UUID
    callsign: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class TownCover:
    """One town.

    Attributes:
        nearest: the free van that could be there soonest; None while none is free.
        minutes: how long it would take.
        second: who would be next.
        then: how long that takes: what the town waits if the nearest goes. None where nobody is next.
    """

    town: Town
    nearest: FreeVan | None = None
    minutes: float | None = None
    second: FreeVan | None = None
    then: float | None = None

    def wait(self) -> str:
        """``12 min``, or that nobody is free."""
        return _told(self.minutes, "nobody free")

    def cells(self) -> tuple[str, ...]:
        """For a table, in the order of :data:`HEADERS`."""
        goes = f"{self.nearest.callsign} goes" if self.nearest is not None else ""
        return (
            self.town.name,
            self.wait(),
            self.nearest.callsign if self.nearest is not None else "",
            _told(self.then, "nobody else free") if goes else "",
            self.second.callsign if self.second is not None else "",
        )


HEADERS: Final = ("Town", "Nearest free van in", "Which", "If it goes", "Then")


def _told(minutes: float | None, otherwise: str) -> str:
    return otherwise if minutes is None else in_words(timedelta(minutes=round(minutes)))


def cover_of(
    towns: Sequence[Town], vans: Sequence[FreeVan], minutes: Sequence[Sequence[float]]
) -> tuple[TownCover, ...]:
    """Who covers each town, in the towns' order.

    Args:
        towns: of the service area.
        vans: those that may be sent.
        minutes: for each town the minutes of each van.
    """
    return tuple(_covered(town, vans, row) for town, row in zip(towns, minutes, strict=True))


def _covered(town: Town, vans: Sequence[FreeVan], minutes: Sequence[float]) -> TownCover:
    # By callsign where two take as long, so that the answer never changes by itself.
    by_way = sorted(
        zip(minutes, vans, strict=True), key=lambda pair: (pair[0], len(pair[1].callsign), pair[1].callsign)
    )
    found = TownCover(town)
    if by_way:
        found = TownCover(town, by_way[0][1], by_way[0][0])
    if len(by_way) > 1:
        found = TownCover(town, by_way[0][1], by_way[0][0], by_way[1][1], by_way[1][0])
    return found


def left_bare(covered: Sequence[TownCover], van_id: UUID) -> TownCover | None:
    """The town that waits longest because a van goes; None where another covers all as well, or nobody is left."""
    left = [
        one
        for one in covered
        if one.nearest is not None and one.nearest.id == van_id and one.then is not None
        if one.then - (one.minutes or 0.0) >= _LESS
    ]
    return max(left, key=lambda one: one.then or 0.0, default=None)
