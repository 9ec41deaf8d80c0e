"""What if: the service's own past nights, replayed with other vans on duty, against how they were staffed.

Both replays see the same nights, the same people at the same minutes, the same ways and the same jobs (common
random numbers), so a difference comes of the vans alone. Pure; minutes count from the start of a night. A night
stands for whatever stretch is asked about: a day can be replayed, too.

It is a plain model, and says so: a van that is free goes to whoever waits, by priority and then by who came first;
how long it drives and how long its job takes are as they were that night; whoever's hours are over ends the job.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import sqrt
from statistics import fmean
from typing import Final

FEWEST_NIGHTS: Final = 10
"""Fewer say nothing about other nights."""
_NINETY_FIVE: Final = 1.959964
"""Standard deviations to either side that hold 95 of 100, where there is no end of nights."""
_APART: Final = 0.05
"""So far a plain model may be from what was: five of 100 people."""
_HOUR: Final = 60.0


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who was referred.

    Attributes:
        at: minutes since the night began.
        standing: of their priority; the lowest goes first.
        travel: minutes from being sent to being with the person.
        job: minutes from then until the van was clear.
        within: minutes in which a crew should be with them.
        counts: whether the answer is about them; the others take vans all the same.
        was_late: whether they truly waited longer than that; None where nobody put down when they were met.
        taken: minutes from the call until a van might be sent: until it was screened and accepted.
    """

    at: float
    standing: int
    travel: float
    job: float
    within: float
    counts: bool = True
    was_late: bool | None = None
    taken: float = 0.0

    @property
    def ready(self) -> float:
        """Minutes since the night began at which a van may be sent."""
        return self.at + self.taken


Night = tuple[Called, ...]
VansAt = Mapping[int, int]
"""How many vans are on duty in each hour, counted from the start of the night; one that is not there has none."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What one night came to, for those who count."""

    people: int
    late: int
    never: int
    too_many: int = 0
    """How many more were late than truly were, of those of whom the record says it; below 0 fewer."""
    known: int = 0
    """Of how many it says it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What other vans would have changed. Figures are of 100 people.

    Attributes:
        before: how many waited too long as it was staffed.
        after: the same with the other vans.
        low: the change is at least this by a 95 % interval over the nights; negative is fewer.
        high: at most this.
        nights: how many nights were replayed, each once with either vans.
        people: how many people count in them.
        really: how many truly waited too long, by the record; None where it does not say of anybody.
        fits: whether the replay of what was is as the record has it: their difference over the nights is small,
            or no more than chance.
        never: of those who would wait too long, how many no van reaches before it goes home.
    """

    before: float
    after: float
    low: float
    high: float
    nights: int
    people: int
    really: float | None = None
    fits: bool = True
    never: float = 0.0

    @property
    def is_shown(self) -> bool:
        """Whether a difference is shown: the interval does not hold zero."""
        return self.low > 0 or self.high < 0


def replay(night: Night, vans: VansAt) -> Replayed:
    """One night with these vans: who was reached late, or by nobody before the vans went home."""
    coming = sorted(range(len(night)), key=lambda place: (night[place].ready, place))
    late, left = _serve(night, coming, _Free(vans))
    wrong = {*late, *left}
    known = [place for place in coming if night[place].counts and night[place].was_late is not None]
    return Replayed(
        sum(one.counts for one in night),
        sum(night[place].counts for place in wrong),
        sum(night[place].counts for place in left),
        sum((place in wrong) - bool(night[place].was_late) for place in known),
        len(known),
    )


def _serve(night: Night, coming: Sequence[int], free: "_Free") -> tuple[list[int], list[int]]:
    """Whom a van reached late, and whom none reached, by their places in the night."""
    waiting: list[tuple[int, float, int]] = []
    late: list[int] = []
    place = 0
    now = 0.0
    while place < len(coming) or waiting:
        if not waiting:
            now = max(now, night[coming[place]].ready)
        while place < len(coming) and night[coming[place]].ready <= now:
            one = night[coming[place]]
            heappush(waiting, (one.standing, one.at, coming[place]))
            place += 1
        ready = free.next(now)
        if ready is None:
            # Nobody comes any more tonight, also not to those who are still to call.
            return late, [*(one for *_, one in waiting), *coming[place:]]
        if place < len(coming) and night[coming[place]].ready <= ready:
            # Somebody is accepted before a van is free, and may go before those who wait.
            now = night[coming[place]].ready
            continue
        now = max(now, ready)
        who = heappop(waiting)[2]
        one = night[who]
        there = now + one.travel
        if there - one.at > one.within:
            late.append(who)
        free.send(now, there + one.job)
    return late, []


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


def compare(
    nights: Sequence[Night],
    staffed: Sequence[VansAt],
    instead: Sequence[VansAt],
    told: Callable[[int], object] = lambda _done: None,
) -> Compared | None:
    """Compare two ways of staffing over the same nights.

    Args:
        nights: the service's own.
        staffed: the vans of each, as they were.
        instead: the vans of each that are asked about.
        told: told after each night how many are done; what it raises ends the work.

    Returns:
        The answer, always the same for the same question; None where there are too few nights, or nobody in them.
    """
    pairs: list[tuple[Replayed, Replayed]] = []
    for night, before, after in zip(nights, staffed, instead, strict=True):
        pairs.append((replay(night, before), replay(night, after)))
        told(len(pairs))
    people = sum(one.people for one, _ in pairs)
    if len(pairs) < FEWEST_NIGHTS or not people:
        return None
    mean, half = _interval([(one.people, other.late - one.late) for one, other in pairs])
    return Compared(
        100 * sum(one.late for one, _ in pairs) / people,
        100 * sum(other.late for _, other in pairs) / people,
        100 * (mean - half),
        100 * (mean + half),
        len(pairs),
        people,
        _really(nights),
        _fits([one for one, _ in pairs]),
        100 * sum(other.never for _, other in pairs) / people,
    )


def _really(nights: Sequence[Night]) -> float | None:
    known = [one.was_late for night in nights for one in night if one.counts and one.was_late is not None]
    return 100 * fmean(known) if known else None


def _fits(nights: Sequence[Replayed]) -> bool:
    if not any(one.known for one in nights):
        return True
    mean, half = _interval([(one.known, one.too_many) for one in nights])
    return abs(mean) <= max(half, _APART)


def _interval(nights: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """The change for one person, and half of its 95 % interval.

    By night and not by person: those of one night wait for the same vans, and are no more than one witness.
    """
    n, people = len(nights), sum(many for many, _ in nights)
    mean = sum(change for _, change in nights) / people
    # Of a ratio: what each night adds to the change beyond its share.
    squares = sum((change - mean * many) ** 2 for many, change in nights)
    return mean, _times(n - 1) * sqrt(squares * n / (n - 1)) / people


def _times(free: int) -> float:
    """Student's 97.5th centile, by Cornish and Fisher: of few nights more errors are to be feared."""
    z = _NINETY_FIVE
    return z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
