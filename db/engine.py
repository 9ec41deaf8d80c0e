"""Connections to the record, and its refusals turned into errors that people can act on."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import URL, event
from sqlalchemy import Engine as SyncEngine
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from db.addresses import each_host
from db.errors import TRIES_AGAIN, AtOnce, Busy, Conflict, Invalid, NotAllowed, Passing, RecordError, Unavailable
from db.hosts import FAILURES, BadAddressError, OlderStateError, Route
from db.knock import AsksInClearError, PlainServerError
from db.tables.bounds import column_of, refusal
from db.tls import about_certificate

__all__ = [
    "ANSWER_WITHIN",
    "DESK",
    "DRIVERS_OWN",
    "LOCK_NOT_AVAILABLE",
    "NO_ANSWER",
    "Engine",
    "beside",
    "connect",
    "transaction",
    "translate",
    "translate_driver",
]

Engine: TypeAlias = AsyncEngine
"""What the screen calls it, which knows no driver."""
ANSWER_WITHIN = 4.0
IDLE_AFTER = 60.0
"""Seconds after which a connection that nobody used is closed: most consoles watch most of the time."""
DESK = " on "
"""What stands between the program's and the desk's name in what the server's administrator sees."""
LOCK_NOT_AVAILABLE = "55P03"
NO_ANSWER = "The record cannot be reached."
_LOST = Passing(NO_ANSWER)
DRIVERS_OWN = (*FAILURES, PoolTimeout)
# What the record's own functions raise (``cru.refuse``), with the sentence in the message and the
# step in the hint.
_OURS: dict[str, type[RecordError]] = {"CR001": Conflict, "CR002": NotAllowed, "CR003": Invalid}


def connect(
    where: URL | Route, application: str = "cru-console", *, answer_within: float | None = ANSWER_WITHIN
) -> AsyncEngine:
    """An engine on the record; nothing is opened yet.

    One connection, closed after a quiet minute, and a second while that is busy: a command need not wait for
    somebody who reads much. With the one that follows the record a console holds one, mostly two, never more than
    three.

    Args:
        where: libpq's ``sslmode``, certificate files and several hosts in a URL are honoured. A route that several
            share is followed to wherever it leads.
        application: the name that the server's administrator sees.
        answer_within: seconds for one statement; None for migrations, which take as long as they take.
    """
    route = where if isinstance(where, Route) else Route(where)
    engine = create_async_engine(
        # For the dialect only: the connection itself is made by ``async_creator``, wherever the route leads then.
        _of_dialect(route.url),
        async_creator=lambda: route.open(application, command_timeout=answer_within),
        pool_size=1,
        max_overflow=1,
        pool_timeout=ANSWER_WITHIN,
        pool_recycle=1800,
    )
    _OPENERS[engine.sync_engine] = lambda: route.open(application, command_timeout=ANSWER_WITHIN)
    _follow_route(engine, route)
    _close_when_quiet(engine)
    _hang_up_what_comes_late(engine)
    event.listen(engine.sync_engine, "close", _hang_up)
    return engine


_OPENERS: WeakKeyDictionary[SyncEngine, "Callable[[], Awaitable[asyncpg.Connection[asyncpg.Record]]]"] = (
    WeakKeyDictionary()
)


