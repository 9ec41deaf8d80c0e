"""Two devices in one van: the better one is shown, so that the van is not pulled to and fro. Pure.

Better is what is less in doubt, in metres: the accuracy it claims, how far a van may have gone while its word was
on its way and since its word before, and a good deal for each fix that makes no sense. Another takes over when it
has been clearly better for a while, or when the one that was shown falls silent; never because of a single fix.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from db.gateway.fix import Fix
from db.gateway.sanity import Sighting, Verdict
from db.geo.earth import metres

SILENT_AFTER = timedelta(seconds=60)
"""Devices report every 5 to 30 seconds."""
CLEARLY = 0.7
CLEARLY_M = 10.0
BETTER_FOR = timedelta(seconds=30)
BETTER_TIMES = 6
APART_M = 500.0
"""Beyond what both claim: one of them is not in the van."""
UNKNOWN_M = 50.0
"""What is assumed of a device that claims no accuracy."""
_SENSELESS_M = 500.0
_MS = 2.0
"""Metres a second that a van may have gone meanwhile, by and large."""
_NEWEST = 0.2
"""What the newest fix weighs against all before."""
_MOST_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """How well a device has done.

    Attributes:
        doubt_m: metres; the less the better.
        last: its last sane sighting.
        heard_at: when that came in.
        better_since: since when it has been clearly better than the one that is shown.
        better: how many fixes in a row said so.
    """

    doubt_m: float
    last: Sighting
    heard_at: datetime
    better_since: datetime | None = None
    better: int = 0


@dataclass(slots=True)
class ShownDevice:
    """Which device of a van is shown.

    Attributes:
        shown: its name.
        changes: since which fix which device is shown, oldest first.
        standings: by device; empty as long as only one was heard of.
    """

    shown: str
    changes: list[tuple[datetime, str]] = field(default_factory=list)
    standings: dict[str, Standing] = field(default_factory=dict)

    def weigh(self, fix: Fix, verdict: Verdict, received: datetime) -> Verdict:
        """What becomes of a fix of one of several devices, and whether another is shown from now on.

        Args:
            fix: as it came.
            verdict: what is to be said of it by itself.
            received: when it came in, aware.
        """
        if verdict.kind == "late":
            return verdict if self._shown_at(fix.fixed_at) == fix.device_id else self._aside(fix, None)
        self._note(fix, verdict, received)
        if verdict.refused:
            return verdict
        if fix.device_id != self.shown and self._takes_over(fix.device_id, received):
            self.show(fix.device_id, fix.fixed_at)
        return verdict if fix.device_id == self.shown else self._aside(fix, self.standings.get(self.shown))

    def show(self, device: str, since: datetime) -> None:
        """Show another device from a moment on."""
        self.shown = device
        self.changes = [*self.changes, (since, device)][-_MOST_CHANGES:]
        self.standings = {name: replace(one, better=0, better_since=None) for name, one in self.standings.items()}

    def _shown_at(self, moment: datetime) -> str:
        before = [device for since, device in self.changes if since <= moment]
        return before[-1] if before else self.changes[0][1] if self.changes else self.shown

    def _note(self, fix: Fix, verdict: Verdict, received: datetime) -> None:
        before = self.standings.get(fix.device_id)
        if verdict.refused:
            if before is not None:
                self.standings[fix.device_id] = replace(before, doubt_m=_mixed(before.doubt_m, _SENSELESS_M))
            return
        seen = Sighting.of(fix)
        if before is None:
            self.standings[fix.device_id] = Standing(_doubt(fix, received, 0.0), seen, received)
            return
        silence = max(0.0, (fix.fixed_at - before.last.fixed_at).total_seconds())
        doubt = _mixed(before.doubt_m, _doubt(fix, received, silence))
        self.standings[fix.device_id] = replace(before, doubt_m=doubt, last=seen, heard_at=received)

    def _takes_over(self, device: str, received: datetime) -> bool:
        mine, other = self.standings[device], self.standings.get(self.shown)
        if other is None or received - other.heard_at > SILENT_AFTER:
            return True
        if mine.doubt_m >= min(CLEARLY * other.doubt_m, other.doubt_m - CLEARLY_M):
            self.standings[device] = replace(mine, better=0, better_since=None)
            return False
        since = mine.better_since or received
        self.standings[device] = replace(mine, better=mine.better + 1, better_since=since)
        return mine.better + 1 >= BETTER_TIMES and received - since >= BETTER_FOR

    def _aside(self, fix: Fix, shown: Standing | None) -> Verdict:
        apart = 0.0 if shown is None else _apart(fix, shown.last)
        sentence = f"Another device is shown for this van, {self.shown[:60]}, as the better one."
        if apart > APART_M:
            return Verdict(f"{sentence} They are {apart / 1000:.1f} km apart.", kind="apart")
        return Verdict(sentence, kind="aside")


def _doubt(fix: Fix, received: datetime, silence: float) -> float:
    on_its_way = max(0.0, (received - fix.fixed_at).total_seconds())
    return (fix.accuracy_m or UNKNOWN_M) + _MS * (on_its_way + silence)


def _mixed(before: float, newest: float) -> float:
    return (1 - _NEWEST) * before + _NEWEST * newest


def _apart(fix: Fix, other: Sighting) -> float:
    """Metres between two sightings of about the same time, beyond what both claim and a van may have gone."""
    seconds = abs((fix.fixed_at - other.fixed_at).total_seconds())
    slack = (fix.accuracy_m or UNKNOWN_M) + (other.accuracy_m or UNKNOWN_M) + 30 * seconds
    return metres((fix.lat, fix.lon), other.place) - slack
