"""One referral of the month before the shift: what is known of it, and what its end leaves to do. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid5

from db.commands import (
    AmendTime,
    Close,
    NameResponsible,
    PlanFollowUp,
    ReportWishes,
    Responsible,
    TakeBack,
    TellAbout,
)
from db.domain import about
from db.domain.about import wishes_of
from db.domain.measures import Care
from db.domain.records import Referral, YesNo
from db.domain.states import ReferralState
from db.exercise import care
from db.exercise.history.deeds import Deed, Deeds, DoFollowUps, command_id
from db.exercise.history.said_since import feedback
from db.exercise.record import Login
from db.exercise.referrals import Arrival, minutes

if TYPE_CHECKING:
    from db.commands.voices import Speaker

_NAMED_AFTER = minutes(12)
_AMEND_ODDS, _FOLLOW_UP_ODDS, _CLOSED_LATE_ODDS, _TAKEN_BACK_ODDS = 0.05, 0.12, 0.04, 0.015
_UNKNOWN_ODDS, _NO_FORCE_ODDS, _SEEN_TO_ODDS = 0.06, 0.994, 0.985
_KEPT_WEIGHTS = {"yes": 0.78, "partly": 0.13, "no": 0.09}
_WHY_NOT = ("The side door was locked", "A uniformed crew was still there", "It took longer than was said")
_SAID_ODDS = 0.4
"""Of those who would say something afterwards, how many are asked."""
_AFTERCARE = frozenset({"returned_ems", "ems_physical", "ems_danger"})


@dataclass(slots=True)
class PastReferral:
    """A referral and how far it got.

    Attributes:
        arrival: how it rang in, and how it will go.
        number: counts from the first of the month.
        rng: its own, so that what is drawn for one changes no other.
        told: what was said about the person, and the command that put it down.
        waits_since: since when it needs a van; None while it does not.
        jobs: how many vans it had.
        last_clear: when the last van was clear, as written down.
        reached: when the first crew was on scene, and its job.
        handed_over: whether the waiting crew told its story.
        released: whether the waiting crew was written down as free.
        refused: whether the handover was refused.
        endings: how often it ended.
    """

    arrival: Arrival
    number: int
    rng: Random
    told: Deed | None = None
    waits_since: datetime | None = None
    calls: int = 0
    jobs: int = 0
    last_clear: datetime | None = None
    reached: tuple[datetime, datetime, UUID] | None = None
    handed_over: bool = False
    released: bool = False
    refused: bool = False
    endings: int = 0
    handover_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.handover_id = uuid5(self.id, "waiting")

    @property
    def id(self) -> UUID:
        """The referral's."""
        return self.arrival.id

    @property
    def login(self) -> Login:
        """Two share the room, and a referral stays with the one who has it."""
        return Login.DISPATCH if self.number % 2 else Login.DISPATCH_TOO

    @property
    def has_waiting_crew(self) -> bool:
        """Whether a crew waits with the person."""
        return self.arrival.details.source in {"ems_crew", "police"}

    def referral(self) -> Referral:
        """As the autopilot of the calls knows it."""
        details = self.arrival.details
        return Referral(
            self.id,
            1,
            f"CRU-HISTORY-{self.number % 10_000:04d}",
            details.source,
            ReferralState.ATTENDING,
            details.priority,
            details.triage_scale,
            details.location,
            {"received": self.arrival.at},
            ems_callsign=details.ems_callsign,
            patient=details.patient,
        )


def responsible(case: PastReferral, code: str) -> Responsible:
    """Who is with the person next; of some it is left open."""
    return care.responsible(case.referral(), code)


def ended(deeds: Deeds, case: PastReferral, at: datetime, code: str, said: Responsible) -> None:
    """What an end leaves to do: who is responsible, and who looks after the person later."""
    case.endings += 1
    if said.is_empty:
        named = NameResponsible(referral_id=case.id, said=care.named(case.referral(), code, "the dispatcher"))
        deeds.add(at + _NAMED_AFTER, case.login, named)
    if code in _AFTERCARE:
        # Within the 48 hours that the record sets, mostly.
        deeds.add(at + timedelta(hours=case.rng.uniform(14, 55)), case.login, DoFollowUps(case.id))


