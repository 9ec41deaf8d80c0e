"""The telephone: referrals ring in, and callers who were given nobody make do without."""

from collections.abc import Iterator
from datetime import datetime

from db.commands import Cancel, TakeReferral
from db.domain.states import ReferralState
from db.exercise.record import Hand, Order
from db.exercise.referrals import Arrival
from db.exercise.stories import Stories
from db.exercise.view import View

_UNSENT = frozenset({ReferralState.RECEIVED, ReferralState.ACCEPTED})


class Calls:
    """A call-taker who writes down what comes in, and nothing more.

    Args:
        arrivals: referrals in the order in which they ring in, without end.
        stories: is told each one's story.
    """

    def __init__(self, arrivals: Iterator[Arrival], stories: Stories) -> None:
        self._arrivals = arrivals
        self._stories = stories
        self._next = next(arrivals, None)

    def orders(self, view: View, now: datetime) -> Iterator[Order]:
        """Referrals received by now, and those that fall away because nobody came."""
        while self._next is not None and self._next.at <= now:
            arrival, self._next = self._next, next(self._arrivals, None)
            self._stories.add(arrival)
            yield Order(Hand.CALLS, _take(arrival))
        for referral in view.open_referrals():
            lost_patience = referral.received_at + self._stories.of(referral).patience <= now
            if lost_patience and referral.state in _UNSENT and not referral.on_hold(now):
                reason = "ems_conveyed" if referral.source == "ems_crew" else "by_caller"
                yield Order(Hand.CALLS, Cancel(referral_id=referral.id, reason=reason))


def _take(arrival: Arrival) -> TakeReferral:
    return TakeReferral(referral_id=arrival.id, details=arrival.details, received_at=arrival.at)
