"""What is past is opened through a function that puts down who looked; what is live is seen as ever."""

# ruff: noqa: S608 - the tests name tables and columns of our own

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from db import commands as do
from db import opening, queries, replay
from db.commands.past import opened_for
from db.domain.roles import Role
from db.engine import connect, transaction
from db.errors import Invalid
from db.finding import find_referral
from db.reports import referral_record
from db.reports.cli import give_out_person
from tests.db.past import long_ago, policed
from tests.db.psql import Connection, Psql, age, looked_up

SECRET = "Zebedee"
OPEN = "SELECT cru.open_rows(ARRAY[$1::uuid], 'a look')"
# One row of each table that hangs on a referral and comes of no step: by the owner, with no guard asked.
_ROWS = """
INSERT INTO cru.intake_call (referral_id, answered_at, typed, ended_at, ended_how) VALUES ($1, now(), '{"a": "Zebedee"}', now(), 'referral')
INSERT INTO cru.about_me (referral_id, topic, words, said_by) VALUES ($1, 'call_me', 'Zebedee', 'the person')
INSERT INTO cru.read_back (referral_id, assignment_id, read_by, channel, brief) SELECT $1, id, 'crew', 'radio', 'Zebedee' FROM cru.assignment WHERE referral_id = $1
INSERT INTO cru.crew_word (referral_id, assignment_id, channel, words) SELECT $1, id, 'radio', 'Zebedee' FROM cru.assignment WHERE referral_id = $1
INSERT INTO cru.interpreter (referral_id, language, booked_with) VALUES ($1, 'pl', 'Zebedee')
INSERT INTO cru.reading (referral_id, tool_version, text_digest, found) VALUES ($1, cru.tool_in_force(), 'x', '[]')
INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers) VALUES ($1, 'let on', 'Dr X', 'Zebedee', '{}')
INSERT INTO cru.danger (referral_id) VALUES ($1) ON CONFLICT DO NOTHING
UPDATE cru.danger SET stands = '[{"what": "Zebedee"}]', since_at = now() WHERE referral_id = $1
INSERT INTO cru.contact (referral_id, spoke_with, with_name, said) VALUES ($1, 'person', 'Zebedee', 'waits')
INSERT INTO cru.late_link (referral_id, service, crew) VALUES ($1, 'ems', 'Zebedee')
INSERT INTO cru.wish_kept (referral_id, about_id, kept, said_by) SELECT $1, id, 'yes', 'person' FROM cru.about_me WHERE referral_id = $1
INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ($1, 'person', 'Zebedee was kind')
INSERT INTO cru.follow_up (referral_id, due_at, what_for, done_at, outcome) VALUES ($1, now(), 'ring Zebedee', now(), 'rang')
INSERT INTO cru.handover (referral_id, ordinal, from_party, from_kind, to_party, to_kind, expected_at) VALUES ($1, 1, 'her sister Zebedee', 'other', 'CRU', 'cru', now())
INSERT INTO cru.message (referral_id, words) VALUES ($1, 'Zebedee rang')
INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at, withdrawn_at, withdrawn_by, withdrawn_reason) VALUES ($1, 'person', 'pets', 'Zebedee', now(), now(), 'x', 'gone')
INSERT INTO cru.person_request (referral_id, kind, said_by, words, state, answer, answered_by, answered_at) VALUES ($1, 'copy', 'Zebedee', 'all of it', 'done', 'sent', 'l.lead', now())
INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', 'Zebedee is calm')
INSERT INTO cru.shift_log (referral_id, words) VALUES ($1, 'the sister of Zebedee rang')
INSERT INTO cru.review (kind, about, referral_id, words) VALUES ('late', $1::uuid::text, $1, 'Zebedee waited, no van was free')
WITH h AS (INSERT INTO cru.shift_handover (notes, offered_at, taken_by, taken_at) VALUES ('Zebedee', now() - interval '40 days', 'l.lead', now() - interval '40 days') RETURNING id) INSERT INTO cru.shift_handover_item (shift_handover_id, rank, kind, words, referral_id) SELECT id, 1, 'person', 'Zebedee waits', $1 FROM h
"""  # noqa: E501 - a statement a line


