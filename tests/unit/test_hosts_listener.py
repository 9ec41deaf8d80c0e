"""One connection that listens: how it is opened, what it hears, and how long it waits. The driver is played."""

import asyncio
from collections.abc import Callable, Collection
from typing import Any

import pytest
from sqlalchemy import make_url

from db import listener
from db.hosts import Route
from db.listener import Listener


class Session:
    """A connection whose numbers a test gives; a number that is None never comes."""

    def __init__(self, *pids: int | None) -> None:
        self.pids = list(pids)
        self.closed = self.refuses = False
        self.heard: dict[str, Callable[..., None]] = {}
        self.ended: list[Callable[[object], None]] = []

    async def fetchval(self, _statement: str) -> int:
        pid = self.pids.pop(0) if len(self.pids) > 1 else self.pids[0]
        if pid is None:
            await asyncio.Event().wait()
        assert pid is not None
        return pid

    async def execute(self, statement: str) -> None:
        assert statement == "BEGIN"

    async def add_listener(self, channel: str, heard: Callable[..., None]) -> None:
        if self.refuses:
            raise ConnectionResetError
        self.heard[channel] = heard

    def add_termination_listener(self, told: Callable[[object], None]) -> None:
        self.ended.append(told)

    def is_closed(self) -> bool:
        return self.closed

    def terminate(self) -> None:
        self.closed = True
        for told in self.ended:
            told(self)

    def says(self, payload: str) -> None:
        self.heard[listener.CHANNEL](self, 1, listener.CHANNEL, payload)


class Way(Route):
    """A route that gives out what a test has laid out; what is no session is raised."""

    def __init__(self, *found: Session | BaseException, pooled: bool = False, hosts: str = "a") -> None:
        super().__init__(make_url(f"postgresql://{hosts}/record"))
        self.found, self.pooled, self.looks = list(found), pooled, 0

    async def open(self, application: str, *, command_timeout: float | None = None) -> Any:
        assert application == "cru-test"
        assert command_timeout is None
        one = self.found.pop(0)
        if isinstance(one, BaseException):
            raise one
        return one

    async def has_moved(self) -> bool:
        self.looks += 1
        return False


async def opened(way: Way) -> Listener:
    return await asyncio.wait_for(Listener.open(way, "cru-test"), 5)


async def test_with_a_server_it_listens_at_once() -> None:
    mine = Session(1)
    made = await opened(Way(mine))
    assert (made.listens, list(mine.heard), mine.closed) == (True, ["console"], False)


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        # Two sessions, each its own through a transaction of the other.
        ((1,), (2,), True),
        # The same for both, or another one later on.
        ((1,), (1,), False),
        ((1, 3), (2,), False),
        ((1, 1, 1, 3), (2,), False),
    ],
)
async def test_behind_a_pooler_it_listens_where_a_session_is_kept(
    one: tuple[int, ...], other: tuple[int, ...], kept: bool
) -> None:
    mine, probes = Session(9), [Session(*one), Session(*other)]
    made = await opened(Way(mine, *probes, pooled=True))
    assert (made.listens, list(mine.heard)) == (kept, ["console"] if kept else [])
    assert [mine.closed, *(probe.closed for probe in probes)] == [False, True, True]


@pytest.mark.parametrize("other", [ConnectionRefusedError(), Session(None)], ids=["refused", "never"])
async def test_where_no_second_session_can_be_had_it_does_not_listen(
    other: Session | BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "SESSION_WITHIN", 0.05)
    mine, probe = Session(9), Session(1)
    made = await opened(Way(mine, probe, other, pooled=True))
    assert (made.listens, mine.closed, probe.closed) == (False, False, True)


async def test_one_that_cannot_listen_is_hung_up() -> None:
    mine = Session(1)
    mine.refuses = True
    with pytest.raises(ConnectionResetError):
        await opened(Way(mine))
    assert mine.closed


async def test_what_is_heard_is_told_once_and_cut_short() -> None:
    mine = Session(1)
    made = await opened(Way(mine))
    waiting = asyncio.ensure_future(made.heard(60))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()
    mine.says("referral:1,2")
    mine.says("x" * 60)
    assert await asyncio.wait_for(waiting, 5) == {"referral", "x" * 40}
    assert await made.heard(0) == frozenset()
    mine.says("van")
    assert await made.heard(0) == {"van"}


async def test_an_end_wakes_whoever_listens() -> None:
    mine = Session(1)
    made = await opened(Way(mine))
    waiting = asyncio.ensure_future(made.heard(60))
    await asyncio.sleep(0)
    assert not made.is_lost
    made.close()
    assert made.is_lost
    with pytest.raises(ConnectionResetError, match="is gone"):
        await asyncio.wait_for(waiting, 5)


@pytest.mark.parametrize("hosts", ["a", "a,b"])
async def test_an_answer_has_its_whole_time_in_two_halves(hosts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waits, wait = [], asyncio.wait

    async def noted(watched: Collection[Any], **given: Any) -> Any:
        waits.append((len(watched), given["timeout"]))
        return await wait(watched, **given)

    monkeypatch.setattr(asyncio, "wait", noted)
    way, mine = Way(hosts=hosts), Session(1)
    with pytest.raises(TimeoutError):
        await Listener(mine, way).within(asyncio.Event().wait(), 0.02)  # type: ignore[arg-type] # played
    # The other host is watched where there is one.
    assert waits == [(len(hosts.split(",")), 0.01)] * 2
    assert mine.closed
    assert len(asyncio.all_tasks()) == 1


async def test_another_host_is_looked_at_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "LOOK_ELSEWHERE_AFTER", 0.001)
    way, mine = Way(hosts="a,b"), Session(1)

    async def slow() -> int:
        while way.looks < 3:
            await asyncio.sleep(0)
        return way.looks

    assert await Listener(mine, way).within(slow(), 10) >= 3  # type: ignore[arg-type] # played
    assert not mine.closed


async def test_without_a_route_it_asks_nobody_else() -> None:
    mine = Session(1)
    made = Listener(mine)  # type: ignore[arg-type] # played
    assert made.connection is mine
    assert made.listens
    assert await made.within(asyncio.sleep(0, "yes"), 5) == "yes"
    assert not mine.closed
