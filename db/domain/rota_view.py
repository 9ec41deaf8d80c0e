"""A week of the rota as it is looked at: lanes of shifts, and what is to be put right. Times are aware, UTC."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Literal
from uuid import UUID

from db.domain.clocks import local, span_allowed, wall_time
from db.domain.records import StaffMember, Van
from db.domain.rota import (
    DAYS,
    Cover,
    CoverWanted,
    Duty,
    PlannedShift,
    busy_between,
    cover_of,
    gaps,
    in_week,
    london,
    to_publish,
)
from db.domain.rules import Rules
from db.domain.texts import told

Sort = Literal["late", "warn", "good"]
_DAY_FROM, _DAY_UNTIL = 5, 15
"""A shift that starts between these hours is one of the day, and stands above those of the night."""
_FEW = 3


class BlockState(StrEnum):
    """How it stands with a shift."""

    PLANNED = "planned"
    NOBODY = "nobody yet"
    SHORT = "somebody fell out"
    RUNNING = "on duty"
    WAS = "was"
    MISSED = "was not manned"


@dataclass(frozen=True, slots=True)
class Block:
    """One shift in a lane.

    Attributes:
        lane: the van, or the person.
        words: who rides, or on which van; ``shorter`` for less room.
        plan: what is planned; None for a shift that nobody had planned.
        duty: what began; it goes before what was planned.
    """

    id: UUID
    lane: UUID
    start: datetime
    end: datetime
    words: str
    shorter: str
    standing: BlockState
    plan: PlannedShift | None = None
    duty: Duty | None = None

    @property
    def is_night(self) -> bool:
        """Whether it starts in the evening or at night, London time."""
        return not _DAY_FROM <= local(self.start).hour < _DAY_UNTIL

    @property
    def is_published(self) -> bool:
        """Whether those who ride know it as it is; what began, or is over, nobody need be told any more."""
        past = self.duty is not None or self.standing is BlockState.MISSED
        return past or self.plan is None or self.plan.is_published

    @property
    def stands(self) -> str:
        """How it stands with it, in words, beside who rides; what those say already is not said twice."""
        how = "" if self.standing.value == self.words else self.standing.value
        return ", ".join(one for one in (how, "" if self.is_published else "not published") if one)


@dataclass(frozen=True, slots=True)
class RotaLane:
    """A van, or a person, and their shifts of a week by their start."""

    id: UUID
    title: str
    subtitle: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to be put right, or that is right.

    Attributes:
        at: where to look: a moment, and the lane of a van if there is one.
    """

    sort: Sort
    words: str
    detail: str = ""
    at: datetime | None = None
    van_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """Everything of one week.

    Attributes:
        plans: also of the days beside it, for who is busy and who rests.
        cancelled: what was planned and fell away.
    """

    monday: date
    now: datetime
    vans: Sequence[Van] = ()
    staff: Mapping[UUID, StaffMember] = field(default_factory=dict)
    plans: Sequence[PlannedShift] = ()
    duties: Sequence[Duty] = ()
    wanted: Sequence[CoverWanted] = ()
    rules: Rules = field(default_factory=Rules)
    cancelled: Sequence[PlannedShift] = ()

    @property
    def start(self) -> datetime:
        """Monday, midnight in London."""
        return london(self.monday)

    @property
    def end(self) -> datetime:
        """The midnight after Sunday."""
        return london(self.monday + timedelta(days=DAYS))

    def cover(self) -> list[Cover]:
        """Every hour: how many vans are planned, and how many are wanted."""
        return cover_of(self.monday, self.plans, self.wanted, self.duties)

    def to_publish(self) -> list[PlannedShift]:
        """What begins in it and is not yet told to those who ride, as it is now."""
        return to_publish((*self.plans, *self.cancelled), self.monday, self.now)


def short_name(name: str) -> str:
    """``Amara Example`` as ``A. Example``."""
    first, _, last = told(name).strip().rpartition(" ")
    return f"{first[0]}. {last}" if first else last


def when_words(start: datetime, end: datetime | None = None) -> str:
    """``Mon 30 Nov 07:00 to 19:00``, by the clock in London."""
    begin = f"{local(start):%a} {local(start).day} {local(start):%b} {wall_time(start)}"
    return begin if end is None else f"{begin} to {wall_time(end)}"


# --- lanes ---


