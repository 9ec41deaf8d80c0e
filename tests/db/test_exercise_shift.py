"""A practice shift on a real Postgres: repeatable, refused by nothing, at peace with a person's own actions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import queries
from db.domain.records import Location, Referral
from db.domain.states import AssignmentState, HandoverState, ReferralState
from db.engine import connect, transaction
from db.exercise.database import prepare
from db.exercise.record import ShiftSummary, Snapshot
from db.exercise.run import play_fast, run_shift
from db.exercise.settings import PracticeHost, Prepared, ShiftPlan
from db.exercise.simulation import build_simulation, load_inputs, sign_in
from db.exercise.trackers import RecordSender
from db.geo.earth import metres
from tests.cluster import Cluster
from tests.db.practice import START, cache, look, signed_in, where

__all__ = ["cache", "where"]
_SOON = 20.0
Events = list[tuple[Any, ...]]


@pytest.fixture
def plan(cache: Path) -> ShiftPlan:
    return ShiftPlan(start=START, cache_dir=cache, seed=11)


async def ask(engine: AsyncEngine, query: str) -> Events:
    async with transaction(engine) as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def story_of(engine: AsyncEngine) -> Events:
    """What happened, to which referral or van, in the order in which it was written down."""
    return await ask(
        engine,
        "SELECT e.kind, r.reference, r.postcode, r.patient_name, v.callsign FROM cru.event e"
        " LEFT JOIN cru.referral r ON r.id = e.referral_id LEFT JOIN cru.van v ON v.id = e.van_id ORDER BY e.id",
    )


async def play(where: PracticeHost, prepared: Prepared, hours: float) -> ShiftSummary:
    """Play hours of a shift as fast as the record takes them, dispatchers and all."""
    summary = ShiftSummary()
    assert prepared.gateway is not None
    executor = sign_in(prepared.logins, asyncio.Event(), summary)
    sender = RecordSender(connect(prepared.gateway))
    owner = connect(where.practice_url)
    try:
        inputs = await asyncio.to_thread(load_inputs, prepared.plan)
        simulation = await build_simulation(
            prepared.plan, inputs, executor, sender, before=False, dispatch=True, fix_every=30
        )
        async with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as practice:
            await play_fast(simulation, practice, START, START + timedelta(hours=hours))
    finally:
        await sender.close()
        await executor.close()
        await owner.dispose()
    return summary


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again until it is true, for a while."""
    async with asyncio.timeout(_SOON):
        while True:
            if await true():
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("hours", "taken", "closed"), [(3, 4, 1), pytest.param(6, 10, 6, marks=pytest.mark.long)], ids=["three", "six"]
)
async def test_hours_of_it_are_refused_by_nothing_and_leave_nobody_behind(
    where: PracticeHost, plan: ShiftPlan, hours: int, taken: int, closed: int
) -> None:
    prepared = await prepare(where, replace(plan, intensity=2.0))
    summary = await play(where, prepared, hours)
    assert list(summary.refused) == []
    assert summary.done["TakeReferral"] >= taken
    assert summary.done["Close"] >= closed
    assert summary.fixes > hours * 6 * 100
    async with signed_in(prepared) as engine:
        snapshot = await look(engine)
        async with transaction(engine) as connection:
            now = (await queries.clock(connection)).now
            rules = await queries.reference_data(connection)
        speeds = await ask(engine, "SELECT max(speed) FROM cru.position_fix")
        words = await ask(engine, "SELECT words FROM cru.feedback")
        arrived = await ask(engine, _WHERE_WITH_PATIENT)
    assert timedelta(hours=hours) <= now - START < timedelta(hours=hours, minutes=1)
    for referral in snapshot.open_referrals():
        assert good_reason(snapshot, referral, now), f"{referral.reference} is {referral.state}"
    ended = [one for one in snapshot.referrals.values() if one.state is ReferralState.CLOSED]
    assert {one.outcome for one in ended} <= {outcome.code for outcome in rules.outcomes}
    assert 30 < speeds[0][0] < 120
    assert words
    every_handover_ends_and_every_moment_is_its_own(snapshot)
    vans_are_where_their_jobs_say(arrived)


