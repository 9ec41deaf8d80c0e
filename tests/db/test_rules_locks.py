"""What decides when there are two: the latest screening, whoever holds the row, and the clock."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.db.psql import Connection, Psql, age

ALLOCATE = "INSERT INTO cru.assignment (referral_id, van_id) VALUES ($1, $2)"


async def clock(psql: Psql) -> datetime:
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    return now


async def screen(psql: Psql, referral: UUID, at: datetime, **changed: str) -> None:
    """Screen as of a time, whatever was screened before."""
    await psql.shah.execute(
        "INSERT INTO cru.screening (referral_id, tool_version, answers, completed_at) VALUES ($1, 1, $2, $3)",
        referral,
        json.dumps(await psql.answers(**changed)),
        at,
    )


@pytest.mark.hazard("H-002")
async def test_the_latest_screening_decides_whenever_it_was_typed(psql: Psql) -> None:
    now = await clock(psql)
    earlier, later = now - timedelta(minutes=20), now - timedelta(minutes=10)
    blocked, through = await psql.take(), await psql.take()
    await age(psql.owner)
    # Written down in both orders.
    await screen(psql, blocked, later, weapon="not known")
    await screen(psql, blocked, earlier)
    await screen(psql, through, earlier, weapon="not known")
    await screen(psql, through, later)
    await psql.set_refused(psql.shah, "referral", blocked, state="accepted", code="CR003", says="does not let")
    await psql.set(psql.shah, "referral", through, state="accepted")


async def test_somebody_elses_screening_lets_nobody_through(psql: Psql) -> None:
    blocked, other = await psql.take(), await psql.take()
    await psql.screen(blocked, weapon="yes")
    await psql.screen(other)
    await psql.set_refused(psql.shah, "referral", blocked, state="accepted", code="CR003")


async def held(psql: Psql, first: str, given: tuple[object, ...], second: str, *also: object) -> None:
    """Assert that what is done at the same moment waits for whoever was first."""
    other = psql.session("b.okafor")
    await other.execute("SET lock_timeout = '150ms'")
    doing = psql.shah.transaction()
    await doing.start()
    await psql.shah.execute(first, *given)
    with pytest.raises(asyncpg.LockNotAvailableError):
        await other.execute(second, *also)
    await doing.rollback()
    await other.execute(second, *also)


async def test_the_van_is_locked_while_it_is_allocated(psql: Psql) -> None:
    van, referral = await psql.van(), await psql.referral()
    second = "UPDATE cru.van SET duty_status = 'meal break' WHERE id = $1"
    await held(psql, ALLOCATE, (referral, van), second, van)


async def test_the_referral_is_locked_while_a_van_is_allocated(psql: Psql) -> None:
    van, referral = await psql.van(), await psql.referral()
    second = "UPDATE cru.referral SET caller = 'Ann' WHERE id = $1"
    await held(psql, ALLOCATE, (referral, van), second, referral)


async def test_a_referral_that_is_being_ended_gets_no_van(psql: Psql) -> None:
    van, referral = await psql.van(), await psql.referral()
    ending = psql.shah.transaction()
    await ending.start()
    await psql.set(psql.shah, "referral", referral, state="declined", end_reason="x")
    sending = asyncio.ensure_future(psql.session("b.okafor").execute(ALLOCATE, referral, van))
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'b.okafor'"
    async with asyncio.timeout(10):
        while not await psql.owner.fetchval(waits):
            await asyncio.sleep(0.01)
    await ending.commit()
    with pytest.raises(asyncpg.PostgresError, match="is declined, so no van can be allocated"):
        await sending


async def test_a_van_is_sent_after_what_it_waited_for_also_by_a_clock_that_was_set_back(psql: Psql) -> None:
    set_on = "UPDATE cru.service SET clock_origin = now(), clock_shown = now() + $1::interval"
    accepted, first = await psql.referral(), await psql.take()
    await psql.screen(first)
    job = await psql.assignment("with patient")
    busy = (await psql.read("assignment", job))["van_id"]
    sends = (
        (first, await psql.van(), "referral", first, "accepted"),
        (accepted, busy, "assignment", job, "clear"),
    )
    for hours, (referral, van, table, row, state) in zip((2, 5), sends, strict=True):
        await psql.owner.execute(set_on, timedelta(hours=hours))
        before = psql.shah.transaction()
        await before.start()
        await psql.set(psql.shah, table, row, state=state)
        await psql.owner.execute(set_on, timedelta(hours=hours, seconds=-50))
        sending = asyncio.ensure_future(
            psql.session("b.okafor").fetchval(f"{ALLOCATE} RETURNING allocated_at", referral, van)
        )
        await waiting(psql, "b.okafor", sending)
        await before.commit()
        assert await sending >= (await psql.read(table, row))[f"{state}_at"]


async def test_a_shift_waits_for_whoever_changes_the_vans_duty(psql: Psql) -> None:
    van = await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    first = "UPDATE cru.van SET duty_status = 'off duty' WHERE id = $1"
    other = psql.session("b.okafor")
    await other.execute("SET lock_timeout = '150ms'")
    async with psql.shah.transaction():
        await psql.shah.execute(first, van)
        with pytest.raises(asyncpg.LockNotAvailableError):
            await other.execute("UPDATE cru.shift SET ended_at = cru.clock_now() WHERE id = $1", shift)
    await other.execute("UPDATE cru.shift SET ended_at = cru.clock_now() WHERE id = $1", shift)


MAKE_AVAILABLE = "UPDATE cru.van SET duty_status = 'available' WHERE id = $1"
END_SHIFT = "UPDATE cru.shift SET ended_at = cru.clock_now() WHERE van_id = $1 AND ended_at IS NULL"


async def waiting(psql: Psql, login: str, doing: "asyncio.Future[Any]") -> None:
    """Until a login waits for a lock, or has done what it was doing."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = $1"
    async with asyncio.timeout(10):
        while not doing.done() and not await psql.owner.fetchval(sql, login):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("status", ["out of service", "off duty"])
