"""What a server asks for before it is told anything: whoever wants the password itself never gets it.

asyncpg answers every way of asking by itself. So each host is asked once without a password, as ``psql`` does, and
left again; Postgres does not take that for a failure.
"""

import asyncio
import ssl
import struct
from typing import Final

_PROTOCOL_3: Final = 196608
_SSL_REQUEST: Final = 80877103
_HEADER: Final = struct.Struct("!ci")
_CODE: Final = struct.Struct("!i")
_IN_CLEAR: Final = 3
_LONGEST: Final = 64


class PlainServerError(ConnectionError):
    """The server speaks no TLS, and does not stand on this computer."""


class AsksInClearError(ConnectionError):
    """The server wants the password itself, instead of a proof that somebody knows it."""


async def knock(host: str, port: int, user: str, database: str, context: ssl.SSLContext | None) -> None:
    """Ask a server how it would know us, and leave.

    Args:
        host: a name, an address, or a socket's folder.
        port: of TCP, or the number of the socket.
        user: who would sign in.
        database: to which.
        context: how its certificate is checked; None for a link in clear.

    Raises:
        PlainServerError: it speaks no TLS where that is wanted.
        AsksInClearError: it wants the password itself.
        OSError | ssl.SSLError: nobody is there, or not who is meant.
    """
    reader, writer = await reach(host, port, context)
    try:
        words = b"".join(word.encode() + b"\0" for word in ("user", user, "database", database)) + b"\0"
        writer.write(struct.pack("!ii", len(words) + 8, _PROTOCOL_3) + words)
        await writer.drain()
        if await _asked_for(reader) == _IN_CLEAR:
            raise AsksInClearError
    finally:
        await hang_up(writer)


async def reach(
    host: str, port: int, context: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A link to a server that nothing was said on yet; raises as :func:`knock` does for the link alone."""
    reader, writer = await _open(host, port)
    try:
        if context is not None:
            await _encrypt(reader, writer, context, host)
    except BaseException:
        await hang_up(writer)
        raise
    return reader, writer


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """End a link at once: nothing more is said, so nobody's answer is waited for."""
    writer.transport.abort()
    # Its socket is closed in the loop's next turn, which a loop that ends here would not take.
    await asyncio.sleep(0)


async def _open(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if host.startswith("/"):
        return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
    return await asyncio.open_connection(host, port)


async def _encrypt(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext, host: str
) -> None:
    writer.write(struct.pack("!ii", 8, _SSL_REQUEST))
    await writer.drain()
    said = await reader.read(2)
    if not said.startswith(b"S"):
        raise PlainServerError
    if said != b"S":
        # What comes before the link is encrypted was put there by nobody knows whom.
        raise ssl.SSLError("unencrypted data before the handshake")
    await writer.start_tls(context, server_hostname=None if host.startswith("/") else host)


async def _asked_for(reader: asyncio.StreamReader) -> int | None:
    """The number of the way in which it would know us; None where it says something else, which is met later."""
    try:
        kind, length = _HEADER.unpack(await reader.readexactly(_HEADER.size))
        if kind != b"R" or not _CODE.size + 4 <= length <= _LONGEST:
            return None
        return int(_CODE.unpack(await reader.readexactly(_CODE.size))[0])
    except asyncio.IncompleteReadError:
        return None
