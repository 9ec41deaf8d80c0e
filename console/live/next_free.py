"""When the next ambulance crew that waits is likely to be free, of all that are live."""

from datetime import datetime

from console.live.desk import Desk
from console.live.joins import referral_facts
from console.running.faults import attempt
from db.domain.foreseen import sure_words
from db.domain.holding import PredictedRelease
from db.domain.party import Party
from db.domain.records import Referral
from db.domain.situation import EtaOf, situation
from db.domain.wall import FreeAt


class NextFree:
    """Asked for anew whenever a wall is painted."""

    def __init__(self, desk: Desk, eta_of: EtaOf) -> None:
        self._desk, self._eta_of = desk, eta_of

    def __call__(self) -> FreeAt | None:
        """The first of them, as lanes and panes tell each; None where none waits, or nobody can say of any."""
        now = self._desk.clock.now()
        found = (attempt("when a crew is free", self._of, one, now) for one in self._desk.store.referrals())
        first = min((one for one in found if one is not None), key=lambda one: one.at, default=None)
        return FreeAt(first.at, sure_words(first, now)) if first is not None else None

    def _of(self, referral: Referral, now: datetime) -> PredictedRelease | None:
        store = self._desk.store
        facts = referral_facts(store, referral.id)
        if facts is None or not referral.is_open:
            return None
        now_is = situation(facts, store.reference)
        if now_is.holder is None or now_is.holder.party is not Party.EMS:
            return None
        eta = now_is.arrival(self._eta_of)
        return self._desk.foresight.release(store, facts.handovers, facts.assignments, eta, now)
