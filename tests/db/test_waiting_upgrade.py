"""A record in use before anybody was called by a schedule: nothing in it changes, nobody floods a list."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from db import commands as do
from db import migrate
from db.errors import RecordError
from tests.cluster import LOGINS, Cluster, Record
from tests.db.doing import does
from tests.db.psql import Psql, psql_on
from tests.db.upgrades import WORKED_WITH, LeftBy, as_known, cloned, rows_of

KEPT = (*WORKED_WITH, "act", "reason")


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0008")) as made:
        yield made


@pytest.mark.long
async def test_what_is_there_stays_and_what_ended_before_is_on_no_list(psql: Psql) -> None:
    await psql.handover("released")
    closed = await psql.referral("closed")
    declined = await psql.referral("received")
    await psql.set(psql.shah, "referral", declined, state="declined", end_reason="ems_physical")
    held = await psql.referral()
    # A silent hold of before stands; the screen alarms it.
    until = datetime.now(UTC) + timedelta(days=2)
    await psql.set(psql.shah, "referral", held, hold_until=until, hold_reason="day_visit")
    before = await rows_of(psql, KEPT)
    assert await migrate.upgrade(psql.record.owner_url) == {}
    after = await rows_of(psql, KEPT)
    for table, rows in before.items():
        # Reasons for how a call ends, and legal grounds, came later.
        stayed = [row for row in after[table] if table != "reason" or row["kind"] not in {"call", "ground"}]
        assert as_known(stayed, rows) == as_known(rows, rows), table
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.ending") == 0
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.follow_up") == 0
    await psql.set(psql.shah, "referral", held, caller="Ann")
    assert (await psql.read("referral", held))["hold_until"] == until
    # It may still be shortened, and not moved on in silence.
    moved = {"hold_until": until + timedelta(hours=1)}
    await psql.set_refused(psql.shah, "referral", held, code="CR003", says="in silence", **moved)
    await psql.set(psql.shah, "referral", held, hold_until=None, hold_reason="")
    await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', false)")
    await psql.set(psql.lead, "referral", closed, state="accepted")
    await psql.set(psql.lead, "referral", declined, state="received")


@pytest.mark.long
async def test_a_record_in_use_gets_the_shipped_schedule_and_rules(psql: Psql, record: Record) -> None:
    await migrate.upgrade(psql.record.owner_url)
    async with psql_on(record, tuple(LOGINS)) as new:
        for table in ("contact_schedule", "ending_rule"):
            sql = f"SELECT to_jsonb(t) - 'dated' AS row FROM cru.{table} t ORDER BY 1::text"  # noqa: S608 - ours
            upgraded, shipped = [[row["row"] for row in await one.owner.fetch(sql)] for one in (psql, new)]
            assert sorted(upgraded) == sorted(shipped), table
            assert shipped, table


@pytest.mark.long
async def test_an_old_end_taken_back_after_the_upgrade_asks_nothing(psql: Psql) -> None:
    who = await psql.referral("received")
    await psql.set(psql.shah, "referral", who, state="declined", end_reason="out_of_area")
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await migrate.upgrade(psql.record.owner_url)
    await psql.shah.execute("SELECT cru.take_back($1)", act)
    assert (await psql.read("referral", who))["state"] == "received"
    await psql.set(psql.shah, "referral", who, state="declined", end_reason="out_of_area")
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.ending WHERE referral_id = $1", who) == 1


@pytest.mark.long
async def test_an_end_of_before_stays_as_it_is_until_it_is_put_right(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0062")) as psql:
        conveyed, closed = await psql.referral("cancelled"), await psql.referral("closed")
        kept = ("ending", "follow_up", "referral")
        before = await rows_of(psql, kept)
        assert await migrate.upgrade(psql.record.owner_url) == {}
        after = await rows_of(psql, kept)
        for table in kept:
            assert as_known(after[table], before[table]) == as_known(before[table], before[table]), table
        # That somebody has died stands behind the ways to end that are known: no key means another than before.
        ways = "SELECT array_agg(code ORDER BY rank) FROM cru."
        outcomes = await psql.owner.fetchval(f"{ways}outcome")
        reasons = await psql.owner.fetchval(f"{ways}reason WHERE kind = 'cancel'")
        assert [outcomes.index("died"), reasons.index("died")] == [len(outcomes) - 1, len(reasons) - 1]
        await psql.shah.execute("SELECT set_config('cru.reason', 'another one', false)")
        await psql.set(psql.shah, "referral", conveyed, end_reason="ems_conveyed")
        await psql.set(psql.shah, "referral", closed, outcome="returned_ems")
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.follow_up WHERE done_at IS NULL") == 2


@pytest.mark.long
async def test_what_ended_before_somebody_looked_is_asked_nothing_more(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0065")) as psql:
        job = await psql.assignment("with patient")
        met = (await psql.read("assignment", job))["referral_id"]
        await psql.set(psql.shah, "assignment", job, state="clear")
        await psql.set(psql.shah, "referral", met, state="closed", outcome="not_found")
        gone = await psql.referral("accepted")
        await psql.call(gone, promised="we ring at six")
        await psql.set(psql.shah, "referral", gone, state="cancelled", end_reason="died")
        await psql.lead.execute("UPDATE cru.ending_rule SET aftercare_hours = 24 WHERE code = 'ems_conveyed'")
        before = await rows_of(psql, (*KEPT, "contact", "ending", "follow_up"))
        assert await migrate.upgrade(psql.record.owner_url) == {}
        after = await rows_of(psql, tuple(before))
        for table, rows in before.items():
            stayed = [row for row in after[table] if table != "reason" or row["kind"] != "ground"]
            assert as_known(stayed, rows) == as_known(rows, rows), table
        rule = "SELECT aftercare_hours, asks_ground FROM cru.ending_rule WHERE code = 'ems_conveyed'"
        assert tuple(await psql.owner.fetchrow(rule)) == (24, True), "what the trust set stays"
        asked = "SELECT bool_or(asks_search OR asks_ground) FROM cru.ending"
        assert await psql.owner.fetchval(asked) is False
        await psql.set(psql.shah, "referral", met, ae_care="unknown")


@pytest.mark.long
async def test_who_had_died_before_is_told_of_on_what_is_open(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0066")) as psql:
        waits, stranger, dead = await psql.referral(), await psql.referral(), await psql.referral()
        for one in (waits, dead):
            await psql.set(psql.shah, "referral", one, nhs_number="943 476 5919")
        await psql.call(stranger, agreed_until=datetime.now(UTC) + timedelta(hours=3))
        await psql.set(psql.shah, "referral", dead, state="cancelled", end_reason="died")
        before = await rows_of(psql, (*KEPT, "contact", "ending", "event", "follow_up"))
        assert await migrate.upgrade(psql.record.owner_url) == {}
        after = await rows_of(psql, tuple(before))
        for table, rows in before.items():
            assert as_known(after[table], rows) == as_known(rows, rows), table
        died = 'SELECT referral_id FROM cru.danger WHERE stands @> \'[{"kind": "died"}]\''
        assert [row[0] for row in await psql.owner.fetch(died)] == [waits]
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.alarm_kind WHERE code = 'died'") == 1


@pytest.mark.long
async def test_what_was_typed_and_who_waits_again_counts_from_the_upgrade_on(
    cluster: Cluster, left_by: LeftBy
) -> None:
    async with cloned(cluster, left_by("0067")) as psql:
        armed, van = await psql.referral(), await psql.van()
        waits = await psql.take(source="hub", priority="P3")
        await psql.screen(waits)
        await psql.set(psql.shah, "referral", waits, state="accepted")
        flag = (
            "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
            " VALUES ($1, 'address', 'access', 'mind the machete', now() + interval '9 days')"
        )
        await psql.shah.execute(flag, armed)
        await psql.call(waits, agreed_until=datetime.now(UTC) + timedelta(hours=9))
        job = await psql.allocate(waits, van)
        await psql.set(psql.shah, "assignment", job, state="stood down", stand_down_reason="not_needed")
        ended = await psql.referral("cancelled")
        await psql.amend(psql.lead, "referral", ended, end_reason="by_caller")
        before = await rows_of(psql, (*KEPT, "contact", "ending", "event", "follow_up", "flag", "assignment"))
        assert await migrate.upgrade(psql.record.owner_url) == {}
        after = await rows_of(psql, tuple(before))
        for table, rows in before.items():
            assert as_known(after[table], rows) == as_known(rows, rows), table
        down = (await psql.read("assignment", job))["stood_down_at"]
        assert await psql.owner.fetchval("SELECT cru.next_call($1)", waits) == down + timedelta(minutes=30)
        with pytest.raises(RecordError, match="machete"):
            await does(psql, do.Allocate(referral_id=armed, van_id=van))
        await does(psql, do.Allocate(referral_id=waits, van_id=van))
        # What was said of an end before stays as it was said.
        await psql.amend(psql.lead, "referral", ended, ae_care="unknown")
