"""Commands, a night's replay and the board in a record of a million referrals, beside the same in an empty one."""

import time
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import queries
from db.domain.records import YesNo
from db.domain.roles import Role
from db.domain.states import AssignmentState
from db.engine import connect, transaction
from db.opening import open_day
from db.replay import load_past
from tests.bench.table import ms, percentile, row
from tests.cluster import Cluster, Record
from tests.db import desk
from tests.filled import CI, MILLION, fill
from tests.filled.commands import LEAD, SHAH, Deeds, Night

pytestmark = pytest.mark.bench
ROUNDS = 40
MOST = 1.2
"""Times the empty record's."""
LIVE_READ = 15
REPLAY = 0.3
ANSWERS: Any = {"ae_avoided": YesNo.YES, "ems_released": YesNo.NO, "police_avoided": YesNo.UNKNOWN}


async def visit(night: Night, van: UUID) -> Deeds:
    """What a referral sees most often, from the call to an amended time."""
    taken = night.taken(narrative="On a bench, and calm.", call_back="07700 900123")
    key = taken.referral_id
    yield SHAH, taken
    yield SHAH, await night.answered(key)
    yield SHAH, do.AddNote(referral_id=key, words="The side door is open.")
    yield SHAH, do.RecordContact(referral_id=key, spoke_with="person", with_name="Zoe", said="She waits.")
    yield SHAH, do.Accept(referral_id=key)
    sent = do.Allocate(referral_id=key, van_id=van)
    yield SHAH, sent
    for step in (AssignmentState.MOBILE, AssignmentState.ON_SCENE, AssignmentState.CLEAR):
        yield SHAH, do.Step(assignment_id=sent.assignment_id, to=step)
    mobile = await night.one("SELECT mobile_at FROM cru.assignment WHERE id = $1", sent.assignment_id)
    at = mobile - timedelta(milliseconds=1)
    yield (
        LEAD,
        do.AmendTime(entity="assignment", id=sent.assignment_id, field="mobile", at=at, reason="a slip"),
    )
    yield SHAH, do.Close(referral_id=key, outcome="gp", **ANSWERS)


class Room:
    """A record with a dispatcher, a lead and a van on duty."""

    def __init__(self, record: Record, owner: Any) -> None:
        self.owner = owner
        self.engines = {login: connect(record.url(login), answer_within=60) for login in (SHAH, LEAD)}
        self.took: defaultdict[str, list[float]] = defaultdict(list)
        self.van: UUID

    async def round(self) -> None:
        """One visit, each command timed."""
        async for login, command in visit(await Night.of(self.owner), self.van):
            begun = time.perf_counter()
            await do.execute(self.engines[login], command)
            self.took[type(command).__name__].append(time.perf_counter() - begun)

    async def close(self) -> None:
        for engine in self.engines.values():
            await engine.dispose()
        await self.owner.close()


@pytest.fixture
async def rooms(record: Record, cluster: Cluster) -> AsyncIterator[tuple[Room, Room]]:
    """An empty record, and one of a million."""
    other = cluster.create_record()
    made = [Room(one, await asyncpg.connect(**one.owner_kwargs)) for one in (record, other)]
    took = await fill(made[1].owner, MILLION)
    row(f"a record of {MILLION.referrals:,} referrals filled", f"{took:.0f} s", "240 s", "-")
    for one in made:
        one.van = await desk.on_duty(one.engines[SHAH])
    yield made[0], made[1]
    for one in made:
        await one.close()
    cluster.drop_record(other)


async def test_million(rooms: tuple[Room, Room]) -> None:
    empty, full = rooms
    # In turns: what else the machine does meanwhile hits both.
    for _ in range(ROUNDS):
        await empty.round()
        await full.round()
    for name, took in full.took.items():
        bare = empty.took[name]
        p99, usual = percentile(took, 99), percentile(took, 50)
        row(
            f"{name}, of {MILLION.referrals:,} referrals",
            f"p99 {ms(p99)}, median {ms(usual)}: {usual / percentile(bare, 50):.2f} x",
            f"{MOST} x the empty record",
            f"p99 {ms(percentile(bare, 99))}, median {ms(percentile(bare, 50))}",
        )
    await replayed(full.engines[LEAD], full.owner)


async def test_everything_live(record: Record, cluster: Cluster) -> None:
    """As many are live in both: the newest forty."""
    other = cluster.create_record()
    engines = []
    for one, size in ((record, CI), (other, MILLION)):
        owner = await asyncpg.connect(**one.owner_kwargs)
        await fill(owner, size)
        await owner.close()
        engines.append(connect(one.url(SHAH), answer_within=60))
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(LIVE_READ + 1):
        for engine, mine in zip(engines, took, strict=True):
            seconds = await snapshot(engine)
            # The first reads plans and pages that the others find.
            if turn:
                mine.append(seconds)
    few, many = (percentile(mine, 50) for mine in took)
    row(
        f"everything live read, {MILLION.referrals:,} referrals",
        f"{ms(many)}: {many / few:.2f} x",
        f"{MOST} x a record of {CI.referrals:,}",
        ms(few),
    )
    for engine in engines:
        await engine.dispose()
    cluster.drop_record(other)


async def replayed(lead: AsyncEngine, owner: Any) -> None:
    """A night five hundred days ago, opened and loaded as the replay does."""
    start = await owner.fetchval("SELECT cru.clock_now() - interval '500 days'")
    end = start + timedelta(hours=12)
    took = []
    for _ in range(5):
        # Each as if it were the first of its hour.
        await owner.execute("TRUNCATE cru.opened")
        begun = time.perf_counter()
        async with transaction(lead) as connection:
            await open_day(connection, start, end)
        async with transaction(lead) as connection:
            past = await load_past(connection, start, end)
        took.append(time.perf_counter() - begun)
    # A night on which nothing happened measures nothing.
    assert past.referrals
    assert past.events
    told = f"{len(past.referrals)} referrals, {len(past.events)} events"
    row(f"replay of a night 500 days back ({told})", ms(percentile(took, 50)), ms(REPLAY), ms(min(took)))


async def snapshot(shah: AsyncEngine) -> float:
    begun = time.perf_counter()
    async with transaction(shah) as connection:
        await queries.snapshot(connection, Role.DISPATCHER)
    return time.perf_counter() - begun
