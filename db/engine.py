"""Connections to the record, and its refusals turned into errors that people can act on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
from sqlalchemy import URL, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from db.addresses import connect_arguments, for_driver
from db.errors import Conflict, Invalid, NotAllowed, RecordError, Unavailable
from db.tables.bounds import refusal

__all__ = [
    "ANSWER_WITHIN",
    "connect",
    "for_driver",
    "transaction",
    "translate",
    "translate_driver",
]

ANSWER_WITHIN = 4.0
TRIES_AGAIN = "The console tries again by itself."
_LOST = Unavailable("The record cannot be reached.", TRIES_AGAIN)
_OURS: dict[str, type[RecordError]] = {"CR001": Conflict, "CR002": NotAllowed, "CR003": Invalid}
_RETRY = frozenset({"40001", "40P01"})


def connect(
    url: URL, application: str = "cru-console", *, answer_within: float | None = ANSWER_WITHIN
) -> AsyncEngine:
    """An engine on the record; nothing is opened yet.

    Args:
        url: libpq's ``sslmode``, certificate files and several hosts in it are honoured.
        application: the name that the server's administrator sees.
        answer_within: seconds for one statement; None for migrations, which take as long as they take.
    """

    async def opened() -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(
            **connect_arguments(url),
            timeout=ANSWER_WITHIN,
            command_timeout=answer_within,
            server_settings={"application_name": application, "timezone": "UTC"},
        )

    engine = create_async_engine(
        for_driver(url),
        async_creator=opened,
        pool_size=3,
        max_overflow=2,
        pool_timeout=ANSWER_WITHIN,
        pool_recycle=1800,
    )
    event.listen(engine.sync_engine, "checkout", _skip_the_dead)
    event.listen(engine.sync_engine, "close", _hang_up)
    return engine


def _skip_the_dead(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
    # A server that stopped said so: the pool opens another connection, and nobody sees an error.
    if _driver(connection).is_closed():
        raise DisconnectionError


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
    except (OSError, TimeoutError, PoolTimeout, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
        raise translate_driver(error) from error


def translate(error: DBAPIError) -> RecordError:
    """A driver's error in the words of :mod:`db.errors`."""
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return _LOST
    cause = getattr(error.orig, "__cause__", None)
    return translate_driver(cause if isinstance(cause, Exception) else error)


def translate_driver(error: Exception) -> RecordError:
    """An asyncpg error in the words of :mod:`db.errors`."""
    code = getattr(error, "sqlstate", None) or ""
    if code in _OURS and isinstance(error, asyncpg.PostgresError):
        return _OURS[code](str(error.args[0]), getattr(error, "hint", "") or "")
    if code in {"28P01", "28000"}:
        return NotAllowed("The user name or password is not right.", "Type them again, or ask the owner.")
    if code == "42501":
        return NotAllowed("Your role may not do this.", "Ask the shift lead.")
    if code == "3D000":
        return Invalid("There is no database of that name on the server.", "Check the name, or ask the owner.")
    if code in {"53100", "58030"}:
        return Unavailable("The record's disk is full.", "Make room on the server's disk; nothing was lost.")
    if code in _RETRY:
        return Conflict("Somebody changed this at the same moment.", "Look again, then repeat it.")
    if code == "23505":
        return Conflict("This exists already.", "Look again before you repeat it.")
    if code.startswith(("22", "23")):
        return _refused_value(getattr(error, "constraint_name", None) or "")
    if code.startswith("42"):
        return Invalid("The record does not fit this program.", 'The owner runs "main.py admin upgrade".')
    return _LOST


def _refused_value(constraint: str) -> Invalid:
    broken = refusal(constraint)
    if broken is None:
        return Invalid("The record refuses this value.", "Check what was typed.")
    return Invalid(broken.sentence, broken.next_step)
