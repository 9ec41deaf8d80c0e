"""A record of before: plans become things that were said, flags get a review, crews their languages by code."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db import migrate, reference
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.reading import fill
from tests.db.upgrades import LeftBy, cloned, read_by_a_console

TOOK = (
    "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at, added_at)"
    " VALUES ($1, $2, $3, 'x', $4, $5) RETURNING id"
)


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0008")) as made:
        yield made


async def said(psql: Psql, referral: UUID) -> dict[tuple[str, str], str]:
    rows = await psql.owner.fetch("SELECT * FROM cru.about_me WHERE referral_id = $1", referral)
    assert all(row["added_at"] and row["ended_at"] is None for row in rows)
    return {(row["topic"], row["code"] or row["words"]): row["said_by"] for row in rows}


@pytest.mark.long
async def test_nothing_of_a_plan_is_lost_and_each_thing_stands_by_itself(psql: Psql) -> None:
    plan = {
        "wishes": ["no uniforms", "park by the church"],
        "language": "Lithuanian, interpreter needed",
        "same_gender": "female",
        "communication": "writes things down",
        "helps": "jigsaws",
        "makes_worse": "being filmed",
        "crisis_plan": "with the GP in Raunds",
        "said_by": "his niece",
    }
    whole_plan = await psql.take(plan=json.dumps(plan))
    vague = await psql.take(
        plan='{"language": "a bit of Dutch, mostly Frisian", "same_gender": "his old key worker"}'
    )
    none = await psql.take()
    events = await psql.owner.fetchval("SELECT count(*) FROM cru.event")
    await migrate.upgrade(psql.record.owner_url)
    assert await said(psql, whole_plan) == dict.fromkeys(
        [
            ("wish", "no uniforms"),
            ("wish", "park by the church"),
            ("language", "lit"),
            ("interpreter", "yes"),
            ("safer_with", "woman"),
            ("communication", "writes things down"),
            ("helps", "jigsaws"),
            ("avoid", "being filmed"),
            ("crisis_plan", "with the GP in Raunds"),
        ],
        "his niece",
    )
    # What is not certain stays words, and nobody is named who is not known.
    assert await said(psql, vague) == {
        ("language", "a bit of Dutch, mostly Frisian"): "not recorded",
        ("safer_with", "his old key worker"): "not recorded",
    }
    assert await said(psql, none) == {}
    assert json.loads((await psql.read("referral", whole_plan))["plan"]) == plan, "as it was written"
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.event") == events, "nobody did it"
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.act_part WHERE table_name = 'about_me'") == 0


@pytest.mark.long
async def test_flags_for_life_get_a_review_and_what_was_there_is_listed(psql: Psql) -> None:
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    home = await psql.take(location_text="41 Park Road", postcode="NN8 1AA")

    async def put(kind: str, ends: Any, put_at: Any, subject: str = "address") -> UUID:
        async with psql.owner.transaction():
            await psql.owner.execute("SET LOCAL session_replication_role = replica")
            return UUID(str(await psql.owner.fetchval(TOOK, home, subject, kind, ends, put_at)))

    ages = [
        await put("repeat caller", None, now - timedelta(days=3), "person"),
        await put("access", None, now - timedelta(days=700)),
        await put("pets", now + timedelta(days=3000), now - timedelta(days=30)),
        await put("pets", now + timedelta(days=20), now - timedelta(days=30)),
    ]
    counts = await migrate.upgrade(psql.record.owner_url)
    assert counts == {"flag.expires_at": 3}
    rows = [await psql.read("flag", one) for one in ages]
    days = [round((row["expires_at"] - now) / timedelta(days=1)) for row in rows]
    assert days[0] in {362, 363}
    assert days[1] == 30, "none falls silent on the day of the upgrade"
    assert days[2] in {335, 336}
    assert days[3] == 20
    assert rows[0]["kind"] == "contacted us before"
    assert [bool(row["address_key"]) for row in rows] == [False, True, True, True]
    listed = await psql.lead.fetch("SELECT row_id, was FROM cru.mended WHERE column_name = 'expires_at'")
    assert {row["row_id"] for row in listed} == {str(one) for one in ages[:3]}
    # They are found again at the next referral there.
    again = await psql.take(location_text="Park Road 41", postcode="nn81aa")
    found = {row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.flags_of($1)", again)}
    assert found == set(ages[1:])


@pytest.mark.long
async def test_crews_are_known_by_code_and_by_register(psql: Psql) -> None:
    sql = "INSERT INTO cru.staff (name, profession, languages) VALUES ($1, $2, $3)"
    for name, profession in (("A", "Student nurse"), ("B", "Occupational therapist"), ("C", "Peer worker")):
        await psql.lead.execute(sql, name, profession, ["English", "Urdu", "Dothraki"])
    await migrate.upgrade(psql.record.owner_url)
    rows = await psql.owner.fetch("SELECT * FROM cru.staff WHERE name IN ('A', 'B', 'C') ORDER BY name")
    assert [(row["registered"], row["language_codes"]) for row in rows] == [
        (False, ["eng", "urd"]),
        (True, ["eng", "urd"]),
        (False, ["eng", "urd"]),
    ]


@pytest.mark.long
async def test_a_record_in_use_gets_what_a_new_one_is_shipped_with(psql: Psql) -> None:
    await migrate.upgrade(psql.record.owner_url)
    tables = {"language": "code", "mobility": "code", "about_topic": "key", "rule": "name"}

    async def rows(table: str) -> list[dict[str, Any]]:
        sql = f"SELECT * FROM cru.{table} ORDER BY {tables[table]}"  # noqa: S608 - tables of our own
        return [
            {key: value for key, value in row.items() if key not in {"dated", "rank"}}
            for row in await psql.owner.fetch(sql)
        ]

    upgraded = {table: await rows(table) for table in tables}
    order = await psql.owner.fetch("SELECT key FROM cru.about_topic ORDER BY rank")
    for table in tables:
        await psql.owner.execute(f"DELETE FROM cru.{table}")  # noqa: S608 - tables of our own
    assert await reference.load(psql.record.owner_url) > 0
    assert {table: await rows(table) for table in tables} == upgraded
    assert await psql.owner.fetch("SELECT key FROM cru.about_topic ORDER BY rank") == order


@pytest.mark.long
async def test_a_console_reads_it_all_and_every_trigger_guards_again(psql: Psql) -> None:
    await fill(psql)
    await psql.take(plan='{"helps": "a brisk walk"}')
    await migrate.upgrade(psql.record.owner_url)
    found = await read_by_a_console(psql)
    assert found.unreadable == {}
    assert [item.said.words for item in found.records["about_me"]] == ["a brisk walk"]
    sql = "SELECT tgname FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'cru.%' AND tgenabled <> 'O'"
    assert await psql.owner.fetch(sql) == []
    assert "at most 12 months" in str(await refusal(psql))


async def refusal(psql: Psql) -> object:
    sql = (
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " VALUES ($1, 'person', 'pets', 'x', now() + interval '2 years')"
    )
    try:
        await psql.shah.execute(sql, await psql.take())
    except asyncpg.PostgresError as error:
        return getattr(error, "hint", error)
    return None
