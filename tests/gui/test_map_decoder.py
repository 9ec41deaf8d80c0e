"""The tile decoder of the page, on a tile made of bytes whose content is known."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from console.map.marks import MapConfig
from console.map.scheme import prepare_engine
from console.map.view import MapView
from tests.gui.map_tools import ENGINE_NOISE, Hand, known_tile, write_pack

prepare_engine()
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

LOAD = """(() => {
  const script = document.createElement('script');
  script.src = 'web/mvt.js';
  document.head.append(script);
  return 1;
})()"""


@pytest.fixture
def hand(qtbot: QtBot, tmp_path: Path) -> Iterator[Hand]:
    view = MapView(MapConfig(pack=write_pack(tmp_path / "pack")))
    with qtbot.waitSignal(view.ready, timeout=20000):
        view.load()
        view.show()
    hand = Hand(view, qtbot)
    hand.ask(LOAD)
    qtbot.waitUntil(lambda: hand.ask("Boolean(CRU.decodeTile)"), timeout=5000)
    yield hand
    view.close()
    view.shutdown()
    view.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(view), timeout=10000)


def decode(hand: Hand, body: bytes) -> Any:
    script = "(() => { try { return CRU.decodeTile(new Uint8Array(%s)); } catch (e) { return e.name; } })()"
    return hand.ask(script % json.dumps(list(body)))


def test_layers_features_tags_and_shapes(hand: Hand) -> None:
    layers = decode(hand, known_tile())
    counts = {name: len(layer["features"]) for name, layer in layers.items()}
    assert counts == {"transportation": 2, "water": 1, "place": 1, "transportation_name": 1}
    trunk, minor = layers["transportation"]["features"]
    assert trunk["tags"] == {"class": "trunk", "ramp": 1}
    assert trunk["parts"] == [[0, 2000, 4096, 2100]]
    assert minor["tags"] == {"class": "minor", "oneway": True}
    assert minor["parts"] == [[100, 100, 200, 300], [900, 50, -80, 4100]]
    assert minor["box"] == [-80, 50, 900, 4100]
    lake = layers["water"]["features"][0]
    assert lake["tags"] == {"class": "lake", "depth": -3, "area": 2.5}
    assert [part[:2] == part[-2:] for part in lake["parts"]] == [True, True]
    assert layers["place"]["features"][0]["tags"]["name:latin"] == "Ärö Town"


def test_an_empty_tile_has_no_layers(hand: Hand) -> None:
    assert decode(hand, b"") == {}


@pytest.mark.parametrize("cut", [1, 7, 60, 200])
def test_a_tile_cut_short_is_refused_and_not_half_drawn(hand: Hand, cut: int) -> None:
    assert decode(hand, known_tile()[:-cut]) == "RangeError"


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 403), ("PUT", 403)])
def test_the_scheme_only_answers_get(hand: Hand, method: str, status: int) -> None:
    asked = f"fetch('/tiles/14/1/1', {{method: '{method}'}}).then((reply) => (self.said = reply.status))"
    hand.ask(f"(self.said = null, {asked}, 1)")
    hand.qtbot.waitUntil(lambda: hand.ask("self.said") == status, timeout=5000)
