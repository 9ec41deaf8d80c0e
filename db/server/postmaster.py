"""The running server of one data folder: found by its pid file, believed only if it is really ours."""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_log = logging.getLogger(__name__)
# For killed processes to be gone; without any work, before a server that starts counts as hung; between two looks
# at its work; and of a processor's time, what counts as work.
_GRACE_SECONDS = 3.0
_IDLE_SECONDS = 20.0
_LOOK_SECONDS = 1.0
_WORK_SECONDS = 0.02


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
    # Postgres's own order: pid, folder, start, port, folder of the socket, address, shared memory, status.
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
    # Among all processes: the children of a dead postmaster are nobody's children any more.
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


def await_ready(process: psutil.Process, pgdata: Path) -> bool:
    """Wait for a server that is starting or stopping, however long, while it does something.

    To recover after a crash takes long on a slow disk; ended over it, it would begin anew each time.

    Returns:
        False when it ended, or has done nothing for a while.
    """
    pause = threading.Event()
    spent, worked_at, looked_at = 0.0, time.monotonic(), 0.0
    while not ended(process):
        seen = read_pid_file(pgdata)
        if seen is not None and seen.ready:
            return True
        now = time.monotonic()
        if now - looked_at > _LOOK_SECONDS:
            looked_at, before, members = now, spent, family(process)
            spent = sum(_seconds_of(member) for member in members)
            waits = any(status_of(member) == psutil.STATUS_DISK_SLEEP for member in members)
            if waits or abs(spent - before) >= _WORK_SECONDS:
                worked_at = now
            if now - worked_at > _IDLE_SECONDS:
                return False
        pause.wait(0.05)
    return False


def _seconds_of(process: psutil.Process) -> float:
    """How long it has worked so far."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def await_end(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait for processes to end; those that nobody has reaped yet count as ended.

    Returns:
        Those still alive after ``seconds``.
    """
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    left = [process for process in processes if not ended(process)]
    while left and time.monotonic() < deadline:
        pause.wait(0.02)
        left = [process for process in left if not ended(process)]
    return left


def end(processes: list[psutil.Process]) -> None:
    """Kill and wait, at most a few seconds."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    await_end(processes, _GRACE_SECONDS)


def ended(process: psutil.Process) -> bool:
    """Whether it is gone; one that nobody has reaped yet is."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def status_of(process: psutil.Process) -> str:
    """What it does just now, in psutil's words; empty when that cannot be told."""
    try:
        return str(process.status())
    except psutil.Error:
        return ""


def _serves(process: psutil.Process, pgdata: Path) -> bool:
    """Every process of Postgres works inside its data folder; a reused pid does not."""
    try:
        if process.name().lower() not in {"postgres", "postgres.exe"}:
            return False
        return not ended(process) and Path(process.cwd()) == pgdata
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
