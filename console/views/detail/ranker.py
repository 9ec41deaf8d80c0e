"""Ranks the vans for a referral: candidates from the mirror, travel times from the geography, kept fresh."""

import asyncio
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.briefs import asked_of
from console.live.cover import covered, free_vans, known_van, place_now
from console.live.desk import Desk
from console.live.etas import Etas
from console.live.geography import Geography
from console.live.joins import referral_facts
from console.live.store import Delta
from console.running.faults import attempt
from console.running.tasks import spawn
from db.domain.board import UNREADABLE
from db.domain.clocks import ResponseClock
from db.domain.cover import TownCover, left_bare
from db.domain.names import number_today
from db.domain.ranking import Candidate, RankedVan, Trip, rank
from db.domain.records import Referral, Van
from db.domain.situation import Phase, situation
from db.domain.suiting import Asked
from db.geo.earth import Point
from db.geo.roads.travel import Travel

AGAIN_AFTER = 3.0
"""Seconds between two rankings of the same referral."""
_MATTERS = ("van", "shift", "position", "assignment", "referral", "about_me", "flag", "interpreter")


class Ranker(QObject):
    """Works for one referral at a time, and only while it is wanted."""

    changed = Signal()

    def __init__(self, desk: Desk, geography: Geography, etas: Etas, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._geography = geography
        self._etas = etas
        self._wanted: UUID | None = None
        self._ranked: tuple[UUID, list[RankedVan]] | None = None
        self._task: asyncio.Task[None] | None = None
        self._dirty = False
        self._switched = asyncio.Event()
        desk.store.changed.connect(self._look)
        desk.store.reference_changed.connect(self._work_soon)
        geography.loaded.connect(self._work_soon)

    def want(self, referral_id: UUID | None) -> None:
        """Rank for this referral from now on; for none to rest."""
        if referral_id != self._wanted:
            self._wanted = referral_id
            self._switched.set()
            self._work_soon()

    def ranked(self, referral_id: UUID) -> list[RankedVan] | None:
        """The list as last worked out; None until it was, for this referral."""
        return self._ranked[1] if self._ranked is not None and self._ranked[0] == referral_id else None

    def _look(self, delta: Delta) -> None:
        if any(delta.touched(table) for table in _MATTERS):
            self._work_soon()

    def _work_soon(self) -> None:
        self._dirty = True
        if self._wanted is not None and (self._task is None or self._task.done()):
            self._task = spawn(self._work(), "rank vans", self)

    async def _work(self) -> None:
        while self._dirty and self._wanted is not None:
            self._dirty = False
            # Before the work: a switch during it cuts the rest short.
            self._switched.clear()
            wanted = self._wanted
            referral = self._desk.store.referral(wanted)
            if referral is not None:
                found = await self._rank(referral)
                if found != self.ranked(wanted):
                    self._ranked = (wanted, found)
                    self.changed.emit()
            await self._rest()

    async def _rest(self) -> None:
        # Fixes come every second; the order of vans need not. Another referral does not wait.
        try:
            async with asyncio.timeout(AGAIN_AFTER):
                await self._switched.wait()
        except TimeoutError:
            return

    async def _rank(self, referral: Referral) -> list[RankedVan]:
        now, vans = self._desk.clock.now(), self._desk.store.vans()
        found = [attempt("the rank of a van", self._candidate, van, now) for van in vans]
        candidates = await self._with_trips(referral, [one for one in found if one is not None])
        asked = attempt("what a person asked for", asked_of, self._desk.store, referral.id, now) or Asked()
        bare = await self._bare(candidates, now)
        covering = [
            replace(one, cover=left.then, cover_of=left.town.name) if (left := bare.get(one.van.id)) else one
            for one in candidates
        ]
        ranked = rank(asked, covering, now, clock=self._clock_of(referral))
        known = {one.van_id for one in ranked}
        unreadable = [
            RankedVan(van.id, van.callsign, None, None, (), UNREADABLE) for van in vans if van.id not in known
        ]
        return [*ranked, *unreadable]

    def _clock_of(self, referral: Referral) -> ResponseClock | None:
        facts = referral_facts(self._desk.store, referral.id)
        now_is = attempt("the clock of a ranking", situation, facts, self._desk.store.reference) if facts else None
        # Once somebody was reached no van can be late any more.
        return now_is.clock if now_is is not None and now_is.phase is Phase.WAITING else None

    def _candidate(self, van: Van, now: datetime) -> Candidate:
        """What is known of a van; raises here, and not among the others, if it cannot be ranked."""
        candidate = self._known(van)
        rank(Asked(), [candidate], now)
        return candidate

    def _known(self, van: Van) -> Candidate:
        store, known = self._desk.store, known_van(self._desk.store, van)
        job = known.job
        on = store.referral(job.referral_id) if job is not None else None
        now = self._desk.clock.now()
        reference = number_today(on.reference, now) if on is not None else ""
        clear = self._desk.foresight.clear(store, job, self._etas.of(job.id), now) if job is not None else None
        return replace(known, job_reference=reference, clear=clear)

    async def _with_trips(self, referral: Referral, candidates: list[Candidate]) -> list[Candidate]:
        scene, placed = referral.location.point, self._placed(candidates)
        if scene is None or not placed:
            return candidates
        travels = await self._geography.minutes(scene, list(placed.values()))
        found = dict(zip(placed, travels, strict=True))
        return [replace(one, trip=_trip(one, found.get(one.van.id))) for one in candidates]

    async def _bare(self, candidates: list[Candidate], now: datetime) -> dict[UUID, TownCover]:
        """What each free van leaves uncovered if it goes: the town that waits longest for the next one."""
        store = self._desk.store
        vans = free_vans(store, candidates, now)
        towns = await covered(self._geography, store, vans) if len(vans) > 1 else ()
        found = {van.id: left_bare(towns, van.id) for van in vans}
        return {van_id: one for van_id, one in found.items() if one is not None}

    def _placed(self, candidates: list[Candidate]) -> dict[UUID, Point]:
        """Where each van is, by van; one of which nobody knows is left out."""
        found = {one.van.id: place_now(self._desk.store, one) for one in candidates}
        return {van_id: place for van_id, place in found.items() if place is not None}


def _trip(one: Candidate, travel: Travel | None) -> Trip | None:
    return Trip(travel.minutes, travel.method, from_base=one.position is None) if travel is not None else None
