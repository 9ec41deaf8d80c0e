"""A small process beside the server: stops it when every console on it has died without leaving."""

import logging
import subprocess
import sys
import threading
from pathlib import Path

from db.errors import Unavailable
from db.server.folder import DataFolder
from db.server.holders import Holders
from db.server.postmaster import living_postmaster
from db.server.shutdown import stop_if_unused

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0
_LOCK_SECONDS = 150.0


def set_guard(root: Path, postmaster: int) -> None:
    """Start the guard of one running server, detached from us; it ends with that server.

    Args:
        root: the data folder.
        postmaster: the process id of the server.
    """
    if getattr(sys, "frozen", False):
        # A bundled program has no interpreter to run it with: the next console clears up instead.
        return
    try:
        _start([sys.executable, "-m", "db.server.guard", str(root), str(postmaster)])
    except (OSError, subprocess.SubprocessError) as error:
        # A server without its guard serves as well as one with it.
        _log.warning("the server's guard did not start: %s", type(error).__name__)


def _start(command: list[str]) -> None:
    home = Path(__file__).parents[2]
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        subprocess.Popen(command, cwd=home, creationflags=flags)  # noqa: S603 - our own module
        return
    # Through a shell that ends at once, so that the guard is nobody's child and never a zombie of ours.
    shell = ["/bin/sh", "-c", '"$0" "$@" </dev/null >/dev/null 2>&1 &', *command]
    subprocess.run(shell, cwd=home, check=False, timeout=20, start_new_session=True)  # noqa: S603 - as above


def watch(root: Path, postmaster: int) -> None:
    """Look each second until the server has ended or, unused, been stopped."""
    folder = DataFolder(root)
    holders = Holders(folder.holders)
    pause = threading.Event()
    while _serving(folder, postmaster):
        if not holders.any_alive():
            _stop_unused(folder, holders, postmaster)
        pause.wait(_LOOK_SECONDS)


def _serving(folder: DataFolder, postmaster: int) -> bool:
    process = living_postmaster(folder.pgdata)
    return process is not None and process.pid == postmaster


def _stop_unused(folder: DataFolder, holders: Holders, postmaster: int) -> None:
    with folder.locked(_LOCK_SECONDS):
        # Somebody may have come while we waited.
        if _serving(folder, postmaster):
            stop_if_unused(folder, holders)


if __name__ == "__main__":
    try:
        watch(Path(sys.argv[1]), int(sys.argv[2]))
    except (OSError, Unavailable):
        # The folder went away: nothing left to guard.
        sys.exit(1)
