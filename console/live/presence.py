"""Who else looks at a referral or types in it, live; and this console's own word of where it is.

It is no history: a console that says nothing for half a minute is gone from every other one.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

from console.live.desk import Desk
from console.live.store import LinkState, Store
from console.live.sync import RecordFeed, Sync
from console.running.faults import attempt
from db.domain.messages import Presence, here_words, others_here
from db.engine import Engine, transaction
from db.errors import RecordError
from db.presence import be_gone

SAY_EVERY: Final = 10.0
"""Seconds after which it is said again, though nothing changed."""
LEAVE_WITHIN: Final = 1.0
"""Seconds that a good-bye may take; without one the console is gone half a minute later."""
Where = Callable[[], tuple[UUID | None, bool]]
"""The referral that is shown here, and whether somebody types in it."""


def others_at(desk: Desk, referral_id: UUID) -> str:
    """Who else is at a referral, in words; empty for nobody.

    Args:
        desk: of this console, which is left out.
        referral_id: which.
    """
    there = _there(desk.store, referral_id)
    named = ((desk.store.reference.who(login), types) for login, types in others_here(there, desk.console))
    return here_words(named)


def _there(store: Store, referral_id: UUID) -> list[Presence]:
    return [one for one in store.all_of(Presence, "presence") if one.referral_id == referral_id]


class PresenceTeller:
    """Says where this console is with the beat of its board, for as long as ``run`` is awaited.

    So it takes no connection from what people ask for, and waits behind nothing that they do.
    """

    def __init__(self, engine: Engine, desk: Desk, sync: Sync, where: Where) -> None:
        self._engine, self._desk, self._sync, self._where = engine, desk, sync, where
        self._said: tuple[UUID | None, bool] | None = None
        self._said_at = float("-inf")

    async def run(self) -> None:
        """Say it when it changes, and now and then; and good-bye at the end."""
        self._sync.after_beat = self.look
        try:
            await asyncio.Event().wait()
        finally:
            self._sync.after_beat = None
            await self._leave()

    async def look(self, feed: RecordFeed) -> None:
        """Say where it is, if that is new or it is time. Raises only for a link that broke."""
        here = attempt("where this console is", self._where)
        # Of a console that shows no referral others see nothing: said once, it lets its connection rest.
        if here is None or (
            here == self._said and (here[0] is None or time.monotonic() - self._said_at < SAY_EVERY)
        ):
            return
        # What the record did not take is said again with the next beat.
        taken = await feed.say_here(self._desk.console, here[0], typing=here[1])
        self._said, self._said_at = here if taken else None, time.monotonic()

    async def _leave(self) -> None:
        if self._said is None or self._desk.store.link.state is not LinkState.LIVE:
            return
        try:
            async with asyncio.timeout(LEAVE_WITHIN), transaction(self._engine) as connection:
                await be_gone(connection, self._desk.console)
        except (RecordError, TimeoutError):
            pass  # half a minute later it is gone all the same
