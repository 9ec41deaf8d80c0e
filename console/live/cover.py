"""Which towns the free vans cover now, asked of the roads beside the window."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject

from console.live.desk import Desk
from console.live.fresh import FreshWhileSeen
from console.live.geography import Geography
from console.live.joins import crew_of
from console.live.store import Store
from console.running.faults import attempt
from db.domain.cover import FreeVan, Town, TownCover, cover_of
from db.domain.ranking import Candidate, exclusion
from db.domain.records import Van
from db.geo.earth import Point


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


def free_now(desk: Desk) -> list[FreeVan]:
    """The vans that may be sent now; one of which that cannot be told is left out, alone."""
    now = desk.clock.now()
    known = (attempt("a van that may be sent", _known, desk.store, van, now) for van in desk.store.vans())
    return free_vans(desk.store, (one for one in known if one is not None), now)


def _known(store: Store, van: Van, now: datetime) -> Candidate:
    found = known_van(store, van)
    exclusion(found, now, store.reference.rules)  # one that cannot be told fails here, and alone
    return found


async def covered(geography: Geography, store: Store, vans: Sequence[FreeVan]) -> tuple[TownCover, ...]:
    """Who covers each town; the bases stand for the towns until those are known."""
    bases = (Town(name, *place) for name, place in sorted(store.reference.bases.items()))
    towns = geography.towns or tuple(bases)
    minutes = await geography.between([(one.lat, one.lon) for one in towns], [(one.lat, one.lon) for one in vans])
    return cover_of(towns, vans, minutes)


class TownsCovered(FreshWhileSeen):
    """Kept fresh while somebody looks at it: every ten seconds, and when a van is free or no longer."""

    what, sentence = (
        "cover by town",
        "How the towns are covered could not be worked out; it is tried again.",
    )
    matters = ("van", "shift", "assignment")

    def __init__(self, desk: Desk, geography: Geography, parent: QObject | None = None) -> None:
        super().__init__(desk, geography, parent)
        self.towns: tuple[TownCover, ...] = ()

    async def work_out(self) -> None:
        """Ask the roads who covers each town now."""
        found = await covered(self._geography, self._desk.store, free_now(self._desk))
        if found != self.towns:
            self.towns = found
            self.changed.emit()
