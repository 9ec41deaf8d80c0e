"""The simulation, one step after the other: look at the record, decide, act, and say where the vans are."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import chain
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
from db.exercise.control_room import CallTaker, Dispatchers
from db.exercise.crews import Crews, Rosters
from db.exercise.driving import Driver, fixes
from db.exercise.ground import Ground, ground_of
from db.exercise.record import CommandExecutor, DueCommand, Login, ShiftSummary, Snapshot, read_snapshot
from db.exercise.referrals import SCALE, Arrival, ReferralCourses, ReferralGenerator, minutes
from db.exercise.scenario import read_waypoints
from db.exercise.settings import ShiftPlan
from db.exercise.trackers import FixSender, TrackerFix
from db.geo.earth import Point, metres
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
_RINGS_AFTER = timedelta(seconds=5)
_FAR_DRAWS = 40


class Autopilot(Protocol):
    """Plays some of the people of a shift."""

    def commands_due(self, snapshot: Snapshot, now: datetime) -> Iterable[DueCommand]:
        """What it wants done by now (UTC)."""
        ...


class Simulation:
    """Everybody and everything outside the console.

    Args:
        engine: reads the record with a dispatcher's rights; the executor closes it.
        executor: acts on the record.
        autopilots: who decides, in this order.
        drivers: the vans' whereabouts.
        sender: takes positions.
        fix_every: seconds of the exercise clock between two fixes of a van.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        executor: CommandExecutor,
        autopilots: Sequence[Autopilot],
        drivers: Sequence[Driver],
        sender: FixSender,
        fix_every: int,
    ) -> None:
        self._engine = engine
        self._executor = executor
        self._autopilots = autopilots
        self._drivers = drivers
        self._sender = sender
        self._fix_every = timedelta(seconds=fix_every)
        self._snapshot: Snapshot | None = None
        self._seen: int | None = None
        self._looked_at: datetime | None = None
        self._fixed_at: datetime | None = None
        self._waiting: list[TrackerFix] = []

    async def clock(self) -> ClockReading:
        """The exercise clock as the record has it.

        Raises:
            Unavailable: the record does not answer.
        """
        async with transaction(self._engine) as connection:
            row = (await connection.execute(_LOOK)).one()
        return ClockReading(row.now, row.clock_speed)

    async def step(self, now: datetime, alone: Callable[[], Awaitable[None]] | None = None) -> None:
        """Do everything that is due by ``now`` on the exercise clock.

        Args:
            now: aware.
            alone: where nobody else acts on the record: sets its clock, before the first act of this step. What
                was read stays true until something is written, so a step in which nothing is due asks for nothing.

        Raises:
            Unavailable: the record does not answer; the same step may be taken again.
        """
        self._note_fixes(now)
        if alone is None:
            await self._look(now)
        for autopilot in self._autopilots:
            # What one player did, the next one knows: nobody is sent a van that just went to eat.
            snapshot = self._snapshot or await self._look(now)
            # Finding the way takes longer than a window may stand still, so decisions are made in a thread.
            for due in await asyncio.to_thread(_commands_due, autopilot, snapshot, now):
                if alone is not None:
                    await alone()
                    alone = _on_time
                if await self._executor.carry_out(due, now):
                    self._snapshot = None

    async def report(self) -> None:
        """Send the positions noted since the last report.

        Raises:
            Unavailable: nobody took them; they are sent with the next report.
        """
        taken = await self._sender.send(self._waiting)
        self._waiting = self._waiting[taken:]
        self._executor.summary.fixes += taken

    async def _look(self, now: datetime) -> Snapshot:
        """The record as it stands. It is read again when something was written, and once a minute anyway."""
        async with transaction(self._engine) as connection:
            last = (await connection.execute(_LOOK)).one().last
        fresh = self._looked_at is not None and now - self._looked_at < _LOOK_AGAIN
        if self._snapshot is None or last != self._seen or not fresh:
            async with transaction(self._engine) as connection:
                self._snapshot = await read_snapshot(connection)
            self._seen, self._looked_at = last, now
        return self._snapshot

    def _note_fixes(self, now: datetime) -> None:
        # Along a grid of its own: a step that took long leaves no hole in the vans' trails.
        at = self._fixed_at + self._fix_every if self._fixed_at else now
        while at <= now:
            # Bounded, for a gateway that takes nothing: the oldest go first.
            self._waiting = [*self._waiting[-_KEPT:], *fixes(self._drivers, at)]
            self._fixed_at = at
            at += self._fix_every


async def _on_time() -> None:
    """The record's clock shows this step's time already."""


def _commands_due(autopilot: Autopilot, snapshot: Snapshot, now: datetime) -> list[DueCommand]:
    return list(autopilot.commands_due(snapshot, now))


@dataclass(frozen=True, slots=True)
class Opening:
    """What happened before the person came in.

    Attributes:
        arrivals: referrals of the ninety minutes before the start, oldest first.
        leave: the state in which the person finds some of them.
        rings: what rings in as soon as the person is there.
    """

    arrivals: tuple[Arrival, ...]
    leave: Mapping[UUID, ReferralState]
    rings: Arrival


