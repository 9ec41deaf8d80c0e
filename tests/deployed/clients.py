"""Desks that issue commands without a pause, by the program's own way, and keep book of what was answered."""

import asyncio
import threading
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from sqlalchemy import URL

from db import commands as do
from db.commands import Command
from db.domain.records import Location
from db.engine import Engine, connect
from db.errors import Unavailable

_AGAIN_AFTER = 0.3
_AT_ONCE = 4
"""How many ask again at once: desks have a computer each, and these share one that is busy with three servers."""
_PACE = 0.5
TAKES_EACH = 5
"""Of so many commands one is a new referral; the others are notes, of which each shows how often it was done."""


@dataclass(frozen=True)
class Answered:
    """A command that was said to be done; times are monotonic."""

    command: Command
    asked: float
    answered: float
    tries: int

    @property
    def words(self) -> str:
        """What a note says, which no other says; empty for a referral."""
        return self.command.words if isinstance(self.command, do.AddNote) else ""


class Clients:
    """So many connections, on a thread and loop of their own.

    Attributes:
        book: what was answered, in the order of the answers.
        said: each sentence that was said instead of an answer.
    """

    def __init__(self, urls: Sequence[URL]) -> None:
        self.book: list[Answered] = []
        self.said: set[str] = set()
        self._stop = False
        self._again = asyncio.Semaphore(_AT_ONCE)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all(urls)), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let each finish what it asked for, and end."""
        self._stop = True
        self._thread.join(90)
        assert not self._thread.is_alive(), "a command was never answered"

    def taken_since(self, moment: float) -> UUID | None:
        """A referral that somebody asked for after a moment, and that was answered."""
        found = [one.command for one in list(self.book) if one.asked > moment]
        return next((one.referral_id for one in found if isinstance(one, do.TakeReferral)), None)

    def longest_silence(self, since: float) -> float:
        """Seconds, since a moment, in which nobody was answered."""
        times = [since, *(one.answered for one in list(self.book) if one.answered > since), time.monotonic()]
        return max(later - sooner for sooner, later in pairwise(times))

    async def _all(self, urls: Sequence[URL]) -> None:
        await asyncio.gather(*(self._one(number, url) for number, url in enumerate(urls)))

    async def _one(self, number: int, url: URL) -> None:
        engine = connect(url, f"cru-test-client on desk {number}")
        mine, turn = do.TakeReferral(details=_details(number)), 0
        await self._carried_out(engine, mine)
        while not self._stop:
            turn += 1
            if turn % TAKES_EACH == 0:
                mine = do.TakeReferral(details=_details(number))
                await self._carried_out(engine, mine)
            else:
                note = do.AddNote(referral_id=mine.referral_id, words=f"note {turn} of desk {number}")
                await self._carried_out(engine, note)
            await asyncio.sleep(_PACE)
        await engine.dispose()

    async def _carried_out(self, engine: Engine, command: Command) -> None:
        """Ask until there is an answer, as a console does."""
        asked, tries = time.monotonic(), 1
        while True:
            try:
                async with self._again if tries > 1 else nullcontext():
                    await do.execute(engine, command)
            except Unavailable as error:
                self.said.add(error.sentence)
                tries += 1
                await asyncio.sleep(_AGAIN_AFTER)
            else:
                self.book.append(Answered(command, asked, time.monotonic(), tries))
                return


def _details(number: int) -> do.Details:
    return do.Details(source="hub", priority="P2", location=Location(f"Desk Street {number}", "NN1 4LP"))
