"""The record's clock on this computer, whose own clock may be wrong."""

import time
from datetime import UTC, datetime, timedelta

from db.queries import ClockReading


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
        self._read_at = time.monotonic() - round_trip / 2
        self._reading = reading

    def now(self) -> datetime:
        """The record's time, UTC."""
        passed = (time.monotonic() - self._read_at) * self._reading.speed
        return self._reading.now + timedelta(seconds=passed)
