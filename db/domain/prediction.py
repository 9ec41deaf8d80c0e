"""How long something is likely to take, told from how long it took this service before. Pure; minutes throughout.

What still runs is *censored*: it is known to take longer than it has so far. Left out, every prediction would be
too short, since the long ones are those that still run. So lengths are weighed by Kaplan and Meier's curve: of
those that had lasted until then, how many went on.

The question is always conditional. A crew that has waited 20 minutes is none of those that were free after 10, and
only what lasted longer than 20 says anything about it: that is what ``n`` counts.

Few are told as few, because the next length falls between the shortest and the longest of ``n`` with a chance of
(n - 1) / (n + 1) only: under five nothing is told; up to eighteen (89 %) the median and the whole range; from
nineteen on the moment by which eight of ten end. A group (police, a visit that goes on to a destination) counts
with n / (n + 10) and the whole with the rest, on the logarithm, since lengths are skewed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log
from operator import itemgetter
from typing import Final
from uuid import UUID

FEWEST: Final = 5
"""With fewer lengths nothing is told."""
BANDED: Final = 19
"""From so many on the moment is told by which eight of ten end; before that the whole range."""
SHRINK: Final = 10
"""A group of so many counts as much as the whole."""
PROMISED: Final = 0.8
LONGEST: Final = timedelta(hours=12)
"""What is said to have lasted longer is a step that somebody forgot, and no length."""
CHECKED: Final = 50
"""Predictions of the past, the newest, that are held against what came."""


@dataclass(frozen=True, slots=True)
class Lasted:
    """Something that began, and ended or still runs.

    Attributes:
        id: of the row that tells of it; one that is told twice counts once.
        began: aware UTC.
        ended: likewise; None while it runs.
        group: what it is compared with first; empty for the whole only.
        seen: until when it is known to have run, where it ended in another way than is asked about.
    """

    id: UUID
    began: datetime
    ended: datetime | None = None
    group: str = ""
    seen: datetime | None = None

    def length(self, now: datetime) -> tuple[float, bool] | None:
        """Minutes, and whether it ended, as it was known at a moment; None for what is no length."""
        if self.ended is not None and self.ended <= now:
            until, over = self.ended, True
        else:
            until, over = min(now, self.seen or now), False
        took = until - self.began
        return (took / timedelta(minutes=1), over) if timedelta(0) < took <= LONGEST else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is told of a length, in minutes from its beginning.

    Attributes:
        about: the median.
        first: the shortest that is still possible.
        last: the longest of all where ``n`` is below :data:`BANDED`, else what eight of ten do not exceed. None
            where nobody can say, because too many of the long ones still run.
        n: how many ended lengths, longer than what was waited, this is from.
        near: how many of them are of its own group.
    """

    about: float
    first: float
    last: float | None
    n: int
    near: int = 0

    @property
    def is_banded(self) -> bool:
        """Whether ``last`` is what eight of ten do not exceed; else it is the longest that there was."""
        return self.n >= BANDED


class Curve:
    """Which share goes on at each length: Kaplan and Meier's estimate."""

    def __init__(self, lengths: Iterable[tuple[float, bool]]) -> None:
        """Work it out once; what is asked of it afterwards takes the logarithm of how many there are.

        Args:
            lengths: minutes above 0, and whether it ended then.
        """
        known = sorted(lengths)
        self._all = [took for took, _ in known]
        self._ended = [took for took, over in known if over]
        self._at: list[float] = []
        self._gone: list[float] = []
        self._work_out(known)

    def _work_out(self, known: Sequence[tuple[float, bool]]) -> None:
        left, goes_on, place = len(known), 1.0, 0
        while place < len(known):
            at = known[place][0]
            after = bisect_right(known, at, lo=place, key=itemgetter(0))
            over = sum(ended for _, ended in known[place:after])
            if over:
                # What was still running at the very moment at which another ended had lasted as long.
                goes_on *= 1 - over / left
                self._at.append(at)
                self._gone.append(1 - goes_on)
            left, place = left - (after - place), after

    def beyond(self, waited: float) -> int:
        """How many lasted longer than that, and ended."""
        return len(self._ended) - bisect_right(self._ended, waited)

    def shortest(self, waited: float) -> float | None:
        """The shortest that lasted longer than that, and ended."""
        place = bisect_right(self._ended, waited)
        return self._ended[place] if place < len(self._ended) else None

    def longest(self) -> float | None:
        """The longest; None where it still runs, since nobody knows how long it will be."""
        return self._all[-1] if self._ended and self._ended[-1] == self._all[-1] else None

    def share_by(self, minutes: float) -> float:
        """The share that has ended by then."""
        place = bisect_right(self._at, minutes)
        return self._gone[place - 1] if place else 0.0

    def length_of(self, share: float, waited: float) -> float | None:
        """What that share of those that lasted longer than ``waited`` does not exceed; None where nobody knows."""
        so_far = self.share_by(waited)
        # A hair less: sums of fractions must not move it to the next length.
        wanted = so_far + share * (1 - so_far) - 1e-12
        found = bisect_left(self._gone, wanted, lo=bisect_right(self._at, waited))
        return self._at[found] if found < len(self._at) else None

    def next_within(self, share: float, waited: float) -> float | None:
        """What the *next* one does not exceed with that chance; None where there are too few to say.

        Of n in a row the next is below the k-th with a chance of k / (n + 1): a little further out than the same
        share of those that were.
        """
        n = self.beyond(waited)
        wider = share * (n + 1) / n if n else 2.0
        return self.length_of(wider, waited) if wider <= 1 else None


