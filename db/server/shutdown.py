"""Stops the server of one data folder: politely, then firmly, then by force; bounded throughout."""

import logging
from pathlib import Path

from db.server.account import serving_account
from db.server.folder import DataFolder
from db.server.health import resume_stopped
from db.server.holders import Holders
from db.server.postmaster import await_end, end, family, living_postmaster
from db.server.programs import ProgramFailedError, Programs, find_programs

# "fast" writes everything out, at most 64 MB. Postgres 18 can miss it right after a backend crashed; "immediate"
# loses nothing either, the next start replays the log.
_WAYS = (("fast", 10), ("immediate", 5))
_log = logging.getLogger(__name__)


def stop_if_unused(folder: DataFolder, holders: Holders) -> None:
    """Stop the server unless somebody living holds it. Call under the folder's lock."""
    if not holders.any_alive():
        shut_down(folder.pgdata, find_programs(serving_account()))
        folder.tidy()


def shut_down(pgdata: Path, programs: Programs) -> None:
    """Stop the server and wait until no process of it is left. Does nothing if none runs."""
    process = living_postmaster(pgdata)
    if process is None:
        return
    members = family(process)
    resume_stopped(members)
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
