"""What is answered for stands on the standby, too: also what was done before, and what a gateway asks about."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest

from db import commands as do
from db.engine import Engine
from db.errors import Unavailable
from db.gateway.journal import Journal, QueueEntry, UnsettledBatch
from db.gateway.queue import NUMBER
from tests.cluster import Record, run
from tests.db import desk
from tests.db.gateways import HOME, Vans, ago, gateway_on
from tests.db.servers import wait_until
from tests.db.standby import Pair, both, pair, pair_record
from tests.db.test_link import signed_in

__all__ = ["both", "pair", "pair_record"]
NOTED = "SELECT count(*) FROM cru.event WHERE words = $1"


@pytest.fixture
def waited_for(pair: Pair) -> Iterator[Pair]:
    """The primary answers for nothing that the standby does not have."""
    pair.primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    pair.primary.execute("SELECT pg_reload_conf()")
    yield pair
    with suppress(psutil.NoSuchProcess):
        pair.standby.thaw()
    pair.primary.execute("ALTER SYSTEM RESET synchronous_standby_names")
    pair.primary.execute("SELECT pg_reload_conf()")


@pytest.mark.hazard("H-050")
async def test_who_asks_again_is_not_told_done_of_what_no_standby_has(
    waited_for: Pair, pair_record: Record
) -> None:
    async with signed_in(pair_record) as engine:
        referral = (await desk.take(engine)).referral_id
        note = do.AddNote(referral_id=referral, words="asked for once")
        waited_for.standby.freeze()
        first = asyncio.create_task(do.execute(engine, note))
        await asyncio.to_thread(ended, waited_for)
        with pytest.raises(Unavailable):
            await first
        assert waited_for.primary.fetchval(NOTED, note.words, database=pair_record.database) == 1
        with pytest.raises(Unavailable):
            await do.execute(engine, note)
        waited_for.standby.thaw()
        async with asyncio.timeout(20):
            while not await done(engine, note):
                pass
        assert waited_for.primary.fetchval(NOTED, note.words, database=pair_record.database) == 1
        waited_for.catch_up()
        assert waited_for.standby.fetchval(NOTED, note.words, database=pair_record.database) == 1


def ended(pair: Pair) -> None:
    """A session whose commit waits for the standby is ended. What it wrote stands there from then on."""
    sql = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    wait_until(lambda: pair.primary.fetchval(sql))


async def done(engine: Engine, command: do.Command) -> bool:
    try:
        await do.execute(engine, command)
    except Unavailable:
        return False
    return True


# --- the gateway ---


@pytest.mark.hazard("H-072")
def test_a_gateway_keeps_what_no_standby_has(waited_for: Pair, pair_record: Record, tmp_path: Path) -> None:
    vans = Vans(pair_record)
    vans.add("one")
    with gateway_on(pair_record, tmp_path / "queue") as running:
        waited_for.standby.freeze()
        assert running.osmand("one", ago(5), *HOME).is_success
        ended(waited_for)
        assert vans.count() == 1
        with pytest.raises(AssertionError):
            wait_until(lambda: running.gateway.queued == 0, 2.5)
        waited_for.standby.thaw()
        wait_until(lambda: running.gateway.queued == 0)
    assert vans.count() == 1


@pytest.mark.hazard("H-072")
def test_a_number_that_a_promoted_standby_gave_to_something_else_says_nothing(
    pair: Pair, pair_record: Record, tmp_path: Path
) -> None:
    """A batch was committed on a primary that is lost, and its standby never heard of it."""
    van = Vans(pair_record).add("one")
    lat, lon = HOME
    body = json.dumps({"van_id": str(van), "fixed_at": ago(5).isoformat(), "lat": lat, "lon": lon})
    pair.fall_behind()
    number, cluster = run(_numbered(pair_record, body))
    journal = Journal(tmp_path / "queue")
    journal.append([QueueEntry("fix", body)])
    journal.mark(UnsettledBatch("fix", 1, 1, number, cluster))
    journal.close()
    pair.crash()
    pair.standby.promote()
    there = Record(pair.standby, pair_record.database)
    run(_spent(there, number))
    assert pair.standby.fetchval("SELECT pg_xact_status($1::text::xid8)", number) == "committed"
    with gateway_on(there, tmp_path / "queue") as running:
        wait_until(lambda: running.gateway.queued == 0)
    assert Vans(there).count() == 1


async def _numbered(record: Record, body: str) -> tuple[str, str]:
    """Store it as a gateway does. Returns what the gateway notes of it."""
    connection = await asyncpg.connect(**record.kwargs("g.gateway"))
    async with connection.transaction():
        number, cluster = await connection.fetchrow(NUMBER.text)
        await connection.execute("SELECT cru.record_fixes($1::text::jsonb)", f"[{body}]")
    await connection.close()
    return number, cluster


async def _spent(record: Record, number: str) -> None:
    """Give transactions their numbers until this one was given."""
    connection = await asyncpg.connect(**record.owner_kwargs)
    while int(await connection.fetchval("SELECT pg_current_xact_id()::text")) < int(number):
        pass
    await connection.close()
