"""What speaks for a van and against it, and how many minutes of travel each thing is worth."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from db.domain.fixes import STALE_AFTER


class ReasonTone(StrEnum):
    """Whether a reason speaks for a van, against it, or is just so."""

    GOOD = "good"
    NEUTRAL = "neutral"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing about a van. ``cost`` is in effective minutes; negative speaks for it."""

    text: str
    tone: ReasonTone = ReasonTone.NEUTRAL
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing is worth in minutes of travel, and when it counts. All of it is open to argument."""

    fix_fresh: timedelta = STALE_AFTER
    fix_old: timedelta = timedelta(minutes=10)
    old_fix: float = 5.0
    no_fix: float = 10.0
    shift_needs: timedelta = timedelta(minutes=90)
    short_shift: float = 15.0
    meal_within: timedelta = timedelta(minutes=30)
    meal_soon: float = 4.0
    wrong_livery: float = 8.0
    right_livery: float = -2.0
    not_safer: float = 8.0
    safer: float = -3.0
    no_language: float = 8.0
    language: float = -4.0
    no_equipment: float = 15.0
    alone: float = 15.0
    # More than everything else together, and than a van of which nobody knows where it is: ranked last, and
    # not forbidden.
    too_few: float = 10_000.0
    last_van: float = 3.0
    thin_cover: float = 3.0
    thin_minutes: float = 30.0
