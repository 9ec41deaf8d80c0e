"""Danger follows the person: what stands against a step holds it, whoever takes it by whatever program."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db import commands as do
from db.domain.danger import digest
from tests.db.doing import does
from tests.db.psql import TAKE_BACK, Psql

ALLOCATE = "INSERT INTO cru.assignment (referral_id, van_id) VALUES ($1, $2)"
DECIDE = "INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers) VALUES ($1, $2, $3, $4, $5)"
READ = (
    "INSERT INTO cru.reading (referral_id, tool_version, text_digest, found)"
    " VALUES ($1, cru.tool_in_force(), $2, $3)"
)
Tell = Callable[[Psql, UUID], Awaitable[Any]]


async def stands(psql: Psql, referral: UUID) -> list[str]:
    """What stands against it, in words, as the rule says; it is the same as what consoles are shown."""
    rows = await psql.owner.fetch("SELECT words FROM cru.stands_against($1)", referral)
    said = [row["words"] for row in rows]
    kept = await psql.owner.fetchval("SELECT stands FROM cru.danger WHERE referral_id = $1", referral)
    assert said == [one["words"] for one in json.loads(kept)]
    return said


async def whats(psql: Psql, referral: UUID) -> list[str]:
    rows = await psql.owner.fetch("SELECT what FROM cru.stands_against($1)", referral)
    return [row["what"] for row in rows]


async def narrate(psql: Psql, referral: UUID, text: str, *found: tuple[str, str]) -> None:
    """Write a narrative and let the program's reader say what it found: (question, word)."""
    await psql.set(psql.shah, "referral", referral, narrative=text)
    said = [{"key": key, "word": word, "said": text} for key, word in found]
    await psql.shah.execute(READ, referral, digest(text), json.dumps(said))


async def flag(psql: Psql, referral: UUID, kind: str = "staff safety", *, danger: bool | None = None) -> None:
    sql = (
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, danger, expires_at)"
        " VALUES ($1, 'person', $2, 'Man with a crowbar on the stairs', $3, cru.clock_now() + interval '9 days')"
    )
    await psql.shah.execute(sql, referral, kind, danger)


TOLD: dict[str, Tell] = {
    "an answer": lambda psql, key: psql.screen(key, seizure="yes"),
    "what is not known": lambda psql, key: psql.screen(key, head_injury="not known"),
    "the scale": lambda psql, key: psql.set(psql.shah, "referral", key, triage_scale="A"),
    "a flag": lambda psql, key: flag(psql, key),
    "a flag of another kind that says so": lambda psql, key: flag(psql, key, "access", danger=True),
    "words that were read": lambda psql, key: narrate(psql, key, "Now fitting again", ("seizure", "fitting")),
    "words that nobody has read": lambda psql, key: psql.set(psql.shah, "referral", key, narrative="Gasping"),
    "a question that was left out": lambda psql, key: psql.screen(key, chest_pain=None),
}


async def _without_null(psql: Psql, referral: UUID) -> UUID:
    answers = {key: said for key, said in (await psql.answers()).items() if key != "chest_pain"}
    return await psql.insert_screening(referral, answers)


TOLD["a question that was left out"] = _without_null


@pytest.mark.hazard("H-001")
@pytest.mark.parametrize("how", TOLD)
async def test_told_before_it_stops_accept(psql: Psql, how: str) -> None:
    referral = await psql.take()
    await psql.screen(referral)
    await TOLD[how](psql, referral)
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.set_refused(who, "referral", referral, state="accepted", code="CR003")


@pytest.mark.hazard("H-002")
@pytest.mark.parametrize("how", TOLD)
async def test_told_after_accept_it_stops_the_van_and_is_an_event(psql: Psql, how: str) -> None:
    referral, van = await psql.referral(), await psql.van()
    assert await stands(psql, referral) == []
    await TOLD[how](psql, referral)
    assert await stands(psql, referral) != []
    await psql.refused(psql.shah, ALLOCATE, referral, van, code="CR003", says="Not allocated")
    assert ("danger" in await psql.kinds(referral)) is (how != "words that nobody has read")


