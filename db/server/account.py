"""The system user that runs the server when the program itself runs as root.

Postgres refuses to run as root. Workstations never do; test machines and containers often do.
"""

import logging
import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from db.errors import Unavailable

_NAME = "cru-postgres"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SystemUser:
    """A system user by its numbers."""

    uid: int
    gid: int


def serving_account() -> SystemUser | None:
    """The user to run the server as, made if absent; ``None`` for the user we already are.

    Raises:
        Unavailable: we are root and no other user can be made.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    account = _find()
    if account is None:
        _make()
        account = _find()
    if account is None:
        raise Unavailable(
            "The local record cannot run as root.",
            "Start the console as an ordinary user, or sign in to a hosted server.",
        )
    return account


def give(path: Path, account: SystemUser | None) -> None:
    """Make ``path`` the account's own; nothing to do for ``None``."""
    if sys.platform != "win32" and account is not None:
        os.chown(path, account.uid, account.gid)


def make_reachable(path: Path, account: SystemUser | None) -> None:
    """Let the account walk to ``path``: the folders above gain passage, where missing, never reading."""
    if sys.platform == "win32" or account is None:
        return
    for folder in path.resolve().parents:
        state = folder.stat()
        if not _may_pass(state, account):
            _log.warning("opened %s for passage (o+x), so that the record's server can reach its files", folder)
            folder.chmod(stat.S_IMODE(state.st_mode) | stat.S_IXOTH)


def _may_pass(state: os.stat_result, account: SystemUser) -> bool:
    if state.st_uid == account.uid:
        return bool(state.st_mode & stat.S_IXUSR)
    if state.st_gid == account.gid:
        return bool(state.st_mode & stat.S_IXGRP)
    return bool(state.st_mode & stat.S_IXOTH)


def _find() -> SystemUser | None:
    if sys.platform == "win32":
        return None
    import pwd

    try:
        entry = pwd.getpwnam(_NAME)
    except KeyError:
        return None
    return SystemUser(entry.pw_uid, entry.pw_gid)


def _make() -> None:
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        _NAME,
    ]
    try:
        # Another program may be making the same user: a failure is judged by looking again.
        subprocess.run(command, capture_output=True, check=False, timeout=20)  # noqa: S603 - fixed words
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.warning("could not make the system user %s: %s", _NAME, error)
