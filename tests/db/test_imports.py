"""Imports into the record: tried and taken back, then all of it or nothing; refused by row in its own words."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db.engine import connect, transaction
from db.errors import Invalid, RecordError
from db.importing import ImportPreview, preview_import
from main import main
from tests.cluster import Record
from tests.db.psql import Psql

COUNT = (
    "SELECT (SELECT count(*) FROM cru.planned_shift) + (SELECT count(*) FROM cru.planned_ride),"
    " (SELECT count(*) FROM cru.staff)"
)


@pytest.fixture
async def lead(record: Record) -> AsyncIterator[AsyncEngine]:
    engine = connect(record.url("l.lead"))
    yield engine
    await engine.dispose()


async def preview(engine: AsyncEngine, kind: Any, file: Path) -> ImportPreview:
    async with transaction(engine) as connection:
        return await preview_import(connection, kind, file)


async def counts(psql: Psql) -> tuple[int, int]:
    return tuple(await psql.owner.fetchrow(COUNT))


async def day(psql: Psql, days: int) -> str:
    now = await psql.owner.fetchval("SELECT cru.clock_now() AT TIME ZONE 'Europe/London'")
    return f"{now + timedelta(days=days):%d/%m/%Y}"


async def test_a_rota_is_planned_whole_and_once(psql: Psql, lead: AsyncEngine, tmp_path: Path) -> None:
    tomorrow, after = await day(psql, 1), await day(psql, 2)
    file = tmp_path / "rota.csv"
    head = "van,date,start,end,crew,note\n"
    rows = (
        f"CRU1,{tomorrow},07:00,19:00,Ana Example,first\n"
        f"CRU2,{tomorrow},19:00,07:00,,\nCRU1,{after},07:00,19:00,,\n"
    )
    names = [row["name"] for row in await psql.owner.fetch("SELECT name FROM cru.staff ORDER BY name")]
    file.write_text(head + rows.replace("Ana Example", names[0]), "utf-8-sig")
    before = await counts(psql)
    seen = await preview(lead, "rota", file)
    assert seen.refusals == ()
    assert [one.does for one in seen.rows] == ["new", "new", "new"]
    assert names[0] in seen.rows[0].words
    # What was tried is gone again, with its events.
    assert await counts(psql) == before
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.event WHERE kind = 'shift planned'") == 0
    command = seen.command()
    await do.execute(lead, command)
    await do.execute(lead, command)
    assert await counts(psql) == (before[0] + 4, before[1])
    # Taken again, only what is other is changed.
    file.write_text(file.read_text("utf-8-sig").replace("first", "other"), "utf-8")
    again = await preview(lead, "rota", file)
    assert [one.does for one in again.rows] == ["changed", "as it is", "as it is"]
    await do.execute(lead, again.command())
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.planned_shift WHERE note = 'other'") == 1
    with pytest.raises(Invalid, match="there already"):
        (await preview(lead, "rota", file)).command()


async def test_one_row_that_is_refused_keeps_the_whole_out(psql: Psql, lead: AsyncEngine, tmp_path: Path) -> None:
    tomorrow = await day(psql, 1)
    names = [row["name"] for row in await psql.owner.fetch("SELECT name FROM cru.staff ORDER BY name")]
    file = tmp_path / "rota.csv"
    file.write_text(
        "van,date,start,end,crew\n"
        f"CRU1,{tomorrow},07:00,19:00,{names[0]}\n"
        f"CRU2,{tomorrow},08:00,18:00,{names[0]}\n"
        f"CRU1,{tomorrow},18:00,22:00,\n"
        f"CRU3,{await day(psql, -3)},07:00,19:00,\n"
        f"CRU4,{tomorrow},07:00,19:00,Nobody At All\n",
        "utf-8",
    )
    seen = await preview(lead, "rota", file)
    assert [(one.row, one.column) for one in seen.refusals] == [(3, ""), (4, ""), (5, ""), (6, "crew")]
    assert f"{names[0]} is on CRU1" in seen.refusals[0].sentence
    assert "has a shift already" in seen.refusals[1].sentence
    with pytest.raises(Invalid, match="4 rows are refused"):
        seen.command()
    # Somebody plans something between the preview and the import: the row is named, and nothing of it stays.
    file.write_text(f"van,date,start,end\nCRU5,{tomorrow},07:00,19:00\nCRU6,{tomorrow},07:00,19:00\n", "utf-8")
    late = await preview(lead, "rota", file)
    plan = late.rows[1].command
    assert isinstance(plan, do.SetPlan)
    await do.execute(lead, do.SetPlan(van_id=plan.van_id, starts_at=plan.starts_at, ends_at=plan.ends_at))
    before = await counts(psql)
    with pytest.raises(RecordError, match="Row 3: CRU6 has a shift already"):
        await do.execute(lead, late.command())
    assert await counts(psql) == before


async def test_people_are_added_changed_or_asked_about(psql: Psql, lead: AsyncEngine, tmp_path: Path) -> None:
    known = await psql.owner.fetchrow("SELECT name, profession FROM cru.staff ORDER BY name LIMIT 1")
    file = tmp_path / "staff.csv"
    head = "name;profession;languages;registered;do\n"
    file.write_text(f"{head}New One;Nurse;Polish;yes;\n{known['name']};Another;;;\n", "utf-8")
    seen = await preview(lead, "staff", file)
    assert "is known already, as " + known["profession"] in seen.refusals[0].sentence
    same = f"{known['name'].upper()};{known['profession']};English, BSL;yes;\n"
    file.write_text(f"{head}New One;Nurse;Polish;yes;\n{known['name']};Another;;;add\n{same}", "utf-8")
    seen = await preview(lead, "staff", file)
    assert [one.does for one in seen.rows] == ["new", "new", "changed"]
    before = await counts(psql)
    await do.execute(lead, seen.command())
    assert await counts(psql) == (before[0], before[1] + 2)
    said = await psql.owner.fetchrow("SELECT languages, registered FROM cru.staff WHERE name = 'New One'")
    assert tuple(said) == (["Polish"], True)


async def test_a_dispatcher_imports_nothing(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("name,profession\nNew One,Nurse\n", "utf-8")
    engine = connect(record.url("a.shah"))
    try:
        assert "role" in (await preview(engine, "staff", file)).refusals[0].sentence.lower()
    finally:
        await engine.dispose()


def test_the_owner_tries_and_imports(record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, url = tmp_path / "staff.csv", record.owner_url.render_as_string(hide_password=False)
    file.write_text("name,profession\nNew One,Nurse\n", "utf-8")
    assert main(["admin", "import-staff", str(file), "--dry-run", "--url", url]) == 0
    assert "row 2    new       New One · Nurse" in capsys.readouterr().out
    assert main(["admin", "import-staff", str(file), "--url", url]) == 0
    assert main(["admin", "import-staff", str(file), "--url", url]) == 0
    assert "as it is" in capsys.readouterr().out
    file.write_text("name,profesion\nOther,Nurse\n", "utf-8")
    assert main(["admin", "import-staff", str(file), "--url", url]) == 2
    said = capsys.readouterr()
    assert 'Row 1, profesion: There is no such column. Perhaps "profession" is meant.' in said.out
    assert "Nothing was changed" in said.err
