"""Replay from the record: the board and the vans as they were, also after a reopening and a late fix."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import queries
from db.domain.records import Location, Referral, Van, YesNo
from db.domain.replay import Past, Renumbered, board_at
from db.domain.states import AssignmentState, DutyStatus, ReferralState
from db.engine import connect, transaction
from db.replay import load_past, positions_at
from tests.cluster import Record

START = datetime.fromisoformat("2026-11-22T03:00:00+00:00")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


class Night:
    """Plays a short night with a clock that is set."""

    def __init__(self, record: Record, lead: AsyncEngine, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.record = record
        self.lead = lead
        self.owner = owner
        self.referral_id = UUID(int=0)
        self.van_id = UUID(int=0)

    async def clock(self, minutes: float) -> None:
        await self.owner.execute(
            "UPDATE cru.service SET clock_origin = clock_timestamp(), clock_shown = $1, clock_speed = 0",
            at(minutes),
        )

    async def fix(self, fixed: float, received: float, lat: float) -> None:
        await self.clock(max(fixed, received))
        one = {
            "van_id": str(self.van_id),
            "fixed_at": at(fixed).isoformat(),
            "received_at": at(received).isoformat(),
            "lat": lat,
            "lon": -0.9,
        }
        await self.owner.execute("SELECT cru.record_fixes($1::jsonb)", json.dumps([one]))

    async def play(self) -> None:
        await self.clock(0)
        async with transaction(self.lead) as connection:
            reference = await queries.reference_data(connection)
        self.van_id = await self.owner.fetchval("SELECT id FROM cru.van WHERE callsign = 'CRU1'")
        duty = do.GoOnDuty(van_id=self.van_id, staff_ids=tuple(reference.staff)[:2], planned_end=at(600))
        await do.execute(self.lead, duty)
        await self.clock(10)
        details = do.Details(source="ems_desk", priority="P2", location=Location("High Street", "NN1 4LP"))
        take = do.TakeReferral(details=details)
        self.referral_id = take.referral_id
        await do.execute(self.lead, take)
        answers = {item.key: "no" for item in reference.current_tool.items}
        screened = do.CompleteScreening(referral_id=take.referral_id, tool_version=1, answers=answers)
        await do.execute(self.lead, screened)
        await self.clock(20)
        await do.execute(self.lead, do.Accept(referral_id=take.referral_id))
        await self.clock(30)
        sent = do.Allocate(referral_id=take.referral_id, van_id=self.van_id)
        await do.execute(self.lead, sent)
        await self.clock(60)
        await do.execute(self.lead, do.Step(assignment_id=sent.assignment_id, to=AssignmentState.ON_SCENE))
        await self.clock(90)
        await do.execute(self.lead, do.Step(assignment_id=sent.assignment_id, to=AssignmentState.CLEAR))
        end = do.Close(
            referral_id=take.referral_id,
            outcome="gp",
            ae_avoided=YesNo.YES,
            ems_released=YesNo.UNKNOWN,
            police_avoided=YesNo.NO,
        )
        await do.execute(self.lead, end)
        await self.clock(120)
        await do.execute(self.lead, do.Reopen(referral_id=take.referral_id, reason="rang again"))
        await self.clock(180)

    async def past(self) -> Past:
        async with transaction(self.lead) as connection:
            return await load_past(connection, at(-60), at(600))


@pytest.fixture
async def night(record: Record) -> AsyncIterator[Night]:
    lead = connect(record.url("l.lead"))
    owner = await asyncpg.connect(**record.owner_kwargs)
    made = Night(record, lead, owner)
    await made.play()
    yield made
    await owner.close()
    await lead.dispose()


async def test_each_state_at_its_time(night: Night) -> None:
    past = await night.past()

    def state(minutes: float) -> ReferralState | None:
        rows = board_at(past, at(minutes))["referral"]
        return next((row.state for row in rows if isinstance(row, Referral)), None)

    assert [state(minutes) for minutes in (5, 15, 25, 45, 75, 100, 150)] == [
        None,
        ReferralState.RECEIVED,
        ReferralState.ACCEPTED,
        ReferralState.ALLOCATED,
        ReferralState.ATTENDING,
        ReferralState.CLOSED,
        ReferralState.ACCEPTED,
    ]


async def test_a_van_before_and_on_its_shift(night: Night) -> None:
    past = await night.past()

    def duty(minutes: float) -> DutyStatus:
        rows = board_at(past, at(minutes))["van"]
        return next(van.duty_status for van in rows if isinstance(van, Van) and van.id == night.van_id)

    assert (duty(-30), duty(30)) == (DutyStatus.OFF_DUTY, DutyStatus.AVAILABLE)
    assert not board_at(past, at(-30))["shift"]
    assert len(board_at(past, at(30))["shift"]) == 1


async def test_nobody_saw_a_fix_that_came_late(night: Night) -> None:
    await night.fix(fixed=40, received=40, lat=52.20)
    await night.fix(fixed=45, received=70, lat=52.25)
    async with transaction(night.lead) as connection:
        seen = [[fix.lat for fix in await positions_at(connection, at(minutes))] for minutes in (39, 50, 71, 400)]
    assert seen == [[], [52.20], [52.25], []]


async def test_a_mirror_takes_the_past_in_any_order(night: Night) -> None:
    past, numbers = await night.past(), Renumbered()
    first = numbers.number(board_at(past, at(75)))["referral"][0].version
    again = numbers.number(board_at(past, at(76)))["referral"][0].version
    back = numbers.number(board_at(past, at(15)))["referral"][0].version
    assert first == again < back
