"""Acts on their way to a disk that is slow, hangs or fails: each is said to wait, and what is not safe is said."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from console.live import outbox as rules
from console.live.one_act import QueuedAct, Safety
from console.live.outbox import FULL, NOT_WRITTEN, SLOW, Outbox
from console.live.outbox_folder import KEY_BYTES, FullError, OutboxFolder, Whose
from db.commands import AddNote, Command, TakeBack

NIGHT = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)
KEY, SHAH = bytes(KEY_BYTES), Whose("a.shah", "one")


class Disk(OutboxFolder):
    """A folder on a disk that does what it is told to."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, KEY, SHAH)
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.fails: Exception | None = None

    def put(self, said: dict[str, Any], name: str = "") -> str:
        self.goes_on.wait(timeout=20)
        if self.fails is not None:
            raise self.fails
        return super().put(said, name)


class Bench:
    def __init__(self, root: Path) -> None:
        self.disk, self.told = Disk(root), asyncio.Event()
        self.disk.open()
        self.outbox = Outbox(self.disk, self.told.set)

    def act(self, words: str, command: Command | None = None) -> QueuedAct:
        """An act that is to wait, as ``Actions`` hands it over."""
        note = command or AddNote(referral_id=UUID(int=1), words=words)
        act = QueuedAct(note, words, frozenset({UUID(int=1)}), NIGHT)
        act.safety = Safety.WANTED if self.outbox.holds_up(act) else Safety.MEMORY
        self.outbox.take(act)
        return act

    async def until(self, act: QueuedAct, safety: Safety) -> None:
        async with asyncio.timeout(20):
            while act.safety is not safety:
                self.told.clear()
                await self.told.wait()

    def on_disk(self) -> int:
        return len(self.disk._sizes)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.disk.goes_on.set()
    await made.outbox.close()


async def test_a_slow_disk_is_said_and_catches_up(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SAID_WITHIN", 0.02)
    bench.disk.goes_on.clear()
    first, second = bench.act("a"), bench.act("b")
    await bench.until(second, Safety.MEMORY)
    assert (first.safety, bench.outbox.trouble) == (Safety.MEMORY, SLOW)
    third = bench.act("c")  # whoever asks now waits for no disk
    assert third.safety is Safety.MEMORY
    bench.disk.goes_on.set()
    for act in (first, second, third):
        await bench.until(act, Safety.DISK)
    assert (bench.outbox.trouble, bench.on_disk()) == ("", 3)


async def test_a_disk_that_hangs_is_given_up(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "WRITE_WITHIN", 0.02)
    bench.disk.goes_on.clear()
    first, second = bench.act("a"), bench.act("b")
    await bench.until(first, Safety.MEMORY)
    later = bench.act("c")
    assert (later.safety, bench.outbox.trouble, bench.outbox.wants(later)) == (Safety.MEMORY, SLOW, False)
    assert second.safety is Safety.MEMORY


@pytest.mark.parametrize(
    ("fails", "says", "logged"),
    [
        (FullError(), FULL, []),
        (OSError("Robin Sample"), NOT_WRITTEN, ["what waits was not written: OSError"]),
        (KeyError("Robin Sample"), NOT_WRITTEN, ["what waits was not written: KeyError"]),
    ],
)
async def test_what_cannot_be_written_waits_all_the_same(
    bench: Bench, caplog: pytest.LogCaptureFixture, fails: Exception, says: str, logged: list[str]
) -> None:
    bench.disk.fails = fails
    act = bench.act("a")
    await bench.until(act, Safety.MEMORY)
    assert bench.outbox.trouble == says
    bench.disk.fails = None
    other = bench.act("b")
    await bench.until(other, Safety.DISK)
    assert (bench.outbox.trouble, act.safety) == ("", Safety.MEMORY)
    assert [record.getMessage() for record in caplog.records] == logged
    caplog.clear()


async def test_what_never_waits_on_the_disk_is_held_up_by_none(bench: Bench) -> None:
    act = bench.act("back", TakeBack(act_id=1, referral_id=UUID(int=1), van_id=None))
    assert (act.safety, bench.on_disk()) == (Safety.MEMORY, 0)


async def test_what_follows_is_written_also_while_it_is_on_its_way(bench: Bench) -> None:
    bench.disk.goes_on.clear()
    act = bench.act("a")
    await asyncio.sleep(0)
    act.following = ((AddNote(referral_id=UUID(int=1), words="more"), "Note"),)
    bench.outbox.keep(act)
    bench.disk.goes_on.set()
    await bench.until(act, Safety.DISK)
    await bench.outbox.close()
    again = OutboxFolder(bench.disk._root, KEY, SHAH)
    (box,) = again.open().mine
    assert [len(one["acts"]) for one in box] == [2]
    again.forget_before()
    again.close()