@pytest.mark.parametrize("sqls", [(MAKE_AVAILABLE, END_SHIFT), (END_SHIFT, MAKE_AVAILABLE)], ids=["van", "shift"])
@pytest.mark.parametrize("kept", [True, False], ids=["committed", "taken back"])
async def test_a_van_is_not_made_available_as_its_shift_ends(
    psql: Psql, sqls: tuple[str, str], status: str, kept: bool
) -> None:
    van = await psql.van()
    await psql.set(psql.shah, "van", van, duty_status=status, duty_reason="fault")
    first, second = sqls
    one = psql.shah.transaction()
    await one.start()
    await psql.shah.execute(first, van)
    doing = asyncio.ensure_future(psql.session("b.okafor").execute(second, van))
    await waiting(psql, "b.okafor", doing)
    assert not doing.done()
    if kept:
        await one.commit()
        with pytest.raises(asyncpg.PostgresError, match=r"has no crew|does not end its shift"):
            await doing
    else:
        await one.rollback()
        await doing
    crew = "SELECT EXISTS (SELECT FROM cru.shift WHERE van_id = $1 AND ended_at IS NULL)"
    came = (await psql.read("van", van))["duty_status"], await psql.owner.fetchval(crew, van)
    assert came == (("available", True) if (first is MAKE_AVAILABLE) is kept else (status, False))


async def test_two_crews_that_step_on_one_referral_follow_one_another(psql: Psql) -> None:
    # Each would see the other's van as it was, and the referral would follow neither.
    referral = await psql.referral()
    one, two = [await psql.allocate(referral, await psql.van()) for _ in range(2)]
    step = "UPDATE cru.assignment SET state = 'stood down', stand_down_reason = 'not_needed' WHERE id = $1"
    await held(psql, step, (one,), step, two)


async def test_a_note_lies_in_the_past(psql: Psql) -> None:
    referral, now = await psql.referral(), await clock(psql)
    note = "INSERT INTO cru.event (referral_id, kind, words, happened_at) VALUES ($1, 'note', 'x', $2)"
    await psql.refused(psql.shah, note, referral, now + timedelta(minutes=5), code="CR003", says="in the future")
    await psql.shah.execute(note, referral, now - timedelta(minutes=5))
    # Two clocks are never quite the same.
    await psql.shah.execute(note, referral, now + timedelta(seconds=30))


