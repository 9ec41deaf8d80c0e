"""The way to the record's server, or to whichever of several hosts is the one that may be written to now.

asyncpg spreads one time budget over all hosts of a URL, so that a frozen first one starves the second. Here each
host has its own, the one that let us in last begins, and the next does not wait for it to fail.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy import URL

from db import pooler, tls
from db.addresses import connect_arguments, each_host
from db.errors import RecordError
from db.knock import AsksInClearError, PlainServerError, knock

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

HOST_WITHIN = 1.5
"""Seconds that each of several hosts has to let us in."""
ONLY_HOST_WITHIN = 4.0
"""The same where there is no other to go to: a busy server is waited for."""
NEXT_AFTER = 0.25
"""Seconds after which the next host is tried beside one that has not answered yet."""


class BadAddressError(OSError):
    """The address cannot be used as it is written; trying again does not help.

    Attributes:
        why: what is wrong with it, where that is known.
    """

    def __init__(self, why: RecordError | None = None) -> None:
        super().__init__("the address cannot be used")
        self.why = why


class OlderStateError(ConnectionError):
    """A host takes writes, and another had taken over from it: what it holds is no longer the record."""


FAILURES = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresError, asyncpg.InternalClientError)
"""Everything that opening may end with. The last is how asyncpg takes a goodbye in the middle of its own step."""


@dataclass(frozen=True, slots=True)
class History:
    """Which history of which cluster a host writes: at each promotion the timeline counts up."""

    system: int = 0
    timeline: int = 0

    def is_before(self, other: "History") -> bool:
        """Whether the other took over from this one."""
        return self.system == other.system and self.timeline < other.timeline


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection, and what is known of the host behind it."""

    connection: "Connection"
    host: URL
    pooled: bool
    history: History


Ask = Callable[[], Coroutine[Any, Any, Opened]]


class Route:
    """Where the record is, and which of its hosts let us in last.

    Attributes:
        url: as given, or as moved.
        pooled: the last connection went through a pooler, which may hand each transaction to another session.
        era: counts up when the link is lost; connections of an earlier one are given up.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.pooled = False
        self.era = 0
        self._good: URL | None = None
        self._history = History()

    def move(self, url: URL) -> None:
        """The server listens elsewhere now."""
        # What was known of the history of the old one says nothing of the one there.
        self.url, self._good, self._history = url, None, History()
        self.lose()

    def lose(self) -> None:
        """The server we spoke to is gone, or no longer the one that may be written to."""
        self.era += 1

    @property
    def has_several(self) -> bool:
        """Whether there is another host to go to when one is lost."""
        return len(each_host(self.url)) > 1

    async def open(self, application: str, *, command_timeout: float | None = None) -> "Connection":
        """Connect to the first host that lets us in; where there are several, to one that may be written to.

        Args:
            application: the name that the server's administrator sees.
            command_timeout: seconds for one statement; None for as long as it takes.

        Raises:
            OSError | TimeoutError | asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError:
                none did (``FAILURES``); the most telling reason.
        """
        # A sort is stable: behind the last good one the others stay in the order in which the owner named them.
        hosts = sorted(each_host(self.url), key=lambda host: host != self._good)
        opened = await _first([self._asking(host, application, command_timeout) for host in hosts])
        self._good, self.pooled, self._history = opened.host, opened.pooled, opened.history
        return opened.connection

    async def has_moved(self) -> bool:
        """Whether another host has taken over from the one that let us in last; then it is asked first next time.

        Called while that one keeps us waiting. One that is only slow stays ours, since no other may be written to.
        """
        others = [host for host in each_host(self.url) if host != self._good]
        with contextlib.suppress(*FAILURES):
            opened = await _first([self._asking(host, "cru-console", None) for host in others])
            # Only the way is looked for here; whoever was kept waiting opens a connection of its own.
            opened.connection.terminate()
            if self._history.is_before(opened.history):
                self._good = opened.host
                return True
        return False

    def _asking(self, host: URL, application: str, command_timeout: float | None) -> Ask:
        return lambda: self._ask(host, application, command_timeout)

    async def _ask(self, host: URL, application: str, command_timeout: float | None) -> Opened:
        several = self.has_several
        within = HOST_WITHIN if several else ONLY_HOST_WITHIN
        given = connect_arguments(host) | {"timeout": within, "command_timeout": command_timeout}
        given["server_settings"] = {"application_name": application, "timezone": "UTC"}
        if several:
            # Any host would do for asyncpg, and a standby named first would be taken for the record.
            given.setdefault("target_session_attrs", "read-write")
        with _as_failure():
            # asyncpg's own budget ends an attempt in order; ours holds even where it does not look at the time.
            async with asyncio.timeout(within * 1.2):
                given["ssl"] = await _proven(host, given)
                opened = await _enter(host, given, pooled=self.pooled, several=several)
        if opened.history.is_before(self._history):
            opened.connection.terminate()
            raise OlderStateError
        return opened


@contextlib.contextmanager
def _as_failure() -> Iterator[None]:
    """Whatever opening ends with becomes one of ``FAILURES``."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        # One of values, too, as Python counts it.
        raise
    except UnicodeDecodeError as error:
        raise ConnectionError("the server says something that cannot be read") from error
    except (ValueError, OverflowError) as error:
        # A name or a port that cannot be one, settings that contradict each other.
        raise BadAddressError from error
    except RecordError as error:
        raise BadAddressError(error) from error
    except FAILURES:
        raise
    except Exception as error:
        # asyncpg believes what a server says; when it is none, or a broken one, anything may come of that.
        raise ConnectionError("this is no server of Postgres's") from error


