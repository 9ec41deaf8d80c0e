"""Which towns the free vans cover now, asked of the roads beside the window."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from console.live.desk import Desk
from console.live.geography import Geography
from console.live.joins import crew_of
from console.live.store import Delta, Store
from console.running.faults import attempt
from db.domain.cover import FreeVan, Town, TownCover, cover_of
from db.domain.ranking import Candidate, exclusion
from db.domain.records import Van
from db.geo.earth import Point

AGAIN_AFTER = 10.0
"""Seconds between two looks, whatever moved."""
_MATTERS = ("van", "shift", "assignment")


def place_now(store: Store, one: Candidate) -> Point | None:
    """Where a van is: its last fix, else its base; None for neither."""
    fix = one.position
    return (fix.lat, fix.lon) if fix is not None and fix.on_map else store.reference.bases.get(one.van.base)


def known_van(store: Store, van: Van) -> Candidate:
    """A van as it is now: what says whether it may be sent, and where it is."""
    shift, job = store.shift_of(van.id), store.job_of(van.id)
    return Candidate(van, shift, crew_of(store, van.id), store.position(van.id), job)


def free_vans(store: Store, candidates: Iterable[Candidate], now: datetime) -> list[FreeVan]:
    """Those that may be sent, with where they are; one of which nobody knows it covers nothing."""
    rules = store.reference.rules
    found = ((one, place_now(store, one)) for one in candidates if not exclusion(one, now, rules))
    return [FreeVan(one.van.id, one.van.callsign, *place) for one, place in found if place is not None]


async def covered(geography: Geography, store: Store, vans: Sequence[FreeVan]) -> tuple[TownCover, ...]:
    """Who covers each town; the bases stand for the towns until those are known."""
    bases = (Town(name, *place) for name, place in sorted(store.reference.bases.items()))
    towns = geography.towns or tuple(bases)
    minutes = await geography.between([(one.lat, one.lon) for one in towns], [(one.lat, one.lon) for one in vans])
    return cover_of(towns, vans, minutes)


class TownsCovered(QObject):
    """Kept fresh while somebody looks at it: every ten seconds, and when a van is free or no longer."""

    changed = Signal()

    def __init__(self, desk: Desk, geography: Geography, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._geography = desk, geography
        self._again = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.towns: tuple[TownCover, ...] = ()
        desk.store.changed.connect(self._look)
        geography.loaded.connect(self._again.set)

    def want(self, *, wanted: bool) -> None:
        """Keep it fresh from now on, or rest."""
        if wanted and self._task is None:
            sentence = "How the towns are covered could not be worked out; it is tried again."
            self._task = self._desk.supervisor.keep("cover by town", self._keep_fresh, sentence, owner=self)
        elif not wanted and self._task is not None:
            self._task.cancel()
            self._task = None

    def _look(self, delta: Delta) -> None:
        if any(delta.touched(table) for table in _MATTERS):
            self._again.set()

    async def _keep_fresh(self) -> None:
        while True:
            self._again.clear()
            await self._work_out()
            try:
                async with asyncio.timeout(AGAIN_AFTER):
                    await self._again.wait()
            except TimeoutError:
                continue

    async def _work_out(self) -> None:
        store, now = self._desk.store, self._desk.clock.now()
        known = (attempt("a van that covers a town", self._known, van, now) for van in store.vans())
        vans = free_vans(store, (one for one in known if one is not None), now)
        found = await covered(self._geography, store, vans)
        if found != self.towns:
            self.towns = found
            self.changed.emit()

    def _known(self, van: Van, now: datetime) -> Candidate:
        found = known_van(self._desk.store, van)
        exclusion(found, now, self._desk.store.reference.rules)  # one that cannot be told fails here, and alone
        return found
