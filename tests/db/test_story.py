"""The seed story through the commands, as a dispatcher's login, on a real Postgres."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import queries
from db.domain.care import Telling
from db.domain.party import Party
from db.domain.records import Location, Referral, YesNo
from db.domain.roles import Role
from db.domain.states import AssignmentState, HandoverState, ReferralState
from db.engine import connect, transaction
from db.errors import Conflict, Invalid
from tests.cluster import Record
from tests.db.desk import answered


@pytest.fixture
async def shah(record: Record) -> AsyncIterator[AsyncEngine]:
    engine = connect(record.url("a.shah"))
    yield engine
    await engine.dispose()


def crew_on_scene() -> do.Details:
    return do.Details(
        source="ems_crew",
        priority="P1",
        location=Location("Abington Street", "NN1 4LP", 52.2405, -0.8901),
        ems_callsign="A1187",
        ems_incident="EM-4471",
        narrative="Distressed, safe, wants to talk.",
    )


async def state_of(engine: AsyncEngine, referral_id: UUID) -> Referral:
    async with transaction(engine) as connection:
        rows = (await queries.snapshot(connection, Role.DISPATCHER))["referral"]
    (found,) = [row for row in rows if row.id == referral_id]
    assert isinstance(found, Referral)
    return found


async def van_on_duty(engine: AsyncEngine) -> UUID:
    async with transaction(engine) as connection:
        vans = (await queries.snapshot(connection, Role.DISPATCHER))["van"]
        staff = (await queries.reference_data(connection)).staff
        now = (await queries.clock(connection)).now
    van_id = vans[0].id
    await do.execute(
        engine, do.GoOnDuty(van_id=van_id, staff_ids=tuple(staff)[:2], planned_end=now + timedelta(hours=12))
    )
    return van_id


async def test_taken_to_closed(shah: AsyncEngine) -> None:
    take = do.TakeReferral(details=crew_on_scene())
    await do.execute(shah, take)
    await do.execute(shah, take)
    await do.execute(shah, await answered(shah, take.referral_id))
    await do.execute(shah, do.Accept(referral_id=take.referral_id))
    sent = do.Allocate(referral_id=take.referral_id, van_id=await van_on_duty(shah))
    await do.execute(shah, sent)
    assert (await state_of(shah, take.referral_id)).state is ReferralState.ALLOCATED
    for to in (AssignmentState.MOBILE, AssignmentState.ON_SCENE, AssignmentState.WITH_PATIENT):
        await do.execute(shah, do.Step(assignment_id=sent.assignment_id, to=to))
    assert (await state_of(shah, take.referral_id)).state is ReferralState.ATTENDING
    call = do.RecordContact(
        referral_id=take.referral_id, spoke_with="person", with_name="Mari", promised="No uniforms at the door"
    )
    await do.execute(shah, call)
    await do.execute(shah, do.ClosePromise(contact_id=call.contact_id, kept=True))
    for moment in (HandoverState.STARTED, HandoverState.ACCEPTED, HandoverState.RELEASED):
        await do.execute(shah, do.MoveHandover(handover_id=take.handover_id, to=moment))
    await do.execute(shah, do.Step(assignment_id=sent.assignment_id, to=AssignmentState.CLEAR))
    await do.execute(
        shah,
        do.Close(
            referral_id=take.referral_id,
            outcome="home_safety_plan",
            ae_avoided=YesNo.YES,
            ems_released=YesNo.YES,
            police_avoided=YesNo.YES,
            next=do.Responsible(
                Party.DESTINATION,
                "Home treatment team",
                {"person": Telling("the crew"), "caller": Telling(not_told="left with EMAS")},
            ),
        ),
    )
    closed = await state_of(shah, take.referral_id)
    assert closed.state is ReferralState.CLOSED
    async with transaction(shah) as connection:
        events = await queries.events_of(connection, take.referral_id)
    assert [event.kind for event in events] == [
        "acknowledged",
        "received",
        "handover expected",
        "screening complete",
        "accepted",
        "van allocated",
        "van mobile",
        "van on scene",
        "van with patient",
        "contact",
        "promise kept",
        "handover started",
        "handover accepted",
        "handover released",
        "van clear",
        "closed",
        "ending named",
    ]
    assert {event.recorded_by for event in events} == {"a.shah"}


@pytest.mark.hazard("H-001")
async def test_an_overdose_cannot_be_accepted(shah: AsyncEngine) -> None:
    take = do.TakeReferral(details=crew_on_scene())
    await do.execute(shah, take)
    await do.execute(shah, await answered(shah, take.referral_id, overdose="yes"))
    with pytest.raises(Invalid, match="does not let"):
        await do.execute(shah, do.Accept(referral_id=take.referral_id))
    await do.execute(shah, do.Decline(referral_id=take.referral_id, reason="ems_physical"))
    assert (await state_of(shah, take.referral_id)).state is ReferralState.DECLINED


async def test_a_second_accept_is_told_who_was_first(shah: AsyncEngine, record: Record) -> None:
    take = do.TakeReferral(details=crew_on_scene())
    await do.execute(shah, take)
    await do.execute(shah, await answered(shah, take.referral_id))
    okafor = connect(record.url("b.okafor"))
    await do.execute(okafor, do.Accept(referral_id=take.referral_id))
    await do.execute(shah, await answered(shah, take.referral_id))
    with pytest.raises(Conflict, match=r"is accepted\. Last: accepted, B\. Okafor"):
        await do.execute(shah, do.Accept(referral_id=take.referral_id))
    await okafor.dispose()
