"""Which stretch of time the lead's page shows, and which of its referrals: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.domain.clocks import local, wall_time
from db.domain.periods import Cut, Period
from db.domain.rota import london
from db.domain.typed_dates import read_near_date


class RangeKind(StrEnum):
    """How a stretch is chosen; the value is what its button says."""

    TONIGHT = "Tonight"
    TODAY = "Today"
    WEEK = "7 days"
    MONTH = "28 days"
    DAYS = "Range…"


LONGEST: Final = 1100
"""Days: three years and a little."""


@dataclass(frozen=True, slots=True)
class RangeChoice:
    """A kind, and for any days the first and the last of them."""

    kind: RangeKind = RangeKind.TONIGHT
    first: date | None = None
    last: date | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it reaches until now, whenever that is."""
        return self.kind is not RangeKind.DAYS

    def period(self, now: datetime) -> Period:
        """From when until when, by the record's clock; nothing lies after now."""
        match self.kind:
            case RangeKind.TONIGHT:
                return Period.tonight(now)
            case RangeKind.TODAY:
                return Period.today(now)
            case RangeKind.WEEK:
                return Period.days(7, now)
            case RangeKind.MONTH:
                return Period.days(28, now)
        first, last = self.first or local(now).date(), self.last or local(now).date()
        start = london(first)
        return Period(start, max(start, min(london(last + timedelta(days=1)), now)))


def period_words(period: Period) -> str:
    """``Wed 25 Nov 19:00 to Thu 26 Nov 07:00``; of one day its date once."""
    start, end = local(period.start), local(period.end)
    first = f"{start:%a} {start.day} {start:%b} {wall_time(period.start)}"
    if start.date() == end.date():
        return f"{first} to {wall_time(period.end)}"
    return f"{first} to {end:%a} {end.day} {end:%b} {wall_time(period.end)}"


def read_days(first: str, last: str, now: datetime) -> RangeChoice | str:
    """Two typed days; in their place, what is wrong with them, with a next step."""
    today = local(now).date()
    start, end = read_near_date(first, today), read_near_date(last or first, today)
    if start is None or end is None:
        wrong = first if start is None else last
        return f"“{wrong}” is no day. Type it as 3 Nov or 03/11/2026."
    if end < start:
        return "The last day lies before the first. Change one of them."
    if start > today:
        return "These days are still to come. Choose days that have been."
    if (end - start).days > LONGEST:
        return "That is more than three years. Choose fewer days."
    return RangeChoice(RangeKind.DAYS, start, end)


HOURS: Final[Mapping[str, frozenset[int]]] = {
    "Night, 19 to 07": frozenset({*range(19, 24), *range(7)}),
    "Day, 07 to 19": frozenset(range(7, 19)),
    "Evening, 17 to 23": frozenset(range(17, 23)),
    "Small hours, 00 to 06": frozenset(range(6)),
}
"""Hours of the day, as people name them."""


def cut_words(cut: Cut, sources: Mapping[str, str], vans: Mapping[UUID, str]) -> str:
    """Which referrals count, in a few words."""
    hours = next((name for name, those in HOURS.items() if those == cut.hours), "")
    parts = [
        *sorted(cut.priorities),
        *sorted(sources.get(code, code) for code in cut.sources),
        *sorted(area or "town not known" for area in cut.areas),
        *([hours] if hours else []),
        *sorted(vans.get(van, "another van") for van in cut.vans),
    ]
    return " · ".join(parts) or "all referrals"
