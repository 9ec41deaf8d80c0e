"""The record's clock on this computer, and what can be known when clocks disagree.

Three clocks are compared at every beat: the server's, this computer's wall clock, and its monotonic one, which
never steps but sleeps when the computer does. Two that agree convict the third.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

JUMP = 1.0
"""Seconds by which a clock must leave the others before it has jumped."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What the record's clock showed (UTC), and how fast it runs: 1 in a real service."""

    now: datetime
    speed: float


class RecordClock:
    """Tells the record's time from its last reading; in a practice shift it may run fast."""

    def __init__(self) -> None:
        self._read_at = time.monotonic()
        self._reading = ClockReading(datetime.now(UTC), 1.0)

    @property
    def speed(self) -> float:
        """How many seconds of the record pass in one second of the room."""
        return self._reading.speed

    def set(self, reading: ClockReading, round_trip: float = 0.0) -> None:
        """Follow a reading that took ``round_trip`` seconds to come."""
        # The server looked somewhere between question and answer; the middle is wrong by half of it at most.
        self._read_at = time.monotonic() - round_trip / 2
        self._reading = reading

    def follow(self, reading: ClockReading, round_trip: float) -> None:
        """As ``set``, but only if the reading knows better than the time told now: a slow answer does not."""
        # Without this doubt the time told would jitter by every answer's delay, and counters would step back.
        off = abs((reading.now - self.now()).total_seconds())
        if reading.speed != self._reading.speed or off > (round_trip / 2 + 0.02) * max(1.0, reading.speed):
            self.set(reading, round_trip)

    def now(self) -> datetime:
        """The record's time, UTC."""
        passed = (time.monotonic() - self._read_at) * self._reading.speed
        return self._reading.now + timedelta(seconds=passed)


class Jump(StrEnum):
    """Which clock left the others between two looks."""

    NONE = "none"
    SLEPT = "this computer slept"
    WALL = "this computer's clock was set"
    SERVER = "the server's clock was set"


@dataclass(frozen=True, slots=True)
class Clocks:
    """The three clocks at one moment, in seconds of their own; ``server`` is None where it was not asked."""

    monotonic: float
    wall: float
    server: float | None = None

    @classmethod
    def here(cls, server_now: datetime | None = None) -> "Clocks":
        """As they are on this computer now."""
        return cls(time.monotonic(), time.time(), server_now.timestamp() if server_now else None)

    def since(self, before: "Clocks", slack: float = 0.0) -> "tuple[Jump, float]":
        """Which clock jumped since an earlier look, and by how many seconds it left the others.

        Args:
            before: the earlier look.
            slack: seconds of doubt, such as the two looks' round trips.
        """
        steady, wall = self.monotonic - before.monotonic, self.wall - before.wall
        limit = JUMP + slack
        if self.server is None or before.server is None:
            # Without the server nobody can say which of the two it was; the cure is the same.
            return (Jump.SLEPT, wall - steady) if abs(wall - steady) > limit else (Jump.NONE, 0.0)
        server = self.server - before.server
        if abs(server - steady) <= limit:
            return (Jump.WALL, wall - steady) if abs(wall - steady) > limit else (Jump.NONE, 0.0)
        if abs(server - wall) <= limit:
            return Jump.SLEPT, server - steady
        return Jump.SERVER, server - steady
