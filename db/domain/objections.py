"""What speaks against a step before it is recorded: fixes, travel time, who holds the patient, seconds gone by.

The console knows better than a slip of the hand. A person may know better still, so an objection never forbids: it
asks once, and that somebody insisted is kept with the event. Nothing is asked when all fits, or when nothing is
known. The same rule weighs the steps that crews send themselves.

Distances come in as arguments, since the domain does not measure (``db/geo/earth.py`` does).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from db.domain.clocks import age_in_words, in_words
from db.domain.party import Party
from db.domain.records import Assignment
from db.domain.situation import Situation
from db.domain.states import (
    ON_THE_WAY,
    WITH_PERSON,
    AssignmentState,
    HandoverState,
)

FASTEST_M_PER_S = 40.0
"""Metres a second: nothing on these roads is faster over a stretch, so what is farther away is not there yet."""
AT_THE_PLACE_M = 300.0
"""Metres: a large site, a car park round the corner, a place known by its postcode only."""
WORTHLESS_AFTER = timedelta(minutes=10)
"""An older fix says nothing about now."""
CATCHING_UP = timedelta(seconds=10)
"""Two steps of a van that come faster than this were pressed, not lived, unless a fix shows the van there."""
SHORTEST_DRIVE = timedelta(seconds=60)
SHORTEST_VISIT = timedelta(minutes=2)


class ObjectionKind(StrEnum):
    """What disagrees; counted in the lead's list by this."""

    FAR = "far away"
    HASTY = "too soon"
    TWO_HOLD = "two hold the patient"
    NOBODY = "nobody with the patient"
    UNRELEASED = "crew not released"
    UNREAD = "brief not read back"
    TOO_FEW = "too few registered clinicians"


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that is known and does not fit, in words that go behind "but"."""

    kind: ObjectionKind
    words: str


@dataclass(frozen=True, slots=True)
class LastSeen:
    """Where a van was last known to be, seen from the place that a step says it has reached.

    Attributes:
        metres: from that place, as the crow flies.
        at: when it was there, UTC.
        accuracy: metres by which the fix may be wrong.
    """

    metres: float
    at: datetime
    accuracy: float = 0.0


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a step is about to be recorded.

    Attributes:
        now_is: the situation of the referral.
        at: when the step is said to have happened, UTC.
        seen: of the van, by the place that the step is about; None if nobody can say.
        unread: why the brief counts as not read back by this crew; empty when it was, or nobody can say.
    """

    now_is: Situation
    at: datetime
    seen: LastSeen | None = field(default=None)
    unread: str = ""


def about_step(job: Assignment, to: AssignmentState, known: Known) -> tuple[Objection, ...]:
    """What speaks against a van's step.

    Args:
        job: its assignment, as it stands.
        to: the state that the step leads to.
        known: ``seen`` from the scene, or from the destination when the van is said to have reached that.
    """
    found = (
        _far(to, known),
        _hasty(job, to, known),
        *_two_hold(job, to, known),
        _nobody(job, to, known),
        _unread(to, known),
    )
    return tuple(one for one in found if one is not None)


def about_handover(to: HandoverState, jobs: Sequence[Assignment], known: Known) -> tuple[Objection, ...]:
    """What speaks against a handover that begins or is accepted: our crew is somewhere else.

    Args:
        to: the state that the move leads to.
        jobs: our vans at the scene.
        known: ``seen`` is the van that is nearest to the scene.
    """
    if to not in {HandoverState.STARTED, HandoverState.ACCEPTED} or not jobs:
        return ()
    far = _too_far(known)
    return (far,) if far is not None else ()


def about_closing(known: Known) -> tuple[Objection, ...]:
    """What speaks against closing: the crew that handed over still waits to be released."""
    crew = known.now_is.crew
    if crew is None:
        return ()
    return (Objection(ObjectionKind.UNRELEASED, f"{crew.from_party} is not released"),)


def about_crew(words: str) -> tuple[Objection, ...]:
    """What speaks against a crew with fewer registered clinicians than the rule says; empty words: nothing."""
    return (Objection(ObjectionKind.TOO_FEW, words),) if words else ()


def _unread(to: AssignmentState, known: Known) -> Objection | None:
    is_off = to is AssignmentState.MOBILE and known.unread
    return Objection(ObjectionKind.UNREAD, known.unread) if is_off else None


