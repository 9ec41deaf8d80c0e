"""Between the disk and the record: what is carried when, and what becomes of what the record will not take."""

import asyncio
import json
import re
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from db.engine import connect
from db.errors import Invalid
from db.gateway import queue as queue_module
from db.gateway.counters import Counters, RecordLink
from db.gateway.journal import FILE, Batch, Journal, QueueEntry, UnsettledBatch
from db.gateway.queue import BATCH_EVERY, BATCH_MOST, NUMBER, ROOM_FOR_ALARMS, GatewayQueue, QueueFull
from tests.cluster import Record
from tests.db.gateways import HOME, Vans, ago, van, vans
from tests.unit.offline_gateway import NOW, NOWHERE

__all__ = ["van", "vans"]
WITHIN = 20.0


@dataclass
class Carried:
    """A queue, and what it told."""

    queue: GatewayQueue
    journal: Journal
    counters: Counters
    link: RecordLink
    failures: list[float]
    """When it was told that the record is away, by the loop's clock."""

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition."""
        async with asyncio.timeout(WITHIN):
            while not condition():
                await asyncio.sleep(0.005)

    async def empty(self) -> None:
        """Wait until nothing waits."""
        await self.until(lambda: len(self.queue) == 0)


@asynccontextmanager
async def carrying(
    folder: Path, record: Record | None, *, most: int = 10_000, start: bool = True, within: float = 0.0
) -> AsyncIterator[Carried]:
    """A queue to this record, or to none."""
    engine = connect(record.url("g.gateway") if record else NOWHERE, "cru-gateway")
    journal, counters, link = Journal(folder), Counters(), RecordLink()
    failures: list[float] = []

    def clock() -> object:
        failures.append(asyncio.get_running_loop().time())
        return NOW

    queue = GatewayQueue(journal, engine, counters, link, clock, most)  # type: ignore[arg-type] # of aware times
    if start:
        queue.start()
    try:
        yield Carried(queue, journal, counters, link, failures)
    finally:
        await queue.stop(within)
        assert all(task.done() for task in queue._tasks), "it goes on after its end"
        await engine.dispose()


def entry(van: UUID, seconds: float, **more: object) -> QueueEntry:
    """A fix so many seconds ago."""
    body = {"van_id": str(van), "fixed_at": ago(seconds).isoformat(), "lat": HOME[0], "lon": HOME[1], **more}
    return QueueEntry("fix", json.dumps(body))


def entries(van: UUID, count: int) -> list[QueueEntry]:
    return [entry(van, 5000 - n) for n in range(count)]


def left(folder: Path) -> list[str]:
    """The kinds of what waits on the disk, once the queue is closed."""
    with sqlite3.connect(folder / FILE) as kept:
        kinds = [kind for (kind,) in kept.execute("SELECT kind FROM entry ORDER BY seq")]
    kept.close()
    return kinds


def test_the_queues_numbers() -> None:
    assert (BATCH_EVERY, BATCH_MOST, ROOM_FOR_ALARMS) == (0.25, 500, 1000)
    assert queue_module._RETRY_AFTER == (0.25, 0.5, 1, 2)


async def test_how_much_may_wait(tmp_path: Path) -> None:
    fix, alarm = entry(UUID(int=1), 1), QueueEntry("alarm", str(UUID(int=1)))
    async with carrying(tmp_path, None, most=3) as made:
        await made.queue.put([fix, fix])
        assert not made.queue.full
        with pytest.raises(QueueFull):
            await made.queue.put([fix, fix])
        assert len(made.queue) == 2
        await made.queue.put([fix])
        assert made.queue.full
        await made.queue.put([*[fix] * (ROOM_FOR_ALARMS - 2), alarm])
        with pytest.raises(QueueFull):
            await made.queue.put([fix, alarm])
        await made.queue.put([alarm])
        with pytest.raises(QueueFull):
            await made.queue.put([alarm])
        assert len(made.queue) == 3 + ROOM_FOR_ALARMS
    assert len(left(tmp_path)) == 3 + ROOM_FOR_ALARMS


async def test_a_new_queue_knows_what_waits_and_what_was_put_aside(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append([entry(UUID(int=1), 1)] * 3)
    batch = journal.head(1)
    assert batch is not None
    assert journal.reject(batch, "no") == 1
    journal.close()
    async with carrying(tmp_path, None, start=False) as made:
        assert (len(made.queue), made.counters.rejected) == (2, 1)


async def test_those_who_come_together_share_a_flush_and_keep_their_order(tmp_path: Path) -> None:
    async with carrying(tmp_path, None) as made:
        sent = [[entry(UUID(int=n), 1), entry(UUID(int=n), 0)] for n in range(20)]
        commits: list[str] = []
        await made.queue.in_thread(lambda: made.journal._db.set_trace_callback(commits.append))
        await asyncio.gather(*(made.queue.put(one) for one in sent))
        assert sum("COMMIT" in one for one in commits) == 1
        kept = await made.queue.in_thread(lambda: made.journal.head(100))
        assert kept is not None
        assert list(kept.bodies) == [one.body for part in sent for one in part]


async def test_what_the_disk_does_not_take_is_said_to_those_who_sent_it(tmp_path: Path) -> None:
    async with carrying(tmp_path, None, most=2) as made:
        db = made.journal._db
        sql = "CREATE TRIGGER broken BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'broken'); END"
        await made.queue.in_thread(lambda: db.execute(sql))
        answers = await asyncio.gather(
            *(made.queue.put([entry(UUID(int=1), 1)]) for _ in range(2)), return_exceptions=True
        )
        assert [type(one) for one in answers] == [sqlite3.IntegrityError] * 2
        assert len(made.queue) == 0
        await made.queue.in_thread(lambda: db.execute("DROP TRIGGER broken"))
        await made.queue.put([entry(UUID(int=1), 1)] * 2)


async def test_one_who_gave_up_waiting_hinders_nobody(tmp_path: Path) -> None:
    async with carrying(tmp_path, None) as made:
        gone = asyncio.create_task(made.queue.put([entry(UUID(int=1), 1)]))
        await asyncio.sleep(0)
        gone.cancel()
        await made.queue.put([entry(UUID(int=2), 1)])
        await made.queue.put([entry(UUID(int=3), 1)])
        assert len(made.queue) == 3


async def test_it_carries_in_batches_and_counts(tmp_path: Path, record: Record, vans: Vans, van: UUID) -> None:
    async with carrying(tmp_path, record, start=False) as made:
        await made.queue.in_thread(lambda: made.journal.append(entries(van, 1200)))
        made.queue._count = 1200
        made.queue.start()
        await made.empty()
        assert (made.counters.batches, made.counters.stored, made.counters.alarms) == (3, 1200, 0)
        assert made.link.away_since is None
        await made.queue.put([QueueEntry("alarm", str(van)), entry(van, 3)])
        await made.empty()
        assert (made.counters.batches, made.counters.stored, made.counters.alarms) == (5, 1201, 1)
    assert vans.count() == 1201
    assert vans.emergency(van) is not None


async def test_what_comes_a_few_at_a_time_is_gathered(tmp_path: Path, record: Record, van: UUID) -> None:
    async with carrying(tmp_path, record) as made:
        began = asyncio.get_running_loop().time()
        for seconds in range(40, 0, -1):
            await made.queue.put([entry(van, seconds)])
        await made.empty()
        took = asyncio.get_running_loop().time() - began
        # Every quarter of a second a batch, and one at the end.
        assert made.counters.batches <= 2 + took / BATCH_EVERY
        assert made.counters.stored == 40


async def test_a_backlog_is_not_paused_for(tmp_path: Path, record: Record, van: UUID) -> None:
    async with carrying(tmp_path, record, start=False) as made:
        made.queue._batch = 5
        await made.queue.in_thread(lambda: made.journal.append(entries(van, 2000)))
        made.queue._count = 2000
        made.queue.start()
        await made.empty()
        # 5, 10, 20, … as long as nothing is refused: it soon carries as much as it may again.
        assert made.queue._batch == BATCH_MOST
        assert made.counters.batches == 10


async def test_it_drains_at_the_end_while_the_record_is_there(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    async with carrying(tmp_path, record, within=WITHIN) as made:
        await made.queue.put(entries(van, 20))
    assert left(tmp_path) == []
    assert vans.count() == 20


async def test_at_the_end_nobody_waits_for_a_record_that_is_away(tmp_path: Path) -> None:
    began = asyncio.get_running_loop().time()
    async with carrying(tmp_path, None, within=WITHIN) as made:
        await made.queue.put([entry(UUID(int=1), 1)])
        await made.until(lambda: made.link.away_since is not None)
    assert asyncio.get_running_loop().time() - began < WITHIN / 2
    assert left(tmp_path) == ["fix"]


@pytest.mark.parametrize("start", [True, False])
async def test_at_the_end_nobody_waits_for_nothing(tmp_path: Path, record: Record, start: bool) -> None:
    if not start:
        journal = Journal(tmp_path)
        journal.append([entry(UUID(int=1), 1)])
        journal.close()
    began = asyncio.get_running_loop().time()
    async with carrying(tmp_path, record, start=start, within=WITHIN):
        pass
    assert asyncio.get_running_loop().time() - began < WITHIN / 2
    # The file is let go of.
    Journal(tmp_path).close()


async def test_it_tries_again_after_longer_and_longer_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = (0.0, 0.1, 0.3)
    monkeypatch.setattr(queue_module, "_RETRY_AFTER", pauses)
    async with carrying(tmp_path, None) as made:
        await made.queue.put([entry(UUID(int=1), 1)])
        await made.until(lambda: len(made.failures) == 5)
    gaps = [later - sooner for sooner, later in zip(made.failures, made.failures[1:], strict=False)]
    for gap, pause in zip(gaps, (*pauses, pauses[-1]), strict=False):
        assert pause <= gap + 0.001
    assert gaps[0] < 0.1
    assert gaps[1] < 0.3
    assert made.link.reason


async def test_once_the_record_was_there_the_pauses_are_short_again(
    tmp_path: Path, record: Record, vans: Vans, van: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_RETRY_AFTER", (0.01, 60.0))
    async with carrying(tmp_path, record) as made:
        for seconds in (10, 5):
            vans.ask("ALTER FUNCTION cru.record_fixes(jsonb) RENAME TO gone")
            before = len(made.failures)
            await made.queue.put([entry(van, seconds)])
            await made.until(lambda before=before: len(made.failures) > before)
            assert made.link.away_since is not None
            vans.ask("ALTER FUNCTION cru.gone(jsonb) RENAME TO record_fixes")
            made.queue.wake()
            await made.empty()
            assert made.link.away_since is None
    assert vans.count() == 2


async def test_it_need_not_wait_when_the_record_is_said_to_be_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_RETRY_AFTER", (60.0,))
    async with carrying(tmp_path, None) as made:
        await made.queue.put([entry(UUID(int=1), 1)])
        for tries in (1, 2, 3):
            await made.until(lambda tries=tries: len(made.failures) == tries)
            made.queue.wake()
        await made.until(lambda: len(made.failures) == 4)


async def test_a_record_of_another_version_refuses_nothing_for_good(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    vans.ask("DROP FUNCTION cru.record_fixes(jsonb)")
    async with carrying(tmp_path, record) as made:
        await made.queue.put([entry(van, 1)])
        await made.until(lambda: made.link.away_since is not None)
        assert made.link.reason == "The record does not fit this program."
        assert (len(made.queue), made.counters.rejected) == (1, 0)
    assert left(tmp_path) == ["fix"]


@pytest.mark.parametrize("bad", [[0], [3], [6], [0, 1], [2, 5], [0, 1, 2, 3, 4, 5, 6]])
async def test_what_no_record_can_hold_is_put_aside_and_the_others_are_stored(
    tmp_path: Path, record: Record, vans: Vans, van: UUID, bad: list[int]
) -> None:
    sent = [entry(van, 50 - n, **({"source": "\0"} if n in bad else {})) for n in range(7)]
    async with carrying(tmp_path, record) as made:
        await made.queue.put(sent)
        await made.empty()
        assert (made.counters.rejected, made.counters.stored) == (len(bad), 7 - len(bad))
    with sqlite3.connect(tmp_path / FILE) as kept:
        rows = kept.execute("SELECT seq, kind, body, why FROM rejected ORDER BY seq").fetchall()
    kept.close()
    assert rows == [(n + 1, "fix", sent[n].body, "The record refuses this value.") for n in bad]
    assert vans.count() == 7 - len(bad)


async def test_an_alarm_that_no_record_can_hold_keeps_no_other_from_being_raised(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    async with carrying(tmp_path, record) as made:
        await made.queue.put([QueueEntry("alarm", "no van"), QueueEntry("alarm", str(van)), entry(van, 1)])
        await made.empty()
        assert (made.counters.rejected, made.counters.alarms, made.counters.stored) == (1, 1, 1)
    assert vans.emergency(van) is not None


async def numbered(record: Record, *, finish: str = "") -> tuple[asyncpg.Connection, str, str]:
    """A transaction of the gateway's, its number and its cluster; still open unless it is finished."""
    connection = await asyncpg.connect(**record.kwargs("g.gateway"))
    await connection.execute("BEGIN")
    number, cluster = await connection.fetchrow(str(NUMBER))
    if finish:
        await connection.execute(finish)
    return connection, number, cluster


