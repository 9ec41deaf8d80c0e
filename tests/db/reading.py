# ruff: noqa: S608 - the tests name tables and columns of our own
"""A record with something in every table, and reading it as the screen would."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from db import fixes, queries
from db.domain.clocks import local
from db.domain.roles import Role
from db.mirror import mirrored, rows_of
from db.tables import Base
from db.tables.columns import WORKED_OUT
from tests.db.psql import Psql

MESSAGE = "INSERT INTO cru.message (words) VALUES"
FLAG = "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
KEPT = "INSERT INTO cru.wish_kept (referral_id, about_id, kept, said_by, words)"
READ = "INSERT INTO cru.read_back (referral_id, assignment_id, read_by, channel, brief)"


async def fill(psql: Psql) -> dict[str, str]:
    """Put something into every table; returns the ids of what an insert can refer to, as SQL."""
    await psql.handover("released")
    await psql.referral("closed")
    held = await psql.referral()
    await psql.set(
        psql.shah, "referral", held, hold_until=datetime.now(UTC) + timedelta(minutes=50), hold_reason="x"
    )
    referral, van = await psql.referral(), await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    staff, other = await _free_staff(psql)
    join = "INSERT INTO cru.shift_member (shift_id, staff_id) VALUES ($1, $2)"
    await psql.owner.execute(join, shift, staff)
    for sql in (
        *await _of_care(psql, referral, held),
        f"INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ('{referral}', 'person', 'kind')",
        f"{FLAG} VALUES ('{held}', 'address', 'pets', 'a dog', now() + interval '30 days')",
        f"INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ('d', '{van}', repeat('0f', 32))",
        "INSERT INTO cru.command_log (command_id, verb) VALUES (gen_random_uuid(), 'x')",
    ):
        await psql.owner.execute(sql)
    ids = {"referral": referral, "van": van, "shift": shift, "staff": other}
    if await psql.owner.fetchval("SELECT to_regclass('cru.planned_shift') IS NOT NULL"):
        ids |= await _fill_rota(psql, van, other)
    if await psql.owner.fetchval("SELECT to_regclass('cru.about_me') IS NOT NULL"):
        ids |= await fill_person(psql, referral, held)
    if await psql.owner.fetchval("SELECT to_regclass('cru.shift_log') IS NOT NULL"):
        ids |= await _fill_room(psql, referral)
    if await psql.owner.fetchval("SELECT to_regclass('cru.neighbourhood') IS NOT NULL"):
        await psql.owner.execute("INSERT INTO cru.neighbourhood (area, tenth, source) VALUES ('ZE1', 9, 'a list')")
        await read_words(psql)
    if await psql.owner.fetchval("SELECT to_regclass('cru.intake_call') IS NOT NULL"):
        rung = "INSERT INTO cru.intake_call (referral_id, answered_at) VALUES ($1, now())"
        await psql.shah.execute(rung, await psql.take())
    if await psql.owner.fetchval("SELECT to_regclass('cru.message') IS NOT NULL"):
        said = [await psql.owner.fetchval(f"{MESSAGE} ('{words}') RETURNING id") for words in ("seen", "not yet")]
        await psql.shah.execute("INSERT INTO cru.message_seen (message_id) VALUES ($1)", said[0])
        ids["message"] = said[1]
    fix = {"van_id": str(van), "fixed_at": "2026-01-01T00:00:00Z", "lat": 52.2, "lon": -0.9}
    await psql.gateway.fetchval("SELECT cru.record_fixes($1)", json.dumps([fix, fix | {"refused": "jumped"}]))
    ids["idle"] = await psql.van("off duty")
    return {name: f"'{value}'::uuid" for name, value in ids.items()} | {
        "base": "(SELECT name FROM cru.van_base LIMIT 1)",
        "destination": "(SELECT name FROM cru.destination LIMIT 1)",
    }


async def read_words(psql: Psql, referral: UUID | None = None) -> None:
    """Let all that was written of somebody, or of everybody, be read, and nothing be found in it."""
    await psql.owner.execute(
        "INSERT INTO cru.reading (referral_id, tool_version, text_digest, event_id, found)"
        " SELECT r.id, cru.tool_in_force(), cru.digest(w.words), w.id, '[]'"
        " FROM cru.referral r CROSS JOIN LATERAL cru.unread_words(r.id) AS w WHERE r.id = coalesce($1, r.id)",
        referral,
    )


async def _free_staff(psql: Psql) -> list[UUID]:
    """Two who ride nowhere."""
    sql = (
        "SELECT id FROM cru.staff p WHERE NOT EXISTS (SELECT FROM cru.shift_member m"
        " WHERE m.staff_id = p.id) ORDER BY name DESC LIMIT 2"
    )
    return [row["id"] for row in await psql.owner.fetch(sql)]


async def _fill_rota(psql: Psql, van: UUID, staff: UUID) -> dict[str, UUID]:
    """A shift to come with somebody on it, and one whose van waits for its crew now."""
    plan = (
        "INSERT INTO cru.planned_shift (van_id, starts_at, ends_at)"
        " VALUES ($1, now() + $2, now() + $3) RETURNING id"
    )
    planned = await psql.lead.fetchval(plan, van, timedelta(days=2), timedelta(days=2, hours=9))
    ride = "INSERT INTO cru.planned_ride (planned_shift_id, staff_id) VALUES ($1, $2)"
    await psql.lead.execute(ride, planned, staff)
    if await psql.owner.fetchval("SELECT to_regclass('cru.rota_published') IS NOT NULL"):
        told = "INSERT INTO cru.rota_published (planned_shift_id, plan_version)"
        await psql.lead.execute(f"{told} SELECT id, version FROM cru.planned_shift WHERE id = $1", planned)
    bare = await psql.lead.fetchval(plan, van, timedelta(days=3), timedelta(days=3, hours=9))
    waits = await psql.shah.fetchval(
        "INSERT INTO cru.shift (van_id, started_at, planned_end_at) VALUES ($1, now(), now() + interval '8 hours')"
        " RETURNING id",
        await psql.van("off duty"),
    )
    return {"bare": bare, "boarding": waits}


async def _fill_room(psql: Psql, referral: UUID) -> dict[str, UUID]:
    """An entry in the shift log, and a room that is offered."""
    log = "INSERT INTO cru.shift_log (words, referral_id, pass_on) VALUES ('keys', $1, true) RETURNING id"
    entry = await psql.shah.fetchval(log, referral)
    if await psql.owner.fetchval("SELECT to_regclass('cru.review') IS NOT NULL"):
        await psql.lead.execute("INSERT INTO cru.improvement (said, raised_by) VALUES ('a loud knock', 'carer')")
        await psql.lead.execute("INSERT INTO cru.review (kind, about, words) VALUES ('late', 'y', 'no van free')")
    if await psql.owner.fetchval("SELECT to_regclass('cru.spc_baseline') IS NOT NULL"):
        usual = (
            "INSERT INTO cru.spc_baseline (measure, since_on, reason) VALUES ('response', '2026-01-05', 'a van')"
        )
        await psql.lead.execute(usual)
    line = {"kind": "person", "words": "x", "referral_id": str(referral), "due_at": "2026-11-22T03:41Z"}
    await psql.lead.execute("SELECT cru.offer_room(gen_random_uuid(), 'x', $1)", json.dumps([line]))
    return {"entry": entry}


async def fill_person(psql: Psql, referral: UUID, held: UUID) -> dict[str, UUID]:
    """Something about the person, and about the crew that goes there."""
    job = await psql.assignment("on scene")
    sent = (await psql.read("assignment", job))["referral_id"]
    about = await psql.owner.fetchval(
        "INSERT INTO cru.about_me (referral_id, topic, words, said_by) VALUES ($1, 'helps', 'tea', 'a son')"
        " RETURNING id",
        referral,
    )
    for sql in (
        f"INSERT INTO cru.same_person (referral_id, other_id, is_same) VALUES ('{referral}', '{held}', false)",
        f"INSERT INTO cru.interpreter (referral_id, language, booked_with) VALUES ('{referral}', 'lit', 'agency')",
        f"{KEPT} VALUES ('{referral}', '{about}', 'partly', 'a son', 'it was late')",
        f"{READ} VALUES ('{sent}', '{job}', 'K. Bell', 'radio', 'Side gate.')",
    ):
        await psql.owner.execute(sql)
    if await psql.owner.fetchval("SELECT to_regclass('cru.crew_word') IS NOT NULL"):
        heard = "INSERT INTO cru.crew_word (referral_id, assignment_id, channel) VALUES ($1, $2, 'radio')"
        await psql.shah.execute(heard, sent, job)
    return {"about": about, "other": held, "sent": sent, "job": job}


async def _of_care(psql: Psql, referral: UUID, held: UUID) -> list[str]:
    """What is said and done while somebody waits, and after: a schema of before 0010 knows none of it."""
    if await psql.owner.fetchval("SELECT to_regclass('cru.contact')") is None:
        return []
    later = datetime.now(UTC) + timedelta(hours=20)
    await psql.call(referral, promised="a call", promise_due_at=later)
    return [
        f"INSERT INTO cru.follow_up (referral_id, due_at, what_for) VALUES ('{held}', '{later}', 'x')",
        f"INSERT INTO cru.late_link (referral_id, service, crew) VALUES ('{referral}', 'police', 'NP 4')",
        "INSERT INTO cru.places_free (destination, free, said_by) SELECT min(name), 2, 'x' FROM cru.destination",
    ]


async def columns(connection: AsyncConnection) -> list[tuple[str, str, str]]:
    """Every column of the record's tables that anybody can write to: table, name, type."""
    found = await connection.exec_driver_sql(
        "SELECT c.relname::text, a.attname::text, t.typname::text FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid"
        " WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum"
    )
    return [(row[0], row[1], row[2]) for row in found if row[0] not in WORKED_OUT]


