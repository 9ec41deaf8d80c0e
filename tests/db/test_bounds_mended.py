# ruff: noqa: S608 - the tests name tables and columns of our own
"""A record that was poisoned before there were limits: mended by the upgrade, listed, and read again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

import main
from db import migrate
from db.domain.records import ApproachPlan
from db.engine import connect
from tests.cluster import Cluster
from tests.db.extremes import BY_TYPE
from tests.db.psql import Psql
from tests.db.reading import columns, fill, look, places, read
from tests.db.upgrades import LeftBy, cloned, read_by_a_console

BEFORE = "0001"
# Ids and keys: an id has no limit, and a key is mended together with what refers to it, below.
KEYS = {"code", "key", "kind", "entity", "from_state", "to_state", "login", "label", "name", "day", "device_id"}
KEYS |= {"source", "priority", "outcome", "base", "default_priority", "tool_version", "callsign", "reference"}


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by(BEFORE)) as made:
        yield made


async def mended(psql: Psql) -> dict[tuple[str, str], list[tuple[str | None, str | None]]]:
    """The list, by table and column: what was there and what is."""
    found: dict[tuple[str, str], list[tuple[str | None, str | None]]] = {}
    # Later revisions list too what they left as it was.
    for row in await psql.lead.fetch("SELECT * FROM cru.mended WHERE was IS DISTINCT FROM now ORDER BY id"):
        assert row["revision"] in {"0003", "0011"}
        found.setdefault((row["table_name"], row["column_name"]), []).append((row["was"], row["now"]))
    return found


async def snapshot(psql: Psql) -> dict[str, list[Any]]:
    """What a dispatcher's console reads at its start, each value looked at."""
    found = await read_by_a_console(psql)
    assert found.unreadable == {}
    look(list(found.records.values()))
    return found.records


@pytest.mark.long
async def test_what_a_dispatchers_login_could_do(psql: Psql) -> None:
    """Each of these was one statement at a psql prompt."""
    ancient = await psql.take(
        received_at=datetime(1, 6, 1, tzinfo=UTC), narrative="n" * 30_000, caller="a\x1b[2Jb"
    )
    sql = (
        "INSERT INTO cru.referral (source, priority, location_text, {}) VALUES ('hub', 'P1', 'x', {}) RETURNING id"
    )
    extreme = {
        "plan": "'[]'",
        "patient_born": "'0044-03-15 BC'",
        "received_at": "'4713-01-01 BC'",
        "sent_at": "'-infinity'",
        "lat, lon": "52, -1",
    }
    ids = {name: await psql.shah.fetchval(sql.format(name, value)) for name, value in extreme.items()}
    plan = """'{"wishes": "quiet", "language": "Polish", "helps": 7, "a later entry": true}'"""
    partly = await psql.shah.fetchval(sql.format("plan", plan))
    endless, van = await psql.referral(), await psql.van()
    await psql.shah.execute(
        "UPDATE cru.referral SET hold_until = 'infinity', hold_reason = 'rest' WHERE id = $1", endless
    )
    await psql.shah.execute("UPDATE cru.van SET emergency_at = '-infinity' WHERE id = $1", van)
    await psql.shah.execute("UPDATE cru.shift SET planned_end_at = '294276-01-01' WHERE van_id = $1", van)
    untouched = dict(await psql.read("referral", ids["lat, lon"]))
    before = datetime.now(UTC) - timedelta(minutes=1)
    counts = await migrate.upgrade(psql.record.owner_url)
    rows = {row.id: row for row in (await snapshot(psql))["referral"]}
    assert before < rows[ancient].received_at < datetime.now(UTC)
    assert before < rows[ids["received_at"]].received_at < datetime.now(UTC)
    assert rows[ids["plan"]].plan == ApproachPlan()
    assert rows[partly].plan == ApproachPlan(language="Polish")
    assert rows[ids["patient_born"]].patient.born is None
    assert "sent" not in rows[ids["sent_at"]].times
    assert (rows[endless].hold_until, rows[endless].hold_reason) == (None, "")
    assert rows[ancient].caller == "a [2Jb"
    assert len(rows[ancient].narrative) == 20_000
    there = dict(await psql.read("referral", ids["lat, lon"]))
    assert {name: there.pop(name) for name in untouched} == untouched
    # What came with later revisions says nothing of it yet.
    assert set(there.values()) <= {None, ""}
    listed = await mended(psql)
    assert [len(was or "") for was, _ in listed["referral", "narrative"]] == [30_000]
    assert ("[]", "{}") in listed["referral", "plan"]
    assert ("-infinity", None) in listed["referral", "sent_at"]
    assert listed["van", "emergency_at"][0][0] == "-infinity"
    assert counts == {f"{table}.{column}": len(values) for (table, column), values in listed.items()}
    shifts = [row for row in (await snapshot(psql))["shift"] if row.van_id == van]
    assert shifts[0].planned_end_at == shifts[0].started_at + timedelta(hours=12)


