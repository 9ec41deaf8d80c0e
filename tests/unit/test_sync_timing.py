"""When the mirror reads, beats and tries again, by a clock that the test turns."""

from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

import pytest

from console.live import sync as live
from console.live.store import Link, LinkState, Store
from console.live.sync import Sync
from db.clock import RecordClock
from db.domain.reference import ReferenceData
from db.errors import Invalid, NotAllowed, Unavailable
from db.follow import Changes, Place
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