REFERRED = "INSERT INTO cru.referral (source, priority, location_text, {}) VALUES ('hub', 'P2', 'x', $1)"
BEGINNINGS = {
    "received": (REFERRED.format("received_at"), ""),
    "crew on scene": (REFERRED.format("ems_on_scene_at"), ""),
    "allocated": (
        "INSERT INTO cru.assignment (allocated_at, referral_id, van_id) VALUES ($1, $2, $3)",
        "referral van",
    ),
    "expected": (
        (
            "INSERT INTO cru.handover (expected_at, referral_id, ordinal, from_party, to_party)"
            " VALUES ($1, $2, 1, 'EMAS', 'CRU')"
        ),
        "referral",
    ),
    "screened": (
        "INSERT INTO cru.screening (completed_at, referral_id, tool_version, answers) VALUES ($1, $2, 1, '{}')",
        "referral",
    ),
    "shift": (
        (
            "INSERT INTO cru.shift (started_at, van_id, planned_end_at)"
            " VALUES ($1, $2, cru.clock_now() + interval '9 hours')"
        ),
        "idle",
    ),
    "emergency": ("UPDATE cru.van SET emergency_at = $1 WHERE id = $2", "van"),
}


@pytest.mark.parametrize(("sql", "of"), BEGINNINGS.values(), ids=BEGINNINGS)
async def test_nothing_begins_in_the_future(psql: Psql, sql: str, of: str) -> None:
    make = {"referral": psql.referral, "van": psql.van, "idle": lambda: psql.van("off duty")}
    given = [await make[name]() for name in of.split()]
    await age(psql.owner)
    now = await clock(psql)
    await psql.refused(psql.shah, sql, now + timedelta(minutes=5), *given, code="CR003", says="in the future")
    await psql.shah.execute(sql, now - timedelta(minutes=5), *given)


@pytest.mark.parametrize("parties", [{"from_party": "Police"}, {"to_party": "Crisis house"}])
async def test_the_parties_of_a_handover_stand_once_it_has_begun(psql: Psql, parties: dict[str, str]) -> None:
    expected = await psql.handover()
    await psql.set(psql.shah, "handover", expected, **parties)
    for state in ("started", "accepted", "released", "refused"):
        row = await psql.handover(state)
        await psql.set_refused(psql.shah, "handover", row, code="CR002", says="never changes", **parties)


async def test_a_handover_waits_for_a_crew_on_scene_and_an_open_referral(psql: Psql) -> None:
    referral = await psql.referral("allocated")
    insert = (
        "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party)"
        " VALUES ($1, $2, $3, $4) RETURNING id"
    )
    row = await psql.shah.fetchval(insert, referral, 1, "EMAS", "CRU")
    for state in ("started", "accepted"):
        await psql.set_refused(
            psql.shah, "handover", row, state=state, code="CR001", says="when a crew is on scene"
        )
    await psql.set(psql.shah, "handover", row, state="refused", refusal_reason="not_safe")
    for parties in (("EMAS", "  "), ("  ", "CRU")):
        await psql.refused(psql.shah, insert, referral, 2, *parties, code="CR003", says="both parties")
    for state in ("closed", "declined", "cancelled"):
        ended = await psql.referral(state)
        await psql.refused(psql.shah, insert, ended, 1, "EMAS", "CRU", code="CR001", says=f"is {state}")


async def test_one_emergency_is_not_moved_by_another(psql: Psql) -> None:
    van, now = await psql.tracker(await psql.van()), await clock(psql)
    await psql.gateway.execute("SELECT cru.raise_emergency($1)", van)
    began = (await psql.read("van", van))["emergency_at"]
    assert abs(began - now) < timedelta(minutes=1)
    await psql.gateway.execute("SELECT cru.raise_emergency($1)", van)
    assert (await psql.read("van", van))["emergency_at"] == began
    moved = {"emergency_at": now - timedelta(hours=1)}
    for who in (psql.shah, psql.lead):
        await psql.set_refused(who, "van", van, code="CR001", says="has an emergency already", **moved)


