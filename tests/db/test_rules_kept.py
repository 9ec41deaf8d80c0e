# ruff: noqa: S608 - the tests name functions and parts of our own
"""What the record keeps beside its rows: shapes of JSON, fixes and their days, and the list of changes."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.db.psql import Psql, forget_fix_days


async def clock(psql: Psql) -> datetime:
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    return now


# --- what is kept in JSON ---


def nested(depth: int) -> object:
    return {"a": nested(depth - 1)} if depth else 1


WORD = "x" * 200


@pytest.mark.parametrize(
    ("function", "value", "fits"),
    [
        ("is_list", [], True),
        ("is_list", [WORD] * 40, True),
        ("is_list", [WORD] * 41, False),
        ("is_list", [WORD + "x"], False),
        ("is_list", ["a\nb"], True),
        ("is_list", ["a\x07b"], False),
        ("is_list", [1], False),
        ("is_list", [None], False),
        ("is_list", "x", False),
        ("is_list", {}, False),
        ("is_text", "x" * 4000, True),
        ("is_text", "x" * 4001, False),
        ("is_text", "a\nb", True),
        ("is_text", "a\x07b", False),
        ("is_text", 1, False),
        ("is_plan", {}, True),
        (
            "is_plan",
            {"wishes": ["a"], "language": "cy", "other": "x", "more": ["x"], "n": 5, "b": True, "z": None},
            True,
        ),
        ("is_plan", {f"k{n}": 1 for n in range(40)}, True),
        ("is_plan", {f"k{n}": 1 for n in range(41)}, False),
        ("is_plan", {"k" * 60: 1}, True),
        ("is_plan", {"k" * 61: 1}, False),
        ("is_plan", {"wishes": "a"}, False),
        ("is_plan", {"wishes": ["x" * 201]}, False),
        ("is_plan", {"language": ["cy"]}, False),
        ("is_plan", {"language": 1}, False),
        ("is_plan", {"language": "x" * 4001}, False),
        ("is_plan", {"other": "x" * 4001}, False),
        ("is_plan", {"other": ["x"] * 41}, False),
        ("is_plan", {"other": 10**16}, False),
        ("is_plan", {"other": -(10**16)}, False),
        ("is_plan", {"other": 10**15}, True),
        ("is_plan", {"other": {"a": 1}}, False),
        ("is_plan", {f"k{n}": "x" * 4000 for n in range(16)}, True),
        ("is_plan", {f"k{n}": "x" * 4000 for n in range(17)}, False),
        ("is_plan", [], False),
        ("is_plan", "x", False),
        ("is_answers", {}, True),
        ("is_answers", {"a": "yes", "b": "no", "c": "not known"}, True),
        ("is_answers", {"a": "Yes"}, False),
        ("is_answers", {"a": None}, False),
        ("is_answers", {f"k{n}": "no" for n in range(200)}, True),
        ("is_answers", {f"k{n}": "no" for n in range(201)}, False),
        ("is_answers", {"k" * 60: "no"}, True),
        ("is_answers", {"k" * 61: "no"}, False),
        ("is_answers", ["no"], False),
    ],
)
async def test_which_shapes_are_kept(psql: Psql, function: str, value: object, fits: bool) -> None:
    assert await psql.owner.fetchval(f"SELECT cru.{function}($1)", json.dumps(value)) is fits


# --- positions ---

FIX = {"fixed_at": "2026-03-04T05:06:07Z", "received_at": "2026-03-04T05:06:08Z", "lat": 52.24, "lon": -0.9}


async def send(psql: Psql, *fixes: dict[str, Any]) -> list[Any]:
    """Send a batch as the gateway; returns all that was ever kept, in order."""
    assert await psql.gateway.fetchval("SELECT cru.record_fixes($1)", json.dumps(fixes)) == len(fixes)
    return list(await psql.owner.fetch("SELECT * FROM cru.position_fix ORDER BY id"))


async def test_the_newest_of_a_batch_is_where_the_van_is(psql: Psql) -> None:
    van, other = str(await psql.van()), str(await psql.van())
    times = [("05:06:09", 52.3), ("05:06:07", 52.1), ("05:06:08", 52.2)]
    batch = [FIX | {"van_id": van, "fixed_at": f"2026-03-04T{at}Z", "lat": lat} for at, lat in times]
    await send(
        psql,
        *batch,
        FIX | {"van_id": other},
        FIX | {"van_id": van, "fixed_at": "2026-03-04T06:00:00Z", "refused": "no"},
    )
    sql = "SELECT lat, version FROM cru.position WHERE van_id = $1"
    assert tuple(await psql.owner.fetchrow(sql, UUID(van))) == (52.3, 1)
    # The same moment again is no news.
    await send(psql, FIX | {"van_id": van, "fixed_at": "2026-03-04T05:06:09Z", "lat": 52.9})
    assert tuple(await psql.owner.fetchrow(sql, UUID(van))) == (52.3, 1)
    await send(psql, FIX | {"van_id": van, "fixed_at": "2026-03-04T05:06:10Z", "lat": 52.9})
    assert tuple(await psql.owner.fetchrow(sql, UUID(van))) == (52.9, 2)
    assert await psql.owner.fetchval("SELECT lat FROM cru.position WHERE van_id = $1", UUID(other)) == 52.24


@pytest.mark.parametrize(("seconds", "refused"), [(110, ""), (130, "dated in the future")])
async def test_two_minutes_ahead_is_the_records_limit_too(psql: Psql, seconds: int, refused: str) -> None:
    at = await clock(psql) + timedelta(seconds=seconds)
    (row,) = await send(psql, FIX | {"van_id": str(await psql.van()), "fixed_at": at.isoformat()})
    assert row["refused"] == refused


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        (nested(5), True),
        (nested(7), False),
        ({"a": 10**15}, True),
        ({"a": 10**16}, False),
        ({"a": -(10**16)}, False),
        ({"a": "x" * 59_900}, True),
        ({"a": "x" * 60_100}, False),
        (None, True),
        ("x", False),
    ],
)
async def test_which_extras_are_kept(psql: Psql, attributes: object, kept: bool) -> None:
    # The second makes the record look at both value by value.
    van = str(await psql.van())
    first, _ = await send(psql, FIX | {"van_id": van, "attributes": attributes}, FIX | {"van_id": van, "lat": "x"})
    held = json.loads(first["attributes"])
    assert ("sent attributes" in held) is not kept
    if kept and attributes is not None:
        assert held == attributes


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        ("1999-12-31T23:59:59Z", "its time cannot be believed"),
        ("2000-01-01T00:00:00Z", ""),
        ("2199-12-31T23:59:59Z", "dated in the future"),
        ("2200-01-01T00:00:00Z", "its time cannot be believed"),
    ],
)
async def test_which_times_can_be_believed(psql: Psql, at: str, refused: str) -> None:
    van = str(await psql.van())
    first, _ = await send(psql, FIX | {"van_id": van, "fixed_at": at}, FIX | {"van_id": van, "lat": "x"})
    assert first["refused"] == refused


@pytest.mark.parametrize(
    ("days", "of_its_own"), [(-32, False), (-31, True), (-30, True), (0, True), (7, True), (8, False)]
)
async def test_which_days_have_a_part_of_their_own(psql: Psql, days: int, of_its_own: bool) -> None:
    day = (await clock(psql)).date() + timedelta(days=days)
    for _ in range(2):
        await psql.owner.execute("SELECT cru.ensure_fix_partition($1)", day)
    found = await psql.owner.fetchval("SELECT to_regclass($1)", f"cru.position_fix_{day:%Y%m%d}")
    assert (found is not None) is of_its_own


@pytest.mark.parametrize(
    ("offset", "of_its_own"), [(timedelta(), False), (timedelta(days=1), True), (-timedelta(seconds=1), True)]
)
async def test_a_day_that_began_among_the_others_stays_there(
    psql: Psql, offset: timedelta, of_its_own: bool
) -> None:
    day = (await clock(psql)).date() + timedelta(days=1)
    at = datetime.fromisoformat(f"{day}T00:00:00+00:00") + offset
    await forget_fix_days(psql.owner)
    await psql.owner.execute(
        "INSERT INTO cru.position_fix_other (van_id, fixed_at, received_at, lat, lon) VALUES ($1, $2, $2, 52, -1)",
        await psql.van(),
        at,
    )
    await psql.owner.execute("SELECT cru.ensure_fix_partition($1)", day)
    found = await psql.owner.fetchval("SELECT to_regclass($1)", f"cru.position_fix_{day:%Y%m%d}")
    assert (found is not None) is of_its_own


async def test_two_batches_that_begin_a_day_at_once_do_not_wait_for_one_another(psql: Psql) -> None:
    day = (await clock(psql)).date() + timedelta(days=1)
    await forget_fix_days(psql.owner)
    begin = "SELECT cru.ensure_fix_partition($1)"
    other = await asyncpg.connect(**psql.record.owner_kwargs)
    try:
        await other.execute("SET lock_timeout = '200ms'")
        async with psql.owner.transaction():
            await psql.owner.execute(begin, day)
            await other.execute(begin, day)
        await other.execute(begin, day)
    finally:
        await other.close()
    found = await psql.owner.fetchval("SELECT to_regclass($1)", f"cru.position_fix_{day:%Y%m%d}")
    assert found is not None


async def test_an_alarm_is_of_the_van_that_raised_it(psql: Psql) -> None:
    one, two = await psql.tracker(await psql.van()), await psql.van()
    await psql.gateway.execute("SELECT cru.raise_emergency($1)", one)
    assert (await psql.read("van", one))["emergency_at"] is not None
    assert (await psql.read("van", two))["emergency_at"] is None


# --- the list of changes ---


async def seeded(psql: Psql, *, trims: bool) -> None:
    """Set the owner's dice so that the next throw does or does not trim the list."""
    for n in range(2000):
        await psql.owner.execute("SELECT setseed($1)", n / 2000)
        if (await psql.owner.fetchval("SELECT random()") < 0.01) is trims:
            await psql.owner.execute("SELECT setseed($1)", n / 2000)
            return
    raise AssertionError("no such dice")


