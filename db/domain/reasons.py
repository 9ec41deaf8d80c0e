"""What speaks for a van and against it, and how many minutes of travel each thing is worth."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from db.domain.rules import DEFAULTS, Rules


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

    fix_fresh: timedelta
    fix_old: timedelta
    old_fix: float
    no_fix: float
    shift_needs: timedelta
    short_shift: float
    meal_within: timedelta
    meal_soon: float
    wrong_livery: float
    right_livery: float
    not_safer: float
    safer: float
    no_language: float
    language: float
    no_equipment: float
    alone: float
    last_van: float
    thin_cover: float
    thin_minutes: float
    # More than everything else together, and than a van of which nobody knows where it is: ranked last, and
    # not forbidden.
    too_few: float = 10_000.0


def weights_of(rules: Rules = DEFAULTS) -> Weights:
    """The weights that a trust set. What speaks for a van is below zero."""
    return Weights(
        fix_fresh=rules.stale_fix,
        fix_old=rules.weigh_fix_after,
        old_fix=rules.weigh_old_fix,
        no_fix=rules.weigh_no_fix,
        shift_needs=rules.weigh_shift_left,
        short_shift=rules.weigh_short_shift,
        meal_within=rules.weigh_meal_within,
        meal_soon=rules.weigh_meal,
        wrong_livery=rules.weigh_livery,
        right_livery=-rules.gain_livery,
        not_safer=rules.weigh_safer,
        safer=-rules.gain_safer,
        no_language=rules.weigh_language,
        language=-rules.gain_language,
        no_equipment=rules.weigh_equipment,
        alone=rules.weigh_alone,
        last_van=rules.weigh_last_van,
        thin_cover=rules.weigh_cover,
        thin_minutes=rules.weigh_cover_over / timedelta(minutes=1),
    )
