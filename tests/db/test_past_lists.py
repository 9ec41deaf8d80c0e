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


MET_AT = "UPDATE cru.assignment SET with_patient_at = $1 WHERE referral_id = $2"
CAME_AT = "UPDATE cru.referral SET received_at = $1, nhs_number = $3 WHERE id = $2"
LET_ON = (
    "UPDATE cru.screening SET override_at = $1, override_clinician = 'Dr X', override_reason = 'z',"
    " override_by = 'l.lead'"
    " WHERE referral_id = $2 AND id <> ALL ($3)"
)
ENDED = "UPDATE cru.referral SET closed_at = $1 WHERE id = $2"
ROOM = (
    "INSERT INTO cru.shift_handover (offered_at, taken_at, taken_by, withdrawn_at, withdrawn_by) SELECT o, t,"
    " CASE WHEN t IS NULL THEN '' ELSE 'x' END, w, CASE WHEN w IS NULL THEN '' ELSE 'x' END"
    " FROM (SELECT CAST($1 AS timestamptz) o, CAST($2 AS timestamptz) t, CAST($3 AS timestamptz) w) v RETURNING id"
)
COPIED = (
    "INSERT INTO cru.referral SELECT (jsonb_populate_record(r, jsonb_build_object('id', $2::uuid, 'reference',"
    " $3::text, 'received_at', $4::timestamptz, 'closed_at', $5::timestamptz))).* FROM cru.referral r"
    " WHERE r.id = $1"
)
KINDS = (
    *("late", "long handover", "refused", "overridden", "overridden by a lead", "reality objected", "amended"),
    *("taken back", "feedback", "back in 72 h"),
)


async def test_each_thing_to_look_at_is_listed_in_the_stretch_of_its_own_time(psql: Psql) -> None:
    made = {kind: await psql.referral("attending" if kind == "late" else "accepted") for kind in KINDS}
    await psql.referral("closed")
    now: datetime = await psql.owner.fetchval("SELECT date_trunc('minute', cru.clock_now())")
    times = {kind: now - timedelta(hours=30 - n) for n, kind in enumerate(KINDS)}
    await psql.owner.execute("SET session_replication_role = replica")
    for kind, at in times.items():
        await _happen(psql.owner, kind, at, made[kind])
    moment = timedelta(microseconds=1)
    for kind, at in times.items():
        told = [(kind.removesuffix(" by a lead"), made[kind])]
        for since, until, listed in (
            (at, at + moment, told),
            (at - moment, at, []),
            (at + moment, at + 2 * moment, []),
        ):
            assert await _to_review(psql, since, until) == listed, (kind, since - at)
    whole = await _to_review(psql, now - timedelta(days=2), now - timedelta(hours=1))
    assert sorted(whole) == sorted((kind.removesuffix(" by a lead"), one) for kind, one in made.items())


def _rows(at: datetime) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """One row of each kind, and beside it what is none: taken back, of another kind, or in time."""
    back = {"taken_back_at": at}
    handover = {"from_party": "a", "from_kind": "ems", "to_party": "b", "to_kind": "cru", "expected_at": at}
    decision = {"clinician": "Dr X", "reason": "y", "covers": [], "decided_at": at, "kind": "let on"}
    event = {"recorded_at": at, "happened_at": at}
    override = {"override_at": at, "override_clinician": "x", "override_reason": "x", "override_by": "l.lead"}
    screening = {"tool_version": 1, "answers": "{}", "how": "{}", "completed_at": at} | override
    said = {"said_by": "carer", "words": "x", "recorded_at": at}

    def long(seconds: int) -> dict[str, Any]:
        return handover | {"started_at": at - timedelta(seconds=seconds), "accepted_at": at}

    return {
        "long handover": [
            ("handover", long(901) | {"ordinal": 7}),
            ("handover", long(901) | back | {"ordinal": 8}),
            ("handover", long(900) | {"ordinal": 9}),
        ],
        "refused": [
            ("handover", handover | {"ordinal": 5, "refused_at": at}),
            ("handover", handover | {"ordinal": 6, "refused_at": at} | back),
        ],
        "overridden": [
            ("decision", decision),
            ("decision", decision | back),
            ("decision", decision | {"kind": "looked at"}),
        ],
        "overridden by a lead": [("screening", screening | back)],
        "reality objected": [("event", event | {"kind": "mobile", "detail": '{"insisted": "x"}'})] * 2,
        "amended": [("event", event | {"kind": "time amended"}), ("event", event | {"kind": "note"})],
        "taken back": [("event", event | {"kind": "clear taken back"})],
        "feedback": [("feedback", said), ("feedback", said | back)],
    }


async def _happen(owner: Connection, kind: str, at: datetime, referral: UUID) -> None:
    made = []
    for table, columns in _rows(at).get(kind, ()):
        given = {"referral_id": referral} | columns
        marks = ", ".join(f"${n}" for n in range(1, len(given) + 1))
        sql = f"INSERT INTO cru.{table} ({', '.join(given)}) VALUES ({marks}) RETURNING id"
        made.append(await owner.fetchval(sql, *given.values()))
    if kind == "late":
        await owner.execute(MET_AT, at, referral)
        await owner.execute(CAME_AT, at - timedelta(minutes=61), referral, None)
    elif kind == "overridden by a lead":
        await owner.execute(LET_ON, at, referral, made)
    elif kind == "reality objected":
        back = "INSERT INTO cru.event (kind, amends, recorded_at) VALUES ('mobile taken back', $1, $2)"
        await owner.execute(back, made[1], at)
    elif kind == "back in 72 h":
        (ended,) = await owner.fetchrow("SELECT id FROM cru.referral WHERE state = 'closed'")
        await owner.execute(ENDED, at - timedelta(hours=70), ended)
        await owner.execute(CAME_AT, at - timedelta(hours=90), ended, "9434765919")
        await owner.execute(CAME_AT, at, referral, "9434765919")


