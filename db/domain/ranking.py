"""Which van should go: minutes first, then what speaks for and against each, in words a person can argue with.

The order is by *effective minutes*: travel time, plus a documented number of minutes for each thing that speaks
against a van, less a few for what speaks for it (:class:`Weights`). The minutes shown are never the weighted ones.
A van that cannot be sent is listed last, with the reason; of those, first who is likely to be free and here first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from db.domain.clocks import ResponseClock, age_in_words, in_words, local_time, shifted
from db.domain.holding import PredictedRelease
from db.domain.reasons import Reason, ReasonTone, Weights, weights_of
from db.domain.records import Assignment, Position, Shift, StaffMember, Van
from db.domain.reference import in_plain_words
from db.domain.rules import DEFAULTS, Rules
from db.domain.situation import late_by, late_words
from db.domain.states import AssignmentState, DutyStatus
from db.domain.suiting import Asked, suits, too_few

Method = Literal["road", "estimate"]
NO_MINUTES = 600.0
"""Effective minutes of a van of which nobody knows where it is: behind every van with a known place."""


@dataclass(frozen=True, slots=True)
class Trip:
    """How long a van takes. ``from_base``: it has no fix, so it is taken to stand at its base."""

    minutes: float
    method: Method
    from_base: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A van and what is known about it now.

    Attributes:
        crew: who rides in it.
        job: its open assignment.
        job_reference: the short reference of that job.
        clear: when it is predicted to be clear of that job, if anybody can say.
        trip: travel to the scene; None if the scene or the van is not on the map.
        cover: minutes that a town waits for the next free van if this one goes; None where none waits for it.
        cover_of: which town.
    """

    van: Van
    shift: Shift | None = None
    crew: Sequence[StaffMember] = ()
    position: Position | None = None
    job: Assignment | None = None
    job_reference: str = ""
    clear: PredictedRelease | None = None
    trip: Trip | None = None
    cover: float | None = None
    cover_of: str = ""


@dataclass(frozen=True, slots=True)
class RankedVan:
    """A van's place in the list.

    Attributes:
        minutes: travel time as it is, in minutes.
        method: along the roads, or estimated from the distance.
        reasons: what speaks for and against it, what weighs most first.
        excluded: why it cannot be sent; empty for a van that can.
    """

    van_id: UUID
    callsign: str
    minutes: float | None
    method: Method | None
    reasons: tuple[Reason, ...] = ()
    excluded: str = ""
    effective: float = field(default=NO_MINUTES, compare=False)


def rank(
    asked: Asked,
    candidates: Sequence[Candidate],
    now: datetime,
    weights: Weights | None = None,
    clock: ResponseClock | None = None,
) -> list[RankedVan]:
    """Vans that can go, best first; then those left out, soonest free first, with why.

    ``asked`` is what matters about the person.

    With the response clock each van that would miss it says by how much; the order is by minutes all the same.
    Equal vans are ordered by plain minutes, then by callsign, so that the list never shuffles by itself.
    """
    scales = weights or weights_of(asked.rules)
    # Of all first: whether a van is the last free one is told by the others.
    free = [one.van.id for one in candidates if not exclusion(one, now, asked.rules)]
    ranked = [
        _told_late(_ranked(asked, one, now, scales, alone=free == [one.van.id]), now, clock) for one in candidates
    ]
    return sorted(ranked, key=_order)


def _order(one: RankedVan) -> tuple[bool, float, float, int, str]:
    minutes = NO_MINUTES if one.minutes is None else one.minutes
    # The length of the callsign goes first, so that CRU10 stands behind CRU9.
    if one.excluded:
        return True, one.effective, 0.0, len(one.callsign), one.callsign
    return False, one.effective, minutes, len(one.callsign), one.callsign


def _ranked(asked: Asked, one: Candidate, now: datetime, weights: Weights, *, alone: bool) -> RankedVan:
    minutes = one.trip.minutes if one.trip is not None else None
    method = one.trip.method if one.trip is not None else None
    left_out = exclusion(one, now, asked.rules)
    if left_out:
        soon = _soon_there(one, now)
        return RankedVan(one.van.id, one.van.callsign, minutes, method, (), left_out, soon)
    reasons = sorted(_reasons(asked, one, now, weights, alone=alone), key=_loudness)
    effective = (NO_MINUTES if minutes is None else minutes) + sum(reason.cost for reason in reasons)
    return RankedVan(one.van.id, one.van.callsign, minutes, method, tuple(reasons), "", effective)


def _told_late(one: RankedVan, now: datetime, clock: ResponseClock | None) -> RankedVan:
    if clock is None or one.minutes is None or one.excluded:
        return one
    late = late_by(clock, shifted(now, timedelta(minutes=one.minutes)))
    if late is None:
        return one
    return replace(one, reasons=(Reason(late_words(late), ReasonTone.WARN), *one.reasons))


