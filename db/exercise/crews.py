"""Autopilot of the crews: what each one does next, read off the record as it stands.

Nothing is planned ahead: whoever changed the record, the next look at it decides anew.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from db.commands import Command, ExpectHandover, MoveHandover, RefuseHandover, Step
from db.domain.party import Party
from db.domain.records import Assignment, Handover, Referral
from db.domain.states import AssignmentState, HandoverState
from db.exercise.drive import Driver
from db.exercise.geography import Geography
from db.exercise.orders import Hand, Order
from db.exercise.stories import Stories
from db.exercise.view import View
from db.exercise.world import Story
from db.geo.earth import Point

_PENDING = frozenset({HandoverState.EXPECTED, HandoverState.STARTED, HandoverState.ACCEPTED})
_OURS = "CRU"
_WITHOUT_DEVICE = timedelta(minutes=20)
_LEAVES_AFTER = timedelta(minutes=2)
_WELCOME = timedelta(minutes=3)
_ACCEPTS_AFTER = timedelta(minutes=9)
_FREE_AFTER = timedelta(minutes=4)


class Crews:
    """Plays every crew that has a job.

    Args:
        stories: how each referral goes.
        drivers: the vans' whereabouts, by van.
        geography: destinations and places to wait.
    """

    def __init__(self, stories: Stories, drivers: Mapping[UUID, Driver], geography: Geography) -> None:
        self._stories = stories
        self._drivers = drivers
        self._geography = geography
        self._noticed: dict[UUID, datetime] = {}

    def orders(self, view: View, now: datetime) -> Iterator[Order]:
        """What the crews do by now, at most one step of each job."""
        self._noticed = {job.id: self._noticed.get(job.id, now) for job in view.jobs.values()}
        for van_id in view.vans:
            job = view.jobs.get(van_id)
            if job is not None and job.referral_id in view.referrals:
                yield from self._on_job(view, job, now)
            elif van_id in self._drivers:
                self._drivers[van_id].drive_to(self._geography.standby[van_id], now)

    def _on_job(self, view: View, job: Assignment, now: datetime) -> Iterator[Order]:
        for command in self._commands(view, job, now):
            yield Order(Hand.CREWS, command)

    def _commands(self, view: View, job: Assignment, now: datetime) -> Iterator[Command]:
        referral = view.referrals[job.referral_id]
        story = self._stories.of(referral)
        leads = self._leads(view, job)
        if leads:
            yield from self._handover_in(view, job, story, now)
        step = self._next_step(view, job, referral, story, now)
        if step is None:
            return
        if step.to is AssignmentState.CONVEYING and leads:
            yield ExpectHandover(
                referral_id=referral.id, from_party=_OURS, to_party=step.destination, origin="crew"
            )
        yield step

    def _leads(self, view: View, job: Assignment) -> bool:
        """Whether this crew is the one that speaks for the CRU where several are on scene."""
        there = [other for other in view.assignments[job.referral_id] if other.is_open and other.is_at_scene]
        return bool(there) and there[0].id == job.id

    def _next_step(
        self, view: View, job: Assignment, referral: Referral, story: Story, now: datetime
    ) -> Step | None:
        match job.state:
            case AssignmentState.ALLOCATED:
                due = max(self._noticed[job.id] + story.acknowledge, job.times[AssignmentState.ALLOCATED])
                return self._step(job, AssignmentState.ACKNOWLEDGED, due, now)
            case AssignmentState.ACKNOWLEDGED:
                return self._step(job, AssignmentState.MOBILE, self._since(job, now) + story.turnout, now)
            case AssignmentState.MOBILE | AssignmentState.AT_RENDEZVOUS:
                there = self._arrival(job, self._stories.scene(referral), now)
                return self._step(job, AssignmentState.ON_SCENE, there, now)
            case AssignmentState.ON_SCENE:
                return self._at_the_door(view, job, story, now)
            case AssignmentState.WITH_PATIENT:
                return self._with_patient(view, job, story, now)
            case AssignmentState.CONVEYING:
                place = self._geography.destinations.get(job.destination, self._stories.scene(referral))
                return self._step(job, AssignmentState.AT_DESTINATION, self._arrival(job, place, now), now)
            case AssignmentState.AT_DESTINATION:
                return self._at_destination(view, job, now)
            case _:
                return None

    def _step(
        self, job: Assignment, to: AssignmentState, due: datetime, now: datetime, destination: str = ""
    ) -> Step | None:
        if due > now:
            return None
        return Step(assignment_id=job.id, to=to, at=due, destination=destination, origin="crew")

    def _since(self, job: Assignment, now: datetime) -> datetime:
        """When the job came to the state it is in. A step that a dispatcher skipped has no time: then now."""
        return job.times.get(job.state, now)

    def _arrival(self, job: Assignment, place: Point, now: datetime) -> datetime:
        driver = self._drivers.get(job.van_id)
        # A van that joined the fleet during the shift has no device here: it gets there all the same.
        return driver.drive_to(place, now) if driver else self._since(job, now) + _WITHOUT_DEVICE

    def _at_the_door(self, view: View, job: Assignment, story: Story, now: datetime) -> Step | None:
        refused = _refused(_incoming(view, job.referral_id))
        if refused is not None:
            return self._step(job, AssignmentState.CLEAR, refused + _LEAVES_AFTER, now)
        return self._step(job, AssignmentState.WITH_PATIENT, self._since(job, now) + story.doorstep, now)

    def _with_patient(self, view: View, job: Assignment, story: Story, now: datetime) -> Step | None:
        incoming = _incoming(view, job.referral_id)
        refused = _refused(incoming)
        if refused is not None:
            return self._step(job, AssignmentState.CLEAR, refused + _LEAVES_AFTER, now)
        if incoming is not None and incoming.state in _PENDING:
            return None
        due = self._since(job, now) + story.support
        taken_to = self._geography.of_kind(story.conveys_to, self._place(job, now))
        if taken_to and self._leads(view, job):
            return self._step(job, AssignmentState.CONVEYING, due, now, taken_to)
        return self._step(job, AssignmentState.CLEAR, due, now)

    def _place(self, job: Assignment, now: datetime) -> Point:
        driver = self._drivers.get(job.van_id)
        return driver.place(now) if driver else (0.0, 0.0)

    def _at_destination(self, view: View, job: Assignment, now: datetime) -> Step | None:
        ours = _outgoing(view, job.referral_id)
        if ours is not None and ours.state in {HandoverState.EXPECTED, HandoverState.STARTED}:
            return None
        return self._step(job, AssignmentState.CLEAR, self._since(job, now) + _ACCEPTS_AFTER + _FREE_AFTER, now)

    def _handover_in(self, view: View, job: Assignment, story: Story, now: datetime) -> Iterator[Command]:
        """The link in hand: from the waiting crew on scene, or to the destination."""
        incoming = _incoming(view, job.referral_id)
        if incoming is not None and incoming.state in _PENDING:
            yield from self._take_over(incoming, job, story, now)
        outgoing = _outgoing(view, job.referral_id)
        if outgoing is not None and job.state is AssignmentState.AT_DESTINATION:
            yield from self._give_over(outgoing, job, now)

    def _take_over(
        self, link: Handover, job: Assignment, story: Story, now: datetime
    ) -> Iterator[MoveHandover | RefuseHandover]:
        arrived = job.times.get(AssignmentState.ON_SCENE, self._since(job, now))
        started = link.times.get(HandoverState.STARTED, arrived)
        if link.state is HandoverState.STARTED and story.refuses and started + story.accept <= now:
            yield RefuseHandover(handover_id=link.id, reason="physical_need", origin="crew")
        elif link.state is HandoverState.EXPECTED:
            yield from _move(link, HandoverState.STARTED, arrived + story.brief, now)
        elif link.state is HandoverState.STARTED:
            yield from _move(link, HandoverState.ACCEPTED, started + story.accept, now)
        else:
            accepted = link.times.get(HandoverState.ACCEPTED, arrived)
            yield from _move(link, HandoverState.RELEASED, accepted + story.release, now)

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
        yield MoveHandover(handover_id=link.id, to=to, at=due, origin="crew")


def _incoming(view: View, referral_id: UUID) -> Handover | None:
    """The last link that leads to the CRU."""
    links = [link for link in view.handovers.get(referral_id, ()) if link.to_kind is Party.CRU]
    return links[-1] if links else None


def _outgoing(view: View, referral_id: UUID) -> Handover | None:
    """The last link that leads from the CRU."""
    links = [link for link in view.handovers.get(referral_id, ()) if link.from_kind is Party.CRU]
    return links[-1] if links else None


def _refused(link: Handover | None) -> datetime | None:
    return link.times.get(HandoverState.REFUSED) if link is not None else None
