"""How long somebody may be held under section 135 or 136: 24 hours, told from what was typed of it.

The Mental Health Act counts from the arrival at the place of safety (s135, s136 and s136B); the record keeps what
was typed, such as ``s136: Campbell Square, since 0240``. What cannot be read is said to be not known, and never
guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.domain.clocks import in_words, local_time, shifted
from db.domain.records import Event
from db.domain.resolving import Belongs, resolve

HELD: Final = frozenset({"s135", "s136"})
ALLOWED: Final = timedelta(hours=24)
"""The law's own, without an extension by the doctor in charge (s136B), which the place itself writes down."""
_LATE: Final = timedelta(hours=3)
"""From here on it is time that whoever assesses is on the way."""
_PARTS: Final = re.compile(r"[,;()]|\.\s")
_SINCE: Final = re.compile(
    r"(?:^|.*\b)(?:from|since|at|arrived|held|detained|started|began)\s+(.+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Detention:
    """Somebody is held: since when (aware UTC), or None where nobody can tell."""

    since: datetime | None

    @property
    def ends(self) -> datetime | None:
        """When the 24 hours are over."""
        return shifted(self.since, ALLOWED) if self.since else None

    def is_pressing(self, now: datetime) -> bool:
        """Whether somebody has to see to it: it ends soon, it ended, or nobody can tell when it does."""
        return self.ends is None or self.ends - now <= _LATE

    def words(self, now: datetime) -> str:
        """``24 h end 02:40 Mon 23 Nov, in 18 h 20``."""
        if self.ends is None:
            return "24 h: since when is not known"
        way = f"in {in_words(self.ends - now)}" if self.ends > now else f"{in_words(now - self.ends)} ago"
        return f"24 h {'end' if self.ends > now else 'ended'} {local_time(self.ends, now)}, {way}"


def detention(legal_status: str, said_at: datetime) -> Detention | None:
    """What was typed of somebody's detention.

    Args:
        legal_status: as the record keeps it, the code and what was typed beside it.
        said_at: when it was typed: a time of day is the last one before that.

    Returns:
        None for somebody who is not held.
    """
    code, _, typed = legal_status.partition(": ")
    if code not in HELD:
        return None
    found = (resolve(part, Belongs(said_at)).at for part in _spans(typed))
    return Detention(next((at for at in found if at is not None), None))


def said_at(events: Iterable[Event], received: datetime) -> datetime:
    """When the legal status was typed last: at an edit, or as the referral was taken."""
    edits = (one.recorded_at for one in events if one.kind == "details changed" and "legal_status" in one.detail)
    return max(edits, default=received)


def _spans(typed: str) -> Iterable[str]:
    for part in _PARTS.split(typed):
        behind = _SINCE.match(part)
        yield from (behind[1], part) if behind else (part,)