async def places(connection: AsyncConnection, table: str) -> list[str]:
    found = await connection.exec_driver_sql(
        f"SELECT format('tableoid = %s AND ctid = %L', tableoid, ctid) FROM cru.{table} LIMIT 3"
    )
    return list(found.scalars())


async def read(connection: AsyncConnection, table: str) -> None:
    """Read a table as a console does, and everything in it as the screen would."""
    if table == "alembic_version":
        return
    look((await connection.execute(Base.metadata.tables[f"cru.{table}"].select())).all())
    if table in mirrored(Role.SHIFT_LEAD):
        raw = await connection.get_raw_connection()
        found = await rows_of(raw.driver_connection, Role.SHIFT_LEAD, {table: None})
        assert found.unreadable == {}
        look(found.records[table])
    elif table == "event":
        for referral in (await connection.exec_driver_sql("SELECT id FROM cru.referral")).scalars().all():
            look(await queries.events_of(connection, referral))
    elif table == "position_fix":
        await read_fixes(connection)
    elif table == "service":
        look(await queries.clock(connection))
    elif table in await _reference_tables(connection):
        _look_at_new(await queries.reference_data(connection))


_REFERENCE: set[str] = set()
_LOOKED: dict[str, Any] = {}


async def _reference_tables(connection: AsyncConnection) -> set[str]:
    """The tables that the reference data is read from, by the statements that read it; found out once."""
    if not _REFERENCE:
        said: list[str] = []
        engine = connection.engine.sync_engine
        event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        _look_at_new(await queries.reference_data(connection))
        found = re.findall(r"cru\.(\w+)", " ".join(said))
        _REFERENCE.update(found)
        assert {"rule", "staff", "reason"} <= _REFERENCE
    return _REFERENCE


def _look_at_new(found: Any) -> None:
    """Look at each part that is not as it was when it was looked at last."""
    for field in fields(found):
        value = getattr(found, field.name)
        if field.name not in _LOOKED or _LOOKED[field.name] != value:
            look(value)
            _LOOKED[field.name] = value


async def read_fixes(connection: AsyncConnection) -> None:
    first, last = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
    look(await fixes.doubtful_fixes(connection, first))
    for van in (await connection.exec_driver_sql("SELECT id FROM cru.van")).scalars().all():
        look(await fixes.trail(connection, van, first + timedelta(days=1), last))


def look(value: Any) -> None:
    """Whatever a panel does with a value: say a time in London, lay out a text, count with a number."""
    if isinstance(value, datetime):
        assert value.tzinfo is not None
        assert 2000 <= local(value).year <= 2200
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