def every_handover_ends_and_every_moment_is_its_own(snapshot: Snapshot) -> None:
    ended = {one.id for one in snapshot.referrals.values() if not one.is_open}
    links = [link for chain in snapshot.handovers.values() for link in chain if link.referral_id in ended]
    assert links
    assert {link.state for link in links} <= {HandoverState.RELEASED, HandoverState.REFUSED}
    for link in links:
        if link.state is HandoverState.RELEASED:
            moments = [link.times[step] for step in HandoverState if step in link.times]
            assert moments == sorted(moments)
            assert len(set(moments)) == 4
    for jobs in snapshot.assignments.values():
        for job in jobs:
            moments = [job.times[step] for step in AssignmentState if step in job.times]
            assert moments == sorted(moments)


_WHERE_WITH_PATIENT = (
    "SELECT r.lat, r.lon, f.lat, f.lon FROM cru.assignment a JOIN cru.referral r ON r.id = a.referral_id"
    " JOIN LATERAL (SELECT lat, lon FROM cru.position_fix f WHERE f.van_id = a.van_id AND f.fixed_at"
    " BETWEEN a.with_patient_at AND a.with_patient_at + interval '5 minutes' LIMIT 1) f ON true"
)


def vans_are_where_their_jobs_say(arrived: Events) -> None:
    assert len(arrived) >= 3
    assert all(metres(row[:2], row[2:]) < 150 for row in arrived)


def good_reason(snapshot: Snapshot, referral: Referral, now: datetime) -> bool:
    """Why somebody may still be open: asleep until the morning, with a crew, or rang only just now."""
    jobs = snapshot.assignments.get(referral.id, ())
    with_crew = any(job.is_open for job in jobs)
    wrapping_up = referral.state is ReferralState.ATTENDING and not with_crew
    last = max((max(job.times.values()) for job in jobs), default=referral.received_at)
    patience = {"P1": 30, "P2": 60}.get(referral.priority, 20)
    fresh = now - (last if wrapping_up else referral.received_at) < timedelta(minutes=patience)
    return referral.on_hold(now) or with_crew or fresh


@pytest.mark.long
async def test_the_same_seed_is_the_same_shift(where: PracticeHost, plan: ShiftPlan) -> None:
    stories = []
    for seed in (11, 11, 12):
        prepared = await prepare(where, replace(plan, seed=seed))
        await play(where, prepared, 1.5)
        async with signed_in(prepared) as engine:
            stories.append(await story_of(engine))
    first, again, other = stories
    assert len(first) > 100
    assert first == again
    assert first != other


@pytest.mark.long
async def test_in_step_with_the_clock_the_same_seed_is_the_same_shift_too(
    where: PracticeHost, plan: ShiftPlan
) -> None:
    stories = []
    for _ in range(2):
        prepared = await prepare(where, replace(plan, speed=60.0))
        await run_shift(prepared, stop=asyncio.Event(), autopilot_dispatch=True, run_for=4)
        async with signed_in(prepared) as engine:
            stories.append(await story_of(engine))
    both = min(map(len, stories))
    async with signed_in(prepared) as engine:
        (before,) = await ask(
            engine,
            f"SELECT count(*) FROM cru.event WHERE recorded_at < '{START.isoformat()}'",  # noqa: S608 - our own time
        )
    assert both > before[0] + 5
    assert stories[0][:both] == stories[1][:both]


@pytest.mark.long
async def test_the_time_asked_for_ends_it(where: PracticeHost, plan: ShiftPlan) -> None:
    prepared = await prepare(where, plan)
    stop = asyncio.Event()
    summary = await run_shift(prepared, stop=stop, run_for=0.7)
    assert stop.is_set()
    assert summary.fixes > 0


@asynccontextmanager
async def running(prepared: Prepared) -> AsyncIterator[asyncio.Task[ShiftSummary]]:
    """A shift beside the test, the crews on autopilot only."""
    stop = asyncio.Event()
    task = asyncio.create_task(run_shift(prepared, stop=stop))
    try:
        yield task
    finally:
        stop.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(task, 10)


