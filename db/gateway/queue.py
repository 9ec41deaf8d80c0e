"""From the queue on the disk into the record, in order and in batches."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.engine import transaction
from db.errors import Invalid, RecordError, Unavailable
from db.gateway.counters import Counters, RecordLink
from db.gateway.journal import Batch, Journal, Kind, QueueEntry, UnsettledBatch
from db.gateway.salvage import is_damage
from db.replicated import answers_for_what_it_read

T = TypeVar("T")
# Seconds, and fixes. A batch makes one NOTIFY, which takes a lock across the database: few large ones are cheaper.
BATCH_EVERY = 0.25
BATCH_MOST = 500
ROOM_FOR_ALARMS = 1000
STRAIGHT_WITHIN = 5.0
_RETRY_AFTER = (0.25, 0.5, 1.0, 2.0)
_STORE = text("SELECT cru.record_fixes(CAST(:fixes AS jsonb))")
# The inner casts, here and below, say that text comes: asyncpg would ask for a datetime.
_RAISE = text("SELECT cru.raise_emergency(CAST(:van AS uuid), CAST(CAST(:pressed AS text) AS timestamptz))")
# A promoted standby counts on from what it had: the number of what it never got is given again, to something else.
_COUNTS = (
    "system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) AS counts FROM pg_control_system()"
)
NUMBER = text(f"SELECT pg_current_xact_id()::text, {_COUNTS}")
_FATE = text(f"SELECT pg_xact_status(CAST(CAST(:number AS text) AS xid8)), {_COUNTS}")

log = logging.getLogger(__name__)


def pause_after(took: float) -> float:
    """Seconds until the next batch, after one that took so many: they keep their beat, slow as the record is."""
    return max(0.0, BATCH_EVERY - took)


class QueueFull(Exception):  # noqa: N818 - a state to answer with 503, not a fault
    """There is no room for more until the record is back."""


class GatewayQueue:
    """Takes entries, answers once they are on the disk, and carries them to the record.

    Args:
        journal: the file it is kept in; called from a thread of the queue's own, which closes it.
        engine: the record, signed in as a gateway; stays the caller's.
        counters: told what was stored.
        link: told whether the record can be reached.
        clock: the time now, aware.
        most: how many entries may wait.
    """

    def __init__(
        self,
        journal: Journal,
        engine: AsyncEngine,
        counters: Counters,
        link: RecordLink,
        clock: Callable[[], datetime],
        most: int,
    ) -> None:
        self._journal, self._engine, self._counters, self._link = journal, engine, counters, link
        self._clock, self._most = clock, most
        self._thread = ThreadPoolExecutor(1, "gateway-queue")
        # Kept in step from here on: every request asks for it, and counting half a million rows takes a while.
        self._count = journal.count()
        self._waiting: list[tuple[Sequence[QueueEntry], asyncio.Future[None]]] = []
        self._incoming, self._arrived = asyncio.Event(), asyncio.Event()
        self._back, self._drained = asyncio.Event(), asyncio.Event()
        self._batch = BATCH_MOST
        self._tasks: list[asyncio.Task[None]] = []
        self._told: dict[Kind, int] = {}
        self.disk_away_since: datetime | None = None
        counters.rejected = journal.rejected()

    def __len__(self) -> int:
        return self._count

    @property
    def full(self) -> bool:
        """Whether a fix would be turned away."""
        return self._count >= self._most

    def start(self) -> None:
        """Start writing and carrying."""
        if self._count:
            self._arrived.set()
        self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._carry())]

    async def stop(self, within: float) -> None:
        """Carry what can be carried within so many seconds, then close the queue; the rest waits on the disk."""
        if self._tasks and self._count and self._link.away_since is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._drained.wait(), within)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.in_thread(self._journal.close)
        self._thread.shutdown()

    def wake(self) -> None:
        """The record seems to be back: don't wait any longer."""
        self._back.set()

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do something with the journal, in its thread. Raises ``sqlite3.Error`` where the disk refuses."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def save_alarm(self, device_id: str, body: str) -> None:
        """Keep what is known of a device's last alarm."""
        await self._noted(lambda: self._journal.save_alarm(device_id, body))

    async def alarms(self) -> dict[str, str]:
        """Each device's last alarm, as kept."""
        return await self.in_thread(self._journal.alarms)

    async def put(self, entries: Sequence[QueueEntry]) -> None:
        """Take entries; they survive a crash once this returns.

        Raises:
            QueueFull: no room; an alarm still finds some, or goes straight to the record.
            sqlite3.Error: neither the disk nor the record would take them.
        """
        alarms = [one for one in entries if one.kind == "alarm"]
        if self._count + len(entries) > self._most + (ROOM_FOR_ALARMS if alarms else 0):
            if alarms and await self._straight(alarms):
                return
            raise QueueFull
        # Counted before it is written, so that those who come meanwhile do not all find the same last place.
        self._count += len(entries)
        self._drained.clear()
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entries, written))
        self._incoming.set()
        await written

    async def _write(self) -> None:
        # Whoever arrives while the disk is busy shares the next flush.
        while True:
            await self._incoming.wait()
            self._incoming.clear()
            taken, self._waiting = self._waiting, []
            await self._write_all(taken)

    async def _write_all(self, taken: list[tuple[Sequence[QueueEntry], asyncio.Future[None]]]) -> None:
        entries = [entry for part, _ in taken for entry in part]
        failure: sqlite3.Error | None = None
        try:
            await self.in_thread(lambda: self._journal.append(entries))
            self._arrived.set()
            self._disk_takes_it()
        except sqlite3.Error as error:
            self._disk_fails(error)
            self._count -= len(entries)
            failure = None if await self._straight(entries) else error
        for _, written in taken:
            # Whoever sent it may have hung up; it is on the disk all the same.
            if not written.done():
                written.set_result(None) if failure is None else written.set_exception(failure)

    async def _straight(self, entries: Sequence[QueueEntry]) -> bool:
        """Round a disk that takes nothing, into the record. Whether that took it."""
        fixes = [one.body for one in entries if one.kind == "fix"]
        alarms = [one.body for one in entries if one.kind == "alarm"]
        try:
            async with asyncio.timeout(STRAIGHT_WITHIN), transaction(self._engine) as connection:
                for body in alarms:
                    await _raise(connection, body)
                if fixes:
                    await connection.execute(_STORE, {"fixes": f"[{','.join(fixes)}]"})
        except (RecordError, SQLAlchemyError, TimeoutError):
            return False
        self._counters.stored += len(fixes)
        self._counters.alarms += len(alarms)
        return True

    def _disk_fails(self, error: sqlite3.Error) -> None:
        if self.disk_away_since is None:
            log.error("the disk does not take what comes in: %s", type(error).__name__)
            self.disk_away_since = self._clock()

    def _disk_takes_it(self) -> None:
        if self.disk_away_since is not None:
            log.warning("the disk takes what comes in again")
            self.disk_away_since = None

    async def _renew(self) -> None:
        # What was told and could not be forgotten is told again: the record stores it once.
        self._told.clear()
        self._count = await self.in_thread(self._journal.renew)

    async def _carry(self) -> None:
        tries = 0
        while True:
            await self._arrived.wait()
            try:
                await self._carry_all()
                tries = 0
            except (RecordError, SQLAlchemyError, sqlite3.Error) as error:
                self._away(error)
                if isinstance(error, sqlite3.Error) and is_damage(error):
                    await self._renew()
                await self._pause(_RETRY_AFTER[min(tries, len(_RETRY_AFTER) - 1)])
                self._arrived.set()
                tries += 1

    async def _pause(self, seconds: float) -> None:
        self._back.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._back.wait(), seconds)

    def _away(self, error: Exception) -> None:
        # Other errors quote what was sent; those of the record are sentences.
        sentence = (
            error.sentence if isinstance(error, RecordError) else f"The queue failed: {type(error).__name__}."
        )
        self._link.down(self._clock(), sentence)

    async def _carry_all(self) -> None:
        loop = asyncio.get_running_loop()
        await self._settle()
        while True:
            # Before looking: what arrives while the thread looks sets it again.
            self._arrived.clear()
            batch = await self.in_thread(lambda: self._journal.head(self._batch, self._told))
            if batch is None:
                self._drained.set()
                return
            begun = loop.time()
            await self._carry_batch(batch)
            # With little left, more is let gather; a long queue is carried without a pause.
            if self._count < self._batch:
                await asyncio.sleep(pause_after(loop.time() - begun))

    async def _settle(self) -> None:
        mark = await self.in_thread(self._journal.marked)
        if mark is None:
            return
        fate = await self._fate(mark)
        if fate == "in progress":
            raise Unavailable("The last batch is still being stored.")
        if fate == "committed":
            told = self._told.get(mark.kind, 0)
            self._stored(mark.kind, await self._noted(lambda: self._journal.done(mark, told)) or 0)
        else:
            await self._noted(self._journal.unmark)

    async def _fate(self, mark: UnsettledBatch) -> str | None:
        try:
            async with transaction(self._engine) as connection:
                status, cluster = (await connection.execute(_FATE, {"number": mark.number})).one()
                await answers_for_what_it_read(connection)
        except Invalid:
            # A record put back from a backup has not counted as far: it does not know the batch.
            return None
        return str(status) if cluster == mark.cluster else None

    async def _carry_batch(self, batch: Batch) -> None:
        try:
            async with transaction(self._engine) as connection:
                await self._tell(connection, batch)
        except Invalid as error:
            await self._doubt(batch, error)
            return
        self._link.up()
        # It was halved where an entry was refused, and grows again once that one is past.
        self._batch = min(BATCH_MOST, self._batch * 2)
        self._stored(batch.kind, len(batch.bodies))
        await self._note(batch, lambda: self._journal.done(batch))

    async def _note(self, batch: Batch, note: Callable[[], object]) -> None:
        """Note what became of a batch. Where it could not be forgotten it is passed over until it can."""
        self._told[batch.kind] = batch.last
        await self._noted(note)

    async def _noted(self, note: Callable[[], T]) -> T | None:
        """Note what a full disk need not take: told twice, the record stores each fix and press once."""
        try:
            return await self.in_thread(note)
        except sqlite3.Error as error:
            if is_damage(error):
                raise
            self._disk_fails(error)
            return None

    async def _tell(self, connection: AsyncConnection, batch: Batch) -> None:
        # Asked first, since it also makes the server give the transaction a number.
        number, cluster = (await connection.execute(NUMBER)).one()
        if batch.kind == "alarm":
            await _raise(connection, batch.bodies[0])
        else:
            await connection.execute(_STORE, {"fixes": f"[{','.join(batch.bodies)}]"})
        # The last thing before the commit: from here on only the record knows what became of it.
        mark = UnsettledBatch(batch.kind, batch.first, batch.last, number, cluster)
        await self._noted(lambda: self._journal.mark(mark))

    async def _doubt(self, batch: Batch, error: RecordError) -> None:
        # One entry that the record will never take must not hold up the others: halve until it stands alone.
        if not _is_about_values(error):
            raise Unavailable(error.sentence) from error
        if len(batch.bodies) > 1:
            self._batch = len(batch.bodies) // 2
            return
        log.error("the record refuses a %s; it is put aside: %s", batch.kind, error)
        await self._note(batch, lambda: self._journal.reject(batch, error.sentence))
        self._count -= len(batch.bodies)
        self._counters.rejected += 1

    def _stored(self, kind: str, entries: int) -> None:
        self._count -= entries
        self._counters.batches += 1
        if kind == "fix":
            self._counters.stored += entries
        else:
            self._counters.alarms += entries


async def _raise(connection: AsyncConnection, body: str) -> None:
    van, _, pressed = body.partition(" ")
    await connection.execute(_RAISE, {"van": van, "pressed": pressed or None})


def _is_about_values(error: RecordError) -> bool:
    # A record of another version refuses everything alike; that is no reason to put a single fix aside.
    orig = getattr(error.__cause__, "orig", error.__cause__)
    return str(getattr(orig, "sqlstate", "")).startswith(("22", "23"))
