"""Lists and stories that reach into the past: by a look that this login made, and bare where nobody looked."""

# ruff: noqa: S608 - the tests name tables and columns of our own

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.db.past import long_ago
from tests.db.psql import Connection, Psql

TOLD = "id, words, reason, detail"
SAID = "SELECT (s.said).words, s.reference FROM cru.said_afterwards($1, $2) s"
FEEDBACK = (
    "INSERT INTO cru.feedback (id, referral_id, said_by, words, recorded_at, taken_back_at)"
    " SELECT gen_random_uuid(), $1, 'carer', $2, t, CASE WHEN $4 THEN t END FROM CAST($3 AS timestamptz) t"
)
IMPROVE = (
    "INSERT INTO cru.improvement (said, did, raised_by, owner, state, changed_at)"
    " SELECT $1, $2, 'team', 'x', $3, CAST($4 AS timestamptz)"
)


async def test_what_a_van_did_is_told_with_no_word_of_a_visit_that_is_past(psql: Psql) -> None:
    past, ended = [await psql.referral("closed") for _ in range(2)]
    vans = {
        one: await psql.owner.fetchval("SELECT van_id FROM cru.assignment WHERE referral_id = $1", one)
        for one in (past, ended)
    }
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(
            "INSERT INTO cru.event (referral_id, van_id, kind) SELECT $1, $2, k FROM unnest($3::text[]) k",
            past,
            vans[past],
            ["on hold", "record opened", *["note"] * 210],
        )
        await psql.owner.execute(
            "UPDATE cru.event SET words = 'Zebedee', reason = 'Zebedee',"
            """ detail = '{"until": "4", "said": "Zebedee"}'"""
        )
        # What happened first was told last.
        await psql.owner.execute(
            "UPDATE cru.event SET happened_at = happened_at - id * interval '2 days' WHERE referral_id = $1", past
        )
    await long_ago(psql.owner, past)

    async def story(van: UUID, most: int) -> list[Any]:
        rows = await psql.shah.fetch(f"SELECT {TOLD} FROM cru.story_of_van($1, $2)", van, most)
        return [tuple(row) for row in rows]

    async def stands(where: str, order: str, of: object) -> list[Any]:
        return list(await psql.owner.fetch(f"SELECT * FROM cru.event WHERE {where} ORDER BY {order}", of))

    def bare(row: Any) -> tuple[Any, ...]:
        return row["id"], "", "", '{"until": "4"}' if row["kind"] == "on hold" else "{}"

    whole = await stands("van_id = $1", "id DESC", vans[ended])
    assert await story(vans[ended], 200) == [tuple(row[name] for name in TOLD.split(", ")) for row in whole] != []
    every = await stands("van_id = $1", "id DESC", vans[past])
    # What is about the van alone stands as it was written, 200 at most.
    assert await story(vans[past], 999) == [
        bare(row) if row["referral_id"] else (row["id"], *("Zebedee",) * 2, row["detail"]) for row in every[:200]
    ]
    assert [one for one, *_ in await story(vans[past], 3)] == [row["id"] for row in every[:3]]
    steps = await stands("referral_id = $1 AND kind <> 'record opened'", "happened_at, id", past)
    told = await psql.shah.fetch(f"SELECT {TOLD} FROM cru.steps_told($1)", [past])
    assert [tuple(row) for row in told] == [bare(row) for row in steps]
    assert await psql.shah.fetch("SELECT cru.steps_told($1)", [*(uuid4() for _ in range(500)), past]) == []
    reference = (await psql.read("referral", past))["reference"]
    assert await psql.shah.fetchval("SELECT cru.referral_called($1)", reference.lower()) == past
    assert await psql.shah.fetchval("SELECT cru.referral_called('CRU-0')") is None


