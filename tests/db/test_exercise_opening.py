"""Whoever comes in to a practice shift finds a living room: a van under way, and something new at once."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from db.domain.states import AssignmentState
from db.engine import transaction
from db.exercise.database import prepare
from db.exercise.run import run_shift
from db.exercise.settings import PracticeHost, ShiftPlan
from db.exercise.trackers import TrackerFix
from db.geo.earth import metres
from tests.db.practice import START, cache, look, signed_in, where

__all__ = ["cache", "where"]
FASTEST_METRES_A_MINUTE = 1500.0
NEW_WITHIN = timedelta(seconds=10)


@pytest.fixture
def plan(cache: Path) -> ShiftPlan:
    return ShiftPlan(start=START, cache_dir=cache, seed=11)


@pytest.mark.parametrize("seed", [8, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 311))])
@pytest.mark.long
async def test_a_van_is_under_way_with_minutes_to_go(where: PracticeHost, plan: ShiftPlan, seed: int) -> None:
    told: list[str] = []
    prepared = await prepare(where, replace(plan, seed=seed), told=told.append)
    assert told == ["Making the practice database", "Playing the hour and a half before the shift"]
    async with signed_in(prepared) as engine:
        snapshot = await look(engine)
        async with transaction(engine) as connection:
            rows = await connection.execute(text("SELECT van_id, lat, lon, speed FROM cru.position"))
            seen = {row.van_id: row for row in rows}
    ways = []
    for job in snapshot.jobs.values():
        if job.state is AssignmentState.MOBILE:
            scene, van = snapshot.referrals[job.referral_id].location, seen[job.van_id]
            ways.append((metres((van.lat, van.lon), (scene.lat, scene.lon)), van.speed))
    assert any(far > 2 * FASTEST_METRES_A_MINUTE and speed > 20 for far, speed in ways), ways


async def test_the_first_seconds_bring_a_referral_and_the_autopilot_acts(
    where: PracticeHost, plan: ShiftPlan
) -> None:
    prepared = await prepare(where, plan)
    async with signed_in(prepared) as engine:
        before = await look(engine)
        stop = asyncio.Event()
        playing = asyncio.create_task(run_shift(prepared, stop=stop, autopilot_dispatch=True))
        try:
            async with asyncio.timeout(60):
                while len((await look(engine)).referrals) == len(before.referrals):
                    await asyncio.sleep(0.05)
        finally:
            stop.set()
            await playing
        after = await look(engine)
    new = [one for one in after.referrals.values() if one.id not in before.referrals]
    assert START < min(one.received_at for one in new) <= START + NEW_WITHIN
    assert set(after.jobs) > set(before.jobs)


class SlowWay:
    """A way in for positions that takes its time, in seconds of the room, until it is let through."""

    def __init__(self, takes: float) -> None:
        self._takes = takes
        self.let_through = asyncio.Event()

    async def send(self, fixes: Sequence[TrackerFix]) -> int:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.let_through.wait(), self._takes)
        return len(fixes)

    async def close(self) -> None:
        """Nothing to let go of."""


@pytest.mark.parametrize(
    "takes",
    [pytest.param(0.4, id="every step", marks=pytest.mark.long), pytest.param(300, id="one that does not end")],
)
async def test_a_shift_that_cannot_keep_step_is_slowed_and_says_so(
    where: PracticeHost, plan: ShiftPlan, takes: float
) -> None:
    prepared = await prepare(where, replace(plan, speed=58.0))
    told: list[str] = []
    stop, way = asyncio.Event(), SlowWay(takes)
    playing = asyncio.create_task(run_shift(prepared, stop=stop, sender=way, told=told.append))
    async with signed_in(prepared) as engine, asyncio.timeout(60):
        while not told:
            await asyncio.sleep(0.05)
        async with transaction(engine) as connection:
            query = text("SELECT clock_speed AS speed, cru.clock_now() AS now FROM cru.service")
            row = (await connection.execute(query)).one()
    stop.set()
    way.let_through.set()
    await playing
    assert row.speed < 58
    assert row.now > START
    assert told[0].startswith("The practice shift runs at ")
    assert told[0].endswith("this computer cannot keep up with 58×.")
