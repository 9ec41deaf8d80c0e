"""Positions that were refused or doubted in the last 24 hours, with the reason."""

from datetime import datetime

from console.live.desk import Desk
from console.running.faults import attempt
from console.views.lists.page import Line, Listing, ListPage
from db.domain.board import UNREADABLE
from db.domain.clocks import local_time
from db.domain.fixes import DoubtfulFix
from db.fixes import FIXES_MOST

NOTHING = "No position was refused or doubted in the last 24 hours."
COLUMNS = ("Van", "Fixed at", "Received at", "On the map", "Why", "Source")


class FixesPage(ListPage):
    """Reads them from the history of fixes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Listing("Refused positions", COLUMNS, "Why", NOTHING, FIXES_MOST))

    async def read(self, since: datetime, now: datetime) -> list[Line]:
        """One line a position."""
        found = await self._desk.reads.doubtful_fixes(since)
        unreadable = [UNREADABLE] * (len(COLUMNS) - 1)
        return [attempt("a refused position", _words, fix, now) or (fix.callsign, *unreadable) for fix in found]


def _words(fix: DoubtfulFix, now: datetime) -> Line:
    return (
        fix.callsign or "not known",
        local_time(fix.fixed_at, now, seconds=True),
        local_time(fix.received_at, now, seconds=True),
        "stands aside" if fix.aside else "shown, in doubt" if fix.shown else "refused",
        fix.reason,
        fix.source,
    )
