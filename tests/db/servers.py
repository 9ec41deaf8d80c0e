"""What the tests of the embedded server share."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from db.server import ServerAddress

CONSOLE = """
import sys
from pathlib import Path
from db.server import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), settings={"fsync": "off"})
server.start_now()
print("joined", flush=True)
sys.stdin.readline()
server.stop_now()
print("left", flush=True)
"""


class Console:
    """A process of its own that joins the server, as a console does."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CONSOLE, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def joined(self) -> None:
        """Wait until it has joined."""
        assert self._says() == "joined"

    def leave(self) -> None:
        """Ask it to leave and wait until it has."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        assert self._says() == "left"
        self.close()

    def kill(self) -> None:
        """``kill -9``."""
        self.process.kill()
        self.close()

    def close(self) -> None:
        """Reap it."""
        self.process.kill()
        self.process.communicate(timeout=10)

    def _says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def wait_until(condition: Callable[[], bool], seconds: float = 15) -> None:
    """Poll until the condition holds; fail after the deadline."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        pause.wait(0.05)


def processes_in(folder: Path) -> list[psutil.Process]:
    """The living processes of Postgres that work on the folder."""
    pgdata = str(folder.resolve() / "pgdata")
    return [process for process in psutil.process_iter() if _works_in(process, pgdata)]


def postmasters_in(folder: Path) -> list[psutil.Process]:
    """Those that are nobody's child among them. One that answers a question comes and goes in a moment."""
    found = {process.pid: process for process in processes_in(folder)}
    return [process for process in found.values() if _parent_of(process) not in {0, *found}]


def _parent_of(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return 0


def _works_in(process: psutil.Process, pgdata: str) -> bool:
    try:
        return process.name().startswith("postgres") and process.cwd() == pgdata
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


async def ask(address: ServerAddress, sql: str, **kwargs: Any) -> Any:
    """One value, asked as the superuser."""
    connection = await asyncpg.connect(**(address.superuser_kwargs() | kwargs))
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def do(address: ServerAddress, *statements: str) -> None:
    """Run statements as the superuser."""
    for statement in statements:
        await asyncio.wait_for(ask(address, statement), 30)
