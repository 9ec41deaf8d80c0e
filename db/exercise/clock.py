"""The exercise clock, which its owner sets."""

import time
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.clock import ClockReading

_SET = text("UPDATE cru.service SET clock_origin = clock_timestamp(), clock_shown = :shown, clock_speed = :speed")


async def set_clock(practice: AsyncConnection, shown: datetime, speed: float) -> None:
    """Set the exercise clock; at speed 0 it stands still.

    Args:
        practice: the owner's connection to the practice database.
        shown: the time it shows now, aware.
        speed: how many of its seconds pass in one.
    """
    await practice.execute(_SET, {"shown": shown, "speed": speed})


class PracticeClock:
    """The exercise clock between two readings.

    Args:
        reading: the first one, taken just now.
    """

    def __init__(self, reading: ClockReading) -> None:
        self.set(reading)

    def set(self, reading: ClockReading) -> None:
        """Follow a reading taken just now."""
        self._reading, self._read_at = reading, time.monotonic()

    def now(self) -> datetime:
        """What it shows, aware, UTC."""
        passed = (time.monotonic() - self._read_at) * self._reading.speed
        return self._reading.now + timedelta(seconds=passed)
