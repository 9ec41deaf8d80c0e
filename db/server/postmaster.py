"""The running server of one data folder: found by its pid file, believed only if it is really ours."""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_log = logging.getLogger(__name__)
_GRACE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class PidFile:
    """What ``postmaster.pid`` says; a server that is still starting has written only a part.

    Attributes:
        pid: of the postmaster; 0 if not written.
        host: the folder of the socket or the address; empty if not written.
        port: 0 if not written.
        ready: whether the server takes connections.
    """

    pid: int
    host: str
    port: int
    ready: bool


def read_pid_file(pgdata: Path) -> PidFile | None:
    """Read the pid file; ``None`` if there is none. Garbled or missing lines read as 0 or empty."""
    try:
        lines = (pgdata / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return None
    padded = [line.strip() for line in lines] + [""] * 8
    return PidFile(_number(padded[0]), padded[4] or padded[5], _number(padded[3]), padded[7] == "ready")


def living_postmaster(pgdata: Path) -> psutil.Process | None:
    """The process that the pid file names, if it lives and serves this very folder."""
    seen = read_pid_file(pgdata)
    if seen is None or seen.pid <= 0:
        return None
    try:
        process = psutil.Process(seen.pid)
    except psutil.NoSuchProcess:
        return None
    return process if _serves(process, pgdata) else None


def sweep(pgdata: Path) -> None:
    """End what a crash left behind: processes of a dead postmaster and its pid file.

    Such processes see the death of their postmaster and end by themselves; what hangs is killed.
    """
    left = [process for process in psutil.process_iter() if _serves(process, pgdata)]
    end(await_end(left, _GRACE_SECONDS))
    (pgdata / "postmaster.pid").unlink(missing_ok=True)
    if left:
        _log.warning("cleared %d processes that a crashed server left behind", len(left))


def family(process: psutil.Process) -> list[psutil.Process]:
    """A postmaster and all its children."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return [process]


def await_end(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait for processes to end; those that nobody has reaped yet count as ended.

    Returns:
        Those still alive after ``seconds``.
    """
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    left = [process for process in processes if not _ended(process)]
    while left and time.monotonic() < deadline:
        pause.wait(0.02)
        left = [process for process in left if not _ended(process)]
    return left


def end(processes: list[psutil.Process]) -> None:
    """Kill and wait, at most a few seconds."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    await_end(processes, _GRACE_SECONDS)


def _ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _serves(process: psutil.Process, pgdata: Path) -> bool:
    """Every process of Postgres works inside its data folder; a reused pid does not."""
    try:
        if process.name().lower() not in {"postgres", "postgres.exe"}:
            return False
        return not _ended(process) and Path(process.cwd()) == pgdata
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
