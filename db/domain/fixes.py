"""How long a fix is believed; a van's trail; the fixes that were not taken at their word."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCKS_DIFFER = timedelta(minutes=2)
"""How far a device's clock may be ahead of the record's. ``cru.record_fixes`` holds to the same."""


@dataclass(frozen=True, slots=True)
class TrailPoint:
    """Where a van was at a time (UTC). WGS 84 degrees."""

    at: datetime
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class DoubtfulFix:
    """A fix that the record kept and did not take at its word.

    Attributes:
        callsign: the van it is about; empty for a van that is no longer known.
        fixed_at: when the device says it was made, UTC.
        received_at: when it came in, UTC.
        shown: whether the map may have shown it all the same.
        reason: why, in a sentence.
        source: the way it came in, and the device if known.
        aside: nothing is wrong with it; another device of the van is shown, as the better one.
    """

    callsign: str
    fixed_at: datetime
    received_at: datetime
    shown: bool
    reason: str
    source: str
    aside: bool = False
