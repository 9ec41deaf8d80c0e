"""What every command shares: an id made by the client, a source, and a run that is safe to repeat."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.commands.holders import holder_named
from db.commands.past import opened_for
from db.domain.clocks import local_time
from db.engine import transaction
from db.errors import AtOnce, Conflict, Invalid
from db.replicated import answers_for_what_it_read

# Shorter than the time for an answer, so that the record says what holds it up before nobody waits any more.
LOCK_WITHIN_MS = 2500
INSISTED_MOST = 500
"""Characters; the record refuses more (``cru.check_context``)."""
_AT_ONCE_MOST = 3
"""How often a command is carried out anew that was given up, since another one and it waited for each other."""
_SET_BACK = timedelta(minutes=1)
_ON_ITS_WAY = timedelta(seconds=5)
"""A step may be asked for while the one before it is on its way, which the record stamps when it arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something a person or a device wants to happen. Every time in one is aware; the record keeps UTC.

    Attributes:
        command_id: made once by whoever asks; repeating the command with the same id does nothing twice.
        origin: from where: user, crew, device, geofence or message.
        insisted: what was known to speak against it when somebody insisted; kept with the events.
        by_stretch: whether it looks rows up by a stretch of time, of which Postgres has to know the ends to see
            which index serves. The others look up a few rows by their keys, by which every plan is the same.
    """

    by_stretch: ClassVar[bool] = False

    command_id: UUID = field(default_factory=uuid4)
    origin: str = "user"
    insisted: str = ""


C = TypeVar("C", bound=Command)
_VERBS: dict[type[Command], Callable[[AsyncConnection, Command], Awaitable[None]]] = {}


def verb(
    kind: type[C],
) -> Callable[[Callable[[AsyncConnection, C], Awaitable[None]]], Callable[..., Awaitable[None]]]:
    """Register the function that carries out one kind of command."""

    def register(function: Callable[[AsyncConnection, C], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        # On import: a module of verbs that the package does not import has none.
        _VERBS[kind] = function  # type: ignore[assignment] # the key is the proof of the argument's type
        return function

    return register


def kinds() -> Mapping[str, type[Command]]:
    """Every kind of command that is carried out, by its name."""
    return {kind.__name__: kind for kind in _VERBS}


async def run(connection: AsyncConnection, command: Command) -> None:
    """Carry out a command in the caller's transaction. A command that was done before does nothing.

    Raises:
        Conflict | NotAllowed | Invalid: refused; the transaction must be rolled back.
    """
    await _carry_out(connection, command, first=(await _begin(connection, command)).first)


async def _carry_out(connection: AsyncConnection, command: Command, *, first: bool) -> None:
    if first:
        await _VERBS[type(command)](connection, command)
    else:
        await answers_for_what_it_read(connection)


# In which context the transaction's rows change, and whether the command is done for the first time: in one
# statement, since each costs whoever waits a way to the server and back. ``true``: until the transaction ends, so
# that nothing of it clings to a connection of the pool. The reason is emptied, since one transaction may carry out
# several commands. The insert waits for a twin that is still in progress, so exactly one of the two does the work.
# Plans are made for any row at once, and kept: each of the hundreds that the record's rules take would else be
# made five times anew in every session.
_BEGIN = text(
    "WITH context AS MATERIALIZED (SELECT set_config('cru.source', :origin, true),"
    " set_config('cru.command', CAST(:id AS text), true), set_config('cru.reason', '', true),"
    " set_config('cru.insisted', :insisted, true), set_config('lock_timeout', :within, true),"
    " set_config('plan_cache_mode', :plans, true)),"
    " told AS (INSERT INTO cru.command_log (command_id, verb)"
    " SELECT CAST(CAST(:id AS text) AS uuid), :verb FROM context ON CONFLICT DO NOTHING RETURNING 1)"
    " SELECT pg_backend_pid() AS pid, EXISTS (SELECT FROM told) AS first"
)


async def _begin(connection: AsyncConnection, command: Command) -> Row[int, bool]:
    """Begin it. Returns the server's process, and whether it was not done before."""
    given = {
        "origin": command.origin,
        "id": str(command.command_id),
        # Cut here, since a word too many must not refuse the step itself.
        "insisted": command.insisted[:INSISTED_MOST],
        "within": str(LOCK_WITHIN_MS),
        "plans": "auto" if command.by_stretch else "force_generic_plan",
        "verb": type(command).__name__,
    }
    return (await connection.execute(_BEGIN, given)).one()


