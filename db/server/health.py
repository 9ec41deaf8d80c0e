"""Whether a running server answers, and what can be done for one that does not, short of ending it."""

import logging
import socket
import struct
import threading
import time
from enum import StrEnum
from typing import Any, Final

import psutil

from db.errors import Unavailable
from db.server.address import ServerAddress
from db.server.holders import Holders
from db.server.postmaster import ended, family, status_of

_log = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 2.0
"""For one answer. A well server takes a millisecond."""
HUNG_SECONDS: Final = 8.0
"""Of silence, asked again and again, after which a server hangs."""
_BELIEVE_SECONDS: Final = 6.0
"""For which another console's word counts that it is served."""
# The protocol's SSLRequest: its length and its code.
_ASK_ENCRYPTION: Final = struct.pack("!ii", 8, 80877103)
_MARK_WAL: Final = "SELECT pg_logical_emit_message(true, 'cru', 'probe')"


class Health(StrEnum):
    """How it stands with the server of a data folder."""

    GONE = "gone"
    BUSY = "starting or stopping"
    SILENT = "silent"
    WELL = "well"


def answers(host: str, port: int, within: float = ANSWER_SECONDS) -> bool:
    """Whether the server takes a new connection and does anything with it, in ``within`` seconds.

    It is asked the first question of the protocol, which needs no login, leaves no line in its log, and is
    answered while it recovers and when it is full. To hang up on us is an answer too.
    """
    place = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)
    with socket.socket(socket.AF_UNIX if host.startswith("/") else socket.AF_INET) as line:
        line.settimeout(within)
        try:
            line.connect(place)
            line.sendall(_ASK_ENCRYPTION)
            line.recv(1)
        except (ConnectionResetError, BrokenPipeError):
            return True
        except OSError:
            return False
    return True


async def takes_changes(address: ServerAddress, within: float = ANSWER_SECONDS) -> bool:
    """Whether a commit reaches the disk in ``within`` seconds; on a slow disk a server answers and does not.

    Asks as the superuser, and leaves a mark in the write-ahead log only.
    """
    # Imported where used: the guard process shares this package and does without it.
    import asyncpg

    given: dict[str, Any] = {**address.superuser_kwargs(), "timeout": within, "command_timeout": within}
    try:
        line = await asyncpg.connect(**given)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    try:
        await line.execute(_MARK_WAL)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    else:
        return True
    finally:
        line.terminate()


def resume_stopped(processes: list[psutil.Process]) -> None:
    """Let processes go on that somebody has stopped: nothing is lost by it, unlike by ending them."""
    for process in processes:
        if status_of(process) != psutil.STATUS_STOPPED:
            continue
        _log.warning("a process of the server was stopped: letting it go on")
        try:
            process.resume()
        except psutil.Error as error:
            _log.warning("it could not be resumed: %s", type(error).__name__)


def await_answer(postmaster: psutil.Process, host: str, port: int, holders: Holders) -> bool:
    """Give a running server every chance to answer. Call under the folder's lock.

    Returns:
        False when it hangs, for us and for every other console on this computer, or has ended meanwhile.

    Raises:
        Unavailable: it waits for its disk, where ending it would help nobody.
    """
    pause = threading.Event()
    deadline = time.monotonic() + HUNG_SECONDS
    while True:
        resume_stopped(family(postmaster))
        if answers(host, port):
            return True
        if ended(postmaster):
            return False
        if holders.other_is_served(_BELIEVE_SECONDS):
            _log.warning("the server answers another console, but not us")
            return True
        if time.monotonic() > deadline:
            break
        pause.wait(0.2)
    if status_of(postmaster) == psutil.STATUS_DISK_SLEEP:
        raise Unavailable(
            "The local record waits for its disk, which does not answer.",
            "The console tries again by itself; check the disk of this computer.",
        )
    return False