async def test_a_beat_trims_the_list_of_what_is_an_hour_old_now_and_then(psql: Psql) -> None:
    old = (
        "INSERT INTO cru.change (entity, at)"
        " SELECT 'x', clock_timestamp() - make_interval(mins => m) FROM generate_series(50, 70, 2) m"
    )
    await psql.owner.execute(old)
    count = "SELECT count(*) FROM cru.change WHERE entity = 'x'"
    assert await psql.owner.fetchval(count) == 11
    await seeded(psql, trims=False)
    await psql.owner.execute("SELECT cru.beat()")
    assert await psql.owner.fetchval(count) == 11
    await seeded(psql, trims=True)
    await psql.owner.execute("SELECT cru.beat()")
    assert await psql.owner.fetchval(count) == 5


async def test_beats_are_a_second_apart_whatever_else_changes(psql: Psql) -> None:
    count = "SELECT count(*) FROM cru.change WHERE entity = 'beat'"
    await psql.owner.execute("INSERT INTO cru.change (entity) VALUES ('van')")
    await psql.owner.execute("SELECT cru.beat(); SELECT cru.beat()")
    assert await psql.owner.fetchval(count) == 1
    # One of before, and one of a clock that was ahead, hold up nothing.
    for shift in ("- interval '0.9 s'", "+ interval '1 hour'"):
        await psql.owner.execute(f"UPDATE cru.change SET at = clock_timestamp() {shift} WHERE entity = 'beat'")
        await psql.owner.execute("SELECT cru.beat()")
        assert await psql.owner.fetchval(count) > 1
        await psql.owner.execute("DELETE FROM cru.change; SELECT cru.beat()")


