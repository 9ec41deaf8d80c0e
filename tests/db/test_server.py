"""The embedded server by itself: starting, stopping, coming back after a crash, keeping quiet."""

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.server import EmbeddedServer, ServerAddress, settings
from tests.db.servers import ask, do, processes_in, wait_until

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets and modes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "record"


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[EmbeddedServer]:
    made = EmbeddedServer(folder, settings={"fsync": "off"})
    yield made
    await made.stop()


async def test_first_start_makes_a_record_and_second_start_reuses_it(server: EmbeddedServer, folder: Path) -> None:
    first = await server.start()
    await do(first, "CREATE TABLE kept AS SELECT 7 AS n")
    await server.stop()
    again = EmbeddedServer(folder)
    second = await again.start()
    assert await ask(second, "SELECT n FROM kept") == 7
    assert second.superuser_password == first.superuser_password
    await again.stop()


async def test_stop_leaves_no_process(server: EmbeddedServer, folder: Path) -> None:
    await server.start()
    assert processes_in(folder)
    await server.stop()
    assert processes_in(folder) == []
    assert server.process_id is None
    wait_until(lambda: _guards_of(folder) == [])


async def test_stop_ends_connections_and_twice_is_once(server: EmbeddedServer) -> None:
    address = await server.start()
    connection = await asyncpg.connect(**address.superuser_kwargs())
    gone = asyncio.Event()
    connection.add_termination_listener(lambda _: gone.set())
    await server.stop()
    await asyncio.wait_for(gone.wait(), 5)
    await server.stop()


async def test_stop_without_start_touches_nothing(server: EmbeddedServer, folder: Path) -> None:
    await server.stop()
    assert not _exists(folder)


@posix_only
async def test_password_file_is_private_and_needed(server: EmbeddedServer, folder: Path) -> None:
    address = await server.start()
    password_file = folder / "superuser.password"
    assert _mode(password_file) == 0o600
    assert len(address.superuser_password) >= 30
    assert address.superuser_password not in repr(address)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(address, "SELECT 1", password="postgres")


async def test_passwords_are_kept_as_scram_and_nothing_is_trusted(server: EmbeddedServer) -> None:
    address = await server.start()
    kept = await ask(address, "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'")
    assert kept.startswith("SCRAM-SHA-256$")
    methods = await ask(address, "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules")
    assert methods == ["scram-sha-256"]


@posix_only
async def test_listens_on_a_private_short_socket_only(server: EmbeddedServer) -> None:
    address = await server.start()
    assert address.is_socket
    assert len(os.fsencode(f"{address.host}/.s.PGSQL.{address.port}")) <= 100
    assert _mode(Path(address.host)) == 0o700
    assert _listening(server) == set()


@posix_only
async def test_a_deep_folder_gets_its_socket_elsewhere_and_tidied(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / ("deep" * 20) / "record")
    address = await server.start()
    assert len(os.fsencode(f"{address.host}/.s.PGSQL.{address.port}")) <= 100
    assert await ask(address, "SELECT 1") == 1
    await server.stop()
    assert not _exists(Path(address.host))


@pytest.mark.parametrize("name", ["Zoë's record", "comma, colon", "100% $HOME"])
@pytest.mark.long
async def test_folders_with_unusual_names_serve(tmp_path: Path, name: str) -> None:
    server = EmbeddedServer(tmp_path / name)
    address = await server.start()
    engine = create_async_engine(address.superuser_url())
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    await engine.dispose()
    await server.stop()
    assert processes_in(tmp_path / name) == []


@posix_only
async def test_without_room_for_a_socket_it_listens_on_loopback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_place = tmp_path / ("temp" * 20)
    long_place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long_place))
    server = EmbeddedServer(tmp_path / ("deep" * 20) / "record")
    address = await server.start()
    assert address.host == "127.0.0.1"
    await server.stop()


async def test_tcp_listens_on_loopback_only_and_keeps_its_port(folder: Path) -> None:
    server = EmbeddedServer(folder, tcp=True)
    address = await server.start()
    assert _listening(server) == {("127.0.0.1", address.port)}
    await server.stop()
    assert await server.start() == address
    await server.stop()


@pytest.mark.parametrize("tcp", [False, True])
async def test_url_serves_sqlalchemy(folder: Path, tcp: bool) -> None:
    server = EmbeddedServer(folder, tcp=tcp)
    address = await server.start()
    await do(address, "CREATE ROLE \"a.shah\" LOGIN PASSWORD 'p@ss/word:1'")
    engine = create_async_engine(address.url("a.shah", "postgres", "p@ss/word:1"))
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT session_user"))).scalar_one() == "a.shah"
    await engine.dispose()
    await server.stop()


async def test_settings_protect_the_record_and_fit_a_workstation(folder: Path) -> None:
    server = EmbeddedServer(folder)
    address = await server.start()
    wanted = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "max_connections": "120",
        "TimeZone": "UTC",
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    for name, value in wanted.items():
        assert await ask(address, f"SHOW {name}") == value, name
    await server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no folder for it")
