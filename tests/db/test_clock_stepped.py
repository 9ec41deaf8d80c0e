# ruff: noqa: S608 - the tests name tables of our own
"""The server's clock is stepped in the middle of a job, either way: nothing takes less time than none."""

from datetime import timedelta

import pytest

from db import commands as do
from db.domain.records import YesNo
from db.domain.states import AssignmentState, HandoverState
from tests.db import desk
from tests.db.psql import age
from tests.db.test_order_clock import START, Room, room

__all__ = ["room"]
# What is worked out of times: how long something took, in whatever unit.
NUMBERS = (
    "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = 'cru.{}'::regclass AND a.attnum > 0"
    " AND a.atttypid IN ('float8'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)"
)
WORKED_OUT = ("referral_measures", "job_measures")


async def negative(room: Room) -> dict[str, float]:
    """Everything that the record works out and that is below nothing, by its name."""
    await room.owner.execute("SELECT cru.settle_measures()")
    found = {}
    for view in WORKED_OUT:
        for (name,) in await room.owner.fetch(NUMBERS.format(view)):
            least = await room.owner.fetchval(f"SELECT min({name})::float8 FROM cru.{view}")
            if least is not None and least < 0:
                found[f"{view}.{name}"] = least
    return found


# Set back by more than a minute, a clock was wrong by far: what it wrote while ahead is for a lead to amend (see
# test_order_clock), and how long it took is not known until then.
STEPS = (-26 * 60, -50, -3, 40 * 60)


@pytest.mark.parametrize("seconds", STEPS)
async def test_a_step_of_the_clock_in_a_job(room: Room, seconds: int) -> None:
    await age(room.owner, "1 day")
    now = START
    await room.clock(now)
    van = await desk.on_duty(room.shah)
    taken = do.TakeReferral(details=desk.details(), received_at=START - timedelta(minutes=2))
    await room.send(taken)
    await desk.screen(room.shah, taken.referral_id)
    sent = do.Allocate(referral_id=taken.referral_id, van_id=van)
    steps: list[do.Command] = [do.Accept(referral_id=taken.referral_id), sent]
    steps += [
        do.Step(assignment_id=sent.assignment_id, to=to)
        for to in (AssignmentState.MOBILE, AssignmentState.ON_SCENE, AssignmentState.WITH_PATIENT)
    ]
    links = (HandoverState.STARTED, HandoverState.ACCEPTED, HandoverState.RELEASED)
    steps += [do.MoveHandover(handover_id=taken.handover_id, to=to) for to in links]
    steps.append(do.Step(assignment_id=sent.assignment_id, to=AssignmentState.CLEAR))
    answers = {"ae_avoided": YesNo.YES, "ems_released": YesNo.YES, "police_avoided": YesNo.YES}
    steps += [do.Close(referral_id=taken.referral_id, outcome="gp", **answers), do.GoOffDuty(van_id=van)]
    for place, step in enumerate(steps):
        now += timedelta(seconds=seconds if place == 4 else 60)
        await room.clock(now)
        await room.send(step)
    assert await negative(room) == {}
