"""Real Postgres servers for tests, and a migrated database of its own for each test.

Fixtures: ``cluster`` (one a session), ``template`` (its migrated database), ``record`` (a clone a test),
``own_cluster`` and ``own_record`` (a server of its own, to be stopped, frozen and killed).
"""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import psutil
import pytest
from sqlalchemy import URL

from db.server import EmbeddedServer, ServerAddress
from db.server.postmaster import await_end
from tests.template import fill_template

T = TypeVar("T")
TEMPLATE = "cru_template"
LOGINS = {
    "a.shah": "cru_dispatcher",
    "b.okafor": "cru_dispatcher",
    "l.lead": "cru_shift_lead",
    "w.wall": "cru_viewer",
    "g.gateway": "cru_gateway",
    "s.sealer": "cru_sealer",
}
# One round of a hash: nobody guesses at these passwords, and each of thousands of sign-ins takes half the time.
_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "300",
    "scram_iterations": "1",
}


def password_of(login: str) -> str:
    """The password of a test login."""
    return f"secret of {login}"


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a loop of its own, whatever loop the caller is in."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def _memory_disk() -> Path | None:
    """Where files live in memory, if there is plenty: cloning a database there takes half the time."""
    place = Path("/dev/shm")  # noqa: S108 - a private folder is made inside
    return place if place.is_dir() and shutil.disk_usage(place).free > 2_000_000_000 else None


class Cluster:
    """One hosted-style server: loopback TCP, SCRAM, the same port after a restart."""

    def __init__(self, seed: "Cluster | None" = None) -> None:
        """Make and start one; with a ``seed``, a stopped one, as a copy of it."""
        self.root = Path(tempfile.mkdtemp(prefix="cru-test-", dir=_memory_disk()))
        self.root.chmod(0o711)
        if seed is not None:
            # Files belong to the account that the server runs as.
            subprocess.run(["cp", "-a", seed.root / "record", self.root], check=True)
        self.server = EmbeddedServer(self.root / "record", tcp=True, settings=_FAST)
        self.address: ServerAddress
        self._numbers = count(1)
        self.start()
        self.execute(f"ALTER ROLE {self.address.superuser} PASSWORD '{self.address.superuser_password}'")

    def start(self) -> None:
        """Start, or start again after ``stop`` or ``crash``."""
        self.address = self.server.start_now()

    def stop(self) -> None:
        """Stop in order: every client is told."""
        self.server.stop_now()

    def crash(self) -> None:
        """``kill -9`` of the postmaster."""
        postmaster = self._postmaster()
        postmaster.kill()
        assert not await_end([postmaster], 5)

    def freeze(self) -> None:
        """SIGSTOP to every process: connections stay open and nothing answers."""
        # The postmaster first, so that it starts no more; one of its children may just be ending.
        self._postmaster().suspend()
        for process in self._family():
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self) -> None:
        """The opposite of ``freeze``."""
        for process in self._family():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def kill_backend(self, application_name: str) -> int:
        """End the connections with this ``application_name``, of whichever version; returns how many."""
        sql = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE split_part(application_name, ' ', 1) = $1"
        )
        return int(self.fetchval(sql, application_name))

    def execute(self, sql: str, *, database: str = "postgres") -> None:
        """Run statements as the superuser."""
        run(self._execute(sql, database))

    def fetchval(self, sql: str, *arguments: object, database: str = "postgres") -> Any:
        """One value, asked as the superuser."""
        return run(self._fetchval(sql, arguments, database))

    def build_template(self) -> None:
        """Make the migrated database that records are cloned from, and the logins."""
        self.execute(f"CREATE DATABASE {TEMPLATE}")
        run(fill_template(self.address.superuser_url(TEMPLATE)))
        for login, group in LOGINS.items():
            self.execute(f"CREATE ROLE \"{login}\" LOGIN PASSWORD '{password_of(login)}'")
            self.execute(f'GRANT {group} TO "{login}"')
            # Set, so that no upgrade of some record limits a login that all tests share.
            for limit in ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout"):
                self.execute(f'ALTER ROLE "{login}" SET {limit} = 0')

    def create_record(self) -> "Record":
        """A new clone of the template."""
        name = f"record_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        return Record(self, name)

    def drop_record(self, record: "Record") -> None:
        """Drop a clone, whoever is still connected."""
        self.execute(f"DROP DATABASE IF EXISTS {record.database} WITH (FORCE)")

    def remove(self) -> None:
        """Stop, whatever state it is in, and delete its files."""
        with suppress(psutil.NoSuchProcess):
            self.thaw()
        self.stop()
        shutil.rmtree(self.root)

    def _postmaster(self) -> psutil.Process:
        return psutil.Process(self.server.process_id or -1)

    def _family(self) -> list[psutil.Process]:
        pid = self.server.process_id
        if pid is None:
            return []
        postmaster = psutil.Process(pid)
        return [postmaster, *postmaster.children(recursive=True)]

    async def _execute(self, sql: str, database: str) -> None:
        connection = await asyncpg.connect(**self.address.superuser_kwargs(database))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def _fetchval(self, sql: str, arguments: tuple[object, ...], database: str) -> Any:
        connection = await asyncpg.connect(**self.address.superuser_kwargs(database))
        try:
            return await connection.fetchval(sql, *arguments)
        finally:
            await connection.close()


@dataclass(frozen=True)
class Record:
    """A migrated database of one test."""

    cluster: Cluster
    database: str

    @property
    def owner_url(self) -> URL:
        """Connects as the superuser, who owns everything."""
        return self.cluster.address.superuser_url(self.database)

    @property
    def owner_kwargs(self) -> dict[str, Any]:
        """As ``owner_url``, for ``asyncpg.connect``."""
        return dict(self.cluster.address.superuser_kwargs(self.database))

    def url(self, login: str) -> URL:
        """Connects as one of ``LOGINS``."""
        return self.cluster.address.url(login, self.database, password_of(login))

    def kwargs(self, login: str) -> dict[str, Any]:
        """As ``url``, for ``asyncpg.connect``."""
        return dict(self.cluster.address.connect_kwargs(login, self.database, password_of(login)))

    async def unguarded(self, *statements: str) -> None:
        """What the owner writes while no trigger and no foreign key is asked, in one transaction."""
        owner = await asyncpg.connect(**self.owner_kwargs)
        async with owner.transaction():
            await owner.execute("SET LOCAL session_replication_role = replica")
            for one in statements:
                await owner.execute(one)
        await owner.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The session's server. Don't stop it: take ``own_cluster`` for that."""
    made = Cluster()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """The name of the migrated database with reference data and logins."""
    cluster.build_template()
    return TEMPLATE


@pytest.fixture
def record(cluster: Cluster, template: str) -> Iterator[Record]:
    """A fresh migrated database."""
    made = cluster.create_record()
    yield made
    cluster.drop_record(made)


@pytest.fixture(scope="session")
def seed() -> Iterator[Cluster]:
    """A stopped server with the template: copying its files takes a tenth of a second, making them several."""
    made = Cluster()
    made.build_template()
    made.stop()
    yield made
    made.remove()


@pytest.fixture
def own_cluster(seed: Cluster) -> Iterator[Cluster]:
    """A server to stop, crash and freeze, with the template."""
    made = Cluster(seed)
    yield made
    made.remove()


@pytest.fixture
def own_record(own_cluster: Cluster) -> Record:
    """A fresh migrated database on a server to stop, crash and freeze."""
    return own_cluster.create_record()
