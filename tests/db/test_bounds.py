# ruff: noqa: S608 - the tests name tables and columns of our own
"""No value of any column, by whoever may write it, leaves a row that a console cannot read."""

import json
import math
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db import fixes, queries
from db.domain.clocks import local
from db.domain.roles import Role
from db.engine import connect, translate
from db.tables import Base, bounds
from tests.cluster import Record
from tests.db.extremes import BY_TYPE
from tests.db.psql import Psql

MIRRORED = ("van", "shift", "position", "referral", "assignment", "handover", "screening")
# What a person who may insert can insert; the extremes are tried in its place or beside it.
INSERTS = {
    "referral": {"source": "'hub'", "priority": "'P2'", "location_text": "'x'"},
    "screening": {"referral_id": "{referral}", "tool_version": "1", "answers": "'{{}}'"},
    "assignment": {"referral_id": "{referral}", "van_id": "{van}"},
    "handover": {"referral_id": "{referral}", "ordinal": "9", "from_party": "'EMAS'", "to_party": "'CRU'"},
    "van": {"callsign": "'X1'", "registration": "'x'", "base": "{base}", "livery": "'marked'", "seats": "4"},
    "staff": {"name": "'x'", "profession": "'x'"},
    "shift": {"van_id": "{idle}", "started_at": "now()", "planned_end_at": "now() + interval '8 hours'"},
    "shift_member": {"shift_id": "{shift}", "staff_id": "{staff}"},
    "feedback": {"referral_id": "{referral}", "said_by": "'person'", "words": "'x'"},
    "flag": {"referral_id": "{referral}", "subject": "'person'", "kind": "'pets'", "reason": "'a dog'"},
    "command_log": {"command_id": "gen_random_uuid()", "verb": "'x'"},
    "event": {"referral_id": "{referral}", "kind": "'note'"},
    "device": {"device_id": "'x'", "van_id": "{van}", "token_digest": "'x'"},
}


@asynccontextmanager
async def session(record: Record, login: str) -> AsyncIterator[AsyncConnection]:
    """A transaction of a login that is rolled back, with a reason given for whatever is amended."""
    engine = connect(record.url(login) if login else record.owner_url, answer_within=60)
    async with engine.connect() as connection:
        await connection.exec_driver_sql("SELECT set_config('cru.reason', 'to see', false)")
        yield connection
        await connection.rollback()
    await engine.dispose()


async def columns(connection: AsyncConnection) -> list[tuple[str, str, str]]:
    """Every column of the record's tables: table, name, type."""
    found = await connection.exec_driver_sql(
        "SELECT c.relname::text, a.attname::text, t.typname::text FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid"
        " WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum"
    )
    return [(row[0], row[1], row[2]) for row in found]


async def may(connection: AsyncConnection, table: str, column: str, right: str) -> bool:
    sql = text("SELECT has_column_privilege('cru.' || CAST(:t AS text), CAST(:c AS text), CAST(:r AS text))")
    return bool((await connection.execute(sql, {"t": table, "c": column, "r": right})).scalar_one())


@pytest.fixture
async def full(psql: Psql) -> dict[str, str]:
    """A record with something in every table; the ids of what an insert can refer to, as SQL."""
    await psql.handover("released")
    await psql.referral("closed")
    held = await psql.referral()
    await psql.set(psql.shah, "referral", held, hold_until=datetime.now(UTC) + timedelta(hours=1), hold_reason="x")
    referral, van = await psql.referral(), await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    staff = await psql.owner.fetchval("SELECT id FROM cru.staff LIMIT 1")
    await psql.owner.execute("INSERT INTO cru.shift_member VALUES ($1, $2)", shift, staff)
    other = await psql.owner.fetchval("SELECT id FROM cru.staff OFFSET 1 LIMIT 1")
    for sql in (
        f"INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ('{referral}', 'person', 'kind')",
        f"INSERT INTO cru.flag (referral_id, subject, kind, reason) VALUES ('{held}', 'address', 'pets', 'a dog')",
        f"INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ('d', '{van}', 'x')",
        "INSERT INTO cru.command_log (command_id, verb) VALUES (gen_random_uuid(), 'x')",
        "INSERT INTO cru.mended (table_name, row_id, column_name, revision) VALUES ('x', 'x', 'x', 'x')",
    ):
        await psql.owner.execute(sql)
    fix = {"van_id": str(van), "fixed_at": "2026-01-01T00:00:00Z", "lat": 52.2, "lon": -0.9}
    await psql.gateway.fetchval("SELECT cru.record_fixes($1)", json.dumps([fix, fix | {"refused": "jumped"}]))
    ids = {"referral": referral, "van": van, "shift": shift, "staff": other, "idle": await psql.van("off duty")}
    return {name: f"'{value}'::uuid" for name, value in ids.items()} | {
        "base": "(SELECT name FROM cru.van_base LIMIT 1)"
    }