async def send_somebody(engine: AsyncEngine) -> do.Allocate:
    """As the person at the console: send a free van to the accepted referral."""
    snapshot = await look(engine)
    waiting = next(
        one for one in snapshot.open_referrals() if one.state is ReferralState.ACCEPTED and one.hold_until is None
    )
    command = do.Allocate(referral_id=waiting.id, van_id=snapshot.free_vans()[0].id)
    await do.execute(engine, command)
    return command


@pytest.mark.long
async def test_crews_follow_what_a_person_decides_and_undoes(where: PracticeHost, plan: ShiftPlan) -> None:
    prepared = await prepare(where, replace(plan, speed=60.0))
    async with signed_in(prepared) as engine, running(prepared) as task:
        sent = await send_somebody(engine)

        async def state() -> AssignmentState:
            jobs = (await look(engine)).assignments[sent.referral_id]
            return next(job.state for job in jobs if job.id == sent.assignment_id)

        async def is_mobile() -> bool:
            return await state() is AssignmentState.MOBILE

        await until(is_mobile)
        await do.execute(engine, do.StandDown(assignment_id=sent.assignment_id, reason="nearer_van"))
        sent = await send_somebody(engine)

        await until(is_mobile)
        assert not task.done()
        origins = await ask(
            engine,
            "SELECT DISTINCT e.source, e.recorded_by FROM cru.event e WHERE e.kind = 'van mobile'",
        )
    assert origins == [("crew", f"{prepared.database}.crews")]
    assert not task.exception()


@pytest.mark.long
async def test_without_the_autopilot_dispatching_is_left_to_the_person(
    where: PracticeHost, plan: ShiftPlan
) -> None:
    prepared = await prepare(where, replace(plan, speed=60.0))
    async with signed_in(prepared) as engine:
        before = await look(engine)
        await run_shift(prepared, stop=asyncio.Event(), run_for=5)
        after = await look(engine)
    for referral in before.open_referrals():
        if referral.state in {ReferralState.RECEIVED, ReferralState.ACCEPTED}:
            assert after.referrals[referral.id].state is referral.state


@pytest.mark.long
async def test_a_referral_that_a_person_types_takes_its_course_too(where: PracticeHost, plan: ShiftPlan) -> None:
    prepared = await prepare(where, replace(plan, speed=60.0))
    async with signed_in(prepared) as engine, running(prepared):
        details = do.Details(source="hub", priority="P2", location=Location("The old mill, nobody knows which"))
        taken = do.TakeReferral(details=details)
        await do.execute(engine, taken)
        async with transaction(engine) as connection:
            tool = (await queries.reference_data(connection)).current_tool
        answers = {item.key: "no" for item in tool.items}
        await do.execute(
            engine, do.CompleteScreening(referral_id=taken.referral_id, tool_version=tool.version, answers=answers)
        )
        await do.execute(engine, do.Accept(referral_id=taken.referral_id))
        van = (await look(engine)).free_vans()[0]
        await do.execute(engine, do.Allocate(referral_id=taken.referral_id, van_id=van.id))

        async def is_mobile() -> bool:
            return (await look(engine)).jobs[van.id].state is AssignmentState.MOBILE

        await until(is_mobile)


@pytest.mark.long
async def test_a_lost_link_is_waited_out(cluster: Cluster, where: PracticeHost, plan: ShiftPlan) -> None:
    prepared = await prepare(where, replace(plan, speed=60.0))
    async with signed_in(prepared) as engine, running(prepared) as task:

        async def fixes() -> int:
            return int((await ask(engine, "SELECT count(*) FROM cru.position_fix"))[0][0])

        first = await fixes()

        async def more() -> bool:
            return await fixes() > first + 30

        await until(more)
        for name in ("crews", "calls", "devices"):
            await asyncio.to_thread(cluster.kill_backend, f"cru-exercise-{name}")
        first = await fixes()
        await until(more)
        assert not task.done()
