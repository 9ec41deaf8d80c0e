"""Numbers that a trust sets: rows with an author and a date, loaded once, read by every console."""

import tomllib
from dataclasses import fields
from datetime import timedelta

import pytest

import resources
from db import queries, reference
from db.domain.rules import DEFAULTS, Rules, rules_of
from db.engine import connect
from tests.cluster import LOGINS
from tests.db.psql import Psql


async def read(psql: Psql, login: str = "a.shah") -> Rules:
    engine = connect(psql.record.url(login), answer_within=60)
    try:
        async with engine.connect() as connection:
            return (await queries.reference_data(connection)).rules
    finally:
        await engine.dispose()


async def test_the_shipped_set_says_what_the_program_assumes(psql: Psql) -> None:
    shipped = tomllib.loads(resources.path(reference.DEFAULT_SET).read_text("utf-8"))["rule"]
    # How long somebody is kept, and how often what is past is opened, is for the record alone.
    the_records = {"keep_people", "looks_opened", "looks_alike", "looks_known", "looks_search"}
    assert {row["name"] for row in shipped} - the_records == {field.name for field in fields(Rules)}
    assert rules_of((row["name"], row["value"], row["unit"]) for row in shipped) == DEFAULTS
    stored = await psql.owner.fetch("SELECT name, value, unit, meaning, author FROM cru.rule WHERE active")
    assert sorted(map(tuple, stored)) == sorted(
        (row["name"], row["value"], row["unit"], row["meaning"], "default set") for row in shipped
    )


@pytest.mark.parametrize("login", ["w.wall", "a.shah", "l.lead"])
async def test_a_console_goes_by_the_row(psql: Psql, login: str) -> None:
    await psql.owner.execute("UPDATE cru.rule SET value = 2, unit = 'hours' WHERE name = 'no_van'")
    await psql.owner.execute("UPDATE cru.rule SET value = 0.5 WHERE name = 'due_soon'")
    await psql.owner.execute("UPDATE cru.rule SET value = 7, active = false WHERE name = 'shift_end'")
    found = await read(psql, login)
    assert (found.no_van, found.due_soon) == (timedelta(hours=2), 0.5)
    assert found.shift_end == DEFAULTS.shift_end


@pytest.mark.hazard("H-064")
async def test_what_is_set_says_by_whom_and_since_when(psql: Psql) -> None:
    await psql.owner.execute("UPDATE cru.rule SET dated = '2001-01-01' WHERE name = 'lost_fix'")
    sql = "UPDATE cru.rule SET value = 9, author = 'nobody', dated = '2001-01-01' WHERE name = 'lost_fix'"
    await psql.owner.execute(sql)
    row = await psql.owner.fetchrow(
        "SELECT author = session_user, dated = (cru.clock_now() AT TIME ZONE 'Europe/London')::date"
        " FROM cru.rule WHERE name = 'lost_fix'"
    )
    assert tuple(row) == (True, True)


async def test_consoles_are_told(psql: Psql) -> None:
    for sql in (
        "UPDATE cru.rule SET value = 9 WHERE name = 'lost_fix'",
        "DELETE FROM cru.rule WHERE name = 'lost_fix'",
    ):
        before = await psql.owner.fetchval("SELECT count(*) FROM cru.change WHERE entity = 'reference'")
        await psql.owner.execute(sql)
        after = await psql.owner.fetchval("SELECT count(*) FROM cru.change WHERE entity = 'reference'")
        assert after == before + 1


@pytest.mark.hazard("H-064")
@pytest.mark.parametrize("login", LOGINS)
async def test_only_a_lead_and_the_owner_set_one(psql: Psql, login: str) -> None:
    await psql.refused(psql.session(login), "UPDATE cru.rule SET unit = 'share'", code="42501")
    if login != "l.lead":
        await psql.refused(psql.session(login), "UPDATE cru.rule SET value = 1", code="42501")


@pytest.mark.hazard("H-064")
@pytest.mark.parametrize(("value", "unit"), [(0, "minutes"), (-1, "hours"), (5, "days"), (1e9, "hours")])
async def test_no_rule_that_means_nothing(psql: Psql, value: float, unit: str) -> None:
    sql = "UPDATE cru.rule SET value = $1, unit = $2 WHERE name = 'due_soon'"
    await psql.refused(psql.owner, sql, value, unit, code="23514")


@pytest.mark.hazard("H-064")
async def test_a_unit_that_does_not_fit_changes_nothing(psql: Psql) -> None:
    await psql.owner.execute("UPDATE cru.rule SET value = 1, unit = 'share' WHERE name = 'no_van'")
    await psql.owner.execute("UPDATE cru.rule SET value = 1, unit = 'minutes' WHERE name = 'due_soon'")
    assert await read(psql) == DEFAULTS


def test_a_rule_of_tomorrow_is_passed_over() -> None:
    assert rules_of([("welfare_check", 20, "minutes"), ("no_van", 3, "fortnights")]) == DEFAULTS
