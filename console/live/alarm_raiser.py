"""Raises alarms for the whole room while this console is the one that does, and for itself if nobody does.

One console at a time raises: the one that did so last, and within six seconds of its end another. What it raises
is known by its name, so two that raise at once raise one alarm.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Final
from uuid import uuid4

from console.live.alarm_book import AlarmBook
from console.live.store import LinkState, Store
from db.domain.alarms import Alarm
from db.engine import Engine, transaction
from db.errors import RecordError
from db.raising import ToldAlarm, end_alarms, raise_alarms, watch_alarms

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at what sounds."""
BEAT_EVERY: Final = 2.0
"""Seconds between two beats of the console that raises."""
FREE_AFTER: Final = 5.0
"""Seconds without a beat after which others ask to raise."""
ALONE_AFTER: Final = 3.0
"""Seconds for which an alarm is missing in the record until whoever hears it raises it, whoever should have."""
GONE_AFTER: Final = 2.0
"""Seconds for which a cause is gone until the alarm is over: a mirror may be a moment behind."""

log = logging.getLogger(__name__)


def told(alarm: Alarm) -> ToldAlarm:
    """An alarm as it is told to the record."""
    return ToldAlarm(alarm.key, alarm.kind, alarm.told, alarm.since, alarm.referral_id, alarm.van_id)


class AlarmRaiser:
    """Looks again and again for as long as ``run`` is awaited."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        book: AlarmBook,
        sounding: Callable[[], Sequence[Alarm]],
    ) -> None:
        """Raise nothing yet.

        Args:
            engine: where the record is told.
            store: how it stands with the link.
            book: what the record has.
            sounding: what sounds on this console, answered or not.
        """
        self._engine, self._store = engine, store
        self._book, self._sounding = book, sounding
        self._console = uuid4()
        # By this computer's own time: a practice shift runs fast, and a mirror no faster for it.
        self._gone_since: dict[str, float] = {}
        self._asked_at = float("-inf")
        self.raises = False

    async def run(self) -> None:
        """Raise for all, or stand by."""
        while True:
            if self._store.link.state is LinkState.LIVE:
                try:
                    await self.look()
                except RecordError:
                    # The link says what is the matter; another console takes over meanwhile.
                    self.raises = False
            else:
                self.raises = False
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Beat if it is time, and tell what has begun and what is over."""
        await self._beat()
        sounding = self._sounding()
        begun = [one for one in self._book.to_raise(sounding) if self.raises or self._is_late(one)]
        over = self._over({one.key for one in sounding}) if self.raises else []
        if begun or over:
            async with transaction(self._engine) as connection:
                await raise_alarms(connection, [told(one) for one in begun])
                await end_alarms(connection, over)

    async def _beat(self) -> None:
        now = time.monotonic()
        unwatched = self._store.link.unwatched
        is_free = unwatched is None or unwatched > FREE_AFTER
        if now - self._asked_at < BEAT_EVERY or not (self.raises or is_free):
            return
        self._asked_at = now
        async with transaction(self._engine) as connection:
            raises = await watch_alarms(connection, self._console)
        if raises is not self.raises:
            log.info("this console %s alarms for all", "raises" if raises else "no longer raises")
        self.raises = raises

    def _is_late(self, alarm: Alarm) -> bool:
        return self._book.missed_for(alarm) >= ALONE_AFTER

    def _over(self, names: set[str]) -> list[str]:
        now, gone = time.monotonic(), self._book.open_names() - names
        self._gone_since = {name: self._gone_since.get(name, now) for name in gone}
        return [name for name, since in self._gone_since.items() if now - since >= GONE_AFTER]
