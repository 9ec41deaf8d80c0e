"""The practice world at work: look at the record, decide, act, and say where the vans are."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.clock import ClockReading
from db.engine import transaction
from db.exercise import view as views
from db.exercise.driving import Driver, fixes
from db.exercise.record import Hands, Order
from db.exercise.trackers import Fix, PositionSink
from db.exercise.view import View

_LOOK_AGAIN = timedelta(minutes=1)
_KEPT = 5000
_LOOK = text(
    "SELECT cru.clock_now() AS now, s.clock_speed, (SELECT max(id) FROM cru.event) AS last"
    " FROM cru.service s WHERE s.id = 1"
)


class Part(Protocol):
    """A player of the practice world."""

    def orders(self, view: View, now: datetime) -> Iterable[Order]:
        """What it wants done by now (UTC)."""
        ...


class Simulation:
    """One practice world.

    Args:
        engine: reads the record with a dispatcher's rights; the hands close it.
        hands: act on the record.
        parts: who decides, in this order.
        drivers: the vans' whereabouts.
        sink: takes positions.
        fix_every: seconds of the exercise clock between two fixes of a van.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        hands: Hands,
        parts: Sequence[Part],
        drivers: Sequence[Driver],
        sink: PositionSink,
        fix_every: int,
    ) -> None:
        self._engine = engine
        self._hands = hands
        self._parts = parts
        self._drivers = drivers
        self._sink = sink
        self._fix_every = timedelta(seconds=fix_every)
        self._view: View | None = None
        self._seen: int | None = None
        self._looked_at: datetime | None = None
        self._fixed_at: datetime | None = None
        self._waiting: list[Fix] = []

    async def clock(self) -> ClockReading:
        """The exercise clock as the record has it.

        Raises:
            Unavailable: the record does not answer.
        """
        async with transaction(self._engine) as connection:
            row = (await connection.execute(_LOOK)).one()
        return ClockReading(row.now, row.clock_speed)

    async def step(self, now: datetime) -> None:
        """Do everything that is due by ``now`` on the exercise clock.

        Raises:
            Unavailable: the record does not answer; the same step may be taken again.
        """
        self._note_fixes(now)
        await self._look(now)
        for part in self._parts:
            # What one player did, the next one knows: nobody is sent a van that just went to eat.
            view = self._view or await self._look(now)
            # Finding the way takes longer than a window may stand still, so decisions are made in a thread.
            for order in await asyncio.to_thread(_orders, part, view, now):
                if await self._hands.carry_out(order, now):
                    self._view = None

    async def report(self) -> None:
        """Send the positions noted since the last report.

        Raises:
            Unavailable: nobody took them; they are sent with the next report.
        """
        taken = await self._sink.send(self._waiting)
        self._waiting = self._waiting[taken:]
        self._hands.tally.fixes += taken

    async def _look(self, now: datetime) -> View:
        """The record as it stands. It is read again when something was written, and once a minute anyway."""
        async with transaction(self._engine) as connection:
            last = (await connection.execute(_LOOK)).one().last
        fresh = self._looked_at is not None and now - self._looked_at < _LOOK_AGAIN
        if self._view is None or last != self._seen or not fresh:
            async with transaction(self._engine) as connection:
                self._view = await views.read(connection)
            self._seen, self._looked_at = last, now
        return self._view

    def _note_fixes(self, now: datetime) -> None:
        at = self._fixed_at + self._fix_every if self._fixed_at else now
        while at <= now:
            self._waiting = [*self._waiting[-_KEPT:], *fixes(self._drivers, at)]
            self._fixed_at = at
            at += self._fix_every


def _orders(part: Part, view: View, now: datetime) -> list[Order]:
    return list(part.orders(view, now))
