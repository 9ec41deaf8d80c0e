"""Hosts that fail in every way there is: each is said in a sentence, tried again, and ends nobody's mirror."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg
import pytest
from sqlalchemy import URL

from console.live import sync
from console.live.store import LinkState
from db import hosts
from db.addresses import read_url
from db.engine import connect
from db.errors import RecordError
from db.hosts import Route
from db.server.account import serving_account
from db.server.programs import find_programs
from tests.cluster import Cluster, Record, password_of
from tests.db import desk
from tests.db.standby import Way, free_port, url_of, way_to
from tests.db.test_link import Mirror, following

_SSL_REQUEST = 80877103


def refusal(code: str, words: str | bytes = "no", severity: str = "FATAL") -> bytes:
    """Postgres's own way to refuse."""
    said = words if isinstance(words, bytes) else words.encode()
    fields = f"S{severity}\0V{severity}\0C{code}\0M".encode() + said + b"\0\0"
    return b"E" + struct.pack("!i", len(fields) + 4) + fields


@dataclass(frozen=True)
class Host:
    """A host that fails.

    Attributes:
        name: what stands in the address.
        says: what whoever listens there answers; None when nobody listens.
        sentence: a part of what the user reads.
        secure: the answer to the question for TLS.
        query: more of the address, after the question mark.
        port: where it is said to listen.
    """

    name: str = "127.0.0.1"
    says: bytes | None = None
    sentence: str = "cannot be reached"
    secure: bytes = b"N"
    query: str = ""
    port: int = 0


HOSTS = {
    "nobody listens": Host(),
    "nobody listens there either": Host("[::1]"),
    "no such folder": Host("/no/such/folder"),
    "no such name": Host("no-such-host.invalid", sentence="No server of that name"),
    "no possible name": Host("two..dots", sentence="address of the record cannot be used"),
    "no possible port": Host(port=99999, sentence="address of the record cannot be used"),
    "a name too long": Host("x" * 70 + ".nhs.uk", sentence="address of the record cannot be used"),
    "no such certificate": Host(
        query="sslmode=verify-full&sslrootcert=/no/such/file", sentence="that sslrootcert names is not there"
    ),
    "starting": Host(says=refusal("57P03", "the database system is starting up"), sentence="starting or stopping"),
    "full": Host(says=refusal("53300", "sorry, too many clients already"), sentence="no free connection"),
    "wrong password": Host(says=refusal("28P01"), sentence="user name or password is not right"),
    "not let in": Host(
        says=refusal("28000", "no pg_hba.conf entry"), sentence="user name or password is not right"
    ),
    "no database": Host(says=refusal("3D000"), sentence="no database of that name"),
    "speaks Latin-1": Host(says=refusal("28P01", "Passwort für Benutzer".encode("latin-1"))),
    "speaks HTTP": Host(says=b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "speaks of what nobody asked": Host(says=b"Z\0\0\0\5I" + b"T\0\0\0\6\0\0"),
    "claims to say much": Host(says=b"R\x7f\xff\xff\xff" + b"\0" * 64),
    "hangs up": Host(says=b""),
    "no TLS where it is wanted": Host(says=b"", query="sslmode=require", sentence="makes no secure"),
    "no TLS but noise": Host(
        says=b"", secure=b"S" + b"\x15\x03noise" * 9, query="sslmode=require", sentence="no secure"
    ),
    "an unknown answer to TLS": Host(says=b"", secure=b"?", query="sslmode=require", sentence="makes no secure"),
}
each_host = pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)


@asynccontextmanager
async def there(host: Host) -> AsyncIterator[int]:
    """The host, and the port at which it fails."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            length, code = struct.unpack("!ii", await reader.readexactly(8))
            if code == _SSL_REQUEST:
                writer.write(host.secure)
                length, code = struct.unpack("!ii", await reader.readexactly(8))
            await reader.readexactly(length - 8)
            writer.write(host.says or b"")
            await writer.drain()
        writer.close()

    if host.says is None:
        yield host.port or free_port()
        return
    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def address(record: Record, *named: tuple[str, int], query: str = "") -> URL:
    """As somebody types it."""
    names, ports = ",".join(name for name, _ in named), ",".join(str(port) for _, port in named)
    secret = password_of("a.shah").replace(" ", "%20")
    more = f"&{query}" if query else ""
    return read_url(f"postgresql://a.shah:{secret}@/{record.database}?host={names}&port={ports}{more}")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to be asked here, so nobody is waited for, and the next question comes soon."""
    monkeypatch.setattr(sync, "_ASK_A_PERSON_AFTER", 0.2)
    monkeypatch.setattr(sync, "BEAT_EVERY", 0.2)


@each_host
async def test_a_host_that_fails_is_said_and_the_mirror_lives_on(record: Record, host: Host) -> None:
    async with there(host) as port:
        mirror = Mirror(address(record, (host.name, port), query=host.query))
        task = asyncio.create_task(mirror.sync.run())
        await mirror.becomes(LinkState.LOST)
        assert host.sentence in mirror.store.link.sentence
        engine = connect(mirror.route.url)
        with pytest.raises(RecordError) as said:
            await desk.take(engine)
        assert host.sentence in said.value.sentence
        await engine.dispose()
        mirror.route.move(record.url("a.shah"))
        await mirror.becomes(LinkState.LIVE)
        assert not task.done()
        task.cancel()
        await asyncio.wait({task})


