"""When the next waiting crew is likely to be free, for the wall: of all that wait the one that is first."""

from collections.abc import Iterable
from datetime import datetime

from console.live.desk import Desk
from db.domain.foreseen import until_words
from db.domain.holding import PredictedRelease, waiting_crew
from db.domain.situation import EtaOf, Facts
from db.domain.wall import FreeAt


def next_free(desk: Desk, referrals: Iterable[Facts], eta_of: EtaOf) -> FreeAt:
    """The first of those referrals, and how sure that is; or why nothing is told."""
    now = desk.clock.now()
    waiting = [facts for facts in referrals if _waits(facts)]
    found = [one for facts in waiting if (one := _release(desk, facts, eta_of, now)) is not None]
    if not waiting:
        return FreeAt(None, "no crew waits")
    if not found:
        return FreeAt(None, "not known until a van is there")
    first = min(found, key=lambda one: one.at)
    return FreeAt(first.at, _words(first, now))


def _waits(facts: Facts) -> bool:
    referral = facts.referral
    return referral.is_open and referral.entered_in_error_at is None and waiting_crew(facts.handovers) is not None


def _release(desk: Desk, facts: Facts, eta_of: EtaOf, now: datetime) -> PredictedRelease | None:
    coming = [at for job in facts.assignments if job.is_open and (at := eta_of(job.id)) is not None]
    eta = min(coming, default=None)
    return desk.foresight.release(desk.store, facts.handovers, facts.assignments, eta, now)


def _words(found: PredictedRelease, now: datetime) -> str:
    return until_words(found.band, now) if found.band is not None else "by the service's target"
