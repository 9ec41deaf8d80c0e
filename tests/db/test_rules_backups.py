"""That a backup or a drill was made: written by the owner, read by the desk, believed from nobody else."""

from datetime import datetime
from typing import Any

import pytest

from db import migrate
from tests.cluster import LOGINS, Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

WRITE = "SELECT cru.write_backup($1, $2, now() - interval '1 minute', 7, 2.5)"
HOSTED = "SET cru.embedded = 'off'"


async def known(psql: Psql, login: str = "w.wall") -> dict[str, Any]:
    who = psql.session(login)
    await who.execute(HOSTED)
    return {row["what"]: dict(row) for row in await who.fetch("SELECT * FROM cru.backups()")}


async def test_who_made_it_and_when_is_not_told_but_known(psql: Psql) -> None:
    await psql.owner.execute(WRITE, "backup", True)
    await psql.owner.execute(
        "INSERT INTO cru.backup (what, worked, made_at, made_by) VALUES ('drill', true, '2020-01-01', 'a.shah')"
    )
    rows = await psql.lead.fetch("SELECT made_by, made_at > now() - interval '1 minute' AS now FROM cru.backup")
    assert [tuple(row) for row in rows] == [("postgres", True)] * 2


@pytest.mark.parametrize("login", LOGINS)
async def test_nobody_but_the_owner_writes_one(psql: Psql, login: str) -> None:
    await psql.refused(psql.session(login), WRITE, "backup", True, code="42501")
    sql = "INSERT INTO cru.backup (what, worked) VALUES ('backup', true)"
    await psql.refused(psql.session(login), sql, code="42501")
    await psql.refused(psql.session(login), "UPDATE cru.backup SET worked = true", code="42501")


async def test_what_was_written_stays(psql: Psql) -> None:
    await psql.owner.execute(WRITE, "drill", False)
    for sql in ("UPDATE cru.backup SET worked = true", "DELETE FROM cru.backup"):
        await psql.refused(psql.owner, sql, code="CR002")
    await psql.refused(psql.owner, WRITE, "a copy", True, code="23514")


async def test_one_that_failed_counts_until_one_works(psql: Psql) -> None:
    told: list[tuple[bool, bool]] = []
    for worked in (False, True, False):
        await psql.owner.execute(WRITE, "drill", worked)
        drill = (await known(psql))["drill"]
        told.append((drill["last_at"] is not None, drill["failed_at"] is not None))
    assert told == [(False, True), (True, False), (True, True)]
    backup = (await known(psql, "a.shah"))["backup"]
    assert (backup["last_at"], backup["failed_at"]) == (None, None)
    assert isinstance(backup["since_at"], datetime)


async def test_none_is_wanted_of_practice_nor_of_a_computer_s_own_server(psql: Psql) -> None:
    assert await psql.shah.fetch("SELECT * FROM cru.backups()") == []
    assert set(await known(psql)) == {"backup", "drill"}
    await psql.owner.execute("UPDATE cru.service SET exercise = true")
    assert await known(psql) == {}


async def test_each_console_reads_it_again(psql: Psql) -> None:
    await psql.owner.execute("DELETE FROM cru.change")
    await psql.owner.execute(WRITE, "backup", True)
    assert await psql.owner.fetchval("SELECT array_agg(entity) FROM cru.change") == ["reference"]


@pytest.mark.long
async def test_a_record_in_use_gets_its_rules_and_keeps_the_others(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0040")) as old:
        await old.owner.execute("UPDATE cru.rule SET value = 9 WHERE name = 'no_van'")
        await migrate.upgrade(old.record.owner_url)
        sql = (
            "SELECT name, value FROM cru.rule WHERE name = ANY ('{backup_within,drill_within,no_van}') ORDER BY 1"
        )
        found = [tuple(row) for row in await old.owner.fetch(sql)]
        assert found == [("backup_within", 26), ("drill_within", 840), ("no_van", 9)]
        kinds = await old.owner.fetch("SELECT code FROM cru.alarm_kind WHERE code IN ('backup', 'drill')")
        assert len(kinds) == 2
        assert (await known(old))["backup"]["last_at"] is None
        await old.refused(
            old.lead, "UPDATE cru.rule SET value = 0.5 WHERE name = 'backup_within'", code="CR003", says="between"
        )
