"""Illegal moves are refused to whoever types them at a psql prompt, and change nothing."""

import pytest

from db import commands as do
from db.domain.states import (
    ASSIGNMENT_MOVES,
    ASSIGNMENT_ORDER,
    DUTY_MOVES,
    HANDOVER_MOVES,
    REFERRAL_MOVES,
    AssignmentState,
    DutyStatus,
    HandoverState,
    ReferralState,
)
from tests.db.doing import does
from tests.db.psql import Psql


@pytest.mark.hazard("H-082")
@pytest.mark.parametrize("state", ReferralState)
async def test_a_referral_makes_no_illegal_move(psql: Psql, state: ReferralState) -> None:
    referral = await psql.referral(state)
    for to in set(ReferralState) - REFERRAL_MOVES[state] - {state}:
        for who in (psql.shah, psql.lead, psql.owner):
            await psql.set_refused(who, "referral", referral, state=to.value, code="CR001", says="cannot go")


@pytest.mark.parametrize("state", AssignmentState)
async def test_an_assignment_makes_no_illegal_move(psql: Psql, state: AssignmentState) -> None:
    job = await psql.assignment(state)
    for to in set(AssignmentState) - ASSIGNMENT_MOVES[state] - {state}:
        reason = {"stand_down_reason": "not_needed"} if to is AssignmentState.STOOD_DOWN else {}
        await psql.set_refused(psql.shah, "assignment", job, state=to.value, code="CR001", **reason)


@pytest.mark.parametrize("state", HandoverState)
async def test_a_handover_makes_no_illegal_move(psql: Psql, state: HandoverState) -> None:
    handover = await psql.handover(state)
    for to in set(HandoverState) - HANDOVER_MOVES[state] - {state}:
        await psql.set_refused(psql.shah, "handover", handover, state=to.value, code="CR001", says="cannot go")


@pytest.mark.parametrize("status", DutyStatus)
async def test_a_van_makes_no_illegal_move(psql: Psql, status: DutyStatus) -> None:
    van = await psql.van(status)
    for to in set(DutyStatus) - DUTY_MOVES[status] - {status}:
        await psql.set_refused(psql.shah, "van", van, duty_status=to.value, duty_reason="x", code="CR001")


@pytest.mark.parametrize("table", ["referral", "assignment", "handover", "van"])
async def test_there_are_no_other_states(psql: Psql, table: str) -> None:
    make = {"referral": psql.referral, "assignment": psql.assignment, "handover": psql.handover, "van": psql.van}
    row = await make[table]()
    column = "duty_status" if table == "van" else "state"
    for state in ("committed", "on hold", "", "Accepted", " mobile"):
        await psql.set_refused(psql.shah, table, row, **{column: state}, code="CR001")


async def test_a_referral_is_not_allocated_or_attending_by_hand(psql: Psql) -> None:
    referral = await psql.referral("accepted")
    await psql.set_refused(psql.shah, "referral", referral, state="allocated", says="No van is allocated")
    other = await psql.referral("allocated")
    await psql.set_refused(psql.shah, "referral", other, state="attending", says="No crew has reached")
    await psql.set_refused(psql.shah, "referral", other, state="accepted", says="A van is still on")


@pytest.mark.hazard("H-029")
async def test_a_crew_with_the_person_is_not_talked_away(psql: Psql) -> None:
    referral = await psql.referral("attending")
    await psql.allocate(referral, await psql.van())
    assert (await psql.read("referral", referral))["state"] == "attending"
    await psql.set_refused(psql.shah, "referral", referral, state="allocated", says="A crew is with")


async def test_an_old_attendance_does_not_make_a_reopened_referral_attending(psql: Psql) -> None:
    referral = await psql.referral("closed")
    await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', false)")
    await psql.set(psql.lead, "referral", referral, state="accepted")
    await does(psql, do.Allocate(referral_id=referral, van_id=await psql.van()))
    await psql.set_refused(psql.shah, "referral", referral, state="attending", says="No crew has reached")


@pytest.mark.parametrize("to", ASSIGNMENT_ORDER[1:-1])
async def test_skipped_steps_leave_their_times_empty(psql: Psql, to: AssignmentState) -> None:
    row = await psql.read("assignment", await psql.assignment(to))
    times = {state: row[state.replace(" ", "_") + "_at"] for state in AssignmentState}
    assert {state for state, at in times.items() if at is not None} == {AssignmentState.ALLOCATED, to}


async def test_the_time_of_a_step_comes_with_the_step(psql: Psql) -> None:
    job = await psql.assignment("mobile")
    row = await psql.read("assignment", job)
    for column in ("on_scene_at", "with_patient_at", "clear_at", "stood_down_at"):
        for who in (psql.shah, psql.lead):
            await psql.set_refused(who, "assignment", job, **{column: row["mobile_at"]}, code="CR002")
    # One that was skipped may be known afterwards: to a shift lead, who says how.
    await psql.set_refused(psql.shah, "assignment", job, acknowledged_at=row["mobile_at"], code="CR002")
    skipped = {"acknowledged_at": row["mobile_at"]}
    await psql.set_refused(psql.lead, "assignment", job, **skipped, says="needs a reason", code="CR003")
    # Nor together with another step.
    await psql.set_refused(psql.shah, "assignment", job, state="on scene", with_patient_at=row["mobile_at"])
    handover = await psql.handover()
    for column in ("started_at", "accepted_at", "released_at", "refused_at"):
        await psql.set_refused(psql.shah, "handover", handover, **{column: row["mobile_at"]}, code="CR002")


async def test_a_step_is_timed_by_the_record_whatever_the_session_calls_a_time(psql: Psql) -> None:
    job = await psql.assignment()
    # In this zone and style the server writes "IST", which it reads back as Israel's time.
    await psql.shah.execute("SET datestyle = 'SQL, DMY'; SET timezone = 'Asia/Kolkata'")
    await psql.set(psql.shah, "assignment", job, state="mobile")
    off = await psql.owner.fetchval(
        "SELECT abs(extract(epoch FROM clock_timestamp() - mobile_at)) FROM cru.assignment WHERE id = $1", job
    )
    assert off < 10


async def test_new_rows_start_at_the_start(psql: Psql) -> None:
    referral, van = await psql.referral(), await psql.van()
    await psql.refused(
        psql.owner,
        "INSERT INTO cru.assignment (referral_id, van_id, state) VALUES ($1, $2, 'clear')",
        referral,
        van,
        code="CR001",
    )
    handover = (
        "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party, state) VALUES ($1, 1, $2, $3, $4)"
    )
    await psql.refused(psql.owner, handover, referral, "EMAS", "CRU", "accepted", code="CR001")
    await psql.refused(
        psql.owner,
        "INSERT INTO cru.referral (source, priority, location_text, state) VALUES ('hub', 'P2', 'x', 'accepted')",
        code="CR001",
    )
    await psql.refused(
        psql.lead,
        "INSERT INTO cru.van (callsign, registration, base, livery, seats, duty_status)"
        " VALUES ('CRU9', 'AB12 CDE', 'Berrywood', 'unmarked', 4, 'available')",
        code="CR001",
    )


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
async def test_an_older_snapshot_changes_nothing(psql: Psql, level: str) -> None:
    referral = await psql.referral("received")
    before = await psql.picture()
    with pytest.raises(Exception, match="read committed"):
        async with psql.shah.transaction(isolation=level.replace(" ", "_")):
            await psql.set(psql.shah, "referral", referral, caller="somebody")
    assert await psql.picture() == before