@dataclass(frozen=True)
class Then:
    """A record with one referral of thirty days ago, and one that is over since a moment."""

    psql: Psql
    past: UUID
    ended: UUID
    tables: tuple[str, ...]

    async def seen(self, who: Connection, referral: UUID) -> dict[str, int]:
        """How many rows of each table somebody sees of a referral."""
        found = {}
        for table in self.tables:
            key = "id" if table == "referral" else "referral_id"
            found[table] = await who.fetchval(f"SELECT count(*) FROM cru.{table} WHERE {key} = $1", referral)
        return found


@pytest.fixture
async def then(psql: Psql) -> Then:
    made = []
    for _ in range(2):
        one = await psql.referral("closed")
        await psql.amend(psql.lead, "referral", one, patient_name=f"{SECRET} Quill", narrative=f"{SECRET} waits")
        async with psql.owner.transaction():
            await psql.owner.execute("SET LOCAL session_replication_role = replica")
            for sql in _ROWS.strip().splitlines():
                await psql.owner.execute(sql, one)
        made.append(one)
    await long_ago(psql.owner, made[0])
    return Then(psql, made[0], made[1], tuple(one for one in await policed(psql.owner) if one != "shift_handover"))


async def test_every_row_of_it_is_out_of_sight_until_it_is_opened_by_whoever_looks(then: Then) -> None:
    psql = then.psql
    there = await then.seen(psql.owner, then.past)
    assert [name for name, rows in there.items() if not rows] == [], "nothing here that could be seen"
    # What ended a moment ago is seen whole.
    assert await then.seen(psql.shah, then.ended) == await then.seen(psql.owner, then.ended)
    for who in (psql.shah, psql.lead):
        assert set((await then.seen(who, then.past)).values()) == {0}
    assert await psql.shah.fetchval(OPEN, then.past) == 1
    assert await then.seen(psql.shah, then.past) == there
    # By nobody else, and not for good.
    assert set((await then.seen(psql.lead, then.past)).values()) == {0}
    await psql.owner.execute("UPDATE cru.opened SET opened_at = opened_at - interval '10 minutes'")
    assert set((await then.seen(psql.shah, then.past)).values()) == {0}


# Which tell who a van or an alarm is about, and nothing of the person; or what nobody reads.
_TELLS_OF_NOBODY = {
    *("alarm", "assignment", "presence", "same_person"),
    *("act_part", "fact_due", "job_fact", "opened", "referral_fact"),
}


async def test_whatever_hangs_on_a_referral_is_kept_out_of_sight_or_said_to_tell_of_nobody(psql: Psql) -> None:
    rows = await psql.owner.fetch(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'referral_id'"
        " WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind IN ('r', 'p')"
    )
    hanging = {row["relname"] for row in rows}
    assert {*await policed(psql.owner)} == hanging - _TELLS_OF_NOBODY | {"referral", "shift_handover"}
    assert hanging >= _TELLS_OF_NOBODY


async def test_a_look_stands_in_the_record_before_anything_is_seen(then: Then) -> None:
    psql = then.psql
    trying = psql.shah.transaction()
    await trying.start()
    await psql.shah.execute("SAVEPOINT one")
    assert await psql.shah.fetchval(OPEN, then.past) == 1
    assert set((await then.seen(psql.shah, then.past)).values()) == {0}
    await psql.shah.execute("RELEASE one")
    assert set((await then.seen(psql.shah, then.past)).values()) == {0}
    await trying.rollback()
    assert set((await then.seen(psql.shah, then.past)).values()) == {0}
    sealed = await psql.owner.fetchval("SELECT count(*) FROM cru.audit_pending")
    await psql.shah.execute(OPEN, then.past)
    (row,) = await psql.lead.fetch("SELECT looked_by, why, referrals FROM cru.look")
    assert tuple(row) == ("a.shah", "a look", [then.past])
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.audit_pending") == sealed + 1
    # What is in sight is no look.
    assert await psql.shah.fetchval(OPEN, then.ended) == 0
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.look") == 1
    for sql in ("UPDATE cru.look SET why = 'x'", "DELETE FROM cru.look", "TRUNCATE cru.look"):
        for who in (psql.shah, psql.lead, psql.owner):
            await psql.refused(who, sql)


