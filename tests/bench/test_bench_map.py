"""Rows for the map: a thousand moving vans against a bare Leaflet page, and tiles against the bare archive."""

import gzip
import json
import math
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from pmtiles.reader import MmapSource, Reader, all_tiles
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from console.map.marks import MapConfig, VanMark
from console.map.scheme import prepare_engine
from console.map.sources import Sources
from console.map.view import MapView
from tests.county import County
from tests.gui.map_tools import ENGINE_NOISE, Hand, write_pack

prepare_engine()
pytestmark = [pytest.mark.bench, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

NOW = datetime(2026, 11, 22, 3, 42, 17, tzinfo=UTC)
SECONDS = 5.0
COUNT_FRAMES = "(self.seen = 0, (function f() { self.seen++; requestAnimationFrame(f); })(), 1)"
BARE = """(() => {
  const map = CRU.parts().map, canvas = L.canvas({pane: 'markerPane'}), dots = [];
  CRU.parts().base.remove(); CRU.parts().labels.remove(); CRU.parts().marks.overlay.remove();
  const look = {renderer: canvas, radius: 6};
  for (let i = 0; i < 1000; i++) dots.push(L.circleMarker([52.3, -0.85], look).addTo(map));
  self.move = (all) => { all.forEach((at, i) => dots[i].setLatLng(at)); return true; };
  return 1;
})()"""


def row(what: str, ours: str, baseline: str) -> None:
    print(f"\n| {what} | {ours} | {baseline} |")  # noqa: T201 the row is the result


def place(van: int, tick: int) -> tuple[float, float]:
    angle = van + tick / 50
    reach = 0.02 + van % 50 / 250
    return 52.31 + reach * math.sin(angle), -0.85 + reach * 1.6 * math.cos(angle)


def marks(tick: int) -> list[VanMark]:
    out = []
    for van in range(1000):
        lat, lon = place(van, tick)
        heading = (van * 7 + tick) % 360
        out.append(VanMark(f"v{van}", f"V{van}", lat, lon, NOW, heading, 40.0, 8.0, label=f"V{van} · 9 min"))
    return out


@pytest.fixture
def open_map(qtbot: QtBot) -> Iterator[Callable[[Path], Hand]]:
    made: list[MapView] = []

    def make(pack: Path) -> Hand:
        view = MapView(MapConfig(pack=pack))
        made.append(view)
        view.resize(1280, 800)
        with qtbot.waitSignal(view.ready, timeout=20000):
            view.load()
            view.show()
        return Hand(view, qtbot)

    yield make
    for view in made:
        view.shutdown()
        view.deleteLater()
        qtbot.waitUntil(lambda view=view: not _valid(view), timeout=10000)


def _valid(view: MapView) -> bool:
    return bool(shiboken6.isValid(view))


def drive(hand: Hand, step: Callable[[int], None]) -> tuple[float, float]:
    """Frames a second in the page and the share of the GUI thread, at ten steps a second."""
    hand.ask(COUNT_FRAMES)
    ticks = [0]
    timer = QTimer(hand.view, interval=100)
    timer.timeout.connect(lambda: (step(ticks[0]), ticks.__setitem__(0, ticks[0] + 1)))
    before, busy, frames = time.monotonic(), time.thread_time(), hand.ask("self.seen")
    timer.start()
    hand.qtbot.waitUntil(lambda: ticks[0] >= SECONDS * 10, timeout=60000)
    timer.stop()
    spent, used = time.monotonic() - before, time.thread_time() - busy
    return (hand.ask("self.seen") - frames) / spent, used / spent


def test_a_thousand_vans_ten_times_a_second(open_map: Callable[[Path], Hand], tmp_path: Path) -> None:
    steps = [marks(tick) for tick in range(60)]
    points = [[[mark.lat, mark.lon] for mark in step] for step in steps]
    hand = open_map(write_pack(tmp_path / "pack"))
    ours = drive(hand, lambda tick: hand.view.set_vans(steps[tick % 60]))
    drawn = hand.ask("CRU.parts().marks.frames")
    bare = open_map(tmp_path / "pack")
    bare.ask(BARE)
    page = bare.view._page
    base = drive(bare, lambda tick: page.runJavaScript(f"move({json.dumps(points[tick % 60])})"))
    row(
        "1,000 vans at 10 Hz",
        f"{ours[0]:.0f} fps, GUI thread {ours[1]:.0%}, {drawn / SECONDS:.1f} drawings a second",
        f"bare Leaflet {base[0]:.0f} fps, {base[1]:.0%}",
    )
    assert drawn > 0


def middle(numbers: list[float]) -> str:
    ordered = sorted(numbers)
    return f"p50 {ordered[len(ordered) // 2] * 1000:.2f} ms, p99 {ordered[int(len(ordered) * 0.99)] * 1000:.2f} ms"


def timed(call: Callable[[Any], object], keys: list[Any]) -> list[float]:
    out = []
    for key in keys:
        before = time.perf_counter()
        call(key)
        out.append(time.perf_counter() - before)
    return out


def test_a_tile_cold_and_cached(open_map: Callable[[Path], Hand], county: County) -> None:
    pack, archive = county.pack.folder, county.pack.tiles
    assert archive is not None
    with archive.open("rb") as file:
        reader = Reader(MmapSource(file))
        keys = [key for key, _ in all_tiles(MmapSource(file))]
        keys = random.Random(7).sample(keys, min(300, len(keys)))
        bare = timed(lambda key: gzip.decompress(reader.get(*key)), keys)
        reader.get_bytes = None
    sources = Sources(MapConfig(pack=pack))
    paths = ["/tiles/{}/{}/{}".format(*key) for key in keys]
    cold = timed(sources.read, paths)
    cached = timed(sources.cached, paths)
    sources.close()
    row(
        "map tile from the archive, cold / cached",
        f"{middle(cold)} / {middle(cached)}",
        f"bare read {middle(bare)}",
    )
    hand = open_map(pack)
    fetch = (
        "(self.took = null, (async () => {const all = []; for (const p of %s) {const t = performance.now();"
        "await (await fetch(p)).arrayBuffer(); all.push((performance.now() - t) / 1000);} self.took = all;})(), 1)"
    )
    rows = []
    for _ in range(2):
        hand.ask(fetch % json.dumps(paths))
        hand.qtbot.waitUntil(lambda: hand.ask("self.took !== null"), timeout=60000)
        rows.append(middle(hand.ask("self.took")))
    row("map tile to the page, cold / cached", f"{rows[0]} / {rows[1]}", f"bare read {middle(bare)}")


def test_a_tile_decoded_and_drawn(open_map: Callable[[Path], Hand], county: County) -> None:
    hand = open_map(county.pack.folder)
    for lat, lon in ((52.2405, -0.895), (52.40, -0.72), (52.487, -0.70)):
        hand.view.centre_on(lat, lon, 14)
        hand.until(lambda look: look["zoom"] == 14 and look["settled"], within=20000)
    hand.ask("(self.sums = null, CRU.tileStats().then((s) => (self.sums = s)), 1)")
    hand.qtbot.waitUntil(lambda: hand.ask("self.sums !== null"), timeout=5000)
    sums = hand.ask("self.sums")
    tiles = sums["tiles"]
    assert tiles > 10
    row(
        f"tile in the page's worker, mean of {tiles:.0f}",
        f"decode {sums['decode'] / tiles:.1f} ms, draw {sums['paint'] / tiles:.1f} ms",
        f"fetch {sums['fetch'] / tiles:.1f} ms",
    )
