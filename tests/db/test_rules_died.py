"""A death is told wherever the person is open, and taken back; who was met after all; what was agreed. At psql."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.db.psql import TAKE_BACK, Psql
from tests.db.test_rules_endings import clock, ending_of, follow_ups
from tests.db.test_rules_ends_said import FOR_THE_LEAD, NUMBER, PLAN, because
from tests.db.test_rules_waiting import waiting

SAME = "INSERT INTO cru.same_person (referral_id, other_id, is_same) VALUES ($1, $2, $3)"
LET_ON = (
    "INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers)"
    " VALUES ($1, 'let on', 'Dr Amos', 'seen', $2)"
)
AGAIN, LATE = "It was said in error", "For the shift lead: it ended as if nobody had met"


async def gone(psql: Psql, **columns: Any) -> UUID:
    """A referral that ended because the person had died."""
    made = await psql.take(**columns)
    await psql.set(psql.shah, "referral", made, state="cancelled", end_reason="died")
    return made


async def dead_by(psql: Psql, who: UUID, way: str) -> UUID:
    """Another referral of theirs that says that they died; known since its end, linked by hand, or by number."""
    if way == "lives":
        dead = await psql.referral("closed")
        await psql.set(psql.shah, "referral", dead, nhs_number=NUMBER)
        key = (await ending_of(psql, dead))["id"]
        await psql.set(psql.shah, "ending", key, died_known_at=await clock(psql))
        return dead
    if way != "not them":
        return await gone(psql, nhs_number=NUMBER)
    dead = await gone(psql)
    for one in (who, dead):
        born = {"patient_name": "Ottoline Marsh", "patient_born": date(1971, 3, 4)}
        await psql.set(psql.shah, "referral", one, **born)
    await psql.shah.execute(SAME, who, dead, True)
    return dead


async def died(psql: Psql, referral: UUID) -> list[str]:
    """What of a death stands against its next step: as it is worked out, and as every console is told."""
    words = "SELECT words FROM {} WHERE kind = 'died'"
    now = await psql.owner.fetch(words.format("cru.stands_against($1)"), referral)
    kept = "cru.danger, jsonb_to_recordset(stands) AS s(kind text, words text)"
    told = await psql.owner.fetch(words.format(kept) + " AND referral_id = $1", referral)
    assert sorted(now) == sorted(told)
    return [row["words"] for row in now]


async def next_call(psql: Psql, referral: UUID) -> Any:
    return await psql.owner.fetchval("SELECT cru.next_call($1)", referral)


async def to_do(psql: Psql, referral: UUID) -> list[str]:
    return sorted(one["what_for"] for one in await follow_ups(psql, referral) if one["done_at"] is None)


@pytest.mark.hazard("H-094")
async def test_a_death_stops_calls_and_vans_on_every_other_referral_and_ends_none(psql: Psql) -> None:
    await because(psql)
    waits, stranger = await waiting(psql), await waiting(psql)
    await psql.set(psql.shah, "referral", waits, nhs_number=NUMBER)
    on_the_way = await psql.referral("allocated")
    await psql.set(psql.shah, "referral", on_the_way, nhs_number=NUMBER)
    job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", on_the_way)
    dead = await gone(psql, nhs_number=NUMBER)
    says = [f"died, recorded on {(await psql.read('referral', dead))['reference']}"]
    for who, state in ((waits, "accepted"), (on_the_way, "allocated")):
        assert await died(psql, who) == says
        assert (await psql.read("referral", who))["state"] == state, "a person ends it"
        assert (await psql.kinds(who))[-1] == "danger"
        assert await next_call(psql, who) is None
    assert (await psql.read("contact", await psql.call(waits, spoke_with="other")))["due_at"] is None
    with pytest.raises(Exception, match="died, recorded on"):
        await psql.allocate(waits, await psql.van())
    await psql.set_refused(psql.shah, "assignment", job, says="died, recorded on", state="mobile")
    assert await died(psql, stranger) == [] != await next_call(psql, stranger)
    # Who comes in after it is asked about as well.
    later = await psql.take(nhs_number=NUMBER)
    await psql.screen(later)
    await psql.set_refused(psql.shah, "referral", later, says="died, recorded on", state="accepted")
    # A clinician who knows better lets it on, and the person is called again.
    covers = [f"died {(await ending_of(psql, dead))['id']}"]
    await psql.refused(psql.shah, LET_ON, waits, covers, code="CR002")
    await psql.lead.execute(LET_ON, waits, covers)
    assert await died(psql, waits) == [] != await next_call(psql, waits)
    await psql.allocate(waits, await psql.van())


@pytest.mark.hazard("H-096")
@pytest.mark.parametrize("way", ["undo", "reopened", "amended", "in error", "not them", "another number", "lives"])
async def test_whoever_did_not_die_is_called_again(psql: Psql, way: str) -> None:
    await because(psql)
    who = await waiting(psql)
    await psql.set(psql.shah, "referral", who, nhs_number=NUMBER)
    dead = await dead_by(psql, who, way)
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act() LIMIT 1")
    # A third of theirs hangs on the second alone.
    third = await waiting(psql)
    await psql.set(psql.shah, "referral", third, nhs_number=NUMBER)
    assert len(await died(psql, who)) == len(await died(psql, third)) == 1
    if way == "undo":
        await psql.shah.execute("SELECT cru.take_back($1)", act)
    elif way == "reopened":
        await psql.set(psql.lead, "referral", dead, state="received")
    elif way == "amended":
        await psql.set(psql.shah, "referral", dead, end_reason="advice_only")
    elif way == "in error":
        await psql.set(
            psql.lead, "referral", dead, entered_in_error_at=await clock(psql), entered_in_error_reason="a test"
        )
    elif way == "not them":
        await psql.shah.execute(SAME, who, dead, False)
    elif way == "another number":
        await psql.set(psql.shah, "referral", dead, nhs_number="987 654 4321")
    else:
        await psql.set(psql.lead, "ending", (await ending_of(psql, dead))["id"], died_known_at=None)
    for one in (who, third):
        assert await died(psql, one) == [] != await next_call(psql, one)
    assert (await psql.kinds(who))[-1] in {"danger", "danger over"}


async def test_what_says_that_somebody_died_is_one_condition(psql: Psql) -> None:
    """A partial index is only found by its own words, which therefore stand in what asks it: all say the same."""
    body = "SELECT prosrc FROM pg_proc WHERE oid = $1::text::regprocedure"
    rule = await psql.owner.fetchval(body, "cru.says_died(cru.ending)")
    rule = " ".join(rule.replace("SELECT", "").replace("it.", "").split())
    asks = await psql.owner.fetchval(body, "cru.died_elsewhere(uuid)")
    assert " ".join(asks.replace("e.", "").split()).count(rule) == 2
    # Whichever way the four columns stand, the index holds a row where the rule says so.
    index = await psql.owner.fetchval(
        "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = 'cru.ending_died_idx'::regclass"
    )
    at, said = "(VALUES (NULL::timestamptz), (now()))", "(VALUES ('died'), ('gp'))"
    rows = f"{at} a(reopened_at), {at} b(taken_back_at), {said} c(reason), {at} d(died_known_at)"
    other = f"SELECT count(*), count(*) FILTER (WHERE ({rule}) <> ({index})) FROM {rows}"  # noqa: S608 - the record's own words
    assert tuple(await psql.owner.fetchrow(other)) == (16, 0)


@pytest.mark.hazard("H-096")
async def test_that_somebody_died_is_taken_back_by_a_shift_lead_whatever_was_said_since(psql: Psql) -> None:
    await because(psql)
    who, other, now = await psql.referral("closed"), await psql.referral("closed"), await clock(psql)
    for one in (who, other):
        await psql.set(psql.shah, "referral", one, nhs_number=NUMBER)
        await psql.shah.execute(PLAN, one, now + timedelta(hours=20), "Bring the spare key back")
    await psql.call(other, promised="the same nurse")
    key = (await ending_of(psql, who))["id"]
    await psql.set(psql.shah, "ending", key, died_known_at=now)
    assert (await ending_of(psql, who))["died_known_at"] > now, "the record says when it was known"
    # Built on since, so that no undo reaches it.
    await psql.set(psql.shah, "ending", key, caller_not_told="asleep")
    assert [one[: len(FOR_THE_LEAD)] for one in await to_do(psql, who)] == [FOR_THE_LEAD]
    await psql.set_refused(psql.shah, "ending", key, code="CR002", says="shift lead", died_known_at=None)
    await because(psql, "")
    await psql.set_refused(psql.lead, "ending", key, code="CR003", says="with a reason", died_known_at=None)
    await because(psql, "her brother of that name")
    await psql.set(psql.lead, "ending", key, died_known_at=None)
    assert (await ending_of(psql, who))["person_not_told"] == ""
    # What was planned is planned again; what was promised is looked at by somebody; the family is left alone.
    for one in (who, other):
        planned, looks = await to_do(psql, one)
        assert (planned, looks[: len(AGAIN)]) == ("Bring the spare key back", AGAIN)
    words = "SELECT words FROM cru.event WHERE kind = 'ending named' ORDER BY id DESC LIMIT 1"
    assert "said in error that the person has died: her brother" in await psql.owner.fetchval(words)
    # Said on two of them, one of which stays: nothing comes back.
    await psql.set(psql.shah, "referral", other, outcome="died")
    await psql.set(psql.shah, "ending", key, died_known_at=now)
    await psql.set(psql.lead, "ending", key, died_known_at=None)
    assert [one[: len(AGAIN)] for one in await to_do(psql, who)] == [AGAIN]


@pytest.mark.hazard("H-032")
@pytest.mark.parametrize("way", ["step", "contact"])
async def test_who_was_met_after_all_is_put_to_the_shift_lead(psql: Psql, way: str) -> None:
    await because(psql)
    job = await psql.assignment("on scene")
    who = (await psql.read("assignment", job))["referral_id"]
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set(psql.shah, "referral", who, state="closed", outcome="not_found")
    await psql.call(who, spoke_with="carer", channel="in person")
    await psql.call(who)
    for outcome in ("stood_down", "not_found"):
        await psql.set(psql.shah, "referral", who, outcome=outcome)
    assert await to_do(psql, who) == []
    there = (await psql.read("assignment", job))["on_scene_at"]
    if way == "step":
        await psql.set(psql.lead, "assignment", job, with_patient_at=there)
    else:
        await psql.call(who, channel="in person")
        await psql.call(who, channel="in person")
    assert [one[: len(LATE)] for one in await to_do(psql, who)] == [LATE]
    await psql.set(psql.shah, "referral", who, outcome="advice_only")
    assert await to_do(psql, who) == []


@pytest.mark.hazard("H-015")
@pytest.mark.parametrize(
    ("way", "holds"), [("raised", False), ("reopened", False), ("lowered", True), ("undone", True)]
)
async def test_what_somebody_agreed_to_holds_as_long_as_it_is_no_more_urgent(
    psql: Psql, way: str, holds: bool
) -> None:
    now = await clock(psql)
    who = await waiting(psql, "P2" if way == "lowered" else "P3")
    # A promise that is closed, too, so that nothing else of the call stands in the way.
    call = await psql.call(who, agreed_until=now + timedelta(hours=20), promised="a text before we come")
    await psql.set(psql.shah, "contact", call, promise_outcome="kept")
    until = now + timedelta(hours=19)
    assert await next_call(psql, who) == now + timedelta(hours=20)
    if way == "reopened":
        await because(psql)
        await psql.set(psql.shah, "referral", who, state="cancelled", end_reason="advice_only")
        await psql.set(psql.lead, "referral", who, state="accepted")
    else:
        await psql.set(psql.shah, "referral", who, priority="P3" if way == "lowered" else "P2")
        if way == "undone":
            await psql.shah.fetch(TAKE_BACK)
    assert (await next_call(psql, who) > until) is holds
    assert (await psql.read("contact", call))["promise_outcome"] == "kept"
    assert await psql.owner.fetchval("SELECT cru.agreed_to_wait($1, $2)", who, until) is holds
    await psql.refused(psql.shah, "UPDATE cru.contact SET agreed_ended_at = NULL WHERE id = $1", call)
    assert await psql.owner.fetchval("SELECT cru.agreed_to_wait($1, $2)", uuid4(), until) is False
