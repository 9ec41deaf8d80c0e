"""Turns what Postgres or the system said into one sentence with a next step."""

import errno
import re
import shutil
from pathlib import Path

from db.errors import Unavailable

_HOSTED = "or sign in to a hosted server"
_TOO_LITTLE_BYTES = 2_000_000

_NO_ROOM = re.compile(r"no space left on device|disk quota exceeded|not enough space", re.IGNORECASE)
_NO_RIGHT = re.compile(
    r"permission denied|read-only file system|wrong ownership|invalid permissions", re.IGNORECASE
)
_NO_LIBRARY = re.compile(r"loading shared libraries: ([^:\s]+)|Library not loaded: (\S+)|(\w+\.dll) was not found")
_NO_LISTENING = re.compile(
    r"could not (bind|create|set permissions of|create any) .*(socket|address)|address already in use",
    re.IGNORECASE,
)
_NO_MEMORY = re.compile(
    r"cannot allocate memory|out of memory|could not (map|create) .*shared memory", re.IGNORECASE
)
_DAMAGED = re.compile(
    r"checkpoint record|PANIC|corrupt|invalid data in file|is missing or erroneous|not a valid data dir",
    re.IGNORECASE,
)

_DISK_CODES = {errno.ENOSPC, errno.EDQUOT}
_RIGHT_CODES = {errno.EACCES, errno.EPERM, errno.EROFS}


def from_text(said: str, folder: Path) -> Unavailable:
    """Explain a failure by what a program or the server's log said.

    Args:
        said: the text, in English.
        folder: the data folder.
    """
    if _NO_ROOM.search(said):
        return no_room(folder)
    if library := _NO_LIBRARY.search(said):
        return no_library(next(name for name in library.groups() if name))
    if cannot_listen(said):
        return Unavailable(
            "The local record's server found no free port or socket.",
            "Close programs that hold ports open, or restart the computer, and try again.",
        )
    if _NO_RIGHT.search(said):
        return not_writable(folder)
    if _NO_MEMORY.search(said):
        return Unavailable(
            "The computer has too little memory for the local record.", "Close other programs and try again."
        )
    if _DAMAGED.search(said):
        return damaged(folder)
    if _room_left(folder) < _TOO_LITTLE_BYTES:
        # A server on a full disk often cannot even write down why it died.
        return no_room(folder)
    return Unavailable(
        "The local record did not start.",
        f"Try again; if it fails again, pass the log in {folder / 'log'} to support, {_HOSTED}.",
    )


def from_os(error: OSError, folder: Path) -> Unavailable:
    """Explain a failure of the operating system by its number."""
    if error.errno in _DISK_CODES:
        return no_room(folder)
    if error.errno in _RIGHT_CODES:
        return not_writable(Path(error.filename) if isinstance(error.filename, str) else folder)
    if isinstance(error, NotADirectoryError | FileExistsError):
        return foreign(folder)
    reason = error.strerror or type(error).__name__
    return Unavailable(
        f"The local record could not use its folder {folder}: {reason}.",
        "Check the disk, or choose another folder with CRU_DATA_DIR.",
    )


def unforeseen(error: Exception, folder: Path) -> Unavailable:
    """Explain what nobody thought of by its type; its text may hold anything."""
    return Unavailable(
        f"The local record could not be started ({type(error).__name__}).",
        f"Try again; if it fails again, pass the log in {folder / 'log'} to support, {_HOSTED}.",
    )


def cannot_listen(said: str) -> bool:
    """Whether the server failed because of its port or socket."""
    return bool(_NO_LISTENING.search(said))


def no_room(folder: Path) -> Unavailable:
    """The disk is full."""
    return Unavailable(
        f"There is no room on the disk for the local record (in {folder}).",
        "Free at least 200 MB there and try again; what was recorded before is kept.",
    )


def not_writable(path: Path) -> Unavailable:
    """The folder refuses us."""
    return Unavailable(
        f"The folder of the local record cannot be written: {path}.",
        "Give yourself the right to write there, or choose another folder with CRU_DATA_DIR.",
    )


def no_library(name: str) -> Unavailable:
    """A system library is missing."""
    return Unavailable(
        f"A system library that the local record needs is missing: {name}.",
        f"Ask for it to be installed on this computer, {_HOSTED}.",
    )


def foreign(folder: Path) -> Unavailable:
    """The folder is not ours."""
    return Unavailable(
        f"The folder {folder} holds something other than the local record.",
        "Choose an empty folder with CRU_DATA_DIR.",
    )


def damaged(folder: Path) -> Unavailable:
    """The data folder does not start any more."""
    return Unavailable(
        f"The local record in {folder} is damaged.",
        "Do not delete the folder: bring back a backup of it, or ask support to repair it.",
    )


def other_version(folder: Path, made_by: str, ours: str) -> Unavailable:
    """The data folder belongs to another major version of Postgres."""
    return Unavailable(
        f"The local record in {folder} was made by PostgreSQL {made_by}; this program brings {ours}.",
        "Start the version of the program that made it, or choose another folder with CRU_DATA_DIR.",
    )


def _room_left(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return _TOO_LITTLE_BYTES
