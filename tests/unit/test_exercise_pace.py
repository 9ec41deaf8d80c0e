"""A practice shift that cannot keep step is slowed down, said to be, and lets no fresh fix be called old."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.fleet import fix_age
from db.exercise.pace import BEHIND, PATIENCE, TRUST_AFTER, ShiftPace, fix_every
from tests.unit.board_records import position

STEP = 5.0
NOW = datetime(2027, 2, 3, 21, 0, tzinfo=UTC)


class Computer:
    """Plays a shift whose every step takes so many seconds of the room, waiting left out."""

    def __init__(self, asked: float, takes: float) -> None:
        self.pace = ShiftPace(asked, STEP)
        self.takes = takes
        self.room = self.shown = self.world = 0.0
        self.changes: list[float] = []

    def play(self, seconds: float) -> None:
        end = self.room + seconds
        while self.room < end:
            wait = max(0.0, (self.world + STEP - self.shown) / self.pace.speed)
            self.room += wait + self.takes
            self.shown += (wait + self.takes) * self.pace.speed
            self.world += STEP
            speed = self.pace.stepped(self.room, self.takes, self.shown - self.world)
            if speed is not None:
                self.changes.append(speed)


def test_who_keeps_step_is_left_alone() -> None:
    computer = Computer(60, STEP / 60 * 0.7)
    computer.play(120)
    assert computer.changes == []


@pytest.mark.parametrize(("asked", "takes"), [(60, 0.3), (45, 0.2), (12, 1.1), (60, 2.0)])
def test_who_cannot_is_slowed_to_what_can_be_kept_and_comes_back_in_step(asked: float, takes: float) -> None:
    computer = Computer(asked, takes)
    computer.play(240)
    assert computer.pace.speed < STEP / takes
    assert computer.pace.speed > STEP / takes / 3
    assert computer.shown - computer.world <= BEHIND
    assert computer.pace.words().startswith(f"The practice shift runs at {computer.pace.speed:g}×: this computer")
    assert computer.pace.words().endswith(f"cannot keep up with {asked}×.")


def test_a_hiccup_slows_nothing() -> None:
    pace = ShiftPace(60, STEP)
    assert pace.stepped(10.0, 1.0, BEHIND * 2) is None
    assert pace.stepped(10.0 + PATIENCE / 2, 0.01, BEHIND * 1.5) is None
    assert pace.stepped(10.0 + PATIENCE, 0.01, 0.0) is None
    assert pace.stepped(10.0 + PATIENCE * 2, 1.0, BEHIND * 2) is None


def test_a_computer_with_room_again_goes_back_to_what_was_asked() -> None:
    computer = Computer(40, 0.5)
    computer.play(60)
    assert computer.pace.speed < 10
    computer.takes = 0.02
    computer.play(TRUST_AFTER * 8)
    assert computer.pace.speed == 40
    assert computer.pace.words() == "The practice shift runs at 40× again."


def test_it_does_not_go_up_and_down() -> None:
    computer = Computer(60, 0.2)
    computer.play(600)
    assert len(computer.changes) == 1


def test_the_usual_speed_is_never_undercut() -> None:
    computer = Computer(2, 30.0)
    computer.play(600)
    assert computer.pace.speed == 1


def test_a_step_that_does_not_end_is_seen_while_it_lasts() -> None:
    pace = ShiftPace(20, STEP)
    for number in range(12):
        assert pace.stepped(number * STEP / 20, 0.1, 0.0) is None
    began = 3.0
    assert pace.waiting(began + 1.0, 1.0, 20.0) is None
    assert pace.waiting(began + 1.6, 1.6, BEHIND + 2) is None
    assert pace.waiting(began + PATIENCE + 1.5, PATIENCE + 1.5, BEHIND + 40) is None
    # Twelve steps of a tenth of a second and one of four: twelve times as fast at most.
    assert pace.waiting(began + PATIENCE + 2.0, PATIENCE + 2.0, BEHIND + 50) == 9.0
    assert pace.words() == "The practice shift runs at 9×: this computer cannot keep up with 20×."


def test_many_short_steps_that_catch_up_are_no_step_that_hangs() -> None:
    pace = ShiftPace(60, STEP)
    assert [pace.waiting(1.0 + tick, 0.2, BEHIND * 3) for tick in range(9)] == [None] * 9


def test_a_shift_that_is_slow_to_begin_runs_as_asked_when_its_steps_are_quick() -> None:
    pace = ShiftPace(24, STEP)
    assert pace.waiting(1.5, 1.5, 36.0) is None
    assert pace.waiting(3.5, 3.5, 84.0) == 1.0
    # What was missed meanwhile is made up for first.
    assert [pace.stepped(6.0 + n / 20, 0.05, 90.0 - 20 * n) for n in range(6)] == [None] * 3 + [24.0] + [None] * 2
    assert pace.words() == "The practice shift runs at 24× again."


def test_a_shift_that_is_slow_to_begin_and_slow_later_goes_as_fast_as_it_can() -> None:
    pace = ShiftPace(60, STEP)
    assert (pace.waiting(2.0, 2.0, 120.0), pace.waiting(4.0, 4.0, 240.0)) == (None, 1.0)
    for number in range(6):
        if (speed := pace.stepped(5.0 + number, 0.5, 12.0)) is not None:
            break
    assert (number, speed) == (2, 7.0)


@given(st.floats(1, 60))
def test_at_every_speed_a_second_of_the_room_makes_no_fresh_fix_old(speed: float) -> None:
    """The oldest fix of a van that speaks: one interval old, the world late as it may be, a second on its way."""
    oldest = timedelta(seconds=fix_every(speed, STEP) + BEHIND + speed)
    seen = replace(position(UUID(int=1)), fixed_at=NOW - oldest)
    assert fix_age(seen, NOW) == "fresh"


@pytest.mark.parametrize(("speed", "seconds"), [(1, 5), (9, 5), (25, 10), (60, 30)])
def test_fixes_come_twice_a_second_of_the_room_and_on_the_grid(speed: float, seconds: float) -> None:
    assert fix_every(speed, STEP) == seconds