@asynccontextmanager
async def beside(engine: AsyncEngine) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection outside the pool, for one question while all others wait; closed at the end of the block.

    Raises:
        one of ``DRIVERS_OWN`` or an asyncpg error, untranslated.
    """
    connection = await _OPENERS[engine.sync_engine]()
    try:
        yield connection
    finally:
        connection.terminate()


def _of_dialect(url: URL) -> URL:
    first = each_host(url)[0]
    where = {name: first.query[name] for name in ("host", "port") if name in first.query}
    return first.set(drivername="postgresql+asyncpg", query=where)


# Read-only since somebody else became the primary, shutting down, crashed, starting up: others hold the same news.
_ANOTHER_SERVER = frozenset({"25006", "57P01", "57P02", "57P03"})


def _follow_route(engine: AsyncEngine, route: Route) -> None:
    """Give up connections that were opened before the route was lost."""

    def opened(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["era"] = route.era

    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        # A server that stopped said so: the pool opens another connection, and nobody sees an error. Asked here
        # and not by the pool's pre-ping, which costs every command a round trip.
        if _driver(connection).is_closed() or record.info.get("era") != route.era:
            raise DisconnectionError

    def failed(context: ExceptionContext) -> None:
        # SQLAlchemy's adapter raises an error of its own from asyncpg's, and only that one knows the SQLSTATE.
        cause = getattr(context.original_exception, "__cause__", None) or context.original_exception
        if getattr(cause, "sqlstate", None) in _ANOTHER_SERVER:
            route.lose()
            context.is_disconnect = True

    event.listen(engine.sync_engine, "connect", opened)
    event.listen(engine.sync_engine, "checkout", taken)
    event.listen(engine.sync_engine, "handle_error", failed)


def _close_when_quiet(engine: AsyncEngine) -> None:
    """Hang up a connection that lies in the pool unused; the pool opens another when one is wanted."""

    def returned(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        with suppress(RuntimeError):  # no loop runs: the program is at its end
            loop = asyncio.get_running_loop()
            if connection is not None:
                record.info[_QUIET] = loop.call_later(IDLE_AFTER, _driver(connection).terminate)

    def wanted(_connection: DBAPIConnection, record: ConnectionPoolEntry, *_: object) -> None:
        if timer := record.info.pop(_QUIET, None):
            timer.cancel()

    event.listen(engine.sync_engine, "checkin", returned)
    event.listen(engine.sync_engine, "checkout", wanted, insert=True)
    event.listen(engine.sync_engine, "close", wanted)


_QUIET = "closed when quiet"


def _hang_up_what_comes_late(engine: AsyncEngine) -> None:
    """Hang up a connection that was in use while the engine was disposed of, as soon as it is given back.

    It returns to a pool that nobody holds any more, and would stay open until Python collects it.
    """
    disposed = 0

    def opened(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info[_DISPOSED] = disposed

    def ended(_engine: object) -> None:
        nonlocal disposed
        disposed += 1

    def returned(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if connection is not None and record.info.get(_DISPOSED) != disposed:
            record.close()

    event.listen(engine.sync_engine, "connect", opened)
    event.listen(engine.sync_engine, "engine_disposed", ended)
    event.listen(engine.sync_engine, "checkin", returned)


_DISPOSED = "disposals before it was opened"


def _hang_up(connection: DBAPIConnection, _record: object) -> None:
    # A polite goodbye waits for the server's; a frozen server would hold up the end of the program.
    _driver(connection).terminate()


def _driver(connection: DBAPIConnection) -> "asyncpg.Connection[asyncpg.Record]":
    return connection.driver_connection  # type: ignore[no-any-return] # the adapter's documented way


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction, committed at the end of the block, with an answer within ``ANSWER_WITHIN`` seconds.

    Raises:
        Conflict | NotAllowed | Invalid: the record refused.
        Unavailable: no answer. Whether the transaction was committed is then not known.
    """
    # The timeout lies inside: its TimeoutError is translated too, and becomes "no answer".
    async with _translated(), asyncio.timeout(ANSWER_WITHIN):
        connection = await engine.connect()
        try:
            yield connection
            await connection.commit()
        except (TimeoutError, asyncio.CancelledError):
            # A frozen server would hang the rollback too: drop the connection instead.
            await _drop(connection)
            raise
        finally:
            await _give_back(connection)


async def _drop(connection: AsyncConnection) -> None:
    with suppress(SQLAlchemyError):
        raw = await connection.get_raw_connection()
        if raw.driver_connection is not None:
            raw.driver_connection.terminate()
        await connection.invalidate()


async def _give_back(connection: AsyncConnection) -> None:
    try:
        await connection.close()
    except asyncio.CancelledError:
        await _drop(connection)
        raise
    except (SQLAlchemyError, OSError, TimeoutError, asyncpg.InterfaceError):
        # The link broke under the rollback; the pool makes a new connection next time.
        await _drop(connection)


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise translate(error) from error
    except DRIVERS_OWN as error:
        raise translate_driver(error) from error


def translate(error: DBAPIError) -> RecordError:
    """A driver's error in the words of :mod:`db.errors`."""
    # asyncpg's own error, which SQLAlchemy's adapter wraps.
    cause = getattr(error.orig, "__cause__", None)
    if isinstance(cause, Exception):
        return translate_driver(cause)
    lost = error.connection_invalidated or isinstance(error, InterfaceError)
    return _LOST if lost else translate_driver(error)


