"""A small map pack made of bytes, and a hand on the map page for the tests."""

import gzip
import json
import struct
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from pytestqt.qtbot import QtBot

from console.map.view import MapView

# What the web engine says once in a process on a machine without a graphics card.
ENGINE_NOISE = (
    "QRhi",
    "Failed to create RHI",
    "This plugin does not support createPlatformVulkanInstance",
    "QVulkanInstance",
    "GBM is not supported",
    "GPUInfo not initialized",
)
HERE = (52.2405, -0.895)
TILE_Z14 = (14, 8151, 5394)


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes((*out, number))


def chunk(field: int, body: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(body)) + body


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def commands(parts: Iterable[list[tuple[int, int]]], closed: bool) -> bytes:
    out: list[int] = []
    x = y = 0
    for part in parts:
        for at, (px, py) in enumerate(part):
            if at == 0:
                out.append(1 << 3 | 1)
            elif at == 1:
                out.append((len(part) - 1) << 3 | 2)
            out += [zigzag(px - x), zigzag(py - y)]
            x, y = px, py
        if closed:
            out.append(1 << 3 | 7)
    return b"".join(map(varint, out))


def value(of: Any) -> bytes:
    if isinstance(of, str):
        return chunk(1, of.encode())
    if isinstance(of, bool):
        return number(7, int(of))
    if isinstance(of, float):
        return varint(3 << 3 | 1) + struct.pack("<d", of)
    return number(6, zigzag(of))


def feature(kind: int, parts: list[list[tuple[int, int]]], tags: list[int]) -> bytes:
    body = chunk(2, b"".join(map(varint, tags))) + number(3, kind)
    return chunk(2, body + chunk(4, commands(parts, kind == 3)))


def layer(name: str, features: list[tuple[int, list[list[tuple[int, int]]], dict[str, Any]]]) -> bytes:
    keys: list[str] = []
    values: list[Any] = []
    body = b""
    for kind, parts, tags in features:
        numbers = []
        for key, of in tags.items():
            if key not in keys:
                keys.append(key)
            if of not in values:
                values.append(of)
            numbers += [keys.index(key), values.index(of)]
        body += feature(kind, parts, numbers)
    head = number(15, 2) + chunk(1, name.encode())
    tail = b"".join(chunk(3, key.encode()) for key in keys) + b"".join(chunk(4, value(of)) for of in values)
    return chunk(3, head + body + tail + number(5, 4096))


def known_tile() -> bytes:
    """Two roads (one in two parts), a lake with an island, a town and a street's name."""
    roads = [
        (2, [[(0, 2000), (4096, 2100)]], {"class": "trunk", "ramp": 1}),
        (2, [[(100, 100), (200, 300)], [(900, 50), (-80, 4100)]], {"class": "minor", "oneway": True}),
    ]
    lake = [[(500, 500), (1500, 500), (1500, 1500), (500, 1500)], [(800, 800), (800, 1000), (1000, 1000)]]
    names = [(2, [[(0, 2000), (4096, 2100)]], {"class": "trunk", "ref": "A45", "name:latin": "Nene Valley Way"})]
    return (
        layer("transportation", roads)
        + layer("water", [(3, lake, {"class": "lake", "depth": -3, "area": 2.5})])
        + layer("place", [(1, [[(2048, 1024)]], {"class": "town", "name:latin": "Ärö Town"})])
        + layer("transportation_name", names)
    )


def write_pack(folder: Path) -> Path:
    """A pack with the known tile at zoom 14 and at each lower zoom above it."""
    folder.mkdir(exist_ok=True)
    z, x, y = TILE_Z14
    body = gzip.compress(known_tile())
    ids = sorted(zxy_to_tileid(z - up, x >> up, y >> up) for up in range(8))
    with (folder / "small.pmtiles").open("wb") as file:
        writer = Writer(file)
        for one in ids:
            writer.write_tile(one, body)
        edges = {"min_lon_e7": -13000000, "min_lat_e7": 519000000, "max_lon_e7": -3000000, "max_lat_e7": 526000000}
        head = {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": 7, "max_zoom": 14}
        middle = {"center_zoom": 10, "center_lon_e7": -8700000, "center_lat_e7": 522800000}
        writer.finalize(head | edges | middle, {"name": "small"})
    return folder


class Hand:
    """Asks the page questions and waits for what it should become."""

    def __init__(self, view: MapView, qtbot: QtBot) -> None:
        self.view = view
        self.qtbot = qtbot

    def ask(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        answers: list[str] = []
        self.view._page.runJavaScript(f"JSON.stringify({script})", 0, answers.append)
        self.qtbot.waitUntil(lambda: bool(answers), timeout=10000)
        return json.loads(answers[0] or "null")

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("CRU.look()")
        return found

    def until(self, fits: Callable[[dict[str, Any]], bool], within: int = 8000) -> dict[str, Any]:
        """Wait until the page looks as it should."""
        seen: list[dict[str, Any]] = []

        def check() -> bool:
            seen.append(self.look())
            return fits(seen[-1])

        self.qtbot.waitUntil(check, timeout=within)
        return seen[-1]


class TileServer:
    """A trust's tile server: counts what it is asked, answers with one small picture."""

    def __init__(self, picture: bytes) -> None:
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.paths.append(self.path)
                outer.headers.append(dict(self.headers))
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(picture)))
                self.end_headers()
                self.wfile.write(picture)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
