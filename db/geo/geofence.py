"""Whether a van has arrived: a ring around the scene that is entered at one distance and left at another.

A van is there once two of its fixes within the inner ring are slow, or one is and nothing else is heard for a
while, since many devices fall silent when they stand. It has left only when two fixes in a row lie beyond the
outer ring, so that drift makes no departure. Fixes that are stale, late out of a device's buffer, or too poor say
nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db.domain.fixes import CLOCKS_DIFFER
from db.domain.records import Position
from db.domain.rules import DEFAULTS, Rules
from db.geo.earth import Point, metres

# Metres, km/h and how long. How wide the two rings are, and how long a silence, a trust sets
# (:mod:`db.domain.rules`); they lie apart so that drift at the edge does not arrive and leave in turns.
ACCURACY_CAP_M = 50.0
TOO_POOR_M = 200.0
SLOW_KMH = 15.0
FIXES_APART = timedelta(seconds=3)
FIXES_TO_LEAVE = 2


@dataclass(frozen=True, slots=True)
class Fence:
    """What is known of one van and one scene.

    Attributes:
        entered_at: the first fix of an unbroken row inside the ring, UTC; None while outside.
        slow_at: the first slow fix of that row, UTC.
        arrived: whether the van is believed to be there.
        beyond: how many fixes in a row lay beyond the outer ring since it arrived.
        last: the newest fix that was weighed.
    """

    entered_at: datetime | None = None
    slow_at: datetime | None = None
    arrived: bool = False
    beyond: int = 0
    last: Position | None = None

    @property
    def arrived_at(self) -> datetime | None:
        """When it got there, UTC; None while it is not believed to be there."""
        return self.entered_at if self.arrived else None


def seen(fence: Fence, fix: Position, scene: Point, now: datetime, rules: Rules = DEFAULTS) -> Fence:
    """Weigh one fix of the van.

    Args:
        fence: what was known before it.
        fix: the fix; whatever is not newer than the last one, stale, dated ahead or poor changes nothing.
        scene: where the van is wanted, WGS 84 degrees.
        now: the record's time, aware.
        rules: how near, how far and how old counts.
    """
    if not _counts(fence, fix, now, rules.stale_fix):
        return fence
    away, margin = metres((fix.lat, fix.lon), scene), min(fix.accuracy or 0.0, ACCURACY_CAP_M)
    # The doubt of a fix speaks for being there, both ways: it widens the ring for arriving and the
    # one for leaving.
    if fence.arrived:
        return _leaving(fence, fix, away - margin > rules.leaves_beyond)
    if away > rules.arrives_within + margin:
        return Fence(last=fix)
    return _arriving(fence, fix, rules.stale_fix)


def waited(fence: Fence, now: datetime, rules: Rules = DEFAULTS) -> Fence:
    """Let time pass: a van whose last word was "slow, and near" has arrived when it stays silent."""
    if fence.slow_at is None or fence.last is None:
        return fence
    # Without the second half a van would arrive by a silence of hours, of which nobody knows anything.
    silent = now - fence.slow_at >= rules.arrives_silent and now - fence.last.fixed_at <= rules.stale_fix
    return replace(fence, arrived=True) if silent and _is_slow(fence.last, None) else fence


def _counts(fence: Fence, fix: Position, now: datetime, stale: timedelta) -> bool:
    fresh = -CLOCKS_DIFFER <= now - fix.fixed_at <= stale
    newer = fence.last is None or fix.fixed_at > fence.last.fixed_at
    return fresh and newer and (fix.accuracy is None or fix.accuracy <= TOO_POOR_M)


def _leaving(fence: Fence, fix: Position, is_beyond: bool) -> Fence:
    beyond = fence.beyond + 1 if is_beyond else 0
    return Fence(last=fix) if beyond >= FIXES_TO_LEAVE else replace(fence, beyond=beyond, last=fix)


def _arriving(fence: Fence, fix: Position, stale: timedelta) -> Fence:
    # After a silence nobody knows where it was: the row starts anew.
    broken = fence.last is None or fix.fixed_at - fence.last.fixed_at > stale
    entered = fix.fixed_at if broken or fence.entered_at is None else fence.entered_at
    if not _is_slow(fix, fence.last):
        return Fence(entered_at=entered, last=fix)
    slow = fix.fixed_at if broken or fence.slow_at is None else fence.slow_at
    return Fence(entered, slow, arrived=fix.fixed_at - slow >= FIXES_APART, last=fix)


def _is_slow(fix: Position, before: Position | None) -> bool:
    if fix.speed is not None:
        return fix.speed < SLOW_KMH
    if before is None:
        return False
    hours = (fix.fixed_at - before.fixed_at) / timedelta(hours=1)
    return metres((fix.lat, fix.lon), (before.lat, before.lon)) / 1000 < SLOW_KMH * hours
