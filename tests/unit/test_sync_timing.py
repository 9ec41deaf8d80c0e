"""When the mirror reads, beats and tries again, by a clock that the test turns."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from types import SimpleNamespace
from uuid import UUID

import pytest

from console.live import sync as live
from console.live.store import Link, LinkState, Store
from console.live.sync import Sync
from db.clock import ClockReading, RecordClock
from db.domain.reference import ReferenceData
from db.errors import Invalid, NotAllowed, Unavailable
from db.follow import Beat, Changes, Place
from db.mirror import Found
from tests.unit.fake_record import NOW

NOBODY = ReferenceData("", {}, {}, {}, {}, (), {}, {}, (), (), {})
A, B = UUID(int=1), UUID(int=2)


@dataclass
class Clock:
    """Seconds, and the spans of which chance was asked for one."""

    now: float = 100.0
    at: float = 1.0

    def __post_init__(self) -> None:
        self.spans: list[tuple[float, float]] = []

    def monotonic(self) -> float:
        return self.now

    def uniform(self, least: float, most: float) -> float:
        self.spans.append((least, most))
        return least + self.at * (most - least)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(live, "time", made)
    monkeypatch.setattr(live, "random", made)
    return made


async def nowhere() -> live.RecordFeed:
    raise ConnectionRefusedError


@pytest.fixture
def sync(clock: Clock) -> Sync:
    return Sync(nowhere, Store(NOBODY, Link(LinkState.CONNECTING, NOW)), RecordClock())


@pytest.mark.parametrize(
    ("cost", "longest"),
    [(0.0, 0.03), (0.001, 0.03), (0.0015, 0.03), (0.002, 0.04), (0.01, 0.2), (0.05, 1), (9, 1)],
)
def test_vans_wait_twenty_times_as_long_as_reading_them_took(
    sync: Sync, clock: Clock, cost: float, longest: float
) -> None:
    sync._read_cost = cost
    assert sync._unhurried() == pytest.approx(longest)
    assert clock.spans == [(0.015, pytest.approx(longest))]


@pytest.mark.parametrize(
    ("hints", "read", "moved"),
    [
        ((), None, None),
        (("beat",), None, None),
        (("referral",), 100.0, None),
        (("van", "beat"), 100.0, None),
        (("position",), None, 100.03),
        (("position", "beat"), None, 100.03),
        (("position", "event"), 100.0, 100.03),
    ],
)
def test_what_a_notice_asks_for(
    sync: Sync, hints: tuple[str, ...], read: float | None, moved: float | None
) -> None:
    sync._read_at = 90.0
    sync._noticed_at = 7.0
    sync._take_hints(frozenset(hints))
    assert (sync._read_due, sync._moved_due) == (read, pytest.approx(moved) if moved else None)
    assert sync._noticed_at == (100.0 if hints else 7.0)


def test_a_flood_is_read_once_and_puts_nothing_off(sync: Sync, clock: Clock) -> None:
    sync._read_at = 99.99
    sync._take_hints(frozenset({"referral", "position"}))
    first = sync._read_due, sync._moved_due
    assert first == pytest.approx((99.99 + 0.03, 100.03))
    clock.now = 100.01
    sync._take_hints(frozenset({"referral", "position"}))
    assert (sync._read_due, sync._moved_due) == first


@pytest.mark.parametrize(
    ("beat", "read", "moved", "pause", "due"),
    [
        (101.0, None, None, 1.0, False),
        (101.0, 100.2, None, 0.2, False),
        (101.0, 100.2, 100.1, 0.1, False),
        (101.0, None, 100.4, 0.4, False),
        (101.0, 100.0, None, 0.0, True),
        (101.0, None, 100.0, 0.0, True),
        (101.0, 99.0, 103.0, 0.0, True),
        (101.0, 103.0, 99.0, 0.0, True),
        (99.0, None, None, 0.0, False),
    ],
)
def test_it_waits_until_the_first_thing_is_due(
    sync: Sync, beat: float, read: float | None, moved: float | None, pause: float, due: bool
) -> None:
    sync._beat_due, sync._read_due, sync._moved_due = beat, read, moved
    assert sync._pause() == pytest.approx(pause)
    assert sync._is_due(100.0) is due


Moved = set[UUID] | None


@pytest.mark.parametrize(
    ("waiting", "due", "came", "told", "left", "then"),
    [
        # Nothing moved.
        (set(), None, {}, (), set(), None),
        (set(), 99.0, {}, (), set(), None),
        # One that moved waits; others share its time.
        (set(), None, {"position": {A}}, (), {A}, 100.03),
        ({A}, 100.5, {"position": {B}}, (), {A, B}, 100.5),
        ({A}, 100.5, {}, (), {A}, 100.5),
        ({A}, 100.0, {"position": {B}}, ({A, B},), set(), None),
        ({A}, 99.0, {}, ({A},), set(), None),
        # More than are named: all.
        (set(), None, {"position": None}, (), None, 100.03),
        ({A}, 99.0, {"position": None}, (None,), set(), None),
        (None, 99.0, {"position": {A}}, (None,), set(), None),
        (None, 101.0, {}, (), None, 101.0),
    ],
)
def test_vans_that_moved_wait_for_their_time(
    sync: Sync,
    waiting: Moved,
    due: float | None,
    came: dict[str, Moved],
    told: tuple[Moved, ...],
    left: Moved,
    then: float | None,
) -> None:
    sync._moved, sync._moved_due = waiting, due
    changes = Changes(Place(1), {"referral": {A}, **came})
    sync._put_off_positions(changes, 100.0)
    assert changes.ids == {"referral": {A}} | ({"position": told[0]} if told else {})
    assert (sync._moved, sync._moved_due) == (left, pytest.approx(then) if then else None)


class Played:
    """A record of which nothing changes; answering takes the time that a test says."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.trip, self.hears, self.seen = clock, 0.0, True, True
        self.asked: list[str] = []
        self.told = Changes(Place(2))

    async def heard(self, _seconds: float) -> frozenset[str]:
        raise NotImplementedError

    async def beat(self) -> Beat:
        self.asked.append("beat")
        self.clock.now += self.trip
        return Beat(ClockReading(NOW, 1.0), NOW, "life", "0001", "0001")

    async def changes(self, _since: Place) -> Changes:
        self.asked.append("changes")
        return replace(self.told, ids=dict(self.told.ids), beat=self.seen)

    async def rows(self, _changes: Changes, _known: Collection[UUID]) -> Found:
        self.asked.append("rows")
        self.clock.now += self.trip
        return Found()

    async def whole(self) -> tuple[Found, Place]:
        self.asked.append("whole")
        return Found(), Place(1)

    def close(self) -> None:
        raise NotImplementedError