def marked(folder: Path, number: str, cluster: str, *sent: QueueEntry) -> None:
    """A queue's file as a crash under a commit leaves it: the first entry was being sent."""
    journal = Journal(folder)
    journal.append(sent)
    journal.mark(UnsettledBatch(sent[0].kind, 1, 1, number, cluster))
    journal.close()


@pytest.mark.parametrize(
    ("finish", "other_cluster", "later", "stored"),
    [
        ("COMMIT", False, 0, 1),
        ("ROLLBACK", False, 0, 2),
        # A record put back from a backup, or another server: what was committed there is not here.
        ("COMMIT", True, 0, 2),
        ("COMMIT", False, 10**9, 2),
    ],
)
async def test_a_batch_of_unknown_fate_is_sent_again_only_if_it_is_not_there(
    tmp_path: Path,
    record: Record,
    vans: Vans,
    van: UUID,
    finish: str,
    other_cluster: bool,
    later: int,
    stored: int,
) -> None:
    connection, number, cluster = await numbered(record, finish=finish)
    await connection.close()
    marked(tmp_path, str(int(number) + later), "7" if other_cluster else cluster, entry(van, 9), entry(van, 8))
    async with carrying(tmp_path, record) as made:
        await made.empty()
        # The one that was in the record already is counted too.
        assert made.counters.stored == 2
        assert await made.queue.in_thread(made.journal.marked) is None
    assert vans.count() == stored


