"""Autopilot of the crews: duty and meals, and what each one does next, read off the record as it stands.

Nothing is planned ahead: whoever changed the record, the next look at it decides anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from db.commands import (
    Command,
    ExpectHandover,
    GoOffDuty,
    GoOnDuty,
    MakeAvailable,
    MoveHandover,
    RefuseHandover,
    StartMealBreak,
    Step,
)
from db.domain.party import Party
from db.domain.records import Assignment, Handover, Referral, Shift, StaffMember, Van
from db.domain.reference import ReferenceData
from db.domain.situation import Facts
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState
from db.exercise.driving import Driver
from db.exercise.people import read_back_due, word_due
from db.exercise.record import DueCommand, Login, Snapshot
from db.exercise.referrals import ReferralCourse, ReferralCourses
from db.exercise.scenario import Waypoints
from db.geo.earth import Point

_CREW = 2
_SHIFT = timedelta(hours=11)
_STAGGER = timedelta(minutes=25)
_MEAL_AFTER = timedelta(hours=3)
_MEAL = timedelta(minutes=30)
_PENDING = frozenset({HandoverState.EXPECTED, HandoverState.STARTED, HandoverState.ACCEPTED})
_OURS = "CRU"
_WITHOUT_DEVICE = timedelta(minutes=20)
_LEAVES_AFTER = timedelta(minutes=2)
_WELCOME = timedelta(minutes=3)
_ACCEPTS_AFTER = timedelta(minutes=9)
_FREE_AFTER = timedelta(minutes=4)


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

    def commands_due(self, snapshot: Snapshot, now: datetime) -> Iterator[DueCommand]:
        """What is due by now, at most one thing a van."""
        busy = {member for shift in snapshot.shifts.values() for member in shift.staff_ids}
        free = [member.id for member in self._staff if member.id not in busy]
        for place, van in enumerate(snapshot.vans.values()):
            shift = snapshot.shifts.get(van.id)
            if van.duty_status is DutyStatus.OFF_DUTY:
                if (self._fill or van.id in self._relieved) and len(free) >= _CREW:
                    crew = self._pair(free)
                    free = [member for member in free if member not in crew]
                    self._relieved.discard(van.id)
                    yield _on_duty(van, crew, place, now)
            elif shift is not None and van.id not in snapshot.jobs:
                yield from self._between_jobs(snapshot, van, shift, now)
        # Once only: afterwards a van is off duty because somebody sent its crew home.
        self._fill = False

    def _pair(self, free: Sequence[UUID]) -> tuple[UUID, ...]:
        """Two who are free, a registered clinician first wherever there is one."""
        registered = {member.id for member in self._staff if member.registered}
        first = next((member for member in free if member in registered), free[0])
        return first, *[member for member in free if member != first][: _CREW - 1]

    def _between_jobs(self, snapshot: Snapshot, van: Van, shift: Shift, now: datetime) -> Iterator[DueCommand]:
        if van.duty_status is DutyStatus.MEAL_BREAK:
            if shift.meal_until_at is not None and shift.meal_until_at <= now:
                yield DueCommand(Login.CREWS, MakeAvailable(van_id=van.id, origin="crew"))
        elif van.duty_status is DutyStatus.AVAILABLE and shift.planned_end_at <= now:
            self._relieved.add(van.id)
            yield DueCommand(Login.CREWS, GoOffDuty(van_id=van.id, origin="crew"))
        elif van.duty_status is DutyStatus.AVAILABLE and _may_eat(snapshot, shift, now):
            yield DueCommand(Login.CREWS, StartMealBreak(van_id=van.id, until=now + _MEAL, origin="crew"))


def _may_eat(snapshot: Snapshot, shift: Shift, now: datetime) -> bool:
    """Whether a meal is due and nobody with a waiting crew is without a van."""
    due = shift.meal_due_at is not None and shift.meal_due_at <= now and shift.meal_until_at is None
    unsent = {ReferralState.RECEIVED, ReferralState.ACCEPTED}
    waiting = any(
        one.state in unsent and one.priority == "P1" for one in snapshot.open_referrals() if not one.on_hold(now)
    )
    return due and not waiting


def _on_duty(van: Van, crew: tuple[UUID, ...], place: int, now: datetime) -> DueCommand:
    # One after the other, or every crew would eat and go home at the same time.
    later = _STAGGER * place
    command = GoOnDuty(
        van_id=van.id,
        staff_ids=crew,
        planned_end=now + _SHIFT + later,
        meal_due=now + _MEAL_AFTER + later,
        origin="crew",
    )
    return DueCommand(Login.CREWS, command)


class Crews:
    """Plays every crew that has a job.

    Args:
        courses: how each referral goes.
        drivers: the vans' whereabouts, by van.
        waypoints: destinations and places to wait.
        reference: configured data.
    """

    def __init__(
        self,
        courses: ReferralCourses,
        drivers: Mapping[UUID, Driver],
        waypoints: Waypoints,
        reference: ReferenceData,
    ) -> None:
        self._reference = reference
        self._courses = courses
        self._drivers = drivers
        self._waypoints = waypoints
        self._noticed: dict[UUID, datetime] = {}

    def commands_due(self, snapshot: Snapshot, now: datetime) -> Iterator[DueCommand]:
        """What the crews do by now, at most one step of each job."""
        # When a crew heard of its job, and not when it was allocated: of one that a person gave it, it hears at
        # the next look.
        self._noticed = {job.id: self._noticed.get(job.id, now) for job in snapshot.jobs.values()}
        for van_id in snapshot.vans:
            job = snapshot.jobs.get(van_id)
            if job is not None and job.referral_id in snapshot.referrals:
                yield from self._on_job(snapshot, job, now)
            elif van_id in self._drivers:
                self._drivers[van_id].drive_to(self._waypoints.standby[van_id], now)

    def _on_job(self, snapshot: Snapshot, job: Assignment, now: datetime) -> Iterator[DueCommand]:
        for command in self._commands(snapshot, job, now):
            yield DueCommand(Login.CREWS, command)

    def _commands(self, snapshot: Snapshot, job: Assignment, now: datetime) -> Iterator[Command]:
        referral = snapshot.referrals[job.referral_id]
        course = self._courses.of(referral)
        yield from self._read_back(snapshot, job, referral, now)
        shift = snapshot.shifts.get(job.van_id)
        aboard = len(shift.staff_ids) if shift is not None else 0
        yield from word_due(job, referral, snapshot.people, aboard, self._reference, now)
        leads = self._leads(snapshot, job)
        if leads:
            yield from self._handover_in(snapshot, job, course, now)
        step = self._next_step(snapshot, job, referral, course, now)
        if step is None:
            return
        # The link is named before the van drives, so that the board says to whom it goes.
        if step.to is AssignmentState.CONVEYING and leads:
            yield ExpectHandover(
                referral_id=referral.id, from_party=_OURS, to_party=step.destination, origin="crew"
            )
        yield step

    def _read_back(
        self, snapshot: Snapshot, job: Assignment, referral: Referral, now: datetime
    ) -> Iterator[Command]:
        shift, staff = snapshot.shifts.get(job.van_id), self._reference.staff
        crew = [staff[key] for key in shift.staff_ids if key in staff] if shift is not None else []
        screening = next(reversed(snapshot.screenings.get(referral.id, ())), None)
        facts = Facts(referral, snapshot.assignments[referral.id], snapshot.handovers.get(referral.id, ()))
        yield from read_back_due(job, facts, screening, crew, snapshot.people, self._reference, now)

    def _leads(self, snapshot: Snapshot, job: Assignment) -> bool:
        """Whether this crew is the one that speaks for the CRU where several are on scene."""
        there = [other for other in snapshot.assignments[job.referral_id] if other.is_open and other.is_at_scene]
        return bool(there) and there[0].id == job.id

    def _next_step(
        self, snapshot: Snapshot, job: Assignment, referral: Referral, course: ReferralCourse, now: datetime
    ) -> Step | None:
        match job.state:
            case AssignmentState.ALLOCATED:
                due = max(self._noticed[job.id] + course.acknowledge, job.times[AssignmentState.ALLOCATED])
                return self._step(job, AssignmentState.ACKNOWLEDGED, due, now)
            case AssignmentState.ACKNOWLEDGED:
                return self._step(job, AssignmentState.MOBILE, self._since(job, now) + course.turnout, now)
            case AssignmentState.MOBILE | AssignmentState.AT_RENDEZVOUS:
                there = self._arrival(job, self._courses.scene(referral), now)
                return self._step(job, AssignmentState.ON_SCENE, there, now)
            case AssignmentState.ON_SCENE:
                return self._at_the_door(snapshot, job, course, now)
            case AssignmentState.WITH_PATIENT:
                return self._with_patient(snapshot, job, course, now)
            case AssignmentState.CONVEYING:
                place = self._waypoints.destinations.get(job.destination, self._courses.scene(referral))
                return self._step(job, AssignmentState.AT_DESTINATION, self._arrival(job, place, now), now)
            case AssignmentState.AT_DESTINATION:
                return self._at_destination(snapshot, job, now)
            case _:
                return None

    def _step(
        self, job: Assignment, to: AssignmentState, due: datetime, now: datetime, destination: str = ""
    ) -> Step | None:
        if due > now:
            return None
        # What a dispatcher recorded meanwhile comes first.
        at = max(due, *job.times.values())
        return Step(assignment_id=job.id, to=to, at=at, destination=destination, origin="crew")

    def _since(self, job: Assignment, now: datetime) -> datetime:
        """When the job came to the state it is in. A step that a dispatcher skipped has no time: then now."""
        return job.times.get(job.state, now)

    def _arrival(self, job: Assignment, place: Point, now: datetime) -> datetime:
        driver = self._drivers.get(job.van_id)
        # A van that joined the fleet during the shift has no device here: it gets there all the same.
        return driver.drive_to(place, now) if driver else self._since(job, now) + _WITHOUT_DEVICE

    def _at_the_door(
        self, snapshot: Snapshot, job: Assignment, course: ReferralCourse, now: datetime
    ) -> Step | None:
        refused = _refused(_incoming(snapshot, job.referral_id))
        if refused is not None:
            return self._step(job, AssignmentState.CLEAR, refused + _LEAVES_AFTER, now)
        return self._step(job, AssignmentState.WITH_PATIENT, self._since(job, now) + course.doorstep, now)

    def _with_patient(
        self, snapshot: Snapshot, job: Assignment, course: ReferralCourse, now: datetime
    ) -> Step | None:
        incoming = _incoming(snapshot, job.referral_id)
        refused = _refused(incoming)
        if refused is not None:
            return self._step(job, AssignmentState.CLEAR, refused + _LEAVES_AFTER, now)
        # Until the other crew is released it is still there, and ours does not drive off.
        if incoming is not None and incoming.state in _PENDING:
            return None
        due = self._since(job, now) + course.support
        taken_to = self._waypoints.of_kind(course.conveys_to, self._place(job, now))
        if taken_to and self._leads(snapshot, job):
            return self._step(job, AssignmentState.CONVEYING, due, now, taken_to)
        return self._step(job, AssignmentState.CLEAR, due, now)

    def _place(self, job: Assignment, now: datetime) -> Point:
        driver = self._drivers.get(job.van_id)
        return driver.place(now) if driver else (0.0, 0.0)

    def _at_destination(self, snapshot: Snapshot, job: Assignment, now: datetime) -> Step | None:
        ours = _outgoing(snapshot, job.referral_id)
        if ours is not None and ours.state in {HandoverState.EXPECTED, HandoverState.STARTED}:
            return None
        return self._step(job, AssignmentState.CLEAR, self._since(job, now) + _ACCEPTS_AFTER + _FREE_AFTER, now)

    def _handover_in(
        self, snapshot: Snapshot, job: Assignment, course: ReferralCourse, now: datetime
    ) -> Iterator[Command]:
        """The link in hand: from the waiting crew on scene, or to the destination."""
        incoming = _incoming(snapshot, job.referral_id)
        if incoming is not None and incoming.state in _PENDING:
            yield from self._take_over(incoming, job, course, now)
        outgoing = _outgoing(snapshot, job.referral_id)
        if outgoing is not None and job.state is AssignmentState.AT_DESTINATION:
            yield from self._give_over(outgoing, job, now)

    def _take_over(
        self, link: Handover, job: Assignment, course: ReferralCourse, now: datetime
    ) -> Iterator[MoveHandover | RefuseHandover]:
        arrived = job.times.get(AssignmentState.ON_SCENE, self._since(job, now))
        started = link.times.get(HandoverState.STARTED, arrived)
        if link.state is HandoverState.STARTED and course.refuses and started + course.accept <= now:
            yield RefuseHandover(handover_id=link.id, reason="physical_need", origin="crew")
        elif link.state is HandoverState.EXPECTED:
            yield from _move(link, HandoverState.STARTED, arrived + course.brief, now)
        elif link.state is HandoverState.STARTED:
            yield from _move(link, HandoverState.ACCEPTED, started + course.accept, now)
        else:
            accepted = link.times.get(HandoverState.ACCEPTED, arrived)
            yield from _move(link, HandoverState.RELEASED, accepted + course.release, now)

    def _give_over(self, link: Handover, job: Assignment, now: datetime) -> Iterator[MoveHandover]:
        arrived = self._since(job, now)
        if link.state is HandoverState.EXPECTED:
            yield from _move(link, HandoverState.STARTED, arrived + _WELCOME, now)
        elif link.state is HandoverState.STARTED:
            yield from _move(link, HandoverState.ACCEPTED, arrived + _ACCEPTS_AFTER, now)
        elif link.state is HandoverState.ACCEPTED:
            yield from _move(link, HandoverState.RELEASED, arrived + _ACCEPTS_AFTER + _LEAVES_AFTER, now)


def _move(link: Handover, to: HandoverState, due: datetime, now: datetime) -> Iterator[MoveHandover]:
    if due <= now:
        yield MoveHandover(handover_id=link.id, to=to, at=max(due, *link.times.values()), origin="crew")


def _incoming(snapshot: Snapshot, referral_id: UUID) -> Handover | None:
    """The last link that leads to the CRU."""
    links = [link for link in snapshot.handovers.get(referral_id, ()) if link.to_kind is Party.CRU]
    return links[-1] if links else None


def _outgoing(snapshot: Snapshot, referral_id: UUID) -> Handover | None:
    """The last link that leads from the CRU."""
    links = [link for link in snapshot.handovers.get(referral_id, ()) if link.from_kind is Party.CRU]
    return links[-1] if links else None


def _refused(link: Handover | None) -> datetime | None:
    return link.times.get(HandoverState.REFUSED) if link is not None else None
