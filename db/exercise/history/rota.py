"""Which vans are on duty when in the month before the shift, and who rides in them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from db.commands import CancelPlan, GoOffDuty, PlannedSeat, PublishRota, SaveStaff, SetPlan, TakeOutOfService
from db.domain.clocks import LONDON, local
from db.domain.records import StaffMember, Van
from db.exercise.history.deeds import Deeds
from db.exercise.history.month import Month
from db.exercise.record import Login
from db.exercise.scenario import seeded_random

_EACH_DAY = frozenset(range(7))
# By place among the vans: from which hour, for how many hours, on which days of the week. Two come late, when most
# people ring, and one more on Friday and Saturday nights.
_PATTERN = (
    (0, time(7), 12, _EACH_DAY),
    (1, time(7), 12, _EACH_DAY),
    (2, time(11), 12, _EACH_DAY),
    (3, time(16), 11, _EACH_DAY),
    (0, time(19), 12, _EACH_DAY),
    (1, time(19), 8, frozenset({4, 5})),
    (4, time(19), 12, _EACH_DAY),
    (5, time(19), 12, _EACH_DAY),
)
_BAD = (0, 3)
"""The vans that are missing in the bad week: one is in the workshop, of one the crews are sick."""
_CREW = 2
_REST = timedelta(hours=11)
_SICK_ODDS = 0.04
_PLANNED_AHEAD = timedelta(days=2)
_TOLD_BEFORE = timedelta(hours=2)
_PUBLISHED = timedelta(minutes=9)
"""After the week was planned, and before the first change of it."""
_SOON = timedelta(minutes=1)
_PLANNED, _REST_OF_SHIFT, _LAST_START = timedelta(minutes=3), timedelta(hours=2), timedelta(hours=1)
_SURNAMES = ("Reserve", "Relief", "Stand-in", "Understudy")
_PEOPLE = (
    ("Ada", "female", "Mental health nurse", True),
    ("Callum", "male", "Mental health nurse", True),
    ("Dina", "female", "Social worker", True),
    ("Emeka", "male", "Crisis support worker", False),
    ("Freya", "female", "Crisis support worker", False),
)


@dataclass(frozen=True, slots=True)
class RiddenShift:
    """One crew on one van.

    Attributes:
        van: its place among the vans.
        starts: UTC.
        ends: UTC.
        planned: who was to ride.
        crew: who rides: somebody may be sick.
        cancelled: it was planned and fell away.
    """

    van: int
    starts: datetime
    ends: datetime
    planned: tuple[UUID, ...]
    crew: tuple[UUID, ...]
    cancelled: bool = False


def newcomers(seed: int) -> tuple[SaveStaff, ...]:
    """People who join the service: twelve are too few to man six vans for a month and to sleep."""
    return tuple(
        SaveStaff(
            name=f"{first} {last}",
            profession=profession,
            gender=gender,
            languages=("English",),
            registered=registered,
            staff_id=uuid5(_NAMESPACE, f"{seed}:{first} {last}"),
        )
        for last in _SURNAMES
        for first, gender, profession, registered in _PEOPLE
    )


_NAMESPACE = UUID("7b0f3ac1-45c9-4bd6-a6a8-ef1f6f1d2a90")


def duties(month: Month, staff: Sequence[StaffMember | SaveStaff], vans: int) -> list[RiddenShift]:
    """Every shift that begins in the month, in the order in which they begin."""
    rng, rested = seeded_random(month.seed, "history sick"), dict[UUID, datetime]()
    found = []
    for van, starts, ends, lost in sorted(_slots(month, vans), key=lambda slot: (slot[1], slot[0])):
        planned = _crew(staff, rested, starts, ends)
        crew = planned
        if not lost and rng.random() < _SICK_ODDS:
            crew = (planned[0], *_crew(staff, rested, starts, ends)[:1])
        found.append(RiddenShift(van, starts, ends, planned, crew, cancelled=lost))
    return found


def _slots(month: Month, vans: int) -> Iterator[tuple[int, datetime, datetime, bool]]:
    day = local(month.begins).date() - timedelta(days=1)
    while day <= local(month.until).date():
        for van, at, hours, days in _PATTERN:
            starts = datetime.combine(day, at, LONDON)
            # By the clock on the wall, also in the nights in which it is changed.
            ends = starts + timedelta(hours=hours)
            # Those who are in the middle of a shift when the month begins, begin with it.
            starts = max(starts, month.begins + _PLANNED)
            on_rota = van < vans and day.weekday() in days
            if on_rota and starts + _REST_OF_SHIFT < ends and starts < month.until - _LAST_START:
                yield van, starts, ends, van in _BAD and day in month.bad_week
        day += timedelta(days=1)


def _crew(
    staff: Sequence[StaffMember | SaveStaff], rested: dict[UUID, datetime], starts: datetime, ends: datetime
) -> tuple[UUID, ...]:
    """A registered clinician and somebody else, those who have rested longest."""
    fresh = sorted(
        (one for one in staff if rested.get(_id(one), starts) <= starts),
        key=lambda one: (rested.get(_id(one), datetime.min.replace(tzinfo=LONDON)), one.name),
    )
    first = next(one for one in fresh if one.registered)
    crew = (_id(first), *[_id(one) for one in fresh if one is not first][: _CREW - 1])
    rested.update(dict.fromkeys(crew, ends + _REST))
    return crew


def _id(one: StaffMember | SaveStaff) -> UUID:
    return one.staff_id if isinstance(one, SaveStaff) else one.id


def plan(deeds: Deeds, month: Month, shifts: Sequence[RiddenShift], vans: Mapping[int, Van]) -> None:
    """Shift leads plan and publish every week two days ahead, and cancel what nobody can ride."""
    weeks: dict[datetime, list[UUID]] = {}
    for number, duty in enumerate(shifts):
        planned = _plan(duty, vans[duty.van].id, uuid5(_NAMESPACE, f"{month.seed}:plan {number}"))
        at = max(month.begins, _monday(duty.starts) - _PLANNED_AHEAD)
        deeds.add(at + timedelta(seconds=30 + number), Login.LEAD, planned)
        weeks.setdefault(at, []).append(planned.planned_shift_id)
        told = max(at + timedelta(minutes=10), duty.starts - _TOLD_BEFORE)
        change = _change(duty, planned)
        if change is not None:
            deeds.add(told, Login.LEAD, change)
            deeds.add(told + _SOON, Login.LEAD, PublishRota(shifts=((planned.planned_shift_id, 2),)))
    for at, keys in weeks.items():
        deeds.add(at + _PUBLISHED, Login.LEAD, PublishRota(shifts=tuple((key, 1) for key in keys)))
    _workshop(deeds, month, vans)


def _plan(duty: RiddenShift, van_id: UUID, key: UUID) -> SetPlan:
    return SetPlan(
        van_id=van_id,
        starts_at=duty.starts,
        ends_at=duty.ends,
        crew=_seats(duty.planned),
        planned_shift_id=key,
    )


def _change(duty: RiddenShift, planned: SetPlan) -> CancelPlan | SetPlan | None:
    if duty.cancelled:
        return CancelPlan(planned_shift_id=planned.planned_shift_id)
    if duty.crew != duty.planned:
        return replace(planned, crew=_seats(duty.crew), off_reason="sick", version=1)
    return None


def _seats(crew: Sequence[UUID]) -> tuple[PlannedSeat, ...]:
    return tuple(PlannedSeat(one) for one in crew)


def _monday(moment: datetime) -> datetime:
    there = local(moment)
    return datetime.combine(there.date() - timedelta(days=there.weekday()), time(10), LONDON)


def _workshop(deeds: Deeds, month: Month, vans: Mapping[int, Van]) -> None:
    """The van that is missing stands in the workshop, and says so."""
    if not month.bad_week or _BAD[0] not in vans:
        return
    van = vans[_BAD[0]].id
    deeds.add(_noon(month.bad_week[0]), Login.LEAD, TakeOutOfService(van_id=van, reason="fault"))
    deeds.add(_noon(month.bad_week[-1]) + timedelta(hours=10), Login.LEAD, GoOffDuty(van_id=van))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LONDON)


def by_van(shifts: Sequence[RiddenShift]) -> dict[int, list[RiddenShift]]:
    """The shifts that were ridden, by the van's place."""
    found: dict[int, list[RiddenShift]] = {}
    for duty in shifts:
        if not duty.cancelled:
            found.setdefault(duty.van, []).append(duty)
    return found
