"""``pg_dump`` and ``pg_restore``: which one of this computer fits a server, and how it is run.

An older ``pg_dump`` refuses a newer server; from 17 on ``pg_restore`` sets what a server before 17 does not know.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from db.errors import Invalid, NotAllowed, RecordError, Unavailable
from db.server.programs import find_programs

_SETS_MORE: Final = 17
_CHUNK: Final = 1 << 20
_MOST_SAID: Final = 1 << 16
_SUFFIX: Final = ".exe" if sys.platform == "win32" else ""
_INSTALLED: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/Library/PostgreSQL/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
_NO_RIGHT: Final = re.compile(r"permission denied (?:for|to) ([\w .]{1,80})$", re.MULTILINE)
_NAMED: Final = re.compile(
    r'(?:relation|function|schema|role|type|table|constraint|trigger|database) "?[\w. ]{1,80}"?'
    r" (?:does not exist|already exists)"
)


@dataclass(frozen=True, slots=True, order=True)
class Tools:
    """The programs of one version."""

    major: int
    folder: Path

    def path(self, name: str) -> str:
        """Where a program is."""
        return str(self.folder / (name + _SUFFIX))


@cache
def tools_here() -> tuple[Tools, ...]:
    """What this computer has, oldest first; of one version the installed before the embedded."""
    folders = [path for pattern in _INSTALLED for path in _glob(pattern)]
    on_path = shutil.which("pg_dump")
    folders += [Path(on_path).parent] if on_path else []
    # A computer that only looks after a server may do without one of its own.
    with suppress(Unavailable):
        folders.append(find_programs(None).folder)
    found = [Tools(major, folder) for folder in folders if (major := _major(folder))]
    return tuple(sorted({tools.major: tools for tools in reversed(found)}.values()))


def _glob(pattern: str) -> Iterable[Path]:
    root = Path(pattern).anchor
    return Path(root).glob(pattern.removeprefix(root)) if root else ()


def _major(folder: Path) -> int:
    """The first number of their version; 0 where they are not both there, or do not run."""
    try:
        said = [_version(str(folder / (name + _SUFFIX))) for name in ("pg_dump", "pg_restore")]
    except (OSError, subprocess.SubprocessError):
        return 0
    found = [re.search(r"\) (\d+)", words) for words in said]
    majors = {int(one[1]) for one in found if one}
    return majors.pop() if len(majors) == 1 and all(found) else 0


def _version(program: str) -> str:
    done = subprocess.run([program, "--version"], check=True, capture_output=True, timeout=20)  # noqa: S603 - its own
    return done.stdout.decode(errors="replace")


def to_dump(server: int, tools: Iterable[Tools] | None = None) -> Tools:
    """The oldest programs that can read a server of a version.

    Raises:
        Unavailable: none can.
    """
    fit = [one for one in (tools_here() if tools is None else tools) if one.major >= server]
    if not fit:
        raise Unavailable(
            f"No pg_dump of this computer reads PostgreSQL {server}.",
            f"Install the client programs of PostgreSQL {server} on it.",
        )
    return min(fit)


def to_restore(written_by: int, server: int, tools: Iterable[Tools] | None = None) -> Tools:
    """The oldest programs that can read a dump and write to a server.

    Raises:
        Unavailable: none can.
    """
    fit = [one for one in (tools_here() if tools is None else tools) if one.major >= written_by]
    if not fit:
        raise Unavailable(
            f"No pg_restore of this computer reads what PostgreSQL {written_by} wrote.",
            f"Install the client programs of PostgreSQL {written_by} on it.",
        )
    fit = [one for one in fit if one.major <= server or server >= _SETS_MORE]
    if not fit:
        raise Unavailable(
            f"What PostgreSQL {written_by} wrote goes onto no server of PostgreSQL {server} from here.",
            f"Restore onto {_SETS_MORE} or newer, or install the client programs of PostgreSQL {server} and"
            " make the backup with them.",
        )
    return min(fit)


async def reading(
    program: str, words: Iterable[str], take: Callable[[bytes], None], passfile: Path | None
) -> None:
    """Run a program, and hand on what it writes.

    Raises:
        RecordError: it ended badly.
    """
    process = await _start(program, words, passfile)
    try:
        said = asyncio.ensure_future(_said(process.stderr))
        while process.stdout is not None and (some := await process.stdout.read(_CHUNK)):
            take(some)
        await _ended(process, program, await said)
    finally:
        await _gone(process)


async def writing(program: str, words: Iterable[str], pieces: Iterable[bytes], passfile: Path | None) -> None:
    """Run a program that reads these pieces.

    Raises:
        RecordError: it ended badly.
    """
    process = await _start(program, words, passfile)
    try:
        heard = asyncio.gather(_said(process.stdout), _said(process.stderr))
        # One that ends before it has read all says why.
        with suppress(BrokenPipeError, ConnectionResetError):
            await _fed(process, pieces)
        await _ended(process, program, (await heard)[1])
    finally:
        await _gone(process)


async def _start(program: str, words: Iterable[str], passfile: Path | None) -> asyncio.subprocess.Process:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    if passfile is not None:
        kept["PGPASSFILE"] = str(passfile)
    elif "PGPASSFILE" in os.environ:
        kept["PGPASSFILE"] = os.environ["PGPASSFILE"]
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        program, *words, stdin=pipe, stdout=pipe, stderr=pipe, env=kept | {"LC_ALL": "C"}
    )


async def _fed(process: asyncio.subprocess.Process, pieces: Iterable[bytes]) -> None:
    if process.stdin is None:
        return
    for piece in pieces:
        process.stdin.write(piece)
        await process.stdin.drain()
    process.stdin.close()
    await process.stdin.wait_closed()


async def _said(stream: asyncio.StreamReader | None) -> str:
    """What it said, and no more than is looked at: a fault may be said once a row."""
    said = b""
    while stream is not None and (some := await stream.read(_CHUNK)):
        said += some[: _MOST_SAID - len(said)]
    return said.decode(errors="replace")


async def _ended(process: asyncio.subprocess.Process, program: str, said: str) -> None:
    if await process.wait() != 0:
        raise why(Path(program).stem, said)


async def _gone(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def why(program: str, said: str) -> RecordError:
    """What a program's last words mean. They are never repeated whole: they may quote a row of the record."""
    if "No space left" in said:
        return Unavailable("A disk is full.", "Make room where the file or the server is, and do it again.")
    if refused := _NO_RIGHT.search(said):
        return NotAllowed(f"This login has no right to {refused[1]}.", "Sign in as the owner of the record.")
    if re.search(r"password authentication|no password supplied", said):
        return NotAllowed("The server refused the password.", "Check the user and the password of the address.")
    if re.search(r"connection|terminat|timeout expired", said):
        return Unavailable(f"The link to the server broke off while {program} worked.", "Do it again.")
    # The name of a thing of the schema, and no row of it.
    named = _NAMED.search(said)
    return Invalid(f"{program} stopped{f': {named[0]}' if named else ' at a fault'}.", "Nothing was kept of it.")
