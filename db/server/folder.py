"""The data folder of the local record: what lies where, made once, checked at each start."""

import os
import secrets
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import fasteners

from db.errors import Unavailable
from db.server import faults
from db.server.account import SystemUser, give, make_reachable
from db.server.programs import ProgramFailedError, Programs
from db.server.settings import ACCESS, configuration

SOCKET_NUMBER = 5432
# A socket's path has room for 104 bytes on macOS and 108 on Linux, with the end of it.
_LONGEST_SOCKET = 100
_INITDB_SECONDS = 120.0

# The file lock counts per process: two servers in one process need a lock of their own.
_here = threading.Lock()


class DataFolder:
    """Paths and upkeep of one data folder. Everything but ``locked`` wants the lock held."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().resolve()
        self.pgdata = self.root / "pgdata"
        self.log = self.root / "log"
        self.start_log = self.log / "start.log"
        self.holders = self.root / "holders"
        self.password_file = self.root / "superuser.password"

    @contextmanager
    def locked(self, timeout: float) -> Iterator[None]:
        """Hold the folder against every other console.

        Args:
            timeout: seconds to wait for others.

        Raises:
            Unavailable: others did not finish in time.
            OSError: the folder cannot be made or written.
        """
        if not _here.acquire(timeout=timeout):
            raise self._busy()
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = fasteners.InterProcessLock(self.root / "server.lock")
            if not lock.acquire(timeout=timeout):
                raise self._busy()
            try:
                yield
            finally:
                lock.release()
        finally:
            _here.release()

    def prepare(self, programs: Programs) -> None:
        """Make what is missing; an existing record is only checked.

        Raises:
            Unavailable: the folder is foreign, of another version, or could not be filled.
            OSError: the folder cannot be written.
        """
        account = programs.account
        if (self.root / "PG_VERSION").exists():
            raise faults.foreign(self.root)
        make_reachable(self.root, account)
        give(self.root, account)
        for folder in (self.log, self.holders):
            folder.mkdir(mode=0o700, exist_ok=True)
            give(folder, account)
        if (self.pgdata / "PG_VERSION").exists():
            self._check(programs)
        else:
            self._create(programs)

    def configure(self, host: str, port: int, extra: Mapping[str, str], account: SystemUser | None) -> None:
        """Write the server's settings and who may connect how."""
        self._replace(self.pgdata / "postgresql.conf", configuration(host, port, extra), account)
        self._replace(self.pgdata / "pg_hba.conf", ACCESS, account)

    def password(self) -> str:
        """The superuser's password."""
        return self.password_file.read_text(encoding="ascii").strip()

    def log_sizes(self) -> dict[Path, int]:
        """How long each log is, in bytes."""
        return {path: path.stat().st_size for path in self.log.iterdir()}

    def logged_since(self, sizes: Mapping[Path, int]) -> str:
        """What the server logged after the sizes were taken."""
        tails = [path.read_bytes()[sizes.get(path, 0) :] for path in sorted(self.log.iterdir())]
        return b"".join(tails).decode(errors="replace")

    def socket_folder(self, account: SystemUser | None) -> Path | None:
        """A private folder whose path is short and plain enough for a socket; ``None`` if there is none."""
        if sys.platform == "win32":
            return None
        for folder in (self.root / "run", self._spare_socket_folder()):
            if _fits(folder) and _made_private(folder, account):
                return folder
        return None

    def clear_remains(self, host: str) -> None:
        """Remove what an earlier server left where the next will listen and first log.

        Postgres itself keeps a socket's lock file whose process number is alive again as something else.
        """
        self.start_log.unlink(missing_ok=True)
        if host.startswith("/"):
            for name in (f".s.PGSQL.{SOCKET_NUMBER}", f".s.PGSQL.{SOCKET_NUMBER}.lock"):
                (Path(host) / name).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove what we made outside the folder; the server must have stopped."""
        with suppress(OSError):
            self._spare_socket_folder().rmdir()

    def _spare_socket_folder(self) -> Path:
        name = sha256(os.fsencode(self.root)).hexdigest()[:10]
        owner = "" if sys.platform == "win32" else str(os.geteuid())
        return Path(tempfile.gettempdir()).resolve() / f"cru-{owner}-{name}"

    def _create(self, programs: Programs) -> None:
        if self.pgdata.exists() and any(self.pgdata.iterdir()):
            raise faults.foreign(self.pgdata)
        # Made beside and renamed at the end: a first start that was cut off leaves no half record to be
        # taken for one.
        fresh = self.root / "pgdata.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._replace(self.password_file, secrets.token_urlsafe(24), programs.account)
        try:
            programs.run("initdb", *self._recipe(fresh), cwd=self.root, timeout=_INITDB_SECONDS)
        except ProgramFailedError as error:
            refusal = faults.from_text(str(error), self.root)
            shutil.rmtree(fresh, ignore_errors=True)
            raise refusal from error
        if self.pgdata.exists():
            self.pgdata.rmdir()
        fresh.rename(self.pgdata)

    def _recipe(self, fresh: Path) -> list[str]:
        return [
            *("-D", str(fresh), "-U", "postgres", f"--pwfile={self.password_file}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"),
            # Of Postgres's own, so that no index depends on the system's library, which sorts otherwise
            # after an update.
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ]

    def _check(self, programs: Programs) -> None:
        made_by = (self.pgdata / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = programs.major_version(self.root)
        if made_by != ours:
            raise faults.other_version(self.root, made_by, ours)
        if not self.password_file.exists():
            raise Unavailable(
                f"The password of the local record is missing: {self.password_file}.",
                "Bring the file back from a backup, or ask support to set a new one.",
            )

    def _replace(self, path: Path, text: str, account: SystemUser | None) -> None:
        """Write a private file whole or not at all."""
        beside = path.with_name(path.name + ".new")
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        give(beside, account)
        beside.replace(path)

    def _busy(self) -> Unavailable:
        return Unavailable(
            f"Another console is busy starting or stopping the local record in {self.root}.",
            "Wait a minute and try again; if it stays so, restart the computer.",
        )


def _fits(folder: Path) -> bool:
    """Postgres and the drivers split lists of folders at commas, and hosts from ports at colons."""
    path = os.fsencode(folder / f".s.PGSQL.{SOCKET_NUMBER}")
    return len(path) <= _LONGEST_SOCKET and b"," not in path and b":" not in path


def _made_private(folder: Path, account: SystemUser | None) -> bool:
    if sys.platform == "win32":
        return False
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    ours = {os.geteuid()} | ({account.uid} if account else set())
    if folder.is_symlink() or state.st_uid not in ours or state.st_mode & 0o077:
        return False
    make_reachable(folder, account)
    give(folder, account)
    return True
