"""The record's side of what devices send: when an emergency began, a press after the last one, a fix once."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.db.psql import Psql

RAISE = "SELECT cru.raise_emergency($1, $2)"


async def clock(psql: Psql) -> datetime:
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    return now


async def began(psql: Psql, van: UUID) -> datetime | None:
    found: datetime | None = (await psql.read("van", van))["emergency_at"]
    return found


async def cleared(psql: Psql, van: UUID) -> None:
    await psql.lead.execute("UPDATE cru.van SET emergency_at = NULL WHERE id = $1", van)


@pytest.mark.parametrize(("pressed", "raised"), [(-47.0, -47.0), (-5.0, -5.0), (6.0, 0.0), (-3000.0, -23 * 60.0)])
async def test_an_emergency_began_when_the_button_was_pressed(psql: Psql, pressed: float, raised: float) -> None:
    van, now = await psql.tracker(await psql.van()), await clock(psql)
    await psql.gateway.execute(RAISE, van, now + timedelta(minutes=pressed))
    at = await began(psql, van)
    assert at is not None
    assert abs(at - now - timedelta(minutes=raised)) < timedelta(seconds=20)
    sql = "SELECT happened_at FROM cru.event WHERE van_id = $1 AND kind = 'emergency'"
    assert await psql.owner.fetchval(sql, van) == at


@pytest.mark.hazard("H-040")
async def test_a_press_after_the_lead_cleared_the_last_one_is_another(psql: Psql) -> None:
    van = await psql.tracker(await psql.van())
    first = await clock(psql) - timedelta(minutes=3)
    await psql.gateway.execute(RAISE, van, first)
    await cleared(psql, van)
    # What was sent again was seen to.
    for pressed in (first, first - timedelta(minutes=1)):
        await psql.gateway.execute(RAISE, van, pressed)
        assert await began(psql, van) is None
    # Also one that was on its way while the first was cleared.
    for seconds in (60, 180):
        await psql.gateway.execute(RAISE, van, first + timedelta(seconds=seconds))
        assert await began(psql, van) is not None
        await cleared(psql, van)
    # An older gateway's queue does not know when.
    await psql.gateway.execute(RAISE, van, None)
    assert await began(psql, van) is not None


def fix(van: UUID, at: datetime, place: float, device: str = "d", **more: Any) -> dict[str, Any]:
    return {
        "van_id": str(van),
        "fixed_at": at.isoformat(),
        "received_at": at.isoformat(),
        "lat": 52 + place,
        "lon": -0.9,
        "attributes": {"device": device},
        **more,
    }


async def store(psql: Psql, *fixes: dict[str, Any]) -> int:
    stored: int = await psql.gateway.fetchval("SELECT cru.record_fixes($1)", json.dumps(fixes))
    return stored


async def test_a_fix_is_stored_once_however_often_it_is_sent(psql: Psql) -> None:
    van, other, now = await psql.van(), await psql.van(), await clock(psql)
    a, b = fix(van, now - timedelta(seconds=20), 0.1), fix(van, now - timedelta(seconds=10), 0.2)
    assert await store(psql, a, b, a, b) == 2
    later = {"received_at": now.isoformat()}
    assert await store(psql, a | later) == 0
    assert await store(psql, b | later, a) == 0
    # Another time, place, device or van is another fix, and so is one without a place.
    others = [
        fix(van, now - timedelta(seconds=19), 0.1),
        fix(van, now - timedelta(seconds=20), 0.3),
        fix(van, now - timedelta(seconds=20), 0.1, "e"),
        fix(other, now - timedelta(seconds=20), 0.1),
        fix(van, now - timedelta(seconds=20), 0.1) | {"lat": None, "lon": None, "refused": "No place."},
    ]
    assert await store(psql, *others) == 5
    assert await store(psql, *others) == 0
    shown = await psql.owner.fetchval("SELECT lat FROM cru.position WHERE van_id = $1", van)
    assert shown == pytest.approx(52.2)


async def test_a_fix_that_waited_for_weeks_is_stored_once_too(psql: Psql) -> None:
    van, now = await psql.van(), await clock(psql)
    waited = fix(van, now - timedelta(days=20), 0.1) | {"received_at": now.isoformat()}
    assert await store(psql, waited) == 1
    assert await store(psql, waited) == 0