def _loudness(reason: Reason) -> tuple[int, float]:
    return {ReasonTone.WARN: 0, ReasonTone.GOOD: 1, ReasonTone.NEUTRAL: 2}[reason.tone], -abs(reason.cost)


def predicted_clear(
    job: Assignment, eta: datetime | None, now: datetime, visit: timedelta = DEFAULTS.assumed_visit
) -> datetime | None:
    """When a van on a job is likely to be free: an assumed visit after arrival; None if arrival is not known.

    Args:
        job: its assignment.
        eta: when it is expected on scene, UTC, if it is on its way.
        now: a prediction never lies before this.
        visit: how long a crew is assumed to stay.
    """
    there = job.times.get(AssignmentState.WITH_PATIENT) or job.times.get(AssignmentState.ON_SCENE) or eta
    return max(shifted(there, visit), now) if there is not None else None


def exclusion(one: Candidate, now: datetime, rules: Rules = DEFAULTS) -> str:
    """Why a van cannot be sent, in a few words; empty for one that can."""
    if one.van.emergency_at is not None:
        return "emergency"
    if one.job is not None:
        job = f"on {one.job_reference}" if one.job_reference else "on a job"
        return f"{job}, {one.job.state}{_free(one.clear, now)}"
    if one.van.duty_status is DutyStatus.MEAL_BREAK:
        until = one.shift.meal_until_at if one.shift else None
        return f"meal break until {local_time(until, now)}" if until else "meal break"
    if one.van.duty_status is DutyStatus.OUT_OF_SERVICE:
        why = in_plain_words(one.van.duty_reason)
        return f"out of service: {why}" if why else "out of service"
    if one.van.duty_status is not DutyStatus.AVAILABLE:
        return str(one.van.duty_status)
    return too_few(one.crew, rules) if rules.registered_binds else ""


def _free(clear: PredictedRelease | None, now: datetime) -> str:
    if clear is None:
        return ""
    sure = f", from {clear.band.n} {clear.band.of}" if clear.band is not None else " (assumed)"
    return f", free about {local_time(clear.at, now)}{sure}"


def _soon_there(one: Candidate, now: datetime) -> float:
    """Minutes until a van on a job may be here: its job first, then the way; far off where nobody can say."""
    if one.clear is None or one.van.emergency_at is not None:
        return NO_MINUTES
    way = one.trip.minutes if one.trip is not None else 0.0
    return min(NO_MINUTES, (one.clear.at - now) / timedelta(minutes=1) + way)


def _reasons(asked: Asked, one: Candidate, now: datetime, weights: Weights, *, alone: bool) -> Iterator[Reason]:
    yield from _where(one, now, weights)
    yield from _crew_time(one, now, weights)
    yield from suits(asked, one.van, one.crew, weights)
    yield from _cover(one, weights, alone=alone)
    if one.van.equipment:
        yield Reason(", ".join(one.van.equipment))


def _where(one: Candidate, now: datetime, weights: Weights) -> Iterator[Reason]:
    if one.position is None:
        where = f"no fix, from its base {one.van.base}" if one.trip is not None else "no fix"
        yield Reason(where, ReasonTone.WARN, weights.no_fix)
        return
    age = now - one.position.fixed_at
    if age > weights.fix_old:
        yield Reason(f"fix {age_in_words(age)} old", ReasonTone.WARN, weights.old_fix)
    elif age > weights.fix_fresh:
        yield Reason(f"fix {age_in_words(age)} old", ReasonTone.WARN)
    else:
        yield Reason(f"fix {age_in_words(age)}")


def _crew_time(one: Candidate, now: datetime, weights: Weights) -> Iterator[Reason]:
    if one.shift is None:
        return
    left = one.shift.planned_end_at - now
    # Told and weighed, and no reason to leave it out: it may be the only van that there is.
    if left <= timedelta(0):
        yield Reason("shift is over", ReasonTone.WARN, weights.short_shift)
    elif left < weights.shift_needs:
        yield Reason(f"shift ends in {in_words(left)}", ReasonTone.WARN, weights.short_shift)
    meal = one.shift.meal_due_at
    # One that was taken has an end, and is not due any more.
    if meal is not None and one.shift.meal_until_at is None and meal - now < weights.meal_within:
        due = f"meal break due {local_time(meal, now)}" if meal > now else "meal break overdue"
        yield Reason(due, ReasonTone.WARN, weights.meal_soon)


def _cover(one: Candidate, weights: Weights, *, alone: bool) -> Iterator[Reason]:
    if alone:
        yield Reason("last free van", ReasonTone.WARN, weights.last_van)
    elif one.cover is not None and one.cover > weights.thin_minutes:
        waits = in_words(timedelta(minutes=round(one.cover)))
        text = f"if {one.van.callsign} goes, {one.cover_of or one.van.base} waits {waits}"
        yield Reason(text, ReasonTone.WARN, weights.thin_cover)
