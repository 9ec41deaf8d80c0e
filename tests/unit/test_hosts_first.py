"""Which of several hosts is asked when, and how a question to one of them ends. Hosts are played."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from db import hosts, listener
from db.hosts import History, Opened, Route, _first
from db.listener import Listener

HOST = make_url("postgresql://host")
NOT_NOW = asyncpg.CannotConnectNowError("the database system is starting up")


class Played:
    """A connection that does what a test says."""

    def __init__(self) -> None:
        self.closed = False

    def terminate(self) -> None:
        self.closed = True

    def is_closed(self) -> bool:
        return self.closed

    def add_termination_listener(self, _told: object) -> None:
        """Nobody is told."""


class Host:
    """A host that lets in, refuses or keeps waiting; counts how often it was asked, and when."""

    def __init__(self, *answers: BaseException | None) -> None:
        self.answers = list(answers)
        self.asked: list[float] = []
        self.opened: list[Played] = []
        self.lets_in = asyncio.Event()

    async def __call__(self) -> Opened:
        self.asked.append(asyncio.get_running_loop().time())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, TimeoutError):
            await self.lets_in.wait()
        elif answer is not None:
            raise answer
        self.opened.append(Played())
        return Opened(self.opened[-1], HOST, pooled=False, history=History())  # type: ignore[arg-type] # played


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "NEXT_AFTER", 0.05)
    monkeypatch.setattr(hosts, "HOST_WITHIN", 0.4)
    monkeypatch.setattr(listener, "LOOK_ELSEWHERE_AFTER", 0.02)


async def failure(*asks: Host) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - the test looks at it
        await asyncio.wait_for(_first(asks), 5)
    return caught.value


async def test_the_first_that_lets_in_is_taken_and_no_other_is_asked() -> None:
    one, other = Host(None), Host(None)
    assert (await _first([one, other])).connection is one.opened[0]
    assert other.asked == []


async def test_one_that_refuses_is_followed_by_the_next_at_once() -> None:
    one, other = Host(ConnectionRefusedError()), Host(None)
    await _first([one, other])
    assert other.asked[0] - one.asked[0] < hosts.NEXT_AFTER


async def test_one_that_keeps_us_waiting_is_followed_after_a_pause_and_hung_up() -> None:
    slow, other = Host(TimeoutError()), Host(None)
    await _first([slow, other])
    assert other.asked[0] - slow.asked[0] >= hosts.NEXT_AFTER * 0.9
    # Nobody waits for it any more.
    assert slow.opened == []
    assert len(asyncio.all_tasks()) == 1


async def test_not_now_is_asked_again_only_while_another_keeps_us_waiting() -> None:
    starting = Host(NOT_NOW)
    assert isinstance(await failure(starting), asyncpg.CannotConnectNowError)
    assert len(starting.asked) == 1
    promoted, slow = Host(NOT_NOW, NOT_NOW, None), Host(TimeoutError())
    assert (await _first([slow, promoted])).connection is promoted.opened[0]
    assert len(promoted.asked) == 3
    assert promoted.asked[1] - promoted.asked[0] >= hosts.NEXT_AFTER * 0.9


async def test_not_now_is_not_asked_for_ever() -> None:
    starting, slow = Host(NOT_NOW), Host(TimeoutError())
    opening = asyncio.ensure_future(_first([slow, starting]))
    loop = asyncio.get_running_loop()
    end = loop.time() + hosts.HOST_WITHIN + 6 * hosts.NEXT_AFTER
    while loop.time() < end:
        await asyncio.sleep(0.01)
    asked = len(starting.asked)
    assert 2 <= asked <= 9
    assert starting.asked[-1] - starting.asked[0] <= hosts.HOST_WITHIN + 3 * hosts.NEXT_AFTER
    slow.lets_in.set()
    assert (await opening).connection is slow.opened[0]


async def test_another_refusal_is_not_asked_again() -> None:
    refuses, slow = Host(asyncpg.InvalidPasswordError("no")), Host(TimeoutError())
    opening = asyncio.ensure_future(_first([slow, refuses]))
    async with asyncio.timeout(5):
        while not refuses.asked:
            await asyncio.sleep(0.01)
    done, _ = await asyncio.wait({opening}, timeout=4 * hosts.NEXT_AFTER)
    assert not done
    assert len(refuses.asked) == 1
    slow.lets_in.set()
    (await opening).connection.terminate()


@pytest.mark.parametrize(
    ("failures", "told"),
    [
        ((TimeoutError, ConnectionRefusedError), ConnectionRefusedError),
        ((ConnectionRefusedError, asyncpg.InvalidPasswordError), asyncpg.InvalidPasswordError),
        ((asyncpg.InvalidPasswordError, ConnectionRefusedError), asyncpg.InvalidPasswordError),
    ],
)
async def test_the_failure_that_says_most_is_told(
    failures: tuple[Callable[..., BaseException], ...], told: type[BaseException]
) -> None:
    class Late(Host):
        async def __call__(self) -> Opened:
            self.asked.append(0.0)
            raise self.answers[0]

    assert isinstance(await failure(*(Late(made("x")) for made in failures)), told)


class Elsewhere(Route):
    """Two hosts, of which the other has taken over when a test says so."""

    def __init__(self) -> None:
        super().__init__(make_url("postgresql://a,b/record"))
        self.moved = False

    async def has_moved(self) -> bool:
        return self.moved


async def never() -> None:
    await asyncio.Event().wait()


async def soon(answer: str) -> str:
    await asyncio.sleep(0)
    return answer


def listening(moved: bool) -> tuple[Listener, Played]:
    route, connection = Elsewhere(), Played()
    route.moved = moved
    return Listener(connection, route), connection  # type: ignore[arg-type] # played


async def test_a_silent_host_is_left_once_another_has_taken_over() -> None:
    asking, connection = listening(moved=True)
    with pytest.raises(ConnectionResetError, match="another host has taken over"):
        await asking.within(never(), 5)
    assert connection.closed
    assert len(asyncio.all_tasks()) == 1


async def test_a_silent_host_is_given_up_in_time() -> None:
    asking, connection = listening(moved=False)
    with pytest.raises(TimeoutError):
        await asking.within(never(), 0.1)
    assert connection.closed
    assert len(asyncio.all_tasks()) == 1


async def test_an_answer_in_time_leaves_the_connection_open() -> None:
    asking, connection = listening(moved=False)
    assert await asking.within(soon("yes")) == "yes"
    assert not connection.closed
    assert len(asyncio.all_tasks()) == 1


async def test_an_answer_that_was_given_up_by_the_driver_is_a_lost_link() -> None:
    asking, _ = listening(moved=False)

    async def given_up() -> None:
        raise asyncio.CancelledError

    work: Coroutine[Any, Any, None] = given_up()
    with pytest.raises(ConnectionResetError):
        await asking.within(work, 5)


async def test_an_answer_that_makes_no_sense_is_logged_by_its_place_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asking, _ = listening(moved=False)

    async def garbled() -> None:
        raise KeyError("Zebedee")

    with pytest.raises(ConnectionAbortedError):
        await asking.within(garbled(), 5)
    assert "KeyError at line" in caplog.text
    assert "test_hosts_first.py" in caplog.text
    assert "Zebedee" not in caplog.text


async def test_who_gives_up_while_the_others_are_hung_up_leaves_nobody_on_the_line() -> None:
    """The one that let us in would otherwise stay open with nobody to close it."""
    goodbye, going = asyncio.Event(), asyncio.Event()

    async def slow_to_go() -> Opened:
        try:
            await asyncio.Event().wait()
        finally:
            going.set()
            await goodbye.wait()
        raise AssertionError

    one = Host(None)
    asked = asyncio.ensure_future(_first([slow_to_go, one]))
    await asyncio.wait_for(going.wait(), 5)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    goodbye.set()
    assert [each.closed for each in one.opened] == [True]
