"""The past keeps the names, the crews and the vans of then; a week is copied with the clock on the wall."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from db import commands as do
from db.domain.replay import board_at
from db.domain.rota import london, monday_of
from db.engine import connect, transaction
from db.errors import Conflict, Invalid, NotAllowed
from db.replay import load_past
from db.rota_queries import plans_between, rota_between
from tests.db.psql import Psql
from tests.db.test_rules_locks import waiting


async def send(psql: Psql, command: do.Command, login: str = "l.lead") -> None:
    engine = connect(psql.record.url(login))
    try:
        await do.execute(engine, command)
    finally:
        await engine.dispose()


async def ask(psql: Psql, reads: Any, *given: Any) -> Any:
    engine = connect(psql.record.url("l.lead"))
    try:
        async with transaction(engine) as connection:
            return await reads(connection, *given)
    finally:
        await engine.dispose()


async def staff(psql: Psql) -> list[Any]:
    return [row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.staff ORDER BY name")]


async def test_a_past_day_has_the_names_and_the_crew_of_then(psql: Psql) -> None:
    van, people = await psql.van(), await staff(psql)
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    first = await psql.owner.fetchval("SELECT staff_id FROM cru.shift_member WHERE shift_id = $1", shift)
    async with psql.owner.transaction():
        # It all began two days ago; a crew changed at half time.
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute("UPDATE cru.shift SET started_at = started_at - interval '2 days'")
        await psql.owner.execute("UPDATE cru.shift_member SET from_at = from_at - interval '2 days'")
        await psql.owner.execute(
            "UPDATE cru.shift_member SET until_at = from_at + interval '6 hours' WHERE staff_id = $1", first
        )
        await psql.owner.execute(
            "INSERT INTO cru.shift_member (shift_id, staff_id, from_at)"
            " SELECT $1, $2, from_at + interval '6 hours' FROM cru.shift_member WHERE staff_id = $3",
            *(shift, people[7], first),
        )
    began = await psql.owner.fetchval("SELECT started_at FROM cru.shift WHERE id = $1", shift)
    await psql.set(psql.lead, "van", van, callsign="CRU77")
    await psql.set(psql.lead, "staff", first, name="Amara Married")
    await psql.set(psql.lead, "staff", first, name="Amara Again")
    past = await ask(psql, load_past, began - timedelta(hours=1), began + timedelta(hours=12))
    assert {one.callsign for one in past.vans if one.id == van} == {"CRU1"}
    assert past.names == {first: "Amara Example"}
    crews = [
        {one.id: one.staff_ids for one in board_at(past, began + timedelta(hours=hours))["shift"]}[shift]
        for hours in (1, 8)
    ]
    assert crews == [(first,), (people[7],)]
    week = await ask(psql, rota_between, began - timedelta(hours=1), began + timedelta(hours=12))
    assert week.staff == {first: "Amara Example"}
    assert [one.callsign for one in week.vans if one.id == van] == ["CRU1"]
    assert [(ride.staff_id, ride.until_at is None) for duty in week.duties for ride in duty.rides] == [
        (first, False),
        (people[7], True),
    ]


async def test_a_van_that_was_retired_since_is_there_on_its_days(psql: Psql) -> None:
    van = await psql.van()
    async with psql.shah.transaction():
        await psql.set(psql.shah, "van", van, duty_status="off duty")
        await psql.shah.execute("UPDATE cru.shift SET ended_at = cru.clock_now() WHERE van_id = $1", van)
    await send(psql, do.RetireVan(van_id=van))
    now = datetime.now(UTC)
    past = await ask(psql, load_past, now - timedelta(hours=2), now)
    assert van in {one.id for one in past.vans}
    longer_ago = await ask(psql, load_past, now - timedelta(days=9), now - timedelta(days=8))
    assert van not in {one.id for one in longer_ago.vans}
    await send(psql, do.RetireVan(van_id=van, back=True))
    assert (await psql.read("van", van))["active"] is True


@pytest.mark.parametrize("weeks", [1, 5])
async def test_a_copied_week_keeps_the_clock_whatever_the_clocks_do(psql: Psql, weeks: int) -> None:
    van, people = await psql.van("off duty"), await staff(psql)
    # The next week before the clocks change, within what may be planned.
    now = datetime.now(UTC)
    spring = next(day for day in _last_sundays(now.year) if day > now.date() + timedelta(days=8))
    monday = spring - timedelta(days=6 + 7 * (weeks - 1))
    day = monday + timedelta(days=6)
    start = london(day) + timedelta(hours=7)
    crew = (do.PlannedSeat(people[0], until_at=start + timedelta(hours=5)), do.PlannedSeat(people[1]))
    await send(
        psql,
        do.SetPlan(van_id=van, starts_at=start, ends_at=start + timedelta(hours=12), crew=crew, note="as ever"),
    )
    to = monday + timedelta(days=7 * weeks)
    copy = do.CopyWeek(monday=monday, to=to)
    await send(psql, copy)
    (made,) = await ask(psql, plans_between, london(to), london(to + timedelta(days=7)))
    from db.domain.clocks import local

    assert [local(one).strftime("%a %H:%M") for one in (made.starts_at, made.ends_at)] == [
        local(one).strftime("%a %H:%M") for one in (start, start + timedelta(hours=12))
    ]
    assert (made.note, len(made.crew)) == ("as ever", 2)
    assert {local(one.until_at).strftime("%H:%M") for one in made.crew if one.until_at} == {
        local(start + timedelta(hours=5)).strftime("%H:%M")
    }
    # Once more is refused whole: nothing is half done.
    count = await psql.owner.fetchval("SELECT count(*) FROM cru.planned_shift")
    with pytest.raises(Conflict, match="has a shift already"):
        await send(psql, do.CopyWeek(monday=monday, to=to))
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.planned_shift") == count


def _last_sundays(year: int) -> list[date]:
    found = []
    for one in range(year, year + 3):
        for month in (3, 10):
            last = date(one, month, 31)
            found.append(last - timedelta(days=(last.weekday() + 1) % 7))
    return found


async def test_who_left_since_is_not_copied_and_leaves_a_gap(psql: Psql) -> None:
    van, people = await psql.van("off duty"), await staff(psql)
    monday = monday_of(datetime.now(UTC)) + timedelta(days=7)
    start = london(monday) + timedelta(hours=7)
    plan = do.SetPlan(
        van_id=van, starts_at=start, ends_at=start + timedelta(hours=9), crew=(do.PlannedSeat(people[0]),)
    )
    await send(psql, plan)
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute("UPDATE cru.staff SET active = false WHERE id = $1", people[0])
    await send(psql, do.CopyWeek(monday=monday, to=monday + timedelta(days=7)))
    (made,) = await ask(psql, plans_between, start + timedelta(days=6), start + timedelta(days=13))
    assert made.crew == ()


async def test_a_change_of_what_somebody_else_changed_is_told(psql: Psql) -> None:
    van, people = await psql.van("off duty"), await staff(psql)
    start = datetime.now(UTC) + timedelta(days=3)
    plan = do.SetPlan(van_id=van, starts_at=start, ends_at=start + timedelta(hours=9))
    await send(psql, plan)
    given = {"van_id": van, "starts_at": start, "planned_shift_id": plan.planned_shift_id}
    await send(psql, do.SetPlan(**given, ends_at=start + timedelta(hours=8), version=1))
    with pytest.raises(Conflict, match=r"L\. Lead changed that shift"):
        await send(psql, do.SetPlan(**given, ends_at=start + timedelta(hours=7), version=1))
    with pytest.raises(Invalid, match="ends after it starts"):
        await send(psql, do.SetPlan(**given, ends_at=start, version=2))
    # Who is taken off with a reason is off; who only changes their hours is not.
    seats = (do.PlannedSeat(people[0]), do.PlannedSeat(people[1]))
    await send(psql, do.SetPlan(**given, ends_at=start + timedelta(hours=8), version=2, crew=seats))
    less = (do.PlannedSeat(people[1], until_at=start + timedelta(hours=2)),)
    await send(
        psql, do.SetPlan(**given, ends_at=start + timedelta(hours=8), version=3, crew=less, off_reason="sick")
    )
    rows = await psql.owner.fetch("SELECT staff_id, off_reason FROM cru.planned_ride WHERE off_at IS NOT NULL")
    assert {row["staff_id"]: row["off_reason"] for row in rows} == {people[0]: "sick", people[1]: ""}


async def test_staff_and_vans_are_added_changed_and_leave(psql: Psql) -> None:
    new = do.SaveStaff(name=" Zoe New ", profession="Nurse", languages=("Polish", " "), registered=True)
    await send(psql, new)
    row = await psql.read("staff", new.staff_id)
    assert (row["name"], row["languages"], row["language_codes"]) == ("Zoe New", ["Polish"], ["pol"])
    with pytest.raises(Invalid, match="zoe new is known already"):
        await send(psql, do.SaveStaff(name="zoe new", profession="Nurse"))
    await send(psql, do.SaveStaff(name="Zoe New", profession="Nurse", insisted="another one"))
    await send(psql, do.StaffLeaves(staff_id=new.staff_id))
    assert (await psql.read("staff", new.staff_id))["active"] is False
    base = await psql.owner.fetchval("SELECT name FROM cru.van_base LIMIT 1")
    said = {"registration": "X", "base": base, "livery": "unmarked"}
    made = do.SaveVan(callsign="CRU9", seats=5, equipment=("ramp",), **said)
    await send(psql, made)
    given = said | {"seats": 4, "is_new": False}
    await send(psql, do.SaveVan(callsign="CRU10", van_id=made.van_id, **given))
    row = await psql.read("van", made.van_id)
    assert (row["callsign"], row["seats"], row["equipment"]) == ("CRU10", 4, [])
    with pytest.raises(NotAllowed):
        await send(psql, do.SaveVan(callsign="CRU11", van_id=made.van_id, **given), "a.shah")
    with pytest.raises(NotAllowed):
        await send(psql, do.StaffLeaves(staff_id=new.staff_id, back=True), "a.shah")


_OF_A_VAN = {"registration": "AB12 CDE", "livery": "unmarked", "seats": 6, "equipment": ("ramp", "hoist")}
_OF_ANA = {
    "name": "Ana Seen",
    "profession": "Nurse",
    "gender": "female",
    "languages": ("Polish",),
    "registered": True,
}


@pytest.mark.hazard("H-025")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seats": 4}, "CRU9 was changed meanwhile: seats 4."),
        ({"callsign": "CRU9 EAST"}, "CRU9 EAST was changed meanwhile: callsign CRU9 EAST."),
        (
            {"equipment": ("ramp",), "livery": "marked"},
            "CRU9 was changed meanwhile: livery marked, equipment ramp.",
        ),
        ({"equipment": (), "registration": ""}, "CRU9 was changed meanwhile: registration none, equipment none."),
    ],
)
async def test_a_van_that_somebody_else_changed_is_not_changed_back(
    psql: Psql, change: dict[str, Any], said: str
) -> None:
    base = await psql.owner.fetchval("SELECT name FROM cru.van_base LIMIT 1")
    shown = _OF_A_VAN | {"callsign": "CRU9", "base": base}
    made = do.SaveVan(**shown)
    await send(psql, made)
    of = {"is_new": False, "van_id": made.van_id, "before": shown}
    # Somebody else, from the same sheet as it was; then whoever had it open all the while.
    await send(psql, do.SaveVan(**(shown | change), **of))
    with pytest.raises(Conflict) as refused:
        await send(psql, do.SaveVan(**(shown | {"registration": "ZZ99 ZZZ"}), **of))
    assert refused.value.sentence == said
    row = await psql.read("van", made.van_id)
    assert {name: row[name] for name in change} == {
        name: list(value) if isinstance(value, tuple) else value for name, value in change.items()
    }
    # Its duty is no part of the sheet: a van that drives meanwhile is changed all the same.
    seen = {name: row[name] for name in shown}
    await send(psql, do.SaveVan(**(seen | {"seats": 3}), **(of | {"before": seen})))
    assert (await psql.read("van", made.van_id))["seats"] == 3


@pytest.mark.hazard("H-025")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"registered": False}, "Ana Seen was changed meanwhile: registered no."),
        ({"languages": ("Polish", "Welsh")}, "Ana Seen was changed meanwhile: languages Polish and Welsh."),
        ({"gender": ""}, "Ana Seen was changed meanwhile: gender none."),
        ({"name": "Ana Also"}, "Ana Also was changed meanwhile: name Ana Also."),
    ],
)
async def test_nor_is_somebody_who_works_here(psql: Psql, change: dict[str, Any], said: str) -> None:
    made = do.SaveStaff(**_OF_ANA)
    await send(psql, made)
    of = {"is_new": False, "staff_id": made.staff_id, "before": _OF_ANA}
    await send(psql, do.SaveStaff(**(_OF_ANA | change), **of))
    with pytest.raises(Conflict) as refused:
        await send(psql, do.SaveStaff(**(_OF_ANA | {"profession": "Doctor"}), **of))
    assert refused.value.sentence == said
    assert (await psql.read("staff", made.staff_id))["profession"] == "Nurse"


async def test_what_nobody_sees_in_a_name_is_no_change_of_somebody_else(psql: Psql) -> None:
    made = do.SaveStaff(**(_OF_ANA | {"name": "Ana\u200b Seen"}))
    await send(psql, made)
    of = {"is_new": False, "staff_id": made.staff_id, "before": _OF_ANA}
    await send(psql, do.SaveStaff(**(_OF_ANA | {"profession": "Doctor"}), **of))
    assert (await psql.read("staff", made.staff_id))["profession"] == "Doctor"
    with pytest.raises(Invalid, match="nobody in the record"):
        await send(psql, do.SaveStaff(**_OF_ANA, is_new=False, staff_id=uuid4()))


@pytest.mark.hazard("H-025")
async def test_a_shift_that_somebody_moved_is_not_cancelled_by_who_saw_it_elsewhere(psql: Psql) -> None:
    van, start = await psql.van("off duty"), datetime.now(UTC) + timedelta(days=5)
    plan = do.SetPlan(van_id=van, starts_at=start, ends_at=start + timedelta(hours=9))
    await send(psql, plan)
    later = {"starts_at": start + timedelta(days=1), "ends_at": start + timedelta(days=1, hours=9)}
    await send(psql, do.SetPlan(van_id=van, planned_shift_id=plan.planned_shift_id, version=1, **later))
    with pytest.raises(Conflict, match=r"L\. Lead changed that shift meanwhile"):
        await send(psql, do.CancelPlan(planned_shift_id=plan.planned_shift_id, version=1))
    assert (await psql.read("planned_shift", plan.planned_shift_id))["cancelled_at"] is None
    await send(psql, do.CancelPlan(planned_shift_id=plan.planned_shift_id, version=2))
    assert (await psql.read("planned_shift", plan.planned_shift_id))["cancelled_at"] is not None


async def test_vans_wanted_are_set_by_who_saw_how_many_there_were(psql: Psql) -> None:
    hour = {"weekday": 6, "from_hour": 21}
    await send(psql, do.SetCover(**hour, vans=4, before=2))  # nothing was said of that hour
    await send(psql, do.SetCover(**hour, vans=5, before=4))
    with pytest.raises(Conflict, match=r"^What is wanted from 21:00 was changed meanwhile: vans 5\."):
        await send(psql, do.SetCover(**hour, vans=1, before=4))
    await send(psql, do.SetCover(**hour, vans=0))


async def test_two_who_set_one_hour_at_once_do_not_undo_each_other(psql: Psql) -> None:
    hour = {"weekday": 6, "from_hour": 21}
    await send(psql, do.SetCover(**hour, vans=4))
    first = psql.lead.transaction()
    await first.start()
    await psql.lead.execute("UPDATE cru.cover_wanted SET vans = 7 WHERE weekday = 6 AND from_hour = 21")
    second = asyncio.ensure_future(send(psql, do.SetCover(**hour, vans=1, before=4)))
    await waiting(psql, "l.lead", second)
    await first.commit()
    with pytest.raises(Conflict, match=r"changed meanwhile: vans 7\."):
        await second


async def test_a_crew_is_changed_and_a_shift_extended_by_commands(psql: Psql) -> None:
    van, people = await psql.van(), await staff(psql)
    aboard = await psql.owner.fetchval("SELECT staff_id FROM cru.shift_member")
    await send(psql, do.ChangeCrew(van_id=van, join=(people[5],), leave=(aboard,), reason="sick"))
    rows = await psql.owner.fetch("SELECT staff_id, left_reason FROM cru.shift_member WHERE until_at IS NOT NULL")
    assert [tuple(row) for row in rows] == [(aboard, "sick")]
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=15)
    await send(psql, do.ExtendShift(van_id=van, planned_end=end))
    assert await psql.owner.fetchval("SELECT planned_end_at FROM cru.shift") == end
    with pytest.raises(Invalid, match="in the future"):
        await send(psql, do.ExtendShift(van_id=van, planned_end=end - timedelta(days=2)))
    idle = await psql.van("off duty")
    for command in (do.ExtendShift(van_id=idle, planned_end=end), do.ChangeCrew(van_id=idle, join=(people[0],))):
        with pytest.raises(Conflict, match="no crew on shift"):
            await send(psql, command)
    await send(psql, do.SetCover(weekday=2, from_hour=3, vans=1))
    await send(psql, do.SetCover(weekday=2, from_hour=3, vans=None))
    assert (
        await psql.owner.fetchval("SELECT active FROM cru.cover_wanted WHERE weekday = 2 AND from_hour = 3")
        is False
    )


async def test_what_makes_no_sense_of_the_rota_is_refused_in_words(psql: Psql) -> None:
    van, people = await psql.van("off duty"), await staff(psql)
    monday = monday_of(datetime.now(UTC)) + timedelta(days=7)
    start = london(monday + timedelta(days=7)) + timedelta(hours=7)
    plan = do.SetPlan(van_id=van, starts_at=start, ends_at=start + timedelta(hours=9), note="x")
    for command, says in (
        (do.CopyWeek(monday=monday, to=monday), "to another week"),
        (do.CopyWeek(monday=monday, to=monday + timedelta(days=8)), "to another week"),
        (do.CopyWeek(monday=monday + timedelta(days=1), to=monday + timedelta(days=8)), "to another week"),
        (do.CopyWeek(monday=monday, to=monday + timedelta(days=14)), "Nothing is planned in that week"),
        (replace(plan, version=1), "not in the record"),
        (replace(plan, ends_at=start - timedelta(hours=1)), "ends after it starts"),
        (do.SaveStaff(name="  ", profession="Nurse"), "must be said"),
        (do.SaveVan(callsign=" ", registration="", base="", livery="", seats=1), "needs a callsign"),
        (do.RetireVan(van_id=uuid4()), "not in the record"),
    ):
        with pytest.raises(Invalid, match=says):
            await send(psql, command)
    # A shift without a crew is copied without one, and cancelled by its name alone.
    await send(psql, plan)
    other = replace(plan, planned_shift_id=uuid4(), command_id=uuid4(), van_id=await last_van(psql))
    await send(psql, other)
    week = monday + timedelta(days=7)
    await send(psql, do.CopyWeek(monday=week, to=week + timedelta(days=7)))
    made = await ask(psql, plans_between, london(week + timedelta(days=7)), london(week + timedelta(days=14)))
    assert sorted((one.van_id, one.note, one.crew) for one in made) == sorted(
        (one, "x", ()) for one in (van, other.van_id)
    )
    await send(psql, do.CancelPlan(planned_shift_id=other.planned_shift_id))
    assert [
        (await psql.read("planned_shift", one.planned_shift_id))["cancelled_at"] is None for one in (plan, other)
    ] == [True, False]
    # The same seat twice is one, and who stays keeps theirs.
    seats = (do.PlannedSeat(people[0]), do.PlannedSeat(people[0]), do.PlannedSeat(people[1]))
    await send(psql, replace(plan, command_id=uuid4(), version=1, crew=seats))
    await send(psql, replace(plan, command_id=uuid4(), version=2, crew=seats[:1], off_reason="sick", note="y"))
    rows = await psql.owner.fetch("SELECT staff_id, off_reason FROM cru.planned_ride")
    assert {tuple(row) for row in rows} == {(people[0], ""), (people[1], "sick")}
    row = await psql.read("planned_shift", plan.planned_shift_id)
    assert (row["note"], row["version"]) == ("y", 3)


async def last_van(psql: Psql) -> Any:
    return await psql.owner.fetchval("SELECT id FROM cru.van ORDER BY callsign DESC LIMIT 1")


async def test_staff_are_asked_about_only_where_the_name_is_one_of_the_service(psql: Psql) -> None:
    new = do.SaveStaff(name="Zoe New", profession=" Nurse ", gender=" female ")
    await send(psql, new)
    row = await psql.read("staff", new.staff_id)
    assert (row["profession"], row["gender"], row["registered"]) == ("Nurse", "female", False)
    await send(psql, do.StaffLeaves(staff_id=new.staff_id))
    # Whoever left is no longer taken for the other, and who is only called otherwise is asked nothing.
    other = do.SaveStaff(name="Zoe New", profession="Nurse")
    await send(psql, other)
    await send(psql, do.StaffLeaves(staff_id=new.staff_id, back=True))
    await send(psql, do.SaveStaff(name="ZOE NEW", profession="Doctor", is_new=False, staff_id=other.staff_id))
    found = await psql.owner.fetch(
        "SELECT name, profession FROM cru.staff WHERE lower(name) = 'zoe new' AND active"
    )
    assert sorted(tuple(row) for row in found) == [("ZOE NEW", "Doctor"), ("Zoe New", "Nurse")]


async def test_who_joins_and_leaves_twice_is_meant_once(psql: Psql) -> None:
    van, people = await psql.van(), await staff(psql)
    aboard = await psql.owner.fetchval("SELECT staff_id FROM cru.shift_member")
    await send(psql, do.ChangeCrew(van_id=van, join=(people[5], people[5], people[6]), leave=(people[8],)))
    rides = "SELECT staff_id FROM cru.shift_member WHERE until_at IS NULL"
    assert {row["staff_id"] for row in await psql.owner.fetch(rides)} == {aboard, people[5], people[6]}
    await send(psql, do.ChangeCrew(van_id=van, leave=(aboard, aboard)))
    await send(psql, do.ChangeCrew(van_id=van, join=(aboard,)))
    # Who left before is left alone when the same person leaves again.
    first = await psql.owner.fetchval("SELECT min(until_at) FROM cru.shift_member")
    await send(psql, do.ChangeCrew(van_id=van, leave=(aboard,), reason="home"))
    times = await psql.owner.fetch("SELECT until_at, left_reason FROM cru.shift_member WHERE until_at IS NOT NULL")
    assert sorted(row["left_reason"] for row in times) == ["", "home"]
    assert min(row["until_at"] for row in times) == first
    other = await psql.van()
    ends = "SELECT planned_end_at FROM cru.shift WHERE van_id = $1"
    before = await psql.owner.fetchval(ends, other)
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=13)
    await send(psql, do.ExtendShift(van_id=van, planned_end=end))
    assert await psql.owner.fetchval(ends, van) == end
    assert await psql.owner.fetchval(ends, other) == before
    for weekday, vans in ((1, 0), (3, 4)):
        await send(psql, do.SetCover(weekday=weekday, from_hour=7, vans=vans))
        sql = "SELECT vans, active FROM cru.cover_wanted WHERE weekday = $1 AND from_hour = 7"
        assert tuple(await psql.owner.fetchrow(sql, weekday)) == (vans, True)
