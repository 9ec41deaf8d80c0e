"""The embedded server: first console starts it, last one to leave stops it."""

import asyncio
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from db.errors import Unavailable
from db.server import faults
from db.server.account import serving_account
from db.server.address import ServerAddress
from db.server.folder import SOCKET_NUMBER, DataFolder
from db.server.guard import set_guard
from db.server.health import Health, answers, await_answer, resume_stopped
from db.server.holders import Holders
from db.server.postmaster import await_ready, end, ended, family, living_postmaster, read_pid_file, sweep
from db.server.programs import ProgramFailedError, Programs, find_programs
from db.server.shutdown import stop_if_unused

_LOOPBACK = "127.0.0.1"
# As long as another console may take under the lock: two minutes for initdb and half a one for the start.
_LOCK_SECONDS = 150.0
_START_SECONDS = 20
_LEFTOVERS = ("shared memory block", "lock file")
_log = logging.getLogger(__name__)


class EmbeddedServer:
    """A Postgres server with a data folder of its own, shared by the consoles on one computer.

    Args:
        data_dir: the server's own folder; made at the first start, reused later.
        tcp: listen on loopback TCP even where Unix sockets exist.
        settings: Postgres settings that win over ours, for example ``{"fsync": "off"}`` in tests.
    """

    def __init__(self, data_dir: Path, *, tcp: bool = False, settings: Mapping[str, str] | None = None) -> None:
        self._folder = DataFolder(data_dir)
        self._holders = Holders(self._folder.holders)
        self._tcp = tcp or sys.platform == "win32"
        self._extra = dict(settings or {})
        self._last_port = 0

    @classmethod
    def of(cls, data_dir: Path) -> "EmbeddedServer":
        """The server of the record that a computer keeps in its data folder."""
        return cls(data_dir / "record")

    @property
    def log_folder(self) -> Path:
        """Where the server writes its log."""
        return self._folder.log

    @property
    def process_id(self) -> int | None:
        """The postmaster's process id; ``None`` while no server runs on the folder."""
        process = living_postmaster(self._folder.pgdata)
        return process.pid if process else None

    async def start(self) -> ServerAddress:
        """Join the server, starting it if nobody has; again to bring back one that died.

        Given up half way, it leaves again what it has joined by then.

        Returns:
            Where it listens. After a restart the address may have changed.

        Raises:
            Unavailable: it cannot run here; the sentence says why.
        """
        starting = asyncio.ensure_future(asyncio.to_thread(self.start_now))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            # The thread cannot be stopped, and would join a server that nobody leaves.
            with suppress(Unavailable):
                await starting
                await self.stop()
            raise

    async def stop(self) -> None:
        """Leave the server, stopping it if nobody else is left. Does nothing if never joined.

        Raises:
            Unavailable: the folder is out of reach.
        """
        await asyncio.to_thread(self.stop_now)

    def check_now(self) -> Health:
        """How it stands with the server, within about two seconds; blocks that long, takes no lock."""
        postmaster, seen = living_postmaster(self._folder.pgdata), read_pid_file(self._folder.pgdata)
        if postmaster is None or seen is None:
            return Health.GONE
        if not seen.ready:
            return Health.BUSY
        if not answers(seen.host, seen.port):
            return Health.SILENT
        self._holders.say_served()
        return Health.WELL

    def start_now(self) -> ServerAddress:
        """As ``start``, blocking."""
        with self._explained(), self._folder.locked(_LOCK_SECONDS):
            programs = find_programs(serving_account())
            self._folder.prepare(programs)
            joined_before = self._holders.joined
            self._holders.join()
            try:
                return self._running(programs)
            except BaseException:
                if not joined_before:
                    self._holders.leave()
                raise

    def stop_now(self) -> None:
        """As ``stop``, blocking."""
        if not self._holders.joined:
            return
        with self._explained(), self._folder.locked(_LOCK_SECONDS):
            self._holders.leave()
            stop_if_unused(self._folder, self._holders)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise faults.from_os(error, self._folder.root) from error
        except ProgramFailedError as error:
            raise faults.from_text(str(error), self._folder.root) from error
        except (psutil.Error, subprocess.SubprocessError, ValueError) as error:
            raise faults.unforeseen(error, self._folder.root) from error

    def _running(self, programs: Programs) -> ServerAddress:
        pgdata = self._folder.pgdata
        living = living_postmaster(pgdata)
        if living is not None and self._is_well(living):
            return self.address()
        if living is not None and not ended(living):
            _log.warning("the server hangs: ending it")
            end(family(living))
        # A pid file whose postmaster is gone: its children may still hold the folder.
        if read_pid_file(pgdata) is not None:
            sweep(pgdata)
        self._launch(programs)
        address = self.address()
        set_guard(self._folder.root, self.process_id or 0)
        return address

    def _is_well(self, postmaster: psutil.Process) -> bool:
        resume_stopped(family(postmaster))
        if not await_ready(postmaster, self._folder.pgdata):
            return False
        seen = read_pid_file(self._folder.pgdata)
        return seen is not None and await_answer(postmaster, seen.host, seen.port, self._holders)

    def _launch(self, programs: Programs) -> None:
        said = ""
        swept = False
        for host, port in self._places(programs):
            said = self._try_launch(programs, host, port)
            if said and not swept and any(word in said for word in _LEFTOVERS):
                swept = True
                sweep(self._folder.pgdata)
                said = self._try_launch(programs, host, port)
            if not faults.cannot_listen(said):
                break
        if said:
            _log.error("the server did not start: %s", said.strip())
            raise faults.from_text(said, self._folder.root)

    def _places(self, programs: Programs) -> Iterator[tuple[str, int]]:
        """Where to try to listen, best first."""
        folder = None if self._tcp else self._folder.socket_folder(programs.account)
        if folder is not None:
            yield str(folder), SOCKET_NUMBER
        if self._last_port:
            # The port that it had, where that is still free: then no address changes.
            yield _LOOPBACK, self._last_port
        for _ in range(3):
            yield _LOOPBACK, _free_port()

    def _try_launch(self, programs: Programs, host: str, port: int) -> str:
        """Start the server once.

        Returns:
            Empty if it runs, else all that was said about why not.
        """
        folder = self._folder
        # Anew at each start: the place changes, and settings of a newer program hold for an older folder.
        folder.configure(host, port, self._extra, programs.account)
        folder.clear_remains(host)
        before = folder.log_sizes()
        # Relative to the folder: pg_ctl hands them to a shell, and a folder may have any name.
        places = ("-D", folder.pgdata.name, "-l", f"{folder.log.name}/{folder.start_log.name}")
        options = (*places, "-w", "-t", str(_START_SECONDS))
        try:
            programs.run("pg_ctl", "start", *options, cwd=folder.root, timeout=_START_SECONDS + 10)
        except ProgramFailedError as error:
            said = f"{error}\n{folder.logged_since(before)}"
            slow = living_postmaster(folder.pgdata)
            # pg_ctl gave up and the server did not: after a crash it recovers for as long as that takes.
            if slow is not None and self._is_well(slow):
                return ""
            if slow is not None:
                end(family(slow))
            return said
        return ""

    def address(self) -> ServerAddress:
        """Where it listens now; blocks for a moment. Raises Unavailable while it does not run."""
        seen = read_pid_file(self._folder.pgdata)
        if seen is None or not seen.ready:
            raise faults.from_text(self._folder.logged_since({}), self._folder.root)
        if not seen.host.startswith("/"):
            self._last_port = seen.port
        return ServerAddress(seen.host, seen.port, superuser_password=self._folder.password())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])
