"""The control room of the month before the shift: who rings, who waits, which van goes. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from db.commands import (
    Accept,
    Advise999,
    Cancel,
    ClosePromise,
    CompleteScreening,
    Decline,
    Hold,
    MarkEnteredInError,
    RecordContact,
    Reopen,
    SayEthnicity,
    Spoken,
    TakeReferral,
)
from db.domain.reference import ReferenceData
from db.domain.screening import Answer
from db.ethnicity import categories
from db.exercise import care
from db.exercise.control_room import CALL_BACK, LOOKED_AGAIN, found_later, is_after_hours, next_morning, spare_vans
from db.exercise.history.clockwork import Clockwork
from db.exercise.history.deeds import Deeds, DoFollowUps, SeeToWords
from db.exercise.history.fleet import PastFleet, Riding
from db.exercise.history.jobs import Drives, drive_out
from db.exercise.history.past_referral import PastReferral, close, ended, responsible
from db.exercise.people import told_commands
from db.exercise.record import Login
from db.exercise.referrals import Arrival, minutes
from db.exercise.scenario import Waypoints, seeded_random
from db.geo.earth import Point
from db.geo.roads.travel import TravelTimes

_TWICE_ODDS, _TWO_VANS_ODDS, _FALLS_AWAY_ODDS, _REOPEN_ODDS = 0.015, 0.05, 0.02, 0.02
_ETHNICITY_ODDS, _OUT_OF_AREA_ODDS = 0.6, 0.01
_NO_ANSWER_ODDS, _LATE_CALL_ODDS, _PROMISE_KEPT = 0.15, 0.12, 0.86
_FALLS_AWAY = ("by_caller", "not_found", "advice_only", "duplicate")


class PastRoom:
    """Call-takers and dispatchers.

    Args:
        seed: the shift's number.
        reference: configured data.
        times: how vans get about.
        waypoints: destinations.
        clockwork: what is to come.
        deeds: what is done.

    Attributes:
        fleet: the vans; set before anything happens.
    """

    fleet: PastFleet

    def __init__(
        self,
        seed: int,
        reference: ReferenceData,
        times: TravelTimes,
        waypoints: Waypoints,
        clockwork: Clockwork,
        deeds: Deeds,
    ) -> None:
        self._seed, self._reference, self._times = seed, reference, times
        self._waypoints, self._clockwork, self._deeds = waypoints, clockwork, deeds
        self._waiting: dict[int, PastReferral] = {}
        self._numbers = 0

    def expect(self, arrival: Arrival) -> None:
        """A referral rings in at its time."""
        self._clockwork.at(arrival.at, partial(self._take, arrival))

    def is_calm(self) -> bool:
        """Whether nobody with a waiting crew is without a van."""
        return not any(case.arrival.details.priority == "P1" for case in self._waiting.values())

    # --- a referral comes in ---

    def _take(self, arrival: Arrival, now: datetime) -> None:
        self._numbers += 1
        rng = seeded_random(self._seed, "history case", arrival.id)
        case = PastReferral(arrival, self._numbers, rng)
        self._write_down(case, arrival, now)
        if rng.random() < _TWICE_ODDS:
            self._take_twice(case, now + minutes(rng.uniform(1, 4)))
        due = now + arrival.course.decide
        self._screen(case, arrival.course.answers, due)
        self._clockwork.at(due + arrival.course.decide / 3, partial(self._decide, case))

    def _write_down(self, case: PastReferral, arrival: Arrival, now: datetime) -> None:
        taken = TakeReferral(
            referral_id=case.id,
            handover_id=case.handover_id,
            details=arrival.details,
            received_at=now,
            at=now,
        )
        self._deeds.add(now, Login.CALLS, taken)
        for place, command in enumerate(told_commands(case.id, arrival.told, now)):
            deed = self._deeds.add(now + timedelta(seconds=15 * (place + 1)), Login.CALLS, command)
            case.told = case.told or deed
        if case.rng.random() < _ETHNICITY_ODDS:
            group = case.rng.choice(categories()).group
            at = now + timedelta(seconds=50)
            self._deeds.add(at, Login.CALLS, SayEthnicity(referral_id=case.id, group=group))

    def _take_twice(self, case: PastReferral, at: datetime) -> None:
        """Two take the same call: one of the two is an error, and a lead says so."""
        rng = seeded_random(self._seed, "twice", case.id)
        taken = TakeReferral(
            referral_id=_uuid(rng), handover_id=_uuid(rng), details=case.arrival.details, received_at=at, at=at
        )
        self._deeds.add(at, Login.DISPATCH_TOO, taken)
        wrong = MarkEnteredInError(referral_id=taken.referral_id, reason="Taken twice")
        self._deeds.add(at + minutes(case.rng.uniform(3, 25)), Login.LEAD, wrong)

    # --- the gate ---

    def _screen(self, case: PastReferral, found: Mapping[str, str], at: datetime) -> None:
        tool = self._reference.current_tool
        answers = {one.key: found.get(one.key, Answer.NO.value) for one in tool.items if not one.branch}
        done = CompleteScreening(referral_id=case.id, tool_version=tool.version, answers=answers, at=at)
        self._deeds.add(at, case.login, done)

    def _decide(self, case: PastReferral, now: datetime) -> None:
        course = case.arrival.course
        blocking = [answer for answer in course.answers.values() if answer != Answer.NO]
        if not blocking:
            self._accept(case, now)
        elif course.later and all(answer == Answer.NOT_KNOWN for answer in blocking):
            self._clockwork.at(now + CALL_BACK, partial(self._call_back, case))
        else:
            self._decline(case, now)

    def _call_back(self, case: PastReferral, now: datetime) -> None:
        course = case.arrival.course
        clear = course.later == "clear"
        self._screen(case, found_later(course), now)
        act = self._accept if clear else self._decline
        self._clockwork.at(now + course.decide / 3, partial(act, case))

    def _decline(self, case: PastReferral, now: datetime) -> None:
        danger = case.arrival.details.triage_scale == "A"
        if danger:
            self._deeds.add(now - timedelta(seconds=20), case.login, Advise999(referral_id=case.id))
        self._turn_down(case, now, "ems_danger" if danger else "ems_physical")

    def _turn_down(self, case: PastReferral, now: datetime, reason: str) -> None:
        said = responsible(case, reason)
        self._deeds.add(now, case.login, Decline(referral_id=case.id, reason=reason, next=said))
        ended(self._deeds, case, now, reason, said)

    def _accept(self, case: PastReferral, now: datetime) -> None:
        if case.rng.random() < _OUT_OF_AREA_ODDS:
            self._turn_down(case, now, "out_of_area")
            return
        self._deeds.add(now - timedelta(seconds=15), case.login, SeeToWords(case.id))
        self._deeds.add(now, case.login, Accept(referral_id=case.id, at=now))
        self._patience(case)
        if case.arrival.details.priority == "P3" and is_after_hours(now):
            self._hold(case, now + timedelta(seconds=40))
        else:
            self._wait(case, now)

    # --- somebody waits ---

    def _wait(self, case: PastReferral, now: datetime) -> None:
        case.waits_since = now
        self._waiting[case.number] = case
        for span in LOOKED_AGAIN:
            self._clockwork.at(case.arrival.at + span, self.send)
        self._ring_later(case, now if case.endings else case.arrival.at)
        self.send(now)

    def _hold(self, case: PastReferral, now: datetime) -> None:
        until, name = next_morning(now), care.name_of(case.referral())
        held = Hold(referral_id=case.id, until=until, reason="day_visit", spoken=Spoken(name, now))
        self._deeds.add(now, case.login, held)
        self._clockwork.at(until, partial(self._wait, case))

    def _patience(self, case: PastReferral) -> None:
        rng = case.rng
        gone = case.arrival.at + case.arrival.course.patience
        reason = "ems_conveyed" if case.arrival.details.source == "ems_crew" else "by_caller"
        if rng.random() < _FALLS_AWAY_ODDS and not case.has_waiting_crew:
            gone, reason = case.arrival.at + minutes(rng.uniform(20, 90)), rng.choice(_FALLS_AWAY)
        self._clockwork.at(gone, partial(self._fall_away, case, reason))

    def _fall_away(self, case: PastReferral, reason: str, now: datetime) -> None:
        if self._waiting.get(case.number) is not case or case.jobs:
            return
        del self._waiting[case.number]
        spoken = care.spoken(case.referral(), now) if reason == "by_caller" else Spoken()
        said = responsible(case, reason) if reason != "not_found" else care.looked_for(now)
        if reason == "ems_conveyed":
            said = responsible(case, "ems_conveyed")
        self._deeds.add(now, Login.CALLS, Cancel(referral_id=case.id, reason=reason, spoken=spoken, next=said))
        ended(self._deeds, case, now, reason, said)
        if reason == "not_found":
            self._deeds.add(now + care.LOOKS_FOR, Login.CALLS, DoFollowUps(case.id))

    def _ring_later(self, case: PastReferral, since: datetime, *, again: bool = False) -> None:
        schedule = self._reference.schedules.get(case.arrival.details.priority)
        if schedule is None:
            return
        span = schedule.again if again else schedule.every if case.calls else schedule.first
        late = minutes(case.rng.uniform(5, 25)) if case.rng.random() < _LATE_CALL_ODDS else minutes(-1)
        self._clockwork.at(since + span + late, partial(self._ring, case))

    def _ring(self, case: PastReferral, now: datetime) -> None:
        if self._waiting.get(case.number) is not case:
            return
        case.calls += 1
        if case.rng.random() < _NO_ANSWER_ODDS:
            tried = RecordContact(referral_id=case.id, spoke_with="nobody", why_not="No answer")
            self._deeds.add(now, case.login, tried)
            self._ring_later(case, now, again=True)
            return
        promised = case.calls == 1
        call = RecordContact(
            referral_id=case.id,
            spoke_with="person" if case.number % 3 else "carer",
            with_name=care.name_of(case.referral()) if case.number % 3 else "their sister",
            said=case.rng.choice(care.SAID),
            promised="A call before the van comes" if promised else "",
            promise_due=now + care.PROMISE if promised else None,
            contact_id=_uuid(case.rng),
        )
        self._deeds.add(now, case.login, call)
        if promised:
            kept = case.rng.random() < _PROMISE_KEPT
            said = ClosePromise(contact_id=call.contact_id, kept=kept, referral_id=case.id)
            self._deeds.add(now + care.PROMISE + minutes(case.rng.uniform(-9, 12)), case.login, said)
        self._ring_later(case, now)

    # --- a van goes ---

    def send(self, now: datetime) -> None:
        """Send whoever can go, to whoever waits, the most urgent first."""
        for case in sorted(self._waiting.values(), key=self._urgency):
            free = self.fleet.free(now)
            if len(free) >= spare_vans(case.arrival.details.priority, now - case.arrival.at):
                self._go(case, free, now)

    def _urgency(self, case: PastReferral) -> tuple[int, datetime]:
        priority = self._reference.priorities.get(case.arrival.details.priority)
        return (priority.rank if priority else 99), case.arrival.at

    def _go(self, case: PastReferral, free: Sequence[Riding], now: datetime) -> None:
        del self._waiting[case.number]
        ways = self._times.minutes_to(_scene(case), [riding.where(now) for riding in free])
        nearest = sorted(zip(ways, free, strict=True), key=lambda pair: (pair[0], pair[1].van.callsign))
        sent = now + minutes(case.rng.uniform(0.4, 4))
        span, riding = nearest[0]
        self._drive(case, riding, sent, span)
        if len(nearest) > 2 and not case.waits_since and case.rng.random() < _TWO_VANS_ODDS:
            span, second = nearest[1]
            self._follow(case, second, sent + minutes(case.rng.uniform(1, 6)), span)
        if not case.waits_since:
            self._close(case)

    def _drive(self, case: PastReferral, riding: Riding, sent: datetime, span: float) -> None:
        case.waits_since = None
        way = self._way(case, span)
        job = drive_out(self._deeds, case, riding.van.id, sent, way)
        self.fleet.back(riding, job, self._waypoints.destinations.get(way.destination, _scene(case)))
        if job.stood_down:
            case.waits_since = job.clear
            self._clockwork.at(job.clear + minutes(1), partial(self._wait, case))

    def _follow(self, case: PastReferral, riding: Riding, sent: datetime, span: float) -> None:
        """A second van goes too."""
        job = drive_out(self._deeds, case, riding.van.id, sent, Drives(minutes(span)), leads=False)
        self.fleet.back(riding, job, _scene(case))

    def _close(self, case: PastReferral) -> None:
        closed = close(self._deeds, case)
        if case.endings == 1 and not case.refused and case.rng.random() < _REOPEN_ODDS:
            at = closed + minutes(case.rng.uniform(40, 110))
            again = Reopen(referral_id=case.id, reason="Rang again: alone and frightened")
            self._deeds.add(at, Login.LEAD, again)
            self._clockwork.at(at + minutes(1), partial(self._wait, case))

    def _way(self, case: PastReferral, span: float) -> Drives:
        kind = "" if case.refused or case.handed_over else case.arrival.course.conveys_to
        place = self._waypoints.of_kind(kind, _scene(case)) if kind else ""
        if not place:
            return Drives(minutes(span))
        onward = self._times.minutes_to(self._waypoints.destinations[place], [_scene(case)])[0]
        return Drives(minutes(span), minutes(onward), place)


def _scene(case: PastReferral) -> Point:
    where = case.arrival.details.location
    return where.lat or 0.0, where.lon or 0.0


def _uuid(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
