"""Fetching an extract from a real server on this computer that drops, resumes and changes its mind."""

import hashlib
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from db.geo.builder.download import EXTRACTS, download
from db.geo.errors import MapPackError

BODY = bytes(range(256)) * 4000


class Server(ThreadingHTTPServer):
    """Serves one file with its checksum."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.stop_after: int | None = None
        self.checksum = hashlib.md5(BODY, usedforsecurity=False).hexdigest()
        self.ranges: list[str | None] = []
        self.says_length = True
        self.resumes = True


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path.endswith(".md5"):
            self._send(200, f"{self.server.checksum}  x.osm.pbf\n".encode())
        elif self.path.endswith("/x.osm.pbf"):
            self._file()
        else:
            self.send_error(404)

    def _file(self) -> None:
        wanted = self.headers.get("Range")
        self.server.ranges.append(wanted)
        wanted = wanted if self.server.resumes else None
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if start >= len(BODY):
            self.send_error(416)
            return
        self._send(206 if start else 200, BODY[start:])

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if self.server.says_length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if self.server.stop_after is None else body[: self.server.stop_after])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setitem(EXTRACTS, "x", f"http://127.0.0.1:{server.server_port}/x.osm.pbf")
        yield server
        server.shutdown()
        thread.join()


def quiet(stage: str, share: float) -> None:
    assert stage
    assert 0 <= share <= 1


def test_known_extract_comes_by_https() -> None:
    assert EXTRACTS["northamptonshire"].startswith("https://download.geofabrik.de/")


@pytest.mark.usefixtures("server")
def test_file_arrives_whole(tmp_path: Path) -> None:
    path = download("X", tmp_path / "new", quiet)
    assert path.read_bytes() == BODY
    assert [entry.name for entry in path.parent.iterdir()] == ["x.osm.pbf"]


@pytest.mark.usefixtures("server")
def test_a_server_that_says_nothing_is_waited_for_half_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    asked = urllib.request.urlopen

    def noted(request: urllib.request.Request, timeout: float) -> object:
        waits.append(timeout)
        return asked(request, timeout=timeout)

    monkeypatch.setattr(urllib.request, "urlopen", noted)
    download("x", tmp_path, quiet)
    assert waits == [30, 30]


def test_lost_connection_is_resumed_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.stop_after = 300_000
    with pytest.raises(MapPackError, match="Try again: what has arrived is kept"):
        download("x", tmp_path, quiet)
    assert (tmp_path / "x.osm.pbf.part").stat().st_size == 300_000
    assert not (tmp_path / "x.osm.pbf").exists()
    server.stop_after = None
    assert download("x", tmp_path, quiet).read_bytes() == BODY
    assert server.ranges == [None, "bytes=300000-"]


@pytest.mark.parametrize("says_length", [True, False])
def test_how_much_has_come_is_told_where_that_is_known(server: Server, tmp_path: Path, says_length: bool) -> None:
    server.says_length, told = says_length, []
    assert download("x", tmp_path, lambda *one: told.append(one)).read_bytes() == BODY
    assert {stage for stage, _ in told} == {"Downloading the extract"}
    shares = [share for _, share in told]
    assert len(shares) == 4
    if says_length:
        assert shares == sorted(shares)
        assert (round(shares[0], 3), shares[-1]) == (round((1 << 18) / len(BODY), 3), 1)
    else:
        assert set(shares) == {0}


def test_what_is_resumed_is_told_with_what_was_there(server: Server, tmp_path: Path) -> None:
    (tmp_path / "x.osm.pbf.part").write_bytes(BODY[:700_000])
    told: list[float] = []
    download("x", tmp_path, lambda _stage, share: told.append(share))
    assert told[0] > 0.9
    assert told[-1] == 1


def test_a_server_that_begins_anew_replaces_what_was_there(server: Server, tmp_path: Path) -> None:
    server.resumes = False
    (tmp_path / "x.osm.pbf.part").write_bytes(BODY[:700_000])
    assert download("x", tmp_path, quiet).read_bytes() == BODY


@pytest.mark.usefixtures("server")
def test_complete_part_is_only_checked(tmp_path: Path) -> None:
    (tmp_path / "x.osm.pbf.part").write_bytes(BODY)
    assert download("x", tmp_path, quiet).read_bytes() == BODY


@pytest.mark.usefixtures("server")
def test_part_of_another_file_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "x.osm.pbf.part").write_bytes(b"yesterday's")
    with pytest.raises(MapPackError, match="does not match its checksum"):
        download("x", tmp_path, quiet)
    assert list(tmp_path.iterdir()) == []


def test_refusals_are_one_sentence(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = server.server_port
    monkeypatch.setitem(EXTRACTS, "gone", f"http://127.0.0.1:{port}/gone.osm.pbf")
    with pytest.raises(MapPackError, match=r"refused the extract \(404\)"):
        download("gone", tmp_path, quiet)
    monkeypatch.setitem(EXTRACTS, "dead", "http://127.0.0.1:1/x.osm.pbf")
    with pytest.raises(MapPackError, match="cannot be downloaded"):
        download("dead", tmp_path, quiet)
    with pytest.raises(MapPackError, match="No extract is known as atlantis"):
        download("atlantis", tmp_path, quiet)