@pytest.mark.hazard("H-002")
@pytest.mark.parametrize("how", TOLD)
@pytest.mark.parametrize("step", ["mobile", "on scene", "with patient", "conveying", "at destination"])
async def test_told_on_the_way_it_stops_the_steps_to_the_person(psql: Psql, how: str, step: str) -> None:
    job = await psql.assignment("acknowledged")
    referral = (await psql.read("assignment", job))["referral_id"]
    await TOLD[how](psql, referral)
    given = {"destination": "Campbell Centre"} if step == "conveying" else {}
    await psql.set_refused(psql.shah, "assignment", job, state=step, **given, code="CR003", says=f"Not {step}")


@pytest.mark.parametrize("step", ["at rendezvous", "stood down"])
async def test_a_van_may_always_wait_and_be_stood_down(psql: Psql, step: str) -> None:
    job = await psql.assignment("acknowledged")
    await flag(psql, (await psql.read("assignment", job))["referral_id"])
    given = {"stand_down_reason": "not_safe"} if step == "stood down" else {}
    await psql.set(psql.shah, "assignment", job, state=step, **given)


async def test_a_crew_that_is_there_goes_on(psql: Psql) -> None:
    job = await psql.assignment("on scene")
    referral = (await psql.read("assignment", job))["referral_id"]
    await psql.screen(referral, chest_pain="yes")
    assert "danger" in await psql.kinds(referral)
    await psql.set(psql.shah, "assignment", job, state="with patient")
    await psql.set(psql.shah, "assignment", job, state="clear")


@pytest.mark.hazard("H-002")
async def test_a_yes_stays_until_a_clinician_clears_it(psql: Psql) -> None:
    referral = await psql.take()
    await psql.screen(referral, ligature="yes")
    await psql.screen(referral)
    assert await stands(psql, referral) == ["yes earlier: Ligature or strangulation"]
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003", says="earlier")
    decided = (referral, "let on", "Dr B. Osei", "seen by the crew: no mark", await whats(psql, referral))
    await psql.refused(psql.shah, DECIDE, *decided, code="CR002", says="Only a shift lead")
    await psql.lead.execute(DECIDE, *decided)
    await psql.set(psql.shah, "referral", referral, state="accepted")
    assert (await psql.kinds(referral))[-2:] == ["let on by a clinician", "accepted"]


@pytest.mark.hazard("H-003")
async def test_nor_is_a_scale_a_forgotten(psql: Psql) -> None:
    referral = await psql.take(triage_scale="A")
    await psql.screen(referral)
    await psql.set(psql.shah, "referral", referral, triage_scale="C")
    assert await stands(psql, referral) == ["scale A earlier"]
    await psql.lead.execute(DECIDE, referral, "let on", "Dr B. Osei", "spoke to him", await whats(psql, referral))
    await psql.set(psql.shah, "referral", referral, state="accepted")


@pytest.mark.hazard("H-002")
async def test_a_decision_covers_what_it_names_and_nothing_later(psql: Psql) -> None:
    referral = await psql.take()
    await psql.screen(referral, sepsis="not known")
    await psql.lead.execute(DECIDE, referral, "let on", "Dr B. Osei", "warm", await whats(psql, referral))
    await psql.screen(referral, sepsis="not known")  # the same answer again is the same thing
    await psql.set(psql.shah, "referral", referral, state="accepted")
    await psql.screen(referral, sepsis="yes")
    assert await stands(psql, referral) == ["yes: Suspected sepsis or fever"]
    await psql.lead.execute(DECIDE, referral, "let on", "Dr B. Osei", "a cold", await whats(psql, referral))
    await flag(psql, referral)
    assert await stands(psql, referral) == ["caution: staff safety"]
    await psql.screen(referral)
    await psql.screen(referral, sepsis="yes")
    assert await stands(psql, referral) == ["yes: Suspected sepsis or fever", "caution: staff safety"]


async def test_a_decision_names_what_stands_there(psql: Psql) -> None:
    referral, other = await psql.referral(), await psql.take()
    await psql.screen(referral, weapon="yes")
    await psql.screen(other, weapon="yes")
    for covers, code in (([], "CR003"), (["flag x"], "CR001"), (await whats(psql, other), "CR001")):
        await psql.refused(psql.lead, DECIDE, referral, "let on", "Dr B. Osei", "seen", covers, code=code)
    mine = await whats(psql, referral)
    for name, reason in (("", "seen"), ("   ", "seen"), ("Dr B. Osei", "  ")):
        await psql.refused(psql.lead, DECIDE, referral, "let on", name, reason, mine, code="23514")
    await psql.lead.execute(DECIDE, referral, "let on", "Dr B. Osei", "seen", mine)
    # Nor is anything decided of one that is over, or was entered in error.
    over = await psql.referral("declined")
    await psql.refused(
        psql.lead, DECIDE, over, "let on", "Dr B. Osei", "x", mine, code="CR001", says="is declined"
    )
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    mark = {"entered_in_error_at": now, "entered_in_error_reason": "test call"}
    await psql.set(psql.lead, "referral", referral, **mark)
    await psql.refused(
        psql.lead, DECIDE, referral, "let on", "Dr B. Osei", "seen", mine, code="CR001", says=" is "
    )
    await psql.refused(psql.lead, "UPDATE cru.decision SET reason = 'other'", code="42501")
    await psql.refused(psql.owner, "UPDATE cru.decision SET reason = 'other'", code="CR002")
    await psql.refused(psql.owner, "DELETE FROM cru.decision", code="CR002")


