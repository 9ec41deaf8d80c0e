"""Runs the simulation: the time before the shift as fast as it goes, the shift in step with its clock."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.clock import ClockReading
from db.engine import connect, transaction
from db.errors import Unavailable
from db.exercise.pace import ShiftPace, fix_every
from db.exercise.record import CommandExecutor, ShiftSummary, pause
from db.exercise.settings import Prepared, Told, nobody
from db.exercise.simulation import BEFORE, Simulation, SimulationInputs, build_simulation, load_inputs, sign_in
from db.exercise.trackers import FixSender, RecordSender

_SET = text("UPDATE cru.service SET clock_origin = clock_timestamp(), clock_shown = :shown, clock_speed = :speed")
# From what it shows now on, so that no second comes twice.
_SET_SPEED = text(
    "UPDATE cru.service SET clock_shown = cru.clock_now(), clock_origin = clock_timestamp(), clock_speed = :speed"
)
_STEP_BEFORE = timedelta(seconds=30)
# Before the shift: seconds of the exercise clock between two fixes, and steps between two reports of them.
_FIX_EVERY = 10
_REPORT_EVERY = 10
_log = logging.getLogger(__name__)
STEP = timedelta(seconds=5)
_SKIP_AFTER = timedelta(minutes=10)
_TRY_AGAIN = 1.0
_LOOK_EVERY = 0.5


async def set_clock(practice: AsyncConnection, shown: datetime, speed: float) -> None:
    """Set the exercise clock; at speed 0 it stands still.

    Args:
        practice: the owner's connection to the practice database.
        shown: the time it shows now, aware.
        speed: how many of its seconds pass in one.
    """
    await practice.execute(_SET, {"shown": shown, "speed": speed})


class PracticeClock:
    """The exercise clock between two readings.

    Args:
        reading: the first one, taken just now.
    """

    def __init__(self, reading: ClockReading) -> None:
        self.set(reading)

    def set(self, reading: ClockReading) -> None:
        """Follow a reading taken just now."""
        self._reading, self._read_at = reading, time.monotonic()

    def now(self) -> datetime:
        """What it shows, aware, UTC."""
        passed = (time.monotonic() - self._read_at) * self._reading.speed
        return self._reading.now + timedelta(seconds=passed)


async def play_before(prepared: Prepared, inputs: SimulationInputs, practice: AsyncConnection) -> None:
    """Play ninety minutes up to the start, everybody on autopilot.

    Args:
        prepared: the logins.
        inputs: from ``load_inputs``.
        practice: the owner's connection, to set the clock.
    """
    # Joined: whoever started it has played this already.
    if prepared.gateway is None:
        return
    executor = sign_in(prepared.logins, asyncio.Event(), ShiftSummary())
    sender = RecordSender(connect(prepared.gateway, "cru-exercise-devices"))
    try:
        plan = prepared.plan
        await set_clock(practice, plan.start - BEFORE, 0)
        simulation = await build_simulation(
            plan, inputs, executor, sender, before=True, dispatch=True, fix_every=_FIX_EVERY
        )
        await play_fast(simulation, practice, plan.start - BEFORE, plan.start)
    finally:
        await sender.close()
        await executor.close()


async def play_fast(simulation: Simulation, practice: AsyncConnection, start: datetime, end: datetime) -> None:
    """Play a stretch of time as fast as the record takes it, setting the clock step by step.

    Args:
        simulation: what is played; nobody else acts on the record meanwhile.
        practice: the owner's connection, to set the clock.
        start: the first step, aware.
        end: no step lies after it.
    """
    for number in range(int((end - start) / _STEP_BEFORE) + 1):
        now = start + _STEP_BEFORE * number
        # The clock stands still at each step's time while that is played, so what the record stamps
        # lies there too.
        await simulation.step(now, partial(set_clock, practice, now, 0))
        if number % _REPORT_EVERY == 0:
            await set_clock(practice, now, 0)
            await simulation.report()


async def run_shift(
    prepared: Prepared,
    *,
    stop: asyncio.Event,
    autopilot_dispatch: bool = False,
    run_for: float | None = None,
    sender: FixSender | None = None,
    clock: PracticeClock | None = None,
    told: Told = nobody,
) -> ShiftSummary:
    """Play the world outside until ``stop`` is set or ``run_for`` seconds of the room have passed.

    Args:
        prepared: from ``prepare``; a shift that was joined is played by somebody else, so this only waits.
        stop: ends the shift; set by this too when the time is up.
        autopilot_dispatch: play the dispatchers as well as the crews.
        run_for: seconds of the room; None for no end.
        sender: takes the vans' positions and is closed at the end; straight into the record when None.
        clock: is kept in step with the exercise clock.
        told: is told when the shift runs slower than it was asked to, or as fast again.

    Returns:
        What was done and what the record refused.
    """
    summary, plan = ShiftSummary(), prepared.plan
    clock = clock or PracticeClock(ClockReading(plan.start, plan.speed))
    limit = asyncio.timeout(run_for)
    try:
        async with limit:
            if prepared.gateway is None:
                await stop.wait()
            else:
                took = sender or RecordSender(connect(prepared.gateway, "cru-exercise-devices"))
                await _play(prepared, took, summary, stop, clock, told, dispatch=autopilot_dispatch)
    except TimeoutError:
        if not limit.expired():
            raise
        stop.set()
    return summary


async def _play(
    prepared: Prepared,
    sender: FixSender,
    summary: ShiftSummary,
    stop: asyncio.Event,
    clock: PracticeClock,
    told: Told,
    *,
    dispatch: bool,
) -> None:
    executor = sign_in(prepared.logins, stop, summary)
    keeper = _PaceKeeper(prepared, clock, told)
    watching = asyncio.create_task(keeper.watch())
    try:
        simulation = await _ready(prepared, executor, sender, stop, dispatch=dispatch)
        if simulation is not None:
            await _keep_step(simulation, prepared.plan.start, stop, clock, keeper)
    finally:
        watching.cancel()
        await asyncio.wait([watching])
        await keeper.close()
        await sender.close()
        await executor.close()


async def _ready(
    prepared: Prepared, executor: CommandExecutor, sender: FixSender, stop: asyncio.Event, *, dispatch: bool
) -> Simulation | None:
    inputs = await asyncio.to_thread(load_inputs, prepared.plan)
    every = int(fix_every(prepared.plan.speed, STEP.total_seconds()))
    while not stop.is_set():
        try:
            return await build_simulation(
                prepared.plan, inputs, executor, sender, before=False, dispatch=dispatch, fix_every=every
            )
        except Unavailable:
            await pause(stop, _TRY_AGAIN)
    return None


class _PaceKeeper:
    """Slows the exercise clock down to what this computer can keep, and says so.

    Args:
        prepared: the owner's connection, which alone may set the clock, and the speed asked for.
        clock: the exercise clock, which follows at once.
        told: is told.
    """

    def __init__(self, prepared: Prepared, clock: PracticeClock, told: Told) -> None:
        self._owner = connect(prepared.owner, "cru-exercise-owner")
        self._pace = ShiftPace(prepared.plan.speed, STEP.total_seconds())
        self._clock, self._told = clock, told
        self._done, self._done_at = prepared.plan.start, time.monotonic()
        self._one_by_one = asyncio.Lock()

    async def stepped(self, at: datetime, took: float) -> None:
        """The step of a moment is done; it took so many seconds of the room.

        Raises:
            Unavailable: the record does not answer; the clock is set after another step.
        """
        self._done, self._done_at = at, time.monotonic()
        await self._go_on(lambda now, behind: self._pace.stepped(now, took, behind))

    async def watch(self) -> None:
        """Look beside the steps, because one that does not end says nothing of itself."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            # A record that does not answer has no clock to be late by.
            with suppress(Unavailable):
                await self._go_on(lambda now, behind: self._pace.waiting(now, now - self._done_at, behind))

    async def _go_on(self, judge: Callable[[float, float], float | None]) -> None:
        async with self._one_by_one:
            before = self._pace.speed
            speed = judge(time.monotonic(), (self._clock.now() - self._done).total_seconds())
            if speed is None:
                return
            try:
                async with transaction(self._owner) as connection:
                    await connection.execute(_SET_SPEED, {"speed": speed})
            except Unavailable:
                # The clock runs as before, so the pace must not believe the change.
                self._pace.speed = before
                raise
            self._clock.set(ClockReading(self._clock.now(), speed))
            self._told(self._pace.words())

    async def close(self) -> None:
        """Close the owner's connection."""
        await self._owner.dispose()


async def _keep_step(
    simulation: Simulation, start: datetime, stop: asyncio.Event, clock: PracticeClock, keeper: _PaceKeeper
) -> None:
    """Step along a fixed grid of the exercise clock, so that the same seed decides the same at any speed."""
    at = start
    while not stop.is_set():
        try:
            reading = await simulation.clock()
            clock.set(reading)
            at = await _wait_until(reading, at, stop)
            begun = time.monotonic()
            if not stop.is_set():
                await simulation.step(at)
        except Unavailable:
            await pause(stop, _TRY_AGAIN)
            continue
        # Positions that nobody takes wait; the world goes on without them.
        with suppress(Unavailable):
            await simulation.report()
        with suppress(Unavailable):
            await keeper.stepped(at, time.monotonic() - begun)
        at += STEP


async def _wait_until(reading: ClockReading, at: datetime, stop: asyncio.Event) -> datetime:
    """Wait for a moment of the exercise clock; far behind (the computer slept), skip to now."""
    if reading.now - at > _SKIP_AFTER:
        _log.warning("the practice world fell behind and skips ahead")
        return at + STEP * int((reading.now - at) / STEP)
    await pause(stop, (at - reading.now).total_seconds() / reading.speed)
    return at
