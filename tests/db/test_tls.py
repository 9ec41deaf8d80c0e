"""No password goes to a server that did not prove who it is; each way of not proving it has a sentence."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import text

from db.addresses import read_url
from db.admin.certificates import certificates
from db.domain.clocks import local
from db.engine import connect, transaction
from db.errors import Invalid
from db.knock import hang_up
from tests.certificates import AHEAD, PAST, Authority
from tests.cluster import Record, password_of

SECRET = "päss wört %@/:#?"
_SSL_REQUEST = 80877103
_CLEAR = b"R" + struct.pack("!ii", 8, 3)
_SCRAM = b"R" + struct.pack("!ii", 23, 10) + b"SCRAM-SHA-256\0\0"
Upstream = Callable[[], "asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]"]


class Front:
    """Listens on this computer, with TLS or without, and keeps what it was told once that is readable."""

    def __init__(self, certificate: Path | None, says: bytes = b"", behind: Record | None = None) -> None:
        self.heard = bytearray()
        self._met: list[asyncio.Task[None]] = []
        self._says, self._behind, self._context = says, behind, None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await asyncio.gather(*self._met)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._met.append(task)
        with suppress(ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            first = await reader.readexactly(8)
            if struct.unpack("!ii", first)[1] == _SSL_REQUEST:
                writer.write(b"S" if self._context else b"N")
                await writer.drain()
                if self._context is not None:
                    await writer.start_tls(self._context)
                first = b""
            self.heard += first
            if self._behind is not None:
                await self._pass_on(reader, writer, first)
            while said := await reader.read(4096):
                self.heard += said
                writer.write(self._says)
                await writer.drain()
        await hang_up(writer)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes) -> None:
        where = self._behind.cluster.address  # type: ignore[union-attr] # asked before
        opened = (
            asyncio.open_unix_connection(f"{where.host}/.s.PGSQL.{where.port}")
            if where.is_socket
            else asyncio.open_connection(where.host, where.port)
        )
        back, forth = await opened
        forth.write(first)

        async def carry(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError, ssl.SSLError):
                while said := await source.read(65536):
                    to.write(said)
                    await to.drain()
            await hang_up(to)

        await asyncio.gather(carry(reader, forth), carry(back, writer))


async def refusal(front: Front, query: str, host: str = "localhost") -> Invalid:
    """What somebody reads who signs in there."""
    async with front.open() as port:
        engine = connect(read_url(f"postgresql://a.shah:{quote(SECRET, safe='')}@{host}:{port}/cru?{query}"))
        with pytest.raises(Invalid) as said:
            async with transaction(engine):
                pass
        await engine.dispose()
    assert SECRET.encode() not in front.heard
    return said.value


def certified(folder: Path, fault: str) -> tuple[Path, Path, str]:
    """A server's certificate with a fault, the authority that is asked, and more of the address."""
    trusted, other = Authority(folder), Authority(folder, "Another CA")
    more = ""
    if fault == "another authority":
        return other.server(), trusted.file, more
    made = {"expired": {"valid": PAST}, "not yet": {"valid": AHEAD}, "name": {"names": ("db2.example",)}}
    file = trusted.server(**made.get(fault, {}))  # type: ignore[arg-type] # by the fault
    if fault == "revoked":
        more = f"&sslcrl={quote(str(trusted.revoked(trusted.last)))}"
    return file, trusted.file, more


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("another authority", "by an authority that is not known here"),
        ("expired", "has expired"),
        ("not yet", "not valid yet"),
        ("name", "has another name"),
        ("revoked", "was revoked"),
    ],
)
async def test_a_certificate_that_proves_nothing_is_told_no_password(
    tmp_path: Path, fault: str, sentence: str
) -> None:
    file, authority, more = certified(tmp_path, fault)
    front = Front(file, _CLEAR)
    said = await refusal(front, f"sslmode=verify-full&sslrootcert={quote(str(authority))}{more}")
    assert sentence in said.sentence
    assert said.next_step
    assert front.heard == b""


