"""Which fixes are shown, and why the others are not. Pure: time and what went before come in as arguments."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db.domain.clocks import age_in_words
from db.domain.fixes import CLOCKS_DIFFER
from db.domain.rules import DEFAULTS
from db.gateway.fix import Fix
from db.geo.earth import METRES_A_DEGREE, Point, in_britain, metres

LONG_AGO = timedelta(days=31)
FASTEST_KMH = 250.0
DRIFT_M = 300.0
POOR_M = 5000.0
BELIEVED_AFTER = 3


@dataclass(frozen=True, slots=True)
class Area:
    """The service's area: WGS 84 degrees and kilometres. Vans convey beyond it, so leaving it is only doubtful."""

    lat: float = 52.28
    lon: float = -0.88
    radius_km: float = 120.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """A place at a time, as much as the next judgement needs."""

    fixed_at: datetime
    lat: float
    lon: float
    accuracy_m: float = 0.0
    """Nought where nobody knows."""
    device_id: str = ""

    @classmethod
    def of(cls, fix: Fix) -> "Sighting":
        """What a fix says of its place."""
        return cls(fix.fixed_at, fix.lat, fix.lon, fix.accuracy_m or 0.0, fix.device_id)

    @property
    def place(self) -> Point:
        """Latitude and longitude, degrees."""
        return self.lat, self.lon


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a van.

    Attributes:
        last: the newest sane sighting.
        elsewhere: the newest of a row of sightings that agree with each other and not with ``last``.
        row: how many of them there were.
    """

    last: Sighting | None = None
    elsewhere: Sighting | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a fix.

    Attributes:
        refused: why it is kept but not shown, in a sentence; empty if it is shown.
        doubt: why it is shown with a doubt, in a sentence; may be empty.
        kind: one word for the counters: ``sane``, ``doubtful``, ``late`` or the ground of the refusal.
    """

    refused: str = ""
    doubt: str = ""
    kind: str = "sane"


_SANE = Verdict()


def judge(fix: Fix, memory: Memory, now: datetime, area: Area) -> tuple[Verdict, Memory]:
    """Weigh one fix.

    Args:
        fix: as parsed.
        memory: of its van.
        now: when it came in, aware.
        area: where the service works.

    Returns:
        The verdict, and the memory to weigh the van's next fix with.
    """
    refusal = _clock(fix, now) or _place(fix, area)
    if refusal is not None:
        return refusal, memory
    seen = Sighting.of(fix)
    # What was remembered under a clock that has been put back since must not freeze the van.
    last = memory.last
    if last is None or last.fixed_at > now + CLOCKS_DIFFER:
        return _doubts(seen, area), Memory(seen)
    if fix.fixed_at < last.fixed_at:
        return _late(last.fixed_at - fix.fixed_at), memory
    if _reachable(last, seen):
        return _doubts(seen, area), Memory(seen)
    return _jumped(_doubts(seen, area), memory, last, seen)


def _clock(fix: Fix, now: datetime) -> Verdict | None:
    ahead = fix.fixed_at - now
    if ahead > CLOCKS_DIFFER:
        return Verdict(f"The device's clock is {age_in_words(ahead)} ahead{_zone(ahead)}.", kind="future")
    if -ahead > LONG_AGO:
        return Verdict(f"The fix is {age_in_words(-ahead)} old: the device's clock is not set.", kind="ancient")
    return None


def _zone(ahead: timedelta) -> str:
    # No zone is further ahead of UTC than 14 hours.
    hours = round(ahead / timedelta(hours=1))
    near = abs(ahead - timedelta(hours=hours)) <= CLOCKS_DIFFER
    return "; it seems to send local time as UTC" if near and hours <= 14 else ""


def _place(fix: Fix, area: Area) -> Verdict | None:
    if not fix.valid:
        return Verdict("The device says that it does not know where it is.", kind="invalid")
    # Both, since one of them alone is near zero at Greenwich, which is a place.
    if abs(fix.lat) < 0.01 and abs(fix.lon) < 0.01:
        return Verdict("The place is 0, 0: the device has no fix yet.", kind="zero")
    # Before the others: swapped, the county lies in the Indian Ocean, and "abroad" would not say what is wrong.
    if _in_area(fix.lon, fix.lat, area):
        return Verdict("Latitude and longitude are swapped.", kind="swapped")
    if abs(fix.lat) > 90 or abs(fix.lon) > 180:
        return Verdict("This is not a place on earth.", kind="nowhere")
    if not in_britain(fix.lat, fix.lon):
        return Verdict("The place is far outside Britain.", kind="abroad")
    return None


def _in_area(lat: float, lon: float, area: Area) -> bool:
    return _within((lat, lon), (area.lat, area.lon), area.radius_km * 1000)


def _within(a: Point, b: Point, most: float) -> bool:
    """Whether two places are at most so many metres apart; trigonometry only where degrees alone do not say."""
    north, east = abs(a[0] - b[0]) * METRES_A_DEGREE, abs(a[1] - b[1]) * METRES_A_DEGREE
    if north > most:
        return False
    return north + east <= most or metres(a, b) <= most


def _doubts(seen: Sighting, area: Area) -> Verdict:
    if seen.accuracy_m > POOR_M:
        return Verdict(doubt=f"The fix is only good to {seen.accuracy_m / 1000:.0f} km.", kind="doubtful")
    if not _in_area(seen.lat, seen.lon, area):
        return Verdict(doubt="The place is far outside the service's area.", kind="doubtful")
    return _SANE


def _late(behind: timedelta) -> Verdict:
    if behind <= DEFAULTS.stale_fix:
        return Verdict(kind="late")
    return Verdict(doubt=f"It came in after a fix {age_in_words(behind)} newer, for replay only.", kind="late")


def _reachable(before: Sighting, after: Sighting) -> bool:
    # Each place may be off by its accuracy; a stopped van drifts a little whatever it says.
    slack = before.accuracy_m + after.accuracy_m + DRIFT_M
    hours = (after.fixed_at - before.fixed_at) / timedelta(hours=1)
    return _within(before.place, after.place, FASTEST_KMH * 1000 * hours + slack)


def _jumped(verdict: Verdict, memory: Memory, last: Sighting, seen: Sighting) -> tuple[Verdict, Memory]:
    row = memory.row + 1 if _agrees(memory.elsewhere, seen) else 1
    if row >= BELIEVED_AFTER:
        moved = f"The van moved while its device was silent: {row} fixes in a row say so."
        return replace(verdict, doubt=verdict.doubt or moved, kind="doubtful"), Memory(seen)
    apart = metres(last.place, seen.place)
    sentence = f"It jumped {apart / 1000:.0f} km in {age_in_words(seen.fixed_at - last.fixed_at)}."
    return Verdict(sentence, kind="jumped"), replace(memory, elsewhere=seen, row=row)


def _agrees(before: Sighting | None, after: Sighting) -> bool:
    return (
        before is not None
        # One witness: a second device in the van may be the one that is wrong. A moment sent again is none at all.
        and before.device_id == after.device_id
        and after.fixed_at > before.fixed_at
        and _reachable(before, after)
    )
