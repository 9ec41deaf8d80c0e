"""Plays the time before the shift, so that the person finds a board at work."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import connect
from db.exercise.cast import BEFORE, Stage, cast, hands_of
from db.exercise.clock import set_clock
from db.exercise.record import Tally
from db.exercise.settings import Prepared
from db.exercise.simulation import Simulation
from db.exercise.trackers import RecordSink

_STEP = timedelta(seconds=30)
_FIX_EVERY = 10
_REPORT_EVERY = 10


async def play_before(prepared: Prepared, stage: Stage, practice: AsyncConnection) -> None:
    """Play ninety minutes up to the start, everybody on autopilot.

    Args:
        prepared: the logins.
        stage: the world.
        practice: the owner's connection, to set the clock.
    """
    if prepared.gateway is None:
        return
    hands = hands_of(prepared.hands, asyncio.Event(), Tally())
    sink = RecordSink(connect(prepared.gateway, "cru-exercise-devices"))
    try:
        plan = prepared.plan
        await set_clock(practice, plan.start - BEFORE, 0)
        simulation = await cast(plan, stage, hands, sink, before=True, dispatch=True, fix_every=_FIX_EVERY)
        await drive(simulation, practice, plan.start - BEFORE, plan.start)
    finally:
        await sink.close()
        await hands.close()


async def drive(simulation: Simulation, practice: AsyncConnection, start: datetime, end: datetime) -> None:
    """Play a stretch of time as fast as the record takes it, setting the clock step by step.

    Args:
        simulation: the world.
        practice: the owner's connection, to set the clock.
        start: the first step, aware.
        end: no step lies after it.
    """
    for number in range(int((end - start) / _STEP) + 1):
        now = start + _STEP * number
        await set_clock(practice, now, 0)
        await simulation.step(now)
        if number % _REPORT_EVERY == 0:
            await simulation.report()