async def test_a_name_that_is_not_to_be_checked_is_not(tmp_path: Path) -> None:
    file, authority, _ = certified(tmp_path, "name")
    said = await refusal(Front(file, _CLEAR), f"sslmode=verify-ca&sslrootcert={quote(str(authority))}")
    assert "asks for the password itself" in said.sentence


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_a_plain_server_is_told_nothing_where_tls_is_wanted(tmp_path: Path, mode: str) -> None:
    front = Front(None, _CLEAR)
    said = await refusal(front, f"sslmode={mode}&sslrootcert={quote(str(Authority(tmp_path).file))}")
    assert "makes no secure connection" in said.sentence
    assert front.heard == b""


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_who_asks_for_the_password_itself_does_not_get_it(tmp_path: Path, host: str, secure: bool) -> None:
    trusted = Authority(tmp_path)
    front = Front(trusted.server(("localhost", "127.0.0.1")) if secure else None, _CLEAR)
    query = f"sslmode=verify-ca&sslrootcert={quote(str(trusted.file))}" if secure else ""
    said = await refusal(front, query, host)
    assert "asks for the password itself" in said.sentence
    assert "scram-sha-256" in said.next_step


@pytest.mark.parametrize("name", ["sslrootcert", "sslcert", "sslkey", "sslcrl"])
@pytest.mark.parametrize(("file", "sentence"), [("gone.pem", "is not there"), ("empty.pem", "can be used")])
async def test_a_file_of_certificates_that_is_no_use_is_named(
    tmp_path: Path, name: str, file: str, sentence: str
) -> None:
    trusted = Authority(tmp_path)
    own = trusted.server()
    (tmp_path / "empty.pem").write_text("nothing")
    files = {"sslrootcert": trusted.file, "sslcert": own, "sslkey": own} | {name: tmp_path / file}
    query = "&".join(f"{key}={quote(str(path))}" for key, path in files.items())
    said = await refusal(Front(own, _SCRAM), f"sslmode=verify-full&{query}")
    assert sentence in said.sentence
    assert name in said.sentence or (name, file) == ("sslkey", "empty.pem")


async def test_a_server_that_proved_itself_lets_us_in(record: Record, tmp_path: Path) -> None:
    folder = tmp_path / "50% für alle"
    folder.mkdir()
    trusted = Authority(folder)
    front = Front(trusted.server(), behind=record)
    secret = quote(password_of("a.shah"))
    async with front.open() as port:
        query = f"sslmode=verify-full&sslrootcert={quote(str(trusted.file))}"
        engine = connect(read_url(f"postgresql://a.shah:{secret}@localhost:{port}/{record.database}?{query}"))
        async with transaction(engine) as connection:
            assert await connection.scalar(text("SELECT session_user::text")) == "a.shah"
        await engine.dispose()


async def test_until_when_a_certificate_is_good_is_told_while_there_is_time(tmp_path: Path) -> None:
    trusted = Authority(tmp_path)
    now = datetime.now(UTC)
    long, short = (trusted.server(valid=(now, now + timedelta(days=days, hours=1))) for days in (400, 12))
    query = f"sslmode=verify-full&sslrootcert={quote(str(trusted.file))}"
    async with Front(long).open() as first, Front(short).open() as second, Front(None).open() as plain:
        ports = {"a": first, "b": second, "c": plain}
        hosts = ",".join("localhost" for _ in ports)
        url = f"postgresql://x:y@/cru?host={hosts}&port={','.join(map(str, ports.values()))}&{query}"
        good, soon, none = [str(one) async for one in certificates(read_url(url))]
    until = now + timedelta(days=400, hours=1)
    assert good == f"ok       The certificate of localhost is good until {local(until):%a %d %b %Y}, for 400 days."
    assert soon.startswith("problem  The certificate of localhost is good until")
    assert "for 12 days. Get a new one" in soon
    assert none == f"problem  Nobody answers at localhost:{plain} with TLS. Start that server."
    assert [one async for one in certificates(read_url("postgresql://x:y@localhost/cru"))] == []
