"""Everything that a live board hangs on is killed in turn, under a whole window: at rest it is the record.

Half a minute of it runs always; ``CRU_KILL_MINUTES=60 python -m pytest tests/e2e/test_everything_killed.py -s``
runs an hour and prints what was killed and how often something was started again.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from PySide6.QtWidgets import QApplication

from console.live.session import open_session
from console.live.store import TABLES, LinkState
from console.look import style
from console.map.scheme import prepare_engine
from console.running.faults import faults
from db import commands, queries
from db.domain.records import Location
from db.domain.roles import Role
from db.engine import DRIVERS_OWN, connect, transaction
from db.errors import RecordError
from tests.cluster import Cluster, Record
from tests.e2e.windows import Seated
from tests.gui.desks import Room, Runs, qt_loop
from tests.gui.map_tools import ENGINE_NOISE

__all__ = ["qt_loop"]
prepare_engine()
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE, "Couldn't (load|resolve)", "Failed to load", extend=True)
_RULES_OFF = (
    "ALTER TABLE cru.referral DISABLE TRIGGER guard, DISABLE TRIGGER guard_amended;"
    " ALTER TABLE cru.referral DROP CONSTRAINT IF EXISTS referral_plan_shape_check;"
)
_RULES_ON = "ALTER TABLE cru.referral ENABLE TRIGGER guard, ENABLE TRIGGER guard_amended;"
MINUTES = float(os.environ.get("CRU_KILL_MINUTES", "0.5"))
SAID_WITHIN = 6.0
"""Seconds; what the console promises on a computer that has time for it (see :func:`patience`)."""
BACK_WITHIN = 40.0
PLACE = Location("Mill Lane, Kettering", "NN16 8UZ", 52.4, -0.73)


def patience(seconds: float) -> float:
    """A promise in seconds, longer by as much as more processes want to run than the computer has processors."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Room24:
    """A window, its record, and a busy world outside."""

    def __init__(self, cluster: Cluster, record: Record, seat: Seated) -> None:
        self.cluster, self.record, self.seat = cluster, record, seat
        self.room, self.desk = seat.room, seat.desk
        self.killed: Counter[str] = Counter()
        self.chance = random.Random(int(os.environ.get("CRU_KILL_SEED", "1")))
        self.written = self.answered = 0

    # --- the world outside ---

    async def write(self, stop: asyncio.Event) -> None:
        """Referrals, edits and fixes, from another desk, whatever becomes of the server."""
        engine = connect(self.record.url("b.okafor"))
        while not stop.is_set():
            try:
                await self._write_one(engine)
            except RecordError:
                await asyncio.sleep(0.2 + self.chance.random() / 5)
            await asyncio.sleep(0.1 + self.chance.random() / 2)
        await engine.dispose()

    async def _write_one(self, engine: object) -> None:
        open_ones = [row for row in self.desk.store.referrals() if row.is_open]
        if len(open_ones) > 40 or (open_ones and self.chance.random() < 0.4):
            one = self.chance.choice(open_ones)
            await commands.execute(engine, commands.Decline(referral_id=one.id, reason="no_capacity"))  # type: ignore[arg-type] # an engine
        else:
            details = commands.Details(source="hub", priority="P2", location=PLACE)
            await commands.execute(engine, commands.TakeReferral(details=details))  # type: ignore[arg-type] # an engine
            self.written += 1
        self.answered += 1

    async def fixes(self, stop: asyncio.Event) -> None:
        vans = [str(van.id) for van in self.desk.store.vans()]
        turn = 0
        while not stop.is_set():
            turn += 1
            with contextlib.suppress(*DRIVERS_OWN):
                await self._fix(vans, turn)
            await asyncio.sleep(0.5 + self.chance.random() / 2)

    async def _fix(self, vans: list[str], turn: int) -> None:
        gateway = await asyncpg.connect(**self.record.kwargs("g.gateway"), timeout=2, command_timeout=2)
        try:
            at = await gateway.fetchval("SELECT cru.clock_now()::text")
            batch = [{"van_id": van, "fixed_at": at, "lat": 52.2 + turn / 1e5, "lon": -0.9} for van in vans]
            await gateway.execute("SELECT cru.record_fixes($1)", json.dumps(batch))
        finally:
            gateway.terminate()

    # --- ways to kill ---

    def crash_server(self) -> None:
        self.cluster.crash()
        self.lost()
        self.cluster.start()

    def stop_server(self) -> None:
        self.cluster.stop()
        self.lost()
        self.cluster.start()

    def restart_at_once(self) -> None:
        self.cluster.stop()
        self.cluster.start()

    def freeze_server(self) -> None:
        self.cluster.freeze()
        self.lost()
        self.cluster.thaw()

    def kill_feed(self) -> None:
        self.cluster.kill_backend("cru-console-feed")

    def kill_every_session(self) -> None:
        sql = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = $1 AND pid <> pg_backend_pid()"
        )
        self.cluster.fetchval(sql, self.record.database)

    def break_the_reader(self) -> None:
        """An error that nobody thought of, in the middle of taking what was read."""
        honest = self.desk.store.put

        def broken(*_: object, **__: object) -> None:
            self.desk.store.put = honest  # type: ignore[method-assign] # once
            raise ZeroDivisionError

        self.desk.store.put = broken  # type: ignore[assignment, method-assign] # for one call

    def kill_the_map(self) -> None:
        pid = self.seat.page.map.view._page.renderProcessPid()
        if pid > 0:
            os.kill(pid, signal.SIGKILL)

    def forge_notices(self) -> None:
        self.room.run(
            self._as("w.wall", "SELECT pg_notify('console', 'all:' || n) FROM generate_series(1, 3000) n")
        )

    def poison_a_row(self) -> None:
        found = [row.id for row in self.desk.store.referrals()][:1]
        poison = "".join(f"UPDATE cru.referral SET plan = '[1]' WHERE id = '{one}';" for one in found)  # noqa: S608
        self.room.run(self._as("", f"BEGIN; {_RULES_OFF} {poison} {_RULES_ON} COMMIT"))

    def heal_the_rows(self) -> None:
        healed = "UPDATE cru.referral SET plan = '{}' WHERE jsonb_typeof(plan) <> 'object'"
        self.room.run(self._as("", f"SET cru.reason = 'healed'; {healed}"))

    def another_life(self) -> None:
        self.room.run(self._as("", "UPDATE cru.service SET epoch = gen_random_uuid()"))

    def sleep_of_the_computer(self) -> None:
        self.room.session.sync.read_everything()

    async def _as(self, login: str, sql: str) -> None:
        given = self.record.kwargs(login) if login else self.record.owner_kwargs
        try:
            connection = await asyncpg.connect(**given, timeout=5, command_timeout=20)
        except (OSError, asyncpg.PostgresError):
            return
        await connection.execute(sql)
        await connection.close()

    WAYS: tuple[Callable[["Room24"], None], ...] = (
        crash_server,
        stop_server,
        restart_at_once,
        freeze_server,
        kill_feed,
        kill_every_session,
        break_the_reader,
        kill_the_map,
        forge_notices,
        poison_a_row,
        heal_the_rows,
        another_life,
        sleep_of_the_computer,
    )

    # --- what must hold ---

    def lost(self) -> None:
        begun = time.monotonic()
        self.room.until(lambda: self.desk.store.link.state is LinkState.LOST, patience(SAID_WITHIN))
        assert time.monotonic() - begun < patience(SAID_WITHIN)

    def kill_next(self, way: Callable[["Room24"], None]) -> None:
        self.killed[way.__name__] += 1
        way(self)
        self.room.until(lambda: self.desk.store.link.state is LinkState.LIVE, patience(BACK_WITHIN))

    async def settles(self, within: float) -> None:
        """Wait until the mirror holds what the record holds."""
        async with asyncio.timeout(within):
            while self._shown() != await self._record():
                await asyncio.sleep(0.02)

    def _shown(self) -> dict[str, dict[UUID, int]]:
        return {name: {key: row.version for key, row in self.desk.store._tables[name].items()} for name in TABLES}

    async def _record(self) -> dict[str, dict[UUID, int]]:
        engine = connect(self.record.url("a.shah"))
        try:
            async with transaction(engine) as connection:
                found = await queries.snapshot(connection, Role.DISPATCHER)
        finally:
            await engine.dispose()
        return {name: {row.id: row.version for row in found.get(name, ())} for name in TABLES}


