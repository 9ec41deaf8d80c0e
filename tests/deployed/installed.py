"""The reference installation of docs/deploy.md, block by block, on three machines. Fixture: ``installed``."""

import asyncio
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import pytest
from sqlalchemy import URL

from db.addresses import read_url
from tests.cluster import run
from tests.deployed.machines import PATRONI, Machine, Network, missing
from tests.deployed.page import blocks
from tests.e2e.test_everything_killed import patience

HOSTS = {"db1": "10.20.0.11", "db2": "10.20.0.12", "db3": "10.20.0.13"}
SECRETS = ("SUPERUSER-PASSWORD", "REPLICATION-PASSWORD", "REWIND-PASSWORD", "REST-PASSWORD", "OWNER-PASSWORD")
ROOT = Path(__file__).parents[2]
_SHOWN = re.compile(r"^Password, shown this once: (.+)$", re.MULTILINE)


class Installed:
    """Three machines with one record.

    Attributes:
        machines: by name.
        passwords: of each login that the page adds.
    """

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="cru-deployed-"))
        self.root.chmod(0o755)
        self.network = Network()
        self._certificates()
        self.machines = {name: self._machine(name) for name in HOSTS}
        self.passwords: dict[str, str] = {"cru_owner": "OWNER-PASSWORD-1"}

    # --- as the page says ---

    def _certificates(self) -> None:
        folder = self.root / "authority"
        folder.mkdir()
        subprocess.run(["bash", "-euc", blocks()["sh: certificates"]], cwd=folder, check=True, capture_output=True)

    def _machine(self, name: str) -> Machine:
        folder = self.root / name
        for path in (folder, folder / "tls"):
            path.mkdir()
        for made, called in ((f"{name}.pem", "server.pem"), (f"{name}.key", "server.key"), ("ca.pem", "ca.pem")):
            shutil.copy(self.root / "authority" / made, folder / "tls" / called)
        (folder / "tls" / "server.key").chmod(0o600)
        machine = self.network.add(name, HOSTS[name], folder)
        self._put(folder / "patroni.yml", self._of(name, blocks()["file: /etc/patroni/config.yml"]))
        _give(folder)
        return machine

    def _of(self, name: str, text: str) -> str:
        """A block as it stands on this machine, with this computer's folders in place of the page's."""
        mine = [
            line.replace("db1", name).replace(HOSTS["db1"], HOSTS[name]) if "# this machine" in line else line
            for line in text.splitlines()
        ]
        folder = self.root / name
        found = "\n".join(mine) + "\n"
        newest = max(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda one: int(one.parts[4])).parent
        for there, here in {
            "/etc/cru-tls": folder / "tls",
            "/etc/cru-etcd": folder / "tls",
            "/var/lib/etcd/cru": folder / "etcd",
            "/var/lib/postgresql/15/cru": folder / "data",
            "/var/lib/postgresql/": f"{folder}/",
            "/var/run/postgresql": folder,
            "/usr/lib/postgresql/15/bin": newest,
            # The one line that is of another size here.
            "shared_buffers: 2GB": "shared_buffers: 64MB",
        }.items():
            found = found.replace(there, str(here))
        for one in SECRETS:
            found = found.replace(one, f"{one}-1")
        return found

    def _put(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o600)

    def begin(self, name: str) -> None:
        """Start etcd and Patroni on a machine, as ``systemctl`` does."""
        self.begin_etcd(name)
        self.begin_patroni(name)

    def begin_etcd(self, name: str) -> None:
        """Start etcd on a machine."""
        text = blocks()["file: /etc/default/etcd"]
        text = "\n".join(
            line if line.startswith("ETCD_INITIAL_CLUSTER=") else f"{line} # this machine"
            for line in text.splitlines()
        )
        said = self._of(name, text).replace(" # this machine", "")
        given = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        self.machines[name].start(["etcd"], "etcd.log", given)

    def begin_patroni(self, name: str) -> None:
        """Start Patroni on a machine."""
        self.machines[name].start([str(PATRONI / "patroni"), str(self.root / name / "patroni.yml")], "patroni.log")

    def install(self) -> list[str]:
        """Start everything, make the record and its users. Returns what ``admin check`` says."""
        for name in HOSTS:
            self.begin_etcd(name)
        self.begin_patroni("db1")
        self.until(lambda: self.leader() == "db1", 90)
        for name in ("db2", "db3"):
            self.begin_patroni(name)
        self.until(self.is_whole, 120)
        self.psql(blocks()["sql: the record"].replace("OWNER-PASSWORD", self.passwords["cru_owner"]))
        lines = [line for line in blocks()["sh: the schema"].splitlines() if line]
        for line in [
            *lines[:-1],
            'main.py admin add-user b.okafor --name "B. Okafor" --role dispatcher --generate',
        ]:
            words = shlex.split(line)
            told = self._done(*words[1:])
            if shown := _SHOWN.search(told):
                self.passwords[words[3]] = shown[1]
        self.psql(blocks()["sql: no locks by number"])
        return self._done(*shlex.split(lines[-1])[1:]).splitlines()

    def psql(self, sql: str) -> None:
        """Run statements as ``postgres`` on the machine that leads."""
        words = ("psql", "-v", "ON_ERROR_STOP=1", "-h", str(self.root / "db1"), "-U", "postgres", "-f", "-")
        self.machines["db1"].run(*words, said_in=sql)

    def _done(self, *words: str) -> str:
        """Run the program as the owner; again, while everybody is too busy to let it in. Returns what it said."""
        found: list[tuple[int, str]] = []

        def is_done() -> bool:
            found.append(self.program(*words))
            return found[-1][0] != 2 or "cannot be reached" not in found[-1][1]

        self.until(is_done, 120)
        code, told = found[-1]
        assert code == 0, told
        return told

    def program(self, *words: str) -> tuple[int, str]:
        """Run the program as the owner. Returns its exit code and what it said."""
        address = self.url("cru_owner").render_as_string(hide_password=False)
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *words],
            env={**os.environ, "CRU_DATABASE_URL": address},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        return done.returncode, done.stdout

    def url(self, login: str) -> URL:
        """The record as a console writes it: all three machines, and the authority."""
        who = f"{quote(login)}:{quote(self.passwords[login])}"
        return read_url(
            f"postgresql://{who}@{','.join(HOSTS.values())}/cru?sslrootcert={self.root}/authority/ca.pem"
        )

    # --- how it is ---

    def leader(self) -> str:
        """The machine that takes writes; empty for none or for more than one."""
        found = [name for name, state in self.states().items() if state == "leader"]
        return found[0] if len(found) == 1 else ""

    def is_whole(self) -> bool:
        """Whether one leads, both others follow it, commits wait for one of them, and Patroni knows which.

        That last is written down some seconds after the server itself waits. Who is lost in between has no heir.
        """
        leader = self.leader()
        sql = "SELECT array_agg(sync_state ORDER BY sync_state) FROM pg_stat_replication WHERE state = 'streaming'"
        if not leader or run(self._asked(HOSTS[leader], sql)) != ["async", "sync"]:
            return False
        with httpx.Client(verify=self._proven(), trust_env=False, timeout=5) as client, suppress(httpx.HTTPError):
            members = client.get(f"https://{HOSTS[leader]}:8008/cluster").json()["members"]
            return sorted(one["role"] for one in members) == ["leader", "replica", "sync_standby"]
        return False

    def states(self) -> dict[str, str]:
        """Of each machine: leader, standby, or none that answers within a second."""

        async def every() -> list[Any]:
            sql = "SELECT CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'leader' END"
            return await asyncio.gather(*(self._asked(address, sql) for address in HOSTS.values()))

        return dict(zip(HOSTS, (str(one or "") for one in run(every())), strict=True))

    def ask(self, sql: str, *values: object) -> Any:
        """Rows, as the superuser at the leader."""
        return run(self._rows(HOSTS[self.leader()], sql, values))

    async def _rows(self, address: str, sql: str, values: tuple[object, ...]) -> Any:
        connection = await self._connect(address, "cru")
        try:
            return await connection.fetch(sql, *values)
        finally:
            await connection.close()

    async def _asked(self, address: str, sql: str) -> Any:
        try:
            async with asyncio.timeout(2):
                connection = await self._connect(address, "postgres")
                try:
                    return await connection.fetchval(sql)
                finally:
                    connection.terminate()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return None

    async def _connect(self, address: str, database: str) -> "asyncpg.Connection[asyncpg.Record]":
        secret = "SUPERUSER-PASSWORD-1"
        return await asyncpg.connect(
            host=address, user="postgres", password=secret, database=database, ssl=self._proven(), timeout=5
        )

    def _proven(self) -> ssl.SSLContext:
        """Takes only servers that the page's authority vouches for."""
        return ssl.create_default_context(cafile=str(self.root / "authority" / "ca.pem"))

    def until(self, holds: Callable[[], object], within: float) -> None:
        """Wait until something holds; what the machines said is told where it never does."""
        end = time.monotonic() + patience(within)
        while not holds():
            assert time.monotonic() < end, self.said()
            time.sleep(0.2)

    def said(self) -> str:
        """The last lines that each machine's programs said."""
        logs = sorted(self.root.glob("db*/*.log"))
        return "\n".join(f"--- {log}\n" + "\n".join(log.read_text().splitlines()[-12:]) for log in logs)

    def remove(self) -> None:
        """Everything."""
        self.network.remove()
        shutil.rmtree(self.root, ignore_errors=True)


def _give(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, "postgres", "postgres")


@pytest.fixture(scope="module")
def installed() -> Iterator[Installed]:
    """Three machines with a record, installed by the page."""
    why_not = missing()
    if why_not:
        pytest.skip(why_not)
    made = Installed()
    try:
        made.install()
        yield made
    finally:
        made.remove()
