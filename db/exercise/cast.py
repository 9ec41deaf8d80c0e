"""Puts a practice world together from a plan and the logins it acts by."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import URL

from db import queries
from db.domain.records import Position, Van
from db.domain.roles import Role
from db.domain.states import ReferralState
from db.engine import connect, transaction
from db.exercise.calls import Calls
from db.exercise.control_room import Dispatchers
from db.exercise.crews import Crews
from db.exercise.driving import Driver
from db.exercise.geography import survey
from db.exercise.places import Places
from db.exercise.record import Hand, Hands, Tally
from db.exercise.referrals import SCALE, Arrival, World, minutes
from db.exercise.rosters import Rosters
from db.exercise.scenario import load_script
from db.exercise.settings import ShiftPlan
from db.exercise.simulation import Part, Simulation
from db.exercise.stories import Stories
from db.exercise.trackers import PositionSink
from db.geo.pack import MapPack
from db.geo.roads.times import travel_times
from db.geo.roads.travel import TravelTimes

BEFORE = timedelta(minutes=90)


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
