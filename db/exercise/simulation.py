"""The practice world at work: look at the record, decide, act, and say where the vans are."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db import queries
from db.clock import ClockReading
from db.domain.records import Position, Van
from db.domain.roles import Role
from db.domain.states import ReferralState
from db.engine import connect, transaction
from db.exercise.control_room import Calls, Dispatchers
from db.exercise.crews import Crews, Rosters
from db.exercise.driving import Driver, fixes
from db.exercise.record import Hand, Hands, Order, Tally, View, read
from db.exercise.referrals import SCALE, Arrival, Stories, World, minutes
from db.exercise.scenario import Places, load_script, survey
from db.exercise.settings import ShiftPlan
from db.exercise.trackers import Fix, PositionSink
from db.geo.pack import MapPack
from db.geo.roads.times import travel_times
from db.geo.roads.travel import TravelTimes

_LOOK_AGAIN = timedelta(minutes=1)
_KEPT = 5000
_LOOK = text(
    "SELECT cru.clock_now() AS now, s.clock_speed, (SELECT max(id) FROM cru.event) AS last"
    " FROM cru.service s WHERE s.id = 1"
)
BEFORE = timedelta(minutes=90)


class Part(Protocol):
    """A player of the practice world."""

    def orders(self, view: View, now: datetime) -> Iterable[Order]:
        """What it wants done by now (UTC)."""
        ...


class Simulation:
    """One practice world.

    Args:
        engine: reads the record with a dispatcher's rights; the hands close it.
        hands: act on the record.
        parts: who decides, in this order.
        drivers: the vans' whereabouts.
        sink: takes positions.
        fix_every: seconds of the exercise clock between two fixes of a van.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        hands: Hands,
        parts: Sequence[Part],
        drivers: Sequence[Driver],
        sink: PositionSink,
        fix_every: int,
    ) -> None:
        self._engine = engine
        self._hands = hands
        self._parts = parts
        self._drivers = drivers
        self._sink = sink
        self._fix_every = timedelta(seconds=fix_every)
        self._view: View | None = None
        self._seen: int | None = None
        self._looked_at: datetime | None = None
        self._fixed_at: datetime | None = None
        self._waiting: list[Fix] = []

    async def clock(self) -> ClockReading:
        """The exercise clock as the record has it.

        Raises:
            Unavailable: the record does not answer.
        """
        async with transaction(self._engine) as connection:
            row = (await connection.execute(_LOOK)).one()
        return ClockReading(row.now, row.clock_speed)

    async def step(self, now: datetime) -> None:
        """Do everything that is due by ``now`` on the exercise clock.

        Raises:
            Unavailable: the record does not answer; the same step may be taken again.
        """
        self._note_fixes(now)
        await self._look(now)
        for part in self._parts:
            # What one player did, the next one knows: nobody is sent a van that just went to eat.
            view = self._view or await self._look(now)
            # Finding the way takes longer than a window may stand still, so decisions are made in a thread.
            for order in await asyncio.to_thread(_orders, part, view, now):
                if await self._hands.carry_out(order, now):
                    self._view = None

    async def report(self) -> None:
        """Send the positions noted since the last report.

        Raises:
            Unavailable: nobody took them; they are sent with the next report.
        """
        taken = await self._sink.send(self._waiting)
        self._waiting = self._waiting[taken:]
        self._hands.tally.fixes += taken

    async def _look(self, now: datetime) -> View:
        """The record as it stands. It is read again when something was written, and once a minute anyway."""
        async with transaction(self._engine) as connection:
            last = (await connection.execute(_LOOK)).one().last
        fresh = self._looked_at is not None and now - self._looked_at < _LOOK_AGAIN
        if self._view is None or last != self._seen or not fresh:
            async with transaction(self._engine) as connection:
                self._view = await read(connection)
            self._seen, self._looked_at = last, now
        return self._view

    def _note_fixes(self, now: datetime) -> None:
        at = self._fixed_at + self._fix_every if self._fixed_at else now
        while at <= now:
            self._waiting = [*self._waiting[-_KEPT:], *fixes(self._drivers, at)]
            self._fixed_at = at
            at += self._fix_every


