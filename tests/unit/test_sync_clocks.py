"""What each beat tells besides rows: the record's clock, the way's length, and what has all read anew."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import pytest

from console.live import sync as live
from console.live.store import LinkState
from console.live.subjects import referral_of, van_of
from db.clock import ClockReading
from db.commands import Allocate
from db.follow import Beat, Changes, Place
from tests.unit import test_sync
from tests.unit.fake_record import FakeRecord, referral
from tests.unit.test_sync import R1, V1, Room, Source

SHOWN = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class Clockwork(Source):
    """As the other, with clocks that a test sets."""

    ahead: ClassVar[timedelta] = timedelta()
    reading: ClassVar[ClockReading] = ClockReading(SHOWN, 1.0)
    whole_wanted: ClassVar[bool] = False

    async def beat(self) -> Beat:
        beat = await super().beat()
        return replace(beat, server_now=beat.server_now + self.ahead, clock=self.reading)

    async def changes(self, since: Place) -> Changes:
        found = await super().changes(since)
        found.whole, type(self).whole_wanted = self.whole_wanted, False
        return found


class ClockRoom(Room):
    """A console of such a record."""

    said: list[str]

    async def open(self) -> Clockwork:
        await self.record.step("open")
        return Clockwork(self.record)


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ClockRoom]:
    for made in begun(monkeypatch):
        await made.until(lambda made=made: made.is_live)
        yield made
        made.task.cancel()
        await asyncio.gather(made.task, return_exceptions=True)


def begun(monkeypatch: pytest.MonkeyPatch, *fails: str) -> list[ClockRoom]:
    monkeypatch.setattr(live, "BEAT_EVERY", 0.004)
    monkeypatch.setattr(live, "GATHER", 0.0005)
    monkeypatch.setattr(live, "_RETRY_AFTER", (0.0005, 0.001))
    Clockwork.revision, Clockwork.seen, Clockwork.besides, Clockwork.wholes = "0001", True, (), 0
    Source.positions.clear()
    Clockwork.ahead, Clockwork.reading, Clockwork.whole_wanted = timedelta(), ClockReading(SHOWN, 1.0), False
    made = ClockRoom(FakeRecord(fails=list(fails)))
    made.record.rows["referral", R1] = referral(R1, 1)
    made.begin()
    made.said = []
    made.store.doubted.connect(made.said.append)
    return [made]


def clock_of(room: Room) -> datetime:
    return room.sync._clock.now()


async def test_the_records_clock_is_followed_at_each_beat(room: ClockRoom) -> None:
    await room.until(lambda: abs(clock_of(room) - SHOWN) < timedelta(seconds=5))
    Clockwork.reading = ClockReading(SHOWN + timedelta(hours=5), 4.0)
    await room.until(lambda: clock_of(room) - SHOWN > timedelta(hours=4))
    assert room.sync._clock.speed == 4
    # The clock of a practice shift is no clock of the server's.
    await room.beats(3)
    assert (room.said, Clockwork.wholes) == ([], 1)


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (
            timedelta(hours=2),
            "The record's clock was set forward by 2 h 00. Times written around now may be wrong.",
        ),
        (
            -timedelta(seconds=90),
            "The record's clock was set back by 90 s. Times written around now may be wrong.",
        ),
    ],
)
async def test_a_servers_clock_that_was_set_is_said_and_followed(
    room: ClockRoom, ahead: timedelta, said: str
) -> None:
    await room.beats(2)
    # Within what a slow answer explains, but the clock was set: it is taken at its word.
    Clockwork.ahead, Clockwork.reading = ahead, ClockReading(SHOWN + timedelta(days=1), 1.0)
    await room.until(lambda: room.said)
    await room.until(lambda: clock_of(room) - SHOWN > timedelta(hours=23))
    await room.until(lambda: Clockwork.wholes == 2)
    await room.beats(4)
    assert (room.said, Clockwork.wholes, room.losses) == ([said], 2, 0)


async def test_how_long_the_answer_took_is_told(room: ClockRoom) -> None:
    await room.until(lambda: len(room.links) > 3)
    for link in room.links[2:]:
        assert 0 < link.round_trip < 5
        assert link.since == room.links[0].since, "it has been live since then"


async def test_a_list_that_names_too_much_has_everything_read(room: ClockRoom) -> None:
    room.record.rows["referral", R1] = referral(R1, 7)
    Clockwork.whole_wanted = True
    await room.until(lambda: room.store.referral(R1) == referral(R1, 7))
    assert Clockwork.wholes == 2
    await room.beats(3)
    assert Clockwork.wholes == 2


async def test_hints_of_vans_do_not_put_off_their_reading(
    room: ClockRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live.random, "uniform", lambda *_: 0.08)
    monkeypatch.setattr(live, "BEAT_EVERY", 60.0)
    await room.beats(1)
    Source.positions.clear()
    number = room.record.begin()
    room.record.running[number].put["position", V1] = test_sync.van(V1, 1)
    room.record.commit(number)
    async with asyncio.timeout(10):
        while not Source.positions:
            room.record.wake(frozenset({"position"}))
            await asyncio.sleep(0.005)
    assert Source.positions == [{V1}]


async def test_what_was_lost_before_it_was_ever_live_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    (room,) = begun(monkeypatch, "open", "open")
    await room.until(lambda: room.store.link.state is LinkState.LOST)
    await room.until(lambda: room.is_live)
    assert [delta.after_loss for delta in room.deltas] == [False]
    assert room.references == 0
    room.record.fails.append("beat")
    room.record.rows["referral", R1] = referral(R1, 9)
    await room.until(lambda: len(room.deltas) == 2)
    assert room.deltas[-1].after_loss
    room.task.cancel()
    await asyncio.gather(room.task, return_exceptions=True)


def test_new_rules_are_told_once() -> None:
    room = Room()
    store = test_sync.Store(test_sync.NOBODY, test_sync.Link(LinkState.LIVE, SHOWN))
    told: list[int] = []
    store.reference_changed.connect(lambda: told.append(1))
    store.set_reference(replace(test_sync.NOBODY, service="Elsewhere"))
    assert (told, store.reference.service, store.link.round_trip) == ([1], "Elsewhere", 0)
    assert room.references == 0


def test_a_command_is_about_what_it_names_known_or_not() -> None:
    store = test_sync.Store(test_sync.NOBODY, test_sync.Link(LinkState.LIVE, SHOWN))
    command = Allocate(referral_id=UUID(int=5), van_id=UUID(int=6))
    assert (referral_of(command, store), van_of(command, store)) == (UUID(int=5), UUID(int=6))
