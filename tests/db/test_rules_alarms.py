"""Alarms at a psql prompt: one of a name, answered by a name, never forgotten by time, never shelved for good."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.db.psql import Connection, Psql

RAISE, END = "SELECT cru.raise_alarms($1)", "SELECT cru.end_alarms($1)"
ACKNOWLEDGE = "SELECT cru.acknowledge_alarm($1)"
SHELVE = "SELECT cru.shelve_alarm($1, cru.clock_now() + $2::interval, $3)"
UNSHELVE = "SELECT cru.unshelve_alarm($1)"
HOUR = timedelta(hours=1)


async def tell(who: Connection, name: str = "late 1", kind: str = "late", **more: Any) -> int:
    now = await who.fetchval("SELECT cru.clock_now()")
    told = {"name": name, "kind": kind, "words": "P2 late", "since": now.isoformat()} | more
    return int(await who.fetchval(RAISE, json.dumps([told])))


async def row(psql: Psql, name: str = "late 1") -> Any:
    return await psql.owner.fetchrow(
        "SELECT * FROM cru.alarm WHERE name = $1 ORDER BY raised_at DESC LIMIT 1", name
    )


async def raised(psql: Psql, name: str = "late 1", kind: str = "late", **more: Any) -> UUID:
    await tell(psql.shah, name, kind, **more)
    found: UUID = (await row(psql, name))["id"]
    return found


async def shift_clock(psql: Psql, by: timedelta) -> None:
    """Let the record's clock go on by some time, as in a practice shift."""
    await psql.owner.execute(
        "UPDATE cru.service SET clock_shown = cru.clock_now() + $1, clock_origin = clock_timestamp(),"
        " clock_speed = 1",
        by,
    )


async def test_one_condition_is_one_alarm_whoever_tells_it(psql: Psql) -> None:
    assert [await tell(who) for who in (psql.shah, psql.lead, psql.shah)] == [1, 0, 0]
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.alarm") == 1
    assert (await row(psql))["raised_by"] == "a.shah"


async def test_two_consoles_that_raise_at_once_raise_one(psql: Psql) -> None:
    begun = psql.shah.transaction()
    await begun.start()
    await tell(psql.shah)
    await psql.lead.execute("SET lock_timeout = '50ms'")
    with pytest.raises(asyncpg.LockNotAvailableError):
        await tell(psql.lead)
    await begun.commit()
    assert await tell(psql.lead) == 0
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.alarm") == 1


@pytest.mark.parametrize(
    "change",
    [{"kind": "no_such_kind"}, {"since": "2199-01-01T00:00:00Z"}, {"since": None}],
    ids=["unknown", "to come", "no time"],
)
async def test_what_is_no_alarm_is_not_raised_and_spoils_no_other(psql: Psql, change: dict[str, Any]) -> None:
    now = (await psql.owner.fetchval("SELECT cru.clock_now()")).isoformat()
    good = {"name": "late 2", "kind": "late", "words": "P2 late", "since": now}
    bad = {"name": "late 1", "kind": "late", "words": "P2 late", "since": now} | change
    assert await psql.shah.fetchval(RAISE, json.dumps([bad, good])) == 1
    assert await row(psql) is None


async def test_how_grave_it_is_says_the_record_and_not_the_console(psql: Psql) -> None:
    await tell(psql.shah, "handover 1", "handover")
    await psql.lead.execute("UPDATE cru.alarm_kind SET priority = 1 WHERE code = 'late'")
    await tell(psql.shah, priority=3)
    found = await psql.owner.fetch("SELECT priority FROM cru.alarm ORDER BY name")
    assert [one["priority"] for one in found] == [2, 1]


async def test_a_kind_out_of_service_is_not_raised(psql: Psql) -> None:
    await psql.lead.execute("UPDATE cru.alarm_kind SET active = false WHERE code = 'late'")
    assert await tell(psql.shah) == 0


# --- answered ---


async def test_it_is_answered_by_a_name_and_the_first_one_stays(psql: Psql) -> None:
    alarm = await raised(psql)
    await psql.shah.execute(ACKNOWLEDGE, alarm)
    first = await row(psql)
    await psql.lead.execute(ACKNOWLEDGE, alarm)
    assert (await row(psql))["acknowledged_by"] == first["acknowledged_by"] == "a.shah"
    sql = "SELECT recorded_by FROM cru.event WHERE kind = 'alarm acknowledged'"
    assert [one["recorded_by"] for one in await psql.owner.fetch(sql)] == ["a.shah"]