@pytest.fixture
async def source(sync: Sync, clock: Clock) -> Played:
    """One that was read whole a moment ago."""
    made = Played(clock)
    await sync._beat(made)
    assert made.asked == ["beat", "whole"]
    made.asked.clear()
    return made


@pytest.mark.parametrize(
    ("passed", "wanted", "state", "reads"),
    [
        (1.0, False, LinkState.LIVE, "changes"),
        (598.9, False, LinkState.LIVE, "changes"),
        (600.0, False, LinkState.LIVE, "whole"),
        (1.0, True, LinkState.LIVE, "whole"),
        (1.0, False, LinkState.LOST, "whole"),
        (1.0, False, LinkState.CONNECTING, "whole"),
    ],
)
async def test_what_a_beat_reads(
    sync: Sync, clock: Clock, source: Played, passed: float, wanted: bool, state: LinkState, reads: str
) -> None:
    clock.now += passed
    sync._clocks = None  # the other clocks stand still
    sync._store.set_link(Link(state, NOW))
    if wanted:
        sync.read_everything()
    await sync._beat(source)
    assert source.asked[:2] == ["beat", reads]
    assert sync._beat_due == clock.now + 1.0
    assert sync._store.link.state is LinkState.LIVE
    # Once is enough.
    source.asked.clear()
    clock.now += 1.0
    await sync._beat(source)
    assert source.asked[:2] == ["beat", "changes"]


