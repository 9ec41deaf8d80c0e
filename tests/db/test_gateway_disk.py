"""A disk that takes nothing stops neither fixes nor panics; of a damaged queue goes on what can be read."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from db.gateway import queue as gateway_queue
from db.gateway.journal import FILE, Journal, QueueEntry
from db.gateway.queue import QueueFull
from tests.cluster import Record
from tests.db.gateways import Vans, ago, van, vans
from tests.db.test_gateway_queue import Carried, carrying, entries, entry

__all__ = ["van", "vans"]
DEVICE = {"attributes": {"device": "one"}}


def sent(van: UUID, count: int) -> list[QueueEntry]:
    return [entry(van, 5000 - n, **DEVICE) for n in range(count)]


def press(van: UUID, seconds: float = 1) -> QueueEntry:
    return QueueEntry("alarm", f"{van} {ago(seconds).isoformat()}")


ALL = (("entry", "INSERT"), ("entry", "DELETE"), ("sending", "INSERT"), ("sending", "DELETE"), ("alarm", "INSERT"))


async def fill(carried: Carried, *which: tuple[str, str]) -> None:
    """From now on the disk is full: it takes nothing new, and notes nothing, or only some of it."""

    def full(db: sqlite3.Connection) -> None:
        for table, act in which or ALL:
            db.execute(
                f"CREATE TRIGGER full_{table}_{act} BEFORE {act} ON {table} BEGIN SELECT RAISE(FAIL, 'full'); END"
            )

    await carried.queue.in_thread(lambda: full(carried.journal._db))


async def empty_again(carried: Carried) -> None:
    def freed(db: sqlite3.Connection) -> None:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")

    await carried.queue.in_thread(lambda: freed(carried.journal._db))


async def test_what_waits_is_stored_once_though_nothing_can_be_noted(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    journal = Journal(tmp_path)
    journal.append([*sent(van, 700), press(van)])
    journal.close()
    async with carrying(tmp_path, record, start=False) as carried:
        await fill(carried)
        carried.queue.start()
        await carried.empty()
        assert (vans.count(), vans.emergency(van) is not None) == (700, True)
        assert carried.queue.disk_away_since is not None
        await empty_again(carried)
        await carried.queue.put([entry(van, 3, **DEVICE)])
        await carried.empty()
        assert carried.queue.disk_away_since is None
    # What could be forgotten at last is not told again; what could not would be stored once all the same.
    async with carrying(tmp_path, record) as carried:
        await carried.empty()
    assert vans.count() == 701


async def test_what_was_told_and_could_not_be_forgotten_is_counted_once(
    tmp_path: Path, record: Record, van: UUID
) -> None:
    journal = Journal(tmp_path)
    journal.append(sent(van, 30))
    journal.close()
    async with carrying(tmp_path, record, start=False) as carried:
        # Full between the mark of a batch and its end: the mark is found again when there is room.
        await fill(carried, ("entry", "DELETE"))
        carried.queue.start()
        await carried.empty()
        assert carried.journal.marked() is not None
        await empty_again(carried)
        await carried.queue.put([entry(van, 3, **DEVICE)])
        await carried.until(lambda: carried.journal.marked() is None and carried.journal.count() == 0)
        await carried.empty()
        assert (len(carried.queue), carried.counters.stored) == (0, 31)


async def test_a_press_that_was_told_is_accepted_though_its_memory_cannot_be_kept(
    tmp_path: Path, record: Record
) -> None:
    async with carrying(tmp_path, record) as carried:
        await fill(carried)
        await carried.queue.save_alarm("one", "{}")
        assert carried.queue.disk_away_since is not None


async def test_after_a_kill_on_a_full_disk_nothing_is_stored_twice(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    async with carrying(tmp_path, record, start=False) as carried:
        await carried.queue.in_thread(lambda: carried.journal.append(sent(van, 40)))
        carried.queue._count = 40
        await fill(carried)
        carried.queue.start()
        await carried.until(lambda: carried.counters.stored == 40)
    async with carrying(tmp_path, record, start=False) as carried:
        await empty_again(carried)
        carried.queue.start()
        await carried.empty()
    assert vans.count() == 40


@pytest.mark.hazard("H-072")
async def test_what_comes_in_on_a_full_disk_goes_straight_to_the_record(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    async with carrying(tmp_path, record) as carried:
        await fill(carried)
        await carried.queue.put([entry(van, 5, **DEVICE), press(van, 5)])
        assert (vans.count(), vans.emergency(van) is not None) == (1, True)
        assert (len(carried.queue), carried.counters.stored, carried.counters.alarms) == (0, 1, 1)


@pytest.mark.hazard("H-072")
async def test_with_neither_disk_nor_record_it_is_said(tmp_path: Path, van: UUID) -> None:
    async with carrying(tmp_path, None) as carried:
        await fill(carried)
        with pytest.raises(sqlite3.Error):
            await carried.queue.put([press(van)])
        assert len(carried.queue) == 0


@pytest.mark.hazard("H-040")
async def test_a_panic_goes_round_a_full_queue(
    tmp_path: Path, record: Record, vans: Vans, van: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_queue, "ROOM_FOR_ALARMS", 0)
    async with carrying(tmp_path, record, most=2, start=False) as carried:
        carried.queue._count = 2
        with pytest.raises(QueueFull):
            await carried.queue.put([entry(van, 4, **DEVICE)])
        await carried.queue.put([entry(van, 3, **DEVICE), press(van, 3)])
        assert vans.emergency(van) is not None
        carried.queue._count = 0


def spoil(file: Path, page: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(page * 4096 + 8)
        opened.write(os.urandom(4000))


def set_aside(folder: Path) -> list[Path]:
    return list(folder.glob("queue.damaged-*.sqlite3"))


def filled(folder: Path, rows: list[QueueEntry]) -> Path:
    journal = Journal(folder)
    for at in range(0, len(rows), 100):
        journal.append(rows[at : at + 100])
    journal.close()
    return folder / FILE


@pytest.mark.parametrize("page", [9, 15, 20])
async def test_a_damaged_page_costs_what_is_on_it(
    tmp_path: Path, record: Record, vans: Vans, van: UUID, page: int
) -> None:
    file = filled(tmp_path, [*sent(van, 400), press(van)])
    spoil(file, page)
    async with carrying(tmp_path, record) as carried:
        await carried.empty()
    assert 300 < vans.count() < 401
    assert len(set_aside(tmp_path)) == 1


async def test_a_file_that_is_no_queue_is_set_aside(tmp_path: Path, record: Record, vans: Vans, van: UUID) -> None:
    (tmp_path / FILE).write_bytes(b"not what it was" * 5000)
    async with carrying(tmp_path, record) as carried:
        await carried.queue.put([entry(van, 3, **DEVICE)])
        await carried.until(lambda: carried.counters.stored == 1)
    assert len(set_aside(tmp_path)) == 1


@pytest.mark.hazard("H-072")
async def test_damage_while_it_runs_is_noticed_and_nothing_stops(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    async with carrying(tmp_path, record, start=False) as carried:
        for at in range(0, 400, 100):
            await carried.queue.in_thread(lambda at=at: carried.journal.append(sent(van, 400)[at : at + 100]))
        carried.queue._count = 400

        def worsen() -> None:
            carried.journal._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            carried.journal._db.execute("PRAGMA shrink_memory").fetchall()
            spoil(tmp_path / FILE, 12)

        await carried.queue.in_thread(worsen)
        carried.queue.start()
        await carried.empty()
        await carried.queue.put([entry(van, 3, **DEVICE)])
        await carried.empty()
    assert 300 < vans.count() < 402


async def test_what_comes_in_after_a_file_was_begun_anew_is_told(
    tmp_path: Path, record: Record, vans: Vans, van: UUID
) -> None:
    async with carrying(tmp_path, record) as carried:
        await carried.queue.put(sent(van, 2))
        await carried.empty()
        # On a full disk it could not be forgotten; the new file counts from one again.
        carried.queue._told["fix"] = 1000
        await carried.queue._renew()
        assert len(carried.queue) == 0
        await carried.queue.put([entry(van, 3, **DEVICE)])
        await carried.empty()
    assert vans.count() == 3


async def test_a_damaged_row_costs_itself(tmp_path: Path, record: Record, vans: Vans, van: UUID) -> None:
    file = filled(tmp_path, sent(van, 5))
    with sqlite3.connect(file) as db:
        db.execute("UPDATE entry SET body = CAST(x'ff00fe7b' AS TEXT) WHERE seq = 3")
    db.close()
    async with carrying(tmp_path, record) as carried:
        await carried.empty()
        assert carried.counters.rejected == 1
    assert vans.count() == 4


def known(journal: Journal) -> dict[str, Any]:
    return {"devices": journal.devices(), "alarms": journal.alarms(), "rejected": journal.rejected()}


def test_what_else_was_known_goes_on_too(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.save_alarm("one", json.dumps(["x"]))
    journal.append(entries(UUID(int=1), 300))
    before = known(journal)
    journal.close()
    spoil(tmp_path / FILE, 14)
    journal = Journal(tmp_path)
    assert known(journal) == before
    journal.close()