async def test_a_life_of_the_record_is_told_by_five_things(psql: Psql) -> None:
    life = await psql.owner.fetchval("SELECT cru.record_life()")
    epoch = await psql.owner.fetchval("SELECT epoch::text FROM cru.service WHERE id = 1")
    system = await psql.owner.fetchval("SELECT system_identifier::text FROM pg_control_system()")
    base = await psql.owner.fetchval("SELECT oid::text FROM pg_database WHERE datname = current_database()")
    changes = await psql.owner.fetchval("SELECT 'cru.change'::regclass::oid::text")
    assert life == f"{system}:00000001:{base}:{changes}:{epoch}"


@pytest.mark.parametrize(("rows", "named"), [(0, None), (200, 200), (201, 0)])
async def test_how_many_rows_are_named_one_by_one(psql: Psql, rows: int, named: int | None) -> None:
    await psql.owner.execute("DELETE FROM cru.change")
    ids = "(SELECT coalesce(array_agg(gen_random_uuid()), '{}') FROM generate_series(1, $1::int))"
    heard: list[str] = []
    await psql.lead.add_listener("console", lambda *told: heard.append(told[3]))
    await psql.owner.execute(f"SELECT cru.note_change('van', {ids})", rows)
    await psql.lead.execute("SELECT 1")
    found = await psql.owner.fetch("SELECT coalesce(cardinality(ids), 0) AS n FROM cru.change")
    assert [row["n"] for row in found] == ([] if named is None else [named])
    assert [len(one.partition(":")[2].split(",")) for one in heard] == ([] if named is None else [max(1, named)])
