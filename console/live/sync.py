"""Keeps the mirror true: one reader, one connection, one picture after the other.

It waits for a notice or for the next beat, reads what changed since the place it stands at, fetches those rows,
and gives the store one Delta. Nothing else reads into the mirror, so nothing newer can be overtaken. Whatever
goes wrong on the way, it hangs up, says so, connects again and reads everything.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from console.live.store import Link, LinkState, Store
from db.clock import Clocks, Jump, RecordClock
from db.domain.clocks import age_in_words
from db.engine import DRIVERS_OWN, translate_driver
from db.errors import Invalid, NotAllowed, RecordError
from db.follow import Beat, Changes, Place
from db.migrate import is_served
from db.mirror import Found

# ARCHITECTURE promises these numbers to the room: a change of one of them is a change there, too.
BEAT_EVERY = 1.0
GATHER = 0.03
"""Seconds between two reads in a flood: what comes meanwhile is read at once."""
SEEN_WITHIN = 2.0
"""Seconds after which a beat that did not come back says that the way through the record is broken."""
# Nothing ought to be left for this read to find; what a list of changes once failed to tell ends here, and so does
# what time alone takes off the board (an end of twelve hours ago changes no row).
WHOLE_EVERY = 600.0
"""Seconds between two reads of everything."""
POSITIONS_AT_MOST = 1.0
"""Seconds that a van's new place may wait when many consoles read many vans."""
UPGRADED = "The record was upgraded and works on with this window. Start the newer program when there is time."
_RETRY_AFTER = (0.1, 0.25, 0.5)
# A wrong password, a missing right or a newer schema does not mend itself: seconds between two tries then.
_ASK_A_PERSON_AFTER = 3.0
_LINK_ERRORS = (*DRIVERS_OWN, RecordError)
log = logging.getLogger(__name__)


class RecordFeed(Protocol):
    """The record, as one connection shows it: what :class:`db.follow.Follower` does."""

    @property
    def hears(self) -> bool:
        """Whether notices can come at all."""

    async def heard(self, seconds: float) -> frozenset[str]:
        """Wait for a notice; the entities hinted at."""

    async def beat(self) -> Beat:
        """Beat, and read the clocks."""

    async def say_here(self, console: UUID, referral_id: UUID | None, *, typing: bool) -> bool:
        """Say where a console is; whether the record took it."""

    async def changes(self, since: Place) -> Changes:
        """What changed since a place."""

    async def rows(self, changes: Changes, known: Collection[UUID]) -> Found:
        """The changed rows as they are now."""

    async def whole(self) -> tuple[Found, Place]:
        """Everything, and the place it was taken at."""

    def close(self) -> None:
        """Hang up."""


AfterBeat = Callable[[RecordFeed], Awaitable[None]]


