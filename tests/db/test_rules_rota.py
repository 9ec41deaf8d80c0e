"""The fleet and the rota at a psql prompt: who plans, who rides where, what a shift may be, who leaves."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db import migrate
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

PLAN = "INSERT INTO cru.planned_shift (van_id, starts_at, ends_at) VALUES ($1, $2, $3) RETURNING id"
RIDE = (
    "INSERT INTO cru.planned_ride (planned_shift_id, staff_id, from_at, until_at)"
    " VALUES ($1, $2, $3, $4) RETURNING id"
)
JOIN = "INSERT INTO cru.shift_member (shift_id, staff_id) VALUES ($1, $2)"
LEAVE = (
    "UPDATE cru.shift_member SET until_at = cru.clock_now(), left_reason = $3"
    " WHERE shift_id = $1 AND staff_id = $2"
)
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)


def at(hours: float) -> datetime:
    """So many hours after seven tomorrow."""
    return TOMORROW + timedelta(hours=hours)


async def vans(psql: Psql) -> list[UUID]:
    return [row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.van ORDER BY callsign")]


async def staff(psql: Psql) -> list[UUID]:
    """Everybody, by name: Amara, Ben, Carys, Dev and so on."""
    return [row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.staff ORDER BY name")]


async def plan(psql: Psql, van: UUID, start: float = 0, end: float = 12) -> UUID:
    return UUID(str(await psql.lead.fetchval(PLAN, van, at(start), at(end))))


async def ride(psql: Psql, planned: UUID, who: UUID, start: float | None = None, end: float | None = None) -> UUID:
    given = [at(one) if one is not None else None for one in (start, end)]
    return UUID(str(await psql.lead.fetchval(RIDE, planned, who, *given)))


async def running(psql: Psql, van: UUID) -> UUID:
    return UUID(
        str(await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1 AND ended_at IS NULL", van))
    )


async def last_event(psql: Psql) -> Any:
    return await psql.owner.fetchrow("SELECT * FROM cru.event ORDER BY id DESC LIMIT 1")


@pytest.mark.parametrize("login", ["a.shah", "w.wall", "g.gateway"])
async def test_only_a_lead_plans(psql: Psql, login: str) -> None:
    van, someone = (await vans(psql))[0], (await staff(psql))[0]
    planned = await plan(psql, van)
    who = psql.session(login)
    await psql.refused(who, PLAN, van, at(24), at(30), code="42501")
    await psql.refused(who, RIDE, planned, someone, None, None, code="42501")
    await psql.refused(who, "UPDATE cru.planned_shift SET ends_at = $1", at(10), code="42501")
    await psql.refused(who, "UPDATE cru.cover_wanted SET vans = 0", code="42501")
    await psql.refused(who, "UPDATE cru.staff SET registered = true", code="42501")
    await psql.refused(who, "UPDATE cru.van SET active = false", code="42501")


async def test_what_is_planned_says_by_whom_and_is_an_event_with_the_names_of_then(psql: Psql) -> None:
    van, someone = (await vans(psql))[0], (await staff(psql))[2]
    sql = PLAN.replace("ends_at)", "ends_at, note)").replace("$3)", "$3, ' early bird ')")
    planned = await psql.lead.fetchval(sql, van, at(0), at(12))
    row = await psql.read("planned_shift", planned)
    assert (row["made_by"], row["changed_by"], row["note"], row["version"]) == (
        "l.lead",
        "l.lead",
        "early bird",
        1,
    )
    event = await last_event(psql)
    assert (event["kind"], event["recorded_by"], event["van_id"]) == ("shift planned", "l.lead", van)
    assert event["words"].startswith("CRU1: ")
    await ride(psql, planned, someone)
    event = await last_event(psql)
    assert (event["kind"], event["words"].partition(":")[0]) == ("crew planned", "Carys Specimen")
    await psql.set(psql.lead, "staff", someone, name="Carys Married")
    assert (await last_event(psql))["kind"] == "staff changed"
    await psql.set(psql.lead, "van", van, callsign="CRU71")
    kept = await psql.owner.fetch("SELECT words FROM cru.event WHERE kind IN ('shift planned', 'crew planned')")
    assert {row["words"].partition(":")[0] for row in kept} == {"CRU1", "Carys Specimen"}
    await psql.set(psql.lead, "planned_shift", planned, ends_at=at(10))
    event = await last_event(psql)
    assert (event["kind"], event["words"].partition(":")[0]) == ("planned shift changed", "CRU71")
    await psql.set(psql.lead, "planned_shift", planned, cancelled_at=at(0))
    assert (await last_event(psql))["kind"] == "planned shift cancelled"
    # When it was cancelled is not said by whoever cancels.
    assert (await psql.read("planned_shift", planned))["cancelled_at"] < at(0)
    await psql.set_refused(psql.lead, "planned_shift", planned, ends_at=at(9), says="was cancelled")
    for table in ("planned_shift", "planned_ride"):
        await psql.refused(psql.owner, f"DELETE FROM cru.{table}", says="never deleted")  # noqa: S608 - ours


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        (0, 24.02, "24 hours at most"),
        (0, 9600, "24 hours at most"),
        (-60, -50, "is over"),
        (9620, 9630, "400 days"),
        (30, 30, "ends_after_start"),
        (11, 14, "has a shift already"),
        (-3, 0.01, "has a shift already"),
    ],
)
async def test_a_shift_is_believable_and_a_van_has_one_at_a_time(
    psql: Psql, start: float, end: float, says: str
) -> None:
    van = (await vans(psql))[3]
    planned = await plan(psql, van)
    await psql.refused(psql.lead, PLAN, van, at(start), at(end), says=says)
    # One after the other is no overlap, and what was cancelled is in nobody's way.
    await plan(psql, van, 12, 24)
    await psql.set(psql.lead, "planned_shift", planned, cancelled_at=at(0))
    await plan(psql, van, 1, 11)


async def test_how_long_a_shift_may_be_is_a_row(psql: Psql) -> None:
    van = (await vans(psql))[0]
    await psql.owner.execute("UPDATE cru.rule SET value = 9.5 WHERE name = 'shift_most'")
    await psql.refused(psql.lead, PLAN, van, at(0), at(10), says="9.5 hours at most, and this one is 10")
    await plan(psql, van, 0, 9.5)
    duty = "INSERT INTO cru.shift (van_id, started_at, planned_end_at) VALUES ($1, $2, $3)"
    now = datetime.now(UTC)
    await psql.refused(psql.shah, duty, van, now, now + timedelta(hours=11), says="9.5 hours at most")
    await psql.shah.execute(duty, van, now, now + timedelta(hours=9))


@pytest.mark.hazard("H-076")
async def test_nobody_is_to_be_in_two_vans_at_once(psql: Psql) -> None:
    one, two, three, *_ = await vans(psql)
    _, ben, carys, *_ = await staff(psql)
    early, late = await plan(psql, one), await plan(psql, two, 11, 20)
    await ride(psql, early, ben)
    await psql.refused(psql.lead, RIDE, late, ben, None, None, code="CR001", says="Ben Sample is on CRU1")
    await psql.refused(psql.lead, RIDE, early, ben, at(3), at(5), says="already")
    # For a part of it that lies after the other one, or when the other one ends sooner.
    await ride(psql, late, ben, 12, 20)
    await psql.set_refused(psql.lead, "planned_shift", early, ends_at=at(12.5), says="Ben Sample is on CRU2")
    await psql.set_refused(psql.lead, "planned_shift", late, starts_at=at(12.5), says="outside")
    # Taken off there, nothing is in the way.
    off = await ride(psql, early, carys)
    await psql.set(psql.lead, "planned_ride", off, off_at=at(0), off_reason="sick")
    assert (await last_event(psql))["kind"] == "taken off the rota"
    await ride(psql, await plan(psql, three), carys)
    await psql.set_refused(psql.lead, "planned_ride", off, off_at=None, says="taken off")


async def test_what_a_row_is_about_stays(psql: Psql) -> None:
    one, other = (await vans(psql))[:2]
    planned, bare = await plan(psql, one), await plan(psql, other)
    made = await ride(psql, planned, (await staff(psql))[0])
    # Not even the owner, who may write every column.
    for sql in (
        "UPDATE cru.planned_shift SET id = gen_random_uuid() WHERE id = $1",
        "UPDATE cru.planned_ride SET planned_shift_id = $1 WHERE planned_shift_id <> $1",
    ):
        await psql.refused(psql.owner, sql, bare, code="CR002", says="never changes")
    for sql in ("UPDATE cru.planned_shift SET note = 'x'", "UPDATE cru.planned_ride SET off_reason = 'x'"):
        async with psql.lead.transaction(isolation="repeatable_read"):
            with pytest.raises(asyncpg.PostgresError, match="read committed"):
                async with psql.lead.transaction():
                    await psql.lead.execute(sql)
    assert (await psql.read("planned_ride", made))["off_reason"] == ""


async def test_what_was_planned_and_is_over_stays_as_it_was(psql: Psql) -> None:
    someone, other = (await staff(psql))[:2]
    planned = await plan(psql, (await vans(psql))[0])
    made = await ride(psql, planned, someone)
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        back = "starts_at = starts_at - interval '9 days', ends_at = ends_at - interval '9 days'"
        await psql.owner.execute(f"UPDATE cru.planned_shift SET {back}")  # noqa: S608 - ours
    await psql.set_refused(psql.lead, "planned_shift", planned, ends_at=at(9), code="CR001", says="is over")
    await psql.set_refused(psql.lead, "planned_shift", planned, cancelled_at=at(0), says="is over")
    await psql.set_refused(psql.lead, "planned_ride", made, off_at=at(0), says="is over")
    await psql.refused(psql.lead, RIDE, planned, other, None, None, says="is over")


async def test_two_leads_who_plan_one_person_at_once_get_one_of_it(psql: Psql) -> None:
    one, two, *_ = await vans(psql)
    dev = (await staff(psql))[3]
    first, second = await plan(psql, one), await plan(psql, two)
    async with psql.lead.transaction():
        await psql.lead.execute(RIDE, first, dev, None, None)
        await psql.owner.execute("SET lock_timeout = '100ms'")
        with pytest.raises(Exception, match="lock timeout"):
            await psql.owner.execute(RIDE, second, dev, None, None)
    await psql.refused(psql.owner, RIDE, second, dev, None, None, says="Dev Placeholder is on CRU1")


@pytest.mark.hazard("H-076")
async def test_nobody_is_in_two_vans_now(psql: Psql) -> None:
    one, two = await psql.van(), await psql.van("off duty")
    aboard = await psql.owner.fetchval(
        "SELECT staff_id FROM cru.shift_member WHERE shift_id = $1", await running(psql, one)
    )
    shift = await psql.shah.fetchval(
        "INSERT INTO cru.shift (van_id, started_at, planned_end_at)"
        " VALUES ($1, cru.clock_now(), cru.clock_now() + interval '9 hours') RETURNING id",
        two,
    )
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.refused(who, JOIN, shift, aboard, code="CR001", says="is on CRU1, since")
    # Nor is anybody planned for another van while they ride.
    planned = await psql.lead.fetchval(
        PLAN, two, datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) + timedelta(hours=4)
    )
    await psql.refused(psql.lead, RIDE, planned, aboard, None, None, says="is on CRU1, since")


async def test_a_crew_changes_in_mid_shift_by_a_lead_and_somebody_stays(psql: Psql) -> None:
    van = await psql.van()
    shift = await running(psql, van)
    aboard = await psql.owner.fetchval("SELECT staff_id FROM cru.shift_member WHERE shift_id = $1", shift)
    other = (await staff(psql))[5]
    await psql.refused(psql.shah, JOIN, shift, other, code="CR002", says="Only a shift lead")
    await psql.refused(psql.shah, LEAVE, shift, aboard, "sick", code="42501")
    await psql.refused(psql.lead, LEAVE, shift, aboard, "sick", says="CRU1 would have no crew")
    await psql.lead.execute(JOIN, shift, other)
    event = await last_event(psql)
    assert (event["kind"], event["words"], event["van_id"]) == ("joined the crew", "Femi Example", van)
    await psql.lead.execute(LEAVE, shift, aboard, "sick")
    event = await last_event(psql)
    assert (event["kind"], event["recorded_by"]) == ("left the crew", "l.lead")
    assert '"why": "sick"' in event["detail"]
    # It stays as it was, and whoever left may come back.
    await psql.refused(psql.lead, LEAVE, shift, aboard, "again", says="never changes")
    await psql.lead.execute(JOIN, shift, aboard)
    await psql.refused(psql.lead, JOIN, shift, aboard, code="23505")


@pytest.mark.parametrize("state", ["allocated", "on scene", "conveying"])
async def test_the_crew_of_a_committed_van_changes_only_for_who_says_that_they_know(
    psql: Psql, state: str
) -> None:
    job = await psql.assignment(state)
    van = (await psql.read("assignment", job))["van_id"]
    shift, other = await running(psql, van), (await staff(psql))[7]
    await psql.refused(psql.lead, JOIN, shift, other, code="CR001", says=f"is {state} for CRU-")
    async with psql.lead.transaction():
        await psql.lead.execute("SELECT set_config('cru.insisted', 'she waits for him', true)")
        await psql.lead.execute(JOIN, shift, other)
    assert '"insisted": "she waits for him"' in (await last_event(psql))["detail"]


async def test_a_shift_is_extended_by_a_lead_and_into_no_other_one(psql: Psql) -> None:
    one, two = await psql.van(), await psql.van("off duty")
    shift = await running(psql, one)
    end = (await psql.read("shift", shift))["planned_end_at"]
    aboard = await psql.owner.fetchval("SELECT staff_id FROM cru.shift_member WHERE shift_id = $1", shift)
    await psql.set_refused(
        psql.shah, "shift", shift, planned_end_at=end + timedelta(hours=1), says="Only a shift lead"
    )
    await psql.set_refused(
        psql.lead, "shift", shift, planned_end_at=end + timedelta(hours=13), says="24 hours at most"
    )
    planned = await psql.lead.fetchval(PLAN, two, end + timedelta(hours=2), end + timedelta(hours=9))
    await psql.lead.execute(RIDE, planned, aboard, None, None)
    await psql.set(psql.lead, "shift", shift, planned_end_at=end + timedelta(hours=2))
    await psql.set_refused(psql.lead, "shift", shift, planned_end_at=end + timedelta(hours=3), says="is on CRU2")


async def test_a_van_is_retired_when_nothing_hangs_on_it(psql: Psql) -> None:
    job = await psql.assignment("mobile")
    van = (await psql.read("assignment", job))["van_id"]
    await psql.set_refused(psql.lead, "van", van, active=False, code="CR001", says="is on a job, CRU-")
    await psql.set(psql.shah, "assignment", job, state="on scene")
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set_refused(psql.lead, "van", van, active=False, says="has a crew on shift")
    other = await psql.van("off duty")
    planned = await plan(psql, other, 5, 9)
    await psql.set_refused(psql.lead, "van", other, active=False, says="is on the rota")
    await psql.set(psql.lead, "planned_shift", planned, cancelled_at=at(0))
    await psql.set(psql.lead, "van", other, active=False)
    await psql.refused(psql.lead, PLAN, other, at(0), at(5), says="was retired")
    duty = (
        "INSERT INTO cru.shift (van_id, started_at, planned_end_at) VALUES ($1, now(), now() + interval '9 hours')"
    )
    await psql.refused(psql.shah, duty, other, says="was retired")


async def test_who_leaves_is_on_no_shift_and_comes_on_none(psql: Psql) -> None:
    van, someone = await psql.van("off duty"), (await staff(psql))[4]
    planned = await plan(psql, van)
    it = await ride(psql, planned, someone)
    await psql.set(psql.lead, "staff", someone, profession="Paramedic")
    await psql.set_refused(psql.lead, "staff", someone, active=False, code="CR001", says="Ewa Template is on CRU1")
    await psql.set(psql.lead, "planned_ride", it, off_at=at(0))
    await psql.set(psql.lead, "staff", someone, active=False)
    assert (await last_event(psql))["kind"] == "staff left"
    await psql.refused(psql.lead, RIDE, planned, someone, None, None, says="has left the service")
    busy = await psql.van()
    aboard = await psql.owner.fetchval(
        "SELECT staff_id FROM cru.shift_member WHERE shift_id = $1", await running(psql, busy)
    )
    await psql.set_refused(psql.lead, "staff", aboard, active=False, says="now")
    # Who left, and is aboard again since that shift was taken back to open, is written down rightly all the same.
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.set(psql.owner, "staff", aboard, active=False)
    await psql.set(psql.lead, "staff", aboard, profession="Paramedic")


async def test_staff_say_who_wrote_them_down(psql: Psql) -> None:
    lie = "INSERT INTO cru.staff (name, profession, author) VALUES ('Zoe New', 'Nurse', 'the pope')"
    await psql.refused(psql.lead, lie, code="42501")
    sql = "INSERT INTO cru.staff (name, profession) VALUES ('Zoe New', 'Nurse') RETURNING id"
    made = await psql.lead.fetchval(sql)
    assert (await psql.read("staff", made))["author"] == "l.lead"
    event = await last_event(psql)
    assert (event["kind"], event["words"], event["recorded_by"]) == ("staff added", "Zoe New", "l.lead")


async def test_wanted_cover_says_who_set_it(psql: Psql) -> None:
    await psql.lead.execute("UPDATE cru.cover_wanted SET vans = 5 WHERE weekday = 5 AND from_hour = 19")
    row = await psql.owner.fetchrow("SELECT * FROM cru.cover_wanted WHERE weekday = 5 AND from_hour = 19")
    assert (row["vans"], row["author"]) == (5, "l.lead")
    assert (await last_event(psql))["words"] == "Friday from 19:00: 5 vans"
    new = "INSERT INTO cru.cover_wanted (weekday, from_hour, vans) VALUES ($1, $2, 1)"
    for weekday, hour in ((0, 5), (8, 5), (3, 24), (3, -1)):
        await psql.refused(psql.lead, new, weekday, hour, code="23514")


async def test_a_shift_taken_back_to_open_finds_nobody_elsewhere(psql: Psql) -> None:
    one = await psql.van()
    aboard = await psql.owner.fetchval(
        "SELECT staff_id FROM cru.shift_member WHERE shift_id = $1", await running(psql, one)
    )
    async with psql.shah.transaction():
        await psql.set(psql.shah, "van", one, duty_status="off duty")
        await psql.shah.execute("UPDATE cru.shift SET ended_at = cru.clock_now() WHERE van_id = $1", one)
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    two = await psql.van("off duty")
    shift = await psql.shah.fetchval(
        "INSERT INTO cru.shift (van_id, started_at, planned_end_at)"
        " VALUES ($1, cru.clock_now(), cru.clock_now() + interval '9 hours') RETURNING id",
        two,
    )
    await psql.shah.execute(JOIN, shift, aboard)
    name = (await psql.read("staff", aboard))["name"]
    await psql.refused(psql.shah, "SELECT cru.take_back($1)", act, code="CR001", says=f"{name} is on CRU2, since")


async def test_undo_offers_nothing_of_the_rota(psql: Psql) -> None:
    van, someone = await psql.van("off duty"), (await staff(psql))[0]
    made = await ride(psql, await plan(psql, van), someone)
    await psql.set(psql.lead, "planned_ride", made, off_at=at(0))
    await psql.set(psql.lead, "staff", someone, name="Amara Other")
    await psql.lead.execute("UPDATE cru.cover_wanted SET vans = 4")
    assert await psql.lead.fetchval("SELECT count(*) FROM cru.my_last_act()") == 0
    assert await psql.lead.fetchval("SELECT count(*) FROM cru.acts_of(NULL, $1)", van) == 0
    # Nor did the danger of a referral, which is nobody's act either, become one.
    kinds = (
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'act' AND tgrelid = to_regclass('cru.event')"
    )
    assert "danger over" in await psql.owner.fetchval(kinds)
    # A van that is called otherwise is one: its row is put back.
    await psql.set(psql.lead, "van", van, callsign="CRU88")
    act = await psql.lead.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.lead.execute("SELECT cru.take_back($1)", act)
    assert (await psql.read("van", van))["callsign"] == "CRU1"


@pytest.fixture
async def old(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0013")) as made:
        yield made


@pytest.mark.long
async def test_an_upgrade_keeps_who_rode_and_brings_the_shipped_numbers(old: Psql) -> None:
    van, job = await old.van(), await old.assignment("on scene")
    rode = "SELECT shift_id, staff_id FROM cru.shift_member ORDER BY 1, 2"
    before = [tuple(row) for row in await old.owner.fetch(rode)]
    events = await old.owner.fetchval("SELECT count(*) FROM cru.event")
    assert len(before) == 2
    await migrate.upgrade(old.record.owner_url)
    assert [tuple(row) for row in await old.owner.fetch(rode)] == before
    sql = (
        "SELECT count(*) FROM cru.shift_member m JOIN cru.shift s ON s.id = m.shift_id"
        " WHERE m.from_at = s.started_at AND m.until_at IS NULL"
    )
    assert await old.owner.fetchval(sql) == 2
    assert await old.owner.fetchval("SELECT count(*) FROM cru.event") == events
    assert await old.owner.fetchval("SELECT count(*) FROM cru.cover_wanted") == 14
    assert await old.owner.fetchval("SELECT value FROM cru.rule WHERE name = 'shift_most'") == 24
    await old.set(old.shah, "assignment", job, state="with patient")
    shift = await running(old, van)
    free = await old.owner.fetchval(
        "SELECT id FROM cru.staff WHERE id NOT IN (SELECT staff_id FROM cru.shift_member) LIMIT 1"
    )
    await old.lead.execute(JOIN, shift, free)
    await old.lead.execute(LEAVE, shift, before[0][1] if before[0][0] == shift else before[1][1], "home")


async def test_nobody_says_since_when_somebody_has_ridden(psql: Psql) -> None:
    van = await psql.van()
    sql = "INSERT INTO cru.shift_member (shift_id, staff_id, from_at) VALUES ($1, $2, $3)"
    someone = (await staff(psql))[8]
    for who in (psql.shah, psql.lead):
        await psql.refused(who, sql, await running(psql, van), someone, at(-200), code="42501")
    await psql.lead.execute(JOIN, await running(psql, van), someone)
