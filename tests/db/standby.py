"""A primary and a standby that streams from it, to be lost and promoted; and a way to them that can fall silent.

Fixtures: ``pair`` (two servers, as good as new for each test) and ``pair_record`` (a record on its primary).
"""

import asyncio
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

import psutil
import pytest
from sqlalchemy import URL

from db.addresses import read_url
from db.server import ServerAddress
from db.server.account import give, make_reachable, serving_account
from db.server.postmaster import await_end, family, living_postmaster
from db.server.programs import Programs, find_programs
from db.server.settings import ACCESS, configuration
from tests.cluster import TEMPLATE, Cluster, Record, _memory_disk, password_of

SECRET = "of-both"
_FAST = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "wal_level": "replica"}
_REPLICATION = "host replication all 127.0.0.1/32 scram-sha-256\n"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Node(Cluster):
    """One of two servers; started, promoted and made anew by its pair."""

    def __init__(self, programs: Programs, root: Path) -> None:
        self.programs = programs
        self.root = root
        self.data = root / "pgdata"
        self.address = ServerAddress("127.0.0.1", free_port(), superuser_password=SECRET)
        for folder in (root, root / "log"):
            folder.mkdir()
            give(folder, programs.account)

    def begin(self) -> None:
        """A new, empty primary."""
        secret = self._write(self.root / "secret", SECRET)
        options = ("-U", "postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
        self._run("initdb", "-D", str(self.data), f"--pwfile={secret}", *options)
        self.start()

    def copy(self, primary: "Node") -> None:
        """A standby that streams from the primary."""
        shutil.rmtree(self.data, ignore_errors=True)
        where = f"host=127.0.0.1 port={primary.address.port} user=postgres password='{SECRET}'"
        self._run(
            "pg_basebackup", "-D", str(self.data), "-d", where, "-R", "-X", "stream", "-c", "fast", "--no-sync"
        )
        self.start()

    def start(self) -> None:
        self._write(self.data / "postgresql.conf", configuration(self.address.host, self.address.port, _FAST))
        self._write(self.data / "pg_hba.conf", ACCESS + _REPLICATION)
        self._run("pg_ctl", "start", "-D", str(self.data), "-w", "-l", str(self.root / "log" / "start.log"))

    def stop(self, mode: str = "immediate") -> None:
        if self.is_running:
            self._run("pg_ctl", "stop", "-D", str(self.data), "-w", "-m", mode)

    def promote(self) -> float:
        """Make it the primary. Returns the monotonic time at which it was."""
        self._run("pg_ctl", "promote", "-D", str(self.data), "-w")
        assert not self.is_standby
        return time.monotonic()

    def remove(self) -> None:
        with suppress(psutil.NoSuchProcess):
            self.thaw()
        self.stop()

    @property
    def is_running(self) -> bool:
        return living_postmaster(self.data) is not None

    @property
    def is_standby(self) -> bool:
        return bool(self.fetchval("SELECT pg_is_in_recovery()"))

    def _run(self, name: str, *args: str) -> str:
        return self.programs.run(name, *args, cwd=self.root, timeout=60)

    def _write(self, path: Path, text: str) -> Path:
        path.write_text(text)
        path.chmod(0o600)
        give(path, self.programs.account)
        return path

    def _postmaster(self) -> psutil.Process:
        process = living_postmaster(self.data)
        assert process is not None
        return process

    def _family(self) -> list[psutil.Process]:
        return family(self._postmaster()) if self.is_running else []


class Pair:
    """Two servers; whichever was promoted last is the primary of the next test."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="cru-pair-", dir=_memory_disk()))
        self.root.chmod(0o711)
        programs = find_programs(serving_account())
        make_reachable(self.root, programs.account)
        self.primary, self.standby = (Node(programs, self.root / name) for name in ("one", "two"))
        self._numbers = count(1)
        self.primary.begin()
        self.primary.build_template()
        self.standby.copy(self.primary)

    def renew(self) -> None:
        """One primary, one standby that follows it, nobody frozen."""
        for node in (self.primary, self.standby):
            with suppress(psutil.NoSuchProcess):
                node.thaw()
        if self.standby.is_running and not self.standby.is_standby:
            self.primary, self.standby = self.standby, self.primary
        if not self.primary.is_running:
            self.primary.start()
        if not self._follows():
            self.standby.stop()
            self._drop_records()
            self.standby.copy(self.primary)

    def _drop_records(self) -> None:
        """Those of earlier tests: there is less to copy."""
        old = self.primary.fetchval("SELECT array_agg(datname) FROM pg_database WHERE datname LIKE 'record%'")
        for name in old or ():
            self.primary.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _follows(self) -> bool:
        senders = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        return self.standby.is_running and self.standby.is_standby and self.primary.fetchval(senders) == 1

    def create_record(self) -> Record:
        """A clone of the template on the primary, which the standby has too."""
        name = f"record_{next(self._numbers)}"
        # The other strategy hands sequences to the standby that stand a little behind those of the primary.
        self.primary.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        self.catch_up()
        return Record(self.primary, name)

    def catch_up(self) -> None:
        """Wait until the standby has all that the primary wrote."""
        written = self.primary.fetchval("SELECT pg_current_wal_lsn()::text")
        deadline = time.monotonic() + 20
        while not self.standby.fetchval("SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn", written):
            assert time.monotonic() < deadline, "the standby does not follow"

    def fall_behind(self) -> None:
        """From now on the standby gets nothing of what the primary commits."""
        self.catch_up()
        self.standby.execute("ALTER SYSTEM SET primary_conninfo = ''")
        self.standby.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + 20
        while self.primary.fetchval("SELECT count(*) FROM pg_stat_replication"):
            assert time.monotonic() < deadline, "the standby still follows"

    def crash(self) -> None:
        """``kill -9`` of the primary with all its children."""
        processes = self.primary._family()
        for process in processes:
            process.kill()
        assert not await_end(processes, 5)
        # Nobody may have reaped it: then Postgres takes its number for that of a living one.
        (self.primary.data / "postmaster.pid").unlink()

    def remove(self) -> None:
        for node in (self.primary, self.standby):
            node.remove()
        shutil.rmtree(self.root)


def url_of(record: Record, *ports: int, login: str = "a.shah", host: str = "127.0.0.1", query: str = "") -> URL:
    """A record by the ports of several hosts, as somebody types it."""
    hosts = ",".join(f"{host}:{port}" for port in ports)
    secret = password_of(login).replace(" ", "%20")
    return read_url(f"postgresql://{login}:{secret}@{hosts}/{record.database}{query}")


async def _unchanged(said: bytes) -> bytes:
    return said


class Way:
    """A way through TCP that can fall silent: nothing passes or is closed, who calls is let in and not heard."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.silent = self.ends = False
        self.lag = 0.0
        """Seconds that each piece of what the server says takes on its way."""
        self.passed: Callable[[bytes], bytes] = lambda said: said
        """Sees, and may change, what the server says."""
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody calls."""
        self._tasks.add(asyncio.ensure_future(self._meet(reader, writer)))

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            if not self.silent:
                writer.close()
            return
        self._writers.append(back)
        await asyncio.gather(
            self._pass(reader, back, _unchanged),
            self._pass(there, writer, self._from_server),
        )

    async def _from_server(self, said: bytes) -> bytes:
        await asyncio.sleep(self.lag)
        return self.passed(said)

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        passed: Callable[[bytes], Awaitable[bytes]],
    ) -> None:
        said = b"-"
        while said:
            try:
                said = await reader.read(65536)
            except ConnectionError:
                said = b""
            if self.silent:
                return
            with suppress(ConnectionError):
                writer.write(await passed(said))
                if not said or self.ends:
                    writer.close()

    def drop(self) -> None:
        """End what passes now; who calls again is let in."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def close(self) -> None:
        """Hang up on everybody."""
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def way_to(port: int) -> AsyncIterator[Way]:
    """A way to a port of this computer."""
    way = Way(port)
    server = await asyncio.start_server(way.meet, "127.0.0.1", 0)
    way.port = server.sockets[0].getsockname()[1]
    try:
        yield way
    finally:
        server.close()
        await way.close()


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.remove()


@pytest.fixture
def pair(both: Pair) -> Pair:
    """A primary and its standby, to be crashed, frozen and promoted."""
    both.renew()
    return both


@pytest.fixture
def pair_record(pair: Pair) -> Record:
    """A migrated database on both."""
    return pair.create_record()