# --- where the van is ---

# Conveying claims none: the van is on the road then.
_CLAIMS_PLACE = frozenset({AssignmentState.ON_SCENE, AssignmentState.WITH_PATIENT, AssignmentState.AT_DESTINATION})


def _far(to: AssignmentState, known: Known) -> Objection | None:
    return _too_far(known) if to in _CLAIMS_PLACE else None


def _too_far(known: Known) -> Objection | None:
    seen = known.seen
    if seen is None:
        return None
    age = max(known.at - seen.at, timedelta(0))
    # It may have driven since it was seen: the older the fix, the further it may have come.
    within = AT_THE_PLACE_M + seen.accuracy + FASTEST_M_PER_S * age.total_seconds()
    if age > WORTHLESS_AFTER or seen.metres <= within:
        return None
    away = f"{seen.metres / 1000:.1f} km away"
    return Objection(ObjectionKind.FAR, f"fix {age_in_words(age)} old, {away}")


def _is_seen_there(known: Known) -> bool:
    seen = known.seen
    if seen is None:
        return False
    return known.at - seen.at <= WORTHLESS_AFTER and seen.metres <= AT_THE_PLACE_M + seen.accuracy


# --- how fast it went ---


def _hasty(job: Assignment, to: AssignmentState, known: Known) -> Objection | None:
    # The last step that was put down, whichever it was: steps may be skipped.
    before = max(job.times.values(), default=None)
    # A crew may acknowledge and drive off in one breath.
    if before is None or to in ON_THE_WAY:
        return None
    gone = max(known.at - before, timedelta(0))
    # A fix at the place answers for how soon a van came there, and says nothing of how long a crew stayed.
    if gone >= _at_least(job.state, to) or (to in _CLAIMS_PLACE and _is_seen_there(known)):
        return None
    return Objection(ObjectionKind.HASTY, f"{job.state} only {age_in_words(gone)} ago")


def _at_least(state: AssignmentState, to: AssignmentState) -> timedelta:
    """The least time between two steps that anybody would believe."""
    if to is AssignmentState.CLEAR and state in {AssignmentState.ON_SCENE, AssignmentState.WITH_PATIENT}:
        return SHORTEST_VISIT
    drives = state in ON_THE_WAY or state is AssignmentState.CONVEYING
    return SHORTEST_DRIVE if drives and to in _CLAIMS_PLACE else CATCHING_UP


# --- who holds the patient ---


def _two_hold(job: Assignment, to: AssignmentState, known: Known) -> Iterator[Objection]:
    if to not in WITH_PERSON or job.state in WITH_PERSON:
        return
    now_is = known.now_is
    holder = now_is.holder
    if holder is not None and holder.party is Party.DESTINATION:
        yield Objection(ObjectionKind.TWO_HOLD, f"{holder.name} holds the patient")
    # Two crews at one scene may well be with the person together; one that drives has them alone.
    driving = {AssignmentState.CONVEYING, AssignmentState.AT_DESTINATION}
    for other in now_is.jobs:
        if other.id != job.id and other.state in driving:
            words = f"{now_is.facts.callsign(other)} is {other.state} with the patient"
            yield Objection(ObjectionKind.TWO_HOLD, words)


def _nobody(job: Assignment, to: AssignmentState, known: Known) -> Objection | None:
    now_is = known.now_is
    others = any(other.id != job.id and other.is_at_scene for other in now_is.jobs)
    if to is not AssignmentState.CLEAR or others:
        return None
    holder = now_is.holder
    if job.state is AssignmentState.CONVEYING:
        return Objection(ObjectionKind.NOBODY, "the patient is in the van")
    if job.state is AssignmentState.AT_DESTINATION and (holder is None or holder.party is Party.CRU):
        place = job.destination or "the destination"
        return Objection(ObjectionKind.NOBODY, f"{place} has not accepted the patient")
    handing = holder is not None and holder.party is not Party.CRU and holder.handing_since is not None
    if handing and holder is not None:
        since = in_words(known.at - (holder.handing_since or known.at))
        return Objection(ObjectionKind.NOBODY, f"{holder.name} has been handing over for {since}")
    met = any(start <= known.at for start, _ in now_is.stretches)
    if job.state is AssignmentState.ON_SCENE and holder is None and not met:
        return Objection(ObjectionKind.NOBODY, "nobody is known to be with the patient")
    return None
