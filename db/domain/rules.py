"""Numbers that the program goes by and a trust sets: rows with an author and a date (``cru.rule``)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import timedelta

_UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}


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
        shift_most: how long a shift may be; the record refuses a longer one.
        rest_least: how long somebody rests at least between two shifts before the rota says so.
        assumed_without: how long an ambulance crew is assumed to stay where this service does not come; the record
            goes by it in the hours given back.
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
    shift_most: timedelta = timedelta(hours=24)
    rest_least: timedelta = timedelta(hours=11)
    assumed_without: timedelta = timedelta(minutes=94)


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
    if unit == "share":
        return float(value)
    return value * _UNITS[unit] if unit in _UNITS else None
