"""Which time must not lie before which. The one home of that order; ``cru.time_order()`` is equal to it.

A time is named by what it belongs to and its column without ``_at``: ``"assignment.on_scene"``. Empty times bind
nobody: a step that was skipped has none. What is not listed has no order: EMAS may be on scene before or after the
referral is received.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any, Final
from uuid import UUID

from db.domain.party import Party
from db.domain.records import Assignment, Handover, Referral
from db.domain.resolving import Belongs, Limit
from db.domain.states import ASSIGNMENT_ORDER, AT_SCENE, HANDOVER_ORDER

REACHED: Final = "scene.reached"
"""The first moment at which a crew of any van was with the referral: whichever of its steps from *on scene* on."""

_JOB: Final = tuple(f"assignment.{state.replace(' ', '_')}" for state in ASSIGNMENT_ORDER)
# Each of a chain comes before all that follow it, also where those between are empty.
_CHAINS: Final = (
    ("call_connected", "sent", "received", "acknowledged", "accepted", "closed"),
    ("call_connected", "sent", "received", "screened", "accepted"),
)
_OTHER_CHAINS: Final = (
    _JOB,
    (*_JOB[:5], "assignment.stood_down"),
    ("handover.expected", "handover.started", "handover.accepted", "handover.released"),
    ("handover.expected", "handover.started", "handover.refused"),
    ("shift.started", "shift.ended"),
)
# What belongs to different rows. An end of a job, an allocation and an expected handover are never skipped.
_ACROSS: Final = (
    ("referral.received", "screening.completed"),
    ("referral.accepted", "assignment.allocated"),
    ("referral.received", "handover.expected"),
    (REACHED, "handover.started"),
    (REACHED, "handover.accepted"),
    # "ems handover" is a handover from an ambulance crew: it gives nobody away before it is there.
    ("referral.ems_on_scene", "ems handover.started"),
    ("referral.ems_on_scene", "ems handover.accepted"),
    ("referral.ems_on_scene", "ems handover.released"),
    ("assignment.clear", "referral.closed"),
    ("assignment.stood_down", "referral.closed"),
    ("handover.started", "referral.closed"),
    ("handover.accepted", "referral.closed"),
)
PRECEDES: Final = frozenset(
    {pair for chain in _CHAINS for pair in combinations((f"referral.{name}" for name in chain), 2)}
    | {pair for chain in _OTHER_CHAINS for pair in combinations(chain, 2)}
    | set(_ACROSS)
)
"""Pairs of names: the first must not lie after the second, within a row, or between the rows of one referral."""

_WORDS: Final = {
    "ems_on_scene": "EMAS on scene",
    "screened": "screening complete",
    "completed": "screening complete",
    "reached": "at the scene",
}


@dataclass(frozen=True, slots=True)
class KnownTime:
    """A time that the record has.

    Attributes:
        entity: ``referral``, ``assignment`` or ``handover``.
        row_id: whose it is.
        field: the column without ``_at``.
        at: aware UTC.
        whose: the callsign of the van, for the times of a job.
        also: further names by which the order knows it.
        missed: nobody reported it; ``at`` is the step behind it, which it must not pass.
    """

    entity: str
    row_id: UUID
    field: str
    at: datetime
    whose: str = ""
    also: frozenset[str] = frozenset()
    missed: bool = False

    @property
    def words(self) -> str:
        """As people call it: ``CRU2 on scene``, ``handover accepted``, ``EMAS on scene``."""
        whose = "handover" if self.entity == "handover" else self.whose
        return f"{whose} {_WORDS.get(self.field, self.field.replace('_', ' '))}".strip()

    @property
    def names(self) -> frozenset[str]:
        """What :data:`PRECEDES` calls it."""
        return self.also | {f"{self.entity}.{self.field}"}


@dataclass(frozen=True, slots=True)
class Between:
    """Between which other times one has to lie; None where nothing binds it."""

    not_before: KnownTime | None = None
    not_after: KnownTime | None = None


def known_times(
    referral: Referral, jobs: Iterable[Assignment], links: Iterable[Handover], callsigns: Mapping[UUID, str]
) -> list[KnownTime]:
    """The times of one referral, earliest first.

    Args:
        referral: with its times.
        jobs: its assignments.
        links: its handovers.
        callsigns: by the van's id.
    """
    found = [KnownTime("referral", referral.id, name, at) for name, at in referral.times.items()]
    for job in jobs:
        name = callsigns.get(job.van_id, "The van")
        found += [KnownTime("assignment", job.id, _field(state), at, name) for state, at in job.times.items()]
    for link in links:
        found += [time_of_link(link, state, at) for state, at in link.times.items()]
    return sorted(_with_reached(found), key=lambda one: one.at)


def missed_times(
    jobs: Iterable[Assignment], links: Iterable[Handover], callsigns: Mapping[UUID, str]
) -> list[KnownTime]:
    """The steps that were skipped on the way to where each job and handover has come to, in their order."""
    found = []
    for job in jobs:
        name = callsigns.get(job.van_id, "The van")
        found += _missed("assignment", job.id, ASSIGNMENT_ORDER, job.state, job.times, name)
    for link in links:
        skipped = _missed("handover", link.id, HANDOVER_ORDER, link.state, link.times, "")
        found += [replace(time_of_link(link, one.field, one.at), missed=True) for one in skipped]
    return found


def time_of_link(link: Handover, state: str, at: datetime) -> KnownTime:
    """A time of a handover, by all the names that the order knows it by: one that it has, lacks, or is to get."""
    also = frozenset({f"ems handover.{state}"} if link.from_kind is Party.EMS else ())
    return KnownTime("handover", link.id, state, at, also=also)


def _missed(
    entity: str, row_id: UUID, order: Sequence[str], state: str, times: Mapping[Any, datetime], whose: str
) -> list[KnownTime]:
    reached = order.index(state) if state in order else 0
    found = []
    for place, step in enumerate(order[:reached]):
        behind = next((times[later] for later in order[place + 1 :] if later in times), None)
        if step not in times and behind is not None:
            found.append(KnownTime(entity, row_id, _field(step), behind, whose, missed=True))
    return found


def _field(state: str) -> str:
    return state.replace(" ", "_")


def _with_reached(times: list[KnownTime]) -> list[KnownTime]:
    at_scene = {_field(state) for state in AT_SCENE}
    there = [one for one in times if one.entity == "assignment" and one.field in at_scene]
    first = min(there, key=lambda one: one.at, default=None)
    return [replace(one, also=one.also | {REACHED}) if one is first else one for one in times]


def between(this: KnownTime, times: Iterable[KnownTime]) -> Between:
    """Between which of the other times one has to lie, the nearest on each side.

    Where several vans reached the scene, the first binds the handovers; that another would then be the first is
    left to the record.
    """
    others = [one for one in times if _concerns(this, one)]
    before = [one for one in others if any((a, b) in PRECEDES for a in one.names for b in this.names)]
    after = [one for one in others if any((a, b) in PRECEDES for a in this.names for b in one.names)]
    return Between(
        max(before, key=lambda one: one.at, default=None), min(after, key=lambda one: one.at, default=None)
    )


def belongs(this: KnownTime, times: Iterable[KnownTime], now: datetime) -> Belongs:
    """What a time that corrects one of a record belongs to."""
    found = between(this, times)
    before, after = found.not_before, found.not_after
    return Belongs(
        now,
        not_before=Limit(before.at, before.words) if before else None,
        not_after=Limit(after.at, after.words) if after else None,
        instead_of=this.at,
    )


def _concerns(this: KnownTime, other: KnownTime) -> bool:
    if other.missed:
        return False
    # Within an entity each row has an order of its own: two vans go their own ways.
    return other.row_id == this.row_id if other.entity == this.entity else True