@pytest.mark.long
async def test_an_emergency_stays_one(psql: Psql) -> None:
    van = await psql.van()
    raised = await psql.owner.fetchval("SELECT clock_timestamp()")
    await psql.shah.execute("UPDATE cru.van SET emergency_at = '1066-10-14' WHERE id = $1", van)
    await migrate.upgrade(psql.record.owner_url)
    found = {row.id: row for row in (await snapshot(psql))["van"]}[van]
    assert found.emergency_at is not None
    assert abs(found.emergency_at - raised) < timedelta(seconds=30)


@pytest.mark.parametrize("turn", range(6))
@pytest.mark.long
async def test_whatever_stood_anywhere(psql: Psql, turn: int) -> None:
    """Every column of every table at its worst, several rows a table, with the guards off."""
    await fill(psql)
    engine = connect(psql.record.owner_url, answer_within=60)
    poisoned: set[tuple[str, str]] = set()
    async with engine.begin() as connection:
        await connection.exec_driver_sql("SET session_replication_role = replica")
        for table, column, kind in await columns(connection):
            rows = await places(connection, table)
            values = BY_TYPE[kind]
            for number, place in enumerate(rows):
                value = values[(turn * len(rows) + number) % len(values)]
                if kind in {"uuid", "bool"} or column in KEYS or table == "alembic_version":
                    continue
                await connection.exec_driver_sql("SAVEPOINT poison")
                try:
                    await connection.exec_driver_sql(f"UPDATE cru.{table} SET {column} = {value} WHERE {place}")
                    poisoned.add((table, column))
                except DBAPIError:
                    await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT poison")
        await connection.exec_driver_sql("SET session_replication_role = origin")
    assert len(poisoned) > 150
    await migrate.upgrade(psql.record.owner_url)
    assert len(await mended(psql)) > 80
    async with engine.connect() as connection:
        for table in {table for table, _, _ in await columns(connection)} - {"mended"}:
            await read(connection, table)
    await engine.dispose()
    await snapshot(psql)


@pytest.mark.long
async def test_a_key_is_mended_with_all_that_refer_to_it(psql: Psql) -> None:
    long, blank = "b" * 300, "  "
    await psql.owner.execute(
        "INSERT INTO cru.van_base (name, postcode, lat, lon) VALUES ($1, 'NN1', 'NaN', 7), ($2, 'NN2', 1, 1)",
        long,
        blank,
    )
    first, second = await psql.van(), await psql.van()
    await psql.owner.execute("UPDATE cru.van SET base = $1 WHERE id = $2", long, first)
    await psql.owner.execute("UPDATE cru.van SET base = $1 WHERE id = $2", blank, second)
    await migrate.upgrade(psql.record.owner_url)
    bases = {row["id"]: row["base"] for row in await psql.owner.fetch("SELECT id, base FROM cru.van")}
    assert (len(bases[first]), bases[second]) == (200, "unknown")
    known = await psql.owner.fetch(
        "SELECT name, lat FROM cru.van_base WHERE name = ANY ($1)", list(bases.values())
    )
    assert dict(known)[bases[first]] == 90
    assert (await mended(psql))["van", "base"] == [(long, bases[first]), (blank, "unknown")]


