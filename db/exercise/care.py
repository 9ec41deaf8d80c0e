"""Autopilot of the calls: who waits is rung when it is due, promises are kept, and every end names somebody."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from db.commands import (
    ClosePromise,
    Command,
    DoFollowUp,
    LegalGround,
    NameResponsible,
    RecordContact,
    Responsible,
    Spoken,
)
from db.domain.calls import call_due
from db.domain.care import PERSON, TOLD, Telling
from db.domain.party import Party, called
from db.domain.records import Referral, YesNo
from db.domain.reference import ReferenceData
from db.domain.situation import Facts, situation
from db.exercise.record import Snapshot

_EARLY = timedelta(minutes=2)
PROMISE = timedelta(minutes=50)
"""Until when a call that was promised is made."""
_NAMED_AFTER = timedelta(minutes=12)
SAID = (
    "Still frightened, not alone; will ring if it gets worse",
    "Sitting with a cup of tea, the radio on",
    "Tired, says the wait is long; knows we are coming",
    "Calmer than an hour ago",
)
"""What people say who are rung while they wait."""
_NEXT = {
    "home_safety_plan": (Party.DESTINATION, "Home treatment team, call tomorrow morning"),
    "in_van": (Party.DESTINATION, "Home treatment team, call tomorrow morning"),
    "crisis_house": (Party.DESTINATION, "The crisis house"),
    "home_treatment": (Party.DESTINATION, "Home treatment team"),
    "community_team": (Party.DESTINATION, "Community mental health team"),
    "gp": (Party.DESTINATION, "Their own GP, letter sent"),
    "liaison_ed": (Party.DESTINATION, "Liaison team at A&E"),
    "hbpos": (Party.DESTINATION, "The place of safety"),
    "informal_admission": (Party.DESTINATION, "The ward"),
    "mha_assessment": (Party.DESTINATION, "AMHP on duty"),
    "returned_ems": (Party.EMS, "EMAS crew"),
    "police": (Party.POLICE, "The police on scene"),
}
_WITH_CONSENT = ("liaison_ed", "informal_admission", "mha_assessment", "returned_ems", "ems_conveyed")
_HELD = LegalGround("s136", "PC 4471", Telling("the place of safety"), YesNo.NO)
_GROUNDS = {code: LegalGround("consent") for code in _WITH_CONSENT} | {"hbpos": _HELD, "police": _HELD}
LOOKS_FOR = timedelta(hours=2)
"""How long the police look for somebody who was not found."""
_OTHERWISE = (Party.OTHER, "Family, who know whom to ring")


def name_of(referral: Referral) -> str:
    """What the person is called on the telephone."""
    return (referral.patient.name or "").partition(" ")[0] or "gave no name"


def spoken(referral: Referral, at: datetime) -> Spoken:
    """That the person was spoken to; of one in five nobody has a number that answers."""
    # By its number and not by chance: whoever looks at it again decides the same.
    if _number(referral) % 5 == 0:
        return Spoken(why_not="no answer, twice; EMAS told")
    return Spoken(name_of(referral), at)


def responsible(referral: Referral, code: str, by: str = "the dispatcher") -> Responsible:
    """Who is with the person next, by outcome or reason, and that all were told; one in six is left open."""
    if _number(referral) % 6 == 0:
        return Responsible()
    return named(referral, code, by)


def named(referral: Referral, code: str, by: str) -> Responsible:
    """Who is with the person next, by outcome or reason, and that all were told by whoever did it."""
    kind, name = _NEXT.get(code, _OTHERWISE)
    if code.startswith("ems_"):
        kind, name = Party.EMS, called("EMAS", referral.ems_callsign)
    return Responsible(kind, name, {who: Telling(by) for who in TOLD}, ground=_GROUNDS.get(code))


def looked_for(now: datetime) -> Responsible:
    """Who looks for somebody who was not found, from now on."""
    told = {who: Telling("the dispatcher") for who in TOLD if who != PERSON}
    return Responsible(Party.POLICE, "Force control room", told, now + LOOKS_FOR)


def _number(referral: Referral) -> int:
    return int(referral.reference[-4:])


def care_due(snapshot: Snapshot, reference: ReferenceData, now: datetime) -> Iterator[tuple[Referral, Command]]:
    """What is due for people who wait, and for those whose referral ended."""
    for referral in snapshot.referrals.values():
        if referral.entered_in_error_at is None:
            for command in _of(snapshot, referral, reference, now):
                yield referral, command


def _of(snapshot: Snapshot, referral: Referral, reference: ReferenceData, now: datetime) -> Iterator[Command]:
    if referral.is_open:
        yield from _calls(snapshot, referral, reference, now)
    for call in snapshot.contacts.get(referral.id, ()):
        if call.is_promise_open and call.promise_due_at is not None and call.promise_due_at - _EARLY <= now:
            yield ClosePromise(contact_id=call.id, kept=True, referral_id=referral.id)
    for item in snapshot.follow_ups.get(referral.id, ()):
        if item.is_open and item.due_at <= now:
            yield DoFollowUp(follow_up_id=item.id, outcome="Rang: safe, seen by the liaison team")
    ending = snapshot.endings.get(referral.id)
    if ending is not None and not ending.is_answered and ending.ended_at + _NAMED_AFTER <= now:
        said = named(referral, ending.reason, "the dispatcher")
        yield NameResponsible(referral_id=referral.id, said=looked_for(now) if ending.asks_search else said)


def _calls(snapshot: Snapshot, referral: Referral, reference: ReferenceData, now: datetime) -> Iterator[Command]:
    contacts = snapshot.contacts.get(referral.id, ())
    jobs, links = snapshot.assignments.get(referral.id, ()), snapshot.handovers.get(referral.id, ())
    # By the rule that the board shows: the practice room rings when the console says that a call is due.
    due = call_due(situation(Facts(referral, jobs, links, contacts=contacts), reference), reference)
    if due is None or due - _EARLY > now:
        return
    number = _number(referral) + len(contacts)
    yield RecordContact(
        referral_id=referral.id,
        spoke_with="person" if number % 3 else "carer",
        with_name=name_of(referral) if number % 3 else "their sister",
        said=SAID[number % len(SAID)],
        promised="A call before the van comes" if not contacts else "",
        promise_due=now + PROMISE if not contacts else None,
    )
