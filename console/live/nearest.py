"""Which free van would be there first, of each person who waits and to whom nobody is on the way."""

from uuid import UUID

from PySide6.QtCore import QObject

from console.live.cover import free_now
from console.live.desk import Desk
from console.live.fresh import FreshWhileSeen
from console.live.geography import Geography
from console.live.joins import referral_facts
from console.running.faults import attempt
from db.domain.records import Referral
from db.domain.situation import situation
from db.domain.wall import NearestVan
from db.geo.earth import Point


class NearestVans(FreshWhileSeen):
    """Asked of the roads for all of them at once, while the wall is seen."""

    what, sentence = (
        "the nearest vans",
        "How far the vans are from who waits could not be worked out; it is tried again.",
    )
    matters = ("van", "shift", "assignment", "referral")

    def __init__(self, desk: Desk, geography: Geography, parent: QObject | None = None) -> None:
        super().__init__(desk, geography, parent)
        self._found: dict[UUID, NearestVan] = {}

    def of(self, referral_id: UUID) -> NearestVan | None:
        """The van that would be with them first; None where that is not known."""
        return self._found.get(referral_id)

    async def work_out(self) -> None:
        """Ask the roads for everybody who waits."""
        waiting = {one.id: place for one in self._desk.store.referrals() if (place := self._waits_at(one))}
        vans = free_now(self._desk)
        minutes = await self._geography.between(list(waiting.values()), [(van.lat, van.lon) for van in vans])
        found = {
            key: min((NearestVan(van.callsign, one) for van, one in zip(vans, row, strict=True)), key=_soonest)
            if vans
            else NearestVan()
            for key, row in zip(waiting, minutes, strict=True)
        }
        if found != self._found:
            self._found = found
            self.changed.emit()

    def _waits_at(self, referral: Referral) -> Point | None:
        facts = attempt("who waits without a van", referral_facts, self._desk.store, referral.id)
        counts = facts is not None and referral.is_open and referral.entered_in_error_at is None
        waits = facts is not None and counts and situation(facts, self._desk.store.reference).needs_van
        return referral.location.point if waits else None


def _soonest(one: NearestVan) -> tuple[float, int, str]:
    return one.minutes, len(one.callsign), one.callsign