def close(deeds: Deeds, case: PastReferral) -> datetime:
    """Close what was attended, with all that follows. Returns when, UTC."""
    rng, course = case.rng, case.arrival.course
    at = (case.last_clear or case.arrival.at) + course.wrap_up
    if rng.random() < _CLOSED_LATE_ODDS:
        at += timedelta(hours=rng.uniform(1, 6))
    _say_afterwards(deeds, case, at - timedelta(seconds=30))
    closed = deeds.add(at, case.login, _close(case))
    if rng.random() < _TAKEN_BACK_ODDS:
        back = TakeBack(act_id=command_id(closed), referral_id=case.id, reason="The wrong one was closed")
        deeds.add(at + minutes(4), Login.LEAD, back)
        at += minutes(rng.uniform(9, 20))
        deeds.add(at, case.login, _close(case))
    ended(deeds, case, at, _outcome(case), responsible(case, _outcome(case)))
    _amend(deeds, case, at)
    if rng.random() < _FOLLOW_UP_ODDS:
        due = at + timedelta(hours=rng.uniform(12, 40))
        deeds.add(at + minutes(1), case.login, PlanFollowUp(referral_id=case.id, due=due, what_for="Ring them"))
        deeds.add(due + timedelta(hours=rng.choice((-1.0, -0.5, -0.2, 7.0))), case.login, DoFollowUps(case.id))
    return at


def _outcome(case: PastReferral) -> str:
    return "returned_ems" if case.refused else case.arrival.course.outcome


def _close(case: PastReferral) -> Close:
    course, rng = case.arrival.course, case.rng
    asked, force = rng.random(), rng.random()
    avoided = YesNo.UNKNOWN if asked < _UNKNOWN_ODDS else course.ae_avoided
    released = YesNo.YES if case.released else YesNo.NO if case.refused else YesNo.UNKNOWN
    return Close(
        referral_id=case.id,
        outcome=_outcome(case),
        ae_avoided=avoided,
        ems_released=released if case.has_waiting_crew else YesNo.UNKNOWN,
        police_avoided=course.police_avoided,
        next=responsible(case, _outcome(case)),
        ae_care=_ae_care(asked, done=course.ae_avoided is YesNo.NO),
        force_used=YesNo.UNKNOWN
        if force < _UNKNOWN_ODDS / 2
        else YesNo.YES
        if force > _NO_FORCE_ODDS
        else YesNo.NO,
    )


def _ae_care(asked: float, *, done: bool) -> Care:
    if done:
        return "needed and done"
    # Rare, and what the measure is for: somebody who needed it, and whose wound nobody saw to.
    return "needed and not done" if asked > _SEEN_TO_ODDS else "unknown" if asked < _UNKNOWN_ODDS else "not needed"


def _say_afterwards(deeds: Deeds, case: PastReferral, at: datetime) -> None:
    said_by, words = case.arrival.course.feedback
    if words and case.endings == 0 and case.rng.random() < _SAID_ODDS:
        deeds.add(at, case.login, feedback(case.rng, case.id, cast("Speaker", said_by), words))
        if said_by == "person":
            _say_what_was_kept(deeds, case, at)


def _say_what_was_kept(deeds: Deeds, case: PastReferral, at: datetime) -> None:
    if case.told is None or not isinstance(case.told.what, TellAbout):
        return
    rng, kinds = case.rng, list(_KEPT_WEIGHTS)
    kept = tuple(
        (uuid5(command_id(case.told), str(place)), rng.choices(kinds, list(_KEPT_WEIGHTS.values()))[0])
        for place, said in enumerate(case.told.what.says)
        if wishes_of((said,))
    )
    if kept:
        words = "" if all(answer == "yes" for _, answer in kept) else rng.choice(_WHY_NOT)
        report = ReportWishes(referral_id=case.id, kept=kept, said_by=about.THE_PERSON, words=words)
        deeds.add(at + timedelta(seconds=10), case.login, report)


def _amend(deeds: Deeds, case: PastReferral, closed: datetime) -> None:
    """A lead corrects when the crew was on scene: between the step before and the time that was written down."""
    if case.reached is None or case.rng.random() >= _AMEND_ODDS:
        return
    before, there, job = case.reached
    amended = AmendTime(
        entity="assignment",
        id=job,
        field="on_scene",
        at=there - (there - before) * case.rng.uniform(0.1, 0.6),
        reason="By the van's own positions",
    )
    deeds.add(closed + timedelta(hours=case.rng.uniform(0.3, 18)), Login.LEAD, amended)
