# ruff: noqa: S608 - the tests name tables and columns of our own
"""What the record refuses, in its own words, and what lies just within: many statements on one record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from db import commands as do
from tests.db.doing import does
from tests.db.psql import Psql
from tests.db.test_rules_rota import PLAN, RIDE, staff, vans

ASSIGN = "INSERT INTO cru.assignment (referral_id, van_id, state) VALUES ('{accepted}', '{%s}', '%s')"
TIMED = "INSERT INTO cru.assignment (referral_id, van_id, %s) VALUES ('{accepted}', '{available}', now())"
HANDOVER = "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party, state)"
LIFE = "INSERT INTO cru.tool_life (tool_version, step, name, profession) VALUES (%s)"
RETIRED, APPROVED = "2, 'retired', '', ''", "2, 'approved', 'Ann', 'nurse'"
SAID = "INSERT INTO cru.about_me (referral_id, topic, code, said_by) VALUES ('{accepted}', '%s', '%s', 'x')"
DECIDE = (
    "INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers)"
    " VALUES ('{%s}', 'let on', 'Dr Ray', 'seen', %s)"
)
FLAG = (
    "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at, extends_id)"
    " VALUES ('{%s}', '%s', 'pets', 'x', now() + interval '9 days', '{flag}')"
)
RULE = "UPDATE cru.rule SET value = %s WHERE name = '%s'"
CALLED = "UPDATE cru.contact_schedule SET %s WHERE priority = 'P2'"
ASK = (
    "INSERT INTO cru.person_request (referral_id, kind, about, said_by, words, state, answer)"
    " VALUES ('{closed}', '%s', '%s', 'x', '%s', '%s', '%s')"
)
ANSWER = "UPDATE cru.person_request SET state = '%s', answer = 'x' WHERE id = '{%s}'"
HEARD = "UPDATE cru.van SET callsign = '%s' WHERE id = '{off}'"
OPENS = "SELECT cru.open_rows(ARRAY(SELECT gen_random_uuid() FROM generate_series(1, %s)), '%s')"
SEAL = "SELECT cru.sealed_devices(%s)"
CREW = "INSERT INTO cru.shift_member (shift_id, staff_id) VALUES ('{%s}', '{%s}')"
PLANNED = "UPDATE cru.planned_shift SET ends_at = ends_at + interval '%s' WHERE id = '{plan}'"
_BEGINS = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=12)
LENGTH = "UPDATE cru.shift SET planned_end_at = '{tomorrow}'::timestamptz + interval '%s' WHERE id = '{runs}'"
YARD = (
    "INSERT INTO cru.van_base (name, postcode, lat, lon) VALUES ('Yard', '', 52.2, -0.9);"
    "UPDATE cru.van_base SET active = false WHERE name = 'Yard'"
)
PLANS = (
    "INSERT INTO cru.planned_shift (van_id, starts_at, ends_at)"
    " SELECT '{off}', t, t + interval '%s' FROM (SELECT now() + interval '%s' AS t) s"
)
WROTE = "INSERT INTO cru.shift_log (words, happened_at) VALUES ('x', now() + interval '%s')"
LATER = "INSERT INTO cru.follow_up (referral_id, due_at, what_for) VALUES ('{closed}', now() + interval '%s', 'x')"
SPOKE = (
    "INSERT INTO cru.contact (referral_id, spoke_with, with_name, made_at, agreed_until)"
    " VALUES ('{accepted}', 'person', 'Ida', now() + interval '%s', now() + interval '%s')"
)
CAME = (
    "INSERT INTO cru.late_link (referral_id, service, incident, came_at)"
    " VALUES ('{closed}', 'ems', '1', now() + interval '%s')"
)
FREE = (
    "INSERT INTO cru.places_free (destination, free, said_by, said_at)"
    " SELECT min(name), 1, 'x', now() + interval '%s' FROM cru.destination"
)
SENT = "INSERT INTO cru.message (words, to_login) VALUES ('x', '%s')"
ITEM = "INSERT INTO cru.improvement (said, raised_by, state, owner, did) VALUES ('x', 'carer', '%s', '%s', '%s')"
SAID_SO = "INSERT INTO cru.feedback (referral_id, said_by, words, themes) VALUES ('{closed}', 'carer', 'x', %s)"
USUAL = "INSERT INTO cru.spc_baseline (measure, since_on, reason) VALUES ('response', now()::date + %s, '%s')"
WARNS = (
    "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
    " VALUES ('{closed}', 'person', 'pets', 'x', now() + interval '%s')"
)
AGAIN = "SELECT set_config('cru.reason', 'x', true); UPDATE cru.referral SET state = '%s' WHERE id = '{%s}'"
WITHIN = ("aim_minutes = NULL, within_minutes = 5", "within_minutes = 20160", "aim_minutes = within_minutes")
PLACES = ((49, -9), (61, 2.5), ("NULL", "NULL"))
RETIRED_LATER = (("outcome", "gp"), ("referral_source", "hub"))

REFUSED: list[tuple[str, str, str, str]] = [
    # Who, what, the kind of refusal and its words; "" for the owner.
    ("", ASSIGN % ("available", "mobile"), "CR001", "starts as allocated"),
    ("", ASSIGN % ("meal", "allocated"), "CR001", "is meal break."),
    ("", ASSIGN % ("alarmed", "allocated"), "CR001", "has an emergency"),
    ("", TIMED % "mobile_at", "CR002", "set by the step itself"),
    ("", "UPDATE cru.van SET duty_status = 'meal break' WHERE id = '{busy}'", "CR001", "committed to a job"),
    ("", f"{HANDOVER} VALUES ('{{attending}}', 1, 'EMAS', 'CRU', 'started')", "CR001", "starts as expected"),
    ("", LIFE % "1, 'drafted', '', ''", "CR001", "has begun already"),
    ("", LIFE % "2, 'approved', ' ', 'nurse'", "CR003", "names who approves"),
    ("", LIFE % "2, 'approved', 'Ann', ' '", "CR003", "names who approves"),
    ("", f"{LIFE % RETIRED};{LIFE % APPROVED}", "CR001", "is retired"),
    ("", DECIDE % ("doubtful", "'{}'"), "CR003", "names what it lets through"),
    ("", DECIDE % ("closed", "'{x}'"), "CR001", "is closed."),
    ("a.shah", DECIDE % ("doubtful", "'{x}'"), "CR002", "records a clinician's decision"),
    ("", DECIDE % ("doubtful", "'{x}'"), "CR001", "not what stands against it"),
    ("", SAID % ("language", "klingon"), "CR003", "knows no language"),
    ("", SAID % ("mobility", "wings"), "CR003", 'knows no "wings"'),
    ("", FLAG % ("closed", "person"), "CR001", "not one of this person"),
    ("", FLAG % ("accepted", "address"), "CR001", "not one of this person"),
    (
        "",
        "UPDATE cru.flag SET withdrawn_at = now(), withdrawn_reason = 'x' WHERE id = '{flag}';"
        + FLAG % ("accepted", "person"),
        "CR001",
        "not one of this person",
    ),
    ("l.lead", RULE % (0.5, "no_van"), "CR003", "lies between 1 and 120 minutes"),
    ("l.lead", RULE % (121, "no_van"), "CR003", "lies between"),
    ("l.lead", RULE % (1.5, "registered_least"), "CR003", "whole number"),
    ("l.lead", RULE % (0.5, "registered_binds"), "CR003", "whole number"),
    ("l.lead", RULE % (129, "leaves_beyond"), "CR003", "at least 50 metres beyond"),
    ("l.lead", RULE % (1.9, "lost_van"), "CR003", "lost no sooner"),
    ("l.lead", RULE % (5, "welfare_lost"), "CR003", "begins after the shift lead was told"),
    ("l.lead", RULE % (31, "welfare_close_first"), "CR003", "no later than others"),
    ("l.lead", RULE % (31, "welfare_close_every"), "CR003", "no later than others"),
    ("l.lead", CALLED % "first_minutes = 241", "CR003", "after the time that P2 allows"),
    ("l.lead", CALLED % "every_minutes = 1441", "CR003", "once a day"),
    ("l.lead", CALLED % "again_minutes = 241", "CR003", "within four hours"),
    ("a.shah", "SELECT cru.acknowledge_alarm('{closed}')", "CR003", "no such alarm"),
    ("", "UPDATE cru.message_seen SET seen_at = now()", "CR002", "saw a message stays"),
    ("", "DELETE FROM cru.message_seen", "CR002", "saw a message stays"),
    ("a.shah", "SELECT cru.be_present(NULL, '{closed}', false)", "CR003", "which it is"),
    ("a.shah", "SELECT cru.be_present('{closed}', '{closed}', NULL)", "CR003", "which it is"),
    ("g.gateway", SEAL % "NULL", "CR003", "64 hexadecimal"),
    ("g.gateway", SEAL % "repeat('0f', 31)", "CR003", "64 hexadecimal"),
    ("g.gateway", SEAL % "repeat('0F', 32)", "CR003", "64 hexadecimal"),
    ("a.shah", ASK % ("copy", "", " to read ", "open", ""), "CR001", "asked already"),
    ("a.shah", ASK % ("copy", "", "x", "open", "y"), "CR003", "done, refused or wanted no longer"),
    ("a.shah", ASK % ("correction", "", "x", "refused", "y"), "CR002", "Only a shift lead refuses"),
    ("a.shah", ASK % ("copy", "", "x", "done", "y"), "CR002", "Only a shift lead gives out"),
    ("a.shah", ANSWER % ("open", "asked"), "CR003", "done, refused or wanted no longer"),
    ("", ANSWER % ("done", "erasing"), "CR002", "says the record itself"),
    ("l.lead", ANSWER % ("refused", "erasing"), "CR002", "Only the owner"),
    ("l.lead", ANSWER % ("refused", "answered"), "CR001", "answered already"),
    ("", "UPDATE cru.person_request SET words = 'y' WHERE id = '{asked}'", "CR002", "stays as it was asked"),
    ("", "DELETE FROM cru.person_request", "CR002", "asked about a record stays"),
    ("", "TRUNCATE cru.person_request", "CR002", "asked about a record stays"),
    ("a.shah", OPENS % (201, "a look"), "CR002", "not opened at once"),
    ("a.shah", OPENS % (1, "l00k"), "CR002", "not opened at once"),
    ("l.lead", HEARD % " - ", "CR003", "letters or figures"),
    ("l.lead", HEARD % "cru 1", "CR001", "called CRU1"),
    ("l.lead", "UPDATE cru.shift_handover_item SET remark = 'x'", "CR003", "Nothing is signed"),
    (
        "",
        "UPDATE cru.shift_handover SET withdrawn_at = now();UPDATE cru.shift_handover SET withdrawn_at = now()",
        "CR001",
        "offer was withdrawn by",
    ),
    ("l.lead", CREW % ("at_work", "free"), "CR001", "Say that you know"),
    ("l.lead", CREW % ("runs", "crew"), "CR001", "Take them off there first"),
    ("l.lead", "UPDATE cru.staff SET active = false WHERE id = '{crew}'", "CR001", "is on"),
    ("l.lead", "UPDATE cru.staff SET active = false WHERE id = '{planned}'", "CR001", "is on"),
    ("l.lead", PLANNED % "2 hours", "CR001", "Take them off one of the two"),
    ("l.lead", LENGTH % "1 second", "CR001", "Take them off there first"),
    ("l.lead", PLANS % ("9 hours", "401 days"), "CR003", "400 days ahead"),
    ("l.lead", PLANS % ("9 hours", "-10 hours"), "CR003", "not planned any more"),
    ("l.lead", PLANS % ("24 hours 1 minute", "300 days"), "CR003", "24 hours at most"),
    ("a.shah", WROTE % "-7 days -1 minute", "CR003", "more than seven days ago"),
    ("a.shah", WROTE % "2 minutes", "CR003", "in the future"),
    ("a.shah", LATER % "90 days 1 minute", "CR003", "within 90 days"),
    ("a.shah", LATER % "-1 second", "CR003", "due in the future"),
    ("a.shah", SPOKE % ("0 seconds", "30 days 1 minute"), "CR003", "more than 30 days ahead"),
    ("a.shah", SPOKE % ("0 seconds", "-2 seconds"), "CR003", "before the call"),
    ("a.shah", SPOKE % ("-1 hour", "1 day"), "CR003", "before the referral was received"),
    ("a.shah", CAME % "2 minutes", "CR003", "in the future"),
    ("a.shah", FREE % "2 minutes", "CR003", "in the future"),
    ("a.shah", SENT % "a.shah", "CR003", "That is you"),
    ("a.shah", SENT % "w.wall", "CR003", "Nobody at a desk"),
    ("a.shah", SENT % "the pope", "CR003", "Nobody at a desk"),
    ("l.lead", ITEM % ("doing", "", ""), "CR003", "Nobody sees to it"),
    ("l.lead", ITEM % ("done", "Ann", " "), "CR003", "ends with what changed"),
    ("l.lead", ITEM % ("not done", "Ann", ""), "CR003", "ends with what changed"),
    ("a.shah", SAID_SO % "'{zebras}'", "CR003", "is no theme"),
    ("l.lead", USUAL % (-9, " "), "CR003", "does not say why"),
    ("l.lead", USUAL % (1, "x"), "CR003", "days that have been"),
    ("a.shah", WARNS % "12 months 1 minute", "CR003", "within 12 months"),
    ("a.shah", WARNS % "-1 second", "CR003", "within 12 months"),
    ("l.lead", "SELECT cru.offer_room(gen_random_uuid(), '', '[]')", "CR001", "offered the room already"),
    ("l.lead", AGAIN % ("accepted", "turned_away"), "CR001", "where it stood"),
    ("l.lead", AGAIN % ("received", "cancelled"), "CR001", "where it stood"),
    ("a.shah", AGAIN % ("received", "turned_away"), "CR002", "Only a shift lead reopens"),
]
ALLOWED = [
    *(("l.lead", AGAIN % one) for one in (("received", "turned_away"), ("accepted", "cancelled"))),
    *(("l.lead", PLANS % span) for span in (("9 hours", "399 days"), ("24 hours", "300 days"))),
    *(("a.shah", WROTE % ago) for ago in ("-7 days 1 minute", "30 seconds")),
    *(("a.shah", LATER % after) for after in ("90 days -1 minute", "1 minute")),
    *(("a.shah", SPOKE % ("0 seconds", until)) for until in ("30 days -1 minute", "1 second")),
    *(("a.shah", at % "30 seconds") for at in (CAME, FREE)),
    *(("a.shah", SENT % to) for to in ("l.lead", "b.okafor", "")),
    *(("l.lead", ITEM % said) for said in (("open", "", ""), ("doing", "Ann", ""), ("done", "Ann", "a bell"))),
    ("a.shah", SAID_SO % "ARRAY(SELECT label FROM cru.feedback_theme LIMIT 1)"),
    ("l.lead", USUAL % (-9, "x")),
    *(("a.shah", WARNS % after) for after in ("12 months -1 minute", "1 minute")),
    *(("l.lead", f"UPDATE cru.priority SET {to} WHERE code = 'P2'") for to in WITHIN),
    *(("l.lead", f"UPDATE cru.destination SET lat = {lat}, lon = {lon}") for lat, lon in PLACES),
    *(("l.lead", f"UPDATE cru.{one} SET active = false WHERE code = '{code}'") for one, code in RETIRED_LATER),
    ("l.lead", YARD),
    ("", ASSIGN % ("available", "allocated")),
    ("", TIMED % "allocated_at"),
    ("", LIFE % APPROVED),
    ("", SAID % ("language", "pol")),
    ("", FLAG % ("accepted", "person")),
    *(("l.lead", RULE % (value, "no_van")) for value in (1, 120)),
    *(("l.lead", RULE % (value, name)) for value, name in ((2, "registered_least"), (130, "leaves_beyond"))),
    *(("l.lead", RULE % (value, name)) for value, name in ((2, "lost_van"), (6, "welfare_lost"))),
    *(("l.lead", RULE % (30, name)) for name in ("welfare_close_first", "welfare_close_every")),
    ("l.lead", CALLED % "first_minutes = 240, every_minutes = 1440, again_minutes = 240"),
    ("a.shah", "SELECT cru.be_present('{closed}', NULL, true)"),
    ("g.gateway", SEAL % "repeat('0f', 32)"),
    *(
        ("a.shah", ASK % said)
        for said in (("copy", "", "other words", "open", ""), ("copy", "x", "to read", "open", " "))
    ),
    *(("a.shah", ASK % (kind, "", "to read", "open", "")) for kind in ("correction", "erasing")),
    ("a.shah", ASK % ("correction", "", "x", "done", "y")),
    ("a.shah", ASK % ("copy", "", "answered", "open", "")),
    *(("a.shah", ANSWER % ("withdrawn", key)) for key in ("asked", "erasing")),
    *((who, ANSWER % (state, "asked")) for who in ("", "l.lead") for state in ("done", "refused")),
    ("", ANSWER % ("refused", "erasing")),
    ("a.shah", OPENS % (200, "a look")),
    ("l.lead", HEARD % "CRU 1b"),
    ("l.lead", "UPDATE cru.van SET callsign = 'cru-1' WHERE callsign = 'CRU1'"),
    ("l.lead", "SELECT set_config('cru.insisted', 'x', true);" + CREW % ("at_work", "free")),
    ("l.lead", CREW % ("runs", "free")),
    ("l.lead", "UPDATE cru.staff SET active = false WHERE id = '{free}'"),
    ("l.lead", PLANNED % "1 hour"),
    ("l.lead", LENGTH % "0 seconds"),
]


@pytest.fixture
async def ids(psql: Psql) -> dict[str, str]:
    """What the statements are about."""
    owner, lead, made = psql.owner, psql.lead, dict[str, Any]()
    made["accepted"], made["closed"] = await psql.referral("accepted"), await psql.referral("closed")
    job = await psql.assignment("on scene")
    made["attending"], made["busy"] = await owner.fetchrow(
        "SELECT referral_id, van_id FROM cru.assignment WHERE id = $1", job
    )
    made["doubtful"] = await psql.take()
    await psql.screen(made["doubtful"], sepsis="not known")
    # One was never accepted before it ended, and one was.
    made["turned_away"], made["cancelled"] = await psql.take(), await psql.referral("accepted")
    await psql.screen(made["turned_away"])
    for name in ("turned_away", "cancelled"):
        await psql.set(psql.shah, "referral", made[name], state="declined", end_reason="no_capacity")
    made |= {name: await psql.van() for name in ("available", "alarmed")}
    made["meal"], made["off"] = await psql.van("meal break"), (await vans(psql))[-1]
    await psql.set(psql.shah, "van", made["alarmed"], emergency_at=await owner.fetchval("SELECT cru.clock_now()"))
    shift = "SELECT id FROM cru.shift WHERE van_id = $1 AND ended_at IS NULL"
    made["at_work"], made["runs"] = [await owner.fetchval(shift, made[name]) for name in ("busy", "available")]
    made["crew"] = await owner.fetchval(
        "SELECT staff_id FROM cru.shift_member WHERE shift_id = $1", made["at_work"]
    )
    riding = {row[0] for row in await owner.fetch("SELECT staff_id FROM cru.shift_member")}
    made["free"], made["planned"] = [one for one in await staff(psql) if one not in riding][:2]
    # Of a van that runs, whoever rides is planned elsewhere from tomorrow on; another has two shifts that meet.
    runner = await owner.fetchval("SELECT staff_id FROM cru.shift_member WHERE shift_id = $1", made["runs"])
    made["plan"] = await lead.fetchval(PLAN, made["off"], at(2), at(11))
    later = await lead.fetchval(PLAN, made["busy"], at(12), at(20))
    for planned in (made["plan"], later):
        await lead.execute(RIDE, planned, made["planned"], None, None)
    elsewhere = await lead.fetchval(PLAN, made["meal"], at(0), at(9))
    # At whatever hour this runs: a shift of twelve hours that begins in the evening reaches past seven.
    ends = "UPDATE cru.shift SET planned_end_at = cru.clock_now() + interval '1 hour' WHERE id = $1"
    await lead.execute(ends, made["runs"])
    await lead.execute(RIDE, elsewhere, runner, None, None)
    made["flag"] = await psql.shah.fetchval(
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " VALUES ($1, 'person', 'pets', 'x', now() + interval '9 days') RETURNING id",
        made["accepted"],
    )
    # The console reads what it says, or nobody is sent.
    await does(psql, do.AddNote(referral_id=made["accepted"], words="x"))
    asks = (
        "INSERT INTO cru.person_request (referral_id, kind, said_by, words) VALUES ($1, $2, 'x', $3) RETURNING id"
    )
    for name, kind, words in (
        ("asked", "copy", "to read"),
        ("erasing", "erasing", "to be gone"),
        ("answered", "copy", "answered"),
    ):
        made[name] = await psql.shah.fetchval(asks, made["closed"], kind, words)
    await lead.execute((ANSWER % ("done", "answered")).format(**made))
    message = await owner.fetchval("INSERT INTO cru.message (words) VALUES ('x') RETURNING id")
    await psql.shah.execute("INSERT INTO cru.message_seen (message_id) VALUES ($1)", message)
    await owner.execute('SELECT cru.offer_room(gen_random_uuid(), \'\', \'[{"kind": "person", "words": "x"}]\')')
    return {name: str(one) for name, one in made.items()} | {"tomorrow": at(0).isoformat()}


def at(hours: float) -> datetime:
    """So many hours after a time that is half a day from now, whatever hour it is: a shift has 24 at most."""
    return _BEGINS + timedelta(hours=hours)


async def test_each_is_refused_in_its_own_words_and_what_lies_within_is_not(
    psql: Psql, ids: dict[str, str]
) -> None:
    wrong: list[str] = []
    for who, sql, code, says in REFUSED:
        session = psql.session(who) if who else psql.owner
        trying = session.transaction()
        await trying.start()
        try:
            await session.execute(_about(sql, ids))
            wrong.append(f"not refused: {sql}")
        except asyncpg.PostgresError as refusal:
            if refusal.sqlstate != code or says not in str(refusal):
                wrong.append(f"{sql}: {refusal.sqlstate} {refusal}")
        await trying.rollback()
    for who, sql in ALLOWED:
        session = psql.session(who) if who else psql.owner
        trying = session.transaction()
        await trying.start()
        try:
            await session.execute(_about(sql, ids))
        except asyncpg.PostgresError as refusal:
            wrong.append(f"{sql}: {refusal.sqlstate} {refusal}")
        await trying.rollback()
    assert wrong == []


def _about(sql: str, ids: dict[str, str]) -> str:
    for name, one in ids.items():
        sql = sql.replace(f"{{{name}}}", one)
    return sql