async def test_what_a_van_waits_for_and_since_when_is_not_typed(psql: Psql) -> None:
    van, now = await psql.van("out of service"), await clock(psql)
    await psql.set_refused(psql.shah, "van", van, duty_reason="other", code="CR002")
    await psql.set_refused(psql.owner, "van", van, duty_since_at=now - timedelta(hours=1), code="CR002")
    # Nor together with a change of duty.
    was = (await psql.read("van", van))["duty_since_at"]
    await psql.set(psql.owner, "van", van, duty_status="available", duty_since_at=now - timedelta(hours=1))
    assert (await psql.read("van", van))["duty_since_at"] > was


async def test_a_shift_stays_on_its_van(psql: Psql) -> None:
    van, other = await psql.van(), await psql.van("off duty")
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    await psql.set_refused(psql.owner, "shift", shift, van_id=other, code="CR002", says="never changes")


async def test_times_that_steps_set_are_kept_or_taken_from_the_clock(psql: Psql) -> None:
    now = await clock(psql)
    given = now - timedelta(minutes=7)
    typed = await psql.take(received_at=now - timedelta(hours=1))
    await screen(psql, typed, given)
    await psql.set(psql.shah, "referral", typed, state="accepted", accepted_at=given)
    assert (await psql.read("referral", typed))["accepted_at"] == given
    row = await psql.read("referral", await psql.referral("accepted"))
    assert abs(row["accepted_at"] - now) < timedelta(minutes=1)
    for state in ("declined", "cancelled"):
        row = await psql.read("referral", await psql.referral(state))
        assert abs(row["closed_at"] - now) < timedelta(minutes=1)
    closed = await psql.referral("closed")
    await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', false)")
    await psql.set(psql.lead, "referral", closed, state="accepted")
    assert (await psql.read("referral", closed))["closed_at"] is None
    job, handover = await psql.assignment(), await psql.handover()
    await age(psql.owner)
    await psql.set(psql.shah, "assignment", job, state="on scene", on_scene_at=given)
    assert (await psql.read("assignment", job))["on_scene_at"] == given
    await psql.set(psql.shah, "handover", handover, state="started", started_at=given)
    assert (await psql.read("handover", handover))["started_at"] == given


@pytest.mark.parametrize("column", ["accepted_at", "closed_at"])
async def test_a_referrals_own_times_come_with_its_steps(psql: Psql, column: str) -> None:
    referral, now = await psql.referral("received"), await clock(psql)
    for who in (psql.shah, psql.lead):
        await psql.set_refused(who, "referral", referral, code="CR002", says="by the step itself", **{column: now})
    sql = f"INSERT INTO cru.referral (source, priority, location_text, {column}) VALUES ('hub', 'P2', 'x', $1)"  # noqa: S608
    await psql.refused(psql.owner, sql, now, code="CR001", says="starts as received")


async def test_rows_begin_at_version_one_whoever_writes(psql: Psql) -> None:
    owner: Connection = psql.owner
    referral = await owner.fetchval(
        "INSERT INTO cru.referral (source, priority, location_text, version)"
        " VALUES ('hub', 'P2', 'x', 50) RETURNING id"
    )
    van, job_of = await psql.van(), await psql.referral()
    rows = {
        "referral": referral,
        "screening": await owner.fetchval(
            "INSERT INTO cru.screening (referral_id, tool_version, answers, version) VALUES ($1, 1, '{}', 50)"
            " RETURNING id",
            referral,
        ),
        "assignment": await owner.fetchval(
            "INSERT INTO cru.assignment (referral_id, van_id, version) VALUES ($1, $2, 50) RETURNING id",
            job_of,
            van,
        ),
        "handover": await owner.fetchval(
            "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party, version)"
            " VALUES ($1, 1, 'EMAS', 'CRU', 50) RETURNING id",
            referral,
        ),
        "van": await owner.fetchval(
            "INSERT INTO cru.van (callsign, registration, base, livery, seats, version)"
            " SELECT 'CRU9', 'AB12 CDE', base, livery, seats, 50 FROM cru.van LIMIT 1 RETURNING id"
        ),
    }
    versions = {table: (await psql.read(table, row))["version"] for table, row in rows.items()}
    # A screening also sets the referral's own time, and so counts it up.
    assert versions == {"referral": 2, "screening": 1, "assignment": 1, "handover": 1, "van": 1}
    await psql.set(psql.shah, "handover", rows["handover"], to_party="CRU2")
    await psql.set(psql.shah, "assignment", rows["assignment"], state="mobile")
    assert (await psql.read("handover", rows["handover"]))["version"] == 2
    assert (await psql.read("assignment", rows["assignment"]))["version"] == 2