async def _proven(host: URL, given: dict[str, Any]) -> ssl.SSLContext | str:
    """How a host is reached safely, after it was asked how it would know us; see :func:`db.knock.knock`."""
    name, port = given.get("host", ""), given.get("port", 0)
    # To read the authorities that a computer trusts takes longer than a frame.
    context = await asyncio.to_thread(tls.context_for, host, name)
    if name and given["password"]:
        await knock(name, port, given["user"] or "", given["database"] or "", context)
    return context or tls.mode_of(host) or "prefer"


async def _enter(host: URL, given: dict[str, Any], *, pooled: bool, several: bool) -> Opened:
    """Connect, and see what is behind: a pooler is entered once more, for nothing may be prepared by name."""
    connection = await asyncpg.connect(**given, **(pooler.UNPREPARED if pooled else {}))
    try:
        found = await pooler.stands_between(connection)
        if not found or pooled:
            history = await _history(connection) if several else History()
            return Opened(connection, host, found, history)
    except BaseException:
        connection.terminate()
        raise
    connection.terminate()
    return await _enter(host, given, pooled=True, several=several)


async def _history(connection: "Connection") -> History:
    row = await connection.fetchrow(_HISTORY)
    return History() if row is None else History(row["system"], row["timeline"])


# The first eight digits of a WAL file's name are the timeline. A standby may not be
# asked for its place in the WAL.
_HISTORY = """
SELECT system_identifier AS system, CASE WHEN pg_is_in_recovery() THEN 0
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END AS timeline
FROM pg_control_system()
"""


async def _first(asks: Sequence[Ask]) -> Opened:
    """The first host that lets us in; each is asked when the one before failed or has kept us waiting.

    While one keeps us waiting, those that said "not now" are asked again: one of them may be promoted meanwhile.
    """
    waiting = list(asks)
    running: dict[asyncio.Task[Opened], Ask] = {}
    failures: list[BaseException] = []
    entered: Opened | None = None
    begun = time.monotonic()
    try:
        while waiting or running:
            if waiting:
                ask = waiting.pop(0)
                running[asyncio.ensure_future(ask())] = ask
            timeout = NEXT_AFTER if waiting else None
            await asyncio.wait(running, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            for task in [one for one in running if one.done()]:
                ask = running.pop(task)
                failure = _failure_of(task)
                if failure is None:
                    entered = task.result()
                    return entered
                failures.append(failure)
                # Within bounds, or two hosts that both say "not now" would keep each other going for ever.
                if running and isinstance(failure, _NOT_NOW) and time.monotonic() - begun < HOST_WITHIN:
                    running[asyncio.ensure_future(_later(ask))] = ask
        raise max(failures, key=_tells)
    finally:
        try:
            await _give_up(running)
        except asyncio.CancelledError:
            if entered is not None:
                entered.connection.terminate()
            raise


_NOT_NOW = (asyncpg.TargetServerAttributeNotMatched, asyncpg.CannotConnectNowError, ConnectionError)


async def _later(ask: Ask) -> Opened:
    await asyncio.sleep(NEXT_AFTER)
    return await ask()


def _failure_of(task: asyncio.Task[Opened]) -> BaseException | None:
    # Cancelled by nobody here: the driver gave up a step of its own. It must not end whoever follows the record.
    return TimeoutError() if task.cancelled() else task.exception()


async def _give_up(running: "dict[asyncio.Task[Opened], Ask]") -> None:
    for task in running:
        # Also one that gets in at this very moment, and even if nobody waits here to the end.
        task.add_done_callback(_hang_up)
        task.cancel()
    if running:
        await asyncio.wait(running)


def _hang_up(task: asyncio.Task[Opened]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().connection.terminate()


_TELLING = (
    asyncpg.PostgresError,
    BadAddressError,
    OlderStateError,
    PlainServerError,
    AsksInClearError,
    ssl.SSLCertVerificationError,
)


def _tells(failure: BaseException) -> tuple[bool, bool]:
    """How much a failure says: a server that refuses the password says more than one that is not there."""
    told = isinstance(failure, _TELLING)
    return told, not isinstance(failure, TimeoutError)