_TRIED = """
SELECT * FROM cru.referral FOR UPDATE
SELECT * FROM cru.referral r JOIN cru.event e ON e.referral_id = r.id
UPDATE cru.referral SET access_note = access_note RETURNING *
SELECT count(pg_temp.told(patient_name)) FROM cru.referral
SELECT * FROM cru.about_me WHERE pg_temp.told(words) OR true
SELECT * FROM pg_stats WHERE schemaname = 'cru' AND tablename IN ('referral', 'about_me', 'event', 'contact')
SELECT cru.acts_of('<past>', NULL)
SELECT cru.to_be_read('<past>')
SELECT cru.unread_words('<past>')
SELECT cru.known_of('<past>')
SELECT cru.about_before('<past>')
SELECT cru.story_of_van(van_id, 200) FROM cru.assignment
SELECT cru.steps_told(ARRAY['<past>'::uuid])
SELECT * FROM cru.handover_unnamed
SELECT * FROM cru.referral_times
SELECT * FROM cru.referral_wall
SELECT * FROM cru.shift_handover
SELECT * FROM cru.alike('943 476 5919', 'Zebedee Quill', NULL, '', '', '', '', NULL, NULL)
SELECT cru.alike('', 'Quill Zebedee', '1968-04-30', '07700900777', '', 'NN1 4LP', '14 Abington', NULL, NULL)
SELECT * FROM cru.command_log
SELECT * FROM cru.change
SELECT cru.found_by(n, 'zebedee') FROM generate_series(1, 9) n
SELECT cru.flags_ever_of(ARRAY['<past>'::uuid])
INSERT INTO cru.referral (id, source, priority, location_text) VALUES ('<past>', 'hub', 'P1', 'x')
INSERT INTO cru.contact (referral_id, spoke_with, with_name, said) VALUES ('<past>', 'person', '', 'x')
INSERT INTO cru.danger SELECT * FROM cru.danger WHERE referral_id = '<past>'
MERGE INTO cru.referral r USING cru.service s ON r.id = '<past>' WHEN MATCHED THEN UPDATE SET caller = r.narrative
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT FROM cru.referral WHERE patient_name LIKE 'Zeb%'
"""


@pytest.mark.hazard("H-054")
async def test_nothing_else_tells_of_it(then: Then) -> None:
    """Nor does what says no, what is counted on the way, or what a function of one's own is shown."""
    psql = then.psql
    # The one that ended a moment ago may be told: then nobody is left who may be named.
    await long_ago(psql.owner, then.ended)
    await psql.owner.execute("ANALYZE")
    await looked_up(psql.lead, "zebedee")
    said: list[str] = []
    psql.shah.add_log_listener(lambda _connection, notice: said.append(str(notice)))
    await psql.shah.execute(
        "CREATE FUNCTION pg_temp.told(t text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS"
        " $$ BEGIN RAISE NOTICE '%', t; RETURN true; END $$"
    )
    told = {}
    for sql in _TRIED.strip().splitlines():
        said.clear()
        trying = psql.shah.transaction()
        await trying.start()
        try:
            line = sql.replace("<past>", str(then.past))
            # As text, whatever types of the server's own are in it.
            asked = f"SELECT one::text FROM ({line}) one" if line.startswith("SELECT") else line
            said += [str(row) for row in await psql.shah.fetch(asked)]
        except asyncpg.PostgresError as error:
            said += [str(error), str(error.detail), str(error.hint), str(error.context)]
        await trying.rollback()
        if SECRET in " ".join(said) or "rows=2" in " ".join(said):
            told[sql] = list(said)
    assert told == {}


