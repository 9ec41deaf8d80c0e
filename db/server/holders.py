"""Who uses the server: one empty file a console, named after the process, so that the dead can be told."""

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

import psutil


class Holders:
    """The list of consoles on one data folder. Join and leave only under the folder's lock.

    One file each, not one list: joining and leaving need no room on a full disk, nothing is half written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mine: Path | None = None

    @property
    def joined(self) -> bool:
        """Whether we put ourselves on the list."""
        return self._mine is not None

    def join(self) -> None:
        """Put ourselves on the list; twice is once."""
        if self._mine is not None and self._mine.exists():
            return
        pid = os.getpid()
        mine = self._folder / f"{pid}-{_birth(pid)}-{secrets.token_hex(4)}"
        mine.touch(mode=0o600)
        self._mine = mine

    def leave(self) -> None:
        """Take ourselves off the list."""
        mine, self._mine = self._mine, None
        if mine is not None:
            mine.unlink(missing_ok=True)

    def say_served(self) -> None:
        """Put down that the server answers us now."""
        if self._mine is not None:
            # The time since the computer's start, which all its processes share and nobody can set.
            with suppress(OSError):
                os.utime(self._mine, (time.monotonic(), time.monotonic()))

    def other_is_served(self, within: float) -> bool:
        """Whether a living other console put down within so many seconds that the server answers it."""
        now = time.monotonic()
        return any(
            _lives(entry.name) and 0 <= now - _said_at(entry) <= within
            for entry in self._folder.iterdir()
            if entry != self._mine
        )

    def any_alive(self) -> bool:
        """Whether somebody living is on the list; the dead are struck off."""
        alive = False
        for entry in self._folder.iterdir():
            if _lives(entry.name):
                alive = True
            else:
                entry.unlink(missing_ok=True)
        return alive


def _said_at(entry: Path) -> float:
    try:
        return entry.stat().st_mtime
    except OSError:
        return float("-inf")


def _lives(name: str) -> bool:
    pid, _, rest = name.partition("-")
    birth = rest.partition("-")[0]
    return pid.isdecimal() and _birth(int(pid)) == birth


def _birth(pid: int) -> str:
    """When a process began, as a text that stays the same; empty for a dead process."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return ""
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            # Ticks since boot: create_time() moves when somebody sets the clock.
            return stat.read_text().rpartition(")")[2].split()[19]
        return str(round(process.create_time() * 1000))
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return ""
