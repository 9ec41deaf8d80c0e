# ruff: noqa: S608 - the tests name tables and columns of our own
"""Staff, shifts, vans and devices change with an event of whoever did it, and say whose word they are."""

from datetime import date
from uuid import UUID

import pytest

from tests.db.psql import Psql

AUTHOR = "SELECT author, dated FROM cru.van WHERE id = $1"
LAST = "SELECT kind, words, recorded_by, van_id FROM cru.event ORDER BY id DESC LIMIT 1"
# Each part that a shift lead may change, with another value than it has.
CHANGES = {
    "staff": {
        "name": "'K. Bell'",
        "profession": "'x'",
        "gender": "'woman'",
        "languages": "'{{Polish}}'",
        "registered": "NOT registered",
        "active": "false",
    },
    "device": {
        "device_id": "'another'",
        "van_id": "'{other}'",
        "token_digest": "repeat('1a', 32)",
        "active": "false",
    },
    "van": {
        "callsign": "'Tango 77'",
        "registration": "'AB12 CDE'",
        "livery": "CASE livery WHEN 'marked' THEN 'unmarked' ELSE 'marked' END",
        "seats": "7",
        "equipment": "'{{ramp}}'",
        "active": "false",
        "emergency_at": "cru.clock_now()",
    },
    "shift": {
        "planned_end_at": "planned_end_at - interval '1 hour'",
        "meal_due_at": "cru.clock_now() + interval '1 hour'",
        "meal_until_at": "cru.clock_now() + interval '2 hours'",
    },
}


async def rows(psql: Psql) -> dict[str, str]:
    """A row of each of those tables, and another van."""
    working, idle = await psql.van(), await psql.van("off duty")
    other = await psql.owner.fetchval("SELECT id FROM cru.van WHERE id <> ALL ($1) LIMIT 1", [working, idle])
    device = await psql.lead.fetchval(
        "INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ('tab', $1, repeat('0f', 32))"
        " RETURNING id",
        working,
    )
    staff = await psql.lead.fetchval("INSERT INTO cru.staff (name, profession) VALUES ('A', 'b') RETURNING id")
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", working)
    found = {"van": idle, "other": other, "device": device, "staff": staff, "shift": shift}
    return {name: str(value) for name, value in found.items()}


async def test_what_people_change_leaves_an_event_with_their_name(psql: Psql) -> None:
    there = await rows(psql)
    columns = await psql.owner.fetch(
        "SELECT c.relname || '.' || a.attname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " AND a.attnum > 0 WHERE c.oid = ANY ($1::regclass[])"
        " AND has_column_privilege('l.lead', c.oid, a.attnum, 'UPDATE')",
        [f"cru.{table}" for table in CHANGES],
    )
    # What is asked for by another (a van's base), by the step itself, or never changes.
    left_out = {"van.base", "van.id", "van.version", "van.duty_since_at", "van.duty_reason", "van.duty_status"}
    left_out |= {"device.id", "shift.ended_at"}
    assert {row["name"] for row in columns} - left_out == {f"{t}.{c}" for t, some in CHANGES.items() for c in some}
    for table, some in CHANGES.items():
        for column, value in some.items():
            before = await psql.owner.fetchval("SELECT max(id) FROM cru.event")
            sql = f"UPDATE cru.{table} SET {column} = {value.format(**there)} WHERE id = $1"
            await psql.lead.execute(sql, UUID(there[table]))
            told = await psql.owner.fetch("SELECT recorded_by FROM cru.event WHERE id > $1", before)
            assert {row["recorded_by"] for row in told} == {"l.lead"}, f"{table}.{column}"


async def test_whoever_changes_a_van_is_its_author(psql: Psql) -> None:
    van = await psql.van("off duty")
    await psql.owner.execute("UPDATE cru.van SET author = 'the trust', dated = '2020-01-01' WHERE id = $1", van)
    today = await psql.owner.fetchval("SELECT (cru.clock_now() AT TIME ZONE 'Europe/London')::date")
    # Its duty is no word about the van.
    await psql.set(psql.shah, "van", van, emergency_at=await psql.owner.fetchval("SELECT cru.clock_now()"))
    assert tuple(await psql.owner.fetchrow(AUTHOR, van)) == ("the trust", date(2020, 1, 1))
    await psql.set(psql.lead, "van", van, emergency_at=None, seats=7)
    assert tuple(await psql.owner.fetchrow(AUTHOR, van)) == ("l.lead", today)
    assert (await psql.owner.fetchrow(LAST))["words"] == "seats"
    # Also whoever owns the record is no other.
    await psql.owner.execute("UPDATE cru.van SET seats = 6, author = 'l.lead' WHERE id = $1", van)
    assert tuple(await psql.owner.fetchrow(AUTHOR, van)) == ("postgres", today)


@pytest.mark.hazard("H-055")
async def test_whoever_joins_or_leaves_a_crew_is_an_event(psql: Psql) -> None:
    van = await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    # Left with its shift open, and off duty.
    await psql.set(psql.shah, "van", van, duty_status="off duty")
    await psql.crew(shift, who=psql.session("b.okafor"))
    joined = await psql.owner.fetchrow(LAST)
    assert (joined["kind"], joined["recorded_by"], joined["van_id"]) == ("joined the crew", "b.okafor", van)
    leave = (
        "UPDATE cru.shift_member SET until_at = cru.clock_now(), left_reason = 'ill'"
        " WHERE shift_id = $1 AND staff_id = $2"
    )
    who = await psql.owner.fetchval("SELECT staff_id FROM cru.shift_member ORDER BY from_at DESC LIMIT 1")
    await psql.lead.execute(leave, shift, who)
    left = await psql.owner.fetchrow(LAST)
    assert (left["kind"], left["recorded_by"], left["words"]) == ("left the crew", "l.lead", joined["words"])


async def test_who_begins_a_shift_with_it_is_told_by_its_start(psql: Psql) -> None:
    van = await psql.van("off duty")
    async with psql.shah.transaction():
        shift = await psql.shah.fetchval(
            "INSERT INTO cru.shift (van_id, started_at, planned_end_at)"
            " VALUES ($1, cru.clock_now(), cru.clock_now() + interval '9 hours') RETURNING id",
            van,
        )
        await psql.crew(shift)
    kinds = await psql.owner.fetch("SELECT kind FROM cru.event WHERE van_id = $1 ORDER BY id", van)
    assert [row["kind"] for row in kinds] == ["van added", "shift started"]
