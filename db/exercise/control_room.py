"""Autopilot of the control room: a call-taker writes down; dispatchers screen, decide, send a van and close."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Literal, cast
from uuid import UUID

from db.commands import (
    Accept,
    AddFeedback,
    Advise999,
    Allocate,
    Cancel,
    Close,
    Command,
    CompleteScreening,
    Decline,
    Hold,
    LookedAt,
    Responsible,
    Spoken,
    TakeReferral,
)
from db.domain.clocks import LONDON, local
from db.domain.dangers import Danger
from db.domain.party import Party, called
from db.domain.records import Assignment, Referral, Screening, Van, YesNo
from db.domain.reference import ReferenceData
from db.domain.screening import Answer, gate, may_accept
from db.domain.states import AssignmentState, HandoverState, ReferralState
from db.exercise import care
from db.exercise.driving import Driver
from db.exercise.people import booking_due, told_commands, wishes_due
from db.exercise.record import DueCommand, Login, Snapshot
from db.exercise.referrals import Arrival, ReferralCourse, ReferralCourses
from db.geo.roads.travel import TravelTimes

_UNSENT = frozenset({ReferralState.RECEIVED, ReferralState.ACCEPTED})
CALL_BACK = timedelta(minutes=7)
_P2_TAKES_LAST_VAN = timedelta(minutes=40)
_P3_TAKES_ANY_VAN = timedelta(hours=5)
LOOKED_AGAIN = (_P2_TAKES_LAST_VAN, _P3_TAKES_ANY_VAN)
"""How long somebody has waited when fewer vans must be free for them."""
_MORNING, _EVENING = 9, 18
_LOOKED = "Practice dispatcher"


class CallTaker:
    """A call-taker who writes down what comes in, and nothing more.

    Args:
        arrivals: referrals in the order in which they ring in, without end.
        courses: is told how each one will go.
    """

    def __init__(self, arrivals: Iterator[Arrival], courses: ReferralCourses) -> None:
        self._arrivals = arrivals
        self._courses = courses
        self._next = next(arrivals, None)

    def commands_due(self, snapshot: Snapshot, now: datetime) -> Iterator[DueCommand]:
        """Referrals received by now, and those that fall away because nobody came."""
        while self._next is not None and self._next.at <= now:
            arrival, self._next = self._next, next(self._arrivals, None)
            self._courses.add(arrival)
            yield DueCommand(Login.CALLS, _take(arrival))
            for command in told_commands(arrival.id, arrival.told, arrival.at):
                yield DueCommand(Login.CALLS, command)
        for referral in snapshot.open_referrals():
            lost_patience = referral.received_at + self._courses.of(referral).patience <= now
            if lost_patience and referral.state in _UNSENT and not referral.on_hold(now):
                yield DueCommand(Login.CALLS, _fall_away(referral, now))


def _fall_away(referral: Referral, now: datetime) -> Cancel:
    if referral.source == "ems_crew":
        crew = Responsible(Party.EMS, called("EMAS", referral.ems_callsign), care.responsible(referral, "").told)
        return Cancel(referral_id=referral.id, reason="ems_conveyed", next=crew)
    said, after = care.spoken(referral, now), care.responsible(referral, "by_caller")
    return Cancel(referral_id=referral.id, reason="by_caller", spoken=said, next=after)


def _take(arrival: Arrival) -> TakeReferral:
    return TakeReferral(referral_id=arrival.id, details=arrival.details, received_at=arrival.at, at=arrival.at)


class Dispatchers:
    """Plays the dispatchers.

    Args:
        courses: how each referral goes.
        drivers: the vans' whereabouts, by van.
        times: how vans get about.
        reference: configured data.
        leave: referrals that are left alone once they are in the given state.
    """

    def __init__(
        self,
        courses: ReferralCourses,
        drivers: Mapping[UUID, Driver],
        times: TravelTimes,
        reference: ReferenceData,
        leave: Mapping[UUID, ReferralState] | None = None,
    ) -> None:
        self._courses = courses
        self._drivers = drivers
        self._times = times
        self._reference = reference
        self._leave = leave or {}
        self._said: set[tuple[UUID, str]] = set()

    def commands_due(self, snapshot: Snapshot, now: datetime) -> Iterator[DueCommand]:
        """What the dispatchers do by now: calls, then at most one step of each referral, the most urgent first."""
        for referral, command in care.care_due(snapshot, self._reference, now):
            yield DueCommand(_login_of(referral), command)
        # A van that joined the fleet during the shift has no place here by which it could be chosen.
        free = [van for van in snapshot.free_vans() if van.id in self._drivers]
        for referral in sorted(snapshot.open_referrals(), key=self._urgency):
            if referral.on_hold(now) or self._leave.get(referral.id) is referral.state:
                continue
            for command in self._commands(snapshot, referral, free, now):
                # Sent in this very look: the next referral must not count on it.
                if isinstance(command, Allocate):
                    free = [van for van in free if van.id != command.van_id]
                yield DueCommand(_login_of(referral), command)

    def _urgency(self, referral: Referral) -> tuple[int, datetime]:
        priority = self._reference.priorities.get(referral.priority)
        return (priority.rank if priority else 99), referral.received_at

    def _commands(
        self, snapshot: Snapshot, referral: Referral, free: Sequence[Van], now: datetime
    ) -> Iterator[Command]:
        course = self._courses.of(referral)
        if referral.state is ReferralState.RECEIVED:
            yield from self._decide(snapshot, referral, course, now)
        elif referral.state is ReferralState.ACCEPTED:
            yield from booking_due(referral, snapshot.people)
            yield from self._send(referral, free, now)
        elif referral.state is ReferralState.ATTENDING:
            yield from self._end(snapshot, referral, course, now)

    def _decide(
        self, snapshot: Snapshot, referral: Referral, course: ReferralCourse, now: datetime
    ) -> Iterator[Command]:
        tool = self._reference.current_tool
        screenings = snapshot.screenings.get(referral.id, ())
        if not screenings:
            yield from self._screen(referral, course.answers, referral.received_at + course.decide, now)
            return
        last = screenings[-1]
        due = last.completed_at + course.decide / 3
        if may_accept(tool, last):
            if due <= now:
                yield self._let_through(snapshot, referral, due)
        elif self._may_ask_again(screenings, course):
            yield from self._screen(referral, found_later(course), last.completed_at + CALL_BACK, now)
        elif due <= now:
            yield from self._decline(referral)

    def _let_through(self, snapshot: Snapshot, referral: Referral, due: datetime) -> Command:
        """Accept, once somebody has looked at what the narrative says; what else stands there sends it back."""
        dangers = snapshot.dangers.get(referral.id)
        stands = dangers.seen_to if dangers is not None else ()
        if not stands:
            return Accept(referral_id=referral.id, at=due)
        if any(one.kind != "words" for one in stands):
            return Decline(referral_id=referral.id, reason="ems_danger")
        return looked_at(referral.id, stands)

    def _may_ask_again(self, screenings: Sequence[Screening], course: ReferralCourse) -> bool:
        blocking = gate(self._reference.current_tool, screenings[-1].answers).blocking
        unsure = all(screenings[-1].answers[item.key] == Answer.NOT_KNOWN for item in blocking)
        return unsure and bool(course.later) and len(screenings) == 1

    def _screen(
        self, referral: Referral, found: Mapping[str, str], due: datetime, now: datetime
    ) -> Iterator[Command]:
        if due > now:
            return
        tool = self._reference.current_tool
        # Without the questions of a branch, which are asked only where it is entered.
        answers = {item.key: found.get(item.key, Answer.NO.value) for item in tool.items if not item.branch}
        yield CompleteScreening(referral_id=referral.id, tool_version=tool.version, answers=answers, at=due)

    def _decline(self, referral: Referral) -> Iterator[Command]:
        danger = referral.triage_scale == "A"
        if danger and self._first_time(referral, "999"):
            yield Advise999(referral_id=referral.id)
        reason = "ems_danger" if danger else "ems_physical"
        yield Decline(referral_id=referral.id, reason=reason, next=care.responsible(referral, reason))

    def _first_time(self, referral: Referral, what: str) -> bool:
        known = (referral.id, what) in self._said
        self._said.add((referral.id, what))
        return not known

    def _send(self, referral: Referral, free: Sequence[Van], now: datetime) -> Iterator[Command]:
        waited = now - referral.received_at
        if referral.priority == "P3" and is_after_hours(now):
            said = Spoken(care.name_of(referral), now)
            yield Hold(referral_id=referral.id, until=next_morning(now), reason="day_visit", spoken=said)
            return
        if len(free) >= spare_vans(referral.priority, waited):
            yield Allocate(referral_id=referral.id, van_id=self._nearest(referral, free, now).id)

    def _nearest(self, referral: Referral, free: Sequence[Van], now: datetime) -> Van:
        points = [self._drivers[van.id].place(now) for van in free]
        minutes = self._times.minutes_to(self._courses.scene(referral), points)
        # By callsign where two are as near, so that the same seed sends the same van.
        return min(zip(minutes, free, strict=True), key=lambda pair: (pair[0], pair[1].callsign))[1]

    def _end(
        self, snapshot: Snapshot, referral: Referral, course: ReferralCourse, now: datetime
    ) -> Iterator[Command]:
        jobs = snapshot.assignments.get(referral.id, ())
        # The record closes nothing while a van is on it.
        if not jobs or any(job.is_open for job in jobs):
            return
        if max(map(_ended, jobs)) + course.wrap_up > now:
            return
        said_by, words = course.feedback
        if words and self._first_time(referral, "feedback"):
            who = cast('Literal["EMAS crew", "person", "other professional"]', said_by)
            yield AddFeedback(referral_id=referral.id, said_by=who, words=words)
            if said_by == "person":
                yield from wishes_due(referral, snapshot.people)
        yield Close(
            referral_id=referral.id,
            outcome=course.outcome,
            ae_avoided=course.ae_avoided,
            ems_released=_released(snapshot, referral),
            police_avoided=course.police_avoided,
            next=care.responsible(referral, course.outcome),
            ae_care="needed and done" if course.ae_avoided is YesNo.NO else "not needed",
            force_used=YesNo.NO,
        )


def _login_of(referral: Referral) -> Login:
    # Two share the room, and a referral stays with the one who has it.
    return Login.DISPATCH if int(referral.reference[-1]) % 2 else Login.DISPATCH_TOO


def spare_vans(priority: str, waited: timedelta) -> int:
    """How many vans must be free: the less urgent leave some for whoever rings next, but not for ever."""
    usual = 1 if waited > _P3_TAKES_ANY_VAN else 3
    return {"P1": 1, "P2": 1 if waited > _P2_TAKES_LAST_VAN else 2}.get(priority, usual)


def looked_at(referral_id: UUID, stands: Sequence[Danger]) -> LookedAt:
    """Somebody looked at what stands against a referral, and says so."""
    return LookedAt(
        referral_id=referral_id,
        clinician=_LOOKED,
        reason="asked about on the telephone",
        covers=tuple(one.what for one in stands),
    )


def found_later(course: ReferralCourse) -> Mapping[str, str]:
    """The answers of a referral after somebody rang back about what was not known."""
    turned = Answer.NO if course.later == "clear" else Answer.YES
    return {key: turned.value if said == Answer.NOT_KNOWN else said for key, said in course.answers.items()}


def is_after_hours(now: datetime) -> bool:
    """Whether who is not urgent is visited in the morning."""
    return not _MORNING <= local(now).hour < _EVENING


def next_morning(now: datetime) -> datetime:
    """When visits begin next, London."""
    there = local(now)
    day = there.date() if there.hour < _MORNING else there.date() + timedelta(days=1)
    return datetime.combine(day, time(_MORNING), LONDON)


def _ended(job: Assignment) -> datetime:
    return (
        job.times.get(AssignmentState.CLEAR) or job.times.get(AssignmentState.STOOD_DOWN) or job.times[job.state]
    )


def _released(snapshot: Snapshot, referral: Referral) -> YesNo:
    links = [link for link in snapshot.handovers.get(referral.id, ()) if link.from_kind is Party.EMS]
    if not links:
        return YesNo.UNKNOWN
    return YesNo.YES if HandoverState.RELEASED in links[0].times else YesNo.NO
