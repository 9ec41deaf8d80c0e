"""What the practice world wants done, and how it gets done: by the same commands as a person's."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncEngine

from db.commands import Command, execute
from db.errors import Conflict, Invalid, NotAllowed, Unavailable

_log = logging.getLogger(__name__)
_TRY_AGAIN = 1.0
_REST = timedelta(minutes=3)
_KEPT = 200
_NAMES = ("assignment_id", "handover_id", "screening_id", "van_id", "referral_id")


class Hand(StrEnum):
    """Whose login does it."""

    CALLS = "calls"
    CREWS = "crews"
    DISPATCH = "dispatch"
    DISPATCH_TOO = "dispatch too"


@dataclass(frozen=True, slots=True)
class Order:
    """One command, and whose login gives it."""

    hand: Hand
    command: Command

    @property
    def key(self) -> str:
        """Names what is done to what, whatever the command's own id."""
        what = next(str(getattr(self.command, name)) for name in _NAMES if hasattr(self.command, name))
        return f"{type(self.command).__name__}:{getattr(self.command, 'to', '')}:{what}"


@dataclass(slots=True)
class Tally:
    """What a practice shift did.

    Attributes:
        done: commands carried out, by verb.
        refused: sentences of the last refusals, with the verb before each.
        fixes: positions sent.
    """

    done: Counter[str] = field(default_factory=Counter)
    refused: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT))
    fixes: int = 0


class Hands:
    """Carries orders out, one after the other.

    Args:
        engines: a signed-in engine a hand; closed by ``close``.
        stop: set when the shift ends.
        tally: counts what was done.
    """

    def __init__(self, engines: Mapping[Hand, AsyncEngine], stop: asyncio.Event, tally: Tally) -> None:
        self._engines = engines
        self._stop = stop
        self._resting: dict[str, datetime] = {}
        self.tally = tally

    @property
    def reading(self) -> AsyncEngine:
        """The login that looks at the record for everybody."""
        return self._engines[Hand.CREWS]

    async def carry_out(self, order: Order, now: datetime) -> bool:
        """Carry an order out; a lost answer is asked again with the same command.

        A refusal is expected, since a person may have acted first: the same order then rests a while.

        Returns:
            Whether the record took it.
        """
        if now < self._resting.get(order.key, now):
            return False
        verb = type(order.command).__name__
        while not self._stop.is_set():
            try:
                await execute(self._engines[order.hand], order.command)
            except Unavailable:
                await pause(self._stop, _TRY_AGAIN)
            except (Conflict, Invalid, NotAllowed) as refusal:
                self._refuse(order, verb, refusal, now)
                return False
            else:
                self.tally.done[verb] += 1
                return True
        return False

    def _refuse(self, order: Order, verb: str, refusal: Exception, now: datetime) -> None:
        self._resting[order.key] = now + _REST
        self.tally.refused.append(f"{verb}: {refusal}")
        # The sentence may name people: the log says only what kind of thing was refused.
        _log.info("practice world: %s was refused (%s)", verb, type(refusal).__name__)

    async def close(self) -> None:
        """Close all engines."""
        for engine in self._engines.values():
            await engine.dispose()


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait a while, or until the shift ends."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await stop.wait()