Length = tuple[float, bool]
"""Minutes, and whether it ended then."""
LengthsById = Mapping[UUID, tuple[Length | None, str]]
"""Lengths and their groups, by what tells of them; None for what is no length."""


def measure(lasted: Iterable[Lasted], now: datetime) -> dict[UUID, tuple[Length | None, str]]:
    """Lengths as they were known at a moment; one that is told twice counts as it was told last."""
    return {one.id: (one.length(now), one.group) for one in lasted if one.began <= now}


class Lengths:
    """What this service knows of one kind of length at a moment."""

    def __init__(self, lasted: Iterable[Lasted], now: datetime, measured: LengthsById | None = None) -> None:
        """Take them as they were known at a moment, aware UTC.

        Args:
            lasted: what ended or runs.
            now: aware UTC.
            measured: what was measured before and ended by then; ``lasted`` goes before it.
        """
        groups: dict[str, list[tuple[float, bool]]] = {"": []}
        known = measure(lasted, now)
        for length, group in (dict(measured or {}) | known).values():
            if length is not None:
                groups[""].append(length)
                if group:
                    groups.setdefault(group, []).append(length)
        self._curves: Mapping[str, Curve] = {name: Curve(some) for name, some in groups.items()}

    def count(self, waited: float = 0.0) -> int:
        """How many ended after more than that."""
        return self._curves[""].beyond(waited)

    def forecast(self, waited: float = 0.0, group: str = "") -> Forecast | None:
        """How long one takes that has lasted ``waited`` minutes; None where there are too few to say."""
        whole, waited = self._curves[""], max(0.0, waited)
        n, first, about = whole.beyond(waited), whole.shortest(waited), whole.length_of(0.5, waited)
        if n < FEWEST or first is None or about is None:
            return None
        own = self._curves.get(group) if group else None
        near = own.beyond(waited) if own is not None else 0
        if n < BANDED:
            longest = whole.longest()
            about = _nearer(about, own.length_of(0.5, waited) if own else None, near)
            return Forecast(about, first, longest, n, near)
        last = whole.next_within(PROMISED, waited)
        if own is not None:
            about, last = _both(about, last, own, waited, near)
        return Forecast(about, first, last, n, near)


def _both(about: float, last: float | None, own: Curve, waited: float, near: int) -> tuple[float, float | None]:
    """Median and eight of ten, nearer to the group's: both or neither, or one might pass the other."""
    half, most = own.length_of(0.5, waited), own.next_within(PROMISED, waited)
    if last is None or half is None or most is None:
        return about, last
    return _nearer(about, half, near), _nearer(last, most, near)


def _nearer(whole: float, own: float | None, n: int) -> float:
    """Between the whole's and the group's length, nearer to the group's the more of it there are."""
    if own is None:
        return whole
    weight = n / (n + SHRINK)
    # Rounding must not lead out of what lies between the two.
    low, high = min(whole, own), max(whole, own)
    return min(high, max(low, exp(weight * log(own) + (1 - weight) * log(whole))))


# --- how often it was right ---


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How many of the last predictions held: of ``told``, what came lay within what was said ``right`` times."""

    right: int = 0
    told: int = 0


NOTHING_TOLD: Final = TrackRecord()


def track_record(lasted: Sequence[Lasted], now: datetime, most: int = CHECKED) -> TrackRecord:
    """Predict each of the last lengths from what was known when it began, and hold that against what came.

    Nothing that ended later, or lasted on, may help: it is asked as it would have been asked then.
    """
    ended = [one for one in lasted if one.ended is not None and one.ended <= now]
    right = told = 0
    for one in sorted(ended, key=_end, reverse=True):
        if told == most:
            break
        came = one.length(now)
        others = (other for other in lasted if other.id != one.id)
        forecast = Lengths(others, one.began).forecast(0.0, one.group) if came else None
        if came is None or forecast is None or forecast.last is None:
            continue
        told += 1
        right += (forecast.is_banded or forecast.first <= came[0]) and came[0] <= forecast.last
    return TrackRecord(right, told)


def _end(one: Lasted) -> datetime:
    return one.ended or one.began