@pytest.mark.hazard("H-054")
async def test_nobody_learns_by_a_referral_that_is_made_up_who_was_here_before(then: Then) -> None:
    """Somebody knows a number, makes up a referral of it, asks all that tells ids and times, and undoes it."""
    psql, number = then.psql, "943 476 5919"
    await psql.record.unguarded(
        f"UPDATE cru.referral SET nhs_number = '{number}' WHERE id = '{then.past}'",
        f"UPDATE cru.flag SET added_at = now() - interval '40 days' WHERE referral_id = '{then.past}'",
        "INSERT INTO cru.person_request (referral_id, kind, said_by, words)"
        f" VALUES ('{then.past}', 'copy', 'her son', 'all of it')",
    )
    told = {}
    asks = ("referrals_of_person($1::uuid)", "flags_ever_of(ARRAY[$1::uuid])", "kept_until($1::uuid)")
    for known in (number, "401 023 2137"):
        trying = psql.shah.transaction()
        await trying.start()
        made = await psql.take(nhs_number=known)
        reference = await psql.shah.fetchval("SELECT reference FROM cru.referral WHERE id = $1", made)
        await psql.shah.execute("SELECT cru.open_person($1, 'a look')", made)
        rows = [str(await psql.shah.fetch(f"SELECT t::text FROM cru.{ask} t", made)) for ask in asks]
        said = " ".join(rows).replace(str(made), "it").replace(reference, "its")
        told[known] = re.sub(r"\d{4}-\d\d-\d\d \d[\d:.+]*", "then", said)
        await trying.rollback()
    assert len(set(told.values())) == 1, told
    # Once it stands there who looked, all of it is told.
    made = await psql.take(nhs_number=number)
    await psql.shah.execute("SELECT cru.open_person($1, 'a look')", made)
    ids = [row[0] for row in await psql.shah.fetch("SELECT referral_id FROM cru.referrals_of_person($1)", made)]
    assert ids == [then.past, made]
    assert await psql.owner.fetchval("SELECT referrals FROM cru.look") == [then.past]
    # What for is said in letters, and is none of the kinds of look that are counted apart.
    for why in ("a look!", "", "a" * 41, "search"):
        ask = "SELECT cru.open_person($1, $2)"
        await psql.refused(psql.shah, ask, made, why, code="CR002", says="said in letters")


async def test_a_flag_that_was_lately_in_force_is_told_of_whoever_was_here_before(then: Then) -> None:
    psql = then.psql
    await psql.record.unguarded(
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, added_at, expires_at)"
        f" SELECT '{then.past}', 'person', 'pets', w, now() - interval '300 days', now() + e::interval"
        " FROM (VALUES ('in force', '9 days'), ('lately', '-92 days'), ('long over', '-94 days')) f (w, e)"
    )
    told = await psql.shah.fetch("SELECT flag_id FROM cru.flags_ever_of(ARRAY[$1::uuid])", then.past)
    sql = "SELECT reason FROM cru.flag WHERE id = ANY ($1) AND reason ~ '^(in|la|lo)' ORDER BY reason"
    words = await psql.owner.fetch(sql, [row["flag_id"] for row in told])
    assert [row["reason"] for row in words] == ["in force", "lately"]


