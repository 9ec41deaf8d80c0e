"""Look by look: what the keeper of a record's own server does and says, whatever the server does."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from console.live import keeper, session
from console.live.store import Link, LinkState, Store
from console.running.aside import Overdue
from console.running.tasks import Supervisor
from db.addresses import Address
from db.domain.roles import Role
from db.errors import Invalid, NotAllowed, Unavailable
from db.server import Health, ServerAddress
from tests.unit.board_records import NOW, reference

HERE = ServerAddress("127.0.0.1", 5501)
FULL = Unavailable("The disk is full.", "Make room.")
THERE = ServerAddress("127.0.0.1", 5502)


class Server:
    """What it says of itself, one look after the other, and where it is when it is brought back."""

    def __init__(self) -> None:
        self.says: list[Health | Exception] = []
        self.is_at: ServerAddress | Exception = HERE
        self.joined = 0

    def check_now(self) -> Health:
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    def start_now(self) -> ServerAddress:
        self.joined += 1
        if isinstance(self.is_at, Exception):
            raise self.is_at
        return self.is_at


class Looked:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.told, self.moved = Server(), list[str](), list[Address]()
        self.supervisor = Supervisor()
        self.supervisor.told.connect(lambda sentence, _lasts: self.told.append(sentence))
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        self.disk_works, self.asked, self.now = True, 0, 1000.0
        given: Any = self.server
        self.keeper = keeper.Keeper(given, HERE.superuser_url(), self.store, self.supervisor, self.moved.append)
        monkeypatch.setattr(keeper, "takes_changes", self._takes_changes)
        monkeypatch.setattr(keeper, "time", SimpleNamespace(monotonic=lambda: self.now))

    async def _takes_changes(self, address: ServerAddress) -> bool:
        assert address == self.server.is_at
        self.asked += 1
        return self.disk_works

    def look(self, *says: Health | Exception) -> None:
        self.server.says += says

        async def looks() -> None:
            for _ in says:
                await self.keeper._look()

        asyncio.run(looks())

    def link(self, state: LinkState) -> None:
        self.store.set_link(Link(state, NOW))

    @property
    def counted(self) -> int:
        return self.supervisor.restarts.get(keeper.NAME, 0)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Looked:
    return Looked(monkeypatch)


GONE, BUSY, SILENT, WELL = Health.GONE, Health.BUSY, Health.SILENT, Health.WELL


@pytest.mark.parametrize(
    ("says", "joined", "told", "counted"),
    [
        ([WELL] * 3, 0, [], 0),
        ([GONE], 1, [keeper.STOPPED], 1),
        # It is told once, however often it is looked at.
        ([GONE, GONE, GONE], 3, [keeper.STOPPED], 1),
        ([GONE, WELL], 1, [keeper.STOPPED, keeper.BACK], 1),
        # Of ends close together the supervisor tells the first and counts all.
        ([GONE, WELL, GONE, WELL], 2, [keeper.STOPPED, keeper.BACK, keeper.BACK], 2),
        # Once is no silence; twice in a row is.
        ([SILENT], 0, [], 0),
        ([SILENT, WELL, SILENT], 0, [], 0),
        ([SILENT, SILENT], 1, [keeper.SILENT], 1),
        ([SILENT, SILENT, SILENT], 2, [keeper.SILENT], 1),
        ([SILENT, GONE], 1, [keeper.STOPPED], 1),
        ([Overdue(), Overdue()], 1, [keeper.SILENT], 1),
        ([OSError(), SILENT], 1, [keeper.SILENT], 1),
        ([SILENT, SILENT, WELL], 1, [keeper.SILENT, keeper.BACK], 1),
        # Somebody starts or stops it: it is joined, and nothing is wrong.
        ([BUSY, BUSY], 2, [], 0),
        ([SILENT, BUSY, SILENT], 1, [], 0),
    ],
)
def test_what_is_seen_is_mended_and_told_once(
    looked: Looked, says: list[Health | Exception], joined: int, told: list[str], counted: int
) -> None:
    looked.look(*says)
    assert (looked.server.joined, looked.told, looked.counted) == (joined, told, counted)
    assert looked.moved == []


def test_a_server_that_comes_back_elsewhere_is_gone_to_once(looked: Looked) -> None:
    looked.server.is_at = THERE
    looked.look(GONE, GONE)
    assert [(url.port, url.username) for url in looked.moved] == [(5502, "postgres")]
    looked.server.is_at = HERE
    looked.look(GONE)
    assert [url.port for url in looked.moved] == [5502, 5501]


@pytest.mark.parametrize(
    ("error", "said"),
    [(Overdue(), keeper.LONG), (FULL, str(FULL))],
)
def test_what_cannot_be_started_is_said_once_and_tried_again(looked: Looked, error: Exception, said: str) -> None:
    looked.server.is_at = error
    looked.look(GONE, GONE)
    assert looked.told == [keeper.STOPPED, said]
    assert (looked.moved, looked.counted) == ([], 1)
    looked.server.is_at = HERE
    looked.look(GONE, WELL)
    assert looked.told == [keeper.STOPPED, said, keeper.BACK]


@pytest.mark.parametrize(
    ("seconds", "works", "slow"),
    [
        (keeper.SLOW_AFTER, False, False),
        (keeper.SLOW_AFTER + 0.1, False, True),
        (keeper.SLOW_AFTER + 0.1, True, False),
    ],
)
def test_a_lost_link_to_a_server_that_answers_is_put_down_to_its_disk_if_that_takes_nothing(
    looked: Looked, seconds: float, works: bool, slow: bool
) -> None:
    looked.disk_works = works
    looked.link(LinkState.LOST)
    looked.look(WELL)
    looked.now += seconds
    looked.look(WELL, WELL)
    assert looked.told == ([keeper.SLOW] if slow else [])
    assert looked.asked == (2 if seconds > keeper.SLOW_AFTER else 0)
    # Whoever is not served may look for it elsewhere.
    assert looked.server.joined == 3
    looked.link(LinkState.LIVE)
    looked.look(WELL)
    assert looked.told == ([keeper.SLOW, keeper.BACK] if slow else [])
    # The next loss is measured from its own beginning.
    looked.link(LinkState.LOST)
    looked.disk_works = False
    looked.look(WELL)
    assert looked.told[2:] == []
    assert looked.asked == (2 if seconds > keeper.SLOW_AFTER else 0)


def test_of_a_server_that_cannot_be_joined_the_disk_is_not_asked(looked: Looked) -> None:
    looked.link(LinkState.LOST)
    looked.look(WELL)
    looked.now += 60
    looked.server.is_at = Overdue()
    looked.look(WELL)
    assert (looked.asked, looked.told) == (0, [keeper.LONG])


def test_a_look_takes_no_longer_than_it_may(looked: Looked, monkeypatch: pytest.MonkeyPatch) -> None:
    within: list[float] = []

    async def run(work: Callable[[], Any], seconds: float) -> Any:
        within.append(seconds)
        return work()

    for aside in (looked.keeper._checks, looked.keeper._starts):
        monkeypatch.setattr(aside, "run", run)
    looked.look(GONE)
    assert within == [keeper.CHECK_WITHIN, keeper.START_WITHIN] == [4.0, 45.0]
    assert (keeper.LOOK_EVERY, keeper.SLOW_AFTER) == (1.5, 3.0)


def test_it_looks_again_and_again(looked: Looked, monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 3:
            raise asyncio.CancelledError

    looked.server.says = [WELL] * 3
    monkeypatch.setattr(keeper.asyncio, "sleep", pause)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(looked.keeper.run())
    assert (paused, looked.server.says) == ([keeper.LOOK_EVERY] * 3, [])


# --- signing in ---


@pytest.mark.parametrize("role", list(Role))
def test_a_wall_turns_everybody_away_who_may_read_more(role: Role) -> None:
    session._turn_away(role, None)
    if role is Role.VIEWER:
        session._turn_away(role, Role.VIEWER)
    else:
        with pytest.raises(NotAllowed, match="more than a wall shows"):
            session._turn_away(role, Role.VIEWER)


class Configured:
    """The reference data of a record that now and then cannot be read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        self.answers: list[Any] = []
        self.paused: list[float] = []
        self.news = 0
        self.store.reference_changed.connect(self._note)
        monkeypatch.setattr(session, "transaction", self._transaction)
        monkeypatch.setattr(session, "queries", SimpleNamespace(reference_data=self._read))
        monkeypatch.setattr(session.asyncio, "sleep", self._sleep)

    def _note(self) -> None:
        self.news += 1

    @asynccontextmanager
    async def _transaction(self, _engine: object) -> Any:
        yield None

    async def _read(self, _connection: object) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _sleep(self, seconds: float) -> None:
        self.paused.append(seconds)

    def want(self, *answers: Any) -> None:
        self.answers += answers

        async def wants() -> None:
            reader = session.ReferenceReader(None, self.store)  # type: ignore[arg-type] # never used
            reader.stop()
            reader.want()
            reader.want()
            assert reader._task is not None
            await reader._task

        asyncio.run(wants())


def test_what_is_configurable_is_read_until_it_succeeds_and_told_only_if_it_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = Configured(monkeypatch)
    same, other = record.store.reference, replace(record.store.reference, service="Another service")
    record.want(same)
    assert (record.news, record.paused) == (0, [])
    away = Unavailable("The record cannot be reached.")
    record.want(away, Invalid("It cannot be read."), other)
    assert (record.news, record.paused, record.store.reference.service) == (1, [1.0, 1.0], "Another service")
    assert record.answers == []


def test_a_reader_that_is_stopped_reads_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    record = Configured(monkeypatch)

    async def stops() -> None:
        reader = session.ReferenceReader(None, record.store)  # type: ignore[arg-type] # never used
        reader.want()
        reader.stop()
        assert reader._task is not None
        with pytest.raises(asyncio.CancelledError):
            await reader._task
        record.answers = [record.store.reference]
        reader.want()
        await reader._task

    asyncio.run(stops())
    assert record.answers == []
