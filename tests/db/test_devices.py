"""A shift lead gives, moves, renames and switches devices; what they saw belongs to the van of then."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import devices, migrate
from db.domain.tokens import digest_of, new_token
from db.engine import connect, transaction
from db.errors import Conflict, Invalid, NotAllowed
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

ADD = "INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ($1, $2, $3)"


@pytest.fixture
async def lead(psql: Psql) -> AsyncIterator[AsyncEngine]:
    engine = connect(psql.record.url("l.lead"))
    yield engine
    await engine.dispose()


async def give(psql: Psql, name: str, van: UUID) -> None:
    await psql.lead.execute(ADD, name, van, digest_of(name))


async def events(psql: Psql, van: UUID) -> list[tuple[str, str]]:
    sql = "SELECT kind, words FROM cru.event WHERE van_id = $1 AND kind LIKE 'device%' ORDER BY id"
    return [(row["kind"], row["words"]) for row in await psql.owner.fetch(sql, van)]


async def callsign(psql: Psql, van: UUID) -> str:
    return str((await psql.read("van", van))["callsign"])


def fix(van: UUID, at: datetime, device: str, lat: float = 52.1, **more: Any) -> dict[str, Any]:
    return {
        "van_id": str(van),
        "fixed_at": at.isoformat(),
        "lat": lat,
        "lon": -0.9,
        "attributes": {"device": device},
        **more,
    }


async def store(psql: Psql, *fixes: dict[str, Any]) -> list[UUID]:
    """Store, and which vans they went to."""
    last = await psql.owner.fetchval("SELECT coalesce(max(id), 0) FROM cru.position_fix")
    await psql.gateway.fetchval("SELECT cru.record_fixes($1)", json.dumps(fixes))
    sql = "SELECT van_id FROM cru.position_fix WHERE id > $1 ORDER BY id"
    return [row["van_id"] for row in await psql.owner.fetch(sql, last)]


async def now(psql: Psql) -> datetime:
    moment: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    return moment


async def moved_at(psql: Psql, name: str, back: int) -> datetime:
    """Let the last move have been some time ago."""
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        sql = """UPDATE cru.device_stay s SET from_at = from_at - $2::interval, until_at = until_at - $2::interval
            FROM cru.device d WHERE d.id = s.device AND device_id = $1"""
        await psql.owner.execute(sql, name, timedelta(minutes=back))
    sql = "SELECT max(from_at) FROM cru.device_stay s JOIN cru.device d ON d.id = device WHERE device_id = $1"
    moment: datetime = await psql.owner.fetchval(sql, name)
    return moment


@pytest.mark.parametrize("login", ["a.shah", "w.wall", "g.gateway"])
async def test_only_a_lead_changes_devices(psql: Psql, login: str) -> None:
    van = await psql.van()
    await give(psql, "tablet", van)
    who = psql.session(login)
    await psql.refused(who, ADD, "other", van, digest_of("x"), code="42501")
    await psql.refused(who, "UPDATE cru.device SET active = false", code="42501")
    for one in (who, psql.lead):
        stay = "INSERT INTO cru.device_stay (device, name, van_id) SELECT id, 'x', van_id FROM cru.device"
        await psql.refused(one, stay, code="42501")
        await psql.refused(one, "UPDATE cru.device_stay SET until_at = now()", code="42501")
        await psql.refused(one, "DELETE FROM cru.device", code="42501")


async def test_whoever_changes_a_device_answers_for_it(psql: Psql) -> None:
    van = await psql.van()
    await psql.refused(psql.lead, "UPDATE cru.device SET author = 'x'", code="42501")
    sql = "INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ('t', $1, $2)"
    await psql.lead.execute(sql, van, digest_of("t"))
    row = await psql.owner.fetchrow("SELECT author, dated, current_date AS today FROM cru.device")
    assert (row["author"], row["dated"] >= row["today"]) == ("l.lead", True)
    await psql.owner.execute("UPDATE cru.device SET active = false, author = 'y'")
    assert await psql.owner.fetchval("SELECT author FROM cru.device") != "y"


async def test_a_token_itself_is_never_kept(psql: Psql) -> None:
    van = await psql.van()
    await psql.refused(psql.lead, ADD, "t", van, new_token(), code="CR003", says="Only the digest")
    await give(psql, "t", van)
    sql = "UPDATE cru.device SET token_digest = $1"
    await psql.refused(psql.lead, sql, "hush", code="CR003", says="Only the digest")
    await psql.lead.execute(sql, digest_of("hush").upper())


async def test_a_van_that_is_not_in_use_gets_no_device(psql: Psql) -> None:
    van, old = await psql.van(), await psql.van("off duty")
    await psql.owner.execute("UPDATE cru.van SET active = false WHERE id = $1", old)
    await psql.refused(psql.lead, ADD, "t", old, digest_of("t"), code="CR001", says="is not in use")
    await give(psql, "t", van)
    await psql.refused(psql.lead, "UPDATE cru.device SET van_id = $1", old, code="CR001", says="is not in use")
    # Its own van was retired: it is called otherwise, it may be switched off, and not on again.
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute("UPDATE cru.van SET active = false WHERE id = $1", van)
    for change in ("device_id = 'old tablet'", "active = false"):
        await psql.lead.execute(f"UPDATE cru.device SET {change}")  # noqa: S608 - ours
    await psql.refused(psql.lead, "UPDATE cru.device SET active = true", code="CR001", says="is not in use")


@pytest.mark.hazard("H-065")
async def test_everything_that_happens_to_a_device_is_an_event_of_its_van(psql: Psql, lead: AsyncEngine) -> None:
    one, two = await psql.van(), await psql.van()
    first, second = await callsign(psql, one), await callsign(psql, two)
    for command in (
        do.GiveDevice(device_id=" tab ", van_id=one, digest=digest_of("a")),
        do.MoveDevice(device_id="tab", van_id=two),
        do.RenameDevice(device_id="tab", new_id="tablet"),
        do.RenewToken(device_id="tablet", digest=digest_of("b")),
        do.SwitchOffDevice(device_id="tablet"),
        do.SwitchOnDevice(device_id="tablet"),
    ):
        await do.execute(lead, command)
        await do.execute(lead, command)
    assert await events(psql, one) == [("device given", "tab"), ("device moved", f"tab to {second}")]
    assert await events(psql, two) == [
        ("device moved", f"tab from {first}"),
        ("device renamed", "tablet, before: tab"),
        ("device token renewed", "tablet"),
        ("device switched off", "tablet"),
        ("device switched on", "tablet"),
    ]
    who = await psql.owner.fetch("SELECT DISTINCT recorded_by FROM cru.event WHERE kind LIKE 'device%'")
    assert [row["recorded_by"] for row in who] == ["l.lead"]
    assert await psql.owner.fetchval("SELECT token_digest FROM cru.device") == digest_of("b")
    async with transaction(lead) as connection:
        (known,) = await devices.known_devices(connection)
        stays = await devices.stays_of(connection, "tablet")
    assert (known.device_id, known.van_id, known.active, known.author) == ("tablet", two, True, "l.lead")
    assert (known.heard_at, known.shown) == (None, None)
    assert [(stay.name, stay.callsign) for stay in stays] == [
        ("tab", first),
        ("tab", second),
        ("tablet", second),
        ("tablet", second),
    ]
    assert stays[-1].until is None
    assert all(a.until is not None and a.until <= b.since for a, b in pairwise(stays))


async def test_what_makes_no_sense_of_a_device_is_refused_in_words(psql: Psql, lead: AsyncEngine) -> None:
    one, two = await psql.van(), await psql.van()
    await give(psql, "phone", one)
    await give(psql, "modem", two)
    first = await callsign(psql, one)
    for command, error, says in (
        (do.GiveDevice(device_id="phone", van_id=two, digest=digest_of("x")), Conflict, f"with {first}"),
        (do.GiveDevice(device_id=" ", van_id=two, digest=digest_of("x")), Invalid, "cannot be a device's name"),
        (do.GiveDevice(device_id="a\nb", van_id=two, digest=digest_of("x")), Invalid, "cannot be a device's name"),
        (do.GiveDevice(device_id="new", van_id=two, digest="a token"), Invalid, "Only the digest"),
        (do.GiveDevice(device_id="new", van_id=UUID(int=7), digest=digest_of("x")), Invalid, "not in the record"),
        (do.MoveDevice(device_id="phone", van_id=one), Conflict, "already"),
        (do.MoveDevice(device_id="nobody", van_id=one), Invalid, "There is no device nobody"),
        (do.RenameDevice(device_id="phone", new_id="modem"), Conflict, "is the name of a device"),
        (do.RenameDevice(device_id="phone", new_id="x" * 129), Invalid, "cannot be a device's name"),
        (do.RenameDevice(device_id="phone", new_id="phone "), Conflict, "already"),
        (do.SwitchOnDevice(device_id="phone"), Conflict, "already"),
    ):
        before = await psql.picture()
        with pytest.raises(error, match=says):
            await do.execute(lead, command)
        assert await psql.picture() == before
    shah = connect(psql.record.url("a.shah"))
    with pytest.raises(NotAllowed):
        await do.execute(shah, do.SwitchOffDevice(device_id="phone"))
    await shah.dispose()


async def test_what_a_device_saw_before_it_moved_is_the_van_s_of_then(psql: Psql) -> None:
    one, two, three = await psql.van(), await psql.van(), await psql.van()
    await give(psql, "tab", one)
    await psql.lead.execute("UPDATE cru.device SET van_id = $1", two)
    moved = await moved_at(psql, "tab", 20)
    await psql.lead.execute("UPDATE cru.device SET van_id = $1", three)
    minute = timedelta(minutes=1)
    again = await moved_at(psql, "tab", 10)
    moved -= timedelta(minutes=10)
    # Whatever van the gateway knew of, and in any order: the time of the fix decides.
    sent = [
        fix(three, again + minute, "tab"),
        fix(three, moved - minute, "tab"),
        fix(one, moved + minute, "tab"),
        fix(one, moved - timedelta(days=9), "tab"),
        fix(two, again + 2 * minute, "tab"),
    ]
    assert await store(psql, *sent) == [three, one, two, one, three]
    # Sent again after a move it is the same fix.
    assert await store(psql, *(one_fix | {"van_id": str(three)} for one_fix in sent)) == []
    # What names no device that is known belongs to the van that was sent.
    nobody = [fix(one, again, "nobody"), fix(two, again, "x", attributes={}), fix(one, again, "y", refused="no")]
    assert await store(psql, *nobody) == [one, two, one]


async def test_a_fix_is_the_same_by_its_van_its_time_its_place_and_its_device(psql: Psql) -> None:
    one = await psql.van()
    await give(psql, "tab", one)
    at = await now(psql)
    first = fix(one, at, "tab")
    assert await store(psql, first, first) == [one]
    assert await store(psql, first) == []
    for other in (
        first | {"lat": 52.2},
        first | {"lon": -0.8},
        fix(one, at - timedelta(seconds=1), "tab"),
        fix(one, at, "another"),
    ):
        assert await store(psql, other, first) == [one]
        assert await store(psql, other) == []


async def test_a_name_is_whose_it_was(psql: Psql) -> None:
    one, two = await psql.van(), await psql.van()
    await give(psql, "tab", one)
    await psql.lead.execute("UPDATE cru.device SET device_id = 'old tab'")
    await moved_at(psql, "old tab", 60)
    await give(psql, "tab", two)
    at = await now(psql)
    # What waited at the gateway since before the rename, and what came in under the name since.
    waited = fix(one, at - timedelta(hours=2), "tab", received_at=(at - timedelta(minutes=90)).isoformat())
    fresh = fix(one, at, "tab", received_at=(at + timedelta(seconds=5)).isoformat())
    renamed = fix(two, at - timedelta(seconds=5), "old tab")
    assert await store(psql, waited, fresh, renamed) == [one, two, one]


@pytest.mark.hazard("H-065")
async def test_the_position_says_which_device_and_a_change_is_an_event(psql: Psql) -> None:
    van, at = await psql.van(), await now(psql)
    for seconds, device in ((-50, "phone"), (-40, "phone"), (-30, "modem"), (-20, "modem")):
        await store(psql, fix(van, at + timedelta(seconds=seconds), device, lat=52 + seconds / 1000))
    await store(psql, fix(van, at - timedelta(seconds=10), "phone", refused="not the better"))
    assert await psql.owner.fetchval("SELECT device_name FROM cru.position WHERE van_id = $1", van) == "modem"
    assert await events(psql, van) == [("device shown", "modem, before: phone")]
    sql = "SELECT recorded_by, source FROM cru.event WHERE kind = 'device shown'"
    assert tuple(await psql.owner.fetchrow(sql)) == ("g.gateway", "device")


async def test_a_record_in_use_keeps_its_devices(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0013")) as old:
        one, two = await old.van(), await old.van()
        await old.owner.execute(ADD + ", ('off', $2, $3)", "on", one, "not even a digest")
        await old.owner.execute("UPDATE cru.device SET active = false, van_id = $1 WHERE device_id = 'off'", two)
        await store(old, fix(one, await now(old) - timedelta(hours=1), "on"))
        await migrate.upgrade(old.record.owner_url)
        stays = await old.owner.fetch("SELECT name, van_id, until_at, from_at FROM cru.device_stay ORDER BY name")
        assert [(row["name"], row["van_id"], row["until_at"] is None) for row in stays] == [
            ("off", two, False),
            ("on", one, True),
        ]
        at = await now(old)
        assert all(row["from_at"] <= at for row in stays)
        assert await old.owner.fetchval("SELECT device_name FROM cru.position") == ""
        # Fixes of before and after go on, and the devices can be moved.
        assert await store(old, fix(one, await now(old) - timedelta(days=2), "on")) == [one]
        await old.lead.execute("UPDATE cru.device SET van_id = $1 WHERE device_id = 'on'", two)
        assert await store(old, fix(one, await now(old) + timedelta(seconds=1), "on")) == [two]


async def test_a_device_that_somebody_moved_is_not_moved_by_who_saw_it_elsewhere(
    psql: Psql, lead: AsyncEngine
) -> None:
    found = await psql.owner.fetch("SELECT id, callsign FROM cru.van ORDER BY callsign LIMIT 3")
    (one, _), (two, called), (three, _) = ((row["id"], row["callsign"]) for row in found)
    await do.execute(lead, do.GiveDevice(device_id="watch", van_id=one, digest=digest_of("watch")))
    await do.execute(lead, do.MoveDevice(device_id="watch", van_id=two, from_van=one))
    with pytest.raises(Conflict, match=f"^watch was moved to {called} meanwhile"):
        await do.execute(lead, do.MoveDevice(device_id="watch", van_id=three, from_van=one))
    await do.execute(lead, do.MoveDevice(device_id="watch", van_id=three, from_van=two))
    assert await psql.owner.fetchval("SELECT van_id FROM cru.device WHERE device_id = 'watch'") == three


async def test_two_leads_at_once_leave_one_device_with_one_van(psql: Psql, lead: AsyncEngine) -> None:
    vans = [row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.van ORDER BY callsign LIMIT 3")]

    async def both(*commands: do.Command) -> list[str]:
        answers = await asyncio.gather(*(do.execute(lead, one) for one in commands), return_exceptions=True)
        return [str(answer) for answer in answers if isinstance(answer, BaseException)]

    given = [do.GiveDevice(device_id="a", van_id=van, digest=digest_of("a")) for van in vans[:2]]
    (refused,) = await both(*given)
    assert "already" in refused
    await do.execute(lead, do.GiveDevice(device_id="b", van_id=vans[2], digest=digest_of("b")))
    (refused,) = await both(do.RenameDevice(device_id="a", new_id="c"), do.RenameDevice(device_id="b", new_id="c"))
    # The slower one found the name free, and the record did not.
    assert "already" in refused or "c is the name" in refused
    taken = await psql.owner.fetch("SELECT device_id FROM cru.device ORDER BY device_id = 'c'")
    other = taken[0]["device_id"]
    await both(do.MoveDevice(device_id="c", van_id=vans[0]), do.MoveDevice(device_id="c", van_id=vans[1]))
    await both(do.SwitchOffDevice(device_id="c"), do.MoveDevice(device_id="c", van_id=vans[2]))
    (refused,) = await both(*(do.SwitchOnDevice(device_id="c") for _ in range(2)))
    assert "switched on already" in refused
    sql = "SELECT count(*) FILTER (WHERE until_at IS NULL) AS open FROM cru.device_stay GROUP BY device"
    assert [row["open"] for row in await psql.owner.fetch(sql)] == [1, 1]
    assert other in {"a", "b"}
