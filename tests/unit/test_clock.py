"""Three clocks: two that agree convict the third, and the record's time follows what knows better."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from db.clock import ClockReading, Clocks, Jump, RecordClock

START = Clocks(100.0, 5000.0, 5000.0)


@pytest.mark.parametrize(
    ("steady", "wall", "server", "jump", "seconds"),
    [
        (1.0, 1.0, 1.0, Jump.NONE, 0.0),
        (1.0, 1.4, 0.7, Jump.NONE, 0.0),
        (1.0, 1201.0, 1201.0, Jump.SLEPT, 1200.0),
        (1.0, 3601.0, 1.0, Jump.WALL, 3600.0),
        (1.0, -3599.0, 1.0, Jump.WALL, -3600.0),
        (1.0, 1.0, 301.0, Jump.SERVER, 300.0),
        (1.0, 1.0, -59.0, Jump.SERVER, -60.0),
        (1.0, 121.0, 61.0, Jump.SERVER, 60.0),
        (3600.0, 3600.0, 3600.5, Jump.NONE, 0.0),
    ],
)
def test_the_clock_that_left_the_others_is_named(
    steady: float, wall: float, server: float, jump: Jump, seconds: float
) -> None:
    now = Clocks(START.monotonic + steady, START.wall + wall, 5000.0 + server)
    assert now.since(START) == (jump, seconds)


@pytest.mark.parametrize(("wall", "jump"), [(1.2, Jump.NONE), (601.0, Jump.SLEPT), (-600.0, Jump.SLEPT)])
def test_without_the_server_any_difference_counts(wall: float, jump: Jump) -> None:
    assert Clocks(101.0, 5000.0 + wall).since(START)[0] is jump


def test_a_slow_answer_is_no_jump() -> None:
    now = Clocks(START.monotonic + 4, START.wall + 4, 5001.5)
    assert now.since(START, slack=2.0)[0] is Jump.NONE
    assert now.since(START, slack=0.5)[0] is Jump.SERVER


def test_a_reading_that_knows_no_better_moves_nothing() -> None:
    clock = RecordClock()
    at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    clock.set(ClockReading(at, 1.0))
    before = clock.now()
    clock.follow(ClockReading(at + timedelta(seconds=0.4), 1.0), round_trip=1.0)
    assert clock.now() - before < timedelta(seconds=0.2)
    clock.follow(ClockReading(at + timedelta(seconds=0.4), 1.0), round_trip=0.01)
    assert timedelta(seconds=0.3) < clock.now() - before


def test_another_speed_is_followed_at_once() -> None:
    clock = RecordClock()
    clock.set(ClockReading(datetime(2026, 11, 22, 3, 0, tzinfo=UTC), 1.0))
    clock.follow(ClockReading(clock.now(), 20.0), round_trip=0.0)
    assert clock.speed == 20.0


def test_time_passes_by_the_steady_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = RecordClock()
    at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    clock.set(ClockReading(at, 2.0), round_trip=1.0)
    monkeypatch.setattr(time, "monotonic", lambda: 1010.0)
    assert clock.now() == at + timedelta(seconds=21)
