"""What if: the service's own past nights, replayed with other vans on duty, against how they were staffed.

Both replays see the same nights, the same people at the same minutes, the same ways and the same jobs (common
random numbers), so a difference comes of the vans alone. Pure; minutes count from the start of a night.

It is a plain model, and says so: a van that is free goes to whoever waits, by priority and then by who came first;
how long it drives and how long its job takes are as they were that night; whoever's hours are over ends the job.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import sqrt
from random import Random
from statistics import fmean, stdev
from typing import Final

FEWEST_NIGHTS: Final = 10
"""Fewer say nothing about other nights."""
REPLAYS: Final = 400
SEED: Final = 20261126
"""One for all: the same question asked twice has the same answer."""
_NINETY_FIVE: Final = 1.96
_HOUR: Final = 60.0


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who was referred.

    Attributes:
        at: minutes since the night began.
        standing: of their priority; 0 is the first.
        travel: minutes from being sent to being there.
        job: minutes from being there until the van was clear.
        within: minutes in which a crew should be with them.
    """

    at: float
    standing: int
    travel: float
    job: float
    within: float


Night = tuple[Called, ...]
VansAt = Mapping[int, int]
"""How many vans are on duty in each hour, counted from the start of the night; one that is not there has none."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What one night came to."""

    people: int
    late: int
    never: int


@dataclass(frozen=True, slots=True)
class Compared:
    """What other vans would have changed.

    Attributes:
        before: of 100 people, how many waited too long as it was staffed.
        after: the same with the other vans.
        low: the change, of 100, is at least this by a 95 % interval over the nights; negative is fewer.
        high: at most this.
        nights: how many nights were replayed.
    """

    before: float
    after: float
    low: float
    high: float
    nights: int

    @property
    def is_shown(self) -> bool:
        """Whether a difference is shown: the interval does not hold zero."""
        return self.low > 0 or self.high < 0

    def words(self) -> str:
        """``9 of 100 wait too long instead of 6 (1 to 5 more, 400 replayed nights)``, or that none is shown."""
        nights = f"{self.nights} replayed nights"
        if not self.is_shown:
            return f"no difference shown ({self.low:+.0f} to {self.high:+.0f} of 100, {nights})"
        least, most = sorted((abs(self.low), abs(self.high)))
        way = "more" if self.low > 0 else "fewer"
        change = f"{least:.0f} to {most:.0f} {way}"
        return f"{self.after:.0f} of 100 wait too long instead of {self.before:.0f} ({change}, {nights})"


def replay(night: Night, vans: VansAt) -> Replayed:
    """One night with these vans: who was reached late, or by nobody before the vans went home."""
    coming = sorted(range(len(night)), key=lambda place: (night[place].at, place))
    late, never = _serve(night, coming, _Free(vans))
    return Replayed(len(night), late, never)


def _serve(night: Night, coming: Sequence[int], free: "_Free") -> tuple[int, int]:
    waiting: list[tuple[int, float, int]] = []
    late = never = place = 0
    now = 0.0
    while place < len(coming) or waiting:
        if not waiting:
            now = max(now, night[coming[place]].at)
        while place < len(coming) and night[coming[place]].at <= now:
            one = night[coming[place]]
            heappush(waiting, (one.standing, one.at, coming[place]))
            place += 1
        ready = free.next(now)
        if ready is None:
            # Nobody comes any more tonight, also not to those who are still to call.
            never += len(waiting) + len(coming) - place
            break
        if place < len(coming) and night[coming[place]].at <= ready:
            # Somebody calls before a van is free, and may go before those who wait.
            now = night[coming[place]].at
            continue
        now = max(now, ready)
        _, _, chosen = heappop(waiting)
        one = night[chosen]
        there = now + one.travel
        late += there - one.at > one.within
        free.send(now, there + one.job)
    return late + never, never


class _Free:
    """When a van is free next: each comes on duty, and goes home, as the numbers by the hour rise and fall."""

    def __init__(self, vans: VansAt) -> None:
        self._vans = _spans(vans)
        heapify(self._vans)

    def next(self, now: float) -> float | None:
        """The moment at which a van can be sent, not before ``now``; None when none can any more."""
        while self._vans:
            ready, ends = self._vans[0]
            if max(ready, now) < ends:
                return max(ready, now)
            heappop(self._vans)  # it went home
        return None

    def send(self, now: float, until: float) -> None:
        """A van that :meth:`next` found goes, and is free again then."""
        _, ends = heappop(self._vans)
        heappush(self._vans, (max(until, now), ends))


def _spans(vans: VansAt) -> list[tuple[float, float]]:
    """The shifts that make those numbers: the first to come on duty is the first to go home."""
    on: list[float] = []
    found: list[tuple[float, float]] = []
    last = max(vans, default=-1) + 1
    for hour in range(last + 1):
        wanted = vans.get(hour, 0)
        while len(on) > wanted:
            found.append((on.pop(0), hour * _HOUR))
        on += [hour * _HOUR] * (wanted - len(on))
    return found


def ask(
    nights: Sequence[Night],
    staffed: Callable[[int], VansAt],
    instead: Callable[[int], VansAt],
    replays: int = REPLAYS,
    seed: int = SEED,
) -> Compared | None:
    """Compare two ways of staffing over nights drawn from the past.

    Args:
        nights: the service's own.
        staffed: the vans of a night, by its place among them.
        instead: the vans that are asked about.
        replays: how many nights are drawn, with replacement, the same for both.
        seed: of the draw.

    Returns:
        The answer; None where there are too few nights to say.
    """
    if len(nights) < FEWEST_NIGHTS:
        return None
    known = [(replay(night, staffed(place)), replay(night, instead(place))) for place, night in enumerate(nights)]
    drawn = Random(seed).choices(range(len(nights)), k=replays)  # noqa: S311 - a draw of nights, and no secret
    people = sum(known[place][0].people for place in drawn)
    if not people:
        return None
    before, after = (100 * sum(known[place][side].late for place in drawn) / people for side in (0, 1))
    # By night and not by draw: drawing a night twice makes no second night of it.
    each = fmean(one.people for one, _ in known)
    changes = [100 * (other.late - one.late) / each for one, other in known]
    mean, half = fmean(changes), _NINETY_FIVE * stdev(changes) / sqrt(len(changes))
    return Compared(before, after, mean - half, mean + half, replays)
