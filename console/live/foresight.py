"""What predictions are told from: the service's own past, read now and then, and what runs on the board now."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.store import Store
from console.live.when_read import board_first
from console.running.faults import attempt
from console.running.tasks import Supervisor
from db.clock import RecordClock
from db.domain import foreseen
from db.domain.clocks import EARLIEST
from db.domain.foreseen import KnownPast, OwnPast
from db.domain.holding import PredictedRelease
from db.domain.records import Assignment, Handover
from db.errors import RecordError

AGAIN_AFTER: Final = 3600.0
"""Seconds between two reads of the past."""
SOON_AFTER: Final = 60.0
"""Seconds until the next try where the record did not answer."""
_FRESH: Final = timedelta(seconds=60)
_STOPPED: Final = "The past is no longer read for predictions; the console tries again."

ReadPast = Callable[[datetime], Awaitable[OwnPast]]


class Foresight(QObject):
    """Tells moments to come. Until the past was read, and where it was not, by the service's rules."""

    changed = Signal()
    """Another past is told from."""

    def __init__(self) -> None:
        super().__init__()
        self._past: OwnPast | None = None
        self._known: tuple[datetime, KnownPast] | None = None
        self._measured = OwnPast().measured(EARLIEST)

    def take(self, past: OwnPast, now: datetime) -> None:
        """Tell from this past from now on; what of it had ended by now, UTC, is measured once."""
        self._measured = past.measured(now)
        self._past, self._known = past, None
        self.changed.emit()

    def known(self, store: Store, now: datetime) -> KnownPast | None:
        """What can be told from now; worked out once a minute, as the lengths of those who wait grow."""
        if self._past is None:
            return None
        if self._known is None or not timedelta(0) <= now - self._known[0] < _FRESH:
            # A row that cannot be read tells nothing, and costs no other.
            found = (
                attempt("what a referral tells of lengths", _parts, store, key) for key in store.referral_ids()
            )
            live = [one for one in found if one is not None]
            self._known = now, foreseen.known_at(self._past, live, now, self._measured)
        return self._known[1]

    def release(
        self,
        store: Store,
        links: Sequence[Handover],
        jobs: Sequence[Assignment],
        eta: datetime | None,
        now: datetime,
    ) -> PredictedRelease | None:
        """When the waiting crew of a referral is likely to be free."""
        return foreseen.release(links, jobs, eta, now, self.known(store, now), store.reference.rules)

    def clear(self, store: Store, job: Assignment, eta: datetime | None, now: datetime) -> PredictedRelease | None:
        """When a van is likely to be clear of its job."""
        return foreseen.clear(job, eta, now, self.known(store, now), store.reference.rules)

    def start(
        self, read: ReadPast, store: Store, clock: RecordClock, supervisor: Supervisor, owner: QObject
    ) -> None:
        """Read the past once the board is live, and again each hour, for as long as ``owner`` is there."""
        supervisor.keep(
            "the past for predictions", lambda: self._keep_reading(read, store, clock), _STOPPED, owner=owner
        )

    async def _keep_reading(self, read: ReadPast, store: Store, clock: RecordClock) -> None:
        await board_first(store)
        while True:
            try:
                self.take(await read(clock.now()), clock.now())
            except RecordError:
                # The status bar says that the link is lost; what was read before still tells.
                await asyncio.sleep(SOON_AFTER)
            else:
                await asyncio.sleep(AGAIN_AFTER)


def _parts(store: Store, key: UUID) -> tuple[Sequence[Handover], Sequence[Assignment]]:
    parts = store.handovers_of(key), store.assignments_of(key)
    for link in parts[0]:
        foreseen.wait_of(link, parts[1])
    return parts