async def _to_review(psql: Psql, since: datetime, until: datetime) -> list[tuple[str, UUID]]:
    look = await psql.lead.fetchval("SELECT cru.open_list('review', $1, $2)", since, until)
    rows = await psql.lead.fetch("SELECT kind, referral_id FROM cru.to_review($1)", look)
    return [tuple(row) for row in rows]


async def test_a_stretch_that_was_opened_is_seen_by_whoever_did_to_its_very_ends_and_not_for_long(
    psql: Psql,
) -> None:
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    since, until, moment = now - timedelta(days=30), now - timedelta(days=8), timedelta(microseconds=1)
    rooms = {}
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        # How many days ago each was offered, taken and withdrawn; the first three are in sight.
        for days in (
            (2, None, 2),
            (4, 1, None),
            (9, None, None),
            (5, 4, None),
            (5, None, 1),
            (9, 9, None),
            (9, None, 8),
        ):
            offered, taken, withdrawn = (None if n is None else now - timedelta(days=n) for n in days)
            rooms[days] = await psql.owner.fetchval(ROOM, offered, taken, withdrawn)

    async def seen(who: Connection, *rows: tuple[str, datetime]) -> list[bool]:
        return [await who.fetchval("SELECT cru.sees_stretch($1, $2)", *row) for row in rows]

    async def in_sight() -> list[tuple[int, int | None, int | None]]:
        sees = "SELECT cru.sees_room($1)"
        return [days for days, room in rooms.items() if await psql.shah.fetchval(sees, room)]

    assert await in_sight() == [*rooms][:3]
    trying = psql.shah.transaction()
    await trying.start()
    await psql.shah.execute("SELECT cru.open_list('log', $1, $2)", since, until)
    assert await seen(psql.shah, ("log", since)) == [False]
    await trying.commit()
    ends = [("log", at) for at in (since, until, since - moment, until + moment)]
    assert await seen(psql.shah, *ends, ("handed over", since)) == [True, True, False, False, False]
    assert await seen(psql.lead, *ends) == [False] * 4
    await psql.shah.execute("SELECT cru.open_list('handed over', $1, $2)", since, until)
    assert await in_sight() == [one for one in rooms if one[0] == 9 or one in [*rooms][:3]]
    await _on(psql.owner, timedelta(minutes=11))
    assert await seen(psql.shah, *ends) == [False] * 4


async def test_a_day_is_of_everybody_who_was_on_the_board_then_or_of_whom_something_is_told(psql: Psql) -> None:
    begun: datetime = await psql.owner.fetchval("SELECT date_trunc('hour', cru.clock_now()) - interval '20 days'")
    first = await psql.referral("closed")
    await long_ago(psql.owner, first, timedelta(days=90))
    hour = timedelta(hours=1)
    # From when and until when each was on the board, in hours of that day; what is told of it in the day.
    then = {
        "over before noon": (-1, 1, ""),
        "from its last moment": (24, 30, ""),
        "until its first": (-50, 0, ""),
        "on it for weeks": (-400, 200, ""),
        "left days before": (-60, -30, ""),
        "left weeks before": (-400, -300, ""),
        "came later": (25, 30, ""),
        "told of": (-60, -30, "note"),
        "only looked at": (-60, -30, "record opened"),
    }
    made = {}
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        for n, (name, (came, left, told)) in enumerate(then.items()):
            made[name] = uuid4()
            times = (begun + came * hour, begun + left * hour)
            await psql.owner.execute(COPIED, first, made[name], f"CRU-{n}", *times)
            if told:
                event = "INSERT INTO cru.event (referral_id, kind, happened_at) VALUES ($1, $2, $3)"
                await psql.owner.execute(event, made[name], told, begun + 24 * hour)
    opens = "SELECT cru.open_day($1, $2)"
    day = (begun, begun + 24 * hour)
    assert await psql.shah.fetchval(opens, *day) == 5
    looked = await psql.owner.fetchval("SELECT referrals FROM cru.look")
    assert {name for name, one in made.items() if one in looked} == {*[*then][:4], "told of"}
    # While it is read, nothing is opened anew; to whoever reads on after a while it is.
    assert await psql.shah.fetchval(opens, *day) == 0
    await psql.owner.execute("UPDATE cru.opened SET opened_at = opened_at - interval '6 minutes'")
    assert await psql.shah.fetchval(opens, *day) == 5
    assert await psql.shah.fetchval(opens, begun, begun + 26 * hour) == 1
    await psql.refused(psql.shah, opens, begun, begun + 26 * hour + timedelta(seconds=1), code="CR002")


async def test_what_was_found_is_read_by_whoever_looked_and_not_for_long(psql: Psql) -> None:
    await psql.take(patient_name="Ann Bell")
    search = await psql.shah.fetchval("SELECT cru.look_for('bell')")
    found = "SELECT * FROM cru.found_by($1, 'bell')"
    assert [len(await who.fetch(found, search)) for who in (psql.shah, psql.lead)] == [1, 0]
    await psql.owner.execute("UPDATE cru.search_line SET found_at = found_at - interval '11 minutes'")
    assert await psql.shah.fetch(found, search) == []
    other = await psql.shah.fetchval("SELECT cru.look_for('bell')")
    assert await psql.owner.fetch("SELECT DISTINCT search_id FROM cru.search_line") == [(other,)]