async def execute(engine: AsyncEngine, command: Command) -> None:
    """Carry out a command in a transaction of its own.

    Raises:
        Conflict | NotAllowed | Invalid: refused, nothing changed.
        Busy: somebody else holds what it needs; nothing changed, and repeating the same command is safe.
        Unavailable: no answer; repeating the same command is safe.
    """
    try:
        await _once(engine, command)
    except (Conflict, Invalid):
        # It may be about something that is past, which nobody sees who has not opened it.
        async with transaction(engine) as connection:
            was_past = await opened_for(connection, command)
        if not was_past:
            raise
        await _once(engine, command)


async def _once(engine: AsyncEngine, command: Command) -> None:
    """Carry it out; again where two commands waited for each other, as those of one person's referrals may."""
    for _ in range(_AT_ONCE_MOST):
        with suppress(AtOnce):
            await _in_one(engine, command)
            return
    await _in_one(engine, command)


async def _in_one(engine: AsyncEngine, command: Command) -> None:
    async with holder_named(engine) as begun, transaction(engine) as connection:
        begun_as = await _begin(connection, command)
        begun(begun_as.pid)
        await _carry_out(connection, command, first=begun_as.first)


async def give_reason(connection: AsyncConnection, reason: str) -> None:
    """Put the reason beside the rows that this transaction changes; the events carry it."""
    await connection.execute(text("SELECT set_config('cru.reason', :reason, true)"), {"reason": reason})


async def record_now(connection: AsyncConnection) -> datetime:
    """The record's clock: the server's, or the practice shift's. Aware, UTC."""
    return (await connection.execute(text("SELECT cru.clock_now()"))).scalar_one()  # type: ignore[no-any-return] # a timestamptz


def stamp(now: datetime, before: datetime | None) -> datetime:
    """The moment of a step taken now: never before the one that precedes it.

    The server's clock may have been set back between the two. What lies more than a minute ahead binds nobody.
    """
    return before if before is not None and now < before <= now + _SET_BACK else now


async def in_order(
    connection: AsyncConnection, at: datetime | None, step: str, referral_id: UUID, row_id: UUID
) -> datetime | None:
    """The moment of a step that was asked for a breath before the record had stamped the one that precedes it.

    Args:
        connection: the transaction in progress, with the referral locked.
        at: when the step was asked for; None for now, which the record stamps itself.
        step: its name in :mod:`db.domain.time_order`, such as ``"assignment.on_scene"``.
        referral_id: whose step it is.
        row_id: the assignment, handover or screening; the referral's own id for its own times.

    Returns:
        ``at``, or the time of the step before it where that is at most five seconds later. What lies further
        before it stays, and the record refuses it.
    """
    if at is None:
        return None
    asked = text("SELECT cru.earliest_for(:referral, :row, :step)")
    given = {"referral": referral_id, "row": row_id, "step": step}
    earliest: datetime | None = (await connection.execute(asked, given)).scalar_one()
    return earliest if earliest and at < earliest <= at + _ON_ITS_WAY else at


async def already(
    connection: AsyncConnection,
    what: str,
    *,
    state: str = "",
    referral_id: UUID | None = None,
    van_id: UUID | None = None,
) -> Conflict:
    """A conflict that says who brought it into the state it is in, or did the last thing here, and when.

    Args:
        connection: the transaction in progress.
        what: how it stands now, such as ``"CRU-20261122-0042 is accepted already"``.
        state: the state it is in.
        referral_id: whose event to name.
        van_id: the same for a van.
    """
    last = text(
        "SELECT coalesce(u.display_name, e.recorded_by) AS who, e.kind, e.happened_at, cru.clock_now() AS now"
        " FROM cru.event e LEFT JOIN cru.user_account u ON u.login = e.recorded_by"
        " WHERE (e.referral_id = :referral OR e.van_id = :van)"
        # Who looked or wrote a note did not bring it into its state.
        " AND e.kind NOT IN ('record opened', 'note')"
        " ORDER BY e.kind IN (:state, 'van ' || :state, 'handover ' || :state) DESC, e.id DESC LIMIT 1"
    )
    row = (await connection.execute(last, {"referral": referral_id, "van": van_id, "state": state})).first()
    if row is None:
        return Conflict(f"{what}.")
    when = local_time(row.happened_at, row.now)
    return Conflict(f"{what}. Last: {row.kind}, {row.who}, {when}.", "Look at it again before you go on.")
