"""Whatever the record holds is found by its words, by whoever may read it; that somebody looked is kept."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db import finding, migrate
from db.engine import connect, transaction
from tests.cluster import Cluster
from tests.db.psql import LOOK_FOR, TAKE_BACK, Connection, Psql, looked_up
from tests.db.upgrades import LeftBy, cloned

LOG = "INSERT INTO cru.shift_log (words, referral_id) VALUES ($1, $2) RETURNING id"
PERSON = {
    "patient_name": "Zoë O’Connor-Müller",
    "patient_born": date(1987, 4, 9),
    "nhs_number": "943 476 5919",
    "call_back": "+44 7700 900456",
    "location_text": "Flat 3, 17 Harlestone Rd",
    "postcode": "NN5 7AB",
    "narrative": "Found near St. James' Mill by a neighbour; her brother Łukasz is with her.",
    "caller": "Siân ap Rhys",
}


async def found(who: Connection, typed: str) -> list[UUID]:
    return [row["id"] for row in await looked_up(who, typed)]


async def test_a_person_is_found_however_it_is_typed(psql: Psql) -> None:
    made = await psql.take(**PERSON)
    await psql.take(patient_name="Ann Bell", narrative="Somebody else.")
    for typed in (
        *("zoe", "oconnor", "O'CONNOR", "o connor muller", "oconnormull", "mull zo", "lukasz", "sian rhys"),
        *("9434765919", "943 476 5919", "943-476-5919", "94347"),
        *("07700900456", "07700 900 456", "+44 7700 900456", "00447700900456", "900456"),
        *("nn57ab", "NN5 7AB", "nn5", "nn5 7", "harlestone 17", "st james mill", "neighb"),
        *("09/04/1987", "9.4.1987", "9/4/87", "zoe 1987", "19870409"),
    ):
        assert await found(psql.shah, typed) == [made], typed


async def test_every_word_must_be_there_and_from_its_beginning(psql: Psql) -> None:
    await psql.take(**PERSON)
    for typed in ("zoe bell", "onnor", "nn57a b7", "9434765918", "07700900457", "mulls"):
        assert await found(psql.shah, typed) == [], typed


async def test_what_has_no_word_is_refused_and_nothing_breaks(psql: Psql) -> None:
    for typed in ("", "   ", "' ; --", "& | !", ":*", "()"):
        await psql.refused(psql.shah, LOOK_FOR, typed, code="CR003", says="no word")


async def test_what_is_written_as_one_is_never_looked_for_in_pieces_and_a_short_one_is(psql: Psql) -> None:
    await psql.take(narrative="Rooms 943, then 476, then 5919. NN5, later 7AB. Rang 01604, asked 555, got 210.")
    for typed in ("943 476 5919", "NN5 7AB", "01604 555 210", "(01604) 555-210"):
        assert await found(psql.shah, typed) == []
    # All that is rare narrows it down.
    asks = "SELECT wanted::text, rare::text FROM cru.looked_for($1)"
    wanted, rare = await psql.owner.fetchrow(asks, "o'carroll 12 40")
    assert wanted == rare != ""
    made = await psql.take(patient_name="Mary O Carroll", location_text="Flat 12, 40 Long Row")
    for typed in ("o'carroll", "O’Carroll", "12 40", "40 12"):
        assert await found(psql.shah, typed) == [made]


async def test_signs_of_a_query_are_no_query(psql: Psql) -> None:
    made = await psql.take(patient_name="Ann Quayle")
    await psql.take(patient_name="Tom Bell")
    assert await found(psql.shah, "(quayle)") == [made]
    assert await found(psql.shah, "!quayle") == [made]
    assert await found(psql.shah, "tom | quayle") == []


async def test_a_reference_is_found_by_any_part_of_it(psql: Psql) -> None:
    made = await psql.take()
    reference = (await psql.read("referral", made))["reference"]
    for typed in (reference, reference.lower(), reference[-4:], reference.replace("-", "")):
        assert await found(psql.shah, typed) == [made]


async def test_notes_and_calls_are_found_with_the_person_they_are_about(psql: Psql) -> None:
    made = await psql.take(patient_name="Ann Bell")
    other = await psql.take(patient_name="Tom Hall")
    note = "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', $2)"
    await psql.shah.execute(note, made, "Afraid of dogs; key is with the caretaker")
    await psql.shah.execute(note, other, "Dogs in the garden")
    assert await found(psql.shah, "caretaker bell") == [made]
    assert set(await found(psql.shah, "dogs")) == {made, other}
    row = (await looked_up(psql.shah, "caretaker bell"))[0]
    assert row["found_in"] == ["notes"]
    # What is corrected elsewhere leaves the notes as they were.
    await psql.set(psql.shah, "referral", made, patient_name="Ann Ball")
    assert await found(psql.shah, "caretaker ball") == [made]
    assert await found(psql.shah, "bell") == []


async def test_what_is_taken_back_finds_nobody(psql: Psql) -> None:
    made = await psql.take(patient_name="Ann Bell")
    await psql.set(psql.shah, "referral", made, patient_name="Mia Quill")
    assert await found(psql.shah, "quill") == [made]
    await psql.shah.execute(TAKE_BACK)
    assert await found(psql.shah, "quill") == []
    assert await found(psql.shah, "bell") == [made]


async def test_the_shift_log_is_found_by_itself_and_leads_to_its_referral(psql: Psql) -> None:
    made = await psql.take(patient_name="Ann Bell")
    entry = await psql.shah.fetchval(LOG, "Printer jammed, porter called", made)
    alone = await psql.shah.fetchval(LOG, "Porter came at last", None)
    rows = await looked_up(psql.shah, "porter")
    assert {(row["id"], row["referral_id"], row["is_log"]) for row in rows} == {
        (entry, made, True),
        (alone, None, True),
    }
    await psql.shah.execute(TAKE_BACK)
    assert await found(psql.shah, "porter") == [entry]


async def test_the_newest_come_first_and_no_more_than_fifty(psql: Psql) -> None:
    for number in range(60):
        await psql.owner.execute(LOG, f"kettle {number}", None)
    rows = await looked_up(psql.shah, "kettle")
    assert [row["words"] for row in rows] == [f"kettle {number}" for number in range(59, 9, -1)]
    older = await looked_up(psql.shah, "kettle", rows[-1]["at"])
    assert [row["words"] for row in older] == [f"kettle {number}" for number in range(9, -1, -1)]


async def test_what_is_rare_is_found_behind_many_that_are_newer(psql: Psql) -> None:
    made = await psql.take(patient_name="Ann Bell")
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute(
        "INSERT INTO cru.findable SELECT gen_random_uuid(), true, cru.clock_now() + n * interval '1 second', ''"
        " FROM generate_series(1, 6000) n"
    )
    assert await found(psql.shah, "bell") == [made]


async def test_of_what_is_everywhere_the_newest_are_looked_through(psql: Psql) -> None:
    # As many as are looked through one by one, and one that is older.
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute(
        "INSERT INTO cru.findable SELECT gen_random_uuid(), true, cru.clock_now() - n * interval '1 second',"
        " 'kettle' FROM generate_series(0, 20000) n"
    )
    await psql.owner.execute("ANALYZE cru.findable")
    (rare,) = await psql.owner.fetchrow("SELECT rare FROM cru.looked_for('kettle')")
    newest = await psql.owner.fetchval("SELECT id FROM cru.findable ORDER BY at DESC LIMIT 1")
    assert (rare, (await found(psql.shah, "kettle"))[0]) == (None, newest)


async def test_who_looked_is_kept_and_not_what_for(psql: Psql) -> None:
    await psql.take(patient_name="Ann Bell")
    await looked_up(psql.shah, "bell")
    await looked_up(psql.lead, "nobody at all")
    rows = await psql.lead.fetch("SELECT asked_by, found FROM cru.search ORDER BY id")
    assert [tuple(row) for row in rows] == [("a.shah", 1), ("l.lead", 0)]
    assert "bell" not in str(await psql.owner.fetch("SELECT * FROM cru.search")).lower()


@pytest.mark.parametrize(
    "sql", ["UPDATE cru.search SET found = 0", "DELETE FROM cru.search", "TRUNCATE cru.search"]
)
async def test_that_somebody_looked_stays(psql: Psql, sql: str) -> None:
    await psql.take(patient_name="Ann Bell")
    await looked_up(psql.shah, "bell")
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.refused(who, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM cru.findable",
        "INSERT INTO cru.search (found) VALUES (0)",
        "SELECT cru.make_findable('{}')",
        "SELECT cru.words_of_referral(r) FROM cru.referral r",
    ],
)
async def test_nobody_reads_or_writes_the_words_but_by_looking_something_up(psql: Psql, sql: str) -> None:
    await psql.take(patient_name="Ann Bell")
    for who in (psql.shah, psql.lead, psql.wall, psql.gateway):
        await psql.refused(who, sql, code="42501")


async def test_neither_the_wall_nor_the_gateway_looks_anything_up(psql: Psql) -> None:
    for who in (psql.wall, psql.gateway):
        await psql.refused(who, LOOK_FOR, "bell", code="42501")
    await psql.refused(psql.shah, "SELECT * FROM cru.search", code="42501")


async def test_what_is_found_is_read_as_lines(psql: Psql) -> None:
    await psql.take(**PERSON)
    engine = connect(psql.record.url("a.shah"))
    try:
        async with transaction(engine) as connection:
            search = await finding.look_for(connection, "zoe")
            # In its own transaction it tells nothing yet.
            assert await finding.found_by(connection, search, "zoe") == []
        async with transaction(engine) as connection:
            (line,) = await finding.found_by(connection, search, "zoe")
            older = await finding.look_for(connection, "zoe", line.at - timedelta(seconds=1))
        async with transaction(engine) as connection:
            assert await finding.found_by(connection, older, "zoe") == []
    finally:
        await engine.dispose()
    assert (line.name, line.born, line.place) == (
        "Zoë O’Connor-Müller",
        date(1987, 4, 9),
        "Flat 3, 17 Harlestone Rd, NN5 7AB",
    )
    assert (line.told, line.referral_id) == ("received", line.id)


@pytest.mark.long
async def test_a_record_in_use_is_found_after_the_upgrade(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0042")) as psql:
        kept = await psql.take(patient_name="Ann Bell", narrative="Afraid of the lift")
        await psql.shah.execute(
            "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', 'caretaker has the key')", kept
        )
        entry = await psql.shah.fetchval(LOG, "Porter came", None)
        before: Any = await psql.read("referral", kept)
        assert await migrate.upgrade(psql.record.owner_url) == {}
        for typed, wanted in (("bell lift caretaker", [kept]), ("porter", [entry])):
            assert await found(psql.shah, typed) == wanted
        assert await psql.read("referral", kept) == before
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await looked_up(psql.wall, "bell")
