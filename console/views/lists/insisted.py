"""Steps that were recorded in the last 24 hours although something known spoke against them."""

from datetime import datetime

from console.live.desk import Desk
from console.running.faults import attempt
from console.views.detail.story import what_happened
from console.views.lists.page import Line, Listing, ListPage
from db.domain.board import UNREADABLE
from db.domain.clocks import local_time
from db.domain.names import number_today
from db.domain.records import Event
from db.queries import INSISTED_MOST

NOTHING = "Nothing was recorded against what was known in the last 24 hours."
COLUMNS = ("Recorded at", "Referral", "What", "Although", "By", "From")


class InsistedPage(ListPage):
    """A list to learn from: a tracker in another van, a habit of catching up late, a slip."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Listing("Recorded although", COLUMNS, "Although", NOTHING, INSISTED_MOST))

    async def read(self, since: datetime, now: datetime) -> list[Line]:
        """One line an event; what was taken back afterwards is left out."""
        found = await self._desk.reads.insisted_on(since)
        unreadable = ["", *[UNREADABLE] * (len(COLUMNS) - 1)]
        return [attempt("an objection", self._words, *one, now) or unreadable for one in found]

    def _words(self, event: Event, reference: str, now: datetime) -> Line:
        store = self._desk.store
        callsigns = {van.id: van.callsign for van in store.vans()}
        return (
            local_time(event.recorded_at, now, seconds=True),
            number_today(reference, now) if reference else "",
            what_happened(event, lambda key: callsigns.get(key, "a van")),
            event.insisted,
            store.reference.who(event.recorded_by),
            event.source,
        )
