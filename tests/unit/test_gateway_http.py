"""HTTP as it is found in the field, and crowds that say nothing: the real server, without a record."""

import gzip
import io
import json
import logging
import select
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

import pytest

from db.errors import Invalid
from db.gateway import cli, connections
from db.gateway.devices import RegisteredDevice, digest_of
from db.gateway.journal import Journal
from db.gateway.limits import Limits, OncePerMinute
from db.gateway.quiet import QuietFilter
from db.gateway.requests import _unpacked
from db.gateway.server import GatewayConfig
from tests.db.gateways import ROOT, Running
from tests.unit.offline_gateway import NOWHERE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sockets and limits as Linux has them")
TOKEN = "s3cret token"
WHO = urlencode({"id": "one", "token": TOKEN})
FIX = f"{WHO}&lat=52.24&lon=-0.9&accuracy=8"
PLACE = {"coords": {"latitude": 52.24, "longitude": -0.9, "accuracy": 8}}
CLIENT = json.dumps({"device_id": "one", "location": PLACE}).encode()
FORWARD = json.dumps({"device": {"uniqueId": "one"}, "position": {"latitude": 52.2, "longitude": -0.9}}).encode()
BOM = b"\xef\xbb\xbf"
BASIC = "Authorization: Basic b25lOnMzY3JldCB0b2tlbg=="


def place(hundredths: bytes) -> bytes:
    """A client's message from another place."""
    return CLIENT.replace(b"52.24", b"52." + hundredths)


def rmc(second: int) -> bytes:
    line = f"GPRMC,0120{second:02d}.00,A,5214.4300,N,00054.1620,W,010.0,270.5,231126,,,A"
    total = 0
    for character in line:
        total ^= ord(character)
    return f"${line}*{total:02X}\r\n".encode()


def prepared(folder: Path) -> Path:
    """A queue that knows one device, as a gateway that has seen the record left it."""
    journal = Journal(folder)
    journal.save_devices([RegisteredDevice("one", UUID(int=1), "Tango", digest_of(TOKEN), True)])
    journal.close()
    return folder


@contextmanager
def serving(folder: Path, **settings: object) -> Iterator[Running]:
    config = GatewayConfig(database=NOWHERE, queue_dir=prepared(folder), port=0, **settings)  # type: ignore[arg-type] # as named
    running = Running(config)
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("gateway"), limits=Limits(address_burst=10_000)) as running:
        yield running


def raw(server: Running, request: bytes) -> bytes:
    """All that is answered to these bytes."""
    where = urlsplit(server.gateway.url)
    with closing(socket.create_connection((where.hostname or "", where.port or 0), timeout=10)) as to:
        to.sendall(request)
        answer = b""
        while piece := to.recv(65536):
            answer += piece
        return answer


def request(line: str, *headers: str, body: bytes = b"", length: bool = True) -> bytes:
    """One request on a connection that ends with it."""
    lines = [f"{line} HTTP/1.1", "Host: evil.example", "Connection: close", *headers]
    lines += [f"Content-Length: {len(body)}"] if body and length else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def chunked(body: bytes) -> bytes:
    half = len(body) // 2
    pieces = (body[:half], body[half:], b"")
    return b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces)


def post(path: str, body: bytes, *headers: str) -> bytes:
    return request(f"POST {path}", *headers, body=body)


