"""Who holds the patient: the chain from the crew that waits to whoever has the person now.

*Referral acknowledged*, *handover accepted* and *EMAS crew released* are three moments (docs/record.md); the
patient changes hands at *handover accepted*, and the first crew is free only at *released*.

What "our crew has the person" means is decided once, in :func:`stretches`:

* A crew has the person from *with patient*, or from the first later step when that one was skipped ("the skipped
  times stay empty, they are not invented"), or from *handover accepted*, when it was the crew at the scene.
* It has them until it is clear. The time of a crew that left says nothing about who is there now.
* Whoever waits with the person holds them until the handover is accepted, and at the latest until our crew drives
  off with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Final, NamedTuple
from uuid import UUID

from db.domain.care import HowItEnded
from db.domain.clocks import in_words, shifted
from db.domain.party import CREWS, Party
from db.domain.records import Assignment, Handover, Referral
from db.domain.rules import DEFAULTS
from db.domain.states import WITH_PERSON, AssignmentState, HandoverState, ReferralState
from db.domain.texts import told

Stretch = tuple[datetime, datetime | None]
"""From when until when our crews had the person; None while they do."""


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
class Band:
    """How sure a predicted moment is.

    Attributes:
        first: the earliest that is possible, going by what was.
        last: by when eight of ten came where ``is_banded``, else the latest of all; None where nobody can say.
        n: how many it is from.
        is_banded: whether they are enough to tell eight of ten.
        of: what they are: ``handovers``, ``visits``.
        right: how many of the ``told`` last ones would have come as told.
    """

    first: datetime
    last: datetime | None
    n: int
    is_banded: bool
    of: str
    right: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class PredictedRelease:
    """When a crew is likely to be free.

    Attributes:
        at: the moment, UTC.
        assumption: what it assumes, where it is told by a rule and not from the past.
        band: how sure it is; None where it is told by a rule.
        few: how many the past has, where those are too few to tell anything from.
    """

    at: datetime
    assumption: str
    band: Band | None = None
    few: int | None = None


class _Holder(NamedTuple):
    kind: Party
    name: str


OURS: Final = _Holder(Party.CRU, "CRU")


# --- when our crews had the person ---


def stretches(assignments: Sequence[Assignment], handovers: Sequence[Handover]) -> tuple[Stretch, ...]:
    """When our crews had the person, oldest first; crews whose times touch make one stretch."""
    taken = _taken_by(assignments, handovers)
    spans = [span for job in assignments if (span := _span(job, taken.get(job.id))) is not None]
    merged: list[Stretch] = []
    for start, end in sorted(spans, key=itemgetter(0)):
        # Touching is enough: the crew that takes over comes as the other one goes.
        if merged and (merged[-1][1] is None or start <= merged[-1][1]):
            merged[-1] = (merged[-1][0], _later(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _taken_by(assignments: Sequence[Assignment], handovers: Sequence[Handover]) -> dict[UUID, datetime]:
    """When each crew took the person over, by the assignment."""
    taken: dict[UUID, datetime] = {}
    there = {job.id: at for job in assignments if (at := job.times.get(AssignmentState.ON_SCENE)) is not None}
    for link in handovers:
        at = link.times.get(HandoverState.ACCEPTED) if link.to_kind is Party.CRU else None
        if at is None:
            continue
        takers = [
            job.id for job in assignments if job.id in there and there[job.id] <= at and not _was_gone(job, at)
        ]
        if not takers:
            # Typed too early, or agreed on the way: whoever came first after it took the person over.
            takers = sorted((one for one, came in there.items() if came > at), key=there.__getitem__)[:1]
        taken |= {one: min(at, taken.get(one, at)) for one in takers}
    return taken


def _was_gone(job: Assignment, at: datetime) -> bool:
    return not job.is_open and left_at(job) < at


def _span(job: Assignment, taken: datetime | None) -> Stretch | None:
    end = None if job.is_open else left_at(job)
    met = [at for state in WITH_PERSON if (at := job.times.get(state)) is not None]
    start = min([*met, *([taken] if taken is not None else [])], default=None)
    if start is None:
        return None
    return start, end if end is None else max(start, end)


def left_at(job: Assignment) -> datetime:
    """When a crew that is gone left."""
    left = job.times.get(AssignmentState.CLEAR) or job.times.get(AssignmentState.STOOD_DOWN)
    return left or max(job.times.values())


def _up_to(end: datetime, at: datetime | None) -> datetime | None:
    return at if at is not None and at <= end else None


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


# --- who holds the patient ---


def holdings(
    referral: Referral, handovers: Sequence[Handover], assignments: Sequence[Assignment]
) -> tuple[Holding, ...]:
    """The chain of who held the patient, oldest first: the links, and our crews while they were there.

    The last one may still run. Between two of them nobody of whom we know had the person.
    """
    if not handovers and not assignments:
        return ()  # most rows of a full board
    found = stretches(assignments, handovers)
    chain: list[Holding] = []
    for held in _by_links(referral, handovers, assignments, found):
        chain += _ours(held, found, assignments) if held.party is Party.CRU else [held]
    if handed_on(chain):
        chain += _taken_back(chain[-1], found)
    # Times may have been typed in the wrong order: what ended before it began is no holding.
    return tuple(_without_overlap([held for held in chain if held.end is None or held.end >= held.start]))


def handed_on(chain: Sequence[Holding]) -> bool:
    """Whether the last holder is a destination, or whoever else took the person from us."""
    if not chain or chain[-1].party is Party.CRU:
        return False
    return chain[-1].party is Party.DESTINATION or any(held.party is Party.CRU for held in chain)


def _by_links(
    referral: Referral, handovers: Sequence[Handover], assignments: Sequence[Assignment], found: Sequence[Stretch]
) -> list[Holding]:
    chain: list[Holding] = []
    start, holder = _first(referral, handovers, found)
    if start is None:
        return chain
    for link in handovers:
        if link.state is HandoverState.REFUSED:
            continue  # the patient stayed where they were; a later link may have been taken
        taken, handing = link.times.get(HandoverState.ACCEPTED), link.times.get(HandoverState.STARTED)
        left = _left_with_us(holder, start, assignments)
        if left is not None and (taken is None or left < taken):
            chain.append(Holding(*holder, start, left, _up_to(left, handing)))
            start, holder = left, OURS
            if link.to_kind is Party.CRU:
                continue
        if taken is None:
            chain.append(Holding(*holder, start, referral.times.get("closed"), handing))
            return chain
        chain.append(Holding(*holder, start, taken, handing))
        start, holder = taken, _Holder(link.to_kind, link.to_party)
    left = _left_with_us(holder, start, assignments)
    if left is not None:
        chain.append(Holding(*holder, start, left))
        start, holder = left, OURS
    return [*chain, _last(referral, holder, start, assignments)]


def _first(
    referral: Referral, handovers: Sequence[Handover], found: Sequence[Stretch]
) -> tuple[datetime | None, _Holder]:
    if handovers and handovers[0].from_kind is not Party.CRU:
        begun = referral.times.get("ems_on_scene") or referral.received_at
        return begun, _Holder(handovers[0].from_kind, handovers[0].from_party)
    return found[0][0] if found else None, OURS


def _left_with_us(holder: _Holder, since: datetime, assignments: Sequence[Assignment]) -> datetime | None:
    """When our crew drove off with a person whom somebody at the scene held until then.

    That nobody pressed *handover accepted* leaves its time empty, and the person none the less in our van.
    """
    if holder.kind in {Party.CRU, Party.DESTINATION}:
        return None
    steps = (AssignmentState.CONVEYING, AssignmentState.AT_DESTINATION)
    moved = [[at for step in steps if (at := job.times.get(step)) is not None] for job in assignments]
    return min((min(times) for times in moved if times and min(times) >= since), default=None)


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


def _ours(held: Holding, found: Sequence[Stretch], assignments: Sequence[Assignment]) -> list[Holding]:
    inside = [
        (max(start, held.start), _earlier(end, held.end))
        for start, end in found
        if (end is None or end > held.start) and (held.end is None or start < held.end)
    ]
    if not inside:
        # Taken over by a crew of which no step says so: it has the person as long as it is at the scene.
        there = any(job.is_at_scene for job in assignments)
        return [held] if there or held.end is not None else []
    # The handover says when it began, whichever step the crew pressed afterwards.
    inside[0] = (held.start, inside[0][1])
    parts = [Holding(held.party, held.name, start, end) for start, end in inside[:-1]]
    return [*parts, Holding(held.party, held.name, *inside[-1], held.handing_since)]


def _taken_back(last: Holding, found: Sequence[Stretch]) -> list[Holding]:
    """After a reopening a crew may come to a person who was handed on."""
    return [Holding(*OURS, start, end) for start, end in found if start > last.start]


def _without_overlap(chain: Sequence[Holding]) -> list[Holding]:
    cut = [
        held if held.end is not None and held.end <= after.start else replace(held, end=after.start)
        for held, after in pairwise(chain)
    ]
    return [*cut, *chain[-1:]]


# --- after the end ---


def after_end(referral: Referral, chain: tuple[Holding, ...], ending: HowItEnded | None) -> tuple[Holding, ...]:
    """The chain of a referral that has ended: who was named goes on; so does a crew that it was declined to.

    Whoever else held the patient held them up to the end, as far as anybody knows.
    """
    ended = referral.times.get("closed")
    # What was entered in error did not happen, so nobody is asked who has the person after it.
    if referral.is_open or ended is None or referral.entered_in_error_at is not None:
        return chain
    last = chain[-1] if chain else None
    stays = referral.state is ReferralState.DECLINED and last is not None and last.party in _STAY
    # Who looks for somebody that was not found is not with them.
    if ending is not None and ending.holder_kind is not None and not ending.asks_search:
        if last is not None and (last.party, last.name) == (ending.holder_kind, ending.holder_name):
            return (*chain[:-1], replace(last, end=None))
        before = tuple(_closed(held, ended) for held in chain)
        return (
            *before,
            Holding(ending.holder_kind, told(ending.holder_name), max(ended, _end_of(before, ended)), None),
        )
    if stays and last is not None:
        return (*chain[:-1], replace(last, end=None))
    return tuple(_closed(held, ended) for held in chain)


_STAY: Final = frozenset({Party.EMS, Party.POLICE, Party.OTHER})


def _closed(held: Holding, ended: datetime) -> Holding:
    return replace(held, end=max(held.start, ended)) if held.end is None else held


def _end_of(chain: tuple[Holding, ...], otherwise: datetime) -> datetime:
    return chain[-1].end or otherwise if chain else otherwise


# --- the crew that waits ---


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
    # What happened goes before what is expected.
    begun = link.times.get(HandoverState.STARTED) or (min(there) if there else eta)
    if begun is None:
        return None
    return PredictedRelease(max(shifted(begun, assumed), now), f"assumes {in_words(assumed)} for the handover")