async def test_what_people_said_is_read_by_a_look_of_ones_own_and_names_nobody(psql: Psql) -> None:
    owner, lead = psql.owner, psql.lead
    now: datetime = await owner.fetchval("SELECT cru.clock_now()")
    since, until = now - timedelta(days=9), now - timedelta(days=2)
    visit = await psql.take(patient_name="Ann Bell", caller="Carl Dow")
    other = await psql.take(patient_name="Tom Hall", caller="Eve Ray")
    await psql.call(visit, with_name="Gwen Fox")
    for topic, words in (("call_me", "Annie"), ("helps", "Rex the dog")):
        await psql.shah.execute(
            "INSERT INTO cru.about_me (referral_id, topic, words, said_by) VALUES ($1, $2, $3, 'the person')",
            visit,
            topic,
            words,
        )
    patients = {
        "Said Soon": 20, "Said Before": 20, "Said Back": 20, "Half Moon": 20, "Open Item": 20, "Doing Item": 20,
        "Done Lately": 20, "Done Before": 20, "Done After": 20, "Zoë O'Said": 20, "Years Ago": 120,
        "Came Later": 1,
    }  # fmt: skip
    for name, days in patients.items():
        one = await psql.take(patient_name=name)
        await long_ago(owner, one, timedelta(days=days))
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        late = timedelta(seconds=1)
        for words, at, back in (
            ("the first of Said Soon", since, False),
            ("Half an hour for Years Ago and Came Later", since + late, False),
            ("Zoe OSaid was kind", until - late, False),
            ("Said Before is no name here", since - late, False),
            ("nor one that comes After", until, False),
            ("Back we took it", since + late, True),
        ):
            about = visit if words.startswith("the first") else other if "Half" in words else None
            await owner.execute(FEEDBACK, about, words, at, back)
        for said, did, state, at in (
            ("Open Item", "", "open", since - late),
            ("x", "Doing Item", "doing", until + late),
            ("Done", "Lately", "done", since),
            ("Done", "Before", "done", since - 2 * late),
            ("Done", "After", "not done", until),
        ):
            await owner.execute(IMPROVE, said, did, state, at)
    look = await lead.fetchval("SELECT cru.open_list('feedback', $1, $2)", since, until)
    references = [(await psql.read("referral", one))["reference"] for one in (other, visit)]
    heard = ["Zoe OSaid was kind", "Half an hour for Years Ago and Came Later", "the first of Said Soon"]
    rows = [tuple(row) for row in await lead.fetch(SAID, look, 9)]
    assert rows == list(zip(heard, (None, *references), strict=True))
    assert len(await lead.fetch(SAID, look, 2)) == 2
    ids = [await owner.fetchval("SELECT id FROM cru.feedback WHERE words = $1", one) for one in heard]
    named = await lead.fetch("SELECT names FROM cru.named_at_visits($1, $2)", look, [ids[0], ids[2]])
    assert [row["names"] for row in named] == [["Ann Bell", "Annie", "Carl Dow", "Gwen Fox"]]
    by_others = await lead.fetch("SELECT cru.named_by_others($1, interval '92 days')", look)
    assert {name for (name,) in by_others} == {"Said Soon", "Open Item", "Doing Item", "Done Lately", "Zoë O'Said"}
    await _only_by_that_look(psql, look, (since, until))


async def _only_by_that_look(psql: Psql, look: int, stretch: tuple[datetime, datetime]) -> None:
    """Not by another login, for another list, in the transaction that made it, nor for long."""
    closed = {"code": "CR002", "says": "was not opened"}
    # The superuser's functions see everything; the desk of a dispatcher made no look.
    await psql.refused(psql.shah, SAID, look, 9, **closed)
    await psql.refused(psql.lead, "SELECT cru.to_review($1)", look, **closed)
    await psql.refused(psql.lead, SAID, look + 1, 9, **closed)
    trying = psql.lead.transaction()
    await trying.start()
    now = await psql.lead.fetchval("SELECT cru.open_list('feedback', $1, $2)", *stretch)
    with pytest.raises(asyncpg.PostgresError, match="was not opened"):
        await psql.lead.fetch(SAID, now, 9)
    await trying.rollback()
    await psql.refused(
        psql.shah, "SELECT cru.open_list('review', $1, $2)", *stretch, code="CR002", says="shift lead"
    )
    await psql.refused(psql.lead, "SELECT cru.open_list('notes', $1, $2)", *stretch, code="CR002")
    mine = await psql.shah.fetchval("SELECT cru.open_list('feedback', $1, $2)", *stretch)
    assert len(await psql.shah.fetch(SAID, mine, 9)) == 3
    await _on(psql.owner, timedelta(minutes=11))
    await psql.refused(psql.lead, SAID, look, 9, **closed)


async def _on(owner: Connection, by: timedelta) -> None:
    await owner.execute(
        "UPDATE cru.service SET clock_origin = clock_timestamp(), clock_shown = cru.clock_now() + $1::interval", by
    )