@pytest.mark.parametrize(
    ("sent", "fixes"),
    [
        # Paths: with a stroke at the end, with many, escaped; a query in any dress.
        (request(f"GET /?{FIX}&timestamp=1"), 1),
        (request(f"GET /osmand/?{FIX}&altitude=2"), 1),
        (request(f"GET /osmand//?{FIX}&altitude=3"), 1),
        (request(f"GET /%6Fsmand?{FIX}&altitude=4"), 1),
        (request(f"GET /?&&{FIX}&&altitude=5&"), 1),
        (request(f"GET /?{FIX.replace('52.24', '52%2E24')}&altitude=6"), 1),
        (post("/client/", place(b"01"), f"Authorization: Bearer {TOKEN}"), 1),
        (post("/forward/", FORWARD, f"authorization: BEARER {TOKEN}"), 1),
        # Types: any case, none, another's, with a character set.
        (post(f"/client?{WHO}", place(b"02"), "Content-Type: APPLICATION/JSON"), 1),
        (post(f"/client?{WHO}", place(b"03")), 1),
        (post(f"/?{WHO}", place(b"04"), "CONTENT-TYPE: text/plain;charset=UTF-8"), 1),
        (
            post(f"/?{WHO}", place(b"05"), "Content-Type: Application/X-WWW-Form-Urlencoded"),
            1,
        ),
        (post("/", f"{FIX}&altitude=7".encode(), "content-type: APPLICATION/x-www-form-urlencoded;charset=x"), 1),
        # A form with nothing in it: what it would say stands in the address.
        (post(f"/?{WHO}&data={quote(place(b'17'))}", b"", "Content-Type: application/x-www-form-urlencoded"), 1),
        # A form that does not say so, or says something else.
        (post("/", f"{FIX}&altitude=13".encode()), 1),
        (post("/", f"{FIX}&altitude=14\r\n".encode(), "Content-Type: text/plain"), 1),
        (
            request("POST /", "Transfer-Encoding: chunked", length=False) + chunked(f"{FIX}&altitude=15".encode()),
            1,
        ),
        (post(f"/nmea?{WHO}", rmc(1) + rmc(2), "Content-Type: application/octet-stream"), 2),
        # Marks of byte order, before each form.
        (post(f"/client?{WHO}", BOM + place(b"06")), 1),
        (post(f"/?{WHO}", BOM + rmc(3)), 1),
        (post("/", BOM + f"{FIX}&altitude=8".encode(), "Content-Type: application/x-www-form-urlencoded"), 1),
        # Other characters, a nought behind the last, and two that are glued together.
        (post(f"/client?{WHO}", place(b"11").decode().encode("utf-16")), 1),
        (post(f"/client?{WHO}", place(b"12") + b"\0"), 1),
        (post(f"/client?{WHO}", place(b"13") + place(b"14")), 2),
        (request(f"GET /OsmAnd/?{FIX}&altitude=16"), 1),
        # Packed, said so in any case, or not said; in two pieces, and without a head.
        (post(f"/client?{WHO}", gzip.compress(b" ") + gzip.compress(place(b"15"))), 1),
        (post(f"/nmea?{WHO}", zlib.compress(rmc(7))[2:-4], "Content-Encoding: deflate"), 1),
        (post(f"/client?{WHO}", gzip.compress(place(b"07")), "Content-Encoding: GZIP"), 1),
        (post(f"/client?{WHO}", gzip.compress(place(b"08")), "Content-Encoding: x-gzip"), 1),
        (post(f"/?{WHO}", gzip.compress(rmc(4))), 1),
        (post(f"/nmea?{WHO}", zlib.compress(rmc(5)), "Content-Encoding: deflate"), 1),
        (post(f"/nmea?{WHO}", rmc(6), "Content-Encoding: gzip"), 1),
        # How a body is sent: in pieces, after asking, by an old client; and none with a length.
        (
            request(f"POST /client?{WHO}", "Transfer-Encoding: chunked", length=False) + chunked(place(b"09")),
            1,
        ),
        (post(f"/client?{WHO}", place(b"10"), "Expect: 100-Continue"), 1),
        (f"GET /?{FIX}&altitude=9 HTTP/1.0\r\n\r\n".encode(), 1),
        (request(f"POST /?{FIX}&altitude=10", "Content-Length: 0"), 1),
        (request(f"GET /nmea?{WHO}&alarm=sos", "X-Forwarded-For: 10.1.1.1"), 1),
        (request(f"PUT /client?{WHO}&alarm=sos&timestamp=7", "Content-Length: 0"), 0),
        # The name and token of a Basic login.
        (post("/owntracks/", b'{"_type":"location","lat":52.2,"lon":-0.9,"tst":1700000000}', BASIC), 1),
        # Two at once on one connection.
        (
            f"GET /?{FIX}&altitude=11 HTTP/1.1\r\nHost: x\r\n\r\n".encode() + request(f"GET /?{FIX}&altitude=12"),
            2,
        ),
    ],
)
def test_http_as_it_is_found_in_the_field(server: Running, sent: bytes, fixes: int) -> None:
    before = server.gateway.queued
    answer = raw(server, sent)
    heads = [part for part in answer.split(b"HTTP/1.1 ")[1:] if not part.startswith(b"100")]
    assert all(head.startswith(b"200") for head in heads), answer
    assert b"location:" not in answer.lower()
    # The same button that is still pressed is no other press.
    assert server.gateway.queued - before == fixes


