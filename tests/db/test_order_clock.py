"""The server's clock is set back between two steps: the room goes on, and its steps stay in order."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db.domain.records import YesNo
from db.domain.states import AssignmentState, HandoverState
from db.engine import connect
from db.errors import Invalid
from tests.cluster import Record
from tests.db import desk
from tests.db.psql import age

START = datetime.fromisoformat("2026-11-25T11:00:00+00:00")
STEPS = (*AssignmentState,)[1:9]


@dataclass
class Room:
    shah: AsyncEngine
    lead: AsyncEngine
    owner: Any

    async def clock(self, moment: datetime) -> None:
        """Set the record's clock, and let it stand."""
        sql = "UPDATE cru.service SET clock_origin = clock_timestamp(), clock_shown = $1, clock_speed = 0"
        await self.owner.execute(sql, moment)

    async def send(self, *commands: do.Command) -> None:
        for command in commands:
            await do.execute(self.shah, command)

    async def row(self, table: str, key: UUID) -> Any:
        return await self.owner.fetchrow(f"SELECT * FROM cru.{table} WHERE id = $1", key)  # noqa: S608 - our own


@pytest.fixture
async def room(record: Record) -> AsyncIterator[Room]:
    shah, lead = connect(record.url("a.shah")), connect(record.url("l.lead"))
    owner = await asyncpg.connect(**record.owner_kwargs)
    yield Room(shah, lead, owner)
    await owner.close()
    await shah.dispose()
    await lead.dispose()


class Back:
    """A clock that is a little further back at each step."""

    def __init__(self, room: Room, by: timedelta) -> None:
        self.room = room
        self.by = by
        self.now = START

    async def step(self, *commands: do.Command) -> None:
        self.now -= self.by
        await self.room.clock(self.now)
        await self.room.send(*commands)


@pytest.mark.parametrize("seconds", [0.02, 3])
async def test_a_whole_night_goes_on_while_the_clock_is_set_back_at_each_step(room: Room, seconds: float) -> None:
    await room.clock(START)
    van, back = await desk.on_duty(room.shah), Back(room, timedelta(seconds=seconds))
    taken = do.TakeReferral(details=desk.details(), received_at=START)
    await back.step(taken)
    await back.step()
    await desk.screen(room.shah, taken.referral_id)
    await back.step(do.Accept(referral_id=taken.referral_id))
    sent = do.Allocate(referral_id=taken.referral_id, van_id=van)
    await back.step(sent)
    for state in (AssignmentState.MOBILE, AssignmentState.ON_SCENE, AssignmentState.WITH_PATIENT):
        await back.step(do.Step(assignment_id=sent.assignment_id, to=state))
    for link in (HandoverState.STARTED, HandoverState.ACCEPTED, HandoverState.RELEASED):
        await back.step(do.MoveHandover(handover_id=taken.handover_id, to=link))
    await back.step(do.Step(assignment_id=sent.assignment_id, to=AssignmentState.CLEAR))
    answers = {"ae_avoided": YesNo.YES, "ems_released": YesNo.YES, "police_avoided": YesNo.YES}
    await back.step(do.Close(referral_id=taken.referral_id, outcome="gp", **answers))
    await back.step(do.GoOffDuty(van_id=van))
    # The clock stands, so whatever was stamped is what came before: the reception.
    times = [await room.row("referral", taken.referral_id), await room.row("assignment", sent.assignment_id)]
    stamped = {row[name] for row in times for name in row.keys() if name.endswith("_at") and row[name]}  # noqa: SIM118 - a record of asyncpg
    assert stamped == {START}
    shift = await room.owner.fetchrow("SELECT * FROM cru.shift")
    assert shift["ended_at"] == shift["started_at"]


async def test_the_next_job_of_a_van_begins_when_the_one_before_has_ended(room: Room) -> None:
    await room.clock(START)
    sent = await desk.allocated(room.shah)
    await room.send(do.StandDown(assignment_id=sent.assignment_id, reason="not_needed"))
    await room.clock(START - timedelta(seconds=4))
    again = do.Allocate(referral_id=sent.referral_id, van_id=sent.van_id)
    await room.send(again)
    assert (await room.row("assignment", again.assignment_id))["allocated_at"] == START


async def test_a_clock_that_was_wrong_by_far_stops_nobody(room: Room) -> None:
    await room.clock(START)
    sent = await desk.allocated(room.shah)
    await room.send(do.Step(assignment_id=sent.assignment_id, to=AssignmentState.MOBILE))
    right = START - timedelta(minutes=40)
    await room.clock(right)
    for state in STEPS[3:]:
        place = {"destination": "Crisis house"} if state is AssignmentState.CONVEYING else {}
        await room.send(do.Step(assignment_id=sent.assignment_id, to=state, **place))
    # The clock that counts is the record's: what lies in its future binds nobody, and is for a lead to amend.
    row = await room.row("assignment", sent.assignment_id)
    assert {row["on_scene_at"], row["clear_at"]} == {right}
    fresh = await desk.take(room.shah)
    assert (await room.row("referral", fresh.referral_id))["received_at"] == right
    await room.send(do.GoOffDuty(van_id=sent.van_id))


async def test_a_time_that_somebody_gave_is_never_moved_by_it(room: Room) -> None:
    await room.clock(START)
    sent = await desk.allocated(room.shah)
    await room.clock(START - timedelta(seconds=3))
    early = do.Step(assignment_id=sent.assignment_id, to=AssignmentState.MOBILE, at=START - timedelta(seconds=30))
    with pytest.raises(Invalid, match="CRU1 mobile 10:59 is before allocated 11:00"):
        await do.execute(room.shah, early)


async def test_what_was_asked_for_while_the_step_before_was_on_its_way_comes_after_it(room: Room) -> None:
    await room.clock(START)
    sent = await desk.allocated(room.shah)
    asked = START - timedelta(seconds=4)
    await room.send(do.Step(assignment_id=sent.assignment_id, to=AssignmentState.ON_SCENE, at=asked))
    assert (await room.row("assignment", sent.assignment_id))["on_scene_at"] == START
    late = do.Step(
        assignment_id=sent.assignment_id, to=AssignmentState.WITH_PATIENT, at=START - timedelta(seconds=6)
    )
    with pytest.raises(Invalid, match=r"with patient .* is before on scene"):
        await do.execute(room.shah, late)


async def test_what_was_asked_for_while_the_link_was_lost_is_in_order(room: Room) -> None:
    """Taken, screened and accepted at once, each at its own moment; the record hears of it half an hour later."""
    await age(room.owner)
    await room.clock(START + timedelta(minutes=30))
    taken = do.TakeReferral(
        details=desk.details(), received_at=START - timedelta(minutes=4), at=START + timedelta(seconds=1)
    )
    keys = await room.owner.fetch("SELECT key FROM cru.screening_item WHERE tool_version = 1")
    screened = do.CompleteScreening(
        referral_id=taken.referral_id,
        tool_version=1,
        answers={row["key"]: "no" for row in keys},
        at=START + timedelta(seconds=1),
    )
    await room.send(taken, screened, do.Accept(referral_id=taken.referral_id, at=START + timedelta(seconds=2)))
    row = await room.row("referral", taken.referral_id)
    seconds = [(row[f"{name}_at"] - START).total_seconds() for name in ("received", "acknowledged", "accepted")]
    assert seconds == [-240, 1, 2]
