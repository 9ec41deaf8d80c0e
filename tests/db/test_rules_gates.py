"""Allocation, screening, reasons and amendments: what needs something else to be true first."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from tests.db.psql import Psql

BLANK = ("", "   ")
ALLOCATE = "INSERT INTO cru.assignment (referral_id, van_id) VALUES ($1, $2)"


@pytest.mark.parametrize("status", ["off duty", "meal break", "out of service"])
async def test_a_van_that_cannot_go_is_not_allocated(psql: Psql, status: str) -> None:
    van = await psql.van(status)
    await psql.refused(psql.shah, ALLOCATE, await psql.referral(), van, code="CR001", says=f"is {status}")


async def test_a_van_with_an_emergency_is_not_allocated(psql: Psql) -> None:
    van = await psql.tracker(await psql.van())
    await psql.gateway.execute("SELECT cru.raise_emergency($1)", van)
    await psql.refused(psql.shah, ALLOCATE, await psql.referral(), van, code="CR001", says="has an emergency")
    await psql.set_refused(psql.shah, "van", van, emergency_at=None, code="CR002", says="Only a shift lead")
    await psql.set(psql.lead, "van", van, emergency_at=None)
    await psql.allocate(await psql.referral(), van)


async def test_a_van_has_one_open_assignment(psql: Psql) -> None:
    van = await psql.van()
    job = await psql.allocate(await psql.referral(), van)
    await psql.refused(psql.shah, ALLOCATE, await psql.referral(), van, code="23505")
    await psql.set(psql.shah, "assignment", job, state="stood down", stand_down_reason="not_needed")
    await psql.allocate(await psql.referral(), van)


@pytest.mark.parametrize("state", ["received", "closed", "declined", "cancelled"])
async def test_a_van_goes_only_to_an_accepted_referral(psql: Psql, state: str) -> None:
    says = f"is {state}, so no van can be allocated"
    await psql.refused(psql.shah, ALLOCATE, await psql.referral(state), await psql.van(), code="CR001", says=says)


async def test_a_van_does_not_go_to_a_referral_entered_in_error(psql: Psql) -> None:
    referral, van = await psql.referral(), await psql.van()
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    mark = {"entered_in_error_at": now, "entered_in_error_reason": "test call"}
    await psql.set_refused(psql.shah, "referral", referral, code="42501", **mark)
    await psql.set_refused(psql.lead, "referral", referral, entered_in_error_at=now, code="23514")
    await psql.set(psql.lead, "referral", referral, **mark)
    await psql.refused(psql.shah, ALLOCATE, referral, van, code="CR001")


async def test_a_referral_with_a_van_is_not_marked_in_error(psql: Psql) -> None:
    referral = await psql.referral("allocated")
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    mark = {"entered_in_error_at": now, "entered_in_error_reason": "test call"}
    await psql.set_refused(psql.lead, "referral", referral, code="CR002", says="A van is on", **mark)


@pytest.mark.parametrize("status", ["off duty", "meal break", "out of service"])
async def test_a_committed_van_keeps_its_duty(psql: Psql, status: str) -> None:
    van = await psql.van()
    await psql.allocate(await psql.referral(), van)
    await psql.set_refused(
        psql.shah, "van", van, duty_status=status, duty_reason="fault", code="CR001", says="committed"
    )


@pytest.mark.hazard("H-044")
async def test_a_van_without_a_crew_is_never_available(psql: Psql) -> None:
    van = await psql.van("off duty")
    await psql.set_refused(psql.shah, "van", van, duty_status="available", code="CR001", says="has no crew")
    await psql.set(psql.shah, "van", van, duty_status="out of service", duty_reason="fault")
    await psql.set_refused(psql.shah, "van", van, duty_status="available", code="CR001", says="has no crew")


async def test_a_shift_on_duty_does_not_end_and_an_ended_one_gains_nobody(psql: Psql) -> None:
    van = await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    await psql.set_refused(psql.shah, "shift", shift, ended_at=now, code="CR001", says="off duty first")
    await psql.set(psql.shah, "van", van, duty_status="off duty")
    await psql.set(psql.shah, "shift", shift, ended_at=now)
    join = "INSERT INTO cru.shift_member SELECT $1, id FROM cru.staff LIMIT 1"
    await psql.refused(psql.shah, join, shift, code="CR001", says="has ended")


@pytest.mark.hazard("H-001")
async def test_no_screening_no_accept(psql: Psql) -> None:
    referral = await psql.take()
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.set_refused(who, "referral", referral, state="accepted", code="CR003", says="does not let")


@pytest.mark.hazard("H-001", "H-010")
@pytest.mark.parametrize("answer", ["yes", "not known"])
async def test_one_bad_answer_blocks_until_a_lead_records_an_override(psql: Psql, answer: str) -> None:
    referral = await psql.take()
    screening = await psql.screen(referral, weapon=answer)
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    override = {"override_at": now, "override_clinician": "Dr Example", "override_reason": "searched, safe"}
    await psql.set_refused(psql.shah, "screening", screening, code="42501", **override)
    for blank in BLANK:
        for name in ("override_clinician", "override_reason"):
            await psql.set_refused(psql.lead, "screening", screening, code="23514", **override | {name: blank})
    await psql.set_refused(psql.lead, "screening", screening, override_clinician="Dr Example", code="CR003")
    later = {"override_at": now + timedelta(hours=1)}
    await psql.set_refused(psql.lead, "screening", screening, code="CR003", **override | later)
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")
    await psql.set(psql.lead, "screening", screening, **override)
    assert (await psql.read("screening", screening))["override_by"] == "l.lead"
    await psql.set_refused(psql.lead, "screening", screening, override_reason="other", code="CR001")
    await psql.set(psql.shah, "referral", referral, state="accepted")


async def test_an_override_that_comes_with_the_screening_is_an_event(psql: Psql) -> None:
    referral = await psql.take()
    await psql.lead.execute(
        "INSERT INTO cru.screening (referral_id, tool_version, answers, override_at, override_clinician,"
        " override_reason) VALUES ($1, 1, '{}', cru.clock_now(), 'Dr Example', 'seen')",
        referral,
    )
    assert (await psql.kinds(referral))[-1] == "screening overridden"
    # An override excuses answers, not questions that nobody put.
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")


@pytest.mark.hazard("H-008", "H-011")
async def test_an_unanswered_question_blocks(psql: Psql) -> None:
    referral = await psql.take()
    answers = await psql.answers()
    del answers["overdose"]
    await psql.insert_screening(referral, answers)
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")


@pytest.mark.parametrize("answers", [{"overdose": None}, {"overdose": "No"}, {"overdose": ""}, ["no"], "no", 7])
async def test_an_answer_is_yes_no_or_not_known(psql: Psql, answers: Any) -> None:
    referral = await psql.take()
    given = await psql.answers(**answers) if isinstance(answers, dict) else answers
    before = await psql.picture()
    with pytest.raises(asyncpg.PostgresError, match="yes, no or not known"):
        await psql.insert_screening(referral, given)
    assert await psql.picture() == before


@pytest.mark.hazard("H-009")
async def test_another_tool_or_an_empty_screening_is_no_way_round(psql: Psql) -> None:
    await psql.owner.execute(
        "INSERT INTO cru.screening_tool (version, signed_by, signed_on) VALUES (0, 'x', '2026-01-01')"
    )
    referral = await psql.take()
    before = await psql.picture()
    with pytest.raises(asyncpg.PostgresError, match="Another version"):
        await psql.insert_screening(referral, {}, tool=0)
    assert await psql.picture() == before
    await psql.owner.execute(
        "INSERT INTO cru.screening_tool (version, signed_by, signed_on) VALUES (92, 'x', '2026-01-02')"
    )
    with pytest.raises(asyncpg.PostgresError, match="Another version"):
        await psql.insert_screening(referral, {}, tool=92)
    await psql.insert_screening(referral, {})
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")


async def test_answers_do_not_change_afterwards(psql: Psql) -> None:
    referral = await psql.take()
    screening = await psql.screen(referral, weapon="yes")
    for column, value in (("answers", "{}"), ("note", "x"), ("tool_version", 1), ("completed_by", "b.okafor")):
        await psql.set_refused(psql.shah, "screening", screening, code="42501", **{column: value})
    await psql.set_refused(psql.lead, "screening", screening, answers="{}", code="42501")
    await psql.set_refused(psql.owner, "screening", screening, answers="{}", code="CR002")


@pytest.mark.hazard("H-018")
@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(
    ("table", "state", "move"),
    [
        ("referral", "received", {"state": "declined", "end_reason": "?"}),
        ("referral", "accepted", {"state": "cancelled", "end_reason": "?"}),
        ("assignment", "mobile", {"state": "stood down", "stand_down_reason": "?"}),
        ("handover", "started", {"state": "refused", "refusal_reason": "?"}),
        ("van", "available", {"duty_status": "out of service", "duty_reason": "?"}),
    ],
)
async def test_what_needs_a_reason_gets_one(
    psql: Psql, table: str, state: str, move: dict[str, str], blank: str
) -> None:
    make = {"referral": psql.referral, "assignment": psql.assignment, "handover": psql.handover, "van": psql.van}
    row = await make[table](state)
    given = {name: blank if value == "?" else value for name, value in move.items()}
    await psql.set_refused(psql.shah, table, row, code="23514", **given)


@pytest.mark.hazard("H-014")
@pytest.mark.parametrize("blank", BLANK)
async def test_a_hold_has_a_reason_an_end_and_a_referral_that_can_wait(psql: Psql, blank: str) -> None:
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    referral = await psql.referral()
    later = now + timedelta(minutes=50)
    await psql.set_refused(psql.shah, "referral", referral, hold_until=later, hold_reason=blank, code="23514")
    past = {"hold_until": now - timedelta(minutes=1), "hold_reason": "call_back"}
    await psql.set_refused(psql.shah, "referral", referral, code="CR003", says="future", **past)
    busy = await psql.referral("allocated")
    held = {"hold_until": later, "hold_reason": "call_back"}
    await psql.set_refused(psql.shah, "referral", busy, code="CR001", says="cannot be held", **held)
    await psql.set(psql.shah, "referral", referral, **held)
    await psql.allocate(referral, await psql.van())
    assert (await psql.read("referral", referral))["hold_until"] is None
    assert "hold ended" in await psql.kinds(referral)


@pytest.mark.hazard("H-032")
async def test_closing_needs_a_clear_van_and_an_outcome(psql: Psql) -> None:
    referral = await psql.referral("attending")
    await psql.set_refused(psql.shah, "referral", referral, state="closed", outcome="gp", says="A van is still on")
    job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", referral)
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set_refused(psql.shah, "referral", referral, state="closed", code="23514")
    await psql.set_refused(psql.shah, "referral", referral, state="closed", outcome="invented", code="23503")
    await psql.set(psql.shah, "referral", referral, state="closed", outcome="gp")


@pytest.mark.hazard("H-018")
async def test_only_a_lead_with_a_reason_reopens(psql: Psql) -> None:
    referral = await psql.referral("closed")
    await psql.set_refused(
        psql.shah, "referral", referral, state="accepted", code="CR002", says="Only a shift lead"
    )
    await psql.set_refused(psql.lead, "referral", referral, state="accepted", code="CR003", says="needs a reason")
    await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', false)")
    await psql.set(psql.lead, "referral", referral, state="accepted")
    event = await psql.owner.fetchrow("SELECT * FROM cru.event ORDER BY id DESC LIMIT 1")
    assert (event["kind"], event["reason"], event["recorded_by"]) == ("reopened", "rang again", "l.lead")


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("referral", "received_at"),
        ("referral", "accepted_at"),
        ("referral", "closed_at"),
        ("assignment", "on_scene_at"),
        ("handover", "accepted_at"),
    ],
)
async def test_only_a_lead_with_a_reason_amends_a_time(psql: Psql, table: str, column: str, blank: str) -> None:
    make = {"referral": psql.referral, "assignment": psql.assignment, "handover": psql.handover}
    row = await make[table]({"referral": "closed", "assignment": "on scene", "handover": "accepted"}[table])
    was = (await psql.read(table, row))[column]
    at = was - timedelta(microseconds=1)
    await psql.shah.execute("SELECT set_config('cru.reason', 'typed late', false)")
    await psql.set_refused(psql.shah, table, row, code="CR002", says="Only a shift lead", **{column: at})
    await psql.lead.execute("SELECT set_config('cru.reason', $1, false)", blank)
    await psql.set_refused(psql.lead, table, row, code="CR003", says="needs a reason", **{column: at})
    await psql.lead.execute("SELECT set_config('cru.reason', 'typed late', false)")
    ahead = {column: was + timedelta(hours=1)}
    await psql.set_refused(psql.lead, table, row, code="CR003", says="future", **ahead)
    await psql.set_refused(psql.lead, table, row, **{column: None})
    await psql.set(psql.lead, table, row, **{column: at})
    event = await psql.owner.fetchrow("SELECT * FROM cru.event ORDER BY id DESC LIMIT 1")
    assert (event["kind"], event["reason"], event["recorded_by"]) == ("time amended", "typed late", "l.lead")


async def test_what_happened_is_not_rewritten_in_silence(psql: Psql) -> None:
    handover = await psql.handover("accepted")
    for column in ("from_party", "to_party", "refusal_reason"):
        await psql.set_refused(psql.shah, "handover", handover, code="CR002", **{column: "Police"})
    job = await psql.assignment("stood down")
    await psql.set_refused(psql.shah, "assignment", job, stand_down_reason="other", code="CR002")
    referral = await psql.referral("closed")
    await psql.amend(psql.shah, "referral", referral, outcome="police", ae_avoided="yes")
    events = await psql.owner.fetch("SELECT kind, words FROM cru.event ORDER BY id DESC LIMIT 2")
    assert [tuple(one) for one in events] == [("details changed", "ae avoided"), ("end put right", "police")]