async def test_it_stays_answered_while_it_is_told_again_and_again(psql: Psql) -> None:
    await psql.shah.execute(ACKNOWLEDGE, await raised(psql))
    await tell(psql.shah)
    found = await row(psql)
    assert found["again_at"] is None
    assert found["closed_at"] is None


async def test_what_gets_graver_has_to_be_answered_again(psql: Psql) -> None:
    await psql.shah.execute(ACKNOWLEDGE, await raised(psql))
    await psql.lead.execute("UPDATE cru.alarm_kind SET priority = 1 WHERE code = 'late'")
    assert await tell(psql.shah) == 1
    found = await row(psql)
    assert (found["priority"], found["again_at"] >= found["acknowledged_at"]) == (1, True)
    assert not await psql.owner.fetchval("SELECT cru.is_acknowledged(a) FROM cru.alarm a")


# --- over ---


@pytest.mark.parametrize(("kind", "is_over"), [("late", True), ("no_van", False)])
async def test_what_must_be_seen_stays_when_its_cause_is_gone(psql: Psql, kind: str, is_over: bool) -> None:
    alarm = await raised(psql, "one", kind)
    assert await psql.shah.fetchval(END, ["one"]) == 1
    assert ((await row(psql, "one"))["closed_at"] is not None) is is_over
    if not is_over:
        await psql.shah.execute(ACKNOWLEDGE, alarm)
        assert (await row(psql, "one"))["closed_at"] is not None


async def test_what_was_answered_ends_with_its_cause_and_comes_again_as_another(psql: Psql) -> None:
    first = await raised(psql, "one", "no_van")
    await psql.shah.execute(ACKNOWLEDGE, first)
    await psql.shah.execute(END, ["one"])
    await psql.refused(psql.shah, ACKNOWLEDGE, first, code="CR001", says="is over")
    assert await raised(psql, "one", "no_van") != first


async def test_what_comes_again_unseen_is_the_same_and_sounds_again(psql: Psql) -> None:
    first = await raised(psql, "one", "no_van")
    await psql.shah.execute(END, ["one"])
    assert await raised(psql, "one", "no_van") == first
    found = await row(psql, "one")
    assert found["returned_at"] is None
    assert found["again_at"] >= found["raised_at"]


async def test_an_emergency_is_over_when_the_record_says_so(psql: Psql) -> None:
    van = await psql.van()
    await psql.set(psql.shah, "van", van, emergency_at=await psql.owner.fetchval("SELECT cru.clock_now()"))
    await raised(psql, "emergency 1", "emergency", van_id=str(van))
    assert await psql.shah.fetchval(END, ["emergency 1"]) == 0
    await psql.set(psql.lead, "van", van, emergency_at=None)
    assert await psql.shah.fetchval(END, ["emergency 1"]) == 1


# --- on the shelf ---


async def test_it_rests_until_a_time_and_then_has_to_be_answered_again(psql: Psql) -> None:
    alarm = await raised(psql)
    await psql.shah.execute(ACKNOWLEDGE, alarm)
    await psql.lead.execute(SHELVE, alarm, HOUR, "the crew is at the door")
    assert (await row(psql))["shelved_by"] == "l.lead"
    assert await psql.owner.fetchval("SELECT cru.is_acknowledged(a) FROM cru.alarm a")
    await shift_clock(psql, timedelta(minutes=61))
    assert not await psql.owner.fetchval("SELECT cru.is_acknowledged(a) FROM cru.alarm a")


async def test_taken_off_by_hand_it_is_answered(psql: Psql) -> None:
    alarm = await raised(psql)
    await psql.refused(psql.lead, UNSHELVE, alarm, code="CR001", says="not shelved")
    await psql.lead.execute(SHELVE, alarm, HOUR, "the crew is at the door")
    await psql.lead.execute(UNSHELVE, alarm)
    found = await row(psql)
    assert (found["shelved_until"], found["acknowledged_by"]) == (None, "l.lead")
    assert await psql.owner.fetchval("SELECT cru.is_acknowledged(a) FROM cru.alarm a")
    await psql.lead.execute(SHELVE, alarm, HOUR, "at the door again")
    told = await psql.owner.fetch("SELECT kind, detail ->> 'why' FROM cru.event WHERE kind ~ 'alarm' ORDER BY id")
    assert [tuple(row) for row in told] == [
        ("alarm shelved", "the crew is at the door"),
        ("alarm back from the shelf", None),
        ("alarm shelved", "at the door again"),
    ]