@pytest.mark.hazard("H-082")
async def test_the_guards_hold_where_a_right_too_many_was_given(psql: Psql) -> None:
    # Column rights stop a dispatcher first. If an owner gave them away by mistake, the rule is still there.
    await psql.owner.execute(
        "GRANT UPDATE ON cru.referral, cru.screening, cru.van TO cru_dispatcher;"
        "GRANT INSERT ON cru.screening TO cru_dispatcher"
    )
    now, referral = await clock(psql), await psql.take()
    mark = {"entered_in_error_at": now, "entered_in_error_reason": "test call"}
    await psql.set_refused(psql.shah, "referral", referral, code="CR002", says="Only a shift lead", **mark)
    screening = await psql.screen(referral, weapon="yes")
    override = {"override_at": now, "override_clinician": "Dr Example", "override_reason": "seen"}
    await psql.set_refused(psql.shah, "screening", screening, code="CR002", says="Only a shift lead", **override)
    sql = (
        "INSERT INTO cru.screening (referral_id, tool_version, answers, override_at, override_clinician,"
        " override_reason) VALUES ($1, 1, '{}', $2, 'Dr Example', 'seen')"
    )
    await psql.refused(psql.shah, sql, referral, now, code="CR002", says="Only a shift lead")
    await psql.set_refused(psql.shah, "referral", referral, reference="CRU-1", code="CR002", says="never changes")


async def test_who_did_it_and_when_is_never_the_writers_word(psql: Psql) -> None:
    referral = await psql.referral()
    old = "2020-01-01T00:00:00Z"
    await psql.owner.execute(
        f"INSERT INTO cru.event (referral_id, kind, recorded_at) VALUES ('{referral}', 'note', '{old}');"  # noqa: S608
        f"INSERT INTO cru.feedback (referral_id, said_by, words, recorded_at)"
        f" VALUES ('{referral}', 'person', 'x', '{old}');"
        f"INSERT INTO cru.flag (referral_id, subject, kind, reason, added_by, added_at, expires_at)"
        f" VALUES ('{referral}', 'address', 'pets', 'x', 'a.shah', '{old}', now() + interval '30 days');"
        f"INSERT INTO cru.command_log (command_id, verb, done_by, done_at)"
        f" VALUES ('{referral}', 'x', 'a.shah', '{old}')"
    )
    for table, at, by in (
        (f"event WHERE referral_id = '{referral}'", "recorded_at", "recorded_by"),
        ("feedback", "recorded_at", "recorded_by"),
        ("flag", "added_at", "added_by"),
        ("command_log", "done_at", "done_by"),
    ):
        row = await psql.owner.fetchrow(
            f"SELECT {at} > now() - interval '1 minute', {by} FROM cru.{table} ORDER BY {at} LIMIT 1"  # noqa: S608
        )
        assert row[0], table
        assert row[1] in {"postgres", "a.shah"}
    assert await psql.owner.fetchval("SELECT done_by FROM cru.command_log") == "postgres"
    assert await psql.owner.fetchval("SELECT added_by FROM cru.flag") == "postgres"
    for table in ("feedback", "flag", "command_log"):
        await psql.refused(psql.owner, f"DELETE FROM cru.{table}", code="CR002")  # noqa: S608
