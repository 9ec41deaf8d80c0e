"""How the programs of Postgres reach the server: directly on this computer, else by a link that is proven here.

They may be built without TLS, and know the computer's authorities by other rules. So what leaves this computer
goes through a socket in a private folder, and from there on by :mod:`db.tls`. The password lies in a file there.
"""

import asyncio
import os
import ssl
import struct
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from db import tls
from db.addresses import connect_arguments
from db.knock import hang_up, reach

_PORT: Final = 5432
_LOOPBACK: Final = "127.0.0.1"
_HEADER: Final = struct.Struct("!ci")
_SASL: Final = struct.pack("!i", 10)
_BOUND: Final = b"SCRAM-SHA-256-PLUS\0"
_UNBOUND: Final = b"SCRAM-SHA-256\0"
_LONGEST: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class ProgramWay:
    """Where a program reaches the server.

    Attributes:
        target: a connection string without a password.
        passfile: the file with the password; None where the address has none.
    """

    target: str
    passfile: Path | None


@asynccontextmanager
async def way_to(url: URL) -> AsyncIterator[ProgramWay]:
    """Keep a way open to the one host of an address.

    Raises:
        Invalid: the host would not be checked, or a file of certificates cannot be used.
        OSError: no folder can be made.
    """
    given = connect_arguments(url)
    host, port = str(given.get("host") or "localhost"), int(given.get("port") or _PORT)
    context = await asyncio.to_thread(tls.context_for, url, host)
    with tempfile.TemporaryDirectory(prefix="cru-way-") as made:
        folder = Path(made)
        passfile = _passfile(folder, given["password"] or os.environ.get("PGPASSWORD", ""))
        if context is None:
            yield ProgramWay(_target(host, port, url), passfile)
            return
        server = await _listening(folder, _Link(host, port, context))
        try:
            own = server.sockets[0].getsockname()
            here, number = (str(folder), _PORT) if isinstance(own, str) else (own[0], own[1])
            yield ProgramWay(_target(here, number, url), passfile)
        finally:
            server.close()


def _passfile(folder: Path, password: str) -> Path | None:
    if not password:
        return None
    path = folder / "password"
    escaped = password.replace("\\", "\\\\").replace(":", "\\:")
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
        out.write(f"*:*:*:*:{escaped}\n")
    return path


def _target(host: str, port: int, url: URL) -> str:
    words = {
        "host": host,
        "port": str(port),
        "dbname": url.database or "",
        "user": url.username or "",
        "application_name": "cru-admin",
        # What comes here stays on this computer, or goes on by a link of ours.
        "sslmode": "disable",
        "gssencmode": "disable",
    }
    return " ".join(f"{name}={_quoted(value)}" for name, value in words.items() if value)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


async def _listening(folder: Path, link: "_Link") -> asyncio.Server:
    if sys.platform == "win32":
        return await asyncio.start_server(link.meet, _LOOPBACK, 0)
    return await asyncio.start_unix_server(link.meet, folder / f".s.PGSQL.{_PORT}")


class _Link:
    """Passes bytes on to a server whose certificate was checked."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        self._where = (host, port, context)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a program, to its end."""
        with suppress(OSError, ssl.SSLError, EOFError):
            back, forth = await reach(*self._where)
            try:
                await asyncio.gather(_carry(reader, forth), _answer(back, writer))
            finally:
                await hang_up(forth)
        await hang_up(writer)


async def _answer(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    to.write(await asked_for(source))
    await _carry(source, to)


async def asked_for(source: asyncio.StreamReader) -> bytes:
    """The server's first message: how it would know us, without the way that binds to TLS.

    The program here sees no TLS, and would take that way for a trick. The certificate was checked already.
    """
    kind, length = _HEADER.unpack(head := await source.readexactly(_HEADER.size))
    if not 4 <= length <= _LONGEST:
        return head
    body = await source.readexactly(length - 4)
    if kind == b"R" and body.startswith(_SASL + _BOUND + _UNBOUND):
        body = _SASL + body.removeprefix(_SASL + _BOUND)
    return _HEADER.pack(kind, len(body) + 4) + body


async def _carry(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while some := await source.read(_LONGEST):
        to.write(some)
        await to.drain()
    to.close()
