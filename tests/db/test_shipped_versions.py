"""The shipped versions of the screening tool: on a new service, and beside what is asked already."""

import json

import asyncpg

from db import reference
from db.engine import connect, transaction
from db.queries import reference_data
from tests.cluster import LOGINS, Record
from tests.db.psql import Psql, psql_on


async def test_beside_what_is_asked_they_are_drafts_under_review(psql: Psql, record: Record) -> None:
    engine = connect(record.url("l.lead"))
    async with transaction(engine) as connection:
        found = await reference_data(connection)
    await engine.dispose()
    assert found.in_force == 1
    assert [tool.version for tool in found.under_review] == [3, 2]
    for tool in found.under_review:
        assert not tool.is_signed
        assert {letter.letter for letter in tool.letters} == set("ABCDEFG")
        assert tool.limits
        assert tool.bands
        assert all(item.spoken and item.source and item.rationale and item.review_on for item in tool.items)
        branches = {item.branch for item in tool.items if item.branch}
        assert branches == {branch.key for branch in tool.branches}


async def test_a_new_service_asks_version_2_and_refuses_a_group_no_to_what_kills(record: Record) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await owner.execute("SET session_replication_role = replica")
    for table in ("tool_life", "tool_limit", "news_band", "tool_letter", "tool_branch", "screening_item"):
        await owner.execute(f"DELETE FROM cru.{table}")  # noqa: S608 - of ours
    await owner.execute("DELETE FROM cru.screening_tool")
    await owner.close()
    await reference.load(record.owner_url)
    async with psql_on(record, tuple(LOGINS)) as psql:
        assert await psql.owner.fetchval("SELECT cru.tool_in_force()") == 2
        await psql.referral()  # every question asked by itself
        referral, answers = await psql.take(), await psql.answers()
        alone = await psql.owner.fetch("SELECT key FROM cru.screening_item WHERE tool_version = 2 AND alone")
        assert {"overdose", "means", "attempt", "ligature", "bleeding", "weapon"} <= {row["key"] for row in alone}
        sql = "INSERT INTO cru.screening (referral_id, tool_version, answers, how) VALUES ($1, 2, $2, $3)"
        for row in alone:
            how = dict.fromkeys(answers, "asked") | {row["key"]: "group"}
            await psql.refused(psql.shah, sql, referral, json.dumps(answers), json.dumps(how), says="by itself")
        hard = await psql.owner.fetch("SELECT key FROM cru.screening_item WHERE tool_version = 2 AND no_override")
        assert {"weapon", "breathing"} <= {row["key"] for row in hard}
