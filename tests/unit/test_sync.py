"""What following the record promises in time and in words: the compare, the beat, another life or program."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field, replace
from typing import ClassVar
from uuid import UUID

import pytest

from console.live import live_watch
from console.live import sync as live
from console.live.store import Delta, Link, LinkState, Store
from console.live.sync import Sync
from db.clock import RecordClock
from db.domain.reference import ReferenceData
from db.follow import Beat, Changes, Place
from db.mirror import Found
from tests.unit.fake_record import NOW, FakeRecord, FakeSource, referral, van

NOBODY = ReferenceData("", {}, {}, {}, {}, (), {}, {}, (), (), {})
R1, R2, V1 = (UUID(int=n) for n in (1, 2, 11))


class Source(FakeSource):
    """As the other, and a test may say what a beat and a list of changes hold besides."""

    revision = oldest = "0001"
    seen = True
    besides: tuple[str, ...] = ()
    positions: ClassVar[list[set[UUID] | None]] = []
    wholes = 0

    async def beat(self) -> Beat:
        return replace(await super().beat(), revision=self.revision, oldest=self.oldest)

    async def changes(self, since: Place) -> Changes:
        found = await super().changes(since)
        if not self.seen:
            found = replace(
                found, ids={name: ids for name, ids in found.ids.items() if name != "beat"}, beat=False
            )
        for name in self.besides:
            found.add(name, None)
        type(self).besides = ()
        return found

    async def rows(self, changes: Changes, known: Collection[UUID]) -> Found:
        if "position" in changes.ids:
            type(self).positions.append(changes.ids["position"])
        return await super().rows(changes, known)

    async def whole(self) -> tuple[Found, Place]:
        type(self).wholes += 1
        return await super().whole()


@dataclass
class Room:
    """A console that follows a played record, and all that it told."""

    record: FakeRecord = field(default_factory=FakeRecord)
    references: int = 0
    losses: int = 0
    deltas: list[Delta] = field(default_factory=list)
    events: list[frozenset[UUID]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def begin(self) -> None:
        self.store = Store(NOBODY, Link(LinkState.CONNECTING, NOW))
        self.store.changed.connect(self.deltas.append)
        self.store.events_changed.connect(self.events.append)
        self.store.link_changed.connect(self.links.append)
        self.sync = Sync(self.open, self.store, RecordClock(), self.reference, self.lost)
        self.task = asyncio.ensure_future(self.sync.run())

    async def open(self) -> Source:
        await self.record.step("open")
        return Source(self.record)

    def reference(self) -> None:
        self.references += 1

    def lost(self) -> None:
        self.losses += 1

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.001)

    async def beats(self, count: int) -> None:
        """Let the record be beaten that many times more."""
        wanted = len(self.record.beats) + count
        await self.until(lambda: len(self.record.beats) >= wanted)

    @property
    def is_live(self) -> bool:
        return self.store.link.state is LinkState.LIVE


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setattr(live, "BEAT_EVERY", 0.004)
    monkeypatch.setattr(live, "GATHER", 0.0005)
    monkeypatch.setattr(live, "_RETRY_AFTER", (0.0005, 0.001))
    Source.revision = Source.oldest = "0001"
    Source.seen, Source.besides, Source.wholes = True, (), 0
    Source.positions.clear()
    made = Room()
    made.record.rows["referral", R1] = referral(R1, 1)
    made.begin()
    await made.until(lambda: made.is_live)
    yield made
    made.task.cancel()
    await asyncio.gather(made.task, return_exceptions=True)


def test_the_promises_are_those_that_the_house_makes() -> None:
    # ARCHITECTURE: each second a beat, back within two; lost after four; everything every ten minutes.
    assert (live.BEAT_EVERY, live.SEEN_WITHIN, live.WHOLE_EVERY) == (1.0, 2.0, 600.0)
    assert (live_watch.LATE_AFTER, live_watch.LOST_AFTER) == (2.0, 4.0)
    assert live_watch.LOOK_EVERY_MS <= 1000
    assert max(live._RETRY_AFTER) <= 0.5
    assert live.GATHER <= 0.1
    assert live.POSITIONS_AT_MOST == 1.0
    assert 1.0 < live._ASK_A_PERSON_AFTER <= 5.0


async def test_what_the_list_did_not_tell_is_found_by_the_compare(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A row that was changed by nobody's trigger, such as by a repair with triggers off.
    room.record.rows["referral", R1] = referral(R1, 7)
    await room.beats(5)
    assert room.store.referral(R1) == referral(R1, 1)
    assert Source.wholes == 1
    monkeypatch.setattr(live, "WHOLE_EVERY", 0.01)
    room.sync.read_everything()
    await room.until(lambda: room.store.referral(R1) == referral(R1, 7))
    # From here on by itself.
    room.record.rows["referral", R1] = referral(R1, 8)
    await room.until(lambda: room.store.referral(R1) == referral(R1, 8))
    assert room.is_live
    assert not room.deltas[-1].after_loss


async def test_an_asked_for_compare_comes_at_once_and_only_once(room: Room) -> None:
    room.sync.read_everything()
    await room.until(lambda: Source.wholes == 2)
    await room.beats(4)
    assert Source.wholes == 2


async def test_a_beat_that_is_not_seen_is_a_lost_link(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    await room.beats(20)
    assert room.losses == 0, "each beat is seen"
    Source.seen = False
    monkeypatch.setattr(live, "SEEN_WITHIN", 0.03)
    await room.until(lambda: room.losses)
    Source.seen = True
    monkeypatch.setattr(live, "SEEN_WITHIN", 2.0)
    await room.until(lambda: room.is_live)
    assert LinkState.LOST in {link.state for link in room.links}


async def test_a_loss_is_told_once_and_what_happened_meanwhile_is_marked(room: Room) -> None:
    before = room.references
    room.record.fails += ["beat", "open", "open", "whole"]
    room.record.rows["referral", R2] = referral(R2, 1)
    await room.until(lambda: room.losses == 1)
    assert room.store.link.sentence
    await room.until(lambda: room.store.referral(R2) is not None)
    assert room.losses == 1
    assert room.deltas[-1].after_loss
    assert not room.deltas[0].after_loss, "nothing was lost before the first picture"
    await room.until(lambda: room.references == before + 1)
    assert room.events[-1] == {R1, R2}
    room.record.commit(changed(room, 3))
    await room.until(lambda: room.store.referral(R1) == referral(R1, 3))
    assert not room.deltas[-1].after_loss


def changed(room: Room, version: int) -> int:
    number = room.record.begin()
    room.record.running[number].put["referral", R1] = referral(R1, version)
    return number


async def test_another_life_of_the_record_is_read_whole(room: Room) -> None:
    room.record.life = "second"
    room.record.rows["referral", R1] = referral(R1, 0)
    await room.until(lambda: room.store.referral(R1) == referral(R1, 0))
    assert Source.wholes == 2
    assert room.losses == 0


async def test_in_another_life_what_is_configurable_and_what_was_written_are_others_too(room: Room) -> None:
    told, references = len(room.events), room.references
    room.record.life = "second"
    await room.until(lambda: Source.wholes == 2)
    await room.until(lambda: room.references == references + 1)
    await room.until(lambda: room.events[told:] == [frozenset({R1})])
    await room.until(lambda: len(room.links) > 3)
    assert room.references == references + 1  # once, not with each beat


async def test_a_newer_record_asks_for_a_newer_program(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_ASK_A_PERSON_AFTER", 0.01)
    Source.revision = Source.oldest = "9999"
    await room.until(lambda: room.losses)
    assert "was upgraded" in room.store.link.sentence
    assert (room.store.link.state, room.store.link.round_trip) == (LinkState.LOST, 0.0)


async def test_only_a_change_of_what_is_configurable_reads_it_again(room: Room) -> None:
    assert room.references == 0  # read at sign-in a moment ago
    room.record.commit(changed(room, 2))
    await room.until(lambda: room.store.referral(R1) == referral(R1, 2))
    assert room.references == 0
    Source.besides = ("reference",)
    await room.until(lambda: room.references == 1)


async def test_events_are_told_of_those_they_belong_to(room: Room) -> None:
    assert room.events == [{R1}]
    room.record.entries.append((next(room.record.numbers), "event", R2))
    room.record.last = room.record.entries[-1][0]
    room.record.wake(frozenset({"event"}))
    await room.until(lambda: len(room.events) == 2)
    assert room.events[-1] == {R2}
    # More than can be named: any may be meant.
    Source.besides = ("event",)
    await room.until(lambda: len(room.events) == 3)
    assert room.events[-1] == {R1}


async def test_without_notices_the_bar_says_so(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.record.hears = False
    await room.until(lambda: room.store.link.by_beat)
    room.record.hears = True
    room.record.wake(frozenset({"beat"}))
    await room.until(lambda: not room.store.link.by_beat)


async def test_vans_that_moved_wait_and_hold_nothing_up(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live.random, "uniform", lambda *_: 0.6)
    monkeypatch.setattr(live, "BEAT_EVERY", 60.0)
    await room.beats(1)
    number = room.record.begin()
    room.record.running[number].put["position", V1] = van(V1, 1)
    room.record.running[number].put["referral", R1] = referral(R1, 5)
    room.record.commit(number)
    await room.until(lambda: V1 in room.store._tables["position"])
    came = [{name for name, keys in delta.put.items() if keys} for delta in room.deltas]
    assert came[-2:] == [{"referral"}, {"position"}]


async def test_more_vans_than_can_be_named_are_all_read(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "POSITIONS_AT_MOST", 0.002)
    for waits_already in (False, True):
        Source.positions.clear()
        if waits_already:
            monkeypatch.setattr(live.random, "uniform", lambda *_: 0.1)
            number = room.record.begin()
            room.record.running[number].put["position", V1] = van(V1, 1)
            room.record.commit(number)
        Source.besides = ("position",)
        room.record.wake(frozenset({"position"}))
        await room.until(lambda: Source.positions)
        assert Source.positions[-1] is None
    assert room.losses == 0


async def test_each_beat_ends_the_silence(room: Room) -> None:
    began = time.monotonic()
    await room.beats(3)
    assert room.store.silence < time.monotonic() - began


async def test_whoever_ends_it_leaves_no_live_board(room: Room) -> None:
    room.task.cancel()
    await asyncio.gather(room.task, return_exceptions=True)
    assert room.store.link.state is LinkState.LOST
    assert "stopped following" in room.store.link.sentence
    assert room.losses == 1
