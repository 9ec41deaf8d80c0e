# ruff: noqa: S608 - the tests name tables and columns of our own
"""Who may take what back, and until when: tried at a psql prompt, by every way round that comes to mind."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.cluster import LOGINS, Record
from tests.db import undoing
from tests.db.psql import STOPPED, Connection, Psql, psql_on
from tests.db.test_rules_tricks import SHADOWS

BACK = "SELECT cru.take_back($1, $2)"


@pytest.fixture
async def psql(record: Record) -> AsyncIterator[Psql]:
    """As everywhere, with a clock that stands at 03:41."""
    async with psql_on(record, tuple(LOGINS)) as made:
        await made.owner.execute(STOPPED)
        yield made


async def pass_time(psql: Psql, seconds: float) -> None:
    await psql.owner.execute(
        "UPDATE cru.service SET clock_shown = clock_shown + make_interval(secs => $1)", seconds
    )


async def last(who: Connection) -> UUID:
    """The act that a login did last, as its screen would ask."""
    return UUID(str(await who.fetchval("SELECT act_id FROM cru.my_last_act()")))


async def took_back(psql: Psql, who: Connection, act: UUID, reason: str = "") -> None:
    await who.execute(BACK, act, reason)


async def step(psql: Psql, to: str = "mobile", who: Connection | None = None) -> tuple[UUID, UUID]:
    """A van that took one step: the assignment and the act."""
    job = await psql.assignment()
    await psql.set(who or psql.shah, "assignment", job, state=to)
    return job, await last(who or psql.shah)


# --- who, and until when ---


@pytest.mark.hazard("H-021")
@pytest.mark.parametrize("seconds", [0, 59, 60])
async def test_whoever_did_it_may_for_a_minute_of_the_records_clock(psql: Psql, seconds: float) -> None:
    job, act = await step(psql)
    await pass_time(psql, seconds)
    await took_back(psql, psql.shah, act)
    row = await psql.read("assignment", job)
    assert (row["state"], row["mobile_at"]) == ("allocated", None)


@pytest.mark.parametrize("seconds", [60.001, 90, 7200])
async def test_and_not_later(psql: Psql, seconds: float) -> None:
    _, act = await step(psql)
    await pass_time(psql, seconds)
    assert await psql.shah.fetch("SELECT * FROM cru.my_last_act()") == []
    for reason in ("", "a good reason"):
        await psql.refused(psql.shah, BACK, act, reason, code="CR002", says="more than a minute ago")


async def test_a_minute_is_counted_at_the_speed_of_the_records_clock(psql: Psql) -> None:
    await psql.owner.execute("UPDATE cru.service SET clock_speed = 100, clock_origin = clock_timestamp()")
    _, act = await step(psql)
    async with asyncio.timeout(30):
        while await psql.owner.fetchval(
            "SELECT cru.clock_now() - done_at <= '60 s' FROM cru.act WHERE id = $1", act
        ):
            await asyncio.sleep(0.05)
    await psql.refused(psql.shah, BACK, act, "", code="CR002")


async def test_what_another_did_is_not_theirs(psql: Psql) -> None:
    _, act = await step(psql)
    await psql.refused(
        psql.session("b.okafor"), BACK, act, "wrong van", code="CR002", says="CRU1 mobile was done by A. Shah"
    )


@pytest.mark.hazard("H-021")
@pytest.mark.parametrize("seconds", [5, 600])
async def test_a_lead_may_later_with_a_reason(psql: Psql, seconds: float) -> None:
    job, act = await step(psql)
    await pass_time(psql, seconds)
    for blank in ("", " ", "\t\n"):
        await psql.refused(psql.lead, BACK, act, blank, code="CR003", says="needs a reason")
    await took_back(psql, psql.lead, act, " wrong van ")
    event = await psql.owner.fetchrow("SELECT * FROM cru.event WHERE kind = 'van mobile taken back'")
    assert (event["recorded_by"], event["reason"]) == ("l.lead", "wrong van")
    assert (await psql.read("assignment", job))["state"] == "allocated"


async def test_a_reason_is_as_long_as_any(psql: Psql) -> None:
    _, act = await step(psql)
    await psql.refused(psql.lead, BACK, act, "x" * 2001, code="23514")
    await psql.refused(psql.lead, BACK, act, "a\x1b[2J", code="23514")


@pytest.mark.parametrize("login", ["w.wall", "g.gateway"])
async def test_the_wall_and_the_gateway_take_nothing_back(psql: Psql, login: str) -> None:
    _, act = await step(psql)
    for sql in ("SELECT * FROM cru.my_last_act()", f"SELECT * FROM cru.acts_of('{act}')"):
        await psql.refused(psql.session(login), sql, code="42501")
    await psql.refused(psql.session(login), BACK, act, "x", code="42501")


async def test_an_emergency_is_taken_back_by_a_lead_only(psql: Psql) -> None:
    van = await psql.van()
    await psql.set(psql.shah, "van", van, emergency_at=await psql.owner.fetchval("SELECT cru.clock_now()"))
    act = await last(psql.shah)
    await psql.refused(psql.shah, BACK, act, "", code="CR002", says="Only a shift lead takes back an emergency")
    await took_back(psql, psql.lead, act, "pressed by accident")
    assert (await psql.read("van", van))["emergency_at"] is None


@pytest.mark.hazard("H-077")
async def test_what_left_the_building_stays(psql: Psql) -> None:
    _, act = await step(psql)
    for who in (psql.shah, psql.lead):
        await psql.refused(who, "UPDATE cru.act SET sent_outside_at = NULL", code="42501")
    await psql.owner.execute("UPDATE cru.act SET sent_outside_at = cru.clock_now() WHERE id = $1", act)
    for who in (psql.shah, psql.lead):
        await psql.refused(who, BACK, act, "x", code="CR001", says="CRU1 mobile was sent outside at 03:41")
    assert "was sent outside" in await psql.shah.fetchval("SELECT blocked FROM cru.my_last_act()")


async def test_a_referral_that_was_taken_stays(psql: Psql) -> None:
    await psql.take()
    await psql.refused(psql.shah, BACK, await last(psql.shah), "", code="CR001", says="entered in error")


@pytest.mark.parametrize("what", ["unknown", "an event", "null"])
async def test_what_the_record_does_not_keep_is_not_taken_back(psql: Psql, what: str) -> None:
    await step(psql)
    act = {"unknown": uuid4(), "an event": UUID(int=1), "null": None}[what]
    await psql.refused(psql.lead, BACK, act, "x", code="CR003", says="keeps nothing")


async def test_nothing_is_taken_back_twice_nor_the_taking_back(psql: Psql) -> None:
    _, act = await step(psql)
    await took_back(psql, psql.shah, act)
    for who in (psql.shah, psql.lead):
        await psql.refused(
            who, BACK, act, "x", code="CR001", says="CRU1 mobile was taken back already, 03:41 by A. Shah"
        )
    # What is offered next is what was done before, never the taking back.
    assert (await psql.shah.fetchval("SELECT kind FROM cru.my_last_act()")) == "van allocated"


async def test_what_was_inserted_is_kept_as_something_that_did_not_happen(psql: Psql) -> None:
    job = await psql.assignment()
    await took_back(psql, psql.shah, await last(psql.shah))
    row = await psql.read("assignment", job)
    assert row["taken_back_at"] is not None
    for columns in ({"state": "mobile"}, {"destination": "x"}, {"allocated_at": row["allocated_at"]}):
        await psql.set_refused(psql.lead, "assignment", job, code="CR001", says="was taken back", **columns)
    # The van is free again, for another.
    await psql.allocate(await psql.referral(), row["van_id"])


async def test_a_screening_that_was_taken_back_lets_nobody_through(psql: Psql) -> None:
    referral = await psql.take()
    await psql.screen(referral)
    await took_back(psql, psql.shah, await last(psql.shah))
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")
    await psql.screen(referral)
    await psql.set(psql.shah, "referral", referral, state="accepted")


# --- an act is what one login did in one transaction ---


async def test_statements_of_one_transaction_are_one_act(psql: Psql) -> None:
    job = await psql.assignment("on scene")
    referral = (await psql.read("assignment", job))["referral_id"]
    async with psql.shah.transaction():
        await psql.set(psql.shah, "assignment", job, state="with patient")
        await psql.set(psql.shah, "assignment", job, state="clear")
        await psql.set(psql.shah, "referral", referral, state="closed", outcome="gp")
    await took_back(psql, psql.shah, await last(psql.shah))
    row = await psql.read("assignment", job)
    assert (row["state"], row["with_patient_at"], row["clear_at"]) == ("on scene", None, None)
    assert (await psql.read("referral", referral))["state"] == "attending"
    assert (await psql.kinds(referral))[-3:] == [
        "van with patient taken back",
        "van clear taken back",
        "closed taken back",
    ]


async def test_the_id_of_anothers_command_names_that_and_nothing_else(psql: Psql) -> None:
    command = uuid4()
    await psql.lead.execute("SELECT set_config('cru.command', $1, false)", str(command))
    job, act = await step(psql, who=psql.lead)
    assert act == command
    other = await psql.assignment()
    await psql.shah.execute("SELECT set_config('cru.command', $1, false)", str(command))
    await psql.set(psql.shah, "assignment", other, state="mobile")
    await psql.refused(psql.shah, BACK, command, "", code="CR002", says="was done by L. Lead")
    mine = await last(psql.shah)
    assert mine != command
    await took_back(psql, psql.shah, mine)
    assert (await psql.read("assignment", other))["state"] == "allocated"
    assert (await psql.read("assignment", job))["state"] == "mobile"


async def test_a_transaction_of_another_life_of_the_record_is_another_act(psql: Psql) -> None:
    """A restored record counts its transactions anew."""
    job, act = await step(psql)
    await psql.owner.execute("UPDATE cru.act SET xid = xid + 100")
    async with psql.owner.transaction():
        here = await psql.owner.fetchval("SELECT pg_current_xact_id()::text::bigint")
    await psql.owner.execute("UPDATE cru.act SET xid = $1 WHERE id = $2", here + 2, act)
    await psql.set(psql.shah, "assignment", job, state="on scene")
    assert await last(psql.shah) != act
    assert (
        await psql.owner.fetchval(
            "SELECT count(DISTINCT act_id) FROM cru.act_part WHERE row_id = $1::text", str(job)
        )
        == 3
    )


async def test_saving_without_a_change_is_no_act(psql: Psql) -> None:
    job, act = await step(psql)
    await psql.set(psql.session("b.okafor"), "assignment", job, destination="")
    assert await psql.session("b.okafor").fetch("SELECT * FROM cru.my_last_act()") == []
    await took_back(psql, psql.shah, act)


async def test_acts_are_taken_back_one_after_the_other(psql: Psql) -> None:
    job = await psql.assignment()
    for state in ("acknowledged", "mobile", "on scene", "with patient"):
        await psql.set(psql.shah, "assignment", job, state=state)
    for left in ("on scene", "mobile", "acknowledged", "allocated"):
        await took_back(psql, psql.shah, await last(psql.shah))
        assert (await psql.read("assignment", job))["state"] == left
    assert (await psql.read("referral", (await psql.read("assignment", job))["referral_id"]))[
        "state"
    ] == "allocated"
    await took_back(psql, psql.shah, await last(psql.shah))
    assert (await psql.read("assignment", job))["taken_back_at"] is not None


async def test_what_a_session_calls_numbers_and_times_is_not_restored(psql: Psql) -> None:
    lat, lon = 52.123456789012345, -0.987654321098765
    referral = await psql.take(lat=lat, lon=lon, received_at=await psql.owner.fetchval("SELECT cru.clock_now()"))
    for setting in ("extra_float_digits = -15", "timezone = 'Asia/Kolkata'", "datestyle = 'SQL, DMY'"):
        await psql.shah.execute(f"SET {setting}")
    before = dict(await psql.read("referral", referral))
    await psql.set(psql.shah, "referral", referral, lat=53.0, lon=-1.0, acknowledged_at=before["received_at"])
    await took_back(psql, psql.shah, await last(psql.shah))
    assert dict(await psql.read("referral", referral)) | {"version": 1} == before | {"version": 1}


# --- ways round ---


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM cru.act",
        "SELECT count(*) FROM cru.act_part",
        "UPDATE cru.act_part SET restoring = (pg_current_xact_id()::text)::bigint",
        "UPDATE cru.act SET done_by = session_user, done_at = now()",
        "INSERT INTO cru.act (id) VALUES (gen_random_uuid())",
        "INSERT INTO cru.act_part (act_id, table_name, row_id, inserted) VALUES (NULL, 'van', 'x', false)",
        "DELETE FROM cru.act",
        "SELECT cru.restore_part(NULL)",
        "SELECT cru.this_act()",
        "SELECT cru.trim_acts()",
        "SELECT cru.lock_parts(gen_random_uuid())",
        "SELECT cru.carried_on(NULL)",
        "SELECT cru.why_not_taken_back(gen_random_uuid())",
        "SELECT cru.main_event(gen_random_uuid())",
        "ALTER TABLE cru.assignment DISABLE TRIGGER act",
        "ALTER FUNCTION cru.take_back(uuid, text) SECURITY INVOKER",
    ],
)
async def test_the_mark_is_not_forged(psql: Psql, login: str, sql: str) -> None:
    await step(psql)
    await psql.refused(psql.session(login), sql, code="42501")


@pytest.mark.parametrize(
    "setting", ["cru.restoring", "cru.take_back", "cru.act", "cru.undo", "cru.being_restored"]
)
async def test_no_setting_opens_the_guards(psql: Psql, setting: str) -> None:
    job = await psql.assignment("with patient")
    await psql.lead.execute("SELECT set_config('cru.reason', 'x', false)")
    for value in ("on", "true", str(job), await psql.lead.fetchval("SELECT pg_current_xact_id()::text")):
        await psql.lead.execute(f"SELECT set_config('{setting}', $1, false)", value)
        await psql.set_refused(psql.lead, "assignment", job, state="mobile", code="CR001")
        await psql.set_refused(psql.lead, "assignment", job, with_patient_at=None, code="CR002")
    assert await psql.lead.fetchval("SELECT cru.is_being_restored('assignment', $1)", job) is False


async def test_a_mark_opens_one_row_of_one_table_in_one_transaction(psql: Psql) -> None:
    job, act = await step(psql)
    other = await psql.assignment()
    asked = "SELECT cru.is_being_restored($1, $2)"
    async with psql.owner.transaction():
        await psql.owner.execute(
            "UPDATE cru.act_part SET restoring = pg_current_xact_id()::text::bigint"
            " WHERE act_id = $1 AND table_name = 'assignment'",
            act,
        )
        found = [
            await psql.owner.fetchval(asked, *of)
            for of in (("assignment", job), ("assignment", other), ("van", job))
        ]
        assert found == [True, False, False]
        assert await psql.shah.fetchval(asked, "assignment", job) is False
    for who in (psql.owner, psql.shah):
        assert await who.fetchval(asked, "assignment", job) is False
    await psql.set_refused(psql.shah, "assignment", job, state="allocated", code="CR001")


async def test_taking_back_opens_the_guards_for_nothing_else(psql: Psql) -> None:
    job, act = await step(psql, "on scene")
    async with psql.shah.transaction():
        await took_back(psql, psql.shah, act)
        assert await psql.shah.fetchval("SELECT cru.is_being_restored('assignment', $1)", job) is False
        for columns in ({"state": "closed"}, {"allocated_at": None}, {"clear_at": None, "state": "clear"}):
            with pytest.raises(asyncpg.PostgresError):
                async with psql.shah.transaction():
                    await psql.set(psql.shah, "assignment", job, **columns)
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.act_part WHERE restoring IS NOT NULL") == 0


async def test_a_taking_back_that_is_rolled_back_leaves_nothing_open(psql: Psql) -> None:
    job, act = await step(psql)
    before = await psql.picture()
    async with psql.shah.transaction():
        inner = psql.shah.transaction()
        await inner.start()
        await took_back(psql, psql.shah, act)
        await inner.rollback()
        with pytest.raises(asyncpg.PostgresError, match="cannot go"):
            async with psql.shah.transaction():
                await psql.set(psql.shah, "assignment", job, state="allocated")
    assert await psql.picture() == before


async def test_temporary_things_of_the_same_name_take_nothing_back(psql: Psql) -> None:
    await psql.shah.execute(
        SHADOWS.replace(
            "SET search_path",
            "CREATE TEMP TABLE act (LIKE pg_class);"
            "CREATE TEMP TABLE act_part AS SELECT 1 AS restoring, 'x'::pg_catalog.text AS table_name;"
            "CREATE FUNCTION pg_temp.undo_within() RETURNS interval LANGUAGE sql AS 'SELECT interval ''9 years''';"
            "SET search_path",
        )
    )
    job, act = await step(psql)
    await pass_time(psql, 61)
    await psql.refused(psql.shah, BACK, act, "x", code="CR002")
    other, fresh = await step(psql, "on scene")
    await took_back(psql, psql.shah, fresh)
    assert (await psql.read("assignment", job))["state"] == "mobile"
    assert (await psql.read("assignment", other))["state"] == "allocated"


@pytest.mark.parametrize("kind", ["note taken back", "van clear taken back", "accepted taken back", " taken back"])
async def test_nobody_types_that_something_was_taken_back(psql: Psql, kind: str) -> None:
    referral = await psql.referral()
    sql = "INSERT INTO cru.event (referral_id, kind) VALUES ($1, $2)"
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.refused(who, sql, referral, kind, code="CR002", says="follows from what is done")


@pytest.mark.parametrize("table", undoing.MARKED)
async def test_nobody_marks_a_row_as_taken_back(psql: Psql, table: str) -> None:
    for who in (psql.shah, psql.lead):
        await psql.refused(who, f"UPDATE cru.{table} SET taken_back_at = now()", code="42501")


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
async def test_an_older_snapshot_takes_nothing_back(psql: Psql, level: str) -> None:
    _, act = await step(psql)
    before = await psql.picture()
    with pytest.raises(asyncpg.PostgresError, match="read committed"):
        async with psql.shah.transaction(isolation=level.replace(" ", "_")):
            await took_back(psql, psql.shah, act)
    assert await psql.picture() == before


async def test_the_junk_of_a_context_takes_nothing_back(psql: Psql) -> None:
    _, act = await step(psql)
    await psql.shah.execute("SELECT set_config('cru.command', 'junk', false)")
    await psql.refused(psql.shah, BACK, act, "", code="CR003", says="A command is named by a UUID")


# --- how long it is kept ---


async def kept(psql: Psql) -> set[UUID]:
    await psql.owner.execute("SELECT cru.trim_acts()")
    return {row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.act")}


async def test_now_and_then_an_act_looks_after_the_old_ones(psql: Psql) -> None:
    old = await step(psql)
    await psql.set(psql.shah, "assignment", old[0], state="on scene")
    await psql.set(psql.shah, "assignment", old[0], state="clear")
    await psql.set(
        psql.shah, "referral", (await psql.read("assignment", old[0]))["referral_id"], state="closed", outcome="gp"
    )
    await pass_time(psql, 8 * 86400)
    count = "SELECT count(*) FROM cru.act WHERE done_at < cru.clock_now() - interval '7 days'"
    before = await psql.owner.fetchval(count)
    for command in (UUID(int=0x1FF), UUID(int=0x200)):
        await psql.shah.execute("SELECT set_config('cru.command', $1, false)", str(command))
        await psql.take()
        assert (await psql.owner.fetchval(count) < before) == (command.int == 0x200)


async def test_acts_are_kept_a_week_and_as_long_as_a_referral_is_open(psql: Psql) -> None:
    closed = await psql.referral("closed")
    end = await last(psql.shah)
    still_open = await psql.referral()
    accept = await last(psql.shah)
    assert closed != still_open
    await pass_time(psql, 7 * 86400 - 60)
    assert {end, accept} <= await kept(psql)
    await pass_time(psql, 120)
    left = await kept(psql)
    assert end not in left
    assert accept in left
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.act_part WHERE act_id <> ALL ($1)", list(left)) == 0
    await psql.refused(psql.lead, BACK, end, "x", code="CR003", says="keeps nothing")
    await took_back(psql, psql.lead, accept, "wrong patient")
    assert (await psql.read("referral", still_open))["state"] == "received"
