"""One thing after the other, in the order of the clock. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

Act = Callable[[datetime], None]


@dataclass(slots=True)
class Clockwork:
    """What is to come.

    Args:
        until: nothing happens from then on.
    """

    until: datetime
    _now: datetime | None = None
    _coming: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def at(self, when: datetime, act: Act) -> None:
        """Do something at a time, or at once where that is over; it is told when."""
        when = max(when, self._now) if self._now else when
        # By number where two fall together, so that the same seed decides the same.
        heappush(self._coming, (when, next(self._numbers), act))

    def run(self) -> None:
        """Let it all happen."""
        while self._coming and self._coming[0][0] < self.until:
            self._now, _, act = heappop(self._coming)
            act(self._now)