async def test_nobody_reads_faster_than_a_person_does(then: Then) -> None:
    psql = then.psql
    await psql.owner.execute(
        "INSERT INTO cru.look (looked_by, why, referrals) SELECT 'a.shah', 'replay',"
        " array_agg(gen_random_uuid()) FROM generate_series(1, 3000)"
    )
    await psql.refused(psql.shah, OPEN, then.past, code="CR002", says="within an hour")
    await psql.owner.execute(
        "UPDATE cru.service SET clock_origin = now(), clock_shown = now() + interval '2 hours'"
    )
    assert await psql.shah.fetchval(OPEN, then.past) == 1
    await psql.owner.execute(
        "INSERT INTO cru.look (looked_by, why) SELECT 'l.lead', 'review' FROM generate_series(1, 240)"
    )
    await psql.refused(psql.lead, OPEN, then.past, code="CR002", says="within an hour")
    await psql.owner.execute(
        "INSERT INTO cru.search (asked_by, found) SELECT 'b.okafor', 0 FROM generate_series(1, 240)"
    )
    other = psql.session("b.okafor")
    await psql.refused(other, "SELECT cru.look_for('zebedee')", code="CR002", says="within an hour")
    for sql in (
        "SELECT cru.open_day(now() - interval '40 days', now())",
        "SELECT cru.open_rows(ARRAY(SELECT gen_random_uuid() FROM generate_series(1, 201)), 'x')",
    ):
        await psql.refused(other, sql, code="CR002")
    await psql.refused(other, "SELECT cru.open_list('review', now(), now())", code="CR002", says="a shift lead")


@pytest.mark.hazard("H-092")
async def test_what_somebody_still_has_to_see_to_stays_in_sight(then: Then) -> None:
    psql, owner = then.psql, then.psql.owner
    await owner.execute("SET session_replication_role = replica")
    for table, waits, done in (
        ("ending", "person_not_told = ''", "person_not_told = 'x'"),
        ("follow_up", "done_at = NULL, outcome = ''", "done_at = now(), outcome = 'rang'"),
    ):
        await owner.execute(f"UPDATE cru.{table} SET {waits} WHERE referral_id = $1", then.past)
        assert await then.seen(psql.shah, then.past) == await then.seen(owner, then.past)
        live = (await _live(psql, Role.DISPATCHER)).get("referral", set())
        assert then.past in live
        await owner.execute(f"UPDATE cru.{table} SET {done} WHERE referral_id = $1", then.past)
        assert set((await then.seen(psql.shah, then.past)).values()) == {0}
    # However long ago its rows were written, what is open is seen whole.
    await owner.execute("UPDATE cru.referral SET closed_at = NULL, state = 'accepted' WHERE id = $1", then.past)
    assert await then.seen(psql.shah, then.past) == await then.seen(owner, then.past)


async def _live(psql: Psql, role: Role) -> dict[str, set[UUID]]:
    engine = connect(psql.record.url("a.shah"))
    try:
        async with transaction(engine) as connection:
            found = await queries.snapshot(connection, role)
            return {name: {one.id for one in records} for name, records in found.items()}
    finally:
        await engine.dispose()


async def test_a_referral_is_ended_by_a_time_of_last_week(psql: Psql) -> None:
    made = await psql.referral("attending")
    job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", made)
    await psql.set(psql.shah, "assignment", job, state="clear")
    await age(psql.owner, "8 days")
    then = await psql.owner.fetchval("SELECT cru.clock_now() - interval '7 days'")
    await psql.set(psql.shah, "referral", made, state="closed", outcome="gp", closed_at=then)
    assert await psql.owner.fetchval("SELECT closed_at FROM cru.referral WHERE id = $1", made) == then


@pytest.mark.hazard("H-092")
async def test_a_command_about_it_opens_it_and_is_carried_out(then: Then) -> None:
    psql = then.psql
    said = await psql.owner.fetchval("SELECT id FROM cru.feedback WHERE referral_id = $1", then.past)
    engine = connect(psql.record.url("l.lead"))
    try:
        await do.execute(engine, do.SortFeedback(feedback_id=said, kind="thanks", consent="may be quoted"))
        note = do.AddNote(referral_id=then.past, words="Rang again, thankful.")
        await do.execute(engine, note)
        with pytest.raises(Invalid):
            await do.execute(engine, do.AddNote(referral_id=UUID(int=7), words="of nobody"))
    finally:
        await engine.dispose()
    looks = await psql.lead.fetch("SELECT why, looked_by, referrals FROM cru.look")
    assert [tuple(row) for row in looks] == [("Sort Feedback", "l.lead", [then.past])]
    assert await psql.owner.fetchval("SELECT kind FROM cru.feedback WHERE id = $1", said) == "thanks"


