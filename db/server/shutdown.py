"""Stops the server of one data folder: politely, then firmly, then by force; bounded throughout."""

import logging
from pathlib import Path

from db.server.postmaster import await_end, end, family, living_postmaster
from db.server.programs import ProgramFailedError, Programs

_WAYS = (("fast", 20), ("immediate", 5))
_log = logging.getLogger(__name__)


def shut_down(pgdata: Path, programs: Programs) -> None:
    """Stop the server and wait until no process of it is left. Does nothing if none runs."""
    process = living_postmaster(pgdata)
    if process is None:
        return
    members = family(process)
    for mode, seconds in _WAYS:
        options = ("-D", str(pgdata), "-m", mode, "-w", "-t", str(seconds))
        try:
            programs.run("pg_ctl", "stop", *options, cwd=pgdata, timeout=seconds + 5)
        except ProgramFailedError as error:
            _log.warning("the server did not stop (%s): %s", mode, error)
        else:
            end(await_end(members, seconds))
            return
    end(members)
