"""Several consoles on one computer share one server, and some of them die."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from db.server import EmbeddedServer
from tests.db.servers import Console, ask, postmasters_in, processes_in, wait_until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "record"


@pytest.fixture
def open_console(folder: Path) -> Iterator[Callable[[], Console]]:
    opened: list[Console] = []

    def opens() -> Console:
        opened.append(Console(folder))
        return opened[-1]

    yield opens
    for console in opened:
        console.close()
    wait_until(lambda: processes_in(folder) == [])


@pytest.fixture
def server(folder: Path, open_console: Callable[[], Console]) -> Iterator[EmbeddedServer]:
    made = EmbeddedServer(folder, settings={"fsync": "off"})
    yield made
    made.stop_now()


def test_first_starts_and_last_to_leave_stops(folder: Path, open_console: Callable[[], Console]) -> None:
    first = open_console()
    first.joined()
    pid = EmbeddedServer(folder).process_id
    second = open_console()
    second.joined()
    assert EmbeddedServer(folder).process_id == pid
    first.leave()
    assert EmbeddedServer(folder).process_id == pid
    second.leave()
    assert processes_in(folder) == []


def test_two_that_start_at_once_share_one_server(folder: Path, open_console: Callable[[], Console]) -> None:
    both = [open_console(), open_console()]
    for console in both:
        console.joined()
    assert len(postmasters_in(folder)) == 1
    for console in both:
        console.leave()
    assert processes_in(folder) == []


async def test_a_killed_console_does_not_stop_it_under_another(
    server: EmbeddedServer, open_console: Callable[[], Console]
) -> None:
    killed = open_console()
    killed.joined()
    address = await server.start()
    pid = server.process_id
    killed.kill()
    assert await ask(address, "SELECT 1") == 1
    assert server.process_id == pid


def test_a_killed_console_is_not_waited_for(
    server: EmbeddedServer, folder: Path, open_console: Callable[[], Console]
) -> None:
    killed = open_console()
    killed.joined()
    server.start_now()
    killed.kill()
    server.stop_now()
    assert processes_in(folder) == []


def test_the_last_console_killed_leaves_no_server_running(
    folder: Path, open_console: Callable[[], Console]
) -> None:
    only = open_console()
    only.joined()
    assert processes_in(folder)
    only.kill()
    wait_until(lambda: processes_in(folder) == [])


async def test_a_server_killed_under_two_consoles_serves_both_again(
    server: EmbeddedServer, folder: Path, open_console: Callable[[], Console]
) -> None:
    other = open_console()
    other.joined()
    await server.start()
    psutil.Process(server.process_id or 0).kill()
    address = await server.start()
    other.leave()
    assert await ask(address, "SELECT 1") == 1
    await server.stop()
    assert processes_in(folder) == []


async def test_two_servers_in_one_process_count_as_two(server: EmbeddedServer, folder: Path) -> None:
    second = EmbeddedServer(folder)
    address = await server.start()
    assert await second.start() == address
    await second.stop()
    assert await ask(address, "SELECT 1") == 1


async def test_a_reused_process_number_is_not_a_holder(server: EmbeddedServer, folder: Path) -> None:
    await server.start()
    (folder / "holders" / "1-12345-ffff").touch()
    await server.stop()
    assert processes_in(folder) == []


def holders(folder: Path) -> int:
    return len(list(folder.glob("holders/*")))


async def test_a_start_that_is_given_up_leaves_what_it_joined(folder: Path, server: EmbeddedServer) -> None:
    starting = asyncio.ensure_future(server.start())
    while holders(folder) == 0:
        await asyncio.sleep(0.001)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert holders(folder) == 0
    assert processes_in(folder) == []
