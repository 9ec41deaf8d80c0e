"""The rota: shifts to come, who is to ride on them, and how many vans are wanted. Times are aware, UTC."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from db.domain.clocks import LONDON, local

HOUR = timedelta(hours=1)
DAYS = 7


@dataclass(frozen=True, slots=True)
class PlannedRide:
    """Who is to ride on a planned shift.

    Attributes:
        from_at: when they join; None for the start of the shift, wherever that is moved.
        until_at: when they leave; None for its end.
        off_reason: why they were taken off again.
    """

    id: UUID
    staff_id: UUID
    from_at: datetime | None = None
    until_at: datetime | None = None
    off_at: datetime | None = None
    off_reason: str = ""


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A van is to be on duty between two times."""

    id: UUID
    version: int
    van_id: UUID
    starts_at: datetime
    ends_at: datetime
    rides: tuple[PlannedRide, ...] = ()
    note: str = ""
    changed_by: str = ""
    cancelled_at: datetime | None = None
    published: int = 0
    """The version that was told to those who ride; 0 for none."""

    @property
    def is_published(self) -> bool:
        """Whether those who ride know it as it is; who never knew of it need not know that it falls away."""
        return self.version == self.published or (self.cancelled_at is not None and not self.published)

    @property
    def crew(self) -> tuple[PlannedRide, ...]:
        """Who is still to ride, in the order in which they join."""
        on = [ride for ride in self.rides if ride.off_at is None]
        return tuple(sorted(on, key=lambda ride: (self.span(ride)[0], str(ride.staff_id))))

    @property
    def fell_out(self) -> tuple[PlannedRide, ...]:
        """Who was taken off and gave no place back: whoever is still short, one for one."""
        still = {ride.staff_id for ride in self.crew}
        return tuple(ride for ride in self.rides if ride.staff_id not in still)

    def span(self, ride: PlannedRide) -> tuple[datetime, datetime]:
        """From when until when somebody rides."""
        return ride.from_at or self.starts_at, ride.until_at or self.ends_at

    def riding_at(self, moment: datetime) -> list[UUID]:
        """Who is to be on board at a moment."""
        spans = [(ride.staff_id, *self.span(ride)) for ride in self.crew]
        return [staff for staff, start, end in spans if start <= moment < end]

    def covers(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class Ride:
    """Who rode on a shift, from when until when, and why they left before its end."""

    staff_id: UUID
    from_at: datetime
    until_at: datetime | None = None
    left_reason: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift that began: what was, or is, and not what was planned."""

    id: UUID
    van_id: UUID
    starts_at: datetime
    planned_end_at: datetime
    ended_at: datetime | None
    rides: tuple[Ride, ...] = ()

    @property
    def ends_at(self) -> datetime:
        """When it ended, or is to end."""
        return self.ended_at or self.planned_end_at

    @property
    def aboard(self) -> tuple[Ride, ...]:
        """Who rode to its end, or rides still."""
        return tuple(ride for ride in self.rides if ride.until_at is None)


@dataclass(frozen=True, slots=True)
class CoverWanted:
    """From this hour of this day of the week (Monday is 1, London time) so many vans are wanted."""

    weekday: int
    from_hour: int
    vans: int


def monday_of(moment: datetime) -> date:
    """The Monday of the week in which a moment lies, in London."""
    day = local(moment).date()
    return day - timedelta(days=day.weekday())


def london(day: date, at: time = time()) -> datetime:
    """A wall-clock time in London, as UTC; of an hour that comes twice, the first."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def same_clock(moment: datetime, days: int) -> datetime:
    """The same time by the clock on the wall so many days later: 07:00 stays 07:00 when the clocks change."""
    there = local(moment)
    return datetime.combine(there.date() + timedelta(days=days), there.time(), LONDON).astimezone(UTC)


def hours_of(monday: date) -> list[datetime]:
    """The beginnings of the hours of a week: 167 or 169 in the weeks in which the clocks change."""
    first, last = london(monday), london(monday + timedelta(days=DAYS))
    return [first + HOUR * n for n in range(int((last - first) / HOUR))]


def wanted_at(moment: datetime, wanted: Sequence[CoverWanted]) -> int:
    """How many vans are wanted at a moment; none where no row speaks of the time before it."""
    there = local(moment)
    place = there.isoweekday() * 24 + there.hour
    rows = sorted(wanted, key=lambda row: (row.weekday, row.from_hour))
    before = [row for row in rows if row.weekday * 24 + row.from_hour <= place]
    # Before the first row of Monday the last one of the week goes on.
    return (before or rows)[-1].vans if rows else 0


@dataclass(frozen=True, slots=True)
class Cover:
    """One hour of a week: how many vans are planned with somebody in them, and how many are wanted."""

    hour: datetime
    vans: int
    wanted: int

    @property
    def short(self) -> int:
        """How many are missing."""
        return max(0, self.wanted - self.vans)


def cover_of(
    monday: date, plans: Iterable[PlannedShift], wanted: Sequence[CoverWanted], duties: Sequence[Duty] = ()
) -> list[Cover]:
    """Every hour of a week. A van counts while somebody rides in it, or is to, for the whole hour."""
    held = [plan for plan in plans if plan.cancelled_at is None]

    def there(hour: datetime) -> set[UUID]:
        ridden = {one.van_id for one in duties if one.starts_at <= hour and one.ends_at >= hour + HOUR}
        return ridden | {plan.van_id for plan in held if _manned(plan, hour)}

    return [Cover(hour, len(there(hour)), wanted_at(hour, wanted)) for hour in hours_of(monday)]


def _manned(plan: PlannedShift, hour: datetime) -> bool:
    """Somebody on board from the hour's start to its end, whoever it is in between."""
    edges = {hour, hour + HOUR - timedelta(seconds=1)}
    for ride in plan.crew:
        edges |= {edge for edge in plan.span(ride) if hour < edge < hour + HOUR}
    return all(plan.riding_at(edge) for edge in edges)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of hours in which vans are missing."""

    start: datetime
    end: datetime
    short: int


def gaps(cover: Sequence[Cover]) -> list[Gap]:
    """The stretches in which fewer vans are planned than wanted, each with the most that are missing at once."""
    found: list[Gap] = []
    for one in cover:
        if not one.short:
            continue
        if found and found[-1].end == one.hour:
            found[-1] = Gap(found[-1].start, one.hour + HOUR, max(found[-1].short, one.short))
        else:
            found.append(Gap(one.hour, one.hour + HOUR, one.short))
    return found


def in_week(plans: Iterable[PlannedShift], monday: date) -> list[PlannedShift]:
    """What touches a week, by its start."""
    first, last = london(monday), london(monday + timedelta(days=DAYS))
    touching = [
        plan for plan in plans if plan.starts_at < last and plan.ends_at > first and plan.cancelled_at is None
    ]
    return sorted(touching, key=lambda plan: (plan.starts_at, str(plan.id)))


def begin_in_week(plans: Iterable[PlannedShift], monday: date) -> list[PlannedShift]:
    """What begins in a week: what is copied with it."""
    first = london(monday)
    return [plan for plan in in_week(plans, monday) if plan.starts_at >= first]


def to_publish(plans: Iterable[PlannedShift], monday: date, now: datetime) -> list[PlannedShift]:
    """What begins in a week, is not over, and is not known as it is to those who ride; cancelled ones too."""
    first, last = london(monday), london(monday + timedelta(days=DAYS))
    return [one for one in plans if first <= one.starts_at < last and one.ends_at > now and not one.is_published]


def busy_between(
    plans: Iterable[PlannedShift], start: datetime, end: datetime, but: UUID | None = None
) -> Iterator[UUID]:
    """Who is planned on another shift between two moments."""
    for plan in plans:
        if plan.id != but and plan.cancelled_at is None:
            for ride in plan.crew:
                first, last = plan.span(ride)
                if first < end and last > start:
                    yield ride.staff_id
