"""What stands behind a host that lets us in: a pooler, an older state, another history. The driver is played."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from db import hosts, pooler
from db.errors import Invalid
from db.hosts import BadAddressError, History, OlderStateError, Route, _as_failure, _tells

ONE = "postgresql://a/record"
TWO = "postgresql://a,b/record"
UNPREPARED = pooler.UNPREPARED["statement_cache_size"]


class Session:
    """A connection of the driver's: to a server, or to a pooler before it."""

    def __init__(self, server: "Server", given: dict[str, Any]) -> None:
        self.server, self.given, self.closed = server, given, False
        self.asked: list[str] = []

    def get_server_pid(self) -> int:
        return 7

    async def execute(self, statement: str) -> str:
        self.asked.append(statement)
        if self.server.breaks:
            raise ConnectionResetError
        return "SELECT 0" if self.server.pooled else "SELECT 1"

    async def fetchrow(self, statement: str) -> dict[str, int]:
        self.asked.append(statement)
        return {"system": self.server.system, "timeline": self.server.timeline}

    def terminate(self) -> None:
        self.closed = True


class Server:
    """What answers at one host."""

    def __init__(self, system: int = 1, timeline: int = 1) -> None:
        self.system, self.timeline = system, timeline
        self.pooled = self.breaks = False
        self.sessions: list[Session] = []

    @property
    def given(self) -> list[Any]:
        """How each connection was told to prepare."""
        return [session.given.get("statement_cache_size") for session in self.sessions]

    @property
    def open(self) -> list[bool]:
        return [not session.closed for session in self.sessions]


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Server]:
    found = {"a": Server(), "b": Server()}

    async def entered(**given: Any) -> Session:
        server = found[given.get("host", "localhost")]
        server.sessions.append(Session(server, given))
        return server.sessions[-1]

    monkeypatch.setattr(asyncpg, "connect", entered)
    return found


async def test_a_server_is_entered_once_and_a_pooler_once_more(servers: dict[str, Server]) -> None:
    a, route = servers["a"], Route(make_url(ONE))
    await route.open("cru-test")
    assert (a.given, a.open, route.pooled) == ([None], [True], False)
    a.pooled = True
    opened: Any = await route.open("cru-test")
    assert (a.given[1:], a.open[1:], route.pooled) == ([None, UNPREPARED], [False, True], True)
    assert opened is a.sessions[-1]
    # Known by now.
    await route.open("cru-test")
    assert (a.given[3:], a.open[3:], route.pooled) == ([UNPREPARED], [True], True)
    # And gone.
    a.pooled = False
    await route.open("cru-test")
    await route.open("cru-test")
    assert (a.given[4:], a.open[4:], route.pooled) == ([UNPREPARED, None], [True, True], False)


async def test_one_that_breaks_while_it_is_looked_at_is_hung_up(servers: dict[str, Server]) -> None:
    servers["a"].breaks = True
    with pytest.raises(ConnectionResetError):
        await Route(make_url(ONE)).open("cru-test")
    assert servers["a"].open == [False]


@pytest.mark.parametrize(
    ("url", "within", "attributes"),
    [
        (ONE, hosts.ONLY_HOST_WITHIN, None),
        (TWO, hosts.HOST_WITHIN, "read-write"),
        (f"{TWO}?target_session_attrs=any", hosts.HOST_WITHIN, "any"),
    ],
)
async def test_how_a_host_is_asked(
    servers: dict[str, Server], monkeypatch: pytest.MonkeyPatch, url: str, within: float, attributes: str | None
) -> None:
    budgets, budget = [], asyncio.timeout

    def noted(seconds: float) -> asyncio.Timeout:
        budgets.append(seconds)
        return budget(seconds)

    monkeypatch.setattr(asyncio, "timeout", noted)
    await Route(make_url(url)).open("cru-test", command_timeout=9.0)
    [session] = servers["a"].sessions
    assert session.given["server_settings"] == {"application_name": "cru-test", "timezone": "UTC"}
    assert (session.given["timeout"], session.given["command_timeout"]) == (within, 9.0)
    assert session.given.get("target_session_attrs") == attributes
    # Ours ends a little later than the driver's, which ends in order.
    assert budgets == [pytest.approx(1.2 * within)]
    # Which history it writes is asked where there is another host to compare it with.
    assert len(session.asked) == (1 if url == ONE else 2)