# What the address says of TLS it says of all its hosts, and the tests' server has none.
OPEN = {name: host for name, host in HOSTS.items() if not host.query}


@pytest.mark.parametrize("host", OPEN.values(), ids=OPEN)
async def test_a_host_that_fails_does_not_hide_the_one_that_does_not(record: Record, host: Host) -> None:
    async with there(host) as port:
        url = address(record, (host.name, port), (record.cluster.address.host, record.cluster.address.port))
        async with asyncio.timeout(2), following(url) as mirror:
            assert mirror.store.link.state is LinkState.LIVE


async def test_folders_of_sockets_beside_a_name(record: Record) -> None:
    good = (record.cluster.address.host, record.cluster.address.port)
    url = address(record, ("/no/such/folder", 5432), ("/nor/this", 5433), good)
    async with following(url) as mirror:
        assert mirror.store.link.state is LinkState.LIVE


async def test_a_host_that_lets_in_and_says_no_more_is_given_up_in_time(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "ONLY_HOST_WITHIN", 0.4)
    async with way_to(record.cluster.address.port) as way:
        mirror = Mirror(url_of(record, way.port))
        way.passed = ends_after(way, b"Z")
        task = asyncio.create_task(mirror.sync.run())
        await mirror.becomes(LinkState.LOST, within=2)
        way.silent, way.passed = False, lambda said: said
        await mirror.becomes(LinkState.LIVE)
        assert not task.done()
        task.cancel()
        await asyncio.wait({task})


def ends_after(way: Way, mark: bytes) -> Callable[[bytes], bytes]:
    """What the server says passes up to its first 'ready for a question', and nothing after that."""

    def passed(said: bytes) -> bytes:
        if mark + b"\0\0\0\5" in said:
            way.silent = True
        return said

    return passed


# --- nobody is left behind ---


async def backends(record: Record) -> int:
    owner = await asyncpg.connect(**record.owner_kwargs)
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'cru-test-leak'"
    found = int(await owner.fetchval(sql, record.database))
    await owner.close()
    return found


async def nobody_left(record: Record) -> None:
    async with asyncio.timeout(5):
        while await backends(record):
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("several", [1, 2, 3])
async def test_whoever_stops_opening_leaves_nothing_open(record: Record, several: int) -> None:
    route = Route(url_of(record, *[record.cluster.address.port] * several))
    for step in range(40):
        opening = asyncio.ensure_future(route.open("cru-test-leak"))
        await asyncio.sleep(step / 2000)
        opening.cancel()
        with suppress(asyncio.CancelledError):
            (await opening).terminate()
    await nobody_left(record)
    assert len(asyncio.all_tasks()) == 1


async def test_two_that_let_us_in_at_once_are_not_both_kept(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "NEXT_AFTER", 0.0)
    async with way_to(record.cluster.address.port) as one, way_to(record.cluster.address.port) as other:
        route = Route(url_of(record, one.port, other.port))
        for _ in range(10):
            (await route.open("cru-test-leak")).terminate()
        await nobody_left(record)


# --- a goodbye in the middle of a word ---


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("word", [b"R", b"S", b"D", b"C"])
async def test_a_goodbye_at_any_moment_is_a_link_that_is_lost(record: Record, word: bytes, place: str) -> None:
    """The server says FATAL before it closes, and asyncpg may be in any state of its own when it reads that."""
    goodbye = refusal("57P01", "terminating connection due to administrator command")
    async with way_to(record.cluster.address.port) as way, following(url_of(record, way.port)) as mirror:

        def passed(said: bytes) -> bytes:
            at = said.find(word)
            if at < 0 or way.ends:
                return said
            way.ends = True
            return said[:at] + goodbye + said[at:] if place == "before" else said + goodbye

        way.passed = passed
        if word in b"RS":
            way.drop()  # these are said to those who come
        await mirror.until(lambda: way.ends)
        await mirror.becomes(LinkState.LOST)
        way.ends, way.passed = False, lambda said: said
        await mirror.becomes(LinkState.LIVE)


@pytest.mark.long
async def test_restarts_one_after_the_other_end_no_mirror(own_cluster: Cluster, own_record: Record) -> None:
    def restart(mode: str) -> None:
        folder = own_cluster.server._folder
        find_programs(serving_account()).run(
            "pg_ctl", "restart", "-D", str(folder.pgdata), "-m", mode, "-w", cwd=folder.root, timeout=30
        )

    async with following(own_record) as mirror:
        for turn in range(RESTARTS):
            await asyncio.to_thread(restart, ("fast", "immediate")[turn % 2])
            if turn % 3 == 0:
                await mirror.becomes(LinkState.LIVE)
        await mirror.becomes(LinkState.LIVE)
        engine = connect(own_record.url("a.shah"))
        taken = await desk.take(engine)
        await mirror.until(lambda: mirror.store.referral(taken.referral_id))
        await engine.dispose()


RESTARTS = 8