def by_van(week: Week) -> list[RotaLane]:
    """One lane a van, by callsign; a van that was retired has one while it had a shift that week."""
    blocks: dict[UUID, list[Block]] = {}
    for block in _blocks(week):
        blocks.setdefault(block.lane, []).append(block)
    order = sorted(week.vans, key=lambda van: (len(van.callsign), van.callsign))
    return [_van_lane(van, blocks.get(van.id, [])) for van in order]


def _van_lane(van: Van, blocks: Sequence[Block]) -> RotaLane:
    return RotaLane(van.id, told(van.callsign), told(van.base), _in_order(blocks))


def by_person(week: Week) -> list[RotaLane]:
    """One lane a person who is of the service, or rode that week, by name."""
    called = {van.id: told(van.callsign) for van in week.vans}
    blocks: dict[UUID, list[Block]] = {}
    for block in _blocks(week):
        for staff_id, start, end in _rides(block):
            van = called.get(block.lane, "a van")
            made = Block(block.id, staff_id, start, end, van, van, block.standing, block.plan, block.duty)
            blocks.setdefault(staff_id, []).append(made)
    people = [one for one in week.staff.values() if one.active or one.id in blocks]
    people.sort(key=lambda one: one.name)
    return [
        RotaLane(one.id, short_name(one.name), told(one.profession), _in_order(blocks.get(one.id, [])))
        for one in people
    ]


