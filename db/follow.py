"""Follows the record: what changed since a place in its history, without gaps, and a beat that shows it.

The place is the snapshot of the last read. A change is new if its transaction was still running then, or had not
begun: each is read once, whatever the order of commits, and nobody waits for a writer who sleeps. A notice
only says when to look; one that is lost, late, doubled or forged costs at most a beat.
"""

from collections.abc import Collection, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from db.clock import ClockReading
from db.domain.roles import Role
from db.hosts import Route
from db.listener import Listener
from db.mirror import Found, rows_of, whole
from db.presence import be_present

T = TypeVar("T")
TABLE_WITHIN = 20.0
"""Seconds for one table of all when everything is read.

Not for all of them together: where everything takes longer than that, because the line is slow or the computer has
much to do, a reading that is broken off and begun anew never comes to its end.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the record's history: every transaction below ``after`` is known but those in ``running``."""

    after: int
    running: tuple[int, ...] = ()

    @classmethod
    def read(cls, snapshot: str) -> "Place":
        """From Postgres's own text of a snapshot, ``10:20:10,14``."""
        # The oldest is not needed: what was still running below ``after`` is named one by one.
        _oldest, after, running = snapshot.split(":")
        return cls(int(after), tuple(int(one) for one in running.split(",") if one))


@dataclass(frozen=True, slots=True)
class Beat:
    """What the record said of itself.

    Attributes:
        clock: the record's clock.
        server_now: the server's own clock, which a practice shift does not bend.
        life: which life of the record this is; another one means that nothing known holds.
        revision: of the schema.
        oldest: the oldest program that it serves, by its revision.
        unwatched: since when no console has raised alarms for all; None where none ever did.
        sealed: the last checkpoint of the audit; empty where there is none.
    """

    clock: ClockReading
    server_now: datetime
    life: str
    revision: str
    oldest: str
    unwatched: timedelta | None = None
    sealed: str = ""


@dataclass(slots=True)
class Changes:
    """What changed since a place.

    Attributes:
        place: where the mirror stands when it has taken these.
        ids: by entity; None means more than were named.
        whole: everything must be read anew.
        beat: a beat was among them.
    """

    place: Place
    ids: dict[str, set[UUID] | None] = field(default_factory=dict)
    whole: bool = False
    beat: bool = False

    def add(self, entity: str, ids: Collection[UUID] | None) -> None:
        """One entry of the list."""
        if entity == "all" or (ids is None and entity not in _READ_WITHOUT_NAMES):
            self.whole = True
        elif entity == "beat":
            self.beat = True
        elif ids is None:
            self.ids[entity] = None
        else:
            # What was once more than named stays so.
            known = self.ids.setdefault(entity, set())
            if known is not None:
                known.update(ids)


# The others would leave rows behind that are no longer live.
_READ_WITHOUT_NAMES = frozenset({"beat", "event", "position", "reference"})
_BEAT = """
SELECT cru.beat(), cru.clock_now() AS now, clock_timestamp() AS server_now, cru.record_life() AS life,
    CASE WHEN clock_origin IS NULL THEN 1 ELSE clock_speed END AS speed,
    (SELECT version_num FROM cru.alembic_version) AS revision, cru.oldest_program() AS oldest,
    (SELECT clock_timestamp() - beat_at FROM cru.alarm_watch) AS unwatched,
    coalesce((SELECT note FROM cru.audit_checkpoint ORDER BY number DESC LIMIT 1), '') AS sealed
FROM cru.service WHERE id = 1
"""
# The list and the snapshot in one statement, so that they are of one moment; the join gives the
# place also when nothing changed.
_CHANGES = """
SELECT pg_current_snapshot()::text AS place, c.entity, c.ids
FROM (SELECT) one LEFT JOIN cru.change c ON c.xid >= $1 OR c.xid = ANY ($2::bigint[]) ORDER BY c.id
"""


class Follower:
    """One connection that mirrors the record for somebody of a role.

    Its questions raise as :meth:`db.listener.Listener.within` does; after that it is of no use.
    """

    def __init__(self, listener: Listener, role: Role) -> None:
        self._listener = listener
        self._role = role

    @classmethod
    async def open(cls, route: Route, role: Role, application: str = "cru-console-feed") -> "Follower":
        """Connect and listen. Raises as :meth:`db.hosts.Route.open`."""
        return cls(await Listener.open(route, application), role)

    @property
    def hears(self) -> bool:
        """Whether notices can come at all on this connection; behind most poolers none do."""
        return self._listener.listens

    async def heard(self, seconds: float) -> frozenset[str]:
        """Wait for a notice. Returns the entities hinted at. Raises ConnectionError when the link is gone."""
        return await self._listener.heard(seconds)

    async def beat(self) -> Beat:
        """Beat, and read the record's clocks and life."""
        row = await self._listener.within(self._listener.connection.fetchrow(_BEAT))
        if row is None:
            raise ConnectionError("the record names no service")
        clock = ClockReading(row["now"], row["speed"])
        named = {name: row[name] for name in ("server_now", "life", "revision", "oldest", "unwatched", "sealed")}
        return Beat(clock, **named)

    async def say_here(self, console: UUID, referral_id: UUID | None, *, typing: bool) -> bool:
        """Say where a console is. False: the record refused it or would have to wait; the link is as it was."""
        said = be_present(self._listener.connection, console, referral_id, typing=typing)
        try:
            await self._listener.within(said)
        except asyncpg.PostgresError:
            return False
        return True

    async def changes(self, since: Place) -> Changes:
        """What changed since a place, and the place after it."""
        asked = self._listener.connection.fetch(_CHANGES, since.after, list(since.running))
        entries = await self._listener.within(asked)
        found = Changes(Place.read(entries[0]["place"]))
        # A record put back to an earlier moment beneath the connection: what it wrote since has lower numbers.
        found.whole = found.place.after < since.after
        for entry in entries:
            if entry["entity"] is not None:
                found.add(entry["entity"], entry["ids"])
        return found

    async def rows(self, changes: Changes, known: Collection[UUID]) -> Found:
        """The changed rows as they are now. ``known`` are the referrals in the mirror."""
        return await self._listener.within(rows_of(self._listener.connection, self._role, changes.ids, known))

    async def whole(self) -> tuple[Found, Place]:
        """Everything that is live in one picture, and the place it was taken at."""
        connection = self._listener.connection
        # The place comes first, and every read after it has the same snapshot: what commits meanwhile is not in
        # the rows and is new at this place.
        picture = connection.transaction(isolation="repeatable_read", readonly=True)
        await self._part(picture.start())
        place = Place.read(await self._part(connection.fetchval("SELECT pg_current_snapshot()::text")))
        found = await whole(connection, self._role, self._part)
        await self._part(picture.commit())
        return found, place

    async def _part(self, part: Coroutine[Any, Any, T]) -> T:
        return await self._listener.within(part, TABLE_WITHIN)

    def close(self) -> None:
        """Hang up."""
        self._listener.close()
