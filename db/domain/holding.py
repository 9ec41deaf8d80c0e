"""Who holds the patient: the chain from the crew that waits to whoever has the person now.

*Referral acknowledged*, *handover accepted* and *EMAS crew released* are three moments (docs/record.md); the
patient changes hands at *handover accepted*, and the first crew is free only at *released*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from db.domain.clocks import in_words, shifted
from db.domain.party import CREWS, Party
from db.domain.records import Assignment, Handover, Referral
from db.domain.rules import DEFAULTS
from db.domain.states import AssignmentState, HandoverState


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


class _Holder(NamedTuple):
    kind: Party
    name: str


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
            chain.append(Holding(*holder, start, referral.times.get("closed"), handing))
            return chain
        chain.append(Holding(*holder, start, taken, handing))
        start, holder = taken, _Holder(link.to_kind, link.to_party)
    if start is not None:
        chain.append(_last(referral, holder, start, assignments))
    return chain


def _first(
    referral: Referral, handovers: Sequence[Handover], assignments: Sequence[Assignment]
) -> tuple[datetime | None, _Holder]:
    if handovers and handovers[0].from_kind is not Party.CRU:
        begun = referral.times.get("ems_on_scene") or referral.received_at
        return begun, _Holder(handovers[0].from_kind, handovers[0].from_party)
    met = [at for job in assignments for state in _MET if (at := job.times.get(state)) is not None]
    return min(met, default=None), _Holder(Party.CRU, "CRU")


# A crew that skipped "with patient" has the person at the latest when it conveys them.
_MET = (AssignmentState.WITH_PATIENT, AssignmentState.CONVEYING, AssignmentState.AT_DESTINATION)


def _last(referral: Referral, holder: _Holder, start: datetime, assignments: Sequence[Assignment]) -> Holding:
    end = referral.times.get("closed")
    if holder.kind is Party.CRU:
        # The crew leaves the person when the van is clear, which is before the paper work is closed.
        clear = [at for job in assignments if (at := job.times.get(AssignmentState.CLEAR)) is not None]
        if clear and not any(job.is_open for job in assignments):
            end = max(clear)
    elif holder.kind is Party.DESTINATION and end is not None:
        end = max(end, start)
    return Holding(*holder, start, end)


def waiting_crew(handovers: Sequence[Handover]) -> Handover | None:
    """The EMAS or police link whose crew is not released yet."""
    return next(
        (
            link
            for link in handovers
            if link.from_kind in CREWS
            and link.state in {HandoverState.EXPECTED, HandoverState.STARTED, HandoverState.ACCEPTED}
        ),
        None,
    )


def predicted_release(
    handovers: Sequence[Handover],
    assignments: Sequence[Assignment],
    eta: datetime | None,
    now: datetime,
    assumed: timedelta = DEFAULTS.assumed_handover,
) -> PredictedRelease | None:
    """When the waiting crew is likely to be free: arrival plus the time assumed for a handover.

    Args:
        handovers: the referral's chain.
        assignments: its vans.
        eta: when the first van is expected on scene, if that is known.
        now: the moment to predict from; a prediction never lies before it.
        assumed: how long the handover is assumed to take.
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
    return PredictedRelease(max(shifted(begun, assumed), now), f"assumes {in_words(assumed)} for the handover")