@pytest.fixture
def world(
    own_cluster: Cluster, own_record: Record, qt_loop: Runs, qapp: QApplication, tmp_path: Path
) -> Iterator[Room24]:
    style.apply(qapp, "dark", 100)
    room = Room(qt_loop(open_session(own_record.url("a.shah"))), qt_loop)
    room.until(lambda: room.desk.store.link.state is LinkState.LIVE)
    seat = Seated(room, tmp_path)
    yield Room24(own_cluster, own_record, seat)
    seat.leave()
    qt_loop(room.session.close())


@pytest.mark.long
def test_at_rest_the_board_is_the_record(world: Room24) -> None:
    room, stop = world.room, asyncio.Event()

    async def outside() -> list[asyncio.Task[None]]:
        return [asyncio.ensure_future(world.write(stop)), asyncio.ensure_future(world.fixes(stop))]

    tasks = room.run(outside())
    end = time.monotonic() + MINUTES * 60
    ways = list(Room24.WAYS)
    while time.monotonic() < end or len(world.killed) < len(ways):
        world.chance.shuffle(ways)
        for way in ways:
            world.kill_next(way)
            before = world.answered
            room.until(lambda before=before: world.answered > before or tasks[0].done(), patience(BACK_WITHIN))
            assert not tasks[0].done(), tasks[0].exception()
    stop.set()
    room.run(asyncio.wait(tasks, timeout=20))
    world.heal_the_rows()
    room.until(lambda: world.desk.store.unreadable == 0, patience(BACK_WITHIN))
    room.run(world.settles(patience(BACK_WITHIN)))
    restarts = dict(world.desk.supervisor.restarts)
    assert restarts["the live board"] >= 1
    figures = f"{world.written} referrals written; killed {dict(world.killed)}; restarted {restarts}"
    print(f"{figures}; faults {faults.count}")  # noqa: T201 - the figure that an hour of it is run for