@pytest.mark.hazard("H-010")
async def test_what_nobody_may_let_on_is_let_on_by_nobody(psql: Psql) -> None:
    referral = await psql.take(triage_scale="A")
    await psql.screen(referral)
    covers = await whats(psql, referral)
    assert covers == ["scale A"]
    for who in (psql.lead, psql.owner):
        await psql.refused(
            who, DECIDE, referral, "let on", "Dr B. Osei", "calm", covers, code="CR002", says="Nobody"
        )


async def test_words_are_looked_at_by_name_and_only_these(psql: Psql) -> None:
    referral = await psql.referral()
    await narrate(psql, referral, "A noose in the shed", ("ligature", "noose"))
    assert await stands(psql, referral) == ["says “noose”: Ligature or strangulation"]
    await psql.shah.execute(DECIDE, referral, "looked at", "A. Shah", "for the dog", await whats(psql, referral))
    assert await stands(psql, referral) == []
    await narrate(psql, referral, "A noose in the bedroom", ("ligature", "noose"))
    assert await stands(psql, referral) == ["says “noose”: Ligature or strangulation"]
    await psql.screen(referral, seizure="yes")
    looked = (referral, "looked at", "A. Shah", "fine", await whats(psql, referral))
    await psql.refused(psql.shah, DECIDE, *looked, code="CR001")


@pytest.mark.hazard("H-005")
async def test_a_changed_narrative_holds_until_it_is_read(psql: Psql) -> None:
    referral = await psql.referral()
    await narrate(psql, referral, "Calm, sister with her")
    van = await psql.van()
    await psql.set(psql.shah, "referral", referral, narrative="Calm, sister has left")
    await psql.refused(psql.shah, ALLOCATE, referral, van, code="CR003", says="was not read")
    forged = (referral, digest("Calm, sister with her"), "[]")
    await psql.refused(psql.shah, READ, *forged, code="CR001", says="not what stands there")
    for shape in ("{}", '[{"key": "weapon"}]', '[{"key": "", "word": "a", "said": "b"}]', '["x"]'):
        await psql.refused(psql.shah, READ, referral, digest("Calm, sister has left"), shape, code="23514")
    await psql.shah.execute(READ, referral, digest("Calm, sister has left"), "[]")
    await psql.allocate(referral, van)
    await psql.refused(psql.owner, "UPDATE cru.reading SET found = '[]'", code="CR002")
    await psql.refused(psql.owner, "DELETE FROM cru.reading", code="CR002")


@pytest.mark.hazard("H-002")
async def test_who_takes_a_sentence_out_takes_no_danger_away(psql: Psql) -> None:
    referral, van = await psql.referral(), await psql.van()
    cord = ("Tearful. He has a cord round the banister.", ("ligature", "cord"))
    await narrate(psql, referral, *cord)
    for text in ("Tearful.", "", "Settled, sister with him."):
        await narrate(psql, referral, text)
        assert await stands(psql, referral) == ["said earlier “cord”: Ligature or strangulation"]
        await psql.refused(psql.shah, ALLOCATE, referral, van, code="CR003", says="said earlier")
    # Said again in other words it stands once, and a yes to the question says it already.
    await narrate(psql, referral, "A cord on the stairs", ("ligature", "cord"))
    assert await stands(psql, referral) == ["says “cord”: Ligature or strangulation"]
    await psql.screen(referral, ligature="yes")
    await narrate(psql, referral, "Settled")
    assert await stands(psql, referral) == ["yes: Ligature or strangulation"]
    await psql.shah.execute(TAKE_BACK)
    await psql.shah.execute(TAKE_BACK)
    assert await stands(psql, referral) == ["says “cord”: Ligature or strangulation"]
    await narrate(psql, referral, "Settled again")
    covers = await whats(psql, referral)
    assert len(covers) == 2
    await psql.shah.execute(DECIDE, referral, "looked at", "A. Shah", "the washing line, she says", covers)
    await psql.allocate(referral, van)
    # What was typed into the wrong referral and taken back was never said.
    other = await psql.referral()
    await narrate(psql, other, *cord)
    await psql.shah.execute(TAKE_BACK)
    assert await stands(psql, other) == []


