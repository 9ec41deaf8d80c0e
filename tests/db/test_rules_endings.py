"""Nothing ends without somebody, and what comes later. At a psql prompt."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db import commands as do
from tests.db.doing import does
from tests.db.psql import TAKE_BACK, Psql

EMAS = "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party) VALUES ($1, 1, $2, 'CRU')"


async def clock(psql: Psql) -> datetime:
    moment: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    return moment


async def ending_of(psql: Psql, referral: UUID) -> Any:
    return await psql.owner.fetchrow(
        "SELECT * FROM cru.ending WHERE referral_id = $1 AND reopened_at IS NULL AND taken_back_at IS NULL",
        referral,
    )


async def follow_ups(psql: Psql, referral: UUID) -> list[Any]:
    return list(await psql.owner.fetch("SELECT * FROM cru.follow_up WHERE referral_id = $1", referral))


@pytest.mark.hazard("H-032")
@pytest.mark.parametrize("state", ["closed", "declined", "cancelled"])
async def test_every_end_is_a_row_whoever_ends_it(psql: Psql, state: str) -> None:
    who = await psql.referral(state)
    row, referral = await ending_of(psql, who), await psql.read("referral", who)
    assert (row["state"], row["ended_at"]) == (state, referral["closed_at"])
    assert row["reason"] == (referral["outcome"] or referral["end_reason"])
    # Nobody was with the person as far as the record knows: it names nobody.
    assert (row["holder_kind"], row["holder_name"], row["named_by"]) == ("", "", "")


@pytest.mark.parametrize(
    ("party", "kind"),
    [("EMAS N2204", "ems"), ("Northants Police", "police"), ("The hostel's night worker", "other")],
)
async def test_who_waited_with_a_declined_person_is_still_with_them(psql: Psql, party: str, kind: str) -> None:
    who = await psql.referral()
    await psql.shah.execute(EMAS, who, party)
    await psql.set(psql.shah, "referral", who, state="declined", end_reason="out_of_area")
    row = await ending_of(psql, who)
    assert (row["holder_kind"], row["holder_name"], row["named_by"]) == (kind, party, "a.shah")
    assert (await psql.kinds(who))[-2:] == ["declined", "ending named"]


async def test_a_crew_that_handed_over_is_not_with_them_at_the_end(psql: Psql) -> None:
    link = await psql.read("handover", await psql.handover("released"))
    job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", link["referral_id"])
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set(psql.shah, "referral", link["referral_id"], state="closed", outcome="gp")
    assert (await ending_of(psql, link["referral_id"]))["holder_kind"] == ""


async def test_nobody_makes_an_ending_or_takes_one_away(psql: Psql) -> None:
    who = await psql.referral("closed")
    sql = "INSERT INTO cru.ending (referral_id, state, ended_at) VALUES ($1, 'closed', now())"
    await psql.refused(psql.shah, sql, who, code="42501")
    await psql.refused(psql.lead, "DELETE FROM cru.ending", code="42501")
    await psql.refused(psql.owner, "DELETE FROM cru.ending", says="never changed or deleted")
    await psql.refused(psql.shah, "UPDATE cru.ending SET named_by = 'x'", code="42501")
    await psql.refused(psql.wall, "SELECT * FROM cru.ending", code="42501")


async def test_who_is_responsible_is_named_by_whoever_says_so_and_never_unsaid(psql: Psql) -> None:
    row = await ending_of(psql, await psql.referral("closed"))
    await psql.set_refused(psql.shah, "ending", row["id"], code="23514", holder_kind="other")
    await psql.set_refused(psql.shah, "ending", row["id"], code="23514", holder_name="Her aunt")
    await psql.set_refused(psql.shah, "ending", row["id"], code="23514", holder_kind="nobody", holder_name="x")
    await psql.set(psql.session("b.okafor"), "ending", row["id"], holder_kind="other", holder_name="Her aunt")
    named = await psql.read("ending", row["id"])
    assert (named["named_by"], named["named_at"] is not None) == ("b.okafor", True)
    unsaid = {"holder_kind": "", "holder_name": ""}
    await psql.set_refused(psql.lead, "ending", row["id"], code="CR003", says="never taken away", **unsaid)
    await psql.set(psql.shah, "ending", row["id"], holder_kind="destination", holder_name="Rushden crisis team")
    assert (await psql.read("ending", row["id"]))["named_by"] == "a.shah"
    words = await psql.owner.fetch("SELECT words FROM cru.event WHERE kind = 'ending named' ORDER BY id")
    assert [one["words"] for one in words] == ["Her aunt", "Rushden crisis team"]


async def test_who_told_whom_has_a_time_or_a_reason_why_not(psql: Psql) -> None:
    row = await ending_of(psql, await psql.referral("cancelled"))
    now = await clock(psql)
    for who in ("person", "caller", "referrer"):
        by, at, why = f"{who}_told_by", f"{who}_told_at", f"{who}_not_told"
        await psql.set_refused(psql.shah, "ending", row["id"], code="23514", **{by: "K. Bell"})
        await psql.set_refused(psql.shah, "ending", row["id"], code="23514", **{at: now})
        await psql.set_refused(
            psql.shah, "ending", row["id"], code="23514", **{by: "K. Bell", at: now, why: "asleep"}
        )
        later = {by: "K. Bell", at: now + timedelta(minutes=5)}
        await psql.set_refused(psql.shah, "ending", row["id"], code="CR003", says="future", **later)
        long_ago = {by: "K. Bell", at: now - timedelta(hours=25)}
        await psql.set_refused(
            psql.shah, "ending", row["id"], code="CR003", says="more than a day before", **long_ago
        )
    # A sign takes nobody off the list of those who are still to be told, nor does a word for nobody.
    for nothing in ("-", ".", "n/a", "None", "not known", "not yet"):
        await psql.set_refused(psql.shah, "ending", row["id"], says="is no reason", caller_not_told=nothing)
        called = {"spoke_with": "nobody", "why_not": nothing}
        with pytest.raises(asyncpg.PostgresError, match="is no reason"):
            await psql.call(row["referral_id"], **called)
    await psql.set_refused(
        psql.shah, "ending", row["id"], says="nobody's name", person_told_by="Not told", person_told_at=now
    )
    await psql.set(psql.shah, "ending", row["id"], person_told_by="K. Bell", person_told_at=now)
    await psql.set(psql.shah, "ending", row["id"], referrer_not_told="the line is closed until nine")
    assert (await psql.owner.fetchval("SELECT words FROM cru.event ORDER BY id DESC LIMIT 1")) == (
        "person told by K. Bell, referrer not told: the line is closed until nine"
    )


@pytest.mark.hazard("H-032")
@pytest.mark.parametrize("outcome", ["home_safety_plan", "in_van"])
async def test_who_was_never_met_has_no_safety_plan(psql: Psql, outcome: str) -> None:
    job = await psql.assignment("on scene")
    who = (await psql.read("assignment", job))["referral_id"]
    await psql.set(psql.shah, "assignment", job, state="clear")
    for someone in (psql.shah, psql.lead):
        await psql.set_refused(
            someone, "referral", who, code="CR003", says="Nobody met the person", state="closed", outcome=outcome
        )
    await psql.set(psql.shah, "referral", who, state="closed", outcome="not_found")
    # Nor does it get one by the way.
    await psql.shah.execute("SELECT set_config('cru.reason', 'to see', false)")
    await psql.set_refused(psql.shah, "referral", who, says="Nobody met the person", outcome=outcome)


@pytest.mark.parametrize("met", ["with patient", "conveying"])
async def test_who_was_met_may_have_one(psql: Psql, met: str) -> None:
    job = await psql.assignment("on scene")
    who = (await psql.read("assignment", job))["referral_id"]
    await psql.set(psql.shah, "assignment", job, state=met, destination="Crisis Café Kettering")
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set(psql.shah, "referral", who, state="closed", outcome="home_safety_plan")


async def test_a_trust_marks_its_own_outcomes(psql: Psql) -> None:
    await psql.owner.execute(
        "INSERT INTO cru.ending_rule (kind, code, needs_meeting) VALUES ('outcome', 'gp', true)"
    )
    job = await psql.assignment("clear")
    who = (await psql.read("assignment", job))["referral_id"]
    await psql.set_refused(psql.shah, "referral", who, says="Nobody met", state="closed", outcome="gp")
    await psql.owner.execute("UPDATE cru.ending_rule SET active = false WHERE code = 'gp'")
    await psql.set(psql.shah, "referral", who, state="closed", outcome="gp")
    await psql.refused(psql.shah, "UPDATE cru.ending_rule SET needs_meeting = false", code="42501")


@pytest.mark.hazard("H-032")
@pytest.mark.parametrize("reason", ["ems_physical", "ems_danger"])
async def test_back_to_emas_keeps_the_mental_health_part_open(psql: Psql, reason: str) -> None:
    who, now = await psql.referral("received"), await clock(psql)
    await psql.set(psql.shah, "referral", who, state="declined", end_reason=reason)
    (item,) = await follow_ups(psql, who)
    assert timedelta(0) <= item["due_at"] - now - timedelta(hours=48) < timedelta(minutes=1)
    assert "aftercare" in item["what_for"]
    assert item["done_at"] is None


@pytest.mark.hazard("H-032")
async def test_an_end_that_is_put_right_asks_for_what_its_new_reason_asks_for(psql: Psql) -> None:
    await psql.shah.execute("SELECT set_config('cru.reason', 'it was another one', false)")
    ways = (
        ("closed", {"outcome": "returned_ems"}),
        ("declined", {"end_reason": "ems_danger"}),
        ("cancelled", {"end_reason": "ems_conveyed"}),
    )
    for state, right in ways:
        who = await psql.referral(state)
        assert await follow_ups(psql, who) == []
        await psql.set(psql.shah, "referral", who, **right)
        assert (await ending_of(psql, who))["reason"] == next(iter(right.values())), state
        (open_still,) = await follow_ups(psql, who)
        assert open_still["what_for"].startswith("Mental-health assessment beside physical care"), state
    # Who takes the correction back takes back what followed from it.
    await psql.shah.fetch(TAKE_BACK)
    assert (await ending_of(psql, who))["reason"] == "duplicate"
    assert [one["taken_back_at"] is not None for one in await follow_ups(psql, who)] == [True]
    await psql.set(psql.shah, "referral", who, end_reason="ems_conveyed")
    # Put right once more it is not kept open twice; done, and put right again, it is.
    for reason in ("duplicate", "ems_conveyed", "advice_only"):
        await psql.set(psql.shah, "referral", who, end_reason=reason)
    assert (await ending_of(psql, who))["reason"] == "advice_only"
    (open_still,) = [one for one in await follow_ups(psql, who) if one["taken_back_at"] is None]
    await psql.set(
        psql.shah, "follow_up", open_still["id"], done_at=await clock(psql), outcome="Seen by the liaison team"
    )
    await psql.set(psql.shah, "referral", who, end_reason="ems_conveyed")
    assert len([one for one in await follow_ups(psql, who) if one["taken_back_at"] is None]) == 2


@pytest.mark.hazard("H-032")
async def test_whoever_waited_is_with_them_when_they_go_back_to_emas_and_a_named_one_stays(psql: Psql) -> None:
    conveyed, job = await psql.referral(), await psql.assignment("on scene")
    returned = (await psql.read("assignment", job))["referral_id"]
    for who in (conveyed, returned):
        await psql.shah.execute(EMAS, who, "EMAS N7731")
    await psql.set(psql.shah, "referral", conveyed, state="cancelled", end_reason="ems_conveyed")
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set(psql.shah, "referral", returned, state="closed", outcome="not_found")
    # Nobody found them: the record does not say that the crew did.
    assert (await ending_of(psql, returned))["holder_kind"] == ""
    # What it ended as before, and did not after all, or no longer.
    await psql.record.unguarded(
        *(
            f"INSERT INTO cru.ending (referral_id, state, reason, ended_at, {gone})"  # noqa: S608 - a column of two
            f" VALUES ('{returned}', 'closed', 'gp', now(), now())"
            for gone in ("taken_back_at", "reopened_at")
        )
    )
    await psql.shah.execute("SELECT set_config('cru.reason', 'EMAS have them', false)")
    await psql.set(psql.shah, "referral", returned, outcome="returned_ems")
    sql = "SELECT reason || holder_kind FROM cru.ending WHERE referral_id = $1 AND reason = 'gp'"
    assert await psql.owner.fetch(sql, returned) == [("gp",)] * 2
    for who in (conveyed, returned):
        row = await ending_of(psql, who)
        assert (row["holder_kind"], row["holder_name"], row["named_by"]) == ("ems", "EMAS N7731", "a.shah")
        assert len(await follow_ups(psql, who)) == 1
    row = await ending_of(psql, returned)
    await psql.set(psql.shah, "ending", row["id"], holder_kind="other", holder_name="Her sister Ida")
    for outcome in ("gp", "returned_ems"):
        await psql.set(psql.shah, "referral", returned, outcome=outcome)
    assert (await ending_of(psql, returned))["holder_name"] == "Her sister Ida"


async def test_another_end_asks_for_none(psql: Psql) -> None:
    assert await follow_ups(psql, await psql.referral("closed")) == []
    assert await follow_ups(psql, await psql.referral("cancelled")) == []


async def test_a_follow_up_is_done_once_with_how_it_went(psql: Psql) -> None:
    who, now = await psql.referral("closed"), await clock(psql)
    sql = "INSERT INTO cru.follow_up (referral_id, due_at, what_for) VALUES ($1, $2, $3) RETURNING id"
    await psql.refused(psql.shah, sql, who, now - timedelta(minutes=1), "Ring", says="due in the future")
    await psql.refused(psql.shah, sql, who, now + timedelta(days=91), "Ring", says="within 90 days")
    await psql.refused(psql.shah, sql, who, now + timedelta(days=1), "\t", code="23514")
    item = await psql.shah.fetchval(sql, who, now + timedelta(hours=30), "Ring Ottoline about the night")
    await psql.set_refused(
        psql.shah, "follow_up", item, code="CR003", says="has an outcome", done_at=now, outcome=" "
    )
    later = now + timedelta(days=3)
    await psql.set_refused(psql.shah, "follow_up", item, code="CR003", says="with a reason", due_at=later)
    await psql.set_refused(psql.owner, "follow_up", item, code="CR002", says="never changes", what_for="x")
    await psql.set(psql.shah, "follow_up", item, outcome="Slept well; sees her nurse on Friday")
    row = await psql.read("follow_up", item)
    assert (row["done_by"], row["done_at"] is not None) == ("a.shah", True)
    await psql.set_refused(psql.lead, "follow_up", item, code="CR001", says="done already", outcome="x")
    assert (await psql.kinds(who))[-2:] == ["follow-up planned", "follow-up done"]


async def test_a_follow_up_is_put_off_with_a_reason(psql: Psql) -> None:
    who, now = await psql.referral("closed"), await clock(psql)
    sql = "INSERT INTO cru.follow_up (referral_id, due_at, what_for) VALUES ($1, $2, 'Ring') RETURNING id"
    item = await psql.shah.fetchval(sql, who, now + timedelta(hours=2))
    await psql.shah.execute("SELECT set_config('cru.reason', 'she asked for the afternoon', false)")
    past = now - timedelta(hours=1)
    await psql.set_refused(psql.shah, "follow_up", item, code="CR003", says="put off to a later time", due_at=past)
    await psql.set(psql.shah, "follow_up", item, due_at=now + timedelta(hours=9))
    row = await psql.owner.fetchrow("SELECT kind, reason FROM cru.event ORDER BY id DESC LIMIT 1")
    assert tuple(row) == ("follow-up put off", "she asked for the afternoon")


@pytest.mark.hazard("H-018")
@pytest.mark.parametrize("state", ["declined", "cancelled"])
@pytest.mark.parametrize("before", ["received", "accepted"])
async def test_a_lead_takes_up_again_what_was_declined_or_cancelled(psql: Psql, state: str, before: str) -> None:
    who = await psql.referral(before)
    await psql.set(psql.shah, "referral", who, state=state, end_reason="other_service")
    old = await ending_of(psql, who)
    other = {"received": "accepted", "accepted": "received"}[before]
    await psql.set_refused(psql.shah, "referral", who, code="CR002", says="Only a shift lead", state=before)
    await psql.set_refused(psql.lead, "referral", who, code="CR003", says="needs a reason", state=before)
    await psql.lead.execute("SELECT set_config('cru.reason', 'the other service is full', false)")
    await psql.set_refused(psql.lead, "referral", who, code="CR001", says="where it stood", state=other)
    await psql.set(psql.lead, "referral", who, state=before)
    row = await psql.read("referral", who)
    assert (row["state"], row["closed_at"]) == (before, None)
    assert (await psql.kinds(who))[-1] == "reopened"
    assert await ending_of(psql, who) is None
    await psql.set_refused(
        psql.shah, "ending", old["id"], code="CR001", says="reopened since", holder_kind="other", holder_name="x"
    )
    await psql.set(psql.shah, "referral", who, state="declined", end_reason="no_capacity")
    assert (await ending_of(psql, who))["reason"] == "no_capacity"


@pytest.mark.hazard("H-018")
async def test_a_lead_says_with_a_reason_that_it_was_no_error(psql: Psql) -> None:
    who = await psql.referral()
    mark = {"entered_in_error_at": await clock(psql), "entered_in_error_reason": "twice"}
    await psql.set(psql.lead, "referral", who, **mark)
    await psql.set_refused(
        psql.lead, "referral", who, code="CR003", says="needs a reason", entered_in_error_at=None
    )
    await psql.lead.execute("SELECT set_config('cru.reason', 'two sisters', false)")
    await psql.set_refused(psql.shah, "referral", who, code="42501", entered_in_error_at=None)
    await psql.set(psql.lead, "referral", who, entered_in_error_at=None)
    row = await psql.owner.fetchrow("SELECT kind, reason FROM cru.event ORDER BY id DESC LIMIT 1")
    assert tuple(row) == ("entered in error undone", "two sisters")


async def test_nothing_more_is_done_for_a_referral_that_is_an_error(psql: Psql) -> None:
    who, van = await psql.referral(), await psql.van()
    mark = {"entered_in_error_at": await clock(psql), "entered_in_error_reason": "twice"}
    call = "INSERT INTO cru.contact (referral_id, spoke_with, why_not) VALUES ($1, 'nobody', 'voicemail')"
    decide = (
        "INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers)"
        " VALUES ($1, 'let on', 'Dr B. Osei', 'seen', '{x}')"
    )
    send = "INSERT INTO cru.assignment (referral_id, van_id) VALUES ($1, $2)"
    await psql.set(psql.lead, "referral", who, **mark)
    await psql.refused(psql.shah, call, who, code="CR001", says="entered in error")
    await psql.refused(psql.lead, decide, who, code="CR001", says=" is accepted")
    await psql.refused(psql.shah, send, who, van, code="CR001")
    await psql.lead.execute("SELECT set_config('cru.reason', 'two sisters', false)")
    await psql.set(psql.lead, "referral", who, entered_in_error_at=None)
    # Why it was none is read before anybody is sent.
    await psql.refused(psql.shah, send, who, van, says="not read for danger")
    await does(psql, do.Allocate(referral_id=who, van_id=van))
    await psql.shah.execute(call, who)


async def test_emas_who_come_later_are_linked_and_known_to_the_line_for_emas(psql: Psql) -> None:
    who = await psql.referral("closed")
    sql = "INSERT INTO cru.late_link (referral_id, service, incident, crew, came_at) VALUES ($1, $2, $3, $4, $5)"
    now = await clock(psql)
    await psql.refused(psql.shah, sql, who, "ems", " ", "", now, code="23514")
    await psql.refused(psql.shah, sql, who, "fire", "7", "", now, code="23514")
    await psql.refused(psql.shah, sql, who, "police", "7", "", now + timedelta(minutes=9), says="future")
    await psql.shah.execute(sql, who, "ems", " 8812 ", "N1135", now)
    row = await psql.read("referral", who)
    assert (row["ems_incident"], row["ems_callsign"]) == ("8812", "N1135")
    await psql.shah.execute(sql, who, "ems", "9900", "", now)
    assert (await psql.read("referral", who))["ems_incident"] == "8812"
    await psql.shah.execute(sql, who, "police", "", "NP 33", None)
    assert (await psql.kinds(who))[-1] == "police linked"
    await psql.refused(psql.owner, "UPDATE cru.late_link SET crew = 'x'", says="never changed")


async def test_a_link_comes_within_the_week_and_not_to_an_error(psql: Psql) -> None:
    who, wrong = await psql.referral("declined"), await psql.referral()
    await psql.owner.execute("SET session_replication_role = replica")
    long_ago = await clock(psql) - timedelta(days=7, minutes=1)
    await psql.set(psql.owner, "referral", who, closed_at=long_ago)
    await psql.owner.execute("SET session_replication_role = origin")
    await psql.set(
        psql.lead, "referral", wrong, entered_in_error_at=await clock(psql), entered_in_error_reason="twice"
    )
    sql = "INSERT INTO cru.late_link (referral_id, service, incident) VALUES ($1, 'ems', '5')"
    await psql.refused(psql.shah, sql, who, code="CR003", says="more than seven days ago")
    await psql.refused(psql.shah, sql, wrong, code="CR001", says="entered in error")


@pytest.mark.hazard("H-033")
async def test_places_free_are_somebodys_word_and_stay_as_they_were_said(psql: Psql) -> None:
    sql = "INSERT INTO cru.places_free (destination, free, said_by, said_at) VALUES ($1, $2, $3, $4)"
    now, place = await clock(psql), "Crisis Café Kettering"
    await psql.refused(psql.shah, sql, place, 2, " ", now, code="23514")
    await psql.refused(psql.shah, sql, place, -1, "R. Moss", now, code="23514")
    await psql.refused(psql.shah, sql, "Nowhere House", 2, "R. Moss", now, code="23503")
    await psql.refused(psql.shah, sql, place, 2, "R. Moss", now + timedelta(hours=1), says="future")
    await psql.shah.execute(sql, place, 2, "R. Moss", now)
    assert await psql.owner.fetchval("SELECT recorded_by FROM cru.places_free") == "a.shah"
    await psql.refused(psql.shah, "UPDATE cru.places_free SET free = 9", code="42501")
    await psql.refused(psql.owner, "UPDATE cru.places_free SET free = 9", says="never changed")


async def test_what_was_ended_is_open_again_when_it_is_taken_back(psql: Psql) -> None:
    who = await psql.referral("received")
    await psql.set(psql.shah, "referral", who, state="declined", end_reason="ems_physical")
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.shah.execute("SELECT cru.take_back($1)", act)
    assert (await psql.read("referral", who))["state"] == "received"
    assert await ending_of(psql, who) is None
    assert [row["taken_back_at"] is not None for row in await follow_ups(psql, who)] == [True]
    await psql.set(psql.shah, "referral", who, state="declined", end_reason="out_of_area")
    assert (await ending_of(psql, who))["reason"] == "out_of_area"


async def test_to_what_was_taken_back_nothing_more_happens(psql: Psql) -> None:
    who = await psql.referral()
    call = await psql.call(who, promised="a call at six")
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.shah.execute("SELECT cru.take_back($1)", act)
    await psql.set_refused(psql.shah, "contact", call, code="CR001", says="was taken back", promise_outcome="kept")


@pytest.mark.hazard("H-001")
@pytest.mark.parametrize("state", ["declined", "cancelled"])
async def test_what_was_never_accepted_is_not_accepted_by_being_taken_up_again(psql: Psql, state: str) -> None:
    referral = await psql.take()
    await psql.screen(referral, weapon="yes")
    await psql.set(psql.shah, "referral", referral, state=state, end_reason="duplicate")
    await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', false)")
    now = await clock(psql)
    await psql.set_refused(psql.lead, "referral", referral, says="Not accepted", state="accepted", accepted_at=now)
    await psql.set(psql.lead, "referral", referral, state="received")