async def test_who_asks_for_the_password_itself_is_asked_first_and_only_where_there_is_one(
    servers: dict[str, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    knocked: list[tuple[Any, ...]] = []

    async def asked(*given: Any) -> None:
        assert not servers["a"].sessions, "nothing was told yet"
        knocked.append(given)

    monkeypatch.setattr(hosts, "knock", asked)
    for url, expected in (
        ("ann:x@a:5444/record", ("a", 5444, "ann", "record")),
        (":x@a/", ("a", 5432, "", "")),
        ("ann@a/record", ()),
    ):
        knocked.clear()
        servers["a"].sessions.clear()
        await Route(make_url(f"postgresql://{url}")).open("cru-test")
        # The way that was looked at is the way that is gone.
        context = servers["a"].sessions[0].given["ssl"]
        assert isinstance(context, ssl.SSLContext)
        assert knocked == ([(*expected, context)] if expected else [])


async def test_a_link_in_clear_is_asked_for_as_the_address_says(servers: dict[str, Server]) -> None:
    servers["localhost"] = server = Server()
    for where in ("localhost/record", "localhost/record?sslmode=disable", "localhost/?sslmode=allow"):
        await Route(make_url(f"postgresql://ann@{where}")).open("cru-test")
    # Without a host it is a socket's folder that the driver finds by itself: nobody to ask first.
    await Route(make_url("postgresql://ann:x@/record")).open("cru-test")
    assert [session.given["ssl"] for session in server.sessions] == ["prefer", "disable", "allow", "prefer"]


@pytest.mark.parametrize(
    ("there", "moved"),
    [(Server(1, 3), True), (Server(1, 2), False), (Server(1, 1), False), (Server(2, 3), False)],
)
async def test_another_has_taken_over_when_its_history_goes_on(
    servers: dict[str, Server], there: Server, moved: bool
) -> None:
    servers["a"].timeline, route = 2, Route(make_url(TWO))
    await route.open("cru-test")
    servers["b"] = there
    assert await route.has_moved() is moved
    assert (len(servers["a"].sessions), there.open) == (1, [False])
    await route.open("cru-test")
    assert len(there.sessions) == 1 + moved


async def test_where_no_other_answers_nobody_has_taken_over(servers: dict[str, Server]) -> None:
    route = Route(make_url(TWO))
    await route.open("cru-test")
    servers["b"].breaks = True
    assert not await route.has_moved()


async def test_a_host_of_an_older_state_is_not_the_record(servers: dict[str, Server]) -> None:
    servers["a"].timeline, servers["b"].timeline, route = 5, 4, Route(make_url(TWO))
    await route.open("cru-test")
    servers["a"].breaks = True
    with pytest.raises(OlderStateError):
        await route.open("cru-test")
    assert servers["b"].open == [False]


async def test_the_host_that_let_us_in_last_begins(servers: dict[str, Server]) -> None:
    route = Route(make_url(TWO))
    servers["a"].breaks = True
    await route.open("cru-test")
    servers["a"].breaks = False
    await route.open("cru-test")
    assert (len(servers["a"].sessions), len(servers["b"].sessions)) == (1, 2)
    assert route.era == 0
    # Elsewhere, what was known of the old place is forgotten: its host, and its history.
    servers["b"].timeline = servers["a"].timeline = 0
    route.move(make_url(TWO))
    await route.open("cru-test")
    assert (len(servers["a"].sessions), len(servers["b"].sessions)) == (2, 2)
    assert route.era == 1
    route.lose()
    assert route.era == 2


@pytest.mark.parametrize(("url", "several"), [(ONE, False), (TWO, True), ("postgresql://a,b,c/record", True)])
def test_where_there_is_another_to_go_to(url: str, several: bool) -> None:
    assert Route(make_url(url)).has_several is several


@pytest.mark.parametrize(
    ("mine", "other", "before"),
    [
        (History(1, 1), History(1, 2), True),
        (History(1, 2), History(1, 2), False),
        (History(1, 3), History(1, 2), False),
        (History(1, 1), History(2, 2), False),
        (History(), History(0, 1), True),
        (History(), History(1, 1), False),
        (History(0, 0), History(), False),
    ],
)
def test_a_later_timeline_of_the_same_system_took_over(mine: History, other: History, before: bool) -> None:
    assert mine.is_before(other) is before


@pytest.mark.parametrize(
    ("raised", "told", "words"),
    [
        # A folder of sockets may appear.
        (FileNotFoundError("x"), FileNotFoundError, "x"),
        (Invalid("The file is not there."), BadAddressError, "cannot be used"),
        (ssl.SSLCertVerificationError("x"), ssl.SSLCertVerificationError, "x"),
        (UnicodeDecodeError("utf-8", b"", 0, 1, "x"), ConnectionError, "cannot be read"),
        (ValueError("port"), BadAddressError, "cannot be used"),
        (OverflowError("port"), BadAddressError, "cannot be used"),
        (ConnectionRefusedError("x"), ConnectionRefusedError, "x"),
        (TimeoutError("x"), TimeoutError, "x"),
        (asyncpg.InvalidPasswordError("x"), asyncpg.InvalidPasswordError, "x"),
        (asyncpg.InterfaceError("x"), asyncpg.InterfaceError, "x"),
        (KeyError("x"), ConnectionError, "no server of Postgres's"),
    ],
)
def test_whatever_opening_ends_with_is_a_failure_that_is_known(
    raised: Exception, told: type[Exception], words: str
) -> None:
    with pytest.raises(told, match=words) as caught, _as_failure():
        raise raised
    assert isinstance(caught.value, hosts.FAILURES)
    assert type(caught.value) is told


Made = Callable[[], BaseException]


@pytest.mark.parametrize("telling", [lambda: asyncpg.CannotConnectNowError("x"), BadAddressError, OlderStateError])
@pytest.mark.parametrize("mute", [TimeoutError, ConnectionRefusedError, lambda: asyncpg.InterfaceError("x")])
def test_some_failures_tell_more_than_others(telling: Made, mute: Made) -> None:
    assert _tells(telling()) > _tells(mute())
    assert _tells(ConnectionRefusedError()) > _tells(TimeoutError())


async def test_a_host_that_lets_us_in_at_the_last_moment_is_hung_up(servers: dict[str, Server]) -> None:
    late = Session(servers["b"], {})

    async def gets_in() -> hosts.Opened:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return hosts.Opened(late, make_url(ONE), pooled=False, history=History())  # type: ignore[arg-type] # played
        raise AssertionError

    async def fails_late() -> hosts.Opened:
        try:
            await asyncio.Event().wait()
        finally:
            raise ConnectionResetError

    async def lets_in() -> hosts.Opened:
        # Once the others are on their way.
        await asyncio.sleep(0)
        return hosts.Opened(Session(servers["a"], {}), make_url(ONE), pooled=False, history=History())  # type: ignore[arg-type] # played

    async def waits() -> hosts.Opened:
        await asyncio.Event().wait()
        raise AssertionError

    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, about: faults.append(about))
    running = {asyncio.ensure_future(ask()): ask for ask in (gets_in, fails_late, waits, lets_in)}
    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    await hosts._give_up({task: ask for task, ask in running.items() if not task.done()})
    await asyncio.sleep(0)
    assert late.closed
    assert len(asyncio.all_tasks()) == 1
    assert faults == []
