"""Who holds the patient: the chain from the crew that waits to whoever has the person now.

*Referral acknowledged*, *handover accepted* and *EMAS crew released* are three moments (domain.md); the patient
changes hands at *handover accepted*, and the first crew is free only at *released*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from db.domain.clocks import in_words, shifted
from db.domain.records import Assignment, Handover, Referral
from db.domain.states import AssignmentState, HandoverState

ASSUMED_HANDOVER = timedelta(minutes=15)


class Party(StrEnum):
    """The kinds of holder that look different on the screen."""

    EMS = "ems"
    POLICE = "police"
    CRU = "cru"
    DESTINATION = "destination"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Holding:
    """A stretch of time in which one party holds the patient.

    Attributes:
        party: the kind of holder.
        name: as people say it: ``EMAS A1187``, ``CRU``, ``Crisis House``.
        end: None while it runs.
        handing_since: from when the handover to the next party is under way, if it is.
    """

    party: Party
    name: str
    start: datetime
    end: datetime | None
    handing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PredictedRelease:
    """When the waiting crew is likely to be free, and what that assumes."""

    at: datetime
    assumption: str


def party_of(name: str) -> Party:
    """The kind of a named party."""
    lowered = name.lower()
    if lowered.startswith(("emas", "ems", "ambulance")):
        return Party.EMS
    if lowered.startswith("police"):
        return Party.POLICE
    if lowered.startswith("cru"):
        return Party.CRU
    return Party.DESTINATION


def holdings(
    referral: Referral, handovers: Sequence[Handover], assignments: Sequence[Assignment]
) -> list[Holding]:
    """The chain of who held the patient, oldest first; the last one may still run."""
    chain: list[Holding] = []
    start, holder = _first(referral, handovers, assignments)
    for link in handovers:
        if start is None:
            break
        if link.state is HandoverState.REFUSED:
            continue  # the patient stayed where they were; a later link may have been taken
        taken = link.times.get(HandoverState.ACCEPTED)
        handing = link.times.get(HandoverState.STARTED)
        if taken is None:
            chain.append(_running(referral, holder, start, handing))
            return chain
        chain.append(Holding(party_of(holder), holder, start, taken, handing))
        start, holder = taken, link.to_party
    if start is not None:
        chain.append(_last(referral, holder, start, assignments))
    return chain


def _first(
    referral: Referral, handovers: Sequence[Handover], assignments: Sequence[Assignment]
) -> tuple[datetime | None, str]:
    if handovers and party_of(handovers[0].from_party) is not Party.CRU:
        begun = referral.times.get("ems_on_scene") or referral.received_at
        return begun, handovers[0].from_party
    met = [at for job in assignments for state in _MET if (at := job.times.get(state)) is not None]
    return (min(met), "CRU") if met else (None, "")


# A crew that skipped "with patient" has the person at the latest when it conveys them.
_MET = (AssignmentState.WITH_PATIENT, AssignmentState.CONVEYING, AssignmentState.AT_DESTINATION)


def _running(referral: Referral, holder: str, start: datetime, handing: datetime | None) -> Holding:
    return Holding(party_of(holder), holder, start, referral.times.get("closed"), handing)


def _last(referral: Referral, holder: str, start: datetime, assignments: Sequence[Assignment]) -> Holding:
    end = referral.times.get("closed")
    if party_of(holder) is Party.CRU:
        # The crew leaves the person when the van is clear, which is before the paper work is closed.
        clear = [at for job in assignments if (at := job.times.get(AssignmentState.CLEAR)) is not None]
        if clear and not any(job.is_open for job in assignments):
            end = max(clear)
    elif party_of(holder) is Party.DESTINATION and end is not None:
        end = max(end, start)
    return Holding(party_of(holder), holder, start, end)


def waiting_crew(handovers: Sequence[Handover]) -> Handover | None:
    """The EMAS or police link whose crew is not released yet."""
    return next(
        (
            link
            for link in handovers
            if party_of(link.from_party) in {Party.EMS, Party.POLICE}
            and link.state in {HandoverState.EXPECTED, HandoverState.STARTED, HandoverState.ACCEPTED}
        ),
        None,
    )


def predicted_release(
    handovers: Sequence[Handover], assignments: Sequence[Assignment], eta: datetime | None, now: datetime
) -> PredictedRelease | None:
    """When the waiting crew is likely to be free: arrival plus an assumed handover of 15 minutes.

    Args:
        handovers: the referral's chain.
        assignments: its vans.
        eta: when the first van is expected on scene, if that is known.
        now: the moment to predict from; a prediction never lies before it.
    """
    link = waiting_crew(handovers)
    if link is None:
        return None
    there = [
        at for job in assignments if (at := job.times.get(AssignmentState.ON_SCENE)) is not None and job.is_open
    ]
    begun = link.times.get(HandoverState.STARTED) or (min(there) if there else eta)
    if begun is None:
        return None
    assumption = f"assumes {in_words(ASSUMED_HANDOVER)} for the handover"
    return PredictedRelease(max(shifted(begun, ASSUMED_HANDOVER), now), assumption)