def _orders(part: Part, view: View, now: datetime) -> list[Order]:
    return list(part.orders(view, now))


@dataclass(frozen=True, slots=True)
class Opening:
    """What happened before the person came in.

    Attributes:
        arrivals: referrals of the ninety minutes before the start, oldest first.
        leave: the state in which the person finds some of them.
    """

    arrivals: tuple[Arrival, ...]
    leave: Mapping[UUID, ReferralState]


def opening(world: World, start: datetime) -> Opening:
    """A board at work: one job closed, two vans with people, others waiting at different steps."""

    def before(ago: float, source: str, priority: str) -> Arrival:
        made = world.arrival(f"opening {ago}", start - minutes(ago), source, plain=True)
        return replace(made, details=replace(made.details, priority=priority, triage_scale=SCALE[priority]))

    first, second = before(86, "ems_crew", "P1"), before(62, "hub", "P2")
    accepted, received = before(17, "ems_desk", "P2"), before(4, "ems_crew", "P1")
    arrivals = (
        replace(first, story=replace(first.story, support=minutes(32), wrap_up=minutes(2))),
        replace(second, story=replace(second.story, support=minutes(80))),
        before(34, "professional", "P3"),
        before(24, "ems_crew", "P1"),
        accepted,
        received,
        before(1.5, "hub", "P3"),
    )
    return Opening(arrivals, {accepted.id: ReferralState.ACCEPTED, received.id: ReferralState.RECEIVED})


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that does not depend on the record: the world and its roads."""

    world: World
    places: Places
    times: TravelTimes
    opening: Opening


def set_stage(plan: ShiftPlan) -> Stage:
    """Read the script, the postcodes and the roads. Blocks for up to a second: call it in a thread.

    Raises:
        PackError: the map pack is damaged.
        DataMissing: the postcode directory is not installed.
    """
    script = load_script()
    places = Places(script, plan.cache_dir)
    world = World(plan.seed, script, places, plan.intensity)
    pack = MapPack.open(plan.map_pack) if plan.map_pack else None
    return Stage(world, places, travel_times(pack), opening(world, plan.start))


def hands_of(urls: Mapping[Hand, URL], stop: asyncio.Event, tally: Tally) -> Hands:
    """Sign every hand in."""
    engines = {hand: connect(url, f"cru-exercise-{hand.value}") for hand, url in urls.items()}
    return Hands(engines, stop, tally)


async def cast(
    plan: ShiftPlan,
    stage: Stage,
    hands: Hands,
    sink: PositionSink,
    *,
    before: bool,
    dispatch: bool,
    fix_every: int,
) -> Simulation:
    """Put the players on the stage.

    Args:
        plan: what was asked for.
        stage: the world.
        hands: act on the record.
        sink: takes positions.
        before: play the time before the start, not the shift itself.
        dispatch: whether the dispatchers are played too.
        fix_every: seconds of the exercise clock between two fixes of a van.
    """
    async with transaction(hands.reading) as connection:
        found = await queries.snapshot(connection, Role.DISPATCHER)
        reference = await queries.reference_data(connection)
        vans = sorted((one for one in found["van"] if isinstance(one, Van)), key=lambda one: one.callsign)
        geography = await survey(connection, vans, load_script(), stage.places)
    known = {one.van_id: (one.lat, one.lon) for one in found["position"] if isinstance(one, Position)}
    drivers = {
        van.id: Driver(van, known.get(van.id, geography.standby[van.id]), stage.times, plan.seed) for van in vans
    }
    stories = Stories(stage.world)
    for arrival in stage.opening.arrivals:
        stories.add(arrival)
    staff = tuple(sorted(reference.staff.values(), key=lambda one: one.name))
    coming = iter(stage.opening.arrivals) if before else stage.world.arrivals(plan.start)
    parts: list[Part] = [Calls(coming, stories), Rosters(staff, fill=before)]
    if dispatch:
        leave = stage.opening.leave if before else {}
        parts.append(Dispatchers(stories, drivers, stage.times, reference, leave))
    parts.append(Crews(stories, drivers, geography))
    return Simulation(hands.reading, hands, parts, list(drivers.values()), sink, fix_every)