def opening(generator: ReferralGenerator, start: datetime, posts: Sequence[Point]) -> Opening:
    """A board at work: one job closed, two vans with people, one on a long way, others waiting at different steps.

    Args:
        generator: makes the referrals.
        start: when the person comes in, aware.
        posts: (lat, lon) where vans wait.
    """

    def before(ago: float, source: str, priority: str) -> Arrival:
        made = generator.arrival(f"opening {ago}", start - minutes(ago), source, plain=True)
        return replace(made, details=replace(made.details, priority=priority, triage_scale=SCALE[priority]))

    first, second = before(86, "ems_crew", "P1"), before(62, "hub", "P2")
    # Far from every van, and its crew quick to leave: whoever comes in sees somebody drive.
    far = max(
        (before(8 + number / 100, "ems_crew", "P1") for number in range(_FAR_DRAWS)), key=partial(_way, posts)
    )
    accepted, received = before(17, "ems_desk", "P2"), before(4, "ems_crew", "P1")
    arrivals = (
        replace(first, course=replace(first.course, support=minutes(32), wrap_up=minutes(2))),
        replace(second, course=replace(second.course, support=minutes(80))),
        before(34, "professional", "P3"),
        before(24, "ems_crew", "P1"),
        accepted,
        replace(far, course=replace(far.course, decide=minutes(2), acknowledge=minutes(0.5), turnout=minutes(1))),
        received,
        before(1.5, "hub", "P3"),
    )
    rings = before(-_RINGS_AFTER.total_seconds() / 60, "ems_crew", "P1")
    return Opening(arrivals, {accepted.id: ReferralState.ACCEPTED, received.id: ReferralState.RECEIVED}, rings)


def _way(posts: Sequence[Point], arrival: Arrival) -> float:
    """Metres to the nearest post."""
    place = arrival.details.location
    return min(metres(post, (place.lat or 0.0, place.lon or 0.0)) for post in posts)


@dataclass(frozen=True, slots=True)
class SimulationInputs:
    """Everything that does not depend on the record."""

    generator: ReferralGenerator
    ground: Ground
    times: TravelTimes
    opening: Opening


@lru_cache(maxsize=1)
def load_inputs(plan: ShiftPlan) -> SimulationInputs:
    """Read the scenario, the postcodes and the roads. Blocks for up to a second: call it in a thread.

    What was read for the time before the shift serves the shift too: nobody waits for it twice.

    Raises:
        MapPackError: the map pack is damaged.
        DataMissing: the postcode directory is not installed.
    """
    ground = ground_of(plan.map_pack, plan.cache_dir)
    generator = ReferralGenerator(plan.seed, ground.scenario, ground.postcodes, plan.intensity)
    pack = MapPack.open(plan.map_pack) if plan.map_pack else None
    posts = [post for code in ground.scenario.lists["standby"] if (post := ground.postcodes.locate(code))]
    return SimulationInputs(generator, ground, travel_times(pack), opening(generator, plan.start, posts))


def sign_in(urls: Mapping[Login, URL], stop: asyncio.Event, summary: ShiftSummary) -> CommandExecutor:
    """Connect by each login."""
    engines = {login: connect(url, f"cru-exercise-{login.value}") for login, url in urls.items()}
    return CommandExecutor(engines, stop, summary)


async def build_simulation(
    plan: ShiftPlan,
    inputs: SimulationInputs,
    executor: CommandExecutor,
    sender: FixSender,
    *,
    before: bool,
    dispatch: bool,
    fix_every: int,
) -> Simulation:
    """Bring together the autopilots, the vans and the record.

    Args:
        plan: what was asked for.
        inputs: from ``load_inputs``.
        executor: acts on the record.
        sender: takes positions.
        before: play the time before the start, not the shift itself.
        dispatch: whether the dispatchers are played too.
        fix_every: seconds of the exercise clock between two fixes of a van.
    """
    async with transaction(executor.reading) as connection:
        found = await queries.snapshot(connection, Role.DISPATCHER)
        reference = await queries.reference_data(connection)
        vans = sorted((one for one in found["van"] if isinstance(one, Van)), key=lambda one: one.callsign)
        waypoints = await read_waypoints(connection, vans, inputs.ground.scenario, inputs.ground.postcodes)
    known = {one.van_id: (one.lat, one.lon) for one in found["position"] if isinstance(one, Position)}
    drivers = {
        van.id: Driver(van, known.get(van.id, waypoints.standby[van.id]), inputs.times, plan.seed) for van in vans
    }
    courses = ReferralCourses(inputs.generator)
    for arrival in (*inputs.opening.arrivals, inputs.opening.rings):
        courses.add(arrival)
    staff = tuple(sorted((one for one in reference.staff.values() if one.active), key=lambda one: one.name))
    rings = chain((inputs.opening.rings,), inputs.generator.arrivals(plan.start))
    # The time before has its own arrivals and no others: the board that is found is the one that was meant.
    coming = iter(inputs.opening.arrivals) if before else rings
    # In this order each step: who rings, who is on duty, who decides, who drives; each sees what the
    # one before did.
    autopilots: list[Autopilot] = [CallTaker(coming, courses), Rosters(staff, fill=before)]
    if dispatch:
        leave = inputs.opening.leave if before else {}
        autopilots.append(Dispatchers(courses, drivers, inputs.times, reference, leave))
    autopilots.append(Crews(courses, drivers, waypoints, reference))
    return Simulation(executor.reading, executor, autopilots, list(drivers.values()), sender, fix_every)