@pytest.mark.parametrize(
    "path", ["/", "/osmand", "/osmand/", "/client", "/owntracks/", "/forward", "/nmea", "/health", "/health/"]
)
def test_whoever_only_looks_is_answered_without_a_body(server: Running, path: str) -> None:
    answer = raw(server, request(f"HEAD {path}"))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("path", ["/who", "//evil.example/", "/osmand/x", "/health/x", "/.", "/client;x"])
def test_nobody_is_sent_elsewhere_with_a_token(server: Running, path: str) -> None:
    answer = raw(server, request(f"GET {path}?{FIX}")).lower()
    assert answer.startswith((b"http/1.1 200", b"http/1.1 404", b"http/1.1 405"))
    assert b"location:" not in answer
    assert b"evil" not in answer
    assert TOKEN.encode() not in answer


def test_what_is_no_http_at_all_is_answered_and_said_once(server: Running) -> None:
    for sent in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"$GPRMC,1,A*00\r\n\r\n"):
        assert raw(server, sent).startswith(b"HTTP/1.1 400")


def refusals(server: Running, of: str, proxy: str) -> list[bytes]:
    wrong = f"GET /?id=one&token=wrong&lat=1&lon={of}"
    return [raw(server, request(wrong, f"X-Forwarded-For: {proxy}"))[9:12] for _ in range(3)]


def test_a_header_that_anybody_can_send_holds_nobody_off(tmp_path: Path) -> None:
    few = Limits(address_rate=0.001, address_burst=2)
    with serving(tmp_path / "a", limits=few) as server:
        assert refusals(server, "1", "10.0.0.1") == [b"401", b"401", b"429"]
        # Another name for the same caller.
        assert refusals(server, "2", "10.0.0.2") == [b"429"] * 3
    with serving(tmp_path / "b", limits=few, trusted_proxies=("127.0.0.0/8",)) as server:
        assert refusals(server, "1", "10.0.0.1") == [b"401", b"401", b"429"]
        assert refusals(server, "2", "10.0.0.2") == [b"401", b"401", b"429"]
        # What the caller put before the proxy's own word is not believed.
        assert refusals(server, "3", "10.9.9.9, 10.0.0.1") == [b"429"] * 3


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def is_cut(one: socket.socket) -> bool:
    try:
        return one.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_crowd_that_says_nothing_makes_room_for_who_does(tmp_path: Path) -> None:
    with serving(tmp_path, connections=20) as server, ExitStack() as stack:
        crowd = [stack.enter_context(closing(connect(server.gateway.port))) for _ in range(50)]
        for n in range(5):
            assert server.http.get(f"/?{FIX}&altitude={n}").status_code == 200
        # Who has said nothing for longest was cut off, and nobody who had room.
        assert all(is_cut(one) for one in crowd[:25])
        crowd[-1].sendall(request(f"GET /?{FIX}&altitude=9"))
        assert crowd[-1].recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n"])