async def test_an_alarm_of_unknown_fate_is_raised_once(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    connection, number, cluster = await numbered(record, finish="COMMIT")
    await connection.close()
    marked(tmp_path, number, cluster, QueueEntry("alarm", str(van)), entry(van, 8))
    async with carrying(tmp_path, record) as made:
        await made.empty()
        assert (made.counters.alarms, made.counters.stored) == (1, 1)
    assert vans.emergency(van) is None


async def test_a_batch_that_is_still_being_stored_is_waited_for(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    connection, number, cluster = await numbered(record)
    marked(tmp_path, number, cluster, entry(van, 9), entry(van, 8))
    async with carrying(tmp_path, record) as made:
        await made.until(lambda: made.link.away_since is not None)
        assert made.link.reason == "The last batch is still being stored."
        assert vans.count() == 0
        await connection.execute("COMMIT")
        await made.empty()
    await connection.close()
    assert vans.count() == 1


async def test_a_batch_is_marked_before_it_is_committed(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    # What holds up the commit is in the record; the mark must be on the disk by then.
    lock = await asyncpg.connect(**record.owner_kwargs)
    await lock.execute("BEGIN; LOCK TABLE cru.position IN ACCESS EXCLUSIVE MODE")
    statements: list[str] = []
    async with carrying(tmp_path, record) as made:
        await made.queue.in_thread(lambda: made.journal._db.set_trace_callback(statements.append))
        await made.queue.put([entry(van, 1)])
        await lock.execute("COMMIT")
        await made.empty()
        marks = [one for one in statements if "INTO sending" in one]
        assert len(marks) == 1
        number, cluster = re.findall(r"'(\d[\d/A-F]*)'", marks[0])
        told = vans.ask("SELECT system_identifier::text AS it FROM pg_control_system()")
        # The server, and its timeline.
        assert cluster == f"{told[0]['it']}/00000001"
        status = vans.ask("SELECT pg_xact_status($1::text::xid8) AS it", number)
        assert status[0]["it"] == "committed"
    await lock.close()


@pytest.mark.parametrize(("bodies", "next_batch"), [(500, 250), (7, 3), (3, 1), (2, 1)])
async def test_a_batch_that_is_refused_is_halved(tmp_path: Path, bodies: int, next_batch: int) -> None:
    refused = Invalid("A number is too large.", "")
    refused.__cause__ = asyncpg.NumericValueOutOfRangeError()
    async with carrying(tmp_path, None, start=False) as made:
        await made.queue._doubt(Batch("fix", 1, bodies, ("{}",) * bodies), refused)
        assert made.queue._batch == next_batch
        assert made.counters.rejected == 0


@pytest.mark.parametrize(
    ("code", "about_values"), [("22003", True), ("23514", True), ("42883", False), ("", False)]
)
async def test_only_what_is_wrong_with_values_is_put_aside(tmp_path: Path, code: str, about_values: bool) -> None:
    """A record of another version refuses everything alike."""
    refused = Invalid("No.", "")
    refused.__cause__ = asyncpg.PostgresError()
    refused.__cause__.sqlstate = code
    assert queue_module._is_about_values(refused) is about_values


async def test_a_queue_that_is_closed_leaves_no_thread_behind(tmp_path: Path) -> None:
    def threads() -> list[str]:
        return [one.name for one in threading.enumerate() if one.name.startswith("gateway-queue")]

    before = threads()
    async with carrying(tmp_path / "queue", None, start=False) as made:
        await made.queue.in_thread(lambda: None)
        assert len(threads()) == len(before) + 1
    assert threads() == before