async def read(connection: AsyncConnection, table: str) -> None:
    """Read a table as a console does, and everything in it as the screen would."""
    if table == "alembic_version":
        return
    look((await connection.execute(Base.metadata.tables[f"cru.{table}"].select())).all())
    if table in MIRRORED:
        key = "van_id" if table == "position" else "id"
        ids = (await connection.exec_driver_sql(f"SELECT {key} FROM cru.{table}")).scalars().all()
        look(await queries.fetch(connection, Role.SHIFT_LEAD, table, ids))
    elif table == "event":
        for referral in (await connection.exec_driver_sql("SELECT id FROM cru.referral")).scalars().all():
            look(await queries.events_of(connection, referral))
    elif table == "position_fix":
        await read_fixes(connection)
    elif table == "service":
        look(await queries.clock(connection))
    else:
        look(await queries.reference_data(connection))


async def read_fixes(connection: AsyncConnection) -> None:
    first, last = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
    look(await fixes.doubtful_fixes(connection, first))
    for van in (await connection.exec_driver_sql("SELECT id FROM cru.van")).scalars().all():
        look(await fixes.trail(connection, van, first + timedelta(days=1), last))


def look(value: Any) -> None:
    """Whatever a panel does with a value: say a time in London, lay out a text, count with a number."""
    if isinstance(value, datetime):
        assert value.tzinfo is not None
        assert 1999 <= local(value).year <= 2100
    elif isinstance(value, str):
        assert len(value.encode()) <= 100_000
    elif isinstance(value, float | int):
        assert math.isfinite(value)
    elif isinstance(value, dict):
        look(list(value.items()))
    elif is_dataclass(value):
        look([getattr(value, field.name) for field in fields(value)])
    elif isinstance(value, Iterable):
        for part in value:
            look(part)


async def attempt(connection: AsyncConnection, table: str, sql: str) -> bool:
    """Try a statement and read what it left; False if it was refused. Either way nothing stays."""
    await connection.exec_driver_sql("SAVEPOINT attempt")
    try:
        await connection.exec_driver_sql(sql)
    except DBAPIError:
        return False
    else:
        try:
            await read(connection, table)
        except Exception as error:
            raise AssertionError(f"after {sql[:300]}") from error
        return True
    finally:
        await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")


async def places(connection: AsyncConnection, table: str) -> list[str]:
    found = await connection.exec_driver_sql(
        f"SELECT format('tableoid = %s AND ctid = %L', tableoid, ctid) FROM cru.{table} LIMIT 3"
    )
    return list(found.scalars())


@pytest.mark.parametrize("login", ["w.wall", "g.gateway", "a.shah", "l.lead"])
async def test_no_update_by_anybody(record: Record, full: dict[str, str], login: str) -> None:
    tried = 0
    async with session(record, login) as connection:
        for table, column, kind in await columns(connection):
            if not await may(connection, table, column, "UPDATE"):
                continue
            for place in await places(connection, table):
                for value in BY_TYPE[kind]:
                    await attempt(connection, table, f"UPDATE cru.{table} SET {column} = {value} WHERE {place}")
                    tried += 1
    assert (tried > 1000) == (login in {"a.shah", "l.lead"})
    assert (tried == 0) == (login in {"w.wall", "g.gateway"})


@pytest.mark.parametrize("login", ["w.wall", "g.gateway", "a.shah", "l.lead"])
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
    assert tried == (
        {"l.lead": set(INSERTS), "a.shah": set(INSERTS) - {"van", "staff", "device"}}.get(login, set())
    )