@pytest.mark.parametrize(
    ("kind", "until", "why", "says"),
    [
        ("late", HOUR, " ", "with a reason"),
        ("late", timedelta(hours=13), "x", "within the next 12 hours"),
        ("late", timedelta(minutes=-1), "x", "within the next 12 hours"),
        ("late", None, "x", "within the next 12 hours"),
        ("emergency", HOUR, "x", "never shelved"),
    ],
)
async def test_it_is_shelved_with_a_reason_and_an_end(
    psql: Psql, kind: str, until: timedelta | None, why: str, says: str
) -> None:
    alarm = await raised(psql, "one", kind)
    with pytest.raises(asyncpg.PostgresError, match=says):
        await psql.lead.execute(SHELVE, alarm, until, why)


# --- who may ---


async def test_a_desk_shelves_nothing_and_a_wall_and_a_gateway_raise_nothing(psql: Psql) -> None:
    alarm = await raised(psql)
    for who, call, *given in (
        (psql.shah, SHELVE, alarm, HOUR, "x"),
        (psql.shah, UNSHELVE, alarm),
        (psql.wall, RAISE, "[]"),
        (psql.gateway, RAISE, "[]"),
        (psql.wall, ACKNOWLEDGE, alarm),
        (psql.wall, "SELECT words FROM cru.alarm"),
        (psql.shah, "UPDATE cru.alarm SET closed_at = now()"),
        (psql.lead, "DELETE FROM cru.alarm"),
        (
            psql.lead,
            "INSERT INTO cru.alarm_kind (code, label, priority, what_to_do, rank) VALUES ('x', 'x', 1, 'x', 1)",
        ),
    ):
        await psql.refused(who, call, *given, code="42501")


async def test_not_even_the_owner_changes_what_an_alarm_said(psql: Psql) -> None:
    await raised(psql)
    await psql.refused(psql.owner, "UPDATE cru.alarm SET words = 'nothing'", code="CR002", says="never changes")
    await psql.refused(psql.owner, "DELETE FROM cru.alarm", code="CR002", says="never deleted")
    await psql.shah.execute(END, ["late 1"])
    await psql.refused(psql.owner, "UPDATE cru.alarm SET returned_at = NULL", code="CR001", says="is over")


# --- often enough ---


async def test_a_cause_that_must_begin_often_is_raised_the_third_time_within_ten_minutes(psql: Psql) -> None:
    await psql.lead.execute("UPDATE cru.alarm_kind SET times = 3 WHERE code = 'lost_fix'")
    counts = []
    for _ in range(3):
        # Told at every look while it goes on, it has begun once.
        counts += [await tell(psql.shah, "fix 1", "lost_fix") for _ in range(2)]
        await psql.shah.execute(END, ["fix 1"])
    assert counts == [0, 0, 0, 0, 1, 0]


async def test_what_began_long_ago_counts_no_more(psql: Psql) -> None:
    await psql.lead.execute("UPDATE cru.alarm_kind SET times = 2 WHERE code = 'lost_fix'")
    await tell(psql.shah, "fix 1", "lost_fix")
    await psql.shah.execute(END, ["fix 1"])
    await shift_clock(psql, timedelta(minutes=11))
    assert await tell(psql.shah, "fix 1", "lost_fix") == 0


# --- who raises ---


async def test_one_console_raises_until_it_is_silent_for_six_seconds(psql: Psql) -> None:
    one, other = uuid4(), uuid4()
    watch = "SELECT cru.watch_alarms($1)"
    assert [await psql.shah.fetchval(watch, console) for console in (one, other, one)] == [True, False, True]
    for off in (timedelta(seconds=7), -HOUR):  # the server's clock may have been set back
        await psql.owner.execute("UPDATE cru.alarm_watch SET beat_at = clock_timestamp() - $1::interval", off)
        assert await psql.lead.fetchval(watch, other)
        assert not await psql.shah.fetchval(watch, one)
        one, other = other, one