# By SQLSTATE. A whole class of them stands in ``_KINDS``, which is asked last, so a
# code here goes before its class.
_WORDS: dict[str, RecordError] = {
    "28P01": NotAllowed("The user name or password is not right.", "Type them again, or ask the owner."),
    "28000": NotAllowed("The user name or password is not right.", "Type them again, or ask the owner."),
    "42501": NotAllowed("Your role may not do this.", "Ask the shift lead."),
    "3D000": Invalid("There is no database of that name on the server.", "Check the name, or ask the owner."),
    "25006": Passing("No host of the record may be written to now."),
    "57P03": Passing("The record's server is starting or stopping."),
    "53300": Passing("The record's server has no free connection."),
    "53100": Unavailable("The record's disk is full.", "Make room on the server's disk; nothing was lost."),
    "58030": Unavailable("The record's server cannot read or write its disk.", "Tell who looks after the server."),
    "53200": Unavailable("The record's server is out of memory.", "Tell who looks after the server."),
    "57014": Passing("The record was too long over this."),
    "25P03": Passing("The record ended what took too long."),
    LOCK_NOT_AVAILABLE: Busy("Somebody else holds what this needs."),
    "40001": Conflict("Somebody changed this at the same moment.", "Look again, then repeat it."),
    "40P01": AtOnce("Somebody changed this at the same moment.", "Look again, then repeat it."),
    "23505": Conflict("This exists already.", "Look again before you repeat it."),
    "26000": Passing("A pooler lost a statement of ours."),
    "42P05": Passing("A pooler lost a statement of ours."),
}
_KINDS: tuple[tuple[tuple[str, ...], RecordError], ...] = (
    (("22", "23"), Invalid("The record refuses this value.", "Check what was typed.")),
    (("42",), Invalid("The record does not fit this program.", 'The owner runs "main.py admin upgrade".')),
)
_TYPES: tuple[tuple[type[Exception], RecordError], ...] = (
    (asyncpg.TargetServerAttributeNotMatched, _WORDS["25006"]),
    (BadAddressError, Invalid("The address of the record cannot be used.", "Check it, or ask the owner.")),
    (
        OlderStateError,
        Unavailable(
            "A host answers that holds an older state of the record.",
            "Ask the owner. If it was restored on purpose, start the console again.",
        ),
    ),
    (socket.gaierror, Passing("No server of that name is found.", f"Check the network. {TRIES_AGAIN}")),
    (
        PlainServerError,
        Invalid(
            "The record's server makes no secure connection, so it was told no password.",
            "Check the address. The owner turns TLS on at the server.",
        ),
    ),
    (
        AsksInClearError,
        Invalid(
            "The record's server asks for the password itself, so it was not told.",
            "Check the address. The owner sets scram-sha-256 in the server's pg_hba.conf.",
        ),
    ),
    (ssl.SSLError, Passing("The record's server makes no secure connection.")),
)


def translate_driver(error: Exception) -> RecordError:
    """An asyncpg error in the words of :mod:`db.errors`."""
    # Ours first, whose sentence is the record's own; then the constraint, which names the field; then the code.
    code = getattr(error, "sqlstate", None) or ""
    if code in _OURS and isinstance(error, asyncpg.PostgresError):
        return _OURS[code](str(error.args[0]), getattr(error, "hint", "") or "")
    if isinstance(error, BadAddressError) and error.why is not None:
        return type(error.why)(error.why.sentence, error.why.next_step)
    if isinstance(error, ssl.SSLCertVerificationError):
        return about_certificate(error)
    constraint = getattr(error, "constraint_name", None) or ""
    broken = refusal(constraint)
    if broken is not None:
        return Invalid(broken.sentence, broken.next_step, column_of(constraint))
    known = (
        _WORDS.get(code)
        or next((said for kind, said in _TYPES if isinstance(error, kind)), None)
        or next((said for kinds, said in _KINDS if code.startswith(kinds)), _LOST)
    )
    # A new one each time: an error that is raised carries where it was raised.
    return type(known)(known.sentence, known.next_step)
