"""An upgrade, a backup and the room's own work at once: the upgrade is done, and nothing is lost."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from db import migrate
from db.errors import Busy
from db.server.account import serving_account
from db.server.programs import find_programs
from tests.cluster import Cluster, Record
from tests.db.psql import Psql
from tests.db.test_nobody_waits import TAKE
from tests.db.upgrades import LeftBy, cloned
from tests.filled import Size, fill

LOST_LINK = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError)
TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'cru'::regnamespace AND relkind IN ('r', 'p')"
    " AND NOT relispartition ORDER BY 1"
)


class Busily:
    """Work that goes on whatever else happens, one thing after the other, each until it is answered.

    Attributes:
        done: what was answered.
        held_up: how often it had to be tried again.
    """

    def __init__(self, record: Record, login: str) -> None:
        self._record, self._login = record, login
        self.done: list[str] = []
        self.held_up = 0
        self.is_over = False
        self._open: asyncpg.Connection[asyncpg.Record] | None = None

    async def ask(self, sql: str, *given: object) -> object:
        while True:
            try:
                if self._open is None or self._open.is_closed():
                    self._open = await asyncpg.connect(**self._record.kwargs(self._login))
                    await self._open.execute("SET lock_timeout = '1s'")
                return await self._open.fetchval(sql, *given)
            except (asyncpg.LockNotAvailableError, *LOST_LINK):
                self.held_up += 1

    def leave(self) -> None:
        """Hang up."""
        self.is_over = True
        if self._open is not None:
            self._open.terminate()

    async def fixes(self, van: UUID, begun: datetime) -> None:
        while not self.is_over:
            at = begun - timedelta(hours=1) + len(self.done) * timedelta(milliseconds=100)
            sent = {"van_id": str(van), "fixed_at": at.isoformat(), "lat": 52.2, "lon": -0.9}
            await self.ask("SELECT cru.record_fixes($1)", json.dumps([sent]))
            self.done.append(at.isoformat())
            await asyncio.sleep(0.02)

    async def referrals(self) -> None:
        while not self.is_over:
            self.done.append(str(await self.ask(TAKE)))
            await asyncio.sleep(0.1)


@asynccontextmanager
async def the_room_at_work(psql: Psql) -> AsyncIterator[tuple[Busily, Busily]]:
    """A gateway and a desk, from before the block until after it."""
    van, begun = await psql.van(), await psql.owner.fetchval("SELECT cru.clock_now()")
    gateway, desk = Busily(psql.record, "g.gateway"), Busily(psql.record, "a.shah")
    tasks = [asyncio.create_task(gateway.fixes(van, begun)), asyncio.create_task(desk.referrals())]
    try:
        # Until 0045 the first fix of a day waited for whoever read: it was there before the dump began.
        async with asyncio.timeout(20):
            while not (gateway.done and desk.done):
                await asyncio.sleep(0.02)
        yield gateway, desk
        more = len(gateway.done) + 3, len(desk.done) + 3
        async with asyncio.timeout(20):
            while (len(gateway.done), len(desk.done)) < more or len(desk.done) < more[1]:
                await asyncio.sleep(0.02)
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        gateway.leave()
        desk.leave()


async def nothing_lost(psql: Psql, gateway: Busily, desk: Busily) -> None:
    """All that was answered stands there once, and at most the last of each that was not."""
    fixed = [
        row["at"].isoformat() for row in await psql.owner.fetch("SELECT fixed_at AS at FROM cru.position_fix")
    ]
    assert set(gateway.done) <= set(fixed)
    assert len(fixed) == len(set(fixed))
    assert len(fixed) <= len(gateway.done) + 1
    taken = [row["reference"] for row in await psql.owner.fetch("SELECT reference FROM cru.referral")]
    assert set(desk.done) <= set(taken)
    assert len(taken) == len(set(taken))


async def test_a_backup_that_runs_is_named_and_the_room_goes_on(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0040")) as psql:
        async with the_room_at_work(psql) as (gateway, desk):
            await upgraded_beside_a_dump(psql, gateway)
        await nothing_lost(psql, gateway, desk)


async def upgraded_beside_a_dump(psql: Psql, gateway: Busily) -> None:
    """The upgrade is refused while the dump lasts, and done then."""
    dump = await asyncpg.connect(**psql.record.owner_kwargs)
    # What pg_dump does first, and keeps for as long as it takes.
    await dump.execute("SET application_name = 'pg_dump'; BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    for row in await dump.fetch(TABLES):
        await dump.execute(f"LOCK TABLE cru.{row['relname']} IN ACCESS SHARE MODE")
    with pytest.raises(Busy, match=r"pg_dump \(postgres\) holds up the upgrade; nothing was changed\."):
        await migrate.upgrade(psql.record.owner_url)
    before = len(gateway.done)
    async with asyncio.timeout(20):
        while len(gateway.done) == before:
            await asyncio.sleep(0.02)
    await dump.execute("COMMIT")
    await dump.close()
    await migrate.upgrade(psql.record.owner_url)
    assert await psql.owner.fetchval("SELECT version_num FROM cru.alembic_version") == migrate.newest()


async def upgraded(psql: Psql, named: list[str]) -> bool:
    """Whether an upgrade came through; else who was in its way is named."""
    try:
        await migrate.upgrade(psql.record.owner_url)
    except Busy as error:
        named.append(error.sentence)
        return False
    return True


@pytest.mark.long
async def test_a_backup_of_ten_thousand_referrals_an_upgrade_and_fixes_at_once(
    cluster: Cluster, left_by: LeftBy, tmp_path: Path
) -> None:
    programs = find_programs(serving_account())
    async with cloned(cluster, left_by("0044")) as psql:
        await fill(psql.owner, Size(10_000))
        async with the_room_at_work(psql) as (gateway, desk):
            where = psql.record.owner_url.set(drivername="postgresql").render_as_string(hide_password=False)
            options = ("-Fc", "-Z", "1", "-n", "cru", "-d", where, "-f", str(cluster.root / "dump"))
            dumping = asyncio.create_task(
                asyncio.to_thread(programs.run, "pg_dump", *options, cwd=cluster.root, timeout=300)
            )
            named: list[str] = []
            while not await upgraded(psql, named):
                pass
            await dumping
        await nothing_lost(psql, gateway, desk)
        listed = await asyncio.to_thread(
            programs.run, "pg_restore", "-l", str(cluster.root / "dump"), cwd=cluster.root, timeout=60
        )
        assert "TABLE DATA cru referral " in listed
        assert all("pg_dump" in one for one in named)
        assert len(named) < 60
