"""A version of the screening tool is drafted, approved, in force and retired; its text never changes."""

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from db import reference
from db.engine import connect, transaction
from db.queries import reference_data
from tests.cluster import Record
from tests.db import versions
from tests.db.psql import Psql

STEP = "INSERT INTO cru.tool_life (tool_version, step, name, profession) VALUES ($1, $2, $3, $4)"


async def now_asked(psql: Psql) -> int:
    return int(await psql.owner.fetchval("SELECT cru.tool_in_force()"))


@pytest.mark.hazard("H-009")
async def test_one_is_in_force_at_a_moment_and_retires_the_one_before(psql: Psql) -> None:
    before = await now_asked(psql)
    await versions.in_force(psql)
    assert await now_asked(psql) == versions.VERSION
    steps = await psql.owner.fetch("SELECT step FROM cru.tool_life WHERE tool_version = $1 ORDER BY id", before)
    assert steps[-1]["step"] == "retired"
    await psql.refused(psql.owner, STEP, before, "in force", "", "", code="CR001", says="retired")
    await psql.refused(psql.owner, STEP, versions.VERSION, "retired", "", "", code="CR001", says="takes its place")


async def test_it_may_come_into_force_later(psql: Psql) -> None:
    before = await now_asked(psql)
    await versions.draft(psql)
    await versions.approve(psql)
    await versions.bring_into_force(psql, later=timedelta(hours=3))
    assert await now_asked(psql) == before
    later = "SELECT cru.tool_in_force(cru.clock_now() + interval '4 hours')"
    assert await psql.owner.fetchval(later) == versions.VERSION


@pytest.mark.hazard("H-009")
async def test_unapproved_nothing_takes_the_place_of_what_is_asked(psql: Psql) -> None:
    await versions.draft(psql)
    await psql.refused(psql.owner, STEP, versions.VERSION, "in force", "", "", code="CR002", says="not approved")
    for name, profession in (("", "lead"), ("Dr A. Lead", " ")):
        await psql.refused(psql.owner, STEP, versions.VERSION, "approved", name, profession, code="CR003")


async def test_an_empty_version_never_comes_into_force(psql: Psql) -> None:
    await psql.owner.execute(
        "INSERT INTO cru.screening_tool (version, signed_by, signed_on) VALUES (78, 'x', '2026-01-01')"
    )
    await versions.approve(psql, 78)
    await psql.refused(psql.owner, STEP, 78, "in force", "", "", says="no questions")


@pytest.mark.hazard("H-009")
async def test_the_text_never_changes(psql: Psql) -> None:
    await versions.draft(psql)
    for sql in (
        "UPDATE cru.screening_item SET text = 'softer' WHERE key = 'weapon'",
        "UPDATE cru.screening_item SET alone = false WHERE tool_version = 77",
        "DELETE FROM cru.screening_item WHERE key = 'weapon'",
        "TRUNCATE cru.screening_item",
        "UPDATE cru.screening_tool SET signed_by = 'Dr Nobody'",
        "UPDATE cru.tool_life SET step = 'approved', name = 'Dr Nobody', profession = 'x'",
        "DELETE FROM cru.tool_life",
        "TRUNCATE cru.tool_life",
    ):
        await psql.refused(psql.owner, sql, code="CR002")
    add = (
        "INSERT INTO cru.screening_item (tool_version, key, ordinal, section, text)"
        " VALUES ($1, 'more', 99, 'Now', 'More')"
    )
    await psql.owner.execute(add, versions.VERSION)
    await versions.approve(psql)
    await psql.refused(psql.owner, add.replace("'more'", "'again'"), versions.VERSION, code="CR002", says="closed")
    await psql.refused(psql.owner, add, await now_asked(psql), code="CR002", says="closed")


async def test_it_is_the_owners(psql: Psql) -> None:
    for who in (psql.shah, psql.lead, psql.wall):
        await psql.refused(who, STEP, 1, "approved", "Dr A. Lead", "lead", code="42501")
        await psql.refused(who, "INSERT INTO cru.tool_limit VALUES (1, 'pulse', 1, 2)", code="42501")


async def test_consoles_are_told_and_read_the_life(psql: Psql, record: Record) -> None:
    last = await psql.owner.fetchval("SELECT max(id) FROM cru.change")
    await versions.in_force(psql)
    told = await psql.owner.fetch("SELECT entity FROM cru.change WHERE id > $1", last or 0)
    assert "reference" in {row["entity"] for row in told}
    engine = connect(record.url("a.shah"))
    async with transaction(engine) as connection:
        found = await reference_data(connection)
    await engine.dispose()
    assert found.current_tool.version == versions.VERSION
    assert [one.name for one in found.current_tool.approvals] == ["Dr A. Lead"]
    assert found.current_tool.items[1].no_override
    assert found.tools[1].retired_at is not None or found.in_force == versions.VERSION


SHIPPED = """
version = {version}
title = "For the tests"
author = "the tests"
dated = 2026-02-03
in_use = {in_use}
[[item]]
key = "a"
section = "S"
text = "A?"
watch_words = ["alpha*"]
spoken = "Is it A?"
source = "NICE NG225"
rationale = "Because."
owner = "to be named"
review_on = 2027-01-01
alone = true
no_override = true
[[limit]]
measure = "pulse"
low = 50
[[band]]
measure = "pulse"
high = 40
points = 3
"""


def ship(monkeypatch: pytest.MonkeyPatch, folder: Path, **in_use: str) -> None:
    files = []
    for name, used in in_use.items():
        file = folder / f"version-{name[1:]}.toml"
        file.write_text(SHIPPED.format(version=name[1:], in_use=used), "utf-8")
        files.append(file)
    monkeypatch.setattr(reference, "tool_files", lambda: files)


async def test_a_shipped_version_comes_as_a_draft_where_one_is_asked(
    psql: Psql, record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = await now_asked(psql)
    ship(monkeypatch, tmp_path, v80="true", v81="false")
    assert await reference.load(record.owner_url) == 8
    assert await reference.load(record.owner_url) == 0
    assert await now_asked(psql) == before
    engine = connect(record.url("a.shah"))
    async with transaction(engine) as connection:
        found = await reference_data(connection)
    await engine.dispose()
    assert {80, 81} <= {tool.version for tool in found.under_review}
    tool = found.tools[80]
    assert (tool.limits[0].measure, tool.limits[0].low, tool.limits[0].high) == ("pulse", 50, None)
    assert (tool.bands[0].low, tool.bands[0].high, tool.bands[0].points) == (None, 40, 3)
    assert (tool.items[0].spoken, tool.items[0].alone, tool.is_signed) == ("Is it A?", True, False)


async def test_a_new_service_begins_with_the_one_in_use(
    record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(
        "DELETE FROM cru.tool_life; DELETE FROM cru.screening_item; DELETE FROM cru.screening_tool;"
    )
    await owner.close()
    ship(monkeypatch, tmp_path, v80="true", v81="false")
    await reference.load(record.owner_url)
    owner = await asyncpg.connect(**record.owner_kwargs)
    assert await owner.fetchval("SELECT cru.tool_in_force()") == 80
    await owner.close()
