"""An end as if nobody had been met, who looks, the dead, and what was against somebody's wishes. At psql."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db.care_rows import ending
from tests.db.psql import TAKE_BACK, Psql
from tests.db.test_rules_endings import clock, ending_of, follow_ups

NUMBER = "943 476 5919"
PLAN = "INSERT INTO cru.follow_up (referral_id, due_at, what_for) VALUES ($1, $2, $3) RETURNING id"
PASSED_ON = (
    "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party)"
    " VALUES ($1, 1, 'The hostel', 'CRU') RETURNING id"
)
FOUND = "Was the person found?"
FOR_THE_LEAD = "For the shift lead: support for those who were close"


async def said(psql: Psql, referral: UUID) -> Any:
    """The end as a console reads it; the record and the console say alike whether something about it is open."""
    row = await ending_of(psql, referral)
    read = ending(row)
    kept = await psql.owner.fetchval(
        "SELECT EXISTS (SELECT FROM cru.ending e JOIN cru.kept_in_sight k ON k.referral_id = e.referral_id"
        " WHERE e.id = $1 AND NOT EXISTS (SELECT FROM cru.follow_up f WHERE f.referral_id = e.referral_id"
        " AND f.done_at IS NULL AND f.taken_back_at IS NULL))",
        row["id"],
    )
    has_more = any(
        one["done_at"] is None and one["taken_back_at"] is None for one in await follow_ups(psql, referral)
    )
    assert has_more or kept is not read.is_answered, read
    return read


async def because(psql: Psql, why: str = "it was another one") -> None:
    for who in (psql.shah, psql.lead):
        await who.execute("SELECT set_config('cru.reason', $1, false)", why)


async def told_all(psql: Psql, referral: UUID) -> UUID:
    """Everything that every end asks is answered."""
    row, now = await ending_of(psql, referral), await clock(psql)
    told = {f"{who}_told_by": "K. Bell" for who in ("caller", "referrer")}
    told |= {f"{who}_told_at": now for who in ("caller", "referrer")}
    person = {} if row["person_not_told"] else {"person_told_by": "K. Bell", "person_told_at": now}
    await psql.set(psql.shah, "ending", row["id"], holder_kind="police", holder_name="Sgt Amin", **told, **person)
    return UUID(str(row["id"]))


@pytest.mark.hazard("H-032")
async def test_nobody_ends_as_never_met_who_was_met(psql: Psql) -> None:
    met = await psql.assignment("with patient")
    who = (await psql.read("assignment", met))["referral_id"]
    await psql.set(psql.shah, "assignment", met, state="clear")
    for outcome in ("not_found", "stood_down", "duplicate"):
        for somebody in (psql.shah, psql.lead):
            ends = {"state": "closed", "outcome": outcome}
            await psql.set_refused(somebody, "referral", who, code="CR003", says="Somebody met the person", **ends)
    await psql.set(psql.shah, "referral", who, state="closed", outcome="advice_only")
    # Nor by the way, nor in the second life of a referral whose crew met them in it.
    await because(psql)
    await psql.set_refused(psql.lead, "referral", who, says="Somebody met the person", outcome="stood_down")
    await psql.set(psql.lead, "referral", who, state="accepted")
    await psql.set(psql.shah, "referral", who, state="cancelled", end_reason="not_found")
    await psql.set(psql.lead, "referral", who, state="accepted")
    await psql.call(who, channel="in person", said="came to the base")
    for reason in ("not_found", "duplicate"):
        ends = {"state": "cancelled", "end_reason": reason}
        await psql.set_refused(psql.shah, "referral", who, says="Somebody met the person", **ends)
    # A crew that took them over had them, whatever the van's steps say.
    handed = await psql.referral("attending")
    link = await psql.shah.fetchval(PASSED_ON, handed)
    for step in ("started", "accepted"):
        await psql.set(psql.shah, "handover", link, state=step)
    job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", handed)
    await psql.set(psql.shah, "assignment", job, state="clear")
    ends = {"state": "closed", "outcome": "stood_down"}
    await psql.set_refused(psql.shah, "referral", handed, says="Somebody met the person", **ends)
    # What was set by mistake is taken back, and then nobody met them.
    other = await psql.assignment("on scene")
    who = (await psql.read("assignment", other))["referral_id"]
    await psql.set(psql.shah, "assignment", other, state="with patient")
    await psql.shah.fetch(TAKE_BACK)
    await psql.set(psql.shah, "assignment", other, state="clear")
    await psql.set(psql.shah, "referral", who, state="closed", outcome="not_found")


@pytest.mark.hazard("H-032")
@pytest.mark.parametrize(("state", "column"), [("closed", "outcome"), ("cancelled", "end_reason")])
async def test_somebody_looks_for_who_was_not_found_until_a_time(psql: Psql, state: str, column: str) -> None:
    who = await psql.referral("closed" if state == "closed" else "accepted")
    if state == "closed":
        await because(psql)
        await psql.set(psql.shah, "referral", who, outcome="not_found")
    else:
        await psql.set(psql.shah, "referral", who, state=state, **{column: "not_found"})
    assert (await said(psql, who)).person.not_told == "the person was not found"
    key, now = (await ending_of(psql, who))["id"], await clock(psql)
    until = now + timedelta(hours=3)
    await psql.set_refused(psql.shah, "ending", key, code="CR003", says="Somebody looks", looks_until=until)
    await told_all(psql, who)
    assert [*(await said(psql, who)).not_said()] == ["not said until when they are looked for"]
    for wrong in (now - timedelta(minutes=1), now + timedelta(days=31)):
        await psql.set_refused(psql.shah, "ending", key, code="CR003", says="lies ahead", looks_until=wrong)
    await psql.set(psql.shah, "ending", key, looks_until=until)
    assert (await said(psql, who)).is_answered
    await psql.set_refused(psql.lead, "ending", key, code="CR003", says="never taken away", looks_until=None)
    (asks,) = await follow_ups(psql, who)
    assert asks["what_for"].startswith(FOUND)
    assert asks["due_at"] == until
    # They look for longer: one thing to do, at the later time; what was taken back stays as it was.
    gone = await psql.shah.fetchval(PLAN, who, now + timedelta(hours=20), asks["what_for"])
    await psql.shah.fetch(TAKE_BACK)
    await psql.set(psql.shah, "ending", key, looks_until=until + timedelta(hours=2))
    due = {row["id"]: row["due_at"] for row in await follow_ups(psql, who)}
    assert due == {asks["id"]: until + timedelta(hours=2), gone: now + timedelta(hours=20)}
    words = await psql.owner.fetchval(
        "SELECT words FROM cru.event WHERE kind = 'ending named' ORDER BY id DESC LIMIT 1"
    )
    assert "Sgt Amin" in words
    assert "looked for until" in words
    # Who was found after all is nobody of whom that is said.
    await because(psql)
    await psql.set(psql.shah, "referral", who, **{column: "advice_only"})
    assert [*(await said(psql, who)).untold()] == ["person"]
    gp = await psql.referral("closed")
    await told_all(psql, gp)
    row = await ending_of(psql, gp)
    await psql.set_refused(psql.shah, "ending", row["id"], says="Nobody is looked for", looks_until=until)


async def test_in_the_hour_that_comes_twice_it_is_said_until_which_one_they_look(psql: Psql) -> None:
    await psql.owner.execute(
        "UPDATE cru.service SET clock_shown = '2026-10-24T23:10Z', clock_origin = clock_timestamp(),"
        " clock_speed = 0"
    )
    who = await psql.referral("accepted")
    await psql.set(psql.shah, "referral", who, state="cancelled", end_reason="not_found")
    key, now = (await ending_of(psql, who))["id"], await clock(psql)
    looks = "SELECT words FROM cru.event WHERE kind = 'ending named' ORDER BY id DESC LIMIT 1"
    for minutes, said_so in ((80, "01:30 BST"), (140, "01:30 GMT")):
        until = now + timedelta(minutes=minutes)
        named = {"holder_kind": "police", "holder_name": "Sgt Amin", "looks_until": until}
        await psql.set(psql.shah, "ending", key, **named)
        assert said_so in await psql.owner.fetchval(looks)


@pytest.mark.hazard("H-094")
@pytest.mark.parametrize("way", ["closed", "cancelled", "amended", "since"])
async def test_nobody_is_to_call_somebody_who_has_died(psql: Psql, way: str) -> None:
    before, now = await psql.referral("closed"), await clock(psql)
    who = await psql.referral({"closed": "attending", "cancelled": "accepted"}.get(way, "closed"))
    for one in (before, who):
        await because(psql)
        await psql.set(psql.shah, "referral", one, nhs_number=NUMBER)
        await psql.shah.execute(PLAN, one, now + timedelta(hours=20), "Ask how Ottoline slept")
        await psql.call(one, promised="we ring at six", promise_due_at=now + timedelta(hours=2))
        await psql.call(one, promised="she keeps the same nurse")
    stranger = await psql.referral("closed")
    await psql.shah.execute(PLAN, stranger, now + timedelta(hours=20), "Ask how Ottoline slept")
    if way == "closed":
        job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", who)
        await psql.set(psql.shah, "assignment", job, state="clear")
        await psql.set(psql.shah, "referral", who, state="closed", outcome="died")
    elif way == "cancelled":
        await psql.set(psql.shah, "referral", who, state="cancelled", end_reason="died")
    elif way == "amended":
        await psql.set(psql.shah, "referral", who, outcome="died")
    else:
        await psql.set(psql.shah, "ending", (await ending_of(psql, who))["id"], died_known_at=now)
    assert (await said(psql, who)).person.not_told == "the person has died"
    promises = "SELECT DISTINCT promise_outcome FROM cru.contact WHERE promised <> ''"
    assert [row[0] for row in await psql.owner.fetch(promises)] == ["ended"]
    still = [one["what_for"] for one in await follow_ups(psql, who) if one["done_at"] is None]
    assert [one.startswith(FOR_THE_LEAD) for one in still] == [True], "one thing is left"
    assert not [one for one in await follow_ups(psql, before) if one["done_at"] is None]
    assert [one["done_at"] for one in await follow_ups(psql, stranger)] == [None], "of somebody else nothing ends"
    assert {"promise ended", "follow-up done"} <= set(await psql.kinds(before))
    kept = await psql.owner.fetchrow("SELECT due, kept FROM cru.promised(ARRAY[$1::uuid])", who)
    assert tuple(kept) == (0, 0), "neither kept nor broken"
    # Taken back, everything is due again; put right later, somebody looks again at what it was.
    if way in {"amended", "since"}:
        await psql.shah.fetch(TAKE_BACK)
        assert {row[0] for row in await psql.owner.fetch(promises)} == {""}
        assert len([one for one in await follow_ups(psql, who) if one["done_at"] is None]) == 2
    else:
        await psql.set(psql.lead, "referral", who, state="accepted")
        (again,) = [
            one for one in await follow_ups(psql, who) if one["what_for"].startswith("It was said in error")
        ]
        assert again["done_at"] is None


@pytest.mark.hazard("H-095")
async def test_on_what_ground_it_was_is_said_with_who_decided_and_their_rights(psql: Psql) -> None:
    await because(psql)
    who = await psql.referral("closed")
    await psql.set(psql.shah, "referral", who, outcome="hbpos")
    key = await told_all(psql, who)
    taken = await psql.referral("accepted")
    await psql.set(psql.shah, "referral", taken, state="cancelled", end_reason="ems_conveyed")
    for one in (who, taken):
        assert "not said whether it was with their consent" in [*(await said(psql, one)).not_said()]
    await psql.set_refused(
        psql.shah, "ending", key, code="CR003", says="belong to a legal ground", ground_by="PC 7"
    )
    await psql.set_refused(psql.shah, "ending", key, code="CR003", says="from the list", ground="s999")
    with_it = {"ground": "consent", "rights_told_by": "K. Bell"}
    await psql.set_refused(psql.shah, "ending", key, code="CR003", says="belong to a legal ground", **with_it)
    await psql.set(psql.shah, "ending", key, ground="consent")
    assert (await said(psql, who)).is_answered
    await psql.set(psql.shah, "ending", key, ground="s135_1")
    assert [*(await said(psql, who)).not_said()] == [
        "not said who decided it",
        "not said who told them their rights",
    ]
    for nothing in ("n/a", "-", "not known"):
        await psql.set_refused(psql.shah, "ending", key, says="nobody's name", ground_by=nothing)
        await psql.set_refused(psql.shah, "ending", key, says="is no reason", rights_not_told=nothing)
    both = {"rights_told_by": "the ward", "rights_not_told": "asleep"}
    await psql.set_refused(psql.shah, "ending", key, code="23514", **both)
    # Either by itself leaves the other open, for the record as for the screen.
    why = {"rights_not_told": "asleep; the ward tells them"}
    other = await psql.referral("closed")
    await psql.set(psql.shah, "referral", other, outcome="hbpos")
    await psql.set(psql.shah, "ending", await told_all(psql, other), ground="s2_3_4", **why)
    assert [*(await said(psql, other)).not_said()] == ["not said who decided it"]
    await psql.set(psql.shah, "ending", key, ground_by="AMHP O. Lund")
    assert [*(await said(psql, who)).not_said()] == ["not said who told them their rights"]
    await psql.set(psql.shah, "ending", key, **why)
    assert (await said(psql, who)).is_answered
    words = await psql.owner.fetchval(
        "SELECT words FROM cru.event WHERE kind = 'ending named' ORDER BY id DESC LIMIT 1"
    )
    assert "decided by AMHP O. Lund, rights not told: asleep; the ward tells them" in words
    # An end that may be nobody's against their wishes asks none of it; one that was before the rule neither.
    gp = await psql.referral("closed")
    await told_all(psql, gp)
    assert (await said(psql, gp)).is_answered
    sources = await psql.owner.fetch(
        "SELECT source, author FROM cru.reason WHERE kind = 'ground' AND code <> 'consent'"
    )
    assert all(row["source"] and row["author"] == "default set" for row in sources)
    with pytest.raises(asyncpg.PostgresError):
        await psql.shah.execute("UPDATE cru.ending SET asks_ground = false")
