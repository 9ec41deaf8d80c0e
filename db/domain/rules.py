"""Numbers that the program goes by and a trust sets: rows with an author and a date (``cru.rule``)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Final

_UNITS = {"seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}

DELIVERED: Final = "default set"
"""Who a row is by that nobody here has answered for yet."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rows say. What no row speaks of, or in a unit that does not fit, stays as it stands here.

    Attributes:
        due_soon: the share of the allowed time from which a referral counts as due soon.
        no_van: how long a referral of the first priority may be without a van before an alarm sounds.
        long_handover: how long a handover may take before an alarm sounds.
        lost_fix: how old the last fix of a van on a job may be before an alarm sounds.
        shift_end: how long before the end of its shift a van that is on a job makes an alarm sound.
        assumed_handover: how long a handover is assumed to take, for the release of a waiting crew.
        assumed_visit: how long a crew is assumed to stay with a person, for the next van that will be free.
        ended_lanes: how long the timelines show a referral after it was closed.
        registered_least: how many registered clinicians a crew has at least.
        registered_binds: whether a crew with fewer is never sent; else only by somebody who says that they know.
        read_back_binds: whether a van is never mobile before its crew read the brief back; else only by somebody
            who says that they know.
        shift_most: how long a shift may be; the record refuses a longer one.
        rest_least: how long somebody rests at least between two shifts before the rota says so.
        assumed_without: how long an ambulance crew is assumed to stay where this service does not come; the record
            goes by it in the hours given back.
        stale_fix: how old a fix may be before it says where a van was and not where it is.
        lost_van: how old the last fix may be before a van is called lost.
        ended_board: how long the board shows a referral after it was closed.
        longest_hold: how long a referral may rest at most.
        arrives_within: how near to the scene a van has arrived.
        leaves_beyond: how far from the scene a van has left.
        arrives_silent: how long a van that stands at the scene is silent before it counts as arrived.
        welfare_first: how long a crew is at a scene before it says that all is well; ``welfare_every`` from word
            to word, ``welfare_close_first`` and ``welfare_close_every`` the same where it is watched closely.
        welfare_silent: how long after it was to be heard a silent crew is an alarm.
        welfare_lost: how long after that moment it is an emergency.
        backup_within: how old the last backup of the record may be before the shift lead has an alarm;
            ``drill_within`` the same of the last drill, ``sealed_within`` of the last seal.
        weigh_old_fix: and the others like it: how many minutes of travel a thing speaks against a van, or for it
            (``gain_livery``), and from when it does (:func:`db.domain.reasons.weights_of`).
    """

    due_soon: float = 0.75
    no_van: timedelta = timedelta(minutes=5)
    long_handover: timedelta = timedelta(minutes=15)
    lost_fix: timedelta = timedelta(minutes=5)
    shift_end: timedelta = timedelta(minutes=30)
    assumed_handover: timedelta = timedelta(minutes=15)
    assumed_visit: timedelta = timedelta(minutes=60)
    ended_lanes: timedelta = timedelta(hours=3)
    registered_least: int = 1
    registered_binds: bool = False
    read_back_binds: bool = False
    shift_most: timedelta = timedelta(hours=24)
    rest_least: timedelta = timedelta(hours=11)
    assumed_without: timedelta = timedelta(minutes=94)
    stale_fix: timedelta = timedelta(minutes=2)
    lost_van: timedelta = timedelta(minutes=5)
    ended_board: timedelta = timedelta(hours=12)
    longest_hold: timedelta = timedelta(hours=168)
    arrives_within: float = 80.0
    leaves_beyond: float = 200.0
    arrives_silent: timedelta = timedelta(seconds=20)
    welfare_first: timedelta = timedelta(minutes=30)
    welfare_every: timedelta = timedelta(minutes=30)
    welfare_close_first: timedelta = timedelta(minutes=15)
    welfare_close_every: timedelta = timedelta(minutes=15)
    welfare_silent: timedelta = timedelta(minutes=5)
    welfare_lost: timedelta = timedelta(minutes=10)
    backup_within: timedelta = timedelta(hours=26)
    drill_within: timedelta = timedelta(hours=840)
    sealed_within: timedelta = timedelta(minutes=30)
    weigh_fix_after: timedelta = timedelta(minutes=10)
    weigh_old_fix: float = 5.0
    weigh_no_fix: float = 10.0
    weigh_shift_left: timedelta = timedelta(minutes=90)
    weigh_short_shift: float = 15.0
    weigh_meal_within: timedelta = timedelta(minutes=30)
    weigh_meal: float = 4.0
    weigh_livery: float = 8.0
    gain_livery: float = 2.0
    weigh_safer: float = 8.0
    gain_safer: float = 3.0
    weigh_language: float = 8.0
    gain_language: float = 4.0
    weigh_equipment: float = 15.0
    weigh_alone: float = 15.0
    weigh_last_van: float = 3.0
    weigh_cover: float = 3.0
    weigh_cover_over: timedelta = timedelta(minutes=30)


DEFAULTS = Rules()


def rules_of(rows: Iterable[tuple[str, float, str]]) -> Rules:
    """The rules as rows of name, value and unit say them. A newer program's rule is passed over."""
    said = {name: _read(value, unit) for name, value, unit in rows}
    fitting = {
        field.name: said[field.name]
        for field in fields(Rules)
        # Not ``isinstance``, for which a bool is an int.
        if type(said.get(field.name)) is type(getattr(DEFAULTS, field.name))
    }
    return Rules(**fitting)  # type: ignore[arg-type] # each is of the type of its default


def _read(value: float, unit: str) -> float | timedelta | None:
    if unit == "people":
        return int(value)
    if unit == "yes or no":
        return value == 1
    if unit in ("share", "metres", "minutes of travel"):
        return float(value)
    return value * _UNITS[unit] if unit in _UNITS else None
