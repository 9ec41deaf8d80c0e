"""The embedded server is killed, stopped and frozen in every way, in a loop: the next start brings it back."""

import asyncio
import ctypes
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from db.errors import Unavailable
from db.server import EmbeddedServer, Health, ServerAddress, embedded, guard, health
from db.server.folder import DataFolder
from db.server.health import answers, takes_changes
from db.server.programs import ProgramFailedError, Programs
from tests.db.servers import Console, ask, do, postmasters_in, processes_in, wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix signals")
FAST = {"fsync": "off"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record that was made once, and is copied for each test."""
    place = tmp_path_factory.mktemp("made") / "record"
    server = EmbeddedServer(place, settings=FAST)
    server.start_now()
    server.stop_now()
    return place


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    # Owner and all: the server may run as a user of its own.
    subprocess.run(["cp", "-a", str(made), str(tmp_path)], check=True)
    return tmp_path / "record"


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[EmbeddedServer]:
    made = EmbeddedServer(folder, settings=FAST)
    yield made
    await made.stop()
    wait_until(lambda: processes_in(folder) == [])


def postmaster(server: EmbeddedServer) -> psutil.Process:
    return psutil.Process(server.process_id or -1)


def members(server: EmbeddedServer) -> list[psutil.Process]:
    return [postmaster(server), *postmaster(server).children(recursive=True)]


def each(processes: list[psutil.Process], do: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        try:
            do(process)
        except psutil.NoSuchProcess:
            continue


def kill(server: EmbeddedServer) -> None:
    postmaster(server).kill()


def kill_all(server: EmbeddedServer) -> None:
    each(members(server), psutil.Process.kill)


def kill_over_stopped_children(server: EmbeddedServer) -> None:
    parent, *children = members(server)
    each(children, psutil.Process.suspend)
    parent.kill()


def kill_while_stopped(server: EmbeddedServer) -> None:
    postmaster(server).suspend()
    postmaster(server).kill()


def stop_first(server: EmbeddedServer) -> None:
    postmaster(server).suspend()


def stop_all(server: EmbeddedServer) -> None:
    each(members(server), psutil.Process.suspend)


def tell_to_end(server: EmbeddedServer) -> None:
    postmaster(server).terminate()


def kill_a_child(server: EmbeddedServer) -> None:
    postmaster(server).children()[0].kill()


def remove_pid_file(server: EmbeddedServer) -> None:
    (server.log_folder.parent / "pgdata" / "postmaster.pid").unlink()


def kill_and_reuse_pid(server: EmbeddedServer) -> None:
    """The dead server's files name a process that lives and is something else."""
    kill_all(server)
    pid_file = server.log_folder.parent / "pgdata" / "postmaster.pid"
    lines = [str(os.getpid()), *pid_file.read_text().splitlines()[1:]]
    for file in (pid_file, Path(lines[4]) / ".s.PGSQL.5432.lock"):
        file.write_text("\n".join(lines))


WAYS = [
    kill,
    kill_all,
    kill_over_stopped_children,
    kill_while_stopped,
    stop_first,
    stop_all,
    tell_to_end,
    kill_a_child,
    remove_pid_file,
    kill_and_reuse_pid,
]


async def served(address: ServerAddress) -> None:
    """Wait until it takes a change; after the death of a child it refuses for a moment."""
    async with asyncio.timeout(20):
        while not await takes_changes(address):
            await asyncio.sleep(0.05)


@pytest.mark.long
async def test_every_death_in_a_loop_is_followed_by_a_life(server: EmbeddedServer) -> None:
    address = await server.start()
    await do(address, "CREATE TABLE kept (n int)")
    for count, way in enumerate([*WAYS, kill]):
        await do(address, f"INSERT INTO kept VALUES ({count})")  # noqa: S608 a number of ours
        way(server)
        assert await server.start() == address, way.__name__
        await served(address)
        assert server.check_now() is Health.WELL, way.__name__
    assert await ask(address, "SELECT count(*) FROM kept") == len(WAYS) + 1


async def test_what_is_wrong_is_seen_without_the_lock(server: EmbeddedServer, folder: Path) -> None:
    assert server.check_now() is Health.GONE
    await server.start()
    with DataFolder(folder).locked(5):
        assert server.check_now() is Health.WELL
        postmaster(server).suspend()
        assert server.check_now() is Health.SILENT
        postmaster(server).resume()
        wait_until(lambda: server.check_now() is Health.WELL)
        kill_all(server)
        wait_until(lambda: server.check_now() is Health.GONE)


async def test_a_stopped_server_goes_on_and_nobody_loses_a_connection(server: EmbeddedServer) -> None:
    address = await server.start()
    connection = await asyncpg.connect(**address.superuser_kwargs())
    before = server.process_id
    stop_all(server)
    await server.start()
    assert server.process_id == before
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()


@contextmanager
def held_by_a_debugger(process: psutil.Process) -> Iterator[None]:
    """Frozen so that no signal but the last one wakes it, as long as this lasts."""
    libc = ctypes.CDLL(None, use_errno=True)
    attach, detach = 16, 17
    if libc.ptrace(attach, process.pid, None, None) != 0:
        pytest.skip("this machine lets nobody debug")
    os.waitpid(process.pid, 0x40000000)
    try:
        yield
    finally:
        libc.ptrace(detach, process.pid, None, None)


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="ptrace")