class Sync:
    """Follows the record for as long as ``run`` is awaited.

    Attributes:
        after_beat: what is said beside a beat, on the same connection, once the mirror is live; it raises only for
            a link that broke.

    Args:
        open_source: connects.
        store: the mirror.
        clock: set at every beat.
        reference_changed: something configurable may have changed; called as often as needed.
        link_lost: the link broke; what else hangs on it may be dropped.
    """

    def __init__(
        self,
        open_source: Callable[[], Awaitable[RecordFeed]],
        store: Store,
        clock: RecordClock,
        reference_changed: Callable[[], None] = lambda: None,
        link_lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._open = open_source
        self._store = store
        self._clock = clock
        self._reference_changed = reference_changed
        self._link_lost = link_lost
        self.after_beat: AfterBeat | None = None
        self._place = Place(0)
        self._life = self._revision = ""
        self._was_live = False
        self._whole_wanted = self._another_life = False
        self._read_cost = 0.0
        self._begin()

    def _begin(self) -> None:
        """Forget what holds for one connection only."""
        now = time.monotonic()
        self._beat_due = self._whole_due = now
        self._read_due: float | None = None
        self._moved: set[UUID] | None = set()
        self._moved_due: float | None = None
        self._read_at = self._beaten_at = self._noticed_at = now
        self._clocks: Clocks | None = None
        self._slack = 0.0

    def read_everything(self) -> None:
        """Something happened that the list of changes may not tell, such as a sleep of this computer."""
        self._whole_wanted = True
        # Before any monotonic time there is: the next turn of the loop beats, and a beat decides what is read.
        self._beat_due = 0.0

    # --- the link ---

    async def run(self) -> None:
        """Mirror the record until cancelled."""
        tries = 0
        try:
            while True:
                began = time.monotonic()
                wait = _RETRY_AFTER[min(tries, len(_RETRY_AFTER) - 1)]
                try:
                    await self._once()
                except _LINK_ERRORS as error:
                    said = error if isinstance(error, RecordError) else translate_driver(error)
                    log.warning("the link to the record is down: %s", type(error).__name__)
                    self._lose(said)
                    wait = _ASK_A_PERSON_AFTER if isinstance(said, NotAllowed | Invalid) else wait
                # A link that held so long was a good one: what comes now is another outage, and is tried at once.
                tries = 0 if time.monotonic() - began > _ASK_A_PERSON_AFTER else tries + 1
                await asyncio.sleep(wait)
        finally:
            # Ended by a fault of our own, or by somebody: whoever looks must not take the board for live.
            self._lose(RecordError("The console has stopped following the record.", "It begins again by itself."))

    async def _once(self) -> None:
        source = await self._open()
        try:
            self._begin()
            await self._follow(source)
        finally:
            source.close()

    def _lose(self, error: RecordError) -> None:
        if self._store.link.state is not LinkState.LOST:
            self._store.set_link(Link(LinkState.LOST, self._clock.now(), 0.0, str(error)))
            self._link_lost()

    # --- following ---

    async def _follow(self, source: RecordFeed) -> None:
        await self._beat(source)
        while True:
            self._take_hints(await source.heard(self._pause()))
            now = time.monotonic()
            if now >= self._beat_due:
                await self._beat(source)
            elif self._is_due(now):
                await self._read(source)

    def _pause(self) -> float:
        """Seconds until something is due by itself."""
        due = [at for at in (self._read_due, self._moved_due) if at is not None]
        return max(0.0, min([self._beat_due, *due]) - time.monotonic())

    def _is_due(self, now: float) -> bool:
        return any(at is not None and now >= at for at in (self._read_due, self._moved_due))

    def _take_hints(self, hints: frozenset[str]) -> None:
        now = time.monotonic()
        if hints:
            self._noticed_at = now
        # The first word is read at once; what comes within the next moment shares a read.
        if hints - {"beat", "position"} and self._read_due is None:
            self._read_due = max(now, self._read_at + GATHER)
        if "position" in hints and self._moved_due is None:
            self._moved_due = now + self._unhurried()

    def _unhurried(self) -> float:
        """Seconds until vans that moved are read: longer, and not all consoles at once, where it is dear."""
        # Twenty times what it takes, drawn at random between: reading vans fills a tenth of the time, on average.
        pause = min(POSITIONS_AT_MOST, max(GATHER, 20 * self._read_cost))
        return random.uniform(GATHER / 2, pause)  # noqa: S311 - spreads load, keeps no secret

    # --- the beat ---

    async def _beat(self, source: RecordFeed) -> None:
        begun = time.monotonic()
        self._beat_due = begun + BEAT_EVERY
        beat = await source.beat()
        trip = time.monotonic() - begun
        # Before anything is read: rows of another life must not be laid over what is known of this one.
        self._check_life(beat)
        self._follow_clocks(beat, trip)
        if self._whole_wanted or begun >= self._whole_due or self._store.link.state is not LinkState.LIVE:
            await self._read_whole(source)
        else:
            await self._read(source)
        # The server answers and yet its list is without our beat: then it may be without anything.
        if time.monotonic() - self._beaten_at > SEEN_WITHIN:
            raise TimeoutError("a beat was written and not seen")
        self._store.beat()
        self._store.seal.see(beat.sealed)
        # Our own beat sends a notice as every change does: three that nobody heard were swallowed on the way.
        by_beat = not source.hears or time.monotonic() - self._noticed_at > 3 * BEAT_EVERY
        unwatched = None if beat.unwatched is None else max(0.0, beat.unwatched.total_seconds())
        since = self._store.link.since
        self._store.set_link(Link(LinkState.LIVE, since, trip, by_beat=by_beat, unwatched=unwatched))
        if self.after_beat is not None:
            await self.after_beat(source)

    def _check_life(self, beat: Beat) -> None:
        if self._revision not in ("", beat.revision):
            if not is_served(beat.oldest):
                raise Invalid("The record was upgraded while this window was open.", "Start the newer program.")
            self._store.doubted.emit(UPGRADED)
            self._whole_wanted = True
        if self._life not in ("", beat.life):
            log.warning("the record is another one than before: everything is read anew")
            self._whole_wanted = self._another_life = True
        self._life, self._revision = beat.life, beat.revision

    def _follow_clocks(self, beat: Beat, trip: float) -> None:
        clocks, before = Clocks.here(beat.server_now), self._clocks
        # When on its way an answer read the clock, nobody knows: both trips are what the clocks may differ by.
        jump, seconds = clocks.since(before, self._slack + trip) if before is not None else (Jump.NONE, 0.0)
        self._clocks, self._slack = clocks, trip
        if jump is Jump.NONE:
            self._clock.follow(beat.clock, trip)
            return
        self._clock.set(beat.clock, trip)
        log.warning("clocks disagree: %s, %+.1f s", jump.value, seconds)
        self._whole_wanted = True
        if jump is Jump.SERVER:
            self._store.doubted.emit(_server_clock_words(seconds))

    # --- reading ---

    async def _read(self, source: RecordFeed) -> None:
        begun = time.monotonic()
        changes = await source.changes(self._place)
        if changes.beat:
            # The time before it was asked: what the answer shows was there by then, however long it took to come.
            self._beaten_at = begun
        if changes.whole:
            await self._read_whole(source)
            return
        self._put_off_positions(changes, begun)
        # Neither is in the mirror: who shows them reads them, when it is told.
        events, reference = changes.ids.pop("event", set()), "reference" in changes.ids
        found = await source.rows(changes, self._store.referral_ids())
        # Only once the rows are here: a read that breaks off is made again from the old place.
        self._place, self._read_due, self._read_at = changes.place, None, time.monotonic()
        if "position" in changes.ids:
            self._read_cost = self._read_at - begun
        self._store.put(found.records, gone=found.gone, unreadable=found.unreadable)
        self._tell_events(events)
        if reference:
            self._reference_changed()

    def _put_off_positions(self, changes: Changes, now: float) -> None:
        """Vans that moved wait for their time; what else changed does not wait for them."""
        came = changes.ids.pop("position", set())
        # None: more than are named one by one.
        self._moved = None if came is None or self._moved is None else self._moved | came
        if self._moved == set():
            self._moved_due = None
        elif self._moved_due is None:
            self._moved_due = now + self._unhurried()
        elif now >= self._moved_due:
            changes.ids["position"] = self._moved
            self._moved, self._moved_due = set(), None

    def _tell_events(self, ids: set[UUID] | None) -> None:
        told = frozenset(self._store.referral_ids() if ids is None else ids)
        if told:
            self._store.events_changed.emit(told)

    async def _read_whole(self, source: RecordFeed) -> None:
        found, place = await source.whole()
        now = time.monotonic()
        # The place is of the same picture as the rows, so what commits meanwhile is in the next read.
        self._place, self._whole_due, self._whole_wanted = place, now + WHOLE_EVERY, False
        self._moved, self._moved_due, self._read_due, self._read_at = set(), None, None, now
        self._beaten_at = now
        live = self._store.link.state is LinkState.LIVE
        lost = self._was_live and self._store.link.state is LinkState.LOST
        self._was_live = True
        # The link is live before the panels learn what changed, so they paint it as fresh.
        self._store.beat()
        if not live:
            self._store.set_link(Link(LinkState.LIVE, self._clock.now()))
        self._store.replace(found.records, unreadable=found.unreadable, after_loss=lost)
        # What is configurable, and what was written about a referral, may have changed unheard.
        if lost or self._another_life:
            self._reference_changed()
        if not live or self._another_life:
            self._tell_events(None)
        self._another_life = False


def _server_clock_words(seconds: float) -> str:
    way = "forward" if seconds > 0 else "back"
    span = age_in_words(timedelta(seconds=round(abs(seconds))))
    return f"The record's clock was set {way} by {span}. Times written around now may be wrong."
