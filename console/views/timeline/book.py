"""The lanes of the referrals, kept: what changed is worked out anew, a little at a time, and nothing else."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Final
from uuid import UUID

from console.live.etas import Etas
from console.live.foresight import Foresight
from console.live.joins import touched_referrals
from console.live.store import Delta, Store
from console.running.faults import attempt
from console.timeline.lanes import Lane
from console.views.timeline.lanes import (
    Around,
    bare_lane,
    belongs,
    first,
    lane_of,
    place,
    shows,
    standing,
    unreadable,
)
from console.views.timeline.stories import Stories
from db.domain.holding import PredictedRelease
from db.domain.records import Referral, Shift
from db.domain.situation import Facts, Situation, situation

TURN: Final = 0.008
"""Seconds that lanes are worked out in one turn of the loop: the live board goes on between two turns."""
_WHAT: Final = "a lane of the timelines"


@dataclass(slots=True)
class _Entry:
    """A referral as it was worked out; ``now_is`` is None where it cannot be."""

    referral: Referral
    now_is: Situation | None
    lane: Lane | None


class LaneBook:
    """Lanes by referral.

    First where each stands, from which follow its name and its place; then what is drawn in it, those in sight
    first. The first changes with the record only; what is drawn does with the minutes, too.
    """

    def __init__(self, store: Store, etas: Etas, foresight: Foresight, stories: Stories) -> None:
        self._store = store
        self._etas = etas
        self._foresight = foresight
        self._stories = stories
        self._entries: dict[UUID, _Entry] = {}
        self._past: dict[UUID, Facts] = {}
        self._owed: dict[UUID, None] = dict.fromkeys(store.referral_ids())
        self._to_draw: dict[UUID, None] = {}

    # --- what has to be worked out anew ---

    def take(self, delta: Delta) -> None:
        """What a change of the mirror concerns."""
        gone = delta.gone.get("referral", frozenset())
        for key in gone:
            self._let_go(key)
        touched = touched_referrals(delta, self._store)
        vans = delta.touched("van") | delta.vans
        if vans:
            touched |= {key for key, one in self._entries.items() if one.now_is and _rides(one.now_is, vans)}
        self._owe(touched - gone)

    def owe_all(self) -> None:
        """Everything has changed, as a rule did."""
        self._owe([*self._store.referral_ids(), *self._past])

    def _owe(self, referrals: Iterable[UUID]) -> None:
        known = (key for key in referrals if key in self._past or self._store.referral(key) is not None)
        self._owed |= dict.fromkeys(known)

    def draw(self, referrals: Iterable[UUID]) -> None:
        """What is drawn of these has changed, and not where they stand."""
        self._to_draw |= dict.fromkeys(key for key in referrals if key in self._entries)

    def draw_open(self) -> None:
        """Time passed: what is told in minutes of those that are open."""
        self.draw([key for key, one in self._entries.items() if one.referral.is_open])

    def draw_coming(self) -> None:
        """Arrivals are expected otherwise."""
        self.draw([key for key, one in self._entries.items() if one.now_is is not None and one.now_is.coming])

    def take_past(self, facts: Iterable[Facts]) -> None:
        """Have these beside what the mirror holds, which goes before them."""
        was, self._past = self._past, {one.referral.id: one for one in facts}
        for key in was.keys() - self._past.keys():
            if self._store.referral(key) is None:
                self._let_go(key)
        self._owe(key for key in self._past if self._store.referral(key) is None)

    def _let_go(self, key: UUID) -> None:
        self._entries.pop(key, None)
        self._owed.pop(key, None)
        self._to_draw.pop(key, None)

    # --- working it out ---

    @property
    def is_ordered(self) -> bool:
        """Whether it is known of each where it stands."""
        return not self._owed

    def work(self, now: datetime, seconds: float = TURN) -> bool:
        """Work out what is owed, for so long at most; whether all of it is done."""
        until = time.perf_counter() + seconds
        while self._owed:
            self._stand(next(iter(self._owed)), now)
            if time.perf_counter() > until:
                return False
        shifts = self._shifts() if self._to_draw else {}
        while self._to_draw:
            self._draw(next(iter(self._to_draw)), now, shifts)
            if time.perf_counter() > until:
                return not self._to_draw
        return True

    def draw_now(self, lanes: Iterable[Lane], now: datetime) -> bool:
        """Draw these at once, since they are in sight; whether any was owed."""
        owed = [key for lane in lanes if (key := UUID(lane.id)) in self._to_draw]
        shifts = self._shifts() if owed else {}
        for key in owed:
            self._draw(key, now, shifts)
        return bool(owed)

    def _stand(self, key: UUID, now: datetime) -> None:
        del self._owed[key]
        referral, past = self._store.referral(key), self._past.get(key)
        known = referral if referral is not None else past.referral if past is not None else None
        if known is None:
            self._let_go(key)
            return
        was = self._entries.get(key)
        found = attempt(_WHAT, self._standing, known, past if referral is None else None)
        if found is None:
            self._entries[key] = _Entry(known, None, attempt(_WHAT, unreadable, known, now))
            return
        # Until it is drawn anew it stays as it was; a new one shows its name.
        shown = was.lane if was is not None and was.now_is is not None else attempt(_WHAT, bare_lane, found, now)
        self._entries[key] = _Entry(known, found, shown)
        self._to_draw[key] = None

    def _standing(self, referral: Referral, past: Facts | None) -> Situation:
        return standing(self._store, referral) if past is None else situation(past, self._store.reference)

    def _draw(self, key: UUID, now: datetime, shifts: Mapping[UUID, Shift]) -> None:
        del self._to_draw[key]
        entry = self._entries.get(key)
        if entry is None or entry.now_is is None:
            return

        def foresee(facts: Facts, eta: datetime | None) -> PredictedRelease | None:
            return self._foresight.release(self._store, facts.handovers, facts.assignments, eta, now)

        around = Around(self._etas.of, now, foresee, self._stories.of(key), shifts)
        lane = attempt(_WHAT, lane_of, entry.now_is, around)
        if lane is None:
            entry.now_is, lane = None, attempt(_WHAT, unreadable, entry.referral, now)
        entry.lane = lane

    def _shifts(self) -> dict[UUID, Shift]:
        found = ((van.id, self._store.shift_of(van.id)) for van in self._store.vans())
        return {van_id: shift for van_id, shift in found if shift is not None}

    # --- what is shown ---

    def live(self, now: datetime) -> list[Lane]:
        """Open referrals and those that ended lately, in their order."""
        found, rules = [], self._store.reference.rules
        for one in self._entries.values():
            if one.lane is None or not belongs(one.referral, now, rules):
                continue
            if one.now_is is None:
                found.append((first(one.referral), one.lane))
            elif shows(one.now_is, now):
                at = attempt(_WHAT, place, one.now_is, self._etas.of, now) or first(one.referral)
                found.append((at, one.lane))
        return [lane for _, lane in sorted(found, key=itemgetter(0))]

    def facts(self) -> list[Facts]:
        """The referrals of the mirror, and those of the past that was read."""
        kept = (one for one in self._entries.values() if one.referral.entered_in_error_at is None)
        return [one.now_is.facts for one in kept if one.now_is is not None]

    def all(self) -> list[Lane]:
        """Every referral that counts, of the mirror and of the past that was read, however long ago it ended."""
        kept = (one for one in self._entries.values() if one.referral.entered_in_error_at is None)
        return [one.lane for one in kept if one.lane is not None]


def _rides(now_is: Situation, vans: frozenset[UUID]) -> bool:
    return any(job.van_id in vans for job in now_is.facts.assignments)