def test_headers_that_do_not_come_are_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(connections, "HEADERS_WITHIN", 0.2)
    with serving(tmp_path) as server, closing(connect(server.gateway.port)) as slow:
        slow.sendall(said)
        assert is_cut(slow)
        # Also after a request that was answered.
        with closing(connect(server.gateway.port)) as slow:
            slow.sendall(f"GET /?{FIX} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert slow.recv(1000).startswith(b"HTTP/1.1 200")
            slow.sendall(said or b"G")
            assert is_cut(slow)


def test_who_was_answered_and_asks_no_more_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE_WITHIN", 0.4)
    with serving(tmp_path) as server, closing(connect(server.gateway.port)) as van:
        begun = time.monotonic()
        while time.monotonic() - begun < 0.8:
            # As long as it asks it stays, however long that is.
            van.sendall(f"GET /?{FIX} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert van.recv(1000).startswith(b"HTTP/1.1 200")
            assert select.select([van], [], [], 0.02)[0] == []
        # Nor is it let go in the middle of what it asks, however slowly that comes.
        van.sendall(f"POST /?{FIX} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n".encode())
        assert select.select([van], [], [], 0.6)[0] == []
        van.sendall(b"x")
        assert van.recv(1000).startswith(b"HTTP/1.1 200")
        begun = time.monotonic()
        assert is_cut(van)
        assert 0.3 < time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("soft", "hard", "asked", "room"),
    [
        # As many as it takes for all connections and ourselves, or as the system gives.
        (1024, -1, 4128, 4000),
        (1024, 9000, 4128, 4000),
        (1024, 4127, 4127, 3999),
        (1024, 2000, 2000, 1872),
        (4127, 9000, 4128, 4000),
        # No more where that is enough.
        (4128, 9000, None, 4000),
        (9000, 9000, None, 4000),
        (-1, -1, None, 4000),
        # However few there are, somebody gets in; fewer than two hundred are said.
        (328, 328, 328, 200),
        (327, 327, 327, 199),
        (100, 100, 100, 1),
    ],
)
def test_room_is_what_the_system_gives(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    soft: int,
    hard: int,
    asked: int | None,
    room: int,
) -> None:
    import resource

    said: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "RLIM_INFINITY", -1)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: said.append(limits))
    assert connections.room_for() == room
    assert said == ([] if asked is None else [(asked, hard)])
    assert ("raise ulimit" in caplog.text) is (room < 200)


def test_few_open_files_are_room_for_a_van_and_no_reason_to_fill_the_log(tmp_path: Path) -> None:
    gateway = [sys.executable, str(ROOT / "main.py"), "gateway", "--port", "0", "--queue-dir"]
    address = NOWHERE.render_as_string(hide_password=False)
    process = subprocess.Popen(
        ["sh", "-c", 'ulimit -n 160 && exec "$@"', "sh", *gateway, str(prepared(tmp_path)), "--url", address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    port = int(process.stdout.readline().rsplit(":", 1)[1])
    with ExitStack() as stack:
        for _ in range(400):
            stack.enter_context(closing(connect(port)))
        with closing(connect(port)) as van:
            begun = time.monotonic()
            van.sendall(request(f"GET /?{FIX}"))
            assert van.recv(100).startswith(b"HTTP/1.1 200")
            assert time.monotonic() - begun < 3
    process.terminate()
    _, said = process.communicate(timeout=20)
    assert "ulimit -n" in said
    assert "says nothing for longest" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) < 10


@pytest.mark.parametrize("given", ["proxy", "10.0.0", "10.0.0.1/24", "*", "", "10.0.0.7, 10.0.0.8"])
def test_a_proxy_is_an_address(given: str) -> None:
    with pytest.raises(Invalid, match="no address of a proxy"):
        cli._proxy(given)
    assert [cli._proxy(one) for one in ("10.0.0.7", "10.0.0.0/24", "::1")] == ["10.0.0.7", "10.0.0.0/24", "::1"]


def test_a_line_is_said_once_a_minute_with_how_often_it_was_not() -> None:
    lines = OncePerMinute(most=2)
    said = [
        (thing, at, lines.take(thing, at)) for thing, at in (("a", 0), ("a", 1), ("b", 1), ("a", 59.9), ("a", 60))
    ]
    assert [left_out for *_, left_out in said] == [0, None, 0, None, 2]
    assert lines.take("a", 121) == 0
    # The one said longest ago is forgotten first.
    assert (lines.take("c", 122), lines.take("a", 122), lines.take("b", 122)) == (0, None, 0)


def test_a_failure_is_one_line_without_what_was_sent() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(QuietFilter())
    log = logging.getLogger("asyncio.flood")
    log.propagate = False
    log.addHandler(handler)
    for value in range(1000):
        try:
            int(f"patient {value}")
        except ValueError:
            log.exception("out of %s\nsocket: 7", "files")
    line = "out of files: ValueError at test_a_failure_is_one_line_without_what_was_sent, line "
    assert written.getvalue().startswith(line)
    assert len(written.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    ("said", "is_unpacked"), [("", True), ("gzip", True), ("X-GZIP", True), ("br", False), ("identity", False)]
)
def test_a_body_is_unpacked_as_it_says_or_by_its_looks_where_it_says_nothing(said: str, is_unpacked: bool) -> None:
    packed = gzip.compress(b"x")
    assert _unpacked(said, packed, 100) == (b"x" if is_unpacked else packed)