@linux_only
async def test_a_server_that_hangs_is_ended_and_started(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "HUNG_SECONDS", 1.0)
    address = await server.start()
    hanging = postmaster(server)
    with held_by_a_debugger(hanging):
        assert server.check_now() is Health.SILENT
        # In this thread: who debugs must wait for the end of what it debugs.
        assert server.start_now() == address
    assert server.process_id != hanging.pid
    assert await ask(address, "SELECT 1") == 1


@linux_only
@pytest.mark.long
async def test_a_server_that_serves_another_console_is_not_ended(
    server: EmbeddedServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "HUNG_SECONDS", 0.5)
    await server.start()
    other = EmbeddedServer(folder)
    await other.start()
    try:
        other._holders.say_served()
        before = postmaster(server)
        with held_by_a_debugger(before):
            server.start_now()
        assert server.process_id == before.pid
        wait_until(lambda: server.check_now() is Health.WELL)
        # What was said long ago counts no more, and a dead console's word does not count at all.
        os.utime(other._holders._mine, (1, 1))
        assert not server._holders.other_is_served(6)
    finally:
        await other.stop()
    (folder / "holders" / "1-12345-ffff").touch()
    assert not server._holders.other_is_served(float("inf"))


async def test_a_socket_that_somebody_cleared_away_is_made_again(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "HUNG_SECONDS", 0.5)
    address = await server.start()
    os.unlink(f"{address.host}/.s.PGSQL.{address.port}")  # noqa: PTH108 one file
    assert server.check_now() is Health.SILENT
    assert await server.start() == address
    assert await ask(address, "SELECT 1") == 1


async def test_a_taken_port_moves_the_server_and_everybody_is_told_where(folder: Path) -> None:
    server, other = EmbeddedServer(folder, tcp=True, settings=FAST), EmbeddedServer(folder, tcp=True)
    before = await server.start()
    assert await other.start() == before
    kill_all(server)
    wait_until(lambda: processes_in(folder) == [])
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind((before.host, before.port))
        taker.listen()
        moved = await server.start()
        assert moved.port != before.port
        assert await other.start() == moved
    url = before.url("a.shah", "cru", "p@ss:word")
    assert moved.same_login(url) == moved.url("a.shah", "cru", "p@ss:word")
    await server.stop()
    await other.stop()


async def test_a_commit_that_hangs_is_told_from_a_server_that_hangs(server: EmbeddedServer) -> None:
    address = await server.start()
    assert await takes_changes(address)
    # Commits wait for a second server that is not there, as they would for a disk.
    await do(address, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()")
    async with asyncio.timeout(10):
        while await takes_changes(address, 0.3):
            await asyncio.sleep(0.05)
    assert answers(address.host, address.port)
    assert server.check_now() is Health.WELL


async def test_a_full_server_and_one_that_recovers_are_not_taken_for_hanging(server: EmbeddedServer) -> None:
    address = await server.start()
    held = []
    try:
        while True:
            held.append(await asyncpg.connect(**address.superuser_kwargs()))
    except asyncpg.TooManyConnectionsError:
        assert server.check_now() is Health.WELL
    finally:
        for connection in held:
            connection.terminate()
    kill_a_child(server)
    assert server.check_now() is Health.WELL


@pytest.mark.parametrize(
    "error",
    [
        ProgramFailedError("postgres did not end within 20 s"),
        subprocess.TimeoutExpired("sh", 20),
        psutil.AccessDenied(1),
        UnicodeDecodeError("ascii", b"\xff", 0, 1, "no"),
        PermissionError(13, "no"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_whatever_fails_is_a_sentence_and_no_reason_to_leave(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    await server.start()

    def fails(*_: object, **__: object) -> str:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(Programs, "major_version", fails)
        with pytest.raises(Unavailable):
            await server.start()
    with monkeypatch.context() as broken:
        broken.setattr(embedded, "living_postmaster", fails)
        with pytest.raises(Unavailable):
            await server.start()
    assert server._holders.joined
    assert server._holders.any_alive()


async def test_a_guard_that_does_not_start_is_no_reason_not_to_serve(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("sh", 20)

    monkeypatch.setattr(guard.subprocess, "run", slow)
    guard.set_guard(Path("nowhere"), 1)


async def test_a_server_that_recovers_slowly_is_given_its_time(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await server.start()
    kill_all(server)
    real = Programs.run

    def impatient(self: Programs, name: str, *args: str, **given: Any) -> str:
        """Ends before the server is ready, as ``pg_ctl`` does after its time."""
        if name != "pg_ctl":
            return real(self, name, *args, **given)
        real(self, name, *args, "-W", **given)
        wait_until(lambda: server.process_id is not None)
        raise ProgramFailedError("server did not start in time")

    monkeypatch.setattr(Programs, "run", impatient)
    assert await server.start() == address
    monkeypatch.undo()
    assert await ask(address, "SELECT 1") == 1


def test_two_consoles_that_find_it_dead_start_it_once(folder: Path) -> None:
    first, second = Console(folder), Console(folder)
    for console in (first, second):
        console.joined()
    servers = [EmbeddedServer(folder), EmbeddedServer(folder)]
    for server in servers:
        server.start_now()
    kill_all(servers[0])
    addresses = asyncio.run(_both(servers))
    assert addresses[0] == addresses[1]
    wait_until(lambda: len(postmasters_in(folder)) == 1)
    for server in servers:
        server.stop_now()
    for console in (first, second):
        console.leave()
    wait_until(lambda: processes_in(folder) == [])


async def _both(servers: list[EmbeddedServer]) -> list[ServerAddress]:
    return list(await asyncio.gather(*(server.start() for server in servers)))
