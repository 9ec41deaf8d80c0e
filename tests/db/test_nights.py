"""Past nights, read so that they can be replayed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from db.domain.periods import Period
from db.domain.what_if_asked import WhatIf
from db.engine import connect, transaction
from db.nights import USUAL_JOB, PastNights, past_nights
from tests.cluster import LOGINS, Record
from tests.db.psql import Psql, psql_on

START = datetime(2026, 11, 21, 19, tzinfo=UTC)
NIGHT = Period(START, START + timedelta(hours=12))
BEGAN = START - timedelta(days=13)
BEFORE = Period(START - timedelta(hours=24), START - timedelta(hours=12))


@pytest.fixture
async def psql(record: Record) -> AsyncIterator[Psql]:
    async with psql_on(record, tuple(LOGINS)) as made:
        # Somebody called long before, and took no van: the record is that old.
        await set_clock(made, BEGAN)
        await made.referral("declined")
        await set_clock(made, START + timedelta(minutes=30))
        yield made


async def set_clock(psql: Psql, at: datetime) -> None:
    await psql.owner.execute("UPDATE cru.service SET clock_origin = now(), clock_speed = 0, clock_shown = $1", at)


async def read(record: Record, *periods: Period) -> PastNights:
    engine = connect(record.url("l.lead"))
    try:
        async with transaction(engine) as connection:
            return await past_nights(connection, periods, "P1")
    finally:
        await engine.dispose()


async def test_who_was_met_is_there_with_the_way_and_the_job(psql: Psql, record: Record) -> None:
    made = await psql.referral("accepted")
    job = await psql.allocate(made, await psql.van())
    for minutes, state in ((35, "mobile"), (55, "on scene"), (60, "with patient"), (155, "clear")):
        await set_clock(psql, START + timedelta(minutes=minutes))
        await psql.set(psql.shah, "assignment", job, state=state)
    before, night = (await read(record, BEFORE, NIGHT)).nights
    assert before == ()
    (one,) = night
    # Accepted and sent at once; with the person half an hour later, and clear after another 95 minutes.
    assert (one.at, one.travel, one.job, one.within, one.standing) == (30, 30, 95, 60, 1)
    assert (one.counts, one.was_late) == (True, False)


async def test_a_step_that_nobody_reported_takes_as_long_as_is_usual(psql: Psql, record: Record) -> None:
    made = await psql.referral("accepted")
    job = await psql.allocate(made, await psql.van())
    await set_clock(psql, START + timedelta(minutes=62))
    await psql.set(psql.shah, "assignment", job, state="with patient")
    ((one,),) = (await read(record, NIGHT)).nights
    assert (one.travel, one.job) == (32, USUAL_JOB), "from being sent; and it goes on, so it has no end yet"


async def test_who_came_to_no_van_took_no_van(psql: Psql, record: Record) -> None:
    await psql.referral("declined")
    stood = await psql.assignment("stood down")
    wrong = await psql.referral("attending")
    await psql.owner.execute("SET session_replication_role = replica")
    error = "UPDATE cru.referral SET entered_in_error_at = now(), entered_in_error_reason = 'x' WHERE id = $1"
    await psql.owner.execute(error, wrong)
    await psql.owner.execute("SET session_replication_role = origin")
    assert (await read(record, NIGHT)).nights == ((),)
    assert stood


async def test_nights_before_the_record_began_are_none(psql: Psql, record: Record) -> None:
    ago = [
        Period(START - timedelta(days=n), START - timedelta(days=n) + timedelta(hours=12))
        for n in (15, 14, 13, 12)
    ]
    # That in which it began is known by half, but where it began with it.
    assert len((await read(record, *ago)).nights) == 2
    later = Period(BEGAN - timedelta(minutes=1), BEGAN + timedelta(hours=12))
    assert (await read(record, later)) == PastNights((), (), ())


async def test_vans_are_counted_by_the_hour(psql: Psql, record: Record) -> None:
    await psql.van()
    await set_clock(psql, START + timedelta(hours=2, minutes=40))
    await psql.van()
    found = await read(record, NIGHT)
    # On duty from half past the hour: the middle of the hour is in it. The hours after it are known, too.
    assert [found.vans[0][hour] for hour in range(12)] == [1, 1, 1, *[2] * 9]
    assert len(found.vans[0]) == 18
    assert found.hours == ((*range(19, 24), *range(7)),)
    assert (found.usual()[19], found.usual()[6]) == (1, 2)
    assert (await read(record)) == PastNights((), (), ())


async def test_a_length_that_nobody_put_down_is_drawn_from_the_others_and_always_the_same(
    psql: Psql, record: Record
) -> None:
    for minutes, job in ((0, 40), (1, 50), (2, 60), (3, None)):
        await set_clock(psql, START + timedelta(minutes=minutes))
        made = await psql.allocate(await psql.referral("accepted"), await psql.van())
        await set_clock(psql, START + timedelta(minutes=minutes + 70))
        await psql.set(psql.shah, "assignment", made, state="with patient")
        if job is not None:
            await set_clock(psql, START + timedelta(minutes=minutes + 70 + job))
            await psql.set(psql.shah, "assignment", made, state="clear")
    first, second = [(await read(record, NIGHT)).nights[0] for _ in range(2)]
    assert first == second
    jobs = [one.job for one in first]
    assert jobs[:3] == [40, 50, 60]
    assert jobs[3] in jobs[:3]
    assert [one.was_late for one in first] == [True] * 4


async def test_a_question_is_answered_from_the_record(psql: Psql, record: Record) -> None:
    await psql.van()
    nights = [
        Period(START - timedelta(days=n), START - timedelta(days=n) + timedelta(hours=12)) for n in range(12)
    ]
    found = await read(record, *reversed(nights))
    done: list[int] = []
    assert found.answer(WhatIf(vans={22: 5}), done.append) is None, "nobody called in them"
    assert done == list(range(1, 13))
