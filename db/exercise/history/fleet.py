"""The vans of the month before the shift: on duty, at a meal, with somebody, on the way back. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from db.commands import ExtendShift, GoOffDuty, GoOnDuty, MakeAvailable, StartMealBreak, TakeOutOfService
from db.domain.records import Van
from db.exercise.history.clockwork import Clockwork
from db.exercise.history.deeds import Deeds
from db.exercise.history.jobs import Job
from db.exercise.history.rota import RiddenShift
from db.exercise.record import Login
from db.exercise.referrals import minutes
from db.geo.earth import Point

_MEAL_AFTER = (timedelta(hours=3), timedelta(hours=5, minutes=30))
_MEAL = minutes(30)
_LAST_JOB_BEFORE_END = minutes(25)
_BACK_AFTER = minutes(25)
_EXTENDED = timedelta(hours=1)
_CLEANING_ODDS = 0.02
_LATE_TO_DUTY = (0.3, 7.0)
_LATE_HOME = minutes(2)


@dataclass(slots=True)
class Riding:
    """A van, and what it does.

    Attributes:
        post: where it waits, (lat, lon).
        shift: whose shift it is; None while it is off duty.
        busy: it has a job, eats or is out of service.
        place: where it was last, and since when it is free.
        goes_to: where its job leads.
    """

    van: Van
    post: Point
    shift: RiddenShift | None = None
    busy: bool = False
    meal_due: datetime | None = None
    place: tuple[Point, datetime] | None = None
    goes_to: Point | None = None

    def where(self, now: datetime) -> Point:
        """Where it is: back at its post some time after a job."""
        if self.place is None or now - self.place[1] > _BACK_AFTER:
            return self.post
        return self.place[0]

    def may_go(self, now: datetime) -> bool:
        """Whether it may be sent."""
        return self.shift is not None and not self.busy and now < self.shift.ends - _LAST_JOB_BEFORE_END


class PastFleet:
    """All vans, their crews and their meals.

    Args:
        vans: by their place in the rota, with their posts.
        shifts: of each, in the order of time.
        clockwork: what is to come.
        deeds: what is done.
        rng: of the vans alone.
        freed: is told when a van may have become free.
        may_eat: whether nobody with a waiting crew is without a van.
    """

    def __init__(
        self,
        vans: Mapping[int, tuple[Van, Point]],
        shifts: Mapping[int, Sequence[RiddenShift]],
        clockwork: Clockwork,
        deeds: Deeds,
        rng: Random,
        freed: Callable[[datetime], None],
        may_eat: Callable[[], bool],
    ) -> None:
        self.vans = {place: Riding(van, post) for place, (van, post) in vans.items()}
        self._clockwork, self._deeds, self._rng = clockwork, deeds, rng
        self._freed, self._may_eat = freed, may_eat
        self._next = {place: list(reversed(shifts.get(place, ()))) for place in vans}
        for place, riding in self.vans.items():
            self._wait_for_crew(place, riding)

    def free(self, now: datetime) -> list[Riding]:
        """Vans that may be sent, by callsign."""
        return [riding for riding in self.vans.values() if riding.may_go(now)]

    def back(self, riding: Riding, job: Job, place: Point) -> None:
        """A job is over at its time: the van is free, broken, or its crew goes home."""

        def free_again(now: datetime) -> None:
            riding.busy, riding.goes_to = False, None
            riding.place = (place, now)
            if job.broken:
                self._rest(riding, now, "fault", minutes(self._rng.uniform(30, 90)))
            elif self._rng.random() < _CLEANING_ODDS:
                self._rest(riding, now, "cleaning", minutes(self._rng.uniform(10, 25)))
            self._between_jobs(riding, now)

        riding.busy, riding.goes_to = True, place
        self._clockwork.at(job.clear + timedelta(seconds=20), free_again)

    def end(self, now: datetime) -> None:
        """The shifts change: whoever is free goes home, and the next crews come."""
        for riding in self.vans.values():
            if riding.shift is not None and not riding.busy:
                self._deeds.add(now, Login.CREWS, GoOffDuty(van_id=riding.van.id, origin="crew"))

    def places(self, now: datetime) -> dict[UUID, Point]:
        """Where each van is, by its id: with the person of its job, or where :meth:`Riding.where` says."""
        return {one.van.id: one.goes_to or one.where(now) for one in self.vans.values()}

    def _wait_for_crew(self, place: int, riding: Riding) -> None:
        if self._next[place]:
            starts = self._next[place][-1].starts + minutes(self._rng.uniform(*_LATE_TO_DUTY))
            self._clockwork.at(starts, lambda now: self._on_duty(place, riding, now))

    def _on_duty(self, place: int, riding: Riding, now: datetime) -> None:
        if riding.shift is not None:
            # The crew before is still out: this one waits for its van.
            self._clockwork.at(now + minutes(5), lambda later: self._on_duty(place, riding, later))
            return
        duty = self._next[place].pop()
        self._wait_for_crew(place, riding)
        riding.shift, riding.place = duty, None
        riding.meal_due = now + _MEAL_AFTER[0] + (_MEAL_AFTER[1] - _MEAL_AFTER[0]) * self._rng.random()
        command = GoOnDuty(
            van_id=riding.van.id,
            staff_ids=duty.crew,
            planned_end=duty.ends,
            meal_due=riding.meal_due,
            origin="crew",
        )
        self._deeds.add(now, Login.CREWS, command)
        self._clockwork.at(riding.meal_due, lambda then: self._between_jobs(riding, then))
        self._clockwork.at(duty.ends - minutes(5), lambda then: self._nearly_over(riding, duty, then))
        self._clockwork.at(duty.ends, lambda then: self._between_jobs(riding, then))
        self._freed(now)

    def _nearly_over(self, riding: Riding, duty: RiddenShift, now: datetime) -> None:
        """A crew that will not be back in time: the lead puts down when it will."""
        if riding.busy and riding.shift is duty and self._rng.random() < 0.6:
            extend = ExtendShift(van_id=riding.van.id, planned_end=duty.ends + _EXTENDED)
            self._deeds.add(now, Login.LEAD, extend)

    def _between_jobs(self, riding: Riding, now: datetime) -> None:
        if riding.busy or riding.shift is None:
            return
        if now >= riding.shift.ends:
            riding.busy = True
            self._clockwork.at(now + _LATE_HOME, lambda then: self._home(riding, then))
        elif riding.meal_due is not None and riding.meal_due <= now:
            self._eat(riding, now)
        else:
            self._freed(now)

    def _home(self, riding: Riding, now: datetime) -> None:
        riding.busy, riding.shift = False, None
        self._deeds.add(now, Login.CREWS, GoOffDuty(van_id=riding.van.id, origin="crew"))

    def _eat(self, riding: Riding, now: datetime) -> None:
        if not self._may_eat():
            self._clockwork.at(now + minutes(10), lambda then: self._between_jobs(riding, then))
            self._freed(now)
            return
        riding.meal_due = None
        riding.busy = True
        at, until = now + timedelta(seconds=30), now + _MEAL
        self._deeds.add(at, Login.CREWS, StartMealBreak(van_id=riding.van.id, until=until, origin="crew"))
        self._available(riding, until)

    def _rest(self, riding: Riding, now: datetime, reason: str, span: timedelta) -> None:
        riding.busy = True
        out = TakeOutOfService(van_id=riding.van.id, reason=reason, origin="crew")
        self._deeds.add(now + timedelta(seconds=10), Login.CREWS, out)
        self._available(riding, now + span)

    def _available(self, riding: Riding, at: datetime) -> None:
        def again(now: datetime) -> None:
            riding.busy = False
            self._deeds.add(now, Login.CREWS, MakeAvailable(van_id=riding.van.id, origin="crew"))
            self._between_jobs(riding, now + timedelta(seconds=5))

        self._clockwork.at(at, again)
