"""Autopilot of duty: crews come on, eat, and go home."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from db.commands import GoOffDuty, GoOnDuty, MakeAvailable, StartMealBreak
from db.domain.records import Shift, StaffMember, Van
from db.domain.states import DutyStatus, ReferralState
from db.exercise.record import Hand, Order
from db.exercise.view import View

_CREW = 2
_SHIFT = timedelta(hours=11)
_STAGGER = timedelta(minutes=25)
_MEAL_AFTER = timedelta(hours=3)
_MEAL = timedelta(minutes=30)


class Rosters:
    """Puts crews on vans and takes them off.

    Args:
        staff: everybody who rides, by name.
        fill: whether vans that are off duty get a crew at the first look; later ones only in relief.
    """

    def __init__(self, staff: tuple[StaffMember, ...], *, fill: bool) -> None:
        self._staff = staff
        self._fill = fill
        self._relieved: set[UUID] = set()

    def orders(self, view: View, now: datetime) -> Iterator[Order]:
        """What is due by now, at most one thing a van."""
        busy = {member for shift in view.shifts.values() for member in shift.staff_ids}
        free = [member.id for member in self._staff if member.id not in busy]
        for place, van in enumerate(view.vans.values()):
            shift = view.shifts.get(van.id)
            if van.duty_status is DutyStatus.OFF_DUTY:
                if (self._fill or van.id in self._relieved) and len(free) >= _CREW:
                    crew, free = tuple(free[:_CREW]), free[_CREW:]
                    self._relieved.discard(van.id)
                    yield _on_duty(van, crew, place, now)
            elif shift is not None and van.id not in view.jobs:
                yield from self._between_jobs(view, van, shift, now)
        self._fill = False

    def _between_jobs(self, view: View, van: Van, shift: Shift, now: datetime) -> Iterator[Order]:
        if van.duty_status is DutyStatus.MEAL_BREAK:
            if shift.meal_until_at is not None and shift.meal_until_at <= now:
                yield Order(Hand.CREWS, MakeAvailable(van_id=van.id, origin="crew"))
        elif van.duty_status is DutyStatus.AVAILABLE and shift.planned_end_at <= now:
            self._relieved.add(van.id)
            yield Order(Hand.CREWS, GoOffDuty(van_id=van.id, origin="crew"))
        elif van.duty_status is DutyStatus.AVAILABLE and _may_eat(view, shift, now):
            yield Order(Hand.CREWS, StartMealBreak(van_id=van.id, until=now + _MEAL, origin="crew"))


def _may_eat(view: View, shift: Shift, now: datetime) -> bool:
    """Whether a meal is due and nobody with a waiting crew is without a van."""
    due = shift.meal_due_at is not None and shift.meal_due_at <= now and shift.meal_until_at is None
    unsent = {ReferralState.RECEIVED, ReferralState.ACCEPTED}
    waiting = any(
        one.state in unsent and one.priority == "P1" for one in view.open_referrals() if not one.on_hold(now)
    )
    return due and not waiting


def _on_duty(van: Van, crew: tuple[UUID, ...], place: int, now: datetime) -> Order:
    later = _STAGGER * place
    command = GoOnDuty(
        van_id=van.id,
        staff_ids=crew,
        planned_end=now + _SHIFT + later,
        meal_due=now + _MEAL_AFTER + later,
        origin="crew",
    )
    return Order(Hand.CREWS, command)