@pytest.mark.parametrize(("unseen", "lost"), [(0.5, False), (2.0, False), (2.1, True)])
async def test_a_beat_must_come_back_within_two_seconds(
    sync: Sync, clock: Clock, source: Played, unseen: float, lost: bool
) -> None:
    source.seen = False
    clock.now += unseen
    if lost:
        with pytest.raises(TimeoutError, match="not seen"):
            await sync._beat(source)
    else:
        await sync._beat(source)


@pytest.mark.parametrize(
    ("hears", "silent", "by_beat"),
    [(True, 0.0, False), (True, 3.0, False), (True, 3.1, True), (False, 0.0, True), (False, 9.0, True)],
)
async def test_when_no_notice_has_come_for_three_beats_it_reads_by_the_beat(
    sync: Sync, clock: Clock, source: Played, hears: bool, silent: float, by_beat: bool
) -> None:
    source.hears, source.trip = hears, 0.25
    # Both answers take their time.
    sync._noticed_at = clock.now + 2 * source.trip - silent
    since = sync._store.link.since
    await sync._beat(source)
    assert sync._store.link == Link(LinkState.LIVE, since, 0.25, by_beat=by_beat)


async def test_what_reading_vans_costs_is_known_afterwards(sync: Sync, clock: Clock, source: Played) -> None:
    source.trip, source.told = 0.04, Changes(Place(7), {"referral": {A}})
    await sync._read(source)
    assert (sync._read_cost, sync._place, sync._read_at) == (0.0, Place(7), clock.now)
    source.told = Changes(Place(8), {"position": {A}})
    sync._moved_due = clock.now
    await sync._read(source)
    assert sync._read_cost == pytest.approx(0.04)
    assert source.asked == ["changes", "rows"] * 2
    # The next waits twenty times as long.
    await sync._read(source)
    assert sync._moved_due == pytest.approx(clock.now - 0.04 + 0.8)


async def test_a_list_that_asks_for_everything_is_obeyed(sync: Sync, source: Played) -> None:
    source.told = Changes(Place(9), {"referral": {A}}, whole=True)
    await sync._read(source)
    assert source.asked == ["changes", "whole"]
    assert sync._place == Place(1)


async def pauses(sync: Sync, monkeypatch: pytest.MonkeyPatch, count: int) -> list[float]:
    """How long it waits between its first tries."""
    slept: list[float] = []

    class EnoughError(Exception):
        pass

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == count:
            raise EnoughError

    monkeypatch.setattr(live, "asyncio", SimpleNamespace(sleep=sleep))
    with pytest.raises(EnoughError):
        await sync.run()
    return slept


async def test_it_tries_again_soon_and_then_twice_a_second(sync: Sync, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await pauses(sync, monkeypatch, 5) == [0.1, 0.25, 0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("error", "pause"),
    [
        (Unavailable("x"), 0.1),
        (NotAllowed("x"), 3.0),
        (Invalid("x"), 3.0),
        (TimeoutError(), 0.1),
    ],
)
async def test_a_person_is_not_asked_again_at_once(
    sync: Sync, monkeypatch: pytest.MonkeyPatch, error: Exception, pause: float
) -> None:
    async def refused() -> live.RecordFeed:
        raise error

    sync._open = refused
    assert await pauses(sync, monkeypatch, 1) == [pause]


@pytest.mark.parametrize(("held", "after"), [(2.9, 0.5), (3.0, 0.5), (3.1, 0.1)])
async def test_a_link_that_held_was_a_good_one(
    sync: Sync, clock: Clock, monkeypatch: pytest.MonkeyPatch, held: float, after: float
) -> None:
    tries = iter([0, 0, held, 0])

    async def broken() -> live.RecordFeed:
        clock.now += next(tries)
        raise ConnectionResetError

    clock.now = 0.0
    sync._open = broken
    assert await pauses(sync, monkeypatch, 4) == [0.1, 0.25, 0.5, after]
