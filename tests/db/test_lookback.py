"""The past that timelines look back at: which referrals, how many, and nothing personal of any."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from db.engine import connect
from db.lookback import PastStretch, past_stretch
from tests.db.psql import Psql, age

HOUR = timedelta(hours=1)


async def read(psql: Psql, since: float, until: float, most: int = 500) -> PastStretch:
    """As a dispatcher's console reads it, between so many hours ago."""
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    engine = connect(psql.record.url("a.shah"), answer_within=60)
    try:
        async with engine.connect() as connection:
            return await past_stretch(connection, now - since * HOUR, now - until * HOUR, most)
    finally:
        await engine.dispose()


async def closed(psql: Psql, hours_ago: float) -> UUID:
    """A referral that was attended and closed some hours ago."""
    await age(psql.owner, f"{hours_ago} hours")
    made = await psql.referral("closed")
    person = {"patient_name": "Ottoline Quince", "narrative": "she said that she fell"}
    await psql.amend(psql.shah, "referral", made, **person)
    return made


async def test_what_was_in_a_stretch_is_read_with_its_vans(psql: Psql) -> None:
    first = await closed(psql, 0)
    second = await closed(psql, 20)
    await psql.referral("attending")
    await age(psql.owner, "30 hours")
    found = await read(psql, 60, 40)
    assert [one.referral.id for one in found.facts] == [first]
    assert [len(one.assignments) for one in found.facts] == [1]
    assert found.facts[0].callsign(found.facts[0].assignments[0]).startswith("CRU")
    both = await read(psql, 60, 20)
    assert [one.referral.id for one in both.facts] == [first, second]
    assert {duty.van_id for duty in both.duties} >= {one.assignments[0].van_id for one in both.facts}
    assert not both.is_cut


async def test_nothing_personal_comes_along(psql: Psql) -> None:
    await closed(psql, 0)
    await age(psql.owner, "30 hours")
    told = str([asdict(one.referral) for one in (await read(psql, 40, 20)).facts])
    assert "Ottoline" not in told
    assert "fell" not in told
    assert "Abington" not in told


async def test_the_newest_come_where_there_are_too_many_and_that_is_said(psql: Psql) -> None:
    made = [await closed(psql, hours) for hours in (0, 3, 3)]
    await age(psql.owner, "30 hours")
    found = await read(psql, 60, 20, most=2)
    assert [one.referral.id for one in found.facts] == made[1:]
    assert found.is_cut
    assert found.start == found.facts[0].referral.received_at


async def test_what_did_not_happen_is_not_there(psql: Psql) -> None:
    made = await closed(psql, 0)
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute("UPDATE cru.assignment SET taken_back_at = cru.clock_now()")
    await age(psql.owner, "30 hours")
    assert [one.assignments for one in (await read(psql, 40, 20)).facts] == [[]]
    await psql.owner.execute(
        "UPDATE cru.referral SET entered_in_error_at = cru.clock_now(), entered_in_error_reason = 'x'"
        " WHERE id = $1",
        made,
    )
    await psql.owner.execute("RESET session_replication_role")
    assert (await read(psql, 40, 20)).facts == ()


async def test_years_before_the_stretch_are_not_read(psql: Psql) -> None:
    made = await closed(psql, 0)
    await age(psql.owner, "800 hours")
    held = "UPDATE cru.referral SET closed_at = cru.clock_now() - interval '30 hours' WHERE id = $1"
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute(held, made)
    assert (await read(psql, 40, 20)).facts == ()
    await psql.owner.execute("UPDATE cru.referral SET received_at = received_at + interval '6 days'")
    await psql.owner.execute("RESET session_replication_role")
    assert [one.referral.id for one in (await read(psql, 40, 20)).facts] == [made]