@dataclass(frozen=True)
class SetSomethingDownAboutAsManyAsThereAreOfThem:
    """A command about many things."""

    ids: tuple[object, ...]


async def test_a_command_opens_two_hundred_rows_at_most_wherever_they_stand_in_it(then: Then) -> None:
    psql = then.psql
    several = SetSomethingDownAboutAsManyAsThereAreOfThem
    others = tuple(uuid4() for _ in range(199))
    engine = connect(psql.record.url("l.lead"))
    try:
        async with transaction(engine) as connection:
            for ids, opened in (
                ((uuid4(),), False),
                ((*others, "a word", uuid4(), then.past), False),
                ((*others, 7, [("x", then.past)]), True),
            ):
                assert await opened_for(connection, several(ids)) is opened
    finally:
        await engine.dispose()
    assert await psql.lead.fetchval("SELECT why FROM cru.look") == "Set Something Down About As Many As Ther"


async def test_a_day_and_a_record_are_read_once_they_are_opened(then: Then) -> None:
    psql = then.psql
    begun: datetime = await psql.owner.fetchval("SELECT received_at FROM cru.referral WHERE id = $1", then.past)
    day = (begun - timedelta(hours=1), begun + timedelta(hours=23))
    reference = await psql.owner.fetchval("SELECT reference FROM cru.referral WHERE id = $1", then.past)
    engine = connect(psql.record.url("l.lead"))
    try:
        async with transaction(engine) as connection:
            assert (await replay.load_past(connection, *day)).referrals == []
            assert await opening.open_day(connection, *day) == 1
        async with transaction(engine) as connection:
            past = await replay.load_past(connection, *day)
        assert [one.id for one in past.referrals] == [then.past]
        assert {event.kind for event in past.events} >= {"received", "note"}
        async with transaction(engine) as connection:
            assert await opening.open_day(connection, *day) == 0, "opened a moment ago"
    finally:
        await engine.dispose()
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.look") == 1
    engine = connect(psql.record.url("a.shah"))
    try:
        async with transaction(engine) as connection:
            key = await find_referral(connection, reference)
            await opening.open_record(connection, key)
        async with transaction(engine) as connection:
            found = await referral_record.referral_record(connection, key, "A. Shah", datetime.now().astimezone())
    finally:
        await engine.dispose()
    assert f"{SECRET} Quill" in str(found.parts[0])
    assert (await psql.kinds(then.past))[-1] == "record opened"


async def test_a_persons_whole_record_is_given_out_and_an_old_request_answered_though_all_is_past(
    then: Then,
) -> None:
    """Also a referral of theirs that nobody named, and a request that waited longer than three days."""
    psql = then.psql
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        for one in (then.past, then.ended):
            await psql.owner.execute("UPDATE cru.referral SET nhs_number = '9434765919' WHERE id = $1", one)
    waits = uuid4()
    await psql.shah.execute(
        "INSERT INTO cru.person_request (id, referral_id, kind, said_by, words)"
        " VALUES ($1, $2, 'correction', 'x', 'y')",
        waits,
        then.ended,
    )
    await long_ago(psql.owner, then.ended)
    engine = connect(psql.record.url("l.lead"))
    try:
        refused = do.AnswerAboutRecord(request_id=waits, state="refused", answer="It was so.")
        await do.execute(engine, refused)
        reference = await psql.owner.fetchval("SELECT reference FROM cru.referral WHERE id = $1", then.ended)
        made = await give_out_person(engine, reference, "the person", "access", ("csv",))
    finally:
        await engine.dispose()
    told = "\n".join(str(cell) for table in made.tables for row in table.rows for cell in row)
    for one in (then.past, then.ended):
        assert await psql.owner.fetchval("SELECT reference FROM cru.referral WHERE id = $1", one) in told
    assert "It was so." in told
