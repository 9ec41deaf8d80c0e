"""The edges of the rota's rules at a psql prompt: what the record says, what hinders nobody, what is told."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.db.psql import Psql
from tests.db.test_rules_rota import (
    JOIN,
    LEAVE,
    PLAN,
    RIDE,
    at,
    last_event,
    plan,
    ride,
    staff,
    vans,
)

# What only the owner may write, and not even the owner makes other than it is.
CLAIMED = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


async def on_duty(psql: Psql, *crew: UUID) -> tuple[UUID, UUID]:
    """A van with this crew, and its shift."""
    van = await psql.van("off duty")
    # In one act, as who goes on duty is.
    async with psql.shah.transaction():
        shift = await psql.shah.fetchval(
            "INSERT INTO cru.shift (van_id, started_at, planned_end_at)"
            " VALUES ($1, cru.clock_now(), cru.clock_now() + interval '9 hours') RETURNING id",
            van,
        )
        for who in crew:
            await psql.shah.execute(JOIN, shift, who)
    await psql.set(psql.shah, "van", van, duty_status="available")
    return van, shift


async def told(psql: Psql, kind: str) -> list[tuple[str, dict[str, Any]]]:
    rows = await psql.owner.fetch("SELECT words, detail FROM cru.event WHERE kind = $1 ORDER BY id", kind)
    return [(row["words"], json.loads(row["detail"])) for row in rows]


async def moved_back(psql: Psql, planned: UUID, hours: float) -> None:
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(
            "UPDATE cru.planned_shift SET starts_at = starts_at - $2::interval, ends_at = ends_at - $2::interval"
            " WHERE id = $1",
            planned,
            timedelta(hours=hours),
        )


async def test_who_planned_and_when_is_said_by_the_record(psql: Psql) -> None:
    van, someone = (await vans(psql))[0], (await staff(psql))[0]
    made = await psql.owner.fetchval(
        "INSERT INTO cru.planned_shift (van_id, starts_at, ends_at, version, made_by, made_at, cancelled_at)"
        " VALUES ($1, $2, $3, 7, 'the pope', $4, $4) RETURNING id",
        *(van, at(0), at(12), CLAIMED),
    )
    row = await psql.read("planned_shift", made)
    assert (row["version"], row["cancelled_at"]) == (1, None)
    assert row["made_by"] == row["changed_by"] != "the pope"
    assert row["changed_at"] >= row["made_at"] > CLAIMED
    await psql.set(psql.lead, "planned_shift", made, note=" later ")
    again = await psql.read("planned_shift", made)
    assert (again["version"], again["changed_by"], again["note"]) == (2, "l.lead", "later")
    assert again["changed_at"] > row["changed_at"]
    await psql.set(psql.owner, "planned_shift", made, version=40, made_by="x", made_at=CLAIMED, changed_by="x")
    after = await psql.read("planned_shift", made)
    assert (after["version"], after["made_by"], after["made_at"]) == (3, row["made_by"], row["made_at"])
    assert after["changed_by"] == row["made_by"]
    seat = await psql.owner.fetchval(
        "INSERT INTO cru.planned_ride (planned_shift_id, staff_id, off_at, off_reason) VALUES ($1, $2, $3, 'x')"
        " RETURNING id",
        *(made, someone, CLAIMED),
    )
    assert [*await psql.owner.fetchrow("SELECT off_at, off_reason FROM cru.planned_ride")] == [None, ""]
    await psql.set(psql.lead, "planned_ride", seat, off_at=CLAIMED, off_reason=" sick ")
    row = await psql.read("planned_ride", seat)
    assert (row["off_reason"], row["off_at"] > CLAIMED) == ("sick", True)
    other = await ride(psql, made, someone)
    await psql.set_refused(
        psql.owner, "planned_ride", other, staff_id=(await staff(psql))[1], says="never changes"
    )


async def test_what_happens_to_the_rota_is_told_with_what_changed(psql: Psql) -> None:
    van, (ann, ben, *_) = (await vans(psql))[0], await staff(psql)
    planned = await plan(psql, van, 0, 12)
    (words, detail), *_ = await told(psql, "shift planned")
    assert words.count(" to ") == 1
    assert len(words.split(" to ")[1]) == len("19:00"), "one day, said once"
    assert detail["planned_shift"] == str(planned)
    assert not {"made_by", "made_at", "changed_by", "changed_at"} & detail.keys()
    assert "ends_at" in detail
    await psql.set(psql.lead, "planned_shift", planned, ends_at=at(20))
    ((words, detail),) = await told(psql, "planned shift changed")
    assert len(words.split(" to ")[1]) > len("19:00"), "it ends on another day"
    assert set(detail) - {"planned_shift", "version"} == {"ends_at"}
    whole, part = await ride(psql, planned, ann), await ride(psql, planned, ben, 2, 4)
    (first, detail), (second, _) = await told(psql, "crew planned")
    assert detail == {"planned_shift": str(planned), "staff": str(ann)}
    assert first.partition(": ")[2] == words.partition(": ")[2]
    assert second.partition(": ")[2] != first.partition(": ")[2]
    await psql.set(psql.lead, "planned_ride", part, until_at=at(5))
    assert len(await told(psql, "crew plan changed")) == 1
    await psql.set(psql.lead, "planned_ride", whole, off_at=at(0), off_reason="sick")
    ((_, detail),) = await told(psql, "taken off the rota")
    assert detail == {"planned_shift": str(planned), "staff": str(ann), "why": "sick"}


async def test_of_people_vans_and_what_is_wanted_only_changes_are_told(psql: Psql) -> None:
    (ann, *_), count = await staff(psql), "SELECT count(*) FROM cru.event"
    await psql.set(psql.lead, "staff", ann, name="Ann  ")
    ((words, detail),) = await told(psql, "staff changed")
    assert (words, set(detail)) == ("Ann", {"staff", "name"})
    assert (await psql.read("staff", ann))["author"] == "l.lead"
    told_so_far = await psql.owner.fetchval(count)
    await psql.set(psql.owner, "staff", ann, name="Ann")
    assert await psql.owner.fetchval(count) == told_so_far, "nothing is other than before"
    assert (await psql.read("staff", ann))["author"] != "l.lead"
    for active, kind in ((False, "staff left"), (True, "staff back")):
        await psql.set(psql.lead, "staff", ann, active=active)
        assert (await last_event(psql))["kind"] == kind
        await psql.set(psql.lead, "staff", ann, active=active, gender=kind)
        assert (await last_event(psql))["kind"] == "staff changed"
    new = (
        "INSERT INTO cru.van (callsign, registration, base, livery, seats, equipment)"
        " SELECT 'CRU9', 'X', base, livery, 5, '{}' FROM cru.van LIMIT 1"
    )
    await psql.lead.execute(new)
    event = await last_event(psql)
    assert (event["kind"], event["words"]) == ("van added", "CRU9")
    wanted = "INSERT INTO cru.cover_wanted (weekday, from_hour, vans, active) VALUES ($1, $2, $3, $4)"
    await psql.lead.execute(wanted, 1, 3, 4, True)
    await psql.lead.execute(wanted, 7, 12, 4, False)
    assert [words for words, _ in (await told(psql, "cover wanted"))[-2:]] == [
        "Monday from 03:00: 4 vans",
        "Sunday from 12:00: as before",
    ]
    # The owner loads a set that says whose it is.
    loaded = (
        "INSERT INTO cru.staff (name, profession, author) VALUES ('Zoe', 'Nurse', 'the trust') RETURNING author"
    )
    assert await psql.owner.fetchval(loaded) == "the trust"


async def test_a_change_of_crew_is_told_at_its_own_time_and_a_start_is_not(psql: Psql) -> None:
    ann, ben, *_ = await staff(psql)
    van, shift = await on_duty(psql, ann)
    assert await told(psql, "joined the crew") == []
    await psql.owner.execute(
        "INSERT INTO cru.shift_member (shift_id, staff_id, from_at, until_at, left_reason)"
        " VALUES ($1, $2, cru.clock_now() - interval '1 second', cru.clock_now(), 'x')",
        *(shift, ben),
    )
    row = await psql.owner.fetchrow("SELECT * FROM cru.shift_member WHERE staff_id = $1", ben)
    assert (row["until_at"], row["left_reason"]) == (None, "")
    event = await last_event(psql)
    assert (event["kind"], event["happened_at"]) == ("joined the crew", row["from_at"])
    assert json.loads(event["detail"]) == {"shift": str(shift), "staff": str(ben)}
    same = "UPDATE cru.shift_member SET left_reason = 'y' WHERE staff_id = $1"
    await psql.lead.execute(same, ben)
    await psql.lead.execute(LEAVE, shift, ann, " sick ")
    event, left = (
        await last_event(psql),
        await psql.owner.fetchrow("SELECT * FROM cru.shift_member WHERE staff_id = $1", ann),
    )
    assert (event["kind"], event["happened_at"], left["left_reason"]) == (
        "left the crew",
        left["until_at"],
        "sick",
    )
    assert event["van_id"] == van


async def test_what_is_in_nobody_s_way(psql: Psql) -> None:
    """Cancelled, over, taken off, given up, at the same van, or before and after."""
    one, two, three, *_ = await vans(psql)
    ann, ben, *_ = await staff(psql)
    gone = await plan(psql, two, 0, 12)
    await ride(psql, gone, ann)
    await psql.set(psql.lead, "planned_shift", gone, cancelled_at=at(0))
    here, after = await plan(psql, one, 0, 12), await plan(psql, three, 12, 20)
    first = await ride(psql, here, ann, 0, 3)
    await ride(psql, here, ann, 6, 12)
    await ride(psql, after, ann)
    for start, end in ((2.9, 5), (5, 6.1), (None, None), (None, 1), (11, None)):
        await psql.refused(psql.lead, RIDE, here, ann, *moments(start, end), says="is on that shift already")
    await ride(psql, here, ann, 3, 6)
    # To another van, and to the edge of what is next.
    await psql.set(psql.lead, "planned_shift", here, van_id=two)
    await psql.set_refused(psql.lead, "planned_shift", here, ends_at=at(11.9), says="lies outside it")
    await psql.set_refused(psql.lead, "planned_shift", here, starts_at=at(0.1), says="lies outside it")
    await psql.set(psql.lead, "planned_ride", first, off_at=at(0))
    await psql.set(psql.lead, "planned_shift", here, starts_at=at(0.1))
    for start, end in ((0, 1), (None, 12.1), (12.1, None), (-1, None)):
        await psql.refused(psql.lead, RIDE, here, ben, *moments(start, end), says="The shift is")
    await psql.refused(psql.lead, RIDE, gone, ben, None, None, code="CR001", says="was cancelled")
    # The first of several places is the one that is named.
    await psql.refused(psql.lead, RIDE, await plan(psql, one, 5, 20), ann, None, None, says="is on CRU2")


def moments(*hours: float | None) -> list[datetime | None]:
    return [at(one) if one is not None else None for one in hours]


async def test_where_somebody_rides_now_counts_to_its_end_and_for_other_vans(psql: Psql) -> None:
    ann, ben, *_ = await staff(psql)
    van, shift = await on_duty(psql, ann, ben)
    other = await psql.van("off duty")
    end = (await psql.read("shift", shift))["planned_end_at"]
    hour = timedelta(hours=1)
    near = await psql.lead.fetchval(PLAN, other, end - hour, end + 2 * hour)
    await psql.refused(psql.lead, RIDE, near, ann, None, None, says="is on CRU1, since")
    await psql.lead.execute(RIDE, near, ann, end, None)
    await psql.set_refused(
        psql.lead, "planned_shift", near, van_id=van, starts_at=end - 2 * hour, ends_at=end - hour
    )
    # At their own van they ride on.
    on = await psql.lead.fetchval(PLAN, van, end - hour, end + hour)
    seat = await psql.lead.fetchval(RIDE, on, ben, None, None)
    # A shift that ends sooner asks nobody.
    await psql.lead.execute("UPDATE cru.shift SET planned_end_at = $1", end - hour / 2)
    await psql.set(psql.lead, "planned_ride", seat, off_at=end)
    await psql.lead.execute("UPDATE cru.shift SET planned_end_at = $1", end)
    # Who left rides there no more, and nobody asks them when it is extended.
    await psql.refused(psql.lead, "UPDATE cru.shift SET planned_end_at = $1", end + hour / 2, says="is on CRU2")
    await psql.lead.execute(LEAVE, shift, ann, "")
    await psql.lead.execute("UPDATE cru.shift SET planned_end_at = $1", end + hour / 2)
    now = datetime.now(UTC)
    await psql.lead.execute(RIDE, await psql.lead.fetchval(PLAN, other, now, now + hour), ann, None, None)


async def test_who_joins_is_of_the_service_and_rides_from_now_on(psql: Psql) -> None:
    ann, ben, cy, dev, *_ = await staff(psql)
    van, shift = await on_duty(psql, ann, ben)
    await psql.set(psql.lead, "staff", cy, active=False)
    await psql.refused(psql.lead, JOIN, shift, cy, code="CR001", says="has left the service")
    later = (
        "INSERT INTO cru.shift_member (shift_id, staff_id, from_at) VALUES ($1, $2, now() + interval '2 minutes')"
    )
    await psql.refused(psql.owner, later, shift, dev, says="cannot lie in the future")
    leaves = "UPDATE cru.shift_member SET until_at = now() + interval '2 minutes' WHERE staff_id = $1"
    await psql.refused(psql.lead, leaves, ann, says="cannot lie in the future")
    for column, value in (("staff_id", dev), ("from_at", CLAIMED)):
        sql = f"UPDATE cru.shift_member SET {column} = $2 WHERE staff_id = $1"  # noqa: S608 - our columns
        await psql.refused(psql.owner, sql, ann, value, code="CR002", says="never changes")
    # Who left may ride elsewhere at once, and who is on a shift that ended too.
    await psql.lead.execute(LEAVE, shift, ann, "")
    second, other = await on_duty(psql, ann)
    async with psql.shah.transaction():
        await psql.set(psql.shah, "van", second, duty_status="off duty")
        await psql.shah.execute("UPDATE cru.shift SET ended_at = cru.clock_now() WHERE id = $1", other)
    await psql.lead.execute(JOIN, shift, ann)
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.shift WHERE van_id = $1", van) == 1


async def test_what_is_over_keeps_nobody_and_no_van_in_the_service(psql: Psql) -> None:
    ann, ben, cy, *_ = await staff(psql)
    van = (await vans(psql))[-1]
    over, off = await plan(psql, van), await plan(psql, (await vans(psql))[1])
    await ride(psql, over, ann)
    seat = await ride(psql, off, ben)
    await psql.set(psql.lead, "planned_ride", seat, off_at=at(0))
    await psql.set(psql.lead, "staff", ben, active=False)
    await moved_back(psql, over, 72)
    await psql.set(psql.lead, "staff", ann, active=False)
    await psql.owner.execute("UPDATE cru.van SET emergency_at = cru.clock_now() WHERE id = $1", van)
    await psql.set_refused(psql.lead, "van", van, active=False, code="CR001", says="has an emergency")
    await psql.owner.execute("UPDATE cru.van SET emergency_at = NULL WHERE id = $1", van)
    await psql.set(psql.lead, "van", van, active=False)
    # Whoever rode on a shift that ended, or left one, may leave.
    second, shift = await on_duty(psql, cy, (await staff(psql))[5])
    await psql.lead.execute(LEAVE, shift, cy, "")
    await psql.set(psql.lead, "staff", cy, active=False)
    async with psql.shah.transaction():
        await psql.set(psql.shah, "van", second, duty_status="off duty")
        await psql.shah.execute("UPDATE cru.shift SET ended_at = cru.clock_now() WHERE id = $1", shift)
    await psql.set(psql.lead, "staff", (await staff(psql))[5], active=False)


async def test_a_shift_is_taken_back_to_open_whoever_left_it_or_was_elsewhere_before(psql: Psql) -> None:
    ann, ben, cy, dev, *_ = await staff(psql)
    off = "UPDATE cru.shift SET ended_at = cru.clock_now() WHERE id = $1"
    van, shift = await on_duty(psql, ann, ben, cy)
    await psql.lead.execute(LEAVE, shift, ann, "sick")
    async with psql.shah.transaction():
        await psql.set(psql.shah, "van", van, duty_status="off duty")
        await psql.shah.execute(off, shift)
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    _, other = await on_duty(psql, ann, ben, dev)
    await psql.lead.execute(LEAVE, other, ben, "")
    gone, over = await on_duty(psql, cy)
    async with psql.lead.transaction():
        await psql.set(psql.lead, "van", gone, duty_status="off duty")
        await psql.lead.execute(off, over)
    await psql.shah.execute("SELECT cru.take_back($1)", act)
    assert (await psql.read("shift", shift))["ended_at"] is None


async def test_two_who_plan_at_once_wait_for_each_other(psql: Psql) -> None:
    one, two, *_ = await vans(psql)
    ann, ben, cy, *_ = await staff(psql)
    first, second = await plan(psql, one, 0, 9), await plan(psql, two, 9, 12)
    await ride(psql, first, ann)
    await ride(psql, second, ann)
    van, shift = await on_duty(psql, cy)
    ends = "UPDATE cru.planned_shift SET ends_at = $2 WHERE id = $1"
    leaves = "UPDATE cru.staff SET active = false WHERE id = $1"
    await psql.owner.execute("SET lock_timeout = '50ms'")
    for mine, theirs in (
        ((PLAN, one, at(12), at(20)), (PLAN, one, at(20), at(22))),
        (
            ("UPDATE cru.planned_shift SET cancelled_at = now() WHERE id = $1", first),
            (RIDE, first, ben, None, None),
        ),
        ((leaves, ben), (RIDE, first, ben, None, None)),
        # Both have the same person on them.
        ((ends, first, at(8.5)), (ends, second, at(13))),
        ((leaves, ben), (JOIN, shift, ben)),
        (("UPDATE cru.van SET duty_status = 'meal break' WHERE id = $1", van), (JOIN, shift, ben)),
    ):
        back = psql.lead.transaction()
        await back.start()
        await psql.lead.execute(*mine)
        with pytest.raises(asyncpg.LockNotAvailableError):
            await psql.owner.execute(*theirs)
        await back.rollback()


async def test_where_else_somebody_is_is_asked_to_the_moment(psql: Psql) -> None:
    """On a shift that goes on, from when they joined it until it is to end; on a planned one for their part."""
    (one, two, *others), (ann, ben, *_) = await vans(psql), await staff(psql)
    owner, second = psql.owner, timedelta(seconds=1)
    shift = (
        "INSERT INTO cru.shift (van_id, started_at, planned_end_at, ended_at, taken_back_at)"
        " VALUES ($1, $2, $3, $4, $5) RETURNING id"
    )
    rides = "INSERT INTO cru.shift_member (shift_id, staff_id, from_at, until_at) VALUES ($1, $2, $3, $4)"
    elsewhere = "SELECT cru.rides_elsewhere($1, $2, $3, $4, $5)"
    trying = owner.transaction()
    await trying.start()
    await owner.execute("SET LOCAL session_replication_role = replica")
    # Over, taken back, or left: they are there no more.
    gone = ((at(9), None, None), (None, at(9), None), (None, None, at(9)))
    for van, (ended, undone, left) in zip(others, gone, strict=False):
        over = await owner.fetchval(shift, van, at(0), at(12), ended, undone)
        await owner.execute(rides, over, ann, at(1), left)
    assert await owner.fetchval(elsewhere, ann, at(2), at(3), None, two) is None
    runs = await owner.fetchval(shift, one, at(0), at(12), None, None)
    await owner.execute(rides, runs, ann, at(1), None)
    planned = await owner.fetchval(PLAN, one, at(20), at(30))
    cancelled, off = [await owner.fetchval(PLAN, two, at(20), at(30)) for _ in range(2)]
    await owner.execute("UPDATE cru.planned_shift SET cancelled_at = now() WHERE id = $1", cancelled)
    await owner.execute(RIDE, planned, ben, at(22), at(24))
    for there in (planned, cancelled, off):
        await owner.execute(RIDE, there, ann, None, None)
    await owner.execute("UPDATE cru.planned_ride SET off_at = now() WHERE planned_shift_id = $1", off)
    for who, start, end, on, but, where in (
        (ann, at(-5), at(1), two, None, ""),
        (ann, at(-5), at(1) + second, two, None, "since"),
        (ann, at(12), at(20), two, None, ""),
        (ann, at(12) - second, at(20), two, None, "since"),
        (ann, at(2), at(3), one, None, ""),
        (ben, at(2), at(3), two, None, ""),
        (ann, at(12), at(20) + second, two, None, "to"),
        (ann, at(30) - second, at(40), two, None, "to"),
        (ann, at(30), at(40), two, None, ""),
        (ann, at(25), at(26), one, None, "to"),
        (ann, at(25), at(26), two, planned, ""),
        (ann, at(25), at(26), two, off, "to"),
        (ben, at(20), at(22), two, None, ""),
        (ben, at(20), at(22) + second, two, None, "to"),
        (ben, at(24) - second, at(30), two, None, "to"),
        (ben, at(24), at(30), two, None, ""),
        (ann, at(2), at(30), two, None, "since"),
    ):
        said = await owner.fetchval(elsewhere, who, start, end, but, on)
        assert (f" {where} " in said) if where else said is None, (start, end, said)
    await trying.rollback()