def insert(table: str, values: dict[str, str]) -> str:
    return f"INSERT INTO cru.{table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


async def test_no_write_by_the_owner_with_every_guard_off(record: Record, full: dict[str, str]) -> None:
    # The limits alone hold: nothing here is refused by a trigger or because a row elsewhere is missing.
    async with session(record, "") as connection:
        await connection.exec_driver_sql("SET session_replication_role = replica")
        accepted: dict[str, int] = {}
        for table, column, kind in await columns(connection):
            rows = await places(connection, table)
            assert rows, f"nothing in {table} to try with"
            if table == "mended" and column in {"was", "now", "row_id"}:
                continue
            for value in BY_TYPE[kind]:
                sql = f"UPDATE cru.{table} SET {column} = {value} WHERE {rows[0]}"
                accepted[kind] = accepted.get(kind, 0) + await attempt(connection, table, sql)
    # Some are harmless, so the reading above was no empty promise.
    assert accepted["text"] > 50
    assert accepted["jsonb"] > 3
    assert accepted["timestamptz"] == accepted["date"] == 0


def edge(kind: bounds.Kind) -> tuple[str, str] | None:
    """The farthest value that is let through, and the next one, as SQL."""
    match kind:
        case bounds.Words(most=most):
            return f"repeat('é', {most})", f"repeat('é', {most + 1})"
        case bounds.Day(first=first):
            return f"'{first}-01-01'", f"'{first - 1}-12-31'"
        case bounds.Moment():
            return "'2000-01-01 00:00:00Z'", "'1999-12-31 23:59:59.999999Z'"
        case bounds.Number(low=low):
            return str(low), str(low - 1)
        case _:
            return None


async def test_up_to_the_limit_and_no_further(record: Record, full: dict[str, str]) -> None:
    tried = []
    engine = connect(record.url("l.lead"), answer_within=60)
    async with engine.connect() as connection:
        for table, column, _ in await columns(connection):
            kind = (
                bounds.kind_of(table, Base.metadata.tables[f"cru.{table}"].columns[column])
                if table in INSERTS
                else None
            )
            ends = edge(kind) if kind else None
            free = column not in {"source", "priority", "base", "version", "kind", "tool_version", "started_at"}
            if kind is None or ends is None or not free or not await may(connection, table, column, "INSERT"):
                continue
            base = {name: value.format(**full) for name, value in INSERTS[table].items()}
            base |= {"override_clinician": "'x'", "override_reason": "'x'"} if column == "override_at" else {}
            base |= {"override_at": "now()", "override_clinician": "'x'"} if column == "override_reason" else {}
            base |= {"override_at": "now()", "override_reason": "'x'"} if column == "override_clinician" else {}
            base |= {"lat": "0", "lon": "0"} if table == "referral" and column in {"lat", "lon"} else {}
            good, bad = ends
            await connection.exec_driver_sql("SAVEPOINT attempt")
            with pytest.raises(DBAPIError) as refusal:
                await connection.exec_driver_sql(insert(table, base | {column: bad}))
            await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
            await connection.exec_driver_sql(insert(table, base | {column: good}))
            await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
            tried.append(column)
    await engine.dispose()
    assert len(tried) > 40


async def test_the_catalogue_has_the_limits_that_the_tables_declare(record: Record) -> None:
    listed = (
        "SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c"
        " JOIN pg_class r ON r.oid = c.conrelid WHERE c.contype = 'c' AND c.convalidated AND NOT r.relispartition"
        " AND r.relnamespace = '{}'::regnamespace"
    )
    async with session(record, "") as connection:
        await connection.exec_driver_sql("CREATE SCHEMA declared")
        await connection.run_sync(
            lambda sync: Base.metadata.create_all(
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
    kinds = [bounds.kind_of(table.name, column) for table in tables for column in table.columns]
    named = {kind.constraint for kind in kinds if isinstance(kind, bounds.HeldBy)}
    assert named == {"service_single_check", "referral_coordinates_check"}
    assert named <= {
        f"{table.name}_{constraint.name}_check" for table in tables for constraint in table.constraints
    }
