# ruff: noqa: S608 - the tests name tables and columns of our own
"""No value of any column, by whoever may write it, leaves a row that a console cannot read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import CheckConstraint, MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.kept_lists import LISTS
from db.engine import connect
from db.tables import Base, bounds, kinds
from tests.cluster import Record
from tests.db.extremes import BY_TYPE
from tests.db.psql import Psql
from tests.db.reading import columns, fill, places, read

# What a person who may insert can insert; the extremes are tried in its place or beside it.
INSERTS = {
    "referral": {"source": "'hub'", "priority": "'P2'", "location_text": "'x'"},
    "screening": {"referral_id": "{referral}", "tool_version": "1", "answers": "'{{}}'"},
    "assignment": {"referral_id": "{referral}", "van_id": "{van}"},
    "handover": {"referral_id": "{referral}", "ordinal": "9", "from_party": "'EMAS'", "to_party": "'CRU'"},
    "van": {"callsign": "'X1'", "registration": "'x'", "base": "{base}", "livery": "'marked'", "seats": "4"},
    "staff": {"name": "'x'", "profession": "'x'"},
    "shift": {"van_id": "{idle}", "started_at": "now()", "planned_end_at": "now() + interval '8 hours'"},
    "shift_member": {"shift_id": "{boarding}", "staff_id": "{staff}"},
    "planned_shift": {
        "van_id": "{van}",
        "starts_at": "now() + interval '5 days'",
        "ends_at": "now() + interval '5 days 9 hours'",
    },
    "planned_ride": {"planned_shift_id": "{bare}", "staff_id": "{staff}"},
    "rota_published": {"planned_shift_id": "{bare}", "plan_version": "1"},
    "cover_wanted": {"weekday": "7", "from_hour": "3", "vans": "1"},
    "feedback": {"referral_id": "{referral}", "said_by": "'person'", "words": "'x'"},
    "flag": {
        "referral_id": "{referral}",
        "subject": "'person'",
        "kind": "'pets'",
        "reason": "'a dog'",
        "expires_at": "now() + interval '30 days'",
    },
    "person_request": {
        "referral_id": "{referral}",
        "kind": "'copy'",
        "said_by": "'the person'",
        "words": "'x'",
    },
    "about_me": {"referral_id": "{referral}", "topic": "'helps'", "words": "'tea'", "said_by": "'the person'"},
    "same_person": {"referral_id": "{referral}", "other_id": "{other}", "is_same": "false"},
    "read_back": {
        "referral_id": "{sent}",
        "assignment_id": "{job}",
        "read_by": "'K. Bell'",
        "channel": "'radio'",
        "brief": "'x'",
    },
    "crew_word": {"referral_id": "{sent}", "assignment_id": "{job}", "channel": "'radio'"},
    "interpreter": {"referral_id": "{referral}", "language": "'pol'", "booked_with": "'an agency'"},
    "wish_kept": {"referral_id": "{referral}", "about_id": "{about}", "kept": "'yes'", "said_by": "'the person'"},
    "intake_call": {"referral_id": "{told}", "answered_at": "now()"},
    "command_log": {"command_id": "gen_random_uuid()", "verb": "'x'"},
    "event": {"referral_id": "{referral}", "kind": "'note'"},
    "contact": {"referral_id": "{referral}", "spoke_with": "'person'", "with_name": "'x'"},
    "follow_up": {"referral_id": "{referral}", "due_at": "now() + interval '1 day'", "what_for": "'x'"},
    "late_link": {"referral_id": "{referral}", "service": "'ems'", "incident": "'x'"},
    "shift_log": {"words": "'x'"},
    "message": {"words": "'x'"},
    "message_seen": {"message_id": "{message}"},
    "improvement": {"said": "'x'", "raised_by": "'team'"},
    "review": {"kind": "'late'", "about": "'x'", "words": "'x'"},
    "spc_baseline": {"measure": "'response'", "since_on": "'2026-02-02'", "reason": "'x'"},
    "places_free": {"destination": "{destination}", "free": "1", "said_by": "'x'"},
    "priority": {"code": "'P9'", "meaning": "'x'", "within_minutes": "90", "rank": "9"},
    "referral_source": {
        "code": "'gp'",
        "label": "'x'",
        "waits_kind": "'nobody'",
        "default_priority": "'P2'",
        "rank": "9",
    },
    "reason": {"kind": "'hold'", "code": "'x'", "label": "'x'", "rank": "9"},
    "outcome": {"code": "'x'", "label": "'x'", "rank": "9"},
    "wish": {"label": "'x'", "rank": "9"},
    "feedback_theme": {"label": "'x'", "rank": "9"},
    "command_word": {"label": "'x'", "verb": "'note'", "rank": "9"},
    "van_base": {"name": "'x'", "postcode": "'x'", "lat": "52", "lon": "-1"},
    "destination": {"name": "'x'", "kind": "'x'"},
    "language": {"code": "'x-x'", "label": "'x'", "rank": "9"},
    "mobility": {"code": "'x'", "label": "'x'", "rank": "9"},
    "about_topic": {"key": "'x'", "label": "'x'", "kind": "'words'", "rank": "9"},
    "ending_rule": {"kind": "'outcome'", "code": "'gp'"},
    "contact_schedule": {"priority": "'P1'", "first_minutes": "9", "every_minutes": "9", "again_minutes": "9"},
    "reading": {
        "referral_id": "{told}",
        "tool_version": "1",
        "text_digest": "encode(sha256(''), 'hex')",
        "found": "'[]'",
    },
    "decision": {
        "referral_id": "{told}",
        "kind": "'looked at'",
        "clinician": "'x'",
        "reason": "'x'",
        "covers": "ARRAY['words weapon ' || md5('gun|a gun')]",
    },
    "device": {"device_id": "'x'", "van_id": "{van}", "token_digest": "encode(sha256('x'), 'hex')"},
}
LEADS = {"van", "staff", "device", "planned_shift", "planned_ride", "rota_published", "cover_wanted", *LISTS}
LEADS |= {"improvement", "review", "spc_baseline"}


@asynccontextmanager
async def session(record: Record, login: str) -> AsyncIterator[AsyncConnection]:
    """A transaction of a login that is rolled back, with a reason given for whatever is amended.

    Its savepoint stands all the time, and each attempt goes back to it.
    """
    engine = connect(record.url(login) if login else record.owner_url, answer_within=60)
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("SELECT set_config('cru.reason', 'to see', false)")
            await connection.exec_driver_sql("SAVEPOINT untouched")
            yield connection
            await connection.rollback()
    finally:
        await engine.dispose()


@pytest.fixture
async def full(psql: Psql) -> dict[str, str]:
    """Something in every table."""
    await psql.owner.execute(
        "INSERT INTO cru.mended (table_name, row_id, column_name, revision) VALUES ('x', 'x', 'x', 'x')"
    )
    await psql.owner.execute(
        "INSERT INTO cru.alarm (name, kind, priority, words, since_at) VALUES ('x', 'late', 2, 'x', now())"
    )
    await psql.owner.execute("INSERT INTO cru.alarm_onset (name) VALUES ('x')")
    await psql.owner.execute("SELECT cru.write_backup('backup', true, now(), 1, 1)")
    told = await psql.take()
    await psql.owner.execute(
        "INSERT INTO cru.person_request (referral_id, kind, said_by, words) VALUES ($1, 'copy', 'x', 'y')", told
    )
    await psql.owner.execute(
        "INSERT INTO cru.screening_tool (version, signed_by, signed_on) VALUES (900, 'x', '2026-01-01')"
    )
    found = '[{"key": "weapon", "word": "gun", "said": "a gun"}]'
    reading = (
        "INSERT INTO cru.reading (referral_id, tool_version, text_digest, found)"
        " VALUES ($1, 1, cru.digest(''), $2)"
    )
    flag = (
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " VALUES ($1, 'person', 'staff safety', 'x', now() + interval '30 days')"
    )
    decision = (
        "INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers)"
        " SELECT $1, 'let on', 'x', 'x', ARRAY['flag ' || id] FROM cru.flag WHERE danger"
    )
    await psql.owner.execute("INSERT INTO cru.tool_limit VALUES (900, 'pulse', 1, 2)")
    await psql.owner.execute("INSERT INTO cru.tool_letter (tool_version, letter, meaning) VALUES (900, 'A', 'x')")
    await psql.owner.execute("INSERT INTO cru.tool_branch (tool_version, key, title) VALUES (900, 'x', 'x')")
    await psql.owner.execute("INSERT INTO cru.news_band VALUES (900, 1, 'pulse', 1, 2, 1)")
    await psql.owner.execute(reading, told, found)
    await psql.owner.execute(flag, told)
    await psql.owner.execute(decision, told)
    return await fill(psql) | {"told": f"'{told}'::uuid"}


async def may(connection: AsyncConnection, table: str, column: str, right: str) -> bool:
    sql = text("SELECT has_column_privilege('cru.' || CAST(:t AS text), CAST(:c AS text), CAST(:r AS text))")
    return bool((await connection.execute(sql, {"t": table, "c": column, "r": right})).scalar_one())


async def is_tried(connection: AsyncConnection, login: str, table: str, column: str) -> bool:
    """Whether a dispatcher tries it, whose columns a lead may write, too: their limits are the same."""
    sql = text("SELECT has_column_privilege('a.shah', 'cru.' || CAST(:t AS text), CAST(:c AS text), 'UPDATE')")
    return login == "l.lead" and bool((await connection.execute(sql, {"t": table, "c": column})).scalar_one())


async def attempt(connection: AsyncConnection, table: str, sql: str) -> bool:
    """Try a statement and read what it left; False if it was refused. Either way nothing stays."""
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None
    try:
        await raw.execute(sql)
    except asyncpg.PostgresError:
        return False
    else:
        try:
            await read(connection, table)
        except Exception as error:
            raise AssertionError(f"after {sql[:300]}") from error
        return True
    finally:
        await raw.execute("ROLLBACK TO SAVEPOINT untouched")


@pytest.mark.hazard("H-051")
@pytest.mark.parametrize(
    "login", ["w.wall", "g.gateway", "a.shah", pytest.param("l.lead", marks=pytest.mark.long)]
)
async def test_no_update_by_anybody(record: Record, full: dict[str, str], login: str) -> None:
    tried = 0
    async with session(record, login) as connection:
        for table, column, kind in await columns(connection):
            if not await may(connection, table, column, "UPDATE") or await is_tried(
                connection, login, table, column
            ):
                continue
            for place in await places(connection, table):
                for value in BY_TYPE[kind]:
                    await attempt(connection, table, f"UPDATE cru.{table} SET {column} = {value} WHERE {place}")
                    tried += 1
    assert (tried > 1000) == (login in {"a.shah", "l.lead"})
    assert (tried == 0) == (login in {"w.wall", "g.gateway"})


@pytest.mark.parametrize(
    "login", ["w.wall", "g.gateway", "a.shah", pytest.param("l.lead", marks=pytest.mark.long)]
)
async def test_no_insert_by_anybody(record: Record, full: dict[str, str], login: str) -> None:
    tried = set()
    async with session(record, login) as connection:
        for table, column, kind in await columns(connection):
            if not await may(connection, table, column, "INSERT"):
                continue
            base = {name: value.format(**full) for name, value in INSERTS[table].items()}
            if table not in tried:
                assert await attempt(connection, table, insert(table, base)), table
                tried.add(table)
            for value in BY_TYPE[kind]:
                await attempt(connection, table, insert(table, base | {column: value}))
    assert tried == ({"l.lead": set(INSERTS), "a.shah": set(INSERTS) - LEADS}.get(login, set()))


def insert(table: str, values: dict[str, str]) -> str:
    return f"INSERT INTO cru.{table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


@pytest.mark.parametrize("parts", [6, pytest.param(1, marks=pytest.mark.long)], ids=["in parts", "every value"])
async def test_no_write_by_the_owner_with_every_guard_off(
    record: Record, full: dict[str, str], parts: int
) -> None:
    """In parts: each column is tried with one value in so many, the next one with those after."""
    # The limits alone hold: nothing here is refused by a trigger or because a row elsewhere is missing.
    async with session(record, "") as connection:
        await connection.exec_driver_sql("SET session_replication_role = replica")
        await connection.exec_driver_sql("SAVEPOINT untouched")
        accepted: dict[str, int] = {}
        for number, (table, column, kind) in enumerate(await columns(connection)):
            rows = await places(connection, table)
            if table == "referral_day":  # of records from before there were sequences; nothing is written there
                continue
            assert rows, f"nothing in {table} to try with"
            if table == "mended" and column in {"was", "now", "row_id"}:
                continue
            for value in BY_TYPE[kind][number % parts :: parts]:
                sql = f"UPDATE cru.{table} SET {column} = {value} WHERE {rows[0]}"
                accepted[kind] = accepted.get(kind, 0) + await attempt(connection, table, sql)
    # Some are harmless, so the reading above was no empty promise.
    assert accepted["text"] > 50 / parts
    assert accepted["jsonb"] > 3 / parts
    assert accepted["timestamptz"] == accepted["date"] == 0


def edge(kind: kinds.Kind | None) -> tuple[str, str] | None:
    """The farthest value that is let through, and the next one, as SQL."""
    match kind:
        case kinds.Words(most=most):
            return f"repeat('é', {most})", f"repeat('é', {most + 1})"
        case kinds.Day(first=first):
            return f"'{first}-01-01'", f"'{first - 1}-12-31'"
        case kinds.Moment():
            return "'2000-01-01 00:00:00Z'", "'1999-12-31 23:59:59.999999Z'"
        case kinds.Number(low=low):
            return str(low), str(low - 1)
        case _:
            return None


# Not of a value's own size alone: these are tried elsewhere, or what they refer to must be there.
ELSEWHERE = {"text_digest", "event_id", "source", "priority", "base", "version", "kind", "tool_version"}
ELSEWHERE |= {"emergency_at", "started_at", "planned_end_at", "meal_due_at", "meal_until_at", "ended_at"}
# What is one of a list of rows, or must lie within a year.
ELSEWHERE |= {"topic", "code", "language", "expires_at", "token_digest", "ended_how"}
# What the record stamps, whatever is sent.
ELSEWHERE |= {"device.author", "device.dated"}
# What is a choice of another list, or has bounds that a slip of the finger would pass.
ELSEWHERE |= {"default_priority", "within_minutes", "aim_minutes", "lat", "lon", "waits", "waits_kind"}
# What must not lie before another time.
ELSEWHERE |= {"acknowledged_at", "allocated_at", "expected_at", "completed_at"}
ELSEWHERE |= {"starts_at", "ends_at", "from_at", "until_at", "happened_at"}
ELSEWHERE |= {"made_at", "due_at", "agreed_until", "promise_due_at", "destination"}
# What is a measure that there is, and days that have been.
ELSEWHERE |= {"spc_baseline.measure", "since_on", "until_on"}
# Who works at a desk.
ELSEWHERE |= {"to_login"}
BESIDE = {
    "override_at": {"override_clinician": "'x'", "override_reason": "'x'"},
    "override_reason": {"override_at": "now()", "override_clinician": "'x'"},
    "override_clinician": {"override_at": "now()", "override_reason": "'x'"},
    "patient_age_low": {"patient_age_high": "9", "patient_age_on": "'2020-01-01'"},
    "patient_age_high": {"patient_age_low": "0", "patient_age_on": "'2020-01-01'"},
    "patient_age_on": {"patient_age_low": "9", "patient_age_high": "9"},
    "answer": {"state": "'withdrawn'"},
    "statement": {"state": "'withdrawn'", "answer": "'x'"},
    "not_measured": {
        "answers": """'{"observations": "not known"}'""",
        "how": """'{"observations": "not measured"}'""",
    },
}


async def test_up_to_the_limit_and_no_further(record: Record, full: dict[str, str]) -> None:
    tried = 0
    async with session(record, "l.lead") as connection:
        for table, column, _ in await columns(connection):
            if table not in INSERTS or {column, f"{table}.{column}"} & ELSEWHERE:
                continue
            if not await may(connection, table, column, "INSERT"):
                continue
            ends = edge(bounds.kind_of(table, Base.metadata.tables[f"cru.{table}"].columns[column]))
            if ends is None:
                continue
            base = {name: value.format(**full) for name, value in INSERTS[table].items()} | BESIDE.get(column, {})
            assert await attempt(connection, table, insert(table, base | {column: ends[0]})), (table, column)
            assert not await attempt(connection, table, insert(table, base | {column: ends[1]})), (table, column)
            tried += 1
    assert tried > 45


def with_limits() -> MetaData:
    """All tables, each with its limits as constraints."""
    whole = MetaData(Base.metadata.schema, naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        copy = table.to_metadata(whole)
        for check in bounds.checks(table):
            copy.append_constraint(CheckConstraint(check.condition, name=check.name))
    return whole


async def test_the_catalogue_has_the_limits_that_the_tables_declare(record: Record) -> None:
    listed = (
        "SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c"
        " JOIN pg_class r ON r.oid = c.conrelid WHERE c.contype = 'c' AND c.convalidated AND NOT r.relispartition"
        " AND r.relnamespace = '{}'::regnamespace"
    )
    async with session(record, "") as connection:
        await connection.exec_driver_sql("CREATE SCHEMA declared")
        await connection.run_sync(
            lambda sync: with_limits().create_all(
                sync.execution_options(schema_translate_map={"cru": "declared"}), checkfirst=False
            )
        )
        there = {tuple(row) for row in await connection.exec_driver_sql(listed.format("cru"))}
        declared = {tuple(row) for row in await connection.exec_driver_sql(listed.format("declared"))}
    assert there - declared == set()
    assert declared - there == set()


async def test_every_column_has_a_limit(record: Record) -> None:
    async with session(record, "") as connection:
        found = await columns(connection)
    bare = []
    for table, column, kind in found:
        mapped = Base.metadata.tables.get(f"cru.{table}")
        # A truth and an id have no limits; Alembic keeps its own table.
        if kind in {"bool", "uuid"} or table == "alembic_version":
            continue
        if mapped is None or not bounds.is_limited(table, mapped.columns[column]):
            bare.append(f"{table}.{column}")
    assert bare == []


async def test_every_constraint_that_refuses_has_a_sentence(record: Record) -> None:
    async with session(record, "") as connection:
        sql = "SELECT conname::text FROM pg_constraint WHERE contype = 'c' AND connamespace = 'cru'::regnamespace"
        names = set((await connection.exec_driver_sql(sql)).scalars())
    limits = {name for name in names if bounds.refusal(name)}
    assert len(limits) > 250
    assert all(len(name) < 64 for name in limits)
    said = [bounds.refusal(name) for name in limits]
    assert all(one and one.sentence.endswith(".") and one.next_step.endswith(".") for one in said)
    assert not [one.sentence for one in said if one and "_" in one.sentence]


def test_who_is_held_by_another_constraint_names_one_that_is_there() -> None:
    tables = Base.metadata.tables.values()
    found = [bounds.kind_of(table.name, column) for table in tables for column in table.columns]
    named = {kind.constraint for kind in found if isinstance(kind, kinds.HeldBy)}
    assert named == {"service_single_check", "alarm_watch_single_check", "referral_coordinates_check"}
    assert named <= {constraint.name for table in tables for constraint in table.constraints}