@pytest.mark.parametrize(("mode", "kind"), [(0o755, "mmap"), (None, "mmap"), (0o1777, "posix")])
@pytest.mark.long
async def test_it_runs_where_the_systems_shared_memory_is_shut_or_missing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int | None, kind: str
) -> None:
    shared = tmp_path / "shm"
    if mode is not None:
        shared.mkdir()
        shared.chmod(mode)
    monkeypatch.setattr(settings, "SHARED_MEMORY", shared)
    server = EmbeddedServer(folder)
    assert await ask(await server.start(), "SHOW dynamic_shared_memory_type") == kind
    await server.stop()


async def test_start_brings_back_a_killed_server_with_what_was_committed(
    server: EmbeddedServer, folder: Path
) -> None:
    address = await server.start()
    await do(address, "CREATE TABLE kept AS SELECT 7 AS n")
    psutil.Process(server.process_id or 0).kill()
    assert await ask(await server.start(), "SELECT n FROM kept") == 7


@pytest.mark.long
async def test_start_clears_hanging_children_of_a_killed_server(server: EmbeddedServer, folder: Path) -> None:
    await server.start()
    postmaster = psutil.Process(server.process_id or 0)
    children = postmaster.children()
    children[0].suspend()
    postmaster.kill()
    assert await ask(await server.start(), "SELECT 1") == 1
    assert children[0] not in processes_in(folder)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("4194000\n", id="partial, dead"),
        pytest.param(f"{os.getpid()}\n/somewhere\n1\n5432\n", id="pid of another program"),
        pytest.param("not a number\n", id="garbled"),
    ],
)
@pytest.mark.long
async def test_stale_pid_file_is_no_obstacle(server: EmbeddedServer, folder: Path, content: str) -> None:
    await server.start()
    await server.stop()
    (folder / "pgdata" / "postmaster.pid").write_text(content)
    assert await ask(await server.start(), "SELECT 1") == 1


async def test_half_made_record_is_made_again(server: EmbeddedServer, folder: Path) -> None:
    (folder / "pgdata.new" / "base").mkdir(parents=True)
    (folder / "pgdata.new" / "PG_VERSION").write_text("18\n")
    assert await ask(await server.start(), "SELECT 1") == 1


async def test_log_says_nothing_of_statements_values_or_errors(server: EmbeddedServer) -> None:
    address = await server.start()
    connection = await asyncpg.connect(**address.superuser_kwargs())
    await connection.execute("CREATE TABLE patient (name text PRIMARY KEY, age int CHECK (age > 0))")
    await connection.execute("INSERT INTO patient VALUES ('Quillfeather', 40)")
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("INSERT INTO patient VALUES ($1, 41)", "Quillfeather")
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute("INSERT INTO patient VALUES ('Quillfeather junior', -1)")
    with pytest.raises(asyncpg.InvalidTextRepresentationError):
        await connection.execute("SELECT 'Quillfeather'::int")
    with pytest.raises(asyncpg.RaiseError):
        await connection.execute("DO $$ BEGIN RAISE EXCEPTION 'Quillfeather'; END $$")
    await connection.close()
    await _kill_while_asking(server, "SELECT 'Quillfeather', pg_sleep(60)")
    await server.stop()
    log = "".join(path.read_text() for path in server.log_folder.iterdir())
    assert "terminated by signal 9" in log
    assert "Quillfeather" not in log
    assert "INSERT" not in log


async def _kill_while_asking(server: EmbeddedServer, sql: str) -> None:
    """The server logs what a crashed connection was doing, unless told not to."""
    address = await server.start()
    connection = await asyncpg.connect(**address.superuser_kwargs())
    pid = await connection.fetchval("SELECT pg_backend_pid()")
    asking = asyncio.create_task(connection.fetchval(sql))
    await _asked(address, f"EXISTS (SELECT FROM pg_stat_activity WHERE pid = {pid} AND wait_event = 'PgSleep')")
    psutil.Process(pid).kill()
    with pytest.raises((asyncpg.PostgresConnectionError, ConnectionError)):
        await asking
    await _asked(address, "true")


async def _asked(address: ServerAddress, condition: str) -> None:
    """Ask until the condition holds; a server that is recovering refuses for a moment."""
    async with asyncio.timeout(10):
        while True:
            with suppress(asyncpg.PostgresError, OSError):
                if await ask(address, f"SELECT {condition}"):
                    return


def _exists(path: Path) -> bool:
    return path.exists()


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _listening(server: EmbeddedServer) -> set[tuple[str, int]]:
    process = psutil.Process(server.process_id or 0)
    sockets = process.net_connections(kind="inet")
    return {(entry.laddr.ip, entry.laddr.port) for entry in sockets if entry.status == psutil.CONN_LISTEN}


def _guards_of(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            line = process.cmdline()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if "db.server.guard" in line and str(folder) in line:
            found.append(process)
    return found
