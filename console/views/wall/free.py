"""When the crews that wait are likely to be free, for the wall: each, and of all the one that is first."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from console.live.desk import Desk
from db.domain.foreseen import until_words
from db.domain.holding import PredictedRelease, waiting_crew
from db.domain.party import short
from db.domain.situation import EtaOf, Facts
from db.domain.texts import told
from db.domain.wall import CrewFree, FreeAt


def crews_free(desk: Desk, referrals: Iterable[Facts], eta_of: EtaOf) -> dict[UUID, CrewFree]:
    """When the crew that waits is likely to be free, by the referral; where nobody can say, it is missing."""
    now = desk.clock.now()
    found = ((facts, _release(desk, facts, eta_of, now)) for facts in referrals if _waits(facts))
    return {facts.referral.id: CrewFree(_crew(facts), one) for facts, one in found if one is not None}


def next_free(desk: Desk, referrals: Iterable[Facts], crews: Mapping[UUID, CrewFree]) -> FreeAt:
    """The first of them, and how sure that is; or why nothing is told."""
    if not any(map(_waits, referrals)):
        return FreeAt(None, "no crew waits")
    if not crews:
        return FreeAt(None, "not known until a van is there")
    first = min((crew.release for crew in crews.values()), key=lambda one: one.at)
    return FreeAt(first.at, _words(first, desk.clock.now()))


def _crew(facts: Facts) -> str:
    link = waiting_crew(facts.handovers)
    return told(short(link.from_kind, link.from_party)) if link is not None else ""


def _waits(facts: Facts) -> bool:
    referral = facts.referral
    return referral.is_open and referral.entered_in_error_at is None and waiting_crew(facts.handovers) is not None


def _release(desk: Desk, facts: Facts, eta_of: EtaOf, now: datetime) -> PredictedRelease | None:
    coming = [at for job in facts.assignments if job.is_open and (at := eta_of(job.id)) is not None]
    eta = min(coming, default=None)
    return desk.foresight.release(desk.store, facts.handovers, facts.assignments, eta, now)


def _words(found: PredictedRelease, now: datetime) -> str:
    return until_words(found.band, now) if found.band is not None else "by the service's target"
