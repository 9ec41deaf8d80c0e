"""What a month is like: how busy its days are, when its bad week is, and who rings twice. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from db.domain.clocks import local
from db.exercise.referrals import SCALE, Arrival, ReferralGenerator, minutes
from db.exercise.scenario import Scenario, seeded_random

DAYS_A_WEEK = 7
# Of the rates of the scenario, which are those of a busy evening; Monday first.
_WEEKDAYS = (0.64, 0.62, 0.65, 0.68, 0.78, 0.82, 0.71)
_BUSIER = 1.2
"""In the bad week a few more ring in, too."""
_QUIET_BEFORE = timedelta(minutes=75)
_BAD_FROM = 0.55
_AGAIN_ODDS = 0.07
_AGAIN_HOURS = (5, 66)


@dataclass(frozen=True, slots=True)
class Month:
    """The days before a shift.

    Attributes:
        until: when the shift's own time before begins, UTC.
        days: how many there are, 1 to 60.
        seed: the shift's number.
        intensity: multiplies the usual number of referrals.
    """

    until: datetime
    days: int
    seed: int = 1
    intensity: float = 1.0

    @property
    def begins(self) -> datetime:
        """When the first one begins, UTC."""
        return self.until - timedelta(days=self.days)

    @property
    def bad_week(self) -> tuple[date, ...]:
        """Seven days on end on which two vans fewer are there; none in less than three weeks."""
        if self.days < 3 * DAYS_A_WEEK:
            return ()
        first = local(self.begins).date() + timedelta(days=int(self.days * _BAD_FROM))
        return tuple(first + timedelta(days=day) for day in range(DAYS_A_WEEK))


def moments(month: Month, scenario: Scenario) -> Iterator[datetime]:
    """When calls come in, UTC: by the rates of the local hour and the day of the week.

    The last hour and a quarter stays quiet: whoever comes in to the shift finds the board that was meant for it.
    """
    rng = seeded_random(month.seed, "history moments")
    highest = max(scenario.rates) * max(_WEEKDAYS) * _BUSIER
    at = month.begins
    while True:
        at += timedelta(hours=rng.expovariate(highest * month.intensity))
        if at >= month.until - _QUIET_BEFORE:
            return
        there = local(at)
        # Thinning: calls at the highest rate of the week, of which each hour keeps its share.
        busy = _WEEKDAYS[there.weekday()] * (_BUSIER if there.date() in month.bad_week else 1)
        if rng.random() * highest < scenario.rates[there.hour] * busy:
            yield at


def arrivals(month: Month, scenario: Scenario, generator: ReferralGenerator) -> list[Arrival]:
    """Everybody who rings in, oldest first; of some it is the second time within three days."""
    rng = seeded_random(month.seed, "history again")
    found: list[Arrival] = []
    for number, at in enumerate(moments(month, scenario)):
        one = generator.arrival(f"history {number}", at)
        found.append(one)
        if rng.random() < _AGAIN_ODDS:
            again = _again(rng, month, generator, one, number)
            found += [again] if again is not None else []
    return sorted(found, key=lambda one: one.at)


def _again(rng: Random, month: Month, generator: ReferralGenerator, one: Arrival, number: int) -> Arrival | None:
    """The same person rings once more, from the same place."""
    at = one.at + timedelta(hours=rng.uniform(*_AGAIN_HOURS))
    if at >= month.until - _QUIET_BEFORE:
        return None
    # By whom they were known before they may be known again: a name with a birth, or a number.
    who = one.details.patient
    if who.nhs_number is None and (who.name is None or who.born is None):
        return None
    new = generator.arrival(f"history again {number}", at, "hub", plain=True)
    details = replace(
        new.details,
        patient=one.details.patient,
        location=one.details.location,
        call_back=one.details.call_back,
        narrative=f"Known from this week. {new.details.narrative}",
        priority="P2",
        triage_scale=SCALE["P2"],
    )
    return replace(new, details=details, course=replace(new.course, patience=minutes(60 * 72)))
