"""A pgbouncer before the tests' server. Fixtures: ``bouncer`` (makes one of a mode)."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import URL

from db.server.account import give, make_reachable, serving_account
from tests.cluster import LOGINS, Record, password_of, run
from tests.db.standby import free_port, url_of

_CONFIGURED = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = {mode}
default_pool_size = {size}
logfile = {log}
"""


class Bouncer:
    """One pgbouncer, which gives a session for each transaction or for each client.

    Args:
        server: the port of the server behind it.
        mode: pgbouncer's ``pool_mode``.
        size: sessions with the server, for each login on each database.
    """

    def __init__(self, server: int, mode: str, size: int) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="cru-bouncer-"))
        self.port = free_port()
        self.log = self.root / "log"
        users, settings = self.root / "users", self.root / "settings"
        users.write_text("".join(f'"{login}" "{password_of(login)}"\n' for login in LOGINS))
        settings.write_text(
            _CONFIGURED.format(server=server, port=self.port, users=users, mode=mode, size=size, log=self.log)
        )
        account = serving_account()
        make_reachable(self.root, account)
        for path in (self.root, users, settings):
            give(path, account)
        who = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
        self._process = subprocess.Popen([_program(), "-q", str(settings)], cwd=self.root, **who)  # type: ignore[call-overload] # who

    def url(self, record: Record, login: str = "a.shah") -> URL:
        """The record through it."""
        return url_of(record, self.port, login=login)

    def is_there(self, record: Record) -> None:
        """Wait until it lets somebody in."""
        deadline = time.monotonic() + 10
        while not run(_lets_in(self.url(record))):
            assert time.monotonic() < deadline, self.log.read_text()

    def said(self) -> str:
        """What it logged."""
        return self.log.read_text()

    def remove(self) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self.root)


async def _lets_in(url: URL) -> bool:
    try:
        connection = await asyncpg.connect(
            host=url.host, port=url.port, user=url.username, password=url.password, database=url.database
        )
    except OSError:
        return False
    connection.terminate()
    return True


def _program() -> str:
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None and "CI" not in os.environ:
        pytest.skip("pgbouncer is not installed")
    return found or "pgbouncer"


@pytest.fixture
def bouncer(record: Record) -> Iterator[Callable[[str, int], Bouncer]]:
    """Starts a pgbouncer of a mode and a size."""
    made: list[Bouncer] = []

    def start(mode: str, size: int) -> Bouncer:
        made.append(Bouncer(record.cluster.address.port, mode, size))
        made[-1].is_there(record)
        return made[-1]

    yield start
    for one in made:
        one.remove()
