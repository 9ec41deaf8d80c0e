"""What is read from the history of fixes: trails without the refused, and the refused with their reasons."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db import fixes, queries
from db.domain.fixes import CLOCKS_DIFFER, DoubtfulFix
from db.engine import connect, transaction
from db.errors import NotAllowed
from tests.cluster import Record
from tests.db.desk import vans


class History:
    """Stores fixes as the gateway does, and reads them as somebody signed in."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.engine = connect(record.url("l.lead"))

    async def store(self, *given: dict[str, Any]) -> None:
        connection = await asyncpg.connect(**self._record.kwargs("g.gateway"))
        await connection.execute("SELECT cru.record_fixes($1::jsonb)", json.dumps(given))
        await connection.close()

    async def now(self) -> datetime:
        async with transaction(self.engine) as connection:
            return (await queries.clock(connection)).now

    async def doubtful(self, since: datetime, login: str = "l.lead") -> list[DoubtfulFix]:
        engine = connect(self._record.url(login))
        try:
            async with transaction(engine) as connection:
                return await fixes.doubtful_fixes(connection, since)
        finally:
            await engine.dispose()


@pytest.fixture
async def history(record: Record) -> Any:
    made = History(record)
    yield made
    await made.engine.dispose()


def fix(van: UUID, fixed_at: datetime, received_at: datetime | None = None, **more: Any) -> dict[str, Any]:
    received = received_at or fixed_at
    base = {"van_id": str(van), "fixed_at": fixed_at.isoformat(), "received_at": received.isoformat()}
    return base | {"lat": 52.24, "lon": -0.9, "source": "osmand"} | more


async def test_a_trail_is_one_vans_sane_fixes_in_the_order_in_which_they_were_made(history: History) -> None:
    one, other = (van.id for van in (await vans(history.engine))[:2])
    now = await history.now()
    ago = [now - timedelta(minutes=minutes) for minutes in range(40)]
    await history.store(
        fix(one, ago[35], lat=52.10),
        fix(one, ago[20], lat=52.20),
        fix(one, ago[5], lat=52.50),
        fix(one, ago[10], ago[4], lat=52.40),
        fix(one, ago[8], lat=0.0, refused="The place is 0, 0."),
        fix(other, ago[6], lat=52.99),
    )
    async with transaction(history.engine) as connection:
        found = await fixes.trail(connection, one, ago[30], now)
        earlier = await fixes.trail(connection, one, ago[39], ago[15])
    assert [(point.at, point.lat) for point in found] == [(ago[20], 52.20), (ago[10], 52.40), (ago[5], 52.50)]
    assert [point.lat for point in earlier] == [52.10, 52.20]


async def test_refused_and_doubted_fixes_come_with_reason_and_way_in_newest_first(history: History) -> None:
    van = (await vans(history.engine))[0]
    now = await history.now()
    hour = timedelta(hours=1)
    doubt = {"device": "phone-7", "doubt": "The place is far outside the service's area."}
    await history.store(
        fix(van.id, now - 30 * hour, refused="It jumped 34 km in 5 s."),
        fix(van.id, now - 3 * hour, refused="It jumped 9 km in 5 s.", attributes={"device": "phone-7"}),
        fix(van.id, now - 2 * hour, attributes=doubt),
        fix(van.id, now - hour),
        fix(van.id, now - hour, attributes={"device": "phone-7", "doubt": ""}),
        fix(van.id, now + hour, now),
    )
    found = await history.doubtful(now - 24 * hour)
    assert [(row.reason, row.shown, row.source) for row in found] == [
        ("dated in the future", False, "osmand"),
        (doubt["doubt"], True, "osmand · phone-7"),
        ("It jumped 9 km in 5 s.", False, "osmand · phone-7"),
    ]
    assert {row.callsign for row in found} == {van.callsign}
    assert (found[1].fixed_at, found[0].received_at) == (now - 2 * hour, now)


async def test_of_a_device_that_stands_aside_only_the_last_word_is_told(history: History) -> None:
    one, other = (van.id for van in (await vans(history.engine))[:2])
    now = await history.now()
    aside = [
        fix(van, now - timedelta(seconds=n), refused=f"{n} km apart.", attributes={"device": name, "aside": True})
        for n in range(30, 0, -1)
        for van, name in ((one, "modem"), (one, "tablet"), (other, "modem"))
    ]
    jumped = fix(one, now - timedelta(seconds=15.5), refused="It jumped.", attributes={"device": "modem"})
    await history.store(*aside, jumped)
    found = await history.doubtful(now - timedelta(hours=1))
    assert [(row.reason, row.aside) for row in found] == [*[("1 km apart.", True)] * 3, ("It jumped.", False)]
    assert {row.source for row in found[:3]} == {"osmand · modem", "osmand · tablet"}


async def test_the_record_bears_with_clocks_that_are_ahead_as_the_gateway_does(history: History) -> None:
    van = (await vans(history.engine))[0].id
    now, slack = await history.now(), timedelta(seconds=30)
    await history.store(
        fix(van, now + CLOCKS_DIFFER - slack, now, source="borne"),
        fix(van, now + CLOCKS_DIFFER + slack, now, source="refused"),
    )
    found = await history.doubtful(now - timedelta(hours=1))
    assert [(row.reason, row.source) for row in found] == [("dated in the future", "refused")]


async def test_a_fix_of_a_van_that_nobody_knows_is_listed_too(history: History) -> None:
    now = await history.now()
    await history.store(fix(UUID(int=5), now, refused="The device says that it does not know where it is."))
    (found,) = await history.doubtful(now - timedelta(hours=1))
    assert found.callsign == ""


async def test_no_more_than_a_page_can_hold_and_those_are_the_newest(history: History) -> None:
    van = (await vans(history.engine))[0].id
    now = await history.now()
    seconds = [now - timedelta(seconds=second) for second in range(fixes.FIXES_MOST + 20)]
    await history.store(*(fix(van, at, refused="It jumped.") for at in seconds))
    found = await history.doubtful(now - timedelta(hours=1))
    assert [row.received_at for row in found] == seconds[: fixes.FIXES_MOST]


async def test_a_wall_board_may_not_read_the_history(history: History) -> None:
    with pytest.raises(NotAllowed):
        await history.doubtful(await history.now(), "w.wall")
