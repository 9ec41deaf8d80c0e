"""Rows that somebody locks on purpose at a prompt: who may, and what goes on all the same.

Whoever may change a row may also lock it. So this is the other half of ``test_nobody_waits``: no role may lock a
row that others need for something new, and who waits for a row is told whose it is.
"""

import asyncio
import json
from uuid import UUID

import pytest

from db import commands as do
from db.engine import connect
from db.errors import Busy
from tests.db.psql import Psql

SOON = "SET lock_timeout = '250ms'"
"""Whoever has to wait for another is refused, and the test fails."""
# In one statement, as whoever asks: each relation of the record that lets its rows be locked.
LOCKABLE = """
DO $$ DECLARE
    one text; strength text; found text[] := '{}';
BEGIN
    FOR one IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'cru'::regnamespace
        AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition LOOP
        FOREACH strength IN ARRAY ARRAY['KEY SHARE', 'UPDATE'] LOOP
            BEGIN
                EXECUTE format('SELECT FROM cru.%I LIMIT 0 FOR %s', one, strength);
                found := found || one;
            EXCEPTION WHEN insufficient_privilege OR feature_not_supported THEN
                NULL;
            END;
        END LOOP;
    END LOOP;
    PERFORM set_config('cru.lockable', array_to_string(found, ' '), false);
END $$
"""


async def lockable(psql: Psql, login: str) -> list[str]:
    """The relations whose rows a login may lock."""
    await psql.session(login).execute(LOCKABLE)
    found = await psql.session(login).fetchval("SELECT current_setting('cru.lockable')")
    return sorted(set(found.split()))


@pytest.mark.parametrize("login", ["w.wall", "g.gateway"])
async def test_who_only_looks_or_only_drives_locks_nothing(psql: Psql, login: str) -> None:
    assert await lockable(psql, login) == []


async def fixed(psql: Psql, van: UUID) -> int:
    """Send a position of a van."""
    at = await psql.owner.fetchval("SELECT clock_timestamp()")
    sent = {"van_id": str(van), "fixed_at": at.isoformat(), "lat": 52.2, "lon": -0.9}
    return int(await psql.gateway.fetchval("SELECT cru.record_fixes($1)", json.dumps([sent])))


async def test_whoever_locks_all_that_there_is_to_lock_stops_nothing_new(psql: Psql) -> None:
    van, job = await psql.van(), await psql.assignment()
    await fixed(psql, van)
    held, holder = await lockable(psql, "b.okafor"), psql.session("b.okafor")
    assert {"referral", "assignment", "handover", "van"} <= set(held)
    for one in (psql.shah, psql.lead, psql.wall, psql.gateway):
        await one.execute(SOON)
    async with holder.transaction():
        for table in held:
            await holder.execute(f"SELECT FROM cru.{table} FOR UPDATE")
        # Whoever calls now is taken, asked, accepted, rung back, and found on every board and wall.
        new = await psql.referral("accepted")
        await psql.call(new)
        assert await psql.wall.fetchval("SELECT count(*) FROM cru.referral_wall WHERE id = $1", new) == 1
        # Vans go on being seen, figures being told, consoles being live.
        assert await fixed(psql, van) == 1
        await psql.shah.execute("SELECT cru.beat()")
        assert await psql.lead.fetchval("SELECT count(*) FROM cru.assignment WHERE id = $1", job) == 1


async def test_what_the_program_locks_of_lists_and_vans_others_may_name(psql: Psql) -> None:
    """A lead's console that fell asleep over the settings, and a desk's over a van that was never seen."""
    van = await psql.van()
    for one in (psql.shah, psql.gateway):
        await one.execute(SOON)
    kept = dict(await psql.owner.fetchrow("SELECT * FROM cru.priority WHERE code = 'P1'"))
    lead, desk = connect(psql.record.url("l.lead")), connect(psql.record.url("b.okafor"))
    try:
        async with lead.begin() as settings, desk.begin() as duty:
            mine = {name: kept[name] for name in ("code", "within_minutes")}
            changed = mine | {"within_minutes": kept["within_minutes"] + 1}
            await do.run(settings, do.SaveListed(table="priority", values=changed, before=mine))
            await do.run(duty, do.TakeOutOfService(van_id=van, reason="fault"))
            assert await psql.take(priority="P1")
            assert await fixed(psql, van) == 1
    finally:
        await asyncio.gather(lead.dispose(), desk.dispose())


@pytest.mark.parametrize("strength", ["UPDATE", "NO KEY UPDATE", "SHARE"])
async def test_who_waits_for_a_row_is_told_at_which_desk_it_is_held(psql: Psql, strength: str) -> None:
    referral, holder = await psql.referral(), psql.session("b.okafor")
    await holder.execute("SET application_name = 'cru-console 1.0 on WS-3'")
    lead = connect(psql.record.url("l.lead"))
    async with holder.transaction():
        await holder.execute(f"SELECT FROM cru.referral WHERE id = $1 FOR {strength}", referral)
        with pytest.raises(Busy, match=r"^B\. Okafor at WS-3 holds this just now\."):
            await do.execute(lead, do.Decline(referral_id=referral, reason="no_capacity"))
    await do.execute(lead, do.Decline(referral_id=referral, reason="no_capacity"))
    await lead.dispose()