@pytest.mark.hazard("H-058")
async def test_nothing_is_left_open_and_no_event_is_made(psql: Psql) -> None:
    await fill(psql)
    late = await psql.take(ems_on_scene_at=datetime(800, 12, 25, tzinfo=UTC))
    told = [
        tuple(row) for row in await psql.owner.fetch("SELECT id, kind, recorded_at FROM cru.event ORDER BY id")
    ]
    counts = await migrate.upgrade(psql.record.owner_url)
    assert counts == {"event.happened_at": 1, "referral.ems_on_scene_at": 1}
    assert told == [
        tuple(row) for row in await psql.owner.fetch("SELECT id, kind, recorded_at FROM cru.event ORDER BY id")
    ]
    assert (await psql.read("referral", late))["version"] == 2
    assert await migrate.upgrade(psql.record.owner_url) == {}
    for sql in (
        "SELECT tgname FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'cru.%' AND tgenabled <> 'O'",
        "SELECT conname FROM pg_constraint WHERE connamespace = 'cru'::regnamespace AND NOT convalidated",
        # What is said of a call is looked at when its referral and it are both there.
        "SELECT conname FROM pg_constraint WHERE condeferrable AND conname <> 'unsaid'",
        "SELECT relname FROM pg_class WHERE relnamespace = 'cru'::regnamespace AND relname LIKE 'bound%'",
        "SELECT proname FROM pg_proc WHERE pronamespace = 'cru'::regnamespace AND proname ~ '^(mended|when_)'",
    ):
        assert await psql.owner.fetch(sql) == []
    await psql.refused(psql.owner, "UPDATE cru.event SET words = 'x'", code="CR002")


async def test_the_list_is_for_a_lead_and_never_changed(psql: Psql) -> None:
    await psql.take(narrative="x" * 30_000)
    await migrate.upgrade(psql.record.owner_url)
    for who in (psql.shah, psql.wall, psql.gateway):
        await psql.refused(who, "SELECT * FROM cru.mended", code="42501")
    assert len(await psql.lead.fetch("SELECT * FROM cru.mended")) == 1
    for sql in ("UPDATE cru.mended SET was = NULL", "DELETE FROM cru.mended", "TRUNCATE cru.mended"):
        await psql.refused(psql.owner, sql, code="CR002")
        await psql.refused(psql.lead, sql, code="42501")


@pytest.mark.long
def test_the_owner_is_told_how_many_and_never_what(
    cluster: Cluster, left_by: LeftBy, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "Zebedee"
    cluster.execute("DROP DATABASE IF EXISTS told WITH (FORCE)")
    cluster.execute(f"CREATE DATABASE told TEMPLATE {left_by(BEFORE)} STRATEGY file_copy")
    sql = "INSERT INTO cru.referral (source, priority, location_text, caller) VALUES ('hub', 'P2', 'x', '{}')"
    cluster.execute(sql.format(secret + "x" * 600), database="told")
    cluster.execute(sql.format(secret + "x" * 700), database="told")
    url = cluster.address.superuser_url("told").render_as_string(hide_password=False)
    assert main.main(["admin", "upgrade", "--url", url]) == 0
    said = capsys.readouterr().out
    assert "Mended: referral.caller, 2." in said
    assert secret not in said
    cluster.execute("DROP DATABASE told WITH (FORCE)")


@pytest.mark.long
def test_what_cannot_be_mended_is_said_and_left_alone(
    cluster: Cluster, left_by: LeftBy, capsys: pytest.CaptureFixture[str]
) -> None:
    # Two names that are blank in two ways would become one.
    cluster.execute("DROP DATABASE IF EXISTS told WITH (FORCE)")
    cluster.execute(f"CREATE DATABASE told TEMPLATE {left_by(BEFORE)} STRATEGY file_copy")
    cluster.execute("INSERT INTO cru.wish (label, rank) VALUES ('', 1), (' ', 2)", database="told")
    url = cluster.address.superuser_url("told").render_as_string(hide_password=False)
    assert main.main(["admin", "upgrade", "--url", url]) == 2
    said = capsys.readouterr().err
    assert 'A row of "wish" breaks the limits of this program and cannot be mended (wish_pkey).' in said
    assert cluster.fetchval("SELECT version_num FROM cru.alembic_version", database="told") == BEFORE
    assert cluster.fetchval("SELECT count(*) FROM cru.wish WHERE label IN ('', ' ')", database="told") == 2
    cluster.execute("DROP DATABASE told WITH (FORCE)")