async def test_a_reading_of_another_version_is_none(psql: Psql) -> None:
    await psql.owner.execute(
        "INSERT INTO cru.screening_tool (version, signed_by, signed_on) VALUES (90, 'x', '2026-01-01')"
    )
    referral = await psql.referral()
    await psql.set(psql.shah, "referral", referral, narrative="Quiet")
    other = READ.replace("cru.tool_in_force()", "90")
    await psql.shah.execute(other, referral, digest("Quiet"), "[]")
    assert await stands(psql, referral) == ["the narrative was not read since it changed"]


async def test_a_note_is_read_too_and_one_taken_back_says_nothing(psql: Psql) -> None:
    referral = await psql.referral()
    note = await psql.shah.fetchval(
        "INSERT INTO cru.event (referral_id, kind, words)"
        " VALUES ($1, 'note', 'rang back: drank bleach') RETURNING id",
        referral,
    )
    sql = (
        "INSERT INTO cru.reading (referral_id, tool_version, text_digest, event_id, found)"
        " VALUES ($1, cru.tool_in_force(), $2, $3, $4)"
    )
    found = json.dumps([{"key": "overdose", "word": "bleach", "said": "rang back: drank bleach"}])
    await psql.refused(psql.shah, sql, referral, digest("other"), note, found, code="CR001")
    await psql.shah.execute(sql, referral, digest("rang back: drank bleach"), note, found)
    assert await stands(psql, referral) == ["says “bleach”: Overdose or any ingestion"]
    await psql.shah.execute(TAKE_BACK)
    assert await stands(psql, referral) == []


async def test_a_flag_that_ended_or_says_no_danger_stops_nothing(psql: Psql) -> None:
    referral = await psql.referral()
    await flag(psql, referral, danger=False)
    pets = (
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " VALUES ($1, 'person', 'pets', 'A cat', $2)"
    )
    await psql.shah.execute(pets, referral, datetime.now(UTC) + timedelta(days=9))
    await does(
        psql, do.AddNote(referral_id=referral, words="The cat is in.")
    )  # what the flag says is read with it
    async with psql.owner.transaction():
        # As it is when its review has passed.
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(
            "INSERT INTO cru.flag (referral_id, subject, kind, reason, danger, expires_at)"
            " VALUES ($1, 'address', 'staff safety', 'scaffold', true, cru.clock_now() - interval '1 minute')",
            referral,
        )
    await psql.allocate(referral, await psql.van())


async def test_taken_back_it_counts_no_more_and_a_decision_taken_back_lets_nothing_on(psql: Psql) -> None:
    referral = await psql.referral()
    await flag(psql, referral)
    await psql.lead.execute(DECIDE, referral, "let on", "Dr B. Osei", "police there", await whats(psql, referral))
    assert await stands(psql, referral) == []
    await psql.lead.execute(TAKE_BACK)
    assert await stands(psql, referral) == ["caution: staff safety"]
    await psql.shah.execute(TAKE_BACK)
    assert await stands(psql, referral) == []
    await psql.screen(referral, chest_pain="yes")
    await psql.shah.execute(TAKE_BACK)
    assert await stands(psql, referral) == []


async def test_nobody_writes_what_stands(psql: Psql) -> None:
    referral = await psql.take()
    for who in (psql.shah, psql.lead):
        await psql.refused(who, "UPDATE cru.danger SET stands = '[]'", code="42501")
        await psql.refused(who, "INSERT INTO cru.danger (referral_id) VALUES ($1)", referral, code="42501")
    await psql.refused(psql.shah, "SELECT * FROM cru.stands_against($1)", uuid4(), code="42501")


async def test_the_wall_reads_no_danger(psql: Psql) -> None:
    for table in ("danger", "decision", "reading"):
        await psql.refused(psql.wall, f"SELECT * FROM cru.{table}", code="42501")  # noqa: S608 - of ours
