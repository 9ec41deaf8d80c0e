# ruff: noqa: S608 - the tests name tables and functions of our own
"""The edges of the triggers' rules: what a rule a little wider or narrower would not do."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.db.psql import Psql

BEFORE = timedelta(microseconds=1)
"""A step that a test takes follows the one before within milliseconds, and may not be put before it."""
NOTE = "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, $2, 'x')"


async def clock(psql: Psql) -> datetime:
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    return now


async def newest(psql: Psql) -> int:
    return int(await psql.owner.fetchval("SELECT coalesce(max(id), 0) FROM cru.event"))


async def told(psql: Psql, after: int) -> list[tuple[str, str]]:
    """Kind and words of every event since one, in the order written."""
    rows = await psql.owner.fetch("SELECT kind, words FROM cru.event WHERE id > $1 ORDER BY id", after)
    return [tuple(row) for row in rows]


async def said(psql: Psql, who: Any, reason: str) -> None:
    await who.execute("SELECT set_config('cru.reason', $1, false)", reason)


# --- the clock ---


async def test_a_practice_shifts_clock_runs_from_its_origin_at_its_speed(psql: Psql) -> None:
    real = await psql.owner.fetchval("SELECT clock_timestamp()")
    assert abs(await clock(psql) - real) < timedelta(minutes=1)
    sql = (
        "UPDATE cru.service SET clock_origin = clock_timestamp() - interval '1 hour',"
        " clock_shown = '2026-06-01 12:00+00', clock_speed = 4"
    )
    await psql.owner.execute(sql)
    shown = datetime.fromisoformat("2026-06-01T16:00:00+00:00")
    assert timedelta() <= await clock(psql) - shown < timedelta(minutes=4)


# --- events ---


@pytest.mark.parametrize("kind", ["accepted", "van mobile", "details changed", "notes", ""])
async def test_nobody_types_an_event_that_follows_from_what_is_done(psql: Psql, kind: str) -> None:
    referral = await psql.referral()
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.refused(who, NOTE, referral, kind)
    # Nor from inside a trigger of one's own.
    await psql.shah.execute(
        "CREATE TEMP TABLE mine (id uuid, kind text);"
        "CREATE FUNCTION pg_temp.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO cru.event (referral_id, kind, words) VALUES (NEW.id, NEW.kind, 'x'); RETURN NULL; END $$;"
        "CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.tell()"
    )
    await psql.refused(psql.shah, "INSERT INTO mine VALUES ($1, $2)", referral, kind)


@pytest.mark.parametrize("kind", ["note", "record opened", "999 advised", "contact"])
async def test_what_people_type_is_theirs_and_of_now(psql: Psql, kind: str) -> None:
    referral = await psql.referral()
    sql = (
        "INSERT INTO cru.event (referral_id, kind, words, recorded_by, recorded_at, happened_at)"
        " VALUES ($1, $2, 'x', 'nobody', '2020-01-01', '2020-01-01') RETURNING id"
    )
    event = await psql.owner.fetchrow(
        "SELECT recorded_by = session_user AS mine, recorded_at, happened_at FROM cru.event WHERE id = $1",
        await psql.owner.fetchval(sql, referral, kind),
    )
    assert event["mine"]
    assert abs(event["recorded_at"] - await clock(psql)) < timedelta(minutes=1)
    assert event["happened_at"].year == 2020


async def test_events_stay_whoever_asks(psql: Psql) -> None:
    await psql.referral()
    for sql in ("UPDATE cru.event SET words = 'x'", "DELETE FROM cru.event", "TRUNCATE cru.event"):
        await psql.refused(psql.owner, sql, code="CR002", says="never changed or deleted")


async def test_what_was_mended_stays_as_it_was_kept(psql: Psql) -> None:
    await psql.owner.execute(
        "INSERT INTO cru.mended (table_name, row_id, column_name, revision) VALUES ('x', 'x', 'x', '1')"
    )
    for sql in ("UPDATE cru.mended SET was = 'y'", "DELETE FROM cru.mended", "TRUNCATE cru.mended"):
        await psql.refused(psql.owner, sql, code="CR002", says="never changed or deleted")


WORDS_OF_ONES_OWN = {
    "feedback": ("referral_id, said_by, words", "'person', 'x'", "recorded"),
    "flag": (
        "referral_id, subject, kind, reason, expires_at",
        "'address', 'pets', 'x', now() + interval '30 days'",
        "added",
    ),
    "command_log": ("command_id, verb", "'x'", "done"),
}


@pytest.mark.parametrize("table", WORDS_OF_ONES_OWN)
async def test_whose_word_it_is_stays_theirs(psql: Psql, table: str) -> None:
    referral = await psql.referral()
    columns, values, verb = WORDS_OF_ONES_OWN[table]
    names = f"{columns}, {verb}_by, {verb}_at"
    await psql.owner.execute(
        f"INSERT INTO cru.{table} ({names}) VALUES ($1, {values}, 'nobody', '2020-01-01')", referral
    )
    sql = f"SELECT {verb}_by = session_user AS mine, {verb}_at AS at FROM cru.{table}"
    row = await psql.owner.fetchrow(sql)
    assert row["mine"]
    assert abs(row["at"] - await clock(psql)) < timedelta(minutes=1)
    for change in (f"UPDATE cru.{table} SET {verb}_by = 'x'", f"DELETE FROM cru.{table}"):
        await psql.refused(psql.owner, change, code="CR002", says="never changed")


# --- times ---


async def test_a_referrals_other_times_are_filled_in_later_by_anybody(psql: Psql) -> None:
    referral, before = await psql.referral(), await newest(psql)
    received = (await psql.read("referral", referral))["received_at"]
    at = received - timedelta(minutes=5)
    given = {"ems_on_scene_at": at, "sent_at": at, "call_connected_at": at, "acknowledged_at": received}
    for column, moment in given.items():
        await psql.set(psql.shah, "referral", referral, **{column: moment})
    assert [kind for kind, _ in await told(psql, before)] == [
        "ems on scene",
        "sent",
        "call connected",
        "acknowledged",
    ]
    # Once there, a time is amended.
    later = at + timedelta(minutes=1)
    await psql.set_refused(psql.shah, "referral", referral, code="CR002", says="Only a shift lead", sent_at=later)


async def test_times_given_at_once_are_told_in_their_order(psql: Psql) -> None:
    now, before = await clock(psql), await newest(psql)
    given = {"received_at": 1, "ems_on_scene_at": 4, "sent_at": 2, "call_connected_at": 3}
    await psql.take(**{column: now - timedelta(minutes=minutes) for column, minutes in given.items()})
    assert [kind for kind, _ in await told(psql, before)] == ["ems on scene", "call connected", "sent", "received"]


async def test_a_step_is_no_cover_for_an_amendment(psql: Psql) -> None:
    referral, now = await psql.referral("received"), await clock(psql)
    moved = {"received_at": now - timedelta(hours=2)}
    for end in ({"state": "declined", "end_reason": "x"}, {"priority": "P2"}):
        says = "Only a shift lead amends a time."
        await psql.set_refused(psql.shah, "referral", referral, code="CR002", says=says, **end, **moved)
    job = await psql.assignment()
    await psql.set_refused(
        psql.shah, "assignment", job, state="mobile", allocated_at=now - timedelta(hours=2), code="CR002"
    )


async def test_an_amendment_names_the_event_of_its_own_van_and_step(psql: Psql) -> None:
    referral = await psql.referral()
    one, two = [await psql.allocate(referral, await psql.van()) for _ in range(2)]
    for job in (one, two):
        await psql.set(psql.shah, "assignment", job, state="mobile")
        await psql.set(psql.shah, "assignment", job, state="at rendezvous")
    row = await psql.read("assignment", one)
    meant = await psql.owner.fetchval(
        "SELECT id FROM cru.event WHERE van_id = $1 AND referral_id = $2 AND kind = 'van mobile'",
        row["van_id"],
        referral,
    )
    await said(psql, psql.lead, "typed late")
    await psql.set(psql.lead, "assignment", one, mobile_at=row["mobile_at"] - BEFORE)
    event = await psql.owner.fetchrow("SELECT * FROM cru.event ORDER BY id DESC LIMIT 1")
    assert (event["kind"], event["amends"]) == ("time amended", meant)


async def test_what_a_van_did_before_for_another_is_not_what_is_amended(psql: Psql) -> None:
    first, van = await psql.referral(), await psql.van()
    job = await psql.allocate(first, van)
    await psql.set(psql.shah, "assignment", job, state="stood down", stand_down_reason="x")
    again = await psql.allocate(await psql.referral(), van)
    row = await psql.read("assignment", job)
    meant = await psql.owner.fetchval(
        "SELECT id FROM cru.event WHERE referral_id = $1 AND kind = 'van allocated'", first
    )
    await said(psql, psql.lead, "typed late")
    await psql.set(psql.lead, "assignment", job, allocated_at=row["allocated_at"] - BEFORE)
    event = await psql.owner.fetchrow("SELECT * FROM cru.event ORDER BY id DESC LIMIT 1")
    assert (event["amends"], event["referral_id"]) == (meant, first)
    assert again != job


@pytest.mark.parametrize("table", ["referral", "assignment", "handover", "van", "shift", "screening"])
async def test_a_row_keeps_its_id(psql: Psql, table: str) -> None:
    makes = {"referral": psql.referral, "assignment": psql.assignment, "handover": psql.handover, "van": psql.van}
    if table == "screening":
        row = await psql.screen(await psql.take())
    elif table == "shift":
        row = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", await psql.van())
    else:
        row = await makes[table]()
    await psql.set_refused(psql.owner, table, row, id=UUID(int=7), code="CR002", says="never changes")


# --- referrals ---


async def test_a_reference_is_the_records_own(psql: Psql) -> None:
    sql = (
        "INSERT INTO cru.referral (source, priority, location_text, reference) VALUES ('hub', 'P2', 'x', 'CRU-1')"
        " RETURNING id"
    )
    referral = await psql.owner.fetchval(sql)
    row = await psql.read("referral", referral)
    assert row["reference"].startswith("CRU-2")
    await psql.set_refused(psql.owner, "referral", referral, reference="CRU-1", code="CR002", says="never changes")
    version = row["version"]
    await psql.set(psql.shah, "referral", referral, caller="Ann")
    await psql.set(psql.owner, "referral", referral, version=50)
    assert (await psql.read("referral", referral))["version"] == version + 2


async def test_what_is_amended_in_a_closed_referral_does_not_close_it_again(psql: Psql) -> None:
    for state, reason in (("closed", ""), ("declined", "duplicate"), ("cancelled", "duplicate")):
        referral = await psql.referral(state)
        row, before = await psql.read("referral", referral), await newest(psql)
        await said(psql, psql.shah, "they rang back")
        await psql.set(psql.shah, "referral", referral, caller="Ann")
        assert await told(psql, before) == [("details changed", "caller")]
        after = await psql.read("referral", referral)
        assert (after["closed_at"], after["end_reason"]) == (row["closed_at"], reason)


async def test_reopening_is_told_as_that_and_the_old_end_stays_in_the_events(psql: Psql) -> None:
    referral = await psql.referral("closed")
    await said(psql, psql.lead, "rang again")
    before = await newest(psql)
    await psql.set(psql.lead, "referral", referral, state="accepted")
    assert await told(psql, before) == [("reopened", "")]
    row = await psql.read("referral", referral)
    assert (row["state"], row["closed_at"]) == ("accepted", None)
    before = await newest(psql)
    await psql.set(psql.shah, "referral", referral, state="cancelled", end_reason="x")
    assert await told(psql, before) == [("cancelled", "x")]


async def test_ending_a_hold_and_the_referral_is_one_step(psql: Psql) -> None:
    referral = await psql.referral()
    hold = {"hold_until": await clock(psql) + timedelta(minutes=50), "hold_reason": "call_back"}
    await psql.set(psql.shah, "referral", referral, **hold)
    end = {"state": "cancelled", "end_reason": "x", "hold_until": None, "hold_reason": ""}
    await psql.set(psql.shah, "referral", referral, **end)
    assert (await psql.read("referral", referral))["state"] == "cancelled"


async def test_a_hold_is_ended_by_the_end_and_not_by_a_word(psql: Psql) -> None:
    for end in ("declined", "cancelled"):
        referral = await psql.referral()
        hold = {"hold_until": await clock(psql) + timedelta(minutes=50), "hold_reason": "call_back"}
        await psql.set(psql.shah, "referral", referral, **hold)
        await psql.set(psql.shah, "referral", referral, caller="Ann")
        row = await psql.read("referral", referral)
        assert (row["hold_until"], row["hold_reason"]) == tuple(hold.values())
        before = await newest(psql)
        await psql.set(psql.shah, "referral", referral, state=end, end_reason="x")
        row = await psql.read("referral", referral)
        assert (row["hold_until"], row["hold_reason"]) == (None, "")
        assert await told(psql, before) == [(end, "x"), ("hold ended", "")]


async def test_a_hold_that_ran_out_hinders_nothing(psql: Psql) -> None:
    referral = await psql.referral()
    past = await clock(psql) - timedelta(minutes=5)
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.set(psql.owner, "referral", referral, hold_until=past, hold_reason="call_back")
    await psql.owner.execute("SET session_replication_role = origin")
    await psql.set(psql.shah, "referral", referral, caller="Ann")
    await psql.allocate(referral, await psql.van())
    assert (await psql.read("referral", referral))["hold_until"] == past


async def test_a_hold_of_before_the_limit_is_not_asked_about_again(psql: Psql) -> None:
    referral, far = await psql.referral(), await clock(psql) + timedelta(days=30)
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.set(psql.owner, "referral", referral, hold_until=far, hold_reason="x")
    await psql.owner.execute("SET session_replication_role = origin")
    await psql.set(psql.shah, "referral", referral, hold_until=far, hold_reason="call_back")
    assert (await psql.read("referral", referral))["hold_until"] == far


@pytest.mark.parametrize("days", [6.99, 7.01])
async def test_a_hold_of_a_week(psql: Psql, days: float) -> None:
    referral = await psql.referral()
    hold = {"hold_until": await clock(psql) + timedelta(days=days), "hold_reason": "x"}
    await psql.call(referral, about="hold", agreed_until=hold["hold_until"])
    if days > 7:
        await psql.set_refused(psql.shah, "referral", referral, code="CR003", says="at most 7 days", **hold)
    else:
        await psql.set(psql.shah, "referral", referral, **hold)


@pytest.mark.parametrize("hours", [23.9, 24.1])
async def test_an_emergency_of_a_day(psql: Psql, hours: float) -> None:
    van, at = await psql.van(), await clock(psql) - timedelta(hours=hours)
    if hours > 24:
        await psql.set_refused(psql.shah, "van", van, code="CR003", says="more than a day ago", emergency_at=at)
    else:
        await psql.set(psql.shah, "van", van, emergency_at=at)


async def test_taking_back_an_error_needs_a_lead_but_leaves_the_row_alone(psql: Psql) -> None:
    referral, now = await psql.referral("declined"), await clock(psql)
    mark = {"entered_in_error_at": now, "entered_in_error_reason": "test call"}
    await psql.set(psql.lead, "referral", referral, **mark)
    # Whoever only adds a word to it, and says why, is no lead and need not be.
    await said(psql, psql.shah, "they rang back")
    before = await newest(psql)
    await psql.set(psql.shah, "referral", referral, caller="Ann")
    assert await told(psql, before) == [("details changed", "caller")]
    await psql.owner.execute("GRANT UPDATE ON cru.referral TO cru_dispatcher")
    await psql.set_refused(
        psql.shah, "referral", referral, code="CR002", entered_in_error_at=None, entered_in_error_reason=""
    )


# --- screening ---


async def test_a_screening_says_who_and_is_screened_for_itself(psql: Psql) -> None:
    referral = await psql.take()
    sql = (
        "INSERT INTO cru.screening (referral_id, tool_version, answers, completed_by, override_by)"
        " VALUES ($1, 1, '{}', 'nobody', '') RETURNING completed_by = session_user"
    )
    assert await psql.owner.fetchval(sql, referral)


async def test_a_screening_after_the_accepting_stops_no_van_from_standing_down(psql: Psql) -> None:
    referral = await psql.referral("allocated")
    await psql.screen(referral, weapon="yes")
    job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", referral)
    await psql.set(psql.shah, "assignment", job, state="stood down", stand_down_reason="x")
    assert (await psql.read("referral", referral))["state"] == "accepted"


@pytest.mark.hazard("H-010")
@pytest.mark.parametrize("words", [("Dr Example", ""), ("", "seen"), ("Dr Example", "seen")])
async def test_an_override_without_a_time_is_none(psql: Psql, words: tuple[str, str]) -> None:
    sql = (
        "INSERT INTO cru.screening (referral_id, tool_version, answers, override_clinician, override_reason)"
        " VALUES ($1, 1, '{}', $2, $3)"
    )
    await psql.refused(psql.lead, sql, await psql.take(), *words, code="CR003", says="An override has a time")


@pytest.mark.parametrize("column", ["completed_at", "override_at"])
@pytest.mark.parametrize(("seconds", "taken"), [(30, True), (90, False)])
async def test_two_clocks_are_never_quite_the_same(psql: Psql, column: str, seconds: int, taken: bool) -> None:
    override = {"override_clinician": "Dr Example", "override_reason": "seen", "override_at": await clock(psql)}
    given = override | {column: await clock(psql) + timedelta(seconds=seconds)}
    names = ", ".join(given)
    sql = (
        f"INSERT INTO cru.screening (referral_id, tool_version, answers, {names})"
        f" VALUES ($1, 1, '{{}}', {', '.join(f'${n}' for n in range(2, 2 + len(given)))})"
    )
    referral = await psql.take()
    if taken:
        await psql.owner.execute(sql, referral, *given.values())
    else:
        await psql.refused(psql.owner, sql, referral, *given.values(), code="CR003")


async def test_no_screening_of_later_is_written_down_now_not_even_a_second_one(psql: Psql) -> None:
    referral = await psql.take()
    await psql.screen(referral)
    sql = "INSERT INTO cru.screening (referral_id, tool_version, answers, completed_at) VALUES ($1, 1, '{}', $2)"
    ahead = await clock(psql) + timedelta(minutes=5)
    await psql.refused(psql.shah, sql, referral, ahead, code="CR003", says="cannot lie in the future")
    await psql.shah.execute(sql, referral, ahead - timedelta(minutes=5))


# --- vans, shifts and assignments ---


@pytest.mark.hazard("H-044")
async def test_a_van_whose_shift_has_ended_has_no_crew(psql: Psql) -> None:
    van = await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    await psql.set_refused(psql.shah, "shift", shift, ended_at=await clock(psql), code="CR001")
    await psql.set(psql.shah, "van", van, duty_status="meal break")
    await psql.set_refused(psql.shah, "shift", shift, ended_at=await clock(psql), code="CR001")
    await psql.set(psql.shah, "van", van, duty_status="out of service", duty_reason="x")
    await psql.set(psql.shah, "shift", shift, ended_at=await clock(psql))
    await psql.set_refused(psql.shah, "van", van, duty_status="available", code="CR001", says="has no crew")


async def test_another_vans_crew_and_jobs_are_not_ones_own(psql: Psql) -> None:
    busy, free = await psql.van(), await psql.van()
    await psql.allocate(await psql.referral(), busy)
    await psql.set(psql.shah, "van", free, duty_status="off duty")
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", free)
    await psql.set(psql.shah, "shift", shift, ended_at=await clock(psql))
    await psql.set_refused(psql.shah, "van", free, duty_status="available", code="CR001", says="has no crew")
    await psql.set(psql.shah, "van", free, duty_status="out of service", duty_reason="x")


@pytest.mark.parametrize("end", [{"state": "clear"}, {"state": "stood down", "stand_down_reason": "x"}])
async def test_a_van_is_free_again_once_its_job_has_ended(psql: Psql, end: dict[str, str]) -> None:
    van = await psql.van()
    job = await psql.allocate(await psql.referral(), van)
    if end["state"] == "clear":
        await psql.set(psql.shah, "assignment", job, state="on scene")
    await psql.set(psql.shah, "assignment", job, **end)
    await psql.set(psql.shah, "van", van, duty_status="off duty")
    assert (await psql.read("van", van))["duty_status"] == "off duty"


async def test_a_new_van_has_no_emergency(psql: Psql) -> None:
    sql = (
        "INSERT INTO cru.van (callsign, registration, base, livery, seats, emergency_at)"
        " SELECT 'CRU9', 'AB12 CDE', base, livery, seats, cru.clock_now() FROM cru.van LIMIT 1"
    )
    await psql.refused(psql.owner, sql, code="CR001", says="starts off duty")


async def test_a_vans_word_is_about_its_duty_and_kept_trimmed(psql: Psql) -> None:
    van = await psql.van()
    version = (await psql.read("van", van))["version"]
    await psql.set(psql.shah, "van", van, duty_status="out of service", duty_reason="  fault ")
    row = await psql.read("van", van)
    assert (row["duty_reason"], row["version"]) == ("fault", version + 1)
    since, before = row["duty_since_at"], await newest(psql)
    await psql.set(psql.owner, "van", van, seats=7)
    row = await psql.read("van", van)
    assert (row["duty_since_at"], row["duty_reason"]) == (since, "fault")
    assert await told(psql, before) == [("details changed", "seats")]


async def test_an_emergency_beside_another_change_is_told_once(psql: Psql) -> None:
    van = await psql.van()
    await psql.set(psql.shah, "van", van, emergency_at=await clock(psql))
    before = await newest(psql)
    # Out of service and with an emergency: neither asks for a lead.
    await psql.set(psql.shah, "van", van, duty_status="out of service", duty_reason="x")
    assert await told(psql, before) == [("out of service", "x")]


async def test_somebody_who_joins_another_shift_is_let_in(psql: Psql) -> None:
    ended, running = await psql.van(), await psql.van()
    await psql.set(psql.shah, "van", ended, duty_status="off duty")
    await psql.shah.execute("UPDATE cru.shift SET ended_at = cru.clock_now() WHERE van_id = $1", ended)
    join = (
        "INSERT INTO cru.shift_member SELECT s.id, (SELECT id FROM cru.staff WHERE name LIKE 'Jo %')"
        " FROM cru.shift s WHERE s.van_id = $1"
    )
    await psql.refused(psql.shah, join, ended, code="CR001", says="has ended")
    await psql.lead.execute(join, running)


async def test_a_referral_follows_its_vans_and_only_them(psql: Psql) -> None:
    """A first van is clear, a second comes and is stood down: nobody is with the person, and nobody is coming."""
    referral = await psql.referral("attending")
    first = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", referral)
    await psql.set(psql.shah, "assignment", first, state="clear")
    assert (await psql.read("referral", referral))["state"] == "attending"
    second = await psql.allocate(referral, await psql.van())
    assert (await psql.read("referral", referral))["state"] == "allocated"
    await psql.set(psql.shah, "assignment", second, state="stood down", stand_down_reason="x")
    assert (await psql.read("referral", referral))["state"] == "accepted"


async def test_a_crew_that_was_there_is_remembered_while_another_is_clear(psql: Psql) -> None:
    referral = await psql.referral("attending")
    first = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", referral)
    second = await psql.allocate(referral, await psql.van())
    await psql.set(psql.shah, "assignment", first, state="clear")
    assert (await psql.read("referral", referral))["state"] == "attending"
    await psql.set(psql.shah, "assignment", second, state="stood down", stand_down_reason="x")
    assert (await psql.read("referral", referral))["state"] == "attending"
    await psql.set(psql.shah, "referral", referral, state="closed", outcome="gp")


@pytest.mark.hazard("H-029")
async def test_the_only_crew_is_swapped_and_not_called_away(psql: Psql) -> None:
    referral = await psql.referral("attending")
    first = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", referral)
    away = {"state": "stood down", "stand_down_reason": "x"}
    await psql.set_refused(psql.shah, "assignment", first, code="CR003", says="the only crew", **away)
    await psql.allocate(referral, await psql.van())
    await psql.set(psql.shah, "assignment", first, **away)
    assert (await psql.read("referral", referral))["state"] == "allocated"


async def test_a_step_that_changes_nothing_for_the_referral_leaves_it_alone(psql: Psql) -> None:
    job = await psql.assignment()
    referral = (await psql.read("assignment", job))["referral_id"]
    version = (await psql.read("referral", referral))["version"]
    await psql.set(psql.shah, "assignment", job, state="mobile")
    assert (await psql.read("referral", referral))["version"] == version
    await psql.set(psql.shah, "assignment", job, state="on scene")
    assert (await psql.read("referral", referral))["version"] == version + 1
    await psql.set(psql.shah, "assignment", job, state="with patient")
    assert (await psql.read("referral", referral))["version"] == version + 1


async def test_a_refusal_says_what_to_do_next(psql: Psql) -> None:
    with pytest.raises(asyncpg.PostgresError) as caught:
        await psql.owner.execute("SELECT cru.refuse('No.', 'Try later.', 'CR001')")
    assert (caught.value.sqlstate, caught.value.args[0], caught.value.hint) == ("CR001", "No.", "Try later.")
