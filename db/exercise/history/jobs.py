"""One van on one referral in the month before the shift, from allocated to clear. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from db.commands import (
    Allocate,
    ClearEmergency,
    Command,
    ExpectHandover,
    MoveHandover,
    RaiseEmergency,
    RefuseHandover,
    StandDown,
    Step,
    TakeBack,
)
from db.domain.states import AssignmentState, HandoverState
from db.exercise.history.deeds import Deed, Deeds, Happening, command_id
from db.exercise.history.past_referral import PastReferral
from db.exercise.record import Login
from db.exercise.referrals import minutes

_STANDS_DOWN_ODDS, _TOO_SOON_ODDS, _EMERGENCY_ODDS = 0.03, 0.02, 0.003
_FORGOTTEN = {AssignmentState.ACKNOWLEDGED: 0.10, AssignmentState.MOBILE: 0.06, AssignmentState.ON_SCENE: 0.04}
"""How often a crew takes the step and nobody puts down when: the time stays missing."""
_STARTED_FORGOTTEN, _RELEASE_FORGOTTEN = 0.12, 0.05
_SLOW_ODDS, _SLOW = 0.10, (20, 55)
_SLOW_THERE_ODDS, _SLOW_THERE = 0.18, (25, 70)
_WELCOME, _ACCEPTS_AFTER, _LEAVES_AFTER, _FREE_AFTER = minutes(3), minutes(9), minutes(2), minutes(4)
_MINUTE = minutes(1)
_OURS = "CRU"


@dataclass(frozen=True, slots=True)
class Drives:
    """Where a job leads: how long the drives take, and where the person is taken, if anywhere."""

    there: timedelta
    onward: timedelta = timedelta()
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """How a job went: when the van is free again, and whether somebody else has to go.

    Attributes:
        clear: when the record hears that the van is free, UTC.
        stood_down: the van did not get there.
        broken: it could not go on.
    """

    clear: datetime
    stood_down: bool = False
    broken: bool = False


def drive_out(
    deeds: Deeds, case: PastReferral, van_id: UUID, at: datetime, way: Drives, *, leads: bool = True
) -> Job:
    """One van goes there.

    Args:
        deeds: what is done.
        case: whose it is; what is learnt of it on the way is put down there.
        van_id: which van goes.
        at: when it is allocated, UTC.
        way: where it leads.
        leads: whether its crew speaks for the CRU, or is the second one there.
    """
    out = _Outing(deeds, case, van_id, at, way, leads=leads)
    return out.go()


class _Outing:
    """The steps of one job, worked out one after the other."""

    def __init__(
        self, deeds: Deeds, case: PastReferral, van_id: UUID, at: datetime, way: Drives, *, leads: bool
    ) -> None:
        self._deeds, self._case, self._van, self._at, self._way = deeds, case, van_id, at, way
        self._rng, self._course, self._leads = case.rng, case.arrival.course, leads
        case.jobs += 1
        self._job = uuid5(case.id, f"job {case.jobs}")
        self._moments: list[Happening] = []
        self._written: list[Deed] = []

    def go(self) -> Job:
        sent = Allocate(referral_id=self._case.id, van_id=self._van, assignment_id=self._job)
        self._deeds.add(self._at, self._case.login, sent)
        heard = self._at + self._course.acknowledge
        mobile = heard + self._course.turnout
        self._step(AssignmentState.ACKNOWLEDGED, heard)
        self._step(AssignmentState.MOBILE, mobile)
        if self._leads and self._rng.random() < _STANDS_DOWN_ODDS:
            return self._turned_back(mobile + self._way.there * self._rng.uniform(0.2, 0.8))
        there = mobile + self._way.there
        with_person = there + self._course.doorstep
        seen = self._step(AssignmentState.ON_SCENE, there)
        if seen and self._leads and not self._case.reached:
            self._case.reached = (mobile, there, self._job)
        self._step(AssignmentState.WITH_PATIENT, with_person)
        # The record knows that a crew is there by whichever of its steps was put down.
        clear = self._with_them(there if seen else with_person, with_person)
        if self._rng.random() < _TOO_SOON_ODDS:
            self._too_soon(mobile + self._way.there * 0.6)
        if self._rng.random() < _EMERGENCY_ODDS:
            self._emergency(with_person + minutes(8))
        self._case.last_clear = max(clear, self._case.last_clear or clear)
        return Job(clear)

    def _with_them(self, there: datetime, with_person: datetime) -> datetime:
        done = with_person + (self._course.support if self._leads else minutes(self._rng.uniform(20, 50)))
        free = with_person
        if self._leads and self._case.has_waiting_crew and not self._case.handed_over:
            self._case.handed_over = True
            free = self._taken_over(there)
        if self._case.refused:
            done = free + _LEAVES_AFTER
        elif self._leads and self._way.destination:
            done = self._taken_there(max(done, free + minutes(1)))
        self._step(AssignmentState.CLEAR, max(done, free + minutes(1)))
        self._written = self._deeds.written(self._rng, self._moments, self._at)
        return self._written[-1].at

    def _step(self, to: AssignmentState, at: datetime) -> bool:
        """Take a step, unless it is forgotten."""
        if self._rng.random() < _FORGOTTEN.get(to, 0.0):
            return False
        self._moments.append(Happening(at, partial(self._command, to)))
        return True

    def _command(self, to: AssignmentState, at: datetime) -> Command:
        where = self._way.destination if to is AssignmentState.CONVEYING else ""
        return Step(assignment_id=self._job, to=to, at=at, destination=where, origin="crew")

    def _turned_back(self, at: datetime) -> Job:
        broken = self._rng.random() < 0.4
        down = StandDown(assignment_id=self._job, reason="van_problem" if broken else "nearer_van")
        written = self._deeds.written(self._rng, self._moments, self._at)
        when = max(at, *(one.at for one in written), self._at) + timedelta(seconds=5)
        self._deeds.add(when, self._case.login, down)
        return Job(when, stood_down=True, broken=broken)

    def _taken_over(self, there: datetime) -> datetime:
        """The waiting crew hands over. Returns when it is free, or was told that it is not."""
        slow = minutes(self._rng.uniform(*_SLOW)) if self._rng.random() < _SLOW_ODDS else timedelta()
        link, started = self._case.handover_id, there + self._course.brief
        accepted = started + self._course.accept + slow
        if self._course.refuses:
            self._case.refused = True
            self._link(link, HandoverState.STARTED, started)
            refuse = RefuseHandover(handover_id=link, reason="physical_need", origin="crew")
            self._moments.append(Happening(accepted, lambda _: refuse))
            return accepted
        if self._rng.random() >= _STARTED_FORGOTTEN:
            self._link(link, HandoverState.STARTED, started)
        self._link(link, HandoverState.ACCEPTED, accepted)
        released = accepted + self._course.release
        if self._rng.random() >= _RELEASE_FORGOTTEN:
            self._case.released = True
            self._link(link, HandoverState.RELEASED, released)
        return released

    def _link(self, link: UUID, to: HandoverState, at: datetime) -> None:
        def move(when: datetime) -> Command:
            return MoveHandover(handover_id=link, to=to, at=when, origin="crew")

        self._moments.append(Happening(at, move))

    def _taken_there(self, leaves: datetime) -> datetime:
        """The person is taken to a place, which takes over from us. Returns when the van is free."""
        link = uuid5(self._job, "there")
        expect = ExpectHandover(
            referral_id=self._case.id,
            from_party=_OURS,
            to_party=self._way.destination,
            handover_id=link,
            origin="crew",
        )
        arrives = leaves + self._way.onward
        slow = minutes(self._rng.uniform(*_SLOW_THERE)) if self._rng.random() < _SLOW_THERE_ODDS else timedelta()
        accepted = arrives + _ACCEPTS_AFTER + slow
        self._moments.append(Happening(leaves - timedelta(seconds=10), lambda _: expect))
        self._step(AssignmentState.CONVEYING, leaves)
        self._step(AssignmentState.AT_DESTINATION, arrives)
        self._link(link, HandoverState.STARTED, arrives + _WELCOME)
        self._link(link, HandoverState.ACCEPTED, accepted)
        self._link(link, HandoverState.RELEASED, accepted + _LEAVES_AFTER)
        return accepted + _FREE_AFTER

    def _too_soon(self, at: datetime) -> None:
        """The crew says on scene while it still drives, and takes it back within the minute."""
        steps = zip(self._in_order(), self._written, strict=True)
        # Between two steps that are put down at once, or the later one would come before the earlier.
        if any(one.at - _MINUTE < at < deed.at + _MINUTE for one, deed in steps):
            return
        step = Step(assignment_id=self._job, to=AssignmentState.ON_SCENE, at=at, origin="crew")
        done = self._deeds.add(at, Login.CREWS, step)
        back = TakeBack(act_id=command_id(done), referral_id=self._case.id, origin="crew")
        self._deeds.add(at + timedelta(seconds=25), Login.CREWS, back)

    def _in_order(self) -> list[Happening]:
        return sorted(self._moments, key=lambda one: one.at)

    def _emergency(self, at: datetime) -> None:
        self._deeds.add(at, Login.CREWS, RaiseEmergency(van_id=self._van, origin="crew"))
        self._deeds.add(at + minutes(4), Login.LEAD, ClearEmergency(van_id=self._van))