def _in_order(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(sorted(blocks, key=lambda block: (block.start, str(block.id))))


def _rides(block: Block) -> Iterator[tuple[UUID, datetime, datetime]]:
    if block.duty is not None:
        for ride in block.duty.rides:
            yield ride.staff_id, ride.from_at, ride.until_at or block.end
    elif block.plan is not None:
        for one in block.plan.crew:
            yield one.staff_id, *block.plan.span(one)


def _blocks(week: Week) -> Iterator[Block]:
    duties = [duty for duty in week.duties if duty.starts_at < week.end and duty.ends_at > week.start]
    for plan in in_week(week.plans, week.monday):
        if not any(_same(plan, duty) for duty in duties):
            yield _of_plan(plan, week)
    for duty in duties:
        plan_of = next((plan for plan in week.plans if _same(plan, duty)), None)
        running = duty.ended_at is None
        end = max(duty.ends_at, week.now) if running else duty.ends_at
        names = _names([ride.staff_id for ride in (duty.aboard or duty.rides)], week)
        state = BlockState.RUNNING if running else BlockState.WAS
        yield Block(duty.id, duty.van_id, duty.starts_at, end, *_words(names), state, plan_of, duty)


def _same(plan: PlannedShift, duty: Duty) -> bool:
    """Whether a shift is the one that was planned: half of the shorter of the two lies in the other."""
    if plan.van_id != duty.van_id:
        return False
    together = min(plan.ends_at, duty.ends_at) - max(plan.starts_at, duty.starts_at)
    return together * 2 >= min(plan.ends_at - plan.starts_at, duty.ends_at - duty.starts_at)


def _of_plan(plan: PlannedShift, week: Week) -> Block:
    joins = sorted(plan.crew, key=lambda ride: (plan.span(ride)[0], _name(ride.staff_id, week)))
    names = _names([ride.staff_id for ride in joins], week)
    if plan.ends_at <= week.now:
        return _planned(plan, BlockState.MISSED, *_words(names))
    if plan.fell_out:
        gone = plan.fell_out[0]
        said = f"{told(gone.off_reason) or 'off'}: find one"
        return _planned(plan, BlockState.SHORT, " · ".join([said, *names]), said)
    if not plan.crew:
        return _planned(plan, BlockState.NOBODY, "nobody yet", "nobody")
    later = [start for start, _ in map(plan.span, plan.crew) if start > plan.starts_at]
    if later:
        said = f"swap {wall_time(min(later))}"
        return _planned(plan, BlockState.PLANNED, " · ".join([said, *names]), said)
    return _planned(plan, BlockState.PLANNED, *_words(names))


def _planned(plan: PlannedShift, state: BlockState, words: str, shorter: str) -> Block:
    return Block(plan.id, plan.van_id, plan.starts_at, plan.ends_at, words, shorter, state, plan)


def _names(staff: Iterable[UUID], week: Week) -> list[str]:
    return [_name(key, week) for key in dict.fromkeys(staff)]


def _name(staff_id: UUID, week: Week) -> str:
    known = week.staff.get(staff_id)
    return short_name(known.name) if known is not None else "somebody"


def _words(names: Sequence[str]) -> tuple[str, str]:
    """Whole, and by their last names only."""
    return " · ".join(names) or "nobody", " · ".join(name.rpartition(" ")[2] for name in names) or "nobody"


# --- what is to be put right ---


def matters(week: Week) -> list[Matter]:
    """What is to be put right from now on, the worst first; then what is right."""
    called = {van.id: told(van.callsign) for van in week.vans}
    ahead = [plan for plan in in_week(week.plans, week.monday) if plan.ends_at > week.now]
    found = [
        *_short_of_vans(week),
        *(one for plan in ahead for one in _of_crew(plan, week, called.get(plan.van_id, "A van"))),
        *_tired(week, ahead),
    ]
    wrong = sorted(found, key=lambda one: (one.sort != "late", one.at or week.start))
    return [*wrong, *_right(wrong, ahead, week)]


def _short_of_vans(week: Week) -> Iterator[Matter]:
    cover = [one for one in week.cover() if one.hour + timedelta(hours=1) > week.now]
    for gap in gaps(cover):
        one = "1 van short" if gap.short == 1 else f"{gap.short} vans short"
        until = wall_time(gap.end) if gap.end - gap.start < timedelta(days=1) else when_words(gap.end)
        yield Matter("late", f"{when_words(gap.start)} to {until}: {one}", "", gap.start)


def _of_crew(plan: PlannedShift, week: Week, callsign: str) -> Iterator[Matter]:
    where = (plan.starts_at, plan.van_id)
    when = when_words(plan.starts_at)
    crew = [week.staff[ride.staff_id] for ride in plan.crew if ride.staff_id in week.staff]
    if plan.fell_out:
        gone = plan.fell_out[0]
        who = week.staff.get(gone.staff_id)
        name = short_name(who.name) if who is not None else "somebody"
        words = f"{when} {callsign}: {name} {told(gone.off_reason) or 'taken off'}"
        yield Matter("late", words, _who_is_free(plan, week), *where)
    elif not plan.crew:
        yield Matter("late", f"{when} {callsign} has nobody", _who_is_free(plan, week), *where)
    there = sum(one.registered for one in crew)
    if crew and there < week.rules.registered_least:
        no = "no registered clinician" if not there else f"{there} registered"
        yield Matter("warn", f"{when} {callsign}: {no}", f"rule: at least {week.rules.registered_least}", *where)


def _who_is_free(plan: PlannedShift, week: Week) -> str:
    rest = week.rules.rest_least
    busy = set(busy_between(week.plans, plan.starts_at - rest, plan.ends_at + rest))
    # Whoever is off sick from any shift of that time is not asked either.
    near = [one for one in week.plans if one.starts_at < plan.ends_at and one.ends_at > plan.starts_at]
    busy |= {ride.staff_id for one in near for ride in one.fell_out}
    free = [one for one in week.staff.values() if one.active and one.id not in busy]
    free.sort(key=lambda one: (not one.registered, one.name))
    names = ", ".join(short_name(one.name) for one in free[:_FEW])
    return f"free and rested: {names}" if free else "nobody is free and rested"


def _tired(week: Week, ahead: Sequence[PlannedShift]) -> Iterator[Matter]:
    spans: dict[UUID, list[tuple[datetime, datetime, PlannedShift]]] = {}
    for plan in week.plans:
        for ride in plan.crew:
            spans.setdefault(ride.staff_id, []).append((*plan.span(ride), plan))
    shown = {plan.id for plan in ahead}
    for staff_id, rides in spans.items():
        rides.sort(key=lambda one: one[0])
        for (_, ended, before), (starts, _, plan) in pairwise(rides):
            rest = starts - ended
            if plan.id in shown and plan.id != before.id and timedelta(0) <= rest < week.rules.rest_least:
                name = short_name(week.staff[staff_id].name) if staff_id in week.staff else "Somebody"
                hours = f"{span_allowed(rest)} of rest before {when_words(starts)}"
                least = f"rule: at least {span_allowed(week.rules.rest_least)}"
                yield Matter("warn", f"{name}: {hours}", least, starts, plan.van_id)


def _right(wrong: Sequence[Matter], ahead: Sequence[PlannedShift], week: Week) -> Iterator[Matter]:
    said = " ".join(one.words for one in wrong)
    if not ahead:
        return
    if "short" not in said:
        yield Matter("good", "As many vans as wanted at every hour")
    if "registered" not in said and "nobody" not in said and week.rules.registered_least:
        yield Matter("good", "Registered clinician in every crew")
    if "rest before" not in said:
        yield Matter("good", "Rest between all shifts")
